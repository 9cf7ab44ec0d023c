"""An open customer has not been contacted for longer than its level or stage allows.

Why: customers who go quiet are lost without a decision. The limit is the smaller of
`max_idle_days` of the level and of the stage, counted from the last contact, or from `created`
where there was none.

Bad, on 2026-11-24 with a limit of 14 days:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-10-01 10:00 call Li Lei

    Waiting for their budget.

    - next: 2026-12-01 call

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-20 10:00 call Li Lei

    Waiting for their budget.

    - next: 2026-12-01 call
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
DEPENDS_ON_DAY = True


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at the stage of a stale customer."""
    if case.status.stale:
        yield Problem(
            "stale",
            case.customer.span("stage"),
            Message(
                "no contact for {days} days; the limit is {limit}",
                {"days": case.status.idle_days, "limit": case.status.idle_limit},
            ),
        )
