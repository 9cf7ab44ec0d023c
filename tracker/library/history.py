"""What git knows of the records: changes of stage where they tell none, and who edited them last.

A few processes whatever the size of the history: for the stages, one asks where we are, one pass
over the log names the versions of each file, one `cat-file --batch` reads them; for the editors,
one pass over the log names the files of each commit, and one asks what is not committed yet.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from tracker.library.status import StageEntry
from tracker.schema import FRONT_MATTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tracker.config import Config
    from tracker.library.library import Library

_STAGE_KEYS = next(field.spellings for field in FRONT_MATTER if field.key == "stage")
_STAGE_LINE = re.compile(
    rf"^(?:{'|'.join(map(re.escape, _STAGE_KEYS))}):[ \t]*(\S[^\r\n]*)",
    re.MULTILINE | re.IGNORECASE,
)
_FRONT_MATTER = re.compile(
    rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n.*?^---[ \t]*\r?$", re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(r"\s#.*")
_COMMIT = b"\x01"
_NO_BLOB = re.compile(rb"0+")


@dataclass(frozen=True, slots=True)
class _Version:
    """What one commit made of one file.

    Attributes:
        day: The day of the commit's author, in the workspace's time zone.
        before: The file as the commit's parents had it; empty where it was not there.
        after: The file as the commit has it.
    """

    day: date
    before: tuple[bytes, ...]
    after: bytes


def git_stage_history(library: Library) -> dict[str, tuple[StageEntry, ...]]:
    """Return the stage history in git by path, for records without stage lines.

    Empty where the workspace is not in a git repository, or git is not installed. Days are those
    of the commits' authors, in the workspace's time zone. A commit changes the stage where it has
    another one than all its parents have; files are followed through renames. The oldest commits
    of a shallow clone tell nothing, because they seem to add every file.
    """
    wanted = _without_stage_lines(library)
    if not wanted:
        return {}
    versions = _versions(library.root, wanted, library.config)
    blobs = {
        blob
        for changes in versions.values()
        for version in changes
        for blob in (*version.before, version.after)
    }
    stages = {
        blob: _stage(content, library.config)
        for blob, content in read_blobs(library.root, blobs).items()
    }
    history: dict[str, tuple[StageEntry, ...]] = {}
    for path, changes in versions.items():
        entries: list[StageEntry] = []
        for version in changes:
            stage = stages.get(version.after)
            known = stage is not None and stage not in map(stages.get, version.before)
            if stage and known and (not entries or entries[-1].stage != stage):
                entries.append(StageEntry(version.day, stage, "git"))
        if entries:
            history[path] = tuple(entries)
    return history


def _without_stage_lines(library: Library) -> set[str]:
    return {
        customer.path
        for customer in library.customers
        if not any(followup.stage for followup in customer.followups)
    }


@dataclass(frozen=True, slots=True)
class Edit:
    """The newest commit that changed a record.

    Attributes:
        who: Its author's name, as the repository's `.mailmap` writes it.
        day: The day of its author, in the workspace's time zone.
        changed_since: Whether the file was changed after it and is not committed.
    """

    who: str
    day: date
    changed_since: bool = False


def git_last_edits(library: Library) -> dict[str, Edit]:
    """Return who edited each record last, by path.

    Empty where the workspace is not in a git repository, or git is not installed. Records that are
    not committed have none, nor have those that only the oldest commits of a shallow clone touch,
    because these seem to add every file. A merge counts where it made something of its own.
    """
    edits = _last_commits(library)
    return _with_changes(library.root, edits) if edits else edits


def _with_changes(root: Path, edits: Mapping[str, Edit]) -> dict[str, Edit]:
    """Return edits with what was changed in the files since and is not committed."""
    changed = run_git(
        root, ["diff", "--name-only", "-z", "--no-renames", "--relative", "HEAD", "--", "records"]
    )
    changed_since = set((changed or b"").decode("utf-8", "replace").split("\0"))
    return {
        path: replace(edit, changed_since=path in changed_since) for path, edit in edits.items()
    }


def _last_commits(library: Library) -> dict[str, Edit]:
    """Return the newest commit of each record, as if all were committed."""
    root = library.root
    answer = run_git(root, ["rev-parse", "--show-prefix", "--git-path", "shallow"])
    if answer is None:
        return {}
    shallow = _shallow_commits(root, answer)
    wanted = {customer.path for customer in library.customers}
    log = run_git(
        root,
        [
            *("log", "-c", "--name-only", "-z", "--no-renames", "--no-color", "--relative"),
            *("--format=%x01%H %at %aN", "--", "records"),
        ],
    )
    edits: dict[str, Edit] = {}
    for chunk in (log or b"").split(_COMMIT)[1:]:
        head, _, names = chunk.partition(b"\0")
        commit, seconds, who = head.split(b" ", 2)
        paths = names.decode("utf-8", "replace").lstrip("\n").split("\0")
        touched = wanted.intersection(paths)
        # What an older commit did to these files is not their last edit, known or not.
        wanted -= touched
        day = _day(seconds, library.config)
        if commit in shallow or day is None:
            continue
        name = who.decode("utf-8", "replace").strip()
        edits |= {path: Edit(name, day) for path in touched}
        if not wanted:
            break
    return edits


class GitFollower:
    """What git knows of the records of a workspace that changes.

    The log is read again only where another commit is checked out, or where other records are
    asked for, so that following an edit does not take the longer, the older the repository is.

    Attributes:
        history: As `git_stage_history` returns it.
        edits: As `git_last_edits` returns them.
    """

    def __init__(self) -> None:
        self.history: Mapping[str, tuple[StageEntry, ...]] = {}
        self.edits: Mapping[str, Edit] = {}
        self._commits: Mapping[str, Edit] = {}
        self._key: tuple[object, ...] = ()

    def look(self, library: Library) -> None:
        """Look at git for a library as it is now."""
        head = run_git(library.root, ["rev-parse", "HEAD"])
        paths = frozenset(customer.path for customer in library.customers)
        without = frozenset(_without_stage_lines(library))
        key = (head, library.config.fingerprint, paths, without)
        if key != self._key:
            self._key = key
            self.history = git_stage_history(library)
            self._commits = _last_commits(library) if head else {}
        self.edits = _with_changes(library.root, self._commits) if self._commits else {}


def git_person(root: Path) -> tuple[str, str]:
    """Return name and e-mail address of whoever works here, as git writes them into commits.

    Each is empty where git is not installed or was never told.
    """
    settings = ("user.name", "user.email")
    found = [run_git(root, ["config", "--get", name], own_settings=True) for name in settings]
    name, email = ((value or b"").decode("utf-8", "replace").strip() for value in found)
    return name, email


def _day(seconds: bytes, config: Config) -> date | None:
    """Return a moment's day in the workspace's time zone; None where the calendar has none."""
    try:
        return datetime.fromtimestamp(int(seconds), config.timezone).date()
    except (ValueError, OverflowError, OSError):
        return None


def _stage(content: bytes, config: Config) -> str | None:
    """Return the id of the stage that a version of a record has."""
    matter = _FRONT_MATTER.match(content)
    match = _STAGE_LINE.search(matter[0].decode("utf-8", "replace")) if matter else None
    if match is None:
        return None
    stage = config.stages.find(_COMMENT.sub("", match[1]).strip(" \t\"'"))
    return stage.id if stage else None


def _versions(root: Path, wanted: set[str], config: Config) -> dict[str, list[_Version]]:
    """Return the versions of each wanted file, oldest first, followed through renames."""
    answer = run_git(root, ["rev-parse", "--show-prefix", "--git-path", "shallow"])
    if answer is None:
        return {}
    shallow = _shallow_commits(root, answer)
    log = run_git(
        root,
        [
            *("log", "--author-date-order", "-c", "--raw", "-z", "--no-abbrev", "--no-color"),
            *("-M", "--relative", "--format=%x01%H %at", "--", "records"),
        ],
    )
    versions: defaultdict[str, list[_Version]] = defaultdict(list)
    names = {path: path for path in wanted}
    for chunk in (log or b"").split(_COMMIT)[1:]:
        head, _, rest = chunk.partition(b"\0")
        commit, _, seconds = head.strip().partition(b" ")
        day = _day(seconds, config)
        if day is None:
            continue
        for change in _raw_changes(rest):
            path = names.get(change.new)
            if path is None:
                continue
            if commit not in shallow:
                versions[path].append(_Version(day, change.before, change.after))
            if change.old != change.new:
                del names[change.new]
                if change.old:
                    names[change.old] = path
    return {path: changes[::-1] for path, changes in versions.items()}


def _shallow_commits(root: Path, answer: bytes) -> frozenset[bytes]:
    """Return the commits at which a shallow clone ends."""
    path = os.fsdecode(answer).split("\n")[1]
    try:
        return frozenset((root / path).read_bytes().split())
    except OSError:
        return frozenset()


@dataclass(frozen=True, slots=True)
class _Change:
    """One file of one commit; `old` is its earlier name, empty where the commit adds it."""

    old: str
    new: str
    before: tuple[bytes, ...]
    after: bytes


def _raw_changes(raw: bytes) -> Iterator[_Change]:
    """Yield the changes in the output of `git log --raw -z -c`.

    A line has as many colons as the commit has parents, then a mode for each parent and the
    result, then a blob for each of them likewise, then the kind of change.
    """
    parts = iter(raw.lstrip(b"\n").split(b"\0"))
    for part in parts:
        line = part.lstrip(b"\n")
        parents = len(line) - len(line.lstrip(b":"))
        fields = line[parents:].split(b" ")
        if not parents or len(fields) != 2 * parents + 3:
            continue
        kind = fields[-1]
        name = next(parts, b"")
        renamed = parents == 1 and kind[:1] in b"RC"
        new = (next(parts, b"") if renamed else name).decode("utf-8", "replace")
        *before, after = fields[parents + 1 : -1]
        if _NO_BLOB.fullmatch(after):
            continue
        known = tuple(blob for blob in before if not _NO_BLOB.fullmatch(blob))
        if kind[:1] == b"R":
            yield _Change(name.decode("utf-8", "replace"), new, known, after)
        elif kind[:1] == b"C":
            yield _Change("", new, (), after)
        else:
            yield _Change(new if known else "", new, known, after)


def read_blobs(root: Path, blobs: set[bytes]) -> dict[bytes, bytes]:
    """Return the contents of blobs by their full names, read by one process.

    Those that git does not have are left out; so are all where git is missing.
    """
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


_SETTINGS = ("-c", "core.quotePath=false", "-c", "log.showSignature=false")


_OWN_SETTINGS = (
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    "GIT_CONFIG_PARAMETERS",
)
"""Variables that say where a person's own settings are, and what `git -c` sets for one run."""


def run_git(
    root: Path, arguments: list[str], stdin: bytes | None = None, *, own_settings: bool = False
) -> bytes | None:
    """Return what git prints in a folder, as `git_result`; None also where git says no."""
    result = git_result(root, arguments, stdin, own_settings=own_settings)
    return result.stdout if result and result.returncode == 0 else None


def git_result(
    root: Path, arguments: list[str], stdin: bytes | None = None, *, own_settings: bool = False
) -> subprocess.CompletedProcess[bytes] | None:
    """Run git in a folder; None where git is missing.

    The environment is cleaned of variables that point git at another repository (a hook sets
    them) or change what it prints; with `own_settings` those that say where the person's settings
    are stay.
    """
    kept = _OWN_SETTINGS if own_settings else ()
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in kept
    }
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        return subprocess.run(
            ["git", *_SETTINGS, *arguments],
            cwd=root,
            env=environment,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
