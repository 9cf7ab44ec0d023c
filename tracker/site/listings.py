"""Pages that list: customers, stages, owners, commitments, service."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.site.chunks import chunks
from tracker.site.page import Page
from tracker.site.pipeline import largest_total, signed_or_expected, stage_totals, sums
from tracker.site.promises import (
    RECENT_DAYS,
    not_yet_due,
    open_promises,
    overdue_promises,
    settled_promises,
)
from tracker.site.quiet import stale
from tracker.site.recount import Listed, tally, upcoming
from tracker.site.table_data import live_table
from tracker.site.today import clock
from tracker.site.urls import beside, followup_anchor
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tracker.config import Owner
    from tracker.library.status import Ticket
    from tracker.model import FollowUp, Service
    from tracker.site.page import Row, Site
    from tracker.site.pipeline import Sums
    from tracker.site.promises import PromiseRow


# --- customers and stages ---


def customer_pages(site: Site) -> Iterator[Page]:
    """Yield the table of all customers, by stage, level and name."""
    for chunk in chunks(site.by_importance, "customers/index.html", "customers/page-{}.html"):
        table = live_table(site) if chunk.number == 1 else None
        yield Page(chunk.address, "customers.html", {"site": site, "chunk": chunk, "table": table})


def stage_pages(site: Site) -> Iterator[Page]:
    """Yield the overview of the stages, and a page for each."""
    totals = stage_totals(site)
    known = site.urls.stages
    yield Page(
        "stages/index.html",
        "stages.html",
        {
            "site": site,
            "totals": totals,
            "scale": largest_total(totals),
            "without": [row for row in site.rows if row.customer.stage not in known],
        },
    )
    by_stage: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in site.by_importance:
        by_stage[row.customer.stage].append(row)
    for entry in totals:
        yield Page(
            entry.address,
            "stage.html",
            {"site": site, "entry": entry, "rows": by_stage[entry.stage.id]},
        )


# --- owners ---


@dataclass(frozen=True, slots=True)
class OwnerView:
    """A salesperson with what is theirs.

    Attributes:
        name: The name.
        address: The page.
        owner: The person in `tracker.yaml`; None for a name that only records know.
        rows: The customers, by stage, level and name.
        open: How many of them are in an open stage.
        today: The day of the site.
        overdue: Those whose next step is or will be overdue, the longest first.
        coming: Those with a next step today or later, the nearest first.
        stale: Those that are or will be not contacted for too long.
        promises: Open commitments, the longest due first.
        late_promises: Those of them that are or will be overdue.
        value: Values of the open customers.
        weighted: The same times the stage's probability.
    """

    name: str
    address: str
    owner: Owner | None
    rows: tuple[Row, ...]
    open: int
    today: date
    overdue: tuple[Listed[Row], ...]
    coming: tuple[Listed[Row], ...]
    stale: tuple[Listed[Row], ...]
    promises: tuple[Listed[PromiseRow], ...]
    late_promises: tuple[Listed[PromiseRow], ...]
    value: Sums
    weighted: Sums

    @property
    def calendar(self) -> str:
        """Return the address of the salesperson's calendar."""
        return beside(self.address, "ics")

    @property
    def soon_overdue(self) -> tuple[Listed[Row], ...]:
        """Return those whose next step is overdue, or will be within the horizon."""
        return upcoming(self.overdue, self.today)

    @property
    def soon_stale(self) -> tuple[Listed[Row], ...]:
        """Return those not contacted for too long, or that will be so within the horizon."""
        return upcoming(self.stale, self.today)

    @property
    def tallies(self) -> dict[str, str]:
        """Return how long the lists of what presses are and will be."""
        return {
            "overdue": tally(self.overdue, self.today),
            "late_promises": tally(self.late_promises, self.today),
            "stale": tally(self.stale, self.today),
        }


def owner_pages(site: Site) -> Iterator[Page]:
    """Yield the overview of the owners, and a page for each."""
    rows_of: defaultdict[str, list[Row]] = defaultdict(list)
    for row in site.by_importance:
        rows_of[row.customer.owner or ""].append(row)
    promises_of: defaultdict[str, list[PromiseRow]] = defaultdict(list)
    for entry in open_promises(site.rows):
        promises_of[site.config.owner_name(entry.who)].append(entry)
    overdue_of: defaultdict[str, list[Listed[Row]]] = defaultdict(list)
    for each in site.overdue_steps:
        overdue_of[each.item.customer.owner or ""].append(each)
    views = [
        _owner_view(
            site, name, tuple(rows_of[name]), tuple(overdue_of[name]), tuple(promises_of[name])
        )
        for name in site.urls.owners
    ]
    yield Page(
        "owners/index.html", "owners.html", {"site": site, "owners": views, "without": rows_of[""]}
    )
    for view in views:
        yield Page(view.address, "owner.html", {"site": site, "view": view})


def _owner_view(
    site: Site,
    name: str,
    rows: tuple[Row, ...],
    overdue: tuple[Listed[Row], ...],
    promises: tuple[PromiseRow, ...],
) -> OwnerView:
    steps = sorted((day, clock(row), row) for row in rows if (day := row.step_day))
    still_open = [row for row in rows if row.status.stage_kind is StageKind.OPEN]
    return OwnerView(
        name=name,
        address=site.urls.owners[name],
        owner=site.config.owners.get(name),
        rows=rows,
        open=len(still_open),
        today=site.today,
        overdue=overdue,
        coming=tuple(
            listed
            for day, _clock, row in steps
            if (listed := Listed.of(row, site.today, until=day + timedelta(days=1))).now
        ),
        stale=stale(rows, site.today),
        promises=tuple(Listed.of(entry, site.today) for entry in promises),
        late_promises=overdue_promises(promises, site.today),
        value=sums(map(signed_or_expected, still_open), site.config),
        weighted=sums((row.status.weighted_value for row in still_open), site.config),
    )


# --- commitments ---


def commitments_page(site: Site) -> Page:
    """Return the page of promises: overdue, open, lately kept or late."""
    waiting = open_promises(site.rows)
    return Page(
        "commitments.html",
        "commitments.html",
        {
            "site": site,
            "overdue": [each for each in overdue_promises(waiting, site.today) if each.now],
            "open": not_yet_due(waiting, site.today),
            "settled": settled_promises(site.rows, site.today),
            "recent_days": RECENT_DAYS,
        },
    )


# --- service ---


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A reported problem where it is listed.

    Attributes:
        row: The customer.
        ticket: The problem.
        age: Days from the report to the solution, or to the day of the site.
        address: The follow-up that reported it.
    """

    row: Row
    ticket: Ticket
    age: int
    address: str


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """Any other after-sales entry where it is listed; the address is that of its follow-up."""

    row: Row
    followup: FollowUp
    entry: Service
    address: str


def service_page(site: Site) -> Page:
    """Return the page of after-sales work: open problems first, the oldest on top."""
    waiting: list[TicketRow] = []
    resolved: list[TicketRow] = []
    for row in site.rows:
        for ticket in row.status.tickets:
            end = ticket.resolved.date if ticket.resolved else site.today
            age = max((end - ticket.opened.date).days, 0)
            listed = TicketRow(row, ticket, age, _followup_address(row, ticket.opened))
            (resolved if ticket.resolved else waiting).append(listed)
    waiting.sort(key=lambda each: (-each.age, each.row.customer.path))
    resolved.sort(key=lambda each: (each.ticket.resolved or each.ticket.opened).order, reverse=True)
    others = [
        ServiceRow(row, followup, entry, _followup_address(row, followup))
        for row in site.rows
        for followup in row.customer.followups
        for entry in followup.service
        if entry.kind not in ("problem", "resolved")
    ]
    others.sort(key=lambda each: each.followup.order, reverse=True)
    kept = timedelta(days=366)
    return Page(
        "service.html",
        "service.html",
        {
            "site": site,
            "open": waiting,
            "resolved": resolved,
            "entries": [
                kept_row
                for each in others
                if (kept_row := Listed.of(each, site.today, until=each.followup.date + kept)).now
            ],
        },
    )


def _followup_address(row: Row, followup: FollowUp) -> str:
    return f"{row.address}#{followup_anchor(followup.date, followup.time)}"
