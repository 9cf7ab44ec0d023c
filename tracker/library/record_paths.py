"""Finding the records of a workspace by their paths."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.config import RECORDS_DIR
from tracker.diagnostics import FILE_START, Problem
from tracker.errors import system_reason
from tracker.translation import Message

if TYPE_CHECKING:
    from pathlib import Path

_IGNORED = ("_", ".")
"""Beginnings of the names of files and folders that are not read."""


class FoundFile(Struct, frozen=True):
    """A file or folder below `records/`, and what keeps it from being read.

    Attributes:
        path: Relative to the workspace, with `/`; no two have the same. Where the name is no text,
            it is only shown so, and there is a problem.
        problem: What keeps it from being read; None for a record.
    """

    path: str
    problem: Problem | None = None


def is_ignored(path: str) -> bool:
    """Tell whether a path in the workspace is of what is never read, such as an editor's file."""
    return any(part.startswith(_IGNORED) for part in path.split("/"))


def lies_in(path: str, folder: str) -> bool:
    """Tell whether a path in the workspace is that of a folder, or of something in it."""
    return path == folder or path.startswith(f"{folder}/")


def is_record_path(path: str) -> bool:
    """Tell whether a file of the workspace is a record by its path, such as `records/acme.md`."""
    return path.startswith(f"{RECORDS_DIR}/") and path.endswith(".md") and not is_ignored(path)


def shown_path(root: Path, path: str) -> str:
    r"""Return a path in the workspace as a text that no other path has.

    Args:
        root: The workspace.
        path: The path, as the system gives it: what is no text in it becomes `\xNN`.
    """
    if _is_text(path):
        return path
    shown = os.fsencode(path.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")
    while os.path.lexists(root / shown):  # It is the name of another file.
        shown = shown.replace("\\", "\\\\")
    return shown


def record_paths(root: Path) -> list[str]:
    """Return the files that are read as records, relative to the workspace, in order.

    Raises:
        OSError: The folder of records cannot be listed.
    """
    return [found.path for found in find_records(root) if found.problem is None]


def find_records(root: Path) -> list[FoundFile]:
    """Return all records in the order of their paths, with what cannot be one of them.

    Raises:
        OSError: The folder of records cannot be listed.
    """
    found: list[FoundFile] = []
    folders = [RECORDS_DIR] if (root / RECORDS_DIR).is_dir() else []
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as scanned:
                entries = [entry for entry in scanned if not entry.name.startswith(_IGNORED)]
        except OSError as error:
            if folder == RECORDS_DIR:
                raise
            reason = Message("cannot be read: {reason}", {"reason": system_reason(error)})
            found.append(_refused(root, folder, "unreadable-file", reason))
            continue
        for entry in entries:
            # As texts: joining ten thousand of pathlib's paths takes longer than listing them.
            path = f"{folder}/{entry.name}"
            if entry.is_symlink():
                if path.endswith(".md") or entry.is_dir():
                    found.append(
                        _refused(
                            root,
                            path,
                            "symbolic-link",
                            Message("a symbolic link is not read"),
                            Message("put the file itself here"),
                        )
                    )
            elif entry.is_dir():
                folders.append(path)
            elif path.endswith(".md"):
                found.append(_record(root, path))
            elif wrong := _wrong_ending(path):
                found.append(_refused(root, path, "unreadable-file", *wrong))
    return sorted(found, key=lambda item: item.path)


def _wrong_ending(path: str) -> tuple[Message, Message] | None:
    """Return why a file that was meant as a record is none by its name, and what to do."""
    lowered = path.lower()
    if lowered.endswith(".md"):
        return Message("the name does not end with .md in small letters"), Message(
            "rename the file"
        )
    if lowered.endswith(".md.txt"):
        return Message("the name ends with .md.txt, which Windows may show as .md"), Message(
            "rename the file so that it ends with .md; Explorer shows the whole name with "
            "View > Show > File name extensions"
        )
    return None


def _record(root: Path, path: str) -> FoundFile:
    if _is_text(path):
        return FoundFile(path)
    return _refused(
        root,
        path,
        "unreadable-file",
        Message("the name of the file is not UTF-8"),
        Message("rename the file"),
    )


def _refused(
    root: Path, path: str, code: str, message: Message, hint: Message | None = None
) -> FoundFile:
    return FoundFile(shown_path(root, path), Problem(code, FILE_START, message, hint))


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
