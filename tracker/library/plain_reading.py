"""What a text says to whoever reads it: all undone that stands for other characters.

Character references of HTML, escapes of JSON and JavaScript, percent-encoding, tags and the signs
of Markdown can keep a value from being found where a reader sees it. The proof reads whole files
so, and the censor the texts of records; the censor must also know where a value stands in the text
as it is written.
"""

from __future__ import annotations

import html
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_ROUNDS = 3
"""How many encodings within one another are undone."""

TAG = re.compile(r"(<[^<>]*>)")
"""A tag, or a comment."""

BREAK = "\0"
"""Stands between what two tags keep apart; no value goes on across it, as it may across lines."""

_PHRASING = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nobr|output|q|ruby|"
    r"s|samp|slot|small|span|strike|strong|sub|sup|time|tspan|tt|u|var|wbr)\b",
    re.IGNORECASE,
)
"""Tags that may stand within a word; any other ends one."""

_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[^\t\n\f <&#;]{1,32});?")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|(.))")
_CONTROLS = {"n": "\n", "N": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_SURROGATES = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
_MARKDOWN = re.compile(r"[*_`~]+|!?\[|\]\([^()\n]*\)|\]")
"""Signs of emphasis, code and links, which a page does not show."""

_MAY_HIDE = re.compile(r"[&\\%<*_`~\[\]]")
_LEAST_ACCENT = 200
"""Combining class from which on marks are accents."""

_JOINED_LETTERS = range(0x1160, 0x1200)
"""Vowels and ends of Korean syllables that are written letter by letter."""


def folded(text: str) -> str:
    """Return a text in one width and case, with other marks for the same apostrophe as one."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def without_accents(text: str) -> str:
    """Return a text as those write it whose keyboards have no accents: Muller, Rene."""
    letters = unicodedata.normalize("NFKD", text)
    # Below are marks that make another letter of one, such as those of kana.
    kept = (char for char in letters if unicodedata.combining(char) < _LEAST_ACCENT)
    return unicodedata.normalize("NFC", "".join(kept))


def decoded(text: str) -> str:
    """Return a text with everything that stands for another character replaced by it."""
    for _ in range(_ROUNDS):
        before = text
        if "&" in text:
            text = html.unescape(text)
        if "\\" in text:
            text = _SURROGATES.sub(_joined, _ESCAPE.sub(_unescaped, text))
        if "%" in text:
            text = _PERCENT.sub(_unquoted, text)
        if text == before:
            break
    return text


def gap(tag: str) -> str:
    """Return what a tag puts between what stands before and after it."""
    if _PHRASING.match(tag) or tag.startswith("<!--"):
        return ""
    return "\n" if _LINE_BREAK.match(tag) else BREAK


class Placed(Struct, frozen=True):
    """A text that was made from another one, and where each of its characters comes from.

    Attributes:
        text: The text.
        places: For each of its characters, the first character of the other text that it stands
            for, and the end.
    """

    text: str
    places: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> Placed:
        """Return a text as it is."""
        return cls(text, list(pairwise(range(len(text) + 1))))

    def sub(self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> Placed:
        """Return the text with something else for what a pattern finds."""
        parts: list[str] = []
        places: list[tuple[int, int]] = []
        done = 0
        for match in pattern.finditer(self.text):
            first, end = match.span()
            parts += [self.text[done:first], replace(match)]
            places += self.places[done:first]
            places += [(self.places[first][0], self.places[end - 1][1])] * len(parts[-1])
            done = end
        parts.append(self.text[done:])
        places += self.places[done:]
        return Placed("".join(parts), places)

    def folded(self) -> Placed:
        """Return the text in one width and case, a letter and its accents as one."""
        parts: list[str] = []
        places: list[tuple[int, int]] = []
        first = 0
        for end in range(1, len(self.text) + 1):
            if end < len(self.text) and _goes_on(self.text[end]):
                continue
            parts.append(folded(self.text[first:end]))
            places += [(self.places[first][0], self.places[end - 1][1])] * len(parts[-1])
            first = end
        return Placed("".join(parts), places)

    def decoded(self) -> Placed:
        """Return the text as the function of that name does."""
        found = self
        for _ in range(_ROUNDS):
            before = found.text
            found = found.sub(_REFERENCE, lambda match: html.unescape(match[0]))
            found = found.sub(_ESCAPE, _unescaped).sub(_SURROGATES, _joined)
            found = found.sub(_PERCENT, _unquoted)
            if found.text == before:
                break
        return found

    def shown(self) -> Placed:
        """Return the text as a page shows it, without tags and without the signs of Markdown."""
        return self.sub(TAG, lambda match: gap(match[0])).sub(_MARKDOWN, lambda _: "")


class Reading(Struct, frozen=True):
    """A way to read a text of a record.

    Attributes:
        text: What is read.
        placed: Returns the same with where each character comes from, which takes far longer.
    """

    text: str
    placed: Callable[[], Placed]


def readings(text: str) -> Iterator[Reading]:
    """Yield the ways to read a text of a record: as written, decoded, and as a page shows it."""
    yield Reading(text, lambda: Placed.of(text))
    if not _MAY_HIDE.search(text):
        return
    plain = decoded(text)
    if plain != text:
        yield Reading(plain, lambda: Placed.of(text).decoded())
    shown = _MARKDOWN.sub("", TAG.sub(lambda match: gap(match[0]), plain))
    if shown != plain:
        yield Reading(shown, lambda: Placed.of(text).decoded().shown())


def _goes_on(char: str) -> bool:
    return bool(unicodedata.combining(char)) or ord(char) in _JOINED_LETTERS


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF else " "  # noqa: PLR2004  # the last character
    return _CONTROLS.get(match[4], match[4])


def _joined(match: re.Match[str]) -> str:
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _unquoted(match: re.Match[str]) -> str:
    return unquote(match[0], errors="replace")
