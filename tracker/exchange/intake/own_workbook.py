"""Reading back the workbook that `tracker export xlsx` writes, along the one table of its sheets.

Every cell is what a column of `tracker.exchange.sheets` says, so nothing is guessed here: texts
come back as they are, lists by their items, promises and service entries into their follow-up.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from tracker.exchange.columns import ENDED, Column, Holds
from tracker.exchange.intake.contributions import NUMBER, Contribution, Origin
from tracker.exchange.intake.followups import followup_entry
from tracker.exchange.intake.headers import Heading, Table
from tracker.exchange.intake.tables import Cell, Layout, Row, Sheet, cell_text
from tracker.exchange.intake.targets import CONTACTS, DEAL, ITEMS, LOST, NEEDS, OFFERS
from tracker.exchange.sheets import Sheet as OwnSheet
from tracker.exchange.sheets import continuation_sheet, sheets_of
from tracker.exchange.spreadsheet_text import continuation_of, exact_number, read_list_cell
from tracker.format.values import Fault, read_value
from tracker.money import plain_number
from tracker.schema import Kind
from tracker.text import fold
from tracker.translation import Message, translations
from tracker.vocabulary import TRUE_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.config import Config
    from tracker.exchange.intake.cells import Value

_LANGUAGES: tuple[Literal["zh", "en"], ...] = ("zh", "en")
_GROUPS = {
    "contacts": CONTACTS,
    "offers": OFFERS,
    "deal_items": ITEMS,
    "needs": NEEDS,
    "deals": DEAL,
    "losses": LOST,
}
_SINGLE = frozenset({"needs", "deals", "losses"})
_MOST = 0.8
"""Share of the headings that tell a table of ours."""

_OTHER_HEADINGS = {"经办人": "跟进人"}
"""Headings that a workbook of ours may have too, with those that they mean."""

_PARTS_OF_AMOUNTS = (".currency", ".high")
_TRUE = frozenset(map(fold, TRUE_WORDS))
_Cells = dict[str, Cell]
_FollowUpKey = tuple[str, int]


class OwnTable(Struct, frozen=True):
    """A sheet of ours with its columns found.

    Attributes:
        sheet: What it is.
        table: Its header and rows.
        columns: For each column of the file: what it holds; None for one that is not ours.
    """

    sheet: OwnSheet
    table: Table
    columns: tuple[Column | None, ...]


def find_own_tables(sheets: Sequence[Sheet], config: Config) -> list[OwnTable]:
    """Return the sheets of a workbook that are ours; none where it is not a workbook of ours.

    It is one where the sheet of customers is there with the columns of id and name.
    """
    for language in _LANGUAGES:
        all_sheets = sheets_of(config, language)
        if len(sheets) == 1 and not sheets[0].name:
            # A CSV, which has no title, is told by its headings alone.
            if alone := _own_csv(sheets[0], all_sheets):
                return [alone]
            continue
        known = {fold(own.title): own for own in all_sheets}
        found = [
            own
            for sheet in sheets
            if (match := known.get(fold(sheet.name)))
            if (own := _own_table(sheet, match))
        ]
        names = {own.sheet.name for own in found}
        if "customers" in names and len(found) > 1:
            return _continued(found, sheets, continuation_sheet(config, language))
    return []


def _continued(
    found: list[OwnTable], sheets: Sequence[Sheet], continuation: OwnSheet
) -> list[OwnTable]:
    """Return tables with the texts whole that go on in the sheet of long texts."""
    parts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for sheet in sheets:
        if fold(sheet.name) == fold(continuation.title):
            for row in sheet.rows[1:]:
                number, part, text = (row.cell(column) for column in range(3))
                parts[_count(number)].append((_count(part), str(text or "")))

    def whole(cell: Cell) -> Cell:
        if not isinstance(cell, str) or not (begun := continuation_of(cell)):
            return cell
        return begun[0] + "".join(text for _, text in sorted(parts[begun[1]]))

    return [
        replace(
            own,
            table=replace(
                own.table,
                rows=tuple(
                    replace(row, cells=tuple(map(whole, row.cells))) for row in own.table.rows
                ),
            ),
        )
        for own in found
    ]


def _own_csv(sheet: Sheet, all_sheets: Sequence[OwnSheet]) -> OwnTable | None:
    """Return the sheet of ours whose headings are those of a CSV, all but a few."""
    found = (own for own in (_own_table(sheet, match) for match in all_sheets) if own)
    for own in found:
        ours = sum(column is not None for column in own.columns)
        if ours >= _MOST * len(own.columns) and ours >= _MOST * len(own.sheet.columns):
            return own
    return None


def _own_table(sheet: Sheet, own: OwnSheet) -> OwnTable | None:
    if not sheet.rows:
        return None
    by_heading = {fold(column.heading): column for column in own.columns}
    header = sheet.rows[0].cells
    texts = map(cell_text, header)
    columns = tuple(by_heading.get(fold(_OTHER_HEADINGS.get(text, text))) for text in texts)
    paths = {column.path for column in columns if column}
    wanted = {"id", "name"} if own.name == "customers" else {"customer"}
    if not wanted <= paths:
        return None
    headings = tuple(Heading(cell_text(cell), cell_text(cell)) for cell in header)
    rows = tuple(row for row in sheet.rows[1:] if not row.is_blank)
    return OwnTable(own, Table(sheet, Layout.CUSTOMERS, headings, rows), columns)


def read_own_tables(tables: Sequence[OwnTable], config: Config) -> list[Contribution]:
    """Return what the sheets of a workbook of ours say, customers first."""
    return _Reader(tables, config).read()


class _Reader:
    def __init__(self, tables: Sequence[OwnTable], config: Config) -> None:
        self._tables = tables
        self._config = config
        ended = {ENDED.render(translations(language).gettext) for language in _LANGUAGES}
        self._ended = {fold(text) for text in ended}
        self._owners: dict[str, str] = {}
        self._parts: dict[_FollowUpKey, list[tuple[OwnTable, Row, _Cells]]] = defaultdict(list)

    def read(self) -> list[Contribution]:
        found: list[Contribution] = []
        order = {"customers": 0, "notes": 1}
        for own in sorted(self._tables, key=lambda table: order.get(table.sheet.name, 2)):
            for row in own.table.rows:
                cells = _cells(own, row)
                if own.sheet.name in {"followups", "commitments", "service"}:
                    number = cells.get("followup", cells.get("number"))
                    self._parts[_key(cells.get("customer")), _count(number)].append(
                        (own, row, cells)
                    )
                else:
                    found.append(self._front_matter(own, row, cells))
        found += [
            self._followup(key, parts)
            for key, parts in sorted(self._parts.items(), key=lambda part: part[0][1])
        ]
        return found

    def _front_matter(self, own: OwnTable, row: Row, cells: _Cells) -> Contribution:
        result = Contribution((Origin(own.table.sheet.name, row.number),))
        name = own.sheet.name
        if name != "customers":
            result.values["id"] = cell_text(cells.get("customer"))
        if name == "notes":
            self._note(result, cells)
            return result
        values: dict[str, Value] = {}
        for column in own.columns:
            if column and column.field and not column.derived and column.path in cells:
                self._put(result, values, column, cells)
        if name == "customers":
            result.values.update(values)
            result.whole = True
            self._owners[fold(result.text("id"))] = result.text("owner")
        elif name in _SINGLE:
            group = _GROUPS[name]
            result.values.update({f"{group}.{key}": value for key, value in values.items()})
        else:
            if number := _count(cells.get("number")):
                values[NUMBER] = str(number)
            result.groups[_GROUPS[name]] = [values]
        return result

    def _put(
        self, result: Contribution, values: dict[str, Value], column: Column, cells: _Cells
    ) -> None:
        """Put a column's value under its field's key; an amount with its range and currency."""
        field = column.field
        if field is None or column.path != field.key:
            return
        value = _value(column, cells)
        if isinstance(value, str) and field.kind not in {Kind.TEXT, Kind.PATH}:
            read = read_value(field, value, self._config)
            if isinstance(read, Fault):
                result.refusal = Message(
                    "{column}: {reason}", {"column": column.heading, "reason": read.message}
                )
        values[field.key] = value

    @staticmethod
    def _note(result: Contribution, cells: _Cells) -> None:
        level = _count(cells.get("level"))
        # The indent of a text may mean something.
        text, heading = (str(cells.get(key) or "") for key in ("text", "heading"))
        if level:
            result.sections.append((heading, level, text))
        else:
            result.background = text

    # --- Follow-ups ---

    def _followup(
        self, key: _FollowUpKey, parts: list[tuple[OwnTable, Row, _Cells]]
    ) -> Contribution:
        origins = tuple(Origin(own.table.sheet.name, row.number) for own, row, _ in parts)
        result = Contribution(origins, {"id": cell_text(parts[0][2].get("customer"))})
        by_sheet: dict[str, list[_Cells]] = defaultdict(list)
        for own, _, cells in parts:
            by_sheet[own.sheet.name].append(cells)
        if not by_sheet["followups"]:
            result.refusal = Message("no follow-up has the number {number}", {"number": key[1]})
            return result
        main = next(own for own, _, _ in parts if own.sheet.name == "followups")
        values = self._followup_values(main, by_sheet["followups"][0])
        values["service"] = tuple(
            " ".join(filter(None, (_service(cells), cell_text(cells.get("text")))))
            for cells in _in_order(by_sheet["service"])
        )
        if not values["service"]:
            del values["service"]
        promises = _in_order(by_sheet["commitments"])
        who = str(values.get("who", ""))
        values["tasks"] = tuple(_task(cells, who) for cells in promises)
        done = frozenset(index for index, cells in enumerate(promises) if _truth(cells.get("done")))
        entry = followup_entry(
            values,
            (),
            self._config,
            owner=self._owners.get(key[0], ""),
            number=key[1] or None,
            ticked=done,
        )
        if isinstance(entry, Message):
            result.refusal = entry
        else:
            result.followups.append(entry)
        return result

    def _followup_values(self, own: OwnTable, cells: _Cells) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for column in own.columns:
            if column is None or column.derived or column.path not in cells:
                continue
            if column.field is None or not column.path.endswith(_PARTS_OF_AMOUNTS):
                values[column.path.replace(".", "_")] = _value(column, cells)
        for key in ("stage", "level"):
            if old := values.pop(f"{key}_old", None):
                values[key] = f"{old} -> {values.get(key, '')}"
        if fold(str(values.get("next_date", ""))) in self._ended:
            reason = ": ".join(["none", *filter(None, [str(values.get("next_text", ""))])])
            values["next"] = reason
            for name in ("next_date", "next_time", "next_method", "next_text", "next_goal"):
                values.pop(name, None)
        return values


def _cells(own: OwnTable, row: Row) -> _Cells:
    return {
        column.path: cell
        for column, cell in zip(own.columns, row.cells, strict=False)
        if column and cell is not None
    }


def _key(cell: Cell) -> str:
    return fold(cell_text(cell))


def _count(cell: Cell) -> int:
    text = cell_text(cell)
    return int(text) if text.isascii() and text.isdigit() else 0


def _in_order(rows: list[_Cells]) -> list[_Cells]:
    return sorted(rows, key=lambda cells: _count(cells.get("number")))


def _number(cell: Cell) -> str:
    if isinstance(cell, float):
        return plain_number(exact_number(cell))
    return cell_text(cell)


def _value(column: Column, cells: _Cells) -> Value:
    """Return a cell as a record has it; an amount with its range and its currency."""
    cell = cells[column.path]
    value: Value = cell if isinstance(cell, str) else cell_text(cell)
    match column.holds:
        case Holds.LIST:
            value = read_list_cell(cell_text(cell))
        case Holds.AMOUNT:
            ends = (_number(cell), _number(cells.get(f"{column.path}.high")))
            currency = cell_text(cells.get(column.currency))
            value = " ".join(filter(None, ("-".join(filter(None, ends)), currency)))
        case Holds.NUMBER | Holds.COUNT:
            value = _number(cell)
        case Holds.BOOL:
            value = "yes" if _truth(cell) else "no"
        case Holds.DATE if isinstance(cell, datetime):
            value = cell.date().isoformat()
        case Holds.TIME if isinstance(cell, (time, datetime)):
            value = f"{cell:%H:%M}"
    return value


def _truth(cell: Cell) -> bool:
    return cell if isinstance(cell, bool) else fold(cell_text(cell)) in _TRUE


def _service(cells: _Cells) -> str:
    ticket = _count(cells.get("ticket"))
    return " ".join(filter(None, (cell_text(cells.get("kind")), f"#{ticket}" if ticket else "")))


def _task(cells: _Cells, author: str) -> str:
    """Return a promise as a task bullet has it; whoever followed up need not be named."""
    who = cell_text(cells.get("who"))
    parts = [cell_text(cells.get("text"))]
    if due := cell_text(cells.get("due")):
        parts.append(f"@{due}")
    if who and fold(who) != fold(author):
        parts.append(f"@{who}")
    if done_on := cell_text(cells.get("done_on")):
        parts.append(f"✅ {done_on}")
    return " ".join(filter(None, parts))
