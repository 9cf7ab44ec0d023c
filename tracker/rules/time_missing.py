"""The heading of a follow-up has a day but no time.

Why: without a time the order of two follow-ups of one day is a guess, and calls cannot be told
apart when branches are merged.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-20 call Li Lei

    Asked about lead time.

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ## 2026-11-20 14:30 call Li Lei

    Asked about lead time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.INFO
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each heading without a time."""
    for followup in case.customer.followups:
        if followup.time is None:
            yield Problem(
                "time-missing",
                followup.span,
                Message("this follow-up has no time"),
                Message("write it after the day: ## 2026-11-20 14:30 METHOD WHO"),
            )
