"""Next steps and promises as an iCalendar file (RFC 5545), for a calendar that subscribes to it.

A next step with a time is an appointment of half an hour with an alarm; one without, and a promise
that is due, takes the whole day and leaves it free for others. Promises are events and no to-dos,
which most calendars drop without a word.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.exchange.contentlines import line, text_line
from tracker.exchange.entries import followup_keys, record_key, stable_uuid, to_utc
from tracker.library.status import PlanOutcome
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tracker.config import Config
    from tracker.insight.day import Day, Standing
    from tracker.library.status import Plan, Promise, Status
    from tracker.model import Customer, FollowUp, NextStep

DURATION = timedelta(minutes=30)
"""How long a next step with a time takes; records do not say."""

_MORNING = timedelta(hours=9)
_ALARM = re.compile(r"([0-9]{1,3})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_VISIT = "visit"


class Alarms(Struct, frozen=True):
    """When alarms sound, from the beginning of an entry on; None for no alarm.

    Attributes:
        timed: That of an appointment.
        whole_day: That of an entry that takes the whole day.
    """

    timed: timedelta | None = timedelta(minutes=-15)
    whole_day: timedelta | None = None


SUBSCRIBED = Alarms()
"""For a calendar that is subscribed to, whose entries of whole days would all sound at once."""


class Event(Struct, frozen=True):
    """One entry of a calendar, written already: it stands in up to three of them.

    Attributes:
        who: Whose it is: the customer's owner, or whoever promised; empty where nobody is named.
        data: The component with its content lines.
    """

    who: str
    data: bytes


def read_alarms(text: str) -> Alarms | None:
    """Return the alarms that `15m`, `2h`, `1d` (before the time of an entry) or `none` ask for.

    An entry that takes the whole day has its alarm at nine in the morning, as many whole days
    before. What is none of these gives None.
    """
    if text == "none":
        return Alarms(None, None)
    match = _ALARM.fullmatch(text)
    if match is None:
        return None
    before = int(match[1]) * _UNITS[match[2]]
    return Alarms(-before, _MORNING - timedelta(days=before.days))


def has_events(status: Status) -> bool:
    """Tell whether a customer has anything that a calendar shows."""
    return status.next is not None or any(
        promise.commitment.due for promise in status.open_promises
    )


def events_of(day: Day, until: date = date.max, alarms: Alarms = SUBSCRIBED) -> Iterator[Event]:
    """Yield the standing next step and the open promises with a due day of every customer.

    Customers that are lost have no next step; what was promised to them still stands.

    Args:
        day: The customers on a day.
        until: The last day of which there are events.
        alarms: When their alarms sound.
    """
    for standing in day.standings:
        if has_events(standing.status):
            record = record_key(standing.customer, day.library)
            yield from events_of_record(standing, day.library.config, record, until, alarms)


def events_of_record(
    standing: Standing,
    config: Config,
    record: str,
    until: date = date.max,
    alarms: Alarms = SUBSCRIBED,
) -> Iterator[Event]:
    """Yield what `events_of` yields of one customer.

    Args:
        standing: The customer on the day.
        config: The workspace's settings.
        record: What names the record: see `record_key`.
        until: The last day of which there are events.
        alarms: When their alarms sound.
    """
    return _Wording(config, alarms).events(standing, record, until)


def calendar_bytes(events: Iterable[Event], config: Config, name: str = "") -> bytes:
    """Return a calendar.

    Args:
        events: What is in it.
        config: The workspace's settings.
        name: What a program that subscribes calls it; leave it out for a file whose events are
            to be taken over into a calendar that there is.
    """
    parts = [
        line("BEGIN", "VCALENDAR"),
        line("VERSION", "2.0"),
        line("PRODID", "-//tracker//follow-ups//EN"),
        line("CALSCALE", "GREGORIAN"),
    ]
    if name:
        parts += [
            text_line("NAME", name),
            text_line("X-WR-CALNAME", name),
            text_line("X-WR-TIMEZONE", config.timezone.key),
            line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"),
            line("X-PUBLISHED-TTL", "PT1H"),
        ]
    written = [event.data for event in events]
    parts += written or [_NO_EVENTS]
    parts.append(line("END", "VCALENDAR"))
    return b"".join(parts)


# A calendar without any component is not a valid one, and somebody may subscribe before there is
# anything to do: the definition of a zone changes nothing.
_NO_EVENTS = b"".join(
    line(name, value)
    for name, value in (
        ("BEGIN", "VTIMEZONE"),
        ("TZID", "Etc/UTC"),
        ("BEGIN", "STANDARD"),
        ("DTSTART", "19700101T000000"),
        ("TZOFFSETFROM", "+0000"),
        ("TZOFFSETTO", "+0000"),
        ("END", "STANDARD"),
        ("END", "VTIMEZONE"),
    )
)


class _Wording:
    """Writes events in the language of a workspace."""

    def __init__(self, config: Config, alarms: Alarms) -> None:
        self._config = config
        self._alarms = alarms
        self._translate: Callable[[str], str] = translations(config.language).gettext

    def events(self, standing: Standing, record: str, until: date) -> Iterator[Event]:
        """Yield the events of one customer up to a day."""
        status = standing.status
        keys = {id(followup): key for followup, key in followup_keys(standing.customer)}
        for plan in status.plans:
            day = plan.step.date
            standing_step = plan.outcome is PlanOutcome.STANDING and plan.step is status.next
            if standing_step and day and day <= until:
                uid = stable_uuid("next", record, keys[id(plan.made_at)])
                yield self._step(standing.customer, plan, day, uid)
        places: dict[int, int] = {}
        for promise in status.open_promises:
            due = promise.commitment.due
            if due and due <= until:
                made_at = promise.made_at
                if id(promise.commitment) not in places:
                    # Its place among all of that section, so that ticking one renames no other.
                    places |= {id(each): at for at, each in enumerate(made_at.commitments)}
                place = str(places[id(promise.commitment)])
                uid = stable_uuid("promise", record, keys[id(made_at)], place)
                yield self._promise(standing.customer, promise, due, uid)

    def _step(self, customer: Customer, plan: Plan, day: date, uid: str) -> Event:
        step = plan.step
        method = self._config.methods.label(step.method)
        what = " ".join(filter(None, (method, step.text)))
        name = customer.short or customer.name
        summary = self._say(
            Message("{customer}: {what}", {"customer": name, "what": what})
            if what
            else Message("Follow up with {customer}", {"customer": name})
        )
        times = _times(step, day, self._config)
        body = [
            *_span(day, times),
            text_line("SUMMARY", summary),
            text_line("DESCRIPTION", self._description(customer, step.goal)),
        ]
        if customer.address and step.method == _VISIT:
            body.append(text_line("LOCATION", customer.address))
        body += _alarm(self._alarms.timed if times else self._alarms.whole_day, summary)
        return Event(customer.owner or "", self._event(uid, plan.made_at, body))

    def _promise(self, customer: Customer, promise: Promise, due: date, uid: str) -> Event:
        name, what = customer.short or customer.name, promise.commitment.text
        summary = self._say(
            Message("Promise to {customer}: {what}", {"customer": name, "what": what})
        )
        body = [
            *_span(due, None),
            text_line("SUMMARY", summary),
            text_line("DESCRIPTION", self._description(customer, "")),
            *_alarm(self._alarms.whole_day, summary),
        ]
        who = self._config.owner_name(promise.who)
        return Event(who, self._event(uid, promise.made_at, body))

    def _event(self, uid: str, made_at: FollowUp, body: list[bytes]) -> bytes:
        return b"".join(
            (
                line("BEGIN", "VEVENT"),
                line("UID", uid),
                line("DTSTAMP", _utc(to_utc(made_at.order, self._config.timezone))),
                *body,
                line("END", "VEVENT"),
            )
        )

    def _description(self, customer: Customer, goal: str) -> str:
        """Return what one wants to know before calling: for what, whom, and at which number."""
        lines = [customer.name]
        if goal:
            lines.append(self._say(Message("Goal: {goal}", {"goal": goal})))
        lines += [
            " ".join(filter(None, (contact.name, contact.title, contact.phone)))
            for contact in sorted(customer.contacts, key=lambda contact: not contact.primary)
            if contact.phone
        ]
        if customer.owner:
            lines.append(self._say(Message("Owner: {owner}", {"owner": customer.owner})))
        return "\n".join(lines)

    def _say(self, message: Message) -> str:
        return message.render(self._translate)


def _alarm(after: timedelta | None, summary: str) -> list[bytes]:
    """Return the lines of an alarm, from the beginning of the entry on; none for None."""
    if after is None:
        return []
    return [
        line("BEGIN", "VALARM"),
        line("ACTION", "DISPLAY"),
        line("TRIGGER", _duration(after)),
        text_line("DESCRIPTION", summary),
        line("END", "VALARM"),
    ]


def _duration(time: timedelta) -> str:
    """Return whole minutes as RFC 5545 writes them: `-PT15M`, `PT9H`, `-P1D`."""
    sign = "-" if time < timedelta() else ""
    days, rest = divmod(abs(time), timedelta(days=1))
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    date_part = f"{days}D" if days else ""
    time_part = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if not date_part and not time_part:
        time_part = "0M"
    return f"{sign}P{date_part}{'T' if time_part else ''}{time_part}"


def _span(day: date, times: tuple[datetime, datetime] | None) -> tuple[bytes, ...]:
    """Return the lines that say when: from and to in UTC, or the whole day.

    The end of a whole day is left out, which means one day.
    """
    if times is None:
        return line("DTSTART;VALUE=DATE", _digits(day)), line("TRANSP", "TRANSPARENT")
    start, end = times
    return line("DTSTART", _utc(start)), line("DTEND", _utc(end))


def _times(step: NextStep, day: date, config: Config) -> tuple[datetime, datetime] | None:
    """Return begin and end of a step in UTC; None without a time, or at the end of all days."""
    if step.time is None:
        return None
    moment = datetime.combine(day, step.time)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=config.timezone)
    try:
        start = moment.astimezone(UTC)
        return start, start + DURATION
    except OverflowError:
        return None


def _utc(moment: datetime) -> str:
    return f"{_digits(moment)}T{moment:%H%M%S}Z"


def _digits(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"
