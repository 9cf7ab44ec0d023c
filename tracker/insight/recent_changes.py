"""What the last days have brought: from git where it reaches back, else from the records alone.

Git knows both states and compares them, as `tracker changes --since` does. The records alone tell
what is dated in them: follow-ups, moves of stage and level, promises and plans. What has no day in
a record, such as another owner or another value, nobody but git can tell.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.insight.changes import Changes, Direction, Item, Move
from tracker.insight.late_records import begun
from tracker.insight.range_changes import changes_of, stage_move
from tracker.library.commit_log import Gap
from tracker.library.revisions import RECENT
from tracker.library.status import CommitmentState, PlanOutcome
from tracker.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import Config
    from tracker.insight.day import Day, Standing
    from tracker.library.revisions import Earlier, Point


class RecentChanges(Struct, frozen=True):
    """What is different from what was some days ago.

    Attributes:
        period: The days, from that at whose beginning the earlier state was.
        changes: What is different; problems are not looked for.
        since: The earlier state in git; None where the records alone were asked.
        begins: Whether git knows nothing older than that state, so that the days are fewer.
        gap: Why git was not asked; None where it was.
    """

    period: Period
    changes: Changes
    since: Point | None = None
    begins: bool = False
    gap: Gap | None = None


def recent_changes(day: Day, earlier: Earlier | Gap) -> RecentChanges:
    """Return what the last days have brought.

    Args:
        day: The workspace on the day.
        earlier: The records as they were, as `earlier_state` returns them.
    """
    first = day.today - RECENT
    if isinstance(earlier, Gap):
        period = Period(first, day.today)
        return RecentChanges(period, changes_told(day, period), gap=earlier)
    changes = changes_of(earlier.until(day.library, day.today), with_problems=False)
    period = Period(min(earlier.point.day, day.today), day.today)
    return RecentChanges(period, changes, earlier.point, earlier.begins)


def changes_told(day: Day, period: Period) -> Changes:
    """Return what records tell themselves of some days, by what is dated in them.

    Args:
        day: The workspace on the day.
        period: The days.
    """
    parts: defaultdict[str, list[Any]] = defaultdict(list)
    for standing in day.standings:
        for kind, item in _told(standing, period, day.library.config):
            parts[kind].append(item)
    return Changes(**{kind: tuple(parts[kind]) for kind in Changes.__struct_fields__})


def _told(standing: Standing, period: Period, config: Config) -> Iterator[tuple[str, Item[Any]]]:
    customer = standing.customer
    came = begun(customer)
    if came and came in period:
        move = stage_move(None, customer, config)
        yield "new", Item(customer, move, (customer.owner,))
    yield from _told_moves(standing, period, config)
    for followup in customer.followups:
        if followup.date in period:
            yield "followups", Item(customer, followup, (followup.who,), followup.span)
    yield from _told_promises(standing, period)
    yield from _told_plans(standing, period)


def _told_moves(
    standing: Standing, period: Period, config: Config
) -> Iterator[tuple[str, Item[Any]]]:
    """Yield where stage and level went from the first to the last of their lines in the days."""
    customer = standing.customer
    dated = [each for each in customer.chronological if each.date in period]
    stages = [each.stage for each in dated if each.stage]
    levels = [each.level for each in dated if each.level]
    entered = standing.status.stage_history[-1:]
    closed = bool(entered) and entered[0].source == "outcome" and entered[0].date in period
    if closed or (stages and stages[-1].new == customer.stage):
        old = (stages[0].old if stages else None) or _stage_before(standing, period)
        move = stage_move(old, customer, config)
        span = customer.span("stage") if closed else stages[-1].span
        item = Item(customer, move, (customer.owner,), span)
        if move and move.direction in (Direction.WON, Direction.LOST):
            yield move.direction.value, item
        if move and old:
            yield "stages", item
    if levels and levels[0].old and levels[0].old != levels[-1].new:
        level = Move(levels[0].old, levels[-1].new)
        yield "levels", Item(customer, level, (customer.owner,), levels[-1].span)


def _stage_before(standing: Standing, period: Period) -> str | None:
    """Return the stage that a customer was in before some days, as far as the records tell."""
    before = [each.stage for each in standing.status.stage_history if each.date < period.first]
    return before[-1] if before else None


def _told_promises(standing: Standing, period: Period) -> Iterator[tuple[str, Item[Any]]]:
    for promise in standing.status.promises:
        commitment = promise.commitment
        item = Item(standing.customer, promise, (promise.who,), commitment.span)
        if promise.made_at.date in period:
            yield "made", item
        if commitment.done_on and commitment.done_on in period:
            yield "kept", item
        due = commitment.due
        if promise.state is CommitmentState.OVERDUE and due and due in period:
            yield "missed", item


def _told_plans(standing: Standing, period: Period) -> Iterator[tuple[str, Item[Any]]]:
    customer = standing.customer
    for plan in standing.status.plans:
        settled = plan.settled_by
        if settled is None or settled.date not in period:
            continue
        people = (plan.made_at.who,)
        if plan.outcome in (PlanOutcome.KEPT, PlanOutcome.LATE):
            yield "plans_kept", Item(customer, plan, people, settled.span)
        elif plan.outcome is PlanOutcome.MOVED:
            move = Move(plan.step, settled.next)
            span = settled.next.span if settled.next else settled.span
            yield "plans_moved", Item(customer, move, people, span)
        elif plan.outcome is PlanOutcome.ENDED:
            yield "plans_ended", Item(customer, plan, people, settled.span)
