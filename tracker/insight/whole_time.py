"""The time that the records of a workspace tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.periods import Period

if TYPE_CHECKING:
    from datetime import date

    from tracker.insight.day import Day


def first_day(day: Day) -> date:
    """Return the earliest day that a record names as its beginning or has a follow-up of.

    The day itself where none does.
    """
    days = (
        each
        for customer in day.library.customers
        for each in (customer.created, *(followup.date for followup in customer.followups))
        if each
    )
    return min(days, default=day.today)


def within_records(period: Period, day: Day) -> Period:
    """Return the part of a period that begins no earlier than the records do."""
    if period.first.year > 1:
        return period
    return Period(min(first_day(day), period.last), period.last)
