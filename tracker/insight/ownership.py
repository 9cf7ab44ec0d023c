"""Which customers concern whom: those that are somebody's, or once were.

Numbers of one person look at these alone, so that many people take little longer than few.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tracker.insight.activity import Activity, Event, activity_of
from tracker.insight.former_owners import former_owners
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tracker.insight.day import Day, Standing

_NOTHING = Activity((), (), (), (), (), ())


class Ownership:
    """Whose the customers of a workspace are and were.

    Args:
        day: The workspace on the day.
        before: Who owned customers that changed hands, as `former_owners` returns it.

    Attributes:
        before: The same.
    """

    def __init__(self, day: Day, before: Mapping[str, Sequence[tuple[date, str]]]) -> None:
        self._day = day
        self.before = before

    @classmethod
    def by_git(cls, day: Day) -> Ownership:
        """Return whose the customers are and, as far as git knows, were."""
        return cls(day, day.once(former_owners))

    def standings(self, owner: str) -> Sequence[Standing]:
        """Return the customers that are or were somebody's, in the order of the paths.

        Args:
            owner: The person, folded; empty for nobody.
        """
        return self._standings.get(owner, ())

    def activity(self, owner: str) -> Activity:
        """Return what has happened up to the day to those customers, whoever did it and whenever.

        Args:
            owner: The person, folded; empty for nobody.
        """
        return self._activity.get(owner, _NOTHING)

    @cached_property
    def _owners(self) -> dict[str, frozenset[str]]:
        """Return all who ever owned a customer, folded, by its path."""
        found = {}
        for standing in self._day.standings:
            customer = standing.customer
            names = [customer.owner or "", *(who for _, who in self.before.get(customer.path, ()))]
            found[customer.path] = frozenset(map(fold, names))
        return found

    @cached_property
    def _standings(self) -> Mapping[str, list[Standing]]:
        found: defaultdict[str, list[Standing]] = defaultdict(list)
        for standing in self._day.standings:
            for owner in self._owners[standing.customer.path]:
                found[owner].append(standing)
        return found

    @cached_property
    def _activity(self) -> Mapping[str, Activity]:
        team = self._day.once(activity_of)
        kinds = Activity.__struct_fields__
        found: defaultdict[str, dict[str, list[Event[Any]]]] = defaultdict(
            lambda: {kind: [] for kind in kinds}
        )
        for kind in kinds:
            for event in getattr(team, kind):
                for owner in self._owners[event.standing.customer.path]:
                    found[owner][kind].append(event)
        return {
            owner: Activity(**{kind: tuple(events) for kind, events in lists.items()})
            for owner, lists in found.items()
        }
