"""The days and times of day that cells hold, in whatever way people and programs write them."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from tracker.dates import read_time
from tracker.exchange.intake.notation import is_nothing, is_typed_for_nothing, visible_text
from tracker.exchange.intake.tables import Cell, cell_text
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.exchange.intake.notation import Notation

_FIRST_DAY, _FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SERIALS = range(20_000, 80_000)
"""Plain numbers that are days of 1954 to 2119, in the calendar of 1900."""

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})")
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_CLOCK = re.compile(
    r"(?P<half>上午|下午|晚上|中午|早上|凌晨|am|pm)?\s*(?P<hour>\d{1,2})\s*(?:[:：]|点|时)\s*"
    r"(?P<minute>\d{1,2}|半)?\s*分?(?:[:：]\d{2}(?:\.\d+)?)?\s*(?P<after>am|pm)?",
    re.IGNORECASE,
)
_ZONED = re.compile(r"(\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})")
_AFTERNOON = frozenset({"下午", "晚上", "pm"})
_NOON = 12
_SECONDS = 86_400


def read_day(cell: Cell, notation: Notation) -> tuple[date, time | None] | Message | None:
    """Return the day of a cell, and its time where it has one; why not; None for an empty one."""
    match cell:
        case datetime():
            clock = cell.time().replace(second=0, microsecond=0)
            return cell.date(), clock if clock != time() else None
        case date():
            return cell, None
        case bool() | time() | timedelta() | None:
            return None if cell is None else _no_day(cell_text(cell))
        case int() | float():
            return _day_of_number(float(cell), notation) or _no_day(cell_text(cell))
    text = unicodedata.normalize("NFKC", visible_text(cell))
    if is_nothing(text) or is_typed_for_nothing(text):
        return None
    return _day_of_text(text, notation)


def _day_of_number(value: float, notation: Notation) -> tuple[date, time | None] | None:
    if _COMPACT.fullmatch(text := cell_text(value)):
        found = _day_of_text(text, notation)
        return None if isinstance(found, Message) else found
    if not math.isfinite(value):
        return None
    days = int(value)
    first = _FIRST_DAY_1904 if notation.from_1904 else _FIRST_DAY
    if days + (first - _FIRST_DAY).days not in _SERIALS:
        return None
    return first + timedelta(days), _clock_of_share(value - days)


def _clock_of_share(share: float) -> time | None:
    """Return the time of day of a share of it; None at midnight."""
    minutes = round(share * _SECONDS / 60)
    return time(minutes // 60 % 24, minutes % 60) if minutes else None


def _day_of_text(text: str, notation: Notation) -> tuple[date, time | None] | Message:
    found = _matched(text, notation)
    if isinstance(found, Message):
        return found
    if found is not None:
        day, rest = found
        rest = rest.strip(" T,，")
        clock = read_clock(rest) if rest else None
        if day is None or isinstance(clock, Message):
            return _no_day(text)
        return day, clock
    if text.replace(".", "", 1).isdigit() and (found_so := _day_of_number(float(text), notation)):
        return found_so
    return _no_day(text)


def leading_day(text: str, notation: Notation) -> tuple[date, str] | Message | None:
    """Return the day that a text begins with, and what follows.

    Args:
        text: A text in which full-width signs are plain ones.
        notation: How the file's cells are to be understood.

    Returns:
        A message where it can be two days; None where the text begins with no day.
    """
    found = _matched(text, notation)
    if found is None or isinstance(found, Message):
        return found
    day, rest = found
    return None if day is None else (day, rest)


def _matched(text: str, notation: Notation) -> tuple[date | None, str] | Message | None:
    """Return what a text begins with in the form of a day, and what follows it.

    Returns:
        None for the day where there is no such day; a message where it can be two days; None where
        the text begins otherwise.
    """
    for pattern, written in (
        (_YEAR_FIRST, "ymd"),
        (_COMPACT, "ymd"),
        (_YEAR_LAST, ""),
        (_DAY_MONTH, "dmy"),
        (_MONTH_DAY, "mdy"),
    ):
        if match := pattern.match(text):
            parts = [part for part in match.groups() if part not in "-/."]
            order = written or _order(parts, match[2], notation)
            if not order:
                return Message(
                    "‘{text}’ can be two days; say which with --day-first or --month-first",
                    {"text": text},
                )
            return _existing(dict(zip(order, parts, strict=True))), text[match.end() :]
    return None


def _order(parts: list[str], sign: str, notation: Notation) -> str:
    """Return the order of a day that ends in its year; empty where it may be one of two."""
    first, second = int(parts[0]), int(parts[1])
    if sign == "." or first == second or first > _NOON:
        return "dmy"
    if second > _NOON:
        return "mdy"
    if notation.day_first is None:
        return ""
    return "dmy" if notation.day_first else "mdy"


def tells_day_first(cell: Cell) -> bool | None:
    """Return whether a cell that begins as `25/3/2026` shows that days come before months."""
    if not isinstance(cell, str) or not (match := _YEAR_LAST.match(cell.strip())):
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == "." or (first > _NOON) == (second > _NOON):
        return None
    return first > _NOON


def _existing(parts: Mapping[str, str]) -> date | None:
    month = parts["m"]
    try:
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3].casefold()) + 1
        return date(int(parts["y"]), number, int(parts["d"]))
    except ValueError:
        return None


def _no_day(text: str) -> Message:
    return Message("‘{text}’ is not a date; write it as 2026-11-20", {"text": text})


def read_clock(cell: Cell) -> time | Message | None:
    """Return the time of day of a cell; why it is none; None for an empty one."""
    if isinstance(cell, timedelta):
        cell = cell % timedelta(days=1) / timedelta(days=1)
    match cell:
        case datetime():
            return cell.time().replace(second=0, microsecond=0)
        case time():
            return cell.replace(second=0, microsecond=0)
        case int() | float():
            return (_clock_of_share(cell % 1) or time()) if 0 <= cell < 1 else _no_clock(cell)
    return _clock_of_text(cell)


def _clock_of_text(cell: Cell) -> time | Message | None:
    text = unicodedata.normalize("NFKC", visible_text(cell))
    if is_nothing(text):
        return None
    if match := _ZONED.fullmatch(text):
        return read_time(match[1] + match[2])
    match = _CLOCK.fullmatch(text)
    if not match:
        return _no_clock(cell)
    half = fold(match["half"] or match["after"] or "")
    hour = int(match["hour"])
    minute = 30 if match["minute"] == "半" else int(match["minute"] or 0)
    if half in _AFTERNOON and hour < _NOON:
        hour += _NOON
    return read_time(f"{hour}:{minute:02}")


def _no_clock(cell: Cell) -> Message:
    return Message("‘{text}’ is not a time; write it as 14:30", {"text": cell_text(cell)})
