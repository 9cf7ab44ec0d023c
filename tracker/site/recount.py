"""What lists and counts become on later days, if nothing happens until then.

A site that nobody rebuilds is opened on later days all the same. So lists carry the rows that will
belong to them soon, and counts what will be added to them and taken away day by day; the script
`assets/today.js` shows what is true on the reader's day. The meaning of a day's state is that of
`tracker.library.status`: this module only says from when until when it will hold.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

Item = TypeVar("Item")

HORIZON = 31
"""Days after the day of the site for which its lists are complete."""

TALLY_DAYS = 60
"""Days after the day of the site for which counts are exact."""


class Listed(Struct, Generic[Item], frozen=True):
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


def current(listed: Iterable[Listed[Item]]) -> tuple[Item, ...]:
    """Return what belongs to the list on the day of the site."""
    return tuple(each.item for each in listed if each.now)


def upcoming(listed: Iterable[Listed[Item]], today: date) -> tuple[Listed[Item], ...]:
    """Return what belongs to the list on the day of the site or within the horizon."""
    last = today + timedelta(days=HORIZON)
    return tuple(
        each
        for each in listed
        if (each.first is None or each.first <= last) and (each.until is None or today < each.until)
    )


def heads(listed: Iterable[Listed[Item]], today: date, limit: int) -> tuple[Listed[Item], ...]:
    """Return what is among the first `limit` of the list on any day within the horizon.

    What is among them only later is not there `now`, although it may belong to the list.
    """
    room = [limit] * (HORIZON + 1)
    found = []
    for each in listed:
        first, until = each.first, each.until
        if until and until <= today:
            continue
        start = (first - today).days if first and first > today else 0
        if start > HORIZON:
            continue
        end = (until - today).days if until else len(room)
        days = [day for day in range(start, min(end, len(room))) if room[day]]
        if not days:
            continue
        found.append(each if days[0] == 0 else replace(each, now=False))
        for day in days:
            room[day] -= 1
        if not any(room):
            break
    return tuple(found)


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
