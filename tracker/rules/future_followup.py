"""A follow-up, the day a promise was kept, or that of a record's beginning lies in the future.

Why: all three tell what happened. A follow-up does not count before its day, a kept promise counts
as late, and a customer begun in the future is missing in the numbers of today. Mostly the year or
the month is mistyped, or a plan was written as if it were done.

Bad, on 2026-11-24:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    created: 2026-11-18
    ---

    ## 2027-11-20 14:30 电话 李雷

    询问交付周期。

    - [x] 提供同行业案例 @2026-11-21 ✅ 2027-11-21

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    created: 2026-11-18
    ---

    ## 2026-11-20 14:30 电话 李雷

    询问交付周期。

    - [x] 提供同行业案例 @2026-11-21 ✅ 2026-11-21
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
    """Yield a problem at each day after today of something that has happened."""
    created = case.customer.created
    if created and created > case.today:
        yield Problem(
            "future-followup",
            case.customer.span("created"),
            Message("this record was begun after today, {day}", {"day": case.today}),
            Message("correct the day"),
        )
    for followup in case.customer.followups:
        if followup.date > case.today:
            yield Problem(
                "future-followup",
                followup.span,
                Message("this follow-up is dated after today, {day}", {"day": case.today}),
                Message("correct the day, or write a plan as: - next: DATE METHOD text"),
            )
        for commitment in followup.commitments:
            if commitment.done_on and commitment.done_on > case.today:
                yield Problem(
                    "future-followup",
                    commitment.span,
                    Message("this promise was kept after today, {day}", {"day": case.today}),
                    Message("correct the day, or take the tick away until it is done"),
                )
