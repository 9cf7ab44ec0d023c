"""What git says of a workspace, and following it while it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from tracker.config import RECORDS_DIR
from tracker.library.commit_log import Gap, read_log
from tracker.library.git import uncommitted
from tracker.library.git_place import GitPlace, place_of
from tracker.library.history import History, history_of
from tracker.library.revisions import earlier_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from tracker.library.commit_log import CommitLog
    from tracker.library.library import Library
    from tracker.library.revisions import Earlier


class Edit(Struct, frozen=True):
    """The newest commit that changed a record.

    Attributes:
        who: Its author's name, as the repository's `.mailmap` writes it.
        day: The day of its author, in the workspace's time zone.
        changed_since: Whether the file was changed after it and is not committed.
    """

    who: str
    day: date
    changed_since: bool = False


def last_edits(history: History, root: Path) -> dict[str, Edit]:
    """Return who edited each record last, by path.

    Records that are not committed have none, nor have those that only the oldest commits of a
    shallow clone touch. A merge counts where it made something of its own.

    Args:
        history: The history of the records.
        root: The workspace; git is asked what was changed in it since.
    """
    if not history.records:
        return {}
    since = set((uncommitted(root, RECORDS_DIR) or b"").decode("utf-8", "replace").split("\0"))
    return {
        path: Edit(found.last.who, found.last.day, path in since)
        for path, found in history.records.items()
        if found.last
    }


class GitState(Struct, frozen=True):
    """What git says of a workspace on a day.

    Attributes:
        history: The history of the records.
        edits: Who edited each record last, by path.
        earlier: The records as they were some weeks ago; or why git cannot tell.
    """

    history: History = field(default_factory=History)
    edits: Mapping[str, Edit] = field(default_factory=dict)
    earlier: Earlier | Gap = Gap.NO_REPOSITORY

    @classmethod
    def of(
        cls, library: Library, history: History, today: date, *, cached: bool = False
    ) -> GitState:
        """Ask git about a workspace.

        Args:
            library: The workspace.
            history: The history of its records, already read.
            today: The day that it is.
            cached: Whether the workspace's cache is used and kept.
        """
        earlier = earlier_state(library, history.gaps, today, cached=cached)
        return cls(history, last_edits(history, library.root), earlier)


class GitFollower:
    """What git says of a workspace that changes.

    The log is read again only where git tells another one, such as where another commit is checked
    out or authors are named otherwise, and the earlier records only then, on another day, or where
    other records are renamed or left out by now, so that following an edit does not take the
    longer, the older the repository is.

    Attributes:
        state: What git says.
    """

    def __init__(self, *, cached: bool = False) -> None:
        """Know nothing yet.

        Args:
            cached: Whether the workspace's cache is used and kept.
        """
        self.state = GitState()
        self._cached = cached
        self._log: CommitLog | None = None
        self._place: GitPlace | None = None
        self._known: tuple[object, ...] = ()
        self._then: tuple[object, ...] = ()

    def look(self, library: Library, today: date) -> None:
        """Look at git for a library as it is now, on a day."""
        place = place_of(library.root)
        # Why there is no place is another thing once git is installed, or trusts a repository.
        is_known = place is not None and place == self._place
        if self._log is None or not is_known or Gap.UNREADABLE in self._log.gaps:
            self._log = read_log(library.root, cached=self._cached)
        self._place = place
        history, earlier = self.state.history, self.state.earlier
        settings = (place, self._log.gaps, library.config.fingerprint)
        known = (*settings, frozenset(customer.path for customer in library.customers))
        if known != self._known:
            history = history_of(self._log, library)
        if (*settings, today) != self._then or not (isinstance(earlier, Gap) or earlier.holds()):
            earlier = earlier_state(library, history.gaps, today, cached=self._cached)
        self._known, self._then = known, (*settings, today)
        self.state = GitState(history, last_edits(history, library.root), earlier)
