"""Days by their place in the calendar: `2026-11-20`, `8月5日`, `5号`, `Aug 5`, `元旦`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tracker.dates import DATE_PATTERN, read_date
from tracker.day_words.boundaries import APART, NO_WORD
from tracker.day_words.day_form import Day, DayForm
from tracker.day_words.numbers import NUMBER, number
from tracker.day_words.turns import ENGLISH_YEAR, TURN, TURNS, YEAR, first_day, named_year
from tracker.translation import Message

if TYPE_CHECKING:
    import re

    from tracker.day_words.when import View

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

MONTH = (
    "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
"""Regular expression of a month in English."""

_HOLIDAYS = {
    "元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1), "圣诞节": (12, 25),
    "new year's day": (1, 1), "new year's eve": (12, 31), "boxing day": (12, 26),
    "christmas eve": (12, 24), "christmas day": (12, 25),
    "xmas eve": (12, 24), "xmas day": (12, 25),
}  # fmt: skip
"""Words for one day of the solar calendar; 国庆 alone is a week."""

_DAY_NUMBER = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_NO_VERB = r"(?<!may)|(?!\s+(?!at\b)[a-z])"
"""After a day with its month: `5 may` but not `5 may come`."""


def month_number(text: str) -> int:
    """Return the number of a month by its number or its English name."""
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else number(text)


def _written_day(match: re.Match[str], _: View) -> Day | Message:
    day = read_date(match[0])
    return day if isinstance(day, Message) else Day(day)


def _day_of_year(match: re.Match[str], view: View) -> Day:
    groups = match.groupdict()
    if holiday := groups.get("holiday"):
        month, day = _HOLIDAYS[holiday]
    else:
        month, day = month_number(match["month"]), number(match["day"])
    year = named_year(groups, view)
    if year is None:
        # Compared without a year, since 29 February has a place in every one.
        today = view.today
        ahead = (month, day) > (today.month, today.day)
        passed = (month, day) < (today.month, today.day)
        year = today.year + view.turn(ahead - passed)
    return Day(date(year, month, day))


def _day_before_month(match: re.Match[str], _: View) -> Message:
    turned = f"{match['month']}/{match['day']}"
    return Message(
        "‘{text}’ begins with the day; a day with a slash is written as month/day: {turned}",
        {"text": match[0], "turned": turned},
    )


def _day_of_month(match: re.Match[str], view: View) -> Day:
    day = number(match["day"])
    turn = match.groupdict().get("turn")
    months = TURNS[turn] if turn else view.turn(day - view.today.day)
    return Day(first_day("month", view.today, months).replace(day=day))


FORMS = (
    DayForm(DATE_PATTERN, _written_day),
    DayForm(rf"(?:{YEAR})?(?P<month>{NUMBER})\s?月\s?(?P<day>{NUMBER})\s?[日号]", _day_of_year),
    DayForm(rf"{TURN}月\s?(?P<day>{NUMBER})\s?[日号]", _day_of_month),
    DayForm(rf"(?P<day>{NUMBER})\s?[日号]", _day_of_month, APART),
    DayForm("(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12][0-9]|0?[1-9])", _day_of_year, APART),
    # Refused: whoever got away with `25/12` would take `1/12` for the first of December.
    DayForm("(?P<day>3[01]|2[0-9]|1[3-9])/(?P<month>1[0-2]|0?[1-9])", _day_before_month, APART),
    DayForm(rf"(?:on\s+)?{MONTH}\.?\s*(?:the\s+)?{_DAY_NUMBER}{ENGLISH_YEAR}", _day_of_year),
    DayForm(
        rf"(?:on\s+)?(?:the\s+)?{_DAY_NUMBER}\s*(?:of\s+)?{MONTH}(?:{_NO_VERB}){ENGLISH_YEAR}",
        _day_of_year,
    ),
    DayForm(rf"(?P<day>[0-9]{{1,2}})-{MONTH}-(?P<year>[0-9]{{4}})", _day_of_year),
    DayForm(r"(?:on\s+)?(?:the\s+)?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)", _day_of_month, NO_WORD),
    DayForm(f"(?:{YEAR})?(?P<holiday>元旦|劳动节|国庆节|圣诞节)", _day_of_year),
    DayForm(
        r"(?:on\s+)?(?P<holiday>new year's (?:day|eve)|(?:christmas|xmas) (?:day|eve)|boxing day)"
        f"{ENGLISH_YEAR}",
        _day_of_year,
    ),
)
"""Every form of a day of a month or a year."""
