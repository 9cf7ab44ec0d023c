"""Outlook: how many deals, and for how much, the next quarter is likely to bring.

Says: what comes if things go on as they did. It knows nothing of the customers that are in the
pipeline: that is the forecast.

Formula: deals won and their amounts by whole calendar quarter, from the first whole one that has
records up to the last that has ended, in the workspace's currency; amounts without a rate are left
out, and said. Three methods say the next quarter, two quarters after the last that is known: the
mean of the last four; the same quarter of the year before; a straight line through the last eight
(least squares), never below zero. Each is tested on every past quarter from the sixth on, from what
was known two quarters before it. The error is the mean absolute one (MAE), in deals and in money,
and as a share of the mean that it was tested on. Of the three the one with the smallest error is
taken, for deals and for amounts by itself. With fewer than four quarters to test on, that is with
fewer than nine whole quarters, it says nothing.

Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition (2021), 5.2
(mean and seasonal naive method), 5.8 (errors), 5.10 (testing each time on what lay before). The
share is the MAD/mean ratio of Kolassa and Schütz (Foresight 6, 2007), which can be said where a
quarter brought nothing, as a percentage error cannot.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from tracker.insight.activity import activity_of
from tracker.insight.measure import Case, Chart, Column, Figure, Kind, Line, Scope, Table, count_of
from tracker.insight.measure_lines import quarter_key
from tracker.insight.sums import Sums, sums
from tracker.money import Money, half_up
from tracker.periods import Period, quarter_of
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tracker.insight.activity import Event

TITLE = Message("Outlook")
SUMMARY = Message(
    "Deals and amounts that the next quarter is likely to bring if things go on as in the past "
    "quarters, by the simple method that would have erred least so far, with its mean error."
)
OF_PERIOD = False

LEAST_TESTS = 4
"""Past quarters that a method must have been tested on before it says anything."""

_AHEAD = 2
"""Quarters from the last that has ended to the next one: the current one lies between."""

_SEASON = 4
_LINE = 8
_FIRST_TEST = _SEASON + _AHEAD - 1
"""The index of the first quarter that all methods can be tested on."""


class _Tested(NamedTuple):
    """A method with its error.

    Attributes:
        key: Its name.
        likely: What it says of the next quarter; None where too little is known.
        error: Its mean absolute error; None where it was never tested.
        share: That as a share of the mean of what it was tested on; None where that is nothing.
        tests: The number of quarters it was tested on.
    """

    key: str
    likely: Fraction | None
    error: Fraction | None
    share: Fraction | None
    tests: int


class _Quarter(Struct, frozen=True):
    """A quarter with what was won in it; `unrated` are amounts without a rate."""

    period: Period
    won: tuple[Event[Money | None], ...]
    amount: Fraction
    unrated: int


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the next quarter, the methods with their errors, and the past quarters."""
    quarters = list(_quarters(scope))
    deals = _tested([Fraction(len(quarter.won)) for quarter in quarters])
    amounts = _tested([quarter.amount for quarter in quarters])
    cases = tuple(_case(event) for quarter in quarters for event in quarter.won)
    tested = (_methods(scope, deals, amounts, cases),) if deals[0].tests else ()
    return (_next(scope, quarters, deals, amounts, cases), *tested, _past(scope, quarters))


# --- Quarters -----------------------------------------------------------------------------------


def _quarters(scope: Scope) -> Iterator[_Quarter]:
    """Yield the whole quarters that have ended, from the first one with records."""
    team = scope.day.once(activity_of)
    known = [kind[0].day for kind in (team.followups, team.new, team.won) if kind]
    if not known:
        return
    begun = quarter_of(min(known))
    quarter = begun if begun.first == min(known) else _after(begun)
    rates = {**scope.config.rates, scope.config.currency: Decimal(1)}
    while quarter.last < scope.today:
        won = tuple(
            event
            for event in scope.activity.within(quarter).won
            if scope.is_of(scope.owner_on(event.standing, event.day))
        )
        money = [event.what for event in won if event.what]
        rated = [each for each in money if each.currency in rates]
        amount = sum((each.amount * rates[each.currency] for each in rated), Decimal(0))
        yield _Quarter(quarter, won, Fraction(amount), len(money) - len(rated))
        quarter = _after(quarter)


def _after(quarter: Period) -> Period:
    return quarter_of(quarter.last + timedelta(days=1))


def _case(event: Event[Money | None]) -> Case:
    return Case(event.standing, event.day, note=str(event.what or ""))


# --- Methods ------------------------------------------------------------------------------------


def _mean(known: Sequence[Fraction]) -> Fraction:
    last = known[-_SEASON:]
    return sum(last, Fraction(0)) / len(last)


def _same_quarter(known: Sequence[Fraction]) -> Fraction:
    return known[_AHEAD - 1 - _SEASON]


def _line(known: Sequence[Fraction]) -> Fraction:
    last = known[-_LINE:]
    middle = Fraction(len(last) - 1, 2)
    mean = sum(last, Fraction(0)) / len(last)
    spread = sum(((place - middle) ** 2 for place in range(len(last))), Fraction(0))
    rise = sum(((place - middle) * number for place, number in enumerate(last)), Fraction(0))
    return max(mean + rise / spread * (len(last) - 1 + _AHEAD - middle), Fraction(0))


_METHODS: dict[str, tuple[Message, Callable[[Sequence[Fraction]], Fraction]]] = {
    "mean": (Message("Mean of the last four quarters"), _mean),
    "season": (Message("The same quarter of the year before"), _same_quarter),
    "line": (Message("Straight line through the last eight quarters"), _line),
}


def _tested(numbers: Sequence[Fraction]) -> tuple[_Tested, ...]:
    """Return the methods with their errors on a series, in their order."""
    found = []
    for key, (_label, say) in _METHODS.items():
        errors = [
            abs(say(numbers[: place - _AHEAD + 1]) - numbers[place])
            for place in range(_FIRST_TEST, len(numbers))
        ]
        error = sum(errors, Fraction(0)) / len(errors) if errors else None
        of = sum(numbers[_FIRST_TEST:], Fraction(0)) / len(errors) if errors else None
        share = error / of if error is not None and of else None
        likely = say(numbers) if len(numbers) >= _SEASON else None
        found.append(_Tested(key, likely, error, share, len(errors)))
    return tuple(found)


def _best(methods: Sequence[_Tested]) -> _Tested:
    """Return the method with the smallest error, the first of equal ones."""
    return min(methods, key=lambda method: method.error or Fraction(0))


# --- Tables -------------------------------------------------------------------------------------

_BY_QUARTER = Message("Quarter")
_DEALS_ERROR = Column("deals_error", Message("Mean error in deals"), Kind.SCORE, LEAST_TESTS)
_AMOUNT_ERROR = Column("amount_error", Message("Mean error in money"), Kind.MONEY, LEAST_TESTS)


def _next(
    scope: Scope,
    quarters: Sequence[_Quarter],
    deals: Sequence[_Tested],
    amounts: Sequence[_Tested],
    cases: tuple[Case, ...],
) -> Table:
    period = _after(quarter_of(scope.today))
    by_deals, by_amounts = _best(deals), _best(amounts)
    tests = by_deals.tests
    figures = (
        Figure(by_deals.likely, tests, cases),
        Figure(by_deals.error, tests, cases),
        Figure(_money(by_amounts.likely, scope), tests, cases),
        Figure(_money(by_amounts.error, scope), tests, cases),
        Figure(by_amounts.share, tests, cases),
    )
    return Table(
        "next",
        Message("The next quarter"),
        _BY_QUARTER,
        (
            Column("deals", Message("Likely deals"), Kind.SCORE, LEAST_TESTS),
            _DEALS_ERROR,
            Column("amount", Message("Likely amount"), Kind.MONEY, LEAST_TESTS),
            _AMOUNT_ERROR,
            Column("error", Message("Error as a share"), Kind.RATE, LEAST_TESTS),
        ),
        (Line(quarter_key(period.first), quarter_key(period.first), figures, period),),
        notes=tuple(_notes(quarters, by_deals, by_amounts)),
    )


def _notes(quarters: Sequence[_Quarter], deals: _Tested, amounts: _Tested) -> Iterator[Message]:
    if deals.tests < LEAST_TESTS:
        least = _FIRST_TEST + LEAST_TESTS
        counts = {"count": len(quarters), "least": least}
        yield Message("too few whole quarters to say: {count} of the {least} that it takes", counts)
    else:
        values = {
            "deals": _METHODS[deals.key][0],
            "amounts": _METHODS[amounts.key][0],
            "tests": deals.tests,
        }
        yield Message(
            "deals by: {deals}; amounts by: {amounts}; tested on {tests} past quarters", values
        )
    unrated = sum(quarter.unrated for quarter in quarters)
    if unrated:
        yield Message("Amounts without a rate, which are left out: {count}", {"count": unrated})


def _methods(
    scope: Scope,
    deals: Sequence[_Tested],
    amounts: Sequence[_Tested],
    cases: tuple[Case, ...],
) -> Table:
    return Table(
        "methods",
        Message("What each method would have erred"),
        Message("Method of extrapolation"),
        (_DEALS_ERROR, _AMOUNT_ERROR),
        tuple(
            Line(
                of_deals.key,
                _METHODS[of_deals.key][0],
                (
                    Figure(of_deals.error, of_deals.tests, cases),
                    Figure(_money(of_amounts.error, scope), of_amounts.tests, cases),
                ),
            )
            for of_deals, of_amounts in zip(deals, amounts, strict=True)
        ),
    )


def _past(scope: Scope, quarters: Sequence[_Quarter]) -> Table:
    def line(quarter: _Quarter) -> Line:
        cases = tuple(map(_case, quarter.won))
        valued = [event for event in quarter.won if event.what]
        total = sums((event.what for event in valued), scope.config)
        amount = Figure(total, len(valued), tuple(map(_case, valued)))
        key = quarter_key(quarter.period.first)
        return Line(key, key, (count_of(cases), amount), quarter.period)

    return Table(
        "quarters",
        Message("Won by quarter"),
        _BY_QUARTER,
        (
            Column("won", Message("Won"), Kind.COUNT),
            Column("amount", Message("Amount won"), Kind.MONEY),
        ),
        tuple(map(line, quarters)),
        chart=Chart.TREND,
    )


def _money(amount: Fraction | None, scope: Scope) -> Sums | None:
    """Return an amount in the workspace's currency, in whole units."""
    if amount is None:
        return None
    money = Money(half_up(amount), scope.config.currency)
    return Sums((money,), money)
