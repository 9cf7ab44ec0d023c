"""Records of customers that were there before they were recorded: what in them is news.

A team that takes over its old customers, or writes down one of last year, has not won them now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.library.stage_history import arrivals, stage_history

if TYPE_CHECKING:
    from datetime import date

    from tracker.config import Config
    from tracker.model import Customer


def begun(customer: Customer) -> date | None:
    """Return the day on which a customer came: `created`, or else its first follow-up."""
    return customer.created or min((entry.date for entry in customer.followups), default=None)


def is_late(customer: Customer, since: date) -> bool:
    """Tell whether a customer whose record is new came before a day."""
    day = begun(customer)
    return day is not None and day < since


def news_of(kind: str, what: Any, customer: Customer, since: date, config: Config) -> str | None:  # noqa: ANN401  # whatever the kind has
    """Return as what a change is told that a late record brings; None where it is old.

    Args:
        kind: One of the kinds of `tracker.insight.changes.Changes`.
        what: What it is.
        customer: The customer.
        since: The day from which on things are news.
        config: The settings.
    """
    day: date | None = None
    match kind:
        case "new":
            return "recorded"
        case "won" | "lost":
            stage = config.stages.get(customer.stage)
            came = arrivals(stage_history(customer, config), config, stage.kind) if stage else ()
            day = max((arrival.day for arrival in came), default=None)
        case "followups":
            day = what.date
        case "made":
            day = what.made_at.date
        case "kept":
            day = what.commitment.done_on or what.made_at.date
        case "plans_kept" | "plans_ended":
            day = what.settled_by.date if what.settled_by else None
        case "plans_moved":
            # The follow-up that tells of the newer plan has moved the older one.
            days = (each.date for each in customer.followups if each.next is what.new)
            day = next(days, None)
    return kind if day and day >= since else None
