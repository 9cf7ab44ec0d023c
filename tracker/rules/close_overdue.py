"""The expected day of signing of an open customer is over.

Why: the forecast puts the amount into a month that is gone. Either the deal is made, or it takes
longer, or it is lost.

Bad, on 2026-11-24:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    expected_close: 2026-10-31
    ---

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    expected_close: 2027-01-31
    ---
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD
DEPENDS_ON_DAY = True


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at the expected close of an open customer where it is past."""
    expected = case.customer.expected_close
    if expected and expected < case.today and case.status.stage_kind is StageKind.OPEN:
        yield Problem(
            "close-overdue",
            case.customer.span("expected_close"),
            Message(
                "the expected close {day} is over, and the stage is still {stage}",
                {"day": expected, "stage": case.config.stages.label(case.customer.stage)},
            ),
            Message("ask the customer, and write the new day"),
        )
