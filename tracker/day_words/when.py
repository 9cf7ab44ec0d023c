"""A moment, and from where one looks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import date, datetime, time


class When(Struct, frozen=True):
    """A day, with a time of day where one was named.

    Attributes:
        date: The day.
        time: To the minute, with an offset from UTC only where one was written.
    """

    date: date
    time: time | None = None


class View(Struct, frozen=True):
    """From where, and in which direction, one looks at days.

    Attributes:
        now: The minute on the team's wall clock.
        past: Whether what could lie before or after today lies before.
    """

    now: datetime
    past: bool

    @property
    def today(self) -> date:
        """Return the day that one stands on."""
        return self.now.date()

    def turn(self, distance: int) -> int:
        """Return which turn of something that comes back is meant: -1, 0 or 1 from this one.

        Args:
            distance: Above 0 where this turn lies ahead, below where it has passed.
        """
        if self.past:
            return -1 if distance > 0 else 0
        return 1 if distance < 0 else 0


def view_from(now: datetime, *, past: bool) -> View:
    """Return the view from a moment, of which only the wall clock counts."""
    return View(now.replace(second=0, microsecond=0, tzinfo=None), past)
