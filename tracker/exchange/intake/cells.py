"""From a cell to what a record writes: days, times, money, numbers, telephone numbers, words.

A value is the text that stands in a record afterwards; for lists it is a tuple of texts. What
cannot be one is a `Fault`; the caller keeps its text.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from tracker.exchange.intake.cell_days import read_day
from tracker.exchange.intake.notation import (
    Notation,
    is_nothing,
    is_typed_for_nothing,
    plain_text,
    visible_text,
)
from tracker.exchange.intake.tables import Cell, cell_text
from tracker.exchange.intake.targets import NAME_PARTS
from tracker.format.values import Fault, read_value
from tracker.money import Money, MoneyRange, is_currency, plain_number
from tracker.schema import CONTACT_FIELDS, FRONT_MATTER, NEEDS_FIELDS, Field, Kind
from tracker.text import fold, split_list
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.config import Config
    from tracker.exchange.intake.headers import Heading

Value: TypeAlias = "str | tuple[str, ...]"
"""What a record writes."""

_TEXTS = frozenset({Kind.TEXT, Kind.LIST, Kind.ATTITUDE, Kind.SERVICE, Kind.NEXT})
_OF_PEOPLE = (
    *(field for field in FRONT_MATTER if field.key in {"name", "short"}),
    *CONTACT_FIELDS,
    *NAME_PARTS,
)
"""Texts that are never just a word for nothing: nobody is called 无."""

_SCIENTIFIC = re.compile(r"([0-9])(?:\.([0-9]+))?[eE]\+?([0-9]{1,2})")
_WHOLE = re.compile(r"([0-9]+)\.0+")
_ABOUT = re.compile(
    r"^(?:约|大约|大概|预计|~|≈|about|approx\.?|ca\.?)\s*|\s*(?:左右|上下)$", re.IGNORECASE
)
_CONTINENTAL = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+|\d+),(\d{1,2})(?![\d,])")
_THOUSAND_DOTS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?![\d.,])")
_PLAIN_AMOUNT = re.compile(r"[\d,.\s~～至到–—-]+")
_TEN_THOUSANDS = re.compile(r"(?<=[0-9])\s*[wW](?![A-Za-z])")
_PERCENT = re.compile(r"([+-]?[0-9.,]+)\s*[%％]")
_PARTS = re.compile(
    r"\s*[、,，;；\n]\s*|\s+/\s+|(?<=\d)/(?=[1+0]\d)|\s{2,}|(?<=\d)\s+(?=1\d{10}\b)"
    r"|(?<=\d)\s*(?:&|\b(?:and|or)\b|[和或])\s*(?=[+(]?\d)"
)
_REMARKED = re.compile(r"(.*[0-9])(?:\s*\([^()0-9]+\)|\s+[^()0-9\s]+)")
_BETWEEN_ADDRESSES = re.compile(r"(?:[\s,，;；、]|(?<!\S)(?:[&/和或]|and|or)(?!\S))+")
_ITEMS = re.compile(r"\s*(?:[\n;；]|(?:^|(?<=[\s;；。]))(?:[0-9]{1,2}[.、)）]|[①-⑳]))\s*")
_TICKED = re.compile(r"[☑☒■√✓✔●◉🗹]\s*([^☑☒■√✓✔●◉🗹□☐○◯◻]+)")
_BOXES = re.compile(r"[□☐○◯◻☑☒■√✓✔●◉🗹]")
_MAILTO = re.compile(r"^(?:mailto:)", re.IGNORECASE)
_BARE_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?")


class Reading(Struct, frozen=True):
    """What a cell gives.

    Attributes:
        value: The value; None where the cell says nothing, or nothing that the field takes.
        fault: Why it is not taken.
        rest: What the field has no room for, such as a second telephone number.
    """

    value: Value | None = None
    fault: Fault | None = None
    rest: str = ""


def word_of(cell: Cell) -> str:
    """Return the text of a cell that may be a word of the file, which people give a meaning."""
    return _ticked(visible_text(cell))


def read_cell(cell: Cell, target: Field, heading: Heading, notation: Notation) -> Reading:
    """Return what a cell gives for a field.

    Args:
        cell: The cell.
        target: The field.
        heading: The heading of its column.
        notation: How the file's cells are to be understood.
    """
    if isinstance(cell, tuple) and target.kind is Kind.LIST:
        items = tuple(filter(None, map(plain_text, cell)))
        return Reading(items or None)
    if target.kind in _TEXTS and target not in _OF_PEOPLE:
        text = _ticked(plain_text(cell))
    else:
        text = word_of(cell)
    if says_nothing(text, target, notation):
        return Reading()
    reader = _READERS.get(target.kind)
    if reader is None:
        return Reading(text)
    text = notation.words.get(fold(text), text)
    reading = reader(cell, text, target, heading, notation)
    if isinstance(reading.value, str):
        found = read_value(target, reading.value, notation.config)
        if isinstance(found, Fault):
            return Reading(None, found)
        return Reading(_written(reading.value, found, target, notation.config), None, reading.rest)
    return reading


def says_nothing(text: str, target: Field, notation: Notation) -> bool:
    """Tell whether a text says that there is nothing to say.

    Args:
        text: The text of a cell.
        target: The field that it is for.
        notation: How the file's cells are to be understood.
    """
    if is_nothing(text):
        return True
    if not is_typed_for_nothing(text) or (target.kind in _TEXTS and target not in _OF_PEOPLE):
        return False
    return not _is_word(target, text, notation)


def _is_word(target: Field, text: str, notation: Notation) -> bool:
    words = notation.config.terms(target.vocabulary).find(text) if target.vocabulary else None
    return words is not None or fold(text) in map(fold, target.choices)


def _written(text: str, value: object, target: Field, config: Config) -> str:
    """Return a value as a record of the workspace spells it."""
    if target.kind is Kind.WORD and isinstance(value, str):
        return config.terms(target.vocabulary or "").label(value)
    if isinstance(value, (Money, MoneyRange)):
        return str(value)
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if target.kind in {Kind.CHOICE, Kind.OWNER} and isinstance(value, str):
        return value
    return text


def _ticked(text: str) -> str:
    """Return what is ticked among the boxes of a form: `□展会 ☑转介绍` gives `转介绍`."""
    if len(text) == 1 or not _BOXES.search(text):
        return text
    return "、".join(part.strip(" \n,，、;；") for part in _TICKED.findall(text))


def _date(cell: Cell, _: str, __: Field, ___: Heading, notation: Notation) -> Reading:
    found = read_day(cell, notation)
    if isinstance(found, Message):
        return Reading(None, Fault("invalid-date", found))
    if found is None:
        return Reading()
    # The time of day belongs to follow-ups alone; they read it themselves.
    return Reading(found[0].isoformat())


def _phone(cell: Cell, text: str, target: Field, _: Heading, notation: Notation) -> Reading:
    text = unicodedata.normalize("NFKC", text)
    if match := _SCIENTIFIC.fullmatch(text):
        # Only where all digits are there: `1.39E+10` has lost most of them.
        digits = match[1] + (match[2] or "")
        lost = len(digits) <= int(match[3])
        text = text if lost else digits[: int(match[3]) + 1]
    elif match := _WHOLE.fullmatch(text):
        text = match[1]
    elif isinstance(cell, float):
        text = cell_text(cell)
    if not isinstance(read_value(target, text, notation.config), Fault):
        return Reading(text)
    first, *others = [part for part in _PARTS.split(text) if part] or [text]
    remarked = _REMARKED.fullmatch(first)  # `13800001111(微信同号)`
    if remarked and not isinstance(read_value(target, remarked[1], notation.config), Fault):
        first, others = remarked[1], [first, *others]
    return Reading(first, rest="\n".join(others))


def _email(_: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    parts = _BETWEEN_ADDRESSES.split(unicodedata.normalize("NFKC", text))
    first, *others = [_MAILTO.sub("", part).strip("<>") for part in parts if part] or [text]
    return Reading(first, rest="\n".join(others))


def _url(_: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    first, *others = text.split()
    first = first if "://" in first or not _BARE_HOST.fullmatch(first) else f"https://{first}"
    return Reading(first, rest="\n".join(others))


def _slug(cell: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    text = unicodedata.normalize("NFKC", text)
    if not isinstance(cell, str) or not (match := _WHOLE.fullmatch(text)):
        return Reading(text.replace(" ", "-"))
    return Reading(match[1])


def _money(cell: Cell, text: str, target: Field, heading: Heading, notation: Notation) -> Reading:
    text = _ABOUT.sub("", unicodedata.normalize("NFKC", text)).strip()
    if isinstance(cell, str):
        text = _CONTINENTAL.sub(lambda match: f"{match[1].replace('.', '')}.{match[2]}", text)
        text = _THOUSAND_DOTS.sub(lambda match: match[0].replace(".", ""), text)
        text = _TEN_THOUSANDS.sub("万", text)  # As it is typed in chats.
    currency = heading.currency or notation.currency
    if _PLAIN_AMOUNT.fullmatch(text):
        text = f"{text}{heading.multiplier}"
    if currency and is_currency(currency) and not _names_currency(text, target, notation):
        text = f"{text} {currency}"
    return Reading(text)


def _names_currency(text: str, target: Field, notation: Notation) -> bool:
    """Tell whether an amount says its currency itself: with one more it would have two."""
    for code in ("XTS", "XXX"):
        if isinstance(read_value(target, f"{text} {code}", notation.config), Fault):
            return True
    return False


def _number(_: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    text = unicodedata.normalize("NFKC", text).lstrip("#").strip()
    if match := _PERCENT.fullmatch(text):
        share = Decimal(match[1].replace(",", "")) / 100
        return Reading(plain_number(share))
    return Reading(text)


def _bool(cell: Cell, text: str, _: Field, __: Heading, ___: Notation) -> Reading:
    if isinstance(cell, bool):
        return Reading("yes" if cell else "no")
    return Reading({"√": "yes", "✓": "yes", "x": "no"}.get(fold(text), text))


def _word(_: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    return Reading(" ".join(text.split()))


def _owner(_: Cell, text: str, __: Field, ___: Heading, ____: Notation) -> Reading:
    return Reading(" ".join(text.split()))


def _list(_: Cell, text: str, target: Field, __: Heading, ___: Notation) -> Reading:
    """Split at line breaks, semicolons and numbers; words in a row, unlike needs, at commas too."""
    items = [part.strip(" \n、,，").lstrip("•·").strip() for part in _ITEMS.split(text)]
    items = [item for item in items if item]
    words = split_list(text)
    if target not in NEEDS_FIELDS and len(items) == 1 and max(map(len, words)) <= _SHORT_ITEM:
        items = list(words)
    return Reading(tuple(items) or None)


_SHORT_ITEM = 12
"""Characters of an item, at most, that stands in a row of several without being a sentence."""

_READERS: dict[Kind, Callable[[Cell, str, Field, Heading, Notation], Reading]] = {
    Kind.DATE: _date,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.URL: _url,
    Kind.SLUG: _slug,
    Kind.MONEY: _money,
    Kind.MONEY_RANGE: _money,
    Kind.NUMBER: _number,
    Kind.BOOL: _bool,
    Kind.WORD: _word,
    Kind.CHOICE: _word,
    Kind.OWNER: _owner,
    Kind.LIST: _list,
}
