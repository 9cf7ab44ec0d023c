"""Whose a customer was on an earlier day, as far as git knows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.insight.day import Day


def former_owners(day: Day) -> Mapping[str, Sequence[tuple[date, str]]]:
    """Return the owners of customers that changed hands, by path.

    Each has the days from which it was somebody's, oldest first: the first owner that git knows
    from the earliest day there is, and from the day itself one that is not committed yet. Nobody is
    the empty text.
    """
    found = {}
    for standing in day.standings:
        path, now = standing.customer.path, standing.customer.owner or ""
        changes = day.history.of(path).of("owner")
        turns = [(each.day, str(each.new or "")) for each in changes]
        if changes and changes[0].old:
            # A shallow clone knows who had it before, but not since when.
            turns.insert(0, (date.min, str(changes[0].old)))
        if turns and turns[-1][1] != now:
            turns.append((day.today, now))
        if len(turns) > 1:
            found[path] = ((date.min, turns[0][1]), *turns[1:])
    return found
