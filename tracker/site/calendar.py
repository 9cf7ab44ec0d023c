"""`calendar/`: next steps and promises by month, this one and the next two.

A month's page stays small however many customers there are: a day shows its first entries, and a
day with more has a page of its own.
"""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.site.chunks import chunks
from tracker.site.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import time

    from tracker.model import NextStep
    from tracker.site.page import Row, Site

MONTHS = 3
"""Months that have a page."""

SHOWN = 5
"""Entries of a day that its month shows, if it has more than one entry above that."""

_HOME = "calendar/index.html"
_LATER = "calendar/later"
_DECEMBER = 12


class Entry(Struct, frozen=True):
    """A next step or a promise on its day.

    Attributes:
        day: The day.
        row: The customer.
        step: The next step; None for a promise.
        text: What is to be done, as Markdown.
        who: Whose it is.
    """

    day: date
    row: Row
    step: NextStep | None
    text: str
    who: str

    @property
    def time(self) -> time | None:
        """Return the time of day, where one is set."""
        return self.step.time if self.step else None

    @property
    def sort_key(self) -> tuple[date, bool, str, str]:
        """Return the key that orders by day: steps by their time, then promises."""
        clock = self.time.isoformat() if self.time else "~"
        return self.day, self.step is None, clock, self.row.customer.path


class MonthDay(Struct, frozen=True):
    """A day of a month.

    Attributes:
        date: The day.
        shown: What the month's page shows.
        more: How many entries it leaves out.
        address: The page with all of them; None where nothing is left out.
    """

    date: date
    shown: Sequence[Entry]
    more: int
    address: str | None


class Month(Struct, frozen=True):
    """A month.

    Attributes:
        first: Its first day.
        address: Its page.
        count: Its entries.
        weeks: Seven days each, Monday first; None where a day is another month's.
    """

    first: date
    address: str
    count: int
    weeks: tuple[tuple[MonthDay | None, ...], ...]


def calendar_pages(site: Site) -> Iterator[Page]:
    """Yield a page for each month, for each day with too much for it, and for what comes later."""
    by_day: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(entries(site), key=lambda entry: entry.sort_key):
        by_day[entry.day].append(entry)
    firsts = _first_days(site.today)
    months = [_month(first, by_day, is_home=first == firsts[0]) for first in firsts]
    earlier = [entry for day, found in by_day.items() if day < firsts[0] for entry in found]
    later = [
        entry
        for day, found in by_day.items()
        if (day.year, day.month) > (firsts[-1].year, firsts[-1].month)
        for entry in found
    ]
    for month in months:
        yield Page(
            month.address,
            "calendar.html",
            {
                "site": site,
                "month": month,
                "months": months,
                "earlier_steps": sum(entry.step is not None for entry in earlier),
                "earlier_promises": sum(entry.step is None for entry in earlier),
                "later": len(later),
                "later_address": f"{_LATER}.html",
            },
        )
        for day in (day for week in month.weeks for day in week if day and day.address):
            yield from _listing(site, by_day[day.date], day.address or "", day.date, month)
    if later:
        yield from _listing(site, later, f"{_LATER}.html", None, months[-1])


def entries(site: Site) -> Iterator[Entry]:
    """Yield the standing next steps and the open promises that have a day, of all customers."""
    for row in site.rows:
        step = row.status.next
        if step and step.date:
            yield Entry(step.date, row, step, step.text, row.customer.owner or "")
        for promise in row.status.open_promises:
            if due := promise.commitment.due:
                who = promise.commitment.who or promise.made_at.who
                yield Entry(due, row, None, promise.commitment.text, who)


def _first_days(today: date) -> list[date]:
    """Return the first days of the months that have a page."""
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        year, month = firsts[-1].year, firsts[-1].month
        if month < _DECEMBER:
            firsts.append(date(year, month + 1, 1))
        elif year < date.max.year:
            firsts.append(date(year + 1, 1, 1))
        else:
            break
    return firsts


def _month(first: date, by_day: dict[date, list[Entry]], *, is_home: bool) -> Month:
    weeks = tuple(
        tuple(_day(first.replace(day=number), by_day) if number else None for number in week)
        for week in Calendar().monthdayscalendar(first.year, first.month)
    )
    count = sum(len(day.shown) + day.more for week in weeks for day in week if day)
    address = _HOME if is_home else f"calendar/{first.isoformat()[:7]}.html"
    return Month(first, address, count, weeks)


def _day(day: date, by_day: dict[date, list[Entry]]) -> MonthDay:
    found = by_day.get(day, [])
    address = day_address(day, len(found))
    if not address:
        return MonthDay(day, found, 0, None)
    return MonthDay(day, found[:SHOWN], len(found) - SHOWN, address)


def day_address(day: date, count: int) -> str | None:
    """Return the page of a day; None where that of its month has room for so many entries."""
    # A single one left out would take as much room as the line that says so.
    return f"calendar/{day.isoformat()}.html" if count > SHOWN + 1 else None


def _listing(
    site: Site, found: Sequence[Entry], address: str, day: date | None, month: Month
) -> Iterator[Page]:
    """Yield the pages of one day, or of all that comes after the last month."""
    further = address.removesuffix(".html") + "-page-"
    for chunk in chunks(found, address, further):
        yield Page(
            chunk.address,
            "calendar_list.html",
            {"site": site, "chunk": chunk, "day": day, "month": month},
        )
