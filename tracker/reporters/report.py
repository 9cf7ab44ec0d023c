"""What is reported: diagnostics with what is needed to show them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.diagnostics import Diagnostic


def lines_of(text: str) -> Callable[[str, int], str]:
    """Return what `Report.line_of` is where all files are one text."""
    lines = text.split("\n")
    return lambda _path, number: lines[number - 1] if number <= len(lines) else ""


class Report(Struct, frozen=True):
    """The outcome of a check.

    Attributes:
        diagnostics: What is wrong, by file and place.
        records: Number of records that were looked at.
        line_of: Returns a line of a file by its path in the workspace and its number, from 1;
            empty where there is none.
        folder: Where the workspace lies, seen from where paths will be read; empty for just there.
    """

    diagnostics: Sequence[Diagnostic]
    records: int
    line_of: Callable[[str, int], str]
    folder: str = ""

    def count(self, severity: Severity) -> int:
        """Return the number of diagnostics of a severity."""
        return Counter(found.severity for found in self.diagnostics)[severity]

    @property
    def errors(self) -> int:
        """Return the number of errors."""
        return self.count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """Return the number of warnings."""
        return self.count(Severity.WARNING)

    def shown_path(self, diagnostic: Diagnostic) -> str:
        """Return the path of a diagnostic's file as it is read outside the workspace."""
        return f"{self.folder}/{diagnostic.path}" if self.folder else diagnostic.path
