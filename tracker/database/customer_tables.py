"""The tables of what the front matter says: customers, people, offers, deals, losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.database.columns import (
    PLACE,
    Column,
    CustomerRow,
    Holds,
    Table,
    customer_column,
    declared_columns,
    field_columns,
    lowest,
    word_columns,
)
from tracker.insight.rows import ROW_COLUMNS
from tracker.schema import (
    CONTACT_FIELDS,
    DEAL_FIELDS,
    DEAL_ITEM_FIELDS,
    FRONT_MATTER,
    LOSS_FIELDS,
    NEEDS_FIELDS,
    OFFER_FIELDS,
)
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tracker.config import Config
    from tracker.database.columns import Content
    from tracker.insight.day import Standing
    from tracker.schema import Field


def customer_tables(config: Config) -> tuple[Table, ...]:
    """Return the tables of a workspace, with the fields that it declares as columns."""
    return (
        _customers(config),
        _contacts(config),
        _offers(config),
        _deals(config),
        _deal_items(config),
        _losses(config),
    )


# --- Customers ----------------------------------------------------------------------------------

_FIELD_OF = {field.key: field for field in FRONT_MATTER}

_ROW_COLUMNS = {
    "path": (Holds.TEXT, Message("The file, from the workspace's folder")),
    "stage_kind": (Holds.TEXT, Message("Kind of the stage: open, won or lost")),
    "weighted_value": (
        Holds.AMOUNT,
        Message("Expected amount times the probability of the stage, in the same currency"),
    ),
    "contacts": (Holds.LIST, Message("Names of the people at the customer")),
    "last_contact": (Holds.DATE, Message("Day of the newest follow-up up to today")),
    "followups": (Holds.COUNT, Message("How many follow-ups there are")),
    "next_date": (Holds.DATE, Message("Day of the next step")),
    "next_time": (Holds.TEXT, Message("Time of the next step")),
    "next_method": (Holds.TEXT, Message("Method of the next step")),
    "next_text": (Holds.TEXT, Message("What is to be done next")),
    "next_state": (
        Holds.TEXT,
        Message("State of the next step: overdue, today, planned or none; NULL for lost customers"),
    ),
    "days_overdue": (Holds.COUNT, Message("Days since the day of an overdue next step, else 0")),
    "idle_days": (
        Holds.COUNT,
        Message("Days since the last contact, or since the record was begun"),
    ),
    "stale": (Holds.BOOL, Message("Whether an open customer has been idle for too long")),
    "open_commitments": (Holds.COUNT, Message("How many promises are not ticked")),
    "overdue_commitments": (
        Holds.COUNT,
        Message("How many of them were due before today"),
    ),
    "problems": (Holds.COUNT, Message("How many problems tracker check finds in the record")),
}
"""Columns of a customer's row that are no field of the front matter."""

_AFTER_ROW = (
    "short",
    "size",
    "business",
    "website",
    "address",
    "region",
    "expected_close",
    "aliases",
    "not_duplicate_of",
)
"""Fields of the front matter that a customer's row leaves out."""


def _customers(config: Config) -> Table:
    columns: list[Column] = []
    for name in ROW_COLUMNS:
        columns += _row_columns(name, config)
    for key in _AFTER_ROW:
        columns += field_columns(_FIELD_OF[key], config, _reader_of_customer(key))
    for field in NEEDS_FIELDS:
        columns += field_columns(
            field, config, _reader_of_needs(field.key), name=f"needs_{field.key}"
        )
    columns += [
        Column(
            "background",
            Holds.TEXT,
            Message("The text before the first heading, as Markdown"),
            lambda row: row.standing.customer.background or None,
        ),
        Column(
            "idle_limit",
            Holds.COUNT,
            Message("Idle days after which an open customer is stale"),
            lambda row: row.standing.status.idle_limit,
        ),
        Column(
            "next_goal",
            Holds.TEXT,
            Message("What the next step should bring"),
            lambda row: (row.standing.status.next and row.standing.status.next.goal) or None,
        ),
    ]
    columns += declared_columns(
        config.fields, config, columns, lambda row: row.standing.customer.fields
    )
    return Table(
        "customers",
        Message("A customer on the day; the columns of tracker list, and more"),
        tuple(columns),
        lambda content: map(CustomerRow._make, content.customers.items()),
        key="id",
    )


def _row_columns(name: str, config: Config) -> tuple[Column, ...]:
    """Return the columns for one of a customer's row."""
    if name == "currency":
        return ()  # comes with the value
    if name == "id":
        # By its key, so that tables can be joined even where two records have one id.
        return (
            Column(
                "id",
                Holds.TEXT,
                Message("Unique name; the path where another record has it too"),
                lambda row: row.key,
            ),
        )
    if name not in _ROW_COLUMNS:
        return field_columns(_FIELD_OF[name], config, _reader_of_customer(name))
    holds, meaning = _ROW_COLUMNS[name]
    if name == "weighted_value":
        # The row has a decimal text; a number can be summed.
        return (
            Column(name, holds, meaning, lambda row: lowest(row.standing.status.weighted_value)),
        )
    if name == "next_method":
        return word_columns(
            name,
            meaning,
            config.methods,
            lambda row: row.standing.status.next and row.standing.status.next.method,
        )
    read = ROW_COLUMNS[name]
    return (Column(name, holds, meaning, lambda row: read(row.standing, config)),)


def _reader_of_customer(key: str) -> Callable[[CustomerRow], Any]:
    return lambda row: getattr(row.standing.customer, key)


def _reader_of_needs(key: str) -> Callable[[CustomerRow], Any]:
    return lambda row: getattr(row.standing.customer.needs, key)


# --- Parts of the front matter ------------------------------------------------------------------


class PartRow(NamedTuple):
    """A part of a record: a contact, an offer, a deal, a line of a contract, a loss."""

    customer: str
    position: int
    part: Any


def _contacts(config: Config) -> Table:
    return Table(
        "contacts",
        Message("A person at a customer"),
        (customer_column(), PLACE, *_part_columns(CONTACT_FIELDS, config)),
        lambda content: _parts(content, lambda standing: standing.customer.contacts),
    )


def _offers(config: Config) -> Table:
    return Table(
        "offers",
        Message("An offer"),
        (customer_column(), PLACE, *_part_columns(OFFER_FIELDS, config)),
        lambda content: _parts(content, lambda standing: standing.customer.offers),
    )


def _deals(config: Config) -> Table:
    return Table(
        "deals",
        Message("A deal as the record has it; one a customer"),
        (customer_column(), *_part_columns(DEAL_FIELDS, config)),
        lambda content: _parts(content, lambda standing: _some(standing.customer.deal)),
    )


def _deal_items(config: Config) -> Table:
    return Table(
        "deal_items",
        Message("A line of a deal"),
        (customer_column(), PLACE, *_part_columns(DEAL_ITEM_FIELDS, config)),
        lambda content: _parts(
            content, lambda standing: standing.customer.deal.items if standing.customer.deal else ()
        ),
    )


def _losses(config: Config) -> Table:
    return Table(
        "losses",
        Message("Why a customer was lost, as the record has it; one a customer"),
        (customer_column(), *_part_columns(LOSS_FIELDS, config)),
        lambda content: _parts(content, lambda standing: _some(standing.customer.lost)),
    )


def _part_columns(table: tuple[Field, ...], config: Config) -> Iterator[Column]:
    """Yield the columns of a group of the front matter."""
    for field in table:
        if not field.children:
            yield from field_columns(field, config, _reader_of_part(field.key))


def _reader_of_part(key: str) -> Callable[[PartRow], Any]:
    return lambda row: getattr(row.part, key)


def _parts(content: Content, of: Callable[[Standing], Iterable[Any]]) -> Iterator[PartRow]:
    for key, standing in content.customers.items():
        for position, part in enumerate(of(standing), start=1):
            yield PartRow(key, position, part)


def _some(part: object) -> tuple[object, ...]:
    return () if part is None else (part,)
