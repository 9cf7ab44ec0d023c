"""Customers won and lost, credited to whoever owned them on the day; what others may come to."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from tracker.insight.measure import Case, Figure, sum_of
from tracker.insight.stage_stays import stage_line, stages_reached
from tracker.insight.sums import sums, to_cents
from tracker.money import Money
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from tracker.config import Config, Stage
    from tracker.insight.activity import Event
    from tracker.insight.measure import Scope
    from tracker.model import Customer
    from tracker.periods import Period

LEAST_CLOSED = 20
"""Closed customers from which an observed share takes the place of a configured probability.

With twenty, the 95% interval of a share about one half still reaches from 30 to 70 in a hundred
(Wilson, 1927); with ten it reaches from 24 to 76, which tells stages hardly apart.
"""


class Outcome(NamedTuple):
    """A customer that was won or lost.

    Attributes:
        won: Which of both.
        customer: The customer.
        day: When.
        amount: That of the deal where it was won, else the customer's value.
        owner: Whose it was on that day.
        case: The same as a case, at the line that tells of it.
    """

    won: bool
    customer: Customer
    day: date
    amount: Money | None
    owner: str | None
    case: Case


def outcomes_of(scope: Scope, period: Period | None = None) -> tuple[Outcome, ...]:
    """Return what was won and lost in a time, each kind oldest first, the won before the lost.

    A customer counts once a kind and period, on the last day, as on the site's page of activity;
    one that was lost and won again in the period is therefore in both.

    Args:
        scope: What numbers are asked of.
        period: The time; that of the scope where it is None.
    """
    part = scope.activity.within(period or scope.period)
    return (
        *_outcomes(part.won, StageKind.WON, scope),
        *_outcomes(part.lost, StageKind.LOST, scope),
    )


def _outcomes(
    events: Iterable[Event[Money | None]], kind: StageKind, scope: Scope
) -> Iterator[Outcome]:
    won = kind is StageKind.WON
    stages = {stage.id for stage in scope.config.stages if stage.kind is kind}
    for event in events:
        standing, day = event.standing, event.day
        owner = scope.owner_on(standing, day)
        if not scope.is_of(owner):
            continue
        line = stage_line(standing, day, stages)
        written = standing.customer.spans.get("deal" if won else "lost")
        case = Case(standing, day, line or (written.line if written else None))
        yield Outcome(won, standing.customer, day, event.what, owner, case)


# --- How likely stages are to end well ----------------------------------------------------------


class Odds(Struct, frozen=True):
    """What became of the customers that were in a stage and are closed today.

    Attributes:
        stage: The stage.
        won: The won ones.
        lost: The lost ones.
    """

    stage: Stage
    won: tuple[Case, ...]
    lost: tuple[Case, ...]

    @property
    def closed(self) -> int:
        """Return how many they are."""
        return len(self.won) + len(self.lost)

    @property
    def observed(self) -> Fraction | None:
        """Return the share that was won, where they are enough to use it."""
        return Fraction(len(self.won), self.closed) if self.closed >= LEAST_CLOSED else None

    def weigh(self, amount: Money) -> Money:
        """Return an amount times the observed share, or times the probability without one."""
        share = self.observed
        if share is None:
            return Money(amount.amount * self.stage.probability, amount.currency)
        return Money(amount.amount * share.numerator / share.denominator, amount.currency)


def odds_by_stage(scope: Scope) -> Mapping[str, Odds]:
    """Return the odds of each open stage by its id, of all customers that are closed today.

    A customer belongs to whoever owned it on the day on which it was won or lost; where no day is
    known, to whoever owns it.
    """
    won: dict[str, list[Case]] = {}
    lost: dict[str, list[Case]] = {}
    closed_on = {
        (kind, event.standing.customer.path): event.day
        for kind, events in (
            (StageKind.WON, scope.activity.won),
            (StageKind.LOST, scope.activity.lost),
        )
        for event in events
    }
    for standing in scope.concerned:
        kind = standing.status.stage_kind
        if kind not in {StageKind.WON, StageKind.LOST}:
            continue
        day = closed_on.get((kind, standing.customer.path))
        owner = scope.owner_on(standing, day) if day else standing.customer.owner
        if scope.is_of(owner):
            cases, case = won if kind is StageKind.WON else lost, Case(standing, day)
            for stage in stages_reached(standing, scope.today):
                cases.setdefault(stage, []).append(case)
    return {
        stage.id: Odds(stage, tuple(won.get(stage.id, ())), tuple(lost.get(stage.id, ())))
        for stage in scope.config.stages
        if stage.kind is StageKind.OPEN
    }


def expected_sums(
    cases: Sequence[Case], odds: Mapping[str, Odds], config: Config
) -> tuple[Figure, Figure, Figure]:
    """Return the amount of open customers, weighted by the probability, and by what was observed.

    The last says nothing where no stage has enough closed customers.

    Args:
        cases: The customers.
        odds: The odds of their stages, by id.
        config: The workspace's settings.
    """
    amount = sum_of([(case, case.standing.customer.value) for case in cases], config)
    weighted = sum_of([(case, case.standing.status.weighted_value) for case in cases], config)
    if all(each.observed is None for each in odds.values()):
        return amount, weighted, Figure(None, 0)
    values: defaultdict[str | None, list[Money | None]] = defaultdict(list)
    for case in amount.cases:
        values[case.standing.customer.stage].append(case.standing.customer.value)
    weighed = [
        each.weigh(part)
        for stage, each in odds.items()
        for part in sums(values[stage], config).amounts
    ]
    return amount, weighted, Figure(to_cents(sums(weighed, config)), amount.n, amount.cases)
