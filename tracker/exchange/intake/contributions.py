"""What the rows of a table say of customers: values, people, offers, follow-ups, notes.

Nothing is written here and no record is looked at; a contribution is all that one row, or a few
rows of one follow-up, would add to a customer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from tracker.dates import format_time
from tracker.exchange.intake.cells import (
    Notation,
    Value,
    plain_text,
    read_cell,
    read_clock,
    read_day,
    tells_day_first,
)
from tracker.exchange.intake.followups import FollowUpEntry, followup_entry
from tracker.exchange.intake.tables import Layout
from tracker.exchange.intake.targets import (
    BACKGROUND,
    CONTACTS,
    CURRENCY,
    FOLLOWUP,
    ITEMS,
    NOTE,
    OFFERS,
)
from tracker.format.values import Fault
from tracker.schema import Kind
from tracker.text import fold, split_list
from tracker.translation import Message
from tracker.vocabulary import NO_NEXT_STEP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tracker.exchange.intake.headers import Table
    from tracker.exchange.intake.mapping import Column
    from tracker.exchange.intake.tables import Cell, Row

    _Cells = dict[str, list[tuple[Column, Cell]]]

GROUP_LISTS = (CONTACTS, OFFERS, ITEMS)
"""The lists of groups, in the order in which they are written."""

_DATED = (f"{FOLLOWUP}.date", f"{FOLLOWUP}.next_date", f"{FOLLOWUP}.todo_due")
_CLOCKS = (f"{FOLLOWUP}.time", f"{FOLLOWUP}.next_time")
_PARAGRAPHS = frozenset({"summary", "todo", "next_text", "service_text"})
_IDENTIFIES = {CONTACTS: "name", ITEMS: "name"}
_NAMES = re.compile(r"\s*[、;；]\s*")


class Unfit(StrEnum):
    """What becomes of a text that its field does not take."""

    NOTE = "note"
    KEEP = "keep"
    REJECT = "reject"


class Origin(NamedTuple):
    """Where in the file a row stands.

    Attributes:
        sheet: Name of its sheet; empty where there is one only.
        row: Its number, from 1.
    """

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Misfit:
    """A text that its field does not take.

    Attributes:
        column: The heading of its column.
        text: The text.
        fault: Why.
    """

    column: str
    text: str
    fault: Fault


@dataclass(slots=True)
class Contribution:
    """What a row says of a customer.

    Attributes:
        origins: The rows that it was read from, at least one.
        values: Values of the front matter by path: `name`, `needs.core`, `deal.contract`.
        groups: Contacts, offers and lines of the deal, each with its values by key; the number
            under `#` is the place in its list, where the file says it.
        followups: Follow-ups.
        background: Text above all follow-ups.
        notes: Texts that have no field, with what they are.
        sections: Undated sections: heading, level, Markdown.
        misfits: Texts that their fields do not take.
        whole: Whether the file holds all of the record, so that what it leaves out is left out.
        refusal: Why the row cannot be taken; None where it can.
    """

    origins: tuple[Origin, ...]
    values: dict[str, Value] = field(default_factory=dict)
    groups: dict[str, list[dict[str, Value]]] = field(default_factory=dict)
    followups: list[FollowUpEntry] = field(default_factory=list)
    background: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    sections: list[tuple[str, int, str]] = field(default_factory=list)
    misfits: list[Misfit] = field(default_factory=list)
    whole: bool = False
    refusal: Message | None = None

    def text(self, path: str) -> str:
        """Return a value that is one text; empty where there is none."""
        value = self.values.get(path, "")
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How rows are read.

    Attributes:
        unfit: What becomes of texts that their fields do not take.
        keep_columns: Whether columns that no field takes become notes.
        today: The day of the import.
        day_first: Whether `3/5/2026` is the 3rd of May, where the file does not tell.
    """

    unfit: Unfit
    keep_columns: bool
    today: Cell
    day_first: bool | None = None


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
        self._has_name = any(column.target and column.target.path == "name" for column in columns)

    def read(self, row: Row) -> Contribution:
        """Return what a row says."""
        result = Contribution((Origin(self._table.sheet.name, row.number),))
        if row.problem is not None:
            result.refusal = row.problem
            return result
        notation = self._with_currency(row)
        followup = self._read_cells(result, row, notation)
        self._name_groups(result)
        if followup:
            self._read_followup(result, followup, notation)
        if not result.text("name") and not self._has_name and result.groups.get(CONTACTS):
            result.values["name"] = result.groups[CONTACTS][0]["name"]
        if result.misfits and self._policy.unfit is Unfit.REJECT:
            misfit = result.misfits[0]
            result.refusal = Message(
                "{column}: {reason}", {"column": misfit.column, "reason": misfit.fault.message}
            )
        return result

    def _read_cells(self, result: Contribution, row: Row, notation: Notation) -> _Cells:
        """Take all cells but those of the follow-up, and return these by their keys."""
        groups: defaultdict[tuple[str, int], dict[str, Value]] = defaultdict(dict)
        followup: _Cells = defaultdict(list)
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
                self._take(result, values, target.field.key, column, cell, notation)
            elif target.path != CURRENCY:
                self._take(result, result.values, target.path, column, cell, notation)
        for (group, _), values in groups.items():
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

    def _take(  # noqa: PLR0913, PLR0917  # where from, where to, and how
        self,
        result: Contribution,
        into: dict[str, Value],
        key: str,
        column: Column,
        cell: Cell,
        notation: Notation,
    ) -> None:
        """Put a cell's value where it belongs; what that has no room for becomes a note."""
        if column.target is None:
            return
        reading = read_cell(cell, column.target.field, column.heading, notation)
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

    def _name_groups(self, result: Contribution) -> None:
        """See to it that each group has what a record wants of it, or becomes a note."""
        for group, key in _IDENTIFIES.items():
            kept = []
            for values in result.groups.pop(group, []):
                if key not in values and group == CONTACTS:
                    values = {key: self._unnamed(values), **values}  # noqa: PLW2901  # the row goes on with its name
                if key in values:
                    # Several people in one cell: what else the row says is of the first.
                    names = _NAMES.split(str(values[key])) if group == CONTACTS else [values[key]]
                    named = [name for name in names if name] or [values[key]]
                    kept.append({**values, key: named[0]})
                    kept += [{key: name} for name in named[1:]]
                elif values:
                    text = "; ".join(str(value) for value in values.values())
                    result.notes.append((group, text))
            if kept:
                result.groups[group] = kept

    def _unnamed(self, values: dict[str, Value]) -> str:
        """Return what a contact is called whose name nobody wrote down."""
        title = values.get("title")
        if isinstance(title, str) and title:
            return title
        return "联系人" if self._notation.config.language == "zh" else "contact"

    # --- Follow-ups ---

    def _read_followup(
        self,
        result: Contribution,
        cells: _Cells,
        notation: Notation,
    ) -> None:
        parts: dict[str, Value] = {}
        lines: list[str] = []
        for key, found in cells.items():
            for column, cell in found:
                if (path := f"{FOLLOWUP}.{key}") in _DATED:
                    fault = self._read_moment(key, cell, notation, parts)
                elif path in _CLOCKS:
                    clock = read_clock(cell)
                    fault = clock if isinstance(clock, Message) else None
                    if isinstance(clock, time):
                        parts[key] = format_time(clock)
                else:
                    fault = self._read_part(result, key, column, cell, notation, parts)
                if fault is not None:
                    misfit = Misfit(
                        column.heading.title, plain_text(cell), Fault("invalid-date", fault)
                    )
                    result.misfits.append(misfit)
                    lines.append(f"{column.heading.title}: {plain_text(cell)}")
        lines += [
            f"{misfit.column}: {misfit.text}"
            for misfit in result.misfits
            if misfit.fault.code == "unknown-word" and self._of_followup(misfit, cells)
        ]
        self._finish_followup(result, parts, lines, notation)

    @staticmethod
    def _of_followup(misfit: Misfit, cells: _Cells) -> bool:
        return any(
            column.heading.title == misfit.column for found in cells.values() for column, _ in found
        )

    @staticmethod
    def _read_moment(
        key: str, cell: Cell, notation: Notation, parts: dict[str, Value]
    ) -> Message | None:
        """Read a day, and the time that stands in the same cell."""
        if key == "next_date" and isinstance(cell, str):
            found = read_day(cell, notation)
            if isinstance(found, Message):
                # `下次跟进` holds a day in some tables and a plan in others.
                parts.setdefault("next_text", plain_text(cell))
                return None
        else:
            found = read_day(cell, notation)
        if isinstance(found, Message):
            return found
        if found:
            parts[key] = found[0].isoformat()
            clock_key = {"date": "time", "next_date": "next_time"}.get(key)
            if found[1] and clock_key:
                parts.setdefault(clock_key, format_time(found[1]))
        return None

    def _read_part(  # noqa: PLR0913, PLR0917  # where from, where to, and how
        self,
        result: Contribution,
        key: str,
        column: Column,
        cell: Cell,
        notation: Notation,
        parts: dict[str, Value],
    ) -> Message | None:
        if column.target is None:
            return None
        if key == "next" and isinstance(read_day(cell, notation), tuple):
            return self._read_moment("next_date", cell, notation, parts)
        whole = self._whole_part(key, column.target.field.kind, cell, notation, parts)
        if whole is not None:
            parts[key] = whole
            return None
        reading = read_cell(cell, column.target.field, column.heading, notation)
        if reading.fault:
            result.misfits.append(Misfit(column.heading.title, plain_text(cell), reading.fault))
        elif reading.value is not None:
            before = parts.get(key)
            if before is None:
                parts[key] = reading.value
            elif isinstance(before, str) and isinstance(reading.value, str):
                gap = "\n\n" if key in _PARAGRAPHS else "\n"
                parts[key] = f"{before}{gap}{column.heading.title}: {reading.value}"
        return None

    @staticmethod
    def _whole_part(
        key: str, kind: Kind, cell: Cell, notation: Notation, parts: dict[str, Value]
    ) -> Value | None:
        """Return a part that is taken as it stands; None for one that its field reads."""
        text = plain_text(cell)
        if key == "next" and fold(text) in NO_NEXT_STEP:
            return text
        if kind in {Kind.CHANGE, Kind.ATTITUDE}:
            return parts.get(key, notation.words.get(fold(text), text))
        if kind in {Kind.CONTACTS, Kind.OFFERS}:
            return split_list(text.replace("\n", "、"))
        if key == "todo":
            # Its boxes are promises kept and not, no choice among words.
            return "\n".join(filter(None, (str(parts.get(key, "")), text)))
        return None

    def _finish_followup(
        self,
        result: Contribution,
        parts: dict[str, Value],
        lines: list[str],
        notation: Notation,
    ) -> None:
        if not parts and not lines:
            return
        contacts = result.groups.get(CONTACTS, [])
        if "contact" not in parts and len(contacts) == 1 and "date" in parts:
            parts["contact"] = contacts[0]["name"]
        planned = any(key.startswith("next") for key in parts)
        says = set(parts) - {"who", "method", "contact", "date", "time"}
        if "date" not in parts:
            if self._table.layout in {Layout.FOLLOWUPS, Layout.SERVICE} and (says or lines):
                result.refusal = Message("the row has no day of the follow-up")
                return
            if not planned:
                self._keep_undated(result, parts, lines)
                return
            parts["date"] = plain_text(self._policy.today)
        owner = result.text("owner")
        if self._table.layout is Layout.FOLLOWUPS and not contacts:
            # Whoever was spoken to is somebody at the customer.
            named = parts.get("contact", ())
            names = split_list(named) if isinstance(named, str) else named
            if names:
                result.groups[CONTACTS] = [{"name": name} for name in dict.fromkeys(names)]
        entry = followup_entry(parts, lines, notation.config, owner=owner)
        if isinstance(entry, Message):
            result.refusal = entry
        else:
            result.followups.append(entry)

    def _keep_undated(
        self, result: Contribution, parts: dict[str, Value], lines: list[str]
    ) -> None:
        """Keep what was said at no known time: the text as background, the rest as notes."""
        summary = str(parts.pop("summary", ""))
        result.background = "\n\n".join(filter(None, (result.background, summary)))
        titles = {
            column.target.field.key: column.heading.title
            for column in self._columns
            if column.target and column.target.group == FOLLOWUP
        }
        for key, value in parts.items():
            text = value if isinstance(value, str) else "、".join(value)
            result.notes.append((titles.get(key, key), text))
        for line in lines:
            title, _, text = line.partition(": ")
            result.notes.append((title, text))
