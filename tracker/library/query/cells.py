"""What a column of a row holds on a day.

It says of a row what `library.status` says of a record, for whatever day is asked: a row of a site
that nobody rebuilt is still true.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from tracker.text import PLAIN_LETTERS, fold
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Mapping

Row: TypeAlias = "Mapping[str, Any]"
"""A customer's columns: ISO dates, decimal strings, labels; None or missing for what is absent."""

IdleLimits: TypeAlias = "Mapping[str, Mapping[str, int | None]]"
"""Days after which a customer is stale, by column and by what stands in it."""


def texts_of(row: Row, key: str) -> list[str]:
    """Return the folded texts that a column holds: those of a list, the one of anything else."""
    cell = row.get(key)
    if cell is None:
        return []
    return [fold(str(part)) for part in (cell if isinstance(cell, list) else [cell])]


_MARKS = re.compile(r"[\u0300-\u036f]")
_MAYBE_MARKED = re.compile(r"[\u00c0-\u058f\u1e00-\u1fff]")
_AND = re.compile(" ?& ?")


def as_typed(folded: str) -> str:
    """Return a folded text as people type a part of it: `oneill`, `soren`, `smith and sons`.

    Accents and apostrophes are left out, and `&` is and.
    """
    if not folded.isascii() and _MAYBE_MARKED.search(folded):
        bare = _MARKS.sub("", unicodedata.normalize("NFD", folded))
        folded = unicodedata.normalize("NFC", bare).translate(PLAIN_LETTERS)
    folded = folded.replace("'", "")
    return _AND.sub(" and ", folded).strip() if "&" in folded else folded


def cell_on(row: Row, key: str, today: date, limits: IdleLimits) -> object:
    """Return what a column holds on the day."""
    if key == "next_state":
        return next_state(row, today)
    if key == "days_overdue":
        return _days_since(row["next_date"], today) if next_state(row, today) == "overdue" else 0
    if key == "idle_days":
        return _idle_days(row, today)
    if key == "stale":
        return is_stale(row, today, limits)
    return row.get(key)


def next_state(row: Row, today: date) -> str | None:
    """Return the state of the next step on the day; None for a customer that is lost."""
    if row.get("stage_kind") == StageKind.LOST:
        return None
    day = row.get("next_date")
    if not day:
        return "none"
    now = today.isoformat()
    return "overdue" if day < now else "today" if day == now else "planned"


def is_stale(row: Row, today: date, limits: IdleLimits) -> bool:
    """Tell whether nobody has spoken to an open customer for too long on the day."""
    idle = _idle_days(row, today)
    if row.get("stage_kind") != StageKind.OPEN or idle is None:
        return False
    days = [known.get(row.get(column) or "") for column, known in limits.items()]
    limit = min((one for one in days if one), default=None)
    return limit is not None and idle > limit


def _idle_days(row: Row, today: date) -> int | None:
    since = row.get("last_contact") or row.get("created")
    return _days_since(since, today) if since else None


def _days_since(day: str, today: date) -> int:
    return max((today - date.fromisoformat(day)).days, 0)
