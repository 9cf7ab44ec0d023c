"""Writing a site so that a reader never sees half of one.

The new site grows in a folder beside the old one and changes places with it in one step. Whatever
goes wrong before that step leaves the old site as it was. Builds of one site take turns, until what
they put beside it is gone again.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tracker.errors import OutputError, system_reason
from tracker.files import sync_folder
from tracker.folders import ASIDE, swap_folders
from tracker.site.build_lock import BuildLock, beginning
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

MANIFEST = ".tracker-site.json"
"""Names the files of a site that we wrote; a folder with it is ours to replace."""

_NO_NAMES = frozenset({"", ".", ".."})
_NO_CHARACTERS = "\0\\:" if os.name == "nt" else "\0"
"""What paths of a site cannot have; on Windows, more than `/` leads to other folders and drives."""

PATIENCE_SECONDS = 600
"""For how long a build waits for another one of the same site."""


class SiteWriter:
    """Collects the files of a new site and puts them in place of the old one.

    Use it as a context manager and call `commit` at the end; leaving without it drops the new
    site and keeps the old one.

    Args:
        output: The site's folder; it need not exist.
        clean: Whether to drop files that are not the last build's, instead of keeping them.
        waiting: Called again and again while another build is at work, with the seconds so far.

    Raises:
        OutputError: The folder holds something that is not a site of ours, or cannot be written;
            or another build does not end.
    """

    def __init__(
        self,
        output: Path,
        *,
        clean: bool = False,
        waiting: Callable[[float], object] = lambda _seconds: None,
    ) -> None:
        self._output = Path(os.path.realpath(output))
        self._clean = clean
        self._waiting = waiting
        self._files: set[str] = set()
        self._completed: frozenset[str] = frozenset()
        self._folders: set[str] = set()
        self._staging: Path | None = None
        self._lock = BuildLock(self._output)
        self.number = 0
        """The number of the new site's folder in the file system, once it is in place."""
        self.finished = 0
        """When its last file was written, in nanoseconds since 1970: what somebody else writes
        there later is later than that."""

    @property
    def files(self) -> int:
        """Return the number of files written so far."""
        return len(self._files)

    def wrote(self, path: str) -> bool:
        """Tell whether a file of the new site is ours, rather than put there by somebody else."""
        return path in self._files

    def __enter__(self) -> Self:
        parent = self._output.parent
        try:
            parent.mkdir(parents=True, exist_ok=True)
            is_our_turn = self._lock.acquire(PATIENCE_SECONDS, self._waiting)
        except OSError as error:
            raise self._failure(error) from error
        if not is_our_turn:
            raise OutputError(
                Message(
                    "another build is writing the site to {folder}; "
                    "run this one again when it has ended",
                    {"folder": self._output},
                )
            )
        try:
            _sweep(self._output)
            own_files(self._output)  # Refuses a folder that is not ours, before any work is done.
            self._staging = Path(tempfile.mkdtemp(prefix=beginning(self._output), dir=parent))
        except BaseException as error:
            self._lock.release()
            if isinstance(error, OSError):
                raise self._failure(error) from error
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self._staging:
                shutil.rmtree(self._staging, ignore_errors=True)
        finally:
            self._lock.release()

    def write(self, path: str, data: bytes) -> None:
        """Add a file.

        Args:
            path: Relative to the site, with `/`.
            data: Its content.

        Raises:
            OutputError: It cannot be written; the old site stays.
        """
        try:
            if path in self._files:
                # What was reused has another name in the old site, which stays as it is.
                (self.folder / path).unlink(missing_ok=True)
            Path(self._place(path)).write_bytes(data)
        except OSError as error:
            raise self._failure(error, path) from error

    def reuse(self, path: str, number: int) -> bool:
        """Add a file of the old site as it is, where that is still there, and tell whether.

        Where the file system knows no second names for a file, it is copied.

        Args:
            path: The file, relative to the site, with `/`.
            number: Its number in the file system: somebody may replace it at any time.

        Raises:
            OutputError: The file cannot be added; the old site stays.
        """
        old, new = f"{self._output}/{path}", self._place(path)
        try:
            try:
                os.link(old, new)
            except FileNotFoundError:
                raise
            except OSError:  # It is there already, or nothing can have two names.
                Path(new).unlink(missing_ok=True)
                shutil.copy2(old, new)
            if os.lstat(old).st_ino == number:
                return True
            Path(new).unlink()
        except FileNotFoundError:
            Path(new).unlink(missing_ok=True)
        except OSError as error:
            raise self._failure(error, path) from error
        self._files.discard(path)
        return False

    def take(self, paths: Iterable[str]) -> None:
        """Take note of files that another process has added with its copy of this writer."""
        self._files.update(paths)

    def copy(self, path: str, source: Path) -> None:
        """Add a copy of a file.

        Raises:
            OutputError: It cannot be read or written; the old site stays.
        """
        try:
            shutil.copyfile(source, self._place(path))
        except OSError as error:
            raise self._failure(error, path) from error

    def complete(self) -> None:
        """Add what else will be in the folder: the manifest, and what somebody else put there.

        Raises:
            OutputError: That is not possible; the old site stays.
        """
        if self._completed == self._files:
            return
        try:
            if not self._clean:
                self._carry_over()
            # The last of all: by its time, what is written later is known.
            (self.folder / MANIFEST).write_bytes(manifest(self._files))
        except OSError as error:
            raise self._failure(error) from error
        self._completed = frozenset(self._files)

    def commit(self) -> None:
        """Put the new site in place of the old one.

        Raises:
            OutputError: That is not possible; the old site stays.
        """
        self.complete()
        try:
            self.folder.chmod(self._mode())
            self.number = self.folder.stat().st_ino
            self.finished = (self.folder / MANIFEST).stat().st_mtime_ns
            self._lock.let_a_tick_pass(self.finished)
            swap_folders(self.folder, self._output)
        except OSError as error:
            raise self._failure(error) from error
        sync_folder(self._output.parent)

    def is_in_place(self) -> bool:
        """Tell whether the new site was put in place, and no other build has replaced it since."""
        try:
            return _number_of(self._output) == self.number
        except OSError:
            return False

    @property
    def folder(self) -> Path:
        """Return the folder in which the new site grows."""
        if self._staging is None:
            message = "a SiteWriter writes only as a context manager"
            raise RuntimeError(message)
        return self._staging

    def _place(self, path: str) -> str:
        """Return where a file of the new site is to be put; text, since there are many of them."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        self._files.add(path)
        return f"{self.folder}/{path}"

    def _mode(self) -> int:
        """Return the permissions of the old folder, or those that a new one gets."""
        try:
            return self._output.stat().st_mode & 0o7777
        except FileNotFoundError:
            mask = os.umask(0)
            os.umask(mask)
            return 0o777 & ~mask

    def _carry_over(self) -> None:
        """Keep what somebody else put into the folder, such as `.gitignore` or `CNAME`.

        Links stay links, whatever they lead to, and empty folders stay too.
        """
        ours = own_files(self._output) | self._files | {MANIFEST}
        for folder, folders, files in os.walk(self._output):
            place = Path(folder).relative_to(self._output)
            links = [name for name in folders if Path(folder, name).is_symlink()]
            if not folders and not files and not os.path.lexists(self.folder / place):
                (self.folder / place).mkdir(parents=True, exist_ok=True)
            for name in (*links, *files):
                target = self.folder / place / name
                if (place / name).as_posix() in ours or os.path.lexists(target):
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(FileNotFoundError):
                    shutil.copy2(Path(folder, name), target, follow_symlinks=False)

    def _failure(self, error: OSError, path: str = "") -> OutputError:
        return write_failure(self._output / path if path else self._output, error)


def _number_of(folder: Path) -> int | None:
    """Return the number of a folder in the file system; None where it is not there."""
    try:
        return folder.stat().st_ino
    except FileNotFoundError:
        return None


def _abandoned(output: Path) -> list[Path]:
    """Return the folders that builds made beside a site's; nobody needs them if none is at work."""
    found = output.parent.glob(f"{glob.escape(beginning(output))}*")
    return [folder for folder in found if folder.is_dir() and not folder.is_symlink()]


def abandoned_sites(output: Path) -> list[Path]:
    """Return the folders beside a site's in which builds began one and were killed.

    There are none of them while a build is running.
    """
    if not _abandoned(output):
        return []
    lock = BuildLock(output)
    with contextlib.suppress(OSError):
        if lock.acquire():
            try:
                return _abandoned(output)
            finally:
                lock.release()
    return []


def remove_abandoned_sites(output: Path) -> None:
    """Remove what `abandoned_sites` returns, as far as the system lets us."""
    lock = BuildLock(output)
    with contextlib.suppress(OSError):
        if _abandoned(output) and lock.acquire():
            try:
                _sweep(output)
            finally:
                lock.release()


def _sweep(output: Path) -> None:
    """Remove what killed builds left, while no build is at work.

    One that was killed between the two renames of `swap_folders` left the last site aside: it
    comes back.
    """
    for folder in _abandoned(output):
        if folder.name.endswith(ASIDE) and not os.path.lexists(output):
            folder.rename(output)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def own_files(output: Path) -> set[str]:
    """Return the files that a build of ours wrote into a folder; none where there is no folder.

    Raises:
        OutputError: The folder holds something that is not a site of ours, or cannot be read.
    """
    try:
        entries = [entry.name for entry in output.iterdir()]
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise write_failure(output, error) from error
    if MANIFEST not in entries:
        foreign = [name for name in entries if not name.startswith(".")]
        if foreign:
            raise OutputError(
                Message(
                    "{folder} holds files that are not a site of tracker's, such as {name}; "
                    "nothing was touched: choose another folder with --output, or empty it",
                    {"folder": output, "name": min(foreign)},
                )
            )
        return set()
    try:
        return _named_in(json.loads((output / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise OutputError(
            Message(
                "{file} is damaged, so it is not known which files of the site are ours; "
                "move the folder away and build again",
                {"file": output / MANIFEST},
            )
        ) from error


def _named_in(data: Any) -> set[str]:  # noqa: ANN401  # whatever JSON there is
    """Return the files that a manifest names.

    A workspace may come from anybody, and what is named is removed once it belongs to the site no
    more: a name that leads out of the folder is none of ours.

    Raises:
        KeyError: It is no manifest.
        TypeError: Likewise.
        ValueError: A name is none that we give.
    """
    files = data["files"]
    if not isinstance(files, list) or not all(isinstance(path, str) for path in files):
        message = "no list of names"
        raise TypeError(message)
    joined = "\n".join(files)
    joined.encode()  # Half a surrogate pair is in no name.
    if any(character in joined for character in _NO_CHARACTERS):
        raise ValueError(joined)
    for path in files:
        if not _NO_NAMES.isdisjoint(path.split("/")):
            raise ValueError(path)
    return set(files)


def manifest(files: Iterable[str]) -> bytes:
    """Return the content of the manifest that names the files of a site."""
    return (json.dumps({"files": sorted(files)}, ensure_ascii=False, indent=0) + "\n").encode()


def write_failure(place: Path, error: OSError) -> OutputError:
    """Return the error for a file or folder of a site that the system does not let us write."""
    return OutputError(
        Message(
            "cannot write the site to {folder}: {reason}; the last site is untouched",
            {"folder": place, "reason": system_reason(error)},
        )
    )
