"""Every system can have files of these names, so that all colleagues can clone them."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tracker.config import ATTACHMENTS_DIR, RECORDS_DIR
from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.text import DEVICE_NAME
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"|?*\\]')
_LONGEST = 180
"""Characters of a path in the workspace: Windows takes 260 for all, the folder before included."""


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each name that some system cannot have, or takes for another one's."""
    twins: defaultdict[str, list[PurePosixPath]] = defaultdict(list)
    for path in _paths(examined):
        twins[_folded(path)].append(path)
        reason = _reason(path)
        if reason:
            yield _finding(examined, path, reason, path.with_name(_portable(path.name)))
        elif len(str(path)) > _LONGEST:
            shorter = path.with_name(path.stem[:40] + path.suffix)
            reason = Message("the path has {count} characters", {"count": len(str(path))})
            yield _finding(examined, path, reason, shorter, Severity.WARNING)
    for first, *others in twins.values():
        for path in others:
            reason = Message("some systems take it for the same file as {path}", {"path": first})
            yield _finding(examined, path, reason, path.with_name(f"{path.stem}-2{path.suffix}"))


def _paths(examined: Examined) -> Iterator[PurePosixPath]:
    """Yield the files and folders of records and attachments, relative to the workspace."""
    for top in (RECORDS_DIR, ATTACHMENTS_DIR):
        for path in sorted((examined.root / top).rglob("*")):
            yield PurePosixPath(path.relative_to(examined.root).as_posix())


def _folded(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", str(path)).casefold())


def _reason(path: PurePosixPath) -> Message | None:
    """Return why Windows cannot have a file of this name; None where it can."""
    if DEVICE_NAME.fullmatch(path.stem):
        return Message("‘{name}’ is the name of a device on Windows", {"name": path.stem})
    if found := _FORBIDDEN.search(path.name):
        return Message("Windows has no ‘{sign}’ in names", {"sign": found[0]})
    if path.name.endswith((".", " ")):
        return Message("Windows drops the dot or blank at the end of the name")
    return None


def _portable(name: str) -> str:
    plain = _FORBIDDEN.sub("-", name).rstrip(". ")
    stem, dot, ending = plain.partition(".")
    return f"{stem}-1{dot}{ending}" if DEVICE_NAME.fullmatch(stem) or plain == name else plain


def _finding(
    examined: Examined,
    path: PurePosixPath,
    reason: Message,
    better: PurePosixPath,
    severity: Severity = Severity.ERROR,
) -> Finding:
    mover = ("git", "-C", str(examined.root), "mv") if examined.in_repository else ("mv",)
    places = (path, better)
    if not examined.in_repository:
        places = (PurePosixPath(examined.root, path), PurePosixPath(examined.root, better))
    return Finding(
        severity,
        str(path),
        reason,
        Message("a colleague whose system cannot have the file cannot check out the repository"),
        command(*mover, *map(str, places)),
    )
