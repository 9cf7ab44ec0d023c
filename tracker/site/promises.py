"""Commitments of all customers, in the order in which they press."""

from __future__ import annotations

from datetime import date, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.library.status import CommitmentState
from tracker.site.recount import Listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.library.status import Promise
    from tracker.site.page import Row

RECENT_DAYS = 30
"""How far back settled promises and resolved problems are listed."""


class PromiseRow(Struct, frozen=True):
    """A commitment where it is listed, with its customer."""

    row: Row
    promise: Promise

    @property
    def who(self) -> str:
        """Return who promised: the one named, or else whoever followed up."""
        return self.promise.who

    @property
    def due(self) -> date | None:
        """Return the day it is due."""
        return self.promise.commitment.due

    @property
    def sort_key(self) -> tuple[date, str]:
        """Return the key that puts the longest due first; those without a day come last."""
        return self.due or date.max, self.row.customer.path


def open_promises(rows: Iterable[Row]) -> tuple[PromiseRow, ...]:
    """Return the commitments that are not ticked, the longest due first."""
    waiting = [entry for row in rows for entry in row.once("open promises", _open_promises)]
    return tuple(entry for _key, entry in sorted(waiting, key=itemgetter(0)))


def _open_promises(row: Row) -> tuple[tuple[tuple[date, str], PromiseRow], ...]:
    """Return a customer's commitments that are not ticked, with the keys that order them."""
    waiting = (PromiseRow(row, promise) for promise in row.status.open_promises)
    return tuple((entry.sort_key, entry) for entry in waiting)


def overdue_promises(waiting: Iterable[PromiseRow], today: date) -> tuple[Listed[PromiseRow], ...]:
    """Return the open commitments with a day, listed from the day after it."""
    return tuple(
        Listed.of(entry, today, entry.due + timedelta(days=1)) for entry in waiting if entry.due
    )


def pressing_promises(waiting: Iterable[PromiseRow], today: date) -> tuple[Listed[PromiseRow], ...]:
    """Return the open commitments with a day, listed from that day on."""
    return tuple(Listed.of(entry, today, entry.due) for entry in waiting if entry.due)


def promises_of_today(waiting: Iterable[PromiseRow], today: date) -> tuple[Listed[PromiseRow], ...]:
    """Return the open commitments with a day, listed on that day."""
    return tuple(
        Listed.of(entry, today, entry.due, entry.due + timedelta(days=1))
        for entry in waiting
        if entry.due
    )


def not_overdue(waiting: Iterable[PromiseRow], today: date) -> tuple[Listed[PromiseRow], ...]:
    """Return the open commitments that are not overdue, listed to the end of their day."""
    listed = (
        Listed.of(entry, today, until=entry.due + timedelta(days=1) if entry.due else None)
        for entry in waiting
    )
    return tuple(each for each in listed if each.now)


def not_yet_due(waiting: Iterable[PromiseRow], today: date) -> tuple[Listed[PromiseRow], ...]:
    """Return the open commitments that are not due, listed up to their day or for good."""
    listed = (Listed.of(entry, today, until=entry.due) for entry in waiting)
    return tuple(each for each in listed if each.now)


def settled_promises(rows: Iterable[Row], today: date) -> tuple[Listed[PromiseRow], ...]:
    """Return the commitments done in the last `RECENT_DAYS` days, the newest first.

    Each is listed until so many days have passed.
    """
    since = today - timedelta(days=RECENT_DAYS)
    settled = [
        PromiseRow(row, promise)
        for row in rows
        for promise in row.status.promises
        if promise.state in (CommitmentState.KEPT, CommitmentState.LATE)
        and promise.commitment.done_on is not None
        and since <= promise.commitment.done_on <= today
    ]
    settled.sort(key=lambda entry: entry.row.customer.path)
    settled.sort(key=lambda entry: entry.promise.commitment.done_on or date.min, reverse=True)
    kept = timedelta(days=RECENT_DAYS + 1)
    return tuple(
        Listed.of(entry, today, until=entry.promise.commitment.done_on + kept)
        for entry in settled
        if entry.promise.commitment.done_on
    )
