"""Every day that a text names at a place, in whatever form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.dates import outside_years
from tracker.day_words import calendar_days, distances, near_days, stretches, weekdays
from tracker.day_words.boundaries import Found
from tracker.day_words.text import shortened
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.day_words.day_form import Day
    from tracker.day_words.text import Text
    from tracker.day_words.when import View

DAY_FORMS = (
    *calendar_days.FORMS,
    *near_days.FORMS,
    *weekdays.FORMS,
    *stretches.FORMS,
    *distances.FORMS,
)
"""Every form of a day."""


def days_at(text: Text, start: int, view: View) -> Iterator[Found[Day]]:
    """Yield every day that a text names at a place.

    Args:
        text: The text.
        start: The place.
        view: From where one looks.
    """
    for form in DAY_FORMS:
        if match := text.match(form.pattern, start):
            written = shortened(text.written[start : match.end()])
            try:
                day = form.read(match, view)
            except (ValueError, OverflowError):
                day = Message("there is no day {text}", {"text": written})
            if not isinstance(day, Message):
                day = outside_years(day.date, written) or day
            yield Found(match.end(), day, form.after)
