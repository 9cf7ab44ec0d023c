"""What a value of front matter says, whatever way it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.format.values import Fault, read_value
from tracker.schema import Field, Kind, by_spelling
from tracker.text import fold, split_list
from tracker.yamltree import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from tracker.config import Config


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
