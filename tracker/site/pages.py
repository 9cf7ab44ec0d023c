"""All pages of a site, in the order in which they are rendered."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.site.activity import activity_pages
from tracker.site.agenda import agenda_page
from tracker.site.board import board_page
from tracker.site.calendar import calendar_pages
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
from tracker.site.views import view_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.diagnostics import Diagnostic
    from tracker.site.page import Site

__all__ = ["Page", "site_pages"]


def site_pages(site: Site) -> Iterator[Page]:
    """Yield every page of a site, the same ones in the same order for the same day."""
    yield dashboard_page(site)
    yield from activity_pages(site)
    owners = owner_views(site)
    yield from overdue_pages(site, {view.name: view.all_overdue for view in owners})
    yield agenda_page(site)
    yield board_page(site)
    yield from calendar_pages(site)
    yield from stage_pages(site)
    yield from customer_pages(site)
    yield from view_pages(site)
    yield from owner_pages(site, owners)
    yield from commitments_pages(site)
    yield from service_pages(site)
    yield from problem_pages(site)
    for row in site.rows:
        yield customer_page(site, row)
    by_path: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for found in site.day.diagnostics:
        by_path[found.path].append(found)
    for entry in site.day.library.left_out:
        yield unreadable_page(site, entry, by_path[entry.path])
