"""The history of the records as git has it: changes of values, and when follow-ups were written.

Days are those of the commits' authors, in the team's time zone. Earlier versions are read with the
settings of today.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from tracker.format.values import read_value
from tracker.library.commit_log import read_log
from tracker.library.commit_reader import KEYS
from tracker.library.commit_walk import follow
from tracker.library.git import SHORT_NAME
from tracker.library.stage_history import StageEntry
from tracker.money import Money
from tracker.schema import FRONT_MATTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.config import Config
    from tracker.library.commit_log import CommitLog, Gap
    from tracker.library.commit_reader import LoggedCommit
    from tracker.library.commit_walk import Event
    from tracker.library.library import Library

Value: TypeAlias = "str | date | Money"
"""What a key holds: ids of stage and level, the owner's name, an amount, a day."""

_FIELDS = {found.key: found for found in FRONT_MATTER if found.key in KEYS}


class Commit(Struct, frozen=True):
    """One commit, as far as records need it.

    Attributes:
        name: Its full name.
        at: When its author made it, in the author's own zone.
        day: The day of that moment in the team's time zone.
        who: The author's name, as the repository's `.mailmap` writes it.
    """

    name: str
    at: datetime
    day: date
    who: str

    @property
    def short(self) -> str:
        """Return its name as people are shown it."""
        return self.name[:SHORT_NAME]


class ValueChange(Struct, frozen=True):
    """A value of the front matter that a commit has changed.

    Attributes:
        key: `stage`, `level`, `owner`, `value` or `expected_close`.
        old: What it was before; None where it was not there, or cannot be read.
        new: What it is since; None where it was removed.
        commit: The commit.
    """

    key: str
    old: Value | None
    new: Value | None
    commit: Commit

    @property
    def day(self) -> date:
        """Return the day of the change, in the team's time zone."""
        return self.commit.day

    @property
    def who(self) -> str:
        """Return who made the change."""
        return self.commit.who


class HeadingChange(Struct, frozen=True):
    """Headings of follow-ups that a commit has changed.

    Attributes:
        commit: The commit; None for the one with which a shallow clone begins, since those that
            it seems to add are older.
        added: Those that are new, as written.
        removed: Those that are gone.
    """

    commit: Commit | None
    added: tuple[str, ...]
    removed: tuple[str, ...]


class RecordHistory(Struct, frozen=True):
    """What git knows of one record.

    Attributes:
        path: Where the record is now.
        began: The commit that brought it; None where a shallow clone does not reach back to it.
        last: The newest commit that changed it; None where a shallow clone does not know.
        changes: Changes of `KEYS`, oldest first; the first value of each is one, from None.
        headings: Changes of the headings of its follow-ups, oldest first.
    """

    path: str
    began: Commit | None = None
    last: Commit | None = None
    changes: tuple[ValueChange, ...] = ()
    headings: tuple[HeadingChange, ...] = ()

    def of(self, key: str) -> tuple[ValueChange, ...]:
        """Return the changes of one key, oldest first."""
        return tuple(change for change in self.changes if change.key == key)

    @property
    def stages(self) -> tuple[StageEntry, ...]:
        """Return the days on which stages were entered, oldest first.

        A rebased commit can have an earlier day than the one that it was put upon: its stage was
        entered no earlier than the one before.
        """
        changes = self.of("stage")
        days = accumulate((change.day for change in changes), max)
        return tuple(
            StageEntry(day, str(change.new), "git", came_with_record=change.commit == self.began)
            for day, change in zip(days, changes, strict=True)
            if change.new
        )


@dataclass(frozen=True)
class History:
    """The history of a workspace's records, up to the commit that is checked out.

    Attributes:
        records: What is known of each record, by its path now; those that are not committed, or
            of which git knows nothing, are missing.
        gaps: Why it is not the whole history; empty where it is.
        head: Full name of that commit; empty where there is none.
        telling: What changes wherever git tells the same commits otherwise, such as when a shallow
            clone is deepened, commits are replaced or authors are called otherwise.
    """

    records: Mapping[str, RecordHistory] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    head: str = ""
    telling: str = field(default="", compare=False)

    @cached_property
    def stages(self) -> dict[str, tuple[StageEntry, ...]]:
        """Return the days on which stages were entered by path, oldest first."""
        return {path: stages for path, found in self.records.items() if (stages := found.stages)}

    def of(self, path: str) -> RecordHistory:
        """Return what is known of a record; nothing is known of one that is not committed."""
        return self.records.get(path) or RecordHistory(path)


def read_history(library: Library, *, cached: bool = False) -> History:
    """Read the history of a workspace's records from git.

    Args:
        library: The workspace as it is now.
        cached: Whether what was read of the commits before is taken from the workspace's cache.
            The history is the same either way.
    """
    log = read_log(library.root, cached=cached)
    return history_of(log, library)


def history_of(log: CommitLog, library: Library) -> History:
    """Work out the history of a workspace's records from its commits."""
    meaning = _Meaning(log, library.config)
    events = follow(log, {customer.path for customer in library.customers}, meaning.is_same)
    return History(
        {path: _record_history(path, found, meaning) for path, found in events.items()},
        log.gaps,
        log.head,
        log.telling,
    )


def _record_history(path: str, events: Iterable[Event], meaning: _Meaning) -> RecordHistory:
    record = _Record(path, meaning)
    for event in events:
        record.take(event)
    return record.history()


# --- What the texts of the log mean -----------------------------------------------------------


class _Unreadable:
    """A value that is written but cannot be read."""


_UNREADABLE = _Unreadable()


class _Meaning:
    """Reads the texts of a log with the settings of the workspace.

    Attributes:
        ends: The commits at which a shallow clone ends.
    """

    def __init__(self, log: CommitLog, config: Config) -> None:
        self.ends = log.ends
        self._authors = log.authors
        self._config = config
        self._values: dict[tuple[str, str], Value | _Unreadable] = {}
        self._commits: dict[str, Commit | None] = {}

    def value(self, key: str, text: str | None) -> Value | _Unreadable | None:
        """Return what the text of a key says; None of no text."""
        if not text:
            return None
        if (key, text) not in self._values:
            read = read_value(_FIELDS[key], text, self._config)
            self._values[key, text] = read if isinstance(read, str | date | Money) else _UNREADABLE
        return self._values[key, text]

    def is_same(self, key: str, one: str | None, other: str | None) -> bool:
        """Tell whether two texts of a key mean the same."""
        return self.value(key, one) == self.value(key, other)

    def commit(self, logged: LoggedCommit) -> Commit | None:
        """Return a commit; None where its time is in no calendar."""
        if logged.name not in self._commits:
            try:
                zone = timezone(timedelta(minutes=logged.zone))
                at = datetime.fromtimestamp(logged.seconds, zone)
                day = at.astimezone(self._config.timezone).date()
            except (ValueError, OverflowError, OSError):
                self._commits[logged.name] = None
            else:
                who = self._authors.get(logged.author, "")
                self._commits[logged.name] = Commit(logged.name, at, day, who)
        return self._commits[logged.name]


class _Record:
    """The history of one record, gathered from what happened to it, oldest first."""

    def __init__(self, path: str, meaning: _Meaning) -> None:
        self._path = path
        self._meaning = meaning
        self._began: Commit | None = None
        self._last: Commit | None = None
        self._changes: list[ValueChange] = []
        self._values: dict[str, Value | None] = {}
        self._headings: list[HeadingChange] = []

    def take(self, event: Event) -> None:
        """Take in what a commit did."""
        oldest = event.commit.name in self._meaning.ends
        commit = None if oldest else self._meaning.commit(event.commit)
        if (event.added or event.removed) and (oldest or commit):
            self._headings.append(HeadingChange(commit, event.added, event.removed))
        if commit is None:
            return
        if event.edits:
            self._last = commit
            if event.begins and self._began is None:
                self._began = commit
        self._take_values(event, commit)

    def history(self) -> RecordHistory:
        """Return what was gathered."""
        return RecordHistory(
            self._path,
            self._began,
            self._last,
            tuple(self._changes),
            tuple(self._headings),
        )

    def _take_values(self, event: Event, commit: Commit) -> None:
        for key, (old_text, new_text) in event.values.items():
            old, new = self._meaning.value(key, old_text), self._meaning.value(key, new_text)
            if isinstance(new, _Unreadable):
                continue
            if isinstance(old, _Unreadable):
                old = self._values.get(key)
            # Where two lines of history brought the same change, it is told once.
            if new != self._values.get(key, old):
                self._changes.append(ValueChange(key, old, new, commit))
            self._values[key] = new
