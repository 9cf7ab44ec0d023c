"""Pages that list: customers, stages, commitments, service."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.library.status import Reference
from tracker.site.chunks import chunks, within
from tracker.site.page import Page
from tracker.site.pipeline import largest_total, stage_totals
from tracker.site.promises import (
    RECENT_DAYS,
    not_yet_due,
    open_promises,
    overdue_promises,
    promises_of_today,
    settled_promises,
)
from tracker.site.recount import Listed
from tracker.site.sections import Further, further_pages, sections
from tracker.site.table_data import live_table, written_term
from tracker.site.urls import followup_anchor
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.library.status import Ticket
    from tracker.model import FollowUp, Service
    from tracker.site.page import Row, Site


# --- customers and stages ---


def customer_pages(site: Site) -> Iterator[Page]:
    """Yield the table of all customers, by stage, level and name."""
    for chunk in chunks(site.by_importance, "customers/index.html", "customers/page-"):
        table = live_table(site) if chunk.number == 1 else None
        yield Page(chunk.address, "customers.html", {"site": site, "chunk": chunk, "table": table})


def stage_pages(site: Site) -> Iterator[Page]:
    """Yield the overview of the stages, and the pages of each."""
    totals = stage_totals(site)
    known = site.urls.stages
    unknown = [row for row in site.rows if row.customer.stage not in known]
    unplaced = {"without": [Listed.of(row, site.today) for row in unknown]}
    without = sections("stages/index.html", site.today, unplaced)
    yield Page(
        "stages/index.html",
        "stages.html",
        {"site": site, "totals": totals, "scale": largest_total(totals), **without},
    )
    _ = translations(site.config.language).gettext
    home = ("stages/index.html", _("Stages"))
    further = {"without": Further("names", _("Without a known stage"))}
    yield from further_pages(site, home, without, further)
    by_stage: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in site.by_importance:
        by_stage[row.customer.stage].append(row)
    for entry in totals:
        rows = by_stage[entry.stage.id]
        query = written_term(site.config, "stage", entry.stage.label)
        for chunk in chunks(rows, entry.address, f"{within(entry.address)}page-"):
            context = {"entry": entry, "rows": chunk.items, "chunk": chunk, "query": query}
            yield Page(chunk.address, "stage.html", {"site": site, **context})


# --- commitments ---


def commitments_pages(site: Site) -> Iterator[Page]:
    """Yield the page of promises, overdue, due, open, lately settled, and its further pages."""
    address = "commitments.html"
    waiting = open_promises(site.rows)
    shown = sections(
        address,
        site.today,
        {
            "overdue": overdue_promises(waiting, site.today),
            "due": promises_of_today(waiting, site.today),
            "open": not_yet_due(waiting, site.today),
            "settled": settled_promises(site.rows, site.today),
        },
    )
    yield Page(address, "commitments.html", {"site": site, **shown, "recent_days": RECENT_DAYS})
    _ = translations(site.config.language).gettext
    further = {
        "overdue": Further("promises", _("Overdue promises")),
        "due": Further("promises", _("Promises due today")),
        "open": Further("promises", _("Promises not due yet")),
        "settled": Further("settled", _("Promises kept and late")),
    }
    yield from further_pages(site, (address, _("Commitments")), shown, further)


# --- service ---


class TicketRow(Struct, frozen=True):
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


class ServiceRow(Struct, frozen=True):
    """Any other after-sales entry where it is listed; the address is that of its follow-up."""

    row: Row
    told: Reference
    entry: Service
    address: str

    @property
    def followup(self) -> FollowUp:
        """Return the follow-up that tells of it."""
        return self.told.followup


def service_pages(site: Site) -> Iterator[Page]:
    """Yield the page of after-sales work, open problems first, and its further pages."""
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
        ServiceRow(row, told, entry, _followup_address(row, followup))
        for row in site.rows
        for followup in row.customer.followups
        for told in (Reference(followup),)
        for entry in followup.service
        if entry.kind not in ("problem", "resolved")
    ]
    others.sort(key=lambda each: each.followup.order, reverse=True)
    address = "service.html"
    kept = timedelta(days=366)
    shown = sections(
        address,
        site.today,
        {
            "open": [Listed.of(each, site.today) for each in waiting],
            "resolved": [Listed.of(each, site.today) for each in resolved],
            "entries": [
                kept_row
                for each in others
                if (kept_row := Listed.of(each, site.today, until=each.followup.date + kept)).now
            ],
        },
    )
    yield Page(address, "service.html", {"site": site, **shown})
    _ = translations(site.config.language).gettext
    further = {
        "open": Further("tickets", _("Open problems, the oldest first")),
        "resolved": Further("resolved", _("Resolved problems, the newest first")),
        "entries": Further("service", _("After-sales work of the last year, the newest first")),
    }
    yield from further_pages(site, (address, _("Service")), shown, further)


def _followup_address(row: Row, followup: FollowUp) -> str:
    return f"{row.address}#{followup_anchor(followup.date, followup.time)}"
