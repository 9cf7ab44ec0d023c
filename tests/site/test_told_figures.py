"""What pages say of figures that could be taken for others, or for missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Site = dict[str, str]

RECORD = "---\nname: {0}\nstage: {1}\nowner: Li\nvalue: {2}\n---\n"
CUSTOMERS = {
    "a.md": RECORD.format("A", "proposal", "320000 USD"),
    "b.md": RECORD.format("B", "proposal", "26000 EUR"),
    "c.md": RECORD.format("C", "negotiation", "50000 USD"),
    "d.md": RECORD.format("D", "lost", "95000 USD"),
}


def _pipeline(site: Site) -> str:
    return site["index.html"].partition('aria-labelledby="pipeline"')[2].partition("</section>")[0]


def test_a_stage_whose_currencies_have_no_rate_says_why_it_has_no_bar(
    build: Callable[..., Site],
) -> None:
    why = "no bar: no rate between these currencies"
    assert _pipeline(build(CUSTOMERS)).count(why) == 1
    assert why not in _pipeline(build(CUSTOMERS, "rates: {EUR: 1.1}\ncurrency: USD\n"))


def test_the_lost_ones_have_their_amount_on_the_dashboard(build: Callable[..., Site]) -> None:
    assert "$95,000" in _pipeline(build(CUSTOMERS))


def test_bars_of_counts_say_what_they_count(build: Callable[..., Site]) -> None:
    page = build(CUSTOMERS)["analysis.html"]
    assert "The bars count: Customers" in page
    figures = page.split('<div class="figures">')[1:]
    assert all(("The bars count" in each) == ('<td class="chart">' in each) for each in figures)


def test_the_tables_of_a_figure_are_sections(build: Callable[..., Site]) -> None:
    page = build(CUSTOMERS)["analysis/forecast.html"]
    main = page.partition("<main")[2].partition("</main>")[0]
    assert len(re.findall(r'<section class="behind">\s*<h2>', main)) == main.count("<h2") > 0


def test_pinyin_is_told_of_where_it_helps(build: Callable[..., Site]) -> None:
    assert '<span id="search-pinyin" hidden>' in build(CUSTOMERS)["index.html"]
    assert '<span id="search-pinyin">' in build(CUSTOMERS, "language: zh\n")["index.html"]
