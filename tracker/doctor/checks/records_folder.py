"""The folder `records/` is there and can be listed, and its files can be read and written."""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING

from tracker.config import RECORDS_DIR
from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.library.record_paths import is_ignored
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.doctor.finding import Examined

_BEGINS_LIKE_A_RECORD = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
_LONGEST_BEGINNING = 64


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for the folder, or for each file that cannot be read or written."""
    folder = examined.root / RECORDS_DIR
    if not folder.is_dir():
        yield Finding(
            Severity.ERROR,
            f"{RECORDS_DIR}/",
            Message("the folder of records is missing"),
            Message("there are no customers without it"),
            command("mkdir", str(folder)),
        )
        return
    if not os.access(folder, os.R_OK | os.X_OK):
        yield Finding(
            Severity.ERROR,
            f"{RECORDS_DIR}/",
            Message("the folder of records cannot be listed"),
            Message("no command can find a customer"),
            command("chmod", "u+rwx", str(folder)),
        )
        return
    for found in examined.files:
        if found.problem:
            yield Finding(
                Severity.WARNING,
                found.path,
                found.problem.message,
                Message("what is in there is on no list and no page"),
                command("tracker", "check"),
            )
            continue
        yield from _access(examined, found.path)
    yield from _passed_over(examined.root)


def _passed_over(root: Path) -> Iterator[Finding]:
    """Yield a finding for each file that begins as a record does, and is none by its name."""
    for file in sorted((root / RECORDS_DIR).rglob("*")):
        path = file.relative_to(root).as_posix()
        if is_ignored(path) or file.suffix.lower() == ".md" or not file.is_file():
            continue
        with contextlib.suppress(OSError), file.open("rb") as stream:
            if _BEGINS_LIKE_A_RECORD.match(stream.read(_LONGEST_BEGINNING)):
                yield Finding(
                    Severity.WARNING,
                    path,
                    Message("the name does not end with .md, so that it is no record"),
                    Message("what is in there is on no list and no page"),
                    command("mv", str(file), f"{file}.md"),
                )


def _access(examined: Examined, path: str) -> Iterator[Finding]:
    file = examined.root / path
    if not os.access(file, os.R_OK):
        yield Finding(
            Severity.ERROR,
            path,
            Message("the file cannot be read"),
            Message("the customer is on no list and no page"),
            command("chmod", "u+r", str(file)),
        )
    elif not os.access(file, os.W_OK):
        yield Finding(
            Severity.WARNING,
            path,
            Message("the file cannot be written"),
            Message("somebody has protected it; tracker replaces the file all the same"),
            command("chmod", "u+w", str(file)),
        )
