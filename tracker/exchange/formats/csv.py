"""One table for spreadsheets: UTF-8 with byte order mark and CRLF, which Excel reads right.

The tables and their columns are the sheets of a workbook (`tracker.exchange.sheets`). No text is
taken for a formula by a program that opens the file; see `tracker.exchange.spreadsheet_text`.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from tracker.errors import UsageError
from tracker.exchange.cell_text import CellText
from tracker.exchange.sheets import keyed, sheets_of
from tracker.exchange.spreadsheet_text import defuse
from tracker.text import fold, nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.exchange.export import Export
    from tracker.exchange.sheets import Sheet


def write(export: Export, path: Path) -> None:
    """Write the table that was asked for; see `tracker.exchange.export.Writer`.

    Raises:
        UsageError: There is no such table.
    """
    sheet, text_of = _sheet(export), CellText(export.config)
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([defuse(column.heading) for column in sheet.columns])
        for row in sheet.rows(keyed(export.standings, export.day.library)):
            cells = (column.read(row) for column in sheet.columns)
            writer.writerow(
                [
                    defuse(text_of(cell)) if isinstance(cell, str | tuple) else text_of(cell)
                    for cell in cells
                ]
            )


def _sheet(export: Export) -> Sheet:
    """Return the sheet of the table: by its name, or by its title in the workspace's language.

    Raises:
        UsageError: There is none.
    """
    sheets = sheets_of(export.config)
    if not export.table:
        return sheets[0]
    asked = fold(export.table)
    for sheet in sheets:
        if asked in (fold(sheet.name), fold(sheet.title)):
            return sheet
    names = [sheet.name for sheet in sheets]
    near = nearest(export.table, names)
    values = {"name": export.table, "near": near, "tables": tuple(names)}
    raise UsageError(
        Message("there is no table ‘{name}’; did you mean ‘{near}’?", values)
        if near
        else Message("there is no table ‘{name}’; there are: {tables}", values)
    )
