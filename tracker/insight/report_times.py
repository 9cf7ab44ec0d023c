"""The times of a weekly or monthly report: its days, those before and those ahead."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from tracker.periods import Period, before, month_of, week_of


class Stretch(StrEnum):
    """What a report is about."""

    WEEK = "week"
    MONTH = "month"
    DAYS = "days"


class Times(Struct, frozen=True):
    """The times of a report.

    Attributes:
        stretch: What it is about.
        period: The days that it tells of, up to the day at most.
        before: What it is compared with: the whole stretch before, or as many days of it.
        ahead: The days whose plans it tells: from the day after it on, as many as a whole one has.
            What is due on the day itself is not done yet, and is among them.
        whole: Whether it tells of a whole stretch, as on the last day of a month.
    """

    stretch: Stretch
    period: Period
    before: Period
    ahead: Period
    whole: bool


def times_of(stretch: Stretch, period: Period, today: date) -> Times:
    """Return the times of a report.

    Args:
        stretch: What it is about.
        period: The week, month or days, beginning no later than the day.
        today: The day; what lies after it is cut off.
    """
    whole = {Stretch.WEEK: week_of, Stretch.MONTH: month_of}.get(stretch, lambda _: period)
    all_of_it = whole(period.first)
    told = all_of_it.until(today)
    earlier = before(all_of_it)
    is_whole = told == all_of_it
    if not is_whole:
        earlier = earlier.until(earlier.first + timedelta(days=told.days - 1))
    following = told.last + timedelta(days=1)
    last = told.last + timedelta(days=whole(following).days)
    ahead = Period(today if told.last == today else following, last)
    return Times(stretch, told, earlier, ahead, is_whole)
