"""What the last check of a workspace found, as far as it still holds, and what is kept of this one.

What is wrong in a record depends on its text, the settings, the day, the program, and the files
below `attachments/` where it may name some. What is wrong among all records depends on what tells
customers apart, which few changes touch.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME
from tracker.diagnostics import Diagnostic
from tracker.digests import digest_of
from tracker.file_states import FileState, TreeState
from tracker.library.cache_files import UNREADABLE
from tracker.library.identity import identity_of
from tracker.program_stamp import program_stamp
from tracker.rules.kept_diagnostics import (
    KeptCheck,
    KeptFile,
    packed_diagnostics,
    packed_identity,
    read_kept_check,
    unpacked_diagnostics,
    unpacked_identity,
    write_kept_check,
)
from tracker.rules.references import may_name_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from tracker.config import Config
    from tracker.diagnostics import Problem
    from tracker.library.library import Entry
    from tracker.model import Customer

Diagnostics: TypeAlias = list[Diagnostic] | msgspec.Raw
"""Or as the cache keeps them, until somebody asks what they are."""

_LONGEST_KEPT_LINE = 400
"""Characters of a line that is kept for showing it; a longer one is read again."""

_NO_DIGEST = b""
"""In the place of a digest of what is not known well enough: no digest is like it."""


class LastCheck:
    """The last check of a workspace, and the one that takes its place.

    A file is asked for, or else what was found in it is told; what is neither is not kept.

    Args:
        root: The workspace.
        config: Its settings.
        problems: What reading these found.
        today: The day.

    Attributes:
        looked: When files began to be looked at, in nanoseconds since 1970.
    """

    def __init__(
        self, root: Path, config: Config, problems: Sequence[Problem], today: date
    ) -> None:
        self.looked = time.time_ns()
        self._root = root
        sources = (config.fingerprint, tuple(problems), today)
        self._made_by = f"{program_stamp()} {digest_of(repr(sources)).hex()}"
        self._before = read_kept_check(root, self._made_by)
        attachments = TreeState.of([root / ATTACHMENTS_DIR])
        self._attachments = attachments.digest if attachments.tells(self.looked) else _NO_DIGEST
        self._files: dict[str, KeptFile] = {}
        self._told: list[str] = []

    def find(
        self, path: str, digest: Callable[[], bytes | None], state: FileState | None = None
    ) -> KeptFile | None:
        """Return what was found in a file, where it still is so.

        Args:
            path: The file.
            digest: Returns the digest of its text; None where it has none. It is asked only where
                the state does not tell.
            state: The state of the file before its text was read; None where it is not known.
        """
        before = self._before
        file = before.files.get(path) if before else None
        if before is None or file is None:
            return None
        same_attachments = self._attachments == before.attachments != _NO_DIGEST
        if file.names_files and not same_attachments:
            return None
        if file.state is None or file.state != state:
            if digest() != file.text:
                return None
            if state is not None:
                file = msgspec.structs.replace(file, state=state)
        self._files[path] = file
        return file

    def diagnostics_of(self, entry: Entry) -> list[Diagnostic] | None:
        """Return what was found in a file that has been read, where it still is so.

        Args:
            entry: The file.
        """
        if not entry.text:
            return None
        file = self.find(entry.path, lambda: entry.digests.text)
        if file is None:
            return None
        try:
            return unpacked_diagnostics(file.diagnostics)
        except UNREADABLE:
            # The cache holds something else, for all that it looks sound.
            return None

    def tell(
        self, entry: Entry, diagnostics: Sequence[Diagnostic], state: FileState | None = None
    ) -> None:
        """Tell what is wrong in a file of which it was not known.

        Args:
            entry: The file.
            diagnostics: What is wrong in it, in order.
            state: The state of the file before its text was read; None where it is not known.
        """
        self._told.append(entry.path)
        found = packed_diagnostics(diagnostics)
        identity = packed_identity(identity_of(entry.customer) if entry.customer else None)
        if found is None or identity is None:
            self._files.pop(entry.path, None)
            return
        # What kept a file from being read does not show in a text, nor all of it in a state.
        text = entry.digests.text if entry.text else _NO_DIGEST
        if entry.refused:
            state = None
        lines = _lines_of(entry.text, diagnostics)
        self._files[entry.path] = KeptFile(
            state, text, may_name_files(entry), identity, found, lines
        )

    def together(self, count: int) -> msgspec.Raw | None:
        """Return what was wrong in the settings and among all records, where it still is so.

        Args:
            count: How many files there are; of all of them it is known now what is wrong.

        Returns:
            What `packed_diagnostics` wrote; None where something has changed that tells customers
            apart, or may have.
        """
        before = self._before
        if (
            before is None
            or len(self._files) != count
            or self._files.keys() != before.files.keys()
            or any(self._files[path].identity != before.files[path].identity for path in self._told)
        ):
            return None
        return before.together

    def identity(self, path: str) -> Customer | None:
        """Return what tells the customer of a file from others; None where it is not known.

        Args:
            path: The file: one that was found, or told.
        """
        file = self._files.get(path)
        try:
            return unpacked_identity(file.identity) if file else None
        except UNREADABLE:
            # The cache holds something else, for all that it looks sound.
            return None

    def shared(self, count: int) -> list[Diagnostic] | None:
        """Return what was wrong among all records, where it still is so.

        Args:
            count: As for `together`.

        Returns:
            None also where something is wrong in the settings, with which it is kept.
        """
        together = self.together(count)
        try:
            found = unpacked_diagnostics(together) if together is not None else None
        except UNREADABLE:
            return None
        return None if found is None or any(each.path == CONFIG_NAME for each in found) else found

    def keep(self, together: Diagnostics | None) -> None:
        """Keep this check in the place of the last one, where the workspace can be written.

        Args:
            together: What is wrong in the settings and among all records; None for what it was.
        """
        if together is None and self._before:
            together = self._before.together
        if isinstance(together, list):
            together = packed_diagnostics(together)
        if together is None:
            return
        now = KeptCheck(self._made_by, self._attachments, self._files, together)
        if now != self._before:
            write_kept_check(self._root, now)


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
