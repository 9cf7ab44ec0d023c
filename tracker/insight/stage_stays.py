"""Which stages a customer was in up to the day, and for how long."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tracker.insight.measure import Case
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from datetime import date

    from tracker.insight.day import Day, Standing
    from tracker.insight.measure import Scope
    from tracker.library.stage_history import StageEntry


class Stay(NamedTuple):
    """A customer's time in a stage.

    Attributes:
        standing: The customer.
        stage: Id of the stage.
        first: The day on which it was entered.
        last: The day on which it was left; the day of the numbers where it was not.
        line: The line that tells of its end, or of its begin where it is not over.
    """

    standing: Standing
    stage: str
    first: date
    last: date
    line: int | None

    @property
    def days(self) -> int:
        """Return how many days later it was left than entered; 0 for the same day."""
        return max((self.last - self.first).days, 0)


def stay_cases(stays: Iterable[Stay]) -> list[tuple[Case, int]]:
    """Return stays as cases, on the day of their end and with their length as note; and that."""
    found = []
    for stay in stays:
        days = stay.days
        note = Message("days: {count}", {"count": days})
        found.append((Case(stay.standing, stay.last, stay.line, note), days))
    return found


def entries_until(standing: Standing, today: date) -> tuple[StageEntry, ...]:
    """Return the stages entered up to the day, oldest first; what is written ahead is not yet."""
    return tuple([entry for entry in standing.status.stage_history if entry.date <= today])


def stages_reached(standing: Standing, today: date) -> frozenset[str]:
    """Return the ids of all stages that a customer was ever in, that of today included."""
    reached = {entry.stage for entry in entries_until(standing, today)}
    return frozenset(reached | {standing.customer.stage} if standing.customer.stage else reached)


def finished_stays(day: Day) -> Mapping[str, tuple[Stay, ...]]:
    """Return the stays of each customer that are over, oldest first, by its path.

    Left out is the first stage of a record that does not say when it was begun: nobody knows when
    it was entered.
    """
    return {standing.customer.path: _finished(standing, day.today) for standing in day.standings}


def _finished(standing: Standing, today: date) -> tuple[Stay, ...]:
    entries = entries_until(standing, today)
    if not entries[1:]:
        return ()
    lines = _lines(standing)
    return tuple(
        Stay(
            standing,
            entry.stage,
            entry.date,
            following.date,
            lines.get((following.date, following.stage)),
        )
        for entry, following in pairwise(entries)
        if _begin_known(standing, entry)
    )


def _running(day: Day) -> Mapping[str, Stay]:
    """Return the stay of each open customer in the stage of today, by its path.

    Missing are those whose begin is unknown; that is so too where the last stage that the history
    tells is another one.
    """
    found = (_running_stay(standing, day.today) for standing in day.standings)
    return {stay.standing.customer.path: stay for stay in found if stay}


def _running_stay(standing: Standing, today: date) -> Stay | None:
    entries = entries_until(standing, today)
    if standing.status.stage_kind is not StageKind.OPEN or not entries:
        return None
    entry = entries[-1]
    if entry.stage != standing.customer.stage or not _begin_known(standing, entry):
        return None
    line = _lines(standing).get((entry.date, entry.stage))
    return Stay(standing, entry.stage, entry.date, today, line)


def running_stays(scope: Scope) -> tuple[Stay, ...]:
    """Return the stays of the open customers of a scope in the stage of today."""
    running = scope.day.once(_running)
    found = (running.get(standing.customer.path) for standing in scope.standings)
    return tuple(stay for stay in found if stay)


def running_notes(running: Sequence[Stay], scope: Scope) -> tuple[Message, ...]:
    """Return how many open customers of a scope have no running stay."""
    held = sum(standing.status.stage_kind is StageKind.OPEN for standing in scope.standings)
    unknown = held - len(running)
    if not unknown:
        return ()
    return (
        Message(
            "Open customers of which nobody knows when they entered their stage: {count}",
            {"count": unknown},
        ),
    )


def stage_line(standing: Standing, day: date, stages: Container[str]) -> int | None:
    """Return the line that tells of coming into one of some stages on a day; None where none does.

    Args:
        standing: The customer.
        day: The day.
        stages: Ids of the stages.
    """
    for followup in standing.customer.followups:
        if followup.stage and followup.date == day and followup.stage.new in stages:
            return followup.stage.span.line
    return None


def _lines(standing: Standing) -> dict[tuple[date, str], int]:
    """Return the lines of the changes of stage by day and stage."""
    return {
        (followup.date, followup.stage.new): followup.stage.span.line
        for followup in standing.customer.followups
        if followup.stage
    }


def _begin_known(standing: Standing, entry: StageEntry) -> bool:
    return entry.source != "created" or standing.customer.created is not None
