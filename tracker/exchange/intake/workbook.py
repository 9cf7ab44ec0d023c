"""Workbooks of Excel and LibreOffice (xlsx, xlsm, xlsb, xls, ods), by calamine.

Formulas come as the values that the program computed last; an error such as `#N/A` is an empty
cell.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

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
    """Return the sheets of a workbook, hidden ones as such.

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
        from_1904 = _counts_from_1904(path)
        return [
            replace(
                _sheet(workbook.get_sheet_by_name(sheet.name), sheet.name, from_1904),
                hidden=sheet.visible != calamine.SheetVisibleEnum.Visible,
            )
            for sheet in workbook.sheets_metadata
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
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
