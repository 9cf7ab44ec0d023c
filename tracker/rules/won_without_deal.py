"""A customer in a won stage has no deal.

Why: contract, amount and day of signing are missing from every sum of what was sold.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 成交
    owner: 李雷
    ---

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 成交
    owner: 李雷
    deal:
      contract: HT-2026-018
      date: 2026-11-12
      amount: 480000 CNY
    ---
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.model import Deal
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD

_NOTHING_KNOWN = Deal()


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at a won stage without a deal."""
    customer = case.customer
    if case.status.stage_kind is StageKind.WON and customer.deal in (None, _NOTHING_KNOWN):
        if case.is_faulty("deal"):
            return
        yield Problem(
            "won-without-deal",
            customer.span("stage"),
            Message(
                "the stage is {stage}, but there is no deal",
                {"stage": case.config.stages.label(customer.stage)},
            ),
            Message("add deal: with contract, date and amount"),
        )
