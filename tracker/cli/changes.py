"""`tracker changes`: what a change of the records means."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.change_report import html_of, lines_of, markdown_of, report_of
from tracker.cli.context import example, is_terminal, load_day, print_bytes, today_option
from tracker.cli.filters import OwnerFilter, owner_options
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.errors import UsageError
from tracker.insight.changes_json import changes_json
from tracker.insight.range_changes import changes_of
from tracker.library.revisions import read_range, read_since
from tracker.translation import Message

if TYPE_CHECKING:
    from datetime import date

_HEAD = "HEAD"


@click.command(
    epilog=example(
        "tracker changes",
        "tracker changes --since 'last week' --owner 李雷",
        "tracker changes v1.0..v1.1",
        "tracker changes origin/main...HEAD --format md",
    )
)
@click.argument("revisions", metavar="[RANGE]", required=False)
@click.option(
    "--since",
    metavar="WHEN",
    help="What has changed since a revision of git, a day, or a time such as 'last week' or 7天前.",
)
@owner_options("customers, follow-ups, promises and plans")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "md", "json", "html"]),
    help="How it is printed: for a terminal, as Markdown for a comment, as data, or as a page. "
    "Default: table on a terminal, md elsewhere.",
)
@today_option
def command(  # noqa: PLR0913  # click passes each option as an argument
    *,
    revisions: str | None,
    since: str | None,
    owner: tuple[str, ...],
    mine: bool,
    form: str | None,
    today: date | None,
) -> int:
    """Tell what a change of the records means.

    Customers new, won and lost, stages moved, follow-ups by person, promises made, kept and missed,
    plans moved, and new problems. RANGE is A..B for two revisions of git, A...B for what B has
    changed since it left A, or A for what the working tree has changed since; without it that is
    what is not committed yet.
    """
    if revisions is not None and since is not None:
        raise UsageError(Message("give either RANGE or --since, not both"))
    day = load_day(today, checked=False)
    library = day.library
    wording = Wording(library.config)
    owners = OwnerFilter(owner, library, mine=mine)
    if since is None:
        found = read_range(library, _HEAD if revisions is None else revisions, day.today)
    else:
        found = read_since(library, since, day.today)
    changes = changes_of(found).of(owners.takes)
    form = form or ("table" if is_terminal(sys.stdout) else "md")
    if form == "json":
        data = changes_json(found, changes, library.config)
        print_bytes(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    else:
        report = report_of(found, changes, wording)
        if form == "table":
            click.echo(lines_of(report), nl=False)
        else:
            print_bytes(markdown_of(report) if form == "md" else html_of(report))
    tell_of_gaps(day, wording)
    return 0
