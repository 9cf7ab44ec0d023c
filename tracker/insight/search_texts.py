"""What a search looks through: what is said about a customer, where, as plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tracker.config import Config
    from tracker.model import Customer, FieldValue, FollowUp
    from tracker.schema import Field

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_RULES = re.compile(r"^[ \t]*(?:[|:-][ \t|:-]*|`{3,}.*|~{3,}.*)$", re.MULTILINE)
_SIGNS = re.compile(
    r"\*{2,3}|~~|`+|(?<![0-9A-Za-z])\*(?=\S)|(?<=\S)\*(?![0-9A-Za-z])"
    r"|^[ \t]*(?:[-+>]|#{1,6}|[0-9]{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t])?",
    re.MULTILINE,
)
_BLANKS = re.compile(r"[\s|]+")
_ANY_OF_THESE = re.compile(r"[\[*~`|]|[^\S ]|  |^[-+>#:0-9 ]| $")
"""What may be Markdown or blanks to be taken out; most texts have none of it."""

_BETWEEN = " · "


class Said(NamedTuple):
    """A text about a customer that is no name, number or tag.

    Attributes:
        place: `followup`, or the part of the record: `company`, `standing`, `contacts`, `needs`,
            `offers`, `deal`, `lost` or `notes`.
        text: Its words on one line.
        followup: The dated section, for those.
    """

    place: str
    text: str
    followup: FollowUp | None = None


def said_of(customer: Customer, config: Config) -> Iterator[Said]:
    """Yield what is said about a customer beside its names, numbers and tags, the news first."""
    return (said for said in _places(customer, config) if said.text)


def sounding_names(customer: Customer) -> Iterator[str]:
    """Yield the texts of a customer that can be found by their sound."""
    yield customer.name
    yield customer.short or ""
    yield from customer.tags
    for contact in customer.contacts:
        yield contact.name


def quotes_of(customer: Customer) -> list[str]:
    """Return the numbers of a customer's quotes, each once."""
    return list(dict.fromkeys(offer.quote for offer in customer.offers if offer.quote))


def plain_text(markdown: str) -> str:
    """Return the words of a text on one line, without its Markdown.

    Words stand side by side as they are read: signs within them, and addresses of links, are out.
    """
    if not _ANY_OF_THESE.search(markdown):
        return markdown  # As below, and quicker.
    text = _RULES.sub("", _LINK.sub(r"\1", markdown))
    return _BLANKS.sub(" ", _SIGNS.sub("", text)).strip()


def _places(customer: Customer, config: Config) -> Iterator[Said]:
    for followup in reversed(customer.chronological):
        declared = _declared(config.followup_fields, followup.fields)
        yield Said("followup", _joined(*_followup_parts(followup), *declared), followup)
    yield Said(
        "company",
        _joined(
            customer.industry,
            customer.size,
            customer.business,
            customer.region,
            customer.address,
            customer.website,
        ),
    )
    source = config.sources.label(customer.source)
    declared = _declared(config.fields, customer.fields)
    yield Said("standing", _joined(customer.owner, source, *declared, *customer.aliases))
    for contact in customer.contacts:
        yield Said("contacts", _joined(contact.preferences, *contact.concerns))
    needs = customer.needs
    wanted = (*needs.core, *needs.latent, *needs.pains, *needs.expected)
    yield Said("needs", _joined(*wanted))
    for offer in customer.offers:
        parts = (offer.product, offer.proposal, offer.summary, offer.terms)
        yield Said("offers", _joined(*parts))
    if deal := customer.deal:
        items = (item.name for item in deal.items)
        yield Said("deal", _joined(*items, deal.payment, deal.delivery))
    if lost := customer.lost:
        reason = config.loss_reasons.label(lost.reason)
        yield Said("lost", _joined(reason, lost.competitor, lost.note))
    notes = (part for note in customer.notes for part in (note.heading, note.text))
    yield Said("notes", _joined(customer.background, *notes))


def _followup_parts(followup: FollowUp) -> Iterator[str]:
    yield followup.summary
    yield from followup.texts.values()
    yield followup.attitude_note
    for entry in followup.service:
        yield entry.text if entry.ticket is None else f"#{entry.ticket} {entry.text}"
    for commitment in followup.commitments:
        yield commitment.text
    if step := followup.next:
        yield step.text
        yield step.goal


def _declared(fields: Iterable[Field], values: Mapping[str, FieldValue]) -> Iterator[str]:
    """Yield the texts among the values of the workspace's own fields."""
    for field in fields:
        value = values.get(field.key)
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value


def _joined(*parts: str | None) -> str:
    return _BETWEEN.join(filter(None, (plain_text(part) for part in parts if part)))
