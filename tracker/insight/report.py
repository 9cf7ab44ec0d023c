"""What a weekly or monthly report tells: what happened and moved, promises, plans and risks.

Everything is counted as in the numbers: what happened within the period and for whoever owned the
customer then, follow-ups and promises for whoever made them. Plans and risks are those of the day;
of a period so long past that its plans are past too, they are not told, since nobody knows any more
what stood then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker.insight.activity import Activity, activity_of
from tracker.insight.former_owners import former_owners
from tracker.insight.measure import (
    Case,
    Column,
    Figure,
    Kind,
    Scope,
    count_of,
    share_of,
    sum_of,
)
from tracker.insight.measure_lines import FEW
from tracker.insight.report_entries import Entry, Part, entries_of
from tracker.insight.report_outlook import important_customers, plans_ahead, risks_of
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tracker.insight.activity import Event
    from tracker.insight.day import Day
    from tracker.insight.report_times import Times
    from tracker.library.status import Promise


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
        self._big = day.once(important_customers)
        self._plans = plans_ahead(day, times.ahead) if whole else {}

    def facts(self, owner: str | None) -> Facts:
        """Return what is told of somebody, or of the team."""
        scope = Scope(self._day, self._times.period, owner)
        now, earlier = _of(self._now, scope), _of(self._before, scope)
        parts = entries_of(now, scope)
        if self._whole:
            parts[Part.PLAN] = scope.of_person(self._plans)
            parts[Part.RISKS] = risks_of(scope, self._big)
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
