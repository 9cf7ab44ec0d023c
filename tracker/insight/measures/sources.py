"""Sources: what has come of the customers of each source, and at which cost.

Says: which sources bring customers that buy, how fast, for how much; and whether they are worth
what is spent on them.

Formula: counted are the customers that came in the period (`created`; without it, the first
follow-up) with all that has become of them up to today, so that what was spent in a time stands
beside the customers that it brought. With offers: those with an entry in `offers` that is not dated
ahead. Won: those that have ever reached a won stage, even where they were lost later; the amount is
that of their deals, or their value where no deal is written. Conversion: won ÷ customers, open ones
included, so it is no win rate. Days to the deal: from the day they
came to the first day on which they were won.

Cost: the amounts of `costs` of tracker.yaml, each for the part of its days that lies in the period
up to today. Per customer and per won: the cost ÷ their numbers. Return: amount won ÷ cost, both in
the workspace's currency; below 1 less was sold than was spent. The table has the sources that cost
something in the period, and its total only these. It is no profit: records do not know
what the goods cost. These are quotients of what happened and no estimates, so they need no least
number; the n beside them says how many they rest on. Costs are the team's, so with an owner they
are left out.

Source: cost per lead, cost per acquisition and return on marketing spend as in Farris, Bendle,
Pfeifer and Reibstein, Marketing Metrics (2nd edition, 2010), with sales in the place of the margin.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from tracker.insight.cohort import cohort_notes, cohort_of
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
    sum_of,
)
from tracker.insight.measure_lines import FEW, TOTAL, term_lines
from tracker.insight.sums import in_one_currency, sums, to_cents
from tracker.money import Money
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.config import Cost
    from tracker.insight.activity import Event
    from tracker.model import Customer
    from tracker.periods import Period

TITLE = Message("Sources")
SUMMARY = Message(
    "Customers that came in the period, by source: how many got an offer and were won up to today, "
    "for which amount and after how many days; with costs in tracker.yaml, what each costs."
)
OF_PERIOD = True

_COLUMNS = (
    Column("customers", Message("Customers"), Kind.COUNT),
    Column("offers", Message("With offers"), Kind.COUNT),
    Column("won", Message("Won"), Kind.COUNT),
    Column("won_share", Message("Conversion"), Kind.SHARE, FEW),
    Column("amount", Message("Amount won"), Kind.MONEY),
    Column("cycle", Message("Time to the deal"), Kind.DAYS, FEW),
)
_COST_COLUMNS = (
    Column("cost", Message("Cost"), Kind.MONEY),
    Column("per_customer", Message("Cost per customer"), Kind.MONEY),
    Column("per_won", Message("Cost per won"), Kind.MONEY),
    Column("return", Message("Return"), Kind.RATE),
)
_BY_SOURCE = Message("Source")


class _Arrived(NamedTuple):
    """A customer of the cohort, on the day it came, and the first time it was won."""

    case: Case
    deal: Event[Money | None] | None

    @property
    def customer(self) -> Customer:
        """Return the customer."""
        return self.case.standing.customer


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table of the sources, and where they cost something that of their costs."""
    arrived = _arrived(scope)
    yields = _yields(arrived, scope)
    spent = _spent(scope) if scope.owner is None else {}
    return (yields, _costs(arrived, spent, scope)) if spent else (yields,)


def _yields(arrived: Sequence[_Arrived], scope: Scope) -> Table:
    notes = cohort_notes(scope)
    if scope.config.costs and scope.owner is not None:
        note = Message("Costs are the team's, so they are not shown for one person")
        notes = (*notes, note)
    return Table(
        "sources",
        Message("Customers that came in the period, by source"),
        _BY_SOURCE,
        _COLUMNS,
        term_lines(
            arrived,
            lambda each: each.customer.source,
            lambda part: _figures(part, scope),
            scope.config.sources,
        ),
        total=Line("total", TOTAL, _figures(arrived, scope)),
        notes=notes,
        chart=Chart.BARS,
    )


def _arrived(scope: Scope) -> list[_Arrived]:
    deals: dict[str, Event[Money | None]] = {}
    for event in scope.activity.won:
        deals.setdefault(event.standing.customer.path, event)
    return [
        _Arrived(Case(came.standing, came.day), deals.get(came.standing.customer.path))
        for came in cohort_of(scope)
    ]


def _figures(arrived: Sequence[_Arrived], scope: Scope) -> tuple[Figure, ...]:
    offered = [
        each.case
        for each in arrived
        if any(not offer.date or offer.date <= scope.today for offer in each.customer.offers)
    ]
    won = [(each.case, each.deal) for each in arrived if each.deal]
    won_cases = [case for case, _deal in won]
    cycles = [
        (Case(deal.standing, deal.day), (deal.day - case.day).days)
        for case, deal in won
        if case.day and deal.day >= case.day
    ]
    return (
        count_of([each.case for each in arrived]),
        count_of(offered),
        count_of(won_cases),
        share_of(won_cases, len(arrived)),
        sum_of([(case, deal.what) for case, deal in won], scope.config),
        spread_figure(cycles),
    )


# --- Costs --------------------------------------------------------------------------------------


def _spent(scope: Scope) -> dict[str, list[Money]]:
    """Return what was spent in the period up to the day, by source; without what was not."""
    period = scope.period.until(scope.today)
    spent = {}
    for source, costs in scope.config.costs.items():
        parts = [part for cost in costs if (part := _part_of(cost, period))]
        if parts:
            spent[source] = parts
    return spent


def _part_of(cost: Cost, period: Period) -> Money | None:
    """Return the part of a cost whose days lie in a period; None where none does."""
    first, last = max(cost.period.first, period.first), min(cost.period.last, period.last)
    days = (last - first).days + 1
    if days <= 0:
        return None
    return Money(cost.amount.amount * days / cost.period.days, cost.amount.currency)


def _costs(
    arrived: Sequence[_Arrived], spent: Mapping[str, Sequence[Money]], scope: Scope
) -> Table:
    of_source: dict[str | None, list[_Arrived]] = {source: [] for source in spent}
    for each in arrived:
        if each.customer.source in of_source:
            of_source[each.customer.source].append(each)
    everyone = [each for part in of_source.values() for each in part]
    everything = [amount for costs in spent.values() for amount in costs]
    return Table(
        "costs",
        Message("What was spent on them"),
        _BY_SOURCE,
        _COST_COLUMNS,
        tuple(
            Line(term.id, term.label, _cost_figures(of_source[term.id], spent[term.id], scope))
            for term in scope.config.sources
            if term.id in spent
        ),
        total=Line("total", TOTAL, _cost_figures(everyone, everything, scope)),
    )


def _cost_figures(
    arrived: Sequence[_Arrived], costs: Sequence[Money], scope: Scope
) -> tuple[Figure, ...]:
    won = [each for each in arrived if each.deal]
    paid = [(each.case, each.deal.what) for each in won if each.deal and each.deal.what]
    gained = in_one_currency([amount for _case, amount in paid], scope.config)
    spent = in_one_currency(costs, scope.config)
    rate = Fraction(gained) / Fraction(spent) if gained is not None and spent else None
    return (
        Figure(to_cents(sums(costs, scope.config)), len(costs)),
        _per(costs, [each.case for each in arrived], scope),
        _per(costs, [each.case for each in won], scope),
        Figure(rate, len(paid), tuple(case for case, _amount in paid)),
    )


def _per(costs: Sequence[Money], cases: Sequence[Case], scope: Scope) -> Figure:
    """Return the costs for each of some cases."""
    if not cases:
        return Figure(None, 0)
    each = [Money(amount.amount / len(cases), amount.currency) for amount in costs]
    return Figure(to_cents(sums(each, scope.config)), len(cases), tuple(cases))
