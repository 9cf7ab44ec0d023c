"""Customers won and lost, credited to whoever owned them on the day; what others may come to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from tracker.insight.measure import Case, Figure, sum_of
from tracker.insight.stage_stays import stage_line, stages_reached
from tracker.insight.sums import sums, to_cents
from tracker.money import Money
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.config import Config, Stage
    from tracker.insight.activity import Event
    from tracker.insight.measure import Scope

LEAST_CLOSED = 20
"""Closed customers from which an observed share takes the place of a configured probability.

With twenty, the 95% interval of a share about one half still reaches from 30 to 70 in a hundred
(Wilson, 1927); with ten it reaches from 24 to 76, which tells stages hardly apart.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A customer that was won or lost.

    Attributes:
        kind: Which of both.
        event: When, and the amount: of the deal where it was won, else the customer's value.
        owner: Whose it was on that day.
    """

    kind: StageKind
    event: Event[Money | None]
    owner: str | None

    @property
    def won(self) -> bool:
        """Tell whether it was won."""
        return self.kind is StageKind.WON

    def case(self, scope: Scope) -> Case:
        """Return it as a case, at the line that tells of it."""
        standing, day = self.event.standing, self.event.day
        stages = [stage.id for stage in scope.config.stages if stage.kind is self.kind]
        line = stage_line(standing, day, stages)
        written = standing.customer.spans.get("deal" if self.won else "lost")
        return Case(standing, day, line or (written.line if written else None))


def outcomes_of(scope: Scope) -> tuple[Outcome, ...]:
    """Return what was won and lost in the period, each kind oldest first, the won before the lost.

    A customer counts once a kind and period, on the last day, as on the site's page of activity;
    one that was lost and won again in the period is therefore in both.
    """
    part = scope.activity.within(scope.period)
    found = [
        Outcome(kind, event, scope.owner_on(event.standing, event.day))
        for kind, events in ((StageKind.WON, part.won), (StageKind.LOST, part.lost))
        for event in events
    ]
    return tuple(each for each in found if scope.is_of(each.owner))


# --- How likely stages are to end well ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Odds:
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

    def weigh(self, amount: Money | None) -> Money | None:
        """Return an amount times the observed share; times the probability where that says nothing.

        None of no amount.
        """
        if amount is None:
            return None
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
    for standing in scope.day.standings:
        kind = standing.status.stage_kind
        if kind not in {StageKind.WON, StageKind.LOST}:
            continue
        day = closed_on.get((kind, standing.customer.path))
        owner = scope.owner_on(standing, day) if day else standing.customer.owner
        if scope.is_of(owner):
            cases = won if kind is StageKind.WON else lost
            for stage in stages_reached(standing, scope.today):
                cases.setdefault(stage, []).append(Case(standing, day))
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
    values = [(case, case.standing.customer.value) for case in cases]
    weighted = [(case, case.standing.status.weighted_value) for case in cases]
    observed = Figure(None, 0)
    if any(each.observed is not None for each in odds.values()):
        weighed = [(case, odds[case.standing.customer.stage or ""].weigh(v)) for case, v in values]
        total = sums((amount for _case, amount in weighed), config)
        cases_with = tuple(case for case, amount in weighed if amount)
        observed = Figure(to_cents(total), len(cases_with), cases_with)
    return sum_of(values, config), sum_of(weighted, config), observed
