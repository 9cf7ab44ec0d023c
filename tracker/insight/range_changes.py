"""What a change of the records means: customers won and lost, stages moved, promises kept.

Two states of the workspace are compared, both with the settings of today. What is reported of a
customer is the difference between the states, not the way there: a stage that went forward and
back again has not moved. Records that cannot be read in one of the states say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tracker.insight.changes import Changes, Direction, Item, Move, StageMove
from tracker.insight.late_records import is_late, news_of
from tracker.insight.new_problems import new_problems
from tracker.library.comparison import skipped_stages
from tracker.library.status import (
    CommitmentState,
    PlanOutcome,
    find_stage,
    plans_of,
    promise_of,
    promises_of,
)
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from tracker.config import Config
    from tracker.library.comparison import Comparison, RecordChange
    from tracker.library.followup_versions import PromisePair
    from tracker.library.library import Entry, Library
    from tracker.library.revisions import Range
    from tracker.library.status import Promise
    from tracker.model import Customer

_OF_WHOLE_MATTER = ("front-matter-", "yaml-", "conflict-marker")
"""Beginnings of the codes of what may keep any value of the front matter from being read."""


def changes_of(found: Range, *, with_problems: bool = True) -> Changes:
    """Return what a range means.

    Args:
        found: The two states.
        with_problems: Whether both states are checked for what is wrong in them, which takes most
            of the time.
    """
    comparison, today = found.comparison, found.last.day
    config = comparison.after.config
    since = found.first.day
    if not found.last.commit:
        since = min(since, today)  # Of the working tree, a day before all commits may be asked for.
    parts: dict[str, list[Any]] = {kind: [] for kind in Changes.__struct_fields__}
    for change in comparison.changes:
        added = change.new if change.before is None else None
        late = added if added and since <= today and is_late(added, since) else None
        for kind, item in _of_record(change, comparison, config, today):
            told = news_of(kind, item.what, late, since, config) if late else kind
            if told:
                parts[told].append(item)
    parts["kept"] = [
        replace(item, what=_dated(item.what, found.first.day, today)) for item in parts["kept"]
    ]
    parts["missed"] = list(_missed(comparison.after, found.first.day, today))
    if with_problems:
        parts["problems"] = list(new_problems(comparison, today))
    return Changes(**{kind: tuple(items) for kind, items in parts.items()})


def _of_record(
    change: RecordChange, comparison: Comparison, config: Config, today: date
) -> Iterator[tuple[str, Item[Any]]]:
    old, new = change.old, change.new
    if change.after is None:
        if old and change.merged_into:
            yield "merged", Item(old, change.merged_into, (old.owner,))
        elif old:
            yield "removed", Item(old, None, (old.owner,))
        return
    if new is None or (change.before and old is None):
        return
    if change.renamed_from:
        yield "renamed", Item(new, change.renamed_from, (new.owner,))
    yield from _of_front_matter(change, new, config)
    for followup in change.followups.added:
        if not comparison.was_told_elsewhere(followup):
            yield "followups", Item(new, followup, (followup.who,), followup.span)
    yield from _of_promises(change.promises, new, comparison, today)
    yield from _of_plans(change, new, today)


# --- Front matter -----------------------------------------------------------------------------


def _of_front_matter(
    change: RecordChange, new: Customer, config: Config
) -> Iterator[tuple[str, Item[Any]]]:
    old, owner = change.old, (new.owner,)
    move = _stage_move(change, new, config)
    if move:
        item = Item(new, move, owner, new.span("stage"))
        if move.direction in (Direction.WON, Direction.LOST):
            yield move.direction.value, item
        if old:
            yield "stages", item
    if old is None:
        yield "new", Item(new, move, owner)
        return
    for kind, field in (("levels", "level"), ("values", "value"), ("owners", "owner")):
        before, after = getattr(old, field), getattr(new, field)
        unsure = is_unsure(change.before, field) or is_unsure(change.after, field)
        if before != after and not unsure:
            people = (before, after) if field == "owner" else owner
            yield kind, Item(new, Move(before, after), people, new.span(field))


def is_unsure(entry: Entry | None, field: str) -> bool:
    """Tell whether a value may be missing only because the file has a mistake there.

    Args:
        entry: The record; None for none.
        field: The key of the value.
    """
    customer = entry.customer if entry else None
    if entry is None or customer is None or getattr(customer, field) is not None:
        return False
    place = customer.span(field)
    return any(
        problem.span == place or problem.code.startswith(_OF_WHOLE_MATTER)
        for problem in entry.problems
    )


def _stage_move(change: RecordChange, new: Customer, config: Config) -> StageMove | None:
    """Return the move of a stage; None where both are the same, or one of them is not known."""
    before = change.old.stage if change.old else None
    if change.old and before is None:
        return None
    skipped = (
        stage.id
        for step in change.stage_steps
        for stage in skipped_stages(step.old, step.new, config)
    )
    return stage_move(before, new, config, tuple(dict.fromkeys(skipped)))


def stage_move(
    before: str | None, customer: Customer, config: Config, skipped: tuple[str, ...] = ()
) -> StageMove | None:
    """Return the move from a stage to that of a customer; None where they are the same.

    Args:
        before: Id of the stage before; None for a customer who is new.
        customer: The customer.
        config: The settings.
        skipped: Ids of the open stages passed over.
    """
    after = find_stage(customer, config)
    if after is None or after.id == before:
        return None
    first = config.stages.get(before)
    if after.kind is not StageKind.OPEN:
        if first and first.kind is after.kind:
            direction = _by_order(first.id, after.id, config)
        else:
            direction = Direction(after.kind.value)
    elif first and first.kind is not StageKind.OPEN:
        direction = Direction.REOPENED
    else:
        direction = _by_order(before, after.id, config)
    value = customer.value
    if after.kind is StageKind.WON and customer.deal and customer.deal.amount:
        value = customer.deal.amount
    return StageMove(before, after.id, direction, skipped, value)


def _by_order(old: str | None, new: str, config: Config) -> Direction:
    places = {stage.id: place for place, stage in enumerate(config.stages)}
    backward = old is not None and places[new] < places[old]
    return Direction.BACKWARD if backward else Direction.FORWARD


# --- Promises and plans -----------------------------------------------------------------------


def _of_promises(
    pairs: Iterable[PromisePair], new: Customer, comparison: Comparison, today: date
) -> Iterator[tuple[str, Item[Promise]]]:
    for pair in pairs:
        if pair.new is None:
            continue
        followup, commitment = pair.new
        if pair.old is None and comparison.was_told_elsewhere(followup):
            continue
        promise = promise_of(followup, commitment, today)
        item = Item(new, promise, (promise.who,), commitment.span)
        if pair.old is None:
            yield "made", item
        if commitment.done and not (pair.old and pair.old[1].done):
            yield "kept", item


def _dated(promise: Promise, first: date, last: date) -> Promise:
    """Return a promise ticked between two days, as kept or late where these tell which.

    A tick without a day of its own was made between the two states.
    """
    due = promise.commitment.due
    if promise.state is not CommitmentState.DONE or due is None or promise.commitment.done_on:
        return promise
    if due >= last:
        return replace(promise, state=CommitmentState.KEPT)
    return replace(promise, state=CommitmentState.LATE) if due < first else promise


def _missed(library: Library, first: date, last: date) -> Iterator[Item[Promise]]:
    for customer in library.customers:
        for promise in promises_of(customer.chronological, last):
            due = promise.commitment.due
            if promise.state is CommitmentState.OVERDUE and due and due >= first:
                yield Item(customer, promise, (promise.who,), promise.commitment.span)


def _of_plans(change: RecordChange, new: Customer, today: date) -> Iterator[tuple[str, Item[Any]]]:
    old = change.old
    before = {
        id(plan.made_at): plan for plan in (plans_of(old.chronological, today) if old else ())
    }
    versions = {id(newer): before.get(id(older)) for older, newer in change.followups.kept}
    for plan in plans_of(new.chronological, today):
        known = versions.get(id(plan.made_at))
        people = (plan.made_at.who,)
        if known and known.step.date != plan.step.date:
            yield "plans_moved", Item(new, Move(known.step, plan.step), people, plan.step.span)
        if plan.settled_by is None or (known and known.outcome is plan.outcome):
            continue
        span = plan.settled_by.span
        if plan.outcome in (PlanOutcome.KEPT, PlanOutcome.LATE):
            yield "plans_kept", Item(new, plan, people, span)
        elif plan.outcome is PlanOutcome.MOVED:
            later = plan.settled_by.next
            yield (
                "plans_moved",
                Item(new, Move(plan.step, later), people, later.span if later else span),
            )
        elif plan.outcome is PlanOutcome.ENDED:
            yield "plans_ended", Item(new, plan, people, span)
