"""The tables made and filled, in memory or in a file."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tracker.database.columns import Content
from tracker.database.sql_text import quoted
from tracker.database.tables import tables_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tracker.database.columns import Column, Table
    from tracker.insight.day import Day

_LARGEST_INTEGER = 2**63 - 1
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def fill(connection: sqlite3.Connection, day: Day) -> None:
    """Make the tables in an empty database, and put in what a day holds, in one transaction.

    Args:
        connection: Opened with `isolation_level=None`.
        day: The workspace on the day.
    """
    content = Content(day)
    connection.execute("BEGIN")
    for table in tables_of(day.library.config):
        connection.execute(create_statement(table))
        holes = ", ".join("?" * len(table.columns))
        connection.executemany(
            f"INSERT INTO {quoted(table.name)} VALUES ({holes})",  # noqa: S608  # a name of ours
            _rows(table, content),
        )
        for statement in index_statements(table):
            connection.execute(statement)
    connection.execute("COMMIT")


def create_statement(table: Table, comments: Mapping[str, str] | None = None) -> str:
    """Return the statement that makes a table, a line a column.

    Args:
        table: The table.
        comments: What is written behind each column, by its name.
    """
    lines = []
    for number, column in enumerate(table.columns, start=1):
        line = f"  {_definition(column, table)}{',' if number < len(table.columns) else ''}"
        if comments:
            line = f"{line}  -- {' '.join(comments[column.name].split())}"
        lines.append(line)
    return "\n".join([f"CREATE TABLE {quoted(table.name)} (", *lines, ")"])


def index_statements(table: Table) -> Iterator[str]:
    """Yield the statements that make the table quick to join and to look into for each customer."""
    for column in table.columns:
        if column.references:
            name = quoted(f"{table.name}_{column.name}")
            yield f"CREATE INDEX {name} ON {quoted(table.name)} ({quoted(column.name)})"


def _definition(column: Column, table: Table) -> str:
    parts = [quoted(column.name), column.holds.sql_type]
    if column.name == table.key:
        parts.append("PRIMARY KEY")
    if column.references:
        parts.append(f"REFERENCES {quoted(column.references)}")
    return " ".join(parts)


def _rows(table: Table, content: Content) -> Iterator[list[Any]]:
    readers = [column.read for column in table.columns]
    for row in table.rows(content):
        values = [read(row) for read in readers]
        yield [_WRITERS[type(value)](value) for value in values]


def utf8_text(value: str) -> str:
    """Return a text that is UTF-8: file names need not be, and are written escaped, as in JSON."""
    if _LONE_SURROGATE.search(value):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def _number(value: Decimal) -> int | float:
    """Return a whole number as such; others as the nearest that SQLite has."""
    if value == value.to_integral_value() and abs(value) <= _LARGEST_INTEGER:
        return int(value)
    return float(value)


def _list(value: Iterable[str]) -> str | None:
    texts = [utf8_text(text) for text in value]
    return json.dumps(texts, ensure_ascii=False) if texts else None


_WRITERS: dict[type, Callable[[Any], str | float | None]] = {
    type(None): lambda _: None,
    str: utf8_text,
    bool: int,
    int: int,
    Decimal: _number,
    date: date.isoformat,
    tuple: _list,
    list: _list,
}
"""How each type of value is written; SQLite has texts, whole numbers and floating ones."""
