"""`tracker completion`: the script that lets a shell complete commands."""

from __future__ import annotations

import click

from tracker.cli.context import example, print_bytes
from tracker.cli.shells import SHELLS, script


@click.command(
    epilog=example(
        'eval "$(tracker completion bash)"     # in ~/.bashrc',
        'eval "$(tracker completion zsh)"      # in ~/.zshrc, after compinit',
        "tracker completion fish > ~/.config/fish/completions/tracker.fish",
        "tracker completion powershell | Out-String | Invoke-Expression     # in $PROFILE",
    )
)
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> int:
    """Print the script that lets a shell complete commands.

    Tab then completes commands, options and their words, and what the workspace has: customers by
    id, name, pinyin or initials, people, stages, columns and fields, and the keys and words of a
    QUERY.
    """
    print_bytes(script(shell))
    return 0
