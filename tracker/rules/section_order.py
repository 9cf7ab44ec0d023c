"""The follow-ups do not stand in the order that `order` in tracker.yaml sets.

Why: readers look for the last talk where it stands in every other record. Numbers and pages do not
depend on the order.

Bad:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-12 09:10 邮件 李雷

    发送公司介绍。

    ## 2026-11-20 14:30 电话 李雷

    询问交付周期。

Good:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

    ## 2026-11-20 14:30 电话 李雷

    询问交付周期。

    ## 2026-11-12 09:10 邮件 李雷

    发送公司介绍。
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.format.order import is_sorted, moments_of
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each heading that must move; one alone where all stand the other way."""
    newest_first = case.config.newest_first
    followups = case.customer.followups[::-1] if newest_first else case.customer.followups
    moments = moments_of(followups)
    if is_sorted(moments):
        return
    order = Message("newest first") if newest_first else Message("oldest first")
    if is_sorted(moments[::-1]):
        yield Problem(
            "section-order",
            case.customer.followups[0].span,
            Message("the follow-ups stand the other way round, not {order}", {"order": order}),
            Message("turn them round, or set order: in tracker.yaml"),
        )
        return
    staying = _longest_run(moments)
    for index, followup in enumerate(followups):
        if index not in staying:
            yield Problem(
                "section-order",
                followup.span,
                Message("this follow-up is out of order, which is {order}", {"order": order}),
                Message("move it to where its day belongs"),
            )


def _longest_run(moments: Sequence[datetime]) -> set[int]:
    """Return the indexes of the most moments that are in order, so that the fewest must move."""
    ends: list[datetime] = []
    end_indexes: list[int] = []
    before: list[int | None] = []
    for index, moment in enumerate(moments):
        length = bisect_right(ends, moment)
        before.append(end_indexes[length - 1] if length else None)
        ends[length : length + 1] = [moment]
        end_indexes[length : length + 1] = [index]
    run: set[int] = set()
    at: int | None = end_indexes[-1]
    while at is not None:
        run.add(at)
        at = before[at]
    return run
