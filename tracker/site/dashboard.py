"""`index.html`: what to do today first, then where everything stands."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

from tracker.library.status import CommitmentState, NextState
from tracker.site.activity import overview
from tracker.site.page import Page
from tracker.site.pipeline import largest_total, stage_totals, sums
from tracker.site.promises import open_promises
from tracker.site.quiet import cooling, stale
from tracker.site.urls import followup_anchor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

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
    promises = open_promises(site.rows)
    late_promises = [entry for entry in promises if entry.promise.state is CommitmentState.OVERDUE]
    due_today = [entry for entry in promises if entry.due == site.today]
    totals = stage_totals(site)
    open_totals = [entry for entry in totals if entry.is_open]
    return Page(
        "index.html",
        "dashboard.html",
        {
            "site": site,
            "today": steps_today(site.rows),
            "late_promises": late_promises,
            "due_today": due_today,
            "stale": stale(site.rows),
            "cooling": cooling(site.rows),
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


def steps_today(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the customers whose next step is today, by its time."""
    due = [row for row in rows if row.status.next_state is NextState.TODAY]
    return tuple(sorted(due, key=clock))


def clock(row: Row) -> tuple[str, str]:
    """Return the key that orders the steps of one day: by time, those without one last."""
    step = row.status.next
    return (step.time.isoformat() if step and step.time else "~", row.customer.path)


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
