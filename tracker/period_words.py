"""Periods as people say them, in Chinese and English, seen from a day.

=============================  ====================================================================
`2026`, `2026年`                a year; `2026-H1`, `上半年` a half; `2026-Q3`, `Q3`, `三季度`
                               a quarter; `2026-10`, `10月` a month; `2026-W47`, `第47周` a week
                               (ISO 8601); without a year it is the last that has begun, and
                               `今年`, `去年` name one as well as `2026年` does; in English the
                               year may follow: `Q3 2026`, `November`, `Nov 2025`
`this quarter`, `本季度`        the week, month, quarter or year of the day; `last`, `上`: before it
`90d`, `近两周`, `last 4 weeks`  so many days, weeks, months, quarters or years that end on the day
`2026-09-01..2026-11-20`       from a day to a day; either may be missing: from the beginning of
                               the records, or up to the day
`2026-11-20`, `today`, `all`    that day; everything there is
=============================  ====================================================================

Whatever reaches beyond the day is cut to end on it: nothing has happened yet after it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tracker.dates import read_date
from tracker.day_words.calendar_days import MONTH, month_number
from tracker.periods import Period, back, before, month_of, quarter_of, week_of, year_of
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable

_UNITS: dict[str, Callable[[date], Period]] = {
    **dict.fromkeys(("week", "周", "星期"), week_of),
    **dict.fromkeys(("month", "月", "个月", "月份"), month_of),
    **dict.fromkeys(("quarter", "季度", "季", "个季度"), quarter_of),
    **dict.fromkeys(("year", "年", "年度"), year_of),
}
_TURNS = {
    **dict.fromkeys(("this", "current", "本", "这", "这个"), 0),
    **dict.fromkeys(("last", "previous", "上", "上个", "上一", "上一个", "前一", "前一个"), 1),
}
_NAMED = re.compile(rf"({'|'.join(_TURNS)})[\s-]?(week|month|quarter|year|周|星期|月|季度?|年度?)")
_LENGTH = re.compile(
    r"(?:the )?(?:last|past|近|最近|过去)?\s?([0-9]{1,5}|[一二两三四五六七八九十])\s?"
    r"(d|days?|天|日|w|weeks?|周|个?星期|m|months?|个?月|q|quarters?|个?季度|y|years?|年)"
)
_YEARS_AGO = {"今年": 0, "本年": 0, "去年": 1, "前年": 2}
_YEAR = rf"(?:(?P<year>[0-9]{{4}})(?:-|年|\s)?|(?P<ago>{'|'.join(_YEARS_AGO)})的?)?"
_HALF = re.compile(rf"{_YEAR}(?:h(?P<number>[12])|(?P<word>[上下])半年)")
_QUARTER = re.compile(rf"{_YEAR}(?:q(?P<number>[1-4])|第?(?P<word>[1-4一二三四])季度)")
_MONTH = re.compile(rf"{_YEAR}(?P<word>[0-9]{{1,2}}|[一二三四五六七八九]|十[一二]?)月份?")
_WEEK = re.compile(rf"{_YEAR}(?:w(?P<number>[0-9]{{1,2}})|第(?P<word>[0-9]{{1,2}})周)")
_YEAR_BEHIND = r"(?:,?\s?(?P<year>[0-9]{4}))?"
_ENGLISH_MONTH = re.compile(rf"{MONTH}{_YEAR_BEHIND}")
_ENGLISH_QUARTER = re.compile(rf"q(?P<number>[1-4]){_YEAR_BEHIND}")
_ENGLISH_HALF = re.compile(rf"h(?P<number>[12]){_YEAR_BEHIND}")
_NUMERALS = {
    **{sign: number for number, sign in enumerate([*"一二三四五六七八九十", "十一", "十二"], 1)},
    "两": 2,
    "上": 1,
    "下": 2,
}
_FAR = date(9990, 1, 1)
"""A period that ends later, seen from the last day there is, was named from that day."""

_SPAN = re.compile(r"(.*?)\s?(?:\.\.|至|到|\bto\b)\s?(.*)")


def read_period(text: str, today: date) -> Period | Message:
    """Read a period.

    Args:
        text: What was written, in any of the forms above.
        today: The day that it is seen from, and that it does not go beyond.

    Returns:
        The period, or what is wrong with the text. `all` begins on the first day of the calendar.
    """
    written = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    try:
        found = _period(written, today)
    except (ValueError, OverflowError):
        return Message("there is no such time as ‘{text}’", {"text": text})
    if isinstance(found, Message):
        return found
    if found is None:
        return Message(
            "‘{text}’ is no period; write 2026-Q3, 2026-10, 2026-W47, last-month, 90d or "
            "2026-09-01..2026-11-20",
            {"text": text},
        )
    if found.first > today:
        return Message("‘{text}’ has not begun yet on {day}", {"text": text, "day": today})
    if found.last < found.first:
        return Message("‘{text}’ ends before it begins", {"text": text})
    return found.until(today)


def read_fixed_period(text: str) -> Period | Message:
    """Read a period that means the same days whenever it is read: `2026`, `2026-Q3`, `2026-10`.

    Any of the forms above will do that names its year and has a beginning and an end.
    """
    # Seen from the last day there is, every other one ends on it or does not exist.
    found = read_period(text, date.max)
    if isinstance(found, Period) and date.min < found.first and found.last < _FAR:
        return found
    return Message(
        "‘{text}’ names no time; write 2026, 2026-Q3, 2026-10 or 2026-09-01..2026-09-04",
        {"text": text},
    )


def _period(text: str, today: date) -> Period | Message | None:
    if days := _WORDS.get(text):
        return days(today)
    if isinstance(day := read_date(text), date):
        return Period(day, day)
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(text):
            return read(match, today)
    return None


def _named(match: re.Match[str], today: date) -> Period:
    found = _UNITS[match[2]](today)
    return before(found) if _TURNS[match[1]] else found


def _length(match: re.Match[str], today: date) -> Period | None:
    number, unit = _number(match[1]), match[2]
    if not number:
        return None
    if unit[0] in "d天日":
        first = today - timedelta(days=number - 1)
    elif unit[0] == "w" or unit.endswith(("周", "星期")):
        first = today - timedelta(days=7 * number - 1)
    else:
        months = 3 if unit[0] == "q" or "季" in unit else 12 if unit[0] in "y年" else 1
        first = back(today, months * number) + timedelta(days=1)
    return Period(first, today)


def _part(of_year: Callable[[int, int], Period]) -> Callable[[re.Match[str], date], Period]:
    """Return what reads a numbered part of a year.

    Args:
        of_year: Returns the part of a year with a number.
    """

    def read(match: re.Match[str], today: date) -> Period:
        groups = match.groupdict()
        month = groups.get("month")
        number = month_number(month) if month else _number(groups.get("number") or groups["word"])
        if match["year"]:
            return of_year(int(match["year"]), number)
        # Weeks belong to another year than their days where one ends.
        year = today.isocalendar().year if match.re is _WEEK else today.year
        if ago := groups.get("ago"):
            return of_year(year - _YEARS_AGO[ago], number)
        found = of_year(year, number)
        return found if found.first <= today else of_year(year - 1, number)

    return read


def _half(year: int, number: int) -> Period:
    first = quarter_of(date(year, 6 * number - 5, 1))
    return Period(first.first, quarter_of(date(year, 6 * number, 1)).last)


def _number(written: str) -> int:
    return _NUMERALS.get(written) or int(written)


def _span(match: re.Match[str], today: date) -> Period | Message | None:
    if not match[1] and not match[2]:
        return None
    first = read_date(match[1]) if match[1] else date.min
    last = read_date(match[2]) if match[2] else today
    if isinstance(first, Message):
        return first
    return last if isinstance(last, Message) else Period(first, last)


_WORDS: dict[str, Callable[[date], Period]] = {
    **dict.fromkeys(("all", "ever", "全部", "所有", "至今"), lambda day: Period(date.min, day)),
    **dict.fromkeys(("today", "今天", "今日"), lambda day: Period(day, day)),
    **dict.fromkeys(("yesterday", "昨天", "昨日"), lambda day: before(Period(day, day))),
    "今年": year_of,
    "去年": lambda day: before(year_of(day)),
    "前年": lambda day: before(before(year_of(day))),
}

_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Period | Message | None]], ...] = (
    (_NAMED, _named),
    (re.compile(r"([0-9]{4})年?"), lambda match, _: year_of(date(int(match[1]), 1, 1))),
    (_HALF, _part(_half)),
    (_ENGLISH_HALF, _part(_half)),
    *(
        (pattern, _part(lambda year, number: quarter_of(date(year, 3 * number, 1))))
        for pattern in (_QUARTER, _ENGLISH_QUARTER)
    ),
    *(
        (pattern, _part(lambda year, number: month_of(date(year, number, 1))))
        for pattern in (_MONTH, _ENGLISH_MONTH)
    ),
    (_WEEK, _part(lambda year, number: week_of(date.fromisocalendar(year, number, 1)))),
    (_LENGTH, _length),
    (
        re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})"),
        lambda match, _: month_of(date(int(match[1]), int(match[2]), 1)),
    ),
    (_SPAN, _span),
)
"""Every form with how it is read; a length of nothing is none, and so is `..` alone."""
