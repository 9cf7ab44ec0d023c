"""Checking a workspace on a day, reading no more than what has changed since the last check.

What is wrong in a record depends on its text, the settings, the day, the program, and the files
below `attachments/` where it may name some. What is wrong among all records depends on what tells
customers apart, which few changes touch.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import msgspec

from tracker.collector import collector_off
from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME, MAX_CONFIG_BYTES
from tracker.diagnostics import Problem
from tracker.file_states import FileState, TreeState
from tracker.files import read_text_file
from tracker.library.cache_files import UNREADABLE, digest_of
from tracker.library.config_cache import cached_config
from tracker.library.identity import identity_of
from tracker.library.library import Entry, Library
from tracker.library.loader import load_library, read_entries
from tracker.library.record_paths import find_records
from tracker.library.status import status_of
from tracker.program_stamp import program_stamp
from tracker.rules.kept_diagnostics import (
    KeptCheck,
    KeptFile,
    forget_kept_check,
    packed_diagnostics,
    packed_identity,
    read_kept_check,
    unpacked_diagnostics,
    unpacked_identity,
    write_kept_check,
)
from tracker.rules.references import may_name_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date
    from pathlib import Path
    from typing import TypeAlias

    from tracker.config import Config
    from tracker.diagnostics import Diagnostic
    from tracker.library.record_paths import FoundFile
    from tracker.model import Customer
    from tracker.rules.diagnose import Checker

    _Diagnostics: TypeAlias = list[Diagnostic] | msgspec.Raw
    """Or as the cache keeps them, until somebody asks what they are."""

_LONGEST_KEPT_LINE = 400
"""Characters of a line that is kept for showing it; a longer one is read again."""

_NO_DIGEST = b""
"""In the place of a digest of what is not known well enough: no digest is like it."""


@dataclass(frozen=True)
class Checked:
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
    _by_path: Mapping[str, _Diagnostics]
    _together: _Diagnostics
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
        self.by_path: dict[str, _Diagnostics] = {}
        self.together: _Diagnostics = []
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
        self._root = check.bare.root
        self._looked = time.time_ns()
        sources = (check.bare.config.fingerprint, check.settings.problems, check.today)
        self._made_by = f"{program_stamp()} {digest_of(repr(sources)).hex()}"
        self._before = read_kept_check(self._root, self._made_by)
        attachments = TreeState.of([self._root / ATTACHMENTS_DIR])
        self._attachments = attachments.digest if attachments.tells(self._looked) else _NO_DIGEST
        self._files: dict[str, KeptFile] = {}

    def run(self, jobs: int) -> None:
        """Find everything, and keep it.

        Args:
            jobs: How many processes may parse.
        """
        check, before = self._check, self._before
        states = {
            each.path: FileState.now(f"{self._root}/{each.path}", self._looked)
            for each in self._found
            # A link has the state of the file behind it, and is no record.
            if each.problem is None
        }
        for path, state in states.items():
            if file := self._held(path, state):
                self._files[path] = file
                check.by_path[path] = file.diagnostics
                check.lines[path] = file.lines
        changed = [each for each in self._found if each.path not in self._files]
        check.look_at(read_entries(self._root, changed, check.bare.config, jobs))
        for entry in check.entries:
            if file := self._kept(entry, states.get(entry.path)):
                self._files[entry.path] = file
        if before and self._has_same_customers(before):
            check.together = before.together
        else:
            check.look_at_all(self._identities())
        together = _packed(check.together)
        if together is not None:
            now = KeptCheck(self._made_by, self._attachments, self._files, together)
            if now != before:
                write_kept_check(self._root, now)

    def _held(self, path: str, state: FileState | None) -> KeptFile | None:
        """Return what was found in a file last time, where it still is so."""
        before = self._before
        file = before.files.get(path) if before else None
        if before is None or file is None:
            return None
        same_attachments = self._attachments == before.attachments != _NO_DIGEST
        if file.names_files and not same_attachments:
            return None
        if file.state is not None and file.state == state:
            return file
        content = read_text_file(self._root / path, self._check.bare.config.limits.file_size)
        if isinstance(content, Problem) or digest_of(content.text) != file.text:
            return None
        return msgspec.structs.replace(file, state=state)

    def _kept(self, entry: Entry, state: FileState | None) -> KeptFile | None:
        """Return what was found in a file now as it is kept; None where it cannot be."""
        diagnostics = _plain(self._check.by_path[entry.path])
        found = packed_diagnostics(diagnostics)
        identity = packed_identity(self._check.identities[entry.path])
        if found is None or identity is None:
            return None
        # What kept a file from being read does not show in a text.
        text = digest_of(entry.text) if entry.text else _NO_DIGEST
        lines = _lines_of(entry.text, diagnostics)
        return KeptFile(state, text, may_name_files(entry), identity, found, lines)

    def _has_same_customers(self, before: KeptCheck) -> bool:
        """Tell whether nothing has changed that tells customers apart."""
        known = before.files
        return (
            len(self._files) == len(self._found)
            and self._files.keys() == known.keys()
            and all(
                self._files[entry.path].identity == known[entry.path].identity
                for entry in self._check.entries
            )
        )

    def _identities(self) -> Iterable[Customer | None]:
        looked_at = self._check.identities
        for each in self._found:
            if each.path in looked_at:
                yield looked_at[each.path]
            elif file := self._files.get(each.path):
                yield unpacked_identity(file.identity)


def _lines_of(text: str, diagnostics: Sequence[Diagnostic]) -> dict[int, str]:
    """Return the lines that diagnostics begin in, by their numbers, but very long ones."""
    if not text or not diagnostics:
        return {}
    lines = text.split("\n")
    numbers = {each.span.line for each in diagnostics}
    return {
        number: line
        for number in sorted(numbers)
        if number <= len(lines) and len(line := lines[number - 1]) <= _LONGEST_KEPT_LINE
    }


def _plain(diagnostics: _Diagnostics) -> list[Diagnostic]:
    return (
        unpacked_diagnostics(diagnostics) if isinstance(diagnostics, msgspec.Raw) else diagnostics
    )


def _packed(diagnostics: _Diagnostics) -> msgspec.Raw | None:
    return diagnostics if isinstance(diagnostics, msgspec.Raw) else packed_diagnostics(diagnostics)
