"""Trend: new, won and lost customers, follow-ups and promises kept, month by month.

Says: whether there is more or less of it than before.

Formula: the counts of the site's page of activity, in months; in weeks where the period has no more
than thirteen weeks. The first and the last are cut to the period, and what has not ended yet is
counted up to the day: it cannot be compared with a whole one. Customers count for whoever owned
them on the day, follow-ups and promises for whoever made them. A customer that was won twice in a
month counts once in it, and once in the total.

Source: weeks as ISO 8601; a run chart (Perla, Provost and Murray, "The run chart", BMJ Quality and
Safety 20, 2011) without its rules: the eye judges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.insight.measure import (
    Case,
    Chart,
    Column,
    Figure,
    Kind,
    Line,
    Scope,
    Table,
    count_of,
)
from tracker.insight.measure_lines import BY_MONTH, BY_WEEK, TOTAL, by_month, by_week, time_lines
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.insight.activity import Event

TITLE = Message("Trend")
SUMMARY = Message(
    "New, won and lost customers, follow-ups and promises kept, in weeks or in months; the last is "
    "counted up to the day."
)
OF_PERIOD = True

_MOST_WEEKS = 13
_DAYS_OF_A_WEEK = 7

_COLUMNS = (
    Column("new", Message("New customers"), Kind.COUNT),
    Column("won", Message("Won"), Kind.COUNT),
    Column("lost", Message("Lost"), Kind.COUNT),
    Column("followups", Message("Follow-ups"), Kind.COUNT),
    Column("kept", Message("Promises kept"), Kind.COUNT),
)
_ONCE = ("won", "lost")


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table of the weeks or months."""
    events = list(_events(scope))
    short = scope.period.days <= _MOST_WEEKS * _DAYS_OF_A_WEEK
    return (
        Table(
            "weeks" if short else "months",
            Message("By week") if short else Message("By month"),
            BY_WEEK if short else BY_MONTH,
            _COLUMNS,
            time_lines(
                events, lambda item: item[2], _figures, by_week if short else by_month, scope
            ),
            total=Line("total", TOTAL, _figures(events)),
            chart=Chart.TREND,
        ),
    )


def _events(scope: Scope) -> Iterator[tuple[str, Case, date]]:
    """Yield what happened as key of its column, case and day, each kind oldest first."""
    for followup in scope.activity.followups:
        if followup.day in scope.period and scope.is_of(followup.what.who):
            line = followup.what.span.line
            yield "followups", Case(followup.standing, followup.day, line), followup.day
    for kept in scope.activity.kept:
        who = scope.config.owner_name(kept.what.who)
        if kept.day in scope.period and scope.is_of(who):
            line = kept.what.commitment.span.line
            yield "kept", Case(kept.standing, kept.day, line), kept.day
    customers: dict[str, Sequence[Event[object]]] = {
        "new": scope.activity.new,
        "won": scope.activity.won,
        "lost": scope.activity.lost,
    }
    for key, events in customers.items():
        for event in events:
            if scope.counts(event.standing, event.day):
                yield key, Case(event.standing, event.day), event.day


def _figures(events: Sequence[tuple[str, Case, date]]) -> tuple[Figure, ...]:
    cases: dict[str, list[Case]] = {column.key: [] for column in _COLUMNS}
    for key, case, _day in events:
        cases[key].append(case)
    for key in _ONCE:
        newest = {case.standing.customer.path: case for case in cases[key]}
        cases[key] = list(newest.values())
    return tuple(count_of(cases[column.key]) for column in _COLUMNS)
