"""What a report tells of the day itself: the plans of the days ahead, and the customers at risk."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from statistics import quantiles
from typing import TYPE_CHECKING

from tracker.insight.agenda import Group, agenda_of
from tracker.insight.measure import by_person
from tracker.insight.report_entries import Entry
from tracker.library.status import NextState
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.insight.day import Day, Standing
    from tracker.insight.measure import Scope
    from tracker.periods import Period


class Risk(StrEnum):
    """What can be at risk with a customer, the worst first.

    `big-quiet`: stale, and of the first level or in the upper quarter of the weighted values.
    `slipped`: expected to close before the day. `overdue`: the next step's day has passed.
    `promise`: a promise is overdue. `quiet`: stale. `no-step`: open, without a next step.
    """

    BIG_QUIET = "big-quiet"
    SLIPPED = "slipped"
    OVERDUE = "overdue"
    PROMISE = "promise"
    QUIET = "quiet"
    NO_STEP = "no-step"


def plans_ahead(day: Day, ahead: Period) -> Mapping[str | None, Sequence[Entry]]:
    """Return the next steps and promises of the days ahead by whose they are, day by day.

    Args:
        day: The workspace on the day.
        ahead: The days ahead.
    """
    config = day.library.config
    found = [
        Entry(item.standing, item, item.date, item.line, config.owner_name(item.who or ""))
        for item in agenda_of(day.standings, day.today, (ahead.last - day.today).days, _PLANNED)
        if item.date and item.date in ahead
    ]
    found.sort(key=lambda entry: entry.day or date.max)
    return by_person(found, lambda entry: entry.who)


_PLANNED = (Group.TODAY, Group.COMING, Group.PROMISE)


def risks_of(scope: Scope, big: frozenset[str]) -> list[Entry]:
    """Return the customers with risks, the worst first.

    Args:
        scope: Whose customers.
        big: The paths of the `important_customers`.
    """
    levels = {level.id: place for place, level in enumerate(scope.config.levels)}
    found = []
    for standing in scope.standings:
        risks = tuple(_risks_with(standing, scope.today, big))
        if risks:
            owner = standing.customer.owner or ""
            found.append(Entry(standing, risks, None, None, owner))

    def order(entry: Entry) -> tuple[bool, int, int, int, str]:
        customer = entry.standing.customer
        return (
            customer.path not in big,
            list(Risk).index(entry.what[0]),
            levels.get(customer.level or "", len(levels)),
            -len(entry.what),
            customer.path,
        )

    return sorted(found, key=order)


def _risks_with(standing: Standing, today: date, big: frozenset[str]) -> Iterator[Risk]:
    customer, status = standing.customer, standing.status
    if status.stale and customer.path in big:
        yield Risk.BIG_QUIET
    is_open = status.stage_kind is StageKind.OPEN
    if is_open and customer.expected_close and customer.expected_close < today:
        yield Risk.SLIPPED
    if status.next_state is NextState.OVERDUE:
        yield Risk.OVERDUE
    if status.overdue_promises:
        yield Risk.PROMISE
    if status.stale and customer.path not in big:
        yield Risk.QUIET
    if is_open and status.next_state is NextState.NONE:
        yield Risk.NO_STEP


def important_customers(day: Day) -> frozenset[str]:
    """Return the paths of the open customers that matter most.

    They are of the first level, or in the upper quarter of the weighted values, as far as these
    are in the workspace's currency or have a rate.
    """
    config = day.library.config
    first = next((level.id for level in config.levels), None)
    rates = {**config.rates, config.currency: Decimal(1)}
    weighted = {
        standing.customer.path: money.amount * rates[money.currency]
        for standing in day.standings
        if standing.status.stage_kind is StageKind.OPEN
        and (money := standing.status.weighted_value)
        and money.currency in rates
    }
    known = list(weighted.values())
    bar = quantiles(known, n=4, method="inclusive")[-1] if len(known) > 1 else None
    large = {path for path, amount in weighted.items() if bar is not None and amount > bar}
    return frozenset(large).union(
        standing.customer.path
        for standing in day.standings
        if standing.status.stage_kind is StageKind.OPEN
        and first is not None
        and standing.customer.level == first
    )
