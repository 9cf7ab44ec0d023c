"""Comparing what records say, wherever in their files they say it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

_PLACES = frozenset({"span", "spans", "end_line"})


def content_of(value: Any) -> Any:  # noqa: ANN401  # any part of a record
    """Return a record, or a part of one, as plain nested values without its places in the file."""
    if isinstance(value, Struct):
        return {
            name: content_of(getattr(value, name))
            for name in value.__struct_fields__
            if name not in _PLACES
        }
    if isinstance(value, tuple):
        return [content_of(item) for item in value]
    if isinstance(value, dict):
        return {key: content_of(item) for key, item in value.items()}
    return value
