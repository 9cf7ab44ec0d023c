"""The next step of a customer was due before today.

Why: the customer was told of a day, or expects one. Whoever did it writes a follow-up, and whoever
did not plans a new day.

Bad, on 2026-11-24:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-20 14:30 call Li Lei

    Asked about lead time.

    - next: 2026-11-23 visit, walk through the delivery plan

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-23 10:00 visit Li Lei

    Walked through the delivery plan.

    - next: 2026-12-01 call, ask for their decision

    ## 2026-11-20 14:30 call Li Lei

    Asked about lead time.

    - next: 2026-11-23 visit, walk through the delivery plan
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.library.status import NextState
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD
DEPENDS_ON_DAY = True


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at a next step that is overdue."""
    status = case.status
    if status.next and status.next_state is NextState.OVERDUE:
        yield Problem(
            "next-overdue",
            status.next.span,
            Message("the next step was due on {day}", {"day": status.next.date}),
            Message("log what happened, or plan a new day"),
        )
