"""`changes.html`: what the last 30 days have brought, by kind and by person.

It is worked out when the page is rendered, not when it is planned, as the numbers are.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.insight.changes import OF_MONEY, Changes, Direction, worth_of
from tracker.insight.recent_changes import recent_changes
from tracker.insight.sums import sums
from tracker.site.customer import anchored_followups
from tracker.site.page import Counted, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.insight.changes import Item
    from tracker.insight.recent_changes import RecentChanges
    from tracker.insight.sums import Sums
    from tracker.model import FollowUp
    from tracker.site.page import Row, Site

ADDRESS = "changes.html"

SHOWN_ROWS = 100
"""Rows of a kind that the page shows; whoever needs more of them asks `tracker changes`."""

KINDS = (
    *("won", "lost", "new", "recorded", "stages", "owners", "levels", "values", "followups"),
    *("made", "kept", "missed", "plans_kept", "plans_moved", "plans_ended"),
    *("removed", "merged", "renamed"),
)
"""The kinds of `tracker.insight.changes.Changes` in the order of `tracker changes`."""

COUNTED = ("followups", "new", "won", "lost", "stages", "made", "kept", "missed")
"""What is counted for each person."""


class ChangeRow(Struct, frozen=True):
    """One change where it is listed.

    Attributes:
        item: The change.
        row: The customer; None where the record is gone.
        address: The follow-up that tells of it, or else the customer; empty where there is none.
    """

    item: Item[Any]
    row: Row | None
    address: str


class ChangeList(Struct, frozen=True):
    """The changes of one kind.

    Attributes:
        kind: One of `KINDS`.
        rows: The first of them.
        total: How many there are.
        worth: What they are worth; None for kinds without money.
    """

    kind: str
    rows: tuple[ChangeRow, ...]
    total: int
    worth: Sums | None


class PersonCounts(Struct, frozen=True):
    """What one person did.

    Attributes:
        who: The person.
        address: The person's page; None where there is none.
        counts: How often, in the order of `COUNTED`.
    """

    who: str
    address: str | None
    counts: tuple[int, ...]


class ChangesView:
    """What the page shows.

    Args:
        site: The site.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    @cached_property
    def recent(self) -> RecentChanges:
        """Return what the last days have brought."""
        return recent_changes(self._site.day, self._site.git.earlier)

    @cached_property
    def lists(self) -> tuple[ChangeList, ...]:
        """Return the changes by kind; kinds of which there are none are left out."""
        return tuple(
            ChangeList(
                kind,
                tuple(self._row(kind, item) for item in items[:SHOWN_ROWS]),
                len(items),
                sums(worth_of(kind, items), self._site.config) if kind in OF_MONEY else None,
            )
            for kind in KINDS
            if (items := _in_order(kind, self.recent.changes))
        )

    @cached_property
    def people(self) -> tuple[PersonCounts, ...]:
        """Return what each person did, those with most follow-ups first."""
        counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(COUNTED))
        for place, kind in enumerate(COUNTED):
            for item in _in_order(kind, self.recent.changes):
                for who in filter(None, item.people):
                    counts[who][place] += 1
        people = sorted(counts.items(), key=lambda pair: ([-count for count in pair[1]], pair[0]))
        addresses = self._site.urls.owners
        return tuple(PersonCounts(who, addresses.get(who), tuple(found)) for who, found in people)

    def _row(self, kind: str, item: Item[Any]) -> ChangeRow:
        row = self._site.by_path.get(item.customer.path)
        if row is None or row.customer is not item.customer:
            return ChangeRow(item, None, "")
        for followup, anchor in anchored_followups(item.customer):
            if _tells(kind, item, followup):
                return ChangeRow(item, row, f"{row.address}#{anchor}")
        return ChangeRow(item, row, row.address)


def _tells(kind: str, item: Item[Any], followup: FollowUp) -> bool:
    """Tell whether a follow-up tells of a change: it stands there, or moves to the same word."""
    if followup.span.line <= item.span.line <= followup.end_line:
        return True
    moved = followup.level if kind == "levels" else followup.stage
    told = kind in ("won", "lost", "stages", "levels")
    return told and moved is not None and moved.new == item.what.new


def _in_order(kind: str, changes: Changes) -> Sequence[Item[Any]]:
    """Return the changes of a kind as they are listed: follow-ups by person, the newest first."""
    items: Sequence[Item[Any]] = getattr(changes, kind)
    if kind == "stages":
        # What was won and lost has lists of its own.
        ends = (Direction.WON, Direction.LOST)
        return [item for item in items if item.what.direction not in ends]
    if kind == "followups":
        newest = sorted(items, key=lambda item: item.what.order, reverse=True)
        return sorted(newest, key=lambda item: item.what.who)
    return items


def changes_page(site: Site) -> Page:
    """Return the page of changes."""
    context = {"site": site, "view": ChangesView(site), "counted": COUNTED}
    return Page(ADDRESS, "changes.html", context, counted=Counted(everything=True))
