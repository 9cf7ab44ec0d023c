"""`problems.html`: everything that is wrong in the workspace, by file and place."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.site.chunks import chunks
from tracker.site.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.site.page import Site

PROBLEMS_PER_PAGE = 1000


def problem_pages(site: Site) -> Iterator[Page]:
    """Yield the pages of problems: records left out first, then errors, warnings, information."""
    order = list(Severity)
    left_out = {entry.path for entry in site.day.library.left_out}
    found = sorted(
        site.day.diagnostics,
        key=lambda each: (each.path not in left_out, order.index(each.severity), each.sort_key),
    )
    counts = {severity.value: 0 for severity in Severity}
    for each in found:
        counts[each.severity.value] += 1
    for chunk in chunks(found, "problems.html", "problems-page-{}.html", PROBLEMS_PER_PAGE):
        groups = groupby(chunk.items, key=lambda each: (each.path in left_out, each.severity.value))
        yield Page(
            chunk.address,
            "problems.html",
            {
                "site": site,
                "chunk": chunk,
                "counts": counts,
                "groups": [(*key, list(group)) for key, group in groups],
            },
        )
