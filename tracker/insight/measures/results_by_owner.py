"""Results by owner: what each achieved in the period, and what they hold today.

Says: who began, won and lost customers, for how much, and who made offers, credited to whoever
owned the customer when it happened; beside it the open customers that the same people have today.
A customer that changes hands takes no result along.

Formula: new, won and lost as on the site's page of activity, by the day of the event. The amount
won is that of the deal, or the customer's value where no deal is written. Offers are those of the
records by their date. The owner on a day is the one that the record had in git at the end of that
day; without git, or before the first commit, the one it has. Held today: customers in an open
stage, and the sum of their values.

Source: docs/format.md, "stage history". Crediting at the time of the event is a slowly
changing dimension of type 2 (Kimball and Ross, The Data Warehouse Toolkit, 3rd edition, 2013,
chapter 5): facts keep the attributes that held when they happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.insight.measure import Case, Column, Figure, Kind, Line, Scope, Table, count_of, sum_of
from tracker.insight.measure_lines import BY_OWNER, TOTAL, person_lines
from tracker.text import fold
from tracker.translation import Message
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.insight.day import Standing
    from tracker.money import Money

TITLE = Message("Results by owner")
SUMMARY = Message(
    "New, won and lost customers and offers of the period, credited to whoever owned the customer "
    "when it happened; and the open customers that the same people have today."
)
OF_PERIOD = True

_COLUMNS = (
    Column("new", Message("New customers"), Kind.COUNT),
    Column("offers", Message("Offers made"), Kind.COUNT),
    Column("won", Message("Won"), Kind.COUNT),
    Column("amount", Message("Amount won"), Kind.MONEY),
    Column("lost", Message("Lost"), Kind.COUNT),
    Column("held", Message("Open customers today"), Kind.COUNT),
    Column("held_amount", Message("Amount of these"), Kind.MONEY),
)
_COUNTS = ("new", "offers", "won", "lost", "held")


class _Result(NamedTuple):
    """A result, or a customer that is held; `kind` is the key of its column."""

    kind: str
    case: Case
    owner: str | None
    amount: Money | None = None


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the table of the owners."""
    results = [each for each in _results(scope) if scope.is_of(each.owner)]
    moved = sum(fold(each.owner or "") != fold(_now(each) or "") for each in results)
    notes = Message(
        "Results credited to somebody who no longer has the customer: {count}",
        {"count": moved},
    )

    def figures(part: Sequence[_Result]) -> tuple[Figure, ...]:
        return _figures(part, scope)

    return (
        Table(
            "owners",
            Message("Credited to the owner on the day"),
            BY_OWNER,
            _COLUMNS,
            person_lines(results, lambda each: each.owner, figures, scope.config),
            total=Line("total", TOTAL, figures(results)),
            notes=(notes,) if moved else (),
        ),
    )


def _now(result: _Result) -> str | None:
    return result.case.standing.customer.owner


def _results(scope: Scope) -> Iterator[_Result]:
    def credited(kind: str, standing: Standing, day: date, amount: Money | None = None) -> _Result:
        return _Result(kind, Case(standing, day), scope.owner_on(standing, day), amount)

    part = scope.activity.within(scope.period)
    for begun in part.new:
        yield credited("new", begun.standing, begun.day)
    for won in part.won:
        yield credited("won", won.standing, won.day, won.what)
    for lost in part.lost:
        yield credited("lost", lost.standing, lost.day, lost.what)
    past = scope.period.until(scope.today)
    for standing in scope.concerned:
        customer = standing.customer
        for offer in customer.offers:
            if offer.date and offer.date in past:
                yield credited("offers", standing, offer.date)
        if standing.status.stage_kind is StageKind.OPEN:
            yield _Result("held", Case(standing), customer.owner, customer.value)


def _figures(results: Sequence[_Result], scope: Scope) -> tuple[Figure, ...]:
    figures = {kind: count_of([r.case for r in results if r.kind == kind]) for kind in _COUNTS}
    for kind, key in (("won", "amount"), ("held", "held_amount")):
        amounts = [(each.case, each.amount) for each in results if each.kind == kind]
        figures[key] = sum_of(amounts, scope.config)
    return tuple(figures[column.key] for column in _COLUMNS)
