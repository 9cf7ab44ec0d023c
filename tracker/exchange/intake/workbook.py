"""Workbooks of Excel and LibreOffice (xlsx, xlsm, xlsb, xls, ods), by calamine.

Formulas come as the values that the program computed last; an error such as `#N/A` is an empty
cell. Hidden sheets are left out: they hold lists and settings.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

from tracker.exchange.extras import require
from tracker.exchange.intake.tables import Cell, Merged, Sheet, SourceError, rows_of
from tracker.translation import Message

if TYPE_CHECKING:
    from pathlib import Path

_PROPERTIES = "xl/workbook.xml"
_FROM_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
_MOST_PROPERTIES = 1024 * 1024
"""Bytes of the workbook's own part that are looked at."""


def read_workbook(path: Path) -> list[Sheet]:
    """Return the visible sheets of a workbook.

    Raises:
        MissingExtraError: The library that reads workbooks is not installed.
        SourceError: It is no workbook, or one with a password.
        OSError: It cannot be read.
    """
    calamine = require("python_calamine", "xlsx")
    with path.open("rb"):
        pass  # What the system refuses is said in its own words.
    try:
        workbook = calamine.load_workbook(path)
        shown = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        from_1904 = _counts_from_1904(path)
        return [_sheet(workbook.get_sheet_by_name(name), name, from_1904) for name in shown]
    except calamine.PasswordError as error:
        raise SourceError(path, Message("it has a password; save it without one")) from error
    except calamine.CalamineError as error:
        reason = Message("this is no workbook that can be read ({error})", {"error": error})
        raise SourceError(path, reason) from error


def _sheet(sheet: Any, name: str, from_1904: bool) -> Sheet:  # noqa: ANN401, FBT001  # no types
    lines: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
    merged = tuple(
        Merged(top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return Sheet(name, rows_of(lines), merged, from_1904=from_1904)


def _counts_from_1904(path: Path) -> bool:
    """Tell whether days that are written as plain numbers count from 1904, as on old Macs."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_PROPERTIES) as part:
            return bool(_FROM_1904.search(part.read(_MOST_PROPERTIES)))
    except (zipfile.BadZipFile, KeyError):
        return False
