"""The neutral form of everything that is imported: sheets of rows of cells."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec import Struct

from tracker.errors import TrackerError
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Cell: TypeAlias = (
    str | bool | int | float | date | datetime | time | timedelta | tuple[str, ...] | None
)
"""One cell: None where it is empty, a tuple where the format has lists."""

_LEAST_PLAIN, _MOST_PLAIN = 1e-12, 1e21
"""Numbers between these are written without an exponent."""

PLAIN_DIGITS = 15
"""Digits that Excel keeps of a number; what a float holds beyond them is noise."""


class SourceError(TrackerError):
    """The file to import cannot be read at all; exit code 3."""

    def __init__(self, path: Path, reason: Message | str) -> None:
        super().__init__(Message("{path}: {reason}", {"path": path, "reason": reason}))


class Layout(StrEnum):
    """What the rows of a sheet are."""

    CUSTOMERS = "customers"
    FOLLOWUPS = "followups"
    CONTACTS = "contacts"
    NEEDS = "needs"
    OFFERS = "offers"
    DEALS = "deals"
    ITEMS = "items"
    LOSSES = "losses"
    SERVICE = "service"


class Merged(NamedTuple):
    """Cells that are shown as one; counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Row(Struct, frozen=True):
    """One row.

    Attributes:
        number: As the source counts its rows or lines, from 1.
        cells: Its cells; those after the last are empty.
        problem: What kept it from being read, where something did.
        part: Which of several rows of that number it is, from 0: objects of one line of JSON.
    """

    number: int
    cells: tuple[Cell, ...]
    problem: Message | None = None
    part: int = 0

    def cell(self, column: int) -> Cell:
        """Return the cell of a column, counted from 0; None beyond the last."""
        return self.cells[column] if column < len(self.cells) else None

    @property
    def is_blank(self) -> bool:
        """Tell whether no cell says anything."""
        return self.problem is None and all(cell is None for cell in self.cells)


class Sheet(Struct, frozen=True):
    """One sheet.

    Attributes:
        name: As the workbook calls it; empty where the format has one only.
        rows: All rows, blank ones included.
        merged: Cells that are shown as one.
        layout: What its rows are, where the format itself says so; the first row is the header.
        from_1904: Whether the workbook counts its days from 1904 instead of 1900.
        whole: Whether the file holds whole records, with all that they have, in its order.
        hidden: Whether the workbook does not show it.
    """

    name: str
    rows: tuple[Row, ...]
    merged: tuple[Merged, ...] = ()
    layout: Layout | None = None
    from_1904: bool = False
    whole: bool = False
    hidden: bool = False


def rows_of(lines: Iterable[Iterable[Cell]]) -> tuple[Row, ...]:
    """Return rows numbered from 1; texts of nothing but white space are empty cells."""
    return tuple(
        Row(number, tuple(map(_filled, cells))) for number, cells in enumerate(lines, start=1)
    )


def _filled(cell: Cell) -> Cell:
    return None if isinstance(cell, str) and not cell.strip() else cell


def cell_text(cell: Cell) -> str:
    """Return a cell as a person reads it: whole numbers without `.0`, days and times in ISO."""
    match cell:
        case None:
            text = ""
        case str():
            text = cell.strip()
        case bool():
            text = str(cell).upper()
        case float():
            text = _number(cell)
        case datetime():
            text = f"{cell.date().isoformat()} {cell.time().isoformat('minutes')}"
            text = text.removesuffix(" 00:00")
        case time():
            text = cell.isoformat("minutes")
        case tuple():
            text = "\n".join(cell)
        case _:
            text = str(cell)
    return text


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 10**PLAIN_DIGITS:
        return str(int(value))
    text = format(value, f".{PLAIN_DIGITS}g")
    if "e" in text and _LEAST_PLAIN < abs(value) < _MOST_PLAIN:
        return format(Decimal(text), "f")
    return text
