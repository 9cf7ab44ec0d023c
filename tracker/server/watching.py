"""Noticing what happens to the files of a workspace."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import (
    DirModifiedEvent,
    FileClosedNoWriteEvent,
    FileOpenedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME, RECORDS_DIR, TEMPLATES_DIR
from tracker.library.git import run_git
from tracker.library.git_place import place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchdog.observers.api import BaseObserver, ObservedWatch

GIT = ".git"
"""Stands for what git knows, among the names of what may have changed."""

_GIT_LOGS = f"{GIT}/logs"

_FOLDERS = (RECORDS_DIR, ATTACHMENTS_DIR, TEMPLATES_DIR)
_TOP = frozenset((CONFIG_NAME, *_FOLDERS))
_MAILMAP = ".mailmap"
_GIT_FILES = frozenset(
    (
        *("HEAD", "ORIG_HEAD", "FETCH_HEAD", "index", "packed-refs", "shallow"),
        "logs/HEAD",  # A commit that is only worded otherwise, or empty, changes nothing else.
    )
)
_NOTHING_HAPPENED = (DirModifiedEvent, FileOpenedEvent, FileClosedNoWriteEvent)


class Watcher:
    """Watches a workspace's records, attachments, templates, settings, and its git repository.

    Attributes:
        notify: What is called.

    Args:
        root: The workspace.
        notify: Called from another thread with what may have changed: files and folders relative
            to the workspace, and `GIT`.
    """

    def __init__(self, root: Path, notify: Callable[[set[str]], None]) -> None:
        # A folder that comes while the one above it is looked through is watched a second time,
        # which changes nothing, and of which watchdog warns whoever is at the terminal.
        warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)
        self._root = Path(os.path.realpath(root))
        self.notify = notify
        self._observer: BaseObserver = Observer()
        self._git: Path | None = None
        self._watches: dict[str, tuple[tuple[int, int], ObservedWatch]] = {}

    def start(self) -> None:
        """Begin to watch.

        Raises:
            OSError: The workspace cannot be watched.
        """
        try:
            self._begin()
        except OSError:
            self._begin_to_poll()

    def stop(self) -> None:
        """End watching."""
        self._observer.stop()
        self._observer.join()

    def follow(self) -> None:
        """Watch folders that came into being, or into the place of others, since the last call.

        Git's own are among them: a team may begin to use it while its site is served.

        Raises:
            OSError: They cannot be watched.
        """
        try:
            self._follow()
        except OSError:
            self._begin_to_poll()

    def _begin(self) -> None:
        self._observer.schedule(_Handler(self._told, self._root, ""), str(self._root))
        self._git = _git_folder(self._root)
        # Names of authors are mapped at the top of the repository, which may lie above.
        place = place_of(self._root)
        if place and place.top != self._root:
            self._observer.schedule(_Handler(self._told_above, place.top, ""), str(place.top))
        self._observer.start()
        self._follow()

    def _begin_to_poll(self) -> None:
        """Look at all files now and then: the system's own means are at their end."""
        self._observer.unschedule_all()
        if self._observer.is_alive():
            self.stop()
        self._observer, self._watches = PollingObserver(), {}
        self._begin()
        self.notify(set(_FOLDERS))  # What happened in between was seen by nobody.

    def _follow(self) -> None:
        if self._git is None and (self._root / GIT).exists():
            self._git = _git_folder(self._root)
        folders = {name: self._root / name for name in _FOLDERS}
        if self._git:
            folders |= {GIT: self._git, _GIT_LOGS: self._git / "logs"}
        for name, folder in folders.items():
            identity = _identity(folder)
            known = self._watches.get(name)
            if known and known[0] != identity:
                del self._watches[name]
                self._observer.unschedule(known[1])
            if identity and name not in self._watches:
                handler = _Handler(self._told, folder, name)
                is_whole = name in _FOLDERS
                watch = self._observer.schedule(handler, str(folder), recursive=is_whole)
                self._watches[name] = identity, watch

    def _told(self, paths: set[str]) -> None:
        found: set[str] = set()
        for path in paths:
            top, _, rest = path.partition("/")
            if top == GIT:
                found |= {GIT} if not rest or rest in _GIT_FILES else set()
            elif path == _MAILMAP:
                found.add(GIT)
            elif top in _TOP:
                found.add(path)
        if found:
            self.notify(found)

    def _told_above(self, paths: set[str]) -> None:
        if _MAILMAP in paths:
            self.notify({GIT})


class _Handler(FileSystemEventHandler):
    """Hands on the paths of events below a folder, with the folder's name before them."""

    def __init__(self, tell: Callable[[set[str]], None], folder: Path, name: str) -> None:
        self._tell = tell
        self._folder = folder
        self._name = name

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Hand on the paths that an event is about."""
        if isinstance(event, _NOTHING_HAPPENED):
            return
        paths = (Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path)
        self._tell(
            {
                Path(self._name, path.relative_to(self._folder)).as_posix()
                for path in paths
                if path.is_relative_to(self._folder)
            }
        )


def _git_folder(root: Path) -> Path | None:
    """Return the folder where the repository of a workspace keeps its own files, or None."""
    answer = run_git(root, ["rev-parse", "--absolute-git-dir"])
    return Path(os.fsdecode(answer.rstrip(b"\r\n"))) if answer else None


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if folder.is_dir() else None
