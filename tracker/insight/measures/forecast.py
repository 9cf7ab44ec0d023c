"""Forecast: what open customers may bring, by the month in which they are expected to sign.

Says: how much can be expected in which month, how sure it is, and which expected days have passed.

Formula: customers in open stages by the month of `expected_close`: this month from today on, the
five months after it, whatever is later, and those without a day. A day before today counts in no
month but in "slipped": it is no forecast any more. Amount: the sum of `value`. Weighted: each value
× the `probability` of its stage. By outcome: each value × the share won that `stage-odds` observed
for its stage, from 20 closed customers on, and × the `probability` below that. Commit: the whole
value in stages whose probability is at least `forecast.commit` of tracker.yaml (0.7 unless set),
nothing in others. Won: deals won in the month so far; it is not part of the other sums.

Won and lost customers are in none of the forecasts: the won are no longer expected, and a lost one
counts zero. One known CRM counts a lost deal with its full value, so that each loss raises its
forecast (Frappe CRM, `get_forecasted_revenue` in `crm/api/dashboard.py` as of 2025: the value is
not multiplied by the probability where the status is of the type `Lost`).

Pushed: how often `expected_close` was moved to a later day in git, of the customers that are open
and have one. Moves to an earlier day do not count. Where git tells nothing, neither does this.

Source: the weighted sum is "expected revenue" of Salesforce and "prorated revenue" of Odoo (both:
amount × probability); commit is the forecast category of that name in Salesforce, by a bar instead
of by hand; a pushed day is what Gong calls "pushed out (slipped)".
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
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
    sum_of,
)
from tracker.insight.measure_lines import BY_MONTH, TOTAL
from tracker.insight.outcomes import LEAST_CLOSED, expected_sums, odds_by_stage, outcomes_of
from tracker.periods import Period, month_of
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.insight.day import Standing
    from tracker.insight.outcomes import Odds

TITLE = Message("Forecast")
SUMMARY = Message(
    "Open customers by the month in which they are expected to sign: their values, weighted by the "
    "probability of the stage, and those in stages that are counted on. Past days are slipped; won "
    "and lost customers are in none of them."
)
OF_PERIOD = False

MONTHS = 6
"""Months that have a line, this one included."""

_COLUMNS = (
    Column("customers", Message("Customers"), Kind.COUNT),
    Column("amount", Message("Amount"), Kind.MONEY),
    Column("weighted", Message("Weighted"), Kind.MONEY),
    Column("outcome", Message("Weighted by outcome"), Kind.MONEY),
    Column("commit", Message("Commit"), Kind.MONEY),
    Column("won", Message("Won so far"), Kind.MONEY),
)
_PUSH_COLUMNS = (
    Column("customers", Message("Customers"), Kind.COUNT),
    Column("slipped", Message("Slipped"), Kind.COUNT),
    Column("amount", Message("Amount"), Kind.MONEY),
)
_MOST_PUSHES = 3


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table of the months, and where git tells it how often days were pushed."""
    expected = [
        standing for standing in scope.standings if standing.status.stage_kind is StageKind.OPEN
    ]
    pushes = _pushes(expected, scope)
    cases = [_case(standing, pushes, scope.today) for standing in expected]
    months = _months(cases, scope)
    return (months,) if pushes is None else (months, _pushed(cases, pushes, scope))


# --- By month -----------------------------------------------------------------------------------


def _months(cases: Sequence[Case], scope: Scope) -> Table:
    today = scope.today
    odds = odds_by_stage(scope)
    slipped: list[Case] = []
    later: list[Case] = []
    undated: list[Case] = []
    ahead = _months_ahead(today)
    of_month: dict[date, list[Case]] = {month.first: [] for month in ahead}
    for case in cases:
        if case.day is None:
            undated.append(case)
        elif case.day < today:
            slipped.append(case)
        else:
            of_month.get(case.day.replace(day=1), later).append(case)

    def figures(part: Sequence[Case]) -> tuple[Figure, ...]:
        return _figures(part, odds, scope)

    no_won = Figure(None, 0)
    lines = [Line("slipped", Message("Slipped: the day has passed"), (*figures(slipped), no_won))]
    for month in ahead:
        key = f"{month.first:%Y-%m}"
        won = _won_in(month, scope) if today in month else no_won
        lines.append(Line(key, key, (*figures(of_month[month.first]), won), month))
    lines += [
        Line("later", Message("Later"), (*figures(later), no_won)),
        Line("none", Message("No close date"), (*figures(undated), no_won)),
    ]
    return Table(
        "months",
        Message("Expected by month"),
        BY_MONTH,
        _COLUMNS,
        tuple(lines),
        total=Line("total", TOTAL, (*figures(cases), no_won)),
        notes=tuple(_notes(odds, scope)),
        chart=Chart.BARS,
    )


def _months_ahead(today: date) -> tuple[Period, ...]:
    months = [month_of(today)]
    while len(months) < MONTHS:
        months.append(month_of(months[-1].last + timedelta(days=1)))
    return tuple(months)


def _figures(cases: Sequence[Case], odds: Mapping[str, Odds], scope: Scope) -> tuple[Figure, ...]:
    config = scope.config
    bar = config.forecast.commit
    sure = [
        each for each in cases if odds[each.standing.customer.stage or ""].stage.probability >= bar
    ]
    return (
        count_of(cases),
        *expected_sums(cases, odds, config),
        sum_of([(case, case.standing.customer.value) for case in sure], config),
    )


def _won_in(month: Period, scope: Scope) -> Figure:
    won = [each for each in outcomes_of(scope, month) if each.won]
    return sum_of([(each.case, each.amount) for each in won], scope.config)


def _notes(odds: Mapping[str, Odds], scope: Scope) -> Iterator[Message]:
    sure = tuple(
        each.stage.label
        for each in odds.values()
        if each.stage.probability >= scope.config.forecast.commit
    )
    if sure:
        yield Message("Commit counts the stages: {stages}", {"stages": sure})
    else:
        yield Message("No open stage has a probability that commit counts")
    observed = tuple(each.stage.label for each in odds.values() if each.observed is not None)
    if observed:
        yield Message(
            "Weighted by outcome takes the observed share for {stages}, the probability for others",
            {"stages": observed},
        )
    else:
        yield Message(
            "No stage has {count} closed customers yet from which a share could be taken",
            {"count": LEAST_CLOSED},
        )
    if not scope.day.history.records:
        yield Message("Without the history in git nothing is known of days that were moved")
    else:
        yield from (gap.message for gap in scope.day.history.gaps)


# --- Days that were moved -----------------------------------------------------------------------


def _pushes(expected: Iterable[Standing], scope: Scope) -> Mapping[str, int] | None:
    """Return how often each customer's expected day was moved to a later one, by path.

    The value in the record counts as the newest one, committed or not. None where git tells
    nothing of any record.
    """
    history = scope.day.history
    if not history.records:
        return None
    pushes = {}
    for standing in expected:
        customer = standing.customer
        changes = history.of(customer.path).of("expected_close")
        # Of a shallow clone the first change has a day before it, too.
        values = [*(change.old for change in changes[:1]), *(change.new for change in changes)]
        days = [day for day in (*values, customer.expected_close) if isinstance(day, date)]
        pushes[customer.path] = sum(later > earlier for earlier, later in pairwise(days))
    return pushes


def _case(standing: Standing, pushes: Mapping[str, int] | None, today: date) -> Case:
    """Return a customer as a case, with how late it is and how often it was pushed."""
    day = standing.customer.expected_close
    late = (today - day).days if day and day < today else 0
    pushed = pushes.get(standing.customer.path, 0) if pushes else 0
    parts = []
    if late:
        parts.append(Message("days past: {count}", {"count": late}))
    if pushed:
        parts.append(Message("pushed: {count}×", {"count": pushed}))
    note = Message("{word}", {"word": tuple(parts)}) if parts else ""
    written = standing.customer.spans.get("expected_close")
    return Case(standing, day, written.line if written else None, note)


def _pushed(cases: Sequence[Case], pushes: Mapping[str, int], scope: Scope) -> Table:
    by_number: dict[int, list[Case]] = {number: [] for number in range(_MOST_PUSHES + 1)}
    for case in cases:
        if case.day:
            by_number[min(pushes[case.standing.customer.path], _MOST_PUSHES)].append(case)

    def figures(part: Sequence[Case]) -> tuple[Figure, ...]:
        return (
            count_of(part),
            count_of([case for case in part if case.day and case.day < scope.today]),
            sum_of([(case, case.standing.customer.value) for case in part], scope.config),
        )

    labels = {
        0: Message("Never"),
        1: Message("Once"),
        2: Message("Twice"),
        _MOST_PUSHES: Message("{count} times or more", {"count": _MOST_PUSHES}),
    }
    return Table(
        "pushes",
        Message("How often the close date was moved to a later day"),
        Message("Pushed"),
        _PUSH_COLUMNS,
        tuple(
            Line(str(number), labels[number], figures(part)) for number, part in by_number.items()
        ),
        total=Line("total", TOTAL, figures([case for case in cases if case.day])),
        chart=Chart.BARS,
    )
