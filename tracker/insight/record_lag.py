"""Record lag: how long after a talk its follow-up was written down, by whoever made it.

The form says to record a talk at once, while it is remembered. The lag of a follow-up is the time
from the follow-up to the first commit that had it (the author's time of the commit). A follow-up
without a time counts from the end of its day, in the team's time zone: written down the same day,
it has no lag. A lag is never negative: what was written down beforehand has none.

Not every follow-up has a lag, and those that have none are counted beside the others:

- what is not committed yet has not been written down, as far as git can tell;
- what a shallow clone begins with was written down some time before;
- what came with the first commit of its record, and is older than that by more than
  `IMPORTED_AFTER`, was written down elsewhere and imported.

Source: the customer follow-up form, "record immediately after each contact". The median and the
quartiles are told rather than the mean, since a few follow-ups found again after months would
make any mean.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.library.recording import Recording
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from tracker.insight.day import Day, Standing
    from tracker.library.history import Commit
    from tracker.library.recording import Recorded
    from tracker.model import FollowUp
    from tracker.periods import Period

IMPORTED_AFTER = timedelta(days=7)
"""How much older than its record a follow-up is, at least, that was imported with it."""

AT_ONCE = timedelta(days=1)
"""Lag up to which a follow-up counts as written down at once."""


class Lag(Struct, frozen=True):
    """The lag of one follow-up.

    Attributes:
        standing: The customer.
        followup: The follow-up.
        commit: The commit that first had it.
        time: From the one to the other; never negative.
    """

    standing: Standing
    followup: FollowUp
    commit: Commit
    time: timedelta

    @property
    def hours(self) -> float:
        """Return the lag in hours."""
        return self.time / timedelta(hours=1)


class RecordLag(Struct, frozen=True):
    """How long one person takes to write follow-ups down.

    Attributes:
        who: Whoever made the follow-ups; empty where neither they nor the record name anybody.
        lags: The lag of each follow-up that has one, in the order of the records.
        imported: Follow-ups that were imported with their record.
        uncommitted: Follow-ups that are not committed.
        older: Follow-ups that are older than a shallow clone.
    """

    who: str
    lags: tuple[Lag, ...]
    imported: int = 0
    uncommitted: int = 0
    older: int = 0


def record_lags(
    day: Day, period: Period | None = None, who: str | None = None
) -> tuple[RecordLag, ...]:
    """Return the record lag of each person, in the order of their names.

    Args:
        day: The workspace on the day; follow-ups dated after it do not count.
        period: The days of the follow-ups that count; None for all.
        who: Whose it is asked of, in any spelling; None for everybody.
    """
    people: defaultdict[str, _Person] = defaultdict(_Person)
    zone = day.library.config.timezone
    everybody = day.once(_recorded)
    spellings = [each for each in everybody if who is None or fold(each) == fold(who)]
    for name in spellings:
        for standing, followups in everybody[name]:
            for recorded in followups:
                when = recorded.followup.date
                if when <= day.today and (period is None or when in period):
                    people[name].take(standing, recorded, zone)
    return tuple(people[name].lag(name) for name in sorted(people))


def _recorded(day: Day) -> Mapping[str, Sequence[tuple[Standing, Sequence[Recorded]]]]:
    """Return when the follow-ups of each person were written down, record by record."""
    recording = Recording(day.history, day.library.config)
    found: defaultdict[str, list[tuple[Standing, Sequence[Recorded]]]] = defaultdict(list)
    for standing in day.standings:
        of_record: defaultdict[str, list[Recorded]] = defaultdict(list)
        for recorded in recording.of(day.library.by_path[standing.customer.path]):
            of_record[recorded.followup.who].append(recorded)
        for who, followups in of_record.items():
            found[who].append((standing, followups))
    return found


def lag_of(followup: FollowUp, commit: Commit, zone: ZoneInfo) -> timedelta:
    """Return the time from a follow-up to the commit that first had it.

    Args:
        followup: The follow-up.
        commit: The commit.
        zone: The team's time zone.
    """
    moment = followup.order
    if followup.time is None:
        moment += timedelta(days=1)
    return max(commit.at - moment.replace(tzinfo=zone).astimezone(UTC), timedelta())


class _Person:
    """The follow-ups of one person while they are gathered."""

    def __init__(self) -> None:
        self._lags: list[Lag] = []
        self._imported = self._uncommitted = self._older = 0

    def take(self, standing: Standing, recorded: Recorded, zone: ZoneInfo) -> None:
        if recorded.older_than_clone:
            self._older += 1
            return
        if recorded.commit is None:
            self._uncommitted += 1
            return
        lag = lag_of(recorded.followup, recorded.commit, zone)
        if recorded.with_record and lag > IMPORTED_AFTER:
            self._imported += 1
            return
        self._lags.append(Lag(standing, recorded.followup, recorded.commit, lag))

    def lag(self, who: str) -> RecordLag:
        return RecordLag(
            who,
            tuple(self._lags),
            self._imported,
            self._uncommitted,
            self._older,
        )
