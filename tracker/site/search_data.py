"""What the search of the site looks through, as scripts that the browser loads on first use.

A page opened from a file manager may load nothing but classic scripts, so each part of the data is
one that puts its value into the global array `trackerSearch`, at its own number:

- part 0: the check sums of the other parts, and how the Chinese characters of names are read
- then the heads: what a customer is called, contacts, numbers and tags, a line a customer
- then the texts: everything else that is said about a customer, in the same order

`assets/search.js` reads them. A sum goes into the address of its part, so that a browser never
mixes the parts of two builds.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from tracker.pinyin import readings
from tracker.site.customer import anchored_followups, declared_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.model import Customer, FieldValue, FollowUp
    from tracker.schema import Field
    from tracker.site.page import Row, Site

PART_BYTES = 200_000
"""Size at which a part is full: quick to load and to read, without a jerk while somebody types."""

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_RULES = re.compile(r"^[ \t]*(?:[|:-][ \t|:-]*|`{3,}.*|~{3,}.*)$", re.MULTILINE)
_SIGNS = re.compile(
    r"\*{2,3}|~~|`+|(?<![0-9A-Za-z])\*(?=\S)|(?<=\S)\*(?![0-9A-Za-z])"
    r"|^[ \t]*(?:[-+>]|#{1,6}|[0-9]{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t])?",
    re.MULTILINE,
)
_BLANKS = re.compile(r"[\s|]+")
_BETWEEN = " · "

Text = tuple[str, str]
"""A place on the customer's page, as the id of an element, and what is said there."""


def search_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the parts with their paths in the site, the same for the same records."""
    heads = [_head(row, site) for row in site.rows]
    heads += [
        [_page(site.urls.records[entry.path]), entry.path] for entry in site.day.library.left_out
    ]
    # The order of both lists is that of the rows; records that cannot be read have no texts.
    sums: dict[str, list[str]] = {"heads": [], "texts": []}
    number = 0
    for kind, items in (("heads", heads), ("texts", (_texts(row, site) for row in site.rows))):
        first = 0
        for lines in _parts(map(_json, items)):
            number += 1
            body = f'"first":{first},"{kind}":[\n' + ",\n".join(lines) + "\n]"
            digest = hashlib.sha256(body.encode()).hexdigest()[:12]
            sums[kind].append(digest)
            first += len(lines)
            yield _script(number, f'{{"sum":"{digest}",{body}}}')
    names = (name for row in site.rows for name in _sounding(row.customer))
    sounds = {char: " ".join(readings(char)) for char in sorted(set("".join(names)))}
    known = {char: syllables for char, syllables in sounds.items() if syllables}
    yield _script(0, _json({**sums, "sounds": known}))


def _script(number: int, value: str) -> tuple[str, bytes]:
    text = f"var trackerSearch=trackerSearch||[];trackerSearch[{number}]={value};\n"
    return f"data/search-{number}.js", text.encode()


def _json(value: object) -> str:
    # The two separators end a line in older JavaScript, even within a text.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _parts(lines: Iterable[str]) -> Iterator[list[str]]:
    part: list[str] = []
    size = 0
    for line in lines:
        length = len(line.encode())
        if part and size + length > PART_BYTES:
            yield part
            part, size = [], 0
        part.append(line)
        size += length
    if part:
        yield part


# --- Heads -----------------------------------------------------------------------------------


def _head(row: Row, site: Site) -> list[object]:
    customer, config = row.customer, site.config
    contacts = [
        [
            contact.name,
            contact.title or "",
            contact.phone or "",
            *filter(None, (contact.email, contact.wechat, contact.im)),
        ]
        for contact in customer.contacts
    ]
    return [
        _page(row.address),
        customer.name,
        customer.short or "",
        config.stages.label(customer.stage) or "",
        customer.owner or "",
        row.status.last_contact.isoformat() if row.status.last_contact else "",
        contacts,
        list(dict.fromkeys(offer.quote for offer in customer.offers if offer.quote)),
        (customer.deal and customer.deal.contract) or "",
        list(customer.tags),
    ]


def _page(address: str) -> str:
    return address.removeprefix("customers/").removesuffix(".html")


def _sounding(customer: Customer) -> Iterator[str]:
    """Yield the texts that can be found by their sound."""
    yield customer.name
    yield customer.short or ""
    yield from customer.tags
    for contact in customer.contacts:
        yield contact.name


# --- Texts -----------------------------------------------------------------------------------


def _texts(row: Row, site: Site) -> list[Text]:
    return [(anchor, text) for anchor, text in _places(row, site) if text]


def _places(row: Row, site: Site) -> Iterator[Text]:
    """Yield what is said about a customer that its head does not hold, the news first."""
    customer = row.customer
    for followup, anchor in anchored_followups(customer):
        declared = declared_values(site.config.followup_fields, followup.fields)
        yield anchor, _joined(*_followup_parts(followup), *_declared(declared))
    yield (
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
    yield (
        "standing",
        _joined(
            site.config.sources.label(customer.source),
            *_declared(declared_values(site.config.fields, customer.fields)),
        ),
    )
    for contact in customer.contacts:
        yield "contacts", _joined(contact.preferences, *contact.concerns)
    needs = customer.needs
    yield "needs", _joined(*needs.core, *needs.latent, *needs.pains, *needs.expected)
    for offer in customer.offers:
        yield "offers", _joined(offer.product, offer.proposal, offer.summary, offer.terms)
    if deal := customer.deal:
        yield "deal", _joined(*(item.name for item in deal.items), deal.payment, deal.delivery)
    if lost := customer.lost:
        reason = site.config.loss_reasons.label(lost.reason)
        yield "lost", _joined(reason, lost.competitor, lost.note)
    notes = (part for note in customer.notes for part in (note.heading, note.text))
    yield "notes", _joined(customer.background, *notes)


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


def _declared(values: Iterable[tuple[Field, FieldValue]]) -> Iterator[str]:
    """Yield the texts among the values of the workspace's own fields."""
    for _field, value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value


def _joined(*parts: str | None) -> str:
    return _BETWEEN.join(filter(None, (plain_text(part) for part in parts if part)))


def plain_text(markdown: str) -> str:
    """Return the words of a text on one line, without its Markdown.

    Words stand side by side as they are read: signs within them, and addresses of links, are out.
    """
    text = _RULES.sub("", _LINK.sub(r"\1", markdown))
    return _BLANKS.sub(" ", _SIGNS.sub("", text)).strip()
