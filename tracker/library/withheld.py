"""Values that a site must not hold, and finding them in texts, however they are written there.

A value is sought in every form that people and programs give it: a telephone number with blanks,
hyphens or a country code, an amount with separators or units (`1,200,000`, `120万`, `1.2M`), a name
in either width or case and in pinyin, a text without its Markdown. Thousands of values are sought
in one pass: texts are reduced to their letters and digits, searched with an Aho-Corasick automaton,
and whatever it finds is held against a regular expression that knows where words and numbers end.

Not every value can be sought. One letter stands on every page, and so does the day of many a
talk: `Finder.unsought` names such values with the reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property
from itertools import chain, pairwise, product
from math import prod
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tracker.library.forms_of_address import family_and_given
from tracker.library.plain_reading import folded, readings, without_accents
from tracker.pinyin import readings as pinyin_readings
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ahocorasick_rs import AhoCorasick


class Sort(StrEnum):
    """What a value is, which decides how it is sought."""

    NAME = "name"
    PHONE = "phone"
    AMOUNT = "amount"
    DATE = "date"
    WORD = "word"
    PROSE = "prose"


class Withheld(Struct, frozen=True):
    """A value that must not be found.

    Attributes:
        value: The value as the record has it; an amount as a plain decimal, a day in ISO form.
        record: The record's path.
        field: The field's path, such as `contacts.phone`.
        sort: What it is.
        telling: Whether it is one customer's or one person's alone, wherever it stands.
    """

    value: str
    record: str
    field: str
    sort: Sort = Sort.WORD
    telling: bool = False


class Reason(StrEnum):
    """Why a value is not sought."""

    SHORT = "short"
    OWN_FILES = "own-files"
    FIGURES = "figures"
    SHOWN = "shown"

    @property
    def message(self) -> Message:
        """Return the reason in words."""
        return _REASONS[self]


_REASONS = {
    Reason.SHORT: Message("too short or too common to be told from other text"),
    Reason.OWN_FILES: Message("a day, which is sought in the files of its own record alone"),
    Reason.FIGURES: Message(
        "an amount that a figure on another page may equal by chance, as other amounts are shown"
    ),
    Reason.SHOWN: Message("it also stands where it is shown"),
}

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)

LEAST_WEIGHT = 4
"""Letters and digits that a value needs to be sought; a Chinese character counts as two."""

LEAST_WORD_WEIGHT = 6
"""The same for values that are neither names nor numbers: short words are in many texts."""

LEAST_DIGITS = 7
"""Digits that a telephone number needs."""

LEAST_AMOUNT = 10_000
"""Amount below which one is not sought: counts, years and shares are such numbers too."""

_LEAST_OWN_AMOUNT = 1_000
"""The same for texts of the amount's own record, where such a number is no accident."""

_SURE_WEIGHT = 20
"""From here on no text can have the same letters by chance, across words or not."""

_PIECE = 12
"""Characters of the pieces in which long texts are sought, so that excerpts are found too."""

_MOST_READINGS = 32
"""Ways to read a Chinese name in pinyin that are sought: of a longer name, the common one."""

_LONGEST_PERSON = 4
"""Chinese characters of a person's name."""

_MOST_WORDS = 3
"""Words of a person's name that is not Chinese."""

_NOT_COMPACT = re.compile(r"[\W_]+")
_GAP = r"[\W_]{0,3}?"
_UNSEEN = r"\u00ad\u200b-\u200f\u2060-\u2069\ufeff"
_CHINESE_GAP = rf"[ {_UNSEEN}]{{0,2}}(?:\r?\n[ \t]{{0,8}}){{0,2}}"
"""What may stand between two Chinese characters of a word: the end of a line, no mark that ends a
clause."""

_PHONE_GAP = rf"(?:[ \t().\-\u2010-\u2015·/~*\\{_UNSEEN}_]{{0,4}}|(?:\r?\n[ \t]{{0,8}}){{1,2}})"
_EXTENSION = re.compile(r"\s*(?:x|ext\.?|转|分机)\s*", re.IGNORECASE)
_HYPHENED_EXTENSION = re.compile(r"(?<=[0-9]{7})\s?-\s?[0-9]{1,6}$")
_AREA = re.compile(r"(?:\(0?[0-9]{2,4}\)|0[0-9]{2,3}(?=[\s-]))[\s-]*(?=[0-9])")
_CHINESE_AREA = re.compile(r"^(?:86)?0?(?:10|2[0-9]|[3-9][0-9]{2})(?=[0-9]{7,8}$)")
_AMERICAN_AREA = re.compile(
    r"(?:\+1[\s.-]*\(?[2-9][0-9]{2}\)?[\s.-]*|(?:1[\s.-]+)?(?:\([2-9][0-9]{2}\)|[2-9][0-9]{2}[\s.-])"
    r"[\s.-]*)(?=[2-9][0-9]{2}[\s.-]*[0-9]{4}$)"
)
_COUNTRY_DIGITS = (1, 2, 3)
_LEAST_NATIONAL = 8
_CURRENCY = "rmb|cny|usd|eur|gbp|hkd|jpy|chf|aud|cad|sgd|twd|krw|inr"
_DIGITS = r"(?:[0-9]{1,3}(?:[,'][0-9]{3})+|[0-9]+)(?![0-9])(?:\.[0-9]+)?"
_NUMBER = re.compile(
    rf"(?=[0-9])(?:(?<![a-z0-9])|(?<={_CURRENCY}))(?<![0-9][.])"
    rf"(?:({_DIGITS})\s?(?:[-~\u2010-\u2015]|至|到|to)\s?)?({_DIGITS})"
    r"(?:\s?(百万|千万|[千万萬亿億]|k|w|mm|mn|mln|m|thousand|million|mio))?"
    rf"(?:(?![a-z0-9])|(?=(?:{_CURRENCY})(?![a-z0-9])))"
)
_UNITS = {
    "千": 10**3,
    "k": 10**3,
    "thousand": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "w": 10**4,
    "百万": 10**6,
    "m": 10**6,
    "mm": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "億": 10**8,
}


def compact(text: str) -> str:
    """Return the letters and digits of a folded text."""
    return _NOT_COMPACT.sub("", text)


def numbers_in(text: str, least: int = LEAST_AMOUNT) -> Iterator[tuple[Decimal, tuple[int, int]]]:
    """Yield the numbers from the least amount on in a folded text, with where they stand.

    Both ends of a range stand where all of it does: the unit in `45-50万` may be that of both.
    """
    for match in _NUMBER.finditer(text):
        low, high, unit = match.groups()
        # Most numbers are far too small for an amount, and need not be read exactly.
        if not unit and max(len(low or ""), len(high)) < len(str(least)):
            continue
        factor = _UNITS[unit] if unit else 1
        numbers = [_number(high) * factor]
        if low:
            numbers += {_number(low), _number(low) * factor}
        for number in numbers:
            if number >= least:
                yield number, match.span()


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").replace("'", ""))
    except InvalidOperation:
        return Decimal(0)


class Form(Struct, frozen=True):
    """One form of a value.

    Attributes:
        text: Its letters and digits; of an amount, the plain number.
        exact: What it looks like in a folded text; empty where its letters are enough.
    """

    text: str
    exact: str = ""


class Sharers(Struct):
    """The values that have a form in common.

    Attributes:
        values: The values, in order.
        records: The paths of their records.
        telling: Whether one of them is one customer's alone.
    """

    values: list[Withheld] = field(default_factory=list)
    records: set[str] = field(default_factory=set)
    telling: bool = False

    def add(self, value: Withheld) -> None:
        """Add a value."""
        self.values.append(value)
        self.records.add(value.record)
        self.telling = self.telling or value.telling


class Finder:
    """Finds values in texts.

    Args:
        values: The values.

    Attributes:
        forms: The forms in which each value is sought.
        unsought: The values that are not sought, with the reason.
    """

    def __init__(self, values: Iterable[Withheld]) -> None:
        self.forms: dict[Withheld, list[Form]] = {}
        self.unsought: list[tuple[Withheld, Reason]] = []
        self._sharers: defaultdict[Form, Sharers] = defaultdict(Sharers)
        self._amounts: dict[Decimal, Form] = {}
        self._small_amounts: defaultdict[str, set[Decimal]] = defaultdict(set)
        for value in dict.fromkeys(values):
            self._add(value)
        amounts = set(self._amounts.values())
        self._keys = [form for form in self._sharers if form not in amounts]
        self._exact: dict[Form, re.Pattern[str]] = {}

    def sharers(self, form: Form) -> Sharers:
        """Return the values that have a form."""
        return self._sharers[form]

    def find(
        self, text: str, apart: Callable[[], str] | None = None, *, noise: bool = False
    ) -> set[Form]:
        """Return the forms that a text holds.

        Args:
            text: The text, folded.
            apart: Returns the same text with further gaps, which may show where words end.
            noise: Whether it is no text, such as a picture. In noise any few letters and digits
                stand somewhere, so that they are not sought there.
        """
        found: set[Form] = set() if noise else self.amounts(text)
        unsure: list[Form] = []
        for form in self._candidates(compact(text)):
            if noise and _weight(form.text) < LEAST_WORD_WEIGHT and form.text.isascii():
                continue
            if not form.exact or self._pattern(form).search(text):
                found.add(form)
            else:
                unsure.append(form)
        if unsure and apart:
            other = apart()
            found.update(form for form in unsure if self._pattern(form).search(other))
        return found

    def amounts(self, text: str) -> set[Form]:
        """Return the forms of amounts that a folded text holds."""
        return {form for form, _place in self._amounts_in(text)}

    def find_in(self, text: str) -> set[Form]:
        """Return the forms that a text holds, as it is written."""
        return self.find(folded(text))

    def places(self, text: str, record: str, *, own: bool = False) -> Iterator[tuple[int, int]]:
        """Yield where a text holds what may not stand in it: first character, and end.

        Args:
            text: The text, as it is written.
            record: The record that it stands in. Values of this record are sought, and telling
                ones of all.
            own: Whether telling ones of other records are left alone.
        """

        def is_secret(form: Form) -> bool:
            sharers = self._sharers[form]
            return record in sharers.records or (sharers.telling and not own)

        for reading in readings(text):
            plain = folded(reading.text)
            forms = list(filter(is_secret, self._candidates(compact(plain))))
            is_found = any(is_secret(form) for form, _place in self._amounts_in(plain))
            if forms or is_found or any(self._small_amounts_in(plain, record)):
                placed = reading.placed().folded()
                found = [
                    *self._places_in(placed.text, forms, is_secret),
                    *self._small_amounts_in(placed.text, record),
                ]
                for first, end in found:
                    yield placed.places[first][0], placed.places[end - 1][1]

    def _places_in(
        self, text: str, forms: Iterable[Form], is_secret: Callable[[Form], bool]
    ) -> Iterator[tuple[int, int]]:
        for form in forms:
            yield from (match.span() for match in self._pattern(form).finditer(text))
        yield from (place for form, place in self._amounts_in(text) if is_secret(form))

    def _small_amounts_in(self, text: str, record: str) -> Iterator[tuple[int, int]]:
        if amounts := self._small_amounts.get(record):
            numbers = numbers_in(text, _LEAST_OWN_AMOUNT)
            yield from (place for number, place in numbers if number in amounts)

    def _candidates(self, letters: str) -> set[Form]:
        if not self._keys:
            return set()
        found = self._automaton.find_matches_as_indexes(letters, overlapping=True)
        return {self._keys[number] for number in {number for number, _start, _end in found}}

    def _amounts_in(self, text: str) -> Iterator[tuple[Form, tuple[int, int]]]:
        if self._amounts:
            for number, place in numbers_in(text):
                if form := self._amounts.get(number):
                    yield form, place

    @cached_property
    def _automaton(self) -> AhoCorasick:
        # Imported late: only sites for others are searched.
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick([form.text for form in self._keys])

    def _pattern(self, form: Form) -> re.Pattern[str]:
        if form not in self._exact:
            self._exact[form] = re.compile(form.exact or _GAP.join(form.text))
        return self._exact[form]

    # --- What is sought of a value ---

    def _add(self, value: Withheld) -> None:
        if value.sort is Sort.AMOUNT:
            amount = Decimal(value.value)
            is_large = amount >= LEAST_AMOUNT
            forms = [self._amounts.setdefault(amount, Form(value.value))] if is_large else []
            if not is_large:
                self._small_amounts[value.record].add(amount)
        else:
            forms = list(dict.fromkeys(_FORMS[value.sort](value.value)))
        if not forms:
            self.unsought.append((value, Reason.SHORT))
            return
        self.forms[value] = forms
        for form in forms:
            self._sharers[form].add(value)


def _weight(letters: str) -> int:
    return sum(1 if char.isascii() else 2 for char in letters)


def _word(text: str, least: int) -> Iterator[Form]:
    """Yield the form of a text that is sought as a whole."""
    letters = compact(folded(text))
    weight = _weight(letters)
    if weight < least or (letters.isdigit() and len(letters) <= LEAST_WORD_WEIGHT):
        return
    yield Form(letters, "" if weight >= _SURE_WEIGHT else _bounded(letters))


def _bounded(letters: str, after: str = r"(?![a-z0-9])") -> str:
    """Return what letters look like where no Latin word or number goes on before or after them.

    Args:
        letters: The letters and digits.
        after: What may follow the last one, where that is Latin.
    """
    before = r"(?<![a-z0-9])" if letters[0].isascii() else ""
    gaps = (
        _GAP if one.isascii() or other.isascii() else _CHINESE_GAP
        for one, other in pairwise(letters)
    )
    return (
        before
        + "".join(chain.from_iterable(zip(letters, gaps, strict=False)))
        + letters[-1]
        + (after if letters[-1].isascii() else "")
    )


def _name_forms(text: str) -> Iterator[Form]:
    for spelling in (text, without_accents(text)):
        yield from _word(spelling, LEAST_WEIGHT)
        words = spelling.split()
        if 1 < len(words) <= _MOST_WORDS:
            # As in lists: the family name first.
            yield from _word(f"{words[-1]} {' '.join(words[:-1])}", LEAST_WORD_WEIGHT)
    syllables = [pinyin_readings(char) for char in text.strip()]
    if len(syllables) < len("王芳") or not all(syllables):
        return
    if prod(map(len, syllables)) > _MOST_READINGS:
        syllables = [each[:1] for each in syllables]
    characters_of_family = len(family_and_given(text.strip())[0])
    for spoken in product(*syllables):
        yield from _word("".join(spoken), LEAST_WORD_WEIGHT)
        if len(syllables) <= _LONGEST_PERSON:
            # As people abroad put it: the given name first.
            family, given = spoken[:characters_of_family], spoken[characters_of_family:]
            yield from _word("".join((*given, *family)), LEAST_WORD_WEIGHT)


def _word_forms(text: str) -> Iterator[Form]:
    letters = compact(folded(text))
    # Letters with digits are a number of something, and no word of a language: HT-77.
    is_number = (
        letters.isascii() and letters.isalnum() and not (letters.isalpha() or letters.isdigit())
    )
    return _word(text, LEAST_WEIGHT if is_number else LEAST_WORD_WEIGHT)


def _phone_forms(text: str) -> Iterator[Form]:
    main = _EXTENSION.split(folded(text).strip(), maxsplit=1)[0]
    several = [part for part in main.split("/") if len(_digits_of(part)) >= LEAST_DIGITS]
    for part in (main, *several):
        for spelling in (part, _HYPHENED_EXTENSION.sub("", part.strip())):
            for number in _dialled_as(spelling):
                if len(number) >= LEAST_DIGITS:
                    yield Form(
                        number,
                        rf"(?<![0-9])(?:(?:\+|00)?86{_PHONE_GAP}|0)?"
                        + _PHONE_GAP.join(number)
                        + r"(?![0-9])",
                    )


def _dialled_as(phone: str) -> Iterator[str]:
    """Yield the digits of a number as callers from abroad, from elsewhere and from nearby dial it.

    Args:
        phone: One number, folded and without an extension.
    """
    numbers = [_digits_of(phone)]
    if "(0)" in phone:
        numbers.append(numbers[0].replace("0", "", 1))
    if is_international := phone.lstrip("(").startswith(("+", "00")):
        numbers = [number.removeprefix("00") for number in numbers]
    yield from numbers
    if is_international:
        national = [number[count:].lstrip("0") for number in numbers for count in _COUNTRY_DIGITS]
        yield from (number for number in national if len(number) >= _LEAST_NATIONAL)
    if area := _AREA.match(phone) or _AMERICAN_AREA.match(phone):
        yield _digits_of(phone[area.end() :])
    if numbers[0].startswith("86" if is_international else "0"):
        yield _CHINESE_AREA.sub("", numbers[0])


def _digits_of(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _date_forms(text: str) -> Iterator[Form]:
    day = date.fromisoformat(text)
    month = _MONTHS[day.month - 1]
    spellings = {
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day:%m}月{day:%d}日",
        *(f"{day.day}{name}{day.year}" for name in (month, month[:3])),
        *(f"{name}{day.day}{day.year}" for name in (month, month[:3])),
    }
    for spelling in spellings:
        # A time may follow: `2026-09-02T10:30`, `20260902T103000`.
        yield Form(spelling, _bounded(spelling, r"(?![a-su-z0-9]|t(?![0-9]))"))


def _prose_forms(text: str) -> Iterator[Form]:
    """Yield the pieces of a text; what stands between its marks is never cut across them."""
    for part in re.split(r"[^\w\s'-]+|\n", folded(text)):
        letters = compact(part)
        # Latin words say less with a letter, so that their pieces are longer.
        size = _PIECE * (2 if letters.isascii() else 1)
        for start in range(0, len(letters), size):
            piece = letters[start : start + size]
            if _weight(piece) >= _SURE_WEIGHT * 4 // 5 and not piece.isdigit():
                yield Form(piece)


_FORMS = {
    Sort.NAME: _name_forms,
    Sort.PHONE: _phone_forms,
    Sort.DATE: _date_forms,
    Sort.WORD: _word_forms,
    Sort.PROSE: _prose_forms,
}
