"""Comparing what records say, wherever in their files they say it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.model import Customer

_PLACES = frozenset({"span", "spans", "end_line"})


def content_of(value: Any) -> Any:  # noqa: ANN401  # any part of a record
    """Return a record, or a part of one, as plain nested values without its places in the file."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: content_of(getattr(value, field.name))
            for field in fields(value)
            if field.name not in _PLACES
        }
    if isinstance(value, tuple):
        return [content_of(item) for item in value]
    if isinstance(value, dict):
        return {key: content_of(item) for key, item in value.items()}
    return value


def same_content(one: Customer | None, other: Customer | None) -> bool:
    """Tell whether two records say the same."""
    return bool(content_of(one) == content_of(other))
