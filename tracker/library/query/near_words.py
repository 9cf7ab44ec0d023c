"""What was probably meant by a word that the language does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.library.query.faults import message
from tracker.library.query.signs import as_written
from tracker.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.config import Terms
    from tracker.translation import Message

LONGEST_WORD = 60
"""Characters beyond which no near word is looked for; nothing of the language is that long."""

_SHORTEST_START = 2


def nearest_or_longer(text: str, candidates: Sequence[str]) -> str | None:
    """Return the candidate most like the text, else the first that begins with it, else None."""
    if len(text) > LONGEST_WORD:
        return None
    if near := nearest(text, candidates):
        return near
    start = fold(text)
    if len(start) < _SHORTEST_START:
        return None
    return next((word for word in candidates if fold(word).startswith(start)), None)


def nearest_word(text: str, words: Terms[Any]) -> str | None:
    """Return the spelling most like the text, fit to stand in a query; None where none is near."""
    near = nearest_or_longer(text, [spelling for term in words for spelling in term.spellings])
    return as_written(near) if near else None


def did_you_mean(near: str | None, otherwise: Message | None) -> Message | None:
    """Return the hint that names the word that was probably meant; another where there is none."""
    return message("did-you-mean", word=near) if near else otherwise
