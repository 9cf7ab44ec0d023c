"""The query of a saved view or of a profile in tracker.yaml cannot be read.

Why: the page of the view shows nothing, and whoever opens it in the morning may take that for good
news; of a profile it is not known which customers its site may show, so that none is made. The
message is the one that `tracker list` gives for the query.

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
from tracker.library.query.parser import Query, parse
from tracker.rules.rule import Origin, WorkspaceCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import Config
    from tracker.library.query.faults import QueryError

SEVERITY = Severity.ERROR
ORIGIN = Origin.WORKSPACE


def check(case: WorkspaceCase) -> Iterator[tuple[str, Problem]]:
    """Yield a problem at each mistake in the query of a view or a profile."""
    config = case.library.config
    for view in config.views:
        for error in _errors(view.query, config):
            message = Message(
                "the view ‘{view}’: {reason}", {"view": view.label, "reason": error.message}
            )
            yield CONFIG_NAME, _problem(view.query, view.span, error, message)
    for profile in config.profiles.values():
        for error in _errors(profile.only, config):
            message = Message(
                "the profile ‘{profile}’: {reason}",
                {"profile": profile.name, "reason": error.message},
            )
            yield CONFIG_NAME, _problem(profile.only, profile.span, error, message)


def _errors(query: str, config: Config) -> tuple[QueryError, ...]:
    found = parse(query, config)
    return () if isinstance(found, Query) else found


def _problem(query: str, span: Span, error: QueryError, message: Message) -> Problem:
    return Problem("view-query", _place(query, span, error), message, error.hint)


def _place(query: str, span: Span, error: QueryError) -> Span:
    """Return where a mistake stands in the file; the query where escapes or lines shift it."""
    line, column, end_line, end_column = span
    quotes = (end_column - column - len(query)) // 2
    if end_line != line or end_column - column - len(query) not in (0, 2):
        return span
    return Span.of_line(line, column + quotes + error.start, error.end - error.start)
