"""Finding customers by any words: names, contacts, numbers, tags, and all that was said.

Several words are and-ed; each may be anywhere. The site's search, `assets/search.js`, finds the
same customers and orders them in the same way: by where the words were found, then by the last
contact.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from tracker.insight.search_texts import quotes_of, said_of
from tracker.sounds import sound_run, sounds_of, typed_letters
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tracker.config import Config
    from tracker.diagnostics import Span
    from tracker.insight.day import Day, Standing
    from tracker.insight.search_texts import Said
    from tracker.library.library import Library
    from tracker.model import Customer, FollowUp

LONGEST = 100
"""Characters of what is looked for; the rest is left out."""

_WORTH = {
    "name": (100, 90, 70),
    "contact": (64, 60, 56),
    "phone": (54, 53, 34),
    "number": (52, 50, 48),
    "tag": (44, 42, 40),
    "detail": (32, 31, 30),
    "text": (10, 10, 10),
}
"""What a hit is worth: where all of a line is what was asked for, its beginning, any of it."""

_LESS_BY_SOUND = 2

_TYPED_NUMBER = re.compile(r"[+()./ 0-9]+")
_NOT_DIGIT = re.compile(r"[^0-9]")
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]")
_GAP = re.compile(r"[\s_-]")


class Word(NamedTuple):
    """A word that is looked for.

    Attributes:
        text: It, folded.
        digits: Its digits, where it may be a part of a telephone number.
        compact: Its letters and digits alone, where it may be a part of a number of a quote.
        sound: The letters that may stand for a sound.
    """

    text: str
    digits: str
    compact: str
    sound: str


_AND = frozenset({"and", "&"})


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words that a text asks for, each once.

    An and among others is none: `smith and sons` is Smith & Sons, too.
    """
    words = dict.fromkeys(filter(None, map(fold, text[:LONGEST].split())))
    return tuple(map(_word, [word for word in words if word not in _AND] or words))


def _word(text: str) -> Word:
    digits = _digits(text) if _TYPED_NUMBER.fullmatch(text) else ""
    return Word(
        text,
        digits if len(digits) > 1 else "",
        _compact(text) if any(map(str.isnumeric, text)) else "",
        typed_letters(text),
    )


Mark = tuple[int, int]
"""A stretch of a text, from and to."""


class Place(Struct, frozen=True):
    """Where words were found.

    Attributes:
        kind: `name`, `short`, `contact`, `quote`, `contract` or `tag`; or the place of a text, as
            `tracker.insight.search_texts` names them.
        text: What stands there.
        marks: Where the words stand in the text, in order, apart from one another.
        line: The line of the record in which the first of them stands.
        followup: The dated section, for a text in one.
    """

    kind: str
    text: str
    marks: tuple[Mark, ...]
    line: int
    followup: FollowUp | None = None


class Hit(Struct, frozen=True):
    """A customer that has all words.

    Attributes:
        standing: The customer.
        worth: What the places of the words are worth together.
        places: Where they were found: names and numbers first, then texts, those that hold most of
            the remaining words first.
    """

    standing: Standing
    worth: int
    places: tuple[Place, ...]


def search(
    day: Day, text: str, takes: Callable[[Standing], bool] = lambda _: True
) -> tuple[Hit, ...]:
    """Return the customers that have all words of a text, the likeliest first.

    Args:
        day: The customers on a day.
        text: The words.
        takes: Which customers may be found.
    """
    words = words_of(text)
    if not words:
        return ()
    found = []
    for standing in filter(takes, day.standings):
        head = _head(standing.customer)
        said = tuple(said_of(standing.customer, day.library.config))
        folded = [fold(each.text) for each in said]
        worths = [_worth(word, head, folded) for word in words]
        if all(worths):
            found.append((sum(worths), standing, head, said))
    found.sort(key=lambda entry: _last_contact(entry[1]), reverse=True)
    found.sort(key=lambda entry: -entry[0])
    return tuple(
        Hit(standing, worth, tuple(_places(words, standing.customer, head, said, day.library)))
        for worth, standing, head, said in found
    )


def _last_contact(standing: Standing) -> str:
    return standing.status.last_contact.isoformat() if standing.status.last_contact else ""


# --- Names and numbers ------------------------------------------------------------------------


class _Field(NamedTuple):
    """A name, a number or a detail of a customer.

    Attributes:
        kind: What it is, as `_WORTH` has it.
        text: It.
        path: The path of the value in the front matter.
    """

    kind: str
    text: str
    path: str

    @property
    def sounds(self) -> bool:
        return self.kind in {"name", "contact", "tag"}


class _Line(NamedTuple):
    """Fields that are shown together: a contact with its telephone number.

    Attributes:
        kind: The kind of the place.
        fields: Those that are always shown.
        others: Those that are shown where a word is in them.
    """

    kind: str
    fields: tuple[_Field, ...]
    others: tuple[_Field, ...] = ()


def _head(customer: Customer) -> tuple[_Line, ...]:
    lines = [_Line("name", (_Field("name", customer.name, "name"),))]
    if customer.short:
        lines.append(_Line("short", (_Field("name", customer.short, "short"),)))
    for number, contact in enumerate(customer.contacts):
        path = f"contacts[{number}]"
        fields = [
            _Field("contact", contact.name, f"{path}.name"),
            _Field("detail", contact.title or "", f"{path}.title"),
            _Field("phone", contact.phone or "", f"{path}.phone"),
        ]
        others = [
            _Field("detail", getattr(contact, name) or "", f"{path}.{name}")
            for name in ("email", "wechat", "im")
        ]
        lines.append(_Line("contact", _filled(fields), _filled(others)))
    quotes = {offer.quote: number for number, offer in reversed(list(enumerate(customer.offers)))}
    lines += [
        _Line("quote", (_Field("number", quote, f"offers[{quotes[quote]}].quote"),))
        for quote in quotes_of(customer)
    ]
    if customer.deal and customer.deal.contract:
        contract = _Field("number", customer.deal.contract, "deal.contract")
        lines.append(_Line("contract", (contract,)))
    lines += [
        _Line("tag", (_Field("tag", tag, f"tags[{number}]"),))
        for number, tag in enumerate(customer.tags)
    ]
    return tuple(lines)


def _filled(fields: Iterable[_Field]) -> tuple[_Field, ...]:
    return tuple(field for field in fields if field.text)


# --- What a hit is worth ----------------------------------------------------------------------


def _worth(word: Word, head: Sequence[_Line], said: Iterable[str]) -> int:
    """Return what a customer is worth for a word; 0 where it does not have it."""
    worths = [
        worth
        for line in head
        for field in (*line.fields, *line.others)
        for worth in _field_worths(word, field)
    ]
    if not worths and any(word.text in text for text in said):
        return _WORTH["text"][0]
    return max(worths, default=0)


def _field_worths(word: Word, field: _Field) -> Iterator[int]:
    folded = fold(field.text)
    worths = _WORTH["detail" if field.kind == "phone" else field.kind]
    if word.text in folded:
        yield worths[_grade(folded, word.text)]
    if field.kind == "number" and word.compact and word.compact in _compact(folded):
        yield worths[_grade(_compact(folded), word.compact)]
    if field.kind == "phone" and word.digits and word.digits in (digits := _digits(folded)):
        # People remember how a telephone number ends.
        grade = 2 - digits.endswith(word.digits) - (digits == word.digits)
        yield _WORTH["phone"][grade]
    if field.sounds and word.sound:
        sounds = _sounds(field.text)
        if run := sound_run(sounds, word.sound):
            first, last = run
            grade = 2 if first else int(last < len(sounds) - 1)
            yield worths[grade] - _LESS_BY_SOUND


_sounds = lru_cache(maxsize=65536)(sounds_of)


def _grade(line: str, text: str) -> int:
    if not line.startswith(text):
        return 2
    return int(len(line) > len(text))


def _compact(text: str) -> str:
    return _NEITHER_LETTER_NOR_DIGIT.sub("", text)


def _digits(text: str) -> str:
    return _NOT_DIGIT.sub("", text)


# --- Where the words are ----------------------------------------------------------------------


def _places(
    words: Sequence[Word],
    customer: Customer,
    head: Sequence[_Line],
    said: Sequence[Said],
    library: Library,
) -> Iterator[Place]:
    missing = []
    in_head: dict[int, list[Word]] = {}
    for word in words:
        # A word that is in the name is looked for in no contact; else the first line has it.
        names = [at for at, line in enumerate(head) if line.kind in {"name", "short"}]
        rest = [at for at in range(len(head)) if at not in names]
        found = [at for at in names if _in_line(head[at], word)]
        found = found or [at for at in rest if _in_line(head[at], word)][:1]
        for at in found:
            in_head.setdefault(at, []).append(word)
        if not found:
            missing.append(word)
    for at in sorted(in_head):
        yield _head_place(head[at], in_head[at], customer)
    counted = [(sum(word.text in fold(each.text) for word in missing), each) for each in said]
    lines = library.by_path[customer.path].text.split("\n")
    for count, each in sorted(counted, key=lambda pair: -pair[0]):
        if count:
            yield _said_place(each, missing, customer, lines)


def _in_line(line: _Line, word: Word) -> bool:
    return any(any(_field_worths(word, field)) for field in (*line.fields, *line.others))


def _head_place(line: _Line, words: Sequence[Word], customer: Customer) -> Place:
    text = ""
    marks: list[Mark] = []
    first: Span | None = None
    for number, field in enumerate((*line.fields, *line.others)):
        found = [mark for word in words for mark in _field_marks(field, word)]
        if number >= len(line.fields) and not found:
            continue
        start = len(text) + 1 if text else 0
        text = f"{text} {field.text}" if text else field.text
        marks += [(begin + start, end + start) for begin, end in found]
        if found and first is None:
            first = customer.span(field.path)
    place = first or customer.span(line.fields[0].path)
    return Place(line.kind, text, _apart(marks), place.line)


def _field_marks(field: _Field, word: Word) -> list[Mark]:
    marks = _marks(field.text, word.text)
    if not marks and field.kind == "number" and word.compact:
        marks = _marks(field.text, word.compact, compactly=True)
    if not marks and field.kind == "phone" and word.digits:
        marks = _marks(field.text, word.digits, compactly=True)
    if not marks and field.sounds and word.sound:
        sounds = _sounds(field.text)
        if run := sound_run(sounds, word.sound):
            marks = [(sounds[run[0]].start, sounds[run[1]].end)]
    return marks


def _said_place(
    said: Said, words: Sequence[Word], customer: Customer, lines: Sequence[str]
) -> Place:
    marks = [mark for word in words for mark in _marks(said.text, word.text)]
    if said.followup:
        first, last = said.followup.span.line, said.followup.end_line
    else:
        first, last = _lines_of(said.place, customer, lines)
    texts = [fold(line) for line in lines[first - 1 : last]]
    written = (
        first + number
        for number, text in enumerate(texts)
        if any(word.text in text for word in words)
    )
    # Written in other words, such as an alias of the source: where the source is.
    line = next(written, customer.span("source").line if said.place == "standing" else first)
    return Place(said.place, said.text, _apart(marks), line, said.followup)


def _lines_of(place: str, customer: Customer, lines: Sequence[str]) -> tuple[int, int]:
    """Return the first and the last line in which a text that is no dated section may stand."""
    matter_end = max((span.end_line for span in customer.spans.values()), default=1)
    match place:
        case "notes":
            return min(matter_end + 1, len(lines)), len(lines)
        case "company" | "standing":
            # Any value of the front matter may be part of them.
            return 1, matter_end
        case _:
            return customer.span(place).line, matter_end


def _apart(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks in order, those that touch or overlap as one."""
    joined: list[Mark] = []
    for start, end in sorted(marks):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _marks(text: str, wanted: str, *, compactly: bool = False) -> list[Mark]:
    """Return where a folded text stands in one as it is written."""
    folded, origins = _folded(text, compactly=compactly)
    marks = []
    at = folded.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        marks.append((origins[at], origins[end - 1] + 1))
        at = folded.find(wanted, end)
    return marks


def _folded(text: str, *, compactly: bool) -> tuple[str, list[int]]:
    """Fold a text character by character, so as to know where each came from."""
    folded: list[str] = []
    origins: list[int] = []
    for at, char in enumerate(text):
        piece = " " if _GAP.match(char) else unicodedata.normalize("NFKC", char).casefold()
        if compactly:
            piece = _compact(piece)
        elif piece == " " and folded and folded[-1] == " ":
            continue
        folded += piece
        origins += [at] * len(piece)
    return "".join(folded), origins


# --- Rows -------------------------------------------------------------------------------------

SEARCH_COLUMNS: dict[str, Callable[[Hit, Place, Config], Any]] = {
    "id": lambda h, _p, _c: h.standing.customer.id,
    "name": lambda h, _p, _c: h.standing.customer.name,
    "path": lambda h, _p, _c: h.standing.customer.path,
    "line": lambda _h, p, _c: p.line,
    "place": lambda _h, p, _c: p.kind,
    "date": lambda _h, p, _c: p.followup and p.followup.date.isoformat(),
    "text": lambda _h, p, _c: p.text,
    "found": lambda _h, p, _c: [p.text[start:end] for start, end in p.marks],
    "stage": lambda h, _p, c: c.stages.label(h.standing.customer.stage) or None,
    "owner": lambda h, _p, _c: h.standing.customer.owner,
    "worth": lambda h, _p, _c: h.worth,
}
"""The columns of what was found in their order, each with how it is read; a row is a place."""


def search_rows(hits: Iterable[Hit], config: Config) -> Iterator[dict[str, Any]]:
    """Yield the places of all hits as rows."""
    for hit in hits:
        for place in hit.places:
            yield {name: read(hit, place, config) for name, read in SEARCH_COLUMNS.items()}
