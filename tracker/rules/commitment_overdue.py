"""A commitment was due before today and is not ticked.

Why: the customer was promised it. Tick what is done; what is not done needs a word with the
customer.

Bad, on 2026-11-24:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - [ ] 发送分批交付的正式报价 @2026-11-22

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - [x] 发送分批交付的正式报价 @2026-11-22 ✅ 2026-11-21
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.library.status import CommitmentState
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD
DEPENDS_ON_DAY = True


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each commitment that is overdue."""
    for promise in case.status.promises:
        if promise.state is CommitmentState.OVERDUE:
            yield Problem(
                "commitment-overdue",
                promise.commitment.span,
                Message("the commitment was due on {day}", {"day": promise.commitment.due}),
                Message("when it is done, tick it: - [x]"),
            )
