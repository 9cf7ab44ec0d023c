"""The workspace is in a git repository with its whole history."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tracker.config import RECORDS_DIR
from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.library.git import not_checked_out, trust_command
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where there is no git, no repository, or not all of the history."""
    why = Message("without it nothing tells what was changed when, by whom, and nothing is shared")
    folder = str(examined.root)
    if shutil.which("git") is None:
        yield Finding(
            Severity.WARNING, "git", Message("git is not installed, or not on the PATH"), why
        )
    elif not examined.in_repository and (trust := trust_command(examined.root)):
        yield Finding(
            Severity.WARNING,
            folder,
            Message("git does not trust this repository, since its folder is somebody else's"),
            why,
            trust,
        )
    elif not examined.in_repository:
        yield Finding(
            Severity.WARNING,
            folder,
            Message("the workspace is in no git repository"),
            why,
            command("git", "init", folder),
        )
    elif examined.git("rev-parse", "--is-shallow-repository") == "true":
        yield Finding(
            Severity.INFO,
            ".git",
            Message("the clone holds only the newest part of the history"),
            Message("earlier stages, owners and follow-ups cannot be told"),
            command("git", "-C", folder, "fetch", "--unshallow"),
        )
    if count := len(not_checked_out(examined.root, RECORDS_DIR)):
        yield Finding(
            Severity.INFO,
            f"{RECORDS_DIR}/",
            Message("files that a sparse checkout leaves out: {count}", {"count": count}),
            Message("lists, numbers and the site are without them"),
            command("git", "-C", folder, "sparse-checkout", "disable"),
        )
