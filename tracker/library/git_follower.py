"""What git says of a workspace as it changes: the history of its records, and the last edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.config import RECORDS_DIR
from tracker.library.commit_log import head_of, read_log
from tracker.library.git import run_git
from tracker.library.history import History, history_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from tracker.library.commit_log import CommitLog
    from tracker.library.library import Library


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
    changed = run_git(
        root,
        [
            *("diff", "--name-only", "-z", "--no-renames", "--relative", "HEAD"),
            *("--", RECORDS_DIR),
        ],
    )
    since = set((changed or b"").decode("utf-8", "replace").split("\0"))
    return {
        path: Edit(found.last.who, found.last.day, path in since)
        for path, found in history.records.items()
        if found.last
    }


class GitFollower:
    """What git knows of the records of a workspace that changes.

    The log is read again only where another commit is checked out, so that following an edit does
    not take the longer, the older the repository is.

    Attributes:
        history: The history of the records.
        edits: Who edited each record last.
    """

    def __init__(self, *, cached: bool = False) -> None:
        """Know nothing yet.

        Args:
            cached: Whether the workspace's cache is used and kept.
        """
        self.history = History()
        self.edits: Mapping[str, Edit] = {}
        self._cached = cached
        self._log: CommitLog | None = None
        self._key: tuple[object, ...] = ()

    def look(self, library: Library) -> None:
        """Look at git for a library as it is now."""
        head = head_of(library.root)
        if self._log is None or self._log.head != head:
            self._log = read_log(library.root, cached=self._cached)
        paths = frozenset(customer.path for customer in library.customers)
        key = (self._log.head, library.config.fingerprint, paths)
        if key != self._key:
            self._key = key
            self.history = history_of(self._log, library)
        self.edits = last_edits(self.history, library.root)
