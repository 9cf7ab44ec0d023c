"""`index.html`: what to do today first, then where everything stands."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.insight.sums import sums
from tracker.site.activity import overview
from tracker.site.page import Page
from tracker.site.pipeline import largest_total, stage_totals
from tracker.site.sections import Section
from tracker.site.today import TodayLists, growths
from tracker.site.urls import followup_anchor

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.model import FollowUp
    from tracker.site.page import Row, Site

LISTED = 8
"""Rows of each list on the dashboard; the rest is on the page that the list's number leads to."""

RECENT = 8
"""Follow-ups shown as the latest."""


class RecentFollowUp(Struct, frozen=True):
    """A follow-up where it is listed, with its customer."""

    row: Row
    followup: FollowUp

    @property
    def address(self) -> str:
        """Return the follow-up's place on its customer's page."""
        return f"{self.row.address}#{followup_anchor(self.followup.date, self.followup.time)}"


def dashboard_page(site: Site) -> Page:
    """Return the dashboard."""
    lists, growth = TodayLists.of(site), growths(site)
    totals = stage_totals(site)
    open_totals = [entry for entry in totals if entry.is_open]
    heads = {
        name: Section.head(
            f"site-{name}", listed, site.today, LISTED, address, growth[f"site-{name}"]
        )
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
            "late_promises": growth["site-late-promises"][0],
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
            "recent": recent_followups(site),
        },
    )


def recent_followups(site: Site) -> tuple[RecentFollowUp, ...]:
    """Return the latest follow-ups that are not in the future, the newest first."""

    def latest(row: Row) -> tuple[datetime, str] | None:
        past = (each.order for each in row.customer.followups if each.date <= site.today)
        moment = max(past, default=None)
        return (moment, row.address) if moment else None

    # The latest of all are among those of the customers with the latest.
    past = (
        RecentFollowUp(row, followup)
        for row in site.in_order("latest follow-up", latest)[-RECENT:]
        for followup in row.customer.followups
        if followup.date <= site.today
    )
    newest = nlargest(RECENT, past, key=lambda entry: (entry.followup.order, entry.row.address))
    return tuple(newest)
