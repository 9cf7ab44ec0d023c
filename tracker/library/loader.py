"""Reading the records of a workspace."""

from __future__ import annotations

import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker import processes
from tracker.collector import collector_off
from tracker.config import CONFIG_NAME, MAX_CONFIG_BYTES
from tracker.diagnostics import Problem
from tracker.library.cache import RecordCache, packed, unpacked
from tracker.library.config_cache import cached_config
from tracker.library.library import Entry, Library
from tracker.library.record_paths import FoundFile, find_records, is_ignored, is_record_path
from tracker.library.sharing import Sharing
from tracker.text_files import TextFile, read_text_file, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from tracker.config import Config
    from tracker.library.cache import Packed

_MANY = 200
"""Files from which it is quicker to load the whole library, by several processes."""

_RECORDS_OF_A_PART = 50
"""Records that a process parses in one go: a tenth of a second of work."""


def load_library(
    root: Path,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    *,
    cached: bool = False,
    jobs: int = 1,
    meanwhile: Callable[[Config], Iterator[object]] | None = None,
) -> Library:
    """Read a workspace whole: its settings and every record, each to its end.

    Args:
        root: The folder that holds `tracker.yaml`.
        progress: Called after each file with how many of how many are read.
        cached: Whether records that have not changed are taken from the workspace's cache, which
            is brought up to date then. The library is the same either way.
        jobs: How many processes parse; likewise.
        meanwhile: Does a step of something else, with the settings, whenever it is asked for an
            item; it is asked while others parse, as `processes.shared` does it.

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
    sharing = Sharing()
    with collector_off():
        files = find_records(root)
        wanted = files
        if cache:
            found = {each.path: each for each in files}
            wanted = [found[path] for path in cache.in_order(found)]
        read = (
            _read_together(
                root, wanted, config, cache, jobs, meanwhile(config) if meanwhile else None
            )
            if jobs > 1
            else (_read(root, each, config, cache) for each in wanted)
        )
        for entry in read:
            if entry.customer:
                sharing.share(entry.customer)
            entries.append(entry)
            progress(len(entries), len(files))
        order = {each.path: place for place, each in enumerate(files)}
        entries.sort(key=lambda entry: order[entry.path])
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
    if all(path in before and _is_record_file(root, path) for path in changed):
        # Nothing was added and nothing is gone, so no folder has to be listed.
        entries = dict(before)
        for path in changed:
            entries[path] = _read_again(library, FoundFile(path))
    else:
        entries = {CONFIG_NAME: before[CONFIG_NAME]} if CONFIG_NAME in before else {}
        for found in find_records(root):
            known = before.get(found.path)
            touched = not changed.isdisjoint(_with_folders(found.path))
            if known is None or touched or found.problem:
                known = _read_again(library, found)
            entries[found.path] = known
    return Library(root, library.config, tuple(entries.values()))


def read_entry(root: Path, found: FoundFile, config: Config) -> Entry:
    """Read one file of a workspace, whatever the cache knows of it.

    Args:
        root: The workspace.
        found: The file.
        config: The workspace's settings.
    """
    return _read(root, found, config, None)


def read_entries(
    root: Path, files: Sequence[FoundFile], config: Config, jobs: int = 1
) -> list[Entry]:
    """Read some files of a workspace, such as those that have changed.

    Args:
        root: The workspace.
        files: The files.
        config: The workspace's settings.
        jobs: How many processes may parse.
    """
    if len(files) <= _MANY:
        return [read_entry(root, each, config) for each in files]
    by_path = load_library(root, cached=True, jobs=jobs).by_path
    return [by_path[each.path] for each in files if each.path in by_path]


def entry_of(path: str, data: bytes, config: Config) -> Entry:
    """Return the entry that a file would have if it held these bytes.

    Args:
        path: The file, relative to the workspace, with `/`.
        data: What stands in it, such as the text of an editor that is not saved yet.
        config: The workspace's settings.
    """
    content = text_of(data, config.limits.file_size)
    if isinstance(content, Problem):
        return Entry(path, "", None, (content,))
    return _parsed(_Unparsed(path, content.text), config, None)


def _may_hold_records(library: Library, path: str) -> bool:
    """Tell whether a path that is no known record may be a new one, or a folder of some."""
    if is_ignored(path):
        return False  # Such as the files that editors write first.
    if path[-3:].lower() == ".md" or (library.root / path).is_dir():
        return True
    return any(known.startswith(f"{path}/") for known in library.by_path)


def _is_record_file(root: Path, path: str) -> bool:
    """Tell whether there is a file that is read as a record; links and `x.MD` are not."""
    try:
        return is_record_path(path) and stat.S_ISREG((root / path).lstat().st_mode)
    except OSError:
        return False


def _with_folders(path: str) -> list[str]:
    """Return a path and those of all folders that it lies in."""
    return [path, *(parent.as_posix() for parent in PurePosixPath(path).parents)]


def _read_again(library: Library, found: FoundFile) -> Entry:
    before = library.by_path.get(found.path)
    entry = read_entry(library.root, found, library.config)
    same = before and before.text == entry.text and before.problems == entry.problems
    return before if before and same else entry


def _read(root: Path, found: FoundFile, config: Config, cache: RecordCache | None) -> Entry:
    entry = _read_unparsed(root, found, config, cache)
    return _parsed(entry, config, cache) if isinstance(entry, _Unparsed) else entry


class _Unparsed(Struct, frozen=True):
    """A record that was read, and whose parsing is not in the cache."""

    path: str
    text: str


def _read_unparsed(
    root: Path, found: FoundFile, config: Config, cache: RecordCache | None
) -> Entry | _Unparsed:
    if found.problem:
        return Entry(found.path, "", None, (found.problem,))
    content = read_text_file(root / found.path, config.limits.file_size)
    if isinstance(content, Problem):
        return Entry(found.path, "", None, (content,))
    kept = cache.get(found.path, content.text) if cache else None
    return kept or _Unparsed(found.path, content.text)


def _parsed(record: _Unparsed, config: Config, cache: RecordCache | None) -> Entry:
    # Imported late: where all records are in the cache, none is parsed.
    from tracker.format.parser import parse_record

    parsed = parse_record(record.text, record.path, config)
    if cache and (kept := packed(record.text, parsed)):
        return _unpacked(record, kept, config, cache)
    return Entry(record.path, record.text, parsed.customer, parsed.problems)


def _unpacked(record: _Unparsed, kept: Packed, config: Config, cache: RecordCache | None) -> Entry:
    """Return the entry of a record that was packed, which takes less memory than one packed here.

    Texts are kept twice once they have been packed, as they stand in memory and as in a file.
    """
    entry = unpacked(record.path, record.text, kept)
    if entry is None:
        return _parsed(record, config, None)
    if cache:
        cache.put(record.path, kept)
    return entry


def _read_together(  # noqa: PLR0913, PLR0917  # all that a library is read with
    root: Path,
    files: list[FoundFile],
    config: Config,
    cache: RecordCache | None,
    jobs: int,
    meanwhile: Iterator[object] | None,
) -> Iterator[Entry]:
    """Yield the entries of files in any order, with records parsed by several processes."""
    unparsed = []
    for found in files:
        entry = _read_unparsed(root, found, config, cache)
        if isinstance(entry, Entry):
            yield entry
        else:
            unparsed.append(entry)
    if not unparsed:
        return
    # Imported late: where all records are in the cache, none is parsed. Once for all processes.
    from tracker.format.parser import parse_record

    def parse(part: range) -> list[tuple[int, Packed | None]]:
        records = ((at, unparsed[at]) for at in part)
        return [
            (at, packed(record.text, parse_record(record.text, record.path, config)))
            for at, record in records
        ]

    numbers = range(len(unparsed))
    parts = [numbers[at : at + _RECORDS_OF_A_PART] for at in numbers[::_RECORDS_OF_A_PART]]
    for part in processes.shared(parse, parts, jobs, meanwhile):
        for at, kept in part:
            if kept is None:
                yield _parsed(unparsed[at], config, None)
            else:
                yield _unpacked(unparsed[at], kept, config, cache)
