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

Source: docs/format.md, "What the numbers mean". Over all time those still cold are the customers
gone quiet of the agenda and the dashboard, as far as stages move at follow-ups. Median and
quartiles as type 7 of Hyndman and Fan, "Sample quantiles in statistical packages", The American
Statistician 50 (1996).
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

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
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.config import Config
    from tracker.insight.day import Day, Standing

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


class _Cold(NamedTuple):
    """A customer that went cold.

    Attributes:
        case: The customer, and the day.
        day: The first day over the limit.
        contacted: The next follow-up; None where there was none.
        closed: Whether it is no longer open, without one.
    """

    case: Case
    day: date
    contacted: date | None
    closed: bool


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table by owner."""
    by_path = scope.day.once(_cold_by_path)
    cold = [
        each
        for standing in scope.concerned
        for each in by_path.get(standing.customer.path, ())
        if scope.counts(standing, each.day)
    ]
    return (
        Table(
            "owners",
            Message("By owner on the day"),
            BY_OWNER,
            _COLUMNS,
            person_lines(
                cold,
                lambda each: scope.owner_on(each.case.standing, each.day),
                _figures,
                scope.config,
            ),
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


def _cold_by_path(day: Day) -> Mapping[str, Sequence[_Cold]]:
    """Return each time that a customer went cold, by its path."""
    limits = _Limits(day.library.config)
    found = {
        standing.customer.path: [
            _Cold(Case(standing, cold), cold, contacted, closed)
            for cold, contacted, closed in _went_cold(standing, limits, day.today)
        ]
        for standing in day.standings
    }
    return {path: cold for path, cold in found.items() if cold}


def _went_cold(
    standing: Standing, limits: _Limits, today: date
) -> Iterator[tuple[date, date | None, bool]]:
    """Yield each time that a customer went cold: the day, the next contact, whether it closed."""
    contacts = _contacts(standing, today)
    if not contacts:
        return
    past = limits.of(standing)
    ordinals = [day.toordinal() for day in contacts]
    tomorrow = today.toordinal() + 1
    for last, after in pairwise([*ordinals, tomorrow]):
        if after - last <= limits.least + 1:
            continue
        day = _cold_day(past, last, after)
        if day is None:
            continue
        contacted = date.fromordinal(after) if after < tomorrow else None
        yield date.fromordinal(day), contacted, contacted is None and past[-1].limit is None


def _contacts(standing: Standing, today: date) -> list[date]:
    """Return the days of contact, the first maybe that on which the record was begun."""
    days = {followup.date for followup in standing.customer.followups if followup.date <= today}
    created = standing.customer.created
    if created and created <= today and created < min(days, default=date.max):
        days.add(created)
    return sorted(days)


class _Stretch(NamedTuple):
    """Days with one limit, from the first (its ordinal) to the next stretch; None without one."""

    first: int
    limit: int | None


def _cold_day(past: Sequence[_Stretch], last: int, after: int) -> int | None:
    """Return the first day between two contacts on which the idle days are over the limit."""
    for stretch, end in zip(past, [*(each.first for each in past[1:]), after], strict=True):
        if stretch.limit is None or end <= last:
            continue
        day = max(stretch.first, last + stretch.limit + 1)
        if day < min(end, after):
            return day
    return None


class _Limits:
    """The idle limits of customers in the past."""

    def __init__(self, config: Config) -> None:
        self._config = config
        terms = (*config.stages, *config.levels)
        self.least = min((each.max_idle_days for each in terms if each.max_idle_days), default=0)
        self._known: dict[tuple[str | None, str | None], int | None] = {}

    def of(self, standing: Standing) -> Sequence[_Stretch]:
        """Return the limits of a customer, the oldest first; the last is that of today."""
        customer = standing.customer
        entries = standing.status.stage_history
        stages = _up_to_now([(entry.date, entry.stage) for entry in entries], customer.stage)
        levels = _levels(standing)
        turns = sorted({day for day, _word in (*stages, *levels)})
        return [
            _Stretch(day.toordinal(), self._limit(_on(stages, day), _on(levels, day)))
            for day in turns
        ]

    def _limit(self, stage_id: str | None, level_id: str | None) -> int | None:
        """Return the limit of a stage and a level; None where there is none, or it is not open."""
        key = stage_id, level_id
        if key not in self._known:
            stage, level = self._config.stages.get(stage_id), self._config.levels.get(level_id)
            limits = [each.max_idle_days for each in (stage, level) if each and each.max_idle_days]
            is_open = stage is not None and stage.kind is StageKind.OPEN
            self._known[key] = min(limits, default=None) if is_open else None
        return self._known[key]


def _levels(standing: Standing) -> Sequence[tuple[date, str | None]]:
    customer = standing.customer
    changes = [(each.date, each.level) for each in customer.chronological if each.level]
    levels: list[tuple[date, str | None]] = [(day, change.new) for day, change in changes]
    if changes and changes[0][1].old:
        levels.insert(0, (date.min, changes[0][1].old))
    return _up_to_now(levels, customer.level)


def _up_to_now(
    words: list[tuple[date, str | None]], now: str | None
) -> Sequence[tuple[date, str | None]]:
    """Return the words from their days on: the first from ever on, the last the one of today."""
    if not words:
        return ((date.min, now),)
    return ((date.min, words[0][1]), *words[1:-1], (words[-1][0], now))


def _on(words: Sequence[tuple[date, str | None]], day: date) -> str | None:
    return words[bisect_right(words, day, key=itemgetter(0)) - 1][1]
