"""An open commitment has no due day.

Why: nobody is reminded of a promise without a day, so it is forgotten.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - [ ] 发送分批交付的正式报价

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - [ ] 发送分批交付的正式报价 @2026-11-26
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
    """Yield a problem at each commitment that is neither ticked nor dated."""
    for followup in case.customer.followups:
        for commitment in followup.commitments:
            if commitment.due or commitment.done or case.is_faulty_at(commitment.span):
                continue
            yield Problem(
                "commitment-without-due",
                commitment.span,
                Message("the commitment has no due day"),
                Message("write it at the end: @{day}", {"day": followup.date}),
            )
