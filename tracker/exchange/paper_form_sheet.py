"""The classic form as sheets of a workbook, one a customer, ready to print on A4."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise, zip_longest
from typing import TYPE_CHECKING, Any

from tracker.exchange.paper_form import COLUMNS, Pairs
from tracker.exchange.spreadsheet_text import utf16_length
from tracker.exchange.workbook import PAPER_A4, open_workbook, save_workbook, write_text
from tracker.text import char_width, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has no marker
    from xlsxwriter.format import Format  # type: ignore[import-untyped]  # the library has no types
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # the library has no types

    from tracker.exchange.paper_form import Form, Grid

_COLUMN_WIDTH = 4
"""Characters of Latin script in one of the columns of the page."""

_LINE_HEIGHT = 14
"""Points of a line of text."""

_MOST_LINES = 28
"""Lines of a row; Excel has no rows higher than 409 points."""

_LONGEST_TEXT_CELL = 255
"""Characters that Excel shows well in a cell of the format "text"."""

_PAIR_SHARES = (4, 8, 4, 8)
_WIDE_SHARES = (4, 20)
_LONGEST_TITLE = 31
_FORBIDDEN_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LABEL = {"bg_color": "#F2F2F2", "bold": True}
_BLOCK = {"bg_color": "#D9E2F3", "bold": True, "font_size": 11}


def write_form_sheets(forms: Sequence[Form], path: Path, title: str, today: date) -> None:
    """Write a workbook with a sheet for each form.

    Args:
        forms: The forms; without any, the workbook has one empty sheet.
        path: The file.
        title: Title of the workbook.
        today: The day that it is of.

    Raises:
        MissingExtraError: The library is not installed.
    """
    book = open_workbook(title, today)
    styles = _Styles(book)
    taken: set[str] = set()
    for form in forms:
        sheet = book.add_worksheet(_free_title(form.short, taken))
        _FormSheet(sheet, styles).write(form)
    save_workbook(book, path)


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        cell = {"border": 1, "border_color": "#7F7F7F", "valign": "top", "text_wrap": True}
        middle = {**cell, "valign": "vcenter"}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        self.line = book.add_format({"align": "right", "font_color": "#595959"})
        self.block = book.add_format({**middle, **_BLOCK})
        self.label = book.add_format({**middle, **_LABEL})
        self.heading = book.add_format({**middle, **_LABEL, "align": "center"})
        # Text whatever it looks like, also after somebody has edited it.
        self.value = book.add_format({**cell, "num_format": "@"})
        self.long = book.add_format(cell)


class _FormSheet:
    """Writes one form from top to bottom."""

    def __init__(self, sheet: Worksheet, styles: _Styles) -> None:
        self._sheet, self._styles = sheet, styles
        self._row = 0
        sheet.set_column(0, COLUMNS - 1, _COLUMN_WIDTH)
        sheet.set_paper(PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.set_footer("&C&P / &N")
        sheet.hide_gridlines(2)

    def write(self, form: Form) -> None:
        styles = self._styles
        self._line([(COLUMNS, form.title, styles.title)], 28)
        self._line([(COLUMNS, f"{form.name} · {form.day} · {form.team}", styles.line)], 18)
        for block in form.blocks:
            if block.title:
                self._line([(COLUMNS, block.title, styles.block)], 20)
            if isinstance(block, Pairs):
                self._pairs(block)
            else:
                self._grid(block)

    def _pairs(self, block: Pairs) -> None:
        a_row = 1 if block.wide else 2
        shares = _WIDE_SHARES if block.wide else _PAIR_SHARES
        for start in range(0, len(block.pairs), a_row):
            found = [text for pair in block.pairs[start : start + a_row] for text in pair]
            found += [""] * (len(shares) - len(found))
            self._cells(found, shares, labels=(0, 2))

    def _grid(self, block: Grid) -> None:
        heading = self._styles.heading
        self._line(
            [
                (share, text, heading)
                for share, text in zip(block.shares, block.headings, strict=True)
            ],
            18,
        )
        for row in block.rows:
            self._cells(row, block.shares)

    def _cells(
        self, texts: Sequence[str], shares: Sequence[int], labels: Sequence[int] = ()
    ) -> None:
        """Write cells beside one another; where one is too high for a row, in several rows."""
        parts = [
            list(_row_parts(text, share * _COLUMN_WIDTH))
            for text, share in zip(texts, shares, strict=True)
        ]
        for row in zip_longest(*parts, fillvalue=("", 1)):
            height = max(lines for _, lines in row) * _LINE_HEIGHT + 4
            self._line(
                [
                    (share, text, self._style(text, label=index in labels))
                    for index, (share, (text, _)) in enumerate(zip(shares, row, strict=True))
                ],
                height,
            )

    def _style(self, text: str, *, label: bool) -> Format:
        if label:
            return self._styles.label
        return self._styles.value if len(text) <= _LONGEST_TEXT_CELL else self._styles.long

    def _line(self, cells: Sequence[tuple[int, str, Any]], height: float) -> None:
        """Write a row of cells, each with the columns that it takes, its text and its format."""
        sheet, row = self._sheet, self._row
        sheet.set_row(row, height)
        edges = [0, *accumulate(share for share, _, _ in cells)]
        for (start, end), (_, text, style) in zip(pairwise(edges), cells, strict=True):
            if end - start > 1:
                sheet.merge_range(row, start, row, end - 1, "", style)
            write_text(sheet, row, start, text, style)
        self._row += 1


def _row_parts(text: str, width: int) -> Iterator[tuple[str, int]]:
    """Yield a text in parts that fit into a row, each with the lines that it takes."""
    start, lines, used = 0, 1, 0
    for index, char in enumerate(text):
        size = char_width(char)
        if char == "\n" or used + size > width:
            if lines == _MOST_LINES:
                yield text[start:index], lines
                start, lines = index + (char == "\n"), 0
            lines, used = lines + 1, 0
        used += 0 if char == "\n" else size
    yield text[start:], max(lines, 1)


def _free_title(name: str, taken: set[str]) -> str:
    """Return a title of a sheet that Excel takes and no other sheet has, and note it as taken."""
    base = _FORBIDDEN_IN_TITLES.sub(" ", name).strip(" '") or "-"
    title, number = _cut(base, _LONGEST_TITLE), 1
    while fold(title) in taken or title.casefold() == "history":
        number += 1
        ending = f" ({number})"
        title = _cut(base, _LONGEST_TITLE - len(ending)) + ending
    taken.add(fold(title))
    return title


def _cut(text: str, length: int) -> str:
    """Return as much of a text as has no more than these UTF-16 units."""
    kept = text[:length]
    while utf16_length(kept) > length:
        kept = kept[:-1]
    return kept.rstrip(" '") or "-"
