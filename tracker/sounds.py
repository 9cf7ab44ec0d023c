"""Finding names by what is typed for them on a Latin keyboard: pinyin, whole or by initials.

`assets/search.js` of the site matches in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from tracker.pinyin import HAN, readings
from tracker.text import PLAIN_LETTERS, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 40
"""Letters beyond which nothing is taken for a sound."""

_TOKENS = re.compile(rf"{HAN}|(?:(?!{HAN})[^\W_][\u0300-\u036f]*)+")
_TYPED = re.compile(r"[a-z0-9]+")
_LETTER = re.compile(r"[a-z]")


class Sound(NamedTuple):
    """A Chinese character or a foreign word within a text, and what may be typed for it.

    Attributes:
        start: Where it begins in the text.
        end: Where it ends.
        forms: The syllables of a character, the letters of a word without their accents; nothing
            where it cannot be typed on a Latin keyboard.
    """

    start: int
    end: int
    forms: tuple[str, ...]


def sounds_of(text: str) -> tuple[Sound, ...]:
    """Return the characters and words of a text with what may be typed for each."""
    return tuple(
        Sound(found.start(), found.end(), _forms(found[0])) for found in _TOKENS.finditer(text)
    )


def typed_letters(text: str) -> str:
    """Return the letters of a text that may have been typed for a sound; empty where it is none.

    They come without the marks that input methods put in and without accents, and with `v` for
    `ü`, as Chinese is typed.
    """
    plain = fold(text).replace(" ", "").replace("'", "").replace("ü", "v")
    letters = _latin(plain)
    return letters if len(letters) <= LONGEST and _LETTER.search(letters) else ""


def sound_run(
    sounds: Sequence[Sound], letters: str, *, in_full: bool = False
) -> tuple[int, int] | None:
    """Return which sounds in a row the letters stand for, as the first and the last; or None.

    Args:
        sounds: The sounds of a text.
        letters: What was typed.
        in_full: Each sound must be typed in full: `hengda`. Otherwise a letter or more of each
            will do, from its first on: `hd`, `hengd`.
    """
    for first, sound in enumerate(sounds):
        if not any(form[0] == letters[0] for form in sound.forms):
            continue
        reached = {0}
        for last in range(first, len(sounds)):
            reached = {
                end
                for at in reached
                for form in sounds[last].forms
                for end in _ends(form, letters, at, in_full=in_full)
            }
            if len(letters) in reached:
                return first, last
            if not reached:
                break
    return None


def _ends(form: str, letters: str, at: int, *, in_full: bool) -> Sequence[int]:
    """Return where in the letters a form may end that begins at a place."""
    if in_full:
        return (at + len(form),) if letters.startswith(form, at) else ()
    common = 0
    while common < len(form) and letters[at + common : at + common + 1] == form[common]:
        common += 1
    return range(at + 1, at + common + 1)


def _forms(token: str) -> tuple[str, ...]:
    if len(token) == 1 and (syllables := readings(token)):
        return syllables
    typed = _latin(token)
    return (typed,) if typed else ()


def _latin(word: str) -> str:
    """Return a word as it is typed without accents; nothing for one of another script."""
    decomposed = unicodedata.normalize("NFKD", word).lower()
    typed = "".join(char for char in decomposed if not unicodedata.combining(char))
    typed = typed.translate(PLAIN_LETTERS)
    return typed if _TYPED.fullmatch(typed) else ""
