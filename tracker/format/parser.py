"""From the text of a file to a typed record, with everything that is wrong in it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from tracker.diagnostics import Problem, Problems, Span, did_you_mean
from tracker.format.conflicts import find_conflicts
from tracker.format.followup import read_followup
from tracker.format.frontmatter import keys_in_chinese, split
from tracker.format.sections import split_body
from tracker.format.values import Fault, read_value
from tracker.model import Contact, Customer, Deal, DealItem, FollowUp, Loss, Needs, Note, Offer
from tracker.schema import Field, Kind, by_spelling, known_keys
from tracker.spans import Spans
from tracker.text import fold, nearest, split_list
from tracker.translation import Message
from tracker.yamltree import Mapping, Node, Scalar, Sequence, duplicate_key

if TYPE_CHECKING:
    from tracker.config import Config

MODELS: dict[str, type[Any]] = {
    "contacts": Contact,
    "needs": Needs,
    "offers": Offer,
    "deal": Deal,
    "items": DealItem,
    "lost": Loss,
}
"""The class of each group of the front matter."""


class Parsed(Struct, frozen=True):
    """What a file holds.

    Attributes:
        customer: The record; None where the front matter cannot be read at all.
        problems: What is wrong with the text, in the order of the file; of each kind so many, and
            how many more there are.
    """

    customer: Customer | None
    problems: tuple[Problem, ...]


def parse_record(text: str, path: str, config: Config) -> Parsed:
    r"""Read one record.

    Args:
        text: The file's text, with `\n` as the only line break.
        path: The file, relative to the workspace, with `/`; its stem is the default id.
        config: The workspace's settings.
    """
    parts = split(text, config.limits)
    problems = Problems(parts.problems)
    problems.extend(find_conflicts(text))
    body = split_body(parts.body, parts.body_line)
    reader = _FrontMatterReader(config)
    values = reader.fields(parts.root, config.front_matter_fields, "") if parts.root else {}
    problems.extend(reader.problems)
    owner = values.get("owner") or ""
    followups: list[FollowUp] = []
    notes: list[Note] = []
    for section in body.sections[1:]:
        if section.dated:
            followup = read_followup(section, config, owner, problems)
            if followup:
                followups.append(followup)
                continue
        notes.append(Note(section.heading, section.level, section.text, section.span))
    if parts.root is None:
        return Parsed(None, problems.by_place())
    customer = _customer(path, values, reader, config)
    customer.update(
        background=body.sections[0].text, followups=tuple(followups), notes=tuple(notes)
    )
    return Parsed(Customer(**customer), problems.by_place())


def _customer(
    path: str, values: dict[str, Any], reader: _FrontMatterReader, config: Config
) -> dict[str, Any]:
    """Return the arguments of `Customer` that the front matter gives."""
    stem = PurePosixPath(path).stem
    declared = {field.key: values.pop(field.key) for field in config.fields if field.key in values}
    values.setdefault("id", stem)
    values.setdefault("name", stem)
    return {**values, "path": path, "fields": declared, "spans": Spans.of(reader.spans)}


class _FrontMatterReader(Struct):
    """Walks the composed nodes along the table of fields, typing each value at its mark.

    Attributes:
        config: The workspace's settings.
        problems: What is wrong.
        spans: Places of the values by path.
        faulty: Places of the first `seen` problems: what is wrong there is not missing as well.
        seen: How many of the problems are in `faulty`.
    """

    config: Config
    problems: list[Problem] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    faulty: set[Span] = field(default_factory=set)
    seen: int = 0

    def fields(self, mapping: Mapping, fields: tuple[Field, ...], prefix: str) -> dict[str, Any]:
        """Return the typed values of a mapping by key; empty ones are left out."""
        known = by_spelling(fields)
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key, node in mapping.entries:
            found = known.get(fold(key.text))
            name = found.key if found else key.text
            if name in lines:
                self.problems.append(duplicate_key(key, lines[name]))
                continue
            lines[name] = key.span.line
            if found is None:
                self._unknown_key(key, fields)
                continue
            path = f"{prefix}{found.key}"
            self.spans[path] = node.span if not isinstance(node, Scalar) or node.text else key.span
            value = self._value(found, node, path)
            if value is not None:
                values[found.key] = value
        for required in fields:
            if required.required and required.key not in values:
                chinese = required.zh and keys_in_chinese(mapping, fields, self.config)
                name = required.zh if chinese else required.key
                self._missing(required, name, mapping, lines, prefix)
        return values

    def _missing(
        self, required: Field, name: str, mapping: Mapping, lines: dict[str, int], prefix: str
    ) -> None:
        """Note that a field is missing; its name is what the record would write."""
        written = self.spans.get(f"{prefix}{required.key}")
        if len(self.problems) > self.seen:
            self.faulty.update(problem.span for problem in self.problems[self.seen :])
            self.seen = len(self.problems)
        if written in self.faulty:
            return
        span = written or mapping.span._replace(
            end_line=mapping.span.line, end_column=mapping.span.column + 1
        )
        empty = required.key in lines
        self.problems.append(
            Problem(
                "missing-required",
                span,
                Message("‘{key}’ is empty", {"key": name})
                if empty
                else Message("‘{key}’ ({zh}) is missing", {"key": required.key, "zh": required.zh}),
                Message("add a line {key}: …", {"key": name}),
            )
        )

    def _unknown_key(self, key: Scalar, fields: tuple[Field, ...]) -> None:
        self.problems.append(
            Problem(
                "unknown-key",
                key.span,
                Message("‘{key}’ is not a known key", {"key": key.text}),
                did_you_mean(nearest(key.text, known_keys(fields)))
                or Message("declare it under fields: in tracker.yaml, or move it into the text"),
            )
        )

    def _value(self, found: Field, node: Node, path: str) -> object:
        """Return the typed value of a field; None where there is none that can be read."""
        if isinstance(node, Scalar) and not node.text:
            return None
        read = {Kind.LIST: self._list, Kind.GROUP: self._group, Kind.GROUPS: self._groups}
        return read.get(found.kind, self._single)(found, node, path)

    def _single(self, found: Field, node: Node, _: str) -> object:
        if not isinstance(node, Scalar):
            self._wrong_shape(found, node, Message("one value"))
            return None
        value = read_value(found, node.text, self.config)
        if isinstance(value, Fault):
            self.problems.append(Problem(value.code, node.span, value.message, value.hint))
            return None
        return value

    def _group(self, found: Field, node: Node, path: str) -> object:
        if not isinstance(node, Mapping):
            self._wrong_shape(found, node, Message("`key: value` lines"))
            return None
        return MODELS[found.key](**self.fields(node, found.children, f"{path}."))

    def _list(self, found: Field, node: Node, path: str) -> tuple[str, ...] | None:
        if isinstance(node, Scalar):
            return split_list(node.text)
        if isinstance(node, Mapping):
            self._wrong_shape(found, node, Message("a list"))
            return None
        values = []
        for index, item in enumerate(node.items):
            self.spans[f"{path}[{index}]"] = item.span
            if isinstance(item, Scalar):
                if item.text:
                    values.append(item.text)
            else:
                self._wrong_shape(found, item, Message("one value"))
        return tuple(values)

    def _groups(self, found: Field, node: Node, path: str) -> tuple[Any, ...] | None:
        if isinstance(node, Scalar):
            self._wrong_shape(found, node, Message("a list of `key: value` groups"))
            return None
        items = node.items if isinstance(node, Sequence) else (node,)
        groups = []
        for index, item in enumerate(items):
            item_path = f"{path}[{index}]"
            self.spans[item_path] = item.span
            if not isinstance(item, Mapping):
                self._wrong_shape(found, item, Message("`key: value` lines"))
                continue
            values = self.fields(item, found.children, f"{item_path}.")
            if any(child.required and child.key not in values for child in found.children):
                values.setdefault("name", "?")
            groups.append(MODELS[found.key](**values))
        return tuple(groups)

    def _wrong_shape(self, found: Field, node: Node, wanted: Message) -> None:
        self.problems.append(
            Problem(
                "wrong-shape",
                node.span,
                Message("‘{key}’ takes {wanted}", {"key": found.key, "wanted": wanted}),
            )
        )
