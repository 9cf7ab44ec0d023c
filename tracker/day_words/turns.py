"""This, the next or the last week, month, quarter or year: the words, and the days of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tracker.periods import back, month_of, quarter_of, year_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.day_words.when import View

_YEAR_TURNS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}

TURNS = {
    "下下": 2, "下": 1, "本": 0, "这": 0, "上上": -2, "上": -1,
    "next": 1, "this": 0, "last": -1,
    **_YEAR_TURNS,
}  # fmt: skip
"""Words for a turn, each with how far it is from this one; the last of them name years alone."""

TURN = "(?P<turn>下下|下|本|这|上上|上)个?"
"""Regular expression of a turn in Chinese."""

TURN_AHEAD = "(?P<turn>下下|下)个?"
"""The same for turns that lie ahead."""

YEAR_TURN = f"(?P<year_turn>{'|'.join(_YEAR_TURNS)})"
"""Regular expression of a year's turn in Chinese."""

YEAR = rf"(?:(?P<year>[0-9]{{4}})\s?年|{YEAR_TURN})\s?"
"""Regular expression of a year before its months and days, as `named_year` reads it."""

ENGLISH_YEAR = r"(?:,?\s+(?P<year>[0-9]{4})(?![0-9]))?"
"""Regular expression of a year behind its months and days, where there is one."""

_STRETCHES = {"month": (month_of, 1), "quarter": (quarter_of, 3), "year": (year_of, 12)}
_MIDDLE = 15
_FRIDAY = 4


def named_year(groups: Mapping[str, str | None], view: View) -> int | None:
    """Return the year that is named, or None where none is.

    Args:
        groups: The groups of a match with a year.
        view: From where one looks.
    """
    if turn := groups.get("year_turn"):
        return view.today.year + TURNS[turn]
    year = groups.get("year")
    return int(year) if year else None


def in_week(day: date, weekday: int) -> date:
    """Return the day with a number (Monday is 0) in the week of another day."""
    return day + timedelta(days=weekday - day.weekday())


def first_day(unit: str, today: date, turn: int) -> date:
    """Return the first day of the week, month, quarter or year so many of them from today's."""
    if unit == "week":
        return in_week(today, 0) + timedelta(weeks=turn)
    stretch_of, months = _STRETCHES[unit]
    return back(stretch_of(today).first, -turn * months)


def day_at(point: str, unit: str, today: date, turn: int) -> date:
    """Return the start, middle or end of the week, month, quarter or year.

    A month alone has a middle; the end of a week is Friday, when the work ends.
    """
    first = first_day(unit, today, turn)
    if point == "start":
        return first
    if point == "middle":
        return first.replace(day=_MIDDLE)
    if unit == "week":
        return in_week(first, _FRIDAY)
    stretch_of, _ = _STRETCHES[unit]
    return stretch_of(first).last
