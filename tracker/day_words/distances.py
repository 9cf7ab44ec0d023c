"""How far from now: `三天后`, `半个月后`, `in 2 weeks`, `3 days ago`, `+2h`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.day_words.day_form import Day, DayForm
from tracker.day_words.numbers import ENGLISH_NUMBER, NUMBER, number
from tracker.periods import back

if TYPE_CHECKING:
    import re

    from tracker.day_words.when import View

_UNITS = {
    "天": ("days", 1), "日": ("days", 1), "周": ("days", 7), "星期": ("days", 7),
    "礼拜": ("days", 7), "月": ("months", 1), "年": ("months", 12),
    "分钟": ("minutes", 1), "小时": ("minutes", 60), "钟头": ("minutes", 60),
    "d": ("days", 1), "day": ("days", 1), "w": ("days", 7), "week": ("days", 7),
    "fortnight": ("days", 14),
    "m": ("months", 1), "month": ("months", 1), "y": ("months", 12), "year": ("months", 12),
    "min": ("minutes", 1), "minute": ("minutes", 1),
    "h": ("minutes", 60), "hr": ("minutes", 60), "hour": ("minutes", 60),
}  # fmt: skip
"""What a unit is counted in, and how many of these it is."""

_HALF_UNITS = {
    "月": ("days", 15), "年": ("months", 6), "小时": ("minutes", 30), "钟头": ("minutes", 30),
    "month": ("days", 15), "year": ("months", 6), "hour": ("minutes", 30),
}  # fmt: skip
_UNIT = "(?P<unit>个月|个?星期|个?礼拜|个?小时|个?钟头|分钟|[天日周年])"
_AMOUNT = rf"(?:(?P<half>半)(?=个月|年|个?小时|个?钟头)|(?P<number>{NUMBER}))\s?"
_ENGLISH_UNIT = "(?P<unit>day|week|fortnight|month|year|hour|hr|minute|min)s?"
_ENGLISH_AMOUNT = (
    rf"(?:(?P<half>half\s+an?)(?=\s+(?:month|year|hour))|(?P<number>{ENGLISH_NUMBER}))\s*"
)
_TIME = r"(?:'s?\s+time|\s+time(?=\s*(?:\Z|[,;:.])))"
"""Behind a distance: `in two weeks' time`; a bare `time` may begin what is said next."""

_SIGNED_UNIT = "(?P<unit>个月|天|周|年|day|week|month|year|hour|min|[dwmyh])s?"


def _distance(match: re.Match[str], view: View) -> Day:
    unit = match["unit"].removeprefix("个")
    groups = match.groupdict()
    if groups.get("half"):
        counted, steps = _HALF_UNITS[unit]
    else:
        counted, size = _UNITS[unit]
        steps = size * number(match["number"])
    if groups.get("way") in {"前", "ago", "-"}:
        steps = -steps
    if counted == "minutes":
        moment = view.now + timedelta(minutes=steps)
        return Day(moment.date(), time=moment.time())
    if counted == "days":
        return Day(view.today + timedelta(days=steps))
    return Day(back(view.today, -steps))


FORMS = (
    DayForm(rf"{_AMOUNT}{_UNIT}\s?(?:之|以)?(?P<way>[前后])", _distance),
    DayForm(rf"in\s+{_ENGLISH_AMOUNT}{_ENGLISH_UNIT}{_TIME}?", _distance),
    DayForm(
        rf"{_ENGLISH_AMOUNT}{_ENGLISH_UNIT}\s+(?P<way>ago|later|from\s+(?:now|today))", _distance
    ),
    DayForm(rf"(?P<way>[+-])(?P<number>[0-9]{{1,3}})\s?{_SIGNED_UNIT}", _distance),
)
"""Every form of a distance."""
