"""The words of values that the language has in every workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.vocabulary import FALSE_WORDS, NEXT_STATES, STALE, TRUE_WORDS, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

_STAGE_KINDS = (
    Word("open", "进行中", "open", ("跟进中", "在谈")),
    Word("won", "成交", "won", ("已成交", "赢单")),
    Word("lost", "未成交", "lost", ("流失", "丢单", "输单")),
)
BUILTIN_WORDS = {
    "is": (*NEXT_STATES, STALE, *_STAGE_KINDS),
    "next_state": NEXT_STATES,
    "stage_kind": _STAGE_KINDS,
    "bool": (Word("true", "是", "yes", TRUE_WORDS), Word("false", "否", "no", FALSE_WORDS)),
}

_WEEKDAYS = {
    "monday": (("mon",), ("一",)), "tuesday": (("tue", "tues"), ("二",)),
    "wednesday": (("wed", "weds"), ("三",)), "thursday": (("thu", "thur", "thurs"), ("四",)),
    "friday": (("fri",), ("五",)), "saturday": (("sat",), ("六",)),
    "sunday": (("sun",), ("日", "天")),
}  # fmt: skip
"""Each with its short forms, and with what stands behind 周."""

_WEEKS = {"this": (("本", "这"), 0), "next": (("下", "下个"), 7), "last": (("上", "上个"), -7)}
"""Words before a weekday, with the days from this week's Monday to that week's."""


def _weekday_words() -> Iterator[tuple[Word, tuple[str, int]]]:
    """Yield `monday`, `this-monday` and the like with their rules."""
    for number, (name, (short, ends)) in enumerate(_WEEKDAYS.items()):
        chinese = [f"{week}{end}" for end in ends for week in ("周", "星期", "礼拜")]
        yield Word(name, chinese[0], name, (*short, *chinese[1:])), ("weekday", number)
        for turn, (turns, ahead) in _WEEKS.items():
            words = [f"{each}{day}" for each in turns for day in chinese]
            others = (*(f"{turn}-{each}" for each in short), *words[1:])
            rule = ("weekday of week", ahead + number)
            yield Word(f"{turn}-{name}", words[0], f"{turn}-{name}", others), rule


PERIODS = {
    Word("today", "今天", "today", ("今日",)): ("day", 0),
    Word("tomorrow", "明天", "tomorrow", ("明日",)): ("day", 1),
    Word("yesterday", "昨天", "yesterday", ("昨日",)): ("day", -1),
    Word("day-after-tomorrow", "后天", "day-after-tomorrow"): ("day", 2),
    Word("day-before-yesterday", "前天", "day-before-yesterday"): ("day", -2),
    Word("this-week", "本周", "this-week", ("这周",)): ("week", 0),
    Word("next-week", "下周", "next-week"): ("week", 1),
    Word("last-week", "上周", "last-week"): ("week", -1),
    Word("this-month", "本月", "this-month", ("这个月",)): ("month", 0),
    Word("next-month", "下月", "next-month", ("下个月",)): ("month", 1),
    Word("last-month", "上月", "last-month", ("上个月",)): ("month", -1),
    Word("this-quarter", "本季度", "this-quarter", ("这个季度",)): ("quarter", 0),
    Word("next-quarter", "下季度", "next-quarter", ("下个季度",)): ("quarter", 1),
    Word("last-quarter", "上季度", "last-quarter", ("上个季度",)): ("quarter", -1),
    Word("this-year", "今年", "this-year"): ("year", 0),
    Word("next-year", "明年", "next-year"): ("year", 1),
    Word("last-year", "去年", "last-year"): ("year", -1),
    **dict(_weekday_words()),
}
"""Words for stretches of days, each with its unit and how many of them from today's.

Of `weekday`, the next or last such day, it is the weekday from 0 for Monday; of `weekday of week`
the days from this week's Monday.
"""

DAY_UNITS = {
    "d": 1, "day": 1, "days": 1, "天": 1, "日": 1,
    "w": 7, "week": 7, "weeks": 7, "周": 7, "星期": 7, "个星期": 7, "礼拜": 7, "个礼拜": 7,
    "month": 30, "months": 30, "个月": 30,
    "y": 365, "year": 365, "years": 365, "年": 365,
}  # fmt: skip
"""Units of a distance in days, each with its length; `3月` would be March."""

SIMPLIFIED = dict(zip("週後個禮這", "周后个礼这", strict=True))
"""Traditional characters of periods and units, each with the one that these are written with."""
