"""The files of a site that other programs read: calendars, cards, the feed, the rows."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.exchange.entries import record_key
from tracker.exchange.feed import Places, feed_bytes
from tracker.exchange.icalendar import calendar_bytes, events_of
from tracker.exchange.vcard import cards
from tracker.insight.rows import row_of
from tracker.site.markdown import MarkdownRenderer
from tracker.site.urls import beside, encoded, followup_anchor
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.exchange.icalendar import Event
    from tracker.model import Customer, FollowUp
    from tracker.site.page import Site

CALENDAR = "followups.ics"
FEED = "feed.xml"
ROWS = "data/customers.json"


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield every such file with its path in the site, in the same order for the same day.

    An owner and a customer have theirs beside their page, under its name: a customer a calendar
    where there is something to put into it, and cards where there are contacts.
    """
    yield from _calendars(site)
    for row in site.rows:
        if row.customer.contacts:
            record = record_key(row.customer, site.day.library)
            yield beside(row.address, "vcf"), cards(row.customer, site.config, record)
    yield FEED, _feed(site)
    yield ROWS, _rows(site)


def _calendars(site: Site) -> Iterator[tuple[str, bytes]]:
    events = list(events_of(site.day))
    by_owner: defaultdict[str, list[Event]] = defaultdict(list)
    by_record: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_owner[event.who].append(event)
        by_record[event.customer.path].append(event)
    translate = translations(site.config.language).gettext
    yield CALENDAR, calendar_bytes(events, site.config, site.title)
    for owner, address in site.urls.owners.items():
        name = Message("{title}: {owner}", {"title": site.title, "owner": owner}).render(translate)
        yield beside(address, "ics"), calendar_bytes(by_owner[owner], site.config, name)
    for path, found in by_record.items():
        yield beside(site.urls.records[path], "ics"), calendar_bytes(found, site.config)


def _feed(site: Site) -> bytes:
    def place(customer: Customer, followup: FollowUp) -> str:
        anchor = followup_anchor(followup.date, followup.time)
        return encoded(f"{site.urls.records[customer.path]}#{anchor}")

    # A renderer without a page: links from a record to other files of the workspace, which mean
    # nothing in a reader, become plain words.
    return feed_bytes(site.day, Places(FEED, "index.html", place), MarkdownRenderer().render)


def _rows(site: Site) -> bytes:
    """Return all rows as a JSON array, one a line, each with its page relative to the site."""
    rows = (
        json.dumps(
            {**row_of(row.standing, site.config), "url": encoded(row.address)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for row in site.rows
    )
    return ("[\n" + ",\n".join(rows) + "\n]\n").encode("utf-8", "replace")
