"""A follow-up is dated in the future.

Why: a follow-up tells what happened. It does not count before its day; mostly its year or month is
mistyped, or a plan was written as if it were done.

Bad, on 2026-11-24:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    created: 2026-11-18
    ---

    ## 2027-11-20 14:30 电话 李雷

    询问交付周期。

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    created: 2026-11-18
    ---

    ## 2026-11-20 14:30 电话 李雷

    询问交付周期。
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
    """Yield a problem at each heading with a day after today."""
    for followup in case.customer.followups:
        if followup.date > case.today:
            yield Problem(
                "future-followup",
                followup.span,
                Message("this follow-up is dated after today, {day}", {"day": case.today}),
                Message("correct the day, or write a plan as: - next: DATE METHOD text"),
            )
