"""What a successor has to know about customers, as Markdown in the workspace's language."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.insight.agenda import Group, Item, agenda_of
from tracker.money import grouped_amount
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from tracker.cli.wording import Wording
    from tracker.insight.day import Standing
    from tracker.model import Customer, FollowUp

_AHEAD = 3660
"""Days that plans are looked for: all there are."""

_STEPS = (Group.OVERDUE, Group.TODAY, Group.COMING)
_PROMISES = (Group.LATE_PROMISE, Group.PROMISE)
_LONGEST_TALK = 300


def briefing_lines(
    standings: Sequence[Standing], before: str, after: str, today: date, wording: Wording
) -> Iterator[str]:
    """Yield the lines of a briefing: plans, promises and risks, then customer by customer.

    Args:
        standings: The customers that are handed over, on the day.
        before: Who has been responsible.
        after: Who will be.
        today: The day.
        wording: The workspace's words.
    """
    say = wording.say
    names = {"before": before, "after": after, "day": today.isoformat()}
    title = Message("Handover: {before} → {after}, {day}", names)
    yield f"# {say(title)}"
    yield ""
    yield _totals(standings, wording)
    items = agenda_of(standings, today, _AHEAD)
    yield from _part(
        say(Message("Plans")), (_step(item, wording) for item in items if item.group in _STEPS)
    )
    promises = [_promise(item, wording) for item in items if item.group in _PROMISES]
    undated = (_undated(standing) for standing in standings)
    yield from _part(
        say(Message("Promises")), [*promises, *(line for lines in undated for line in lines)]
    )
    yield from _part(
        say(Message("Risks")),
        (
            f"- **{standing.customer.name}**: {'; '.join(risks)}"
            for standing in standings
            if (risks := list(_risks(standing, today, wording)))
        ),
    )
    yield ""
    heading = say(Message("Customers"))
    yield f"## {heading}"
    levels = {level.id: rank for rank, level in enumerate(wording.config.levels)}
    for standing in sorted(standings, key=lambda one: _importance(one, levels)):
        yield from _customer(standing, wording)


def _totals(standings: Sequence[Standing], wording: Wording) -> str:
    values: defaultdict[str, Decimal] = defaultdict(Decimal)
    weighted: defaultdict[str, Decimal] = defaultdict(Decimal)
    for standing in standings:
        status, value = standing.status, standing.customer.value
        if status.stage_kind is StageKind.OPEN and value and status.weighted_value:
            values[value.currency] += value.amount
            weighted[value.currency] += status.weighted_value.amount
    facts = {
        "count": len(standings),
        "value": _sums(values),
        "weighted": _sums(weighted),
    }
    if not values:
        return wording.say(Message("Customers: {count}.", facts))
    return wording.say(
        Message("Customers: {count}; open value {value}, weighted {weighted}.", facts)
    )


def _sums(values: dict[str, Decimal]) -> str:
    return " + ".join(
        f"{grouped_amount(amount)} {currency}" for currency, amount in sorted(values.items())
    )


def _part(heading: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield f"## {heading}"
        yield ""
        yield from found


def _step(item: Item, wording: Wording) -> str:
    step = item.step
    late = ""
    if item.group is Group.OVERDUE:
        late = f" ({wording.days_overdue(item.standing.status.days_overdue)})"
    goal = wording.say(Message("; goal: {goal}", {"goal": step.goal})) if step and step.goal else ""
    return f"- {wording.step(step)}{goal} — **{item.standing.customer.name}**{late}"


def _promise(item: Item, wording: Wording) -> str:
    late = ""
    if item.promise and item.promise.days_overdue:
        late = f" ({wording.days_overdue(item.promise.days_overdue)})"
    day = item.date.isoformat() if item.date else ""
    who = f" @{item.who}" if item.who else ""
    return f"- {day} {item.text}{who} — **{item.standing.customer.name}**{late}"


def _undated(standing: Standing) -> list[str]:
    """Return the open promises without a due day, which no agenda has."""
    return [
        f"- {promise.commitment.text} — **{standing.customer.name}**"
        for promise in standing.status.open_promises
        if promise.commitment.due is None
    ]


def _risks(standing: Standing, today: date, wording: Wording) -> Iterator[str]:
    customer, status = standing.customer, standing.status
    if status.stale:
        yield wording.idle(status)
    if status.stage_kind is StageKind.OPEN and status.next is None:
        yield wording.say(Message("no next step"))
    close = customer.expected_close
    if status.stage_kind is StageKind.OPEN and close and close < today:
        yield wording.say(Message("expected to close on {day}", {"day": close.isoformat()}))
    for ticket in status.open_tickets:
        name = f"#{ticket.number} {ticket.text}" if ticket.number else ticket.text
        yield wording.say(Message("open problem: {name}", {"name": name}))
    last = _last_talk(customer)
    if last and last.attitude == "negative":
        yield wording.config.attitudes.label(last.attitude)


def _importance(standing: Standing, levels: Mapping[str, int]) -> tuple[int, Decimal, str]:
    """Return what orders customers: by level, those of one level by value."""
    customer = standing.customer
    value = standing.status.weighted_value
    rank = levels.get(customer.level or "", len(levels))
    return rank, -(value.amount if value else Decimal(0)), customer.path


def _last_talk(customer: Customer) -> FollowUp | None:
    return max(customer.followups, key=lambda followup: followup.order, default=None)


def _customer(standing: Standing, wording: Wording) -> Iterator[str]:
    customer, config = standing.customer, wording.config
    facts = (
        config.stages.label(customer.stage),
        config.levels.label(customer.level),
        wording.value(customer.value),
        customer.path,
    )
    yield ""
    yield f"### {customer.name}"
    yield ""
    yield " · ".join(filter(None, facts))
    yield ""
    for contact in customer.contacts:
        parts = (
            contact.title,
            config.authorities.label(contact.authority),
            contact.phone,
            contact.email,
        )
        yield f"- {contact.name}: {', '.join(filter(None, parts))}".rstrip(": ")
        if contact.preferences:
            yield f"  - {contact.preferences}"
    needs = (*customer.needs.core, *customer.needs.pains, *customer.needs.expected)
    if needs:
        yield wording.say(Message("- needs: {needs}", {"needs": "; ".join(needs)}))
    if last := _last_talk(customer):
        yield wording.say(Message("- last talk: {talk}", {"talk": _talk(last, wording)}))


def _talk(followup: FollowUp, wording: Wording) -> str:
    attitude = wording.config.attitudes.label(followup.attitude)
    text = " ".join(followup.summary.split())
    short = text if len(text) <= _LONGEST_TALK else f"{text[:_LONGEST_TALK].rstrip()}…"
    parts = (
        followup.date.isoformat(),
        wording.config.methods.label(followup.method),
        followup.who,
        f"({attitude})" if attitude else "",
        short,
    )
    return " ".join(filter(None, parts))
