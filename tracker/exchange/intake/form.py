"""The classic form, a customer a sheet: labels beside values, tables of follow-ups below.

A form becomes tables as any other: one row with a column a label, and a table for each list in it,
whose rows carry the customer's name.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tracker.exchange.intake.headers import Heading, Table, block_group, heading_of, layout_of
from tracker.exchange.intake.tables import Cell, Layout, Row, Sheet, cell_text
from tracker.exchange.intake.targets import CONTACTS, DEAL, FOLLOWUP, ITEMS, LOST, NEEDS, OFFERS
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tracker.exchange.intake.targets import Targets

_LOOKED_AT = 20
"""Rows with anything in them by which a form is told from a table."""

_FEWEST_LABELS = 3
"""Rows that begin with a label, at least, in a form."""

_FEWEST_COLUMNS = 3
"""Columns of a table within a form."""

_LONGEST_LABEL = 24
_TOGETHER = re.compile(r"^\s*([^:：\n]{1,24}?)\s*[:：]\s*(.*)$", re.DOTALL)
_LAYOUTS = {
    "": Layout.CUSTOMERS,
    CONTACTS: Layout.CONTACTS,
    NEEDS: Layout.NEEDS,
    OFFERS: Layout.OFFERS,
    DEAL: Layout.DEALS,
    ITEMS: Layout.ITEMS,
    LOST: Layout.LOSSES,
    FOLLOWUP: Layout.FOLLOWUPS,
}
_NAME, _BACKGROUND = "name", "background"

_LAST_CONTACT = frozenset({"最近联系", "last contact"})
_NEXT_STATE = frozenset({"状态", "state"})
_STATES = frozenset(
    {"逾期", "今天到期", "已计划", "无下次跟进"}
    | {"overdue", "due today", "planned", "no next step"}
)
"""Labels of forms of ours, and their values, that follow from the follow-ups."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOTES_HEADER = (("标题", "内容"), ("heading", "text"))
"""Headings of the list of notes."""

_OTHERS = frozenset({"其他", "more"})
"""Headings of a list's last column, which has a line for each field without a column."""


class _Block(Struct):
    """The block that a row of a form stands in."""

    title: str = ""
    group: str = ""
    layout: Layout = Layout.CUSTOMERS


class _List(Struct):
    """A table within a form."""

    layout: Layout
    group: str
    columns: list[tuple[int, Heading]]
    rows: list[Row] = field(default_factory=list)


def is_form(sheet: Sheet, targets: Targets) -> bool:
    """Tell whether a sheet is a form of one customer rather than a table of several."""
    if sheet.layout is not None:
        return False
    reader = _FormReader(sheet, targets)
    # Names such as `公司1` and `公司2` are one label at most.
    labels: set[str] = set()
    for row in islice((row for row in sheet.rows if not row.is_blank), _LOOKED_AT):
        cells = reader.cells(row)
        if reader.is_list_header(cells):
            # A table's header names things too; a form has more than that.
            continue
        if cells and (label := reader.label(cells[0][1], "")):
            labels.add(fold(label.plain))
    if len(labels) < _FEWEST_LABELS:
        return False
    return any(
        reader.means(heading, "", _NAME)
        for row in sheet.rows
        for _, cell in reader.cells(row)
        if (heading := reader.label(cell, ""))
    )


def form_tables(sheet: Sheet, targets: Targets) -> list[Table]:
    """Return the tables that a form stands for: that of the customer first, then its lists."""
    return _FormReader(sheet, targets).tables()


class _FormReader:
    def __init__(self, sheet: Sheet, targets: Targets) -> None:
        self._sheet = sheet
        self._targets = targets
        self._values: list[tuple[Heading, Cell]] = []
        self._lists: list[_List] = []
        self._notes: list[str] = []
        self._notes_heading = heading_of(_BACKGROUND)
        self._in_notes = False
        self._first_row = 0

    # --- Cells ---

    @staticmethod
    def cells(row: Row) -> list[tuple[int, Cell]]:
        """Return the cells of a row that say something, with their columns."""
        return [(index, cell) for index, cell in enumerate(row.cells) if cell is not None]

    def label(self, cell: Cell, group: str) -> Heading | None:
        """Return the label that a cell is, alone or with its value behind a colon."""
        if not isinstance(cell, str):
            return None
        text = cell
        if match := _TOGETHER.match(cell):
            text = match[1]
        if len(text.strip()) > _LONGEST_LABEL:
            return None
        heading = heading_of(text, group)
        found = self._targets.candidates(heading.plain, Layout.CUSTOMERS, group)
        in_block = self._targets.headings.get(group, {}).get(fold(heading.plain), ())
        worked_out = fold(heading.plain) in _LAST_CONTACT
        return heading if found or in_block or worked_out else None

    def means(self, heading: Heading, group: str, path: str) -> bool:
        """Tell whether a label means a target before all others."""
        found = self._targets.candidates(heading.plain, Layout.CUSTOMERS, group)
        return bool(found) and found[0] == path

    def is_list_header(self, cells: Sequence[tuple[int, Cell]]) -> bool:
        """Tell whether a row holds nothing but headings of a table."""
        if len(cells) < _FEWEST_COLUMNS or any(
            not isinstance(cell, str) or ":" in cell or "：" in cell for _, cell in cells
        ):
            return False
        return bool(self._list_group(cells))

    def _list_group(self, cells: Sequence[tuple[int, Cell]], preferred: str = "") -> str:
        """Return the group whose fields a row of headings names; empty for none."""
        folded = [fold(heading_of(cell).plain) for _, cell in cells]
        for group in dict.fromkeys((preferred, FOLLOWUP, CONTACTS, OFFERS, ITEMS)):
            table = self._targets.headings.get(group, {}) if group else {}
            known = sum(text in table for text in folded)
            if known >= _FEWEST_COLUMNS and known * 3 >= len(folded) * 2:
                return group
        return ""

    # --- Reading ---

    def tables(self) -> list[Table]:
        block = _Block()
        open_list: _List | None = None
        rows = self._sheet.rows
        for index, row in enumerate(rows):
            cells = self.cells(row)
            if not cells or self._is_note(cells):
                continue
            if found := self._block_at(cells):
                block, cells = found, cells[1:]
                open_list = None
                if not cells:
                    continue
            if self._begins_notes(cells):
                open_list = None
                continue
            if open_list is not None and not self._ends_list(cells, open_list):
                open_list.rows.append(row)
                continue
            open_list = self._list_at(index, cells, block)
            if open_list is None:
                self._read_pairs(row, cells, block)
        return [self._main(), *self._of_lists()]

    def _begins_notes(self, cells: Sequence[tuple[int, Cell]]) -> bool:
        """Tell whether a row is the header of the list of notes, which begins then."""
        if tuple(fold(cell_text(cell)) for _, cell in cells) not in _NOTES_HEADER:
            return False
        self._in_notes = True
        if self._values:
            heading, value = self._values[-1]
            if value is None and self.means(heading, "", _BACKGROUND):
                # The title of the block, which was taken for a label.
                self._notes_heading = heading
                del self._values[-1]
        return True

    def _is_note(self, cells: Sequence[tuple[int, Cell]]) -> bool:
        """Tell whether a row is a note, which is kept then: its heading and its text."""
        if not self._in_notes:
            return False
        (column, first), *others = cells
        if column == 0 and not others and block_group(cell_text(first)):
            self._in_notes = False
            return False
        texts = [cell_text(cell) for _, cell in cells]
        if column == 0:
            texts[0] = f"## {' '.join(texts[0].split())}"
        self._notes += texts
        return True

    def _block_at(self, cells: Sequence[tuple[int, Cell]]) -> _Block | None:
        """Return the block that a row begins: alone in its row, or merged down at its left."""
        column, cell = cells[0]
        found = block_group(cell) if isinstance(cell, str) else None
        if found is None:
            return None
        if len(cells) > 1 and not (column == 0 and self.label(cells[1][1], found[0])):
            return None
        group, service = found
        layout = Layout.SERVICE if service else _LAYOUTS[group]
        return _Block(cell_text(cell), group, layout)

    def _list_at(
        self, index: int, cells: Sequence[tuple[int, Cell]], block: _Block
    ) -> _List | None:
        """Return the list whose header a row is."""
        if not self.is_list_header(cells):
            return None
        group = self._list_group(cells, ITEMS if block.group == DEAL else block.group)
        following = next((row for row in self._sheet.rows[index + 1 :] if not row.is_blank), None)
        if following is not None and self.is_list_header(self.cells(following)):
            return None
        columns = [(column, heading_of(cell, group)) for column, cell in cells]
        layout = block.layout if block.group == group else _LAYOUTS[group]
        if group == FOLLOWUP and block.layout is not Layout.SERVICE:
            layout = layout_of([heading for _, heading in columns], self._targets)
            layout = Layout.FOLLOWUPS if layout is Layout.CUSTOMERS else layout
        found = _List(layout, group, columns)
        self._lists.append(found)
        return found

    def _ends_list(self, cells: Sequence[tuple[int, Cell]], found: _List) -> bool:
        """Tell whether a row below a list is no longer one of it."""
        if self.is_list_header(cells):
            return True
        first = cells[0][1]
        if not isinstance(first, str) or cells[0][0] != found.columns[0][0]:
            return False
        heading = self.label(first, "")
        # A label with its value in the cell beside it; data that is a label by chance has more.
        return heading is not None and len(cells) <= 2  # noqa: PLR2004  # a label and its value

    def _read_pairs(self, row: Row, cells: Sequence[tuple[int, Cell]], block: _Block) -> None:
        position = 0
        while position < len(cells):
            _, cell = cells[position]
            position += 1
            # A label below a list of follow-ups is one of the customer's again.
            heading = self.label(cell, "" if block.group == FOLLOWUP else block.group)
            if heading is None:
                self._loose(cell, block)
                continue
            self._first_row = self._first_row or row.number
            together = _TOGETHER.match(cell) if isinstance(cell, str) else None
            if together and together[2].strip():
                self._values.append((heading, together[2].strip()))
                continue
            value = cells[position][1] if position < len(cells) else None
            if value is not None and self._is_value(value, heading, block):
                position += 1
            else:
                value = None
            if not _is_worked_out(heading, value):
                self._values.append((heading, value))

    def _is_value(self, cell: Cell, heading: Heading, block: _Block) -> bool:
        """Tell whether the cell behind a label is its value and not the next label."""
        if self.label(cell, block.group) is None:
            return True
        paths = self._targets.candidates(heading.plain, Layout.CUSTOMERS, block.group)
        field = self._targets.by_path[paths[0]].field if paths else None
        if field is None or not field.vocabulary:
            return False
        # `客户来源 | 官网`: a word of the vocabulary, though it is a label too.
        return self._targets.word(field.vocabulary, cell_text(cell)) is not None

    def _loose(self, cell: Cell, block: _Block) -> None:
        """Keep a text that has no label, unless it is the form's title."""
        if self._first_row and isinstance(cell, str):
            title = block.title or cell_text(cell)[:_LONGEST_LABEL]
            self._values.append((heading_of(title, block.group), cell))

    # --- Tables ---

    def _main(self) -> Table:
        if self._notes:
            self._values.append((self._notes_heading, "\n\n".join(self._notes)))
        headings = tuple(heading for heading, _ in self._values)
        row = Row(self._first_row or 1, tuple(cell for _, cell in self._values))
        return Table(self._sheet, Layout.CUSTOMERS, headings, (row,))

    def _of_lists(self) -> Iterator[Table]:
        told = [
            (heading, cell)
            for heading, cell in self._values
            if cell is not None
            and any(self.means(heading, heading.group or "", path) for path in (_NAME, "id"))
        ]
        for found in self._lists:
            lines = [
                (row, self._in_columns(row, found))
                for row in found.rows
                if _says_something(row, (column for column, _ in found.columns))
            ]
            columns = list(dict.fromkeys(heading for _, line in lines for heading in line))
            headings = (*columns, *(one for one, _ in told))
            rows = tuple(
                Row(row.number, (*map(line.get, columns), *(one for _, one in told)))
                for row, line in lines
            )
            if rows:
                yield Table(self._sheet, found.layout, headings, rows)

    def _in_columns(self, row: Row, found: _List) -> dict[Heading, Cell]:
        """Return the cells of a row of a list by their headings.

        A last column holds a line for each field that has no column of its own: `微信：wangfang`.
        """
        line: dict[Heading, Cell] = {}
        known = self._targets.headings.get(found.group, {})
        for column, heading in found.columns:
            cell = row.cell(column)
            if fold(heading.plain) not in _OTHERS or (cell and not isinstance(cell, str)):
                line[heading] = cell
                continue
            rest: list[str] = []
            into = heading
            for text in str(cell or "").split("\n"):
                match = _TOGETHER.match(text)
                label = heading_of(match[1], found.group) if match else heading
                if match and fold(label.plain) in known and label not in line:
                    into = label
                    line[into] = match[2]
                elif into == heading:
                    rest.append(text)
                else:
                    line[into] = f"{line[into]}\n{text}"
            if any(rest):
                line[heading] = "\n".join(rest)
        return line


def _is_worked_out(heading: Heading, value: Cell) -> bool:
    """Tell whether a form of ours says what follows from its follow-ups."""
    label, text = fold(heading.plain), cell_text(value)
    if label in _LAST_CONTACT:
        return not text or bool(_DAY.fullmatch(text))
    return label in _NEXT_STATE and fold(text) in _STATES


def _says_something(row: Row, columns: Iterable[int]) -> bool:
    """Tell whether a row of a list has more than its number."""
    filled = [column for column in columns if row.cell(column) is not None]
    return len(filled) > 1 or (bool(filled) and not str(cell_text(row.cell(filled[0]))).isdigit())
