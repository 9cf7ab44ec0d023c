"""`overdue.html`: customers whose next step is late, by owner; then those gone quiet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.site.page import Page
from tracker.site.quiet import cooling, stale
from tracker.site.recount import Listed, upcoming
from tracker.site.sections import Further, further_pages, sections
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tracker.site.page import Row, Site

ADDRESS = "overdue.html"

_WITHOUT = "without"


def overdue_pages(site: Site, by_owner: Mapping[str, str]) -> Iterator[Page]:
    """Yield the page of overdue customers, and the pages on which its lists go on.

    Args:
        site: The site.
        by_owner: The page with all overdue customers of each owner.
    """
    overdue = rows_by_owner(upcoming(site.overdue_steps, site.today))
    owners = {f"o{number}": owner for number, owner in enumerate(by_owner, 1) if owner in overdue}
    late = {name: overdue[owner] for name, owner in owners.items()}
    if "" in overdue:
        late[_WITHOUT] = overdue[""]
    quiet = {"stale": stale(site.rows, site.today), "cooling": cooling(site.rows, site.today)}
    shown = sections(ADDRESS, site.today, {**late, **quiet})
    for name, owner in owners.items():
        if shown[name].address:
            shown[name] = replace(shown[name], address=by_owner[owner])
    yield Page(
        ADDRESS,
        "overdue.html",
        {
            "site": site,
            "groups": [(owners.get(name, ""), shown[name]) for name in late],
            **{name: shown[name] for name in quiet},
        },
    )
    _ = translations(site.config.language).gettext
    further = {
        "stale": Further("quiet", _("Customers gone quiet")),
        "cooling": Further("quiet", _("Customers going cold")),
    }
    if _WITHOUT in late:
        further[_WITHOUT] = Further("overdue", _("Overdue customers without an owner"), ("owner",))
    yield from further_pages(site, (ADDRESS, _("Overdue")), shown, further)


def rows_by_owner(listed: Iterable[Listed[Row]]) -> dict[str, list[Listed[Row]]]:
    """Return rows by the names of their owners, those without one under an empty name."""
    groups: defaultdict[str, list[Listed[Row]]] = defaultdict(list)
    for each in listed:
        groups[each.item.customer.owner or ""].append(each)
    return dict(groups)
