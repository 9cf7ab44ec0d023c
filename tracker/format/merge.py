"""Three-way merge of records: on what they say, not on their lines.

What one side has changed is taken with the bytes of that side. What both have changed is cut into
its parts, down to a value of the front matter, a field, a commitment; what they disagree on there
stands between git's markers. The result is read again, and given out only where nothing of either
side is lost or doubled in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.format.frontmatter import split
from tracker.format.merge_body import Block, cut_body, merge_body
from tracker.format.merge_check import PATH, holds_everything, is_sound
from tracker.format.merge_matter import Matter, merge_matter
from tracker.format.parser import Parsed, parse_record
from tracker.format.three_way import (
    Conflict,
    Labels,
    Method,
    Part,
    Taken,
    marked_lines,
    picked,
    side_lines,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.config import Config

_DUPLICATE_KEY = "duplicate-key"


class Merged(Struct, frozen=True):
    """A merged record.

    Attributes:
        text: Its text; what is in conflict stands between markers.
        conflicts: Each conflict with the number of the line of its first marker, from 1.
    """

    text: str
    conflicts: tuple[tuple[int, Conflict], ...] = ()


def merge_records(
    texts: tuple[str, str, str],
    config: Config,
    method: Method,
    labels: Labels,
    marker_size: int,
) -> Merged | None:
    r"""Merge two versions of a record.

    Args:
        texts: What both sides began with, ours and theirs, with `\n` as the only line break. The
            first is empty where there was no file.
        config: The workspace's settings.
        method: How what both sides have changed is merged.
        labels: How the sides are called behind the markers.
        marker_size: The number of signs in a marker.

    Returns:
        The merged record; None where a side cannot be read with certainty, or where the merged one
        would not hold everything that it should: then their lines are all that can be merged.
    """
    base, ours, theirs = texts
    found = picked(base, ours, theirs)
    if found is not None:
        return Merged(found)
    old = _read(base, config) if base.strip() else None
    one, other = _read(ours, config), _read(theirs, config)
    if one is None or other is None or (base.strip() and old is None):
        return None
    parts = _merged(old, one, other, config, method)
    lines, conflicts = marked_lines(parts, labels, marker_size, with_base=method.style != "merge")
    resolved = ["\n".join(side_lines(parts, side)) for side in (Taken.OURS, Taken.THEIRS)]
    complete = holds_everything(
        old.parsed if old else None, one.parsed, other.parsed, (resolved[0], resolved[1]), config
    )
    return Merged("\n".join(lines), tuple(conflicts)) if complete else None


class _Record(Struct, frozen=True):
    """One version, cut up.

    Attributes:
        parsed: What it says.
        matter: Its front matter.
        fences: The lines that open and close that.
        blocks: Its sections.
    """

    parsed: Parsed
    matter: Matter
    fences: tuple[str, str]
    blocks: Sequence[Block]


def _read(text: str, config: Config) -> _Record | None:
    """Read a version of a record; None where it is uncertain what one of its parts is."""
    parsed = parse_record(text, PATH, config)
    parts = split(text, config.limits)
    if parts.root is None or not is_sound(parsed):
        return None
    if any(
        problem.code == _DUPLICATE_KEY and problem.span.line < parts.body_line
        for problem in parsed.problems
    ):
        return None
    lines = text.split("\n")
    above = lines[: parts.body_line - 1]
    fences = (lines[0], lines[parts.body_line - 1])
    blocks = cut_body("\n".join(lines[parts.body_line :]), config)
    return _Record(parsed, Matter(above, parts.root), fences, blocks)


def _merged(
    base: _Record | None, ours: _Record, theirs: _Record, config: Config, method: Method
) -> list[Part]:
    matter = merge_matter(base.matter if base else None, ours.matter, theirs.matter, config, method)
    old = base.blocks if base else ()
    body = merge_body(old, ours.blocks, theirs.blocks, config, method)
    ends = [
        tuple(blocks[-1].blanks) if blocks else () for blocks in (old, ours.blocks, theirs.blocks)
    ]
    end = picked(ends[0], ends[1], ends[2])
    return [ours.fences[0], *matter, ours.fences[1], *body, *(ends[1] if end is None else end)]
