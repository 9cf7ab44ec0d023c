"""How a moment is put together of days, parts of the day and times."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.day_words.boundaries import (
    ALWAYS,
    NO_WORD,
    NOT_ALONE,
    Found,
    another_start,
    ends_at,
    gap_end,
)
from tracker.day_words.days import days_at
from tracker.day_words.near_days import END_OF_DAY
from tracker.day_words.text import shortened
from tracker.day_words.times import PART_ALONE, times_at
from tracker.day_words.turns import in_week
from tracker.day_words.when import When
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import time

    from tracker.day_words.day_form import Day
    from tracker.day_words.text import Text
    from tracker.day_words.when import View


_BESIDE_DAY = rf"{END_OF_DAY}|first\s+thing"
_BEFORE_DAY = rf"(?:{_BESIDE_DAY}|w/c|week\s+(?:commencing|beginning|starting))\s+(?:on\s+)?"
"""What may stand before a day and leaves it as it is: `EOD Friday`, `w/c 7 Dec`."""

_BEHIND_DAY = rf"(?P<beside>{_BESIDE_DAY})|lunchtime|[ap]m"
"""What may stand behind a day: `Friday COB`, `tomorrow pm`; a time may follow the former."""


def moments(text: Text, view: View) -> list[Found[When]]:
    """Return every moment that a text begins with, the longest first."""
    begin = text.skip(_BEFORE_DAY, 0)
    found = [
        moment
        for moment in (
            *_day_first(text, 0, view),
            *(_day_first(text, begin, view) if begin else ()),
            *_time_first(text, view),
        )
        if ends_at(text, moment.end, moment.after)
    ]
    return sorted(found, key=lambda moment: (-moment.end, isinstance(moment.value, Message)))


def is_first_of_several(text: Text, end: int, view: View) -> bool:
    """Tell whether a range or a choice of moments begins: `周一到周三`, `Mon or Tue`.

    Args:
        text: The text.
        end: Where the first moment ends.
        view: From where one looks.
    """
    start = another_start(text, end)
    return start is not None and bool(moments(text.beyond(start), view))


def _day_first(text: Text, begin: int, view: View) -> Iterator[Found[When]]:
    for first in days_at(text, begin, view):
        for found in (first, *_agreeing(text, first, view)):
            day = found.value
            yield Found(found.end, _moment(day), found.after)
            part = None
            if not isinstance(day, Message):
                if day.time:
                    continue
                part = day.part
            start = gap_end(text, found.end)
            if start is None:
                continue
            if not part and (match := text.match(PART_ALONE, start)):
                yield Found(match.end(), _moment(day), ALWAYS)
            if match := text.match(_BEHIND_DAY, start):
                yield Found(match.end(), _moment(day), NO_WORD)
                if match["beside"]:
                    start = gap_end(text, match.end()) or start
            for clock in times_at(text, start, part, after_day=True):
                yield Found(clock.end, _moment(day, clock.value), clock.after)


def _time_first(text: Text, view: View) -> Iterator[Found[When]]:
    for clock in times_at(text, 0, after_day=False):
        yield Found(clock.end, _coming(clock.value, view), clock.after)
        start = gap_end(text, clock.end)
        for found in days_at(text, start, view) if start is not None else ():
            yield Found(found.end, _moment(found.value, clock.value), found.after)


def _moment(day: Day | Message, clock: time | Message | None = None) -> When | Message:
    """Return a day with a time, which goes before the one that the day has of itself."""
    if isinstance(day, Message):
        return day
    return clock if isinstance(clock, Message) else When(day.date, clock or day.time)


def _coming(clock: time | Message, view: View) -> When | Message:
    """Return the turn of a time that names no day."""
    if isinstance(clock, Message):
        return clock
    minutes = (clock.hour - view.now.hour) * 60 + clock.minute - view.now.minute
    try:
        return When(view.today + timedelta(days=view.turn(minutes)), clock)
    except OverflowError:
        return Message("there is no time {text}", {"text": clock.isoformat("minutes")})


def _agreeing(text: Text, first: Found[Day], view: View) -> Iterator[Found[Day]]:
    """Yield days that are named twice, as `11月27日（周五）` or `Fri, Nov 27` are."""
    start = gap_end(text, first.end)
    if start is None or text.match(END_OF_DAY, start):
        return
    bracket = text.folded.startswith("(", start)
    for second in days_at(text, start + bracket, view):
        if bracket and not text.folded.startswith(")", second.end):
            continue
        end = second.end + bracket
        value = _same_day(first.value, second.value)
        if value is None:
            written = shortened(text.written[:end])
            value = Message("‘{text}’ names two days that are not the same", {"text": written})
        free = bracket or second.after is NOT_ALONE
        yield Found(end, value, ALWAYS if free else second.after)


def _same_day(first: Day | Message, second: Day | Message) -> Day | Message | None:
    """Return the one day that two words name, or None where they name different ones."""
    if isinstance(first, Message):
        return first
    if isinstance(second, Message):
        return second
    for day, other in ((first, second), (second, first)):
        if not day.of_any_week:
            continue
        if other.whole_week:
            return replace(other, date=in_week(other.date, day.date.weekday()), whole_week=False)
        if other.date.weekday() == day.date.weekday():
            return other
    return first if first.date == second.date else None
