"""Days as values: written days, months and years, words for stretches, and distances from today."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from tracker.dates import DATE_PATTERN
from tracker.library.query.builtin_words import DAY_UNITS, PERIODS, SIMPLIFIED
from tracker.library.query.columns import ColumnKind
from tracker.library.query.faults import Fault, fault, message
from tracker.library.query.near_words import did_you_mean, nearest_word
from tracker.periods import Period, month_of, quarter_of, year_of
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.library.query.cells import Row
    from tracker.library.query.comparison import Comparison, Test

_MONTH = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})|/([0-9]{1,2})|年([0-9]{1,2})月)")
_YEAR = re.compile(r"([0-9]{4})年?")
_NUMBERS = re.compile(r"[0-9]+")
_SIMPLIFIED = str.maketrans(SIMPLIFIED)
_DISTANCE = re.compile(r"([0-9]{1,5}) ?([^0-9 ]+)")

_WHOLE_MONTHS = {"month": (1, month_of), "quarter": (3, quarter_of), "year": (12, year_of)}
"""Units of whole months: how many they are, and what returns the one of a day."""


def read_date(asked: Comparison, text: str) -> Test | Fault:
    """Return the test of a distance from the day, or of a stretch of days."""
    # First, since `2026年` is a year, and `1年` a distance.
    written = _written_days(unicodedata.normalize("NFKC", text))
    if isinstance(written, Fault):
        return written
    if written is not None:
        return _by_days(asked, lambda _: written)
    days = distance(text)
    if days is not None:
        return _by_distance(asked, days)
    if word := asked.language.periods.find(text.translate(_SIMPLIFIED)):
        unit, offset = next(rule for period, rule in PERIODS.items() if period.id == word.id)
        if unit == "weekday":
            ahead = asked.column.kind is ColumnKind.AHEAD
            return _by_days(asked, lambda today: _nearest_weekday(today, offset, ahead=ahead))
        return _by_days(asked, lambda today: _days_around(today, unit, offset))
    near = nearest_word(text, asked.language.periods)
    return fault("wrong-date", did_you_mean(near, message("date-form")), text=text)


def distance(text: str) -> int | None:
    """Return the days of `7d`, `7天`, `2w`, `3个月` or `1年`; None where it is no such distance."""
    match = _DISTANCE.fullmatch(fold(text).translate(_SIMPLIFIED))
    unit = DAY_UNITS.get(match[2]) if match else None
    return int(match[1]) * unit if match and unit else None


def _by_days(asked: Comparison, days_of: Callable[[date], Period]) -> Test:
    """Return the test of a stretch of days: before it, in it, after it."""

    def holds(row: Row, today: date) -> bool:
        cell = row.get(asked.column.key)
        if not cell:
            return False
        day, days = date.fromisoformat(cell), days_of(today)
        if asked.operation in ("<", ">="):
            return asked.order(day, days.first)
        if asked.operation in (">", "<="):
            return asked.order(day, days.last)
        return day in days

    return holds


def _by_distance(asked: Comparison, days: int) -> Test:
    """Return the test of a distance from the day, in the direction of the column.

    `:` takes the days from today to that distance, `=` the very day, and an order compares the
    distances: `last>30d` is longer ago than 30 days.
    """
    direction = 1 if asked.column.kind is ColumnKind.AHEAD else -1

    def holds(row: Row, today: date) -> bool:
        cell = row.get(asked.column.key)
        if not cell:
            return False
        away = (date.fromisoformat(cell) - today).days * direction
        return 0 <= away <= days if asked.operation == ":" else asked.order(away, days)

    return holds


def _written_days(text: str) -> Period | Fault | None:
    """Return the days of a written day, month or year; None for other texts."""
    try:
        if re.fullmatch(DATE_PATTERN, text):
            day = date(*map(int, _NUMBERS.findall(text)))
            return Period(day, day)
        if _MONTH.fullmatch(text):
            year, month = map(int, _NUMBERS.findall(text))
            return month_of(date(year, month, 1))
        if match := _YEAR.fullmatch(text):
            return year_of(date(int(match[1]), 1, 1))
    except ValueError:
        return fault("no-such-day", text=text)
    return None


def _days_around(today: date, unit: str, offset: int) -> Period:
    """Return the whole day, week (from Monday), month, quarter or year, cut to the calendar."""
    if unit == "weekday of week":
        unit, offset = "day", offset - today.weekday()
    if unit == "day":
        day = _moved(today, offset)
        return Period(day, day)
    if unit == "week":
        monday = _moved(today, 7 * offset - today.weekday())
        return Period(monday, _moved(monday, 6))
    months, around = _WHOLE_MONTHS[unit]
    number = (today.year * 12 + today.month - 1) // months + offset
    first, last = date.min.year * 12 // months, (date.max.year * 12 + 11) // months
    year, month = divmod(_between(number, first, last) * months, 12)
    return around(date(year, month + 1, 1))


def _nearest_weekday(today: date, weekday: int, *, ahead: bool) -> Period:
    """Return the coming day of that name, never today, or else the last one, maybe today."""
    away = weekday - today.weekday()
    return _days_around(today, "day", (away - 1) % 7 + 1 if ahead else -(-away % 7))


def _moved(day: date, days: int) -> date:
    ordinal = _between(day.toordinal() + days, date.min.toordinal(), date.max.toordinal())
    return date.fromordinal(ordinal)


def _between(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)
