"""Days and times as people write them in records.

Readers return the value, or a `Message` that says what is wrong with the text.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta, timezone

from tracker.translation import Message

DATE_PATTERN = (
    r"[0-9]{4}(?:-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日)"
)
"""Regular expression of the three written forms of a day, existing or not."""

TIME_PATTERN = r"[0-9]{1,2}:[0-9]{2}(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
"""Regular expression of a time of day with an optional offset from UTC."""

FIRST_YEAR, LAST_YEAR = 1000, 2999
"""Years of the days that are read. What lies beyond is a slip, or stands for "never"; and a day
needs others before and after it."""

_NUMBERS = re.compile(r"[0-9]+")
_DATE = re.compile(DATE_PATTERN)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(Z|([+-])([0-9]{2})(?::?([0-9]{2}))?)?")
_LARGEST_OFFSET = timedelta(hours=14)
"""No zone is farther from UTC; what claims to be is a range such as `14:30-15:30`."""


def read_date(text: str) -> date | Message:
    """Read `2026-11-20`, `2026/11/20` or `2026年11月20日` (ASCII digits only)."""
    if not _DATE.fullmatch(text):
        return Message("‘{text}’ is not a date; write it as 2026-11-20", {"text": text})
    year, month, day = map(int, _NUMBERS.findall(text))
    try:
        found = date(year, month, day)
    except ValueError:
        return Message("there is no day {text}", {"text": text})
    return outside_years(found, text) or found


def outside_years(day: date, text: str) -> Message | None:
    """Return what is wrong with a day that is outside the years that are read; None for others.

    Args:
        day: The day.
        text: As it was written.
    """
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return Message(
        "{text} is outside the years {first} to {last}",
        {"text": text, "first": FIRST_YEAR, "last": LAST_YEAR},
    )


def read_time(text: str) -> time | Message:
    """Read `14:30`, or `14:30+08:00` with an offset from UTC."""
    match = _TIME.fullmatch(text)
    if not match:
        return Message("‘{text}’ is not a time; write it as 14:30", {"text": text})
    hour, minute, offset, sign, offset_hours, offset_minutes = match.groups()
    zone = None
    try:
        if offset:
            east = timedelta(hours=int(offset_hours or 0), minutes=int(offset_minutes or 0))
            if east > _LARGEST_OFFSET:
                return Message("‘{text}’ is not a time; write it as 14:30", {"text": text})
            zone = timezone(-east if sign == "-" else east)
        return time(int(hour), int(minute), tzinfo=zone)
    except ValueError:
        return Message("there is no time {text}", {"text": text})


def format_time(value: time) -> str:
    """Write a time as `14:30`, with its offset where it has one."""
    return value.isoformat("minutes")
