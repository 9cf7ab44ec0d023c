"""What is offered in a dated section."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol.types import CompletionItemKind

from tracker.dates import DATE_PATTERN, TIME_PATTERN
from tracker.format.followup import SINGLE
from tracker.format.section_editor import keys_are_chinese
from tracker.format.sections import read_content
from tracker.lsp.completion.days import day_offers
from tracker.lsp.completion.offers import Offer, Offered, plain
from tracker.lsp.completion.values import (
    contact_offers,
    customer_offers,
    owner_offers,
    quote_offers,
    value_offers,
    word_offers,
)
from tracker.lsp.followup import FollowupPlace, Where
from tracker.lsp.meanings import meaning_of_field
from tracker.schema import Field, Kind, by_spelling
from tracker.text import fold
from tracker.translation import Message
from tracker.vocabulary import NO_NEXT_STEP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.format.sections import Section
    from tracker.lsp.page import Page

_DAY_AND_TIME = re.compile(rf"(?:{DATE_PATTERN})(?:[ \tT]+(?:{TIME_PATTERN}))?[ \t]+")
_LAST_OF_LIST = re.compile(r"(?:.*[,，、;；])?[ \t]*")
_ARROW = re.compile(r".*(?:->|→|=>|>)[ \t]*")
_TICKET = re.compile(r".*[#＃]")
_LINK = re.compile(r"(?P<sign>\[{1,2})(?P<typed>[^\[\]]{0,40})$")


def followup_offers(page: Page, section: Section, place: FollowupPlace) -> Offered | None:
    """Return what is offered at a place of a dated section; None for nothing."""
    if place.where is Where.HEADING:
        return _in_heading(page, place)
    if place.at and place.where in (Where.TASK, Where.PROSE, Where.BULLET):
        typed, start = place.at
        people = [*owner_offers(page)] if place.where is Where.TASK else []
        return Offered([*day_offers(page, typed), *contact_offers(page), *people], typed, start)
    if link := link_offers(page, place):
        return link
    if place.where is Where.BULLET:
        return Offered(_keys(page, section), place.typed, place.start)
    if place.where is Where.FIELD and place.field:
        return _in_field(page, place, place.field)
    return None


def link_offers(page: Page, place: FollowupPlace) -> Offered | None:
    """Return the customers for what is typed behind `[` or `[[`; None where no link is begun."""
    match = _LINK.search(place.typed)
    if match is None or place.where is Where.FIELD or place.rest.startswith("]("):
        return None
    start = place.start + match.start("sign")
    # Many editors put the closing brackets in with the opening ones.
    closing = "]" * len(match["sign"])
    closed = len(closing) if place.rest.startswith(closing) else 0
    return Offered(customer_offers(page, linked=True), match["typed"], start, closed)


def _in_heading(page: Page, place: FollowupPlace) -> Offered | None:
    match = _DAY_AND_TIME.match(place.typed)
    if match is None:
        now = page.now
        present = Offer(
            f"{now:%Y-%m-%d %H:%M}",
            detail=page.say(Message("now")),
            others=(page.say(Message("now")), "now", "现在"),
            kind=CompletionItemKind.Unit,
        )
        days = day_offers(page, place.typed, past=True)
        return Offered([present, *days], place.typed, place.start)
    rest = place.typed[match.end() :]
    start = place.start + match.end()
    found = page.config.methods.find_at_start(rest)
    if found and rest != rest.rstrip():
        who = found[1]
        return Offered(owner_offers(page), who, start + len(rest))
    if found and found[1]:
        return Offered(owner_offers(page), found[1], start + len(rest) - len(found[1]))
    return Offered([*word_offers(page, "methods"), *owner_offers(page)], rest, start)


# --- Keys -------------------------------------------------------------------------------------


def _keys(page: Page, section: Section) -> Iterator[Offer]:
    """Yield the fields that the section can still have, and a commitment."""
    fields = by_spelling(page.config.all_followup_fields)
    content = read_content(section, lambda key: fold(key) in fields)
    used = {fields[fold(piece.key)] for piece in content.fields}
    chinese = keys_are_chinese(page.text.text, page.config)
    promise = page.say(Message("what we promise"))
    yield Offer(
        "[ ]",
        f"[ ] ${{1:{plain(promise)}}} @$0" if page.snippets else "[ ] ",
        promise,
        others=("todo", "task", "承诺", promise),
        kind=CompletionItemKind.Snippet,
        is_snippet=page.snippets,
    )
    for field in page.config.all_followup_fields:
        if field in used and field.kind in SINGLE:
            continue
        key, other = (field.zh or field.key, field.key) if chinese else (field.key, field.zh)
        yield Offer(
            key,
            f"{key}: ",
            other if other != key else "",
            meaning_of_field(page, field),
            others=field.spellings,
            kind=CompletionItemKind.Field,
        )


# --- Values -----------------------------------------------------------------------------------


def _in_field(page: Page, place: FollowupPlace, field: Field) -> Offered | None:
    if field in page.config.followup_fields:
        return Offered(value_offers(page, field, None, place.typed), place.typed, place.start)
    offered = _VALUES.get(field.kind)
    if offered is None:
        if place.at:
            typed, start = place.at
            return Offered([*contact_offers(page), *day_offers(page, typed)], typed, start)
        return None
    return offered(page, place, field)


def _last(place: FollowupPlace) -> tuple[str, int]:
    """Return the last item of what is typed, and the column where it begins."""
    match = _LAST_OF_LIST.match(place.typed)
    end = match.end() if match else 0
    return place.typed[end:], place.start + end


def _contacts(page: Page, place: FollowupPlace, _: Field) -> Offered:
    return Offered(contact_offers(page), *_last(place))


def _quotes(page: Page, place: FollowupPlace, _: Field) -> Offered:
    return Offered(quote_offers(page), *_last(place))


def _attitude(page: Page, place: FollowupPlace, field: Field) -> Offered:
    return Offered(word_offers(page, field.vocabulary or ""), place.typed, place.start)


def _change(page: Page, place: FollowupPlace, field: Field) -> Offered:
    """Offer the new word; before an arrow is typed, with the old one of the front matter."""
    vocabulary = field.vocabulary or ""
    if match := _ARROW.match(place.typed):
        start = place.start + match.end()
        return Offered(word_offers(page, vocabulary), place.typed[match.end() :], start)
    terms = page.config.terms(vocabulary)
    old = getattr(page.customer, field.key, None) if page.customer else None
    offers = [
        Offer(
            offer.label,
            f"{terms.label(old)} -> {offer.label}"
            if old and not place.rest.strip() and offer.label != terms.label(old)
            else offer.label,
            offer.detail,
            offer.meaning,
            offer.others,
            offer.kind,
        )
        for offer in word_offers(page, vocabulary)
    ]
    return Offered(offers, place.typed, place.start)


def _service(page: Page, place: FollowupPlace, field: Field) -> Offered:
    """Offer the kinds; behind `#` the numbers of the problems that are open."""
    match = _TICKET.match(place.typed)
    if match is None:
        return Offered(word_offers(page, field.vocabulary or ""), place.typed, place.start)
    standing = page.standing
    tickets = standing.status.open_tickets if standing else ()
    offers = [
        Offer(str(ticket.number), detail=ticket.text, kind=CompletionItemKind.Reference)
        for ticket in tickets
        if ticket.number is not None
    ]
    return Offered(offers, place.typed[match.end() :], place.start + match.end())


def _next(page: Page, place: FollowupPlace, _: Field) -> Offered:
    """Offer days; behind the day the methods."""
    if match := _DAY_AND_TIME.match(place.typed):
        rest = place.typed[match.end() :]
        return Offered(word_offers(page, "methods"), rest, place.start + match.end())
    none = "无" if keys_are_chinese(page.text.text, page.config) else "none"
    ended = Offer(none, detail=page.say(Message("no next step")), others=tuple(NO_NEXT_STEP))
    return Offered([*day_offers(page, place.typed), ended], place.typed, place.start)


_VALUES: dict[Kind, Callable[[Page, FollowupPlace, Field], Offered]] = {
    Kind.CONTACTS: _contacts,
    Kind.OFFERS: _quotes,
    Kind.ATTITUDE: _attitude,
    Kind.CHANGE: _change,
    Kind.SERVICE: _service,
    Kind.NEXT: _next,
}
