"""Promises: how many were kept, late, missed, and are still open.

Says: whether the team does what it tells customers that it will do, person by person and month by
month.

Formula: a promise counts in the period that its due day lies in, for whoever promised: the person
named in it, or else whoever made the follow-up. Kept: ticked, and not after its day; a tick without
a day counts as in time. Late: ticked after its day. Missed: not ticked, and due before the day of
the numbers. Open: not ticked, and due on the day of the numbers. Share kept = kept / (kept + late +
missed); open ones are in neither. Days late are those from the due day to the tick, or to the day
of the numbers. Promises without a due day cannot be late; how many stand open is said.

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
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.insight.day import Standing
    from tracker.library.status import Promise

TITLE = Message("Promise keeping")
SUMMARY = Message(
    "Promises by the day on which they were due: kept by their day, done late, missed, still open; "
    "and the share kept of those whose day has passed or that are done."
)
OF_PERIOD = True

_COLUMNS = (
    Column("kept", Message("Kept"), Kind.COUNT),
    Column("late", Message("Late"), Kind.COUNT),
    Column("missed", Message("Missed"), Kind.COUNT),
    Column("open", Message("Still open"), Kind.COUNT),
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
    """A promise that is due in the period; `late` is by how many days."""

    case: Case
    day: date
    promise: Promise
    late: int


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the tables by person and by month."""
    due = list(_due(scope))
    return (
        Table(
            "people",
            Message("By person"),
            BY_PERSON,
            _COLUMNS,
            person_lines(due, lambda item: item.promise.who, _figures, scope.config),
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


def _promises(scope: Scope) -> Iterator[tuple[Standing, Promise]]:
    for standing in scope.day.standings:
        for promise in standing.status.promises:
            if scope.owner is None or scope.is_of(scope.config.owner_name(promise.who)):
                yield standing, promise


def _due(scope: Scope) -> Iterator[_Due]:
    period = scope.period.until(scope.today)
    for standing, promise in _promises(scope):
        day, done_on = promise.commitment.due, promise.commitment.done_on
        if day is None or day not in period:
            continue
        late = promise.days_overdue
        if promise.state is CommitmentState.LATE and done_on:
            late = (done_on - day).days
        yield _Due(Case(standing, day, promise.commitment.span.line), day, promise, late)


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
    undated = sum(
        promise.state is CommitmentState.OPEN and promise.commitment.due is None
        for _standing, promise in _promises(scope)
    )
    if not undated:
        return ()
    return (
        Message("{count} open promises have no due day, and are not counted", {"count": undated}),
    )
