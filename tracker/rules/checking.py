"""Checking a workspace on a day, reading no more than what has changed since the last check."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tracker.collector import collector_off
from tracker.config import CONFIG_NAME, MAX_CONFIG_BYTES
from tracker.diagnostics import Problem
from tracker.digests import digest_of
from tracker.file_states import FileState
from tracker.library.cache_files import UNREADABLE
from tracker.library.config_cache import cached_config
from tracker.library.identity import identity_of
from tracker.library.library import Entry, Library
from tracker.library.loader import load_library, read_entries
from tracker.library.record_paths import find_records
from tracker.library.status import status_of
from tracker.rules.kept_diagnostics import forget_kept_check, unpacked_diagnostics
from tracker.rules.last_check import LastCheck
from tracker.text_files import read_text_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date
    from pathlib import Path

    from tracker.config import Config
    from tracker.diagnostics import Diagnostic
    from tracker.library.record_paths import FoundFile
    from tracker.model import Customer
    from tracker.rules.diagnose import Checker
    from tracker.rules.last_check import Diagnostics


class Checked(Struct, frozen=True, dict=True):
    """What is wrong in a workspace on a day.

    Attributes:
        root: The workspace.
        config: Its settings.
        today: The day.
        paths: The files that were read as records or should have been, in order.
    """

    root: Path
    config: Config
    today: date
    paths: tuple[str, ...]
    _by_path: Mapping[str, Diagnostics]
    _together: Diagnostics
    _lines: Mapping[str, Mapping[int, str]]

    def diagnostics(self, paths: AbstractSet[str] | None = None) -> list[Diagnostic]:
        """Return what is wrong, by file and place.

        Args:
            paths: The files that are asked about; None for all.
        """
        try:
            return self._known_diagnostics(paths)
        except UNREADABLE:
            # The cache holds something else, for all that it looks sound.
            forget_kept_check(self.root)
            anew = check_workspace(self.root, self.today, cached=False)
            return anew.diagnostics(paths)

    def _known_diagnostics(self, paths: AbstractSet[str] | None) -> list[Diagnostic]:
        together: dict[str, list[Diagnostic]] = {}
        for each in _plain(self._together):
            together.setdefault(each.path, []).append(each)
        found: list[Diagnostic] = []
        for path in sorted(self._by_path.keys() | together.keys()):
            if paths is not None and path not in paths:
                continue
            here = _plain(self._by_path.get(path, []))
            if path in together:
                here = sorted([*here, *together[path]], key=lambda each: each.sort_key)
            found += here
        return found

    def line_of(self, path: str, number: int) -> str:
        """Return a line of a file, for showing it.

        Args:
            path: The file, relative to the workspace.
            number: The line, from 1.

        Returns:
            The line; empty where there is none.
        """
        known = self._lines.get(path, {}).get(number)
        if known is not None:
            return known
        lines = self._read_lines(path)
        return lines[number - 1] if number <= len(lines) else ""

    @cached_property
    def _read_lines(self) -> Callable[[str], list[str]]:
        # Diagnostics come file by file.
        return lru_cache(maxsize=1)(self._lines_of)

    def _lines_of(self, path: str) -> list[str]:
        file = self.root / path
        if file.is_symlink():
            return []  # It is not read as a record either.
        limit = MAX_CONFIG_BYTES if path == CONFIG_NAME else self.config.limits.file_size
        content = read_text_file(file, limit)
        return [] if isinstance(content, Problem) else content.text.split("\n")


def check_workspace(root: Path, today: date | None, *, cached: bool, jobs: int = 1) -> Checked:
    """Find everything that is wrong in a workspace on a day.

    Args:
        root: The workspace.
        today: The day; None for the one that it is now where the team is.
        cached: Whether what is known from the last check is used, and kept for the next one; it
            finds the same either way.
        jobs: How many processes may parse; likewise.

    Raises:
        OSError: The records cannot be listed.
    """
    if cached:
        config, config_problems = cached_config(root)
    else:
        # Imported late: typing the settings takes a while, and most runs find them in the cache.
        from tracker.config_file import load_config

        config, config_problems = load_config(root)
    today = today or datetime.now(config.timezone).date()
    check = _Check(Library(root, config, ()), config_problems, today)
    with collector_off():
        found = find_records(root)
        if cached:
            _CachedCheck(check, found).run(jobs)
        else:
            check.look_at(load_library(root, jobs=jobs).entries)
            check.look_at_all(check.identities.values())
    paths = tuple(each.path for each in found)
    return Checked(root, config, today, paths, check.by_path, check.together, check.lines)


class _Check:
    """What is found in one check of a workspace.

    Args:
        bare: The workspace without its records.
        config_problems: What reading the settings found.
        today: The day.

    Attributes:
        entries: The files that were looked at.
        identities: What tells their customers apart, by path; None where a file has none.
        by_path: What is wrong in each file.
        together: What is wrong in the settings and among all records.
        lines: Lines of files that are known without reading them, by path and number.
    """

    def __init__(self, bare: Library, config_problems: Sequence[Problem], today: date) -> None:
        self.bare = bare
        self.today = today
        self.settings = Entry(CONFIG_NAME, "", None, tuple(config_problems))
        self.entries: list[Entry] = []
        self.identities: dict[str, Customer | None] = {}
        self.by_path: dict[str, Diagnostics] = {}
        self.together: Diagnostics = []
        self.lines: dict[str, dict[int, str]] = {}

    @cached_property
    def _checker(self) -> Checker:
        # Imported late: rules load slowly, and most checks find that nothing has changed.
        from tracker.rules.diagnose import Checker

        return Checker(self.bare.config)

    def look_at(self, entries: Iterable[Entry]) -> None:
        """Find what is wrong in files.

        Args:
            entries: The files, as they were read.
        """
        for entry in entries:
            if entry.path == CONFIG_NAME:
                continue
            customer = entry.customer
            status = status_of(customer, self.bare.config, self.today) if customer else None
            found = self._checker.entry(entry, status, self.bare, self.today)
            self.by_path[entry.path] = sorted(found, key=lambda each: each.sort_key)
            self.entries.append(entry)
            self.identities[entry.path] = identity_of(customer) if customer else None

    def look_at_all(self, identities: Iterable[Customer | None]) -> None:
        """Find what is wrong in the settings and among all records.

        Args:
            identities: What tells customers apart, in the order of the paths.
        """
        entries = tuple(Entry(each.path, "", each) for each in identities if each)
        self.together = [
            *self._checker.settings(),
            *self._checker.entry(self.settings, None, self.bare, self.today),
            *self._checker.workspace(replace(self.bare, entries=entries)),
        ]


class _CachedCheck:
    """A check that takes what it can from the last one, and is kept for the next one.

    Args:
        check: The check.
        found: The files to check.
    """

    def __init__(self, check: _Check, found: Sequence[FoundFile]) -> None:
        self._check = check
        self._found = found
        bare = check.bare
        self._root = bare.root
        self._last = LastCheck(bare.root, bare.config, check.settings.problems, check.today)

    def run(self, jobs: int) -> None:
        """Find everything, and keep it.

        Args:
            jobs: How many processes may parse.
        """
        check, last = self._check, self._last
        states = {
            each.path: FileState.now(f"{self._root}/{each.path}", last.looked)
            for each in self._found
            # A link has the state of the file behind it, and is no record.
            if each.problem is None
        }
        for path, state in states.items():
            if file := last.find(path, partial(self._digest, path), state):
                check.by_path[path] = file.diagnostics
                check.lines[path] = file.lines
        changed = [each for each in self._found if each.path not in check.by_path]
        check.look_at(read_entries(self._root, changed, check.bare.config, jobs))
        for entry in check.entries:
            last.tell(entry, _plain(check.by_path[entry.path]), states.get(entry.path))
        together = last.together(len(self._found))
        if together is not None:
            check.together = together
        else:
            check.look_at_all(self._identities())
        last.keep(check.together)

    def _digest(self, path: str) -> bytes | None:
        """Return the digest of what a file holds; None where it cannot be read."""
        content = read_text_file(self._root / path, self._check.bare.config.limits.file_size)
        return None if isinstance(content, Problem) else digest_of(content.text)

    def _identities(self) -> Iterable[Customer | None]:
        looked_at = self._check.identities
        for each in self._found:
            if each.path in looked_at:
                yield looked_at[each.path]
            else:
                yield self._last.identity(each.path)


def _plain(diagnostics: Diagnostics) -> list[Diagnostic]:
    return (
        unpacked_diagnostics(diagnostics) if isinstance(diagnostics, msgspec.Raw) else diagnostics
    )
