"""`problems.html`: everything that is wrong in the workspace, by file and place."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.site.chunks import chunks
from tracker.site.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.diagnostics import Diagnostic
    from tracker.site.page import Site

PROBLEMS_PER_PAGE = 500

LEFT_OUT = "left-out"
"""Name of the group of files that could not be read; the others are named by severity."""


def problem_pages(site: Site) -> Iterator[Page]:
    """Yield the pages of problems: records left out first, then errors, warnings, information."""
    left_out = {entry.path for entry in site.day.library.left_out}
    order = [LEFT_OUT, *Severity]

    def group(found: Diagnostic) -> str:
        return LEFT_OUT if found.path in left_out else found.severity.value

    found = sorted(site.day.diagnostics, key=lambda each: (order.index(group(each)), each.sort_key))
    counts = Counter(map(group, found))
    parts = chunks(found, "problems.html", "problems/page-", PROBLEMS_PER_PAGE)
    places: dict[str, str] = {}
    for chunk in parts:
        for each in chunk.items:
            places.setdefault(group(each), f"{chunk.address}#{group(each)}")
    names = {path: row.customer.name for path, row in site.by_path.items()}
    for chunk in parts:
        yield Page(
            chunk.address,
            "problems.html",
            {
                "site": site,
                "chunk": chunk,
                "counts": {severity.value: counts[severity.value] for severity in Severity},
                "places": places,
                "names": {
                    each.path: names[each.path] for each in chunk.items if each.path in names
                },
                "groups": [(key, list(each)) for key, each in groupby(chunk.items, key=group)],
            },
        )
