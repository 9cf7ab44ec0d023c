"""Edits of a file as splices: each names the stretch it replaces, every other byte stays.

Splices are made on the text as it is read, with one kind of line break; they are carried out on
the bytes of the file, whose line breaks and byte order mark stay what they are.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.diagnostics import Span

_BREAK = re.compile(r"\r\n|\r|\n")


class Splice(NamedTuple):
    r"""What takes the place of a stretch of a text.

    Attributes:
        start: Offset of its first character, from 0.
        end: Offset after its last one; equal to `start` for an insertion.
        text: The new text, with `\n` as the only line break.
    """

    start: int
    end: int
    text: str


class Places:
    r"""Where the lines of a text begin, to turn places into offsets.

    Args:
        text: The text, with `\n` as the only line break.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place; lines and columns count from 1."""
        return min(self._starts[line - 1] + column - 1, len(self._text))

    def stretch(self, span: Span) -> tuple[int, int]:
        """Return the offsets of a span's start and end."""
        return self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)

    def line_start(self, offset: int) -> int:
        """Return where the line that holds an offset begins."""
        return self._text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Return where the line that holds an offset ends, before its line break."""
        end = self._text.find("\n", offset)
        return len(self._text) if end < 0 else end


def splice_text(text: str, splices: Iterable[Splice]) -> str:
    """Return the text with the splices carried out.

    Raises:
        ValueError: Two of them overlap.
    """
    parts: list[str] = []
    at = 0
    for splice in sorted(splices, key=lambda splice: splice[:2]):
        if splice.start < at:
            raise ValueError(splice)
        parts += (text[at : splice.start], splice.text)
        at = splice.end
    return "".join((*parts, text[at:]))


def splice_bytes(data: bytes, splices: Iterable[Splice]) -> bytes:
    r"""Return the bytes of a file with splices of its text carried out.

    New lines end as the other lines of the file do, by the kind that most of them have.

    Args:
        data: The file: UTF-8, with or without byte order mark.
        splices: Made on its text as `tracker.text_files.decode` gives it.

    Raises:
        ValueError: Two splices overlap, or the bytes are not UTF-8.
    """
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    exact = data[len(mark) :].decode()
    breaks = [match.span() for match in _BREAK.finditer(exact)]
    # Offsets of the text after which it is one character shorter than the file.
    pairs = [start - index for index, (start, _) in enumerate(_pairs(breaks))]
    newline = _usual_break(exact, breaks)

    def in_file(offset: int) -> int:
        return offset + bisect_left(pairs, offset)

    exact_splices = [
        Splice(in_file(start), in_file(end), text.replace("\n", newline))
        for start, end, text in splices
    ]
    return mark + splice_text(exact, exact_splices).encode()


def _pairs(breaks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    r"""Return the breaks that are `\r\n`."""
    return [(start, end) for start, end in breaks if end - start > 1]


def _usual_break(exact: str, breaks: list[tuple[int, int]]) -> str:
    kinds = [exact[start:end] for start, end in breaks]
    return max(("\n", "\r\n", "\r"), key=kinds.count)
