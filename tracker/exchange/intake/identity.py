"""Which customer a row means: one of the workspace, one of the file, or a new one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct, field
from rapidfuzz import fuzz, process

from tracker.exchange.intake.targets import CONTACTS
from tracker.library.likeness import core_name, marks_of, normal_name, normal_phone
from tracker.model import Contact
from tracker.schema import FRONT_MATTER, Kind
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.exchange.intake.contributions import Contribution
    from tracker.library.library import Library
    from tracker.model import Customer

DEFAULT_KEY = ""
"""The id where the row has one, else the name."""

KEYS = ("id", "name", "phone", "email")
"""What customers are usually told by; any text of the front matter will do as well."""

_TEXT_KEYS = tuple(
    field.key
    for field in FRONT_MATTER
    if field.kind in {Kind.TEXT, Kind.URL} and field.key not in {"name", "short"}
)
"""Fields that a customer can be told by, beside those that are compared in their own way."""

_LIKE = 85.0
"""Likeness of two names, of 100, from which a person is told of it."""


class Subject(Struct, eq=False):
    """A customer that rows speak of.

    Attributes:
        name: Its name.
        customer: Its record; None for one that is new.
        stem: Name of the file that a new one gets, without its ending: its id, where no row gives
            another one.
        contributions: What the rows say of it: first the one that names it, then the others in the
            order of the file, last those that do not name it.
    """

    name: str
    customer: Customer | None = None
    stem: str = ""
    contributions: list[Contribution] = field(default_factory=list)

    @property
    def place(self) -> Message | str:
        """Return where it stands: its file, or the rows that it comes from."""
        if self.customer:
            return self.customer.path
        origin = self.contributions[0].origins[0]
        row = f"{origin.sheet}!{origin.row}" if origin.sheet else origin.row
        return Message("row {row} of this file", {"row": row})


class Twin(Struct, frozen=True):
    """A customer that may be the same as a new one.

    Attributes:
        subject: The customer.
        shared: What both have: `name`, `phone`, `email`, `wechat`; `core` for a name that differs
            by its place or legal form alone; `near` for one that is like it.
    """

    subject: Subject
    shared: str


class Register:
    """All customers of the workspace and of the file, by what tells them.

    Args:
        library: The workspace.
        key: What tells them: `id`, `name`, `phone`, `email`, the key of a field, or `DEFAULT_KEY`.
    """

    def __init__(self, library: Library, key: str = DEFAULT_KEY) -> None:
        self._key = key
        self._by_key: defaultdict[tuple[str, str], list[Subject]] = defaultdict(list)
        self._by_mark: dict[tuple[str, str], Subject] = {}
        self._by_core: dict[str, Subject] = {}
        self._cores: list[str] = []
        for customer in library.customers:
            subject = Subject(customer.name, customer)
            self._index(subject, customer_keys(customer))
            self._mark(subject, customer.name, customer.contacts)

    @property
    def _kinds(self) -> tuple[str, ...]:
        return ("id", "name") if self._key == DEFAULT_KEY else (self._key,)

    def find(self, contribution: Contribution) -> Subject | Message | None:
        """Return whom a row means; why that is not certain; None for nobody who is known."""
        keys = contribution_keys(contribution)
        for kind in self._kinds:
            found = [
                subject
                for value in keys.get(kind, ())
                for subject in self._by_key.get((kind, value), ())
            ]
            distinct = list({id(subject): subject for subject in found}.values())
            if len(distinct) > 1:
                return Message(
                    "it is not certain which is meant: {places}",
                    {"places": tuple(subject.place for subject in distinct)},
                )
            if distinct:
                return distinct[0]
            if keys.get(kind) and kind == "id":
                return None
        return None

    def add(self, contribution: Contribution, stem: str) -> Subject:
        """Enter a new customer that a row speaks of first.

        Args:
            contribution: What the row says.
            stem: Name of the customer's file, without its ending.
        """
        subject = Subject(contribution.text("name"), stem=stem)
        subject.contributions.append(contribution)
        keys = contribution_keys(contribution)
        if not keys.get("id"):
            keys["id"] = (fold(stem),)
        self._index(subject, ((kind, value) for kind in keys for value in keys[kind]))
        self._mark(subject, subject.name, contacts_of(contribution))
        return subject

    def twin(self, contribution: Contribution) -> Twin | None:
        """Return the customer that a new one is most likely the same as, if there is any."""
        name = contribution.text("name")
        for mark in marks_of(name, contacts_of(contribution)):
            if mark[1] and (found := self._by_mark.get(mark[:2])):
                return Twin(found, mark[0])
        core = core_name(name)
        if not core:
            return None
        if found := self._by_core.get(core):
            # Two places make two companies; one place may have been left out.
            placeless = core in {normal_name(name), normal_name(found.name)}
            return Twin(found, "core" if placeless else "near")
        near = process.extractOne(core, self._cores, scorer=fuzz.ratio, score_cutoff=_LIKE)
        return Twin(self._by_core[near[0]], "near") if near else None

    def _index(self, subject: Subject, keys: Iterable[tuple[str, str]]) -> None:
        for kind, value in keys:
            if kind in self._kinds:
                # One customer may have a key twice, as by its name and its short name.
                self._by_key[kind, value].append(subject)

    def _mark(self, subject: Subject, name: str, contacts: Iterable[Contact]) -> None:
        for mark in marks_of(name, contacts):
            self._by_mark.setdefault(mark[:2], subject)
        core = core_name(name)
        if core and core not in self._by_core:
            self._by_core[core] = subject
            self._cores.append(core)


def customer_keys(customer: Customer) -> Iterator[tuple[str, str]]:
    """Yield what tells a record, comparably: kind and value."""
    yield "id", fold(customer.id)
    for former in customer.aliases:
        yield "id", fold(former)
    yield "name", _comparable(customer.name)
    if customer.short:
        yield "name", _comparable(customer.short)
    yield from _contact_keys(customer.contacts)
    for key in _TEXT_KEYS:
        if value := getattr(customer, key):
            yield key, fold(value)
    for key, value in customer.fields.items():
        if isinstance(value, str):
            yield key, fold(value)


def contribution_keys(contribution: Contribution) -> dict[str, tuple[str, ...]]:
    """Return what a row tells its customer by, comparably: values by kind."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for path, value in contribution.values.items():
        if isinstance(value, str) and value:
            keys[path].append(_comparable(value) if path == "name" else fold(value))
    if not keys.get("name") and (short := contribution.text("short")):
        keys["name"].append(_comparable(short))
    for kind, value in _contact_keys(contacts_of(contribution)):
        keys[kind].append(value)
    return {kind: tuple(filter(None, values)) for kind, values in keys.items()}


def name_key(contribution: Contribution) -> str:
    """Return the name that a row gives its customer, comparably."""
    return _comparable(contribution.text("name"))


def _comparable(name: str) -> str:
    """Return a name without what many share; the name itself where nothing else is left."""
    return normal_name(name) or fold(name) or name.strip()


def contacts_of(contribution: Contribution) -> list[Contact]:
    """Return the people that a row names."""
    return [
        Contact(
            str(values.get("name", "")),
            phone=str(values["phone"]) if "phone" in values else None,
            email=str(values["email"]) if "email" in values else None,
            wechat=str(values["wechat"]) if "wechat" in values else None,
        )
        for values in contribution.groups.get(CONTACTS, ())
    ]


def _contact_keys(contacts: Iterable[Contact]) -> Iterator[tuple[str, str]]:
    for contact in contacts:
        if contact.phone and (digits := normal_phone(contact.phone)):
            yield "phone", digits
        if contact.email:
            yield "email", contact.email.casefold()
