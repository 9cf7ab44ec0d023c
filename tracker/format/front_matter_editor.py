"""Changing single values of a front matter: each change is the smallest splice that makes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.diagnostics import FILE_START, Problem, did_you_mean
from tracker.format.assignment import (
    IDENTITIES,
    NewGroup,
    Operation,
    Step,
    Value,
    Way,
    changed_items,
    items_of,
    matching_groups,
    refusal,
)
from tracker.format.frontmatter import HANDLER, keys_in_chinese, split
from tracker.format.scalar import write_list, write_scalar
from tracker.format.splice import Places, Splice
from tracker.schema import Field, Kind, by_spelling, canonical_order
from tracker.text import fold, nearest, split_list
from tracker.translation import Message
from tracker.yamltree import Mapping, Node, Scalar, Sequence, duplicate_key

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.format.frontmatter import FrontMatter

_WRITTEN_KEY = re.compile(r"""[^\s:：#'"-][^:：]*?(?=\s*[:：])""")
_QUOTES = ("'", '"')
_INDENT = 2


def assign(
    text: str, config: Config, way: Way, operation: Operation, value: Value
) -> list[Splice] | Problem:
    r"""Return the splices that change one value, or why it cannot be changed.

    The value is not checked here: what is spliced in is read back by the caller. A value that is
    what it should be already gives no splices.

    Args:
        text: The record's text, with `\n` as the only line break.
        config: The workspace's settings.
        way: The field, as `way_to` gives it.
        operation: What to do.
        value: The value as it is to be read.
    """
    front_matter = split(text, config.limits)
    if front_matter.root is None:
        return next(
            iter(front_matter.problems),
            refusal(Message("the file has no front matter that can be read")),
        )
    editor = _Editor(text, config, front_matter.root)
    try:
        _require_readable(way[0].field, text, front_matter)
        return editor.change(way, operation, value)
    except _RefusedError as refused:
        return refused.problem


def _require_readable(field: Field, text: str, front_matter: FrontMatter) -> None:
    """Refuse to write a field a second time that is there and cannot be read."""
    known = by_spelling((field,))
    root, problems = front_matter.root, front_matter.problems
    if not problems or root is None or any(fold(key.text) in known for key, _ in root.entries):
        return
    for number, line in enumerate(text.split("\n")[: front_matter.body_line - 1], 1):
        if (key := _WRITTEN_KEY.match(line)) and fold(key[0]) in known:
            below = (problem for problem in problems if problem.span.line >= number)
            raise _RefusedError(next(below, problems[0]))


class _RefusedError(Exception):
    """The change cannot be made safely; carries why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class _Slot(Struct, frozen=True):
    """Where a field stands, or would stand.

    Attributes:
        field: The field.
        mapping: The mapping it belongs to.
        fields: All fields of that mapping, in canonical order.
        indent: Columns before the keys of that mapping.
        entry: Its key and value; None where it is not written.
    """

    field: Field
    mapping: Mapping
    fields: tuple[Field, ...]
    indent: int
    entry: tuple[Scalar, Node] | None

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no value."""
        return self.entry is None or _is_empty(self.entry[1])


class _Editor:
    """Finds the stretch to replace by walking down from the root."""

    def __init__(self, text: str, config: Config, root: Mapping) -> None:
        self._text = text
        self._places = Places(text)
        self._root = root
        self._config = config
        self._chinese = keys_in_chinese(root, config.front_matter_fields, config)

    def change(self, way: Way, operation: Operation, value: Value) -> list[Splice]:
        """Return the splices of one change; raises `_RefusedError`."""
        fields = canonical_order(self._config.front_matter_fields)
        slot = self._slot(way[0].field, self._root, fields)
        for index, step in enumerate(way[1:], start=1):
            outer = way[index - 1]
            if slot.is_empty:
                if operation is Operation.REMOVE or not value:
                    return []
                return self._begin_group(slot, way[index - 1 :], value)
            slot = self._slot(step.field, self._inner(outer, slot), outer.field.children)
        return self._change_value(slot, operation, value)

    # --- Finding ---

    def _slot(self, field: Field, mapping: Mapping, fields: tuple[Field, ...]) -> _Slot:
        """Find a field's entry; refuses where it stands twice."""
        known = by_spelling((field,))
        found = [entry for entry in mapping.entries if fold(entry[0].text) in known]
        if len(found) > 1:
            raise _RefusedError(duplicate_key(found[1][0], found[0][0].span.line))
        indent = mapping.entries[0][0].span.column - 1 if mapping.entries else 0
        return _Slot(field, mapping, fields, indent, found[0] if found else None)

    def _inner(self, step: Step, slot: _Slot) -> Mapping:
        """Return the mapping that a step leads into."""
        node = slot.entry[1] if slot.entry else None
        if step.identity is not None:
            items = node.items if isinstance(node, Sequence) else (node,)
            return self._group(step, [item for item in items if isinstance(item, Mapping)])
        if isinstance(node, Mapping):
            return node
        raise _RefusedError(_wrong_shape(slot))

    def _group(self, step: Step, groups: list[Mapping]) -> Mapping:
        """Return the one group with an identity; a part of it, or its number, will do."""
        names = [_identity(step.field, group) for group in groups]
        found = matching_groups(names, step.identity or "")
        if len(found) == 1:
            return groups[found[0]]
        if found:
            values = {
                "text": step.identity,
                "key": step.field.key,
                "names": tuple(names[index] for index in found),
            }
            raise _RefusedError(
                refusal(
                    Message("‘{text}’ means more than one of ‘{key}’: {names}", values),
                    Message("name it by its number in the list, from 1"),
                )
            )
        raise _RefusedError(_no_such_group(step, names))

    def _is_flow(self, node: Node) -> bool:
        return self._text[self._places.stretch(node.span)[0]] in "[{"

    def _colon(self, key: Scalar) -> int:
        """Return the offset after the colon that follows a key."""
        at = self._places.stretch(key.span)[1]
        while self._text[at : at + 1] in (" ", "\t"):
            at += 1
        if self._text[at : at + 1] != ":":
            raise _RefusedError(_uncertain(key))
        return at + 1

    def _stretch(self, node: Node) -> tuple[int, int]:
        """Return the offsets of a value, without the line breaks that end a block."""
        start, end = self._places.stretch(node.span)
        return start, start + len(self._text[start:end].rstrip())

    def _entry_end(self, entry: tuple[Scalar, Node]) -> int:
        """Return the offset after the last character of an entry, comments not counted."""
        key, node = entry
        return self._colon(key) if _is_empty(node) else self._stretch(node)[1]

    # --- Changing ---

    def _change_value(self, slot: _Slot, operation: Operation, value: Value) -> list[Splice]:
        field = slot.field
        if field.kind is Kind.GROUP:
            raise _RefusedError(_has_parts(field))
        if field.kind not in (Kind.LIST, Kind.GROUPS) and operation is not Operation.SET:
            raise _RefusedError(
                refusal(
                    Message("‘{key}’ is no list", {"key": field.key}),
                    Message("write {key}=…", {"key": field.key}),
                )
            )
        if slot.is_empty or slot.entry is None:
            if operation is Operation.REMOVE or not value:
                return []
            return [self._write(slot, self._new_value(field, slot, value))]
        if not value and operation is Operation.SET:
            return self._empty(slot.entry)
        change = {Kind.GROUPS: self._change_groups, Kind.LIST: self._change_list}
        return change.get(field.kind, self._change_scalar)(slot, slot.entry[1], operation, value)

    def _change_scalar(self, slot: _Slot, node: Node, _: Operation, value: Value) -> list[Splice]:
        if not isinstance(node, Scalar) or not isinstance(value, str):
            raise _RefusedError(_wrong_shape(slot))
        if node.text == value:
            return []
        start, end = self._stretch(node)
        quote = self._text[start] if self._text[start] in _QUOTES else ""
        in_flow = self._is_flow(slot.mapping)
        return [Splice(start, end, write_scalar(value, quote=quote, in_flow=in_flow))]

    def _empty(self, entry: tuple[Scalar, Node]) -> list[Splice]:
        """Take the value away and leave its key, and the comment behind that."""
        colon = self._colon(entry[0])
        start, end = self._stretch(entry[1])
        line_end = self._places.line_end(colon)
        return [Splice(line_end if start > line_end else colon, end, "")]

    # --- Writing what was not there ---

    def _key(self, field: Field) -> str:
        return field.zh if self._chinese and field.zh else field.key

    def _new_value(self, field: Field, slot: _Slot, value: Value) -> str:
        """Return the YAML of a value, with what parts it from the colon."""
        in_flow = bool(slot.mapping.entries) and self._is_flow(slot.mapping)
        if field.kind is Kind.LIST:
            return f" {write_list(items_of(value))}"
        if field.kind is not Kind.GROUPS and isinstance(value, str):
            return f" {write_scalar(value, in_flow=in_flow)}"
        if in_flow:
            return f" [{self._new_group(field, value)}]"
        indent = slot.indent + _INDENT
        return f"\n{' ' * indent}- {self._new_group(field, value, indent + _INDENT)}"

    def _new_group(self, field: Field, value: Value, indent: int | None = None) -> str:
        """Return the YAML of a group, as it stands behind its dash or in a row.

        Args:
            field: The list of groups.
            value: The group, or the text that tells it from others.
            indent: Columns before its keys; None where it stands in a row.
        """
        if not isinstance(value, NewGroup):
            identity = by_spelling(field.children)[IDENTITIES[field.key]]
            value = NewGroup(((identity, value),))
        in_flow = indent is None
        entries = []
        for child, given in value.entries:
            text = (
                write_list(given)
                if isinstance(given, tuple)
                else write_scalar(given, in_flow=in_flow)
            )
            entries.append(f"{self._key(child)}: {text}")
        if indent is None:
            return f"{{{', '.join(entries)}}}"
        return f"\n{' ' * indent}".join(entries)

    def _begin_group(self, slot: _Slot, way: Way, value: Value) -> list[Splice]:
        """Write the first value of a group that is not there yet."""
        if way[0].identity is not None or way[1].identity is not None:
            raise _RefusedError(_no_such_group(way[0] if way[0].identity else way[1], []))
        field = way[1].field
        if field.kind is Kind.GROUP:
            raise _RefusedError(_has_parts(field))
        indent = slot.indent + _INDENT
        inner = _Slot(field, Mapping((), FILE_START), way[0].field.children, indent, None)
        line = f"{self._key(field)}:{self._new_value(field, inner, value)}"
        return [self._write(slot, f"\n{' ' * indent}{line}")]

    def _write(self, slot: _Slot, new: str) -> Splice:
        """Put a value after the key that has none, or the key and the value where they belong."""
        if slot.entry is None:
            return self._insertion(slot, f"{self._key(slot.field)}:{new}")
        at = self._colon(slot.entry[0])
        if new.startswith("\n"):
            at = self._places.line_end(at)
        elif self._text[at : at + 1] == " " and self._text[at + 1 : at + 2] != "#":
            at, new = at + 1, new[1:]
        return Splice(at, at, new)

    def _insertion(self, slot: _Slot, lines: str) -> Splice:
        """Return the splice that puts an entry after the one it follows in canonical order."""
        entries = slot.mapping.entries
        order = {known.key: index for index, known in enumerate(slot.fields)}
        spellings = by_spelling(slot.fields)
        before = None
        for entry in entries:
            found = spellings.get(fold(entry[0].text))
            if found and order[found.key] < order[slot.field.key]:
                before = entry
        if entries and self._is_flow(slot.mapping):
            at = self._entry_end(before or entries[-1])
            return Splice(at, at, f", {lines}")
        margin = " " * slot.indent
        if before is None and entries:
            first = self._places.stretch(entries[0][0].span)[0]
            start = self._places.line_start(first)
            if not self._text[start:first].strip():
                return Splice(start, start, f"{margin}{lines}\n")
            before = entries[0]  # It stands behind the dash of its group.
        if before is None:
            opening = HANDLER.FM_BOUNDARY.search(self._text)
            if opening is None:
                raise _RefusedError(refusal(Message("the file has no front matter")))
            return Splice(opening.end(), opening.end(), f"\n{lines}")
        at = self._places.line_end(self._entry_end(before))
        return Splice(at, at, f"\n{margin}{lines}")

    # --- Lists ---

    def _change_list(
        self, slot: _Slot, node: Node, operation: Operation, value: Value
    ) -> list[Splice]:
        present = _texts(node)
        if present is None:
            raise _RefusedError(_wrong_shape(slot))
        wanted = changed_items(present, operation, items_of(value))
        if wanted == present:
            return []
        if not wanted and slot.entry:
            return self._empty(slot.entry)
        if isinstance(node, Sequence) and operation is Operation.ADD:
            texts = wanted[len(present) :]
            in_flow = self._is_flow(node)
            return [self._added(node, [write_scalar(text, in_flow=in_flow) for text in texts])]
        if isinstance(node, Sequence) and operation is Operation.REMOVE:
            gone = [
                index
                for index, item in enumerate(node.items)
                if isinstance(item, Scalar) and item.text not in wanted
            ]
            return self._removed(node, gone)
        start, end = self._stretch(node)
        if isinstance(node, Scalar) or self._is_flow(node):
            return [Splice(start, end, write_list(wanted))]
        margin = " " * (node.span.column - 1)
        return [
            Splice(start, end, f"\n{margin}".join(f"- {write_scalar(text)}" for text in wanted))
        ]

    def _change_groups(
        self, slot: _Slot, node: Node, operation: Operation, value: Value
    ) -> list[Splice]:
        field = slot.field
        if operation is Operation.SET:
            raise _RefusedError(_has_parts(field))
        groups = [
            item
            for item in (node.items if isinstance(node, Sequence) else ())
            if isinstance(item, Mapping)
        ]
        if not isinstance(node, Sequence) or len(groups) != len(node.items) or not slot.entry:
            raise _RefusedError(_wrong_shape(slot))
        if isinstance(value, str) and operation is Operation.REMOVE:
            group = self._group(Step(field, value), groups)
            if len(groups) == 1:
                return self._empty(slot.entry)
            return self._removed(node, [groups.index(group)])
        known = {fold(_identity(field, group)) for group in groups}
        if isinstance(value, str) and fold(value) in known:
            return []
        indent = None if self._is_flow(node) else node.span.column - 1 + _INDENT
        return [self._added(node, [self._new_group(field, value, indent)])]

    def _added(self, node: Sequence, items: list[str]) -> Splice:
        """Return the splice that adds items at the end of a list."""
        if self._is_flow(node):
            new = ", ".join(items)
            at = self._stretch(node.items[-1])[1] if node.items else self._stretch(node)[0] + 1
            return Splice(at, at, f", {new}" if node.items else new)
        margin = " " * (node.span.column - 1)
        at = self._places.line_end(self._stretch(node)[1])
        return Splice(at, at, "".join(f"\n{margin}- {item}" for item in items))

    def _removed(self, node: Sequence, indexes: list[int]) -> list[Splice]:
        """Return the splices that take items out of a list that keeps some."""
        stretches = [self._stretch(item) for item in node.items]
        if self._is_flow(node):
            return _removed_from_flow(stretches, set(indexes))
        splices = []
        for index in indexes:
            start, end = stretches[index]
            dash = self._text.rfind("-", 0, start)
            line = self._places.line_start(dash)
            if self._text[line:dash].strip() or self._text[dash + 1 : start].strip():
                raise _RefusedError(_uncertain(node.items[index]))
            after = min(self._places.line_end(end) + 1, len(self._text))
            splices.append(Splice(line, after, ""))
        return splices


def _removed_from_flow(stretches: list[tuple[int, int]], indexes: set[int]) -> list[Splice]:
    """Take each item out together with the comma that parts it from one that stays."""
    first_kept = next(index for index in range(len(stretches)) if index not in indexes)
    return [
        Splice(stretches[index][0], stretches[index + 1][0], "")
        if index < first_kept
        else Splice(stretches[index - 1][1], stretches[index][1], "")
        for index in sorted(indexes)
    ]


# --- Why not ---


def _has_parts(field: Field) -> Problem:
    values = {"key": field.key, "part": field.children[0].key}
    return refusal(
        Message("‘{key}’ has parts; name one of them", {"key": field.key}),
        Message("write {key}.{part}=…", values)
        if field.kind is Kind.GROUP
        else Message(
            "write {key}.NAME.{part}=…, or {key}+=NAME for a new one",
            {"key": field.key, "part": field.children[1].key},
        ),
    )


def _no_such_group(step: Step, names: list[str]) -> Problem:
    values = {"key": step.field.key, "name": step.identity}
    return refusal(
        Message("‘{key}’ has no ‘{name}’", values),
        did_you_mean(nearest(step.identity or "", names))
        or Message("add it with {key}+={name}", values),
    )


def _wrong_shape(slot: _Slot) -> Problem:
    return Problem(
        "wrong-shape",
        slot.entry[1].span if slot.entry else slot.mapping.span,
        Message("what stands under ‘{key}’ is not of the form it takes", {"key": slot.field.key}),
        Message("mend it in an editor first"),
    )


def _uncertain(node: Node) -> Problem:
    return refusal(Message("the place of what is to be changed is not certain"), span=node.span)


def _identity(field: Field, group: Mapping) -> str:
    """Return what tells a group from its like; empty where it does not say."""
    known = by_spelling(field.children)
    key = IDENTITIES[field.key]
    for name, node in group.entries:
        found = known.get(fold(name.text))
        if found and found.key == key and isinstance(node, Scalar):
            return node.text
    return ""


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.span[:2] == node.span[2:]


def _texts(node: Node) -> tuple[str, ...] | None:
    """Return the items of a list of texts as the parser reads them; None where it is none."""
    if isinstance(node, Scalar):
        return split_list(node.text)
    if isinstance(node, Mapping) or any(not isinstance(item, Scalar) for item in node.items):
        return None
    return tuple(item.text for item in node.items if isinstance(item, Scalar) and item.text)
