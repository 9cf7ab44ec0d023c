"""The forms in which a withheld value is sought.

A value is sought in every form that people and programs give it: a telephone number with blanks,
hyphens or a country code, a name in either width or case and in pinyin, a text without its
Markdown. Whatever is too short to be told from other text has no form.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import chain, pairwise, product
from math import prod
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.format.values import EXTENSION
from tracker.library.forms_of_address import family_and_given
from tracker.library.plain_reading import folded, without_accents
from tracker.library.withheld import Sort, Withheld
from tracker.pinyin import readings as pinyin_readings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)

_LEAST_WEIGHT = 4
"""Letters and digits that a value needs to be sought; a Chinese character counts as two."""

LEAST_WORD_WEIGHT = 6
"""The same for values that are neither names nor numbers: short words are in many texts."""

_LEAST_DIGITS = 7
"""Digits that a telephone number needs."""

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
_HYPHENED_EXTENSION = re.compile(r"(?<=[0-9]{7})\s?-\s?[0-9]{1,6}$")
_AREA = re.compile(r"(?:\(0?[0-9]{2,4}\)|0[0-9]{2,3}(?=[\s-]))[\s-]*(?=[0-9])")
_CHINESE_AREA = re.compile(r"^(?:86)?0?(?:10|2[0-9]|[3-9][0-9]{2})(?=[0-9]{7,8}$)")
_AMERICAN_AREA = re.compile(
    r"(?:\+1[\s.-]*\(?[2-9][0-9]{2}\)?[\s.-]*|(?:1[\s.-]+)?(?:\([2-9][0-9]{2}\)|[2-9][0-9]{2}[\s.-])"
    r"[\s.-]*)(?=[2-9][0-9]{2}[\s.-]*[0-9]{4}$)"
)
_COUNTRY_DIGITS = (1, 2, 3)
_LEAST_NATIONAL = 8


class Form(Struct, frozen=True):
    """One form of a value.

    Attributes:
        text: Its letters and digits; of an amount, the plain number.
        exact: What it looks like in a folded text; empty where its letters are enough.
    """

    text: str
    exact: str = ""

    def pattern(self) -> re.Pattern[str]:
        """Compile what it looks like in a folded text."""
        return re.compile(self.exact or _GAP.join(self.text))


def compact(text: str) -> str:
    """Return the letters and digits of a folded text."""
    return _NOT_COMPACT.sub("", text)


def weight_of(letters: str) -> int:
    """Return how much letters and digits say; a Chinese character counts as two."""
    return sum(1 if char.isascii() else 2 for char in letters)


def forms_of(value: Withheld) -> list[Form]:
    """Return the forms in which a value is sought that is no amount; none where it cannot be."""
    return list(dict.fromkeys(_FORMS[value.sort](value.value)))


def _word(text: str, least: int) -> Iterator[Form]:
    """Yield the form of a text that is sought as a whole."""
    letters = compact(folded(text))
    weight = weight_of(letters)
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
        yield from _word(spelling, _LEAST_WEIGHT)
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
    return _word(text, _LEAST_WEIGHT if is_number else LEAST_WORD_WEIGHT)


def _phone_forms(text: str) -> Iterator[Form]:
    main = EXTENSION.split(folded(text).strip(), maxsplit=1)[0]
    several = [part for part in main.split("/") if len(_digits_of(part)) >= _LEAST_DIGITS]
    for part in (main, *several):
        for spelling in (part, _HYPHENED_EXTENSION.sub("", part.strip())):
            for number in _dialled_as(spelling):
                if len(number) >= _LEAST_DIGITS:
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
            if weight_of(piece) >= _SURE_WEIGHT * 4 // 5 and not piece.isdigit():
                yield Form(piece)


_FORMS: Mapping[Sort, Callable[[str], Iterator[Form]]] = {
    Sort.NAME: _name_forms,
    Sort.PHONE: _phone_forms,
    Sort.DATE: _date_forms,
    Sort.WORD: _word_forms,
    Sort.PROSE: _prose_forms,
}
