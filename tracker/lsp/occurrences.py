"""What a record names, and where: customers, contacts, quotes, words of the vocabulary, people.

Going to a definition, finding references, telling about what is under the pointer and renaming all
begin here.
"""

from __future__ import annotations

import posixpath
import re
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct

from tracker.diagnostics import Span
from tracker.format.followup import HEADING, NEXT, SIGNS
from tracker.format.frontmatter import body_of
from tracker.format.sections import read_content, split_body
from tracker.schema import CONTACT_FIELDS, FRONT_MATTER, LOSS_FIELDS, Kind, by_spelling
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.config import Config, Terms
    from tracker.format.sections import Piece, Section
    from tracker.library.library import Entry, Library
    from tracker.model import Customer, FollowUp
    from tracker.schema import Field

OWNERS = "owners"
"""Name of the vocabulary of salespeople."""

_LINK = re.compile(r"\]\([ \t]*<?(?P<target>[^\s()<>#?]+\.md)")
_ITEM = re.compile(r"[^、,，;；]+")
_ARROW = re.compile(r"[-=—–－]*[>＞]|[→⇒➔➜⟶]")
_WORD_END = re.compile(r"[\s,，;；:：、。|(（#＃]|$")
_PROMISER = re.compile(r"(?<![^\s,，;；、。)）])[@＠](?P<name>[^\s@＠,，;；、。()（）0-9０-９].*)")
_BLANKS = " \t\u3000"
_MOST_ARROWS = 8
_LONGEST = 200
"""Characters within which a word ends."""


class Sort(Enum):
    """Kind of what is named."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    QUOTE = "quote"
    WORD = "word"


class Named(Struct, frozen=True):
    """What a name stands for.

    Attributes:
        sort: Its kind.
        name: The id of a word, the path of a customer's record, else the name itself.
        within: For words the name of their vocabulary; for contacts and quotes the path of the
            record that they belong to.
    """

    sort: Sort
    name: str
    within: str = ""


class Occurrence(Struct, frozen=True):
    """One place at which something is named.

    Attributes:
        what: What is named.
        span: The name, in one line.
        defines: Whether it is said here what it is.
        is_yaml: Whether it is a value of the front matter, which may need quotes.
    """

    what: Named
    span: Span
    defines: bool = False
    is_yaml: bool = False


def occurrences_in(entry: Entry, library: Library) -> Iterator[Occurrence]:
    """Yield what a record names; nothing for a file that has no record.

    Args:
        entry: The file.
        library: The workspace.
    """
    if entry.customer:
        yield from _Reader(entry, entry.customer, library).read()


class _Reader:
    def __init__(self, entry: Entry, customer: Customer, library: Library) -> None:
        self._path = entry.path
        self._text = entry.text
        self._customer = customer
        self._library = library
        self._config: Config = library.config
        self._lines = entry.text.split("\n")

    def read(self) -> Iterator[Occurrence]:
        yield from self._front_matter()
        followups = {followup.span.line: followup for followup in self._customer.followups}
        for section in split_body(*body_of(self._text)).sections:
            yield from self._links(section)
            if followup := followups.get(section.line):
                yield from self._heading(section, followup)
                yield from self._content(section)

    # --- Front matter -----------------------------------------------------------------------------

    def _front_matter(self) -> Iterator[Occurrence]:
        customer = self._customer
        for key in ("name", "id"):
            yield from self._value(key, Named(Sort.CUSTOMER, self._path), defines=True)
        for index, contact in enumerate(customer.contacts):
            named = Named(Sort.CONTACT, contact.name, self._path)
            yield from self._value(f"contacts[{index}].name", named, defines=True)
            yield from self._words(CONTACT_FIELDS, contact, f"contacts[{index}].")
        for index, offer in enumerate(customer.offers):
            if offer.quote:
                named = Named(Sort.QUOTE, offer.quote, self._path)
                yield from self._value(f"offers[{index}].quote", named, defines=True)
        for index, name in enumerate(customer.not_duplicate_of):
            if other := self._library.by_any_id.get(fold(name)):
                named = Named(Sort.CUSTOMER, other.path)
                yield from self._value(f"not_duplicate_of[{index}]", named)
        yield from self._words(FRONT_MATTER, customer, "")
        yield from self._words(LOSS_FIELDS, customer.lost, "lost.")
        if customer.owner:
            yield from self._value("owner", Named(Sort.WORD, customer.owner, OWNERS))

    def _words(self, fields: tuple[Field, ...], group: object, prefix: str) -> Iterator[Occurrence]:
        for field in fields:
            if field.vocabulary and (term := getattr(group, field.key, None)):
                yield from self._value(f"{prefix}{field.key}", _word(term, field.vocabulary))

    def _value(self, path: str, named: Named, *, defines: bool = False) -> Iterator[Occurrence]:
        span = self._customer.spans.get(path)
        if span and span.line == span.end_line and span.column < span.end_column:
            yield Occurrence(named, span, defines, is_yaml=True)

    # --- Links ------------------------------------------------------------------------------------

    def _links(self, section: Section) -> Iterator[Occurrence]:
        folder = posixpath.dirname(self._path)
        for number, line, fenced in section.lines:
            if fenced or "](" not in line:
                continue
            for match in _LINK.finditer(line):
                path = posixpath.normpath(posixpath.join(folder, unquote(match["target"])))
                if path in self._library.by_path:
                    span = Span.of_line(number, match.start("target") + 1, len(match["target"]))
                    yield Occurrence(Named(Sort.CUSTOMER, path), span)

    # --- Follow-ups -------------------------------------------------------------------------------

    def _heading(self, section: Section, followup: FollowUp) -> Iterator[Occurrence]:
        match = HEADING.match(section.heading)
        if match is None or not match["rest"]:
            return
        at = section.column + match.start("rest")
        rest = match["rest"]
        if followup.method:
            length = _leading(self._config.methods, rest, followup.method)
            if length:
                span = Span.of_line(section.line, at, length)
                yield Occurrence(_word(followup.method, "methods"), span)
            at += length
            rest = rest[length:]
        who = rest.strip(f"{SIGNS}{_BLANKS}")
        if who and followup.who_written and self._config.owner_name(who) == followup.who:
            span = Span.of_line(section.line, at + rest.index(who), len(who))
            yield Occurrence(_word(followup.who, OWNERS), span)

    def _content(self, section: Section) -> Iterator[Occurrence]:
        fields = by_spelling(self._config.all_followup_fields)
        content = read_content(section, lambda key: fold(key) in fields)
        for piece in content.fields:
            field = fields[fold(piece.key)]
            if read := _PIECES.get(field.kind):
                yield from read(self, piece, field)
        for piece in content.tasks:
            yield from self._promiser(piece)

    def _items(self, piece: Piece, sort: Sort, names: Sequence[str]) -> Iterator[Occurrence]:
        """Yield the items of a list, each by the name that the front matter has for it."""
        known = {fold(name): name for name in reversed(names)} | {name: name for name in names}
        for match in _ITEM.finditer(_first_line(piece)):
            name = match[0].strip()
            if name:
                start = match.start() + match[0].index(name)
                named = Named(sort, known.get(name) or known.get(fold(name), name), self._path)
                yield Occurrence(named, _within(piece, start, len(name)))

    def contacts(self, piece: Piece, _: Field) -> Iterator[Occurrence]:
        names = [contact.name for contact in self._customer.contacts]
        yield from self._items(piece, Sort.CONTACT, names)

    def quotes(self, piece: Piece, _: Field) -> Iterator[Occurrence]:
        names = [offer.quote for offer in self._customer.offers if offer.quote]
        yield from self._items(piece, Sort.QUOTE, names)

    def leading_word(self, piece: Piece, field: Field) -> Iterator[Occurrence]:
        yield from self._word_at(piece, field.vocabulary or "", 0)

    def change(self, piece: Piece, field: Field) -> Iterator[Occurrence]:
        line = _first_line(piece)
        arrows = islice(_ARROW.finditer(line), _MOST_ARROWS)
        for start in (0, *(match.end() for match in arrows)):
            yield from self._word_at(piece, field.vocabulary or "", start)

    def step(self, piece: Piece, _: Field) -> Iterator[Occurrence]:
        match = NEXT.match(_first_line(piece))
        if match:
            yield from self._word_at(piece, "methods", match.start("rest"))

    def _word_at(self, piece: Piece, vocabulary: str, start: int) -> Iterator[Occurrence]:
        """Yield the word that stands at a place of a piece's first line, if one does."""
        line = _first_line(piece)
        start += len(line[start:]) - len(line[start:].lstrip(_BLANKS))
        terms = self._config.terms(vocabulary)
        length = _leading(terms, line[start:])
        if length and (term := terms.find(line[start : start + length])):
            yield Occurrence(_word(term.id, vocabulary), _within(piece, start, length))

    def _promiser(self, piece: Piece) -> Iterator[Occurrence]:
        for match in _PROMISER.finditer(_first_line(piece)):
            owners = self._config.owners
            length = _leading(owners, match["name"])
            if length and (owner := owners.find(match["name"][:length])):
                span = _within(piece, match.start("name"), length)
                yield Occurrence(_word(owner.label, OWNERS), span)


_PIECES = {
    Kind.CONTACTS: _Reader.contacts,
    Kind.OFFERS: _Reader.quotes,
    Kind.ATTITUDE: _Reader.leading_word,
    Kind.SERVICE: _Reader.leading_word,
    Kind.CHANGE: _Reader.change,
    Kind.NEXT: _Reader.step,
}


def _word(term: str, vocabulary: str) -> Named:
    return Named(Sort.WORD, term, vocabulary)


def _first_line(piece: Piece) -> str:
    return piece.text.partition("\n")[0]


def _within(piece: Piece, start: int, length: int) -> Span:
    return Span.of_line(piece.span.line, piece.span.column + start, length)


def _leading(terms: Terms, text: str, term_id: str | None = None) -> int:  # type: ignore[type-arg]  # words of any kind
    """Return how much of a text's beginning is a word; 0 where it begins with none.

    Args:
        terms: The words.
        text: The text.
        term_id: The word that it must be; None for any.
    """
    text = text[:_LONGEST]
    ends = [match.start() for match in _WORD_END.finditer(text)][: terms.longest + 1]
    for end in reversed(ends):
        term = terms.find(text[:end]) if end else None
        if term and term_id in (None, term.id):
            return end
    return 0
