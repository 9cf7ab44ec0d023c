"""Front matter cut into the lines of its entries and items, each with the comments above it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from tracker.format.assignment import IDENTITIES
from tracker.format.comments import comments_in
from tracker.format.matter_lines import COLON, NO_VALUE
from tracker.schema import Field, by_spelling
from tracker.text import fold
from tracker.yamltree import Mapping, Node, Scalar, Sequence

_BLANKS = " \t"


class Chunk(Struct, frozen=True):
    """The lines of an entry of a mapping, or of an item of a list.

    Attributes:
        key: What tells it from those beside it.
        lead: The comments and blank lines above it.
        lines: Its lines.
        source: All lines of the side, in which its node has its places.
        first: The index in them of the first of `lines`.
        node: Its value.
        column: The offset of its key or dash.
        value_at: The offset behind its colon or dash, in its first line in `source`.
        field: The field of an entry; None for an unknown one, and for an item.
        fields: The fields of the groups in it.
        is_item: Whether it is an item of a list.
    """

    key: str
    lead: tuple[str, ...]
    lines: tuple[str, ...]
    source: list[str]
    first: int
    node: Node
    column: int
    value_at: int
    field: Field | None
    fields: tuple[Field, ...]
    is_item: bool

    @property
    def end(self) -> int:
        """Return the index of the line after its last one."""
        return self.first + len(self.lines)

    @property
    def comments(self) -> Counter[str]:
        """Return the comments in its lines."""
        return Counter(comments_in(self.source[: self.end], self.node, self.first, self.value_at))

    def moved(self, column: int) -> Chunk:
        """Return it with its lines at another indent."""
        if column == self.column:
            return self
        by = column - self.column
        lead = tuple(_moved(line, by) for line in self.lead)
        return replace(self, lead=lead, lines=tuple(_moved(line, by) for line in self.lines))


class Block(Struct, frozen=True):
    """A mapping or a list in block style.

    Attributes:
        chunks: Its entries or items.
        foot: Comments and blank lines below the last of them.
        column: The offset of their keys or dashes.
    """

    chunks: list[Chunk]
    foot: tuple[str, ...]
    column: int


_Range: TypeAlias = "tuple[int, int]"


class _Child(NamedTuple):
    """What is known of an entry or item before its lines are; see `Chunk`."""

    key: str
    node: Node
    value_at: int
    field: Field | None
    fields: tuple[Field, ...]
    is_item: bool


def cut_mapping(
    source: list[str], node: Mapping, lines: tuple[int, int], fields: tuple[Field, ...]
) -> Block | None:
    """Cut a mapping into its entries; None where it is not in block style.

    Args:
        source: All lines of the side.
        node: The mapping.
        lines: The index of the first line that it takes, and that of the one after the last.
        fields: The fields of its entries.
    """
    if not node.entries:
        return Block([], tuple(source[lines[0] : lines[1]]), 0)
    column = node.entries[0][0].span.column - 1
    starts = [key.span.line - 1 for key, _ in node.entries]
    if any(key.span.column - 1 != column for key, _ in node.entries):
        return None
    if _is_flow(source, node) or any(source[at][:column].strip(_BLANKS) for at in starts):
        return None
    known = by_spelling(fields)
    children = []
    for key, value in node.entries:
        colon = COLON.match(source[key.span.line - 1], key.span.end_column - 1)
        if colon is None or key.span.line != key.span.end_line:
            return None
        field = known.get(fold(key.text))
        name = field.key if field else f"={key.text}"
        within = field.children if field else ()
        children.append(_Child(name, value, colon.end(), field, within, is_item=False))
    return _block(source, starts, lines, column, children)


def _cut_list(source: list[str], node: Sequence, lines: _Range, field: Field) -> Block | None:
    """Cut a list into its items; None where it is not in block style."""
    if not node.items:
        return None
    column = node.span.column - 1
    if not source[node.span.line - 1].startswith("-", column):
        return None
    starts = []
    for item in node.items:
        at = item.span.line - 1
        while at >= lines[0] and not re.match(rf"[ ]{{{column}}}-(?=[ \t]|$)", source[at]):
            at -= 1
        if at < lines[0]:
            return None
        starts.append(at)
    names = _numbered([_identity(item, field) for item in node.items])
    children = [
        _Child(name, item, column + 1, None, field.children, is_item=True)
        for name, item in zip(names, node.items, strict=True)
    ]
    return _block(source, starts, lines, column, children)


def _is_flow(source: list[str], node: Node) -> bool:
    return source[node.span.line - 1].startswith(("[", "{"), node.span.column - 1)


def _block(
    source: list[str],
    starts: list[int],
    lines: _Range,
    column: int,
    children: list[_Child],
) -> Block | None:
    if any(later <= earlier for earlier, later in pairwise(starts)):
        return None
    if any(not NO_VALUE.match(line) for line in source[lines[0] : starts[0]]):
        return None
    begins = [lines[0], *(_lead_start(source, start, column) for start in starts[1:])]
    # Below the last one, comments at its own indent or less belong to nobody.
    end = _lead_start(source, lines[1], column)
    ends = [*begins[1:], max(end, starts[-1] + 1)]
    chunks = [
        Chunk(
            lead=tuple(source[begin:start]),
            lines=tuple(source[start:stop]),
            source=source,
            first=start,
            column=column,
            **child._asdict(),
        )
        for begin, start, stop, child in zip(begins, starts, ends, children, strict=True)
    ]
    return Block(chunks, tuple(source[ends[-1] : lines[1]]), column)


def _lead_start(source: list[str], line: int, column: int) -> int:
    """Return where the comments and blank lines above a line begin.

    Comments that lie deeper belong to what stands above them, and may be lines of a long text.
    """
    start = at = line
    while at > 0 and NO_VALUE.match(source[at - 1]):
        at -= 1
        text = source[at].lstrip(_BLANKS)
        if text and len(source[at]) - len(text) > column:
            break
        start = at
    return start


def _identity(item: Node, field: Field) -> str:
    """Return what tells an item from the others of its list."""
    if isinstance(item, Scalar):
        return item.text
    if not isinstance(item, Mapping):
        return ""
    known = by_spelling(field.children)
    texts = {
        found.key: fold(value.text)
        for key, value in item.entries
        if (found := known.get(fold(key.text))) and isinstance(value, Scalar)
    }
    if name := texts.get(IDENTITIES.get(field.key, "")):
        return name
    return " ".join(texts.get(key, "") for key in ("date", "product"))


def _numbered(names: list[str]) -> list[str]:
    """Return the names with a number behind each that was there before."""
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        numbered.append(f"{name}\n{seen[name]}")
        seen[name] += 1
    return numbered


def _moved(line: str, by: int) -> str:
    text = line.lstrip(" ")
    return " " * max(len(line) - len(text) + by, 0) + text if text else line


def inner_block(chunk: Chunk, field: Field) -> Block | None:
    """Return the collection below the key of an entry; None where it is written otherwise."""
    node, lines = chunk.node, (chunk.first + 1, chunk.end)
    if isinstance(node, Scalar):
        rest = chunk.source[chunk.first][chunk.value_at :]
        empty = not node.text and NO_VALUE.match(rest)
        return Block([], tuple(chunk.source[lines[0] : lines[1]]), 0) if empty else None
    if node.span.line - 1 <= chunk.first:
        return None
    if isinstance(node, Mapping):
        return cut_mapping(chunk.source, node, lines, field.children)
    return _cut_list(chunk.source, node, lines, field)


def item_block(chunk: Chunk) -> Block | None:
    """Return the mapping that begins beside the dash of an item."""
    node = chunk.node
    if not isinstance(node, Mapping) or node.span.line - 1 != chunk.first:
        return None
    source = list(chunk.source)
    line = source[chunk.first]
    at = chunk.value_at - 1
    source[chunk.first] = f"{line[:at]} {line[at + 1 :]}"
    return cut_mapping(source, node, (chunk.first, chunk.end), chunk.fields)


def is_comment(line: str) -> bool:
    """Tell whether a line holds a comment at most."""
    return bool(NO_VALUE.match(line))
