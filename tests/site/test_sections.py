"""Lists that are too long for a page: nothing is lost, every number is true, on every day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.site.conftest import TODAY, render_site
from tracker.site import chunks, sections
from tracker.site.chunks import page_links
from tracker.site.recount import HORIZON, Listed
from tracker.site.sections import Further, further_pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.site.page import Page, Site
    from tracker.site.sections import Section

HOME = "owners/Li.html"
DAYS = st.none() | st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days))
LISTED = st.lists(st.tuples(DAYS, DAYS), max_size=40).map(
    lambda days: [Listed.of(number, TODAY, *each) for number, each in enumerate(days)]
)


@pytest.fixture(autouse=True, scope="module")
def little_room() -> Iterator[None]:
    """Pages that have room for a few rows, so that few records make long lists."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sections, "WHOLE", 12)
        patch.setattr(sections, "LEAST", 2)
        patch.setattr(chunks, "WHOLE", 4)
        patch.setattr(chunks, "ROWS_PER_PAGE", 3)
        yield


def counted(tally: str, days: int) -> int:
    """Return what a tally comes to, as `assets/today.js` adds it up."""
    pairs = [pair.split(":") for pair in tally.split()]
    return sum(int(change) for at, change in pairs if int(at) <= days)


def pages_of(section: Section[Any]) -> list[Page]:
    site = cast("Site", SimpleNamespace(today=TODAY))
    said = {section.name: Further("names", "All")}
    return list(further_pages(site, (HOME, "Li"), {section.name: section}, said))


# --- any list on any day ---


def belongs(listed: Listed[Any], day: date) -> bool:
    return (listed.first is None or listed.first <= day) and (
        listed.until is None or day < listed.until
    )


@given(LISTED, LISTED, st.integers(0, HORIZON))
def test_a_section_shows_the_first_rows_of_every_day(
    listed: list[Listed[int]], others: list[Listed[int]], days: int
) -> None:
    shown = sections.sections(HOME, TODAY, {"a": listed, "b": others})["a"]
    day = TODAY + timedelta(days=days)
    belonging = [each.item for each in listed if belongs(each, day)]
    held = [each.item for each in shown.rows if belongs(each, day)]
    assert counted(shown.tally, days) == len(belonging)
    assert shown.count == len([each for each in listed if belongs(each, TODAY)])
    if shown.limit:
        assert shown.address == "owners/Li/a.html"
        assert held[: shown.limit] == belonging[: shown.limit]
        assert len([each for each in shown.rows if each.now]) <= shown.limit
    else:
        assert not shown.address
        assert held == belonging


@given(LISTED, st.integers(0, HORIZON))
def test_pages_hold_the_whole_list_and_say_which_part_of_it(
    listed: list[Listed[int]], days: int
) -> None:
    shown = sections.sections(HOME, TODAY, {"a": listed})["a"]
    pages = pages_of(shown)
    if not shown.address:
        assert not pages
        return
    day = TODAY + timedelta(days=days)
    left = [[e.item for e in page.context["section"].rows if belongs(e, day)] for page in pages]
    belonging = [each.item for each in listed if belongs(each, day)]
    assert [item for rows in left for item in rows] == belonging
    place = 1
    for page, rows in zip(pages, left, strict=True):
        tallies, chunk = page.context["tallies"], page.context["chunk"]
        assert counted(tallies.total, days) == len(belonging)
        assert [counted(tally, days) for tally in tallies.pages] == [len(rows) for rows in left]
        assert counted(tallies.first, days) == place
        assert counted(tallies.last, days) == place + len(rows) - 1
        assert (chunk.first, chunk.last) == (counted(tallies.first, 0), counted(tallies.last, 0))
        assert tallies.now == tuple(counted(tally, 0) for tally in tallies.pages)
        place += len(rows)


@given(LISTED, st.integers(0, HORIZON))
def test_every_page_that_has_rows_is_reached_from_the_first(
    listed: list[Listed[int]], days: int
) -> None:
    pages = pages_of(sections.sections(HOME, TODAY, {"a": listed})["a"])
    filled = {
        page.context["chunk"].number
        for page in pages
        if counted(page.context["tallies"].pages[page.context["chunk"].number - 1], days)
    }
    reached, waiting = set(), [1] if pages else []
    while waiting:
        number = waiting.pop()
        reached.add(number)
        linked = {each for each in pages[number - 1].context["chunk"].links if each}
        waiting += linked & filled - reached
    assert filled <= reached


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_links_are_in_order_and_say_what_they_leave_out(
    number: int, filled: int, more: int
) -> None:
    count = max(number, filled) + more - 1
    links = page_links(number, filled, count)
    numbers = [page for page in links if page]
    assert numbers == sorted(set(numbers))
    assert {1, number, filled, *range(filled + 1, count + 1)} <= set(numbers)
    for before, here, after in zip(links, links[1:], links[2:], strict=False):
        if here is None:
            assert before is not None
            assert after is not None
            assert after - before > 2
        elif before:
            assert here == before + 1
    assert len([page for page in numbers if page <= filled]) <= 12


def test_links_of_many_pages() -> None:
    assert page_links(1, 65, 65) == (1, 2, 3, None, 65)
    assert page_links(30, 65, 65) == (1, None, 28, 29, 30, 31, 32, None, 65)
    assert page_links(4, 14, 15) == (1, 2, 3, 4, 5, 6, None, 14, 15)
    assert page_links(2, 12, 12) == tuple(range(1, 13))


# --- a site ---

RECORD = """---
name: C{0:02}
stage: {stage}
level: A
{owner}created: 2026-01-0{1}
---

## 2026-{month}-1{1} 10:00 call Li

- [ ] promise {0} @2026-11-{due}
- [x] kept {0} @2026-11-{done} ✅ 2026-11-{done}
- service: delivery the part {0}
- service: problem #{0} it broke {0}
{next}"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("long")
    (root / "records").mkdir()
    (root / "tracker.yaml").write_text("owners: [Li, Han]\n", "utf-8")
    for number in range(60):
        owner = ("Li", "Han", "")[number % 3]
        step = f"- next: 2026-1{1 + number % 2}-{10 + number % 19} visit\n" if number % 5 else ""
        text = RECORD.format(
            number,
            number % 9 + 1,
            stage=("proposal", "contact", "won", "unknown")[number % 4],
            owner=f"owner: {owner}\n" if owner else "",
            month=("10", "11")[number % 2],
            due=f"{ {4: 26, 6: 24}.get(number % 10, number % 28 + 1):02}",
            done=f"{number % 20 + 1:02}",
            next=step,
        )
        (root / "records" / f"c{number:02}.md").write_text(text, "utf-8")
    return root


def rows_in(html: str) -> list[str]:
    """Return what the rows of a page say, but for where their links lead to."""
    form = r"<(?:tr|li)[^>]*>(?:(?!</tr>|</li>).)*?>C\d\d<.*?</(?:tr|li)>"
    rows = re.findall(form, html, re.DOTALL)
    return [re.sub(r' href="[^"]*"', "", row) for row in rows]


def section_of(html: str, anchor: str) -> str:
    html = re.sub(r"<template.*?</template>", "", html, flags=re.DOTALL)
    start = html.index(f'<section aria-labelledby="{anchor}"')
    return html[start : html.index("</section>", start)]


LISTS = {
    "commitments.html": ("overdue", "due", "open", "settled"),
    "overdue.html": ("stale", "without"),
    "owners/Li.html": ("overdue", "late_promises", "coming", "promises", "stale", "open"),
    "owners/index.html": ("without",),
    "service.html": ("open", "entries"),
    "stages/index.html": ("without",),
}


@pytest.fixture(scope="module")
def cut(workspace: Path) -> dict[str, str]:
    return render_site(workspace)


@pytest.fixture(scope="module")
def whole(workspace: Path) -> dict[str, str]:
    """The same site with room for everything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sections, "WHOLE", 10_000)
        patch.setattr(chunks, "WHOLE", 10_000)
        return render_site(workspace)


@pytest.mark.parametrize(("page", "name"), [(p, name) for p in LISTS for name in LISTS[p]])
def test_a_list_goes_on_where_its_page_ends(
    cut: dict[str, str], whole: dict[str, str], page: str, name: str
) -> None:
    expected = rows_in(section_of(whole[page], name))
    part = section_of(cut[page], name)
    first = f"{page[:-5]}/{name}.html"
    further = [path for path in cut if re.fullmatch(rf"{first[:-5]}(/page-\d+)?\.html", path)]
    pages = [re.sub(r"<template.*?</template>", "", cut[path], flags=re.DOTALL) for path in further]
    rows = [row for html in pages for row in rows_in(html[html.index("<main") :])]
    assert len(expected) > 4
    assert len(further) > 1
    assert rows == expected
    assert rows_in(part) == expected[: len(rows_in(part))]
    assert 2 <= len(rows_in(part)) < len(expected)
    assert f"Show all {len(expected)}</a>" in part
    depth = "../" * page.count("/")
    assert f'href="{depth}{first}"' in part
    assert f'<span class="count">{len(expected)}</span>' in part or (
        f">{len(expected)}</span>" in part
    )


def test_a_page_with_room_has_no_others(whole: dict[str, str]) -> None:
    assert "Show all" not in whole["overdue.html"] + whole["commitments.html"]
    assert not [path for path in whole if "/overdue" in path or path.startswith("overdue/")]
    assert not any('class="pager"' in html for html in whole.values())


def test_each_page_says_what_it_has_and_leads_on(cut: dict[str, str]) -> None:
    first, second = cut["commitments/overdue.html"], cut["commitments/overdue/page-2.html"]
    text = re.sub(r"<[^>]+>", "", first)
    total = int(re.search(r"1 to 3 of (\d+)", text)[1])  # type: ignore[index]  # it is found, or the test fails here
    assert total > 30
    assert f"4 to 6 of {total}" in re.sub(r"<[^>]+>", "", second)
    assert 'href="../commitments/overdue/page-2.html"' in first
    assert 'href="../../commitments.html#overdue"' in second
    assert "<title>Overdue promises 2 ·" in second
    assert re.search(r'href="../../commitments.html" aria-current="true">Commitments', second)


def test_the_agenda_leads_to_what_it_leaves_out(cut: dict[str, str]) -> None:
    agenda = cut["agenda.html"]
    late = section_of(agenda.replace('<section class="day late"', "<section"), "overdue")
    assert len(rows_in(late)) == 4
    assert 'href="overdue.html"' in late
    assert 'href="commitments.html#overdue"' in late
    full, _, rest = agenda.partition('data-day="2026-11-26"')
    assert full
    day = rest[: rest.index("</section>")]
    assert len(rows_in(day)) == 4
    assert re.search(r'href="calendar/2026-11-26\.html">Show all (\d+)<', day)[1] == "10"  # type: ignore[index]  # it is found, or the test fails here
    assert len(rows_in(cut["calendar/2026-11-26.html"])) == 3
    assert "1 to 3 of 10" in cut["calendar/2026-11-26.html"]


def test_stages_have_pages_and_lead_to_the_live_table(cut: dict[str, str]) -> None:
    pages = ["stages/proposal.html", *(f"stages/proposal/page-{n}.html" for n in range(2, 6))]
    names = [re.findall(r">(C\d\d)<", cut[path]) for path in pages]
    assert [len(each) for each in names] == [3] * 5
    assert len({name for each in names for name in each}) == 15
    assert 'href="../customers/index.html?q=stage%3Aproposal"' in cut[pages[0]]


def test_counts_in_the_menu_and_the_tiles_are_those_of_the_whole_lists(
    cut: dict[str, str], whole: dict[str, str]
) -> None:
    for page in ("index.html", "overdue.html", "owners/Li.html", "owners/index.html"):
        read = [
            re.findall(r'<(?:b|a|span class="count")[^>]*>(\d+)</', html[page])
            for html in (cut, whole)
        ]
        assert read[0] == read[1], page
