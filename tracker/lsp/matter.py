"""Where one is in the front matter, as far as its lines tell.

While it is typed it is no YAML that could be read.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.schema import Field, Kind, by_spelling
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.config import Config

_ENTRY = re.compile(
    r"(?P<before>[ \t]*(?P<dashes>(?:-[ \t]+)*))(?P<quote>[\"']?)"
    r"(?P<key>[^\s#:：\"'\[\]{},-][^:：\"'\[\]{}#]*?)(?P=quote)"
    r"[ \t]*(?P<colon>:(?=[ \t]|$)|：)[ \t]*(?P<value>.*)$"
)
_BEGUN = re.compile(r"(?P<before>[ \t]*(?P<dashes>(?:-(?:[ \t]+|$))*))(?P<typed>[^\[\]{}\"']*)$")
_COMMENT = re.compile(r"(?:^|[ \t])#")
_ITEM_OF_LIST = re.compile(r"[\[\],，、;；][ \t]*")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<text>.*)")
_FENCE = re.compile(r"---[ \t]*$")


class Entry(Struct, frozen=True):
    """A line with a key.

    Attributes:
        line: Its number in the file.
        indent: Columns before the key, dashes of lists among them.
        begins_item: Whether an item of a list begins in it.
        key: The key as written.
        start: Column of the key, from 1.
        value: What is written behind it.
        value_start: Column of the value, from 1.
        field: What it means; None for an unknown key.
        parent: Place among the entries of the one that it stands within; -1 for none.
    """

    line: int
    indent: int
    begins_item: bool
    key: str
    start: int
    value: str
    value_start: int
    field: Field | None
    parent: int


class KeyPlace(Struct, frozen=True):
    """A place at which a key is written.

    Attributes:
        fields: The fields that may stand there.
        used: Those of them that stand there already.
        typed: What of the key is typed before the place.
        start: Column at which the key begins, from 1.
        end: Column at which it ends.
        has_colon: Whether a colon follows it.
        new_item_of: The list of groups of which a new item begins here; None otherwise.
        has_dash: Whether the dash that begins the item is typed.
    """

    fields: tuple[Field, ...]
    used: frozenset[Field]
    typed: str
    start: int
    end: int
    has_colon: bool
    new_item_of: Field | None = None
    has_dash: bool = False


class ValuePlace(Struct, frozen=True):
    """A place at which a value is written.

    Attributes:
        field: The field.
        of: The group that it belongs to; None for the front matter itself.
        typed: What of the value, or of its item, is typed before the place.
        start: Column at which that begins, from 1.
        listed: The other items, for a list.
        quote: The quotation mark that stands before it; empty for none.
        rest: What of the value stands behind the place.
    """

    field: Field
    of: Field | None
    typed: str
    start: int
    listed: frozenset[str] = frozenset()
    quote: str = ""
    rest: str = ""


class Matter:
    """The lines between the two fences of a record.

    Attributes:
        first: Number of the first line between them.
        last: Number of the last one.

    Args:
        lines: The lines of the file.
        config: The workspace's settings.
    """

    def __init__(self, lines: Sequence[str], config: Config) -> None:
        self._lines = lines
        self._config = config
        begun = next((at for at, line in enumerate(lines) if line.strip()), 0)
        opened = bool(lines) and bool(_FENCE.match(lines[begun]))
        self.first = begun + 2
        closing = (at for at in range(begun + 1, len(lines)) if opened and _FENCE.match(lines[at]))
        open_end = next(
            (at for at in range(begun + 1, len(lines)) if lines[at].startswith("##")), len(lines)
        )
        self.last = next(closing, open_end) if opened else self.first - 1

    def holds(self, line: int) -> bool:
        """Tell whether a line, from 1, lies between the fences."""
        return self.first <= line <= self.last

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Return the lines that have keys."""
        return tuple(self._read())

    def _read(self) -> Iterator[Entry]:
        found: list[Entry] = []
        for number in range(self.first, self.last + 1):
            match = _ENTRY.match(self._lines[number - 1])
            if match is None:
                continue
            indent = len(match["before"])
            parent = self._parent(found, indent)
            entry = Entry(
                line=number,
                indent=indent,
                begins_item=bool(match["dashes"]),
                key=match["key"],
                start=match.start("key") + 1,
                value=_COMMENT.split(match["value"], maxsplit=1)[0].rstrip(),
                value_start=match.start("value") + 1,
                field=by_spelling(self._fields_in(found, parent)).get(fold(match["key"])),
                parent=parent,
            )
            found.append(entry)
            yield entry

    def _fields_in(self, entries: Sequence[Entry], parent: int) -> tuple[Field, ...]:
        if parent < 0:
            return self._config.front_matter_fields
        field = entries[parent].field
        return field.children if field else ()

    @staticmethod
    def _parent(entries: Sequence[Entry], indent: int) -> int:
        """Return the place of the entry that a key with so many columns before it stands within."""
        at = len(entries) - 1
        while at >= 0 and entries[at].indent >= indent:
            at = entries[at].parent if entries[at].parent < at else at - 1
        return at

    def entry_at(self, line: int) -> Entry | None:
        """Return the entry whose key stands in a line."""
        return next((entry for entry in self.entries if entry.line == line), None)

    def path(self, entry: Entry) -> tuple[Entry, ...]:
        """Return an entry with those that it stands within, the outermost first."""
        if entry.parent < 0:
            return (entry,)
        return (*self.path(self.entries[entry.parent]), entry)

    def place(self, line: int, column: int) -> KeyPlace | ValuePlace | None:
        """Return what is written at a place; None where it is a comment, or cannot be told."""
        text = self._lines[line - 1]
        before = text[: column - 1]
        if _COMMENT.search(before):
            return None
        match = _ENTRY.match(text)
        if match and column > match.end("colon"):
            return self._value_place(line, before)
        begun = _BEGUN.match(before)
        if begun is None:
            return None
        indent = len(begun["before"])
        parent = self._parent([entry for entry in self.entries if entry.line < line], indent)
        field = self.entries[parent].field if parent >= 0 else None
        if field and field.kind is Kind.LIST:
            outer = self.entries[self.entries[parent].parent].field if parent else None
            of = outer if self.entries[parent].parent >= 0 else None
            return ValuePlace(
                field, of, begun["typed"], indent + 1, frozenset(self._items_beside(line))
            )
        fields = self._fields_in(self.entries, parent)
        if not fields:
            return None
        is_list = field is not None and field.kind is Kind.GROUPS
        keys = [entry.indent for entry in self.entries if entry.parent == parent]
        outside = is_list and indent < min(keys, default=0)
        siblings = self._siblings(parent, line, new_item=bool(begun["dashes"]) or outside)
        return KeyPlace(
            fields,
            frozenset(entry.field for entry in siblings if entry.field),
            begun["typed"],
            indent + 1,
            match.end("key") + 1 if match else column,
            match is not None,
            field if is_list and not siblings else None,
            bool(begun["dashes"]),
        )

    def _siblings(self, parent: int, line: int, *, new_item: bool) -> list[Entry]:
        """Return the other entries of the group that a line belongs to."""
        within = [entry for entry in self.entries if entry.parent == parent]
        above = [entry for entry in within if entry.line < line]
        below = [entry for entry in within if entry.line > line]
        if parent < 0:
            return [*above, *below]
        ends = next((at for at, entry in enumerate(below) if entry.begins_item), len(below))
        if new_item:
            return below[:ends]
        begins = next((at for at in range(len(above) - 1, -1, -1) if above[at].begins_item), 0)
        return [*above[begins:], *below[:ends]]

    def _value_place(self, line: int, before: str) -> ValuePlace | None:
        entry = self.entry_at(line)
        if entry is None or entry.field is None:
            return None
        of = self.entries[entry.parent].field if entry.parent >= 0 else None
        start = min(entry.value_start - 1, len(before))
        after = self._lines[line - 1][len(before) :]
        listed: frozenset[str] = frozenset()
        if entry.field.kind is Kind.LIST:
            for match in _ITEM_OF_LIST.finditer(before, start):
                start = match.end()
            behind = _ITEM_OF_LIST.split(after)[1:]
            items = [*_ITEM_OF_LIST.split(before[entry.value_start - 1 : start]), *behind]
            listed = frozenset(map(_bare, items))
        quote = before[start : start + 1]
        quote = quote if quote in ("'", '"') else ""
        start += len(quote)
        rest = _COMMENT.split(after, maxsplit=1)[0].rstrip()
        if quote:
            rest = rest.partition(quote)[0]
        return ValuePlace(entry.field, of, before[start:], start + 1, listed, quote, rest)

    def _items_beside(self, line: int) -> Iterator[str]:
        """Yield the items in the lines above and below one of a list."""
        for step in (-1, 1):
            at = line + step
            while self.first <= at <= self.last and (item := _ITEM.match(self._lines[at - 1])):
                yield _bare(item["text"])
                at += step

    @property
    def chinese(self) -> bool:
        """Tell whether most keys are Chinese; where it is a tie, whether the workspace is."""
        keys = [entry.key for entry in self.entries if entry.field and entry.parent < 0]
        foreign = sum(not key.isascii() for key in keys)
        if foreign * 2 == len(keys):
            return self._config.language == "zh"
        return foreign * 2 > len(keys)


def _bare(item: str) -> str:
    return item.strip().strip("\"'")
