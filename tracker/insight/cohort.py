"""Customers that came in a time: what became of those that began together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.insight.activity import events_within
from tracker.translation import Message

if TYPE_CHECKING:
    from tracker.insight.activity import Event
    from tracker.insight.measure import Scope


def cohort_of(scope: Scope) -> tuple[Event[None], ...]:
    """Return the customers that came in the period, oldest first, with the day on which they did.

    That is the day in `created`; without one, that of the first follow-up. Each belongs to whoever
    owned it on that day.
    """
    came = events_within(scope.activity.new, scope.period)
    return tuple(event for event in came if scope.counts(event.standing, event.day))


def cohort_notes(scope: Scope) -> tuple[Message, ...]:
    """Return what has to be known of a cohort: that it is young, and who is in none."""
    known = {event.standing.customer.path for event in scope.activity.new}
    unknown = sum(
        standing.customer.path not in known
        and standing.customer.created is None
        and not standing.customer.followups
        for standing in scope.standings
    )
    notes = [
        Message(
            "Counted is what has become of them up to today; those that came lately have had "
            "little time"
        )
    ]
    if unknown:
        notes.append(
            Message(
                "Customers with neither a day of creation nor a follow-up, which count in no "
                "period: {count}",
                {"count": unknown},
            )
        )
    return tuple(notes)
