"""The agenda: what is to be done on a day and in the days after it.

What is overdue, due or stale is defined by `tracker.library.status`; here stands what belongs on an
agenda and in which order.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.dates import format_time
from tracker.library.status import CommitmentState, NextState
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from tracker.config import Config
    from tracker.insight.day import Standing
    from tracker.library.status import Promise
    from tracker.model import NextStep

DAYS = 7
"""Days after today that an agenda looks ahead."""


class Group(StrEnum):
    """The parts of an agenda, in their order.

    `overdue`, `today` and `coming` are next steps; `late-promise` and `promise` are commitments
    that are overdue, and those due from today on; `stale` are customers gone quiet.
    """

    OVERDUE = "overdue"
    TODAY = "today"
    LATE_PROMISE = "late-promise"
    PROMISE = "promise"
    COMING = "coming"
    STALE = "stale"


class Item(Struct, frozen=True):
    """One thing on an agenda.

    Attributes:
        group: The part that it belongs to.
        standing: The customer.
        date: The day of the next step, or on which the promise is due; None for a stale customer.
        who: Whose it is: the customer's owner, or whoever promised; None where nobody is named.
        promise: The promise, for those groups.
    """

    group: Group
    standing: Standing
    date: date | None
    who: str | None
    promise: Promise | None = None

    @property
    def step(self) -> NextStep | None:
        """Return the next step, for those groups."""
        is_step = self.group in _STEP_GROUPS.values()
        return self.standing.status.next if is_step else None

    @property
    def text(self) -> str:
        """Return what is to be done or was promised; empty for a stale customer."""
        if self.promise:
            return self.promise.commitment.text
        return self.step.text if self.step else ""

    @property
    def line(self) -> int | None:
        """Return the line of the record in which it stands; None for a stale customer."""
        if self.promise:
            return self.promise.commitment.span.line
        return self.step.span.line if self.step else None


def agenda_of(
    standings: Iterable[Standing],
    today: date,
    days: int = DAYS,
    groups: Container[Group] = frozenset(Group),
) -> tuple[Item, ...]:
    """Return what is to be done, group by group.

    Overdue steps and promises come the longest overdue first, steps of one day by their time,
    those without a time last; stale customers with those first that are furthest over their limit.

    Args:
        standings: The customers on the day.
        today: The day.
        days: How many days after it coming steps and promises may lie.
        groups: The groups that are wanted.
    """
    last = last_day(today, days)
    items = [
        item
        for standing in standings
        for item in _items(standing, today)
        if item.group in groups and (item.date is None or item.date <= last)
    ]
    return tuple(sorted(items, key=_order))


def last_day(today: date, days: int) -> date:
    """Return the last day that an agenda looks ahead to."""
    return today + timedelta(days=min(days, (date.max - today).days))


def _items(standing: Standing, today: date) -> Iterator[Item]:
    customer, status = standing.customer, standing.status
    group = _STEP_GROUPS.get(status.next_state) if status.next_state else None
    if group and status.next:
        yield Item(group, standing, status.next.date, customer.owner)
    for promise in status.open_promises:
        due = promise.commitment.due
        if promise.state is CommitmentState.OVERDUE:
            yield Item(Group.LATE_PROMISE, standing, due, promise.who, promise)
        elif due and due >= today:
            yield Item(Group.PROMISE, standing, due, promise.who, promise)
    if status.stale:
        yield Item(Group.STALE, standing, None, customer.owner)


_STEP_GROUPS = {
    NextState.OVERDUE: Group.OVERDUE,
    NextState.TODAY: Group.TODAY,
    NextState.PLANNED: Group.COMING,
}
_RANKS = {group: rank for rank, group in enumerate(Group)}


def _order(item: Item) -> tuple[int, date, int, str, str, str]:
    customer, status = item.standing.customer, item.standing.status
    over = (status.idle_days or 0) - (status.idle_limit or 0) if item.group is Group.STALE else 0
    return (
        _RANKS[item.group],
        item.date or date.max,
        -over,
        item.step.time.isoformat() if item.step and item.step.time else "~",
        fold(customer.name),
        customer.path,
    )


AGENDA_COLUMNS: dict[str, Callable[[Item, Config], Any]] = {
    "group": lambda i, _: i.group.value,
    "date": lambda i, _: i.date and i.date.isoformat(),
    "time": lambda i, _: i.step and i.step.time and format_time(i.step.time),
    "days_overdue": lambda i, _: _days_overdue(i),
    "id": lambda i, _: i.standing.customer.id,
    "name": lambda i, _: i.standing.customer.name,
    "path": lambda i, _: i.standing.customer.path,
    "line": lambda i, _: i.line,
    "who": lambda i, _: i.who,
    "owner": lambda i, _: i.standing.customer.owner,
    "stage": lambda i, c: c.stages.label(i.standing.customer.stage) or None,
    "level": lambda i, c: c.levels.label(i.standing.customer.level) or None,
    "method": lambda i, c: (i.step and c.methods.label(i.step.method)) or None,
    "text": lambda i, _: i.text or None,
    "goal": lambda i, _: (i.step and i.step.goal) or None,
    "contact": lambda i, _: _of_contact(i, "name"),
    "phone": lambda i, _: _of_contact(i, "phone"),
    "last_contact": lambda i, _: (
        i.standing.status.last_contact and i.standing.status.last_contact.isoformat()
    ),
    "idle_days": lambda i, _: i.standing.status.idle_days,
    "idle_limit": lambda i, _: i.standing.status.idle_limit,
}
"""The columns of an agenda in their order, each with how it is read, as those of customers are."""


def agenda_row(item: Item, config: Config) -> dict[str, Any]:
    """Return one thing on an agenda as a row."""
    return {name: read(item, config) for name, read in AGENDA_COLUMNS.items()}


def _days_overdue(item: Item) -> int:
    if item.promise:
        return item.promise.days_overdue
    return item.standing.status.days_overdue if item.group is Group.OVERDUE else 0


def _of_contact(item: Item, attribute: str) -> str | None:
    contact = item.standing.customer.main_contact
    found: str | None = getattr(contact, attribute) if contact else None
    return found
