"""A commitment is due before the follow-up at which it was made.

Why: nobody promises for a day that is over, so the day is mistyped, and the promise would be
overdue from the start. What is ticked is left alone.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-20 14:30 call Li Lei

    - [ ] send the final quote @2026-01-22

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-20 14:30 call Li Lei

    - [ ] send the final quote @2026-11-26
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each open commitment due before its follow-up's day."""
    for followup in case.customer.followups:
        for commitment in followup.commitments:
            if not commitment.done and commitment.due and commitment.due < followup.date:
                yield Problem(
                    "due-before-followup",
                    commitment.span,
                    Message(
                        "the commitment is due on {day}, before this follow-up of {made}",
                        {"day": commitment.due, "made": followup.date},
                    ),
                    Message("correct the year, the month or the day"),
                )
