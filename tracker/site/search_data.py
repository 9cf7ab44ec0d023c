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
from typing import TYPE_CHECKING

from tracker.insight.search_texts import quotes_of, said_of, sounding_names
from tracker.pinyin import readings
from tracker.site.customer import anchored_followups
from tracker.site.script_json import script_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.site.page import Row, Site

PART_BYTES = 200_000
"""Size at which a part is full: quick to load and to read, without a jerk while somebody types."""

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
        for lines in _parts(map(script_json, items)):
            number += 1
            body = f'"first":{first},"{kind}":[\n' + ",\n".join(lines) + "\n]"
            digest = hashlib.sha256(body.encode()).hexdigest()[:12]
            sums[kind].append(digest)
            first += len(lines)
            yield _script(number, f'{{"sum":"{digest}",{body}}}')
    names = (name for row in site.rows for name in sounding_names(row.customer))
    sounds = {char: " ".join(readings(char)) for char in sorted(set("".join(names)))}
    known = {char: syllables for char, syllables in sounds.items() if syllables}
    yield _script(0, script_json({**sums, "sounds": known}))


def _script(number: int, value: str) -> tuple[str, bytes]:
    text = f"var trackerSearch=trackerSearch||[];trackerSearch[{number}]={value};\n"
    return f"data/search-{number}.js", text.encode()


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
        quotes_of(customer),
        (customer.deal and customer.deal.contract) or "",
        list(customer.tags),
    ]


def _page(address: str) -> str:
    return address.removeprefix("customers/").removesuffix(".html")


# --- Texts -----------------------------------------------------------------------------------


def _texts(row: Row, site: Site) -> list[Text]:
    anchors = {id(followup): anchor for followup, anchor in anchored_followups(row.customer)}
    return [
        (anchors[id(said.followup)] if said.followup else said.place, said.text)
        for said in said_of(row.customer, site.config)
    ]
