"""The text that is read: as it was written, and as forms are matched against it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_LONGEST_SHOWN = 40
"""Characters of a text that a message repeats."""

_FOLDED = {
    **{code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)},
    **{code: chr(code - ord("！") + ord("!")).lower() for code in range(ord("！"), ord("～") + 1)},
    **{
        ord(char): plain
        for char, plain in zip(
            "\u3000’週後點號兩個禮這時鐘來議見進識訴顧慮問優勢題內",
            " '周后点号两个礼这时钟来议见进识诉顾虑问优势题内",
            strict=True,
        )
    },
}
"""Capitals, full-width signs and traditional characters, each with what forms are made of."""

# Compiled when the first text is read, as most commands read none.
_compiled = lru_cache(maxsize=None)(re.compile)


class Text(NamedTuple):
    """A text in which places are the same as it was written and as it is matched.

    Attributes:
        written: As it was written.
        folded: In the one width, case and script that forms are made of.
    """

    written: str
    folded: str

    @classmethod
    def of(cls, written: str) -> Text:
        """Return a text that was written."""
        return cls(written, folded(written))

    def beyond(self, place: int) -> Text:
        """Return the text that begins at a place."""
        return Text(self.written[place:], self.folded[place:])

    def match(self, pattern: str, start: int) -> re.Match[str] | None:
        """Match a regular expression at a place."""
        return _compiled(pattern).match(self.folded, start)

    def skip(self, pattern: str, start: int) -> int:
        """Return where a match at a place ends; the place itself where there is none."""
        match = self.match(pattern, start)
        return match.end() if match else start


def folded(text: str) -> str:
    """Return a text in the one width, case and script that forms are made of."""
    # Character by character, so that places in both texts are the same.
    return text.translate(_FOLDED)


def shortened(text: str) -> str:
    """Return a text as a message repeats it."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
