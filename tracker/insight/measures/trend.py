"""Trend: new, won and lost customers, follow-ups and promises kept, month by month.

Says: whether there is more or less of it than before.

Formula: the counts of the site's page of activity, in months; in weeks where the period has no more
than thirteen weeks. The first and the last are cut to the period, and what has not ended yet is
counted up to the day: it cannot be compared with a whole one. Customers count for whoever owned
them on the day, follow-ups and promises for whoever made them. A customer that was won twice in a
month counts once in it, and once in the total, for whoever owned it the last time.

Source: weeks as ISO 8601; a run chart (Perla, Provost and Murray, "The run chart", BMJ Quality and
Safety 20, 2011) without its rules: the eye judges.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tracker.insight.activity import Event, activity_of, events_within
from tracker.insight.measure import (
    Case,
    Chart,
    Column,
    Figure,
    Kind,
    Line,
    Scope,
    Table,
    by_person,
    count_of,
)
from tracker.insight.measure_lines import BY_MONTH, BY_WEEK, TOTAL, by_month, by_week, time_lines
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tracker.insight.day import Day
    from tracker.library.status import Promise

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
_OF_CUSTOMERS = ("new", "won", "lost")


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table of the weeks or months."""
    short = scope.period.days <= _MOST_WEEKS * _DAYS_OF_A_WEEK
    cases = _cases(scope)
    counters = {column.key: _counter(column, scope) for column in _COLUMNS}
    by_kind = [
        time_lines(cases[key], _day, count, by_week if short else by_month, scope)
        for key, count in counters.items()
    ]
    total = tuple(figure for key, count in counters.items() for figure in count(cases[key]))
    return (
        Table(
            "weeks" if short else "months",
            Message("By week") if short else Message("By month"),
            BY_WEEK if short else BY_MONTH,
            _COLUMNS,
            tuple(_joined(lines) for lines in zip(*by_kind, strict=True)),
            total=Line("total", TOTAL, total),
            chart=Chart.TREND,
        ),
    )


def _cases(scope: Scope) -> dict[str, list[Case]]:
    """Return what happened in the period by the keys of the columns, the oldest first.

    Of customers it is what happened whoever owned them.
    """

    def of_customers(events: tuple[Event[object], ...]) -> list[Case]:
        found = events_within(events, scope.period)
        return [Case(event.standing, event.day) for event in found]

    kept = events_within(tuple(scope.of_person(scope.day.once(_kept))), scope.period)
    return {
        "new": of_customers(scope.activity.new),
        "won": of_customers(scope.activity.won),
        "lost": of_customers(scope.activity.lost),
        "followups": [case for _followup, case in scope.followups],
        "kept": [Case(each.standing, each.day, each.what.commitment.span.line) for each in kept],
    }


def _kept(day: Day) -> Mapping[str | None, Sequence[Event[Promise]]]:
    """Return all promises that were kept by whoever promised, the oldest first."""
    config = day.library.config
    return by_person(day.once(activity_of).kept, lambda each: config.owner_name(each.what.who))


def _day(case: Case) -> date:
    return case.day or date.min


def _counter(column: Column, scope: Scope) -> Callable[[Sequence[Case]], tuple[Figure, ...]]:
    """Return what counts the cases of a column.

    Customers won or lost twice count once, for whoever owned them the last time.
    """

    def count(cases: Sequence[Case]) -> tuple[Figure, ...]:
        if column.key in _OF_CUSTOMERS:
            last = {case.standing.customer.path: case for case in cases}
            cases = [case for case in last.values() if scope.counts(case.standing, _day(case))]
        return (count_of(cases),)

    return count


def _joined(lines: Sequence[Line]) -> Line:
    """Return the lines of one stretch, each with one figure, as one."""
    figures = tuple(figure for line in lines for figure in line.figures)
    return Line(lines[0].key, lines[0].label, figures, lines[0].period)
