"""What each row of a table says of its customer.

The cells of its follow-up are read by `followup_reader`, all others here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from tracker.exchange.intake.cell_days import tells_day_first
from tracker.exchange.intake.cells import Value, read_cell, says_nothing
from tracker.exchange.intake.contributions import (
    GROUP_LISTS,
    NUMBER,
    STAND_INS,
    Contribution,
    Misfit,
    Origin,
    Policy,
    RowInHand,
    Unfit,
    free_name,
    is_stand_in,
)
from tracker.exchange.intake.dated_texts import days_first
from tracker.exchange.intake.followup_reader import FollowUpReader
from tracker.exchange.intake.notation import Notation, plain_text
from tracker.exchange.intake.people import Person, full_name, people_of, split_people
from tracker.exchange.intake.tables import Layout
from tracker.exchange.intake.targets import (
    BACKGROUND,
    CONTACTS,
    CURRENCY,
    FOLLOWUP,
    ITEMS,
    NAME_PARTS,
    NOTE,
)
from tracker.format.values import Fault, read_value
from tracker.schema import CONTACT_FIELDS, Kind
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.exchange.intake.followup_reader import Cells
    from tracker.exchange.intake.headers import Table
    from tracker.exchange.intake.mapping import Column
    from tracker.exchange.intake.tables import Cell, Row
    from tracker.exchange.intake.targets import Target
    from tracker.schema import Field

    _Groups: TypeAlias = Mapping[tuple[str, int], dict[str, Value]]

_PLACES = frozenset({"address", "region"})
"""What several columns tell of in parts that a comma puts together, as street and postcode."""

_HISTORY = "followup.summary"
"""What may hold several follow-ups, each behind its day."""

_OF_EACH = frozenset({"title", "gender", "age", "phone", "email", "wechat", "im"})
"""What a cell may say of each of several people, in the order of their names."""


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
    """Return whether the days of a table and of its histories, as `25/3/2026`, begin with the day.

    None where no cell tells, or where cells tell different things.
    """
    told: set[bool | None] = set()
    for column in columns:
        if column.target and column.target.field.kind is Kind.DATE:
            told |= {tells_day_first(row.cell(column.index)) for row in table.rows}
        elif column.target and column.target.path == _HISTORY:
            for row in table.rows:
                told |= set(days_first(plain_text(row.cell(column.index))))
    told -= {None}
    return told.pop() if len(told) == 1 else None


class _TableReader:
    def __init__(
        self, table: Table, columns: Sequence[Column], notation: Notation, policy: Policy
    ) -> None:
        self._table = table
        self._columns = [column for column in columns if column.heading.plain or column.target]
        self._notation = notation
        self._policy = policy
        self._whole = table.sheet.whole
        self._followups = FollowUpReader(
            table.layout, self._columns, policy.today, whole=self._whole
        )
        self._counted: Counter[str] = Counter()
        self._has_name = any(column.target and column.target.path == "name" for column in columns)

    def read(self, row: Row) -> Contribution:
        """Return what a row says."""
        result = Contribution((Origin(self._table.sheet.name, row.number, row.part),))
        if row.problem is not None:
            result.refusal = row.problem
            return result
        in_hand = RowInHand(result, self._with_currency(row))
        followups, groups = self._read_cells(in_hand, row)
        spoken_to = self._followups.spoken_to(followups.get(1, {}), in_hand.notation)
        self._take_groups(result, groups, spoken_to)
        for _, cells in sorted(followups.items()):
            self._followups.read(RowInHand(result, in_hand.notation), cells)
        contacts = result.groups.get(CONTACTS)
        if contacts and not self._has_name and not is_stand_in(contacts[0]):
            # A person without a company is the customer.
            result.values["name"] = contacts[0]["name"]
        if self._whole:
            self._number(result)
        if result.misfits and self._policy.unfit is Unfit.REJECT:
            misfit = result.misfits[0]
            result.refusal = Message(
                "{column}: {reason}", {"column": misfit.column, "reason": misfit.fault.message}
            )
        return result

    def _number(self, result: Contribution) -> None:
        """Tell what place a row of a whole record has in its list there."""
        result.whole = self._table.layout is Layout.CUSTOMERS
        customer = fold(result.text("id") or result.text("name"))
        self._counted[customer] += 1
        number = self._counted[customer]
        result.followups = [replace(entry, number=number) for entry in result.followups]
        for values in (values for found in result.groups.values() for values in found):
            values[NUMBER] = str(number)

    def _read_cells(self, in_hand: RowInHand, row: Row) -> tuple[Mapping[int, Cells], _Groups]:
        """Take all cells but those of the follow-up and of groups.

        Returns:
            The cells of each follow-up by their keys, and the values of groups by list and number.
            Several numbers of people in one cell are a tuple; names stand as the cell has them.
        """
        result = in_hand.result
        groups: defaultdict[tuple[str, int], dict[str, Value]] = defaultdict(dict)
        followups: dict[int, defaultdict[str, list[tuple[Column, Cell]]]] = {}
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
                followup = followups.setdefault(column.number, defaultdict(list))
                followup[target.field.key].append((column, cell))
            elif target.group in GROUP_LISTS:
                values = groups[target.group, column.number]
                self._take(in_hand, values, target.field.key, column, cell)
            elif target.path != CURRENCY:
                self._take(in_hand, result.values, target.path, column, cell)
        return followups, groups

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
        value = reading.value
        if reading.rest and column.target.group == CONTACTS and isinstance(value, str):
            value = (value, *reading.rest.split("\n"))
        elif reading.rest:
            result.notes.append((column.heading.title, reading.rest))
        if value is not None and not self._put(into, key, column.target, value):
            result.notes.append((column.heading.title, plain_text(cell)))

    @staticmethod
    def _put(into: dict[str, Value], key: str, target: Target, value: Value) -> bool:
        """Add a value to what other columns have given; tell whether there is room for it."""
        if isinstance(value, str) and target.group != CONTACTS:
            value = " ".join(value.split())  # It is one line, whatever the cell does.
        before = into.setdefault(key, value)
        if before is value:
            return True
        if isinstance(before, tuple) and isinstance(value, tuple):
            into[key] = (*before, *(item for item in value if item not in before))
        elif before != value:
            if not isinstance(before, str) or target.field.kind is not Kind.TEXT:
                return False
            gap = ", " if target.path in _PLACES else "; "
            if value in before.split(gap):
                return True
            into[key] = f"{before}{gap}{value}"
        return True

    def _take_groups(self, result: Contribution, groups: _Groups, spoken_to: Sequence[str]) -> None:
        """See to it that each group has what a record wants of it, or becomes a note.

        Args:
            result: What the row says.
            groups: The values of its groups by list and number.
            spoken_to: Whom its follow-up names: where no column says whose number it is, theirs.
        """
        contacts: dict[int, dict[str, Value]] = {}
        for (group, number), values in groups.items():
            if not values:
                continue  # A person or an offer of which no cell says anything is none.
            if group == CONTACTS:
                self._join_name(result, number, values)
                contacts[number] = values
            else:
                result.groups.setdefault(group, []).append(values)
        if contacts:
            result.groups[CONTACTS] = self._named(result, contacts, spoken_to)
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
        self,
        result: Contribution,
        contacts: Mapping[int, dict[str, Value]],
        spoken_to: Sequence[str],
    ) -> list[dict[str, Value]]:
        """Return contacts with names, one each; what they have no room for becomes a note.

        Args:
            result: What the row says.
            contacts: What its cells say of people, by the numbers of their columns.
            spoken_to: Whom its follow-up names: where no column says whose number it is, theirs.
        """
        named = {number: self._people_in(values) for number, values in contacts.items()}
        taken = {fold(person.name) for found in named.values() for person in found}
        others = [name for name in spoken_to if fold(name) not in taken]
        people: list[dict[str, Value]] = []
        for number, values in contacts.items():
            found = named[number]
            if not found:
                count = len(others) if len(contacts) == 1 else 1
                found, others = [*map(Person, others[:count])], others[count:]
            if not found:
                found = [Person(free_name(self._stand_in(values), taken))]
                taken.add(fold(found[0].name))
            people += self._people(result, number, values, found)
        return people

    def _join_name(self, result: Contribution, number: int, values: dict[str, Value]) -> None:
        """Make a name of its two parts; where the whole stands beside them, that one counts."""
        parts = {
            field.key: " ".join(str(values.pop(field.key)).split())
            for field in NAME_PARTS
            if field.key in values
        }
        if not parts:
            return
        whole = values.setdefault("name", full_name(**parts))
        for key, text in parts.items():
            if text not in str(whole):
                result.notes.append((self._title(key, number), text))

    def _people_in(self, values: Mapping[str, Value]) -> Sequence[Person]:
        """Return the people that a cell names."""
        written = values.get("name")
        if not isinstance(written, str):
            return ()
        if self._table.sheet.layout is Layout.CONTACTS:
            return (Person(" ".join(written.split())),)  # Each is one person's already.
        return people_of(written, self._notation)

    def _people(
        self,
        result: Contribution,
        number: int,
        values: Mapping[str, Value],
        named: Sequence[Person],
    ) -> list[dict[str, Value]]:
        """Return several people of a row: each has its own of as many values as there are names.

        What else the row says is of the first.
        """
        people = [self._named_with(result, number, values, person) for person in named]
        for field in CONTACT_FIELDS:
            value = values.get(field.key)
            if field.key == "name" or value is None:
                continue
            if field.kind is Kind.LIST:
                people[0][field.key] = value
                continue
            if len(people) > 1 and (each := self._each(field, value, len(people))):
                for person, text in zip(people, each, strict=True):
                    if text:
                        person[field.key] = text
                continue
            first, *rest = (value,) if isinstance(value, str) else value
            people[0][field.key] = " ".join(first.split())
            if rest:
                result.notes.append((self._title(field.key, number), "\n".join(rest)))
        return people

    def _named_with(
        self, result: Contribution, number: int, values: Mapping[str, Value], person: Person
    ) -> dict[str, Value]:
        """Return somebody with what stands beside the name, or note it beside that of a column."""
        found: dict[str, Value] = {"name": person.name}
        rest = list(person.numbers)
        if rest and "phone" not in values:
            found["phone"] = rest.pop(0)
        if person.title and "title" not in values:
            found["title"] = person.title
        elif person.title and person.title != values["title"]:
            rest.append(person.title)
        if rest:
            text = f"{person.name} {' '.join(rest)}"
            result.notes.append((self._title("name", number), text))
        return found

    def _each(self, field: Field, value: Value, count: int) -> tuple[str, ...]:
        """Return the values of so many people, empty for none; nothing where there are not so many.

        Args:
            field: The field.
            value: What the cell gives for it.
            count: How many people there are.
        """
        if field.key not in _OF_EACH:
            return ()
        texts = value
        if isinstance(texts, str):
            texts = split_people(texts)
        config = self._notation.config
        if len(texts) != count:
            return ()
        each = tuple("" if says_nothing(one, field, self._notation) else one for one in texts)
        unread = any(one and isinstance(read_value(field, one, config), Fault) for one in each)
        return () if unread else each

    def _title(self, key: str, number: int) -> str:
        """Return the heading of the column that holds a value of people."""
        return next(
            column.heading.title
            for column in self._columns
            if column.target
            and (column.target.group, column.target.field.key) == (CONTACTS, key)
            and column.number == number
        )

    def _stand_in(self, values: dict[str, Value]) -> str:
        """Return what a contact is called whose name nobody wrote down."""
        title = values.get("title")
        if isinstance(title, str) and title:
            return " ".join(title.split())
        return STAND_INS[self._notation.config.language]
