"""Commitments of all customers, in the order in which they press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tracker.library.status import CommitmentState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.library.status import Promise
    from tracker.site.page import Row

RECENT_DAYS = 30
"""How far back settled promises and resolved problems are listed."""


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A commitment where it is listed, with its customer."""

    row: Row
    promise: Promise

    @property
    def who(self) -> str:
        """Return who promised: the one named, or else whoever followed up."""
        return self.promise.commitment.who or self.promise.made_at.who

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
    waiting = [PromiseRow(row, promise) for row in rows for promise in row.status.open_promises]
    return tuple(sorted(waiting, key=lambda entry: entry.sort_key))


def settled_promises(rows: Iterable[Row], today: date) -> tuple[PromiseRow, ...]:
    """Return the commitments done in the last `RECENT_DAYS` days, the newest first."""
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
    return tuple(settled)
