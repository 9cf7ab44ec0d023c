"""A follow-up that was written down is gone.

Why: the dated sections are what the team remembers of a customer. What was wrong in one can be
said in a later one. A follow-up that another record has got is moved, not removed, and one with
another text or day is rewritten. `tracker check --since REV` finds it.

Bad:

     ---
     name: Acme
     stage: won
     owner: Li Lei
     deal: {date: 2026-11-02, amount: 480 EUR}
     ---

     ## 2026-11-20 14:30 call Li Lei

     Asked about delivery.
    -
    -## 2026-11-12 09:10 visit Li Lei
    -
    -They were angry about the price.

Good:

     ---
     name: Acme
     stage: won
     owner: Li Lei
     deal: {date: 2026-11-02, amount: 480 EUR}
     ---

    +## 2026-11-24 09:00 call Li Lei
    +
    +The price is no matter any more.
    +
     ## 2026-11-12 09:10 visit Li Lei

     They were angry about the price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import FILE_START, Problem, Severity
from tracker.rules.rule import ChangeCase, Origin
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.diagnostics import Span
    from tracker.library.comparison import RecordChange
    from tracker.model import FollowUp

SEVERITY = Severity.WARNING
ORIGIN = Origin.CHANGE


def check(case: ChangeCase) -> Iterator[Problem]:
    """Yield a problem for each follow-up that is gone, at the one that stood above it."""
    change = case.change
    if not change.new:
        return
    for followup in change.followups.removed:
        if case.comparison.is_told_elsewhere(followup):
            continue
        yield Problem(
            "change-followup-removed",
            _place_above(followup, change),
            Message(
                "the follow-up of {day} by {who} was removed",
                {"day": followup.date, "who": followup.who},
            ),
            Message("put it back, and say in a new follow-up what is different now"),
        )


def _place_above(gone: FollowUp, change: RecordChange) -> Span:
    """Return the heading in the newer file of what stood nearest above a follow-up."""
    above = [
        (old.span.line, new.span)
        for old, new in change.followups.kept
        if old.span.line < gone.span.line
    ]
    return max(above)[1] if above else FILE_START
