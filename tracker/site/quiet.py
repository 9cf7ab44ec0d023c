"""Customers that nobody has spoken to for long: stale ones, and those about to be."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from tracker.site.recount import Listed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tracker.site.page import Row

COOLING_SHARE = Decimal("0.75")
"""Share of the idle limit from which an open customer is going cold."""


def stale(rows: Iterable[Row], today: date) -> tuple[Listed[Row], ...]:
    """Return who is or will be stale, from the day on which that is; who is longest so, first."""
    return tuple(Listed.of(row, today, day) for day, row in _by_stale_day(rows))


def cooling(rows: Iterable[Row], today: date) -> tuple[Listed[Row], ...]:
    """Return the open customers that will be stale soon and have no next step before that.

    They are listed from the day on which three quarters of the limit have passed until they are
    stale. A customer with a step planned is left out: the step will end the silence.
    """
    return tuple(
        Listed.of(row, today, day - timedelta(days=1 + _last_quarter(row)), day)
        for day, row in _by_stale_day(rows)
        if row.status.next is None
    )


def _by_stale_day(rows: Iterable[Row]) -> list[tuple[date, Row]]:
    found = [(day, row) for row in rows if (day := row.stale_from)]
    return sorted(found, key=lambda entry: (entry[0], entry[1].customer.path))


def _last_quarter(row: Row) -> int:
    """Return the days of the limit that come after its `COOLING_SHARE`."""
    limit = row.status.idle_limit or 0
    return limit - int((limit * COOLING_SHARE).to_integral_value(ROUND_CEILING))
