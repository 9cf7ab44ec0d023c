"""The tables of after-sales work: the entries of follow-ups, and the problems that they tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.database.columns import (
    LINE,
    WRITTEN_AT,
    Column,
    FollowUpRow,
    Holds,
    Table,
    customer_column,
    followup_column,
    word_columns,
)
from tracker.translation import Message

if TYPE_CHECKING:
    from datetime import date

    from tracker.config import Config
    from tracker.library.status import Ticket


def service_tables(config: Config) -> tuple[Table, ...]:
    """Return the tables of a workspace."""
    return _service(config), _tickets()


class ServiceRow(NamedTuple):
    """An after-sales entry of a follow-up."""

    customer: str
    followup: FollowUpRow
    entry: Any


class TicketRow(NamedTuple):
    """A problem reported after the sale."""

    customer: str
    opened: int | None
    resolved: int | None
    ticket: Ticket
    days: int


def _service(config: Config) -> Table:
    return Table(
        "service",
        Message("An after-sales entry of a follow-up"),
        (
            customer_column(),
            followup_column("followup", WRITTEN_AT, lambda row: row.followup.number),
            Column(
                "date",
                Holds.DATE,
                Message("Day of that follow-up"),
                lambda row: row.followup.followup.date,
            ),
            *word_columns(
                "kind",
                Message("Kind of the entry"),
                config.service_kinds,
                lambda row: row.entry.kind,
            ),
            Column(
                "ticket", Holds.COUNT, Message("Number of the ticket"), lambda row: row.entry.ticket
            ),
            Column("text", Holds.TEXT, Message("What it says"), lambda row: row.entry.text or None),
            Column("line", Holds.COUNT, LINE, lambda row: row.entry.span.line),
        ),
        lambda content: (
            ServiceRow(row.customer, row, entry)
            for row in content.followups
            for entry in row.followup.service
        ),
    )


def _tickets() -> Table:
    return Table(
        "tickets",
        Message("A problem reported after the sale"),
        (
            customer_column(),
            Column(
                "number",
                Holds.COUNT,
                Message("Number of the ticket; NULL for a problem without one"),
                lambda row: row.ticket.number,
            ),
            Column("text", Holds.TEXT, Message("What was wrong"), lambda row: row.ticket.text),
            Column(
                "opened_on",
                Holds.DATE,
                Message("Day it was reported"),
                lambda row: row.ticket.opened.date,
            ),
            followup_column(
                "opened_by", Message("The follow-up that reported it"), lambda row: row.opened
            ),
            Column(
                "resolved_on",
                Holds.DATE,
                Message("Day it was resolved; NULL while it is open"),
                lambda row: row.ticket.resolved and row.ticket.resolved.date,
            ),
            followup_column(
                "resolved_by", Message("The follow-up that resolved it"), lambda row: row.resolved
            ),
            Column(
                "resolution",
                Holds.TEXT,
                Message("What resolved it"),
                lambda row: row.ticket.resolution or None,
            ),
            Column(
                "days_open",
                Holds.COUNT,
                Message("Days until it was resolved, or until today"),
                lambda row: row.days,
            ),
        ),
        lambda content: (
            TicketRow(
                key,
                content.number(ticket.opened),
                content.number(ticket.resolved),
                ticket,
                _days_open(ticket, content.day.today),
            )
            for key, standing in content.customers.items()
            for ticket in standing.status.tickets
        ),
    )


def _days_open(ticket: Ticket, today: date) -> int:
    until = ticket.resolved.date if ticket.resolved else today
    return max((until - ticket.opened.date).days, 0)
