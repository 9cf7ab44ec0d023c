"""Three-way merge of front matter by key path.

What one side has changed of the blocks of front matter is taken with the lines of that side; what
both have changed is cut further (`tracker.format.matter_blocks`).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.format.matter_blocks import (
    Block,
    Chunk,
    cut_mapping,
    inner_block,
    is_comment,
    item_block,
)
from tracker.format.meaning import meaning_of, texts_of
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
from tracker.schema import Field, Kind, canonical_order
from tracker.yamltree import Mapping

if TYPE_CHECKING:
    from tracker.config import Config


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
        cut_mapping(side.lines, side.root, (1, len(side.lines)), fields) if side else None
        for side in (base, ours, theirs)
    ]
    old, one, other = blocks
    if one is None or other is None or (base and old is None):
        before = base.lines[1:] if base else []
        return method.merge_lines(before, ours.lines[1:], theirs.lines[1:])
    return merger.blocks(old, one, other, fields)


class _Merger(Struct, frozen=True):
    config: Config
    method: Method

    def blocks(
        self, base: Block | None, ours: Block, theirs: Block, fields: tuple[Field, ...]
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

    def _chunk(self, base: Chunk | None, ours: Chunk | None, theirs: Chunk | None) -> list[Part]:
        """Merge what the sides made of one entry or item; empty where it is gone."""
        if ours is None or theirs is None:
            return self._one_sided(base, ours, theirs)
        lead = self._three(base.lead if base else (), ours.lead, theirs.lead)
        taken = pick(base.lines if base else (), ours.lines, theirs.lines)
        if taken is Taken.NEITHER:
            return [*lead, *self._value(base, ours, theirs)]
        return [*lead, *(ours if taken is Taken.OURS else theirs).lines]

    def _one_sided(
        self, base: Chunk | None, ours: Chunk | None, theirs: Chunk | None
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
        self, base: Chunk, ours: Chunk | None, theirs: Chunk | None
    ) -> list[Part] | None:
        """Merge a list of groups that one side has emptied, so that its key is gone there.

        Returns:
            None where it is no such list, or something in it was changed that the other side took
            away.
        """
        left, field = ours or theirs, base.field
        if left is None or field is None or field.kind is not Kind.GROUPS:
            return None
        old, kept = inner_block(base, field), inner_block(left, field)
        if old is None or kept is None:
            return None
        emptied = Block([], (), kept.column)
        one, other = (kept, emptied) if left is ours else (emptied, kept)
        inner = self.blocks(old, one, other, field.children)
        if any(isinstance(part, Conflict) for part in inner):
            return None
        if not inner:
            return None if _has_new_comments(left, base) else []
        return [*left.lead, left.lines[0], *inner]

    # --- values ---

    def _value(self, base: Chunk | None, ours: Chunk, theirs: Chunk) -> list[Part]:
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

    def _inner(self, base: Chunk | None, ours: Chunk, theirs: Chunk) -> list[Part] | None:
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
        self, base: Chunk | None, ours: Chunk, theirs: Chunk, field: Field
    ) -> list[Part] | None:
        """Merge a collection that begins below its key."""
        blocks = [inner_block(side, field) if side else None for side in (base, ours, theirs)]
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

    def _item(self, base: Chunk | None, ours: Chunk, theirs: Chunk) -> list[Part] | None:
        """Merge a group of a list, whose first key stands beside the dash."""
        blocks = [item_block(side) if side else None for side in (base, ours, theirs)]
        old, one, other = blocks
        if one is None or other is None or (base and old is None):
            return None
        inner = self.blocks(old, one, other, ours.fields)
        for at, part in enumerate(inner):
            if isinstance(part, Conflict):
                return None
            if not is_comment(part):
                if at or part[ours.column : ours.column + 1] != " ":
                    return None
                inner[0] = f"{part[: ours.column]}-{part[ours.column + 1 :]}"
                return inner
        return None

    def _list(
        self, base: Chunk | None, ours: Chunk, theirs: Chunk, field: Field
    ) -> list[Part] | None:
        """Merge a list of texts as a set that keeps its order."""
        blocks = [inner_block(side, field) if side else None for side in (base, ours, theirs)]
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
        self, base: Chunk | None, ours: Chunk, theirs: Chunk, taken: Taken
    ) -> str | None:
        """Return the line of a value, with the comment behind it that one side has changed."""
        if base is None or any(len(side.lines) > 1 for side in (base, ours, theirs)):
            return None
        rest = picked(*map(_behind_value, (base, ours, theirs)))
        if rest is None:
            return None
        side = ours if taken is Taken.OURS else theirs
        return side.lines[0][: _value_end(side)] + rest

    def _meaning(self, chunk: Chunk) -> object:
        """Return what an entry or item says, whatever way it is written."""
        return meaning_of(chunk.node, chunk.field, self.config, chunk.fields)


def _has_new_comments(chunk: Chunk, base: Chunk) -> bool:
    """Tell whether a side has written comments, above an entry or in it, that were not there."""
    above, before = (Counter(filter(str.strip, side.lead)) for side in (chunk, base))
    return bool(above - before or chunk.comments - base.comments)


def _value_end(chunk: Chunk) -> int:
    """Return the offset behind the value in the one line of an entry."""
    node = chunk.node
    written = node.span[:2] != node.span[2:]
    end = node.span.end_column - 1 if written else chunk.value_at
    return end + len(chunk.lines[0]) - len(chunk.source[chunk.first])


def _behind_value(chunk: Chunk) -> str:
    """Return what stands behind the value in the one line of an entry; empty for several lines."""
    return chunk.lines[0][_value_end(chunk) :] if len(chunk.lines) == 1 else ""


def _list_line(chunk: Chunk, texts: list[str], rest: str) -> str | None:
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
