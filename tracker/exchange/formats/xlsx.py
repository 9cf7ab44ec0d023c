"""A workbook with everything that the records hold: a sheet for each kind of thing.

`tracker.exchange.sheets` says what the sheets and columns are; docs/export.md tells people.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from tracker.errors import TrackerError
from tracker.exchange.cell_text import CellText
from tracker.exchange.columns import Holds, words_of
from tracker.exchange.sheets import continuation_sheet, keyed, sheets_of
from tracker.exchange.spreadsheet_text import (
    continued_text,
    is_exact_number,
    needs_continuation,
    utf16_length,
)
from tracker.exchange.workbook import (
    DATE_STYLE,
    PAPER_A4,
    TEXT_STYLE,
    TIME_STYLE,
    fitting_width,
    has_date,
    money_style,
    only_table,
    open_workbook,
    save_workbook,
    sheet_reference,
    write_text,
)
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlsxwriter.format import Format  # type: ignore[import-untyped]  # the library has no types
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # the library has no types

    from tracker.exchange.columns import Cell, Column
    from tracker.exchange.export import Export
    from tracker.exchange.sheets import Sheet

MOST_ROWS = 1_048_576
"""Rows of a sheet, the headings included."""

MOST_LINKS = 65_530
"""Links of a sheet; further rows have none."""

_TABLE_STYLE = "Table Style Light 1"
_MEASURED = 300
"""Rows by which the width of a column is found."""

_SHORT = 255
"""Characters up to which Excel shows cells of the format "text" well, and takes lists of words."""

_TOP = {"valign": "top"}
_LINK = {"font_color": "#0563C1", "underline": 1}
_MUTED = {"font_color": "#595959"}


def write(export: Export, path: Path) -> None:
    """Write the workbook; see `tracker.exchange.export.Writer`.

    Raises:
        MissingExtraError: The library is not installed.
        TrackerError: There are more rows than a sheet can have.
    """
    writer = _Writer(export, path)
    writer.write()


class _Writer:
    """Writes one workbook."""

    def __init__(self, export: Export, path: Path) -> None:
        self._export = export
        self._path = path
        self._book = open_workbook(export.config.title, export.today)
        self._styles: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._text = CellText(export.config)
        self._continued: list[tuple[int, int, str]] = []
        self._numbers = 0
        self._customer_rows: dict[str, int] = {}
        self._customer_title = ""

    def write(self) -> None:
        export = self._export
        about = self._book.add_worksheet(export.say(Message("About")))
        customers = tuple(keyed(export.standings, export.day.library))
        counts = []
        for sheet in sheets_of(export.config):
            rows = [
                [self._fitted(column.read(row)) for column in sheet.columns]
                for row in sheet.rows(customers)
            ]
            if not self._customer_title:
                self._customer_title = sheet.title
                self._customer_rows = {
                    key: number for number, (key, _) in enumerate(customers, start=1)
                }
            self._write_sheet(sheet, rows)
            counts.append((sheet.title, len(rows)))
        if self._continued:
            sheet = continuation_sheet(export.config)
            self._write_sheet(sheet, self._continued)
            counts.append((sheet.title, len(self._continued)))
        self._write_about(about, counts)
        save_workbook(self._book, self._path)

    # --- sheets ---

    def _write_sheet(self, sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> None:
        if len(rows) >= MOST_ROWS:
            raise TrackerError(
                Message(
                    "the sheet {sheet} would have {count} rows, and Excel takes {most}; export "
                    "fewer customers, or another format",
                    {"sheet": sheet.title, "count": len(rows) + 1, "most": MOST_ROWS},
                )
            )
        page = self._book.add_worksheet(sheet.title)
        for index, column in enumerate(sheet.columns):
            self._write_column(page, sheet, index, column, rows)
        self._add_table(page, sheet, len(rows))
        frozen = min(2, len(sheet.columns) - 1)
        page.freeze_panes(1, frozen)
        page.set_landscape()
        page.set_paper(PAPER_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)

    def _write_column(
        self,
        page: Worksheet,
        sheet: Sheet,
        index: int,
        column: Column,
        rows: Sequence[Sequence[Cell]],
    ) -> None:
        texts = [self._text(row[index]) for row in islice(rows, _MEASURED)]
        width = fitting_width((column.heading + "    ", *texts))
        style = self._column_style(column, texts, width)
        page.set_column(index, index, width, style)
        self._offer_words(page, index, column, len(rows))
        currency = _position(sheet, column.currency) if column.currency else None
        linked = column.path == "customer"
        for number, row in enumerate(rows, start=1):
            value = row[index]
            if value is None:
                continue
            if linked and number <= MOST_LINKS and str(value) in self._customer_rows:
                page.write_url(
                    number,
                    index,
                    sheet_reference(self._customer_title, self._customer_rows[str(value)]),
                    self._style(_LINK, TEXT_STYLE),
                    value,
                )
            elif isinstance(value, Decimal) and currency is not None:
                money = money_style(value, str(row[currency]))
                self._write_cell(page, number, index, value, self._style(money))
            else:
                self._write_cell(page, number, index, value, style)

    def _offer_words(self, page: Worksheet, index: int, column: Column, rows: int) -> None:
        """Let Excel offer the words of the team in a column; others can be written all the same."""
        words = words_of(column, self._export.config)
        # A list of Excel's has its words in one text in quotes, with commas between them.
        text = ",".join(words)
        fits = utf16_length(text) <= _SHORT and text.count(",") < len(words) and '"' not in text
        if words and fits:
            page.data_validation(
                1,
                index,
                max(rows, 1),
                index,
                {"validate": "list", "source": words, "error_type": "information"},
            )

    def _write_cell(
        self, page: Worksheet, row: int, column: int, value: Cell, style: Format
    ) -> None:
        if isinstance(value, Decimal) and is_exact_number(value):
            page.write_number(row, column, float(value), style)
        elif isinstance(value, int) and not isinstance(value, bool):
            page.write_number(row, column, value, style)
        elif isinstance(value, time) or (isinstance(value, date) and has_date(value)):
            page.write_datetime(row, column, value, style)
        elif text := self._text(value):
            write_text(page, row, column, text, style)

    def _fitted(self, value: Cell) -> Cell:
        """Return a value with as much of a text as fits; the rest is kept to be continued."""
        text = self._text(value) if isinstance(value, tuple) else value
        if not isinstance(text, str) or not needs_continuation(text):
            return text
        self._numbers += 1
        beginning, parts = continued_text(text, self._numbers)
        self._continued += [
            (self._numbers, number, part) for number, part in enumerate(parts, start=1)
        ]
        return beginning

    def _add_table(self, page: Worksheet, sheet: Sheet, rows: int) -> None:
        """Make a table of a sheet, with filters; one without rows has an empty one."""
        derived = self._style(_MUTED)
        only_table(page)
        page.add_table(
            0,
            0,
            max(rows, 1),
            len(sheet.columns) - 1,
            {
                "name": sheet.name,
                "style": _TABLE_STYLE,
                "columns": [
                    {
                        "header": column.heading,
                        **({"header_format": derived} if column.derived else {}),
                    }
                    for column in sheet.columns
                ],
            },
        )

    # --- formats ---

    def _style(self, *properties: dict[str, Any]) -> Format:
        """Return the format of these properties, the same for the same ones."""
        merged = {**_TOP, **{key: value for one in properties for key, value in one.items()}}
        key = tuple(sorted(merged.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format(merged)
        return self._styles[key]

    def _column_style(self, column: Column, texts: Sequence[str], width: int) -> Format:
        """Return the format of a column: what is written into it later should look the same."""
        wrapped = {"text_wrap": True} if any(_is_wider(text, width) for text in texts) else {}
        match column.holds:
            case Holds.DATE:
                kind: dict[str, Any] = DATE_STYLE
            case Holds.TIME:
                kind = TIME_STYLE
            case Holds.TEXT if all(len(text) <= _SHORT for text in texts):
                kind = TEXT_STYLE
            case _:
                kind = {}
        return self._style(kind, wrapped, _MUTED if column.derived else {})

    # --- the first sheet ---

    def _write_about(self, page: Worksheet, counts: Sequence[tuple[str, int]]) -> None:
        """Say what the workbook holds, of which day, and what was asked for."""
        export, say = self._export, self._export.say
        plain, bold = self._style({"text_wrap": True}), self._style({"bold": True})
        write_text(page, 0, 0, export.config.title, self._style({"bold": True, "font_size": 16}))
        errors = sum(found.broken for found in export.standings)
        left_out = len(export.day.library.left_out)
        facts: list[tuple[Message, Cell]] = [
            (Message("Day"), export.today),
            (Message("Query"), export.query or say(Message("all customers"))),
            (Message("Customers"), len(export.standings)),
        ]
        if errors:
            facts.append((Message("Records with errors, whose wrong values are missing"), errors))
        if left_out:
            facts.append((Message("Records left out because they cannot be read"), left_out))
        for row, (label, value) in enumerate(facts, start=2):
            write_text(page, row, 0, say(label), bold)
            style = self._style(DATE_STYLE) if isinstance(value, date) else plain
            self._write_cell(
                page,
                row,
                1,
                value,
                self._style({"align": "left"}) if isinstance(value, int) else style,
            )
        first = len(facts) + 3
        for column, heading in enumerate((Message("Sheet"), Message("Rows"))):
            write_text(page, first, column, say(heading), bold)
        for row, (title, count) in enumerate(counts, start=first + 1):
            page.write_url(row, 0, sheet_reference(title, 0), self._style(_LINK), title)
            page.write_number(row, 1, count, self._style({"align": "left"}))
        write_text(
            page,
            first + len(counts) + 2,
            0,
            say(
                Message(
                    "Columns with grey headings are worked out on the day; tracker import passes "
                    "them over."
                )
            ),
            self._style(_MUTED),
        )
        page.set_column(0, 0, fitting_width([say(label) for label, _ in facts], 14))
        page.set_column(1, 1, 60)
        page.set_paper(PAPER_A4)


def _position(sheet: Sheet, path: str) -> int:
    return next(index for index, column in enumerate(sheet.columns) if column.path == path)


def _is_wider(text: str, width: int) -> bool:
    return "\n" in text or fitting_width([text], most=width + 1) > width
