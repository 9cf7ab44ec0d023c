"""Git shows names of files as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where git shows Chinese names as numbers."""
    if not examined.in_repository or all(found.path.isascii() for found in examined.files):
        return
    # The last one is what tracker itself sets for each question to git.
    *settings, _ = (examined.git("config", "--get-all", "core.quotePath") or "").split("\n")
    if not settings or settings[-1] != "false":
        yield Finding(
            Severity.INFO,
            "core.quotePath",
            Message("git shows names that are not ASCII as numbers, such as \\346\\201\\222"),
            Message("nobody can read which customer git speaks of"),
            command("git", "config", "--global", "core.quotePath", "false"),
        )
