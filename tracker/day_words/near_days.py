"""Days around today: `明天`, `昨晚`, `the day after tomorrow`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.day_words.boundaries import NO_WORD
from tracker.day_words.day_form import Day, DayForm

if TYPE_CHECKING:
    import re

    from tracker.day_words.day_form import DayReader
    from tracker.day_words.when import View

NEAR_DAYS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0,
    "明天": 1, "明日": 1, "后天": 2, "大后天": 3,
    "yesterday": -1, "today": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1,
}  # fmt: skip
"""Words for a day, each with how far it is from today."""

END_OF_DAY = r"(?:eod|cob|(?:the\s+)?(?:end|close)\s+of\s+(?:the\s+day|day|business|play))"
"""Regular expression of the end of a day: the day alone, as no time is made up."""

_BEFORE_PART = {"昨": -1, "今": 0, "明": 1, "this": 0}


def _near_day(match: re.Match[str], view: View) -> Day:
    return Day(view.today + timedelta(days=NEAR_DAYS[match[0]]))


def _fixed(days: int, part: str | None = None) -> DayReader:
    """Return the reader of the day so many days from today."""
    return lambda _, view: Day(view.today + timedelta(days=days), part=part)


def _part_of_near_day(match: re.Match[str], view: View) -> Day:
    return Day(view.today + timedelta(days=_BEFORE_PART[match["day"]]), part=match["part"])


FORMS = (
    DayForm("|".join(sorted(NEAR_DAYS, key=len, reverse=True)), _near_day),
    DayForm(r"(?:the\s+)?day\s+after\s+tomorrow", _fixed(2)),
    DayForm(r"(?:the\s+)?day\s+before\s+yesterday", _fixed(-2)),
    DayForm("(?P<day>[昨今明])(?P<part>早上|晚上|早|晚)", _part_of_near_day),
    DayForm(r"(?P<day>this)\s+(?P<part>morning|afternoon|evening)", _part_of_near_day),
    DayForm("tonight", _fixed(0, "night")),
    DayForm(END_OF_DAY, _fixed(0), NO_WORD),
    DayForm(r"last\s+night", _fixed(-1, "night")),
)
"""Every form of a day around today."""
