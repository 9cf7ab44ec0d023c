"""Text: comparing, measuring and splitting words in Chinese and Latin script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_GAPS = re.compile(r"[\s_-]+")
DEVICE_NAME = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE
)
"""Names that Windows keeps for devices, so that no file can have them, whatever its ending."""

_APOSTROPHES = "‘’ʼ"
PLAIN_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"}
)
"""What is typed for small letters that are no others with an accent: `lukasz` for `łukasz`."""

_LIST_SEPARATORS = re.compile(r"[、,，;；]")
_LONGEST_WORD = 80
_SHORTEST_PART = 3
"""Letters of a part of a name that tells the name."""

_SIMILAR = 61.0
"""Least similarity, of 100, at which a word is offered as the one that was meant."""

_SIMILAR_CHINESE = 50.0
"""The same for Chinese words, of which many have two characters: one wrong one leaves half."""

_COMMANDS = frozenset({"Cc", "Cs"})
"""Categories of characters that are no text: controls, halves of others."""

_WITHOUT_WIDTH = frozenset({"Mn", "Me", "Cf"})
"""Categories of characters that take no cell: accents on another one, variants of emoji."""


def fold(text: str) -> str:
    """Return the form in which two spellings of a word are equal.

    Full width becomes half width (NFKC), case is folded, and any run of white space, `-` and `_`
    is one space: `Initial-Contact` and `initial contact` are the same word. Phones type another
    apostrophe than keyboards do; they are all the same.
    """
    # Only what can be a word is remembered, so that whole paragraphs do not fill the memory.
    return _fold_word(text) if len(text) <= _LONGEST_WORD else _fold(text)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    for apostrophe in _APOSTROPHES:
        plain = plain.replace(apostrophe, "'")
    return _GAPS.sub(" ", plain).strip()


_fold_word = lru_cache(maxsize=65536)(_fold)


def display_width(text: str) -> int:
    """Return the number of terminal cells that the text takes: two for wide characters."""
    return len(text) if text.isascii() else sum(map(char_width, text))


def cut_to_width(text: str, width: int) -> str:
    """Return the text, or as much of it as fits into the terminal cells, with `…` at its end."""
    if display_width(text) <= width:
        return text
    kept, used = [], 1
    for char in text:
        used += char_width(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept) + "…"


@lru_cache(maxsize=16384)
def char_width(char: str) -> int:
    """Return the number of terminal cells that a character takes."""
    if unicodedata.category(char) in _WITHOUT_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def nearest(word: str, candidates: Iterable[str], similarity: float | None = None) -> str | None:
    """Return the candidate most like the word, or None where none is near enough.

    Where none is like it, the only one of which it is a whole part is near: `June van der Berg`
    for `June`.

    Args:
        word: What was written.
        candidates: What could have been meant.
        similarity: The least similarity taken, of 100 (share of equal characters in order); by
            default one that suits the script.
    """
    if len(word) > _LONGEST_WORD:
        return None
    similarity_is_usual = similarity is None
    if similarity is None:
        similarity = _SIMILAR if word.isascii() else _SIMILAR_CHINESE
    # Imported late: only a mistake needs it, and most runs have none.
    from rapidfuzz import fuzz, process

    words = list(candidates)
    found = process.extractOne(
        fold(word), list(map(fold, words)), scorer=fuzz.ratio, score_cutoff=similarity
    )
    if found:
        return words[found[2]]
    # `June` is like no whole name, and is a part of one alone.
    whole = with_whole_part(word, words)
    is_told = similarity_is_usual and len(fold(word)) >= _SHORTEST_PART and len(whole) == 1
    return whole[0] if is_told else None


def with_whole_part(word: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of which the word is a whole part, such as `May` of `May Chen`."""
    wanted = fold(word)
    return tuple(dict.fromkeys(name for name in names if wanted in fold(name).split()))


def split_list(text: str) -> tuple[str, ...]:
    """Split names or tags written in a row, at `、`, `,` and `;` of either width."""
    parts = map(str.strip, _LIST_SEPARATORS.split(text))
    return tuple(part for part in parts if part)


_MARKDOWN = re.compile(
    r"[\\`*_\[\]<>|~$]|&(?=#?[0-9A-Za-z]+;)|:(?=\S)(?!(?<=[0-9]:)[0-9]{2}(?![0-9:]))|www\."
)
"""Marks, and what could begin a link, a character or an emoji; the colon of `10:30` cannot."""

_REFERENCES = re.compile(r"@(?=\w)|#(?=\w)|(?<=\bGH)-(?=[0-9])")
_ZERO_WIDTH_SPACE = "\u200b"


def escape_markdown(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is on a forge too.

    Beyond what `escape_marks` does, no mentions of people (`@name`) or of issues (`#12`) come out
    of it, which forges make after Markdown: an invisible space keeps these apart.
    """
    return _REFERENCES.sub(lambda match: match[0] + _ZERO_WIDTH_SPACE, escape_marks(text))


def escape_marks(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is, within a paragraph.

    No marks, links or HTML come out of it, and what is copied from the result is the text; an
    address of e-mail may become a link to itself. It may not stand at the start of a line, where a
    dash or a number would begin a list.
    """
    line = "".join(
        char if unicodedata.category(char) not in _COMMANDS else "\N{REPLACEMENT CHARACTER}"
        for char in " ".join(text.split())
    )
    return _MARKDOWN.sub(lambda match: match[0][:-1] + "\\" + match[0][-1], line)


def is_ascii_digits(text: str) -> bool:
    """Tell whether the text is made of the digits 0-9 alone (`str.isdigit` takes `２` too)."""
    return text.isascii() and text.isdigit()
