"""Reading from git what commits did to the records, as texts.

Two passes of git whatever the number of commits, one that names the commits and one that names the
files in which each differs from each of its parents; and one `cat-file --batch` for the versions of
these files. Of each version only the lines that matter here are looked at, and only what differs is
kept.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tracker.config import DEFAULT_LIMITS, RECORDS_DIR
from tracker.format.glance import halves_of, top_values
from tracker.format.sections import followup_headings
from tracker.library.git import read_blobs, run_git
from tracker.schema import FRONT_MATTER
from tracker.text import fold
from tracker.text_files import TextFile, decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

KEYS = ("stage", "level", "owner", "value", "expected_close")
"""Keys of the front matter whose changes are kept."""

_NAMES = ("id", "name")
"""Keys by which a file that git takes for a renamed one is told from another customer's."""

_SPELLINGS = {
    fold(spelling): field.key
    for field in FRONT_MATTER
    if field.key in (*KEYS, *_NAMES)
    for spelling in field.spellings
}
_NO_BLOB = re.compile(rb"0+")
_SUFFIX = ".md"
_SAME_FILE = 100
"""Similarity that git gives to a renamed file that was not changed."""

_MOST_RENAMES = 1000
"""Files of one commit beyond which git compares them no longer; its own default, whatever a
person has set."""


class FileChange(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A file that is not the same in a commit as in one of its parents.

    Attributes:
        path: The file, relative to the workspace; empty where the commit has it no longer.
        old: Where the parent has it; empty where it does not.
        values: Old and new text of each of `KEYS` that differs; None where there is none.
        added: Headings of follow-ups that the commit has and the parent does not.
        removed: Those that the parent has and the commit does not.
        known: Whether both versions could be read; otherwise nothing is said of them.
    """

    path: str
    old: str
    values: dict[str, tuple[str | None, str | None]]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    known: bool


class LoggedCommit(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One commit.

    Attributes:
        name: Its full name.
        parents: Those of its parents.
        seconds: When its author made it, in seconds since 1970.
        zone: The author's offset from UTC, in minutes.
        author: Name and address, as `Name <address>`.
        changes: What differs from each parent, in their order; where there is none, all its files.
    """

    name: str
    parents: tuple[str, ...]
    seconds: int
    zone: int
    author: str
    changes: tuple[tuple[FileChange, ...], ...]


class _Glance(msgspec.Struct, frozen=True):
    """What one version of a file says; `None` in place of one is a version that is not known."""

    values: dict[str, str]
    headings: tuple[str, ...]


_EMPTY = _Glance({}, ())


class _RawChange(Struct, frozen=True):
    """A file of a commit and one of its parents; a name or a blob is empty where it has none."""

    old: str
    new: str
    before: bytes
    after: bytes
    similarity: int = 0


class ReadCommits(Struct, frozen=True):
    """What was read from git.

    Attributes:
        commits: The commits.
        partial: Whether git does not have all versions of their files.
    """

    commits: list[LoggedCommit]
    partial: bool


class CommitReader:
    """Reads commits from git.

    Args:
        root: The workspace.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._glances: dict[bytes, _Glance | None] = {}

    def read(self, head: str, known: str) -> ReadCommits | None:
        """Return the commits that led to one and not to another; None where git says no.

        Args:
            head: The newest commit.
            known: The commit whose own are left out; empty for none.
        """
        commits = self._commits(head, known)
        if commits is None:
            return None
        pairs = [
            (commit, parent) for commit in commits for parent in commit.parents or (commit.name,)
        ]
        raw = self._differences(pairs)
        if raw is None:
            return None
        blobs = dict.fromkeys(
            blob
            for changes in raw
            for change in changes
            for blob in (change.before, change.after)
            if blob
        )
        self._glances = dict.fromkeys(blobs)
        found = 0
        for blob, content in read_blobs(self._root, blobs):
            self._glances[blob] = _glance(content)
            found += 1
        told = iter(raw)
        logged = [
            msgspec.structs.replace(
                commit,
                changes=tuple(
                    tuple(self._told(next(told))) for _parent in commit.parents or (commit.name,)
                ),
            )
            for commit in commits
        ]
        return ReadCommits(logged, partial=found < len(blobs))

    def _commits(self, head: str, known: str) -> list[LoggedCommit] | None:
        output = run_git(
            self._root,
            [
                *("log", "-z", "--date=raw", "--no-color", "--no-decorate", "--no-show-signature"),
                "--format=%H%x00%P%x00%ad%x00%an <%ae>",
                *(head, *([f"^{known}"] if known else []), "--"),
            ],
        )
        if output is None:
            return None
        parts = output.decode("utf-8", "replace").split("\0")
        commits = []
        for name, parents, moment, author in zip(
            parts[::4], parts[1::4], parts[2::4], parts[3::4], strict=False
        ):
            seconds, zone = _moment(moment)
            commits.append(
                LoggedCommit(name.strip(), tuple(parents.split()), seconds, zone, author, ())
            )
        return commits

    def _differences(self, pairs: list[tuple[LoggedCommit, str]]) -> list[list[_RawChange]] | None:
        """Return the files that differ between commits and single parents of theirs."""
        asked = b"".join(
            f"{commit.name} {parent}\n".encode() if commit.parents else f"{commit.name}\n".encode()
            for commit, parent in pairs
        )
        output = self._diff_tree("-M", asked)
        if output is None:
            # A partial clone lacks contents; a file that was only renamed is known by its name.
            output = self._diff_tree(f"-M{_SAME_FILE}%", asked)
        if output is None:
            return None
        found: list[list[_RawChange]] = []
        parts = iter(output.split(b"\0"))
        for part in parts:
            if not part.startswith(b":"):
                if part.strip():
                    found.append([])
                continue
            _, _, before, after, kind = part.split(b" ")
            old = new = next(parts, b"").decode("utf-8", "replace")
            if kind[:1] in b"RC":
                new = next(parts, b"").decode("utf-8", "replace")
            if old.endswith(_SUFFIX) or new.endswith(_SUFFIX):
                found[-1].append(
                    _RawChange(
                        old if not _NO_BLOB.fullmatch(before) else "",
                        new if not _NO_BLOB.fullmatch(after) else "",
                        b"" if _NO_BLOB.fullmatch(before) else before,
                        b"" if _NO_BLOB.fullmatch(after) else after,
                        int(kind[1:] or b"0"),
                    )
                )
        return found if len(found) == len(pairs) else None

    def _diff_tree(self, renames: str, asked: bytes) -> bytes | None:
        return run_git(
            self._root,
            [
                *("diff-tree", "--stdin", "--root", "--always", "-r", "-z", "--raw"),
                *("--no-abbrev", renames, f"-l{_MOST_RENAMES}", "--no-ext-diff", "--relative"),
                *("--", RECORDS_DIR),
            ],
            asked,
        )

    def _told(self, changes: Iterable[_RawChange]) -> Iterator[FileChange]:
        for raw in changes:
            before = self._glances[raw.before] if raw.before else _EMPTY
            after = self._glances[raw.after] if raw.after else _EMPTY
            if raw.old and raw.new and raw.old != raw.new and not _may_be_same(raw, before, after):
                yield _file_change("", raw.new, _EMPTY, after)
                yield _file_change(raw.old, "", before, _EMPTY)
            else:
                yield _file_change(raw.old, raw.new, before, after)


def _moment(written: str) -> tuple[int, int]:
    """Return seconds and offset in minutes of `1767585600 +0800`; zero for what is neither."""
    seconds, _, zone = written.partition(" ")
    try:
        minutes = int(zone[-4:-2]) * 60 + int(zone[-2:])
        return int(seconds), -minutes if zone.startswith("-") else minutes
    except ValueError:
        return 0, 0


def _glance(content: bytes) -> _Glance | None:
    if len(content) > DEFAULT_LIMITS.file_size:
        return None
    file = decode(content)
    if not isinstance(file, TextFile):
        return None
    matter, body = halves_of(file.text)
    return _Glance(top_values(matter, _SPELLINGS), tuple(followup_headings(body)))


def _may_be_same(raw: _RawChange, before: _Glance | None, after: _Glance | None) -> bool:
    """Tell whether a renamed file may still be of the same customer.

    Records made from one template are alike, so that git takes a new customer's for a renamed one
    where another was removed in the same commit.
    """
    if raw.similarity == _SAME_FILE or before is None or after is None:
        return True
    marks = [
        {*((name, fold(each.values.get(name, ""))) for name in _NAMES), *each.headings}
        - {(name, "") for name in _NAMES}
        for each in (before, after)
    ]
    return not marks[0].isdisjoint(marks[1])


def _file_change(old: str, new: str, before: _Glance | None, after: _Glance | None) -> FileChange:
    if before is None or after is None:
        return FileChange(new, old, {}, (), (), known=False)
    values = {
        key: (before.values.get(key), after.values.get(key))
        for key in KEYS
        if before.values.get(key) != after.values.get(key)
    }
    return FileChange(
        new,
        old,
        values,
        tuple(_more(after.headings, before.headings)),
        tuple(_more(before.headings, after.headings)),
        known=True,
    )


def _more(these: tuple[str, ...], than: tuple[str, ...]) -> Iterator[str]:
    """Yield what is in one list more often than in another, in its order."""
    left = Counter(than)
    for each in these:
        if left[each]:
            left[each] -= 1
        else:
            yield each
