"""Rows that could not be taken, as a file like the one that they came from: mend it, import it.

It has the columns of the source and one more with the reason. From a workbook a workbook is made,
a sheet a sheet; from anything else a CSV that Excel opens, with formulas defused.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING

from tracker.exchange.intake.tables import cell_text
from tracker.exchange.spreadsheet_text import CELL_LIMIT, defuse
from tracker.files import replacing, write_atomically
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has no marker

    from tracker.exchange.intake.contributions import Origin
    from tracker.exchange.intake.headers import Heading
    from tracker.exchange.intake.plan import RowResult
    from tracker.exchange.intake.tables import Cell, Row

_SUFFIX = ".rejected"
REASON = Message("Why it was not imported")
"""Heading of the column with the reason; an import passes it over."""

_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_LONGEST_TITLE = 25
_MEASURED = 200
"""Rows by which the width of a column is found."""

_Lines = list[list["Cell"]]


def rejects_file(source: Path) -> Path:
    """Return where the rows of a file that cannot be taken go unless something else is asked."""
    return source.with_name(f"{source.stem}{_SUFFIX}{'.xlsx' if _is_workbook(source) else '.csv'}")


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


def write_rejects(
    path: Path,
    rejected: Iterable[RowResult],
    rows: Mapping[Origin, tuple[tuple[Heading, ...], Row]],
    say: Callable[[Message], str],
    today: date,
) -> None:
    """Write rows with their reasons.

    Args:
        path: The file; the ending `.xlsx` makes a workbook of it.
        rejected: What became of the rows.
        rows: All rows by where they stand.
        say: Puts a message into the workspace's language.
        today: The day of the import.

    Raises:
        MissingExtraError: The library that writes workbooks is not installed.
        OSError: The file cannot be written.
    """
    tables: dict[tuple[str, tuple[str, ...]], _Lines] = defaultdict(list)
    for result in rejected:
        headings, row = rows[result.origin]
        titles = tuple(heading.title for heading in headings)
        cells = [row.cell(index) for index in range(len(titles))]
        reason = say(result.reason) if result.reason else ""
        tables[result.origin.sheet, titles].append([*cells, reason])
    if _is_workbook(path):
        _write_workbook(path, tables, say(REASON), today)
    else:
        write_atomically(path, _delimited(tables, say(REASON)))


def _delimited(tables: Mapping[tuple[str, tuple[str, ...]], _Lines], reason: str) -> bytes:
    """Return all rows as one CSV, under the columns that any of them has."""
    titles = list(dict.fromkeys(title for _, own in tables for title in own))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    single = len(tables) == 1
    header = list(next(iter(tables))[1]) if single else titles
    writer.writerow([*map(defuse, header), reason])
    for (_, own), lines in tables.items():
        for line in lines:
            texts = [defuse(cell_text(cell)) for cell in line]
            if not single:
                by_title = dict(zip(own, texts, strict=False))
                texts = [*(by_title.get(title, "") for title in titles), texts[-1]]
            writer.writerow(texts)
    return stream.getvalue().encode("utf-8-sig", "backslashreplace")


def _write_workbook(
    path: Path, tables: Mapping[tuple[str, tuple[str, ...]], _Lines], reason: str, today: date
) -> None:
    # Imported late: only a workbook needs the library.
    from tracker.exchange.workbook import open_workbook, save_workbook

    with replacing(path) as temporary:
        book = open_workbook(path.stem, today)
        taken: set[str] = set()
        for (name, titles), lines in tables.items():
            title = _title(name, taken)
            _write_sheet(book, title, [[*titles, reason], *lines])
        save_workbook(book, temporary)


def _title(name: str, taken: set[str]) -> str:
    """Return a title that a sheet may have and no other one has."""
    plain = _NOT_IN_TITLES.sub(" ", name).strip(" '")[:_LONGEST_TITLE] or "Sheet"
    title = plain
    for number in count(2):
        if title.casefold() not in taken:
            break
        title = f"{plain} {number}"
    taken.add(title.casefold())
    return title


def _write_sheet(book: Workbook, title: str, lines: _Lines) -> None:
    # Imported late: likewise.
    from tracker.exchange.workbook import DATE_STYLE, TIME_STYLE, fitting_width, write_text

    sheet = book.add_worksheet(title)
    plain = book.add_format()
    day, clock = book.add_format(DATE_STYLE), book.add_format(TIME_STYLE)
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            match cell:
                case None:
                    continue
                case bool():
                    sheet.write_boolean(row, column, cell)
                case int() | float():
                    sheet.write_number(row, column, cell)
                case datetime():
                    sheet.write_datetime(row, column, cell, moment)
                case date():
                    sheet.write_datetime(row, column, cell, day)
                case time() | timedelta():
                    sheet.write_datetime(row, column, cell, clock)
                case _:
                    write_text(sheet, row, column, cell_text(cell)[:CELL_LIMIT], plain)
    for column in range(len(lines[0])):
        texts = [cell_text(line[column]) for line in lines[:_MEASURED]]
        sheet.set_column(column, column, fitting_width(texts))
    sheet.freeze_panes(1, 0)
