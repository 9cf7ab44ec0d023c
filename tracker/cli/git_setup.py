"""`tracker git-setup`: this clone merges and compares records by what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.context import ExitCode, example, printable, tell, workspace
from tracker.config_file import load_config
from tracker.errors import UsageError
from tracker.library.git_settings import missing, set_up, take_away
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tracker.library.git_settings import Step


@click.command(
    epilog=example("tracker git-setup", "tracker git-setup --check", "tracker git-setup --remove")
)
@click.option("--check", is_flag=True, help="Only say what is missing; exit with 1 if anything is.")
@click.option("--remove", is_flag=True, help="Undo what this command has set.")
def command(*, check: bool, remove: bool) -> int:
    """Let git merge records by what they say, in this clone.

    Sets the merge driver and what `git diff` shows above a change, and sees to it that
    .gitattributes names the records. Each clone is set up once. How merging works is told by
    `tracker docs git`.
    """
    if check and remove:
        raise UsageError(Message("give either --check or --remove"))
    root = workspace()
    say = translations(load_config(root)[0].language).gettext
    if check:
        steps = missing(root)
        _print(steps, say)
        if steps:
            tell(Message("mend this with: tracker git-setup").render(say))
            return ExitCode.PROBLEMS
        tell(Message("this clone is set up").render(say))
        return ExitCode.OK
    steps = take_away(root) if remove else set_up(root)
    _print(steps, say)
    if not steps:
        done = Message("there is nothing to undo") if remove else Message("this clone is set up")
        tell(done.render(say))
    return ExitCode.OK


def _print(steps: Iterable[Step], say: Callable[[str], str]) -> None:
    for step in steps:
        click.echo(printable(f"{step.what}: {step.message.render(say)}"))
