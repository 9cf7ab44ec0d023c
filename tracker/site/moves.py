"""The history of one customer: where stage, level, owner, value and expected close went, and when.

Git knows who moved a value in which commit; a follow-up that says so knows the day it was decided.
Where both tell of one move, it is one row.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.library.commit_reader import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.library.history import RecordHistory, Value, ValueChange
    from tracker.model import Customer, FollowUp

SHOWN = 6
"""Moves that are shown without being asked for."""

_NEAR = timedelta(days=31)
"""How far a follow-up and the commit may be apart that tell of the same move."""


class HistoryRow(Struct, frozen=True):
    """One move of a value.

    Attributes:
        key: Of the front matter.
        old: The value before; None where there was none, or nobody tells.
        new: The value after; None where it was removed.
        day: The day of the follow-up that tells of it, else of the commit, else of the site.
        who: Whoever followed up, or made the commit; empty where nobody is known.
        commit: The commit, as people are shown it; empty where git does not know of the move.
        anchor: The follow-up that tells of it, on the customer's page; empty for none.
        committed: Whether the record's value of today is in git, as far as this move goes.
    """

    key: str
    old: Value | None
    new: Value | None
    day: date
    who: str = ""
    commit: str = ""
    anchor: str = ""
    committed: bool = True


class _Told(Struct, frozen=True):
    """A move that a follow-up tells of."""

    key: str
    old: str | None
    new: str
    followup: FollowUp
    anchor: str


def history_rows(
    customer: Customer,
    history: RecordHistory,
    anchored: Sequence[tuple[FollowUp, str]],
    today: date,
    *,
    changed_since: bool,
) -> tuple[HistoryRow, ...]:
    """Return the moves of a customer's values, the newest first.

    What a record began with is no move.

    Args:
        customer: The customer.
        history: What git knows of the record.
        anchored: The follow-ups with their places on the page, the newest first.
        today: The day of the site.
        changed_since: Whether the file is another one than what is committed.
    """
    told = list(_told(anchored))
    rows: list[HistoryRow] = []
    for change in history.changes:
        if change.commit == history.began:
            continue
        match = _telling(change, told)
        if match:
            told.remove(match)
            rows.append(_row_of(match, change.commit.short, change.old))
        else:
            rows.append(
                HistoryRow(
                    change.key, change.old, change.new, change.day, change.who, change.commit.short
                )
            )
    # Where nobody tells of a value before, it is what the record began with.
    rows += [_row_of(each, "", None) for each in told if each.old]
    if changed_since:
        rows += _uncommitted(customer, history, told, today)
    return tuple(sorted(rows, key=lambda row: row.day)[::-1])


def _told(anchored: Sequence[tuple[FollowUp, str]]) -> Iterator[_Told]:
    """Yield the moves that follow-ups tell of, oldest first; a value told again is no move."""
    known: dict[str, str] = {}
    for followup, anchor in reversed(anchored):
        for key, change in (("stage", followup.stage), ("level", followup.level)):
            if change is None:
                continue
            before = known.get(key) or change.old
            if change.new != before:
                yield _Told(key, before, change.new, followup, anchor)
            known[key] = change.new


def _telling(change: ValueChange, told: Sequence[_Told]) -> _Told | None:
    """Return the follow-up that tells of a change in git: that to the same value, and nearest."""
    near = [
        each
        for each in told
        if each.key == change.key
        and each.new == change.new
        and abs(each.followup.date - change.day) <= _NEAR
    ]
    return min(near, key=lambda each: abs(each.followup.date - change.day), default=None)


def _row_of(told: _Told, commit: str, old: Value | None) -> HistoryRow:
    followup = told.followup
    before = told.old or old
    return HistoryRow(told.key, before, told.new, followup.date, followup.who, commit, told.anchor)


def _uncommitted(
    customer: Customer, history: RecordHistory, told: Sequence[_Told], today: date
) -> Iterator[HistoryRow]:
    """Yield the values that are others than the last ones in git, and that no follow-up tells."""
    if history.began is None:
        return
    for key in KEYS:
        changes = history.of(key)
        old = changes[-1].new if changes else None
        new: Value | None = getattr(customer, key)
        unreadable = new is None and key in customer.spans
        is_told = any(each.key == key and each.new == new for each in told)
        if new != old and not unreadable and not is_told:
            yield HistoryRow(key, old, new, today, committed=False)
