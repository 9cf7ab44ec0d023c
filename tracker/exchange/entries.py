"""What calendars, cards and feeds have in common: names that last, and moments.

Identifiers are the same from build to build, so that a reader knows what it has seen.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from tracker.library.library import Library
    from tracker.model import Customer, FollowUp

_NAMESPACE = UUID("5d0f8a6e-3c1b-4e57-9a24-71c6b0d2f39e")
_SEPARATOR = "\x1f"


def stable_uuid(*parts: str) -> str:
    """Return the UUID of a thing named by these parts: always the same for the same ones."""
    name = _SEPARATOR.join(parts).encode("utf-8", "replace").decode()
    return str(uuid5(_NAMESPACE, name))


def record_key(customer: Customer, library: Library) -> str:
    """Return what names a record: its id, and its path too where an earlier one has the same id."""
    if library.by_id[customer.id][0] is customer:
        return customer.id
    return f"{customer.id}{_SEPARATOR}{customer.path}"


def followup_keys(customer: Customer) -> list[tuple[FollowUp, str]]:
    """Return the follow-ups, oldest first, with what names each in its record: its moment.

    Of several at one moment, the later ones are numbered.
    """
    seen: Counter[str] = Counter()
    keys = []
    for followup in customer.chronological:
        moment = followup.order.isoformat(timespec="minutes")
        seen[moment] += 1
        number = seen[moment]
        keys.append((followup, moment if number == 1 else f"{moment}{_SEPARATOR}{number}"))
    return keys


def to_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment of the workspace's zone, written without one, in UTC.

    On the first and the last day of the calendar, where UTC may have no such day, the zone is
    left out of account.
    """
    try:
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)
