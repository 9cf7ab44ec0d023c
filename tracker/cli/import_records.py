"""`tracker import`: customers and follow-ups out of workbooks, CSV, cards and JSON lines."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from tracker.cli.completion import OWNER
from tracker.cli.context import (
    ExitCode,
    current_day,
    example,
    is_terminal,
    load_records,
    tell,
    today_option,
)
from tracker.cli.editing import known_owner, person_at_work
from tracker.cli.import_report import ImportReport
from tracker.errors import UsageError
from tracker.exchange.intake.contributions import Policy, Unfit
from tracker.exchange.intake.identity import DEFAULT_KEY, KEYS
from tracker.exchange.intake.mapping import (
    Choices,
    check_columns,
    mapping_file,
    mapping_text,
    read_choices,
    with_assignments,
    words_given,
)
from tracker.exchange.intake.planner import Choice, plan_import
from tracker.exchange.intake.rejects import rejects_file, write_rejects
from tracker.exchange.intake.source import read_sheets, understand
from tracker.exchange.intake.targets import Targets
from tracker.exchange.intake.writing import write_plan
from tracker.files import write_atomically
from tracker.format.conversion import encoding_name
from tracker.text import fold, nearest
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tracker.config import Config
    from tracker.exchange.intake.plan import Plan
    from tracker.exchange.intake.source import Source
    from tracker.library.library import Library

ASKED_FROM = 20
"""Records that are written without a question on a terminal, at most."""


class Options(Struct, frozen=True):
    """The options of one call; see the command's help."""

    file: Path
    columns: tuple[str, ...]
    words: tuple[str, ...]
    mapping: Path | None
    sheets: tuple[str, ...]
    key: str | None
    owner: str | None
    unfit: str
    encoding: str | None
    rejects: Path | None
    form: str
    today: date | None
    day_first: bool | None
    overwrite: bool
    similar: bool
    keep_columns: bool
    dry_run: bool
    rows: bool
    yes: bool


@click.command(
    epilog=example(
        "tracker import 客户.xlsx --dry-run",
        "tracker import leads.csv --map 'Firm=name' --owner 'Li Lei'",
        "tracker import crm-export.xlsx --key name --overwrite --yes",
    )
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Where a column goes: a field such as name, contacts.phone, followup.date; note for a "
    "note of the record; - for nowhere.",
)
@click.option(
    "--word",
    "words",
    multiple=True,
    metavar="WORD=MEANING",
    help="What a word of the file means: a word of the team's vocabulary.",
)
@click.option(
    "--mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where columns and words are remembered. Default: imports/NAME.map.yaml.",
)
@click.option("--sheet", "sheets", multiple=True, metavar="NAME", help="A sheet to take.")
@click.option(
    "--key",
    metavar="FIELD",
    help="What tells a customer that is there already: id, name, phone, email or another field. "
    "Default: the id where the row has one, else the name.",
)
@click.option(
    "--owner",
    metavar="NAME",
    type=OWNER,
    help="Who is responsible for new customers whose rows name nobody. Default: you, by git.",
)
@click.option("--overwrite", is_flag=True, help="Replace values that differ, instead of keeping.")
@click.option(
    "--similar", is_flag=True, help="Begin customers that are most likely there already, too."
)
@click.option(
    "--unfit",
    type=click.Choice([unfit.value for unfit in Unfit]),
    default=Unfit.NOTE.value,
    show_default=True,
    help="What becomes of a text that its field does not take, such as an unknown word: a note of "
    "the record, the value as it is (an error of tracker check), or the row is rejected.",
)
@click.option(
    "--keep-columns", is_flag=True, help="Keep columns that no field takes as notes of the record."
)
@click.option("--encoding", metavar="NAME", help="What a text file is in. Default: told by itself.")
@click.option(
    "--day-first/--month-first",
    "day_first",
    default=None,
    help="What 3/5/2026 means, where the column does not tell by itself.",
)
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where rows go that cannot be taken. Default: beside the source, NAME.rejected.csv or "
    ".xlsx.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("--rows", is_flag=True, help="Show what becomes of every row.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before writing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How the result is printed.",
)
@today_option
def command(**given: object) -> int:
    """Take customers, contacts and follow-ups out of a file.

    FILE is a workbook (xlsx, xls, ods), CSV or TSV in any usual encoding, cards (vcf) or JSON
    lines. Tables of customers, logs with a follow-up a row, the classic form with a customer a
    sheet, and workbooks of tracker export xlsx are told apart by themselves. Columns are matched
    by their headings, in Chinese or English; what is matched is shown and remembered.

    New customers get records. Of known ones, empty values are filled in and follow-ups added where
    they are not there; what differs stays unless --overwrite is given. Running it twice changes
    nothing the second time. Rows that cannot be taken go to a file with the reasons, and the exit
    code is 1.
    """
    return _run(Options(**given))  # type: ignore[arg-type]  # click passes what the options declare


def _run(options: Options) -> int:
    library = load_records()
    config = library.config
    targets = Targets(config)
    saved_in = options.mapping or mapping_file(library.root, options.file)
    choices = with_assignments(read_choices(saved_in), options.columns, options.words, targets)
    sheets = read_sheets(options.file, _encoding(options.encoding))
    source = understand(sheets, config, choices, options.sheets)
    if source.titles:
        check_columns(options.columns, source.titles)
    if absent := source.absent_words(words_given(options.words)):
        message = Message("--word: no cell of the file is {words}", {"words": absent})
        tell(message.render(translations(config.language).gettext))
    plan = _plan(options, source, choices, library)
    rejects = options.rejects or rejects_file(options.file)
    report = ImportReport(config, source, plan, options.file, _from_here(saved_in), rejects)
    if not source.is_understood:
        report.print(options.form, dry_run=True, rows=options.rows)
        raise UsageError(
            Message(
                "no heading of {file} is known, and nothing was written; say where its columns go "
                "with --map 'COLUMN=FIELD'",
                {"file": options.file},
            )
        )
    if not plan.rows:
        report.print(options.form, dry_run=options.dry_run, rows=False)
        return ExitCode.OK
    if not options.dry_run:
        if not _agreed(options, plan, report):
            return ExitCode.OK
        with _counted(config) as progress:
            _remember(saved_in, source, choices, config)
            _write(library.root, plan, report, progress)
        if plan.rejected:
            day = options.today or current_day(config)
            write_rejects(rejects, plan.rejected, source.rows(), report.say, day)
    report.print(options.form, dry_run=options.dry_run, rows=options.rows)
    if options.dry_run and options.form != "json":
        tell(report.say(Message("nothing was written")))
    return ExitCode.PROBLEMS if plan.rejected else ExitCode.OK


def _write(
    root: Path, plan: Plan, report: ImportReport, progress: Callable[[int, int], None]
) -> None:
    """Write the records, and tell how many there are where the system refuses one.

    Raises:
        OSError: It did.
    """
    written = 0

    def count(done: int, total: int) -> None:
        nonlocal written
        written = done
        progress(done, total)

    try:
        write_plan(root, plan, count)
    except OSError:
        values = {"count": written, "total": len(plan.records)}
        message = Message(
            "records written before that: {count} of {total}; the same command goes on with the "
            "others",
            values,
        )
        tell(report.say(message))
        raise


def _encoding(text: str | None) -> str | None:
    """Return the encoding that a person names.

    Raises:
        UsageError: There is none of that name.
    """
    name = encoding_name(text) if text else None
    if text and name is None:
        raise UsageError(
            Message(
                "--encoding: there is no encoding ‘{name}’; known are gb18030, big5, utf-16, "
                "cp1252 and others",
                {"name": text},
            )
        )
    return name


def _from_here(path: Path) -> Path:
    """Return a path as it is written from the current folder, where it lies in that."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _plan(options: Options, source: Source, choices: Choices, library: Library) -> Plan:
    config = library.config
    today = options.today or current_day(config)
    policy = Policy(Unfit(options.unfit), options.keep_columns, today, options.day_first)
    if options.owner:
        owner = known_owner(options.owner, config, "--owner")
    else:
        owner = person_at_work(library) or ""
    choice = Choice(
        today,
        _key(options.key, config),
        owner,
        overwrite=options.overwrite,
        similar=options.similar,
    )
    return plan_import(source.contributions(config, choices, policy), library, choice)


def _key(text: str | None, config: Config) -> str:
    """Return the key that a person names, in either language.

    Raises:
        UsageError: Customers cannot be told by it.
    """
    if text is None:
        return DEFAULT_KEY
    known = {fold(key): key for key in KEYS}
    for field in config.front_matter_fields:
        if not field.children:
            known.update({fold(spelling): field.key for spelling in field.spellings})
    found = known.get(fold(text))
    if found is None:
        near = nearest(text, known)
        values = {"key": text, "near": near, "known": KEYS}
        raise UsageError(
            Message("--key: ‘{key}’ is no field; did you mean ‘{near}’?", values)
            if near
            else Message("--key: ‘{key}’ is no field; take one of {known}", values)
        )
    return found


def _agreed(options: Options, plan: Plan, report: ImportReport) -> bool:
    """Ask a person at a terminal before many records are written."""
    asked = is_terminal(sys.stdin) and is_terminal(sys.stderr)
    if options.yes or not asked or len(plan.records) <= ASKED_FROM:
        return True
    report.print(options.form, dry_run=True, rows=options.rows)
    question = report.say(Message("Write {count} records?", {"count": len(plan.records)}))
    if click.confirm(question, default=False, err=True):
        return True
    tell(report.say(Message("nothing was written")))
    return False


def _remember(path: Path, source: Source, choices: Choices, config: Config) -> None:
    """Save where columns went and what words meant, for the next file of this kind."""
    columns = list(source.columns)
    if not columns:
        return
    say = translations(config.language).gettext
    comment = [
        Message("Where the columns go, for tracker import; - is nowhere.").render(say),
        Message("Fields and their names: tracker docs import").render(say),
    ]
    data = mapping_text(columns, choices.words, comment)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != data:
        write_atomically(path, data)


@contextmanager
def _counted(config: Config) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how many records are written."""
    if not is_terminal(sys.stderr):
        yield lambda _done, _total: None
        return
    # Imported late: only a terminal shows it.
    from rich.console import Console
    from rich.progress import Progress

    text = Message("Writing records").render(translations(config.language).gettext)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
