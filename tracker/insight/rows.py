"""Rows: one customer as the flat set of columns that `list`, exports and the site share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.dates import format_time
from tracker.library.status import NextState
from tracker.money import plain_number
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.config import Config
    from tracker.insight.day import Standing

ROW_COLUMNS: dict[str, Callable[[Standing, Config], Any]] = {
    "id": lambda s, _: s.customer.id,
    "name": lambda s, _: s.customer.name,
    "path": lambda s, _: s.customer.path,
    "stage": lambda s, c: c.stages.label(s.customer.stage) or None,
    "stage_kind": lambda s, _: s.status.stage_kind and s.status.stage_kind.value,
    "level": lambda s, c: c.levels.label(s.customer.level) or None,
    "owner": lambda s, _: s.customer.owner,
    "source": lambda s, c: c.sources.label(s.customer.source) or None,
    "industry": lambda s, _: s.customer.industry,
    "value": lambda s, _: s.customer.value and plain_number(s.customer.value.amount),
    "currency": lambda s, _: s.customer.value and s.customer.value.currency,
    "weighted_value": lambda s, _: (
        s.status.weighted_value and plain_number(s.status.weighted_value.amount)
    ),
    "contacts": lambda s, _: [contact.name for contact in s.customer.contacts],
    "created": lambda s, _: s.customer.created and s.customer.created.isoformat(),
    "last_contact": lambda s, _: s.status.last_contact and s.status.last_contact.isoformat(),
    "followups": lambda s, _: len(s.customer.followups),
    "next_date": lambda s, _: (
        s.status.next and s.status.next.date and s.status.next.date.isoformat()
    ),
    "next_time": lambda s, _: (
        s.status.next and s.status.next.time and format_time(s.status.next.time)
    ),
    "next_method": lambda s, c: (s.status.next and c.methods.label(s.status.next.method)) or None,
    "next_text": lambda s, _: (s.status.next and s.status.next.text) or None,
    "next_state": lambda s, _: s.status.next_state and s.status.next_state.value,
    "days_overdue": lambda s, _: s.status.days_overdue,
    "idle_days": lambda s, _: s.status.idle_days,
    "stale": lambda s, _: s.status.stale,
    "open_commitments": lambda s, _: len(s.status.open_promises),
    "overdue_commitments": lambda s, _: len(s.status.overdue_promises),
    "problems": lambda s, _: len(s.diagnostics),
    "tags": lambda s, _: list(s.customer.tags),
}
"""The columns in their order, each with how it is read. Dates are ISO, absent is None, money is a
decimal string."""

ROW_TITLES = {
    "id": Message("ID"),
    "name": Message("Customer"),
    "path": Message("Path"),
    "stage": Message("Stage"),
    "stage_kind": Message("Kind of stage"),
    "level": Message("Level"),
    "owner": Message("Owner"),
    "source": Message("Source"),
    "industry": Message("Industry"),
    "value": Message("Value"),
    "currency": Message("Currency"),
    "weighted_value": Message("Weighted value"),
    "contacts": Message("Contacts"),
    "created": Message("Created"),
    "last_contact": Message("Last contact"),
    "followups": Message("Follow-ups"),
    "next_date": Message("Next on"),
    "next_time": Message("Next at"),
    "next_method": Message("Next by"),
    "next_text": Message("Next step"),
    "next_state": Message("State"),
    "days_overdue": Message("Days overdue"),
    "idle_days": Message("Idle days"),
    "stale": Message("Stale"),
    "open_commitments": Message("Open commitments"),
    "overdue_commitments": Message("Overdue commitments"),
    "problems": Message("Problems"),
    "tags": Message("Tags"),
}
"""What the columns are called where people read them."""

FURTHER_TITLES = {
    "short": Message("Short name"),
    "size": Message("Size"),
    "business": Message("Business"),
    "website": Message("Website"),
    "address": Message("Address"),
    "region": Message("Region"),
    "expected_close": Message("Expected close"),
    "quotes": Message("Quotes"),
    "contract": Message("Contract"),
}
"""What the columns are called that only those get who ask for them; the workspace's own fields are
further ones."""

STATE_NAMES = {
    NextState.OVERDUE: Message("overdue"),
    NextState.TODAY: Message("due today"),
    NextState.PLANNED: Message("planned"),
    NextState.NONE: Message("no next step"),
}
"""What the states of a next step are called."""


def row_of(standing: Standing, config: Config) -> dict[str, Any]:
    """Return a customer's row."""
    return {name: read(standing, config) for name, read in ROW_COLUMNS.items()}


def query_row(standing: Standing, config: Config) -> dict[str, Any]:
    """Return a customer's row with all further columns that a query can ask for."""
    # Imported late: rows alone need none of it.
    from tracker.library.query.further_columns import further_columns

    return {**row_of(standing, config), **further_columns(standing.customer, config)}
