"""`tracker doctor`: what is wrong with a workspace or a clone, and how to mend it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.context import (
    ExitCode,
    example,
    format_option,
    print_data,
    printable,
    tell,
    wants_colour,
    workspace,
)
from tracker.config import OUTPUT_DIR
from tracker.diagnostics import Severity
from tracker.doctor.checks.leftovers import left_files
from tracker.doctor.finding import Examined
from tracker.doctor.registry import examine
from tracker.site.writer import remove_abandoned_sites
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tracker.doctor.finding import Finding

_COLUMNS = ("check", "severity", "where", "what", "why", "mend")
_SEVERITIES = {
    Severity.ERROR: (Message("error"), "red"),
    Severity.WARNING: (Message("warning"), "yellow"),
    Severity.INFO: (Message("good to know"), "blue"),
}


@click.command(
    epilog=example("tracker doctor", "tracker doctor --fix", "tracker doctor --format json")
)
@click.option("--fix", is_flag=True, help="Remove what killed commands have left, first.")
@format_option
def command(form: str, *, fix: bool) -> int:
    """Say what is wrong with this workspace or clone.

    Looks at what is around the records: the settings, files that cannot be read or that some
    systems cannot have, the repository and its settings, the merge driver, what killed commands
    left, characters, time zones, the clock, and what is installed. Each finding comes with the
    reason and the command that mends it. What is wrong in records is told by tracker check.

    Exits with 1 where anything is wrong; what is only good to know does not count.
    """
    root = workspace()
    if fix:
        _remove_leftovers(root)
    examined = Examined(root)
    say = translations(examined.config.language).gettext
    found = examine(examined)
    if form == "table":
        for code, finding in found:
            click.echo("\n".join(_lines(code, finding, say)))
    else:
        print_data(form, _COLUMNS, (_row(code, finding, say) for code, finding in found))
    wrong = sum(finding.severity is not Severity.INFO for _, finding in found)
    values = {"wrong": wrong, "known": len(found) - wrong}
    tell(Message("wrong: {wrong}; good to know: {known}", values).render(say))
    return ExitCode.PROBLEMS if wrong else ExitCode.OK


def _remove_leftovers(root: Path) -> None:
    for path in left_files(root):
        path.unlink(missing_ok=True)
    remove_abandoned_sites(root / OUTPUT_DIR)


def _row(code: str, finding: Finding, say: Callable[[str], str]) -> dict[str, object]:
    return {
        "check": code,
        "severity": str(finding.severity),
        "where": finding.where,
        "what": finding.what.render(say),
        "why": finding.why.render(say),
        "mend": finding.mend or None,
    }


def _lines(code: str, finding: Finding, say: Callable[[str], str]) -> Iterator[str]:
    """Yield the lines that tell a person of a finding."""
    name, colour = _SEVERITIES[finding.severity]
    word = name.render(say)
    if wants_colour(sys.stdout):
        word = click.style(word, fg=colour, bold=True)
    where = printable(finding.where)
    yield f"{word}: {where}: {printable(finding.what.render(say))} [{code}]"
    yield f"    {printable(finding.why.render(say))}"
    if finding.mend:
        yield f"    $ {printable(finding.mend)}"
