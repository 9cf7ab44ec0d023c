"""The classic form of a customer, as sales teams print it: blocks of labels, values and tables.

It is the same whether it becomes a sheet of a workbook or a page to print. Every block is there
even where nothing is known yet, so that the printed form can be filled in by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.dates import format_time
from tracker.exchange.cell_text import CellText
from tracker.insight.rows import ROW_TITLES, STATE_NAMES
from tracker.money import Money, MoneyRange, grouped_amount
from tracker.schema import (
    CONTACT_FIELDS,
    DEAL_FIELDS,
    DEAL_ITEM_FIELDS,
    LOSS_FIELDS,
    NEEDS_FIELDS,
    OFFER_FIELDS,
    TEXT_FIELDS,
    Field,
    Kind,
)
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from tracker.config import Config
    from tracker.insight.day import Standing
    from tracker.model import Commitment, FollowUp, NextStep

_STATUS = frozenset(
    {"source", "level", "stage", "owner", "created", "value", "expected_close", "tags"}
)
"""Fields of the status block; the company's block has the others."""

_NOT_ON_PAPER = frozenset({"aliases", "not_duplicate_of"})
"""Fields that say how records of customers belong together, which no form on paper asks for."""

_OPEN, _TICKED = "☐", "☑"


class Pairs(Struct, frozen=True):
    """A block of labels, each with its value; empty for what is not known.

    Attributes:
        title: What the block is about.
        pairs: Labels and values.
        wide: Whether each pair has a row of its own.
    """

    title: str
    pairs: tuple[tuple[str, str], ...]
    wide: bool = False


class Grid(Struct, frozen=True):
    """A block that is a table.

    Attributes:
        title: What the block is about; empty where it belongs to the one before it.
        headings: What its columns are called.
        shares: How many columns of the page each of them takes.
        rows: Its rows; one of empty cells where nothing is known.
    """

    title: str
    headings: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


class Form(Struct, frozen=True):
    """A form.

    Attributes:
        title: What the form is called.
        name: The customer's name.
        team: The title of the workspace.
        day: The day that it is of, with its label.
        blocks: Its blocks, in the order of the page.
        short: The customer's short name, or else the name.
    """

    title: str
    name: str
    team: str
    day: str
    blocks: tuple[Pairs | Grid, ...]
    short: str


COLUMNS = 24
"""Columns of equal width that a page is divided into."""


def form_of(standing: Standing, config: Config, today: date) -> Form:
    """Return the form of a customer.

    Args:
        standing: The customer on the day.
        config: The workspace's settings.
        today: The day.
    """
    maker = _Maker(standing, config)
    customer = standing.customer
    day = Message("as of {day}", {"day": today.isoformat()})
    return Form(
        maker.say(Message("Customer follow-up record")),
        customer.name,
        config.title,
        maker.say(day),
        tuple(maker.blocks()),
        customer.short or customer.name,
    )


class _Maker:
    """Makes the blocks of one form."""

    def __init__(self, standing: Standing, config: Config) -> None:
        self._customer, self._status = standing.customer, standing.status
        self._config = config
        self._translate = translations(config.language).gettext
        self._text = CellText(config)
        self._colon = "：" if config.language == "zh" else ": "

    def say(self, message: Message) -> str:
        return message.render(self._translate)

    def blocks(self) -> Iterator[Pairs | Grid]:
        customer, say = self._customer, self.say
        plain = [field for field in self._config.front_matter_fields if not field.children]
        company = [field for field in plain if field.key not in _STATUS | _NOT_ON_PAPER]
        company.sort(key=lambda field: field.key == "id")  # The name comes first, the id last.
        status = [field for field in plain if field.key in _STATUS]
        yield Pairs(say(Message("Company")), tuple(map(self._customer_pair, company)))
        yield self._grid(
            say(Message("Contacts")),
            customer.contacts,
            CONTACT_FIELDS,
            {"name": 2, "title": 3, "phone": 4, "email": 5, "authority": 3},
        )
        yield Pairs(
            say(Message("Status")), (*map(self._customer_pair, status), *self._next_pairs())
        )
        yield Pairs(
            say(Message("Needs analysis")), self._pairs(customer.needs, NEEDS_FIELDS), wide=True
        )
        yield self._grid(
            say(Message("Offers")),
            customer.offers,
            OFFER_FIELDS,
            {"date": 3, "product": 5, "quote": 3, "amount": 4, "terms": 4},
        )
        yield self._followups()
        yield Pairs(say(Message("Deal")), self._pairs(customer.deal, DEAL_FIELDS))
        yield self._grid(
            "",
            customer.deal.items if customer.deal else (),
            DEAL_ITEM_FIELDS,
            {"name": 12, "quantity": 6, "price": 6},
        )
        yield Pairs(say(Message("Loss")), self._pairs(customer.lost, LOSS_FIELDS))
        yield self._service()
        if customer.background or customer.notes:
            yield self._notes()

    # --- values ---

    def _value(self, value: Any, field: Field | None = None) -> str:  # noqa: ANN401  # of any field
        """Return a value as people write it."""
        if isinstance(value, MoneyRange):
            return f"{grouped_amount(value.low.amount)}-{self._value(value.high)}"
        if isinstance(value, Money):
            return f"{grouped_amount(value.amount)} {value.currency}"
        if field and field.vocabulary:
            return self._config.terms(field.vocabulary).label(value)
        return self._text(value)

    def _pair(self, field: Field, value: Any) -> tuple[str, str]:  # noqa: ANN401  # of any field
        if field.kind is Kind.BOOL and value is False and field not in self._config.fields:
            value = None  # Said of nobody: the model knows no difference to nothing written.
        return self._config.field_label(field), self._value(value, field)

    def _customer_pair(self, field: Field) -> tuple[str, str]:
        if field in self._config.fields:
            return self._pair(field, self._customer.fields.get(field.key))
        return self._pair(field, getattr(self._customer, field.key))

    def _pairs(self, group: object, fields: Sequence[Field]) -> tuple[tuple[str, str], ...]:
        return tuple(
            self._pair(field, getattr(group, field.key) if group else None)
            for field in fields
            if not field.children
        )

    def _lines(self, pairs: Iterable[tuple[str, str]]) -> str:
        """Return what is known of labels and values, a line each."""
        return "\n".join(f"{label}{self._colon}{text}" for label, text in pairs if text)

    def _next_pairs(self) -> Iterator[tuple[str, str]]:
        status = self._status
        yield (
            self.say(ROW_TITLES["last_contact"]),
            status.last_contact.isoformat() if status.last_contact else "",
        )
        yield self.say(ROW_TITLES["next_text"]), self._step(status.next)
        yield (
            self.say(ROW_TITLES["next_state"]),
            self.say(STATE_NAMES[status.next_state]) if status.next_state else "",
        )

    def _step(self, step: NextStep | None) -> str:
        if step is None:
            return ""
        if step.date is None:
            return " ".join(filter(None, (self.say(Message("no next step")), step.text)))
        parts = (
            step.date.isoformat(),
            format_time(step.time) if step.time else "",
            self._config.methods.label(step.method),
            step.text,
        )
        goal = f"{self.say(Message('Goal'))}{self._colon}{step.goal}" if step.goal else ""
        return "\n".join(filter(None, (" ".join(filter(None, parts)), goal)))

    def _promise(self, commitment: Commitment) -> str:
        parts = (
            _TICKED if commitment.done else _OPEN,
            commitment.text,
            commitment.due.isoformat() if commitment.due else "",
            commitment.who or "",
        )
        return " ".join(filter(None, parts))

    # --- tables ---

    def _grid(
        self,
        title: str,
        groups: Sequence[object],
        fields: Sequence[Field],
        shares: dict[str, int],
    ) -> Grid:
        """Return the table of a list of groups; fields without a column stand in the last one."""
        known = {field.key: field for field in fields}
        columns = [known[key] for key in shares]
        others = [field for field in fields if field.key not in shares]
        rest = COLUMNS - sum(shares.values())
        rows = [
            (
                *(text for _, text in self._pairs(group, columns)),
                *([self._lines(self._pairs(group, others))] if rest else []),
            )
            for group in groups
        ]
        headings = [self._config.field_label(field) for field in columns]
        if rest:
            headings.append(self.say(Message("More")))
        return _table(title, headings, (*shares.values(), *([rest] if rest else [])), rows)

    def _followups(self) -> Grid:
        headings = (
            Message("Date"),
            Message("By"),
            Message("Contacts"),
            Message("Content"),
            Message("Commitments"),
            Message("Next step"),
        )
        return _table(
            self.say(Message("Follow-ups")),
            list(map(self.say, headings)),
            (3, 3, 3, 8, 4, 3),
            [self._followup(followup) for followup in self._customer.chronological],
        )

    def _followup(self, followup: FollowUp) -> tuple[str, ...]:
        config = self._config
        clock = format_time(followup.time) if followup.time else ""
        return (
            "\n".join(filter(None, (followup.date.isoformat(), clock))),
            "\n".join(filter(None, (config.methods.label(followup.method), followup.who))),
            self._text(followup.contacts),
            "\n".join(filter(None, (followup.summary, self._lines(self._said(followup))))),
            "\n".join(map(self._promise, followup.commitments)),
            self._step(followup.next),
        )

    def _said(self, followup: FollowUp) -> Iterator[tuple[str, str]]:
        """Yield the fields of a follow-up that have no column."""
        config = self._config
        for field in config.all_followup_fields:
            label = config.field_label(field)
            if field in config.followup_fields:
                yield label, self._value(followup.fields.get(field.key), field)
            elif field.key in TEXT_FIELDS:
                yield label, followup.texts.get(field.key, "") if field.key != "summary" else ""
            elif field.kind is Kind.ATTITUDE:
                word = config.attitudes.label(followup.attitude)
                yield label, " ".join(filter(None, (word, followup.attitude_note)))
            elif field.kind is Kind.CHANGE and (change := getattr(followup, field.key)):
                words = config.terms(field.vocabulary or "")
                yield label, " → ".join(map(words.label, filter(None, (change.old, change.new))))
            elif field.kind is Kind.OFFERS:
                yield label, self._text(followup.offers)

    def _service(self) -> Grid:
        kinds = self._config.service_kinds
        rows = [
            (
                followup.date.isoformat(),
                kinds.label(entry.kind),
                f"#{entry.ticket}" if entry.ticket is not None else "",
                entry.text,
            )
            for followup in self._customer.chronological
            for entry in followup.service
        ]
        headings = (Message("Date"), Message("Kind"), Message("Ticket"), Message("Text"))
        return _table(
            self.say(Message("Service")), list(map(self.say, headings)), (3, 3, 2, 16), rows
        )

    def _notes(self) -> Grid:
        customer = self._customer
        rows = [("", customer.background)] if customer.background else []
        rows += [(note.heading, note.text) for note in customer.notes]
        headings = (Message("Heading"), Message("Text"))
        return _table(self.say(Message("Notes")), list(map(self.say, headings)), (4, 20), rows)


def _table(
    title: str, headings: Sequence[str], shares: Sequence[int], rows: Sequence[tuple[str, ...]]
) -> Grid:
    return Grid(
        title,
        tuple(headings),
        tuple(shares),
        tuple(rows) or (("",) * len(headings),),
    )
