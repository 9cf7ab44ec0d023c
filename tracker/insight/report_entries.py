"""What a report tells of its days one by one: what happened and moved, which promises were kept."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.insight.changes import Move
from tracker.insight.range_changes import is_unsure
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.insight.activity import Activity, Event
    from tracker.insight.day import Standing
    from tracker.insight.measure import Scope
    from tracker.library.status import Promise
    from tracker.model import FollowUp


class Part(StrEnum):
    """The parts of a report, in their order."""

    WON = "won"
    LOST = "lost"
    NEW = "new"
    FOLLOWUPS = "followups"
    STAGES = "stages"
    VALUES = "values"
    CLOSES = "closes"
    MISSED = "missed"
    KEPT = "kept"
    PLAN = "plan"
    RISKS = "risks"


class Entry(Struct, frozen=True):
    """One thing that a report tells.

    Attributes:
        standing: The customer.
        what: A follow-up, an amount or None, a `Move` of stage, value or day, a promise, a thing
            of the agenda, or a tuple of risks; by the part that it is in.
        day: When it was or will be; None for risks.
        line: Where it stands in the record; None for the record as a whole.
        who: Whose it is; empty where nobody is named.
    """

    standing: Standing
    what: Any
    day: date | None
    line: int | None
    who: str


def entries_of(happened: Activity, scope: Scope) -> dict[Part, Iterable[Entry]]:
    """Return what a report tells of its days, by part.

    Args:
        happened: What somebody did in them or, being the owner then, had happen.
        scope: The days, and whose report it is.
    """
    return {
        Part.WON: _of_customers(happened.won, scope),
        Part.LOST: _of_customers(happened.lost, scope),
        Part.NEW: _of_customers(happened.new, scope),
        Part.FOLLOWUPS: map(_followup, happened.followups),
        Part.STAGES: _stages(scope),
        Part.VALUES: _changed(scope, "value"),
        Part.CLOSES: _changed(scope, "expected_close"),
        Part.MISSED: (_promise(event, scope) for event in happened.missed),
        Part.KEPT: (_promise(event, scope) for event in happened.kept),
    }


def _of_customers(events: Iterable[Event[Any]], scope: Scope) -> Iterator[Entry]:
    for event in events:
        owner = scope.owner_on(event.standing, event.day) or ""
        yield Entry(event.standing, event.what, event.day, None, owner)


def _followup(event: Event[FollowUp]) -> Entry:
    followup = event.what
    return Entry(event.standing, followup, event.day, followup.span.line, followup.who)


def _promise(event: Event[Promise], scope: Scope) -> Entry:
    who = scope.config.owner_name(event.what.who)
    return Entry(event.standing, event.what, event.day, event.what.commitment.span.line, who)


def _stages(scope: Scope) -> list[Entry]:
    """Return the moves between stages; what was won or lost is told elsewhere."""
    kinds = {stage.id: stage.kind for stage in scope.config.stages}
    found = []
    for standing in scope.concerned:
        for old, entry in pairwise(standing.status.stage_history):
            told = kinds.get(entry.stage) in (StageKind.WON, StageKind.LOST) and (
                kinds.get(old.stage) is not kinds.get(entry.stage)
            )
            if not told and scope.counts(standing, entry.date):
                owner = scope.owner_on(standing, entry.date) or ""
                move = Move(old.stage, entry.stage)
                found.append(Entry(standing, move, entry.date, None, owner))
    return sorted(found, key=_by_day)


def _changed(scope: Scope, key: str) -> list[Entry]:
    """Return the customers of which a value is another one than before, as git knows.

    What is not committed yet has changed on the day, unless it is a mistake that cannot be read.
    """
    found = []
    for standing in scope.concerned:
        customer = standing.customer
        changes = scope.day.history.of(customer.path).of(key)
        if not changes:
            continue
        steps = [(each.day, each.old, each.new) for each in changes]
        if not is_unsure(scope.day.library.by_path.get(customer.path), key):
            steps.append((scope.today, changes[-1].new, getattr(customer, key)))
        of_period = [
            step for step in steps if step[1] != step[2] and scope.counts(standing, step[0])
        ]
        # The first value of all is no change; in a shallow clone what was before it can be known.
        of_period = [step for step in of_period if step is not steps[0] or step[1] is not None]
        if of_period and of_period[0][1] != of_period[-1][2]:
            day, _old, new = of_period[-1]
            owner = scope.owner_on(standing, day) or ""
            found.append(Entry(standing, Move(of_period[0][1], new), day, None, owner))
    return sorted(found, key=_by_day)


def _by_day(entry: Entry) -> tuple[date, str]:
    return entry.day or date.min, entry.standing.customer.path
