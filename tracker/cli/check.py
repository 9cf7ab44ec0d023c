"""`tracker check`: what is wrong in the workspace."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.context import (
    Cell,
    Column,
    ExitCode,
    Invocation,
    example,
    is_terminal,
    load_records,
    print_bytes,
    print_data,
    print_table,
    today_option,
    wants_colour,
    workspace,
)
from tracker.config import CONFIG_NAME
from tracker.errors import UsageError, WorkspaceNotFoundError
from tracker.library.record_paths import shown_path
from tracker.processes import default_jobs
from tracker.reporters.report import Report
from tracker.rules.checking import Checked, check_workspace
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.diagnostics import Diagnostic

_FOR_PROGRAMS = ("json", "github", "sarif")


@click.command(
    epilog=example(
        "tracker check",
        "tracker check records/acme.md --strict",
        "tracker check --format github",
        "tracker check --since origin/main",
        "tracker check --codes",
    )
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", *_FOR_PROGRAMS]),
    default="text",
    show_default=True,
    help="How problems are printed; github makes annotations in a workflow, sarif is for code "
    "scanning.",
)
@click.option(
    "--since",
    metavar="WHEN",
    help="Check how the records were changed too, since a revision of git, a day, or a time such "
    "as 'last week' or 7天前.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--codes", is_flag=True, help="List what can be found, and exit.")
@today_option
def command(  # noqa: PLR0913  # click passes each option as an argument
    *,
    paths: tuple[str, ...],
    form: str,
    today: date | None,
    since: str | None,
    strict: bool,
    codes: bool,
) -> int:
    """Check the records.

    Prints each problem with its place, the line, and how to mend it. PATH, a record or a folder,
    limits what is reported; all records are read all the same, and all are meant by tracker.yaml.
    Exits with 1 where there are errors. How serious each code is can be set under rules: in
    tracker.yaml.

    --since adds the rules about changes: a stage changed without a dated section that says so or
    past another one, follow-ups rewritten or removed, due days moved without a word, and records
    deleted.
    """
    if codes:
        if paths:
            raise UsageError(Message("--codes takes no PATH"))
        return _print_codes(form)
    invocation = Invocation.current()
    checked = check_workspace(workspace(), today, cached=invocation.cached, jobs=default_jobs())
    changed = _of_changes(since, checked.today) if since is not None else ()
    named = _named(paths, checked, {each.path for each in changed})
    report = _report(checked, changed, named, form)
    if form == "text":
        click.echo("".join(_for_people(report, checked.config.language)), nl=False)
    else:
        print_bytes("".join(_for_programs(report, checked.config.language, form)))
    failed = report.errors or (strict and report.warnings)
    return ExitCode.PROBLEMS if failed else ExitCode.OK


# --- How it is reported -----------------------------------------------------------------------


def _for_people(report: Report, language: str) -> Iterator[str]:
    # Imported late, as for programs: a check needs one of these forms.
    from tracker.reporters import text

    width = shutil.get_terminal_size().columns if is_terminal(sys.stdout) else text.DEFAULT_WIDTH
    colour = wants_colour(sys.stdout)
    return text.render(report, translations(language), colour=colour, width=width)


def _for_programs(report: Report, language: str, form: str) -> Iterator[str]:
    # Imported late: SARIF comes with the documentation of all rules.
    from tracker.reporters import github, json, sarif

    render = {"json": json.render, "github": github.render, "sarif": sarif.render}[form]
    return render(report, translations(language))


# --- What is reported -------------------------------------------------------------------------


def _of_changes(since: str, today: date) -> tuple[Diagnostic, ...]:
    """Return what is wrong in how the records were changed.

    Raises:
        UsageError: There is no such revision or day.
        TrackerError: Git cannot tell.
    """
    # Imported late: most checks compare with no earlier state.
    from tracker.library.revisions import read_since
    from tracker.rules.diagnose import diagnose_changes

    return diagnose_changes(read_since(load_records(), since, today).comparison)


def _report(
    checked: Checked, changed: Sequence[Diagnostic], named: set[str] | None, form: str
) -> Report:
    root = checked.root
    found = checked.diagnostics(named)
    if changed:
        found += [each for each in changed if named is None or each.path in named]
        found.sort(key=lambda each: each.sort_key)

    return Report(
        found,
        sum(named is None or path in named for path in checked.paths),
        checked.line_of,
        _folder(root, form),
    )


def _folder(root: Path, form: str) -> str:
    """Return where the workspace lies, seen from where the paths of a format are read."""
    base = Path.cwd()
    if form in {"github", "sarif"}:
        base = Path(os.environ.get("GITHUB_WORKSPACE") or root).resolve()
        if not root.is_relative_to(base):
            return ""
    try:
        folder = Path(os.path.relpath(root, base)).as_posix()
    except ValueError:  # On Windows, another drive.
        return root.as_posix()
    return "" if folder == "." else folder


def _named(paths: tuple[str, ...], checked: Checked, gone: set[str]) -> set[str] | None:
    """Return the paths in the workspace that are meant; None for all.

    Args:
        paths: As they were written.
        checked: The workspace.
        gone: Further paths, of records that there may be no more.

    Raises:
        UsageError: One of the paths is no record and holds none.
    """
    if not paths:
        return None
    known = {CONFIG_NAME, *checked.paths, *gone}
    named: set[str] = set()
    for path in paths:
        meant = _in_workspace(path, checked.root)
        found = meant & known
        if not found:
            folders = [f"{each}/" if each else "" for each in meant]
            found = {each for each in known for folder in folders if each.startswith(folder)}
        if not found:
            is_there = any(place.exists() for place in (Path(path), checked.root / path))
            raise UsageError(
                Message("{path} is no record, and holds none", {"path": path})
                if is_there
                else Message("there is no file {name}", {"name": path})
            )
        named |= found
    # What a setting changes shows in the records.
    return None if CONFIG_NAME in named else named


def _in_workspace(path: str, root: Path) -> set[str]:
    """Return the paths in the workspace that a text may mean, seen from here and from the root."""
    places = {Path(os.path.normpath(base / path)) for base in (Path.cwd(), root)}
    return {
        "" if place == root else shown_path(root, place.relative_to(root).as_posix())
        for place in places
        if place.is_relative_to(root)
    }


# --- What can be found ------------------------------------------------------------------------


def _print_codes(form: str) -> int:
    # Imported late: most checks need neither rules nor typed settings.
    from tracker.config_file import default_config, load_config
    from tracker.rules.diagnose import OFF, severities_of
    from tracker.rules.registry import all_rules

    try:
        config = load_config(workspace())[0]
    except WorkspaceNotFoundError:
        config = default_config()
    severities = severities_of(config)
    rows = [
        {
            "code": code,
            "severity": str(severities[code] or OFF),
            "depends_on_day": rule.depends_on_day,
            "summary": rule.summary,
        }
        for code, rule in all_rules().items()
    ]
    columns = ("code", "severity", "depends_on_day", "summary")
    if form == "json":
        print_data("json", columns, rows)
        return ExitCode.OK
    if form != "text":
        raise UsageError(
            Message("--codes is printed as text or json, not as {form}", {"form": form})
        )
    say = translations(config.language).gettext
    titles = (Message("code"), Message("severity"), Message("day"), Message("summary"))
    print_table(
        [Column(title.render(say)) for title in titles],
        [
            [
                Cell(str(row["code"])),
                Cell(str(row["severity"])),
                Cell(titles[2].render(say) if row["depends_on_day"] else ""),
                Cell(say(str(row["summary"]))),
            ]
            for row in rows
        ],
    )
    return ExitCode.OK
