"""No temporary file and no unfinished site is left of a command that was killed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config import OUTPUT_DIR
from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command, some
from tracker.files import leftovers
from tracker.site.writer import abandoned_sites
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_NOT_SEARCHED = {".git", OUTPUT_DIR, "node_modules"}


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where anything is left."""
    files = left_files(examined.root)
    if files:
        names = [path.relative_to(examined.root).as_posix() for path in files]
        yield Finding(
            Severity.WARNING,
            some(names),
            Message("temporary files of commands that were killed: {count}", {"count": len(files)}),
            Message("they take room; no record misses anything that is in them"),
            command("tracker", "doctor", "--fix"),
        )
    sites = abandoned_sites(examined.root / OUTPUT_DIR)
    if sites:
        yield Finding(
            Severity.WARNING,
            some([path.name for path in sites]),
            Message("sites that a killed build did not finish: {count}", {"count": len(sites)}),
            Message("they take room; the next build removes them too"),
            command("tracker", "doctor", "--fix"),
        )


def left_files(root: Path) -> list[Path]:
    """Return the temporary files of killed commands in a workspace."""
    found = []
    for folder, folders, _ in os.walk(root):
        folders[:] = [name for name in folders if name not in _NOT_SEARCHED]
        found += leftovers(Path(folder))
    return sorted(found)
