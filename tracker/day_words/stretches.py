"""Weeks, months, quarters and years: their starts, middles and ends, and the first day of all."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from tracker.day_words.boundaries import APART
from tracker.day_words.calendar_days import MONTH, month_number
from tracker.day_words.day_form import Day, DayForm
from tracker.day_words.numbers import NUMBER
from tracker.day_words.text import folded
from tracker.day_words.turns import (
    ENGLISH_YEAR,
    TURN,
    TURN_AHEAD,
    TURNS,
    YEAR,
    YEAR_TURN,
    day_at,
    first_day,
    named_year,
)

if TYPE_CHECKING:
    from tracker.day_words.day_form import DayReader
    from tracker.day_words.when import View

_CHINESE_UNITS = {"周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter"}
_NAMED = (
    rf"{TURN}(?P<unit>{'|'.join(_CHINESE_UNITS)})"
    r"|(?P<english_turn>next|this|last) (?P<english>week|month|quarter|year)"
    rf"|{YEAR_TURN}"
)
_POINTS = {
    "初": "start", "中": "middle", "底": "end", "末": "end",
    "start": "start", "beginning": "start", "middle": "middle", "mid": "middle", "end": "end",
}  # fmt: skip


def first_day_of(text: str, now: datetime) -> date | None:
    """Return the first day of the week, month, quarter or year that a text names.

    Args:
        text: The text, such as `last week`, `本月` or `去年`.
        now: The team's local time; only its wall clock counts.

    Returns:
        The day; None where the text names no such stretch, or one beyond the calendar.
    """
    match = re.fullmatch(_NAMED, " ".join(folded(text).split()))
    if match is None:
        return None
    turn = match["turn"] or match["english_turn"] or match["year_turn"]
    unit = match["unit"] or match["english"] or "year"
    try:
        return first_day(_CHINESE_UNITS.get(unit, unit), now.date(), TURNS[turn])
    except (ValueError, OverflowError):
        return None


def _point(unit: str, named: str | None = None) -> DayReader:
    """Return the reader of a point of this, the next or the last week, month, quarter or year."""

    def read(match: re.Match[str], view: View) -> Day:
        point = named or _POINTS[match["point"]]
        if turn := match.groupdict().get("turn"):
            return Day(day_at(point, unit, view.today, TURNS[turn]))
        this = day_at(point, unit, view.today, 0)
        return Day(day_at(point, unit, view.today, view.turn((this - view.today).days)))

    return read


def _point_of_month(match: re.Match[str], view: View) -> Day:
    point = _POINTS[match["point"]]
    year = named_year(match.groupdict(), view)
    month = date(view.today.year if year is None else year, month_number(match["month"]), 1)
    day = day_at(point, "month", month, 0)
    if year is None:
        turns = view.turn((day - view.today).days)
        day = day_at(point, "month", month, turns * 12)
    return Day(day)


def _point_of_quarter(match: re.Match[str], view: View) -> Day:
    point = _POINTS[match["point"]]
    year = named_year(match.groupdict(), view)
    first = date(view.today.year if year is None else year, 3 * int(match["quarter"]) - 2, 1)
    day = day_at(point, "quarter", first, 0)
    if year is None:
        day = day_at(point, "quarter", first, 4 * view.turn((day - view.today).days))
    return Day(day)


def _point_of_year(match: re.Match[str], view: View) -> Day:
    year = named_year(match.groupdict(), view)
    first = date(view.today.year if year is None else year, 1, 1)
    return Day(day_at(_POINTS[match["point"]], "year", first, 0))


def _start(unit: str) -> DayReader:
    """Return the reader of a whole month, quarter or year that lies ahead: its first day."""
    return lambda match, view: Day(first_day(unit, view.today, TURNS[match["turn"]]))


_POINT = "(?P<point>[初中底末])(?!旬)"
_POINT_OF_LONG = "(?P<point>[初底末])"
_ENGLISH_POINT = r"(?:at\s+)?(?:the\s+)?(?P<point>start|beginning|end)\s+of\s+"
_ENGLISH_POINT_OF_MONTH = r"(?:at\s+)?(?:the\s+)?(?P<point>start|beginning|middle|end)\s+of\s+"
_MAYBE_TURN = r"(?:the\s+)?(?:(?P<turn>next|this|last)\s+)?"
_OF_MONTHS = ("month", "quarter", "year")

FORMS = (
    DayForm(f"(?:{TURN})?月{_POINT}", _point("month")),
    DayForm(rf"(?:{YEAR})?(?P<month>{NUMBER})\s?月{_POINT}", _point_of_month),
    DayForm(f"(?:{TURN})?季度?{_POINT_OF_LONG}", _point("quarter")),
    DayForm(f"年{_POINT_OF_LONG}", _point("year")),
    DayForm(f"{YEAR}年?{_POINT_OF_LONG}", _point_of_year),
    *(DayForm(f"eo{unit[0]}", _point(unit, "end")) for unit in ("week", *_OF_MONTHS)),
    *(DayForm(rf"(?:the\s+)?{unit}[ -]end", _point(unit, "end")) for unit in _OF_MONTHS),
    *(
        DayForm(f"{_ENGLISH_POINT}{_MAYBE_TURN}{unit}", _point(unit))
        for unit in ("week", "quarter", "year")
    ),
    DayForm(f"{_ENGLISH_POINT_OF_MONTH}{_MAYBE_TURN}month", _point("month")),
    DayForm(f"{_ENGLISH_POINT_OF_MONTH}{MONTH}{ENGLISH_YEAR}", _point_of_month),
    DayForm(rf"(?P<point>mid)(?:-|\s+){MONTH}{ENGLISH_YEAR}", _point_of_month),
    DayForm(rf"{_ENGLISH_POINT}q(?P<quarter>[1-4]){ENGLISH_YEAR}", _point_of_quarter),
    DayForm(rf"{TURN_AHEAD}月(?!\s?{NUMBER}\s?[日号]|[初中底末]|[上下]旬)", _start("month")),
    DayForm(f"{TURN_AHEAD}季度(?![初底末])", _start("quarter")),
    DayForm("(?P<turn>明年|后年)", _start("year"), APART),
    *(DayForm(rf"(?P<turn>next)\s+{unit}", _start(unit)) for unit in _OF_MONTHS),
)
"""Every form of a point of a stretch, and of a stretch ahead."""
