"""What a table of the database is made of: columns with their type, their meaning and their source.

What is absent is NULL. Words are the labels of the workspace's language, each with its stable id in
a column `…_id` beside it. Amounts are plain numbers with their currency in a column of its own.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from tracker.money import Money, MoneyRange
from tracker.schema import Kind
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from decimal import Decimal

    from tracker.config import Config, Terms
    from tracker.insight.day import Day, Standing
    from tracker.model import FollowUp
    from tracker.schema import Field


class Holds(Enum):
    """What a column holds, with the type that SQLite is told."""

    TEXT = "text", "TEXT"
    DATE = "date", "TEXT"
    MOMENT = "date and time", "TEXT"
    AMOUNT = "amount", "REAL"
    NUMBER = "number", "NUMERIC"
    COUNT = "whole number", "INTEGER"
    BOOL = "0 or 1", "INTEGER"
    LIST = "JSON list", "TEXT"

    def __init__(self, words: str, sql_type: str) -> None:
        self.words = words
        self.sql_type = sql_type


class Column(Struct, frozen=True):
    """A column of a table.

    Attributes:
        name: Its name.
        holds: What it holds.
        meaning: What it says, in one sentence.
        read: Returns its value of a row: None, a text, a number, a truth, a day, or a tuple of
            texts.
        references: The table whose key it holds; empty for a value of its own.
    """

    name: str
    holds: Holds
    meaning: Message
    read: Callable[[Any], Any]
    references: str = ""


class Table(Struct, frozen=True):
    """A table.

    Attributes:
        name: Its name.
        meaning: What a row of it is, in one sentence.
        columns: Its columns in their order.
        rows: Returns what the columns are read from, an object a row.
        key: The column that is different in every row; empty where there is none.
    """

    name: str
    meaning: Message
    columns: tuple[Column, ...]
    rows: Callable[[Content], Iterable[Any]]
    key: str = ""


class Content:
    """A day as the rows of the tables are read from it: every customer and follow-up with its key.

    Attributes:
        day: The workspace on the day.
        customers: Every readable record by its key, in the order of the paths. The key is the
            record's id; the path for one whose id an earlier record has already.
        keys: The keys by path.
        followups: Every follow-up with its number from 1, customer by customer, oldest first.
    """

    def __init__(self, day: Day) -> None:
        self.day = day
        self.customers: dict[str, Standing] = {}
        for standing in day.standings:
            customer = standing.customer
            key = customer.path if customer.id in self.customers else customer.id
            self.customers[key] = standing
        self.keys = {standing.customer.path: key for key, standing in self.customers.items()}
        self.followups = tuple(
            FollowUpRow(number, key, followup)
            for number, (key, followup) in enumerate(
                (
                    (key, followup)
                    for key, standing in self.customers.items()
                    for followup in standing.customer.chronological
                ),
                start=1,
            )
        )
        # By identity: equal sections of one record are two follow-ups all the same.
        self._numbers = {id(row.followup): row.number for row in self.followups}

    def number(self, followup: FollowUp | None) -> int | None:
        """Return the number of a follow-up."""
        return self._numbers[id(followup)] if followup else None


class CustomerRow(NamedTuple):
    """A customer."""

    key: str
    standing: Standing


class FollowUpRow(NamedTuple):
    """A dated section."""

    number: int
    customer: str
    followup: FollowUp


LINE = Message("Line in the customer's file")
WRITTEN_AT = Message("The follow-up that it was written at")

PLACE = Column(
    "position", Holds.COUNT, Message("Its place in the record, from 1"), lambda row: row.position
)

VOCABULARY_TABLES = ("stages", "levels")
"""Vocabularies that have a table of their own."""

_HOLDS = {
    Kind.DATE: Holds.DATE,
    Kind.NUMBER: Holds.NUMBER,
    Kind.BOOL: Holds.BOOL,
    Kind.LIST: Holds.LIST,
}
"""What the columns of fields hold that are no text."""


def customer_column() -> Column:
    """Return the column of the customer that a row belongs to; rows have it as `customer`."""
    return Column(
        "customer",
        Holds.TEXT,
        Message("The customer's id"),
        lambda row: row.customer,
        references="customers",
    )


def followup_column(name: str, meaning: Message, read: Callable[[Any], int | None]) -> Column:
    """Return a column that holds the number of a follow-up."""
    return Column(name, Holds.COUNT, meaning, read, references="followups")


def word_columns(
    name: str,
    meaning: Message,
    terms: Terms[Any],
    read: Callable[[Any], str | None],
    *,
    references: str = "",
) -> tuple[Column, Column]:
    """Return the columns of a word: its label, and its id.

    Args:
        name: Name of the column of the label.
        meaning: What the word says.
        terms: The vocabulary.
        read: Returns the id of a row's word.
        references: The table of the vocabulary, where it has one.
    """
    return (
        Column(name, Holds.TEXT, meaning, lambda row: terms.label(read(row)) or None),
        Column(
            f"{name}_id",
            Holds.TEXT,
            Message("The same word by its stable id"),
            read,
            references,
        ),
    )


def field_columns(
    field: Field,
    config: Config,
    read: Callable[[Any], Any],
    *,
    name: str | None = None,
    currency: str = "currency",
) -> tuple[Column, ...]:
    """Return the columns of a field: two of a word or an amount, three of a range of amounts.

    Args:
        field: The field.
        config: The workspace's settings.
        read: Returns its value of a row.
        name: Name of the column; the field's key by default.
        currency: Name of the column of an amount's currency.
    """
    name = name or field.key
    # A field of the workspace's own has its label where it has no help.
    meaning = Message(field.meaning or field.zh)
    if field.vocabulary:
        terms = config.terms(field.vocabulary)
        table = field.vocabulary if field.vocabulary in VOCABULARY_TABLES else ""
        return word_columns(name, meaning, terms, read, references=table)
    money = Column(
        currency,
        Holds.TEXT,
        Message("Currency of the amount (ISO 4217)"),
        lambda row: currency_of(read(row)),
    )
    if field.kind is Kind.MONEY:
        return Column(name, Holds.AMOUNT, meaning, lambda row: lowest(read(row))), money
    if field.kind is Kind.MONEY_RANGE:
        low = Message("{meaning}: the lowest", {"meaning": meaning})
        high = Message("{meaning}: the highest, or the only one", {"meaning": meaning})
        return (
            Column(f"{name}_low", Holds.AMOUNT, low, lambda row: lowest(read(row))),
            Column(f"{name}_high", Holds.AMOUNT, high, lambda row: highest(read(row))),
            money,
        )
    return (Column(name, _HOLDS.get(field.kind, Holds.TEXT), meaning, read),)


def lowest(amount: Money | MoneyRange | None) -> Decimal | None:
    """Return the amount, or the low end of a range, without its currency."""
    if amount is None:
        return None
    return amount.low.amount if isinstance(amount, MoneyRange) else amount.amount


def highest(amount: Money | MoneyRange | None) -> Decimal | None:
    """Return the amount, or the high end of a range, without its currency."""
    if amount is None:
        return None
    return amount.high.amount if isinstance(amount, MoneyRange) else amount.amount


def currency_of(amount: Money | MoneyRange | None) -> str | None:
    """Return the currency of an amount or of a range."""
    if amount is None:
        return None
    return amount.high.currency if isinstance(amount, MoneyRange) else amount.currency


def declared_columns(
    fields: tuple[Field, ...],
    config: Config,
    own: Iterable[Column],
    values: Callable[[Any], Any],
) -> Iterator[Column]:
    """Yield the columns of fields that the workspace declares.

    One that is named as a column of ours gives way to it: `stale` becomes `field_stale`.

    Args:
        fields: The fields.
        config: The workspace's settings.
        own: The columns of ours in the same table.
        values: Returns the values of a row by the fields' keys.
    """
    taken = {column.name.casefold() for column in own}
    for field in fields:
        name = field.key
        while taken.intersection((name.casefold(), f"{name}_currency".casefold())):
            name = f"field_{name}"
        read = _reader_of(field.key, values)
        columns = field_columns(field, config, read, name=name, currency=f"{name}_currency")
        taken.update(column.name.casefold() for column in columns)
        yield from columns


def _reader_of(key: str, values: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda row: values(row).get(key)
