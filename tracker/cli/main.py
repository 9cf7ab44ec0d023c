"""The command `tracker`: finds the command, runs it, and turns every end into an exit code."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from msgspec import Struct

from tracker import __version__
from tracker.cli.context import (
    ExitCode,
    Invocation,
    example,
    prepare_streams,
    tell,
    wants_colour,
)
from tracker.cli.language import translator
from tracker.errors import TrackerError, os_error_message
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

PROGRAM = "tracker"
_COMPLETION_VARIABLE = "_TRACKER_COMPLETE"


class CommandEntry(Struct, frozen=True):
    """A command that is loaded when it is called.

    Attributes:
        module: The module that holds its click object, named `command`.
        summary: The first sentence of its help, so that the overview need not load it.
    """

    module: str
    summary: str


COMMANDS = {
    "agenda": CommandEntry("tracker.cli.agenda", "Show what is to be done today and soon."),
    "build": CommandEntry("tracker.cli.build", "Build the site."),
    "changes": CommandEntry("tracker.cli.changes", "Tell what a change of the records means."),
    "check": CommandEntry("tracker.cli.check", "Check the records."),
    "completion": CommandEntry(
        "tracker.cli.shell_completion", "Print the script that lets a shell complete commands."
    ),
    "doctor": CommandEntry("tracker.cli.doctor", "Say what is wrong with this workspace or clone."),
    "docs": CommandEntry("tracker.cli.docs", "Read the documentation."),
    "done": CommandEntry("tracker.cli.done", "Tick a promise of a customer."),
    "duplicates": CommandEntry(
        "tracker.cli.duplicates",
        "List records that are likely of one customer.",
    ),
    "export": CommandEntry(
        "tracker.cli.export",
        "Write customers in the format of another program.",
    ),
    "fmt": CommandEntry("tracker.cli.fmt", "Write records in their canonical form."),
    "git-setup": CommandEntry(
        "tracker.cli.git_setup", "Let git merge records by what they say, in this clone."
    ),
    "init": CommandEntry("tracker.cli.init", "Make a workspace."),
    "handover": CommandEntry(
        "tracker.cli.handover", "Hand customers over from one owner to another."
    ),
    "import": CommandEntry(
        "tracker.cli.import_records", "Take customers, contacts and follow-ups out of a file."
    ),
    "list": CommandEntry(
        "tracker.cli.list_customers", "List the customers, or those that a QUERY asks for."
    ),
    "log": CommandEntry("tracker.cli.log", "Write down a follow-up."),
    "lsp": CommandEntry("tracker.cli.lsp", "Help an editor while records are written."),
    "merge-driver": CommandEntry(
        "tracker.cli.merge_driver", "Merge two versions of a record, for git."
    ),
    "merge-records": CommandEntry(
        "tracker.cli.merge_records", "Merge the record of customer B into that of customer A."
    ),
    "new": CommandEntry("tracker.cli.new", "Begin the record of a new customer."),
    "report": CommandEntry("tracker.cli.report", "Write the team's weekly or monthly report."),
    "search": CommandEntry("tracker.cli.search", "Find customers by any words of their records."),
    "serve": CommandEntry("tracker.cli.serve", "Show the site in the browser, always up to date."),
    "set": CommandEntry("tracker.cli.set_fields", "Set values of a customer."),
    "schema": CommandEntry(
        "tracker.cli.schema", "Print the JSON Schema of a record's front matter."
    ),
    "show": CommandEntry("tracker.cli.show", "Show one customer."),
    "sql": CommandEntry("tracker.cli.sql", "Ask the records in SQL."),
    "stats": CommandEntry("tracker.cli.stats", "Print the numbers to decide by."),
}
"""Every command by its name."""


def load(name: str) -> click.Command:
    """Import a command of the table, and return its click object."""
    command: click.Command = importlib.import_module(COMMANDS[name].module).command
    return command


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None where there is none of that name."""
        del ctx
        return load(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command named first in `args`.

        Raises:
            UsageError: There is none of that name.
        """
        name = args[0]
        if name not in COMMANDS and not ctx.resilient_parsing:
            # Imported late: only a mistake needs it.
            from tracker.cli.wrong_use import no_such_command

            error = no_such_command(name, COMMANDS, PROGRAM)
            raise error
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin so, without loading any; or the options."""
        # Imported late: only a shell that completes a line needs it.
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=COMMANDS[name].summary)
            for name in sorted(COMMANDS)
            if name.startswith(incomplete)
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview of the commands without loading any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].summary) for name in sorted(COMMANDS)])


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    subcommand_metavar="COMMAND …",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=example("tracker list --state overdue", "tracker COMMAND --help"),
)
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Run as if started in DIR.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option(
    "--no-cache",
    is_flag=True,
    envvar="TRACKER_NO_CACHE",
    help="Parse all records anew, and keep nothing in .tracker-cache/.",
)
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, folder: Path | None, *, debug: bool, no_cache: bool) -> int:
    """Follow up customers kept as Markdown records.

    The workspace is the nearest folder with a tracker.yaml, from the current one upwards.
    """
    invocation = ctx.ensure_object(Invocation)
    invocation.debug, invocation.cached = debug, not no_cache
    # click asks the streams itself whether they are terminals, but does not know NO_COLOR.
    ctx.color = None if wants_colour(sys.stdout) else False
    if folder is not None:
        os.chdir(folder)
    if ctx.invoked_subcommand is None:
        tell(ctx.get_help())
        return ExitCode.WRONG_USE
    return ExitCode.OK


def main() -> NoReturn:
    """Run the command line of this process, and end it with the exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Args:
        arguments: What stands after the program's name.

    Returns:
        The exit code. No exception leaves this function, whatever happens below it.
    """
    prepare_streams()
    if instruction := os.environ.get(_COMPLETION_VARIABLE):
        return _complete(instruction)
    invocation = Invocation()
    try:
        code = _run(list(arguments), invocation)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
        return ExitCode.OK
    except (KeyboardInterrupt, click.Abort):
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the last line of defence against tracebacks
        with contextlib.suppress(OSError):
            return _failed(error, arguments, invocation)
        return ExitCode.FAILED
    return code


def _complete(instruction: str) -> int:
    """Answer a shell that completes a line, as `bash_complete`; say nothing where that fails."""
    # Imported late: only a shell that completes a line needs it.
    from tracker.cli.shells import answer

    # Whatever is wrong with the line, the workspace or its records, it is not asked for here.
    with contextlib.suppress(Exception):
        sys.stdout.buffer.write(
            answer(cli, PROGRAM, instruction.removesuffix("_complete")).encode()
        )
        sys.stdout.flush()
        return ExitCode.OK
    return ExitCode.FAILED


def _run(arguments: list[str], invocation: Invocation) -> int:
    try:
        with cli.make_context(PROGRAM, arguments, obj=invocation) as ctx:
            result = _invoke(ctx)
            return result if isinstance(result, int) else ExitCode.OK
    except click.exceptions.Exit as end:
        return end.exit_code


def _invoke(ctx: click.Context) -> object:
    """Run the command of a context, and return what it returns.

    Raises:
        click.UsageError: It was called wrongly; in the context of the command.
    """
    try:
        return cli.invoke(ctx)
    except click.UsageError as error:
        # Of an option without its value, click does not say of which command it is.
        if error.ctx is None and (name := ctx.invoked_subcommand):
            error.ctx = click.Context(load(name), parent=ctx, info_name=name)
        raise


def _failed(error: Exception, arguments: Sequence[str], invocation: Invocation) -> int:
    """Tell what happened, in one line, and return the exit code."""
    if invocation.debug:
        # Imported late: only this option asks for it.
        import traceback

        traceback.print_exception(error)
    if isinstance(error, TrackerError):
        _complain(error.message)
        return error.exit_code
    if isinstance(error, click.UsageError):
        # Imported late: only a mistake needs it.
        from tracker.cli.wrong_use import complaint

        context = error.ctx or click.Context(cli, info_name=PROGRAM)
        _complain(complaint(error, context, arguments))
        return ExitCode.WRONG_USE
    if isinstance(error, OSError):
        _complain(os_error_message(error))
        return ExitCode.FAILED
    encoding = sys.getfilesystemencoding()
    if isinstance(error, UnicodeEncodeError) and encoding != "utf-8":
        _complain(
            Message(
                "names of files are in {encoding} here, which lacks some of their characters; "
                "see: {command}",
                {"encoding": encoding, "command": "tracker doctor"},
            )
        )
        return ExitCode.FAILED
    reason = f"{type(error).__name__}: {error}".partition("\n")[0]
    _complain(
        Message(
            "this is a bug in tracker ({reason}); run it again with {option} and report "
            "what it prints",
            {"reason": reason, "option": "tracker --debug"},
        )
    )
    return ExitCode.FAILED


def _complain(message: Message) -> None:
    text = message.render(translator())
    tell(f"{click.style(PROGRAM + ':', fg='red', bold=True)} {text}")


def _close_stdout() -> None:
    """Point stdout at nothing, so that Python's own flush at the end does not fail too."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
