"""The folder `records/` is there and can be listed, and its files can be read and written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tracker.config import RECORDS_DIR
from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined


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
