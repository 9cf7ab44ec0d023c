"""Files that a record names: in `offers`, and in the links and pictures of its Markdown."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct

from tracker.config import ATTACHMENTS_DIR
from tracker.diagnostics import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.library.library import Entry
    from tracker.rules.rule import RecordCase

_INLINE = re.compile(r"\]\([ \t]*(?:<([^<>\n]*)>|([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*))")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]]+\]:[ \t]*(?:<([^<>]*)>|(\S+))")
_CODE = re.compile(r"(?<!`)(`++)[^`]+\1(?!`)")
_DRIVE = re.compile(r"[A-Za-z]:")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")


class Place(Enum):
    """Where a named file lies."""

    HERE = "a file below attachments/"
    MISSING = "below attachments/, but there is no such file"
    FOLDER = "a folder"
    ABSOLUTE = "an absolute path"
    BACKSLASH = "written with backslashes"
    ADDRESS = "an address, not a path"
    ELSEWHERE = "in the workspace, but not below attachments/"
    OUTSIDE = "outside the workspace"
    LINKED_OUT = "behind a symbolic link that leads out of attachments/"


class Reference(Struct, frozen=True):
    """A file that a record names.

    Attributes:
        path: Relative to the workspace, with `/`.
        span: Where it is named.
        place: Where the file lies.
        folder: Folder in the workspace that it is written relative to; empty for the workspace.
    """

    path: str
    span: Span
    place: Place
    folder: str = ""


def may_name_files(entry: Entry) -> bool:
    """Tell whether a record may name files; most name none, which is seen without splitting it.

    Args:
        entry: Its file.
    """
    customer = entry.customer
    return customer is not None and (
        _may_hold_links(entry.text) or any(offer.file for offer in customer.offers)
    )


def references_of(case: RecordCase) -> Iterator[Reference]:
    """Yield every attachment that a record names, in `offers` and in its Markdown."""
    for index, offer in enumerate(case.customer.offers):
        if offer.file:
            path = posixpath.normpath(offer.file.replace("\\", "/"))
            place = _written_place(offer.file) or _place(case.library.root, path)
            yield Reference(path, case.customer.span(f"offers[{index}].file"), place)
    if _may_hold_links(case.entry.text):
        yield from _links(case)


def _links(case: RecordCase) -> Iterator[Reference]:
    folder = posixpath.dirname(case.customer.path)
    for section in case.sections():
        for number, line, fenced in section.lines:
            if fenced or "]" not in line:
                continue
            for target, column in _targets(line):
                path = _linked_path(folder, target)
                place = _link_place(case.library.root, folder, target, path) if path else None
                if path and place:
                    span = Span.of_line(number, column, len(target))
                    yield Reference(path, span, place, folder)


def _may_hold_links(text: str) -> bool:
    return "](" in text or "]:" in text


def _link_place(root: Path, folder: str, target: str, path: str) -> Place | None:
    """Return where a link leads; None where it is not meant for an attachment."""
    written = _written_place(target)
    misplaced = path.startswith(f"{folder}/{ATTACHMENTS_DIR}/")
    if written is Place.BACKSLASH and not (misplaced or path.startswith(f"{ATTACHMENTS_DIR}/")):
        return None  # Most likely the escape sign of Markdown.
    place = written or _place(root, path)
    if place is not Place.ELSEWHERE:
        return place
    # Many write the path from the workspace, though links begin at the record.
    return Place.MISSING if misplaced else None


def _targets(line: str) -> Iterator[tuple[str, int]]:
    """Yield the targets of the links and pictures in a line, with their columns."""
    text = _CODE.sub(lambda code: " " * len(code[0]), line) if "`" in line else line
    definition = _DEFINITION.match(text)
    for match in (*_INLINE.finditer(text), *([definition] if definition else [])):
        group = 1 if match[1] is not None else 2
        yield match[group], match.start(group) + 1


def _linked_path(folder: str, target: str) -> str | None:
    """Return the path in the workspace that a link leads to; None for what is no file of ours."""
    if not target or target.startswith(("#", "//")):
        return None
    scheme = _SCHEME.match(target)
    if scheme and scheme[1].lower() != "file":
        return None
    bare = unquote(re.split("[?#]", target, maxsplit=1)[0]).replace("\\", "/")
    return posixpath.normpath(posixpath.join(folder, bare))


def _written_place(text: str) -> Place | None:
    """Return what is wrong with a path as it is written, on whatever system."""
    if _DRIVE.match(text) or text.startswith(("/", "\\")):
        return Place.ABSOLUTE
    if _SCHEME.match(text):
        return Place.ADDRESS
    return Place.BACKSLASH if "\\" in text else None


def _place(root: Path, path: str) -> Place:
    if path == ".." or path.startswith("../"):
        return Place.OUTSIDE
    if not path.startswith(f"{ATTACHMENTS_DIR}/"):
        return Place.ELSEWHERE
    current = os.fspath(root)
    mode = 0
    try:
        for part in path.split("/"):
            current = os.path.join(current, part)  # noqa: PTH118  # os.path is several times faster
            mode = os.lstat(current).st_mode
            if stat.S_ISLNK(mode):
                return _place_behind_link(root, path)
    except (OSError, ValueError):
        return Place.MISSING
    return Place.FOLDER if stat.S_ISDIR(mode) else Place.HERE


def _place_behind_link(root: Path, path: str) -> Place:
    # `Path.resolve` raises where links lead in a circle.
    file = Path(os.path.realpath(root / path))
    if not file.is_relative_to(os.path.realpath(root / ATTACHMENTS_DIR)):
        return Place.LINKED_OUT
    if is_file(file):
        return Place.HERE
    return Place.FOLDER if os.path.isdir(file) else Place.MISSING  # noqa: PTH112  # never raises


def is_file(path: Path) -> bool:
    """Tell whether there is a file of this name, however odd the name is."""
    return os.path.isfile(path)  # noqa: PTH113  # unlike `Path.is_file`, it never raises
