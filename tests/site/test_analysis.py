"""The pages of numbers: every figure leads to just its rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tracker.insight.measure_registry import all_measures
from tracker.site import analysis
from tracker.site.analysis import SPANS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

Site = dict[str, str]

MAIN = "analysis.html"

COUNT = re.compile(r'<td class="num"[^>]*><a href="([^"#]+)#([^"]+)">([\d,]+)</a>\s*</td>')
LINK = re.compile(r'<td class="num"[^>]*>\s*<a href="([^"#]+)#([^"]+)">')
SECTION = re.compile(r"<table class=\"rows\" id=\"([^\"]+)\">(.*?)</section>", re.DOTALL)


def target(page: str, link: str) -> str:
    """Return the page that a link of a page leads to."""
    folder = page.rpartition("/")[0]
    while link.startswith("../"):
        folder, link = folder.rpartition("/")[0], link[3:]
    return unquote(f"{folder}/{link}").lstrip("/")


def rows_of(html: str, anchor: str) -> int:
    """Return how many rows stand of a figure."""
    sections: dict[str, str] = dict(SECTION.findall(html))
    return sections[anchor].count('<th scope="row">')


def pages_of_numbers(site: Site) -> list[str]:
    return [path for path, html in site.items() if 'class="measure"' in html]


def test_there_is_a_page_for_each_time_and_each_owner(site: Site) -> None:
    owners = [f"analysis/{path}" for path in site if re.fullmatch(r"owners/[^/]+\.html", path)]
    owners.remove("analysis/owners/index.html")
    found = pages_of_numbers(site)
    assert {span.address for span in SPANS} | set(owners) == set(found)
    # What stands is counted once, for the day of the site.
    assert site["analysis.html"].count('class="measure"') == len(all_measures())
    of_period = [measure.code for measure in all_measures().values() if measure.of_period]
    assert re.findall(r'<h2 id="([^"]+)"', site["analysis/last-quarter.html"]) == of_period


def test_each_figure_leads_to_its_rows(site: Site) -> None:
    links = 0
    for page in pages_of_numbers(site):
        for link, anchor in LINK.findall(site[page]):
            assert f'id="{anchor}"' in site[target(page, link)], (page, link, anchor)
            links += 1
        for link, anchor, count in COUNT.findall(site[page]):
            assert rows_of(site[target(page, link)], anchor) == int(count.replace(",", ""))
    assert links > 100


def test_an_owner_has_only_their_own_customers(build: Callable[..., Site]) -> None:
    record = "---\nname: {}\nstage: proposal\nowner: {}\nvalue: 1000\n---\n"
    site = build(
        {"a.md": record.format("Acme", "Li"), "b.md": record.format("Blue", "Han")},
    )
    rows = site["analysis/owners/Li/pipeline.html"]
    assert ">Acme<" in rows
    assert ">Blue<" not in rows
    assert "analysis/owners/Li.html" in site["owners/Li.html"]


def test_a_figure_of_many_rows_says_how_to_see_them_all(
    build: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The rows of all figures with four each would be too many.
    monkeypatch.setattr(analysis, "SHOWN_ROWS", (4, 2))
    monkeypatch.setattr(analysis, "_MOST_ROWS", 7)
    record = "---\nname: C{0}\nstage: proposal\nowner: Li\n---\n"
    site = build({f"c{number}.md": record.format(number) for number in range(5)})
    rows = dict(SECTION.findall(site["analysis/pipeline.html"]))
    shown = next(html for html in rows.values() if "tracker stats" in html)
    assert shown.count('<th scope="row">') == 2
    assert "tracker stats pipeline --rows 'stages/proposal/customers'" in shown
    assert "And 3 more" in shown


def test_figures_of_too_few_lead_to_their_rows_too(build: Callable[..., Site]) -> None:
    record = (
        "---\nname: Acme\nstage: won\nowner: Li\ncreated: 2026-09-01\n---\n\n"
        "## 2026-10-01 call Li\n\n- stage: won\n"
    )
    site = build({"a.md": record})
    link = re.search(r'<a href="([^"#]+)#([^"]+)">too few</a>\s*<small[^>]*>n 1<', site[MAIN])
    assert link
    assert rows_of(site[target(MAIN, link[1])], link[2]) == 1


def test_a_probability_that_was_set_has_no_n(site: Site) -> None:
    odds = re.search(r'id="stage-odds-stages".*?</table>', site[MAIN], re.DOTALL)
    assert odds
    cells = re.findall(r'data-label="成交概率">(.*?)</td>', odds[0], re.DOTALL)
    assert cells
    assert [cell for cell in cells if "%" in cell and "<small" in cell] == []


def test_only_a_time_that_is_not_over_is_drawn_as_such(build: Callable[..., Site]) -> None:
    record = "---\nname: Acme\nstage: proposal\nowner: Li\ncreated: 2026-01-01\n---\n"
    page = build({"a.md": record})[MAIN]
    bars = {
        name: re.findall(r'<rect class="(b\d)"', svg)
        for name, svg in re.findall(
            r'<svg [^>]*aria-labelledby="([\w-]+)-1-title.*?(<rect.*?)</svg>', page, re.DOTALL
        )
    }
    assert set(bars["outlook-quarters"]) == {"b2"}
    assert bars["trend-months"] == ["b2"] * (len(bars["trend-months"]) - 1) + ["b1"]


def test_texts_of_records_stay_texts(build: Callable[..., Site]) -> None:
    record = "---\nname: '<b>x'\nstage: proposal\nowner: '<i>y'\n---\n"
    site = build({"a.md": record})
    for path, html in site.items():
        if path.startswith("analysis"):
            assert "<b>x" not in html, path
            assert "<i>y" not in html, path


def test_an_empty_workspace_has_the_pages_too(build: Callable[..., Site]) -> None:
    site = build({})
    assert 'class="measure"' in site["analysis.html"]
    assert not LINK.findall(site["analysis.html"])
