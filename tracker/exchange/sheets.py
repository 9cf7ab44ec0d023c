"""The one table of sheets and columns of a workbook, for writing one and for reading it back.

A sheet holds a kind of thing that records are made of, a row each: customers, contacts, follow-ups.
Sheets and columns are made from the table of fields (`tracker.schema`), so that a field added there
has its column here. A row of any sheet but the first begins with the customer that it belongs to,
and has the numbers that order it: the third promise of the second follow-up.

Each column names by its `path` what it holds of the row's item, as keys of the schema name it:

- `phone`, `tags`, `legal_form`: the field of that key, built in or declared. A word stands as its
  label, a list as the texts that it has.
- `value` and `value.currency`: an amount of money. Of a range, `amount` is the low end and
  `amount.high` the high one, which is empty for a single amount.
- `customer`, `number`, `followup`: the customer's id; the place of the item in its record, from 1;
  the number of the follow-up that it belongs to. Follow-ups are numbered oldest first.
- On `followups` beside the fields: `date`, `time`, `method`, `who` of the heading; `attitude` and
  `attitude.note`; `stage.old` and `stage`; `level.old` and `level`; `next.date`, `next.time`,
  `next.method`, `next.text`, `next.goal`. `next.date` is the text of `ENDED` where the plan was
  ended on purpose. A time with an offset from UTC is a text.
- On `commitments`: `text`, `due`, `who`, `done`, `done_on`; on `service`: `kind`, `ticket`, `text`.
  `who` is filled in where the record leaves it to be whoever followed up.
- On `notes`: `heading`, `level`, `text`. What stands before the first heading is note 0, without
  heading and with level 0.

A text too long for a cell ends with a mark, and goes on in `continuation_sheet`.

Columns with `derived` say what the day makes of a record, under the names of its row
(`day.idle_days`), or repeat what stands elsewhere. They are for people: an import passes them over.
"""

from __future__ import annotations

from enum import Enum
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tracker.dates import format_time
from tracker.insight.rows import ROW_TITLES, STATE_NAMES
from tracker.model import Note
from tracker.money import Money, MoneyRange
from tracker.schema import Field, Kind
from tracker.text import fold
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date, time
    from decimal import Decimal
    from typing import TypeAlias

    from tracker.config import Config
    from tracker.insight.day import Standing
    from tracker.library.library import Library
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


class Column(Struct, frozen=True):
    """A column of a sheet.

    Attributes:
        path: What it holds, as the module says.
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


class Sheet(Struct, frozen=True):
    """A sheet.

    Attributes:
        name: Its stable name, that of the table of `tracker sql`.
        title: What it is called in the language of the workbook.
        path: The key in the front matter that it holds, such as `deal.items`; empty where it holds
            no group of the front matter.
        columns: Its columns.
        items: Returns what it has a row for in a customer, each with its numbers.
    """

    name: str
    title: str
    path: str
    columns: tuple[Column, ...]
    items: Callable[[Standing], Iterable[tuple[tuple[int, ...], Any]]]

    def rows(self, keyed: Iterable[tuple[str, Standing]]) -> Iterator[Row]:
        """Yield the rows of customers, each given with its key."""
        for key, standing in keyed:
            for numbers, item in self.items(standing):
                yield Row(key, standing, numbers, item)


def keyed(standings: Iterable[Standing], library: Library) -> Iterator[tuple[str, Standing]]:
    """Yield customers with what names them: the id; the path where an earlier one has that id."""
    for standing in standings:
        customer = standing.customer
        first = library.by_id[customer.id][0] is customer
        yield customer.id if first else customer.path, standing


def sheets_of(config: Config, language: Literal["zh", "en"] | None = None) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, customers first.

    Args:
        config: The workspace's settings.
        language: Language of titles and headings, `zh` or `en`; by default the workspace's.
    """
    if language and language != config.language:
        config = replace(config, language=language)
    maker = _Maker(config)
    return (
        maker.customers(),
        *maker.groups(),
        maker.followups(),
        maker.commitments(),
        maker.service(),
        maker.notes(),
    )


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


def continuation_sheet(config: Config, language: Literal["zh", "en"] | None = None) -> Sheet:
    """Return the sheet with what does not fit into the cells of the others.

    A workbook has it only where it is needed. Its rows are tuples: the number that stands at the
    end of a text which is continued (`tracker.exchange.spreadsheet_text.continuation_of`), the
    place of the part from 1, and the part.

    Args:
        config: The workspace's settings.
        language: Language of title and headings; by default the workspace's.
    """
    translate = translations(language or config.language).gettext
    columns = (
        Column("number", Message("No.").render(translate), Holds.COUNT, itemgetter(0)),
        Column("part", Message("Part").render(translate), Holds.COUNT, itemgetter(1)),
        Column("text", Message("Text").render(translate), Holds.TEXT, itemgetter(2)),
    )
    title = Message("Long texts").render(translate)
    return Sheet("long_texts", title, "", columns, lambda _: ())


_NAMES = {"deal": "deals", "deal.items": "deal_items", "lost": "losses"}
"""Names of sheets that are not the key of their field."""

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


class _Maker:
    """Makes the sheets in one language."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._translate = translations(config.language).gettext

    def _say(self, heading: Message, field: Field | None = None) -> str:
        """Return a heading; `{field}` in it stands for what a field is called."""
        if field is None:
            return heading.render(self._translate)
        label = self._config.field_label(field)
        return Message(heading.template, {"field": label}).render(self._translate)

    # --- sheets of the front matter ---

    def customers(self) -> Sheet:
        config = self._config
        columns = [
            column
            for field in config.front_matter_fields
            if not field.children
            for column in self._field(field, self._customer_value(field))
        ]
        columns[0] = replace(columns[0], read=lambda row: row.key)
        return self._sheet(
            "customers",
            self._say(Message("Customers")),
            "",
            (*columns, *self._derived()),
            lambda standing: [((), standing.customer)],
        )

    def groups(self) -> Iterator[Sheet]:
        """Yield a sheet for each group of the front matter, and for each list of groups in one."""
        for field in self._config.front_matter_fields:
            if field.children:
                yield self._group(field)
                for child in field.children:
                    if child.children:
                        yield self._nested(field, child)

    def _group(self, field: Field) -> Sheet:
        read = attrgetter(field.key)
        many = field.kind is Kind.GROUPS

        def items(standing: Standing) -> Iterable[tuple[tuple[int, ...], Any]]:
            found = read(standing.customer)
            said = [
                group for group in (found if many else [found]) if _says_something(group, field)
            ]
            return [
                ((number,) if many else (), group) for number, group in enumerate(said, start=1)
            ]

        return self._sheet(
            _NAMES.get(field.key, field.key),
            self._config.field_label(field),
            field.key,
            (*self._owner(*(["number"] if many else [])), *self._children(field)),
            items,
        )

    def _nested(self, parent: Field, field: Field) -> Sheet:
        def items(standing: Standing) -> Iterable[tuple[tuple[int, ...], Any]]:
            group = getattr(standing.customer, parent.key)
            found = getattr(group, field.key) if group else ()
            return [((number,), item) for number, item in enumerate(found, start=1)]

        path = f"{parent.key}.{field.key}"
        return self._sheet(
            _NAMES.get(path, path.replace(".", "_")),
            self._say(Message("{parent} {child}")).format(
                parent=self._config.field_label(parent),
                child=self._config.field_label(field).lower(),
            ),
            path,
            (*self._owner("number"), *self._children(field)),
            items,
        )

    # --- sheets of the body ---

    def followups(self) -> Sheet:
        config = self._config
        columns: list[Column] = [
            *self._owner("number"),
            self._own("date", Message("Date"), Holds.DATE, lambda row: row.item.date),
            self._own("time", Message("Time"), Holds.TIME, lambda row: _time(row.item.time)),
            self._own(
                "method",
                Message("Method"),
                Holds.TEXT,
                lambda row: config.methods.label(row.item.method) or None,
            ),
            self._own("who", Message("Who"), Holds.TEXT, lambda row: row.item.who or None),
        ]
        for field in config.all_followup_fields:
            if field in config.followup_fields:
                columns += self._field(field, _declared(field))
            elif field.kind is not Kind.SERVICE:
                columns += self._followup_field(field)
        return self._sheet(
            "followups",
            self._say(Message("Follow-ups")),
            "",
            tuple(columns),
            lambda standing: [
                ((number,), followup)
                for number, followup in enumerate(standing.customer.chronological, start=1)
            ],
        )

    def _followup_field(self, field: Field) -> Iterable[Column]:
        key = field.key
        match field.kind:
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
        config, ended = self._config, self._say(ENDED)

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
            part("time", lambda step: _time(step.time), Message("{field} time"), Holds.TIME),
            part(
                "method",
                lambda step: config.methods.label(step.method) or None,
                Message("{field} method"),
            ),
            part("text", lambda step: step.text or None, Message("{field} text")),
            part("goal", lambda step: step.goal or None, Message("{field} goal")),
        )

    def commitments(self) -> Sheet:
        return self._sheet(
            "commitments",
            self._say(Message("Commitments")),
            "",
            (
                *self._owner("followup", "number"),
                self._made_on(),
                self._own(
                    "text", Message("Commitment"), Holds.TEXT, lambda row: row.item[1].text or None
                ),
                self._own("due", Message("Due"), Holds.DATE, lambda row: row.item[1].due),
                self._own(
                    "who",
                    Message("Who"),
                    Holds.TEXT,
                    lambda row: row.item[1].who or row.item[0].who or None,
                ),
                self._own("done", Message("Done"), Holds.BOOL, lambda row: row.item[1].done),
                self._own(
                    "done_on", Message("Done on"), Holds.DATE, lambda row: row.item[1].done_on
                ),
                self._own(
                    "days_overdue",
                    Message("Days overdue"),
                    Holds.COUNT,
                    _days_overdue,
                    derived=True,
                ),
            ),
            lambda standing: _parts(standing, attrgetter("commitments")),
        )

    def service(self) -> Sheet:
        field = next(
            field for field in self._config.all_followup_fields if field.kind is Kind.SERVICE
        )
        kinds = self._config.service_kinds
        return self._sheet(
            field.key,
            self._config.field_label(field),
            "",
            (
                *self._owner("followup", "number"),
                self._made_on(),
                self._own(
                    "kind",
                    Message("Kind"),
                    Holds.TEXT,
                    lambda row: kinds.label(row.item[1].kind) or None,
                ),
                self._own("ticket", Message("Ticket"), Holds.COUNT, lambda row: row.item[1].ticket),
                self._own(
                    "text", Message("Text"), Holds.TEXT, lambda row: row.item[1].text or None
                ),
            ),
            lambda standing: _parts(standing, attrgetter(field.key)),
        )

    def notes(self) -> Sheet:
        def items(standing: Standing) -> Iterable[tuple[tuple[int, ...], Any]]:
            customer = standing.customer
            background = [Note("", 0, customer.background)] if customer.background else []
            first = 0 if background else 1
            return [
                ((number,), note)
                for number, note in enumerate((*background, *customer.notes), start=first)
            ]

        return self._sheet(
            "notes",
            self._say(Message("Notes")),
            "",
            (
                *self._owner("number"),
                self._own(
                    "heading", Message("Heading"), Holds.TEXT, lambda row: row.item.heading or None
                ),
                self._own(
                    "level", Message("Heading level"), Holds.COUNT, lambda row: row.item.level
                ),
                self._own("text", Message("Text"), Holds.TEXT, lambda row: row.item.text or None),
            ),
            items,
        )

    # --- columns ---

    def _sheet(
        self,
        name: str,
        title: str,
        path: str,
        columns: tuple[Column, ...],
        items: Callable[[Standing], Iterable[tuple[tuple[int, ...], Any]]],
    ) -> Sheet:
        return Sheet(name, title, path, tuple(_distinct(columns)), items)

    def _own(
        self,
        path: str,
        heading: Message,
        holds: Holds,
        read: Callable[[Row], Cell],
        *,
        derived: bool = False,
    ) -> Column:
        """Return a column that holds no field of the schema."""
        return Column(path, self._say(heading), holds, read, derived=derived)

    def _part(
        self,
        field: Field,
        path: str,
        read: Callable[[Row], Cell],
        heading: Message = _FIELD,
        holds: Holds = Holds.TEXT,
    ) -> Column:
        """Return a column of one part of a field."""
        return Column(path, self._say(heading, field), holds, read, field)

    def _owner(self, *numbers: str) -> Iterator[Column]:
        """Yield the columns of the customer that a row belongs to, and of the row's numbers."""
        yield self._own("customer", Message("Customer ID"), Holds.TEXT, lambda row: row.key)
        yield self._own(
            "customer.name",
            Message("Customer"),
            Holds.TEXT,
            lambda row: row.standing.customer.name,
            derived=True,
        )
        headings = {"followup": Message("Follow-up no."), "number": Message("No.")}
        for index, name in enumerate(numbers):
            yield self._own(name, headings[name], Holds.COUNT, _number_at(index))

    def _made_on(self) -> Column:
        return self._own(
            "followup.date",
            Message("Followed up on"),
            Holds.DATE,
            lambda row: row.item[0].date,
            derived=True,
        )

    def _children(self, field: Field) -> Iterator[Column]:
        for child in field.children:
            if not child.children:
                yield from self._field(child, _attribute(child))

    def _customer_value(self, field: Field) -> Callable[[Row], Any]:
        return _declared(field) if field in self._config.fields else _attribute(field)

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
                self._say(Message("{field} up to"), field),
                holds,
                lambda row: _high(read(row)),
                field,
                currency,
            )
        yield Column(
            currency,
            self._say(Message("{field} currency"), field),
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

    def _derived(self) -> Iterator[Column]:
        """Yield what the day makes of a customer, under the names of its row."""
        states = {state: self._say(name) for state, name in STATE_NAMES.items()}
        methods = self._config.methods
        for name, holds, read in (
            ("contacts", Holds.LIST, lambda s: tuple(one.name for one in s.customer.contacts)),
            ("last_contact", Holds.DATE, lambda s: s.status.last_contact),
            ("followups", Holds.COUNT, lambda s: len(s.customer.followups)),
            ("next_date", Holds.DATE, lambda s: s.status.next and s.status.next.date),
            ("next_time", Holds.TIME, lambda s: s.status.next and _time(s.status.next.time)),
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
            heading = self._say(ROW_TITLES[name])
            yield Column(f"{_DAY}{name}", heading, holds, _of_standing(read), derived=True)
        yield Column(
            f"{_DAY}weighted_value",
            self._say(ROW_TITLES["weighted_value"]),
            Holds.AMOUNT,
            lambda row: _low(row.standing.status.weighted_value),
            currency="value.currency",
            derived=True,
        )


# --- Reading a row ----------------------------------------------------------------------------


def _of_standing(read: Callable[[Standing], Cell]) -> Callable[[Row], Cell]:
    return lambda row: _present(read(row.standing))


def _attribute(field: Field) -> Callable[[Row], Any]:
    """Return what reads a field of the model, which has the attribute of its key."""
    read = attrgetter(field.key)
    if field.kind is Kind.BOOL:
        # The model knows no difference between "no" and nothing written.
        return lambda row: read(row.item) or None
    return lambda row: read(row.item)


def _says_something(group: object, field: Field) -> bool:
    """Tell whether any field of a group has a value."""
    return group is not None and any(getattr(group, child.key) for child in field.children)


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


def _time(value: time | None) -> time | str | None:
    """Return a time of day; as text where it has an offset, which no cell of a time can hold."""
    return format_time(value) if value and value.tzinfo else value


def _parts(
    standing: Standing, read: Callable[[FollowUp], Sequence[Any]]
) -> Iterator[tuple[tuple[int, ...], tuple[FollowUp, Any]]]:
    """Yield what follow-ups hold, each with its follow-up, and with the numbers of both."""
    for number, followup in enumerate(standing.customer.chronological, start=1):
        for position, item in enumerate(read(followup), start=1):
            yield (number, position), (followup, item)


def _days_overdue(row: Row) -> Cell:
    commitment = row.item[1]
    return next(
        (
            promise.days_overdue or None
            for promise in row.standing.status.promises
            if promise.commitment is commitment
        ),
        None,
    )


def _distinct(columns: Iterable[Column]) -> Iterator[Column]:
    """Yield columns with headings that differ by more than case, as tables want them."""
    taken: set[str] = set()
    for column in columns:
        heading = column.heading
        while fold(heading) in taken:
            heading = f"{heading} ({column.path})"
        taken.add(fold(heading))
        yield replace(column, heading=heading)
