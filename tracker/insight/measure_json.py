"""Tables of figures as data: nested for programs, flat for spreadsheets, and the cases behind."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tracker.insight.measure import Spread
from tracker.insight.sums import Sums
from tracker.money import plain_number
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tracker.insight.measure import Case, Column, Figure, Line, Measure, Scope, Table, Value

FLAT_COLUMNS = (
    *("measure", "table", "line", "label", "column", "kind"),
    *("value", "lower", "upper", "currency", "n", "enough"),
)
"""Columns of `flat_figures`."""

CASE_COLUMNS = (
    *("measure", "table", "line", "column"),
    *("id", "name", "owner", "date", "path", "at_line", "note"),
)
"""Columns of `case_rows`."""

_DIGITS = 4
"""Digits behind the point of shares and rates."""


def figures_json(
    scope: Scope,
    counted: Iterable[tuple[Measure, tuple[Table, ...]]],
    say: Callable[[Message], str],
) -> dict[str, Any]:
    """Return measures with their tables, for `json.dumps`.

    Args:
        scope: What was asked.
        counted: Each measure with its tables.
        say: Puts a message into the workspace's language.
    """
    return {
        "today": scope.today.isoformat(),
        "period": {"first": scope.period.first.isoformat(), "last": scope.period.last.isoformat()},
        "owner": scope.owner,
        "measures": [
            {
                "code": measure.code,
                "title": say(measure.title),
                "summary": say(measure.summary),
                "of_period": measure.of_period,
                "tables": [_table(table, say) for table in tables],
            }
            for measure, tables in counted
        ],
    }


def _table(table: Table, say: Callable[[Message], str]) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": say(table.title),
        "by": say(table.by),
        "columns": [
            {
                "key": column.key,
                "title": say(column.title),
                "kind": column.kind.value,
                "least": column.least,
            }
            for column in table.columns
        ],
        "lines": [_line(line, table, say) for line in table.lines],
        "total": _line(table.total, table, say) if table.total else None,
        "notes": [say(note) for note in table.notes],
    }


def _line(line: Line, table: Table, say: Callable[[Message], str]) -> dict[str, Any]:
    return {
        "key": line.key,
        "label": text_of(line.label, say),
        "figures": {
            column.key: figure_json(column, figure)
            for column, figure in zip(table.columns, line.figures, strict=True)
        },
    }


def figure_json(column: Column, figure: Figure) -> dict[str, Any]:
    """Return a figure with its n, and whether that is enough to say anything."""
    return {"value": _plain(figure.value), "n": figure.n, "enough": column.says(figure)}


def _plain(value: Value | None) -> object:
    match value:
        case Fraction():
            return round(float(value), _DIGITS)
        case Spread():
            return {"lower": value.lower, "median": value.median, "upper": value.upper}
        case Sums():
            return {
                "amounts": {sum_.currency: plain_number(sum_.amount) for sum_ in value.amounts},
                "total": plain_number(value.total.amount) if value.total else None,
            }
        case _:
            return value


def flat_figures(
    measure: Measure, tables: Iterable[Table], say: Callable[[Message], str]
) -> Iterator[dict[str, Any]]:
    """Yield a row for each figure, with `FLAT_COLUMNS`; a row a currency for sums of money."""
    for table in tables:
        for line, column, figure in figures_of(table):
            row: dict[str, Any] = {
                "measure": measure.code,
                "table": table.key,
                "line": line.key,
                "label": text_of(line.label, say),
                "column": column.key,
                "kind": column.kind.value,
                **dict.fromkeys(("value", "lower", "upper", "currency")),
                "n": figure.n,
                "enough": column.says(figure),
            }
            match figure.value:
                case Spread(lower, median, upper):
                    yield row | {"value": median, "lower": lower, "upper": upper}
                case Sums(amounts) if amounts:
                    for sum_ in amounts:
                        yield row | {"value": plain_number(sum_.amount), "currency": sum_.currency}
                case Sums():
                    yield row
                case value:
                    yield row | {"value": _plain(value)}


def figures_of(table: Table) -> Iterator[tuple[Line, Column, Figure]]:
    """Yield each figure of a table with its line and column; those of all lines last."""
    for line in (*table.lines, *((table.total,) if table.total else ())):
        for column, figure in zip(table.columns, line.figures, strict=True):
            yield line, column, figure


def case_row(
    case: Case, address: tuple[str, str, str, str], say: Callable[[Message], str]
) -> dict[str, Any]:
    """Return a case behind a figure as a row of `CASE_COLUMNS`.

    Args:
        case: The case.
        address: Measure, table, line and column of the figure.
        say: Puts a message into the workspace's language.
    """
    customer = case.standing.customer
    return {
        **dict(zip(CASE_COLUMNS, address, strict=False)),
        "id": customer.id,
        "name": customer.name,
        "owner": customer.owner,
        "date": case.day.isoformat() if case.day else None,
        "path": customer.path,
        "at_line": case.line,
        "note": text_of(case.note, say) or None,
    }


def text_of(text: str | Message, say: Callable[[Message], str]) -> str:
    """Return a label or a note as text."""
    return say(text) if isinstance(text, Message) else text
