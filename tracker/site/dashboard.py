"""`index.html`: what to do today first, then where everything stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import nlargest
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from tracker.insight.sums import sums
from tracker.site.activity import overview
from tracker.site.page import Page
from tracker.site.pipeline import largest_total, stage_totals
from tracker.site.sections import Section
from tracker.site.today import TodayLists
from tracker.site.urls import followup_anchor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from tracker.model import FollowUp
    from tracker.site.page import Row, Site

LISTED = 8
"""Rows of each list on the dashboard; the rest is on the page that the list's number leads to."""

RECENT = 8
"""Follow-ups shown as the latest."""


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
    heads = {
        name: _head(Section.of(f"site-{name}", listed, site.today, LISTED, address))
        for name, listed, address in (
            ("overdue", lists.overdue, "overdue.html"),
            ("today", lists.today, "agenda.html#today"),
            ("promises", lists.promises, "commitments.html#pressing"),
            ("stale", lists.stale, "overdue.html#stale"),
            ("cooling", lists.cooling, "overdue.html#cooling"),
        )
    }
    return Page(
        "index.html",
        "dashboard.html",
        {
            "site": site,
            **heads,
            "late_promises": sum(each.now for each in lists.late_promises),
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


def _head(section: Section[Any]) -> Section[Any]:
    """Return a list without what is beyond its first rows: that is shown on another page."""
    return replace(section, every=())


def recent_followups(rows: Iterable[Row], today: date) -> tuple[RecentFollowUp, ...]:
    """Return the latest follow-ups that are not in the future, the newest first."""

    def latest(row: Row) -> datetime | None:
        past = (each.order for each in row.customer.followups if each.date <= today)
        return max(past, default=None)

    # The latest of all are among those of the customers with the latest.
    found = ((moment, row.address, row) for row in rows if (moment := row.once("latest", latest)))
    past = (
        RecentFollowUp(row, followup)
        for _moment, _address, row in nlargest(RECENT, found, key=itemgetter(0, 1))
        for followup in row.customer.followups
        if followup.date <= today
    )
    newest = nlargest(RECENT, past, key=lambda entry: (entry.followup.order, entry.row.address))
    return tuple(newest)
