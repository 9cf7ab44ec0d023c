"""Whole pieces of a record: a follow-up as it happened just now, a contact, an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import CompletionItemKind

from tracker.format.section_editor import keys_are_chinese, usual_level
from tracker.lsp.completion.offers import Offer, plain
from tracker.schema import FOLLOWUP_FIELDS, Field
from tracker.translation import Message

if TYPE_CHECKING:
    from tracker.lsp.page import Page

_OF_FOLLOWUP = ("contact", "concerns", "response")
_OF_GROUP = {
    "contacts": ("name", "title", "phone", "email", "wechat", "authority"),
    "offers": ("date", "product", "quote", "amount"),
    "items": ("name", "quantity", "price"),
}
"""Fields that a new item of a list begins with."""


def followup_snippet(page: Page) -> Offer:
    """Return a follow-up that happens now, its parts to be filled in one after the other."""
    chinese = keys_are_chinese(page.text.text, page.config)
    customer = page.customer
    level = usual_level(customer, page.entry.text) if customer else 2
    method = next(iter(page.config.methods)).label if len(page.config.methods) else ""
    who = (customer.owner if customer else "") or ""
    contact = next((each.name for each in customer.contacts), "") if customer else ""
    heading = f"{'#' * level} {page.now:%Y-%m-%d %H:%M}"
    stops = _Stops(page.snippets)
    fields = {field.key: field for field in FOLLOWUP_FIELDS}
    first = [f"{heading} {stops.next(method)} {stops.next(who)}".rstrip(), ""]
    lines = [*first, stops.next(page.say(Message("what was said"))), ""]
    for key in _OF_FOLLOWUP:
        value = stops.next(contact if key == "contact" else "")
        lines.append(f"- {_key(fields[key], chinese=chinese)}: {value}".rstrip())
    lines.append(f"- [ ] {stops.next(page.say(Message('what we promise')))} @{stops.next('')}")
    lines.append(f"- {_key(fields['next'], chinese=chinese)}: {stops.next('')}".rstrip())
    label = page.say(Message("New follow-up"))
    return Offer(
        label,
        "\n".join(lines) + "\n",
        f"{page.now:%Y-%m-%d %H:%M}",
        others=("followup", "log", "跟进", "新的跟进", "##"),
        kind=CompletionItemKind.Snippet,
        is_snippet=page.snippets,
    )


def group_snippet(page: Page, group: Field, *, chinese: bool, dash: bool) -> Offer:
    """Return a new item of a list of groups, such as a contact.

    Its further lines are indented as the editor continues the first one.

    Args:
        page: The file.
        group: The list.
        chinese: Whether keys are Chinese.
        dash: Whether the dash that begins the item is to be put in too.
    """
    stops = _Stops(page.snippets)
    wanted = _OF_GROUP.get(group.key, ())
    fields = [field for field in group.children if field.key in wanted]
    lines = [f"{_key(field, chinese=chinese)}: {stops.next('')}".rstrip() for field in fields]
    names = {
        "contacts": Message("New contact"),
        "offers": Message("New offer"),
        "items": Message("New line of the contract"),
    }
    text = "\n  ".join(lines)
    return Offer(
        page.say(names[group.key]),
        f"- {text}" if dash else text,
        _key(group, chinese=chinese),
        others=tuple(group.spellings),
        kind=CompletionItemKind.Snippet,
        is_snippet=page.snippets,
    )


def _key(field: Field, *, chinese: bool) -> str:
    return field.zh if chinese and field.zh else field.key


class _Stops:
    """Numbers the places to fill in; where the editor knows none, they are left empty."""

    def __init__(self, known: bool) -> None:  # noqa: FBT001  # the one thing that it is made of
        self._known = known
        self._count = 0

    def next(self, text: str) -> str:
        """Return the next place, with a text that stands in it at first."""
        self._count += 1
        if not self._known:
            return ""
        return f"${{{self._count}:{plain(text)}}}" if text else f"${self._count}"
