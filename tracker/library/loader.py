"""Finding and reading the records of a workspace."""

from __future__ import annotations

import gc
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tracker import processes
from tracker.config import CONFIG_NAME, MAX_CONFIG_BYTES, RECORDS_DIR
from tracker.diagnostics import FILE_START, Problem
from tracker.errors import system_reason
from tracker.files import TextFile, read_text_file
from tracker.library.cache import RecordCache, packed, unpacked
from tracker.library.config_cache import cached_config
from tracker.library.library import Entry, Library
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from tracker.config import Config

_RECORDS_OF_A_PART = 50
"""Records that a process parses in one go: a tenth of a second of work."""

_IGNORED = ("_", ".")
"""Beginnings of the names of files and folders that are not read."""


def load_library(
    root: Path,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    *,
    cached: bool = False,
    jobs: int = 1,
) -> Library:
    """Read a workspace whole: its settings and every record, each to its end.

    Args:
        root: The folder that holds `tracker.yaml`.
        progress: Called after each file with how many of how many are read.
        cached: Whether records that have not changed are taken from the workspace's cache, which
            is brought up to date then. The library is the same either way.
        jobs: How many processes parse; likewise.

    Raises:
        OSError: The folder of records cannot be listed.
    """
    if cached:
        config, config_problems = cached_config(root)
    else:
        # Imported late: typing the settings takes a while, and most runs find them in the cache.
        from tracker.config_file import load_config

        config, config_problems = load_config(root)
    cache = RecordCache(root, config) if cached else None
    entries: list[Entry] = []
    with collector_off():
        files = _find_records(root)
        if jobs > 1:
            entries += _read_together(root, files, config, cache, jobs, progress)
        else:
            for number, found in enumerate(files):
                entries.append(_read(root, found, config, cache))
                progress(number + 1, len(files))
    if cache:
        cache.save()
    if config_problems:
        content = read_text_file(root / CONFIG_NAME, MAX_CONFIG_BYTES)
        text = content.text if isinstance(content, TextFile) else ""
        entries.insert(0, Entry(CONFIG_NAME, text, None, tuple(config_problems)))
    return Library(root, config, tuple(entries))


def reload_records(library: Library, changed: AbstractSet[str]) -> Library:
    """Read again what may have changed since a library was read; the settings stay as they are.

    A file that still says the same has the same entry, as an object, in both libraries.

    Args:
        library: The library as it was.
        changed: Files and folders that may have been changed, added or removed, relative to the
            workspace; a folder stands for all that is in it.

    Raises:
        OSError: The folder of records cannot be listed.
    """
    root, before = library.root, library.by_path
    changed = {path for path in changed if path in before or _may_hold_records(library, path)}
    if all(path in before and _is_plain_file(root, path) for path in changed):
        # Nothing was added and nothing is gone, so no folder has to be listed.
        entries = dict(before)
        for path in changed:
            entries[path] = _read_again(library, _Found(path))
    else:
        entries = {CONFIG_NAME: before[CONFIG_NAME]} if CONFIG_NAME in before else {}
        for found in _find_records(root):
            known = before.get(found.path)
            touched = not changed.isdisjoint(_with_folders(found.path))
            if known is None or touched or found.problem:
                known = _read_again(library, found)
            entries[found.path] = known
    return Library(root, library.config, tuple(entries.values()))


def _may_hold_records(library: Library, path: str) -> bool:
    """Tell whether a path that is no known record may be a new one, or a folder of some."""
    if any(part.startswith(_IGNORED) for part in path.split("/")):
        return False  # Such as the files that editors write first.
    if path.endswith(".md") or (library.root / path).is_dir():
        return True
    return any(known.startswith(f"{path}/") for known in library.by_path)


def _is_plain_file(root: Path, path: str) -> bool:
    try:
        return stat.S_ISREG((root / path).lstat().st_mode)
    except OSError:
        return False


def _with_folders(path: str) -> list[str]:
    """Return a path and those of all folders that it lies in."""
    return [path, *(parent.as_posix() for parent in PurePosixPath(path).parents)]


def _read_again(library: Library, found: _Found) -> Entry:
    before = library.by_path.get(found.path)
    entry = _read(library.root, found, library.config, None)
    same = before and before.text == entry.text and before.problems == entry.problems
    return before if before and same else entry


def is_record_path(path: str) -> bool:
    """Tell whether a file of the workspace is a record by its path, such as `records/acme.md`."""
    folder, *names = path.split("/")
    return (
        folder == RECORDS_DIR
        and path.endswith(".md")
        and not any(name.startswith(_IGNORED) for name in names)
    )


def record_paths(root: Path) -> list[str]:
    """Return the files that are read as records, relative to the workspace, in order.

    Raises:
        OSError: The folder of records cannot be listed.
    """
    return [found.path for found in _find_records(root) if found.problem is None]


@contextmanager
def collector_off() -> Iterator[None]:
    """Keep the cyclic collector off the records: it would search them again and again.

    Records hold no cycles, so nothing is lost for good by freezing them once they are read.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Found:
    """A file or folder below `records/`, and what keeps it from being read."""

    path: str
    problem: Problem | None = None


def _find_records(root: Path) -> list[_Found]:
    """Return all records in the order of their paths, with what cannot be one of them."""
    found: list[_Found] = []
    folders = [root / RECORDS_DIR] if (root / RECORDS_DIR).is_dir() else []
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as scanned:
                entries = [entry for entry in scanned if not entry.name.startswith(_IGNORED)]
        except OSError as error:
            if folder == root / RECORDS_DIR:
                raise
            reason = Message("cannot be read: {reason}", {"reason": system_reason(error)})
            found.append(_refused(root, folder, "unreadable-file", reason))
            continue
        for entry in entries:
            if entry.is_symlink():
                if entry.name.endswith(".md") or entry.is_dir():
                    found.append(
                        _refused(
                            root,
                            Path(entry.path),
                            "symbolic-link",
                            Message("a symbolic link is not read"),
                            Message("put the file itself here"),
                        )
                    )
            elif entry.is_dir():
                folders.append(Path(entry.path))
            elif entry.name.endswith(".md"):
                found.append(_record(root, Path(entry.path)))
    return sorted(found, key=lambda item: item.path)


def _record(root: Path, file: Path) -> _Found:
    path = file.relative_to(root).as_posix()
    try:
        path.encode()
    except UnicodeEncodeError:
        return _refused(
            root,
            file,
            "unreadable-file",
            Message("the name of the file is not UTF-8"),
            Message("rename the file"),
        )
    return _Found(path)


def _refused(
    root: Path, file: Path, code: str, message: Message, hint: Message | None = None
) -> _Found:
    # A name that is not UTF-8 is shown with marks in the place of what cannot be shown.
    path = os.fsencode(file.relative_to(root).as_posix()).decode("utf-8", "replace")
    return _Found(path, Problem(code, FILE_START, message, hint))


def _read(root: Path, found: _Found, config: Config, cache: RecordCache | None) -> Entry:
    entry = _read_unparsed(root, found, config, cache)
    return _parsed(entry, config, cache) if isinstance(entry, _Unparsed) else entry


@dataclass(frozen=True, slots=True)
class _Unparsed:
    """A record that was read, and whose parsing is not in the cache."""

    path: str
    text: str


def _read_unparsed(
    root: Path, found: _Found, config: Config, cache: RecordCache | None
) -> Entry | _Unparsed:
    if found.problem:
        return Entry(found.path, "", None, (found.problem,))
    content = read_text_file(root / found.path, config.limits.file_size)
    if isinstance(content, Problem):
        return Entry(found.path, "", None, (content,))
    if cache and (kept := cache.get(found.path, content.text)):
        return Entry(found.path, content.text, kept.customer, kept.problems)
    return _Unparsed(found.path, content.text)


def _parsed(record: _Unparsed, config: Config, cache: RecordCache | None) -> Entry:
    # Imported late: where all records are in the cache, none is parsed.
    from tracker.format.parser import parse_record

    parsed = parse_record(record.text, record.path, config)
    if cache:
        cache.put(record.path, record.text, parsed.customer, parsed.problems)
    return Entry(record.path, record.text, parsed.customer, parsed.problems)


def _read_together(  # noqa: PLR0913, PLR0917  # all that a library is read with
    root: Path,
    files: list[_Found],
    config: Config,
    cache: RecordCache | None,
    jobs: int,
    progress: Callable[[int, int], None],
) -> list[Entry]:
    """Read records, and let several processes parse those whose parsing is not in the cache."""
    found = [_read_unparsed(root, each, config, cache) for each in files]
    entries = [each for each in found if isinstance(each, Entry)]
    unparsed = [each for each in found if isinstance(each, _Unparsed)]
    progress(len(entries), len(files))
    if not unparsed:
        return entries
    # Imported late: where all records are in the cache, none is parsed. Once for all processes.
    from tracker.format.parser import parse_record

    parts = [
        unparsed[at : at + _RECORDS_OF_A_PART] for at in range(0, len(unparsed), _RECORDS_OF_A_PART)
    ]

    def parse(part: list[_Unparsed]) -> list[tuple[_Unparsed, bytes | None]]:
        results = ((each, parse_record(each.text, each.path, config)) for each in part)
        return [(each, packed(result.customer, result.problems)) for each, result in results]

    for part in processes.shared(parse, parts, jobs):
        for record, data in part:
            kept = unpacked(data) if data is not None else None
            if kept is None or data is None:
                entries.append(_parsed(record, config, cache))
                continue
            if cache:
                cache.put_packed(record.path, record.text, data)
            entries.append(Entry(record.path, record.text, kept.customer, kept.problems))
        progress(len(entries), len(files))
    order = {each.path: place for place, each in enumerate(files)}
    entries.sort(key=lambda entry: order[entry.path])
    return entries
