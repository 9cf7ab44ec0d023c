"""What the commands share: the workspace, the day, and the forms in which results are printed.

`tracker --help` loads this module, so nothing slow is imported at its top.
"""

from __future__ import annotations

import os
import re
import sys
from datetime import date, datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click
from msgspec import Struct

from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Literal

    from rich.console import Console

    from tracker.config import Config
    from tracker.insight.day import Day
    from tracker.library.library import Library

LIST_SEPARATOR = "; "
"""Between the items of a list in one cell."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_UNLIMITED_WIDTH = 1_000_000


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    PROBLEMS = 1
    """There are problems in the records."""
    WRONG_USE = 2
    FAILED = 3
    """The work could not be done."""
    INTERRUPTED = 130


class Invocation(Struct):
    """What holds for the whole run; the `obj` of click's context.

    Attributes:
        debug: Whether an error shows its traceback.
        cached: Whether records that have not changed are taken from the cache.
    """

    debug: bool = False
    cached: bool = True

    @classmethod
    def current(cls) -> Invocation:
        """Return that of the command that runs; a new one where none does."""
        context = click.get_current_context(silent=True)
        return (context.find_object(cls) if context else None) or cls()


# --- Workspace and day ------------------------------------------------------------------------


def workspace() -> Path:
    """Return the workspace of the current folder, which `-C DIR` has set.

    Raises:
        WorkspaceNotFoundError: There is none.
    """
    # Imported late: typing the settings takes pydantic, for which `--help` should not wait.
    from tracker.config import find_workspace

    return find_workspace(Path.cwd())


def current_day(config: Config) -> date:
    """Return the day that it is now where the team is."""
    return datetime.now(config.timezone).date()


def load_records() -> Library:
    """Read the workspace of the current folder.

    Raises:
        WorkspaceNotFoundError: There is no workspace here.
        OSError: The records cannot be listed.
    """
    # Imported late: reading records takes most of the dependencies, `--help` takes none.
    from tracker.library.loader import load_library
    from tracker.processes import default_jobs

    return load_library(workspace(), cached=Invocation.current().cached, jobs=default_jobs())


def load_day(today: date | None, *, checked: bool = True) -> Day:
    """Read the workspace of the current folder, and work out what it means on a day.

    Args:
        today: The day; None for the one that it is now.
        checked: Whether problems and stage changes in git are wanted; it is quicker without.

    Raises:
        WorkspaceNotFoundError: There is no workspace here.
        OSError: The records cannot be listed.
    """
    # Imported late, as for reading records.
    from tracker.insight.day import day_of

    library = load_records()
    return day_of(
        library,
        today or current_day(library.config),
        checked=checked,
        cached=Invocation.current().cached,
    )


class InvalidValueError(click.BadParameter):
    """A value of the command line is none that its parameter takes.

    Attributes:
        reason: Why, in any language.
    """

    def __init__(
        self, reason: Message, param: click.Parameter | None, ctx: click.Context | None
    ) -> None:
        super().__init__(str(reason), ctx, param)
        self.reason = reason


class DayType(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """A day in one of its three written forms."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day that a text means.

        Raises:
            InvalidValueError: It means none.
        """
        if isinstance(value, date):
            return value
        # Imported late: most command lines name no day.
        from tracker.dates import read_date

        found = read_date(str(value).strip())
        if isinstance(found, Message):
            raise InvalidValueError(found, param, ctx)
        return found


today_option = click.option(
    "--today",
    type=DayType(),
    metavar="DATE",
    help="Take DATE for today: 2026-11-20, 2026/11/20 or 2026年11月20日. "
    "Default: the day that it is in the workspace's time zone.",
)

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "jsonl", "csv"]),
    default="table",
    show_default=True,
    help="How rows are printed.",
)


def example(*lines: str) -> str:
    """Return the end of a command's help: how it is called, line by line as written."""
    heading = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join(["\b", heading, *(f"  {line}" for line in lines)])


# --- Terminals --------------------------------------------------------------------------------


def prepare_streams() -> None:
    """See to it that printing never raises because of a character.

    Pipes and files get UTF-8 whatever the system's code page is, unless PYTHONIOENCODING asks
    for something else. A terminal keeps its encoding, and shows `?` for what it does not have.
    A stream that whoever started the program has closed (`>&-`, a program without a console on
    Windows) leads nowhere.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123  # open to the end
    asked = os.environ.get("PYTHONIOENCODING", "").partition(":")[0]
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if is_terminal(stream):
            reconfigure(errors="replace")
        elif asked:
            reconfigure(errors="backslashreplace")
        else:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def text_from_stdin() -> str:
    """Return all that comes on stdin.

    What is no terminal is read as UTF-8, as printing writes it, unless PYTHONIOENCODING asks for
    something else: the system's code page would turn a text into another one without a word.

    Raises:
        UsageError: It is in another encoding.
    """
    # Imported late: most commands read nothing.
    from tracker.errors import UsageError
    from tracker.text_files import likely_encoding

    if is_terminal(sys.stdin):
        return sys.stdin.read()
    data = sys.stdin.buffer.read()
    asked = os.environ.get("PYTHONIOENCODING", "").partition(":")[0]
    try:
        text = data.decode(asked or "utf-8-sig")
    except UnicodeDecodeError:
        likely = None if asked else likely_encoding(data)
        raise UsageError(
            Message(
                "the text on stdin is not UTF-8; it looks like {encoding}: save it as UTF-8, "
                "or set PYTHONIOENCODING={encoding}",
                {"encoding": likely},
            )
            if likely
            else Message("the text on stdin is not {encoding}", {"encoding": asked or "UTF-8"})
        ) from None
    return text.replace("\r\n", "\n")


def is_terminal(stream: TextIO) -> bool:
    """Tell whether a person looks at the stream; a closed one has nobody."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def wants_colour(stream: TextIO) -> bool:
    """Tell whether a stream may be coloured: a terminal that can, and no NO_COLOR."""
    return (
        is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def tell(message: str) -> None:
    """Print a line for the person at the keyboard, on stderr."""
    click.echo(message, err=True, color=wants_colour(sys.stderr))


def printable(text: str) -> str:
    """Return the text without characters that would command the terminal.

    Records come from many hands: none of them may move the cursor or change the title.
    """
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


# --- Rows -------------------------------------------------------------------------------------


class Column(Struct, frozen=True):
    """A column of a printed table; numbers stand at the right."""

    title: str
    numeric: bool = False


class Cell(Struct, frozen=True):
    """A cell of a printed table; the style is a name of rich's, such as `red`."""

    text: str
    style: str = ""


def print_data(form: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Print rows for programs, always in UTF-8 where no terminal is.

    Args:
        form: `json` (an array), `jsonl` (an object a line) or `csv` (RFC 4180, with a header).
        columns: The keys that are printed, in their order.
        rows: Texts, numbers, booleans, lists of texts, and None for what is absent.
    """
    # Imported late: `--help` prints no rows.
    import csv
    import io
    import json

    chosen = ({column: row[column] for column in columns} for row in rows)
    if form == "json":
        print_bytes(json.dumps(list(chosen), ensure_ascii=False, indent=2) + "\n")
    elif form == "jsonl":
        print_bytes("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in chosen))
    else:
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([plain_cell(value) for value in row.values()] for row in chosen)
        print_bytes(stream.getvalue())


def plain_cell(value: object) -> str:
    """Return a value as one cell: lists in a row, `true` and `false`, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return LIST_SEPARATOR.join(map(str, value))
    return str(value)


def print_bytes(text: str) -> None:
    """Print the result for a program: UTF-8, line breaks untouched, unless a person looks."""
    if is_terminal(sys.stdout):
        click.echo(text, nl=False)
    else:
        # A file name that is no text comes as lone surrogates: written escaped, as in JSON.
        click.echo(text.encode("utf-8", "backslashreplace"), nl=False)


def stdout_console() -> Console:
    """Return what lays text out for stdout: as wide as the terminal, else without an end."""
    # Imported late: rich takes longer to load than most commands take to run.
    from rich.console import Console

    terminal = is_terminal(sys.stdout)
    colour = wants_colour(sys.stdout)
    return Console(
        file=sys.stdout,
        force_terminal=terminal,
        color_system="auto" if colour else None,
        no_color=not colour,
        width=None if terminal else _UNLIMITED_WIDTH,
        highlight=False,
    )


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """Print a table: fitted to a terminal, else as wide as its content, nothing cut off.

    A terminal too narrow for its columns gets the rows below one another, a line a column.
    """
    # Imported late: rich takes longer to load than most commands take to run.
    from rich.table import Table
    from rich.text import Text

    # Imported late: most commands print no table.
    from tracker.cli.table_widths import GAP, fitted_widths, padded

    terminal = is_terminal(sys.stdout)
    colour = wants_colour(sys.stdout)
    console = stdout_console()
    shown = [[Text(printable(cell.text), cell.style) for cell in row] for row in rows]
    widths = fitted_widths(
        [column.title for column in columns],
        [column.numeric for column in columns],
        [[text.plain for text in row] for row in shown],
        console.width,
    )
    with console.capture() as capture:
        if widths is None:
            labels = padded([column.title for column in columns])
            for number, row in enumerate(shown, start=1):
                console.print(Text(f"- {number} -", "bold"))
                for label, text in zip(labels, row, strict=True):
                    console.print(Text.assemble((label, "dim"), text), overflow="fold")
        else:
            table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
            for column, width in zip(columns, widths, strict=True):
                justify: Literal["left", "right"] = "right" if column.numeric else "left"
                table.add_column(
                    Text(column.title),
                    justify=justify,
                    no_wrap=not terminal,
                    overflow="fold",
                    width=width if terminal else None,
                )
            for row in shown:
                table.add_row(*row)
            console.print(table)
    printed = capture.get()
    if not colour:
        printed = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    click.echo(printed, nl=False)
