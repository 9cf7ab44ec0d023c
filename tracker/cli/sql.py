"""`tracker sql`: questions to the records in SQL."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.context import (
    example,
    format_option,
    is_terminal,
    load_day,
    text_from_stdin,
    today_option,
    workspace,
)
from tracker.cli.sql_results import (
    mistake_lines,
    named_tables,
    print_result,
    print_schema,
    print_tables,
)
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.config_file import load_config
from tracker.database.mistakes import Mistake
from tracker.database.reader import DEFAULT_LIMITS, Limits, Reader, Stopped
from tracker.database.tables import tables_of
from tracker.errors import TrackerError, UsageError
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_STDIN = "-"


@click.command(
    epilog=example(
        'tracker sql "SELECT owner, count(*) FROM customers GROUP BY owner"',
        "tracker sql --format csv < lost-by-quarter.sql > lost.csv",
        "tracker sql --schema followups",
        "tracker sql",
    )
)
@click.argument("query", nargs=-1)
@click.option("--tables", "show", flag_value="tables", help="Show the tables, and run nothing.")
@click.option(
    "--schema",
    "show",
    flag_value="schema",
    help="Show the columns of the tables named instead of a query, or of all tables.",
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_LIMITS.seconds,
    show_default=True,
    help="Stop a query that takes longer.",
)
@format_option
@today_option
def command(
    query: tuple[str, ...], show: str | None, timeout: float, form: str, today: date | None
) -> int:
    """Ask the records in SQL.

    QUERY is one SELECT of SQLite over the tables that `tracker docs sql` describes; nothing can be
    written. Without a QUERY, or for -, it is read from stdin. On a terminal a prompt takes one
    query after another, with completion and history.

    Write today() for the workspace's day or that of --today: date('now') is the clock's, in UTC.
    """
    if show == "schema":
        config = load_config(workspace())[0]
        print_schema(form, named_tables(query, tables_of(config)), Wording(config))
        return 0
    interactive = not query and not show and _somebody_is_there()
    sql = "" if interactive or show else _query_text(query)
    limits = Limits(seconds=timeout)
    day = load_day(today)
    wording = Wording(day.library.config)
    if interactive:
        # Imported late: the prompt takes longer to load than most queries take to run.
        from tracker.cli.sql_prompt import Prompt

        tell_of_gaps(day, wording)
        return Prompt(day, lambda: load_day(today), limits, form).run()
    with Reader(day, limits) as reader:
        if show == "tables":
            print_tables(form, reader.tables, reader.row_counts(), wording)
        else:
            _run(sql, form, reader, wording)
    tell_of_gaps(day, wording)
    return 0


def _run(sql: str, form: str, reader: Reader, wording: Wording) -> None:
    """Run a query and print its result.

    Raises:
        UsageError: It is wrong.
        TrackerError: It took too long, or too much memory.
    """
    answer = reader.ask(sql)
    if isinstance(answer, Mistake):
        lines = "\n".join(mistake_lines(sql, answer, wording))
        raise UsageError(Message("the query is wrong\n{mistake}", {"mistake": lines}))
    if isinstance(answer, Stopped):
        raise TrackerError(answer.message)
    print_result(form, sql, answer, wording)


def _somebody_is_there() -> bool:
    """Tell whether somebody can be asked: both ends are a terminal."""
    return sys.stdin is not None and is_terminal(sys.stdin) and is_terminal(sys.stdout)


def _query_text(words: Sequence[str]) -> str:
    """Return the query of the command line, or of stdin.

    Raises:
        UsageError: There is none.
    """
    if words and tuple(words) != (_STDIN,):
        return _some_query(" ".join(words))
    if sys.stdin is None or (not words and is_terminal(sys.stdin)):
        return _some_query("")
    return _some_query(text_from_stdin())


def _some_query(text: str) -> str:
    """Return a query that says something.

    Raises:
        UsageError: It does not.
    """
    if not text.strip():
        raise UsageError(
            Message("there is no query; write it behind the command, or pipe it to stdin")
        )
    return text
