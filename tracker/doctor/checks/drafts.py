"""Every follow-up that somebody wrote is in a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding
from tracker.library.drafts import kept_drafts, taking_up
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each text that is kept because it could not be saved."""
    for customer, draft in kept_drafts(examined.root):
        yield Finding(
            Severity.WARNING,
            draft.relative_to(examined.root).as_posix(),
            Message("a follow-up is written, but stands in no record"),
            Message("what was said and promised is shown nowhere"),
            taking_up(examined.root, customer, draft),
        )
