"""Assignments to values of a front matter, as people and commands write them."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from tracker.diagnostics import FILE_START, NOT_EDITABLE, Problem, Span, did_you_mean
from tracker.schema import Field, Kind, by_spelling, known_keys
from tracker.text import fold, is_ascii_digits, nearest, split_list
from tracker.translation import Message

if TYPE_CHECKING:
    from tracker.config import Config

_ASSIGNMENT = re.compile(
    r"\s*(?P<key>[^=＝]*?)\s*(?P<sign>[+-]?)[=＝]\s*(?P<value>.*?)\s*", re.DOTALL
)
_MOST_DIGITS = 5
"""Digits of a group's number, at most."""

IDENTITIES = {"contacts": "name", "offers": "quote", "items": "name"}
"""For each list of groups: the key that tells one group from another."""


class Operation(StrEnum):
    """What an assignment does to the value that is there."""

    SET = "="
    ADD = "+="
    REMOVE = "-="


class Assignment(Struct, frozen=True):
    """One change as a person writes it: `key=value`, `key+=value`, `key-=value`.

    Attributes:
        key: The key, in either language; parts of it are joined by dots: `needs.core`,
            `contacts.王芳.phone`, `offers.Q-2026-031.amount`.
        operation: Set the value, add to a list, or remove from one.
        value: The value as written; setting an empty one empties the field.
    """

    key: str
    operation: Operation
    value: str


class Step(Struct, frozen=True):
    """One part of the way to a value.

    Attributes:
        field: The field.
        identity: For a list of groups: what tells the group that is meant; None for the list.
    """

    field: Field
    identity: str | None = None


Way: TypeAlias = "tuple[Step, ...]"
"""The fields to a value, outermost first."""


class NewGroup(Struct, frozen=True):
    """A group that is added to a list of groups whole, such as a contact with all that is known.

    Attributes:
        entries: Its fields in canonical order, each with its text, or with its items for a list.
    """

    entries: tuple[tuple[Field, str | tuple[str, ...]], ...]


Value: TypeAlias = "str | tuple[str, ...] | NewGroup"
"""What is assigned: a text, which for a list holds its items in a row; the items of a list one by
one, where an item may hold a comma; or a group."""


def items_of(value: Value) -> tuple[str, ...]:
    """Return the items that are assigned to a list."""
    if isinstance(value, NewGroup):
        return ()
    return split_list(value) if isinstance(value, str) else value


def read_assignment(text: str) -> Assignment | Problem:
    """Take `key=value`, `key+=value` or `key-=value` apart."""
    match = _ASSIGNMENT.fullmatch(text)
    if not match or not match["key"]:
        return refusal(
            Message("‘{text}’ is not of the form key=value", {"text": text}),
            Message("write for instance level=A, tags+=new or level= to empty it"),
        )
    return Assignment(match["key"], Operation(match["sign"] + "="), match["value"])


def way_to(key: str, config: Config) -> Way | Problem:
    """Return the fields that a dotted key names, or what is wrong with it."""
    return _way(key.split("."), config.front_matter_fields, key)


def _way(parts: list[str], fields: tuple[Field, ...], whole: str) -> Way | Problem:
    name, *rest = parts
    field = by_spelling(fields).get(fold(name))
    if field is None:
        return Problem(
            "unknown-key",
            FILE_START,
            Message("‘{key}’ is not a known key", {"key": name}),
            _meant_by(name, fields),
        )
    if field.kind is Kind.GROUP and rest:
        inner = _way(rest, field.children, whole)
        return inner if isinstance(inner, Problem) else (Step(field), *inner)
    if field.kind is Kind.GROUPS and rest:
        *identity, last = rest
        if not identity:
            return refusal(
                Message("‘{key}’ does not say which of several is meant", {"key": whole}),
                Message("write {key}.NAME.{rest}=…", {"key": name, "rest": last}),
            )
        inner = _way([last], field.children, whole)
        return inner if isinstance(inner, Problem) else (Step(field, ".".join(identity)), *inner)
    if rest:
        return refusal(Message("‘{key}’ has no parts", {"key": name}))
    return (Step(field),)


def _meant_by(name: str, fields: tuple[Field, ...]) -> Message | None:
    """Return which key was meant by one that there is not: that of a part, or one like it."""
    ways = []
    for group in fields:
        field = by_spelling(group.children).get(fold(name))
        if field:
            identity = "" if group.kind is Kind.GROUP else f"{IDENTITIES[group.key]}."
            chinese = not name.isascii() and group.zh
            ways.append(f"{group.zh if chinese else group.key}.{identity.upper()}{name}")
    if ways:
        return Message("write {ways}", {"ways": tuple(f"{way}=…" for way in ways)})
    return did_you_mean(nearest(name, known_keys(fields)))


def matching_groups(names: list[str], identity: str) -> list[int]:
    """Return the indexes of the groups that an identity means.

    It may be the name, a part of it, or the group's number, from 1; the first of these ways that
    finds any counts.
    """
    wanted = fold(identity)
    for found in (
        [index for index, name in enumerate(names) if fold(name) == wanted],
        [index for index, name in enumerate(names) if wanted in fold(name)],
    ):
        if found:
            return found
    number = int(wanted) if is_ascii_digits(wanted) and len(wanted) < _MOST_DIGITS else 0
    return [number - 1] if 1 <= number <= len(names) else []


def changed_items(
    present: tuple[str, ...], operation: Operation, items: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the items of a list after a change; equal ones are told by their folded form."""
    if operation is Operation.SET:
        return items
    folded = set(map(fold, items))
    if operation is Operation.REMOVE:
        return tuple(item for item in present if fold(item) not in folded)
    known = set(map(fold, present))
    return (*present, *(item for item in items if fold(item) not in known))


def refusal(message: Message, hint: Message | None = None, span: Span = FILE_START) -> Problem:
    """Return why an edit cannot be made.

    Args:
        message: Why not.
        hint: What to do instead.
        span: Where the value stands in the record; the start of the file for a new one.
    """
    return Problem(NOT_EDITABLE, span, message, hint)
