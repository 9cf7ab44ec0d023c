"""Merging the files of records: bytes, line breaks, and git's text merge where a side is no record.

What is merged is written by the caller.
"""

from __future__ import annotations

import codecs
import re
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.diagnostics import Problem
from tracker.format.merge import merge_records
from tracker.format.splice import Splice, splice_bytes
from tracker.format.three_way import Conflict, Labels, Method, Style
from tracker.library.text_merge import LineMerge, merge_texts
from tracker.text_files import TextFile, decode

if TYPE_CHECKING:
    from tracker.config import Config

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class MergedFile(Struct, frozen=True):
    """A merged file.

    Attributes:
        data: Its bytes: in UTF-8, with the line breaks and the byte order mark of ours.
        clean: Whether there are no conflicts.
        conflicts: Each conflict with the number of the line of its first marker, from 1; none
            where the file was merged by lines.
        by_lines: Whether it was merged by lines, as git does where no driver is asked.
    """

    data: bytes
    clean: bool
    conflicts: tuple[tuple[int, Conflict], ...] = ()
    by_lines: bool = False


def merge_files(
    files: tuple[bytes, bytes, bytes],
    config: Config,
    labels: Labels,
    marker_size: int,
    style: Style = "merge",
) -> MergedFile:
    """Merge two versions of a record's file.

    Args:
        files: What both sides began with, ours and theirs. The first is empty where there was no
            file.
        config: The workspace's settings.
        labels: How the sides are called behind the markers of conflicts.
        marker_size: The number of signs in a marker.
        style: How conflicts are shown.

    Raises:
        TextMergeError: A side is no text, or git is missing.
        OSError: There is no room for temporary files.
    """
    base, ours, theirs = map(decode, files)
    if isinstance(base, Problem) or isinstance(ours, Problem) or isinstance(theirs, Problem):
        data, conflicts = merge_texts(files, labels, marker_size, style)
        return MergedFile(data, clean=not conflicts, by_lines=True)
    texts = (base.text, ours.text, theirs.text)
    if max(map(len, files)) <= config.limits.file_size:
        method = Method(LineMerge(style), style)
        merged = merge_records(texts, config, method, labels, marker_size)
        if merged:
            data = _as_ours(merged.text, files[1], ours)
            return MergedFile(data, clean=not merged.conflicts, conflicts=merged.conflicts)
    # Line breaks that only one side has changed are no conflict.
    plain = (base.text.encode(), ours.text.encode(), theirs.text.encode())
    data, conflicts = merge_texts(plain, labels, marker_size, style)
    return MergedFile(_as_ours(data.decode(), files[1], ours), clean=not conflicts, by_lines=True)


def _as_ours(text: str, ours: bytes, side: TextFile) -> bytes:
    """Return a text as bytes with the line breaks and the byte order mark of our file."""
    if side.text == text:
        return ours
    mark = codecs.BOM_UTF8 if ours.startswith(codecs.BOM_UTF8) else b""
    if mark + side.text.replace("\n", side.newline).encode() == ours:
        return mark + text.replace("\n", side.newline).encode()
    # Line breaks of several kinds: each line that is ours keeps its own.
    old, new = _LINE.findall(side.text), _LINE.findall(text)
    offsets = [0, *accumulate(map(len, old))]
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return splice_bytes(
        ours,
        [
            Splice(offsets[start], offsets[end], "".join(new[first:last]))
            for kind, start, end, first, last in changes
            if kind != "equal"
        ],
    )
