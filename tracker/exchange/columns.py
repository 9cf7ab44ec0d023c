"""The columns of a workbook's sheets: what each holds, and what reads its cell of a row."""

from __future__ import annotations

from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from tracker.dates import format_time
from tracker.insight.rows import ROW_TITLES, STATE_NAMES
from tracker.money import Money, MoneyRange
from tracker.schema import Field, Kind
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date, time
    from decimal import Decimal
    from typing import TypeAlias

    from tracker.config import Config
    from tracker.insight.day import Standing
    from tracker.model import FollowUp, NextStep

    Cell: TypeAlias = str | bool | int | Decimal | date | time | tuple[str, ...] | None

ENDED = Message("none")
"""What `next.date` says of a plan that was ended on purpose."""

_FIELD = Message("{field}")
_DAY = "day."
"""Before the path of what the day makes of a customer, so that no field has the same one."""


class Holds(Enum):
    """What the cells of a column are: how they are written, and what reading one can expect."""

    TEXT = "text"
    LIST = "list"
    DATE = "date"
    TIME = "time"
    AMOUNT = "amount"
    """A decimal; its currency stands in the column `currency` names."""
    NUMBER = "number"
    """A decimal."""
    COUNT = "count"
    """A whole number."""
    BOOL = "bool"


_HOLDS = {
    Kind.DATE: Holds.DATE,
    Kind.NUMBER: Holds.NUMBER,
    Kind.BOOL: Holds.BOOL,
    Kind.LIST: Holds.LIST,
    Kind.CONTACTS: Holds.LIST,
    Kind.OFFERS: Holds.LIST,
    Kind.MONEY: Holds.AMOUNT,
    Kind.MONEY_RANGE: Holds.AMOUNT,
}


class Column(Struct, frozen=True):
    """A column of a sheet.

    Attributes:
        path: What it holds, as `tracker.exchange.sheets` says.
        heading: What it is called in the language of the workbook.
        holds: What its cells are.
        read: Returns its cell of a row; None for an empty one.
        field: The field whose value, or whose part, it holds: texts are typed by it. None for what
            is no field.
        currency: For an amount: the path of the column with its currency.
        derived: Whether it is worked out from the rest and not read back.
    """

    path: str
    heading: str
    holds: Holds
    read: Callable[[Row], Cell]
    field: Field | None = None
    currency: str = ""
    derived: bool = False


class Row(NamedTuple):
    """A row of a sheet before it is cells.

    Attributes:
        key: What names the customer in the workbook: its id.
        standing: The customer.
        numbers: The numbers that order the row within the customer.
        item: What the row is about: the customer, or a part of it.
    """

    key: str
    standing: Standing
    numbers: tuple[int, ...]
    item: Any


def words_of(column: Column, config: Config) -> list[str]:
    """Return the words that the cells of a column are taken from; none where it takes any text."""
    field = column.field
    if field is None or column.path not in {field.key, f"{field.key}.old"}:
        return []
    if field.kind is Kind.OWNER:
        return [owner.label for owner in config.owners]
    if field.vocabulary:
        return [term.label for term in config.terms(field.vocabulary)]
    return list(field.choices)


class ColumnMaker:
    """Makes columns in the language of a workbook.

    Args:
        config: The workspace's settings, in that language.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._translate = translations(config.language).gettext

    def say(self, heading: Message, field: Field | None = None) -> str:
        """Return a heading; `{field}` in it stands for what a field is called."""
        if field is None:
            return heading.render(self._translate)
        label = self._config.field_label(field)
        return Message(heading.template, {"field": label}).render(self._translate)

    def own(
        self,
        path: str,
        heading: Message,
        holds: Holds,
        read: Callable[[Row], Cell],
        *,
        derived: bool = False,
    ) -> Column:
        """Return a column that holds no field of the schema.

        Args:
            path: What it holds.
            heading: What it is called.
            holds: What its cells are.
            read: Returns its cell of a row.
            derived: Whether it is worked out from the rest.
        """
        return Column(path, self.say(heading), holds, read, derived=derived)

    def _part(
        self,
        field: Field,
        path: str,
        read: Callable[[Row], Cell],
        heading: Message = _FIELD,
        holds: Holds = Holds.TEXT,
    ) -> Column:
        """Return a column of one part of a field."""
        return Column(path, self.say(heading, field), holds, read, field)

    def owner(self, *numbers: str) -> Iterator[Column]:
        """Yield the columns of the customer that a row belongs to, and of the row's numbers."""
        yield self.own("customer", Message("Customer ID"), Holds.TEXT, lambda row: row.key)
        yield self.own(
            "customer.name",
            Message("Customer"),
            Holds.TEXT,
            lambda row: row.standing.customer.name,
            derived=True,
        )
        headings = {"followup": Message("Follow-up no."), "number": Message("No.")}
        for index, name in enumerate(numbers):
            yield self.own(name, headings[name], Holds.COUNT, _number_at(index))

    def made_on(self) -> Column:
        """Return the column of the day of the follow-up that a row belongs to."""
        return self.own(
            "followup.date",
            Message("Followed up on"),
            Holds.DATE,
            lambda row: row.item[0].date,
            derived=True,
        )

    def children(self, field: Field) -> Iterator[Column]:
        """Yield the columns of the fields of a group, but of no groups in it."""
        for child in field.children:
            if not child.children:
                yield from self._field(child, _attribute(child))

    def of_customer(self, field: Field) -> Iterator[Column]:
        """Yield the columns of a field of the front matter that is no group."""
        declared = field in self._config.fields
        return self._field(field, _declared(field) if declared else _attribute(field))

    def of_followup(self, field: Field) -> Iterable[Column]:
        """Return the columns of a field of follow-ups; none of those with a sheet of their own."""
        if field in self._config.followup_fields:
            return self._field(field, _declared(field))
        key = field.key
        match field.kind:
            case Kind.SERVICE:
                return ()
            case Kind.ATTITUDE | Kind.CHANGE:
                return self._word_with_more(field)
            case Kind.NEXT:
                return self._next(field)
            case Kind.CONTACTS:
                read: Callable[[FollowUp], Any] = attrgetter("contacts")
            case Kind.OFFERS:
                read = attrgetter("offers")
            case _ if key == "summary":
                read = attrgetter(key)
            case _:

                def read(followup: FollowUp) -> str | None:
                    return followup.texts.get(key)

        return self._field(field, lambda row: read(row.item))

    def _word_with_more(self, field: Field) -> Iterable[Column]:
        """Return the columns of an attitude with its note, or of a change with the word before."""
        key, read = field.key, attrgetter(field.key)
        label = self._config.terms(field.vocabulary or "").label
        if field.kind is Kind.ATTITUDE:
            return (
                self._part(field, key, lambda row: label(read(row.item)) or None),
                self._part(
                    field,
                    f"{key}.note",
                    lambda row: row.item.attitude_note or None,
                    Message("{field} note"),
                ),
            )

        def word(row: Row, which: str) -> str | None:
            change = read(row.item)
            return (label(getattr(change, which)) or None) if change else None

        return (
            self._part(
                field, f"{key}.old", lambda row: word(row, "old"), Message("{field} before")
            ),
            self._part(field, key, lambda row: word(row, "new")),
        )

    def _next(self, field: Field) -> Iterable[Column]:
        config, ended = self._config, self.say(ENDED)

        def part(
            name: str, read: Callable[[NextStep], Any], heading: Message, holds: Holds = Holds.TEXT
        ) -> Column:
            return self._part(
                field,
                f"{field.key}.{name}",
                lambda row: read(row.item.next) if row.item.next else None,
                heading,
                holds,
            )

        return (
            part("date", lambda step: step.date or ended, Message("{field} date"), Holds.DATE),
            part("time", lambda step: time_cell(step.time), Message("{field} time"), Holds.TIME),
            part(
                "method",
                lambda step: config.methods.label(step.method) or None,
                Message("{field} method"),
            ),
            part("text", lambda step: step.text or None, Message("{field} text")),
            part("goal", lambda step: step.goal or None, Message("{field} goal")),
        )

    def _field(self, field: Field, read: Callable[[Row], Any]) -> Iterator[Column]:
        """Yield the columns of a field: two of an amount, three of a range of amounts.

        Args:
            field: The field.
            read: Returns its value of a row.
        """
        key, holds = field.key, _HOLDS.get(field.kind, Holds.TEXT)
        heading = self._config.field_label(field)
        if holds is not Holds.AMOUNT:
            yield Column(key, heading, holds, self._plain(field, read), field)
            return
        currency = f"{key}.currency"
        yield Column(key, heading, holds, lambda row: _low(read(row)), field, currency)
        if field.kind is Kind.MONEY_RANGE:
            yield Column(
                f"{key}.high",
                self.say(Message("{field} up to"), field),
                holds,
                lambda row: _high(read(row)),
                field,
                currency,
            )
        yield Column(
            currency,
            self.say(Message("{field} currency"), field),
            Holds.TEXT,
            lambda row: _currency(read(row)),
            field,
        )

    def _plain(self, field: Field, read: Callable[[Row], Any]) -> Callable[[Row], Cell]:
        """Return what reads a value as a cell: words by their label, nothing for what is empty."""
        if field.vocabulary:
            label = self._config.terms(field.vocabulary).label
            return lambda row: label(read(row)) or None
        return lambda row: _present(read(row))

    def derived(self) -> Iterator[Column]:
        """Yield what the day makes of a customer, under the names of its row."""
        states = {state: self.say(name) for state, name in STATE_NAMES.items()}
        methods = self._config.methods
        for name, holds, read in (
            ("contacts", Holds.LIST, lambda s: tuple(one.name for one in s.customer.contacts)),
            ("last_contact", Holds.DATE, lambda s: s.status.last_contact),
            ("followups", Holds.COUNT, lambda s: len(s.customer.followups)),
            ("next_date", Holds.DATE, lambda s: s.status.next and s.status.next.date),
            ("next_time", Holds.TIME, lambda s: s.status.next and time_cell(s.status.next.time)),
            (
                "next_method",
                Holds.TEXT,
                lambda s: (s.status.next and methods.label(s.status.next.method)) or None,
            ),
            ("next_text", Holds.TEXT, lambda s: (s.status.next and s.status.next.text) or None),
            ("next_state", Holds.TEXT, lambda s: states.get(s.status.next_state)),
            ("days_overdue", Holds.COUNT, lambda s: s.status.days_overdue or None),
            ("idle_days", Holds.COUNT, lambda s: s.status.idle_days),
            ("stale", Holds.BOOL, lambda s: s.status.stale or None),
            ("open_commitments", Holds.COUNT, lambda s: len(s.status.open_promises)),
            ("overdue_commitments", Holds.COUNT, lambda s: len(s.status.overdue_promises)),
            ("problems", Holds.COUNT, lambda s: len(s.diagnostics)),
            ("path", Holds.TEXT, lambda s: s.customer.path),
        ):
            heading = self.say(ROW_TITLES[name])
            yield Column(f"{_DAY}{name}", heading, holds, _of_standing(read), derived=True)
        yield Column(
            f"{_DAY}weighted_value",
            self.say(ROW_TITLES["weighted_value"]),
            Holds.AMOUNT,
            lambda row: _low(row.standing.status.weighted_value),
            currency="value.currency",
            derived=True,
        )


def _of_standing(read: Callable[[Standing], Cell]) -> Callable[[Row], Cell]:
    return lambda row: _present(read(row.standing))


def _attribute(field: Field) -> Callable[[Row], Any]:
    """Return what reads a field of the model, which has the attribute of its key."""
    read = attrgetter(field.key)
    if field.kind is Kind.BOOL:
        # The model knows no difference between "no" and nothing written.
        return lambda row: read(row.item) or None
    return lambda row: read(row.item)


def _declared(field: Field) -> Callable[[Row], Any]:
    return lambda row: row.item.fields.get(field.key)


def _number_at(index: int) -> Callable[[Row], Cell]:
    return lambda row: row.numbers[index]


def _present(value: Any) -> Cell:  # noqa: ANN401  # any value of a field
    return None if value in ("", ()) else value


def _low(amount: Money | MoneyRange | None) -> Decimal | None:
    if isinstance(amount, MoneyRange):
        return amount.low.amount
    return amount.amount if amount else None


def _high(amount: Money | MoneyRange | None) -> Decimal | None:
    return amount.high.amount if isinstance(amount, MoneyRange) else None


def _currency(amount: Money | MoneyRange | None) -> str | None:
    if isinstance(amount, MoneyRange):
        return amount.high.currency
    return amount.currency if amount else None


def time_cell(value: time | None) -> time | str | None:
    """Return a time of day; as text where it has an offset, which no cell of a time can hold."""
    return format_time(value) if value and value.tzinfo else value
