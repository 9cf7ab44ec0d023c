"""The QUERY of a command line: its words put together, read, and asked of customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.completion import QUERY
from tracker.errors import UsageError
from tracker.insight.rows import query_row
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tracker.config import Config
    from tracker.insight.day import Day, Standing
    from tracker.library.query.faults import QueryError
    from tracker.library.query.parser import Query

_INDENT = "    "

query_argument = click.argument("query", nargs=-1, type=QUERY)
"""The terms of a query, in one shell word or in several."""


def asked_for(words: Sequence[str], day: Day) -> Callable[[Standing], bool]:
    """Return the filter that a query means on a day; no words take every customer.

    Raises:
        UsageError: The query cannot be read; says where, why and what was probably meant.
    """
    if not words:
        return lambda _: True
    config = day.library.config
    query = read_query(" ".join(words), config)
    if not query.terms:
        return lambda _: True
    return lambda standing: query.matches(query_row(standing, config), day.today)


def read_query(text: str, config: Config) -> Query:
    """Return the query that a text means.

    Raises:
        UsageError: It cannot be read; says where, why and what was probably meant.
    """
    # Imported late: the query language takes a while to load, and most lists are asked no query.
    from tracker.library.query.parser import Query, parse

    query = parse(text, config)
    if isinstance(query, Query):
        return query
    say = translations(config.language).gettext
    lines = "\n".join(line for error in query for line in _lines(text, error, say))
    raise UsageError(Message("the query cannot be read\n{mistakes}", {"mistakes": lines}))


def _lines(text: str, error: QueryError, say: Callable[[str], str]) -> Iterator[str]:
    import shutil  # Late: only a mistake needs it.

    # Imported late, as above.
    from tracker.reporters.text import excerpt

    width = shutil.get_terminal_size().columns - len(_INDENT)
    line, before, length = excerpt(text.replace("\n", " "), error.span, width)
    yield f"{_INDENT}{line}"
    reason = error.message
    if error.hint:
        reason = Message("{reason}; {hint}", {"reason": reason, "hint": error.hint})
    yield f"{_INDENT}{' ' * before}{'^' * length} {reason.render(say)}"
