"""All pages of a site, in the order in which they are rendered."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.site.activity import activity_pages
from tracker.site.agenda import agenda_page
from tracker.site.analysis import analysis_pages
from tracker.site.board import board_page
from tracker.site.calendar import calendar_pages
from tracker.site.changes import changes_page
from tracker.site.customer import customer_page, unreadable_page
from tracker.site.dashboard import dashboard_page
from tracker.site.listings import (
    commitments_pages,
    customer_pages,
    service_pages,
    stage_pages,
)
from tracker.site.overdue import overdue_pages
from tracker.site.owners import owner_pages, owner_views
from tracker.site.page import Page
from tracker.site.problems import problem_pages
from tracker.site.redirects import redirect_pages
from tracker.site.report import report_pages
from tracker.site.views import view_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tracker.diagnostics import Diagnostic
    from tracker.site.owners import OwnerView
    from tracker.site.page import Site

__all__ = ["PAGE_GROUPS", "Page", "PageGroup", "SharedViews", "record_page", "site_pages"]


class SharedViews:
    """What several groups of pages take from, worked out when the first one asks for it.

    Args:
        site: The site.
    """

    def __init__(self, site: Site) -> None:
        self.site = site

    @cached_property
    def owners(self) -> list[OwnerView]:
        """Return what each salesperson has to do."""
        return owner_views(self.site)

    @cached_property
    def diagnostics(self) -> dict[str, list[Diagnostic]]:
        """Return what is wrong by the path of the file."""
        by_path: defaultdict[str, list[Diagnostic]] = defaultdict(list)
        for found in self.site.day.diagnostics:
            by_path[found.path].append(found)
        return dict(by_path)


class PageGroup(Struct, frozen=True):
    """Pages that are worked out together.

    Attributes:
        pages: Yields them.
        places: Beginnings of their addresses; that of an address is the longest that fits.
    """

    pages: Callable[[SharedViews], Iterable[Page]]
    places: tuple[str, ...]


def _overdue(views: SharedViews) -> Iterable[Page]:
    return overdue_pages(views.site, {view.name: view.all_overdue for view in views.owners})


PAGE_GROUPS = (
    PageGroup(lambda views: analysis_pages(views.site), ("analysis.html", "analysis/")),
    PageGroup(lambda views: [dashboard_page(views.site)], ("index.html",)),
    PageGroup(lambda views: activity_pages(views.site), ("activity.html", "activity/")),
    PageGroup(lambda views: [changes_page(views.site)], ("changes.html",)),
    PageGroup(lambda views: report_pages(views.site), ("report/",)),
    PageGroup(_overdue, ("overdue.html", "overdue/")),
    PageGroup(lambda views: [agenda_page(views.site)], ("agenda.html",)),
    PageGroup(lambda views: [board_page(views.site)], ("board.html",)),
    PageGroup(lambda views: calendar_pages(views.site), ("calendar/",)),
    PageGroup(lambda views: stage_pages(views.site), ("stages/",)),
    PageGroup(
        lambda views: customer_pages(views.site), ("customers/index.html", "customers/page-")
    ),
    PageGroup(lambda views: view_pages(views.site), ("views/",)),
    PageGroup(lambda views: owner_pages(views.site, views.owners), ("owners/",)),
    PageGroup(lambda views: commitments_pages(views.site), ("commitments.html", "commitments/")),
    PageGroup(lambda views: service_pages(views.site), ("service.html", "service/")),
    PageGroup(lambda views: problem_pages(views.site), ("problems.html", "problems/")),
    PageGroup(lambda views: redirect_pages(views.site), ("customers/",)),
)
"""All pages but those of the records, which are worked out one by one: see `record_page`.

The group that takes longest comes first.
"""


def record_page(views: SharedViews, path: str) -> Page:
    """Return the page of a record, or of a file that could not be read as one.

    Args:
        views: What pages share.
        path: The record.
    """
    site = views.site
    row = site.by_path.get(path)
    if row is not None:
        return customer_page(site, row)
    entry = site.day.library.by_path[path]
    return unreadable_page(site, entry, views.diagnostics.get(path, []))


def site_pages(site: Site) -> Iterator[Page]:
    """Yield every page of a site, the same ones in the same order for the same day."""
    views = SharedViews(site)
    for group in PAGE_GROUPS:
        yield from group.pages(views)
    for path in site.urls.records:
        yield record_page(views, path)
