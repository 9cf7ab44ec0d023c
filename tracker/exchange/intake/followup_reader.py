"""The follow-up that a row of a table tells of, out of the cells that hold its parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from tracker.dates import format_time
from tracker.exchange.intake.cell_days import read_clock, read_day
from tracker.exchange.intake.cells import read_cell, says_nothing
from tracker.exchange.intake.contributions import Misfit, is_stand_in
from tracker.exchange.intake.dated_texts import dated_texts
from tracker.exchange.intake.followups import (
    change_fault,
    followup_entry,
    plan_fault,
    planned_day,
)
from tracker.exchange.intake.notation import plain_text, visible_text
from tracker.exchange.intake.people import Person, people_of, split_people
from tracker.exchange.intake.tables import Layout
from tracker.exchange.intake.targets import CONTACTS, FOLLOWUP
from tracker.format.values import Fault
from tracker.schema import Kind
from tracker.text import fold, split_list
from tracker.translation import Message
from tracker.vocabulary import NO_NEXT_STEP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from tracker.exchange.intake.cells import Value
    from tracker.exchange.intake.contributions import Contribution, RowInHand
    from tracker.exchange.intake.mapping import Column
    from tracker.exchange.intake.notation import Notation
    from tracker.exchange.intake.tables import Cell
    from tracker.schema import Field

    Cells: TypeAlias = Mapping[str, Sequence[tuple[Column, Cell]]]

_DAYS = frozenset({"date", "next_date", "todo_due"})
_CLOCKS = frozenset({"time", "next_time"})
_ENDS_PLAN = frozenset(NO_NEXT_STEP) - {"-"}
"""Texts by which a plan is ended on purpose; `-` says in a table that a cell is empty."""

_OF_LAST = re.compile(r"上次|最近|最后|last\b")
"""How the heading of the day of a last contact begins, which a customer may be without."""

_PARAGRAPHS = frozenset({"summary", "todo", "next_text", "service_text"})


class FollowUpReader:
    """Reads the follow-ups of a table's rows.

    Args:
        layout: What the rows are.
        columns: The table's columns.
        today: The day of the import.
        whole: Whether the file has all people of its customers anyway.
    """

    def __init__(
        self, layout: Layout, columns: Sequence[Column], today: date, *, whole: bool = False
    ) -> None:
        self._of_log = layout in {Layout.FOLLOWUPS, Layout.SERVICE} and not any(
            column.target
            and column.target.path == "followup.date"
            and _OF_LAST.match(fold(column.heading.plain))
            for column in columns
        )
        self._today = today
        self._whole = whole
        self._titles = {
            column.target.field.key: column.heading.title
            for column in columns
            if column.target and column.target.group == FOLLOWUP
        }

    @staticmethod
    def spoken_to(cells: Cells, notation: Notation) -> tuple[str, ...]:
        """Return the names of whoever was spoken to."""
        names = [
            person.name
            for column, cell in cells.get("contact", ())
            if column.target and not says_nothing(plain_text(cell), column.target.field, notation)
            for person in _spoken_to(visible_text(cell), notation)
        ]
        return tuple(dict.fromkeys(names))

    def read(self, row: RowInHand, cells: Cells) -> None:
        """Add to what a row says the follow-up that its cells tell of.

        Args:
            row: The row, whose other cells are read.
            cells: The cells of the follow-up by the keys of their targets.
        """
        lines: list[str] = []
        unread_day: Message | None = None
        for key, found in cells.items():
            for column, cell in found:
                fault = self._read_cell(row, key, column, cell)
                if fault is None:
                    continue
                text = plain_text(cell)
                row.result.misfits.append(
                    Misfit(column.heading.title, text, Fault("invalid-date", fault))
                )
                lines.append(f"{column.heading.title}: {text}")
                if key == "date":
                    unread_day = fault
        lines += [
            f"{misfit.column}: {misfit.text}"
            for misfit in row.result.misfits
            if misfit.fault.code == "unknown-word" and self._is_column(misfit, cells)
        ]
        self._report_plan(row, cells)
        if row.parts or lines:
            self._finish(row, lines, unread_day)

    @staticmethod
    def _is_column(misfit: Misfit, cells: Cells) -> bool:
        return any(
            column.heading.title == misfit.column for found in cells.values() for column, _ in found
        )

    # --- Cells ---

    def _read_cell(self, row: RowInHand, key: str, column: Column, cell: Cell) -> Message | None:
        """Put a cell where it belongs; return why a day or a time of it cannot be read."""
        if key in _DAYS:
            return self._read_moment(row, key, cell)
        if key not in _CLOCKS:
            return self._read_part(row, key, column, cell)
        clock = read_clock(cell)
        if isinstance(clock, Message):
            return clock
        if clock is not None:
            row.parts[key] = format_time(clock)
        return None

    @staticmethod
    def _read_moment(row: RowInHand, key: str, cell: Cell) -> Message | None:
        """Read a day, and the time that stands in the same cell."""
        parts, found = row.parts, read_day(cell, row.notation)
        if isinstance(found, Message):
            if key != "next_date" or not isinstance(cell, str):
                return found
            # `下次跟进时间` holds a day in some tables and a plan in others.
            before = parts.get("next", "")
            parts["next"] = "; ".join(filter(None, (str(before), plain_text(cell))))
        elif found:
            parts[key] = found[0].isoformat()
            clock_key = {"date": "time", "next_date": "next_time"}.get(key)
            if found[1] and clock_key:
                parts.setdefault(clock_key, format_time(found[1]))
        return None

    def _read_part(self, row: RowInHand, key: str, column: Column, cell: Cell) -> Message | None:
        if column.target is None:
            return None
        notation, parts = row.notation, row.parts
        if key == "next" and isinstance(read_day(cell, notation), tuple):
            return self._read_moment(row, "next_date", cell)
        field, text = column.target.field, plain_text(cell)
        if key == "next" and fold(text) in _ENDS_PLAN:
            parts.setdefault(key, text)
            return None
        if not isinstance(cell, tuple) and says_nothing(text, field, notation):
            return None
        whole = self._whole_part(row, key, field, text)
        if isinstance(whole, Fault):
            row.result.misfits.append(Misfit(column.heading.title, text, whole))
        elif whole is not None:
            parts[key] = whole
        else:
            self._read_value(row, key, column, cell)
        return None

    @staticmethod
    def _read_value(row: RowInHand, key: str, column: Column, cell: Cell) -> None:
        """Put what a field reads in a cell beside what other columns have said of it."""
        if column.target is None:
            return
        parts = row.parts
        reading = read_cell(cell, column.target.field, column.heading, row.notation)
        if reading.fault:
            text = plain_text(cell)
            row.result.misfits.append(Misfit(column.heading.title, text, reading.fault))
        elif reading.value is not None:
            before = parts.get(key)
            if before is None:
                parts[key] = reading.value
            elif isinstance(before, str) and isinstance(reading.value, str):
                gap = "\n\n" if key in _PARAGRAPHS else "\n"
                parts[key] = f"{before}{gap}{column.heading.title}: {reading.value}"

    @staticmethod
    def _whole_part(row: RowInHand, key: str, field: Field, text: str) -> Value | Fault | None:
        """Return a part that is taken as it stands; None for one that its field reads.

        Of a stage or level that is no word of the workspace, it says so.
        """
        kind = field.kind
        if kind in {Kind.CHANGE, Kind.ATTITUDE}:
            text = visible_text(text)
            meant = row.notation.words.get(fold(text), text)
            fault = change_fault(field, meant, row.notation.config) if kind is Kind.CHANGE else None
            if fault and fault.code == "unknown-word":
                return fault
            return row.parts.get(key, meant)
        if kind is Kind.CONTACTS:
            people = _spoken_to(visible_text(text), row.notation)
            return tuple(_known_contact(row, person) for person in people)
        if kind is Kind.OFFERS:
            return split_list(text.replace("\n", "、"))
        if key == "todo":
            # Its boxes are promises kept and not, no choice among words.
            return "\n".join(filter(None, (str(row.parts.get(key, "")), text)))
        return None

    @staticmethod
    def _report_plan(row: RowInHand, cells: Cells) -> None:
        """Report a plan whose day cannot be read; what is planned without a day is a text."""
        fault = plan_fault(row.parts, row.notation.config) if "next" in row.parts else None
        if fault is None:
            return
        for column, cell in (*cells.get("next", ()), *cells.get("next_date", ())):
            if not isinstance(read_day(cell, row.notation), tuple):
                row.result.misfits.append(Misfit(column.heading.title, plain_text(cell), fault))

    # --- The whole ---

    def _finish(self, row: RowInHand, lines: list[str], unread_day: Message | None) -> None:
        result, parts = row.result, row.parts
        if not (self._whole or unread_day):
            self._take_apart(row)
        if "date" not in parts:
            self._finish_undated(row, lines, unread_day)
            return
        contacts = result.groups.get(CONTACTS, [])
        if "contact" not in parts and len(contacts) == 1 and not is_stand_in(contacts[0]):
            # A comma ends a name there, so that `Lee, Ann` would be two people.
            name = str(contacts[0]["name"])
            if len(_names(name)) == 1:
                parts["contact"] = name
        if not self._whole:
            self._meet(result, parts)
        self._add(row, parts, lines)

    def _take_apart(self, row: RowInHand) -> None:
        """Add the follow-ups of a history that one cell holds, but for the one that the row is of.

        That is the one of the row's day, or else the newest; where the row has a day of its own, a
        single day in what was said is part of it. A history whose days can be others stays whole,
        and where the row has no other day, that is told.
        """
        result, parts = row.result, row.parts
        text = str(parts.get("summary", ""))
        found = dated_texts(text, row.notation, self._today)
        if isinstance(found, Message):
            if "date" not in parts:
                fault = Fault("invalid-date", found)
                result.misfits.append(Misfit(self._titles["summary"], text, fault))
            return
        lead, entries = found
        if len(entries) < (2 if "date" in parts else 1):
            return
        del parts["summary"]
        if "date" not in parts:
            parts["date"] = max(entry.day for entry in entries).isoformat()
            result.background = "\n\n".join(filter(None, (result.background, lead)))
            lead = ""
        own = next((one for one in entries if one.day.isoformat() == parts["date"]), None)
        for entry in entries:
            said = {
                "date": entry.day.isoformat(),
                "time": format_time(entry.clock) if entry.clock else "",
                "method": entry.method,
                "summary": entry.text,
            }
            if entry is own:
                for key, value in said.items():
                    parts[key] = parts.get(key) or value
            else:
                self._add(row, {**said, "who": parts.get("who", "")}, [])
        if lead:
            parts["summary"] = "\n\n".join(filter(None, (lead, str(parts.get("summary", "")))))

    def _finish_undated(self, row: RowInHand, lines: list[str], unread_day: Message | None) -> None:
        result, parts, config = row.result, row.parts, row.notation.config
        plan = {key: value for key, value in parts.items() if key.startswith("next")}
        said = {key: value for key, value in parts.items() if key not in plan}
        says = said.keys() - {"who", "method", "contact", "time"}
        if self._of_log and (says or unread_day or (lines and not plan)):
            result.refusal = (
                Message("the day of the follow-up cannot be read: {reason}", {"reason": unread_day})
                if unread_day
                else Message("the row has no day of the follow-up")
            )
            return
        if self._meet(result, said):
            said.pop("contact")
        if fold(str(plan.get("next", ""))) in _ENDS_PLAN and len(plan) == 1:
            plan = {}  # Nothing is planned.
        day = planned_day(plan, config)
        if day is None:
            said, plan = {**said, **plan}, {}
        self._keep_undated(result, said, lines)
        if day is not None:
            # Where it stands is decided when all is known that the file says of the customer.
            self._add(row, {**plan, "date": day.isoformat()}, [], is_plan=True)

    @staticmethod
    def _meet(result: Contribution, parts: Mapping[str, Value]) -> bool:
        """Make contacts of whoever was spoken to; tell whether anybody was."""
        named = parts.get("contact", ())
        names = _names(named) if isinstance(named, str) else named
        contacts = result.groups.get(CONTACTS, [])
        known = {fold(str(contact["name"])) for contact in contacts}
        new: list[dict[str, Value]] = [
            {"name": name} for name in dict.fromkeys(names) if fold(name) not in known
        ]
        if new:
            result.groups[CONTACTS] = [*contacts, *new]
        return bool(names)

    @staticmethod
    def _add(
        row: RowInHand,
        parts: Mapping[str, Value],
        lines: Sequence[str],
        *,
        is_plan: bool = False,
    ) -> None:
        owner = row.result.text("owner")
        entry = followup_entry(parts, lines, row.notation.config, owner=owner)
        if isinstance(entry, Message):
            row.result.refusal = entry
        else:
            row.result.followups.append(replace(entry, is_plan=is_plan))

    def _keep_undated(
        self, result: Contribution, parts: dict[str, Value], lines: Sequence[str]
    ) -> None:
        """Keep what was said at no known time: the text as background, the rest as notes."""
        summary = str(parts.pop("summary", ""))
        result.background = "\n\n".join(filter(None, (result.background, summary)))
        for key, value in parts.items():
            text = value if isinstance(value, str) else "、".join(value)
            title = self._titles.get(key) or self._titles.get(f"{key}_date", key)
            result.notes.append((title, text))
        for line in lines:
            title, _, text = line.partition(": ")
            result.notes.append((title, text))


def _known_contact(row: RowInHand, person: Person) -> str:
    """Return the name of whoever was spoken to; what stands beside it is the contact's."""
    name, title, numbers = person
    if numbers or title:
        contacts = row.result.groups.setdefault(CONTACTS, [])
        known = next((one for one in contacts if fold(str(one["name"])) == fold(name)), None)
        if known is None:
            known = {"name": name}
            contacts.append(known)
        said = {"title": [title] if title else [], "phone": list(numbers)}
        further: list[str] = []
        for key, texts in said.items():
            if texts:
                known.setdefault(key, texts[0])
                further += [text for text in texts if text != known[key]]
        if further:
            row.result.notes.append((name, " ".join(further)))
    return name


def _spoken_to(text: str, notation: Notation) -> Iterator[Person]:
    """Yield the people of a cell, as a follow-up can name them: without any commas."""
    for person in people_of(text, notation):
        names = split_list(person.name)
        yield person._replace(name=names[0] if names else person.name)
        yield from map(Person, names[1:])


def _names(text: str) -> tuple[str, ...]:
    """Return the names of a cell, as a follow-up can name them: without any commas."""
    return tuple(name for part in split_people(text) for name in split_list(part))
