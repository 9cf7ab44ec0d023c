"""Git merges records by what they say, and the program that does it works."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.library.git import run_git
from tracker.library.git_settings import missing
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_SETTING = "merge.tracker.driver"
_BASE = "---\nname: Acme\nstage: proposal\nlevel: B\nowner: Li Lei\n---\n"
_OURS = _BASE.replace("proposal", "negotiation")
_THEIRS = _BASE.replace("level: B", "level: A")
_MERGED = _OURS.replace("level: B", "level: A")
"""Lines side by side that two people have changed: by lines that would be a conflict."""

_PLACEHOLDER = re.compile("%([OABPLSXY%])")
_GIVEN = dict(
    zip(
        "OABPLSXY%",
        ["base", "ours", "theirs", "acme.md", "7", "base", "ours", "theirs", "%"],
        strict=True,
    )
)
"""What git gives a driver in the place of its placeholders."""


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each setting that is missing, or one where a merge does not work."""
    if not examined.in_repository:
        return
    mend = command("tracker", "-C", str(examined.root), "git-setup")
    why = Message("git merges records line by line, and marks conflicts where there are none")
    steps = missing(examined.root)
    if steps:
        places = ", ".join(step.what for step in steps)
        what = Message("this clone is not set up for merging records")
        yield Finding(Severity.WARNING, places, what, why, mend)
    driver = examined.setting(_SETTING)
    if driver and not _works(driver):
        yield Finding(
            Severity.ERROR,
            _SETTING,
            Message("a merge of two records for trial does not work: {driver}", {"driver": driver}),
            why,
            mend,
        )


def _works(driver: str) -> bool:
    """Tell whether a driver merges three small records."""
    with tempfile.TemporaryDirectory(prefix="tracker-") as name:
        folder = Path(name)
        for file, text in {"base": _BASE, "ours": _OURS, "theirs": _THEIRS}.items():
            (folder / file).write_text(text, "utf-8", newline="\n")
        whole = _PLACEHOLDER.sub(lambda match: _GIVEN[match[1]], driver)
        # Git runs an alias as it runs a driver: by its own shell, which Windows has not.
        run_git(folder, ["-c", f"alias.try-merge=!{whole} ; :", "try-merge"])
        return (folder / "ours").read_text("utf-8") == _MERGED
