"""Stage changes from git history, for records that have no stage lines of their own.

Two processes whatever the size of the history: one pass over the log names the versions of each
file, one `cat-file --batch` reads them.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.library.status import StageEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.config import Config
    from tracker.library.library import Library

_STAGE_LINE = re.compile(
    rb"^(?:stage|\xe5\xae\xa2\xe6\x88\xb7\xe9\x98\xb6\xe6\xae\xb5):[ \t]*([^\r\n#]+)", re.MULTILINE
)
_COMMIT = b"\x01"


def git_stage_history(library: Library) -> dict[str, tuple[StageEntry, ...]]:
    """Return the stage history in git by path, for records without stage lines.

    Empty where the workspace is not in a git repository, or git is not installed. Days are those
    of the commits' authors, in the workspace's time zone.
    """
    wanted = {
        customer.path
        for customer in library.customers
        if not any(followup.stage for followup in customer.followups)
    }
    if not wanted:
        return {}
    versions = _versions(library.root, wanted, library.config)
    contents = _contents(library.root, {blob for path in versions.values() for _, blob in path})
    history: dict[str, tuple[StageEntry, ...]] = {}
    for path, commits in versions.items():
        entries: list[StageEntry] = []
        for moment, blob in commits:
            match = _STAGE_LINE.search(contents.get(blob, b""))
            text = match[1].decode("utf-8", "replace").strip(" \"'") if match else ""
            stage = library.config.stages.find(text)
            if stage and (not entries or entries[-1].stage != stage.id):
                entries.append(StageEntry(moment.date(), stage.id, "git"))
        if entries:
            history[path] = tuple(entries)
    return history


def _versions(
    root: Path, wanted: set[str], config: Config
) -> dict[str, list[tuple[datetime, bytes]]]:
    """Return the versions of each wanted file, oldest first, followed through renames."""
    prefix = run_git(root, ["rev-parse", "--show-prefix"])
    if prefix is None:
        return {}
    log = run_git(
        root,
        [
            "log",
            "--first-parent",
            "-m",
            "--raw",
            "-z",
            "--no-abbrev",
            "-M",
            "--relative",
            "--format=%x01%aI",
            "--",
            "records",
        ],
    )
    if not log:
        return {}
    versions: defaultdict[str, list[tuple[datetime, bytes]]] = defaultdict(list)
    names = {path: path for path in wanted}
    for chunk in log.split(_COMMIT)[1:]:
        head, _, rest = chunk.partition(b"\0") if b"\0" in chunk else (chunk, b"", b"")
        moment = datetime.fromisoformat(head.strip().decode("ascii")).astimezone(config.timezone)
        for old, new, blob in _raw_changes(rest):
            path = names.get(new)
            if path is None:
                continue
            versions[path].append((moment, blob))
            if old != new:
                del names[new]
                names[old] = path
    return {path: commits[::-1] for path, commits in versions.items()}


def _raw_changes(raw: bytes) -> Iterable[tuple[str, str, bytes]]:
    """Yield old path, new path and new blob of each change in `git log --raw -z` output."""
    parts = iter(raw.lstrip(b"\n").split(b"\0"))
    for meta in parts:
        fields = meta.lstrip(b"\n").split(b" ")
        if len(fields) < 5:
            continue
        first = next(parts, b"").decode("utf-8", "replace")
        kind = fields[4][:1]
        second = next(parts, b"").decode("utf-8", "replace") if kind in b"RC" else first
        if kind != b"D":
            yield (first if kind == b"R" else second), second, fields[3]


def _contents(root: Path, blobs: set[bytes]) -> dict[bytes, bytes]:
    """Return the contents of blobs, read by one process."""
    if not blobs:
        return {}
    output = run_git(root, ["cat-file", "--batch"], b"\n".join(sorted(blobs)) + b"\n") or b""
    contents: dict[bytes, bytes] = {}
    position = 0
    while (end := output.find(b"\n", position)) > 0:
        name, kind, *size = output[position:end].split(b" ")
        if kind != b"blob":
            position = end + 1
            continue
        start = end + 1
        position = start + int(size[0]) + 1
        contents[name] = output[start : position - 1]
    return contents


def run_git(root: Path, arguments: list[str], stdin: bytes | None = None) -> bytes | None:
    """Run git in a folder; None where git is missing or says no.

    The environment is cleaned of variables that point git at another repository (a hook sets
    them) or change what it prints.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        result = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments],
            cwd=root,
            env=environment,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    return result.stdout if result.returncode == 0 else None
