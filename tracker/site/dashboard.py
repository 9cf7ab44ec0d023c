"""`index.html`: what to do today first, then where everything stands."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING, Generic, TypeVar

from tracker.site.activity import overview
from tracker.site.page import Page
from tracker.site.pipeline import largest_total, stage_totals, sums
from tracker.site.recount import Listed, heads
from tracker.site.today import TodayLists
from tracker.site.urls import followup_anchor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from tracker.model import FollowUp
    from tracker.site.page import Row, Site

LISTED = 8
"""Rows of each list on the dashboard; the rest is on the page that the list's number leads to."""

RECENT = 8
"""Follow-ups shown as the latest."""


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Head(Generic[Item]):
    """The first rows of a list that is shown whole on another page.

    Attributes:
        name: Its name in the tallies of the site.
        count: How long the whole list is on the day of the site.
        rows: What is among its first `LISTED` rows, on that day or soon.
    """

    name: str
    count: int
    rows: tuple[Listed[Item], ...]

    @classmethod
    def of(cls, name: str, listed: Sequence[Listed[Item]], today: date) -> Head[Item]:
        """Return the head of a list."""
        count = sum(each.now for each in listed)
        return cls(f"site-{name}", count, heads(listed, today, LISTED))


@dataclass(frozen=True, slots=True)
class RecentFollowUp:
    """A follow-up where it is listed, with its customer."""

    row: Row
    followup: FollowUp

    @property
    def address(self) -> str:
        """Return the follow-up's place on its customer's page."""
        return f"{self.row.address}#{followup_anchor(self.followup.date, self.followup.time)}"


def dashboard_page(site: Site) -> Page:
    """Return the dashboard."""
    lists = TodayLists.of(site)
    totals = stage_totals(site)
    open_totals = [entry for entry in totals if entry.is_open]
    return Page(
        "index.html",
        "dashboard.html",
        {
            "site": site,
            "overdue": Head.of("overdue", lists.overdue, site.today),
            "today": Head.of("today", lists.today, site.today),
            "late_promises": sum(each.now for each in lists.late_promises),
            "promises": Head.of("promises", lists.promises, site.today),
            "stale": Head.of("stale", lists.stale, site.today),
            "cooling": Head.of("cooling", lists.cooling, site.today),
            "limit": LISTED,
            "totals": totals,
            "open_totals": open_totals,
            "open_value": sums(
                (money for entry in open_totals for money in entry.value.amounts), site.config
            ),
            "open_weighted": sums(
                (money for entry in open_totals for money in entry.weighted.amounts), site.config
            ),
            "scale": largest_total(open_totals),
            "overview": overview(site),
            "recent": recent_followups(site.rows, site.today),
        },
    )


def recent_followups(rows: Iterable[Row], today: date) -> tuple[RecentFollowUp, ...]:
    """Return the latest follow-ups that are not in the future, the newest first."""
    past = (
        RecentFollowUp(row, followup)
        for row in rows
        for followup in row.customer.followups
        if followup.date <= today
    )
    newest = nlargest(RECENT, past, key=lambda entry: (entry.followup.order, entry.row.address))
    return tuple(newest)
