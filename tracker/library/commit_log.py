"""What every commit did to the records, as texts: the raw material of their history.

Two passes of git whatever the number of commits, one that names the commits and one that names the
files in which each differs from each of its parents; and one `cat-file --batch` for the versions of
these files. Of each version only the lines that matter here are looked at, and only what differs is
kept, so that a log can be kept between runs and continued with the commits that are new.

Nothing here depends on the settings of the workspace; `tracker.library.history` says what the
texts mean.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, field

from tracker.config import DEFAULT_LIMITS, RECORDS_DIR
from tracker.files import TextFile, decode
from tracker.format.glance import halves_of, top_values
from tracker.format.sections import followup_headings
from tracker.library.cache_files import read_kept, write_cache_file
from tracker.library.git import read_blobs, run_git, trust_command
from tracker.library.git_place import place_of
from tracker.program_stamp import program_stamp
from tracker.schema import FRONT_MATTER
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
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
_CACHE_NAME = "history.msgpack"
_NO_BLOB = re.compile(rb"0+")
_SUFFIX = ".md"
_SAME_FILE = 100
"""Similarity that git gives to a renamed file that was not changed."""

_MOST_RENAMES = 1000
"""Files of one commit beyond which git compares them no longer; its own default, whatever a
person has set."""


class Gap(StrEnum):
    """Why git cannot tell the whole history of the records.

    `no-git`: git cannot be run. `no-repository`: the workspace is in none. `not-trusted`: it is in
    one of another account, which git does not read. `no-commits`: nothing is committed yet.
    `unreadable`: git fails when it is asked. `shallow`: the clone has only the newest commits.
    `partial`: it has not all versions of the files. `withheld`: it is not asked, since not
    everybody may see everything.
    """

    NO_GIT = "no-git"
    NO_REPOSITORY = "no-repository"
    NOT_TRUSTED = "not-trusted"
    NO_COMMITS = "no-commits"
    UNREADABLE = "unreadable"
    SHALLOW = "shallow"
    PARTIAL = "partial"
    WITHHELD = "withheld"

    @property
    def message(self) -> Message:
        """Return what a person is told, and how it can be mended."""
        return _GAP_MESSAGES[self]

    @property
    def is_part(self) -> bool:
        """Tell whether git knows some of the history all the same."""
        return self in (Gap.SHALLOW, Gap.PARTIAL)


_GAP_MESSAGES = {
    Gap.NO_GIT: Message("git cannot be run, so nothing is known but what the records say"),
    Gap.NO_REPOSITORY: Message(
        "the workspace is in no git repository, so nothing is known but what the records say"
    ),
    Gap.NOT_TRUSTED: Message(
        "git does not trust this repository, since its folder is somebody else's, so nothing is "
        "known but what the records say; tracker doctor names the command that mends it"
    ),
    Gap.NO_COMMITS: Message("nothing is committed yet, so git knows no history of the records"),
    Gap.UNREADABLE: Message(
        "git cannot read the history of this repository, so nothing is known but what the records "
        "say; git fsck finds what is damaged"
    ),
    Gap.SHALLOW: Message(
        "this clone is shallow, so git knows only the newest part of the history; fetch the rest "
        "with git fetch --unshallow, in CI with fetch-depth: 0"
    ),
    Gap.PARTIAL: Message(
        "this clone is partial, so git does not have all earlier versions of the records; a full "
        "clone has them"
    ),
    Gap.WITHHELD: Message(
        "this site does not show everything, so nothing is told of the past but what its records "
        "say"
    ),
}


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


class _Kept(msgspec.Struct, array_like=True):
    """The file of the cache.

    Attributes:
        made_by: The program that wrote it.
        lineage: What changes where the same commits would be told otherwise.
        head: The commit that the log was read from.
        commits: The commits of the log.
    """

    made_by: str
    lineage: str
    head: str
    commits: list[LoggedCommit]


class CommitLog(Struct, frozen=True):
    """The commits that led to what is checked out.

    Attributes:
        head: Full name of the newest commit; empty where there is none.
        commits: All of them, each before its parents, and among those that are not each other's
            parents the one that was made later first.
        ends: The commits at which a shallow clone ends: they seem to add every file.
        authors: Each author as the repository's `.mailmap` writes the name.
        gaps: Why it is not the whole history.
        telling: What changes wherever git tells the same commits otherwise.
    """

    head: str = ""
    commits: tuple[LoggedCommit, ...] = ()
    ends: frozenset[str] = frozenset()
    authors: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    telling: str = ""


def read_log(root: Path, *, cached: bool = False) -> CommitLog:
    """Read what the commits of a workspace did to its records.

    Args:
        root: The workspace.
        cached: Whether what was read before is taken from the workspace's cache, which is brought
            up to date then, but for a log that lacks something. The log is the same either way.
    """
    place = place_of(root)
    if place is None:
        trust = trust_command(root)
        if trust is None:
            return CommitLog(gaps=(Gap.NO_GIT,))
        return CommitLog(gaps=(Gap.NOT_TRUSTED if trust else Gap.NO_REPOSITORY,))
    if not place.head:
        return CommitLog(gaps=(Gap.NO_COMMITS,))
    kept = read_kept(root, _CACHE_NAME, _DECODER, program_stamp()) if cached else None
    if kept and kept.lineage != place.lineage:
        kept = None  # Such as after `git fetch --unshallow`.
    commits = {commit.name: commit for commit in kept.commits} if kept else {}
    partial = False
    if kept is None or kept.head != place.head:
        read = _Reader(root).read(place.head, kept.head if kept else "")
        if read is None and kept:
            # The commit that the cache knows is no longer there.
            commits, read = {}, _Reader(root).read(place.head, "")
        if read is None:
            return CommitLog(gaps=(Gap.UNREADABLE,))
        commits |= {commit.name: commit for commit in read.commits}
        partial = read.partial
    ordered = _in_order(place.head, commits)
    authors = _authors(root, ordered)
    if authors is None:
        return CommitLog(gaps=(Gap.UNREADABLE,))
    if cached and not partial and (kept is None or kept.head != place.head):
        body = _ENCODER.encode(_Kept(program_stamp(), place.lineage, place.head, ordered))
        write_cache_file(root, _CACHE_NAME, body)
    shallow = [Gap.SHALLOW] if any(commit.name in place.ends for commit in ordered) else []
    return CommitLog(
        place.head,
        tuple(ordered),
        place.ends,
        authors,
        (*shallow, *([Gap.PARTIAL] if partial else [])),
        place.telling,
    )


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Kept)


def _in_order(head: str, commits: Mapping[str, LoggedCommit]) -> list[LoggedCommit]:
    """Return the commits that led to one, each before its parents, the later made first."""
    children: Counter[str] = Counter()
    reached = {head}
    waiting = [head]
    while waiting:
        commit = commits.get(waiting.pop())
        for parent in commit.parents if commit else ():
            children[parent] += 1
            if parent not in reached:
                reached.add(parent)
                waiting.append(parent)
    ordered: list[LoggedCommit] = []
    ready = [(0, head)]
    while ready:
        commit = commits.get(heapq.heappop(ready)[1])
        if commit is None:
            continue
        ordered.append(commit)
        for parent in commit.parents:
            children[parent] -= 1
            if not children[parent] and parent in commits:
                heapq.heappush(ready, (-commits[parent].seconds, parent))
    return ordered


def _authors(root: Path, commits: Iterable[LoggedCommit]) -> dict[str, str] | None:
    """Return the name of each author, as the repository's `.mailmap` writes it.

    Returns:
        None where git fails.
    """
    authors = sorted({commit.author for commit in commits})
    asked = "".join(f"{author}\n" for author in authors).encode("utf-8", "surrogateescape")
    answer = run_git(root, ["check-mailmap", "--stdin"], asked)
    if answer is None:
        return None
    names = answer.decode("utf-8", "replace").split("\n")
    return {
        author: name.rpartition(" <")[0].strip()
        for author, name in zip(authors, names, strict=False)
    }


# --- Reading from git -------------------------------------------------------------------------


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


class _Read(Struct, frozen=True):
    commits: list[LoggedCommit]
    partial: bool


class _Reader:
    """Reads commits from git."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._glances: dict[bytes, _Glance | None] = {}

    def read(self, head: str, known: str) -> _Read | None:
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
        return _Read(logged, partial=found < len(blobs))

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
