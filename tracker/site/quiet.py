"""Customers that nobody has spoken to for long: stale ones, and those about to be."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.site.page import Row

COOLING_SHARE = Decimal("0.75")
"""Share of the idle limit from which an open customer is going cold."""


def stale(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the stale customers, those longest over their limit first."""
    return _by_excess(row for row in rows if row.status.stale)


def cooling(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the open customers that will be stale soon and have no next step before that.

    A customer with a step planned is left out: the step will end the silence.
    """
    return _by_excess(
        row
        for row in rows
        if row.status.stage_kind is StageKind.OPEN
        and not row.status.stale
        and row.status.next is None
        and row.status.idle_days is not None
        and row.status.idle_limit is not None
        and row.status.idle_days >= row.status.idle_limit * COOLING_SHARE
    )


def _by_excess(rows: Iterable[Row]) -> tuple[Row, ...]:
    def key(row: Row) -> tuple[int, str]:
        return (row.status.idle_limit or 0) - (row.status.idle_days or 0), row.customer.path

    return tuple(sorted(rows, key=key))
