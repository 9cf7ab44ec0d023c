"""The files of a site that other programs read: calendars, cards, the feed, the rows."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.exchange.entries import record_key
from tracker.exchange.feed import Places, feed_bytes
from tracker.exchange.icalendar import calendar_bytes, events_of_record, has_events
from tracker.exchange.vcard import cards
from tracker.insight.rows import row_of
from tracker.site.markdown import MarkdownRenderer
from tracker.site.urls import beside, encoded, followup_anchor
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.exchange.icalendar import Event
    from tracker.model import Customer, FollowUp
    from tracker.site.page import Row, Site

CALENDAR = "followups.ics"
FEED = "feed.xml"
ROWS = "data/customers.json"


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield every such file with its path in the site, in the same order for the same day.

    An owner and a customer have theirs beside their page, under its name: a customer a calendar
    where there is something to put into it, and cards where there are contacts.
    """
    yield from shared_calendars(site)
    for row in site.rows:
        for name in (record_calendar(row), record_cards(row)):
            if name:
                yield name, record_file(site, row, name)
    yield FEED, feed(site)
    yield ROWS, rows(site)


def shared_calendars(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the calendar of all customers, and that of each owner."""
    events = [event for row in site.rows for event in _events(site, row)]
    by_owner: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_owner[event.who].append(event)
    translate = translations(site.config.language).gettext
    yield CALENDAR, calendar_bytes(events, site.config, site.title)
    for owner, address in site.urls.owners.items():
        name = Message("{title}: {owner}", {"title": site.title, "owner": owner}).render(translate)
        yield beside(address, "ics"), calendar_bytes(by_owner[owner], site.config, name)


def record_calendar(row: Row) -> str | None:
    """Return the path of a customer's calendar; None where there is nothing to put into it."""
    return beside(row.address, "ics") if has_events(row.status) else None


def record_cards(row: Row) -> str | None:
    """Return the path of the cards of a customer's contacts; None where there are none."""
    return beside(row.address, "vcf") if row.customer.contacts else None


def record_file(site: Site, row: Row, path: str) -> bytes:
    """Return the content of a customer's calendar or cards, by its path."""
    if path.endswith(".ics"):
        return calendar_bytes(_events(site, row), site.config)
    return cards(row.customer, site.config, record_key(row.customer, site.day.library))


def _events(site: Site, row: Row) -> tuple[Event, ...]:
    if not has_events(row.status):
        return ()
    record = record_key(row.customer, site.day.library)
    return row.once(
        f"events of {record}",
        lambda row: tuple(events_of_record(row.standing, site.config, record)),
    )


def feed(site: Site) -> bytes:
    """Return the feed of the latest follow-ups."""

    def place(customer: Customer, followup: FollowUp) -> str:
        anchor = followup_anchor(followup.date, followup.time)
        return encoded(f"{site.urls.records[customer.path]}#{anchor}")

    # A renderer without a page: links from a record to other files of the workspace, which mean
    # nothing in a reader, become plain words.
    return feed_bytes(site.day, Places(FEED, "index.html", place), MarkdownRenderer().render)


def rows(site: Site) -> bytes:
    """Return all rows as a JSON array, one a line, each with its page relative to the site."""

    def written(row: Row) -> str:
        values = {**row_of(row.standing, site.config), "url": encoded(row.address)}
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    lines = map(written, site.rows)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode("utf-8", "replace")
