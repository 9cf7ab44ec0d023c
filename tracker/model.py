"""The typed record of a customer.

All classes are frozen. Words of the vocabulary are kept as their ids; a text that is
no word of the vocabulary is reported by a rule and left out here (None).
"""

from __future__ import annotations

# The cache reads the types of the fields at run time, so their names must be there.
from collections.abc import Mapping  # noqa: TC003  # the cache reads it at run time
from datetime import date, datetime, time  # noqa: TC003  # the cache reads it at run time
from decimal import Decimal  # noqa: TC003  # the cache reads it at run time
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from tracker.diagnostics import FILE_START, Span
from tracker.money import Money, MoneyRange  # noqa: TC001  # the cache reads it at run time
from tracker.spans import NO_SPANS, Spans

if TYPE_CHECKING:
    FieldValue: TypeAlias = str | bool | Decimal | date | Money | MoneyRange | tuple[str, ...]
    """Value of a field that the workspace declares."""

    Amount: TypeAlias = Money | MoneyRange
    """What an offer costs."""
else:
    # The cache cannot tell these apart by how they are written: there they are any objects.
    FieldValue = Amount = object


class _Part(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a record is made of: quick to make, to keep and to read again, and small.

    Records hold no cycles, so the collector need not know of them.
    """


class Contact(_Part, frozen=True):
    """A person at the customer."""

    name: str
    title: str | None = None
    gender: str | None = None
    age: str | None = None
    phone: str | None = None
    email: str | None = None
    wechat: str | None = None
    im: str | None = None
    authority: str | None = None
    influence: str | None = None
    preferences: str | None = None
    concerns: tuple[str, ...] = ()
    primary: bool = False


class Needs(_Part, frozen=True):
    """What the customer needs: said, unsaid, what hurts, and what a solution must do."""

    core: tuple[str, ...] = ()
    latent: tuple[str, ...] = ()
    pains: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is known."""
        return bool(self.core or self.latent or self.pains or self.expected)


class Offer(_Part, frozen=True):
    """A product offered: quote, amount, terms and the proposal."""

    date: date | None = None
    product: str | None = None
    quote: str | None = None
    amount: Amount | None = None
    terms: str | None = None
    proposal: str | None = None
    summary: str | None = None
    file: str | None = None


class DealItem(_Part, frozen=True):
    """One line of a contract."""

    name: str
    quantity: Decimal | None = None
    price: Money | None = None


class Deal(_Part, frozen=True):
    """What was signed."""

    contract: str | None = None
    date: date | None = None
    amount: Money | None = None
    items: tuple[DealItem, ...] = ()
    payment: str | None = None
    delivery: str | None = None


class Loss(_Part, frozen=True):
    """Why a customer was lost."""

    date: date | None = None
    reason: str | None = None
    competitor: str | None = None
    note: str | None = None


class Commitment(_Part, frozen=True):
    """A promise made at a follow-up.

    Attributes:
        text: What was promised.
        due: The day it is due; None where none was written.
        who: Who promised; None means whoever followed up.
        done: Whether it is ticked.
        done_on: The day it was done, where that is written.
        span: The task's line.
    """

    text: str
    due: date | None = None
    who: str | None = None
    done: bool = False
    done_on: date | None = None
    span: Span = FILE_START


class Change(_Part, frozen=True):
    """A change of stage or level made at a follow-up; the words are ids of the vocabulary."""

    new: str
    old: str | None = None
    span: Span = FILE_START


class Service(_Part, frozen=True):
    """An after-sales entry; a problem with a ticket number is open until one resolves it."""

    kind: str
    ticket: int | None = None
    text: str = ""
    span: Span = FILE_START


class NextStep(_Part, frozen=True):
    """What is to happen next.

    Attributes:
        date: The day; None where the plan was ended on purpose (`next: none`).
        time: The time of that day, where one is set.
        method: Id of the method, where one is written.
        text: What is to be done.
        goal: What it should bring.
        span: The field's value.
    """

    date: date | None = None
    time: time | None = None
    method: str | None = None
    text: str = ""
    goal: str = ""
    span: Span = FILE_START


class FollowUp(_Part, frozen=True):
    """One dated section.

    Attributes:
        date: The day as written.
        time: The time as written, with its offset where it has one.
        order: Day and time in the workspace's time zone, for sorting (start of day without a time).
        method: Id of the method.
        who: Whoever followed up; the record's owner where nobody is named.
        who_written: Whether the heading names somebody.
        summary: What was said, as Markdown.
        contacts: Names of the contacts spoken to.
        attitude: Id of the attitude.
        attitude_note: The free text after it.
        offers: Quote numbers of the record's offers.
        texts: The plain fields (`topic`, `needs`, `pains`, `expected`, `concerns`, `response`).
        fields: Fields that the workspace declares.
        span: The heading.
        end_line: The last line of the section.
    """

    date: date
    time: time | None
    order: datetime
    method: str | None
    who: str
    who_written: bool = True
    summary: str = ""
    contacts: tuple[str, ...] = ()
    attitude: str | None = None
    attitude_note: str = ""
    stage: Change | None = None
    level: Change | None = None
    offers: tuple[str, ...] = ()
    service: tuple[Service, ...] = ()
    next: NextStep | None = None
    commitments: tuple[Commitment, ...] = ()
    texts: Mapping[str, str] = msgspec.field(default_factory=dict)
    fields: Mapping[str, FieldValue] = msgspec.field(default_factory=dict)
    spans: Spans = NO_SPANS
    span: Span = FILE_START
    end_line: int = 1


_order = attrgetter("order")


class Note(_Part, frozen=True):
    """An undated section of the body.

    Attributes:
        heading: Text of the heading.
        level: Its level, 1 to 6.
        text: What stands below it, as Markdown.
    """

    heading: str
    level: int
    text: str
    span: Span = FILE_START


class Customer(_Part, frozen=True):
    """One record.

    Attributes:
        path: The file, relative to the workspace, with `/`.
        id: Unique name in the workspace.
        stage: Id of the stage; None where the file has none that is known.
        background: The body before its first heading, as Markdown.
        followups: The dated sections in the order of the file.
        notes: The undated sections in the order of the file.
        fields: Fields that the workspace declares.
        spans: Spans of the front matter's values by path, such as `value`, `contacts[0].email`.
    """

    path: str
    id: str
    name: str
    short: str | None = None
    industry: str | None = None
    size: str | None = None
    business: str | None = None
    website: str | None = None
    address: str | None = None
    region: str | None = None
    contacts: tuple[Contact, ...] = ()
    source: str | None = None
    level: str | None = None
    stage: str | None = None
    owner: str | None = None
    created: date | None = None
    expected_close: date | None = None
    value: Money | None = None
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    not_duplicate_of: tuple[str, ...] = ()
    needs: Needs = Needs()
    offers: tuple[Offer, ...] = ()
    deal: Deal | None = None
    lost: Loss | None = None
    background: str = ""
    followups: tuple[FollowUp, ...] = ()
    notes: tuple[Note, ...] = ()
    fields: Mapping[str, FieldValue] = msgspec.field(default_factory=dict)
    spans: Spans = NO_SPANS

    def span(self, path: str) -> Span:
        """Return the place of a front-matter value, or of the nearest thing that holds it."""
        while path:
            if found := self.spans.get(path):
                return found
            path = (
                path.rpartition(".")[0] if "." in path else path.partition("[")[0] * ("[" in path)
            )
        return FILE_START

    @property
    def main_contact(self) -> Contact | None:
        """Return whom to call: the main contact, or else the first one; None without any."""
        first = self.contacts[0] if self.contacts else None
        return next((each for each in self.contacts if each.primary), first)

    @property
    def chronological(self) -> tuple[FollowUp, ...]:
        """Return the follow-ups oldest first; at the same moment, the later in the file last."""
        return tuple(sorted(self.followups, key=_order))
