"""What an editor has to change to have another text."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import takewhile
from typing import TYPE_CHECKING

from lsprotocol.types import Range, TextEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.lsp.text import EditorText

_MOST_COMPARED = 4000
"""Lines beyond which what differs is replaced whole: comparing takes too long."""


def edits_between(text: EditorText, wanted: str) -> list[TextEdit]:
    r"""Return the edits, by whole lines, that make another text of one; none where it is the same.

    Args:
        text: The text in the editor.
        wanted: The text that it is to be, with `\n` as the only line break.
    """
    old, new = text.lines, wanted.split("\n")
    begin = _common(old, new)
    end = _common(old[begin:][::-1], new[begin:][::-1])
    first, second = old[begin : len(old) - end], new[begin : len(new) - end]
    if not first and not second:
        return []
    if len(first) + len(second) > _MOST_COMPARED:
        return [_edit(text, begin, begin + len(first), second)]
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return [
        _edit(text, begin + start, begin + stop, second[new_start:new_stop])
        for tag, start, stop, new_start, new_stop in matcher.get_opcodes()
        if tag != "equal"
    ]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _edit(text: EditorText, start: int, stop: int, lines: list[str]) -> TextEdit:
    """Return the edit that puts lines in the place of others, by their numbers from 0."""
    newline = text.newline
    count = len(text.lines)
    if stop < count:
        where = Range(text.position(start + 1, 1), text.position(stop + 1, 1))
        return TextEdit(where, "".join(f"{line}{newline}" for line in lines))
    if start == 0:
        return TextEdit(Range(text.position(1, 1), text.end), newline.join(lines))
    # The last line has no break behind it: the one before it goes, or stays, with it.
    before = text.position(start, len(text.lines[start - 1]) + 1)
    return TextEdit(Range(before, text.end), "".join(f"{newline}{line}" for line in lines))
