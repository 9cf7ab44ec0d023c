"""Names of the files of new records."""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from typing import TYPE_CHECKING

from tracker.library.likeness import normal_name
from tracker.pinyin import HAN, syllables_by_words
from tracker.sounds import sounds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import Config

_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_DASHES = re.compile(r"-{2,}")
_HAN = re.compile(HAN)
_RUNS = re.compile(rf"{HAN}+|(?:(?!{HAN})[^\W_][\u0300-\u036f]*)+")
_LONGEST = 60
"""Characters of a name, at most: with a folder and an ending it has to fit 255 bytes."""

_NAMELESS = "customer"


def file_stems(name: str, short: str, config: Config) -> Iterator[str]:
    """Yield names for the file of a record, without its ending, the best first and without end.

    By `file_names: pinyin` it is how the short name, or else the name without its legal form,
    sounds, a dash between the syllables: `heng-da-jing-mi`; Latin words stay as they are, in small
    letters and without accents. By `file_names: name` it is the name itself.

    Args:
        name: The customer's name.
        short: The short name; empty for none.
        config: The workspace's settings.
    """
    stem = _stem(name, short, config) or _NAMELESS
    yield stem
    for number in count(2):
        yield f"{stem}-{number}"


def _stem(name: str, short: str, config: Config) -> str:
    if config.file_names == "name":
        text = unicodedata.normalize("NFC", short or name)
    else:
        # A normal name has no blanks left; only Chinese, which has none anyway, is cut so far.
        text = short or (name if name.isascii() else _without_form(name))
        text = "-".join(syllables_of(text))
    text = _DASHES.sub("-", _NOT_IN_NAMES.sub("-", text))
    return text[:_LONGEST].strip("-._").lower()


def syllables_of(text: str) -> Iterator[str]:
    """Yield how a text is read: the syllables of Chinese, by its words, and all other words."""
    for run in _RUNS.findall(text):
        if _HAN.match(run):
            yield from (syllable.replace("ü", "v") for syllable in syllables_by_words(run))
        else:
            yield from (sound.forms[0] if sound.forms else run for sound in sounds_of(run))


def _without_form(name: str) -> str:
    """Return a name up to where its legal form begins, if it ends in one."""
    normal = normal_name(name)
    plain = unicodedata.normalize("NFKC", name).casefold()
    return plain[: len(normal)] if plain.startswith(normal) else plain
