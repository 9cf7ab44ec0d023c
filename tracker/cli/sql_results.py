"""How `tracker sql` prints: results, mistakes with the place in the query, and the tables."""

from __future__ import annotations

import math
import shutil
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.context import (
    Cell,
    Column,
    print_data,
    print_table,
    printable,
    tell,
)
from tracker.database.fill import create_statement
from tracker.database.sql_text import asks_the_clock
from tracker.diagnostics import Span
from tracker.errors import UsageError
from tracker.reporters.text import excerpt
from tracker.text import nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tracker.cli.wording import Wording
    from tracker.database.columns import Table
    from tracker.database.mistakes import Mistake
    from tracker.database.reader import Result

_INDENT = "    "
_DIGITS = 15
"""Digits that every floating number has exactly; further ones are noise of adding up."""


# --- Results ----------------------------------------------------------------------------------


def print_result(form: str, sql: str, result: Result, wording: Wording) -> None:
    """Print the rows of a result.

    Args:
        form: `table`, `json`, `jsonl` or `csv`.
        sql: The query.
        result: The rows.
        wording: The language of messages.
    """
    if asks_the_clock(sql):
        tell(
            wording.say(Message("the query asks the clock, in UTC; today() is the workspace's day"))
        )
    rows = [[_plain(value) for value in row] for row in result.rows]
    if form != "table":
        print_data(
            form, result.columns, (dict(zip(result.columns, row, strict=True)) for row in rows)
        )
    elif not rows:
        tell(wording.say(Message("no rows")))
    else:
        print_table(
            [
                Column(printable(name), _is_numeric([row[index] for row in rows]))
                for index, name in enumerate(result.columns)
            ],
            [[Cell(_one_line(value)) for value in row] for row in rows],
        )


def _plain(value: Any) -> str | float | None:  # noqa: ANN401  # whatever SQLite returns
    """Return a value as it is printed: a floating number without noise, bytes as SQL writes them.

    Numbers that JSON does not have are texts.
    """
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if not isinstance(value, float):
        return value  # type: ignore[no-any-return]  # a value of SQLite
    if not math.isfinite(value):
        return str(value)
    rounded = float(f"{value:.{_DIGITS}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 10**_DIGITS else rounded


def _is_numeric(values: Iterable[object]) -> bool:
    present = [value for value in values if value is not None]
    return bool(present) and all(isinstance(value, (int, float)) for value in present)


def _one_line(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


# --- Mistakes ---------------------------------------------------------------------------------


def mistake_lines(sql: str, mistake: Mistake, wording: Wording) -> Iterator[str]:
    """Yield what is wrong with a query: the line of the place, and the reason below a caret."""
    message = mistake.message
    if mistake.hint:
        message = Message("{reason}; {hint}", {"reason": message, "hint": mistake.hint})
    reason = wording.say(message)
    if mistake.start is None or mistake.end is None:
        yield _INDENT + printable(reason)
        return
    before = sql[: mistake.start]
    first = before.rfind("\n") + 1
    line = sql[first:].partition("\n")[0]
    span = Span.of_line(1, mistake.start - first + 1, max(mistake.end - mistake.start, 1))
    text, cells, length = excerpt(line, span, shutil.get_terminal_size().columns - len(_INDENT))
    yield _INDENT + text
    yield f"{_INDENT}{' ' * cells}{'^' * length} {printable(reason)}"


# --- Tables -----------------------------------------------------------------------------------


def named_tables(names: Sequence[str], tables: Sequence[Table]) -> Sequence[Table]:
    """Return the tables with these names; all for none.

    Raises:
        UsageError: There is no table of a name.
    """
    known = {table.name: table for table in tables}
    for name in names:
        if name.lower() not in known:
            near = nearest(name, known)
            values = {"name": name, "near": near, "tables": tuple(known)}
            raise UsageError(
                Message("there is no table ‘{name}’; did you mean ‘{near}’?", values)
                if near
                else Message("there is no table ‘{name}’; there are: {tables}", values)
            )
    return [known[name.lower()] for name in names] or tables


def print_tables(form: str, tables: Sequence[Table], rows: Sequence[int], wording: Wording) -> None:
    """Print the tables, each with how many rows it has."""
    found = [
        {"table": table.name, "rows": count, "meaning": wording.say(table.meaning)}
        for table, count in zip(tables, rows, strict=True)
    ]
    if form != "table":
        print_data(form, ("table", "rows", "meaning"), found)
        return
    print_table(
        [
            Column(wording.say(Message("Table"))),
            Column(wording.say(Message("Rows")), numeric=True),
            Column(wording.say(Message("A row is"))),
        ],
        [[Cell(str(value)) for value in row.values()] for row in found],
    )


def print_schema(form: str, tables: Sequence[Table], wording: Wording) -> None:
    """Print the columns of tables, as SQL with comments where a person reads."""
    if form != "table":
        print_data(
            form,
            ("table", "column", "type", "holds", "references", "meaning"),
            (
                {
                    "table": table.name,
                    "column": column.name,
                    "type": column.holds.sql_type,
                    "holds": column.holds.words,
                    "references": column.references or None,
                    "meaning": wording.say(column.meaning),
                }
                for table in tables
                for column in table.columns
            ),
        )
        return
    statements = [
        f"-- {wording.say(table.meaning)}\n"
        + create_statement(
            table, {column.name: wording.say(column.meaning) for column in table.columns}
        )
        + ";"
        for table in tables
    ]
    click.echo(printable("\n\n".join(statements)))
