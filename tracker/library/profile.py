"""A library as a profile lets its readers see it.

Values that are withheld are taken out of the records before anything else is made of them: what is
counted, sorted, searched or shown later never had them. Where they are quoted in texts that stay,
they are blacked out.
"""

from __future__ import annotations

import hashlib
import hmac
import posixpath
import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME, RECORDS_DIR, Config, Owner, Profile, Terms
from tracker.library.censor import BLACKED_OUT, Censor, links_of
from tracker.library.field_sorts import NAMES, TEAM, FieldSorts
from tracker.library.forms_of_address import People
from tracker.library.library import Entry, Library
from tracker.library.masks import masked
from tracker.library.record_parts import is_group, parts, rebuilt
from tracker.library.withheld import Sort, Withheld
from tracker.library.withheld_finder import Finder
from tracker.profile_fields import ATTACHMENTS
from tracker.schema import PLACE_IN_LIST
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tracker.library.withheld_forms import Form
    from tracker.model import Customer

_COMPANIES = ("name", "short")
_BETWEEN_VALUES = re.compile(r"[\n,，、;；/|\[\]]|\s-\s|\s(?=\+)")


class ReducedLibrary(Struct, frozen=True):
    """A library without what is withheld.

    Attributes:
        library: The records that are shown, without what is withheld.
        finder: Finds the values that are withheld.
        shown: Forms of them that stand in a field that is shown all the same.
        days: Days that are withheld and stand in another field of their record that is shown.
        paths: The path of each record that is shown, by its path in the whole library.
        without_files: Whether no attachment is shown.
    """

    library: Library
    finder: Finder
    shown: frozenset[Form]
    days: frozenset[Withheld]
    paths: Mapping[str, str]
    without_files: bool


def reduce_library(
    library: Library, profile: Profile, takes: Callable[[Customer], bool]
) -> ReducedLibrary:
    """Return a library as a profile lets its readers see it.

    Files that cannot be read as records are left out: nobody knows what is in them.

    Args:
        library: The library.
        profile: What is hidden and masked.
        takes: Tells whether a customer is shown at all.
    """
    sorts = FieldSorts(library.config)
    reducer = _Reducer(profile, library.config, sorts)
    shown_ones = [customer for customer in library.customers if takes(customer)]
    numbers = _numbers(shown_ones, library.config)
    kept: list[tuple[str, Customer]] = []
    for customer in library.customers:
        if customer.path in numbers:
            kept.append((customer.path, reducer.customer(customer, numbers[customer.path])))
            reducer.note_unread(library.by_path[customer.path])
        else:
            reducer.leave_out(customer)
    reducer.note_team(library)
    finder = Finder(reducer.withheld)
    paths = {path: customer.path for path, customer in kept}
    without_files = ATTACHMENTS in (*profile.hide, *profile.mask)
    everywhere = _known_everywhere(finder)
    people = {
        each.path: (everywhere, *_withheld_people(each, profile))
        for each in library.customers
        if each.path in paths
    }
    censor = Censor(finder, sorts, paths, people, without_files=without_files)
    records = [(path, censor.customer(path, customer)) for path, customer in kept]
    entries = [
        Entry(customer.path, _empty_lines(customer), customer) for _path, customer in records
    ]
    entries.sort(key=lambda entry: entry.path)
    shown: set[Form] = set()
    days: set[Withheld] = set()
    days_of = _days_of(finder)
    for path, customer in records:
        stands = _Stands.of(path, customer, sorts)
        shown |= stands.shown(finder)
        days |= {day for day in days_of.get(path, ()) if day.value in stands.days}
    return ReducedLibrary(
        Library(
            library.root,
            _reduced_config(library.config, profile, finder, everywhere),
            tuple(entries),
        ),
        finder,
        frozenset(shown),
        frozenset(days),
        paths,
        without_files,
    )


def telling_values(library: Library) -> list[Withheld]:
    """Return what can only be from one record each: names, ids, numbers, addresses, texts."""
    reducer = _Reducer(Profile(""), library.config, FieldSorts(library.config))
    for customer in library.customers:
        reducer.leave_out(customer)
    return list(reducer.withheld)


def _unread(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield what is written where a value should be and is none, with the path of its field."""
    mistaken = {problem.span for problem in entry.problems}
    if not mistaken or entry.customer is None:
        return
    lines = entry.text.split("\n")
    for name, span in entry.customer.spans.items():
        if span in mistaken:
            written = lines[span.line - 1 : span.end_line]
            written[-1] = written[-1][: span.end_column - 1]
            written[0] = written[0][span.column - 1 :]
            yield PLACE_IN_LIST.sub("", name), "\n".join(written)


def _withheld_people(customer: Customer, profile: Profile) -> Iterator[People]:
    """Yield the contacts of a record if their names are withheld; a mask shows family names.

    In other records, nobody knows who is meant by a part of a name.
    """
    is_hidden = "contacts.name" in profile.hide
    if is_hidden or "contacts.name" in profile.mask:
        yield People([person.name for person in customer.contacts], with_families=is_hidden)


def _known_everywhere(finder: Finder) -> People:
    """Return those who are withheld and whom the texts of all records may call by a short name.

    They are the team, and companies. Family names with a form of address are not among them: there
    is a 李总 at many a customer.
    """
    team = {value.value for value in finder.forms if value.field in TEAM}
    unsought = {value.value for value, _ in finder.unsought if value.field in (*TEAM, *_COMPANIES)}
    return People(sorted(team | unsought), with_families=False)


def _numbers(customers: Sequence[Customer], config: Config) -> dict[str, int]:
    """Return a number for each record, by its path, in an order that says nothing about names.

    Readers may know who the customers are and be kept from knowing which is which. So the order
    comes from what they are not given: the settings as they are written, and the contacts.
    """

    def place(customer: Customer) -> bytes:
        told = (
            f"{path} {value}" for path, value in parts(customer) if path.startswith("contacts.")
        )
        text = "\n".join((customer.path, customer.name, *told))
        key = config.fingerprint.encode()
        return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")

    ordered = sorted(customers, key=lambda customer: (place(customer), customer.path))
    return {customer.path: number for number, customer in enumerate(ordered, 1)}


def _empty_lines(customer: Customer) -> str:
    """Return a text that has all lines of a record, and nothing on them."""
    return "\n" * max((followup.end_line for followup in customer.followups), default=0)


class _Reducer:
    """Takes values out of records, and remembers them.

    Attributes:
        withheld: What was taken out, in order.
    """

    def __init__(self, profile: Profile, config: Config, sorts: FieldSorts) -> None:
        self._hidden = frozenset(profile.hide)
        self._masked = frozenset(profile.mask)
        self._translate = translations(config.language).gettext
        self._sorts = sorts
        self._record = ""
        self.withheld: dict[Withheld, None] = {}

    def customer(self, customer: Customer, number: int) -> Customer:
        """Return a record without what is withheld.

        Args:
            customer: The record.
            number: Its number, which takes the place of a name.
        """
        self._record = customer.path
        if ATTACHMENTS in self._hidden | self._masked:
            self._note_links(customer)
        reduced = replace(rebuilt(customer, self._visit), not_duplicate_of=())
        if {"id", "name"} & (self._hidden | self._masked):
            self._note_place(customer)
            name = f"customer-{number}"
            # As deep as the record, so that links to files lead where they did.
            folders = "-/" * (customer.path.count("/") - 1)
            path = f"{RECORDS_DIR}/{folders}{name}.md"
            reduced = replace(reduced, id=name, path=path, aliases=())
        if not reduced.name:
            reduced = replace(reduced, name=self._numbered(Message("Customer {number}"), number))
        contacts = (
            each
            if each.name
            else replace(each, name=self._numbered(Message("Contact {number}"), place))
            for place, each in enumerate(reduced.contacts, 1)
        )
        return replace(reduced, contacts=tuple(contacts))

    def leave_out(self, customer: Customer) -> None:
        """Remember what tells of a record that is not shown at all."""
        self._record = customer.path
        self._note_place(customer)
        self._note_links(customer)
        for path, value in parts(customer):
            if path in TEAM:
                continue  # The team is not the customer's: see `note_team`.
            for each in self._sorts.withheld(value, path, self._record):
                if each.sort is Sort.PROSE or each.telling:
                    self.withheld[each] = None

    def note_unread(self, entry: Entry) -> None:
        """Remember what was written at fields that are withheld and could not be read.

        Nothing shows it, but texts may quote it: two telephone numbers in one field, or a list.
        """
        for path, text in _unread(entry):
            if path in self._hidden | self._masked:
                for part in dict.fromkeys((text, *_BETWEEN_VALUES.split(text))):
                    for each in self._sorts.withheld(part, path, entry.path):
                        self.withheld[each] = None

    def note_team(self, library: Library) -> None:
        """Remember the whole team where it is withheld: texts name colleagues of all customers."""
        if "owner" not in self._hidden | self._masked:
            return
        records = {
            value: customer.path
            for customer in library.customers
            for path, value in parts(customer)
            if path in TEAM
        }
        for owner in library.config.owners:
            records.update(dict.fromkeys((owner.id, owner.label, *owner.others), CONFIG_NAME))
        for name, record in records.items():
            self.withheld[Withheld(name, record, "owner", Sort.NAME, telling=True)] = None

    def _note_place(self, customer: Customer) -> None:
        stem = posixpath.basename(customer.path).removesuffix(".md")
        for text in (customer.id, stem):
            self.withheld[Withheld(text, self._record, "id", Sort.NAME, telling=True)] = None

    def _note_links(self, customer: Customer) -> None:
        for _path, text in parts(customer):
            for path in links_of(self._record, text) if isinstance(text, str) else ():
                if path.startswith(f"{ATTACHMENTS_DIR}/"):
                    for each in (path, posixpath.basename(path)):
                        link = Withheld(each, self._record, ATTACHMENTS, telling=True)
                        self.withheld[link] = None

    def _note(self, value: object, path: str) -> None:
        for inner, each in parts(value, path):
            self.withheld.update(dict.fromkeys(self._sorts.withheld(each, inner, self._record)))

    def _numbered(self, message: Message, number: int) -> str:
        return Message(message.template, {"number": number}).render(self._translate)

    def _visit(self, value: object, path: str) -> object:
        """Return what is left of a value; None where that is nothing."""
        if value is None or value in ((), ""):
            return value
        if path in self._hidden:
            self._note(value, path)
            return self._hidden_text(path)
        if isinstance(value, tuple):
            return tuple(left for each in value if (left := self._visit(each, path)) is not None)
        if is_group(value):
            return rebuilt(value, self._visit, path)
        if path in self._masked:
            self._note(value, path)
            return self._mask(value, path)
        return value

    @staticmethod
    def _hidden_text(path: str) -> str | None:
        # A promise or a line of a contract is still one, without its words.
        return BLACKED_OUT if path in ("followups.commitments.text", "deal.items.name") else None

    def _mask(self, value: object, path: str) -> object:
        # Two people whose names begin alike would become one.
        if self._sorts.is_prose(path) or path in TEAM:
            return self._hidden_text(path)
        return masked(value, name=path in NAMES, kind=self._sorts.kind(path))


class _Stands(Struct, frozen=True):
    """What stands in a record as it is shown.

    Attributes:
        record: The record's path in the whole library.
        fixed: Its names, words and numbers.
        prose: Its sentences.
        days: Its days, in ISO form.
    """

    record: str
    fixed: str
    prose: str
    days: frozenset[str]

    @classmethod
    def of(cls, record: str, customer: Customer, sorts: FieldSorts) -> _Stands:
        """Return what stands in a record."""
        fixed = [customer.path]
        prose: list[str] = []
        days: set[str] = set()
        for path, value in parts(customer):
            if sorts.is_prose(path):
                prose.append(str(value))
            elif isinstance(value, date):
                days.add(f"{value:%Y-%m-%d}")
            else:
                fixed += [each.value for each in sorts.withheld(value, path, record)]
        return cls(record, "\n".join(fixed), "\n".join(prose), frozenset(days))

    def shown(self, finder: Finder) -> set[Form]:
        """Return forms of withheld values that stand in the record, where that is no mistake.

        In its sentences that is what others alone withhold, and what is nobody's alone. All else
        was blacked out there: what is left of it is a leak.
        """
        in_prose = {
            form
            for form in finder.find_in(self.prose)
            if not finder.sharers(form).telling and self.record not in finder.sharers(form).records
        }
        return in_prose | finder.find_in(self.fixed)


def _days_of(finder: Finder) -> dict[str, list[Withheld]]:
    """Return the days that are withheld of each record, by its path."""
    found: defaultdict[str, list[Withheld]] = defaultdict(list)
    for value in finder.forms:
        if value.sort is Sort.DATE:
            found[value.record].append(value)
    return found


def _reduced_config(config: Config, profile: Profile, finder: Finder, everywhere: People) -> Config:
    """Return settings that tell no more than the records do."""
    withheld = frozenset((*profile.hide, *profile.mask))
    owners: Terms[Owner] = Terms(()) if "owner" in withheld else config.owners
    views = tuple(
        view
        for view in config.views
        for text in (f"{view.label}\n{view.query}",)
        if not any(finder.sharers(form).telling for form in finder.find_in(text))
        and not any(everywhere.places(text))
    )
    fingerprint = hashlib.sha256(f"{config.fingerprint} {profile}".encode()).hexdigest()
    return replace(
        config,
        owners=owners,
        views=views,
        fields=tuple(field for field in config.fields if field.key not in withheld),
        costs={} if "value" in withheld else config.costs,
        profiles={},
        edit_url="",
        withholds=True,
        fingerprint=fingerprint,
    )
