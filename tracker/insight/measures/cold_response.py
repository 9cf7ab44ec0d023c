"""Response to going cold: customers that passed their idle limit, and whether anybody called.

Says: how often the team lets open customers go quiet for too long, and how long it takes until
somebody speaks to them again.

Formula: a customer goes cold on the first day on which its idle days are over the limit of its
stage or of its level on that day, whichever is smaller, while the stage is open. It counts in the
period that this day lies in, for whoever owned the customer then. Contacted: the next follow-up,
and the days from going cold to it; its share is of all that went cold. Closed: no longer open,
without a follow-up. Still cold: neither, up to the day of the numbers. A customer can go cold more
than once. Stages and levels of the past are those of the record's lines, and of git where the
record tells no stage; limits are those of tracker.yaml today.

Source: docs/format.md, "What the numbers mean". Over all time those still cold are the customers gone quiet of the
agenda and the dashboard, as far as stages move at follow-ups. Median and quartiles as type 7 of
Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from tracker.insight.measure import (
    Case,
    Chart,
    Column,
    Figure,
    Kind,
    Line,
    Scope,
    Table,
    count_of,
    share_of,
    spread_figure,
)
from tracker.insight.measure_lines import BY_OWNER, FEW, TOTAL, person_lines
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.config import Config
    from tracker.insight.day import Standing

TITLE = Message("Response to going cold")
SUMMARY = Message(
    "Open customers that passed their idle limit in the period, how many were contacted again and "
    "after how many days, and how many are still cold; for whoever owned them then."
)
OF_PERIOD = True

_COLUMNS = (
    Column("cold", Message("Went cold"), Kind.COUNT),
    Column("contacted", Message("Contacted again"), Kind.COUNT),
    Column("share", Message("Share contacted"), Kind.SHARE, FEW),
    Column("days", Message("Days until then"), Kind.DAYS, FEW),
    Column("closed", Message("Closed without contact"), Kind.COUNT),
    Column("still", Message("Still cold"), Kind.COUNT),
)


@dataclass(frozen=True, slots=True)
class _Cold:
    """A customer that went cold.

    Attributes:
        case: The customer, and the day.
        day: The first day over the limit.
        contacted: The next follow-up; None where there was none.
        closed: Whether it is no longer open, without one.
        owner: Whose it was.
    """

    case: Case
    day: date
    contacted: date | None
    closed: bool
    owner: str | None


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table by owner."""
    cold = [
        _Cold(Case(standing, day), day, contacted, closed, scope.owner_on(standing, day))
        for standing in scope.day.standings
        for day, contacted, closed in _went_cold(standing, scope.config, scope.today)
        if scope.counts(standing, day)
    ]
    return (
        Table(
            "owners",
            Message("By owner on the day"),
            BY_OWNER,
            _COLUMNS,
            person_lines(cold, lambda each: each.owner, _figures, scope.config),
            total=Line("total", TOTAL, _figures(cold)),
            chart=Chart.BARS,
        ),
    )


def _figures(cold: Sequence[_Cold]) -> tuple[Figure, ...]:
    answered = [
        (each.case, (each.contacted - each.day).days) for each in cold if each.contacted is not None
    ]
    contacted = [case for case, _days in answered]
    return (
        count_of([each.case for each in cold]),
        count_of(contacted),
        share_of(contacted, len(cold)),
        spread_figure(answered),
        count_of([each.case for each in cold if each.closed]),
        count_of([each.case for each in cold if not each.closed and each.contacted is None]),
    )


def _went_cold(
    standing: Standing, config: Config, today: date
) -> Iterator[tuple[date, date | None, bool]]:
    """Yield each time that a customer went cold: the day, the next contact, whether it closed."""
    contacts = _contacts(standing, today)
    if not contacts:
        return
    past = _Past(standing, config)
    tomorrow = today + timedelta(days=1)
    for last, after in pairwise([*contacts, tomorrow]):
        day = next(past.cold_days(last, after), None)
        if day is not None:
            contacted = after if after < tomorrow else None
            yield day, contacted, contacted is None and not past.is_open(today)


def _contacts(standing: Standing, today: date) -> list[date]:
    """Return the days of contact, the first maybe that on which the record was begun."""
    days = {followup.date for followup in standing.customer.followups if followup.date <= today}
    created = standing.customer.created
    if created and created <= today and created < min(days, default=date.max):
        days.add(created)
    return sorted(days)


class _Past:
    """The stages and levels of a customer, day by day; the last of them are those of today."""

    def __init__(self, standing: Standing, config: Config) -> None:
        customer = standing.customer
        changes = [(each.date, each.level) for each in customer.chronological if each.level]
        levels: list[tuple[date, str | None]] = [(day, change.new) for day, change in changes]
        if changes and changes[0][1].old:
            levels.insert(0, (date.min, changes[0][1].old))
        stages: list[tuple[date, str | None]] = [
            (entry.date, entry.stage) for entry in standing.status.stage_history
        ]
        self._config = config
        self._stages = _up_to_now(stages, customer.stage)
        self._levels = _up_to_now(levels, customer.level)

    def is_open(self, day: date) -> bool:
        """Tell whether the customer's stage was open on a day."""
        stage = self._config.stages.get(_on(self._stages, day))
        return stage is not None and stage.kind is StageKind.OPEN

    def cold_days(self, last: date, after: date) -> Iterator[date]:
        """Yield the first cold day of each stretch with one stage and level between two contacts.

        Args:
            last: The day of the contact before.
            after: That of the contact after, which is no longer cold.
        """
        turns = (day for day, _ in (*self._stages, *self._levels) if last < day < after)
        for first, end in pairwise([last, *sorted(set(turns)), after]):
            limit = self._limit(first)
            if limit is None or not self.is_open(first):
                continue
            day = max(first, last + timedelta(days=limit + 1))
            if day < end:
                yield day

    def _limit(self, day: date) -> int | None:
        stage = self._config.stages.get(_on(self._stages, day))
        level = self._config.levels.get(_on(self._levels, day))
        limits = [term.max_idle_days for term in (stage, level) if term and term.max_idle_days]
        return min(limits, default=None)


def _up_to_now(
    words: list[tuple[date, str | None]], now: str | None
) -> tuple[tuple[date, str | None], ...]:
    """Return the words from their days on: the first from ever on, the last the one of today."""
    if not words:
        return ((date.min, now),)
    return ((date.min, words[0][1]), *words[1:-1], (words[-1][0], now))


def _on(words: Sequence[tuple[date, str | None]], day: date) -> str | None:
    return words[max(bisect_right(words, day, key=itemgetter(0)) - 1, 0)][1]
