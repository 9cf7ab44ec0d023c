"""Writing records: one command at a time, and never over what somebody else has written."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tracker.config import RECORDS_DIR
from tracker.diagnostics import FILE_START, Problem
from tracker.errors import TrackerError
from tracker.files import (
    create_file,
    remove_if_unchanged,
    remove_leftovers,
    replace_if_unchanged,
    require_unchanged,
)
from tracker.format.editor import RecordFile, read_record_file
from tracker.library.cache_files import CACHE_DIR, make_cache_folder
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import Config

_LOCK = "records.lock"
_WRITING = "records.writing"
"""A file that is there while records are written, and stays where that came to no good end."""

_PATIENCE_SECONDS = 30


class RecordsBusyError(TrackerError):
    """Another command has kept writing records for longer than this one waits; exit code 3."""


@contextmanager
def records_locked(root: Path) -> Iterator[None]:
    """Keep other commands of this machine from writing records of the workspace meanwhile.

    Editors know nothing of the lock; what they write is noticed right before a file is replaced.
    What a command that was killed has left beside records is removed by the next one.

    Raises:
        RecordsBusyError: Another command did not end in time.
        OSError: The workspace cannot be written.
    """
    make_cache_folder(root)
    lock = FileLock(root / CACHE_DIR / _LOCK)
    try:
        lock.acquire(timeout=_PATIENCE_SECONDS)
    except Timeout as error:
        raise RecordsBusyError(
            Message("another command is writing records; run this one again when it has ended")
        ) from error
    writing = root / CACHE_DIR / _WRITING
    try:
        if writing.exists():
            for folder, _, _ in os.walk(root / RECORDS_DIR):
                # However new: who has the lock is the only one to write.
                remove_leftovers(Path(folder), idle_seconds=0)
        writing.touch()
        yield
        writing.unlink(missing_ok=True)
    finally:
        lock.release()


def are_records_locked(root: Path) -> bool:
    """Tell whether another command is writing records of the workspace at this moment."""
    file = root / CACHE_DIR / _LOCK
    if not file.exists():
        return False
    try:
        with FileLock(file, timeout=0):
            return False
    except (Timeout, OSError):
        return True


def open_record(root: Path, path: str, config: Config) -> RecordFile | Problem:
    """Read a record to edit it.

    Args:
        root: The workspace.
        path: The record, relative to it.
        config: Its settings.

    Returns:
        The file, or the problem that keeps it from being edited.

    Raises:
        OSError: The file cannot be read.
    """
    data = (root / path).read_bytes()
    if len(data) > config.limits.file_size:
        message = Message(
            "the file is larger than {limit} bytes", {"limit": config.limits.file_size}
        )
        return Problem("file-size", FILE_START, message)
    return read_record_file(path, data, config)


def save_record(root: Path, before: RecordFile, after: RecordFile) -> None:
    """Write an edited record in the place of what was read.

    Raises:
        FileChangedError: Somebody has changed the file since it was read.
        OSError: It cannot be written; it is untouched then.
    """
    if after.data != before.data:
        replace_if_unchanged(root / before.path, before.data, after.data)


def replace_two_by_one(root: Path, before: RecordFile, after: RecordFile, gone: RecordFile) -> None:
    """Write an edited record, then remove another one that has gone into it.

    Killed between the two, it leaves both files: nothing is lost, and what is said twice stands in
    a record that is to go.

    Args:
        root: The workspace.
        before: The record that stays, as it was read.
        after: The same, as it is to be.
        gone: The other one, as it was read.

    Raises:
        FileChangedError: Somebody has changed one of the files since it was read.
        OSError: One of them cannot be written.
    """
    require_unchanged(root / gone.path, gone.data)
    save_record(root, before, after)
    remove_if_unchanged(root / gone.path, gone.data)


def add_record(root: Path, record: RecordFile) -> None:
    """Write a new record.

    Raises:
        FileExistsError: There is a file of that name.
        OSError: It cannot be written; nothing is left then.
    """
    file = root / record.path
    file.parent.mkdir(parents=True, exist_ok=True)
    create_file(file, record.data)
