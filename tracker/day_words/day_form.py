"""What a form of a day is made of, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec import Struct

from tracker.day_words.boundaries import ALWAYS

if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from datetime import date, time

    from tracker.day_words.when import View
    from tracker.translation import Message


class Day(Struct, frozen=True):
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


DayReader: TypeAlias = "Callable[[re.Match[str], View], Day | Message]"
"""Raises ValueError or OverflowError for a day that does not exist."""


class DayForm(NamedTuple):
    """One way to say a day.

    Attributes:
        pattern: Its regular expression.
        read: Returns what a match means.
        after: What must follow it.
    """

    pattern: str
    read: DayReader
    after: str = ALWAYS
