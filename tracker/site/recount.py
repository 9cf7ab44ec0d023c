"""What lists and counts become on later days, if nothing happens until then.

A site that nobody rebuilds is opened on later days all the same. So lists carry the rows that will
belong to them soon, and counts what will be added to them and taken away day by day; the script
`assets/today.js` shows what is true on the reader's day. The meaning of a day's state is that of
`tracker.library.status`: this module only says from when until when it will hold.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

Item = TypeVar("Item")

HORIZON = 31
"""Days after the day of the site for which its lists are complete."""

TALLY_DAYS = 60
"""Days after the day of the site for which counts are exact."""


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """Something in a list, with the days on which it belongs there.

    Attributes:
        item: The thing.
        now: Whether it belongs there on the day of the site.
        first: The first day on which it does; None where it always did.
        until: The first day on which it does no more; None where it stays.
    """

    item: Item
    now: bool
    first: date | None = None
    until: date | None = None

    @classmethod
    def of(
        cls, item: Item, today: date, first: date | None = None, until: date | None = None
    ) -> Listed[Item]:
        """Return a thing listed from `first` to the day before `until`."""
        now = (first is None or first <= today) and (until is None or today < until)
        return cls(item, now, first, until)

    def on(self, day: date) -> bool:
        """Tell whether it belongs to the list on a day."""
        return (self.first is None or self.first <= day) and (
            self.until is None or day < self.until
        )

    def soon(self, today: date) -> bool:
        """Tell whether it does on the day of the site or within the horizon."""
        last = today + timedelta(days=HORIZON)
        return (self.first is None or self.first <= last) and (
            self.until is None or today < self.until
        )


def current(listed: Iterable[Listed[Item]]) -> tuple[Item, ...]:
    """Return what belongs to the list on the day of the site."""
    return tuple(each.item for each in listed if each.now)


def upcoming(listed: Iterable[Listed[Item]], today: date) -> tuple[Listed[Item], ...]:
    """Return what belongs to the list on the day of the site or within the horizon."""
    return tuple(each for each in listed if each.soon(today))


def heads(listed: Sequence[Listed[Item]], today: date, limit: int) -> tuple[Listed[Item], ...]:
    """Return what is among the first `limit` of the list on any day within the horizon.

    What is among them only later is not there `now`, although it may belong to the list.
    """
    first = _first(listed, today, limit)
    wanted = set(first)
    for number in range(1, HORIZON + 1):
        wanted.update(_first(listed, today + timedelta(days=number), limit))
    shown = set(first)
    return tuple(
        listed[place] if place in shown else replace(listed[place], now=False)
        for place in sorted(wanted)
    )


def _first(listed: Sequence[Listed[Item]], day: date, limit: int) -> list[int]:
    return list(islice((place for place, each in enumerate(listed) if each.on(day)), limit))


def tally(listed: Iterable[Listed[Item]], today: date) -> str:
    """Return how long a list is and will be: `0:12 1:3 4:-1`.

    Each pair is a number of days after the day of the site and by how much the list grows on that
    day; the first is its length on the day itself.
    """
    return written(changes(listed, today))


def changes(listed: Iterable[Listed[Item]], today: date) -> Counter[int]:
    """Return by how much a list grows, by days after the day of the site."""
    growth: Counter[int] = Counter({0: 0})
    for each in listed:
        start = max((each.first - today).days, 0) if each.first else 0
        end = max((each.until - today).days, 0) if each.until else None
        if end is None or start < end:
            growth[start] += 1
            if end is not None:
                growth[end] -= 1
    return growth


def written(changes: Counter[int]) -> str:
    """Return changes of a number as a tally."""
    return " ".join(
        f"{days}:{changes[days]}"
        for days in sorted(changes)
        if days <= TALLY_DAYS and (changes[days] or days == 0)
    )
