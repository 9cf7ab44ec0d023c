"""Exceptions for what stops the work.

What is wrong in a record is a value (`tracker.diagnostics.Problem`); an exception is raised only
where a command cannot go on at all. Each carries the exit code that the command ends with.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, ClassVar

from tracker.translation import Message

if TYPE_CHECKING:
    from pathlib import Path


class TrackerError(Exception):
    """Stops a command; the text is shown to a person as it is, without a traceback.

    Attributes:
        message: What happened and what to do about it.
        exit_code: The exit code of the process: 3, the work could not be done.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """Return the text in English."""
        return str(self.message)


class UsageError(TrackerError):
    """The command was called in a way that makes no sense; exit code 2."""

    exit_code = 2


class WorkspaceNotFoundError(UsageError):
    """No `tracker.yaml` in the folder or in any folder above it; exit code 2."""


class OutputError(TrackerError):
    """The site could not be written, or its folder is not ours to replace; exit code 3."""


class TemplateError(TrackerError):
    """A template of the workspace cannot be rendered; exit code 3."""


class FileChangedError(TrackerError):
    """A file is not what it was when it was read, so it is not overwritten; exit code 3."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Message(
                "{path} was changed while this command ran, so it is left as it is; "
                "run the command again",
                {"path": path},
            )
        )


_REASONS = {
    errno.EACCES: Message("Permission denied"),
    errno.EEXIST: Message("File exists"),
    errno.EISDIR: Message("Is a directory"),
    errno.ENOENT: Message("No such file or directory"),
    errno.ENOSPC: Message("No space left on device"),
    errno.ENOTDIR: Message("Not a directory"),
    errno.EPERM: Message("Operation not permitted"),
    errno.EROFS: Message("Read-only file system"),
}
"""What the system refuses commonly; anything else is told in the system's own words."""


_REFUSED_ON_WINDOWS = 5
_IN_USE_ON_WINDOWS = (32, 33)
"""Windows' numbers of errors: a file is shared with nobody, or a part of it is locked."""

_WINDOWS_REASONS = {
    # It says so of a file that is open, too, where that file is to be replaced.
    _REFUSED_ON_WINDOWS: Message("Permission denied, or another program has it open"),
    **dict.fromkeys(_IN_USE_ON_WINDOWS, Message("another program has it open; close it there")),
}


def may_be_in_use(error: OSError) -> bool:
    """Tell whether another program may have the file open, which only Windows minds."""
    return getattr(error, "winerror", None) in _WINDOWS_REASONS


def system_reason(error: OSError) -> Message | str:
    """Return why the system refused."""
    number = getattr(error, "winerror", None) or 0
    known = _WINDOWS_REASONS.get(number) or _REASONS.get(error.errno or 0)
    return known or error.strerror or str(error) or type(error).__name__


def os_error_message(error: OSError) -> Message:
    """Return what the system refused: the path and the reason."""
    reason = system_reason(error)
    if error.filename is None:
        return Message("{reason}", {"reason": reason})
    return Message("{path}: {reason}", {"path": os.fsdecode(error.filename), "reason": reason})
