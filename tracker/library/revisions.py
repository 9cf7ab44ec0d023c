"""The records of a workspace at revisions in git, beside those of the working tree.

A revision or a day says which commit is meant; `tracker.library.revision_records` reads the records
that were there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.config import RECORDS_DIR
from tracker.day_words.reading import read_when
from tracker.day_words.stretches import first_day_of
from tracker.errors import TrackerError, UsageError
from tracker.library.cache import RecordCache
from tracker.library.commit_log import Gap
from tracker.library.comparison import Comparison, compare
from tracker.library.git import SHORT_NAME, not_checked_out
from tracker.library.revision_records import (
    files_at,
    git_output,
    library_at,
    renames_between,
    without,
)
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tracker.library.comparison import RecordChange
    from tracker.library.library import Entry, Library

_RANGE = re.compile(r"(?P<first>.*?)(?P<dots>\.{2,3})(?P<last>.*)", re.DOTALL)
_HEAD = "HEAD"
_ALONG = ("rev-list", "--first-parent")
_EVENING = time(23, 59)
"""The time of the day from which words look back, so that `15:00` is this day's."""

RECENT = timedelta(days=30)
"""How long ago the records that `earlier_state` reads were: at the beginning of that day."""


class Point(Struct, frozen=True):
    """One end of a range.

    Attributes:
        name: As it was asked for; empty for the working tree.
        commit: Full name of the commit; empty for the working tree, and for what lies before the
            first commit.
        day: The commit's day in the team's time zone; of the working tree, today.
    """

    name: str
    commit: str
    day: date

    @property
    def short(self) -> str:
        """Return the commit's name as people are shown it."""
        return self.commit[:SHORT_NAME]


class Range(Struct, frozen=True):
    """The records at two points, side by side.

    Attributes:
        first: The older point. Asked for by a day, it is the state at the beginning of that day.
        last: The newer point.
        comparison: The records at both.
        begins: Whether the older point is where the history of the records begins, since nothing
            is known of the day that was asked for. What the first records brought is no change.
    """

    first: Point
    last: Point
    comparison: Comparison
    begins: bool = False


def read_range(library: Library, text: str, today: date) -> Range:
    """Read a range as git writes them.

    Args:
        library: The working tree.
        text: `A..B` for two revisions, of which one left out is `HEAD`; `A...B` for what `B` has
            changed since it left `A`; `A` alone for what the working tree has changed since.
        today: The day that it is.

    Raises:
        UsageError: There is no such revision.
        TrackerError: Git is missing, or says no, or does not have all of it.
    """
    shallow = _check_repository(library.root)
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        first = _commit(library, text.strip(), shallow=shallow)
        return _range(library, first, Point("", "", today))
    last = _commit(library, match["last"] or _HEAD, shallow=shallow)
    first = _commit(library, match["first"] or _HEAD, shallow=shallow)
    if len(match["dots"]) > len(".."):
        base = _merge_base(library.root, first.commit, last.commit)
        if not base:
            raise TrackerError(
                Message(
                    "{first} and {last} have no commit in common",
                    {"first": first.name, "last": last.name},
                )
            )
        first = Point(first.name, base, _day_of(library, base))
    return _range(library, first, last)


def read_since(library: Library, text: str, today: date) -> Range:
    """Read what the working tree has changed since a revision, or since the start of a day.

    Of a revision that is not in the history of `HEAD`, such as a branch that went on since this
    one left it, what it has got in the meantime is left out: the state is that where both parted.
    That of a day is the one of `read_earlier`.

    Args:
        library: The working tree.
        text: A revision; or a day, or words for one, such as `7天前`; or for a week, month,
            quarter or year, such as `last week`, which begins on its first day.
        today: The day that it is.

    Raises:
        UsageError: It is neither, or the day is still to come.
        TrackerError: Git is missing, or says no, or does not have all of it.
    """
    root = library.root
    shallow = _check_repository(root)
    written = text.strip()
    last = Point("", "", today)
    if _resolved(root, written):
        point = _commit(library, written, shallow=shallow)
        base = _merge_base(root, point.commit, _HEAD)
        if base and base != point.commit:
            point = Point(written, base, _day_of(library, base))
        return _range(library, point, last)
    day = _first_day(written, today)
    if day is None:
        raise _unknown(root, written, shallow=shallow, or_day=True)
    if day > today:
        raise UsageError(
            Message(
                "‘{name}’ begins on {day}, which is after today, {today}",
                {"name": written, "day": day, "today": today},
            )
        )
    return read_earlier(library, day, name=written).until(library, today)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The records as they were at the beginning of a day, or when their history began.

    Attributes:
        point: The state: the commit that was the last one then, and the day.
        library: The records.
        renames: The older path of each record that was renamed since, by its newer one.
        left_out: Paths of the records that a sparse checkout keeps from being here now.
        begins: Whether it is the state in which the first records came, since nothing is known of
            the day that was asked for.
    """

    point: Point
    library: Library
    renames: Mapping[str, str]
    left_out: frozenset[str] = frozenset()
    begins: bool = False
    _known: dict[str, RecordChange] = field(default_factory=dict, repr=False, compare=False)

    def holds(self) -> bool:
        """Tell whether git says the same of the working tree as when this was read.

        What is renamed or left out in it changes without a commit.
        """
        root = self.library.root
        return (
            renames_between(root, self.point.commit, "") == self.renames
            and not_checked_out(root, RECORDS_DIR) == self.left_out
        )

    def until(self, library: Library, today: date) -> Range:
        """Return what the working tree has changed since.

        Args:
            library: The working tree.
            today: The day that it is.
        """
        comparison = compare(self.library, library, self.renames)
        # What was found out about a record holds as long as it stays as it is.
        changes = tuple(map(self._known_or_new, comparison.changes))
        comparison = replace(comparison, changes=changes)
        return Range(self.point, Point("", "", today), comparison, self.begins)

    def _known_or_new(self, change: RecordChange) -> RecordChange:
        known = self._known.get(change.path)
        same = known and known.before is change.before and known.after is change.after
        if known is None or not same or known.merged_into is not change.merged_into:
            self._known[change.path] = known = change
        return known


def read_earlier(library: Library, day: date, *, name: str = "", cached: bool = False) -> Earlier:
    """Read the state at the start of a day.

    It is that of the last commit before it, along the first parents of `HEAD`: what was merged
    later came later, whenever it was written. Where there had been no records yet, it is that of
    the commit that brought the first ones: they are where the history begins, and no news.

    Args:
        library: The working tree.
        day: The day.
        name: How the day was asked for.
        cached: Whether records that were parsed before are taken from the workspace's cache.

    Raises:
        TrackerError: Git is missing, or says no, or does not have all of it.
    """
    root = library.root
    shallow = _check_repository(root)
    _commit(library, _HEAD, shallow=shallow)
    start = datetime.combine(day, time.min, library.config.timezone)
    found = git_output(root, [*_ALONG, _HEAD, "-1", f"--min-age={int(start.timestamp()) - 1}"])
    commit = (found or b"").decode().strip()
    if not commit and shallow:
        raise TrackerError(
            Message(
                "this clone is shallow and does not reach back to {day}; fetch the rest with: "
                "git fetch --unshallow",
                {"day": day},
            )
        )
    first = _beginning_after(root, commit)
    if first:
        commit, day = first, _day_of(library, first)
    read: dict[tuple[str, bytes], Entry] = {}
    renames = renames_between(root, commit, "")
    left_out = not_checked_out(root, RECORDS_DIR)
    cache = RecordCache(root, library.config, "earlier") if cached else None
    records = without(library_at(library, commit, read, cache), left_out, renames)
    if cache:
        cache.save()
    return Earlier(Point(name, commit, day), records, renames, left_out, begins=bool(first))


def _beginning_after(root: Path, commit: str) -> str:
    """Return the commit after another one that brought the first records of all.

    Args:
        root: The workspace's folder.
        commit: That other one; empty for what lies before the first one.

    Returns:
        Its name; empty where there were records at that other one or before, even if they are gone
        again, and where none is committed.
    """
    if not commit:
        return _first_with_records(root, _HEAD)
    if _has_records(root, commit) or _first_with_records(root, commit):
        return ""
    return _first_with_records(root, f"{commit}..{_HEAD}")


def _first_with_records(root: Path, commits: str) -> str:
    """Return the first of some commits in which there are records; empty where none has any."""
    found = git_output(root, [*_ALONG, "--reverse", commits, "--", f"{RECORDS_DIR}/"]) or b""
    names = found.decode().split()
    return next((name for name in names if _has_records(root, name)), "")


def _has_records(root: Path, commit: str) -> bool:
    return next(iter(files_at(root, commit)), None) is not None


def earlier_state(
    library: Library, gaps: tuple[Gap, ...], today: date, *, cached: bool = False
) -> Earlier | Gap:
    """Return the records as they were `RECENT` ago; or why git cannot tell.

    Args:
        library: The working tree.
        gaps: What git does not know of the history.
        today: The day that it is.
        cached: Whether records that were parsed before are taken from the workspace's cache.
    """
    for gap in gaps:
        if not gap.is_part:
            return gap
    try:
        return read_earlier(library, today - RECENT, cached=cached)
    except TrackerError:
        return Gap.SHALLOW if Gap.SHALLOW in gaps else Gap.PARTIAL


def _first_day(text: str, today: date) -> date | None:
    """Return the day that a text names, or the first one of the week or month that it names."""
    now = datetime.combine(today, _EVENING)
    if day := first_day_of(text, now):
        return day
    when = read_when(text, now, past=True)
    return None if isinstance(when, Message) else when.date


def _range(library: Library, first: Point, last: Point) -> Range:
    read: dict[tuple[str, bytes], Entry] = {}
    after = library_at(library, last.commit, read) if last.commit else library
    before = library_at(library, first.commit, read)
    renames = renames_between(library.root, first.commit, last.commit)
    if not last.commit:
        before = without(before, not_checked_out(library.root, RECORDS_DIR), renames)
    return Range(first, last, compare(before, after, renames))


# --- Points -----------------------------------------------------------------------------------


def _check_repository(root: Path) -> bool:
    """Tell whether the repository of a workspace is shallow.

    Raises:
        TrackerError: There is none.
    """
    answer = git_output(root, ["rev-parse", "--is-inside-work-tree", "--is-shallow-repository"])
    return (answer or b"").split()[-1:] == [b"true"]


def _commit(library: Library, name: str, *, shallow: bool) -> Point:
    commit = _resolved(library.root, name)
    if not commit:
        raise _unknown(library.root, name, shallow=shallow)
    return Point(name, commit, _day_of(library, commit))


def _merge_base(root: Path, first: str, last: str) -> str:
    """Return the commit where two histories parted; empty where they have none in common."""
    found = git_output(root, ["merge-base", first, last], may_fail=True)
    return (found or b"").decode().strip()


def _resolved(root: Path, name: str) -> str:
    """Return the commit that a revision is; empty where there is none."""
    if not name or "\0" in name:
        return ""
    found = git_output(
        root,
        ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"],
        may_fail=True,
    )
    return (found or b"").decode().strip()


def _unknown(root: Path, name: str, *, shallow: bool, or_day: bool = False) -> TrackerError:
    """Return why git cannot say which commit a revision is."""
    if not _resolved(root, _HEAD):
        return TrackerError(Message("the repository has no commits yet"))
    values = {"name": name}
    if shallow:
        return TrackerError(
            Message(
                "git knows no revision ‘{name}’ here; this clone is shallow, so fetch the rest "
                "with: git fetch --unshallow",
                values,
            )
        )
    if or_day:
        return UsageError(
            Message("‘{name}’ is no revision that git knows here, and no day either", values)
        )
    return UsageError(Message("git knows no revision ‘{name}’ here", values))


def _day_of(library: Library, commit: str) -> date:
    seconds = git_output(
        library.root, ["show", "-s", "--no-show-signature", "--format=%ct", commit]
    )
    try:
        return datetime.fromtimestamp(int(seconds or b""), library.config.timezone).date()
    except (ValueError, OverflowError, OSError):
        return date.min
