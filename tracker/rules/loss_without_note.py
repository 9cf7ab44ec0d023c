"""A customer is lost for the reason `other`, and no note says for which.

Why: `other` alone teaches nothing.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 未成交
    owner: 李雷
    lost:
      date: 2026-11-12
      reason: 其他
    ---

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 未成交
    owner: 李雷
    lost:
      date: 2026-11-12
      reason: 其他
      note: 厂区整体搬迁,一年内不再采购
    ---
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

_OTHER = "other"


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at the reason `other` without a note."""
    lost = case.customer.lost
    if lost and lost.reason == _OTHER and not lost.note:
        yield Problem(
            "loss-without-note",
            case.customer.span("lost.reason"),
            Message(
                "the reason is {reason}, and no note says which",
                {"reason": case.config.loss_reasons.label(lost.reason)},
            ),
            Message("add to lost: note: …"),
        )
