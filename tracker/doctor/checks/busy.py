"""No command is writing records at this moment, or has been for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding
from tracker.library.record_files import are_records_locked
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where another command keeps the records to itself."""
    if are_records_locked(examined.root):
        yield Finding(
            Severity.INFO,
            ".tracker-cache/records.lock",
            Message("another command is writing records"),
            Message("no other one can until it has ended"),
        )
