"""Hostile texts in calendars, cards and feeds: other libraries read just what was given."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import icalendar
import vobject

from tracker.exchange.feed import ENTRIES, Places, feed_bytes
from tracker.exchange.icalendar import calendar_bytes, events_of
from tracker.exchange.vcard import Version, cards
from tracker.model import Commitment, Contact, Customer, FollowUp, NextStep
from tracker.site.markdown import MarkdownRenderer
from trials.hostile_day import CONFIG, day_of
from trials.hostile_values import hostile_values
from trials.results import Outcome
from trials.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.insight.day import Day

PER_CUSTOMER = 5
PER_DAY = PER_CUSTOMER * ENTRIES
"""Texts in one customer's record, and in one day: of so many customers the feed tells all."""

SHOWN = 5

_MOMENT = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - a follow-up's moment has no zone
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM = "{http://www.w3.org/2005/Atom}"
_TOLD = Places("feed.xml", "index.html", lambda customer, _: f"customers/{customer.id}.html")


def shown(text: str) -> str:
    """Return a text as calendars and cards show it: one kind of line break, no controls."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def customers_of(texts: Sequence[str]) -> Iterator[Customer]:
    """Yield customers with a next step, a promise and a contact made of the texts."""
    for number, at in enumerate(range(0, len(texts) - PER_CUSTOMER + 1, PER_CUSTOMER)):
        name, what, goal, promise, person = texts[at : at + PER_CUSTOMER]
        yield Customer(
            f"records/c{number:04}.md",
            f"c{number:04}",
            name,
            stage="negotiation",
            address=goal,
            contacts=(Contact(person, title=what, wechat=promise),),
            followups=(
                FollowUp(
                    _MOMENT.date(),
                    _MOMENT.time(),
                    _MOMENT,
                    "call",
                    person,
                    summary=what,
                    next=NextStep(date(2026, 11, 27), time(10), "visit", what, goal),
                    commitments=(Commitment(promise, date(2026, 11, 28), who=person),),
                ),
            ),
        )


def try_calendar(day: Day) -> list[str]:
    """Write a calendar, read it by icalendar, and return what is not as it was given."""
    calendar = icalendar.Calendar.from_ical(calendar_bytes(events_of(day), CONFIG, "样例"))
    events = list(calendar.walk("VEVENT"))
    given = []
    for customer in day.library.customers:
        (followup,) = customer.followups
        (promise,) = followup.commitments
        name = shown(customer.name)
        given.append((f"{name}：面谈 {shown(followup.summary)}", shown(customer.address or "")))
        given.append((f"对{name}的承诺：{shown(promise.text)}", ""))
    back = [(str(event["SUMMARY"]), str(event.get("LOCATION", ""))) for event in events]
    parts = {str(part.name) for part in calendar.walk()}
    extra = sorted(parts - {"VCALENDAR", "VEVENT", "VALARM"})
    return [*(f"a component {each}" for each in extra), *_differences(given, back)]


def try_cards(day: Day) -> list[str]:
    """Write the cards of every customer, read them by vobject, and return what is not as given."""
    wrong = []
    for customer in day.library.customers:
        (contact,) = customer.contacts
        for version in Version:
            data = cards(customer, CONFIG, customer.id, version).decode()
            back = [
                (card.fn.value, card.org.value, card.title.value, card.note.value)
                for card in vobject.readComponents(data)
            ]
            name, company, title, wechat = map(
                shown, (contact.name, customer.name, contact.title or "", contact.wechat or "")
            )
            wrong += _differences([(name, [company], title, f"微信：{wechat}")], back)
    return wrong


def try_feed(day: Day) -> list[str]:
    """Write a feed, read it by a strict parser, and return what is not as it was given."""
    root = ET.fromstring(feed_bytes(day, _TOLD, MarkdownRenderer().render))  # noqa: S314  # our own
    back = [
        (entry.findtext(f"{_ATOM}title") or "", entry.findtext(f"{_ATOM}author/{_ATOM}name") or "")
        for entry in root.findall(f"{_ATOM}entry")
    ]
    given = [
        (f"{_in_xml(customer.name)}：电话", _in_xml(customer.contacts[0].name))
        for customer in day.library.customers
    ]
    return _differences(sorted(given), sorted(back))


def _in_xml(text: str) -> str:
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _differences(given: Sequence[object], back: Sequence[object]) -> list[str]:
    if len(given) != len(back):
        return [f"{len(given)} were given and {len(back)} came back: {given[:1]!r}"]
    pairs = zip(given, back, strict=True)
    return [f"{want!r} came back as {got!r}" for want, got in pairs if want != got]


def run(count: int) -> list[Outcome]:
    """Try so many texts; see `Trial.run`."""
    ways = {"calendars": try_calendar, "cards": try_cards, "feeds": try_feed}
    wrong: dict[str, list[str]] = {name: [] for name in ways}
    for seed in range(0, count, PER_DAY):
        day = day_of(customers_of(list(hostile_values(min(PER_DAY, count - seed), seed))))
        for name, attempt in ways.items():
            wrong[name] += attempt(day)
    return [
        Outcome(
            f"Texts in {name}",
            count,
            len(faults),
            [f"Seen: `{each[:200]}`." for each in faults[:SHOWN]],
        )
        for name, faults in wrong.items()
    ]


TRIAL = Trial(
    title="Calendars, cards and feeds",
    what=(
        "Texts with line breaks, separators, controls and whole components in them stand in names, "
        "next steps, promises, people and addresses. icalendar reads just the events that were "
        "given, vobject just the cards, and a strict parser of XML just the entries of the feed, "
        "with every text as it was but for control characters."
    ),
    full=10_000,
    run=run,
)
