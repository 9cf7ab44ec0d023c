"""Workbooks as another library reads them."""

from __future__ import annotations

import zipfile
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from python_calamine import load_workbook

from tracker.exchange.cell_text import CellText
from tracker.exchange.columns import Holds
from tracker.exchange.sheets import continuation_sheet, keyed, sheets_of
from tracker.exchange.spreadsheet_text import continuation_of, exact_number, is_exact_number

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.config import Config
    from tracker.exchange.columns import Cell, Column
    from tracker.exchange.export import Export


def cells_of(path: Path) -> dict[str, list[list[Any]]]:
    """Return the cells of a workbook by the title of the sheet; empty ones are None."""
    book = load_workbook(path)
    return {
        name: [
            [None if cell == "" else cell for cell in row]
            for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        ]
        for name in book.sheet_names
    }


def parts_of(path: Path) -> dict[str, str]:
    """Return the files of a workbook by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def read_back(path: Path, config: Config) -> dict[str, list[list[Any]]]:
    """Return the rows of the sheets, by the name of the table, with long texts made whole."""
    cells = cells_of(path)
    long_texts = cells.get(continuation_sheet(config).title, [])[1:]

    def whole(cell: Any) -> Any:  # noqa: ANN401  # of any type
        begun = continuation_of(cell) if isinstance(cell, str) else None
        if begun is None:
            return cell
        parts = [(part, text) for number, part, text in long_texts if number == begun[1]]
        return begun[0] + "".join(text for _, text in sorted(parts))

    rows = {}
    for sheet in sheets_of(config):
        header, *found = cells[sheet.title]
        assert header == [column.heading for column in sheet.columns]
        rows[sheet.name] = [
            [whole(cell) for cell in row] for row in found if any(cell is not None for cell in row)
        ]
    return rows


def expected(export: Export) -> dict[str, list[list[Any]]]:
    """Return what `read_back` should give."""
    config = export.config
    text_of = CellText(config)
    return {
        sheet.name: [
            [_plain(column.read(row), column, text_of) for column in sheet.columns]
            for row in sheet.rows(keyed(export.standings, export.day.library))
        ]
        for sheet in sheets_of(config)
    }


def _plain(cell: Cell, column: Column, text_of: CellText) -> Any:  # noqa: ANN401  # of any type
    """Return a cell as a workbook has it: typed where its column is, a text otherwise."""
    if isinstance(cell, bool | tuple):
        return text_of(cell)
    if isinstance(cell, Decimal) and not is_exact_number(cell):
        return text_of(cell)
    if isinstance(cell, date) and cell.year <= 1900:
        return cell.isoformat()
    if column.holds in {Holds.AMOUNT, Holds.NUMBER} and cell is not None:
        assert isinstance(cell, Decimal)
        assert exact_number(float(cell)) == cell
        return float(cell)
    if isinstance(cell, time):
        assert cell.tzinfo is None
    return cell
