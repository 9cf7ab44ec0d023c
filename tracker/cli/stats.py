"""`tracker stats`: the numbers to decide by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from tracker.cli.completion import OWNERS, names_of
from tracker.cli.context import (
    Cell,
    Column,
    example,
    format_option,
    load_day,
    print_bytes,
    print_data,
    print_table,
    tell,
    today_option,
)
from tracker.cli.figures import figure_cell
from tracker.cli.filters import one_owner
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.collector import collector_off
from tracker.errors import UsageError
from tracker.insight.measure import Scope
from tracker.insight.measure_json import (
    CASE_COLUMNS,
    FLAT_COLUMNS,
    case_row,
    figures_json,
    figures_of,
    flat_figures,
    text_of,
)
from tracker.insight.measure_registry import ORDER, all_measures
from tracker.insight.whole_time import within_records
from tracker.period_words import read_period
from tracker.text import nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from typing import Any

    from tracker.insight.day import Day
    from tracker.insight.measure import Measure, Table

    Counted = list[tuple[Measure, tuple[Table, ...]]]

_CODES = tuple(name.replace("_", "-") for name in ORDER)
_ALL_FIGURES = ""
_PERIOD = "12m"


@click.command(
    epilog=example(
        "tracker stats",
        "tracker stats win-rate funnel --period 2026-Q3",
        "tracker stats promise-keeping --owner 李雷 --period 上个月",
        "tracker stats pipeline --rows stages/negotiation",
        "tracker stats --format csv > numbers.csv",
    )
)
@click.argument("measures", nargs=-1, metavar="[MEASURE]…", type=names_of(_CODES))
@click.option(
    "--period",
    metavar="WHEN",
    default=_PERIOD,
    show_default=True,
    help="The days that count: 2026-Q3, 2026-10, 2026-W47, last-month, 90d, 去年, all, or "
    "2026-09-01..2026-11-20. It ends today at the latest.",
)
@click.option("--owner", type=OWNERS, metavar="NAME", help="Only the numbers of this owner.")
@click.option(
    "--mine", is_flag=True, help="Only your own: of the owner whom git's user.email names."
)
@click.option(
    "--rows",
    is_flag=False,
    flag_value=_ALL_FIGURES,
    metavar="TABLE[/LINE[/COLUMN]]",
    help="Print what the figures were counted from: those of a table, a line of it, or one figure, "
    "by their names in --format json.",
)
@click.option("--list", "listed", is_flag=True, help="Print what can be counted, and stop.")
@format_option
@today_option
def command(  # noqa: PLR0913  # click passes each option as an argument
    *,
    measures: tuple[str, ...],
    period: str,
    owner: str | None,
    mine: bool,
    rows: str | None,
    listed: bool,
    form: str,
    today: date | None,
) -> int:
    """Print the numbers to decide by.

    Without MEASURE all of them: the pipeline and its forecast, how deals move and end, who does
    what, and what customers are worth. Each figure says of how many cases it was made, and says
    nothing where they are too few. What happened is counted within the period and for whoever
    owned the customer then; what stands is counted as of today.

    `tracker docs numbers` defines each of them.
    """
    chosen = _chosen(measures)
    day = load_day(today)
    wording = Wording(day.library.config)
    if listed:
        _print_list(chosen, form, wording)
        return 0
    scope = _scope(day, period, one_owner(owner, day, mine=mine))
    with collector_off():
        counted = [(measure, measure.tables(scope)) for measure in chosen]
    if rows is not None:
        _print_cases(counted, rows, form, wording)
    elif form == "table":
        _print_tables(counted, scope, wording)
    elif form == "json":
        data = figures_json(scope, counted, wording.say)
        print_bytes(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    else:
        flat = (
            row for measure, tables in counted for row in flat_figures(measure, tables, wording.say)
        )
        print_data(form, FLAT_COLUMNS, flat)
    tell_of_gaps(day, wording)
    return 0


def _chosen(codes: Sequence[str]) -> list[Measure]:
    """Return the measures asked for, each once, in the order of asking; all where none is named.

    Raises:
        UsageError: There is none of a name.
    """
    known = all_measures()
    for code in codes:
        if code not in known:
            values = {"code": code, "near": nearest(code, known), "known": tuple(known)}
            raise UsageError(
                Message("there is no measure ‘{code}’; did you mean ‘{near}’?", values)
                if values["near"]
                else Message("there is no measure ‘{code}’; there are: {known}", values)
            )
    return [known[code] for code in dict.fromkeys(codes)] or list(known.values())


def _scope(day: Day, text: str, owner: str | None) -> Scope:
    """Return what is asked.

    Raises:
        UsageError: The period cannot be read, or has not begun.
    """
    period = read_period(text, day.today)
    if isinstance(period, Message):
        raise UsageError(Message("{option}: {reason}", {"option": "--period", "reason": period}))
    return Scope(day, within_records(period, day), owner)


# --- Output -----------------------------------------------------------------------------------


def _print_list(measures: Sequence[Measure], form: str, wording: Wording) -> None:
    rows = [
        {
            "code": measure.code,
            "title": wording.say(measure.title),
            "summary": wording.say(measure.summary),
        }
        for measure in measures
    ]
    if form != "table":
        print_data(form, ("code", "title", "summary"), rows)
        return
    titles = (Message("Measure"), Message("Title"), Message("What is counted"))
    print_table(
        [Column(wording.say(title)) for title in titles],
        ([Cell(value) for value in row.values()] for row in rows),
    )


def _print_tables(counted: Counted, scope: Scope, wording: Wording) -> None:
    first, last = scope.period.first.isoformat(), scope.period.last.isoformat()
    values = {"first": first, "last": last, "today": scope.today.isoformat(), "owner": scope.owner}
    whose = (
        Message("Numbers of {owner}, {first} to {last}; what stands: on {today}", values)
        if scope.owner
        else Message("Numbers of the team, {first} to {last}; what stands: on {today}", values)
    )
    click.echo(wording.say(whose))
    for measure, tables in counted:
        click.echo()
        click.secho(f"{wording.say(measure.title)} ({measure.code})", bold=True)
        click.secho(wording.say(measure.summary), dim=True)
        for table in tables:
            click.echo()
            _print_one(table, wording)


def _print_one(table: Table, wording: Wording) -> None:
    click.echo(wording.say(table.title))
    if table.lines:
        columns = [Column(wording.say(table.by))] + [
            Column(wording.say(column.title), numeric=True) for column in table.columns
        ]
        print_table(columns, _cells(table, wording))
    else:
        click.secho(wording.say(Message("Nothing to count.")), dim=True)
    for note in table.notes:
        click.secho(f"· {wording.say(note)}", dim=True)


def _cells(table: Table, wording: Wording) -> Iterator[list[Cell]]:
    for line in (*table.lines, *((table.total,) if table.total else ())):
        figures = zip(table.columns, line.figures, strict=True)
        yield [
            Cell(text_of(line.label, wording.say), "bold" if line is table.total else ""),
            *(figure_cell(column, figure, wording) for column, figure in figures),
        ]


def _print_cases(counted: Counted, wanted: str, form: str, wording: Wording) -> None:
    """Print what the figures under an address were counted from.

    Raises:
        UsageError: No figure has that address.
    """
    parts = tuple(part for part in wanted.split("/") if part)
    rows: list[dict[str, Any]] = []
    known: dict[str, None] = {}
    found = False
    for measure, tables in counted:
        for table in tables:
            for line, column, figure in figures_of(table):
                names = (table.key, line.key, column.key)
                known.setdefault("/".join(names[: max(len(parts), 1)]))
                if names[: len(parts)] != parts:
                    continue
                found = True
                address = (measure.code, *names)
                rows += (case_row(case, address, wording.say) for case in figure.cases)
    if not found:
        near = nearest("/".join(parts), known)
        values = {"wanted": wanted, "near": near or next(iter(known), "")}
        raise UsageError(Message("--rows: there is no figure ‘{wanted}’; one is ‘{near}’", values))
    if form != "table":
        print_data(form, CASE_COLUMNS, rows)
        return
    titles = (Message("Figure"), Message("Customer"), Message("Owner"), Message("Date"))
    columns = [*titles, Message("Place"), Message("Note")]
    print_table(
        [Column(wording.say(title)) for title in columns],
        ([Cell(text) for text in _case_cells(row)] for row in rows),
    )
    tell(wording.say(Message("cases: {count}", {"count": len(rows)})))


def _case_cells(row: dict[str, Any]) -> tuple[str, ...]:
    place = f"{row['path']}:{row['at_line']}" if row["at_line"] else row["path"]
    figure = "/".join(row[name] for name in ("table", "line", "column"))
    return (figure, row["name"], row["owner"] or "", row["date"] or "", place, row["note"] or "")
