"""What may be a value: words, people, numbers of this record, what other records say."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import PurePosixPath
from posixpath import relpath
from typing import TYPE_CHECKING
from urllib.parse import quote

from lsprotocol.types import CompletionItemKind

from tracker.config import ATTACHMENTS_DIR
from tracker.lsp.completion.days import day_offers
from tracker.lsp.completion.offers import Offer
from tracker.lsp.meanings import meaning_of_term
from tracker.schema import DEAL_FIELDS, DEAL_ITEM_FIELDS, Field, Kind
from tracker.vocabulary import FALSE_WORDS, TRUE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.lsp.page import Page
    from tracker.model import Customer

_IDS = frozenset({"not_duplicate_of"})
"""Fields whose values are ids of customers."""

_UNIQUE = frozenset({"id", "name", "short", "website", "address", "aliases", "wechat", "im"})
"""Fields whose value says nothing about that of another customer."""

_MOST_FILES = 2000


def value_offers(page: Page, field: Field, of: Field | None, typed: str) -> Iterator[Offer]:
    """Yield what may stand in a field of the front matter, or in a declared one of a follow-up.

    Args:
        page: The file.
        field: The field.
        of: The group that it belongs to; None for none.
        typed: What is typed.
    """
    if field.vocabulary:
        yield from word_offers(page, field.vocabulary)
    elif field.kind is Kind.OWNER:
        yield from owner_offers(page)
    elif field.kind is Kind.BOOL:
        yield from _truth_offers(page)
    elif field.kind is Kind.DATE:
        yield from day_offers(page, typed, past=field.key == "created")
    elif field.kind is Kind.PATH:
        yield from _file_offers(page)
    elif field.key in _IDS:
        yield from customer_offers(page)
    elif field.choices:
        yield from (Offer(choice) for choice in field.choices)
    elif field.kind in (Kind.TEXT, Kind.LIST) and field.key not in _UNIQUE:
        yield from _seen(page, field, of)


def word_offers(page: Page, vocabulary: str) -> Iterator[Offer]:
    """Yield the words of a vocabulary by its name in `tracker.yaml`, in their order."""
    for term in page.config.terms(vocabulary):
        yield Offer(
            term.label,
            detail="" if term.id == term.label else term.id,
            meaning=meaning_of_term(page, term),
            others=term.spellings,
            kind=CompletionItemKind.EnumMember,
        )


def owner_offers(page: Page) -> Iterator[Offer]:
    """Yield the salespeople of the settings, then those that only records name."""
    owners = page.config.owners
    for owner in owners:
        yield Offer(
            owner.label,
            detail=owner.email or "",
            others=owner.others,
            kind=CompletionItemKind.Constant,
        )
    named = {customer.owner for customer in _others(page) if customer.owner}
    for name in sorted(name for name in named if not owners.find(name)):
        yield Offer(name, kind=CompletionItemKind.Constant)


def contact_offers(page: Page) -> Iterator[Offer]:
    """Yield the contacts of this record."""
    for contact in page.customer.contacts if page.customer else ():
        yield Offer(contact.name, detail=contact.title or "", kind=CompletionItemKind.Constant)


def quote_offers(page: Page) -> Iterator[Offer]:
    """Yield the quote numbers of this record's offers, the newest first."""
    for offer in reversed(page.customer.offers if page.customer else ()):
        if offer.quote:
            detail = " ".join(filter(None, (offer.product, offer.summary)))
            yield Offer(offer.quote, detail=detail, kind=CompletionItemKind.Reference)


def customer_offers(page: Page, *, linked: bool = False) -> Iterator[Offer]:
    """Yield the other customers by their names.

    Args:
        page: The file.
        linked: Whether a link in Markdown is put in; otherwise it is the id.
    """
    folder = str(PurePosixPath(page.path).parent)
    for customer in _others(page):
        text = customer.id
        if linked:
            name = customer.short or customer.name
            text = f"[{name}]({quote(relpath(customer.path, folder), safe='/')})"
        yield Offer(
            customer.name,
            text,
            customer.id,
            others=tuple(filter(None, (customer.short, customer.id, *customer.aliases))),
            kind=CompletionItemKind.Reference,
        )


def _truth_offers(page: Page) -> Iterator[Offer]:
    # The two lists have the words of one language at the same place.
    position = TRUE_WORDS.index("是" if page.chinese else "yes")
    for words in (TRUE_WORDS, FALSE_WORDS):
        yield Offer(words[position], others=words)


def _file_offers(page: Page) -> Iterator[Offer]:
    root = page.workspace.root
    files = (path for path in (root / ATTACHMENTS_DIR).glob("**/*") if path.is_file())
    for file in sorted(islice(files, _MOST_FILES)):
        yield Offer(file.relative_to(root).as_posix(), kind=CompletionItemKind.File)


def _seen(page: Page, field: Field, of: Field | None) -> Iterator[Offer]:
    """Yield what stands in a field in other records, the most frequent first."""
    counted = Counter(text for customer in _others(page) for text in _texts(customer, field, of))
    for text, _ in sorted(counted.items(), key=lambda found: (-found[1], found[0])):
        yield Offer(text, kind=CompletionItemKind.Text)


def _others(page: Page) -> Iterator[Customer]:
    """Yield the customers of other records: what is being typed is no suggestion for itself."""
    return (each for each in page.workspace.library.customers if each.path != page.path)


def _texts(customer: Customer, field: Field, of: Field | None) -> Iterable[str]:
    """Return the texts that a record has in a field."""
    holders: tuple[object, ...]
    if of is None:
        if field.key in customer.fields:
            return _as_texts(customer.fields[field.key])
        holders = (customer,)
    elif of in DEAL_FIELDS and of.children is DEAL_ITEM_FIELDS:
        holders = customer.deal.items if customer.deal else ()
    else:
        group = getattr(customer, of.key, None)
        holders = group if isinstance(group, tuple) else (group,)
    return [text for holder in holders for text in _as_texts(getattr(holder, field.key, None))]


def _as_texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, tuple):
        return tuple(item for item in value if isinstance(item, str))
    return ()
