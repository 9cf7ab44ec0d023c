"""Libraries that only some imports and exports need, and that are installed as extras."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from tracker.command_lines import command_line
from tracker.errors import TrackerError
from tracker.translation import Message

if TYPE_CHECKING:
    from types import ModuleType

DISTRIBUTION = "tracker-records"
"""What the package is called where packages are installed from."""


def installing(extra: str) -> str:
    """Return the command that installs an extra where this program is installed.

    That may be an environment of its own, as pipx makes it, which a bare `pip` does not reach.
    """
    return command_line(sys.executable, "-m", "pip", "install", f"{DISTRIBUTION}[{extra}]")


class MissingExtraError(TrackerError):
    """A library is not installed; exit code 3."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            Message(
                "this needs {library}, which is not installed; install it with: {command}",
                {"library": library, "command": installing(extra)},
            )
        )


def require(module: str, extra: str) -> ModuleType:
    """Import a library of an extra.

    Args:
        module: The name that it is imported by.
        extra: The extra of the package that brings it.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        # A library that is there but lacks one of its own is another matter, with its own message.
        if error.name != module.partition(".")[0]:
            raise
        raise MissingExtraError(module, extra) from None
