"""Every figure of the activity leads to just its rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tracker.site import chunks

if TYPE_CHECKING:
    from collections.abc import Callable

Site = dict[str, str]

FIGURE = re.compile(r'<td class="num"[^>]*><a href="(activity/[^"]+)">(\d+)</a>')


def rows_behind(site: Site, link: str) -> int:
    """Return how many rows a reader finds who follows a link, over all pages of the list."""
    path, _, anchor = link.partition("#")
    first = re.sub(r"(-[a-z]+|W\d\d)-\d+\.html$", r"\1.html", path)
    pages = sorted(
        (name for name in site if name == first or name.startswith(first[:-5] + "-")),
        key=lambda name: (len(name), name),
    )
    pages = pages[pages.index(path) :]
    html = "".join(site[page] for page in pages)
    if anchor:
        assert f'id="{anchor}"' in site[path], link
        html = html[html.index(f'id="{anchor}"') :]
    if anchor == "new":
        html = html[: html.index('id="followups"')]
    return html.count('<th scope="row">')


RECORD = "---\nname: {name}\nstage: won\nowner: Li\ncreated: 2026-{month}-05\n---\n{body}"


@pytest.fixture
def busy(build: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(chunks, "WHOLE", 4)
    monkeypatch.setattr(chunks, "ROWS_PER_PAGE", 4)
    records = {}
    for number in range(3):
        days = [f"2026-11-{day:02}" for day in range(24, 0, -3 - number)]
        days += [f"2026-10-{day:02}" for day in range(31, 0, -2 - number)]
        body = "".join(
            f"## {day} call\n\n- [x] kept @{day}\n- [ ] missed @{day}\n"
            + ("- stage: proposal -> won\n" if index == number else "")
            + "\n"
            for index, day in enumerate(days)
        )
        month = ("11", "10", "09")[number]
        records[f"r{number}.md"] = RECORD.format(name=f"R{number}", month=month, body=body)
    return build(records)


def test_each_figure_leads_to_its_rows(busy: Site) -> None:
    figures = FIGURE.findall(busy["activity.html"])
    assert len(figures) == 6 * 3 + 13 * 2
    assert sum(int(number) > 4 for _, number in figures) > 10
    assert {link: rows_behind(busy, link) for link, _ in figures} == {
        link: int(number) for link, number in figures
    }


def test_the_dashboard_shows_the_same_figures(busy: Site) -> None:
    assert FIGURE.findall(busy["index.html"]) == FIGURE.findall(busy["activity.html"])


def test_a_follow_up_leads_to_its_place_on_the_customers_page(busy: Site) -> None:
    link = re.search(
        r'href="\.\./(customers/r0\.html)#(f-2026-11-24)"', busy["activity/2026-W48.html"]
    )
    assert link
    assert f'id="{link[2]}"' in busy[link[1]]


def test_charts_say_in_words_and_numbers_what_they_show(busy: Site) -> None:
    html = busy["index.html"]
    charts = re.findall(r'<figure class="trend">.*?</figure>', html, re.DOTALL)
    assert len(charts) == 2
    assert '<svg viewBox="0 0 130 100" preserveAspectRatio="none" role="img"' in charts[0]
    assert "<title" in charts[0]
    assert "13 weeks from Aug 31, 2026 to Nov 24, 2026: at least 0" in charts[0]
    assert charts[0].count("<rect") == 13
    bars = re.findall(r'<a href="([^"]+)" title="[^"]+" tabindex="-1">(\d+)</a>', charts[0])
    weeks = [each for each in FIGURE.findall(html) if each[0].endswith("#followups")]
    assert bars == weeks[::-1]


def test_amounts_are_kept_apart_by_currency(build: Callable[..., Site]) -> None:
    records = {
        f"{code}.md": f"---\nname: {code}\nstage: won\nowner: Li\ncreated: 2026-11-02\n"
        f"deal: {{date: 2026-11-03, amount: {amount} {code}}}\n---\n"
        for code, amount in (("USD", 1200), ("EUR", 500))
    }
    html = build(records)["activity.html"]
    won = html[html.index("Won") :]
    cell = won[: won.index("</td>")]
    assert ">2</a>" in cell
    assert "$1,200" in cell
    assert "€500" in cell


def test_a_quiet_workspace_has_figures_of_nothing(build: Callable[..., Site]) -> None:
    site = build({})
    figures = FIGURE.findall(site["activity.html"])
    assert {number for _, number in figures} == {"0"}
    assert all(rows_behind(site, link) == 0 for link, _ in figures)
