"""The canonical form of front matter.

The lines are written anew along the tree that was read, so that keys can change places while
comments, values and the style of lists stay what they are. What is written in a way that this
module does not know is moved as it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from tracker.dates import read_date
from tracker.format.matter_lines import (
    BLOCK_HEADER,
    COLON,
    NO_VALUE,
    Child,
    MatterLines,
    UnknownStyleError,
    content_depth,
    refuse_content,
)
from tracker.format.scalar import write_scalar
from tracker.schema import Field, Kind, by_spelling
from tracker.text import fold
from tracker.translation import Message
from tracker.yamltree import COMMENT_LIKE_A_VALUE, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from datetime import date

KeyLanguage: TypeAlias = Literal["zh", "en"]

STEP = 2
"""Blanks by which what lies within a key or an item is indented."""

_KEEPS_BLANK_LINES = re.compile(r"[|>][1-9]?\+[1-9]?[ \t]*(?:#.*)?$")
"""A text to which the blank lines below it belong, so that nothing can be moved around it."""

_BLANKS = " \t"
_READ_AS_OTHER_TYPES = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that other readers of YAML take for something else than text."""


def key_in(found: Field, written: str, language: KeyLanguage | None) -> str:
    """Return how a key is written.

    Args:
        found: The field.
        written: The key as it stands in the record.
        language: The language that keys are to be in; None to leave it.

    Returns:
        The spelling of the table that was meant; in the other language where that is asked for
        and the field has a key in it.
    """
    spelling = next((one for one in found.spellings if fold(one) == fold(written)), written)
    if language is None or _language_of(spelling) == language:
        return spelling
    keys = (key for key in (found.key, found.zh) if key and _language_of(key) == language)
    return next(keys, spelling)


def _language_of(key: str) -> KeyLanguage:
    return "en" if key.isascii() else "zh"


def day_of(text: str) -> date | None:
    """Return the day that a text is, if it is one."""
    found = read_date(text.strip())
    return None if isinstance(found, Message) else found


def tidy_matter(
    lines: list[str],
    root: Mapping,
    fields: tuple[Field, ...],
    language: KeyLanguage | None = None,
) -> list[str]:
    """Return the lines of front matter in canonical form.

    Args:
        lines: All lines of the file down to the one that closes the front matter, excluded; the
            first is the line that opens it.
        root: What was read from them, without any problem of YAML.
        fields: The fields of the workspace's records, in canonical order.
        language: The language that keys are to be in; None to leave it.

    Returns:
        The lines between the opening and the closing one.
    """
    if not root.entries or any(map(_KEEPS_BLANK_LINES.search, lines)):
        return lines[1:]
    try:
        return _Writer(MatterLines(lines), language).root(root, fields)
    except UnknownStyleError:
        return lines[1:]


class _Place(Struct, frozen=True):
    """Where an entry or item stands, and where it is to stand.

    Attributes:
        child: Its lines.
        at: The offset behind its colon or dash, in its first line.
        column: The offset of its key or dash.
        indent: That offset in the canonical form.
    """

    child: Child
    at: int
    column: int
    indent: int


class _Written(Struct, frozen=True):
    """The lines of a collection, and the comments that stand before its first line."""

    lead: list[str]
    lines: list[str]


class _Writer(Struct, frozen=True):
    """Writes nodes.

    Attributes:
        lines: The lines of the front matter.
        language: The language that keys are to be in.
    """

    lines: MatterLines
    language: KeyLanguage | None

    def root(self, node: Mapping, fields: tuple[Field, ...]) -> list[str]:
        start, end = 1, len(self.lines.source)
        first = node.span.line - 1
        gap = [line.strip(_BLANKS) for line in self.lines.source[start:first]]
        refuse_content(gap)
        # A comment that is set apart from the first key is the file's.
        own = max((at + 1 for at, line in enumerate(gap) if not line), default=0)
        head = gap[:own] if any(gap[:own]) else []
        if self.lines.is_flow(node):
            raise UnknownStyleError
        written = self._mapping(node, fields, start + len(head), end, 0)
        lines = [*_without_blank_runs([*head, *written.lead]), *written.lines]
        while not lines[0]:
            lines.pop(0)
        while not lines[-1]:
            lines.pop()
        return lines

    def _collection(
        self, node: Node, fields: tuple[Field, ...], start: int, end: int, indent: int
    ) -> _Written:
        """Write a block collection that takes the lines from `start` to `end`."""
        if isinstance(node, Mapping):
            return self._mapping(node, fields, start, end, indent)
        if isinstance(node, Sequence):
            return self._sequence(node, fields, start, end, indent)
        raise UnknownStyleError

    def _mapping(
        self, node: Mapping, fields: tuple[Field, ...], start: int, end: int, indent: int
    ) -> _Written:
        column = node.span.column - 1
        starts = [key.span.line - 1 for key, _ in node.entries]
        if any(key.span.column - 1 != column for key, _ in node.entries):
            raise UnknownStyleError
        children, foot = self.lines.children(
            starts, [value for _, value in node.entries], start, end, column
        )
        known = by_spelling(fields)
        meant = [known.get(fold(key.text)) for key, _ in node.entries]
        children.sort(key=lambda child: _rank(meant[child.index], fields))
        parts = [
            (
                child,
                self._entry(node.entries[child.index], meant[child.index], child, column, indent),
            )
            for child in children
        ]
        return _joined(parts, foot, indent)

    def _sequence(
        self, node: Sequence, fields: tuple[Field, ...], start: int, end: int, indent: int
    ) -> _Written:
        column = node.span.column - 1
        starts = list(self.lines.dashes(node, column))
        children, foot = self.lines.children(starts, list(node.items), start, end, column)
        parts = [
            (child, self._item(node.items[child.index], fields, child, column, indent))
            for child in children
        ]
        return _joined(parts, foot, indent)

    def _entry(
        self,
        entry: tuple[Scalar, Node],
        found: Field | None,
        child: Child,
        column: int,
        indent: int,
    ) -> _Written:
        """Write an entry: its key, and its value along the fields of its group."""
        key, value = entry
        line = self.lines.source[child.start]
        colon = COLON.match(line, key.span.end_column - 1)
        if key.span.line != key.span.end_line or not colon:
            raise UnknownStyleError
        place = _Place(child, colon.end(), column, indent)
        head = f"{' ' * indent}{self._key(key, found)}:"
        return _Written([], self._value(value, found, place, head))

    def _item(
        self, item: Node, fields: tuple[Field, ...], child: Child, column: int, indent: int
    ) -> _Written:
        """Write an item of a list; one that is a collection may begin beside the dash."""
        after_dash = column + 1
        line = self.lines.source[child.start]
        dash = " " * indent + "-"
        if self.lines.is_block_collection(item):
            inner = indent + STEP
            beside = item.span.line - 1 == child.start
            rest = "" if beside else line[after_dash:].rstrip(_BLANKS)
            if not beside and not NO_VALUE.match(rest):
                raise UnknownStyleError
            start = child.start + (not beside)
            written = self._collection(item, fields, start, child.end, inner)
            if rest:
                lead = [_indented(one, inner) for one in written.lead]
                return _Written([], [dash + rest, *lead, *written.lines])
            first = dash + " " * (STEP - 1) + written.lines[0][inner:]
            return _Written(written.lead, [first, *written.lines[1:]])
        place = _Place(child, after_dash, column, indent)
        return _Written([], self._value(item, None, place, dash, fields))

    def _key(self, key: Scalar, found: Field | None) -> str:
        source = self.lines.slice(key)
        name = key_in(found, key.text, self.language) if found else key.text
        if not key.plain and _needs_no_quotes(name, in_flow=True):
            return name
        return source if name == key.text else write_scalar(name, in_flow=True)

    def _value(
        self,
        node: Node,
        found: Field | None,
        place: _Place,
        head: str,
        fields: tuple[Field, ...] | None = None,
    ) -> list[str]:
        """Write what stands behind the colon or dash with which `head` ends.

        Args:
            node: The value.
            found: The field of the key; None for an unknown one, and for an item.
            place: Where the key or dash stands, and where it is to stand.
            head: The line down to the colon or dash.
            fields: The fields of the groups in it; by default the field's own.
        """
        within = fields if fields is not None else found.children if found else ()
        try:
            if self.lines.is_block_collection(node):
                return self._lines_below(node, within, place, head)
            return self._lines_beside(node, found, within, place, head)
        except UnknownStyleError:
            return self._moved(place)

    def _lines_below(
        self, node: Node, fields: tuple[Field, ...], place: _Place, head: str
    ) -> list[str]:
        child = place.child
        rest = self.lines.source[child.start][place.at :].rstrip(_BLANKS)
        if not NO_VALUE.match(rest):
            raise UnknownStyleError
        inner = place.indent + STEP
        written = self._collection(node, fields, child.start + 1, child.end, inner)
        body = [*(_indented(one, inner) for one in written.lead), *written.lines]
        return [head + rest, *(body if body[0] else body[1:])]

    def _lines_beside(
        self,
        node: Node,
        found: Field | None,
        fields: tuple[Field, ...],
        place: _Place,
        head: str,
    ) -> list[str]:
        child, span = place.child, node.span
        if isinstance(node, Scalar) and node.plain and span[:2] == span[2:]:
            return [head + self._comment(child, child.start, place.at)]
        last = span.end_line - 1
        if self.lines.is_block_scalar(node):
            if span.line - 1 != child.start:
                raise UnknownStyleError
            return self._block_scalar(node, place, head)
        if span.line - 1 != child.start:
            # It begins below its key; a comment between them has no other place.
            between = [
                self.lines.source[child.start][place.at :],
                *self.lines.source[child.start + 1 : span.line - 1],
            ]
            if any(line.strip(_BLANKS) for line in between):
                raise UnknownStyleError
        rest = self._comment(child, last, span.end_column - 1)
        if span.line == span.end_line:
            text = self._flow(node, found, fields, in_flow=False)
            if COMMENT_LIKE_A_VALUE.match(rest):
                # Without quotes, the comment would look like a part of the value.
                text = self.lines.slice(node)
            return [f"{head} {text}{rest}"]
        first = self.lines.source[span.line - 1][span.column - 1 :]
        lines = self.lines.source[span.line : span.end_line]
        moved = _shifted(lines, place.indent - place.column, place.indent + STEP)
        return [_without_trail(line) for line in (f"{head} {first}", *moved)]

    def _comment(self, child: Child, line: int, at: int) -> str:
        """Return the comment behind the end of a value, with the blanks before it."""
        rest = self.lines.source[line][at:].rstrip(_BLANKS)
        if not NO_VALUE.match(rest) or child.end != line + 1:
            raise UnknownStyleError
        return rest

    def _moved(self, place: _Place) -> list[str]:
        """Return the lines of a child as they stand, moved to its indent."""
        first, *others = self.lines.source[place.child.start : place.child.end]
        by = place.indent - place.column
        return [" " * place.indent + first[place.column :], *_shifted(others, by, place.indent + 1)]

    def _block_scalar(self, node: Node, place: _Place, head: str) -> list[str]:
        """Write a text of several lines that begins with `|` or `>`."""
        child = place.child
        header = BLOCK_HEADER.match(self.lines.source[child.start], node.span.column - 1)
        if not header:
            raise UnknownStyleError
        sign, before, digit, behind, rest = header.groups()
        content = self.lines.source[child.start + 1 : child.end]
        depth = content_depth(content, place.column, digit)
        explicit = str(STEP) if digit else ""
        margin = " " * (place.indent + STEP)
        return [
            f"{head} {sign}{before}{explicit}{behind}{rest.rstrip(_BLANKS)}",
            *(margin + line[depth:] if line[depth:] else "" for line in content),
        ]

    def _flow(
        self, node: Node, found: Field | None, fields: tuple[Field, ...], *, in_flow: bool
    ) -> str:
        """Write a value of one line."""
        if isinstance(node, Scalar):
            return self._scalar(node, found, in_flow=in_flow)
        source = self.lines.slice(node)
        if source[0] != ("[" if isinstance(node, Sequence) else "{"):
            raise UnknownStyleError
        if isinstance(node, Sequence):
            items = [self._flow(item, None, fields, in_flow=True) for item in node.items]
            if not all(items):
                raise UnknownStyleError
            return f"[{', '.join(items)}]"
        known = by_spelling(fields)
        pairs = []
        for key, value in node.entries:
            name = known.get(fold(key.text))
            text = self._flow(value, name, name.children if name else (), in_flow=True)
            if not text or not self.lines.slice(key):
                raise UnknownStyleError
            pairs.append((_rank(name, fields), f"{self._key(key, name)}: {text}"))
        pairs.sort(key=lambda pair: pair[0])
        return f"{{{', '.join(text for _, text in pairs)}}}"

    def _scalar(self, node: Scalar, found: Field | None, *, in_flow: bool) -> str:
        source = self.lines.slice(node)
        text = node.text
        if found and found.kind is Kind.DATE and (day := day_of(text)):
            text = day.isoformat()
            source = source.replace(node.text, text)
        if node.plain or not _needs_no_quotes(text, in_flow=in_flow):
            return source
        return text


def _rank(found: Field | None, fields: tuple[Field, ...]) -> int:
    """Return the place of a field in canonical order; unknown keys come last."""
    return fields.index(found) if found else len(fields)


def _indented(line: str, indent: int) -> str:
    """Return a comment at an indent; a blank line stays one."""
    text = line.strip(_BLANKS)
    return " " * indent + text if text else ""


def _shifted(lines: list[str], by: int, least: int) -> list[str]:
    """Return the further lines of a value moved, but not out of what they lie in."""
    moved = []
    for line in lines:
        text = line.lstrip(_BLANKS)
        floor = least - STEP if text[:1] in {"]", "}"} else least
        depth = max(len(line) - len(text) + by, floor)
        moved.append(" " * depth + text if text else line)
    return moved


def _without_trail(line: str) -> str:
    """Return a line without blanks at its end, unless one of them is escaped."""
    text = line.rstrip(_BLANKS)
    return line if text.endswith("\\") else text


def _joined(parts: list[tuple[Child, _Written]], foot: list[str], indent: int) -> _Written:
    """Put children one below the other, each with its comments."""
    lead: list[str] = []
    lines: list[str] = []
    for number, (child, written) in enumerate(parts):
        above = [_indented(line, indent) for line in (*child.lead, *written.lead)]
        if number == 0:
            lead = above
        else:
            apart = parts[number - 1][0].after or "" in above[1:]
            if apart and above[:1] != [""]:
                lines.append("")
            lines += _without_blank_runs(above)
        lines += written.lines
        lines += [_indented(line, indent) for line in child.after]
    lines += _without_blank_runs([_indented(line, indent) for line in foot])
    return _Written(_without_blank_runs(lead), lines)


def _without_blank_runs(lines: list[str]) -> list[str]:
    return [line for at, line in enumerate(lines) if line or at == 0 or lines[at - 1]]


def _needs_no_quotes(text: str, *, in_flow: bool) -> bool:
    """Tell whether a text is read as the same text without quotes, by every reader of YAML."""
    return (
        text[:1].isalpha()
        and text.casefold() not in _READ_AS_OTHER_TYPES
        and "：" not in text
        and write_scalar(text, in_flow=in_flow) == text
    )
