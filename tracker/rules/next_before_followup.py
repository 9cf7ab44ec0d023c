"""A next step is dated before the follow-up that plans it.

Why: a plan looks ahead, so the day is mistyped, mostly its year or its month. The step would be
overdue from the start.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - 下次: 2026-10-27 面谈 演示分批交付计划

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    - 下次: 2026-11-27 面谈 演示分批交付计划
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.ERROR
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each next step before its follow-up's day."""
    for followup in case.customer.followups:
        step = followup.next
        if step and step.date and step.date < followup.date:
            yield Problem(
                "next-before-followup",
                step.span,
                Message(
                    "the next step is on {day}, before this follow-up of {made}",
                    {"day": step.date, "made": followup.date},
                ),
                Message("correct the year, the month or the day"),
            )
