"""What each row of a table says of its customer.

The cells of its follow-up are read by `followup_reader`, all others here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

from tracker.exchange.intake.cells import Notation, Value, plain_text, read_cell, tells_day_first
from tracker.exchange.intake.contributions import (
    GROUP_LISTS,
    STAND_INS,
    Contribution,
    Misfit,
    Origin,
    Policy,
    RowInHand,
    Unfit,
    free_name,
)
from tracker.exchange.intake.followup_reader import FollowUpReader
from tracker.exchange.intake.targets import (
    BACKGROUND,
    CONTACTS,
    CURRENCY,
    FOLLOWUP,
    ITEMS,
    NOTE,
)
from tracker.schema import Kind
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tracker.exchange.intake.followup_reader import Cells
    from tracker.exchange.intake.headers import Table
    from tracker.exchange.intake.mapping import Column
    from tracker.exchange.intake.tables import Cell, Row

_NAMES = re.compile(r"\s*[、;；]\s*")


def read_table(
    table: Table, columns: Sequence[Column], notation: Notation, policy: Policy
) -> Iterator[Contribution]:
    """Yield what the rows of a table say, one contribution a row.

    Args:
        table: The table.
        columns: Its columns with their targets.
        notation: How the file's cells are to be understood.
        policy: What is done where a cell is not.
    """
    reader = _TableReader(table, columns, notation, policy)
    for row in table.rows:
        yield reader.read(row)


def day_first_of(table: Table, columns: Iterable[Column]) -> bool | None:
    """Return whether the days of a table, such as `25/3/2026`, begin with the day.

    None where no cell tells, or where cells tell different things.
    """
    dated = [
        column.index
        for column in columns
        if column.target and (column.target.field.kind is Kind.DATE)
    ]
    told = {tells_day_first(row.cell(index)) for row in table.rows for index in dated} - {None}
    return told.pop() if len(told) == 1 else None


class _TableReader:
    def __init__(
        self, table: Table, columns: Sequence[Column], notation: Notation, policy: Policy
    ) -> None:
        self._table = table
        self._columns = [column for column in columns if column.heading.plain or column.target]
        self._notation = notation
        self._policy = policy
        self._followups = FollowUpReader(table.layout, self._columns)
        self._has_name = any(column.target and column.target.path == "name" for column in columns)

    def read(self, row: Row) -> Contribution:
        """Return what a row says."""
        result = Contribution((Origin(self._table.sheet.name, row.number),))
        if row.problem is not None:
            result.refusal = row.problem
            return result
        in_hand = RowInHand(result, self._with_currency(row))
        followup = self._read_cells(in_hand, row)
        self._name_groups(result, self._followups.spoken_to(followup, in_hand.notation))
        if followup:
            self._followups.read(in_hand, followup)
        if not result.text("name") and not self._has_name and result.groups.get(CONTACTS):
            result.values["name"] = result.groups[CONTACTS][0]["name"]
        if result.misfits and self._policy.unfit is Unfit.REJECT:
            misfit = result.misfits[0]
            result.refusal = Message(
                "{column}: {reason}", {"column": misfit.column, "reason": misfit.fault.message}
            )
        return result

    def _read_cells(self, in_hand: RowInHand, row: Row) -> Cells:
        """Take all cells but those of the follow-up, and return these by their keys."""
        result = in_hand.result
        groups: defaultdict[tuple[str, int], dict[str, Value]] = defaultdict(dict)
        followup: defaultdict[str, list[tuple[Column, Cell]]] = defaultdict(list)
        for column in self._columns:
            cell, target = row.cell(column.index), column.target
            if cell is None:
                continue
            if target is None or target.path == NOTE:
                if target or (self._policy.keep_columns and not column.on_purpose):
                    result.notes.append((column.heading.title, plain_text(cell)))
            elif target.path == BACKGROUND:
                text = plain_text(cell)
                result.background = "\n\n".join(filter(None, (result.background, text)))
            elif target.group == FOLLOWUP:
                followup[target.field.key].append((column, cell))
            elif target.group in GROUP_LISTS:
                values = groups[target.group, column.number]
                self._take(in_hand, values, target.field.key, column, cell)
            elif target.path != CURRENCY:
                self._take(in_hand, result.values, target.path, column, cell)
        # A person or an offer of which no cell says anything is none.
        for (group, _), values in filter(itemgetter(1), groups.items()):
            result.groups.setdefault(group, []).append(values)
        return followup

    def _with_currency(self, row: Row) -> Notation:
        for column in self._columns:
            if column.target and column.target.path == CURRENCY:
                text = plain_text(row.cell(column.index)).upper()
                if text:
                    notation = self._notation
                    return Notation(
                        notation.config,
                        notation.words,
                        notation.from_1904,
                        notation.day_first,
                        text,
                    )
        return self._notation

    def _take(
        self, in_hand: RowInHand, into: dict[str, Value], key: str, column: Column, cell: Cell
    ) -> None:
        """Put a cell's value where it belongs; what that has no room for becomes a note."""
        if column.target is None:
            return
        result = in_hand.result
        reading = read_cell(cell, column.target.field, column.heading, in_hand.notation)
        if reading.fault:
            text = plain_text(cell)
            result.misfits.append(Misfit(column.heading.title, text, reading.fault))
            if self._policy.unfit is Unfit.KEEP and key != "id":
                into.setdefault(key, " ".join(text.split()))
            else:
                result.notes.append((column.heading.title, text))
            return
        if reading.rest:
            result.notes.append((column.heading.title, reading.rest))
        if reading.value is None:
            return
        before = into.get(key)
        if before is None:
            # A name or a title is one line, whatever the cell does.
            value = reading.value
            into[key] = " ".join(value.split()) if isinstance(value, str) else value
        elif isinstance(before, tuple) and isinstance(reading.value, tuple):
            into[key] = (*before, *(item for item in reading.value if item not in before))
        elif before != reading.value:
            if isinstance(before, str) and column.target.field.kind is Kind.TEXT:
                into[key] = f"{before}; {' '.join(str(reading.value).split())}"
            else:
                result.notes.append((column.heading.title, plain_text(cell)))

    def _name_groups(self, result: Contribution, spoken_to: Sequence[str]) -> None:
        """See to it that each group has what a record wants of it, or becomes a note.

        Args:
            result: What the row says.
            spoken_to: Whom its follow-up names: where no column says whose number it is, theirs.
        """
        if contacts := result.groups.pop(CONTACTS, None):
            result.groups[CONTACTS] = self._named(contacts, spoken_to)
        kept = []
        for values in result.groups.pop(ITEMS, []):
            if "name" in values:
                kept.append(values)
            else:
                text = "; ".join(str(value) for value in values.values())
                result.notes.append((ITEMS, text))
        if kept:
            result.groups[ITEMS] = kept

    def _named(
        self, contacts: Sequence[dict[str, Value]], spoken_to: Sequence[str]
    ) -> list[dict[str, Value]]:
        """Return contacts with names, one each."""
        written = [name for values in contacts for name in _names_of(values)]
        taken = set(map(fold, written))
        others = iter([name for name in spoken_to if fold(name) not in taken])
        result: list[dict[str, Value]] = []
        for values in contacts:
            names = _names_of(values)
            if not names:
                names = [next(others, None) or free_name(self._stand_in(values), taken)]
                taken.add(fold(names[0]))
            # Several people in one cell: what else the row says is of the first.
            result.append({**values, "name": names[0]})
            result += [{"name": name} for name in names[1:]]
        return result

    def _stand_in(self, values: dict[str, Value]) -> str:
        """Return what a contact is called whose name nobody wrote down."""
        title = values.get("title")
        if isinstance(title, str) and title:
            return title
        return STAND_INS[self._notation.config.language]


def _names_of(values: dict[str, Value]) -> list[str]:
    """Return the names of the people that a cell names."""
    written = values.get("name")
    if not isinstance(written, str):
        return []
    return [name for name in _NAMES.split(written) if name] or [written]
