"""What the commands that write records share: days in words, refusals, and telling what changed."""

from __future__ import annotations

import difflib
import os
import shlex
import shutil
import sys
from collections import Counter
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING

import click

from tracker.cli.context import is_terminal, print_bytes, printable, tell, wants_colour
from tracker.cli.filters import unknown_person
from tracker.day_words.reading import read_when
from tracker.diagnostics import FILE_START, Problem, in_file
from tracker.errors import TrackerError, UsageError
from tracker.format.assignment import read_assignment, way_to
from tracker.format.day_resolution import written
from tracker.format.editor import set_value
from tracker.library.library import Entry, Library
from tracker.library.status import status_of
from tracker.reporters import text as text_report
from tracker.reporters.report import Report, lines_of
from tracker.rules.diagnose import Checker
from tracker.schema import Kind
from tracker.text import fold, nearest, with_whole_part
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from tracker.config import Config
    from tracker.day_words.when import When
    from tracker.diagnostics import Diagnostic
    from tracker.format.assignment import Way
    from tracker.format.day_resolution import Understood
    from tracker.format.editor import RecordFile
    from tracker.schema import Field

_NO_BREAK = "\\ No newline at end of file"
"""What diff writes below a line that ends the file without a line break."""

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would change, and write nothing."
)


class RecordProblemError(TrackerError):
    """A problem in a record keeps it from being edited; exit code 1."""

    exit_code = 1


def refused(problem: Problem, path: str = "") -> TrackerError:
    """Return the error of an edit that is not made.

    Args:
        problem: Why.
        path: The record, where the problem stands in it; empty for a wrong argument.
    """
    problem = in_file(problem, path) if path else problem
    sentence = Message("{message}; {hint}", {"message": problem.message, "hint": problem.hint})
    reason = sentence if problem.hint else problem.message
    if not path:
        return UsageError(reason)
    place = f"{path}:{problem.span.line}:{problem.span.column}"
    return RecordProblemError(
        Message(
            "{place}: {reason} [{code}]; nothing was written",
            {"place": place, "reason": reason, "code": problem.code},
        )
    )


# --- Values -----------------------------------------------------------------------------------


def team_time(config: Config, today: date | None) -> datetime:
    """Return the wall clock of the team, on the day that is taken for today."""
    now = datetime.now(config.timezone).replace(tzinfo=None, second=0, microsecond=0)
    return now if today is None else datetime.combine(today, now.time())


def past_moment(text: str, now: datetime, option: str) -> When:
    """Read a moment of the command line at which something was done.

    Raises:
        UsageError: It is none.
    """
    found = read_when(text, now, past=True)
    if isinstance(found, Message):
        raise UsageError(Message("{option}: {reason}", {"option": option, "reason": found}))
    return found


def value_of(field: Field, text: str, config: Config, now: datetime) -> str:
    """Return a value as it is to be written: a day in words is written out, and told.

    Raises:
        UsageError: It names somebody who is not among the settings' owners.
    """
    if field.kind is Kind.DATE and text:
        when = read_when(text, now)
        if not isinstance(when, Message):
            if text != when.date.isoformat():
                tell_understood([(text, when)], config)
            return when.date.isoformat()
    if field.kind is Kind.OWNER and text:
        return known_owner(text, config, field.key)
    return text


def known_owner(text: str, config: Config, option: str) -> str:
    """Return the name of a salesperson as the settings have it.

    Raises:
        UsageError: The settings name owners, and not this one.
    """
    if config.owners.find(text) or not len(config.owners):
        return config.owner_name(text)
    names = [owner.label for owner in config.owners]
    if len(with_whole_part(text, names)) > 1:
        raise unknown_person(option, text, names)
    near = nearest(text, names)
    values = {"option": option, "name": text, "near": near, "names": tuple(names)}
    raise UsageError(
        Message("{option}: ‘{name}’ is not one of owners; did you mean ‘{near}’?", values)
        if near
        else Message(
            "{option}: ‘{name}’ is not one of owners: {names}; add the name to tracker.yaml first",
            values,
        )
    )


def person_at_work(library: Library) -> str | None:
    """Return which owner works here, by git; None where that is none of them.

    Where the settings name no owners, those of records are the owners; where these name none
    either, whoever works here is the first.
    """
    config = library.config
    # Imported late: asking git takes a process of its own.
    from tracker.library.git import git_person

    name, email = git_person(library.root)
    for owner in config.owners:
        if email and owner.email and owner.email.casefold() == email.casefold():
            return owner.label
    if not name:
        return None
    if not len(config.owners):
        named = {customer.owner for customer in library.customers if customer.owner}
        return next(
            (other for other in named if fold(other) == fold(name)), None if named else name
        )
    found = config.owners.find(name)
    return found.label if found else None


def assigned(
    file: RecordFile, assignments: Sequence[str], config: Config, now: datetime
) -> RecordFile:
    """Return a file with assignments carried out, one after the other.

    Args:
        file: The record's file.
        assignments: `key=value`, `key+=value` or `key-=value`.
        config: The workspace's settings.
        now: The team's local time, for days in words.

    Raises:
        UsageError: An assignment makes no sense.
        RecordProblemError: Something in the file keeps it from being edited.
    """
    for text in assignments:
        assignment = read_assignment(text)
        if isinstance(assignment, Problem):
            raise refused(assignment)
        way = _way_to(assignment.key, config)
        if isinstance(way, Problem):
            raise refused(way)
        value = value_of(way[-1].field, assignment.value, config, now)
        after = set_value(file, config, way, assignment.operation, value)
        if isinstance(after, Problem):
            raise refused(after, "" if after.span == FILE_START else file.path)
        file = after
    return file


def _way_to(key: str, config: Config) -> Way | Problem:
    """Return the fields that a dotted key names, also by a name that only queries have for them."""
    way = way_to(key, config)
    if not isinstance(way, Problem) or way.code != "unknown-key":
        return way
    # Imported late: most fields are named as records name them.
    from tracker.library.query.columns import field_named

    first, *rest = key.split(".")
    field = field_named(first)
    return way_to(".".join((field, *rest)), config) if field else way


def edit_file(path: Path) -> None:
    """Open the person's editor on a file, and wait until it is closed.

    Raises:
        TrackerError: There is none, or it failed.
    """
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or None
    editor = named
    if named and shutil.which(named):
        # The path of a program alone, which may have blanks.
        editor = shlex.quote(named)
    elif named and os.name == "nt":
        # It is parted as a shell of POSIX does, to which a backslash is no part of a path.
        editor = named.replace("\\", "/")
    try:
        click.edit(filename=str(path), editor=editor)
    except (click.ClickException, ValueError) as error:
        usual = str(error).partition(": Editing failed")[0]
        raise TrackerError(
            Message(
                "the editor {editor} failed; VISUAL or EDITOR can name another one",
                {"editor": named or usual},
            )
        ) from error


# --- Telling ----------------------------------------------------------------------------------


def tell_understood(found: Iterable[tuple[str, When] | Understood], config: Config) -> None:
    """Say on stderr which day and time words were taken for."""
    # Imported late: babel takes longer to load than most edits take to run.
    from babel.dates import format_date

    say = translations(config.language).gettext
    for one in found:
        words, when = one if isinstance(one, tuple) else (one.words, one.when)
        weekday = format_date(when.date, "EEEE", locale=config.language)
        message = Message(
            "{words}: {moment}, {weekday}",
            {"words": words, "moment": written(when), "weekday": weekday},
        )
        tell(message.render(say))


def print_difference(before: str, after: str, path: str) -> None:
    """Print what an edit changes as a unified diff, which git and patch can carry out."""
    colour = wants_colour(sys.stdout)
    terminal = is_terminal(sys.stdout)
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    for line in lines:
        if not terminal:
            print_bytes(line if line.endswith("\n") else f"{line}\n{_NO_BREAK}\n")
            continue
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[0]) if colour else None
        click.secho(printable(line.rstrip("\r\n")), fg=style)


def _lines(text: str) -> list[str]:
    r"""Return the lines of a text, parted at `\n` alone, as git parts them."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def new_problems(
    root: Path, config: Config, before: RecordFile | None, after: RecordFile, today: date
) -> tuple[Diagnostic, ...]:
    """Return what is wrong in a record after an edit and was not before.

    Of problems in the same words so many are new as there are more of them than before: those below
    a heading that had none of them. Only what the record alone can tell; `tracker check` looks at
    all of them together.
    """
    found = _diagnostics(root, config, after, today)
    if before is None:
        return found
    old = _with_headings(before, _diagnostics(root, config, before, today))
    places = Counter((heading, _told_as(one)) for heading, one in old)
    kinds = Counter(_told_as(one) for _, one in old)
    elsewhere = []
    for heading, one in _with_headings(after, found):
        place = heading, _told_as(one)
        if places[place]:
            places[place] -= 1
            kinds[_told_as(one)] -= 1
        else:
            elsewhere.append(one)
    new = []
    for one in elsewhere:
        if kinds[_told_as(one)]:
            kinds[_told_as(one)] -= 1
        else:
            new.append(one)
    return tuple(new)


def _told_as(diagnostic: Diagnostic) -> tuple[str, str]:
    return diagnostic.code, str(diagnostic.problem.message)


def _with_headings(
    file: RecordFile, diagnostics: Iterable[Diagnostic]
) -> list[tuple[str, Diagnostic]]:
    """Return each diagnostic with the heading it stands below; empty for the front matter."""
    headings = list(
        accumulate(
            file.text.split("\n"),
            lambda heading, line: line if line.startswith("#") else heading,
            initial="",
        )
    )
    return [(headings[min(one.problem.span.line, len(headings) - 1)], one) for one in diagnostics]


def _diagnostics(
    root: Path, config: Config, file: RecordFile, today: date
) -> tuple[Diagnostic, ...]:
    entry = Entry(file.path, file.text, file.customer, file.problems)
    library = Library(root, config, (entry,))
    status = status_of(file.customer, config, today)
    found = Checker(config).entry(entry, status, library, today)
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key))


def tell_problems(diagnostics: tuple[Diagnostic, ...], after: RecordFile, config: Config) -> None:
    """Print on stderr what is wrong in a record as it is now."""
    if not diagnostics:
        return
    report = Report(diagnostics, 1, lines_of(after.text))
    parts = list(
        text_report.render(report, translations(config.language), colour=wants_colour(sys.stderr))
    )
    for part in parts[:-1]:
        click.echo(part, nl=False, err=True, color=wants_colour(sys.stderr))
