"""Merging of texts by git's own `merge-file`, line by line."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.errors import TrackerError
from tracker.format.three_way import Conflict, Labels, Part, Style
from tracker.library.git import git_result
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_CONFLICTS = 127
_LONGEST_RUN = re.compile(r"^[<>=|]+", re.MULTILINE)


class TextMergeError(TrackerError):
    """git cannot merge these texts, or is not there; exit code 3."""


def merge_texts(
    texts: tuple[bytes, bytes, bytes], labels: Labels, marker_size: int, style: Style
) -> tuple[bytes, bool]:
    """Merge texts as git does where no driver is asked.

    Args:
        texts: Base, ours and theirs.
        labels: What stands behind the markers of conflicts.
        marker_size: The number of signs in a marker.
        style: How conflicts are shown.

    Returns:
        The merged text, and whether there are conflicts in it.

    Raises:
        TextMergeError: git refuses, as it does with what is no text.
        OSError: There is no room for temporary files.
    """
    base, ours, theirs = texts
    with tempfile.TemporaryDirectory(prefix="tracker-merge-") as name:
        folder = Path(name)
        for file, data in (("ours", ours), ("base", base), ("theirs", theirs)):
            (folder / file).write_bytes(data)
        result = git_result(
            folder,
            [
                *("merge-file", "-p", "-q", f"--marker-size={marker_size}"),
                *((f"--{style}",) if style != "merge" else ()),
                *("-L", labels.ours, "-L", labels.base, "-L", labels.theirs),
                *("ours", "base", "theirs"),
            ],
        )
    if result is None:
        raise TextMergeError(Message("git is not installed"))
    if not 0 <= result.returncode <= _MOST_CONFLICTS:
        reason = result.stderr.decode("utf-8", "replace").strip()
        raise TextMergeError(Message("git cannot merge this: {reason}", {"reason": reason}))
    return result.stdout, result.returncode > 0


class LineMerge(Struct, frozen=True):
    """Merges lines by git; a `LineMerger` of the format.

    Attributes:
        style: How conflicts are cut.
    """

    style: Style = "merge"

    def __call__(
        self, base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
    ) -> list[Part]:
        """Return the merged lines; raises what `merge_texts` raises."""
        joined = ["".join(f"{line}\n" for line in side) for side in (base, ours, theirs)]
        # No line of the texts can be taken for a marker of this size.
        runs = (len(run) for text in joined for run in _LONGEST_RUN.findall(text))
        size = max(runs, default=0) + len("<<<<<<<")
        data = (joined[0].encode(), joined[1].encode(), joined[2].encode())
        merged, _ = merge_texts(data, Labels("", "", ""), size, self.style)
        return _parts(merged.decode().split("\n")[:-1], size)


def _parts(lines: Sequence[str], size: int) -> list[Part]:
    """Read the markers of conflicts."""
    parts: list[Part] = []
    sides: dict[str, list[str]] = {}
    sign = ""
    for line in lines:
        marker = line[0] if line and line[0] in "<|=>" and line[:size] == line[0] * size else ""
        if marker == ">":
            base, ours, theirs = (tuple(sides.get(one, ())) for one in "|<=")
            parts.append(Conflict(base, ours, theirs))
            sides, sign = {}, ""
        elif marker:
            sides[marker], sign = [], marker
        elif sign:
            sides[sign].append(line)
        else:
            parts.append(line)
    return parts
