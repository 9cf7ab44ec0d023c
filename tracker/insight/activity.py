"""What was done in a time: follow-ups, new customers, deals won and lost, promises kept.

Every figure is defined where it is counted, and is a list of the events behind it. Nothing that
lies after the day is counted. Weeks begin on Monday (ISO 8601).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from itertools import chain
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from msgspec import Struct

from tracker.insight.late_records import begun
from tracker.library.stage_history import arrivals
from tracker.library.status import CommitmentState
from tracker.periods import Period, month_of, week_of
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeAlias

    from tracker.config import Config
    from tracker.insight.day import Day, Standing
    from tracker.library.status import Promise
    from tracker.model import Customer, FollowUp
    from tracker.money import Money

    _Key: TypeAlias = tuple[Any, ...]

WEEKS = 13
"""Weeks of a trend: a quarter, the current week included."""

What_co = TypeVar("What_co", covariant=True)


class Event(Struct, Generic[What_co], frozen=True):
    """Something that happened with a customer.

    Attributes:
        day: When.
        standing: The customer.
        what: What it was.
    """

    day: date
    standing: Standing
    what: What_co


class Activity(Struct, frozen=True):
    """The events of a time, each kind oldest first.

    Attributes:
        followups: Dated sections of that time.
        new: Customers whose `created` lies in it; without `created`, their first follow-up.
        won: Customers that reached a stage of the kind `won` from one that is not, with the amount
            of the deal, or the customer's value where no deal is written. One counts once a time.
        lost: Customers that reached a stage of the kind `lost`, with their value, likewise.
        kept: Promises due in that time that are ticked, unless they were done after their day.
        missed: Promises due in that time that were done after their day or, on the day of the
            numbers, are overdue. One that is due on that very day is neither kept nor missed yet.
    """

    followups: tuple[Event[FollowUp], ...]
    new: tuple[Event[None], ...]
    won: tuple[Event[Money | None], ...]
    lost: tuple[Event[Money | None], ...]
    kept: tuple[Event[Promise], ...]
    missed: tuple[Event[Promise], ...]

    def within(self, period: Period) -> Activity:
        """Return the events of a part of the time."""
        parts = {
            kind: events_within(getattr(self, kind), period) for kind in self.__struct_fields__
        }
        parts["won"], parts["lost"] = _once(parts["won"]), _once(parts["lost"])
        return Activity(**parts)


class Months(Struct, frozen=True):
    """This month beside the last one.

    A month that is not over cannot be compared with a whole one, so the last month is counted
    twice: up to the same day of the month (its last day where it is shorter), and whole.

    Attributes:
        this: The current month up to the day.
        same: The last month up to the same day of the month.
        last: The whole last month.
    """

    this: Period
    same: Period
    last: Period


def months(today: date) -> Months:
    """Return this month up to the day, and the last one."""
    this = month_of(today).until(today)
    last = month_of(this.first - timedelta(days=1))
    return Months(this, last.until(last.first + timedelta(days=today.day - 1)), last)


def weeks(today: date) -> tuple[Period, ...]:
    """Return the last weeks, the earliest first; the last of them ends on the day."""
    monday = week_of(today).first
    starts = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return tuple(week_of(start).until(today) for start in starts)


class Happened(NamedTuple):
    """What has happened with one customer, whether past or future; see `Activity`.

    Each event comes with the key that orders it among those of all customers: its day, the moment
    of a follow-up, the path of the record, and its place among the customer's.
    """

    followups: tuple[tuple[_Key, Event[FollowUp]], ...] = ()
    new: tuple[tuple[_Key, Event[None]], ...] = ()
    won: tuple[tuple[_Key, Event[Money | None]], ...] = ()
    lost: tuple[tuple[_Key, Event[Money | None]], ...] = ()
    kept: tuple[tuple[_Key, Event[Promise]], ...] = ()
    missed: tuple[tuple[_Key, Event[Promise]], ...] = ()

    def within(self, first: date, last: date) -> Happened:
        """Return what has happened on some days."""
        return Happened(
            _within(self.followups, first, last),
            _within(self.new, first, last),
            _within(self.won, first, last),
            _within(self.lost, first, last),
            _within(self.kept, first, last),
            _within(self.missed, first, last),
        )


def _within(
    found: tuple[tuple[_Key, Event[What_co]], ...], first: date, last: date
) -> tuple[tuple[_Key, Event[What_co]], ...]:
    return tuple(entry for entry in found if first <= entry[1].day <= last)


def activity_of(day: Day) -> Activity:
    """Return everything that has happened up to the day."""
    config = day.library.config
    happened = [happened_with(each, config).within(date.min, day.today) for each in day.standings]
    return Activity(
        *(
            tuple(event for _key, event in sorted(chain.from_iterable(found), key=itemgetter(0)))
            for found in zip(*(happened or [Happened()]), strict=True)
        )
    )


def happened_with(standing: Standing, config: Config) -> Happened:
    """Return what has happened with a customer."""
    customer, promises = standing.customer, standing.status.promises
    began = begun(customer)
    amount = signed_or_expected(customer)
    due = [
        (promise.state, Event(promise.commitment.due, standing, promise))
        for promise in promises
        if promise.commitment.due
    ]
    return Happened(
        tuple(
            ((entry.date, entry.order, customer.path, place), Event(entry.date, standing, entry))
            for place, entry in enumerate(customer.followups)
        ),
        _keyed([Event(began, standing, None)] if began else []),
        _keyed(
            Event(arrival.day, standing, amount)
            for arrival in arrivals(standing.status.stage_history, config, StageKind.WON)
        ),
        _keyed(
            Event(arrival.day, standing, customer.value)
            for arrival in arrivals(standing.status.stage_history, config, StageKind.LOST)
        ),
        _keyed(event for state, event in due if state in _KEPT),
        _keyed(event for state, event in due if state in _MISSED),
    )


def _keyed(events: Iterable[Event[What_co]]) -> tuple[tuple[_Key, Event[What_co]], ...]:
    return tuple(
        ((event.day, event.standing.customer.path, place), event)
        for place, event in enumerate(events)
    )


def events_within(events: tuple[Event[What_co], ...], period: Period) -> tuple[Event[What_co], ...]:
    """Return the events of a part of the time; they must be in the order of their days."""
    start = bisect_left(events, period.first, key=attrgetter("day"))
    return events[start : bisect_right(events, period.last, start, key=attrgetter("day"))]


_KEPT = (CommitmentState.KEPT, CommitmentState.DONE)
_MISSED = (CommitmentState.LATE, CommitmentState.OVERDUE)


def signed_or_expected(customer: Customer) -> Money | None:
    """Return the amount of a customer: that of the deal where it is signed, else the value."""
    deal = customer.deal
    return deal.amount if deal and deal.amount else customer.value


def _once(events: tuple[Event[What_co], ...]) -> tuple[Event[What_co], ...]:
    """Return the last event of each customer."""
    last = {event.standing.customer.path: event for event in events}
    return tuple(event for event in events if last[event.standing.customer.path] is event)
