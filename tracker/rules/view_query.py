"""The query of a saved view in tracker.yaml cannot be read.

Why: the page of the view shows nothing, and whoever opens it in the morning may take that for good
news. The message is the one that `tracker list` gives for the query.

Bad, in tracker.yaml:

    views:
      hot:
        label: Hot and late
        query: levle:A is:overdue

Good, in tracker.yaml:

    views:
      hot:
        label: Hot and late
        query: level:A is:overdue
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.config import CONFIG_NAME
from tracker.diagnostics import Problem, Severity, Span
from tracker.library.query import Query, QueryError, parse
from tracker.rules.rule import Origin, WorkspaceCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import View

SEVERITY = Severity.ERROR
ORIGIN = Origin.WORKSPACE


def check(case: WorkspaceCase) -> Iterator[tuple[str, Problem]]:
    """Yield a problem at each mistake in the query of a view."""
    for view in case.library.config.views:
        found = parse(view.query, case.library.config)
        if isinstance(found, Query):
            continue
        for error in found:
            yield (
                CONFIG_NAME,
                Problem(
                    "view-query",
                    _place(view, error),
                    Message(
                        "the view ‘{view}’: {reason}",
                        {"view": view.label, "reason": error.message},
                    ),
                    error.hint,
                ),
            )


def _place(view: View, error: QueryError) -> Span:
    """Return where a mistake stands in the file; the query where escapes or lines shift it."""
    line, column, end_line, end_column = view.span
    quotes = (end_column - column - len(view.query)) // 2
    if end_line != line or end_column - column - len(view.query) not in (0, 2):
        return view.span
    return Span.of_line(line, column + quotes + error.start, error.end - error.start)
