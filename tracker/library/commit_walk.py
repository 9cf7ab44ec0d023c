"""Following records through the commits, from what is checked out to the first ones.

A file is followed through renames. Where a merge joins two lines of history, each value of the
front matter is followed along the line that has it as the merge does, so that what a merge threw
away is not told; what a merge decided itself is told of the merge, and followed along all lines.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from tracker.library.commit_reader import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tracker.library.commit_log import CommitLog
    from tracker.library.commit_reader import FileChange, LoggedCommit

    IsSame: TypeAlias = Callable[[str, str | None, str | None], bool]


_BITS = {key: 1 << number for number, key in enumerate(KEYS)}
_HEADINGS = 1 << len(KEYS)
_FILE = 1 << len(KEYS) + 1
_ALL = (1 << len(KEYS) + 2) - 1
"""What of a record is followed along a line of history, as bits: each of `KEYS`, the headings of
its follow-ups, and the file as a whole."""

_Followed: TypeAlias = dict[str, dict[str, int]]
"""The aspects that are followed, by the path of a file in a commit and that of the record now."""


class Event(Struct, frozen=True):
    """What one commit did to one record.

    Attributes:
        commit: The commit.
        values: Old and new text of the keys that it changed.
        added: Headings that are new.
        removed: Headings that are gone.
        edits: Whether the file is another one than in all parents.
        begins: Whether no parent has the file.
    """

    commit: LoggedCommit
    values: Mapping[str, tuple[str | None, str | None]]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    edits: bool
    begins: bool


def follow(log: CommitLog, paths: Iterable[str], is_same: IsSame) -> dict[str, list[Event]]:
    """Return what happened to each record of a path, oldest first.

    Args:
        log: The commits.
        paths: Where the records are now; those that the newest commit does not have get nothing.
        is_same: Whether two texts of a key mean the same.
    """
    return _Follower(is_same).follow(log, paths)


class _Merge(Struct, frozen=True):
    """What a merge made of one file.

    Attributes:
        commit: The merge.
        changes: How the file differs from each parent; None where it does not.
    """

    commit: LoggedCommit
    changes: list[FileChange | None]


class _Follower:
    """Follows records from the newest commit to the first ones."""

    def __init__(self, is_same: IsSame) -> None:
        self._is_same_value = is_same
        self._waiting: dict[str, _Followed] = {}
        self._events: defaultdict[str, list[Event]] = defaultdict(list)

    def follow(self, log: CommitLog, paths: Iterable[str]) -> dict[str, list[Event]]:
        """Return what happened to each record of a path, oldest first."""
        self._waiting[log.head] = {path: {path: _ALL} for path in paths}
        for commit in log.commits:
            files = self._waiting.pop(commit.name, None)
            if not files:
                continue
            if len(commit.changes) == 1:
                self._pass_change(commit, files)
            else:
                self._pass_merge(commit, files)
        return {path: events[::-1] for path, events in self._events.items()}

    def _pass_change(self, commit: LoggedCommit, files: _Followed) -> None:
        """Follow through a commit with one parent, or none."""
        older: _Followed = {}
        left = _headings_left(commit.changes[0])
        for change in commit.changes[0]:
            for record, aspects in files.pop(change.path, {}).items():
                self._tell(commit, record, aspects, (change,))
                _add(older, change.old, record, aspects)
                if aspects & _HEADINGS:
                    # Follow-ups that moved here are followed where they were.
                    for origin in {path for each in change.added for path in left.get(each, ())}:
                        _add(older, origin, record, _HEADINGS)
        for parent in commit.parents:
            self._hand_on(parent, files)
            self._hand_on(parent, older)

    def _pass_merge(self, commit: LoggedCommit, files: _Followed) -> None:
        """Follow through a merge: each aspect along the line that it came from, or else all."""
        differing = [{change.path: change for change in changes} for changes in commit.changes]
        lines: list[_Followed] = [{} for _ in commit.parents]
        for path in sorted(set().union(*differing) & files.keys()):
            merge = _Merge(commit, [each.get(path) for each in differing])
            for record, aspects in files.pop(path).items():
                self._pass_merged_file(record, aspects, path, merge, lines)
        self._hand_on(commit.parents[0], files)
        for parent, followed in zip(commit.parents, lines, strict=True):
            self._hand_on(parent, followed)

    def _pass_merged_file(
        self, record: str, aspects: int, path: str, merge: _Merge, lines: Sequence[_Followed]
    ) -> None:
        """Follow one file through a merge.

        Args:
            record: The record that the file is followed for.
            aspects: What of it is followed.
            path: The file.
            merge: What the merge made of it.
            lines: What is followed in each parent, to which this is added.
        """
        unchanged = [number for number, change in enumerate(merge.changes) if change is None]
        if unchanged:
            _add(lines[unchanged[0]], path, record, aspects)
            return
        changes = [change for change in merge.changes if change]
        told = 0
        for aspect in _BITS.values():
            same = [number for number, change in enumerate(changes) if self._has(change, aspect)]
            if aspects & aspect and same:
                _add(lines[same[0]], changes[same[0]].old, record, aspect)
            else:
                told |= aspects & aspect
        told |= aspects & (_HEADINGS | _FILE)
        for followed, change in zip(lines, changes, strict=True):
            _add(followed, change.old, record, told)
        self._tell(merge.commit, record, told, changes)

    def _has(self, change: FileChange, aspect: int) -> bool:
        """Tell whether the parent has a value as the commit has it."""
        if not change.old or not change.known:
            return False
        return all(
            _BITS[key] != aspect or self._is_same_value(key, old, new)
            for key, (old, new) in change.values.items()
        )

    def _tell(
        self, commit: LoggedCommit, record: str, aspects: int, changes: Sequence[FileChange]
    ) -> None:
        """Note what a commit did to a record, against all its parents."""
        first, *others = changes
        followed = aspects & _HEADINGS
        self._events[record].append(
            Event(
                commit,
                {key: texts for key, texts in first.values.items() if aspects & _BITS[key]},
                _in_all(first.added, [each.added for each in others]) if followed else (),
                _in_all(first.removed, [each.removed for each in others]) if followed else (),
                edits=bool(aspects & _FILE),
                begins=not any(change.old for change in changes),
            )
        )

    def _hand_on(self, commit: str, files: _Followed) -> None:
        """Let files be followed in a commit, beside those that are followed there already."""
        known = self._waiting.setdefault(commit, files)
        if known is files:
            return
        if len(known) < len(files):
            known, files = files, known
            self._waiting[commit] = known
        for path, records in files.items():
            for record, aspects in records.items():
                _add(known, path, record, aspects)


def _add(files: _Followed, path: str, record: str, aspects: int) -> None:
    if path and aspects:
        records = files.setdefault(path, {})
        records[record] = records.get(record, 0) | aspects


def _headings_left(changes: Iterable[FileChange]) -> dict[str, list[str]]:
    """Return the files that a commit took each heading out of, as they were called before."""
    left: defaultdict[str, list[str]] = defaultdict(list)
    for change in changes:
        for heading in change.removed:
            left[heading].append(change.old)
    return left


def _in_all(these: tuple[str, ...], others: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(each for each in these if all(each in other for other in others))
