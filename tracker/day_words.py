"""Days and times as people say them, in Chinese and English, resolved against a given moment.

Callers show what was understood, so that being predictable is worth more than being clever: a word
that is not known here is not understood, and what does not exist is said so, never mended.
`docs/days.md` lists every form with its meaning. The rules behind it:

===========================  ======================================================================
`周三`, `wed`                 the coming one, never today; looking back the last one, or today
`下周三`, `next wed`          that of the next week, even where the coming one is nearer; `本周三`
                             and `this wed` that of this week, `上周三` and `last wed` that of the
                             last one; weeks begin on Monday
`8月5日`, `Aug 5`, `8/5`       the next one, or today; looking back the last one, or today; `8/5` is
                             month and day
`5号`, `the 5th`              this month's, or next month's where it has passed; looking back this
                             month's, or last month's
`月初`, `月中`, `月底`, `eom`   likewise the 1st, the 15th and the last day; so are `年底`, `季度末`
`周末`, `weekend`             Saturday; `eow` and `end of week` are Friday, when the work ends
`下周`, `next month`          the first day of it
`一个月后`, `in a month`       the same day of that month, or its last where it has no such day;
                             `半个月` is 15 days
`三点`, `half past 3`         an hour from 1 to 6 that is said, not written as `3:00`, is in the
                             afternoon, unless a part of the day is named
`明天下午`                    the day without a time; `中午` and `noon` are 12:00
`15:00`                      today, or tomorrow where it has passed; looking back the last one
===========================  ======================================================================

The time never changes the day that is named: `周二 15:00` on a Tuesday morning is in a week.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from tracker.dates import DATE_PATTERN, TIME_PATTERN, read_date, read_time
from tracker.text import nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class When(Struct, frozen=True):
    """A day, with a time of day where one was named.

    Attributes:
        date: The day.
        time: To the minute, with an offset from UTC only where one was written.
    """

    date: date
    time: time | None = None


def read_when(text: str, now: datetime, *, past: bool = False) -> When | Message:
    """Read a text that is a moment and nothing else.

    Args:
        text: The text, such as `下周三 10:00`.
        now: The team's local time; only its wall clock counts.
        past: Whether something is told that has happened: what could lie before or after today
            then lies before.

    Returns:
        The moment, or a message that says what is not understood, or what does not exist.
    """
    written = text.strip()
    view = _view(now, past=past)
    folded = _fold(written)
    if folded in _PRESENT:
        return When(view.today, view.now.time())
    for moment in _moments(_Text(written, folded), view):
        if moment.end == len(written):
            return moment.value
    return _not_understood(written, now, past=past)


def leading_when(text: str, now: datetime, *, past: bool = False) -> tuple[When, str] | None:
    """Read the longest moment that a text begins with.

    A text that begins with something near to a moment begins with none: `5号机`, `周五前`,
    `周一到周三`, `2月30日`.

    Args:
        text: The text, such as `三天后电话回访`.
        now: The team's local time; only its wall clock counts.
        past: As in `read_when`.

    Returns:
        The moment, and the rest of the text without the blanks and signs that part it from the
        moment; None where the text begins with no moment.
    """
    written = text.lstrip()
    source = _Text(written, _fold(written))
    view = _view(now, past=past)
    for moment in _moments(source, view):
        if isinstance(moment.value, Message):
            return None
        if not _is_first_of_several(source, moment.end, view):
            start = _skipped(_SEPARATORS, source.folded, moment.end)
            return moment.value, written[start:]
    return None


def first_day_of(text: str, now: datetime) -> date | None:
    """Return the first day of the week, month, quarter or year that a text names.

    Args:
        text: The text, such as `last week`, `本月` or `去年`.
        now: The team's local time; only its wall clock counts.

    Returns:
        The day; None where the text names no such stretch.
    """
    folded = " ".join(_fold(text.strip()).split())
    if folded in _YEAR_TURNS:
        return _first_day("year", now.date(), _YEAR_TURNS[folded])
    match = _STRETCH.fullmatch(folded)
    if match is None:
        return None
    unit = match["unit"] or match["english"]
    return _first_day(
        _STRETCH_UNITS.get(unit, unit), now.date(), _TURNS[match["turn"] or match["english_turn"]]
    )


def why_no_day(text: str, now: datetime) -> Message:
    """Return why `leading_when` finds no moment at the beginning of a plan.

    Args:
        text: The plan, such as `tomorow call`, `2月30日 面谈` or `asap`.
        now: The team's local time; only its wall clock counts.
    """
    written = text.strip()
    if reason := impossible_moment(written, now):
        return reason
    if found := _word_near(written):
        return _did_you_mean(*found)
    return Message(
        "‘{text}’ does not begin with a day; "
        "write it as 2026-11-20 14:30, next friday 10:00, in 2 weeks, or none",
        {"text": _shortened(written)},
    )


def impossible_moment(text: str, now: datetime) -> Message | None:
    """Return what is wrong with a day or time that a text begins with; None where nothing is.

    Args:
        text: Such as `2/30` or `明天 25:00 电话`.
        now: The team's local time; only its wall clock counts.
    """
    moments = _moments(_Text(text, _fold(text)), _view(now, past=False))
    return next((each.value for each in moments if isinstance(each.value, Message)), None)


def _did_you_mean(text: str, near: str) -> Message:
    return Message(
        "‘{text}’ is not understood as a day or time; did you mean ‘{near}’?",
        {"text": text, "near": near},
    )


def _word_near(text: str) -> tuple[str, str] | None:
    """Return the mistyped word for a day that a text begins with, and the one that was meant."""
    words = text.split()
    for count in range(1, min(len(words), _MOST_WORDS) + 1):
        begun = " ".join(words[:count])
        if begun.isascii() and (near := nearest(begun, _OFFERED, _MISTYPED)):
            return begun, near
    return None


_MOST_WORDS = 3
"""Words of an expression for a day that is offered, at most."""

_MISTYPED = 80.0
"""Least likeness, of 100, of a word that a text begins with to the one that was meant."""


def _not_understood(written: str, now: datetime, *, past: bool) -> Message:
    if not written:
        return Message(
            "no day or time is given; write it as 2026-11-20 14:30, next friday 10:00, in 2 weeks"
        )
    begun = leading_when(written, now)
    text = _shortened(begun[1] if begun and begun[1] else written)
    offered = [word for word in _OFFERED if not past or _is_over(word, now)]
    if near := nearest(text, offered) if text.isascii() else None:
        return _did_you_mean(text, near)
    if past:
        return Message(
            "‘{text}’ is not understood as a day or time; "
            "write it as 2026-11-20 14:30, yesterday 15:00, last friday, 3 days ago",
            {"text": text},
        )
    return Message(
        "‘{text}’ is not understood as a day or time; "
        "write it as 2026-11-20 14:30, next friday 10:00, in 2 weeks",
        {"text": text},
    )


def _is_over(words: str, now: datetime) -> bool:
    """Tell whether words for a day or a time mean one that is not to come."""
    when = read_when(words, now, past=True)
    return isinstance(when, When) and when.date <= now.date()


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


_LONGEST_SHOWN = 40
"""Characters of a text that is not understood that a message repeats."""

_PRESENT = frozenset({"now", "just now", "现在", "刚才", "刚刚"})
"""Words for this very moment. Much begins with them that is no moment, so they stand alone."""


# What the text is read as.


class _Text(NamedTuple):
    """A text as it was written, and in the one width, case and script that forms are made of."""

    written: str
    folded: str


def _fold(text: str) -> str:
    # Character by character, so that places in both texts are the same.
    return text.translate(_FOLDED)


_FOLDED = {
    **{code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)},
    **{code: chr(code - ord("！") + ord("!")).lower() for code in range(ord("！"), ord("～") + 1)},
    **{
        ord(char): plain
        for char, plain in zip(
            "\u3000’週後點號兩個禮這時鐘來", " '周后点号两个礼这时钟来", strict=True
        )
    },
}
"""Capitals, full-width signs and traditional characters, each with what forms are made of."""


class _View(Struct, frozen=True):
    """From where, and in which direction, one looks at days."""

    now: datetime
    past: bool

    @property
    def today(self) -> date:
        return self.now.date()

    def turn(self, distance: int) -> int:
        """Return which turn of something that comes back is meant: -1, 0 or 1 from this one.

        Args:
            distance: Above 0 where this turn lies ahead, below where it has passed.
        """
        if self.past:
            return -1 if distance > 0 else 0
        return 1 if distance < 0 else 0


def _view(now: datetime, *, past: bool) -> _View:
    return _View(now.replace(second=0, microsecond=0, tzinfo=None), past)


# How a moment is put together of days, parts of the day and times.


class _Moment(NamedTuple):
    end: int
    value: When | Message
    after: re.Pattern[str]
    """What the text must go on with, or must not."""


def _moments(source: _Text, view: _View) -> list[_Moment]:
    """Return every moment that the text begins with, the longest first."""
    found = [
        moment
        for moment in (*_day_first(source, view), *_time_first(source, view))
        if _ends_at(source.folded, moment.end, moment.after)
    ]
    return sorted(found, key=lambda moment: (-moment.end, isinstance(moment.value, Message)))


def _day_first(source: _Text, view: _View) -> Iterator[_Moment]:
    for first in _days(source, 0, view):
        for found in (first, *_agreeing(source, first, view)):
            day = found.value
            if isinstance(day, Message):
                yield _Moment(found.end, day, found.after)
                part = None
            else:
                yield _Moment(found.end, When(day.date, day.time), found.after)
                if day.time:
                    continue
                part = day.part
            start = _gap_end(source.folded, found.end)
            if start is None:
                continue
            if not part and (match := _PART.match(source.folded, start)):
                value = day if isinstance(day, Message) else When(day.date)
                yield _Moment(match.end(), value, _ALWAYS)
            for clock in _times(source, start, part, after_day=True):
                yield _Moment(clock.end, _joined(day, clock.value), clock.after)


def _time_first(source: _Text, view: _View) -> Iterator[_Moment]:
    for clock in _times(source, 0, after_day=False):
        yield _Moment(clock.end, _coming(clock.value, view), clock.after)
        start = _gap_end(source.folded, clock.end)
        for found in _days(source, start, view) if start is not None else ():
            yield _Moment(found.end, _joined(found.value, clock.value), found.after)


def _joined(day: _Day | Message, clock: time | Message) -> When | Message:
    if isinstance(day, Message):
        return day
    return clock if isinstance(clock, Message) else When(day.date, clock)


def _coming(clock: time | Message, view: _View) -> When | Message:
    """Return the turn of a time that names no day."""
    if isinstance(clock, Message):
        return clock
    minutes = (clock.hour - view.now.hour) * 60 + clock.minute - view.now.minute
    try:
        return When(view.today + timedelta(days=view.turn(minutes)), clock)
    except OverflowError:
        return Message("there is no time {text}", {"text": clock.isoformat("minutes")})


def _agreeing(source: _Text, first: _FoundDay, view: _View) -> Iterator[_FoundDay]:
    """Yield days that are named twice, as `11月27日（周五）` or `Fri, Nov 27` are."""
    start = _gap_end(source.folded, first.end)
    if start is None:
        return
    bracket = source.folded.startswith("(", start)
    for second in _days(source, start + bracket, view):
        closing = source.folded.startswith(")", second.end)
        if bracket and not closing:
            continue
        end = second.end + bracket
        value = _same_day(first.value, second.value)
        if value is None:
            text = _shortened(source.written[:end])
            value = Message("‘{text}’ names two days that are not the same", {"text": text})
        free = bracket or second.after is _NOT_ALONE
        yield _FoundDay(end, value, _ALWAYS if free else second.after)


def _same_day(first: _Day | Message, second: _Day | Message) -> _Day | Message | None:
    """Return the one day that two words name, or None where they name different ones."""
    if isinstance(first, Message):
        return first
    if isinstance(second, Message):
        return second
    for day, other in ((first, second), (second, first)):
        if not day.of_any_week:
            continue
        if other.whole_week:
            return replace(other, date=_in_week(other.date, day.date.weekday()), whole_week=False)
        if other.date.weekday() == day.date.weekday():
            return other
    return first if first.date == second.date else None


def _is_first_of_several(source: _Text, end: int, view: _View) -> bool:
    """Tell whether a range or a choice of days or times begins: `周一到周三`, `Mon or Tue`."""
    match = _TO_ANOTHER.match(source.folded, end)
    if not match:
        return False
    rest = _Text(source.written[match.end() :], source.folded[match.end() :])
    return bool(_moments(rest, view))


_TO_ANOTHER = re.compile(r"\s*(?:[-–—~/、]|至|到|或|和|(?:to|or|and|till|until)\b)\s*")
_SEPARATORS = re.compile(r"(?:[\s·|,、:]|[-–—]+(?=\s))*")
_GAP = re.compile(r"[\s·|,]*")
_ISO_TIME_SIGN = re.compile(r"(?<=[0-9])t(?=[0-9]{2}:)")


def _skipped(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _gap_end(text: str, end: int) -> int | None:
    """Return where the next part could begin; None where the word before it goes on."""
    if match := _ISO_TIME_SIGN.match(text, end):
        return match.end()
    start = _skipped(_GAP, text, end)
    if start == end and _is_latin(text[end - 1 : end]) and _is_latin(text[end : end + 1]):
        return None
    return start


_AFTER = re.compile(r"(?!(?:之|以)?[前后](?![往台来续勤端期])|左右|期间)")
"""After a moment: `周五前` is not Friday, `明天前往上海` is tomorrow."""

_AFTER_LATIN = re.compile(r"(?![^\W㐀-鿿]|'|-[a-z0-9]|[./:][0-9]|%)")
"""After a moment that ends with a letter or a digit, which must be the last of its word."""

_APART = re.compile(r"\Z|[\s·|,;、:()]|[-–—]\s")
"""After what is a day only when it stands apart: `5号` but not `5号机`."""

_NO_WORD = re.compile(r"(?!\s*[a-z0-9])")
"""After what is a day only without a further word: `sun` but not `sun city`."""

_NOT_ALONE = re.compile(r"(?!)")
"""After what is a day only together with another word: `this week`."""

_ALWAYS = re.compile("")


def _ends_at(text: str, end: int, after: re.Pattern[str]) -> bool:
    rules = (_AFTER, after, _AFTER_LATIN if _is_latin(text[end - 1 : end]) else _ALWAYS)
    return all(rule.match(text, end) for rule in rules)


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


# The words that forms are made of.

_NUMBER = "(?:[0-9]{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ENGLISH_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_ENGLISH_NUMBER = rf"(?:[0-9]{{1,3}}|{'|'.join(sorted(_ENGLISH_NUMBERS, reverse=True))})"


def _number(text: str) -> int:
    """Return a number to 999 in digits, to 99 in Chinese, or to 12 in English words."""
    if text.isdecimal():
        return int(text)
    if text in _ENGLISH_NUMBERS:
        return _ENGLISH_NUMBERS[text]
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS[tens] if tens else 1) * 10 * len(ten) + (_DIGITS[ones] if ones else 0)


_TURNS = {
    "下下": 2, "下": 1, "本": 0, "这": 0, "上上": -2, "上": -1,
    "next": 1, "this": 0, "last": -1,
}  # fmt: skip
_TURN = "(?P<turn>下下|下|本|这|上上|上)个?"
_TURN_AHEAD = "(?P<turn>下下|下)个?"
_YEAR_TURNS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_YEAR = rf"(?:(?P<year>[0-9]{{4}})\s?年|(?P<year_turn>{'|'.join(_YEAR_TURNS)}))\s?"
_ENGLISH_YEAR = r"(?:,?\s+(?P<year>[0-9]{4})(?![0-9]))?"

_DAYS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0,
    "明天": 1, "明日": 1, "后天": 2, "大后天": 3,
    "yesterday": -1, "today": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1,
}  # fmt: skip
_STRETCH_UNITS = {"周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter"}
_STRETCH = re.compile(
    rf"{_TURN}(?P<unit>{'|'.join(_STRETCH_UNITS)})"
    r"|(?P<english_turn>next|this|last) (?P<english>week|month|quarter|year)"
)
_DAYS_BEFORE_PART = {"昨": -1, "今": 0, "明": 1, "this": 0}

_WEEK = "(?:周|星期|礼拜)"
_WEEKDAYS = {
    **{day: number for number, day in enumerate("一二三四五六日")},
    **{day: number for number, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    "天": 6, "末": 5, "weekend": 5,
}  # fmt: skip
_LONG_WEEKDAY = (
    "monday|tue(?:s(?:day)?)?|weds|wednesday|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|saturday|sunday"
    "|weekend"
)
_SHORT_WEEKDAY = "mon|wed|sat|sun"
"""Those that are words of another meaning too, or parts of names."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NO_VERB = r"(?<!may)|(?!\s+(?!at\b)[a-z])"
"""After a day with its month: `5 may` but not `5 may come`."""

_HOLIDAYS = {
    "元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1), "圣诞节": (12, 25),
    "new year's day": (1, 1), "christmas day": (12, 25),
}  # fmt: skip
"""Words for one day of the solar calendar; 国庆 alone is a week."""

_POINTS = {
    "初": "start", "中": "middle", "底": "end", "末": "end",
    "start": "start", "beginning": "start", "middle": "middle", "end": "end",
}  # fmt: skip

_UNITS = {
    "天": ("days", 1), "日": ("days", 1), "周": ("days", 7), "星期": ("days", 7),
    "礼拜": ("days", 7), "月": ("months", 1), "年": ("months", 12),
    "分钟": ("minutes", 1), "小时": ("minutes", 60), "钟头": ("minutes", 60),
    "d": ("days", 1), "day": ("days", 1), "w": ("days", 7), "week": ("days", 7),
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
_AMOUNT = rf"(?:(?P<half>半)(?=个月|年|个?小时|个?钟头)|(?P<number>{_NUMBER}))\s?"
_ENGLISH_UNIT = "(?P<unit>day|week|month|year|hour|hr|minute|min)s?"
_SIGNED_UNIT = "(?P<unit>个月|天|周|年|day|week|month|year|hour|min|[dwmyh])s?"
_ENGLISH_AMOUNT = (
    rf"(?:(?P<half>half\s+an?)(?=\s+(?:month|year|hour))|(?P<number>{_ENGLISH_NUMBER}))\s*"
)

_PARTS = {
    "凌晨": (0, 6), "清晨": (4, 11), "早晨": (4, 11), "早上": (4, 11), "早": (4, 11),
    "上午": (4, 12), "中午": (11, 14), "下午": (12, 19), "傍晚": (16, 20),
    "晚上": (17, 23), "晚": (17, 23),
    "morning": (4, 12), "afternoon": (12, 19), "evening": (16, 23), "night": (17, 23),
}  # fmt: skip
"""Parts of the day with the first and the last of their hours, of 24."""

_PART_WORD = "凌晨|清晨|早晨|早上|上午|下午|傍晚|晚上"
_ENGLISH_PART_WORD = r"(?:in\s+the\s+)?(?P<english_part>morning|afternoon|evening|night)"
_PART = re.compile(f"{_PART_WORD}|{_ENGLISH_PART_WORD}")
_ANY_PART = rf"(?:(?P<part>{_PART_WORD}|中午|早|晚)\s?|{_ENGLISH_PART_WORD}\s+)"


# The forms of days.


_DayReader: TypeAlias = "Callable[[re.Match[str], _View], _Day | Message]"
"""Raises ValueError or OverflowError for a day that does not exist."""


class _Day(Struct, frozen=True):
    """What a form of a day means.

    Attributes:
        date: The day.
        of_any_week: It is named by its weekday alone, and another word may say the week.
        whole_week: It stands for its week, of which another word may say the day.
        part: The part of the day that is named with it.
        time: The time, where the form says how far the moment is, not which day.
    """

    date: date
    of_any_week: bool = False
    whole_week: bool = False
    part: str | None = None
    time: time | None = None


# Compiled when the first text is read, as most commands read none.
_compiled = lru_cache(maxsize=None)(re.compile)


class _FoundDay(NamedTuple):
    end: int
    value: _Day | Message
    after: re.Pattern[str]


def _days(source: _Text, start: int, view: _View) -> Iterator[_FoundDay]:
    """Yield every day that the text names at a place."""
    for form in _DAY_FORMS:
        if match := _compiled(form.pattern).match(source.folded, start):
            try:
                value: _Day | Message = form.read(match, view)
            except (ValueError, OverflowError):
                text = _shortened(source.written[start : match.end()])
                value = Message("there is no day {text}", {"text": text})
            yield _FoundDay(match.end(), value, form.after)


def _written_day(match: re.Match[str], _: _View) -> _Day | Message:
    day = read_date(match[0])
    return day if isinstance(day, Message) else _Day(day)


def _day_from_today(match: re.Match[str], view: _View) -> _Day:
    return _Day(view.today + timedelta(days=_DAYS[match[0]]))


def _fixed(days: int, part: str | None = None) -> _DayReader:
    """Return the reader of the day so many days from today."""
    return lambda _, view: _Day(view.today + timedelta(days=days), part=part)


def _part_of_day_near(match: re.Match[str], view: _View) -> _Day:
    day = view.today + timedelta(days=_DAYS_BEFORE_PART[match["day"]])
    return _Day(day, part=match["part"])


def _weekday(match: re.Match[str], view: _View) -> _Day:
    day = match["day"]
    weekday = _WEEKDAYS[day if day in _WEEKDAYS else day[:3]]
    if turn := match.groupdict().get("turn"):
        return _Day(_in_week(view.today + timedelta(weeks=_TURNS[turn]), weekday))
    today = view.today.weekday()
    days = -((today - weekday) % 7) if view.past else (weekday - today - 1) % 7 + 1
    return _Day(view.today + timedelta(days=days), of_any_week=True)


def _in_week(day: date, weekday: int) -> date:
    """Return the day with a number (Monday is 0) in the week of another day."""
    return day + timedelta(days=weekday - day.weekday())


def _week(match: re.Match[str], view: _View) -> _Day:
    return _Day(_first_day("week", view.today, _TURNS[match["turn"]]), whole_week=True)


def _day_of_year(match: re.Match[str], view: _View) -> _Day:
    groups = match.groupdict()
    if holiday := groups.get("holiday"):
        month, day = _HOLIDAYS[holiday]
    else:
        month, day = _month_number(match["month"]), _number(match["day"])
    year = _named_year(groups, view)
    if year is None:
        # Compared without a year, since 29 February has a place in every one.
        today = view.today
        ahead = (month, day) > (today.month, today.day)
        passed = (month, day) < (today.month, today.day)
        year = today.year + view.turn(ahead - passed)
    return _Day(date(year, month, day))


def _named_year(groups: Mapping[str, str | None], view: _View) -> int | None:
    if turn := groups.get("year_turn"):
        return view.today.year + _YEAR_TURNS[turn]
    year = groups.get("year")
    return int(year) if year else None


def _month_number(text: str) -> int:
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else _number(text)


def _day_of_month(match: re.Match[str], view: _View) -> _Day:
    day = _number(match["day"])
    turn = match.groupdict().get("turn")
    months = _TURNS[turn] if turn else view.turn(day - view.today.day)
    return _Day(_first_day("month", view.today, months).replace(day=day))


_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_MIDDLE = 15
_FRIDAY = 4


def _first_day(unit: str, today: date, turn: int) -> date:
    """Return the first day of the week, month, quarter or year so many of them from today's."""
    if unit == "week":
        return _in_week(today, 0) + timedelta(weeks=turn)
    length = _MONTHS_IN[unit]
    months = (today.month - 1) // length * length + turn * length
    return date(today.year + months // 12, months % 12 + 1, 1)


def _day_at(point: str, unit: str, today: date, turn: int) -> date:
    """Return the start, middle or end of the week, month, quarter or year."""
    first = _first_day(unit, today, turn)
    if point == "start":
        return first
    if point == "middle":
        return first.replace(day=_MIDDLE)
    if unit == "week":
        return _in_week(first, _FRIDAY)
    month = first.month + _MONTHS_IN[unit] - 1
    return date(first.year, month, monthrange(first.year, month)[1])


def _point(unit: str, named: str | None = None) -> _DayReader:
    """Return the reader of a point of this, the next or the last week, month, quarter or year."""

    def read(match: re.Match[str], view: _View) -> _Day:
        point = named or _POINTS[match["point"]]
        if turn := match.groupdict().get("turn"):
            return _Day(_day_at(point, unit, view.today, _TURNS[turn]))
        this = _day_at(point, unit, view.today, 0)
        return _Day(_day_at(point, unit, view.today, view.turn((this - view.today).days)))

    return read


def _point_of_month(match: re.Match[str], view: _View) -> _Day:
    point = _POINTS[match["point"]]
    year = _named_year(match.groupdict(), view)
    month = date(year or view.today.year, _month_number(match["month"]), 1)
    day = _day_at(point, "month", month, 0)
    if year is None:
        turns = view.turn((day - view.today).days)
        day = _day_at(point, "month", month, turns * 12)
    return _Day(day)


def _point_of_year(match: re.Match[str], view: _View) -> _Day:
    year = _named_year(match.groupdict(), view)
    first = date(view.today.year if year is None else year, 1, 1)
    return _Day(_day_at(_POINTS[match["point"]], "year", first, 0))


def _start(unit: str) -> _DayReader:
    """Return the reader of a whole month, quarter or year that lies ahead: its first day."""

    def read(match: re.Match[str], view: _View) -> _Day:
        groups = match.groupdict()
        if year_turn := groups.get("year_turn"):
            turn = _YEAR_TURNS[year_turn]
        else:
            turn = _TURNS[groups.get("turn") or "next"]
        return _Day(_first_day(unit, view.today, turn))

    return read


def _distance(match: re.Match[str], view: _View) -> _Day:
    unit = match["unit"].removeprefix("个")
    groups = match.groupdict()
    if groups.get("half"):
        counted, steps = _HALF_UNITS[unit]
    else:
        counted, size = _UNITS[unit]
        steps = size * _number(match["number"])
    if groups.get("way") in {"前", "ago", "-"}:
        steps = -steps
    if counted == "minutes":
        moment = view.now + timedelta(minutes=steps)
        return _Day(moment.date(), time=moment.time())
    if counted == "days":
        return _Day(view.today + timedelta(days=steps))
    first = _first_day("month", view.today, steps)
    return _Day(first.replace(day=min(view.today.day, monthrange(first.year, first.month)[1])))


class _DayForm(NamedTuple):
    pattern: str
    read: _DayReader
    after: re.Pattern[str] = _ALWAYS


_POINT = "(?P<point>[初中底末])(?!旬)"
_POINT_OF_LONG = "(?P<point>[初底末])"
_ENGLISH_POINT = r"(?:at\s+)?(?:the\s+)?(?P<point>start|beginning|end)\s+of\s+"
_ENGLISH_POINT_OF_MONTH = r"(?:at\s+)?(?:the\s+)?(?P<point>start|beginning|middle|end)\s+of\s+"
_MAYBE_TURN = r"(?:the\s+)?(?:(?P<turn>next|this|last)\s+)?"
_DAY_NUMBER = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"

_DAY_FORMS = (
    _DayForm(DATE_PATTERN, _written_day),
    # Days around today.
    _DayForm("|".join(sorted(_DAYS, key=len, reverse=True)), _day_from_today),
    _DayForm(r"(?:the\s+)?day\s+after\s+tomorrow", _fixed(2)),
    _DayForm(r"(?:the\s+)?day\s+before\s+yesterday", _fixed(-2)),
    _DayForm("(?P<day>[昨今明])(?P<part>早上|晚上|早|晚)", _part_of_day_near),
    _DayForm(r"(?P<day>this)\s+(?P<part>morning|afternoon|evening)", _part_of_day_near),
    _DayForm("tonight", _fixed(0, "night")),
    _DayForm(r"last\s+night", _fixed(-1, "night")),
    # Weekdays and weeks.
    _DayForm(f"(?:{_TURN})?{_WEEK}(?P<day>[一二三四五六日天])", _weekday),
    _DayForm(f"(?:{_TURN})?周(?P<day>末)", _weekday),
    _DayForm(
        rf"(?:on\s+)?(?P<turn>next|this|last)\s+(?P<day>{_LONG_WEEKDAY}|{_SHORT_WEEKDAY})",
        _weekday,
    ),
    _DayForm(rf"on\s+(?:the\s+)?(?P<day>{_LONG_WEEKDAY}|{_SHORT_WEEKDAY})", _weekday),
    _DayForm(f"(?P<day>{_LONG_WEEKDAY})", _weekday),
    _DayForm(f"(?P<day>{_SHORT_WEEKDAY})", _weekday, _NO_WORD),
    _DayForm(f"{_TURN_AHEAD}{_WEEK}(?![一二三四五六日天末期])", _week),
    _DayForm(r"(?P<turn>next)\s+week", _week),
    _DayForm(f"{_TURN}{_WEEK}(?![一二三四五六日天末期])", _week, _NOT_ALONE),
    _DayForm(r"(?P<turn>this|last)\s+week", _week, _NOT_ALONE),
    # Days of a month.
    _DayForm(rf"(?:{_YEAR})?(?P<month>{_NUMBER})\s?月\s?(?P<day>{_NUMBER})\s?[日号]", _day_of_year),
    _DayForm(rf"{_TURN}月\s?(?P<day>{_NUMBER})\s?[日号]", _day_of_month),
    _DayForm(rf"(?P<day>{_NUMBER})\s?[日号]", _day_of_month, _APART),
    _DayForm(
        "(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12][0-9]|0?[1-9])",
        _day_of_year,
        _APART,
    ),
    _DayForm(rf"(?:on\s+)?{_MONTH}\.?\s*(?:the\s+)?{_DAY_NUMBER}{_ENGLISH_YEAR}", _day_of_year),
    _DayForm(
        rf"(?:on\s+)?(?:the\s+)?{_DAY_NUMBER}\s*(?:of\s+)?{_MONTH}(?:{_NO_VERB}){_ENGLISH_YEAR}",
        _day_of_year,
    ),
    _DayForm(
        r"(?:on\s+)?(?:the\s+)?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)",
        _day_of_month,
        _NO_WORD,
    ),
    _DayForm(f"(?:{_YEAR})?(?P<holiday>元旦|劳动节|国庆节|圣诞节)", _day_of_year),
    _DayForm(r"(?:on\s+)?(?P<holiday>new year's day|christmas day)", _day_of_year),
    # Starts, middles and ends.
    _DayForm(f"(?:{_TURN})?月{_POINT}", _point("month")),
    _DayForm(rf"(?:{_YEAR})?(?P<month>{_NUMBER})\s?月{_POINT}", _point_of_month),
    _DayForm(f"(?:{_TURN})?季度?{_POINT_OF_LONG}", _point("quarter")),
    _DayForm(f"年{_POINT_OF_LONG}", _point("year")),
    _DayForm(f"{_YEAR}年?{_POINT_OF_LONG}", _point_of_year),
    *(_DayForm(f"eo{unit[0]}", _point(unit, "end")) for unit in ("week", *_MONTHS_IN)),
    *(_DayForm(rf"(?:the\s+)?{unit}[ -]end", _point(unit, "end")) for unit in _MONTHS_IN),
    *(
        _DayForm(f"{_ENGLISH_POINT}{_MAYBE_TURN}{unit}", _point(unit))
        for unit in ("week", "quarter", "year")
    ),
    _DayForm(f"{_ENGLISH_POINT_OF_MONTH}{_MAYBE_TURN}month", _point("month")),
    _DayForm(f"{_ENGLISH_POINT_OF_MONTH}{_MONTH}{_ENGLISH_YEAR}", _point_of_month),
    # The first days of stretches ahead.
    _DayForm(rf"{_TURN_AHEAD}月(?!\s?{_NUMBER}\s?[日号]|[初中底末]|[上下]旬)", _start("month")),
    _DayForm(f"{_TURN_AHEAD}季度(?![初底末])", _start("quarter")),
    _DayForm("(?P<year_turn>明年|后年)", _start("year"), _APART),
    *(_DayForm(rf"next\s+{unit}", _start(unit)) for unit in _MONTHS_IN),
    # Distances.
    _DayForm(rf"{_AMOUNT}{_UNIT}\s?(?:之|以)?(?P<way>[前后])", _distance),
    _DayForm(rf"in\s+{_ENGLISH_AMOUNT}{_ENGLISH_UNIT}", _distance),
    _DayForm(
        rf"{_ENGLISH_AMOUNT}{_ENGLISH_UNIT}\s+(?P<way>ago|later|from\s+(?:now|today))",
        _distance,
    ),
    _DayForm(rf"(?P<way>[+-])(?P<number>[0-9]{{1,3}})\s?{_SIGNED_UNIT}", _distance),
)


# The forms of times.


class _FoundTime(NamedTuple):
    end: int
    value: time | Message
    after: re.Pattern[str]


def _times(
    source: _Text, start: int, part: str | None = None, *, after_day: bool
) -> Iterator[_FoundTime]:
    """Yield every time of day that the text names at a place.

    Args:
        source: The text.
        start: The place.
        part: The part of the day that was named with the day.
        after_day: Whether a day stands before it.
    """
    for form in _TIME_FORMS:
        match = _compiled(form.pattern).match(source.folded, start)
        if not match:
            continue
        groups = match.groupdict()
        own_part = groups.get("part") or groups.get("english_part")
        if form.needs_part and not (own_part or part):
            continue
        try:
            value: time | Message | None = form.read(match, own_part or part)
        except ValueError:
            text = source.written[start if own_part or not part else 0 : match.end()]
            value = Message("there is no time {text}", {"text": _shortened(text)})
        if value is None:
            continue
        apart = not after_day and "tail" in groups and not groups["tail"] and not own_part
        yield _FoundTime(match.end(), value, _APART if apart else _ALWAYS)


def _written_time(match: re.Match[str], part: str | None) -> time | Message | None:
    written = match["time"].upper()  # The sign of UTC is a capital.
    hour, until = written.partition(":")[0], written.partition("-")[2]
    if until and int(until[:2]) >= int(hour):
        return None  # `10:00-11:00` is how long something lasts, not an offset from UTC.
    clock = read_time(written)
    return clock if isinstance(clock, Message) else _in_part(clock, part)


def _twelve_hours(match: re.Match[str], _: str | None) -> time:
    hour = int(match["hour"])
    if not 1 <= hour <= _NOON.hour:
        raise ValueError(match[0])
    return time(hour % _NOON.hour + _NOON.hour * (match["half"] == "p"), int(match["minute"] or 0))


def _said(match: re.Match[str], part: str | None) -> time:
    """Read an hour that is said: `三点`, `half past 3`."""
    clock = time(_number(match["hour"]))
    if part:
        clock = _in_part(clock, part)
    elif clock.hour in _AFTERNOON_WHEN_SAID:
        clock = time(clock.hour + _NOON.hour)
    minutes = clock.hour * 60 + _minutes(match.groupdict())
    return time(minutes // 60, minutes % 60)


def _minutes(groups: Mapping[str, str | None]) -> int:
    """Return how far after the hour a time is said to be."""
    if minute := groups.get("minute"):
        number = _number(minute.lstrip("零〇") or "零")
        if number > _LAST_MINUTE:
            raise ValueError(minute)
        return number
    if quarters := groups.get("quarters"):
        return 15 * _number(quarters)
    if quarter := groups.get("quarter"):
        return 15 if quarter == "past" else -15
    return 30 if groups.get("half") else 0


def _in_part(clock: time, part: str | None) -> time:
    """Return the time with its hour of 24, where a part of the day is named.

    Raises:
        ValueError: The part of the day has no such hour.
    """
    if not part:
        return clock
    first, last = _PARTS[part]
    for hour in (clock.hour, clock.hour + _NOON.hour):
        if first <= hour <= last:
            return clock.replace(hour=hour)
    raise ValueError(part)


_NOON = time(12)
_LAST_MINUTE = 59
_AFTERNOON_WHEN_SAID = range(1, 7)


class _TimeForm(NamedTuple):
    pattern: str
    """With a group `tail` where an hour without one is a time only when it stands apart."""

    read: Callable[[re.Match[str], str | None], time | Message | None]
    """Takes the part of the day too, and gives None for what is no time after all.

    Raises ValueError for a time that does not exist.
    """

    needs_part: bool = False


_MINUTE = (
    rf"(?P<minute>[零〇]?{_NUMBER}(?=\s?分)|[零〇][一二三四五六七八九]"
    r"|[一二三四五]?十[一二三四五六七八九]?|[0-9]{2}(?![0-9]))(?:\s?分(?!钟)|(?!\s?分))"
)
_HOUR = rf"(?P<hour>{_ENGLISH_NUMBER})"

_TIME_FORMS = (
    *(
        _TimeForm(rf"{_ANY_PART}?(?:at\s+)?(?P<time>{pattern})", _written_time)
        for pattern in (TIME_PATTERN.replace("Z", "z"), "[0-9]{1,2}:[0-9]{2}")
    ),
    _TimeForm(
        r"(?:at\s+)?(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?"
        r"\s?(?P<half>[ap])(?:m|\.m\.)",
        _twelve_hours,
    ),
    _TimeForm(
        rf"{_ANY_PART}?(?P<hour>{_NUMBER})\s?(?:点|时(?![候间许]))"
        rf"(?P<tail>[钟整]|(?P<half>半)|(?P<quarters>[一三13])刻|{_MINUTE}"
        r"|(?![钟整半多过]|\s?[0-9零〇一二三四五六七八九十]))",
        _said,
    ),
    _TimeForm(rf"(?:at\s+)?(?P<half>half)\s+past\s+{_HOUR}", _said),
    _TimeForm(rf"(?:at\s+)?(?:a\s+)?quarter\s+(?P<quarter>past|to)\s+{_HOUR}", _said),
    _TimeForm(rf"(?:at\s+)?{_HOUR}\s*o'?clock", _said),
    _TimeForm(
        rf"(?:{_ENGLISH_PART_WORD}\s+)?at\s+{_HOUR}(?!\s?[ap]\.?m|[:.][0-9])",
        _said,
        needs_part=True,
    ),
    _TimeForm(
        rf"(?:at\s+)?(?:noon|midday)|正午|中午(?!\s?{_NUMBER}\s?[点时]|\s?[0-9])",
        lambda *_: _NOON,
    ),
)

_OFFERED = (
    *(word for word in _DAYS if word.isascii()),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekend"),
    *("next week", "next month", "end of month", "end of week", "end of year", "noon", "tonight"),
)
"""Words that are offered for one that is not understood."""
