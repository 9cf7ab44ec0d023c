"""`overdue.html`: customers whose next step is late, by owner; then those gone quiet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.site.page import Page
from tracker.site.quiet import cooling, stale

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.site.page import Row, Site


def overdue_page(site: Site) -> Page:
    """Return the page of overdue customers."""
    return Page(
        "overdue.html",
        "overdue.html",
        {
            "site": site,
            "groups": by_owner(site, site.overdue),
            "stale": stale(site.rows),
            "cooling": cooling(site.rows),
        },
    )


def by_owner(site: Site, rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Return rows by owner in the order of the owners, each group in the order given.

    Rows without an owner come last, under the empty name.
    """
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.customer.owner or ""].append(row)
    return [(name, groups[name]) for name in [*site.urls.owners, ""] if name in groups]
