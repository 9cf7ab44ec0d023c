"""What a weekly or monthly report tells: what happened and moved, promises, plans and risks.

Everything is counted as in the numbers: what happened within the period and for whoever owned the
customer then, follow-ups and promises for whoever made them. Plans and risks are those of the day;
of a period so long past that its plans are past too, they are not told, since nobody knows any more
what stood then.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.insight.activity import Activity, activity_of
from tracker.insight.agenda import Group, agenda_of
from tracker.insight.changes import Move, is_unsure
from tracker.insight.former_owners import former_owners
from tracker.insight.measure import (
    Case,
    Column,
    Figure,
    Kind,
    Scope,
    by_person,
    count_of,
    share_of,
    sum_of,
)
from tracker.insight.measure_lines import FEW
from tracker.library.status import NextState
from tracker.periods import Period, before, month_of, week_of
from tracker.text import fold
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.insight.activity import Event
    from tracker.insight.day import Day, Standing
    from tracker.library.status import Promise
    from tracker.model import FollowUp


class Stretch(StrEnum):
    """What a report is about."""

    WEEK = "week"
    MONTH = "month"
    DAYS = "days"


class Part(StrEnum):
    """The parts of a report, in their order."""

    WON = "won"
    LOST = "lost"
    NEW = "new"
    FOLLOWUPS = "followups"
    STAGES = "stages"
    VALUES = "values"
    CLOSES = "closes"
    MISSED = "missed"
    KEPT = "kept"
    PLAN = "plan"
    RISKS = "risks"


class Risk(StrEnum):
    """What can be at risk with a customer, the worst first.

    `big-quiet`: stale, and of the first level or in the upper quarter of the weighted values.
    `slipped`: expected to close before the day. `overdue`: the next step's day has passed.
    `promise`: a promise is overdue. `quiet`: stale. `no-step`: open, without a next step.
    """

    BIG_QUIET = "big-quiet"
    SLIPPED = "slipped"
    OVERDUE = "overdue"
    PROMISE = "promise"
    QUIET = "quiet"
    NO_STEP = "no-step"


class Times(Struct, frozen=True):
    """The times of a report.

    Attributes:
        stretch: What it is about.
        period: The days that it tells of, up to the day at most.
        before: What it is compared with: the whole stretch before, or as many days of it.
        ahead: The days whose plans it tells: from the day after it on, as many as a whole one has.
            What is due on the day itself is not done yet, and is among them.
        whole: Whether it tells of a whole stretch, as on the last day of a month.
    """

    stretch: Stretch
    period: Period
    before: Period
    ahead: Period
    whole: bool


class Entry(Struct, frozen=True):
    """One thing that a report tells.

    Attributes:
        standing: The customer.
        what: A follow-up, an amount or None, a `Move` of stage, value or day, a promise, a thing
            of the agenda, or a tuple of risks; by the part that it is in.
        day: When it was or will be; None for risks.
        line: Where it stands in the record; None for the record as a whole.
        who: Whose it is; empty where nobody is named.
    """

    standing: Standing
    what: Any
    day: date | None
    line: int | None
    who: str


class Compared(Struct, frozen=True):
    """A figure of the period beside that of the period before."""

    column: Column
    now: Figure
    before: Figure


class Facts(Struct, frozen=True):
    """What a report tells of a team, or of one person.

    Attributes:
        owner: The person; None for the team.
        figures: The figures.
        parts: What it tells, by part; parts with nothing to tell are missing.
    """

    owner: str | None
    figures: tuple[Compared, ...]
    parts: Mapping[Part, tuple[Entry, ...]]


class Report(Struct, frozen=True):
    """A report.

    Attributes:
        day: The workspace on the day.
        times: Its times.
        owner: Of whom it is; None for the team.
        facts: Those of the team or of the one person; by person, the figures of the team, and
            then those of each person.
        whole: Whether plans and risks are told; not of a period that is long past.
    """

    day: Day
    times: Times
    owner: str | None
    facts: tuple[Facts, ...]
    whole: bool


# --- Times --------------------------------------------------------------------------------------


def times_of(stretch: Stretch, period: Period, today: date) -> Times:
    """Return the times of a report.

    Args:
        stretch: What it is about.
        period: The week, month or days, beginning no later than the day.
        today: The day; what lies after it is cut off.
    """
    whole = {Stretch.WEEK: week_of, Stretch.MONTH: month_of}.get(stretch, lambda _: period)
    all_of_it = whole(period.first)
    told = all_of_it.until(today)
    earlier = before(all_of_it)
    is_whole = told == all_of_it
    if not is_whole:
        earlier = earlier.until(earlier.first + timedelta(days=told.days - 1))
    following = told.last + timedelta(days=1)
    last = told.last + timedelta(days=whole(following).days)
    ahead = Period(today if told.last == today else following, last)
    return Times(stretch, told, earlier, ahead, is_whole)


# --- The report ---------------------------------------------------------------------------------


def report_of(
    day: Day, times: Times, owner: str | None = None, *, by_person: bool = False
) -> Report:
    """Return the report of a team or of a person.

    Args:
        day: The workspace on the day.
        times: Its times.
        owner: Of whom; None for the whole team.
        by_person: Whether what it tells is told person by person; people with nothing to tell are
            left out.
    """
    whole = times.ahead.last >= day.today
    teller = _Teller(day, times, whole=whole)
    if by_person and owner is None:
        everyone = map(teller.facts, _people(day))
        team = Facts(None, teller.facts(None).figures, {})
        facts = (team, *(each for each in everyone if each.parts))
    else:
        facts = (teller.facts(owner),)
    return Report(day, times, owner, facts, whole)


def _people(day: Day) -> list[str]:
    """Return everybody who has or had customers, followed up or promised.

    Those of tracker.yaml come first.
    """
    config = day.library.config
    listed = {fold(owner.label): owner.label for owner in config.owners}
    former = day.once(former_owners)
    others: dict[str, str] = {}
    for standing in day.standings:
        # Of several spellings the first one counts, in every run alike.
        names = (
            standing.customer.owner,
            *(followup.who for followup in standing.customer.followups),
            *(config.owner_name(promise.who) for promise in standing.status.promises),
            *(who for _, who in former.get(standing.customer.path, ())),
        )
        for name in dict.fromkeys(filter(None, names)):
            others.setdefault(fold(name), name)
    return [*listed.values(), *(others[key] for key in sorted(set(others) - set(listed)))]


class _Teller:
    """Gathers what a report tells of each person."""

    def __init__(self, day: Day, times: Times, *, whole: bool) -> None:
        self._day = day
        self._times = times
        self._whole = whole
        happened = day.once(activity_of)
        self._now = happened.within(times.period)
        self._before = happened.within(times.before)
        self._big = day.once(_big)
        self._plans = _plans(day, times.ahead) if whole else {}

    def facts(self, owner: str | None) -> Facts:
        """Return what is told of somebody, or of the team."""
        scope = Scope(self._day, self._times.period, owner)
        now, earlier = _of(self._now, scope), _of(self._before, scope)
        parts: dict[Part, Iterable[Entry]] = {
            Part.WON: _of_customers(now.won, scope),
            Part.LOST: _of_customers(now.lost, scope),
            Part.NEW: _of_customers(now.new, scope),
            Part.FOLLOWUPS: map(_followup, now.followups),
            Part.STAGES: _stages(scope),
            Part.VALUES: _changed(scope, "value"),
            Part.CLOSES: _changed(scope, "expected_close"),
            Part.MISSED: (_promise(event, scope) for event in now.missed),
            Part.KEPT: (_promise(event, scope) for event in now.kept),
        }
        if self._whole:
            parts[Part.PLAN] = scope.of_person(self._plans)
            parts[Part.RISKS] = _risks(scope, self._big)
        told = {part: tuple(found) for part, found in parts.items()}
        return Facts(
            owner, _figures(now, earlier, scope), {part: told[part] for part in told if told[part]}
        )


def _of(part: Activity, scope: Scope) -> Activity:
    """Return what somebody did or, being the owner then, had happen."""
    if scope.owner is None:
        return part
    config = scope.config

    def owned(events: Iterable[Event[Any]]) -> tuple[Event[Any], ...]:
        return tuple(e for e in events if scope.is_of(scope.owner_on(e.standing, e.day)))

    def promised(events: Iterable[Event[Promise]]) -> tuple[Event[Promise], ...]:
        return tuple(e for e in events if scope.is_of(config.owner_name(e.what.who)))

    return Activity(
        followups=tuple(e for e in part.followups if scope.is_of(e.what.who)),
        new=owned(part.new),
        won=owned(part.won),
        lost=owned(part.lost),
        kept=promised(part.kept),
        missed=promised(part.missed),
    )


# --- Figures ------------------------------------------------------------------------------------

_COLUMNS = (
    Column("new", Message("New customers"), Kind.COUNT),
    Column("won", Message("Won"), Kind.COUNT),
    Column("amount_won", Message("Amount won"), Kind.MONEY),
    Column("lost", Message("Lost"), Kind.COUNT),
    Column("followups", Message("Follow-ups"), Kind.COUNT),
    Column("touched", Message("Customers touched"), Kind.COUNT),
    Column("kept", Message("Promises kept"), Kind.COUNT),
    Column("missed", Message("Promises missed"), Kind.COUNT),
    Column("share", Message("Share kept"), Kind.SHARE, FEW),
)


def _figures(now: Activity, earlier: Activity, scope: Scope) -> tuple[Compared, ...]:
    of_now, of_earlier = _counted(now, scope), _counted(earlier, scope)
    return tuple(
        Compared(column, of_now[column.key], of_earlier[column.key]) for column in _COLUMNS
    )


def _counted(part: Activity, scope: Scope) -> dict[str, Figure]:
    def cases(events: Iterable[Event[Any]]) -> list[Case]:
        return [Case(event.standing, event.day) for event in events]

    kept, missed = cases(part.kept), cases(part.missed)
    followups = cases(part.followups)
    touched = {case.standing.customer.path: case for case in followups}
    won = [(Case(event.standing, event.day), event.what) for event in part.won]
    return {
        "new": count_of(cases(part.new)),
        "won": count_of(cases(part.won)),
        "amount_won": sum_of(won, scope.config),
        "lost": count_of(cases(part.lost)),
        "followups": count_of(followups),
        "touched": count_of(tuple(touched.values())),
        "kept": count_of(kept),
        "missed": count_of(missed),
        "share": share_of(kept, len(kept) + len(missed)),
    }


# --- What happened and moved --------------------------------------------------------------------


def _of_customers(events: Iterable[Event[Any]], scope: Scope) -> Iterator[Entry]:
    for event in events:
        owner = scope.owner_on(event.standing, event.day) or ""
        yield Entry(event.standing, event.what, event.day, None, owner)


def _followup(event: Event[FollowUp]) -> Entry:
    followup = event.what
    return Entry(event.standing, followup, event.day, followup.span.line, followup.who)


def _promise(event: Event[Promise], scope: Scope) -> Entry:
    who = scope.config.owner_name(event.what.who)
    return Entry(event.standing, event.what, event.day, event.what.commitment.span.line, who)


def _stages(scope: Scope) -> list[Entry]:
    """Return the moves between stages; what was won or lost is told elsewhere."""
    kinds = {stage.id: stage.kind for stage in scope.config.stages}
    found = []
    for standing in scope.concerned:
        for old, entry in pairwise(standing.status.stage_history):
            told = kinds.get(entry.stage) in (StageKind.WON, StageKind.LOST) and (
                kinds.get(old.stage) is not kinds.get(entry.stage)
            )
            if not told and scope.counts(standing, entry.date):
                owner = scope.owner_on(standing, entry.date) or ""
                move = Move(old.stage, entry.stage)
                found.append(Entry(standing, move, entry.date, None, owner))
    return sorted(found, key=_by_day)


def _changed(scope: Scope, key: str) -> list[Entry]:
    """Return the customers of which a value is another one than before, as git knows.

    What is not committed yet has changed on the day, unless it is a mistake that cannot be read.
    """
    found = []
    for standing in scope.concerned:
        customer = standing.customer
        changes = scope.day.history.of(customer.path).of(key)
        if not changes:
            continue
        steps = [(each.day, each.old, each.new) for each in changes]
        if not is_unsure(scope.day.library.by_path.get(customer.path), key):
            steps.append((scope.today, changes[-1].new, getattr(customer, key)))
        of_period = [
            step for step in steps if step[1] != step[2] and scope.counts(standing, step[0])
        ]
        # The first value of all is no change; in a shallow clone what was before it can be known.
        of_period = [step for step in of_period if step is not steps[0] or step[1] is not None]
        if of_period and of_period[0][1] != of_period[-1][2]:
            day, _old, new = of_period[-1]
            owner = scope.owner_on(standing, day) or ""
            found.append(Entry(standing, Move(of_period[0][1], new), day, None, owner))
    return sorted(found, key=_by_day)


def _by_day(entry: Entry) -> tuple[date, str]:
    return entry.day or date.min, entry.standing.customer.path


# --- What comes and what is at risk -------------------------------------------------------------


def _plans(day: Day, ahead: Period) -> Mapping[str | None, Sequence[Entry]]:
    """Return the next steps and promises of the days ahead by whose they are, day by day."""
    config = day.library.config
    found = [
        Entry(item.standing, item, item.date, item.line, config.owner_name(item.who or ""))
        for item in agenda_of(day.standings, day.today, (ahead.last - day.today).days, _PLANNED)
        if item.date and item.date in ahead
    ]
    found.sort(key=lambda entry: entry.day or date.max)
    return by_person(found, lambda entry: entry.who)


_PLANNED = (Group.TODAY, Group.COMING, Group.PROMISE)


def _risks(scope: Scope, big: frozenset[str]) -> list[Entry]:
    """Return the customers with risks, the worst first."""
    levels = {level.id: place for place, level in enumerate(scope.config.levels)}
    found = []
    for standing in scope.standings:
        risks = tuple(_risks_of(standing, scope.today, big))
        if risks:
            owner = standing.customer.owner or ""
            found.append(Entry(standing, risks, None, None, owner))

    def order(entry: Entry) -> tuple[bool, int, int, int, str]:
        customer = entry.standing.customer
        return (
            customer.path not in big,
            list(Risk).index(entry.what[0]),
            levels.get(customer.level or "", len(levels)),
            -len(entry.what),
            customer.path,
        )

    return sorted(found, key=order)


def _risks_of(standing: Standing, today: date, big: frozenset[str]) -> Iterator[Risk]:
    customer, status = standing.customer, standing.status
    if status.stale and customer.path in big:
        yield Risk.BIG_QUIET
    is_open = status.stage_kind is StageKind.OPEN
    if is_open and customer.expected_close and customer.expected_close < today:
        yield Risk.SLIPPED
    if status.next_state is NextState.OVERDUE:
        yield Risk.OVERDUE
    if status.overdue_promises:
        yield Risk.PROMISE
    if status.stale and customer.path not in big:
        yield Risk.QUIET
    if is_open and status.next_state is NextState.NONE:
        yield Risk.NO_STEP


def _big(day: Day) -> frozenset[str]:
    """Return the paths of the open customers that matter most.

    They are of the first level, or in the upper quarter of the weighted values, as far as these
    are in the workspace's currency or have a rate.
    """
    config = day.library.config
    first = next((level.id for level in config.levels), None)
    rates = {**config.rates, config.currency: Decimal(1)}
    weighted = {
        standing.customer.path: money.amount * rates[money.currency]
        for standing in day.standings
        if standing.status.stage_kind is StageKind.OPEN
        and (money := standing.status.weighted_value)
        and money.currency in rates
    }
    known = list(weighted.values())
    bar = quantiles(known, n=4, method="inclusive")[-1] if len(known) > 1 else None
    large = {path for path, amount in weighted.items() if bar is not None and amount > bar}
    return frozenset(large).union(
        standing.customer.path
        for standing in day.standings
        if standing.status.stage_kind is StageKind.OPEN
        and first is not None
        and standing.customer.level == first
    )
