"""Libraries that only some imports and exports need, and that are installed as extras."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tracker.errors import TrackerError
from tracker.translation import Message

if TYPE_CHECKING:
    from types import ModuleType

DISTRIBUTION = "tracker-records"
"""What the package is called where packages are installed from."""


class MissingExtraError(TrackerError):
    """A library is not installed; exit code 3."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(
            Message(
                "this needs {library}, which is not installed; install it with: {command}",
                {"library": library, "command": f"pip install '{DISTRIBUTION}[{extra}]'"},
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
