"""What the two sides of a merge are called, and whose they are."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from tracker.format.three_way import Labels
from tracker.library.git import run_git

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PLACEHOLDER = re.compile(r"%[A-Z]")
"""What git before 2.44 leaves in the place of a label that it does not know of."""

_PICKED = re.compile(r"\w+ (?:-[cC] )?(?P<commit>[0-9a-f]{7,})(?: # | )?(?P<subject>.*)")
_SHORT = 7


def given_labels(given: Sequence[str]) -> Labels | None:
    """Return the labels for base, ours and theirs that git gave; None where it gave none."""
    names = [label for label in given if not _PLACEHOLDER.fullmatch(label)]
    base, ours, theirs = [*names, "", "", ""][:3]
    usual = Labels()
    return Labels(base or usual.base, ours, theirs) if ours and theirs else None


def found_labels(folder: Path) -> Labels:
    """Return the labels that git would give, as far as they can be found out from what it is doing.

    Args:
        folder: The work tree.
    """
    usual = Labels()
    action, _, name = os.environ.get("GIT_REFLOG_ACTION", "").partition(" ")
    if action == "merge" and name:
        return Labels(usual.base, "HEAD", name)
    if action == "pull":
        return Labels(usual.base, "HEAD", "FETCH_HEAD")
    answer = run_git(folder, ["rev-parse", "--git-path", "rebase-merge/done"])
    try:
        done = (folder / os.fsdecode(answer or b"").rstrip("\n")).read_text("utf-8", "replace")
    except OSError:
        return usual
    picked = _PICKED.match(done.rstrip("\n").rpartition("\n")[2])
    if picked is None:
        return usual
    return Labels(usual.base, "HEAD", f"{picked['commit'][:_SHORT]} ({picked['subject']})")


def with_authors(labels: Labels, folder: Path, path: str) -> Labels:
    """Return the labels with whoever edited a file last on each side, as far as git knows.

    Args:
        labels: The labels; each begins with a name of a commit, or is not changed.
        folder: The work tree.
        path: The file in it.
    """
    ours, theirs = (_with_author(label, folder, path) for label in (labels.ours, labels.theirs))
    return Labels(labels.base, ours, theirs)


def _with_author(label: str, folder: Path, path: str) -> str:
    commit = label.split(" ", maxsplit=1)[0]
    if not commit or commit.startswith("-"):
        return label
    answer = run_git(folder, ["log", "-1", "--format=%aN", commit, "--", path])
    author = (answer or b"").decode("utf-8", "replace").strip()
    return f"{label} ({author})" if author else label
