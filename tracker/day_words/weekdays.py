"""Weekdays and weeks: `周三`, `下周三`, `next wed`, `下周`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.day_words.boundaries import NO_WORD, NOT_ALONE
from tracker.day_words.day_form import Day, DayForm
from tracker.day_words.near_days import NEAR_DAYS
from tracker.day_words.numbers import ENGLISH_NUMBER, number
from tracker.day_words.turns import TURN, TURN_AHEAD, TURNS, first_day, in_week

if TYPE_CHECKING:
    import re

    from tracker.day_words.when import View

_WEEKDAYS = {
    **{day: number for number, day in enumerate("一二三四五六日")},
    **{day: number for number, day in enumerate("123456")},
    **{day: number for number, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    "天": 6, "末": 5, "weekend": 5,
}  # fmt: skip
_WEEK = "(?:周|星期|礼拜)"
_DAY_ENDS = r"(?:$|[\s,，。;；]|[上下]午|早|晚)"
"""What follows a day that is written as a digit: `周3` is Wednesday, `周3次` is not."""
_WHOLE = f"(?![一二三四五六日天末期]|[1-7七八]{_DAY_ENDS})"
"""After a week of which no day is named, nor seems to be: `下周七` is not its Monday."""

_LONG = (
    "monday|tue(?:s(?:day)?)?|weds|wednesday|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|saturday|sunday"
    "|weekend"
)
_SHORT = "mon|wed|sat|sun"
"""Those that are words of another meaning too, or parts of names."""

_WEEKS = {"week": 1, "wk": 1, "fortnight": 2}
_NAMED = f"(?P<day>{_LONG.removesuffix('|weekend')}|{_SHORT})"
_NO_NUMBER = r"(?!\s*[0-9])"
"""After a week that is counted from a day: `Friday week` but not `Friday week 49`."""


def _weekday(match: re.Match[str], view: View) -> Day:
    day = match["day"]
    weekday = _WEEKDAYS[day if day in _WEEKDAYS else day[:3]]
    if turn := match.groupdict().get("turn"):
        return Day(in_week(view.today + timedelta(weeks=TURNS[turn]), weekday))
    today = view.today.weekday()
    days = -((today - weekday) % 7) if view.past else (weekday - today - 1) % 7 + 1
    return Day(view.today + timedelta(days=days), of_any_week=True)


def _coming(match: re.Match[str], view: View) -> Day:
    """Read the coming one of a weekday, or that of so many weeks later."""
    groups = match.groupdict()
    weeks = (
        number(groups.get("number") or "a") * _WEEKS[groups["weeks"]] if "weeks" in groups else 0
    )
    if near := groups.get("near"):
        day = view.today + timedelta(days=NEAR_DAYS[near])
    else:
        ahead = (_WEEKDAYS[match["day"][:3]] - view.today.weekday() - 1) % 7 + 1
        day = view.today + timedelta(days=ahead)
    return Day(day + timedelta(weeks=weeks))


def _week(match: re.Match[str], view: View) -> Day:
    return Day(first_day("week", view.today, TURNS[match["turn"]]), whole_week=True)


FORMS = (
    DayForm(f"(?:{TURN})?{_WEEK}(?P<day>[一二三四五六日天])", _weekday),
    DayForm(f"(?:{TURN})?{_WEEK}(?P<day>[1-6])(?={_DAY_ENDS})", _weekday),
    DayForm(f"(?:{TURN})?周(?P<day>末)", _weekday),
    DayForm(rf"(?:on\s+)?(?P<turn>next|this|last)\s+(?P<day>{_LONG}|{_SHORT})", _weekday),
    DayForm(rf"on\s+(?:the\s+)?(?P<day>{_LONG}|{_SHORT})", _weekday),
    DayForm(rf"(?:on\s+)?(?:(?:this|the)\s+)?coming\s+{_NAMED}", _coming),
    DayForm(rf"(?:on\s+)?{_NAMED}\s+(?P<weeks>week|wk|fortnight)", _coming, _NO_NUMBER),
    DayForm(
        rf"(?:in\s+)?(?P<number>{ENGLISH_NUMBER})\s+(?P<weeks>week|fortnight)s?\s+"
        rf"(?:(?:from\s+)?(?P<near>today|tomorrow)|(?:on|from)\s+{_NAMED})",
        _coming,
    ),
    DayForm(f"(?P<day>{_LONG})", _weekday),
    DayForm(f"(?P<day>{_SHORT})", _weekday, NO_WORD),
    DayForm(f"{TURN_AHEAD}{_WEEK}{_WHOLE}", _week),
    DayForm(r"(?P<turn>next)\s+week", _week),
    DayForm(f"{TURN}{_WEEK}{_WHOLE}", _week, NOT_ALONE),
    DayForm(r"(?P<turn>this|last)\s+week", _week, NOT_ALONE),
)
"""Every form of a weekday or a week."""
