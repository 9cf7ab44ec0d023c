"""Pages of the saved views that `tracker.yaml` declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.library.query.parser import Query, parse
from tracker.site.chunks import chunks, within
from tracker.site.page import Page
from tracker.site.table_data import live_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import View
    from tracker.library.query.faults import QueryError
    from tracker.site.page import Row, Site


class ViewPage(Struct, frozen=True):
    """A saved view where it is shown.

    Attributes:
        view: The view.
        address: Its page.
        errors: What is wrong with its query; it shows nobody then.
    """

    view: View
    address: str
    errors: tuple[QueryError, ...] = ()


def view_pages(site: Site) -> Iterator[Page]:
    """Yield the pages of each view: the customers that it finds on the day."""
    for view in site.config.views:
        address = site.urls.views[view.name]
        found = parse(view.query, site.config)
        rows: tuple[Row, ...] = ()
        errors: tuple[QueryError, ...] = ()
        if isinstance(found, Query):
            rows = tuple(
                row
                for row in site.by_importance
                if found.matches(site.columns[row.customer.path], site.today)
            )
        else:
            errors = found
        shown = ViewPage(view, address, errors)
        for chunk in chunks(rows, address, f"{within(address)}page-"):
            table = live_table(site, view.query) if chunk.number == 1 else None
            yield Page(
                chunk.address,
                "view.html",
                {"site": site, "shown": shown, "chunk": chunk, "table": table},
            )
