"""What a passphrase has to be like to protect a site that everybody may download.

Whoever has the files can try passphrases at home, without end and unnoticed. What holds them up is
the length of the passphrase, far more than the work that every trial takes.
"""

from __future__ import annotations

import unicodedata

from tracker.text import display_width
from tracker.translation import Message

LEAST_LENGTH = 15
"""What NIST SP 800-63B-4 asks of a password that nothing else stands beside; a Chinese character
counts as two, as there are many more of them to choose from."""

LEAST_DIFFERENT = 6
"""Different characters, so that no key was just held down."""


def normalised(passphrase: str) -> str:
    """Return the passphrase as keys are made from it: however an input method composes it.

    Full-width letters and spaces are those of half width, as by NFKC. Blanks around it are dropped:
    nobody sees those that come along with a copied one.
    """
    return unicodedata.normalize("NFKC", passphrase).strip(" ")


def objection(passphrase: str) -> Message | None:
    """Return why a passphrase will not do; None where it will."""
    text = normalised(passphrase)
    if not text.strip():
        return Message("the passphrase is empty")
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in text):
        return Message(
            "the passphrase has a line break or another character that nobody can type into a page"
        )
    if display_width(text) < LEAST_LENGTH or len(set(text)) < LEAST_DIFFERENT:
        return Message(
            "the passphrase is too weak for files that others can try it on at home: it takes "
            "{length} characters at least, a Chinese one counting as two, and {different} "
            "different ones; best are six words drawn by lot, or what a password manager makes up",
            {"length": LEAST_LENGTH, "different": LEAST_DIFFERENT},
        )
    return None
