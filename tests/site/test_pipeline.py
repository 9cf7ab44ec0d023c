"""Sums by stage and currency, promises, and customers gone quiet."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.config_file import parse_config
from tracker.insight.sums import sums
from tracker.money import Money
from tracker.site.chunks import chunks
from tracker.site.page import Site
from tracker.site.pipeline import stage_totals
from tracker.site.promises import open_promises, settled_promises
from tracker.site.quiet import stale
from tracker.site.recount import current

if TYPE_CHECKING:
    from tracker.insight.day import Day


def test_currencies_are_added_only_by_a_rate() -> None:
    amounts = [Money(Decimal(100), "USD"), None, Money(Decimal(5), "CNY"), Money(Decimal(1), "USD")]
    without, _ = parse_config("currency: CNY")
    assert sums(amounts, without).amounts == (Money(Decimal(5), "CNY"), Money(Decimal(101), "USD"))
    assert sums(amounts, without).total is None
    with_rate, _ = parse_config("currency: CNY\nrates: {USD: 7}")
    assert sums(amounts, with_rate).total == Money(Decimal(712), "CNY")


def test_stages_count_and_weigh(day: Day) -> None:
    totals = {entry.stage.id: entry for entry in stage_totals(Site.of(day))}
    negotiation = totals["negotiation"]
    assert negotiation.count == 1
    assert negotiation.value.amounts == (Money(Decimal(480000), "CNY"),)
    assert negotiation.weighted.amounts == (Money(Decimal(360000), "CNY"),)
    assert totals["after-sales"].value.amounts == (Money(Decimal(61000), "USD"),)
    assert totals["won"].count == 0


def test_promises_in_their_order(day: Day) -> None:
    site = Site.of(day)
    waiting = open_promises(site.rows)
    assert [entry.promise.commitment.text for entry in waiting[:1]] == ["发送正式报价"]
    assert waiting[0].who == "陈静"
    assert waiting[-1].due is None
    assert [entry.promise.state for entry in current(settled_promises(site.rows, day.today))] == [
        "kept",
        "late",
    ]


def test_stale_customers_by_how_far_they_are_over_the_limit(day: Day) -> None:
    assert [row.customer.id for row in current(stale(Site.of(day).rows, day.today))] == ["late"]


def test_chunks_cover_the_list_once() -> None:
    parts = chunks(list(range(7)), "index.html", "page-", size=3)
    assert [part.address for part in parts] == ["index.html", "page-2.html", "page-3.html"]
    assert [item for part in parts for item in part.items] == list(range(7))
    assert [(part.first, part.last) for part in parts] == [(1, 3), (4, 6), (7, 7)]
    nothing: list[str] = []
    (empty,) = chunks(nothing, "index.html", "page-")
    assert (empty.first, empty.last, empty.total) == (1, 0, 0)
