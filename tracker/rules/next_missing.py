"""An open customer has no next step.

Why: without a day for the next contact, nobody is reminded and the customer goes quiet. A plan
that was ended on purpose (`next: none`) is not reported; the rule `stale` still watches over it.

Bad, on 2026-11-24:

    ---
    name: 恒达精密机械有限公司
    stage: 方案制定
    owner: 李雷
    ---

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

    - 下次: 2026-11-27 面谈 演示分批交付计划
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity
from tracker.library.status import NextState
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.model import FollowUp

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD
DEPENDS_ON_DAY = True


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at the newest follow-up of an open customer without a plan."""
    customer, status = case.customer, case.status
    if status.stage_kind is not StageKind.OPEN or status.next_state is not NextState.NONE:
        return
    followups = customer.followups
    if _is_ended_on_purpose(followups):
        return
    if any(case.is_faulty_at(followup.spans.get("next")) for followup in followups):
        return
    newest = max(followups, key=lambda followup: followup.order, default=None)
    yield Problem(
        "next-missing",
        newest.span if newest else customer.span("stage"),
        Message("this customer is in an open stage and has no next step"),
        Message("add to the newest follow-up: - next: DATE METHOD text, or: - next: none")
        if newest
        else Message("write a first follow-up with: - next: DATE METHOD text, or: - next: none"),
    )


def _is_ended_on_purpose(followups: Sequence[FollowUp]) -> bool:
    plans = [followup for followup in followups if followup.next]
    newest = max(plans, key=lambda followup: followup.order, default=None)
    return newest is not None and newest.next is not None and newest.next.date is None
