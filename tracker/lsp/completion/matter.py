"""What is offered in the front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import CompletionItemKind

from tracker.format.scalar import write_scalar
from tracker.lsp.completion.offers import Offer, plain
from tracker.lsp.completion.snippets import group_snippet
from tracker.lsp.completion.values import value_offers
from tracker.lsp.meanings import meaning_of_field
from tracker.schema import Field, Kind, canonical_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.lsp.matter import KeyPlace, Matter, ValuePlace
    from tracker.lsp.page import Page


_ESCAPED: dict[str, Callable[[str], str]] = {
    "'": lambda text: text.replace("'", "''"),
    '"': lambda text: text.replace("\\", r"\\").replace('"', r"\""),
}
"""How a text is written behind a quotation mark of YAML."""


def key_offers(page: Page, matter: Matter, place: KeyPlace) -> Iterator[Offer]:
    """Yield the keys that do not stand there yet, each with what it means."""
    chinese = matter.chinese
    if place.new_item_of:
        yield group_snippet(page, place.new_item_of, chinese=chinese, dash=not place.has_dash)
    for field in canonical_order(place.fields):
        if field in place.used:
            continue
        key, other = (field.zh or field.key, field.key) if chinese else (field.key, field.zh)
        yield Offer(
            key,
            plain(key) if place.has_colon else _with_colon(page, place, field, key),
            other if other != key else "",
            meaning_of_field(page, field),
            others=field.spellings,
            kind=CompletionItemKind.Module if field.children else CompletionItemKind.Property,
            is_snippet=page.snippets,
        )


def _with_colon(page: Page, place: KeyPlace, field: Field, key: str) -> str:
    """Return a key ready for its value; that of a group with its first line."""
    dash = "- " if place.new_item_of and not place.has_dash else ""
    if not page.snippets:
        return f"{dash}{key}:" + ("" if field.children else " ")
    if field.kind is Kind.LIST:
        return f"{dash}{plain(key)}: [$0]"
    if field.children:
        return f"{dash}{plain(key)}:\n  {'- ' if field.kind is Kind.GROUPS else ''}$0"
    return f"{dash}{plain(key)}: $0"


def matter_value_offers(page: Page, place: ValuePlace) -> Iterator[Offer]:
    """Yield what may be a value and is not in the list yet, written so that YAML reads the same."""
    in_flow = place.field.kind is Kind.LIST
    for offer in value_offers(page, place.field, place.of, place.typed):
        text = offer.text or offer.label
        if text in place.listed:
            continue
        yield Offer(
            offer.label,
            _ESCAPED[place.quote](text) if place.quote else write_scalar(text, in_flow=in_flow),
            offer.detail,
            offer.meaning,
            offer.others,
            offer.kind,
        )
