"""What every commit did to the records, as texts: the raw material of their history.

The log is kept between runs, and continued with the commits that are new.

Nothing here depends on the settings of the workspace; `tracker.library.history` says what the
texts mean.
"""

from __future__ import annotations

import heapq
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, field

from tracker.library.cache_files import read_kept, write_cache_file
from tracker.library.commit_reader import CommitReader, LoggedCommit
from tracker.library.git import run_git, trust_command
from tracker.library.git_place import place_of
from tracker.program_stamp import program_stamp
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_CACHE_NAME = "history.msgpack"


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
        read = CommitReader(root).read(place.head, kept.head if kept else "")
        if read is None and kept:
            # The commit that the cache knows is no longer there.
            commits, read = {}, CommitReader(root).read(place.head, "")
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
