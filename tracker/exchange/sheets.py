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

from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from tracker.exchange.columns import Column, ColumnMaker, Holds, Row, time_cell
from tracker.model import Note
from tracker.schema import Kind
from tracker.text import fold
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tracker.config import Config
    from tracker.exchange.columns import Cell
    from tracker.insight.day import Standing
    from tracker.library.library import Library
    from tracker.model import FollowUp
    from tracker.schema import Field


class Sheet(Struct, frozen=True):
    """A sheet.

    Attributes:
        name: Its stable name, that of the table of `tracker sql`.
        title: What it is called in the language of the workbook.
        columns: Its columns.
        items: Returns what it has a row for in a customer, each with its numbers.
    """

    name: str
    title: str
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
    maker = _SheetMaker(config)
    return (
        maker.customers(),
        *maker.groups(),
        maker.followups(),
        maker.commitments(),
        maker.service(),
        maker.notes(),
    )


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
    return Sheet("long_texts", title, columns, lambda _: ())


_NAMES = {"deal": "deals", "deal.items": "deal_items", "lost": "losses"}
"""Names of sheets that are not the key of their field."""


class _SheetMaker:
    """Makes the sheets in one language."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._columns = ColumnMaker(config)

    def customers(self) -> Sheet:
        config = self._config
        columns = [
            column
            for field in config.front_matter_fields
            if not field.children
            for column in self._columns.of_customer(field)
        ]
        columns[0] = replace(columns[0], read=lambda row: row.key)
        return self._sheet(
            "customers",
            self._columns.say(Message("Customers")),
            (*columns, *self._columns.derived()),
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
            (*self._columns.owner(*(["number"] if many else [])), *self._columns.children(field)),
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
            self._columns.say(Message("{parent} {child}")).format(
                parent=self._config.field_label(parent),
                child=self._config.field_label(field).lower(),
            ),
            (*self._columns.owner("number"), *self._columns.children(field)),
            items,
        )

    def followups(self) -> Sheet:
        config = self._config
        columns: list[Column] = [
            *self._columns.owner("number"),
            self._columns.own("date", Message("Date"), Holds.DATE, lambda row: row.item.date),
            self._columns.own(
                "time", Message("Time"), Holds.TIME, lambda row: time_cell(row.item.time)
            ),
            self._columns.own(
                "method",
                Message("Method"),
                Holds.TEXT,
                lambda row: config.methods.label(row.item.method) or None,
            ),
            self._columns.own("who", Message("Who"), Holds.TEXT, lambda row: row.item.who or None),
        ]
        for field in config.all_followup_fields:
            columns += self._columns.of_followup(field)
        return self._sheet(
            "followups",
            self._columns.say(Message("Follow-ups")),
            tuple(columns),
            lambda standing: [
                ((number,), followup)
                for number, followup in enumerate(standing.customer.chronological, start=1)
            ],
        )

    def commitments(self) -> Sheet:
        return self._sheet(
            "commitments",
            self._columns.say(Message("Commitments")),
            (
                *self._columns.owner("followup", "number"),
                self._columns.made_on(),
                self._columns.own(
                    "text", Message("Commitment"), Holds.TEXT, lambda row: row.item[1].text or None
                ),
                self._columns.own("due", Message("Due"), Holds.DATE, lambda row: row.item[1].due),
                self._columns.own(
                    "who",
                    Message("Who"),
                    Holds.TEXT,
                    lambda row: row.item[1].who or row.item[0].who or None,
                ),
                self._columns.own(
                    "done", Message("Done"), Holds.BOOL, lambda row: row.item[1].done
                ),
                self._columns.own(
                    "done_on", Message("Done on"), Holds.DATE, lambda row: row.item[1].done_on
                ),
                self._columns.own(
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
            (
                *self._columns.owner("followup", "number"),
                self._columns.made_on(),
                self._columns.own(
                    "kind",
                    Message("Kind"),
                    Holds.TEXT,
                    lambda row: kinds.label(row.item[1].kind) or None,
                ),
                self._columns.own(
                    "ticket", Message("Ticket"), Holds.COUNT, lambda row: row.item[1].ticket
                ),
                self._columns.own(
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
            self._columns.say(Message("Notes")),
            (
                *self._columns.owner("number"),
                self._columns.own(
                    "heading", Message("Heading"), Holds.TEXT, lambda row: row.item.heading or None
                ),
                self._columns.own(
                    "level", Message("Heading level"), Holds.COUNT, lambda row: row.item.level
                ),
                self._columns.own(
                    "text", Message("Text"), Holds.TEXT, lambda row: row.item.text or None
                ),
            ),
            items,
        )

    def _sheet(
        self,
        name: str,
        title: str,
        columns: tuple[Column, ...],
        items: Callable[[Standing], Iterable[tuple[tuple[int, ...], Any]]],
    ) -> Sheet:
        return Sheet(name, title, tuple(_distinct(columns)), items)


def _says_something(group: object, field: Field) -> bool:
    """Tell whether any field of a group has a value."""
    return group is not None and any(getattr(group, child.key) for child in field.children)


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
