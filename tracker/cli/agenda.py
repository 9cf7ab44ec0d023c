"""`tracker agenda`: what is to be done today and soon."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import click

from tracker.cli.completion import QUERY
from tracker.cli.context import (
    Cell,
    Invocation,
    current_day,
    example,
    is_terminal,
    load_day,
    print_data,
    printable,
    tell,
    today_option,
    workspace,
)
from tracker.cli.filters import OwnerFilter, owner_options
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.insight.agenda import (
    AGENDA_COLUMNS,
    DAYS,
    Group,
    agenda_of,
    agenda_row,
    last_day,
)
from tracker.text import cut_to_width, display_width
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from tracker.insight.agenda import Item
    from tracker.insight.day import Day

TITLES = {
    Group.OVERDUE: Message("Overdue next steps"),
    Group.TODAY: Message("Next steps today"),
    Group.LATE_PROMISE: Message("Overdue commitments"),
    Group.PROMISE: Message("Commitments due"),
    Group.COMING: Message("Coming next steps"),
    Group.STALE: Message("Customers gone quiet"),
}
"""What the parts of an agenda are called."""

_GAP = "  "
_TEXT = 3
"""The column that gives way on a narrow terminal: what is to be done."""

_SHORTEST_TEXT = 12
_LONGEST_NAME = 24
"""Cells that a customer's name may take on a terminal."""


@click.command(
    epilog=example(
        "tracker agenda",
        "tracker agenda --mine --days 1",
        "tracker agenda level:A --owner 李雷",
        "tracker agenda --owner 李雷 --format ics > lilei.ics",
    )
)
@click.argument("query", nargs=-1, type=QUERY)
@owner_options("next steps, customers and commitments")
@click.option(
    "--days",
    type=click.IntRange(0, 3650),
    metavar="N",
    default=DAYS,
    show_default=True,
    help="Look so many days ahead; 0 for what is due by today.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "jsonl", "csv", "ics"]),
    default="table",
    show_default=True,
    help="How it is printed: for people, as rows, or as a calendar.",
)
@today_option
def command(  # noqa: PLR0913  # click passes each option as an argument
    *,
    query: tuple[str, ...],
    owner: tuple[str, ...],
    mine: bool,
    days: int,
    form: str,
    today: date | None,
) -> int:
    """Show what is to be done today and soon.

    Overdue next steps, those of today by their time, commitments overdue and due, coming next
    steps, and customers that nobody has spoken to for longer than their limit. QUERY keeps to some
    customers, as in `tracker list`. Commitments are those of whoever promised.

    `tracker docs agenda` describes the rows of json, jsonl and csv.
    """
    # What a query asks for may be anything, and a calendar tells more than an agenda shows.
    is_reduced = not query and form != "ics"
    day = _reduced_day(today) if is_reduced else load_day(today, checked=bool(query))
    if query:
        # Imported late: the query language takes a while to load.
        from tracker.cli.query_argument import asked_for

        wanted = asked_for(query, day)
        day = replace(day, standings=tuple(filter(wanted, day.standings)))
    owners = OwnerFilter(owner, day.library, mine=mine)
    wording = Wording(day.library.config)
    if form == "ics":
        _print_calendar(day, owners, days)
    else:
        items = [
            item for item in agenda_of(day.standings, day.today, days) if owners.takes(item.who)
        ]
        if form == "table":
            _print_for_people(items, day, last_day(day.today, days), wording)
        else:
            config = day.library.config
            print_data(form, tuple(AGENDA_COLUMNS), (agenda_row(item, config) for item in items))
    tell_of_gaps(day, wording)
    return 0


def _reduced_day(today: date | None) -> Day:
    """Return the day of a library that has no more than an agenda shows."""
    if not Invocation.current().cached:
        return load_day(today, checked=False)
    # Imported late: `--help` needs none of it.
    from tracker.insight.day import day_of
    from tracker.library.agenda_records import load_agenda_records

    library = load_agenda_records(workspace())
    return day_of(library, today or current_day(library.config), checked=False)


def _print_calendar(day: Day, owners: OwnerFilter, days: int) -> None:
    # Imported late: no other form needs it.
    from tracker.exchange.icalendar import calendar_bytes, events_of

    events = events_of(day, until=last_day(day.today, days))
    wanted = (event for event in events if owners.takes(event.who))
    click.echo(calendar_bytes(wanted, day.library.config), nl=False)


# --- For people -------------------------------------------------------------------------------


def _print_for_people(items: Sequence[Item], day: Day, until: date, wording: Wording) -> None:
    click.echo(click.style(wording.day(day.today), bold=True))
    if not items:
        nothing = Message("nothing is to be done up to {date}", {"date": until.isoformat()})
        tell(wording.say(nothing))
        return
    rows = [_cells(item, day.today, wording) for item in items]
    taken = [[display_width(cell.text) for cell in row] for row in rows]
    widths = _column_widths(taken)
    lines = []
    numbered = zip(items, rows, taken, strict=True)
    for group, part in groupby(numbered, key=lambda entry: entry[0].group):
        members = [_line(cells, of_cells, widths) for _, cells, of_cells in part]
        title = f"{wording.say(TITLES[group])} ({len(members)})"
        lines += ["", click.style(title, bold=True), *members]
    click.echo("\n".join(lines))


def _cells(item: Item, today: date, wording: Wording) -> list[Cell]:
    customer, status = item.standing.customer, item.standing.status
    moment = wording.day(item.date) if item.date else ""
    what = item.text
    if item.step:
        method = wording.config.methods.label(item.step.method)
        what = " ".join(part for part in (method, item.text) if part)
        if item.step.time:
            moment += f" {item.step.time.isoformat('minutes')}"
    elif item.group is Group.STALE:
        moment = wording.day(status.last_contact) if status.last_contact else ""
        contact = customer.main_contact
        what = " ".join(part for part in (contact.name, contact.phone) if part) if contact else ""
    texts = (moment, customer.short or customer.name, what, item.who or "")
    # Cells are one line, and may not command the terminal.
    plain = (Cell(printable(" ".join(text.split()))) for text in texts)
    return [_state(item, today, wording), *plain]


def _state(item: Item, today: date, wording: Wording) -> Cell:
    match item.group:
        case Group.OVERDUE | Group.TODAY:
            return wording.state(item.standing.status)
        case Group.LATE_PROMISE:
            return wording.overdue(item.promise.days_overdue if item.promise else 0)
        case Group.PROMISE | Group.COMING:
            return wording.due(item.date, today) if item.date else Cell("")
        case Group.STALE:
            return Cell(f"~ {wording.days_idle(item.standing.status.idle_days or 0)}", "yellow")


def _column_widths(taken: Iterable[Sequence[int]]) -> list[int]:
    """Return how much room each column takes; the texts give way to the terminal's width.

    Args:
        taken: What each cell of each row takes.
    """
    widths = list(map(max, zip(*taken, strict=True)))
    if is_terminal(sys.stdout):
        # Imported late: it loads what archives need.
        import shutil

        widths[2] = min(widths[2], _LONGEST_NAME)
        others = sum(widths) - widths[_TEXT] + len(_GAP) * len(widths)
        room = shutil.get_terminal_size().columns - others
        widths[_TEXT] = min(widths[_TEXT], max(room, _SHORTEST_TEXT))
    return widths


def _line(cells: Sequence[Cell], taken: Sequence[int], widths: Sequence[int]) -> str:
    """Return a row as a line.

    Args:
        cells: The row.
        taken: The room that each cell takes.
        widths: The room that there is for each.
    """
    parts = []
    for cell, own, width in zip(cells, taken, widths, strict=True):
        text, padding = cell.text, " " * (width - own)
        if own > width:
            text = cut_to_width(text, width)
            padding = " " * (width - display_width(text))
        shown = click.style(text, fg=cell.style, bold=True) if cell.style else text
        parts.append(shown + padding)
    return (_GAP + _GAP.join(parts)).rstrip()
