"""Three-way merge of front matter by key path.

Front matter is cut into the lines of its entries and items, each with the comments above it. What
one side has changed is taken with the lines of that side; what both have changed is cut further.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from tracker.format.comments import comments_in
from tracker.format.front_matter_editor import IDENTITIES
from tracker.format.scalar import write_list
from tracker.format.three_way import (
    Conflict,
    Method,
    Part,
    Taken,
    merge_order,
    pick,
    picked,
)
from tracker.format.values import Fault, read_value
from tracker.schema import Field, Kind, by_spelling, canonical_order
from tracker.text import fold, split_list
from tracker.yamltree import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from tracker.config import Config

_COLON = re.compile(r"[ \t]*:(?=[ \t]|$)")
_COMMENT = re.compile(r"[ \t]*(?:#.*)?$")
_BLANKS = " \t"


class Matter(Struct, frozen=True):
    """The front matter of one side.

    Attributes:
        lines: The lines of the file down to the end of the front matter, without the line that
            closes it; the first opens it.
        root: What they hold.
    """

    lines: list[str]
    root: Mapping


def merge_matter(
    base: Matter | None,
    ours: Matter,
    theirs: Matter,
    config: Config,
    method: Method,
) -> list[Part]:
    """Merge front matter.

    Args:
        base: What both sides began with; None where there was no file.
        ours: Ours.
        theirs: Theirs.
        config: The workspace's settings.
        method: How what both sides have changed is merged.

    Returns:
        The lines between the one that opens the front matter and the one that closes it.
    """
    merger = _Merger(config, method)
    fields = canonical_order(config.front_matter_fields)
    blocks = [
        _cut_mapping(side.lines, side.root, (1, len(side.lines)), fields) if side else None
        for side in (base, ours, theirs)
    ]
    old, one, other = blocks
    if one is None or other is None or (base and old is None):
        before = base.lines[1:] if base else []
        return method.merge_lines(before, ours.lines[1:], theirs.lines[1:])
    return merger.blocks(old, one, other, fields)


# --- Cutting ------------------------------------------------------------------------------------


class _Chunk(Struct, frozen=True):
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

    def moved(self, column: int) -> _Chunk:
        """Return it with its lines at another indent."""
        if column == self.column:
            return self
        by = column - self.column
        lead = tuple(_moved(line, by) for line in self.lead)
        return replace(self, lead=lead, lines=tuple(_moved(line, by) for line in self.lines))


class _Block(Struct, frozen=True):
    """A mapping or a list in block style.

    Attributes:
        chunks: Its entries or items.
        foot: Comments and blank lines below the last of them.
        column: The offset of their keys or dashes.
    """

    chunks: list[_Chunk]
    foot: tuple[str, ...]
    column: int


_Range: TypeAlias = "tuple[int, int]"


class _Child(NamedTuple):
    """What is known of an entry or item before its lines are; see `_Chunk`."""

    key: str
    node: Node
    value_at: int
    field: Field | None
    fields: tuple[Field, ...]
    is_item: bool


def _cut_mapping(
    source: list[str], node: Mapping, lines: _Range, fields: tuple[Field, ...]
) -> _Block | None:
    """Cut a mapping that takes some lines into its entries; None where it is not in block style."""
    if not node.entries:
        return _Block([], tuple(source[lines[0] : lines[1]]), 0)
    column = node.entries[0][0].span.column - 1
    starts = [key.span.line - 1 for key, _ in node.entries]
    if any(key.span.column - 1 != column for key, _ in node.entries):
        return None
    if _is_flow(source, node) or any(source[at][:column].strip(_BLANKS) for at in starts):
        return None
    known = by_spelling(fields)
    children = []
    for key, value in node.entries:
        colon = _COLON.match(source[key.span.line - 1], key.span.end_column - 1)
        if colon is None or key.span.line != key.span.end_line:
            return None
        field = known.get(fold(key.text))
        name = field.key if field else f"={key.text}"
        within = field.children if field else ()
        children.append(_Child(name, value, colon.end(), field, within, is_item=False))
    return _block(source, starts, lines, column, children)


def _cut_list(source: list[str], node: Sequence, lines: _Range, field: Field) -> _Block | None:
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
) -> _Block | None:
    if any(later <= earlier for earlier, later in pairwise(starts)):
        return None
    if any(not _COMMENT.match(line) for line in source[lines[0] : starts[0]]):
        return None
    begins = [lines[0], *(_lead_start(source, start, column) for start in starts[1:])]
    # Below the last one, comments at its own indent or less belong to nobody.
    end = _lead_start(source, lines[1], column)
    ends = [*begins[1:], max(end, starts[-1] + 1)]
    chunks = [
        _Chunk(
            lead=tuple(source[begin:start]),
            lines=tuple(source[start:stop]),
            source=source,
            first=start,
            column=column,
            **child._asdict(),
        )
        for begin, start, stop, child in zip(begins, starts, ends, children, strict=True)
    ]
    return _Block(chunks, tuple(source[ends[-1] : lines[1]]), column)


def _lead_start(source: list[str], line: int, column: int) -> int:
    """Return where the comments and blank lines above a line begin.

    Comments that lie deeper belong to what stands above them, and may be lines of a long text.
    """
    start = at = line
    while at > 0 and _COMMENT.match(source[at - 1]):
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


# --- Merging ------------------------------------------------------------------------------------


class _Merger(Struct, frozen=True):
    config: Config
    method: Method

    def blocks(
        self, base: _Block | None, ours: _Block, theirs: _Block, fields: tuple[Field, ...]
    ) -> list[Part]:
        """Merge two mappings or lists, entry by entry."""
        column = ours.column
        if base and ours.chunks and theirs.chunks and ours.column == base.column:
            column = theirs.column
        sides = [
            {chunk.key: chunk.moved(column) for chunk in block.chunks} if block else {}
            for block in (base, ours, theirs)
        ]
        old, one, other = sides
        merged = {
            key: self._chunk(old.get(key), one.get(key), other.get(key))
            for key in dict.fromkeys((*one, *other))
        }
        ranks = {field.key: rank for rank, field in enumerate(fields)}

        def combine(added: list[str], others: list[str]) -> list[str]:
            def rank(key: str) -> tuple[int, str]:
                return ranks.get(key, len(ranks)), key

            return sorted([*added, *others], key=rank)

        kept = {key for key, parts in merged.items() if parts}
        order = merge_order(list(old), list(one), list(other), kept, combine)
        old_foot = base.foot if base else ()
        # Where both sides have added entries below the foot, it is at the head of each of them.
        headed = [
            key
            for key in order
            if any(old_foot) and key not in old and tuple(merged[key][: len(old_foot)]) == old_foot
        ]
        merged.update((key, merged[key][len(old_foot) :]) for key in headed[1:])
        foot = self._three(old_foot, ours.foot, theirs.foot)
        return [part for key in order for part in merged[key]] + foot

    def _three(
        self, base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...]
    ) -> list[Part]:
        taken = pick(base, ours, theirs)
        if taken is Taken.NEITHER:
            return self.method.merge_lines(base, ours, theirs)
        return list(ours if taken is Taken.OURS else theirs)

    def _chunk(self, base: _Chunk | None, ours: _Chunk | None, theirs: _Chunk | None) -> list[Part]:
        """Merge what the sides made of one entry or item; empty where it is gone."""
        if ours is None or theirs is None:
            return self._one_sided(base, ours, theirs)
        lead = self._three(base.lead if base else (), ours.lead, theirs.lead)
        taken = pick(base.lines if base else (), ours.lines, theirs.lines)
        if taken is Taken.NEITHER:
            return [*lead, *self._value(base, ours, theirs)]
        return [*lead, *(ours if taken is Taken.OURS else theirs).lines]

    def _one_sided(
        self, base: _Chunk | None, ours: _Chunk | None, theirs: _Chunk | None
    ) -> list[Part]:
        left = ours or theirs
        if left is None:
            return []
        if base is None:
            return [*left.lead, *left.lines]
        if self._meaning(left) == self._meaning(base) and not _has_new_comments(left, base):
            return []
        items = self._items_left(base, ours, theirs)
        if items is not None:
            return items
        before, one, other = (
            (*side.lead, *side.lines) if side else () for side in (base, ours, theirs)
        )
        return self.method.conflict(before, one, other)

    def _items_left(
        self, base: _Chunk, ours: _Chunk | None, theirs: _Chunk | None
    ) -> list[Part] | None:
        """Merge a list of groups that one side has emptied, so that its key is gone there.

        Returns:
            None where it is no such list, or something in it was changed that the other side took
            away.
        """
        left, field = ours or theirs, base.field
        if left is None or field is None or field.kind is not Kind.GROUPS:
            return None
        old, kept = _inner_block(base, field), _inner_block(left, field)
        if old is None or kept is None:
            return None
        emptied = _Block([], (), kept.column)
        one, other = (kept, emptied) if left is ours else (emptied, kept)
        inner = self.blocks(old, one, other, field.children)
        if any(isinstance(part, Conflict) for part in inner):
            return None
        if not inner:
            return None if _has_new_comments(left, base) else []
        return [*left.lead, left.lines[0], *inner]

    # --- values ---

    def _value(self, base: _Chunk | None, ours: _Chunk, theirs: _Chunk) -> list[Part]:
        """Merge an entry or item that both sides have changed."""
        merged = self._inner(base, ours, theirs)
        if merged is not None:
            return merged
        old = self._meaning(base) if base else None
        taken = pick(old, self._meaning(ours), self._meaning(theirs))
        if taken is Taken.NEITHER:
            before = base.lines if base else ()
            return self.method.conflict(before, ours.lines, theirs.lines)
        if line := self._with_comment(base, ours, theirs, taken):
            return [line]
        side, left = (ours, theirs) if taken is Taken.OURS else (theirs, ours)
        if left.comments - (base.comments if base else Counter()) - side.comments:
            return self.method.conflict(base.lines if base else (), ours.lines, theirs.lines)
        return list(side.lines)

    def _inner(self, base: _Chunk | None, ours: _Chunk, theirs: _Chunk) -> list[Part] | None:
        """Merge what lies within an entry or item; None where it cannot be told apart."""
        field = ours.field
        if field and field.kind is Kind.LIST:
            return self._list(base, ours, theirs, field)
        if field and field.children:
            return self._below_head(base, ours, theirs, field)
        if ours.is_item and ours.fields and isinstance(ours.node, Mapping):
            return self._item(base, ours, theirs)
        return None

    def _below_head(
        self, base: _Chunk | None, ours: _Chunk, theirs: _Chunk, field: Field
    ) -> list[Part] | None:
        """Merge a collection that begins below its key."""
        blocks = [_inner_block(side, field) if side else None for side in (base, ours, theirs)]
        old, one, other = blocks
        if one is None or other is None or (base and old is None):
            return None
        heads = [side.lines[:1] if side else () for side in (base, ours, theirs)]
        head = self._three(*heads)
        if any(isinstance(part, Conflict) for part in head):
            return None
        inner = self.blocks(old, one, other, field.children)
        # Each side has taken away what the other one kept: the key has nothing left to head.
        return [*head, *inner] if inner or not (one.chunks or other.chunks) else []

    def _item(self, base: _Chunk | None, ours: _Chunk, theirs: _Chunk) -> list[Part] | None:
        """Merge a group of a list, whose first key stands beside the dash."""
        blocks = [_item_block(side) if side else None for side in (base, ours, theirs)]
        old, one, other = blocks
        if one is None or other is None or (base and old is None):
            return None
        inner = self.blocks(old, one, other, ours.fields)
        for at, part in enumerate(inner):
            if isinstance(part, Conflict):
                return None
            if not _COMMENT.match(part):
                if at or part[ours.column : ours.column + 1] != " ":
                    return None
                inner[0] = f"{part[: ours.column]}-{part[ours.column + 1 :]}"
                return inner
        return None

    def _list(
        self, base: _Chunk | None, ours: _Chunk, theirs: _Chunk, field: Field
    ) -> list[Part] | None:
        """Merge a list of texts as a set that keeps its order."""
        blocks = [_inner_block(side, field) if side else None for side in (base, ours, theirs)]
        old, one, other = blocks
        if one and other and (old or not base):
            return self._below_head(base, ours, theirs, field)
        texts = [texts_of(side.node) if side else () for side in (base, ours, theirs)]
        before, mine, yours = (list(dict.fromkeys(found)) for found in texts)
        gone = set(before) - (set(mine) & set(yours))
        kept = (set(mine) | set(yours)) - gone
        order = merge_order(before, mine, yours, kept, lambda one, two: sorted([*one, *two]))
        rests = [_behind_value(side) if side else "" for side in (base, ours, theirs)]
        rest = picked(*rests)
        line = _list_line(ours, order, rest or "")
        if rest is None or line is None or _list_line(theirs, order, rest) is None:
            return None
        return [line]

    def _with_comment(
        self, base: _Chunk | None, ours: _Chunk, theirs: _Chunk, taken: Taken
    ) -> str | None:
        """Return the line of a value, with the comment behind it that one side has changed."""
        if base is None or any(len(side.lines) > 1 for side in (base, ours, theirs)):
            return None
        rest = picked(*map(_behind_value, (base, ours, theirs)))
        if rest is None:
            return None
        side = ours if taken is Taken.OURS else theirs
        return side.lines[0][: _value_end(side)] + rest

    def _meaning(self, chunk: _Chunk) -> object:
        """Return what an entry or item says, whatever way it is written."""
        return meaning_of(chunk.node, chunk.field, self.config, chunk.fields)


def _has_new_comments(chunk: _Chunk, base: _Chunk) -> bool:
    """Tell whether a side has written comments, above an entry or in it, that were not there."""
    above, before = (Counter(filter(str.strip, side.lead)) for side in (chunk, base))
    return bool(above - before or chunk.comments - base.comments)


def _inner_block(chunk: _Chunk, field: Field) -> _Block | None:
    """Return the collection below the key of an entry; None where it is written otherwise."""
    node, lines = chunk.node, (chunk.first + 1, chunk.end)
    if isinstance(node, Scalar):
        rest = chunk.source[chunk.first][chunk.value_at :]
        empty = not node.text and _COMMENT.match(rest)
        return _Block([], tuple(chunk.source[lines[0] : lines[1]]), 0) if empty else None
    if node.span.line - 1 <= chunk.first:
        return None
    if isinstance(node, Mapping):
        return _cut_mapping(chunk.source, node, lines, field.children)
    return _cut_list(chunk.source, node, lines, field)


def _item_block(chunk: _Chunk) -> _Block | None:
    """Return the mapping that begins beside the dash of an item."""
    node = chunk.node
    if not isinstance(node, Mapping) or node.span.line - 1 != chunk.first:
        return None
    source = list(chunk.source)
    line = source[chunk.first]
    at = chunk.value_at - 1
    source[chunk.first] = f"{line[:at]} {line[at + 1 :]}"
    return _cut_mapping(source, node, (chunk.first, chunk.end), chunk.fields)


def meaning_of(
    node: Node, field: Field | None, config: Config, fields: tuple[Field, ...] = ()
) -> object:
    """Return what a value says, whatever way it is written.

    Args:
        node: The value.
        field: Its field; None for an unknown one, and for an item of a list.
        config: The workspace's settings.
        fields: For an item: the fields of the groups in it.
    """
    if field and field.kind is Kind.LIST and not isinstance(node, Mapping):
        return texts_of(node)
    if isinstance(node, Scalar):
        if field is None or field.children or not node.text:
            return node.text
        value = read_value(field, node.text, config)
        return node.text if isinstance(value, Fault) else value
    within = field.children if field else fields
    if isinstance(node, Sequence):
        return [meaning_of(item, None, config, within) for item in node.items]
    known = by_spelling(within)
    meant = [(known.get(fold(key.text)), key.text, value) for key, value in node.entries]
    return {
        found.key if found else f"={name}": meaning_of(value, found, config)
        for found, name, value in meant
    }


def texts_of(node: Node) -> tuple[str, ...]:
    """Return the items of a list of texts, in whatever way it is written."""
    if isinstance(node, Scalar):
        return split_list(node.text)
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(item.text for item in items if isinstance(item, Scalar) and item.text)


def _value_end(chunk: _Chunk) -> int:
    """Return the offset behind the value in the one line of an entry."""
    node = chunk.node
    written = node.span[:2] != node.span[2:]
    end = node.span.end_column - 1 if written else chunk.value_at
    return end + len(chunk.lines[0]) - len(chunk.source[chunk.first])


def _behind_value(chunk: _Chunk) -> str:
    """Return what stands behind the value in the one line of an entry; empty for several lines."""
    return chunk.lines[0][_value_end(chunk) :] if len(chunk.lines) == 1 else ""


def _list_line(chunk: _Chunk, texts: list[str], rest: str) -> str | None:
    """Return the line of a list with other items; None where a comment among them would be lost.

    Args:
        chunk: The list.
        texts: Its items.
        rest: What is to stand behind them.
    """
    if len(chunk.lines) > 1 and any("#" in line for line in chunk.lines):
        return None
    line = chunk.lines[0]
    head = line[: chunk.value_at + len(line) - len(chunk.source[chunk.first])]
    return f"{head} {write_list(texts)}{rest}" if texts else f"{head}{rest}"
