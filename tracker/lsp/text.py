r"""A text as an editor has it, and the places in it as editor and parser count them.

An editor counts from 0, in the units of the encoding that was agreed on, and may end lines with
`\r\n`; the parser counts characters from 1 in a text whose lines end with `\n` and that has no byte
order mark. Lines are the same in both.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from lsprotocol.types import Position, PositionEncodingKind, Range

if TYPE_CHECKING:
    from tracker.diagnostics import Span

_BREAK = re.compile(r"\r\n|\r|\n")
_MARK = "\ufeff"
_CODECS = {
    PositionEncodingKind.Utf8: ("utf-8", 1),
    PositionEncodingKind.Utf16: ("utf-16-le", 2),
    PositionEncodingKind.Utf32: ("utf-32-le", 4),
}
"""For each encoding: Python's name of it, and the bytes of a unit."""


_LONG = 500
"""Characters of a line beyond which its places are counted once and kept."""


def width_of(text: str, encoding: PositionEncodingKind) -> int:
    """Return the units that a text takes."""
    if text.isascii():
        return len(text)
    codec, size = _CODECS[encoding]
    return len(text.encode(codec, "surrogatepass")) // size


def characters_in(line: str, units: int, encoding: PositionEncodingKind) -> int:
    """Return how many whole characters of a line lie within its first units."""
    if line.isascii() or encoding is PositionEncodingKind.Utf32:
        return max(0, min(units, len(line)))
    return max(0, bisect_right(_widths(line, encoding), units) - 1)


@lru_cache(maxsize=8)
def _widths(line: str, encoding: PositionEncodingKind) -> list[int]:
    """Return how many units lie before each character of a line, and before its end."""
    codec, size = _CODECS[encoding]
    widths = (len(char.encode(codec, "surrogatepass")) // size for char in line)
    return list(accumulate(widths, initial=0))


class EditorText:
    r"""One state of a text in an editor.

    Attributes:
        exact: The text as the editor has it.
        encoding: In which units the editor counts within a line.
    """

    def __init__(self, exact: str, encoding: PositionEncodingKind) -> None:
        self.exact = exact
        self.encoding = encoding
        # Many editors keep the mark out of the text; one that does not counts it.
        self._mark = int(exact.startswith(_MARK))
        breaks = [match.span() for match in _BREAK.finditer(exact)]
        self._starts = [0, *(end for _, end in breaks)]
        self._ends = [*(start for start, _ in breaks), len(exact)]

    @cached_property
    def text(self) -> str:
        r"""Return the text as the parser reads it: without byte order mark, with `\n` alone."""
        return _BREAK.sub("\n", self.exact[self._mark :])

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines of that text."""
        return self.text.split("\n")

    @property
    def newline(self) -> str:
        r"""Return the line break that most lines end with; `\n` for a single line."""
        kinds = _BREAK.findall(self.exact)
        return max(("\n", "\r\n", "\r"), key=kinds.count)

    def edited(self, where: Range, new: str) -> EditorText:
        """Return the text with a stretch replaced; what lies outside counts for nothing."""
        start, end = self._exact_offset(where.start), self._exact_offset(where.end)
        start, end = min(start, end), max(start, end)
        return EditorText(f"{self.exact[:start]}{new}{self.exact[end:]}", self.encoding)

    # --- From the editor's places to the parser's -------------------------------------------------

    def place(self, position: Position) -> tuple[int, int]:
        """Return line and column of a position, from 1; one outside the text is moved into it."""
        offset = self._exact_offset(position)
        line = bisect_right(self._starts, offset) - 1
        column = offset - self._starts[line] - (self._mark if line == 0 else 0)
        return line + 1, max(column, 0) + 1

    def _exact_offset(self, position: Position) -> int:
        if position.line >= len(self._starts):
            return len(self.exact)
        line = max(position.line, 0)
        start, end = self._starts[line], self._ends[line]
        return start + characters_in(self.exact[start:end], position.character, self.encoding)

    # --- From the parser's places to the editor's -------------------------------------------------

    def position(self, line: int, column: int) -> Position:
        """Return the position of a line and a column, from 1, moved into the text."""
        index = min(max(line, 1), len(self._starts)) - 1
        start, end = self._starts[index], self._ends[index]
        characters = max(column, 1) - 1 + (self._mark if index == 0 else 0)
        characters = min(characters, end - start)
        if end - start > _LONG:
            # Many places of one long line may be asked for.
            widths = _widths(self.exact[start:end], self.encoding)
            return Position(index, widths[characters])
        within = self.exact[start : start + characters]
        return Position(index, width_of(within, self.encoding))

    def range(self, span: Span) -> Range:
        """Return the range of a span."""
        start = self.position(span.line, span.column)
        end = self.position(span.end_line, span.end_column)
        return Range(start, end)

    def range_within(self, line: int, start: int, end: int) -> Range:
        """Return the range between two columns of a line, from 1."""
        return Range(self.position(line, start), self.position(line, end))

    def range_of_offsets(self, start: int, end: int) -> Range:
        """Return the range between two offsets, from 0, of the text that the parser reads."""
        return Range(self._position_at(start), self._position_at(end))

    def _position_at(self, offset: int) -> Position:
        starts = self._text_starts
        line = bisect_right(starts, offset) - 1
        return self.position(line + 1, offset - starts[line] + 1)

    @cached_property
    def _text_starts(self) -> list[int]:
        starts = [0]
        for line in self.lines[:-1]:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    @property
    def end(self) -> Position:
        """Return the position behind the last character."""
        return self.position(len(self.lines), len(self.lines[-1]) + 1)
