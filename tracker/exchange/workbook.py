"""Workbooks of Excel, so written that every text stays the text that it is.

Neither formulas nor links nor numbers are made of texts, whatever they look like. The same content
on the same day gives the same bytes.
"""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tracker.exchange.extras import require
from tracker.exchange.spreadsheet_text import CELL_LIMIT, looks_like_markup
from tracker.money import plain_number
from tracker.text import display_width

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has no marker
    from xlsxwriter.format import Format  # type: ignore[import-untyped]  # the library has no types
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # the library has no types

PROGRAM = "tracker"
PAPER_A4 = 9
FONT = "Microsoft YaHei"
"""A font that Excel has on Windows and macOS, for both scripts."""

DATE_STYLE = {"num_format": "yyyy-mm-dd", "align": "left"}
TIME_STYLE = {"num_format": "hh:mm", "align": "left"}
TEXT_STYLE = {"num_format": "@"}

_FIRST_YEAR = 1901
"""In 1900 Excel knows a day that never was, and before it none at all."""

_WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF", "IDR"})
_INVISIBLE = "\N{ZERO WIDTH SPACE}"


def open_workbook(title: str, today: date) -> Workbook:
    """Return a new workbook; `save_workbook` writes it.

    Args:
        title: Its title, in its properties.
        today: The day that it is of.

    Raises:
        MissingExtraError: The library is not installed.
    """
    xlsxwriter = require("xlsxwriter", "xlsx")
    book: Workbook = xlsxwriter.Workbook(
        BytesIO(),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": 10},
        },
    )
    book.set_properties(
        {"title": title, "author": PROGRAM, "created": datetime.combine(today, time())}
    )
    return book


def save_workbook(book: Workbook, path: Path) -> None:
    """Write a workbook, which is complete, to a file.

    The library packs it in memory: where a disk is full it would leave an archive open, whose end
    Python then tries to write, and complains.

    Args:
        book: The workbook.
        path: The file.

    Raises:
        OSError: The system refuses.
    """
    # Imported late, as the library itself.
    from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error  # What the system said, of one of the library's own files.
    path.write_bytes(book.filename.getvalue())


class _NoCells(dict[tuple[int, int], str]):
    """Takes the place of a sheet's cells that belong to tables, and keeps none."""

    def __setitem__(self, key: tuple[int, int], value: str) -> None:
        """Keep nothing."""


def only_table(sheet: Worksheet) -> None:
    """Say of a sheet that it will have one table.

    The library keeps each cell of a table to find tables that overlap: half a gigabyte for a
    hundred thousand follow-ups.
    """
    sheet.table_cells = _NoCells()


def money_style(amount: Decimal, currency: str) -> dict[str, Any]:
    """Return the format of an amount: its currency, thousands set off, and its cents.

    Args:
        amount: The amount; one with more than two digits behind the point shows them all.
        currency: ISO 4217 code of its currency.
    """
    written = len(plain_number(amount).partition(".")[2])
    digits = max(written, 0 if currency in _WITHOUT_CENTS else 2)
    return {"num_format": f"[${currency}] #,##0{'.' * bool(digits)}{'0' * digits}"}


def has_date(value: date) -> bool:
    """Tell whether a workbook can hold a day as a date."""
    return value.year >= _FIRST_YEAR


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """Write a text into a cell, as it is.

    Args:
        sheet: The sheet.
        row: The row, from 0.
        column: The column, from 0.
        text: The text, of at most `CELL_LIMIT` UTF-16 units.
        style: The format of the cell.
    """
    if looks_like_markup(text):
        # Only something invisible behind it keeps the library from taking it for its own.
        text += _INVISIBLE
    sheet.write_string(row, column, text, style)


def sheet_reference(title: str, row: int) -> str:
    """Return the address of the first cell of a row in a sheet of the same workbook.

    Args:
        title: The sheet's title.
        row: The row, from 0.
    """
    quoted = title.replace("'", "''")
    return f"internal:'{quoted}'!A{row + 1}"


def fitting_width(texts: Iterable[str], least: int = 6, most: int = 48) -> int:
    """Return the width of a column in characters of Latin script; Chinese ones take two.

    Args:
        texts: What stands in it.
        least: The least width.
        most: The greatest width; longer texts are wrapped.
    """
    widest = max(
        (display_width(line) for text in texts for line in text[:CELL_LIMIT].split("\n")),
        default=0,
    )
    return max(least, min(widest + 2, most))
