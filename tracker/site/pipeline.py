"""Customers of each stage counted, and their amounts summed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.insight import activity
from tracker.insight.sums import Sums, sums
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.config import Stage
    from tracker.money import Money
    from tracker.site.gathered import Contribution
    from tracker.site.page import Row, Site


class StageTotals(Struct, frozen=True):
    """A stage with what is in it.

    Attributes:
        stage: The stage.
        address: Its page.
        count: Customers.
        value: Sums of their values; of the deal's amount where one is signed.
        weighted: Sums of the values times the stage's probability.
    """

    stage: Stage
    address: str
    count: int
    value: Sums
    weighted: Sums

    @property
    def is_open(self) -> bool:
        """Tell whether the stage is neither won nor lost."""
        return self.stage.kind is StageKind.OPEN


def signed_or_expected(row: Row) -> Money | None:
    """Return the amount of a customer: that of the deal where it is signed, else the value."""
    return activity.signed_or_expected(row.customer)


def stage_totals(site: Site) -> tuple[StageTotals, ...]:
    """Return the totals of every stage, in the order of `tracker.yaml`."""

    def contribution(row: Row) -> Contribution:
        return {row.customer.stage or "": [((row.customer.path,), row)]}

    by_stage = site.gathered("customers of stages", contribution)

    def totals(stage: Stage) -> StageTotals:
        rows: tuple[Row, ...] = by_stage.get(stage.id, ())
        address = site.urls.stages[stage.id]
        # A sum rounds what has too many digits, so no amount is taken out of one again.
        return site.again(
            f"totals of stage {stage.id}",
            (site.config.fingerprint, stage, address, rows),
            lambda: StageTotals(
                stage,
                address,
                len(rows),
                sums(map(signed_or_expected, rows), site.config),
                sums((row.status.weighted_value for row in rows), site.config),
            ),
        )

    return tuple(map(totals, site.config.stages))


def largest_total(totals: Iterable[StageTotals]) -> Decimal:
    """Return the longest bar's amount in the workspace's currency; 1 where there is none."""
    amounts = (entry.value.total.amount for entry in totals if entry.value.total)
    return max((amount for amount in amounts if amount > 0), default=Decimal(1))
