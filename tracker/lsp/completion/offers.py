"""Offers: what fits to what is typed, in characters or by its sound, and how an editor gets it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol.types import (
    CompletionItem,
    CompletionItemKind,
    InsertTextFormat,
    InsertTextMode,
    MarkupContent,
    MarkupKind,
    TextEdit,
)
from msgspec import Struct

from tracker.library.naming import syllables_of
from tracker.sounds import sound_run, sounds_of, typed_letters
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lsprotocol.types import Range

MOST = 100
"""Offers that an editor is sent; with another letter typed it asks again."""

_MEANS_SOMETHING = re.compile(r"[\\$}]")


class Offer(Struct, frozen=True):
    """A text that may be meant.

    Attributes:
        label: What the list shows.
        text: What is put in; the label where it is empty.
        detail: What stands beside the label.
        meaning: What is told about it, as Markdown.
        others: Further spellings, any of which may have been begun.
        kind: What the list shows it as.
        is_snippet: Whether the text has tab stops.
    """

    label: str
    text: str = ""
    detail: str = ""
    meaning: str = ""
    others: tuple[str, ...] = ()
    kind: CompletionItemKind = CompletionItemKind.Value
    is_snippet: bool = False


class Offered(NamedTuple):
    """What is offered at a place.

    Attributes:
        offers: What there is; not all of it need fit to what is typed.
        typed: What is typed of it.
        start: Column at which that begins, from 1.
        closing: Characters behind the place that are replaced too.
    """

    offers: Iterable[Offer]
    typed: str
    start: int
    closing: int = 0


def plain(text: str) -> str:
    """Return a text as it stands in a snippet."""
    return _MEANS_SOMETHING.sub(r"\\\g<0>", text)


def items_of(offers: Iterable[Offer], typed: str, where: Range) -> list[CompletionItem]:
    """Return the offers that fit to what is typed, the best first.

    Args:
        offers: What there is.
        typed: What is typed of it.
        where: What is replaced by the one that is chosen.
    """
    folded, letters = fold(typed), typed_letters(typed)
    ranked = [
        (rank, offer) for offer in offers if (rank := _rank(offer, folded, letters)) is not None
    ]
    ranked.sort(key=lambda found: found[0])
    return [_item(offer, at, typed, where) for at, (_, offer) in enumerate(ranked[:MOST])]


def _rank(offer: Offer, folded: str, letters: str) -> int | None:
    """Return how well an offer fits, 0 the best; None where it does not."""
    if not folded:
        return 0
    names = [fold(name) for name in (offer.label, *offer.others) if name]
    if any(name.startswith(folded) for name in names):
        return 1
    if any(folded in name for name in names):
        return 2
    if not letters:
        return None
    sounds = [sounds_of(name) for name in (offer.label, *offer.others)]
    if any((run := sound_run(sound, letters)) and run[0] == 0 for sound in sounds):
        return 3
    return 4 if any(sound_run(sound, letters) for sound in sounds) else None


def _item(offer: Offer, at: int, typed: str, where: Range) -> CompletionItem:
    return CompletionItem(
        label=offer.label,
        kind=offer.kind,
        detail=offer.detail or None,
        documentation=MarkupContent(MarkupKind.Markdown, offer.meaning) if offer.meaning else None,
        sort_text=f"{at:04}",
        filter_text=_filter_text(offer, typed),
        text_edit=TextEdit(where, offer.text or offer.label),
        insert_text_mode=InsertTextMode.AdjustIndentation,
        insert_text_format=InsertTextFormat.Snippet
        if offer.is_snippet
        else InsertTextFormat.PlainText,
    )


def _filter_text(offer: Offer, typed: str) -> str:
    """Return what an editor filters by: what is typed fits, and so does what may come next."""
    return " ".join(dict.fromkeys(filter(None, (typed, offer.label, *_sounds(offer.label)))))


@lru_cache(maxsize=4096)
def _sounds(label: str) -> tuple[str, ...]:
    """Return initials and whole sound of a label: as a name, and as the words that it is."""
    as_name = [sound.forms[0] for sound in sounds_of(label) if sound.forms]
    as_words = [*syllables_of(label)]
    return tuple(
        text
        for forms in (as_name, as_words)
        for text in ("".join(form[:1] for form in forms), "".join(forms))
    )
