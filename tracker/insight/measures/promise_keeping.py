"""Promises: how many were kept, late, missed, and are due today.

Says: whether the team does what it tells customers that it will do, person by person and month by
month.

Formula: a promise counts in the period that its due day lies in, for whoever promised: the person
named in it, or else whoever made the follow-up. Kept: ticked, and not after its day; a tick without
a day counts as in time. Late: ticked after its day. Missed: not ticked, and due before the day of
the numbers. Due today: not ticked, and due on the day of the numbers itself. Share kept = kept /
(kept + late + missed); those due today are in neither. Days late are those from the due day to the
tick, or to the day of the numbers. Promises without a due day cannot be late; how many stand open
is said.

Source: docs/format.md, "What the numbers mean". The share kept is the delivery performance to the
customer commit date of supply chains (Supply Chain Operations Reference, RL.2.2), asked of
promises. Kept, and late and missed together, are the counts of the site's page of activity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.insight.measure import (
    Case,
    Column,
    Figure,
    Kind,
    Line,
    Scope,
    Table,
    by_person,
    count_of,
    share_of,
    spread_figure,
)
from tracker.insight.measure_lines import (
    BY_MONTH,
    BY_PERSON,
    FEW,
    TOTAL,
    by_month,
    person_lines,
    time_lines,
)
from tracker.library.status import CommitmentState
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tracker.insight.day import Day
    from tracker.library.status import Promise

TITLE = Message("Promise keeping")
SUMMARY = Message(
    "Promises by the day on which they were due: kept by their day, done late, missed, due today; "
    "and the share kept of those whose day has passed or that are done."
)
OF_PERIOD = True

_COLUMNS = (
    Column("kept", Message("Kept"), Kind.COUNT),
    Column("late", Message("Late"), Kind.COUNT),
    Column("missed", Message("Missed"), Kind.COUNT),
    Column("open", Message("Due today"), Kind.COUNT),
    Column("share", Message("Share kept"), Kind.SHARE, FEW),
    Column("days_late", Message("Days late"), Kind.DAYS, FEW),
)

_COUNTS = 4
"""Of them that many are counts, one a fate of a promise."""

_COLUMN_OF = {
    CommitmentState.KEPT: "kept",
    CommitmentState.DONE: "kept",
    CommitmentState.LATE: "late",
    CommitmentState.OVERDUE: "missed",
    CommitmentState.OPEN: "open",
}


class _Due(NamedTuple):
    """A promise with a due day.

    Attributes:
        case: The customer, that day and where the promise stands.
        day: The day.
        promise: The promise.
        late: Days from the due day to the tick, or to the day of the numbers.
        who: Whoever promised, as the settings write the name.
    """

    case: Case
    day: date
    promise: Promise
    late: int
    who: str


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the tables by person and by month."""
    period = scope.period.until(scope.today)
    due = [each for each in scope.of_person(scope.day.once(_due)) if each.day in period]
    return (
        Table(
            "people",
            Message("By person"),
            BY_PERSON,
            _COLUMNS,
            person_lines(due, lambda item: item.who, _figures, scope.config),
            total=Line("total", TOTAL, _figures(due)),
            notes=_notes(scope),
        ),
        Table(
            "months",
            Message("By month of the due day"),
            BY_MONTH,
            _COLUMNS,
            time_lines(due, lambda item: item.day, _figures, by_month, scope),
        ),
    )


def _due(day: Day) -> Mapping[str | None, Sequence[_Due]]:
    """Return all promises with a due day by whoever promised, in the order of the records."""
    config = day.library.config
    due = (
        _Due(
            Case(standing, due, promise.commitment.span.line),
            due,
            promise,
            _late(promise, due),
            config.owner_name(promise.who),
        )
        for standing in day.standings
        for promise in standing.status.promises
        if (due := promise.commitment.due)
    )
    return by_person(due, lambda each: each.who)


def _late(promise: Promise, due: date) -> int:
    done_on = promise.commitment.done_on
    if promise.state is CommitmentState.LATE and done_on:
        return (done_on - due).days
    return promise.days_overdue


def _undated(day: Day) -> Mapping[str | None, Sequence[str]]:
    """Return who made each open promise that has no due day, by the person."""
    config = day.library.config
    promisers = (
        config.owner_name(promise.who)
        for standing in day.standings
        for promise in standing.status.promises
        if promise.state is CommitmentState.OPEN and promise.commitment.due is None
    )
    return by_person(promisers, str)


def _figures(due: Sequence[_Due]) -> tuple[Figure, ...]:
    cases: dict[str, list[Case]] = {column.key: [] for column in _COLUMNS[:_COUNTS]}
    for item in due:
        cases[_COLUMN_OF[item.promise.state]].append(item.case)
    kept = cases["kept"]
    return (
        *map(count_of, cases.values()),
        share_of(kept, len(due) - len(cases["open"])),
        spread_figure([(item.case, item.late) for item in due if item.late]),
    )


def _notes(scope: Scope) -> tuple[Message, ...]:
    undated = len(scope.of_person(scope.day.once(_undated)))
    if not undated:
        return ()
    return (
        Message(
            "Open promises without a due day, which are not counted: {count}", {"count": undated}
        ),
    )
