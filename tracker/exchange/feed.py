"""The latest follow-ups as an Atom feed (RFC 4287).

Its links are relative, as all of a site's: a reader completes them with the address that it got the
feed from. Opened from a file manager there is no such address for most readers, and the links lead
nowhere; what was said is in the feed itself.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from heapq import nlargest
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from msgspec import Struct

from tracker.exchange.entries import followup_keys, record_key, stable_uuid, to_utc
from tracker.schema import FOLLOWUP_FIELDS
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.config import Config
    from tracker.insight.day import Day
    from tracker.model import Customer, FollowUp

ENTRIES = 50
"""How many follow-ups the feed holds."""

_NAMESPACE = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Places(Struct, frozen=True):
    """Where the feed and what it speaks of are, relative to the feed.

    Attributes:
        feed: The feed itself.
        home: The site's first page.
        followup: Returns the place of a follow-up.
    """

    feed: str
    home: str
    followup: Callable[[Customer, FollowUp], str]


def latest_followups(day: Day) -> list[tuple[Customer, FollowUp, str]]:
    """Return the follow-ups that the feed tells of, the newest first.

    Each has its customer before it, and behind it what names it in its record.
    """
    past = (
        (customer, followup, key)
        for customer in day.library.customers
        for followup, key in followup_keys(customer)
        if followup.date <= day.today
    )
    return nlargest(ENTRIES, past, key=lambda each: (each[1].order, each[0].path))


def feed_bytes(day: Day, places: Places, render: Callable[[str], str]) -> bytes:
    """Return the feed of the latest follow-ups that are not in the future.

    Args:
        day: The workspace on the day.
        places: Where the links lead.
        render: Returns the safe HTML of a Markdown text.
    """
    library, config = day.library, day.library.config
    latest = latest_followups(day)
    newest = latest[0][1].order if latest else datetime.combine(day.today, time())
    feed = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": config.language})
    _add(feed, "id", f"urn:uuid:{stable_uuid('feed', config.title)}")
    _add(feed, "title", config.title)
    _add(feed, "updated", _moment(newest, config))
    _add(feed, "generator", "tracker")
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": places.feed})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": places.home})
    _add(SubElement(feed, "author"), "name", config.title)
    for customer, followup, key in latest:
        entry = SubElement(feed, "entry")
        uid = stable_uuid("followup", record_key(customer, library), key)
        _add(entry, "id", f"urn:uuid:{uid}")
        _add(entry, "title", _title(customer, followup, config))
        _add(entry, "updated", _moment(followup.order, config))
        _add(entry, "published", _moment(followup.order, config))
        if followup.who:
            _add(SubElement(entry, "author"), "name", followup.who)
        href = places.followup(customer, followup)
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": href})
        _add(entry, "content", render(_content(followup, config)), type="html")
    indent(feed)
    document: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _add(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = _NOT_XML.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n")
    )


def _title(customer: Customer, followup: FollowUp, config: Config) -> str:
    method = config.methods.label(followup.method)
    if not method:
        return customer.name
    return Message("{customer}: {what}", {"customer": customer.name, "what": method}).render(
        translations(config.language).gettext
    )


def _content(followup: FollowUp, config: Config) -> str:
    """Return what was said, and what is to be done next, as Markdown."""
    parts = [followup.summary]
    for field in FOLLOWUP_FIELDS:
        if text := followup.texts.get(field.key):
            label = field.zh if config.language == "zh" else field.key.capitalize()
            parts.append(f"**{label}** {text}")
    step = followup.next
    if step and step.date:
        method = config.methods.label(step.method)
        clock = step.time.isoformat(timespec="minutes") if step.time else ""
        what = " ".join(filter(None, (step.date.isoformat(), clock, method, step.text)))
        parts.append(
            Message("Next step: {what}", {"what": what}).render(
                translations(config.language).gettext
            )
        )
    return "\n\n".join(filter(None, parts))


def _moment(moment: datetime, config: Config) -> str:
    return to_utc(moment, config.timezone).isoformat(timespec="seconds").replace("+00:00", "Z")
