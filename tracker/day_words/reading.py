"""Reading a text as a moment, or what it begins with, and saying why where that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.day_words.boundaries import rest_start
from tracker.day_words.moments import is_first_of_several, moments
from tracker.day_words.near_days import NEAR_DAYS
from tracker.day_words.text import Text, shortened
from tracker.day_words.when import When, view_from
from tracker.text import nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from datetime import datetime

_PRESENT = frozenset({"now", "just now", "现在", "刚才", "刚刚"})
"""Words for this very moment. Much begins with them that is no moment, so they stand alone."""

_OFFERED = (
    *(word for word in NEAR_DAYS if word.isascii()),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekend"),
    *("next week", "next month", "end of month", "end of week", "end of year", "noon", "tonight"),
)
"""Words that are offered for one that is not understood."""

_MOST_WORDS = 3
"""Words of an expression for a day that is offered, at most."""

_MISTYPED = 80.0
"""Least likeness, of 100, of a word that a text begins with to the one that was meant."""


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
    view = view_from(now, past=past)
    whole = Text.of(text.strip())
    if whole.folded in _PRESENT:
        return When(view.today, view.now.time())
    for moment in moments(whole, view):
        if moment.end == len(whole.written):
            return moment.value
    return _not_understood(whole.written, now, past=past)


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
    view = view_from(now, past=past)
    whole = Text.of(text.lstrip())
    for moment in moments(whole, view):
        if isinstance(moment.value, Message):
            return None
        if not is_first_of_several(whole, moment.end, view):
            return moment.value, whole.written[rest_start(whole, moment.end) :]
    return None


def why_no_day(text: str, now: datetime) -> Message:
    """Return why `leading_when` finds no moment at the beginning of a plan.

    Args:
        text: The plan, such as `tomorow call`, `2月30日 面谈` or `asap`.
        now: The team's local time; only its wall clock counts.
    """
    written = text.strip()
    if reason := impossible_moment(written, now):
        return reason
    return mistyped_moment(written) or Message(
        "‘{text}’ does not begin with a day; "
        "write it as 2026-11-20 14:30, next friday 10:00, in 2 weeks, or none",
        {"text": shortened(written)},
    )


def impossible_moment(text: str, now: datetime) -> Message | None:
    """Return what is wrong with a day or time that a text begins with; None where nothing is.

    Args:
        text: Such as `2/30` or `明天 25:00 电话`.
        now: The team's local time; only its wall clock counts.
    """
    found = moments(Text.of(text), view_from(now, past=False))
    return next((each.value for each in found if isinstance(each.value, Message)), None)


def mistyped_moment(text: str) -> Message | None:
    """Return what a text seems to begin with, where that is a mistyped word for a day, else None.

    Args:
        text: Such as `tomorow call`.
    """
    words = text.split()
    for count in range(1, min(len(words), _MOST_WORDS) + 1):
        begun = " ".join(words[:count])
        if begun.isascii() and (near := nearest(begun, _OFFERED, _MISTYPED)):
            return _did_you_mean(begun, near)
    return None


def _did_you_mean(text: str, near: str) -> Message:
    return Message(
        "‘{text}’ is not understood as a day or time; did you mean ‘{near}’?",
        {"text": text, "near": near},
    )


def _not_understood(written: str, now: datetime, *, past: bool) -> Message:
    if not written:
        return Message(
            "no day or time is given; write it as 2026-11-20 14:30, next friday 10:00, in 2 weeks"
        )
    begun = leading_when(written, now)
    text = shortened(begun[1] if begun and begun[1] else written)
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
