"""Customer value: recency, frequency and amount in quarters, beside the level given by hand.

Says: whether the levels that people have given still fit: of the first level who is not spoken to,
and of the last level who buys.

Formula: customers in an open or won stage on the day of the numbers. Recency is the days since the
last contact (or since `created`), fewer being better; frequency the follow-ups of the last 365
days; amount that of the deal, or the customer's value where no deal is written, in the workspace's
currency. Each gets a score from 1 to 4: 1, and 1 more for each of the three quartiles of all
customers that it lies beyond. Equal ones always share a score. Who has no day, no amount, or an
amount without a rate has no such score. The mean scores of a level are said from five customers
on. They disagree with the level where a customer of the first level has no follow-up of the last
365 days or is longer without contact than three quarters of all (beyond the upper quartile), and
where one of the last level is in a won stage with an amount score of 3 or 4. Levels are first and
last in the order of tracker.yaml.

Source: recency, frequency, monetary value as Hughes, Strategic Database Marketing, 4th edition
(2012), who sorts into equal fifths; here quarters, with ties kept together, and contact in place of
purchase, since a customer of this trade buys rarely. Quartiles as type 7 of Hyndman and Fan (1996).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import quantiles
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from tracker.insight.activity import signed_or_expected
from tracker.insight.measure import Case, Column, Figure, Kind, Line, Scope, Table, count_of, sum_of
from tracker.insight.measure_lines import FEW, TOTAL
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.config import Config
    from tracker.insight.day import Day, Standing

TITLE = Message("Customer value")
SUMMARY = Message(
    "Open and won customers, scored from 1 to 4 by how recently and how often they were contacted "
    "and by their amount; and where that disagrees with the level given by hand."
)
OF_PERIOD = False

YEAR = timedelta(days=365)
"""How far back follow-ups are counted for the frequency."""

_QUARTERS = 4
_HIGH_AMOUNT = 3
_MOST_LINES = 25

_SCORES = (
    Column("recency", Message("Recency score"), Kind.SCORE, FEW),
    Column("frequency", Message("Frequency score"), Kind.SCORE, FEW),
    Column("amount", Message("Amount score"), Kind.SCORE, FEW),
)
_OF_CUSTOMER = (
    Column("idle_days", Message("Days without contact"), Kind.COUNT),
    Column("followups", Message("Follow-ups in a year"), Kind.COUNT),
    Column("value", Message("Amount"), Kind.MONEY),
    *(Column(column.key, column.title, Kind.SCORE, _QUARTERS) for column in _SCORES),
)

Number = TypeVar("Number", int, Decimal)


class Value(Struct, frozen=True):
    """A customer with its scores, each None where nothing is known.

    Attributes:
        case: The customer, with its scores beside it.
        followups: Follow-ups of the last year.
        quiet: Whether it is longer without contact than three quarters of all.
        scores: By `recency`, `frequency` and `amount`.
    """

    case: Case
    followups: int
    quiet: bool
    scores: dict[str, int | None]

    @property
    def standing(self) -> Standing:
        """Return the customer."""
        return self.case.standing


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the scores by level, and where they disagree with it."""
    values = _values(scope)
    found = [_by_level(values, scope.config)]
    levels = [level.id for level in scope.config.levels]
    if len(levels) > 1:
        title = Message("Important, but not contacted")
        neglected = [value for value in values if _is_neglected(value, levels[0])]
        found.append(_customers("neglected", title, sorted(neglected, key=_longest), values, scope))
        title = Message("Buying, but of the last level")
        buying = [value for value in values if _is_buying(value, levels[-1])]
        found.append(_customers("buying", title, sorted(buying, key=_largest), values, scope))
    return tuple(found)


def _is_neglected(value: Value, first: str) -> bool:
    neglected = value.quiet or not value.followups
    return value.standing.customer.level == first and neglected


def _is_buying(value: Value, last: str) -> bool:
    won = value.standing.status.stage_kind is StageKind.WON
    high = (value.scores["amount"] or 0) >= _HIGH_AMOUNT
    return value.standing.customer.level == last and won and high


def _longest(value: Value) -> tuple[int, str]:
    return -(value.standing.status.idle_days or 0), value.standing.customer.path


def _largest(value: Value) -> tuple[int, int, str]:
    return -(value.scores["amount"] or 0), -value.followups, value.standing.customer.path


# --- Scores -------------------------------------------------------------------------------------


def _values(scope: Scope) -> list[Value]:
    """Return the customers of the scope, scored among all customers of the team."""
    scored = scope.day.once(_scored)
    found = (scored.get(standing.customer.path) for standing in scope.standings)
    return [value for value in found if value]


def _scored(day: Day) -> Mapping[str, Value]:
    """Return the open and won customers with their scores, by path."""
    scored = [
        standing
        for standing in day.standings
        if standing.status.stage_kind in (StageKind.OPEN, StageKind.WON)
    ]
    since = day.today - YEAR
    followups = [
        sum(since < followup.date <= day.today for followup in standing.customer.followups)
        for standing in scored
    ]
    idle = [standing.status.idle_days for standing in scored]
    recency = _quarters([None if days is None else -days for days in idle])
    frequency = _quarters(followups)
    amount = _quarters([_amount(standing, day.library.config) for standing in scored])
    quiet = [score == _QUARTERS for score in _quarters(idle)]
    keys = [column.key for column in _SCORES]
    return {
        standing.customer.path: _value(
            standing, count, dict(zip(keys, scores, strict=True)), quiet=is_quiet
        )
        for standing, count, is_quiet, *scores in zip(
            scored, followups, quiet, recency, frequency, amount, strict=True
        )
    }


def _value(
    standing: Standing, followups: int, scores: dict[str, int | None], *, quiet: bool
) -> Value:
    shown: dict[str, object] = {key: score or "–" for key, score in scores.items()}
    note = Message("recency {recency}, frequency {frequency}, amount {amount}", shown)
    return Value(Case(standing, note=note), followups, quiet, scores)


def _amount(standing: Standing, config: Config) -> Decimal | None:
    money = signed_or_expected(standing.customer)
    rate = Decimal(1) if money and money.currency == config.currency else None
    if money and rate is None:
        rate = config.rates.get(money.currency)
    return money.amount * rate if money and rate is not None else None


def _quarters(numbers: Sequence[Number | None]) -> list[int | None]:
    """Return the score of each number: 1, and 1 more for each quartile that it is greater than."""
    known = [number for number in numbers if number is not None]
    cuts = quantiles(known, n=_QUARTERS, method="inclusive") if len(known) > 1 else ()
    return [None if number is None else 1 + sum(number > cut for cut in cuts) for number in numbers]


# --- Tables -------------------------------------------------------------------------------------


def _by_level(values: Sequence[Value], config: Config) -> Table:
    by_level: defaultdict[str | None, list[Value]] = defaultdict(list)
    for value in values:
        by_level[value.standing.customer.level].append(value)
    lines = [Line(level.id, level.label, _means(by_level[level.id])) for level in config.levels]
    if by_level[None]:
        lines.append(Line("-", Message("Without a level"), _means(by_level[None])))
    return Table(
        "levels",
        Message("Mean scores by level"),
        Message("Level"),
        (Column("customers", Message("Customers"), Kind.COUNT), *_SCORES),
        tuple(lines),
        total=Line("total", TOTAL, _means(values)),
        notes=tuple(_notes(values)),
    )


def _means(values: Sequence[Value]) -> tuple[Figure, ...]:
    return (
        count_of([value.case for value in values]),
        *(_mean(values, column.key) for column in _SCORES),
    )


def _mean(values: Iterable[Value], key: str) -> Figure:
    scored = [(value.case, score) for value in values if (score := value.scores[key])]
    total = sum(score for _case, score in scored)
    mean = Fraction(total, len(scored)) if scored else None
    return Figure(mean, len(scored), tuple(case for case, _score in scored))


def _notes(values: Sequence[Value]) -> Iterator[Message]:
    without = sum(value.scores["amount"] is None for value in values)
    if without:
        yield Message(
            "Customers without an amount to compare, and so without a score for it: {count}",
            {"count": without},
        )


def _customers(
    key: str, title: Message, found: Sequence[Value], values: Sequence[Value], scope: Scope
) -> Table:
    """Return a table with a line a customer, the first of them where there are many.

    Args:
        key: Name of the table.
        title: Its title.
        found: The customers that it is about, in their order.
        values: All customers that were scored.
        scope: What numbers are asked of.
    """
    scored = {
        column.key: sum(value.scores[column.key] is not None for value in values)
        for column in _SCORES
    }

    def line(value: Value) -> Line:
        customer, cases = value.standing.customer, (value.case,)
        return Line(
            customer.id,
            customer.short or customer.name,
            (
                Figure(value.standing.status.idle_days, 1, cases),
                Figure(value.followups, value.followups, cases),
                _amounts((value,), scope),
                *(Figure(value.scores[name], scored[name], cases) for name in scored),
            ),
        )

    every = tuple(value.case for value in found)
    followups = sum(value.followups for value in found)
    unsaid = (Figure(None, len(found), every) for _column in _SCORES)
    total = (
        Figure(None, len(found), every),
        Figure(followups, followups, every),
        _amounts(found, scope),
        *unsaid,
    )
    left = len(found) - _MOST_LINES
    return Table(
        key,
        title,
        Message("Customer"),
        _OF_CUSTOMER,
        tuple(map(line, found[:_MOST_LINES])),
        total=Line("total", TOTAL, total) if found else None,
        notes=(Message("… and {count} more", {"count": left}),) if left > 0 else (),
    )


def _amounts(values: Iterable[Value], scope: Scope) -> Figure:
    return sum_of(
        [(value.case, signed_or_expected(value.standing.customer)) for value in values],
        scope.config,
    )
