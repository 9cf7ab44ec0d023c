"""`overdue.html`: customers whose next step is late, by owner; then those gone quiet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.site.page import Page
from tracker.site.quiet import cooling, stale
from tracker.site.recount import Listed, current, upcoming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.site.page import Row, Site


def overdue_page(site: Site) -> Page:
    """Return the page of overdue customers."""
    quiet = upcoming(stale(site.rows, site.today), site.today)
    soon = upcoming(cooling(site.rows, site.today), site.today)
    return Page(
        "overdue.html",
        "overdue.html",
        {
            "site": site,
            "groups": by_owner(site, upcoming(site.overdue_steps, site.today)),
            "stale": quiet,
            "stale_now": len(current(quiet)),
            "cooling": soon,
            "cooling_now": len(current(soon)),
        },
    )


def by_owner(site: Site, listed: Iterable[Listed[Row]]) -> list[tuple[str, list[Listed[Row]], int]]:
    """Return rows by owner, and how many there are on the day, in the order of the owners.

    Each group keeps the order given. Rows without an owner come last, under the empty name.
    """
    groups: defaultdict[str, list[Listed[Row]]] = defaultdict(list)
    for each in listed:
        groups[each.item.customer.owner or ""].append(each)
    return [
        (name, groups[name], len(current(groups[name])))
        for name in [*site.urls.owners, ""]
        if name in groups
    ]
