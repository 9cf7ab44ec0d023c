"""The text of a record that an import begins: what the rows say and no empty fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.format.scalar import write_list, write_scalar
from tracker.schema import Kind, canonical_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.config import Config
    from tracker.exchange.intake.cells import Value
    from tracker.schema import Field

    Groups = Mapping[str, Sequence[Mapping[str, Value]]]


def record_text(
    values: Mapping[str, Value], groups: Groups, body: Iterable[str], config: Config
) -> str:
    """Return a record in its canonical order, with English keys as new records have them.

    Args:
        values: Values of the front matter by path.
        groups: Contacts, offers and lines of the deal.
        body: What stands below the front matter, block by block, as Markdown.
        config: The workspace's settings.
    """
    lines = ["---"]
    for field in canonical_order(config.front_matter_fields):
        lines += _entry(field, field.key, values, groups, "")
    lines.append("---")
    return "\n\n".join(["\n".join(lines), *body]) + "\n"


def _entry(
    field: Field, path: str, values: Mapping[str, Value], groups: Groups, margin: str
) -> Iterator[str]:
    """Yield the lines of one field, if there is anything to write."""
    if field.kind is Kind.GROUPS:
        yield from _groups(field, groups.get(path, ()), margin)
        return
    if field.kind is Kind.GROUP:
        inner = [
            line
            for child in canonical_order(field.children)
            for line in _entry(child, f"{path}.{child.key}", values, groups, f"{margin}  ")
        ]
        if inner:
            yield f"{margin}{field.key}:"
            yield from inner
        return
    value = values.get(path)
    if value:
        yield f"{margin}{field.key}: {_written(value)}"


def _groups(field: Field, found: Sequence[Mapping[str, Value]], margin: str) -> Iterator[str]:
    if found:
        yield f"{margin}{field.key}:"
    for group in found:
        sign = "- "
        for child in field.children:
            if value := group.get(child.key):
                yield f"{margin}  {sign}{child.key}: {_written(value)}"
                sign = "  "


def _written(value: Value) -> str:
    return write_scalar(value) if isinstance(value, str) else write_list(value)
