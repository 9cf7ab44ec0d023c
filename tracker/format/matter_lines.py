"""Which lines of front matter belong to which entry or item, comments and blank lines included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tracker.yamltree import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

_DASH = re.compile(r"-(?=[ \t]|$)")
BLOCK_HEADER = re.compile(r"([|>])(-?)([1-9]?)(-?)([ \t]+#.*|[ \t]*)$")
"""What stands behind the colon or dash of a text of several lines."""

COLON = re.compile(r"[ \t]*:(?=[ \t]|$)")
"""What parts a key from its value, from the key's end on."""

NO_VALUE = re.compile(r"[ \t]*(?:#.*)?$")
"""A line, or the rest of one, that holds a comment at most."""

_BLANKS = " \t"


class UnknownStyleError(Exception):
    """Something is written in a way that is not known here."""


class Child(Struct):
    """An entry of a mapping or an item of a list, with the comments that belong to it.

    Attributes:
        index: Which one it is.
        start: Its first line, of the list of all lines.
        end: The line after its last one, comments that lie deeper included.
        lead: Comments and blank lines above it.
        after: Comments below it that are set apart from what follows.
    """

    index: int
    start: int
    end: int
    lead: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


class MatterLines(Struct, frozen=True):
    """The lines of front matter, and where the nodes that were read from them stand.

    Attributes:
        source: All lines of the file down to the end of the front matter.
    """

    source: list[str]

    def slice(self, node: Node) -> str:
        """Return what a node of one line is in the file."""
        span = node.span
        return self.source[span.line - 1][span.column - 1 : span.end_column - 1]

    def is_flow(self, node: Node) -> bool:
        """Tell whether a collection stands in brackets."""
        return self.source[node.span.line - 1][node.span.column - 1 :][:1] in {"[", "{"}

    def is_block_collection(self, node: Node) -> bool:
        """Tell whether a node is a collection with an entry or item a line."""
        return not isinstance(node, Scalar) and not self.is_flow(node)

    def is_block_scalar(self, node: Node) -> bool:
        """Tell whether a node is a text that begins with `|` or `>`."""
        start = self.source[node.span.line - 1][node.span.column - 1 :][:1]
        return isinstance(node, Scalar) and not node.plain and start in {"|", ">"}

    def children(
        self, starts: list[int], nodes: list[Node], start: int, end: int, column: int
    ) -> tuple[list[Child], list[str]]:
        """Give each line between the children to one of them, or to the foot of all.

        Comments that lie deeper belong to what is above them; others to what is below, unless
        they follow directly on something and are set apart from what is below.

        Args:
            starts: The first line of each child.
            nodes: What each is: an item, or the value of an entry.
            start: The first line that the collection takes.
            end: The line after the last one.
            column: The offset of the keys or dashes.
        """
        if len(set(starts)) != len(starts):
            raise UnknownStyleError
        children = []
        lead = self.source[start : starts[0]]
        refuse_content(lead)
        while lead and not lead[0].strip(_BLANKS):
            lead = lead[1:]
        for index, (first, node) in enumerate(zip(starts, nodes, strict=True)):
            following = starts[index + 1] if index + 1 < len(starts) else end
            stop = self._end(node, first, column)
            if self.is_block_collection(node):
                stop += _count_deeper(self.source[stop:following], column)
            child = Child(index, first, stop, lead)
            gap = self.source[stop:following]
            refuse_content(gap)
            lead = gap
            if index + 1 < len(starts) and gap and gap[0].strip(_BLANKS):
                apart = next((at for at, line in enumerate(gap) if not line.strip(_BLANKS)), None)
                if apart is not None:
                    child.after, lead = gap[:apart], gap[apart:]
            children.append(child)
        return children, lead

    def dashes(self, node: Sequence, column: int) -> Iterator[int]:
        """Yield the lines at which the items of a list begin."""
        least = node.span.line - 1
        for item in node.items:
            at = item.span.line - 1
            while at >= least and not self._has_dash(at, column):
                at -= 1
            if at < least:
                raise UnknownStyleError
            yield at
            least = at + 1

    def _has_dash(self, at: int, column: int) -> bool:
        line = self.source[at]
        return not line[:column].strip(" -") and bool(_DASH.match(line, column))

    def _end(self, node: Node, first: int, column: int) -> int:
        """Return the line after the last one of a node's text.

        Args:
            node: The node.
            first: The line of its key or dash.
            column: The column of that key or dash.
        """
        if self.is_block_collection(node):
            inner = node.span.column - 1
            if isinstance(node, Mapping):
                key, last = node.entries[-1]
                return self._end(last, key.span.line - 1, inner)
            if isinstance(node, Sequence):
                return self._end(node.items[-1], list(self.dashes(node, inner))[-1], inner)
        if not self.is_block_scalar(node):
            return max(node.span.end_line, first + 1)
        header = BLOCK_HEADER.match(self.source[node.span.line - 1], node.span.column - 1)
        if not header:
            raise UnknownStyleError
        content = self.source[node.span.line :]
        depth = content_depth(content, column, header[3])
        below = (at for at, line in enumerate(content) if line.strip(" ") and _indent(line) < depth)
        count = next(below, len(content))
        while count and not content[count - 1].strip(" "):
            count -= 1
        return node.span.line + count


def content_depth(content: list[str], column: int, digit: str) -> int:
    """Return the indent of the lines of a text that begins with `|` or `>`."""
    if digit:
        return column + int(digit)
    first = next((line for line in content if line.strip(" ")), "")
    return max(_indent(first), column + 1)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _count_deeper(gap: list[str], column: int) -> int:
    """Return how many of the lines below a group reach to its last comment that lies deeper."""
    count = 0
    for at, line in enumerate(gap):
        if line.strip(_BLANKS):
            if _indent(line) <= column:
                break
            count = at + 1
    return count


def refuse_content(gap: list[str]) -> None:
    """Raise where lines are not comments and blank lines alone."""
    if any(line.strip(_BLANKS)[:1] not in {"", "#"} for line in gap):
        raise UnknownStyleError
