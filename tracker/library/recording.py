"""When follow-ups were written down: the first commit that had each, and who made it.

A follow-up is recognised by its heading: day, time, method and who, however they are written. Its
text may have changed since, and it may have moved to another record. Where a commit corrected a
heading, the follow-up is the one that it was before.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from msgspec import Struct

from tracker.diagnostics import Problems
from tracker.format.followup import HEADING, read_followup
from tracker.format.sections import FOLLOWUP_LEVELS, Section
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from tracker.config import Config
    from tracker.library.history import Commit, HeadingChange, History, RecordHistory
    from tracker.library.library import Entry
    from tracker.model import FollowUp

    _Identity: TypeAlias = tuple[datetime, bool, str, str]
    """What a heading says: the moment, whether it names a time, the method, who, if it says so."""


class Recorded(Struct, frozen=True):
    """When a follow-up was written down.

    Attributes:
        followup: The follow-up, as the record has it now.
        commit: The first commit that had it; None where it is not committed, or where git does
            not know, because it is older than what a shallow clone holds.
        with_record: Whether that commit was the record's first one, which may have brought in
            what was written down elsewhere long before.
        older_than_clone: Whether a shallow clone begins with it.
    """

    followup: FollowUp
    commit: Commit | None
    with_record: bool = False
    older_than_clone: bool = False


_Item = TypeVar("_Item")


class Recording:
    """When the follow-ups of a workspace's records were written down."""

    def __init__(self, history: History, config: Config) -> None:
        """Know a history.

        Args:
            history: The history of the records.
            config: The workspace's settings.
        """
        self._history = history
        self._config = config
        self._identities: dict[str, _Identity | None] = {}

    def of(self, entry: Entry) -> tuple[Recorded, ...]:
        """Return when each follow-up of a record was written down, in the order of the file.

        Of two with the same heading, the one that stands where the older ones stand was there
        first.

        Args:
            entry: The record, as it is now.
        """
        if entry.customer is None:
            return ()
        known = self._history.of(entry.path)
        if not known.headings:
            return tuple(Recorded(followup, None) for followup in entry.customer.followups)
        first, oldest = self._first_commits(known)
        lines = entry.text.split("\n")
        found: list[Recorded] = []
        for followup in self._oldest_first(entry.customer.followups):
            place = followup.span
            identity = self._identity(lines[place.line - 1][place.column - 1 :])
            if identity in oldest:
                found.append(Recorded(followup, None, older_than_clone=True))
                continue
            commits = first.get(identity, [])
            commit = commits.pop(0) if commits else None
            with_record = commit is not None and commit == known.began
            found.append(Recorded(followup, commit, with_record=with_record))
        return tuple(self._oldest_first(found))

    def _oldest_first(self, items: Sequence[_Item]) -> Sequence[_Item]:
        """Return a list in the order of the file in the order of time, or the other way round."""
        return items[::-1] if self._config.newest_first else items

    def _first_commits(
        self, known: RecordHistory
    ) -> tuple[dict[_Identity | None, list[Commit]], set[_Identity | None]]:
        """Return the commits that first had each heading, and the headings older than the clone.

        The commits are the oldest first; more than one where the heading came more than once.
        """
        first: defaultdict[_Identity | None, list[Commit]] = defaultdict(list)
        oldest: set[_Identity | None] = set()
        for change in known.headings:
            for identity, before in self._begun(change):
                if change.commit is None or before in oldest:
                    oldest.add(identity)
                else:
                    first[identity].append(first[before][-1] if before in first else change.commit)
        return first, oldest

    def _begun(self, change: HeadingChange) -> Iterator[tuple[_Identity, _Identity | None]]:
        """Yield what new headings say, each with what it said before where it was corrected.

        A heading is corrected where one of the same day is gone in the same commit, or where no
        other one came or went.
        """
        added, removed = self._all(change.added), self._all(change.removed)
        for identity in tuple(added):
            if identity in removed:
                added.remove(identity)
                removed.remove(identity)
        lone = len(added) == len(removed) == 1
        for identity in added:
            same_day = (each for each in removed if lone or each[0].date() == identity[0].date())
            before = next(same_day, None)
            if before:
                removed.remove(before)
            yield identity, before

    def _all(self, headings: Iterable[str]) -> list[_Identity]:
        return [found for each in headings if (found := self._identity(each))]

    def _identity(self, heading: str) -> _Identity | None:
        """Return what a heading says; None where it begins no follow-up."""
        heading = heading.strip()
        if heading not in self._identities:
            self._identities[heading] = self._read(heading)
        return self._identities[heading]

    def _read(self, heading: str) -> _Identity | None:
        section = Section(FOLLOWUP_LEVELS[0], heading, 1, 1, dated=True)
        followup = read_followup(section, self._config, "", Problems())
        if followup is None:
            return None
        method = followup.method
        if method is None:
            match = HEADING.match(heading)
            method = fold((match["rest"] if match else "") or "")
        return followup.order, followup.time is not None, method, fold(followup.who)
