"""A record as a tree of values: walking over it, and changing it, by the paths of its fields.

Paths are those that profiles use: `contacts.phone`, `deal.items.price`, `followups.next.text`; a
path says nothing of which contact or which follow-up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, TypeGuard, TypeVar

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields, replace

from tracker.model import Change, Commitment, Contact, Customer, DealItem, FollowUp
from tracker.money import Money, MoneyRange

Visit: TypeAlias = Callable[[object, str], object]
"""Returns what becomes of a value at a path; None where nothing is left of it."""

_Group = TypeVar("_Group", bound=Struct)

_SINGLE = (Money, MoneyRange, Change)
"""Groups of values that stand in one place of a record."""

_NOT_WRITTEN = frozenset({"span", "spans", "order", "path", "end_line", "who_written"})
"""Attributes that are no values of a record."""

_KEYS: Mapping[tuple[type, str], str] = {
    (FollowUp, "contacts"): "contact",
    (FollowUp, "offers"): "offer",
}
_WITHOUT: Mapping[tuple[type, str], str | None] = {
    (Customer, "id"): "",
    (Customer, "name"): "",
    (Contact, "name"): "",
    (DealItem, "name"): "",
    (Commitment, "text"): "",
    (FollowUp, "method"): None,
    (FollowUp, "who"): "",
}
"""What becomes of a value that has no default."""


def is_group(value: object) -> TypeGuard[Struct]:
    """Tell whether a value has parts with paths of their own."""
    return isinstance(value, Struct) and not isinstance(value, _SINGLE)


def parts(value: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield all single values within a value, with their paths; whether something is so is none.

    Args:
        value: A record, or a value of one.
        path: Its path.
    """
    if isinstance(value, tuple):
        for each in value:
            yield from parts(each, path)
    elif is_group(value):
        for attribute in _attributes(type(value)):
            inner = getattr(value, attribute.name)
            if isinstance(inner, Mapping):
                for key, item in inner.items():
                    yield from parts(item, _below(path, key))
            else:
                yield from parts(inner, _path(type(value), attribute.name, path))
    elif value is not None and not isinstance(value, bool):
        yield path, value


def rebuilt(group: _Group, visit: Visit, path: str = "") -> _Group:
    """Return a record, or a group of one, with its values changed.

    Args:
        group: The record or the group.
        visit: Called with the value of each field; lists and groups come as wholes.
        path: The path of the group.
    """
    changes: dict[str, object] = {}
    for attribute in _attributes(type(group)):
        value = getattr(group, attribute.name)
        if isinstance(value, Mapping):
            changed: object = {
                key: left
                for key, inner in value.items()
                if (left := visit(inner, _below(path, key))) is not None
            }
        else:
            changed = visit(value, _path(type(group), attribute.name, path))
            if changed is None and value is not None:
                changed = _nothing(type(group), attribute)
        if changed is not value and changed != value:
            changes[attribute.name] = changed
    return replace(group, **changes) if changes else group


def _attributes(kind: type) -> tuple[FieldInfo, ...]:
    if kind not in _KNOWN:
        _KNOWN[kind] = tuple(each for each in fields(kind) if each.name not in _NOT_WRITTEN)
    return _KNOWN[kind]


_KNOWN: dict[type, tuple[FieldInfo, ...]] = {}


def _path(kind: type, name: str, above: str) -> str:
    return _below(above, _KEYS.get((kind, name), name))


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _nothing(kind: type, attribute: FieldInfo) -> object:
    if (kind, attribute.name) in _WITHOUT:
        return _WITHOUT[kind, attribute.name]
    if attribute.default_factory is not NODEFAULT:
        return attribute.default_factory()
    return attribute.default
