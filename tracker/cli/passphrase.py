"""Where a passphrase comes from: a file, the environment, or the person at the terminal.

Never from an argument: other people's `ps` and the shell's history would show it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.context import is_terminal, tell
from tracker.errors import UsageError, system_reason
from tracker.site.encrypted.passphrase import LEAST_LENGTH, objection
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VARIABLE = "TRACKER_PASSPHRASE"
"""The environment variable, for builds that nobody watches."""

FILE_OPTION = "--passphrase-file"


def new_passphrase(file: Path | None, say: Callable[[str], str]) -> str:
    """Return the passphrase that a site is encrypted with.

    Args:
        file: The file that was named for it, of one line; it comes before the environment, and
            that before the terminal, where the passphrase is asked for twice.
        say: The gettext function of the language in which it is asked for.

    Raises:
        UsageError: There is none, it is empty or too weak, or the file cannot be read.
    """
    if file is not None:
        passphrase = _from_file(file)
    elif VARIABLE in os.environ:
        passphrase = os.environ[VARIABLE]
    elif is_terminal(sys.stdin) and is_terminal(sys.stderr):
        passphrase = _asked(say)
    else:
        raise UsageError(
            Message(
                "--encrypt needs a passphrase: name a file that holds it with {option}, or set the "
                "environment variable {variable}, or run the command on a terminal",
                {"option": FILE_OPTION, "variable": VARIABLE},
            )
        )
    wrong = objection(passphrase)
    if wrong:
        raise UsageError(wrong)
    return passphrase


def _from_file(file: Path) -> str:
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(Message("{path}: the text is not UTF-8", {"path": file})) from None
    except OSError as error:
        reason = system_reason(error)
        raise UsageError(Message("{path}: {reason}", {"path": file, "reason": reason})) from error
    return text.removesuffix("\n").removesuffix("\r")


def _asked(say: Callable[[str], str]) -> str:
    tell(
        Message(
            "Whoever has the passphrase can read the site; without it nobody can, not even you. "
            "{length} characters at least, better six words drawn by lot.",
            {"length": LEAST_LENGTH},
        ).render(say)
    )
    answers = [
        click.prompt(
            question.render(say), hide_input=True, default="", show_default=False, err=True
        )
        for question in (Message("Passphrase"), Message("Once more"))
    ]
    if answers[0] != answers[1]:
        raise UsageError(Message("the two passphrases are not the same"))
    return str(answers[0])
