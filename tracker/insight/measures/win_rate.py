"""Win rate: of what was decided, the share that was won, by number and by amount.

Says: how much of what comes to a decision is won, by whom, from where, in what; and whether it
changes.

Formula: won ÷ (won + lost) of the customers that reached a won or a lost stage in the period. Open
customers are not in it. By amount: the sum of the won amounts ÷ the sum of the won and the lost
ones; won amounts are those of the deals (the customer's value where no deal is written), lost ones
the customers' values. Where the currencies are several, amounts are added by `rates`, and without a
rate nothing is said. Customers without an amount are in the one and not in the other.

Won and lost are counted as on the site's page of activity: reaching a won stage from one that is
not, once a customer and period; the day is that of the stage line, else that of the deal or the
loss. A customer that was lost and won again in the same period counts in both, and how many there
are is said. Each is credited to whoever owned the customer on that day.

By product: the products of the customer's offers. A customer with several counts for each of them,
so the lines do not add up to the total.

Source: docs/format.md, "win rate". It is the win rate of sales reports, closed won ÷ all closed, by
number and by value; reports of Salesforce divide likewise. Some divide by all customers that came,
which is the conversion of `funnel`, or leave out losses that were given up early; here none is.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tracker.insight.measure import (
    Chart,
    Column,
    Figure,
    Kind,
    Line,
    Scope,
    Table,
    count_of,
    share_of,
    sum_of,
)
from tracker.insight.measure_lines import (
    BY_MONTH,
    BY_OWNER,
    FEW,
    TOTAL,
    by_month,
    person_lines,
    term_lines,
    text_lines,
    time_lines,
)
from tracker.insight.outcomes import outcomes_of
from tracker.insight.sums import in_one_currency
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.insight.outcomes import Outcome
    from tracker.model import Customer

TITLE = Message("Win rate")
SUMMARY = Message(
    "Won ÷ (won + lost) of the customers that reached either in the period, by number and by "
    "amount, credited to whoever owned them on the day."
)
OF_PERIOD = True

_COLUMNS = (
    Column("rate", Message("Win rate"), Kind.SHARE, FEW),
    Column("won", Message("Won"), Kind.COUNT),
    Column("lost", Message("Lost"), Kind.COUNT),
    Column("amount_rate", Message("Win rate by amount"), Kind.SHARE, FEW),
    Column("won_amount", Message("Amount won"), Kind.MONEY),
    Column("lost_amount", Message("Amount lost"), Kind.MONEY),
)


def tables(scope: Scope) -> tuple[Table, ...]:
    """Return the tables by owner, source, level, product and month."""
    outcomes = outcomes_of(scope)

    def figures(part: Sequence[Outcome]) -> tuple[Figure, ...]:
        return _figures(part, scope)

    total = Line("total", TOTAL, figures(outcomes))
    config = scope.config
    by_owner = person_lines(outcomes, lambda each: each.owner, figures, config)
    by_source = term_lines(outcomes, lambda each: each.customer.source, figures, config.sources)
    by_level = term_lines(outcomes, lambda each: each.customer.level, figures, config.levels)
    by_product = text_lines(outcomes, lambda each: _products(each.customer), figures)
    months = time_lines(outcomes, lambda each: each.day, figures, by_month, scope)
    several = Message("A customer with several products counts for each of them")
    return (
        Table("owners", Message("By owner"), BY_OWNER, _COLUMNS, by_owner, total, _notes(outcomes)),
        Table("sources", Message("By source"), Message("Source"), _COLUMNS, by_source, total),
        Table("levels", Message("By level"), Message("Level"), _COLUMNS, by_level, total),
        Table(
            "products",
            Message("By product"),
            Message("Product"),
            _COLUMNS,
            by_product,
            total,
            (several,),
        ),
        Table("months", Message("By month"), BY_MONTH, _COLUMNS, months, total, chart=Chart.TREND),
    )


def _products(customer: Customer) -> list[str]:
    return [offer.product for offer in customer.offers if offer.product]


def _notes(outcomes: Sequence[Outcome]) -> tuple[Message, ...]:
    won = {each.customer.path for each in outcomes if each.won}
    both = sum(not each.won and each.customer.path in won for each in outcomes)
    if not both:
        return ()
    return (Message("Both won and lost, and counted in both: {count}", {"count": both}),)


def _figures(outcomes: Sequence[Outcome], scope: Scope) -> tuple[Figure, ...]:
    won = [(each.case, each.amount) for each in outcomes if each.won]
    lost = [(each.case, each.amount) for each in outcomes if not each.won]
    won_cases = [case for case, _amount in won]
    won_sum, lost_sum = sum_of(won, scope.config), sum_of(lost, scope.config)
    amounts = [[amount for _case, amount in part if amount] for part in (won, [*won, *lost])]
    gained, decided = (in_one_currency(part, scope.config) for part in amounts)
    share = Fraction(gained) / Fraction(decided) if gained is not None and decided else None
    return (
        share_of(won_cases, len(outcomes)),
        count_of(won_cases),
        count_of([case for case, _amount in lost]),
        Figure(share, won_sum.n + lost_sum.n, won_sum.cases),
        won_sum,
        lost_sum,
    )
