"""Times of day, and the parts of the day that they lie in: `15:00`, `下午三点半`, `3pm`."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, NamedTuple

from tracker.dates import TIME_PATTERN, read_time
from tracker.day_words.boundaries import ALWAYS, APART, NO_COUNT, Found
from tracker.day_words.numbers import ENGLISH_NUMBER, NUMBER, number
from tracker.day_words.text import shortened
from tracker.translation import Message

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Mapping

    from tracker.day_words.text import Text

_PARTS = {
    "凌晨": (0, 6), "清晨": (4, 11), "早晨": (4, 11), "早上": (4, 11), "早": (4, 11),
    "上午": (4, 12), "中午": (11, 14), "下午": (12, 19), "傍晚": (16, 20),
    "晚上": (17, 23), "晚": (17, 23),
    "morning": (4, 12), "afternoon": (12, 19), "evening": (16, 23), "night": (17, 23),
}  # fmt: skip
"""Parts of the day with the first and the last of their hours, of 24."""

_PART_WORD = "凌晨|清晨|早晨|早上|上午|下午|傍晚|晚上"
_ENGLISH_PART_WORD = r"(?:in\s+the\s+)?(?P<english_part>morning|afternoon|evening|night)"
_ANY_PART = rf"(?:(?P<part>{_PART_WORD}|中午|早|晚)\s?|{_ENGLISH_PART_WORD}\s+)"

PART_ALONE = f"{_PART_WORD}|{_ENGLISH_PART_WORD}"
"""Regular expression of a part of the day that may stand without an hour."""

_NOON = time(12)
_LAST_MINUTE = 59
_AFTERNOON_WHEN_SAID = range(1, 7)


def times_at(
    text: Text, start: int, part: str | None = None, *, after_day: bool
) -> Iterator[Found[time]]:
    """Yield every time of day that a text names at a place.

    Args:
        text: The text.
        start: The place.
        part: The part of the day that was named with the day.
        after_day: Whether a day stands before it.
    """
    for form in TIME_FORMS:
        match = text.match(form.pattern, start)
        if not match:
            continue
        groups = match.groupdict()
        own_part = groups.get("part") or groups.get("english_part")
        if form.needs_part and not (own_part or part):
            continue
        try:
            clock = form.read(match, own_part or part)
        except ValueError:
            written = text.written[start if own_part or not part else 0 : match.end()]
            clock = Message("there is no time {text}", {"text": shortened(written)})
        if clock is None:
            continue
        after = ALWAYS
        if "tail" in groups and not (groups["tail"] or own_part or part):
            after = NO_COUNT if after_day else APART
        yield Found(match.end(), clock, after)


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
    clock = time(number(match["hour"]))
    if part:
        clock = _in_part(clock, part)
    elif clock.hour in _AFTERNOON_WHEN_SAID:
        clock = time(clock.hour + _NOON.hour)
    minutes = clock.hour * 60 + _minutes(match.groupdict())
    return time(minutes // 60, minutes % 60)


def _minutes(groups: Mapping[str, str | None]) -> int:
    """Return how far after the hour a time is said to be."""
    if minute := groups.get("minute"):
        count = number(minute.lstrip("零〇") or "零")
        if count > _LAST_MINUTE:
            raise ValueError(minute)
        return count
    if quarters := groups.get("quarters"):
        return 15 * number(quarters)
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


class TimeForm(NamedTuple):
    """One way to say a time of day.

    Attributes:
        pattern: Its regular expression, with a group `tail` where an hour without one, or a
            part of the day, could be a count as well.
        read: Takes the part of the day too, and gives None for what is no time after all. Raises
            ValueError for a time that does not exist.
        needs_part: Whether it is a time only with a part of the day.
    """

    pattern: str
    read: Callable[[re.Match[str], str | None], time | Message | None]
    needs_part: bool = False


_MINUTE = (
    rf"(?P<minute>[零〇]?{NUMBER}(?=\s?分)|[零〇][一二三四五六七八九]"
    r"|[一二三四五]?十[一二三四五六七八九]?|[0-9]{2}(?![0-9]))(?:\s?分(?!钟)|(?!\s?分))"
)
_HOUR = rf"(?P<hour>{ENGLISH_NUMBER})"

TIME_FORMS = (
    *(
        TimeForm(rf"{_ANY_PART}?(?:at\s+)?(?P<time>{pattern})", _written_time)
        for pattern in (TIME_PATTERN.replace("Z", "z"), "[0-9]{1,2}:[0-9]{2}")
    ),
    TimeForm(
        r"(?:at\s+)?(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?"
        r"\s?(?P<half>[ap])(?:m|\.m\.)",
        _twelve_hours,
    ),
    TimeForm(
        rf"{_ANY_PART}?(?P<hour>{NUMBER})\s?(?:点|时(?![候间许]))"
        rf"(?P<tail>[钟整]|(?P<half>半)|(?P<quarters>[一三13])刻|{_MINUTE}"
        r"|(?![钟整半多过]|\s?[0-9零〇一二三四五六七八九十]))",
        _said,
    ),
    TimeForm(rf"(?:at\s+)?(?P<half>half)\s+past\s+{_HOUR}", _said),
    TimeForm(rf"(?:at\s+)?(?:a\s+)?quarter\s+(?P<quarter>past|to)\s+{_HOUR}", _said),
    TimeForm(rf"(?:at\s+)?{_HOUR}\s*o'?clock", _said),
    TimeForm(
        rf"(?:{_ENGLISH_PART_WORD}\s+)?at\s+{_HOUR}(?!\s?[ap]\.?m|[:.][0-9])",
        _said,
        needs_part=True,
    ),
    TimeForm(
        rf"(?:at\s+)?(?:noon|midday)|正午|中午(?!\s?{NUMBER}\s?[点时]|\s?[0-9])",
        lambda *_: _NOON,
    ),
)
"""Every form of a time of day."""
