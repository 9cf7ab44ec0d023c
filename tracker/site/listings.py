"""Pages that list: customers, stages, owners, commitments, service."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.library.status import CommitmentState, NextState
from tracker.site.chunks import chunks
from tracker.site.dashboard import clock
from tracker.site.page import Page
from tracker.site.pipeline import largest_total, signed_or_expected, stage_totals, sums
from tracker.site.promises import RECENT_DAYS, open_promises, settled_promises
from tracker.site.quiet import stale
from tracker.site.table_data import live_table
from tracker.site.urls import beside, followup_anchor
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        overdue: Those whose next step is overdue, the longest first.
        coming: Those with a next step today or later, the nearest first.
        stale: Those not contacted for too long.
        promises: Open commitments, the longest due first.
        value: Values of the open customers.
        weighted: The same times the stage's probability.
    """

    name: str
    address: str
    owner: Owner | None
    rows: tuple[Row, ...]
    open: int
    overdue: tuple[Row, ...]
    coming: tuple[Row, ...]
    stale: tuple[Row, ...]
    promises: tuple[PromiseRow, ...]
    value: Sums
    weighted: Sums

    @property
    def calendar(self) -> str:
        """Return the address of the salesperson's calendar."""
        return beside(self.address, "ics")

    @property
    def late_promises(self) -> tuple[PromiseRow, ...]:
        """Return the commitments that are overdue."""
        return tuple(
            entry for entry in self.promises if entry.promise.state is CommitmentState.OVERDUE
        )


def owner_pages(site: Site) -> Iterator[Page]:
    """Yield the overview of the owners, and a page for each."""
    rows_of: defaultdict[str, list[Row]] = defaultdict(list)
    for row in site.by_importance:
        rows_of[row.customer.owner or ""].append(row)
    promises_of: defaultdict[str, list[PromiseRow]] = defaultdict(list)
    for entry in open_promises(site.rows):
        promises_of[site.config.owner_name(entry.who)].append(entry)
    views = [
        _owner_view(site, name, tuple(rows_of[name]), tuple(promises_of[name]))
        for name in site.urls.owners
    ]
    yield Page(
        "owners/index.html", "owners.html", {"site": site, "owners": views, "without": rows_of[""]}
    )
    for view in views:
        yield Page(view.address, "owner.html", {"site": site, "view": view})


def _owner_view(
    site: Site, name: str, rows: tuple[Row, ...], promises: tuple[PromiseRow, ...]
) -> OwnerView:
    coming = [row for row in rows if row.status.next_state in (NextState.TODAY, NextState.PLANNED)]
    still_open = [row for row in rows if row.status.stage_kind is StageKind.OPEN]
    return OwnerView(
        name=name,
        address=site.urls.owners[name],
        owner=site.config.owners.get(name),
        rows=rows,
        open=len(still_open),
        overdue=tuple(
            sorted(
                (row for row in rows if row.status.next_state is NextState.OVERDUE),
                key=lambda row: (-row.status.days_overdue, row.customer.path),
            )
        ),
        coming=tuple(sorted(coming, key=lambda row: (_next_day(row), clock(row)))),
        stale=stale(rows),
        promises=promises,
        value=sums(map(signed_or_expected, still_open), site.config),
        weighted=sums((row.status.weighted_value for row in still_open), site.config),
    )


def _next_day(row: Row) -> str:
    step = row.status.next
    return step.date.isoformat() if step and step.date else "~"


# --- commitments ---


def commitments_page(site: Site) -> Page:
    """Return the page of promises: overdue, open, lately kept or late."""
    waiting = open_promises(site.rows)
    return Page(
        "commitments.html",
        "commitments.html",
        {
            "site": site,
            "overdue": [e for e in waiting if e.promise.state is CommitmentState.OVERDUE],
            "open": [e for e in waiting if e.promise.state is CommitmentState.OPEN],
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
    year_ago = site.today - timedelta(days=365)
    return Page(
        "service.html",
        "service.html",
        {
            "site": site,
            "open": waiting,
            "resolved": resolved,
            "entries": [each for each in others if each.followup.date >= year_ago],
        },
    )


def _followup_address(row: Row, followup: FollowUp) -> str:
    return f"{row.address}#{followup_anchor(followup.date, followup.time)}"
