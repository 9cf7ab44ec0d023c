"""Writing a text so that YAML reads the same text back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.yamltree import Mapping, Scalar, Sequence, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEEDS_ESCAPES = re.compile(
    r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffd]"
)
_CERTAINLY_PLAIN = re.compile(r"[^\W_](?:[\w./@+()（）-]| (?=[\w]))*")
"""Texts that need no quotes anywhere, and no parser to tell that."""

_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t"}


def write_scalar(text: str, *, quote: str = "", in_flow: bool = False) -> str:
    """Return the YAML of one value in one line: plain where that reads back the same, else quoted.

    Args:
        text: The value; line breaks are written as escapes.
        quote: The sign of the quotes to use although none may be needed; empty for plain.
        in_flow: Whether it stands within `[…]` or `{…}`.
    """
    if _NEEDS_ESCAPES.search(text) or quote == '"':
        return f'"{"".join(map(_escaped, text))}"'
    if not quote and _CERTAINLY_PLAIN.fullmatch(text):
        return text
    if quote or not _reads_back(text, in_flow=in_flow):
        return "'" + text.replace("'", "''") + "'"
    return text


def write_list(texts: Iterable[str]) -> str:
    """Return the YAML of a list in one line: `[a, b]`."""
    return f"[{', '.join(write_scalar(text, in_flow=True) for text in texts)}]"


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if not _NEEDS_ESCAPES.match(char):
        return char
    return f"\\U{ord(char):08X}"


def _reads_back(text: str, *, in_flow: bool) -> bool:
    """Tell whether the text, written plain, is read as itself and without a remark."""
    if not text or text != text.strip():
        return False
    tree = read_yaml(f"key: [{text}]\n" if in_flow else f"key: {text}\n")
    if tree.problems or not isinstance(tree.root, Mapping) or len(tree.root.entries) != 1:
        return False
    value = tree.root.entries[0][1]
    if in_flow:
        if not isinstance(value, Sequence) or len(value.items) != 1:
            return False
        value = value.items[0]
    return isinstance(value, Scalar) and value.plain and value.text == text
