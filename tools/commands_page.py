"""Writes `docs/commands.md` from the help of the commands.

`python tools/commands_page.py` writes the page; with `--check` it writes nothing, and exits with 1
where the page is not what it would write.
"""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING

import click

from tools.generated_page import DOCS, keep_page
from tracker.cli.main import COMMANDS, PROGRAM, cli, load

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = DOCS / "commands.md"

_INTRODUCTION = """\
# Commands

<!-- Written by tools/commands_page.py from the help of the commands; change that instead. -->

Results go to stdout, messages to stderr. Colour appears on a terminal only, and never where
`NO_COLOR` is set. Messages are in the language of the workspace, and where there is none, in that
of the machine; help is in English.

| exit code | means |
| --- | --- |
| 0 | success |
| 1 | there are problems in the records |
| 2 | wrong use of the command |
| 3 | the work could not be done: disk, git, permissions, or a bug |
| 130 | interrupted with Ctrl-C |
"""


def page() -> str:
    """Return the whole page."""
    root = click.Context(cli, info_name=PROGRAM, help_option_names=["-h", "--help"])
    parts = [_INTRODUCTION, *_section(cli, root, PROGRAM)]
    for name in sorted(COMMANDS):
        command = load(name)
        context = click.Context(command, info_name=name, parent=root)
        parts += _section(command, context, f"{PROGRAM} {name}")
    return "\n".join(parts)


def _section(command: click.Command, context: click.Context, title: str) -> Iterator[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"## {title}\n\n```\n{usage}\n```\n"
    yield inspect.cleandoc(command.help or "") + "\n"
    rows = [
        record
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(context))
    ]
    yield "| option | does |\n| --- | --- |"
    yield "".join(f"| `{_cell(names)}` | {_cell(text)} |\n" for names, text in rows)
    if command.epilog:
        heading, *lines = command.epilog.removeprefix("\b\n").split("\n")
        yield "\n".join([heading, "", "```sh", *(line.strip() for line in lines), "```", ""])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(keep_page(PAGE, page, __doc__))
