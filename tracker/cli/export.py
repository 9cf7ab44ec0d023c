"""`tracker export`: records in the formats of other programs."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.completion import QUERY, TABLE_NAME, names_of
from tracker.cli.context import Invocation, example, is_terminal, load_day, tell, today_option
from tracker.cli.filters import OwnerFilter, owner_options, unknown_word
from tracker.cli.find_customer import find_customer
from tracker.cli.query_argument import asked_for
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.errors import TrackerError, UsageError
from tracker.exchange.export import (
    ALARM,
    FORMATS,
    TABLE,
    TEAM,
    VCARD_VERSION,
    Export,
    Format,
)
from tracker.exchange.export_log import is_untouched, remember
from tracker.files import replacing
from tracker.text import fold, nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tracker.insight.day import Day, Standing

_FORMAT = "FORMAT"
_STDOUT = "-"
_HTML = ".html"

_SIGN_OF_QUERY = re.compile(r"[:：=＝<＜>＞≤≥]")
"""What stands between a key and its values; a text without is a name, or a part of one."""


@click.command(
    epilog=example(
        "tracker export xlsx",
        "tracker export xlsx 'stage:商务谈判 owner:李雷' --output 商务谈判.xlsx",
        "tracker export csv --table followups",
        "tracker export json is:overdue > overdue.json",
        "tracker export form 恒达精密 --output 恒达精密.html",
    )
)
@click.argument("form", metavar=_FORMAT, type=names_of(FORMATS))
@click.argument("query", nargs=-1, type=QUERY)
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    help="The file to write; - for stdout. Default: stdout where that is no terminal, else a file "
    "in the current folder that is named after the day.",
)
@click.option(
    TABLE,
    type=TABLE_NAME,
    metavar="NAME",
    help="For csv: the table to write, such as followups or contacts. Default: customers.",
)
@click.option(
    TEAM,
    metavar="NAME",
    help="For parquet: whose part of the dataset is replaced. Default: the workspace's title.",
)
@click.option(
    ALARM,
    metavar="TIME",
    help="For ics: how long before its time a reminder sounds, such as 15m, 2h or 1d, or none. "
    "Entries without a time remind at nine in the morning. Default: 15m.",
)
@click.option(
    VCARD_VERSION,
    type=click.Choice(["4.0", "3.0"]),
    help="For vcf: the version of the cards; older phones and Outlook want 3.0. Default: 4.0.",
)
@click.option(
    "--html", is_flag=True, help="For form: a page to print in a browser instead of a workbook."
)
@click.option("--force", is_flag=True, help="Replace a file that is no export of tracker's.")
@owner_options("customers")
@today_option
def command(  # noqa: PLR0913, PLR0917  # click passes each option as an argument
    form: str,
    query: tuple[str, ...],
    output: str | None,
    table: str | None,
    team: str | None,
    alarm: str | None,
    vcard_version: str | None,
    owner: tuple[str, ...],
    today: date | None,
    *,
    html: bool,
    force: bool,
    mine: bool,
) -> int:
    """Write customers in the format of another program.

    All of them, or those that a QUERY asks for, as in `tracker list`. `tracker docs export` says
    what each FORMAT holds.

    A file that is there already is replaced only where it is still what an export wrote, or with
    --force. It is replaced in one step, so that nobody reads half of it.
    """
    chosen = _format(form)
    given = {TABLE: table, TEAM: team, ALARM: alarm, VCARD_VERSION: vcard_version}
    options = {name: value for name, value in given.items() if value is not None}
    _check_options(options, chosen)
    day = load_day(today)
    owners = OwnerFilter(owner, day.library, mine=mine)
    standings = tuple(
        standing
        for standing in _asked_for(query, chosen, day)
        if owners.takes(standing.customer.owner)
    )
    suffix = _suffix(chosen, output, html=html)
    words = (*query, *(f"--owner {name}" for name in owner), *(["--mine"] if mine else []))
    export = Export(day, standings, " ".join(words), suffix, options, force)
    wording = Wording(day.library.config)
    if output == _STDOUT or (output is None and not chosen.folder and not is_terminal(sys.stdout)):
        _to_stdout(chosen, export)
    else:
        path = _place(output, chosen, export)
        if chosen.folder:
            chosen.load().write(export, path)
        else:
            _check_free(path, day, force=force)
            with replacing(path) as temporary:
                chosen.load().write(export, temporary)
            if Invocation.current().cached:
                remember(day.library.root, path)
        tell(
            wording.say(
                Message("wrote {path}, customers: {count}", {"path": path, "count": len(standings)})
            )
        )
    tell_of_gaps(day, wording)
    if not standings:
        tell(wording.say(Message("no customer matches")))
    if broken := sum(found.broken for found in standings):
        tell(
            wording.say(
                Message(
                    "records with errors, whose wrong values are missing: {count}; "
                    "see: tracker check",
                    {"count": broken},
                )
            )
        )
    return 0


# --- What is asked for ------------------------------------------------------------------------


def _format(name: str) -> Format:
    """Return the format of a name.

    Raises:
        UsageError: There is none.
    """
    found = FORMATS.get(fold(name))
    if found is None:
        raise unknown_word(_FORMAT, name, nearest(name, FORMATS), FORMATS)
    return found


def _check_options(options: Mapping[str, str], chosen: Format) -> None:
    """See to it that a format has the options that were given.

    Raises:
        UsageError: It does not have one of them.
    """
    for name in options:
        if name not in chosen.options:
            formats = tuple(each.name for each in FORMATS.values() if name in each.options)
            raise UsageError(
                Message(
                    "{option} is not for {format} but for: {formats}",
                    {"option": name, "format": chosen.name, "formats": formats},
                )
            )


def _asked_for(words: Sequence[str], chosen: Format, day: Day) -> Sequence[Standing]:
    """Return the records that a query asks for; of some formats the one that is named, too.

    Raises:
        UsageError: The query cannot be read; or it is no more than a name, and nobody has it.
    """
    text, not_one = " ".join(words), None
    if chosen.one and words:
        try:
            return [day.standing_of(find_customer(day.library, text, ask=False))]
        except UsageError as error:
            if not text.strip():
                raise  # As a query it would ask for all, where a variable of the shell is not set.
            not_one = error  # It names no single customer, so it may be a query.
    matches = asked_for(words, day)
    found = [standing for standing in day.standings if matches(standing)]
    if not_one and not found and not _SIGN_OF_QUERY.search(text):
        raise not_one
    return found


def _suffix(chosen: Format, output: str | None, *, html: bool) -> str:
    """Return the ending that is asked for, or the usual one of the format.

    Raises:
        UsageError: The format has no pages to print.
    """
    if html:
        if _HTML not in chosen.suffixes:
            raise UsageError(
                Message("{format} has no {option}", {"format": chosen.name, "option": "--html"})
            )
        return _HTML
    ending = Path(output or "").suffix.lower()
    return ending if ending in chosen.suffixes else chosen.suffixes[0]


def _place(output: str | None, chosen: Format, export: Export) -> Path:
    """Return the file or folder to write."""
    if chosen.folder:
        return Path(output or chosen.stem)
    if output is not None:
        path = Path(output)
        if not path.is_dir():
            return path
        folder = path
    else:
        folder = Path()
    stem = export.table or chosen.stem
    if chosen.one and len(export.standings) == 1:
        stem = export.standings[0].customer.id
    return folder / f"{stem}-{export.today.isoformat()}{export.suffix}"


def _check_free(path: Path, day: Day, *, force: bool) -> None:
    """See to it that nothing is replaced but what an export wrote.

    Raises:
        TrackerError: Something else is there.
        OSError: It cannot be read.
    """
    if not path.exists():
        return
    if path.is_dir():
        raise TrackerError(Message("{path} is a folder", {"path": path}))
    if not force and not is_untouched(day.library.root, path):
        raise TrackerError(
            Message(
                "{path} is there already, and is not what an export wrote; nothing was touched: "
                "choose another file with --output, or replace it with --force",
                {"path": path},
            )
        )


# --- Writing ----------------------------------------------------------------------------------


def _to_stdout(chosen: Format, export: Export) -> None:
    """Write an export to stdout.

    Raises:
        UsageError: The format is no text, and a person looks; or it is a folder.
    """
    if chosen.folder or (chosen.binary and is_terminal(sys.stdout)):
        raise UsageError(
            Message("{format} cannot be written to stdout; name a file", {"format": chosen.name})
        )
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        path = Path(folder) / f"export{export.suffix}"
        path.touch()
        chosen.load().write(export, path)
        sys.stdout.flush()
        with path.open("rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)
        sys.stdout.buffer.flush()
