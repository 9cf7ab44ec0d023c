"""`owners/`: what each salesperson has to do, and their customers."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.insight.sums import sums
from tracker.site.analysis import numbers_of_owner
from tracker.site.page import Page
from tracker.site.pipeline import signed_or_expected
from tracker.site.promises import not_overdue, open_promises, overdue_promises
from tracker.site.quiet import stale
from tracker.site.recount import Listed
from tracker.site.sections import Further, further_pages, sections
from tracker.site.table_data import written_term
from tracker.site.today import clock
from tracker.site.urls import beside
from tracker.translation import translations
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.config import Owner
    from tracker.insight.sums import Sums
    from tracker.site.page import Row, Site
    from tracker.site.promises import PromiseRow
    from tracker.site.sections import Section

_INDEX = "owners/index.html"

_LISTS = ("overdue", "late_promises", "coming", "promises", "stale", "open", "closed")
"""The lists of a salesperson's page."""


class OwnerView(Struct, frozen=True):
    """A salesperson with what is theirs.

    Attributes:
        name: The name.
        address: The page.
        owner: The person in `tracker.yaml`; None for a name that only records know.
        overdue: Customers whose next step is or will be overdue, the longest first.
        late_promises: Open commitments that are or will be overdue, the longest first.
        coming: Customers with a next step today or later, the nearest first.
        promises: Open commitments that are not overdue, the nearest due first.
        stale: Customers that are or will be not contacted for too long.
        open: Customers in an open stage, by stage, level and name.
        closed: All others, likewise.
        value: Values of the open customers.
        weighted: The same times the stage's probability.
        query: Asks the table of customers for those of the salesperson; empty where none can.
    """

    name: str
    address: str
    owner: Owner | None
    overdue: Section[Row]
    late_promises: Section[PromiseRow]
    coming: Section[Row]
    promises: Section[PromiseRow]
    stale: Section[Row]
    open: Section[Row]
    closed: Section[Row]
    value: Sums
    weighted: Sums
    query: str

    @property
    def calendar(self) -> str:
        """Return the address of the salesperson's calendar."""
        return beside(self.address, "ics")

    @property
    def numbers(self) -> str:
        """Return the address of the salesperson's numbers."""
        return numbers_of_owner(self.address)

    @property
    def lists(self) -> Mapping[str, Section[Any]]:
        """Return the lists of the page by their names."""
        return {name: getattr(self, name) for name in _LISTS}

    @property
    def customers(self) -> int:
        """Return how many customers there are."""
        return self.open.count + self.closed.count

    @property
    def all_overdue(self) -> str:
        """Return where all of the overdue customers are."""
        return self.overdue.address or f"{self.address}#overdue"


def owner_views(site: Site) -> list[OwnerView]:
    """Return every salesperson with what is theirs, in the order of the owners."""
    rows_of: defaultdict[str, list[Row]] = defaultdict(list)
    for row in site.by_importance:
        rows_of[row.customer.owner or ""].append(row)
    promises_of: defaultdict[str, list[PromiseRow]] = defaultdict(list)
    for entry in open_promises(site.rows):
        promises_of[site.config.owner_name(entry.who)].append(entry)
    overdue_of: defaultdict[str, list[Listed[Row]]] = defaultdict(list)
    for each in site.overdue_steps:
        overdue_of[each.item.customer.owner or ""].append(each)
    return [
        _view(site, name, rows_of[name], overdue_of[name], promises_of[name])
        for name in site.urls.owners
    ]


def owner_pages(site: Site, views: Sequence[OwnerView]) -> Iterator[Page]:
    """Yield the overview of the owners, and the pages of each."""
    nobody = [Listed.of(row, site.today) for row in site.by_importance if not row.customer.owner]
    without = sections(_INDEX, site.today, {"without": nobody})
    yield Page(_INDEX, "owners.html", {"site": site, "owners": views, **without})
    _ = translations(site.config.language).gettext
    names = {"without": Further("names", _("Without an owner"))}
    yield from further_pages(site, (_INDEX, _("Owners")), without, names)
    for view in views:
        yield Page(view.address, "owner.html", {"site": site, "view": view})
        who = {"owner": view.name}
        omit = ("owner",)
        further = {
            "overdue": Further("overdue", _("Overdue customers of %(owner)s") % who, omit),
            "late_promises": Further(
                "promises", _("Overdue promises of %(owner)s") % who, ("who",)
            ),
            "coming": Further("coming", _("Planned steps of %(owner)s") % who),
            "promises": Further("promises", _("Open promises of %(owner)s") % who, ("who",)),
            "stale": Further("quiet", _("Customers of %(owner)s gone quiet") % who, omit),
            "open": Further("customers", _("Open customers of %(owner)s") % who, omit),
            "closed": Further("customers", _("Other customers of %(owner)s") % who, omit),
        }
        yield from further_pages(site, (view.address, view.name), view.lists, further)


def _view(
    site: Site,
    name: str,
    rows: Sequence[Row],
    overdue: Sequence[Listed[Row]],
    promises: Sequence[PromiseRow],
) -> OwnerView:
    address, today = site.urls.owners[name], site.today
    steps = sorted((day, clock(row), row) for row in rows if (day := row.step_day))
    coming = (Listed.of(row, today, until=day + timedelta(days=1)) for day, _clock, row in steps)
    still_open = [row for row in rows if row.status.stage_kind is StageKind.OPEN]
    closed = [row for row in rows if row.status.stage_kind is not StageKind.OPEN]
    shown = sections(
        address,
        today,
        {
            "overdue": overdue,
            "late_promises": overdue_promises(promises, today),
            "coming": [each for each in coming if each.now],
            "promises": not_overdue(promises, today),
            "stale": stale(rows, today),
            "open": [Listed.of(row, today) for row in still_open],
            "closed": [Listed.of(row, today) for row in closed],
        },
    )
    return OwnerView(
        name=name,
        address=address,
        owner=site.config.owners.get(name),
        **shown,
        value=sums(map(signed_or_expected, still_open), site.config),
        weighted=sums((row.status.weighted_value for row in still_open), site.config),
        query=written_term(site.config, "owner", name),
    )
