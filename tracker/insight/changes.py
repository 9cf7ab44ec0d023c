"""What a change of the records means: customers won and lost, stages moved, promises kept.

Two states of the workspace are compared, both with the settings of today. What is reported of a
customer is the difference between the states, not the way there: a stage that went forward and
back again has not moved. Records that cannot be read in one of the states say nothing.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tracker.diagnostics import FILE_START, Severity, Span
from tracker.insight.late_records import is_late, news_of
from tracker.library.comparison import skipped_stages
from tracker.library.status import (
    CommitmentState,
    PlanOutcome,
    find_stage,
    plans_of,
    promise_of,
    promises_of,
    status_of,
)
from tracker.rules.diagnose import Checker, diagnose_changes
from tracker.text import fold
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from tracker.config import Config
    from tracker.diagnostics import Diagnostic
    from tracker.library.comparison import Comparison, RecordChange
    from tracker.library.followup_versions import PromisePair
    from tracker.library.library import Entry, Library
    from tracker.library.revisions import Range
    from tracker.library.status import Plan, Promise
    from tracker.model import Customer, FollowUp, NextStep
    from tracker.money import Money

_OF_WHOLE_MATTER = ("front-matter-", "yaml-", "conflict-marker")
"""Beginnings of the codes of what may keep any value of the front matter from being read."""

What_co = TypeVar("What_co", covariant=True)


class Direction(StrEnum):
    """Where a stage went.

    `won` and `lost` are stages of these kinds, `reopened` is an open stage after one of them.
    `forward` and `backward` go by the order of the stages in the settings.
    """

    FORWARD = "forward"
    BACKWARD = "backward"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"


class StageMove(Struct, frozen=True):
    """A stage that is another one.

    Attributes:
        old: Id of the stage before; None for a customer who is new.
        new: Id of the stage after.
        direction: Where it went.
        skipped: Ids of the open stages that it passed over, as far as no follow-up tells of them.
        value: What the customer is worth: the amount of the deal for one that is won, where it is
            written, and the expected value otherwise.
    """

    old: str | None
    new: str
    direction: Direction
    skipped: tuple[str, ...]
    value: Money | None


class Move(Struct, Generic[What_co], frozen=True):
    """A value that is another one; None where there is none."""

    old: What_co | None
    new: What_co | None


class Item(Struct, Generic[What_co], frozen=True):
    """One thing that is different.

    Attributes:
        customer: Whom it is about, as the newer state has them; of a record that is gone, as the
            older state had them.
        what: What it is.
        people: Whose it is: the owner, or whoever followed up or promised.
        span: Where the file says so; the start of the file for what no line says.
    """

    customer: Customer
    what: What_co
    people: tuple[str | None, ...]
    span: Span = FILE_START


class NewProblem(Struct, frozen=True):
    """A problem that was not there before.

    Attributes:
        diagnostic: The problem.
        customer: In whose record; None where that cannot be read.
    """

    diagnostic: Diagnostic
    customer: Customer | None


class Changes(Struct, frozen=True):
    """What is different, each kind in the order of the records' paths.

    Attributes:
        new: Customers whose record is new, and is neither renamed nor split off.
        recorded: Likewise new records, but of customers that came before the older state. Of what
            they tell, only what is dated since is in the other kinds.
        won: Customers in a stage of the kind `won` who were in none before.
        lost: Customers in a stage of the kind `lost` who were in none before.
        stages: Every customer whose stage is another one, won and lost ones included.
        levels: Customers whose level is another one.
        values: Customers whose expected value is another one.
        owners: Customers whose owner is another one.
        followups: Dated sections that are new, but not those that another record had before.
        made: Promises that are new, likewise.
        kept: Promises that are ticked and were not, whether on time or late.
        missed: Promises of all customers that are not ticked, and whose day lies between the two
            states: it is not before the day of the older and before that of the newer.
        plans_kept: Next steps followed by contact on their day or later, which were not before.
        plans_moved: Next steps replaced by another one before their day, and those whose day was
            changed in place.
        plans_ended: Next steps that were ended on purpose.
        renamed: Records whose file has another path; with the older one.
        merged: Records that are gone because another one has taken them in; with that one.
        removed: Records that are gone for no such reason.
        problems: Errors and warnings that a file did not have before; what the rules about
            changes find is among them. What the settings or the day alone bring is not.
    """

    new: tuple[Item[StageMove | None], ...] = ()
    recorded: tuple[Item[StageMove | None], ...] = ()
    won: tuple[Item[StageMove], ...] = ()
    lost: tuple[Item[StageMove], ...] = ()
    stages: tuple[Item[StageMove], ...] = ()
    levels: tuple[Item[Move[str]], ...] = ()
    values: tuple[Item[Move[Money]], ...] = ()
    owners: tuple[Item[Move[str]], ...] = ()
    followups: tuple[Item[FollowUp], ...] = ()
    made: tuple[Item[Promise], ...] = ()
    kept: tuple[Item[Promise], ...] = ()
    missed: tuple[Item[Promise], ...] = ()
    plans_kept: tuple[Item[Plan], ...] = ()
    plans_moved: tuple[Item[Move[NextStep]], ...] = ()
    plans_ended: tuple[Item[Plan], ...] = ()
    renamed: tuple[Item[str], ...] = ()
    merged: tuple[Item[Customer], ...] = ()
    removed: tuple[Item[None], ...] = ()
    problems: tuple[NewProblem, ...] = ()

    def of(self, takes: Callable[[str | None], bool]) -> Changes:
        """Return what concerns some people.

        Args:
            takes: Tells of a name whether it is one of theirs. Problems go by the owner.
        """
        parts: dict[str, Any] = {
            kind: tuple(item for item in getattr(self, kind) if any(map(takes, item.people)))
            for kind in self.__struct_fields__
            if kind != "problems"
        }
        parts["problems"] = tuple(
            found
            for found in self.problems
            if takes(found.customer.owner if found.customer else None)
        )
        return Changes(**parts)

    def __bool__(self) -> bool:
        """Tell whether anything is different."""
        return any(getattr(self, kind) for kind in self.__struct_fields__)


OF_MONEY = ("won", "lost", "new", "recorded")
"""The kinds that are worth something together."""


def worth_of(kind: str, items: Iterable[Item[Any]]) -> Iterator[Money | None]:
    """Yield what changes of a kind of `OF_MONEY` are worth, as the line of each says it.

    A new customer is worth what is expected of it; what it was won for is told of the winning.
    """
    for item in items:
        yield item.what.value if kind in ("won", "lost") else item.customer.value


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
        parts["problems"] = list(_new_problems(comparison, today))
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


# --- Problems ---------------------------------------------------------------------------------


def _new_problems(comparison: Comparison, today: date) -> Iterator[NewProblem]:
    if not comparison.changes:
        return
    found = [*_added_diagnostics(comparison, today), *diagnose_changes(comparison)]
    customers = {change.path: change.new or change.old for change in comparison.changes}
    customers |= {customer.path: customer for customer in comparison.after.customers}
    for diagnostic in sorted(found, key=lambda each: each.sort_key):
        if diagnostic.severity is not Severity.INFO:
            yield NewProblem(diagnostic, customers.get(diagnostic.path))


def _added_diagnostics(comparison: Comparison, today: date) -> Iterator[Diagnostic]:
    """Yield what is wrong in the newer state and was not in the older one.

    A problem is the same where its rule, its record and the line that it is in are: numbers of
    lines change whenever something is added above.
    """
    before, after = comparison.before, comparison.after
    newer_path = {
        change.before.path: change.after.path
        for change in comparison.changes
        if change.before and change.after
    }
    known: Counter[tuple[str, str, str]] = Counter()
    olds = [change.before for change in comparison.changes if change.before]
    for each in _diagnostics(before, olds, today):
        path = newer_path.get(each.path, each.path)
        known[path, each.code, _line(each, before)] += 1
    news = [change.after for change in comparison.changes if change.after]
    for each in _diagnostics(after, news, today):
        key = (each.path, each.code, _line(each, after))
        if known[key]:
            known[key] -= 1
        else:
            yield each


def _diagnostics(library: Library, entries: Iterable[Entry], today: date) -> Iterator[Diagnostic]:
    """Yield what is wrong in some records, and among all records together."""
    checker = Checker(library.config)
    for entry in entries:
        status = status_of(entry.customer, library.config, today) if entry.customer else None
        yield from checker.entry(entry, status, library, today)
    yield from checker.workspace(library)


def _line(diagnostic: Diagnostic, library: Library) -> str:
    entry = library.by_path.get(diagnostic.path)
    lines = entry.text.split("\n") if entry else []
    number = diagnostic.span.line - 1
    return fold(lines[number]) if number < len(lines) else ""
