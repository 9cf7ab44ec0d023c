"""`customers/OLDID.html`: leads from a former id of a customer to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.site.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.site.page import Site


def redirect_pages(site: Site) -> Iterator[Page]:
    """Yield a page for each former id whose address no other page has."""
    for address, path in site.urls.aliases.items():
        row = site.by_path[path]
        yield Page(
            address,
            "redirect.html",
            {"site": site, "name": row.customer.name, "address": row.address},
        )
