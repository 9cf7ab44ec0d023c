"""A follow-up, a record's beginning, a kept promise, a deal or a loss is dated in the future.

Why: all of them tell what happened. A follow-up does not count before its day, a kept promise
counts as late, and a customer begun, won or lost in the future is missing in the numbers of today.
Mostly the year or the month is mistyped, or a plan was written as if it were done.

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

_BEGUN = Message("this record was begun after today, {day}")
_WON = Message("this deal was made after today, {day}")
_LOST = Message("this customer was lost after today, {day}")


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each day after today of something that has happened."""
    customer = case.customer
    for path, day, message in (
        ("created", customer.created, _BEGUN),
        ("deal.date", customer.deal and customer.deal.date, _WON),
        ("lost.date", customer.lost and customer.lost.date, _LOST),
    ):
        if day and day > case.today:
            yield Problem(
                "future-followup",
                customer.span(path),
                Message(message.template, {"day": case.today}),
                Message("correct the day"),
            )
    for followup in customer.followups:
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
