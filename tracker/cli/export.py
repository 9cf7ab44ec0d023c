"""`tracker export`: records in the formats of other programs."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.completion import names_of
from tracker.cli.context import Invocation, example, is_terminal, load_day, tell, today_option
from tracker.cli.filters import OwnerFilter, owner_options, unknown_word
from tracker.cli.find_customer import find_customer
from tracker.cli.query_argument import asked_for
from tracker.cli.wording import Wording, tell_of_gaps
from tracker.errors import TrackerError, UsageError
from tracker.exchange.export import FORMATS, Export, Format
from tracker.exchange.export_log import is_untouched, remember
from tracker.files import write_through
from tracker.folders import swap_folders
from tracker.text import fold, nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tracker.insight.day import Day, Standing

_FORMAT = "FORMAT"
_STDOUT = "-"


@click.command(
    epilog=example(
        "tracker export xlsx",
        "tracker export xlsx 'stage:商务谈判 owner:李雷' --output 商务谈判.xlsx",
        "tracker export csv --table followups",
        "tracker export json is:overdue > overdue.json",
    )
)
@click.argument("form", metavar=_FORMAT, type=names_of(FORMATS))
@click.argument("query", nargs=-1)
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    help="The file to write; - for stdout. Default: stdout where that is no terminal, else a file "
    "in the current folder that is named after the day.",
)
@click.option(
    "--table",
    default="",
    metavar="NAME",
    help="For csv: the table to write, such as followups or contacts. Default: customers.",
)
@click.option("--force", is_flag=True, help="Replace a file that is no export of tracker's.")
@owner_options("customers")
@today_option
def command(  # noqa: PLR0913, PLR0917  # click passes each option as an argument
    form: str,
    query: tuple[str, ...],
    output: str | None,
    table: str,
    owner: tuple[str, ...],
    today: date | None,
    *,
    force: bool,
    mine: bool,
) -> int:
    """Write the customers, or those that a QUERY asks for, in the format of another program.

    docs/export.md says what each FORMAT holds. A QUERY is one as in `tracker list`.

    A file that is there already is replaced only where it is still what an export wrote, or with
    --force. It is replaced in one step, so that nobody reads half of it.
    """
    chosen = _format(form)
    if table and not chosen.tables:
        raise UsageError(
            Message(
                "{option} is for formats that hold one table: {formats}",
                {
                    "option": "--table",
                    "formats": tuple(f.name for f in FORMATS.values() if f.tables),
                },
            )
        )
    day = load_day(today)
    owners = OwnerFilter(owner, day.library, mine=mine)
    standings = tuple(
        standing
        for standing in _asked_for(query, chosen, day)
        if owners.takes(standing.customer.owner)
    )
    suffix = _suffix(chosen, output)
    words = (*query, *(f"--owner {name}" for name in owner), *(["--mine"] if mine else []))
    export = Export(day, standings, " ".join(words), suffix, table)
    wording = Wording(day.library.config)
    if output == _STDOUT or (output is None and not chosen.folder and not is_terminal(sys.stdout)):
        _to_stdout(chosen, export)
    else:
        path = _place(output, chosen, export)
        _check_free(path, chosen, day, force=force)
        _to_path(chosen, export, path)
        if Invocation.current().cached:
            remember(day.library.root, path)
        tell(
            wording.say(
                Message("wrote {path}, customers: {count}", {"path": path, "count": len(standings)})
            )
        )
    tell_of_gaps(day, wording)
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


def _asked_for(words: Sequence[str], chosen: Format, day: Day) -> Sequence[Standing]:
    """Return the records that a query asks for; of some formats the one that is named, too.

    Raises:
        UsageError: The query cannot be read.
    """
    if chosen.one and words:
        try:
            return [day.standing_of(find_customer(day.library, " ".join(words), ask=False))]
        except UsageError:
            pass  # It names no single customer, so it is a query.
    matches = asked_for(words, day)
    return [standing for standing in day.standings if matches(standing)]


def _suffix(chosen: Format, output: str | None) -> str:
    """Return the ending that the output asks for, or the usual one of the format."""
    ending = Path(output or "").suffix.lower()
    return ending if ending in chosen.suffixes else chosen.suffixes[0]


def _place(output: str | None, chosen: Format, export: Export) -> Path:
    """Return the file or folder to write."""
    if output is not None:
        path = Path(output)
        if chosen.folder or not path.is_dir():
            return path
        folder = path
    else:
        folder = Path()
    stem = export.table or chosen.stem
    if chosen.one and len(export.standings) == 1:
        stem = export.standings[0].customer.id
    return folder / f"{stem}-{export.today.isoformat()}{export.suffix}"


def _check_free(path: Path, chosen: Format, day: Day, *, force: bool) -> None:
    """See to it that nothing is replaced but what an export wrote.

    Raises:
        TrackerError: Something else is there.
        OSError: It cannot be read.
    """
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if path.is_dir() is not chosen.folder:
        raise TrackerError(
            Message("{path} is a folder", {"path": path})
            if path.is_dir()
            else Message(
                "{path} is a file, and {format} is a folder", {"path": path, "format": chosen.name}
            )
        )
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


def _to_path(chosen: Format, export: Export, path: Path) -> None:
    """Write an export to its place, in one step.

    Raises:
        OSError: The system refuses; what was there before is untouched.
    """
    writer = chosen.load()
    if not chosen.folder:
        write_through(path, lambda temporary: writer.write(export, temporary))
        return
    staging = Path(tempfile.mkdtemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent))
    try:
        writer.write(export, staging)
        staging.chmod(_folder_mode(path))
        swap_folders(staging, path)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _folder_mode(path: Path) -> int:
    """Return the permissions of a folder, or those that a new one gets."""
    if path.is_dir():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o777 & ~mask
