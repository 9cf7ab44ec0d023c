"""Stretches of days: weeks from Monday (ISO 8601), months, quarters and years of the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from msgspec import Struct


class Period(Struct, frozen=True):
    """A stretch of days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    @property
    def dates(self) -> tuple[date, ...]:
        """Return every day of it, the earliest first."""
        return tuple(self.first + timedelta(days=number) for number in range(self.days))

    def until(self, last: date) -> Period:
        """Return the part that ends on a day, or the whole where it ends before."""
        return Period(self.first, min(self.last, last))


def week_of(day: date) -> Period:
    """Return the week that a day lies in."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def month_of(day: date) -> Period:
    """Return the whole month that a day lies in."""
    return _months(day.year, day.month, 1)


def quarter_of(day: date) -> Period:
    """Return the whole quarter that a day lies in; the first begins in January."""
    return _months(day.year, (day.month - 1) // 3 * 3 + 1, 3)


def year_of(day: date) -> Period:
    """Return the whole year that a day lies in."""
    return _months(day.year, 1, 12)


def before(period: Period) -> Period:
    """Return the stretch of the same kind that ends where another begins.

    For a whole week, month, quarter or year that is the one before it, for any other stretch as
    many days.
    """
    end = period.first - timedelta(days=1)
    for of in (week_of, month_of, quarter_of, year_of):
        if of(period.first) == period:
            return of(end)
    return Period(end - timedelta(days=period.days - 1), end)


def months_of(period: Period) -> tuple[Period, ...]:
    """Return the months that a stretch touches, the earliest first, each cut to the stretch."""
    found = []
    day = period.first
    while day <= period.last:
        month = month_of(day)
        found.append(Period(day, min(month.last, period.last)))
        day = month.last + timedelta(days=1)
    return tuple(found)


def back(day: date, months: int) -> date:
    """Return the same day some months before, or the last of that month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months(year: int, month: int, count: int) -> Period:
    last = month + count - 1
    return Period(date(year, month, 1), date(year, last, monthrange(year, last)[1]))
