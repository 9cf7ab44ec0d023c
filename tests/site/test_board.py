"""The board: its columns, their order and sums, and how many cards a column has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tracker.site.board import CLOSED_CARDS, OPEN_CARDS

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("few_numbers")

Site = dict[str, str]

CONFIG = """
language: en
currency: CNY
owners: [Li, Han]
stages:
  - {id: talk, label: Talk, kind: open}
  - {id: done, label: Done, kind: won}
  - {id: gone, label: Gone, kind: lost}
levels: [A, B]
"""


def record(name: str, stage: str = "talk", step: str = "", **fields: str) -> str:
    """Return a record whose next step is on the day `step`."""
    lines = "".join(f"{key}: {value}\n" for key, value in fields.items())
    plan = f"- next: {step} call\n" if step else ""
    return (
        f"---\nname: {name}\nstage: {stage}\n{lines}---\n\n"
        f"## 2026-11-20 10:00 call {fields.get('owner', 'Li')}\n\nTalked.\n\n{plan}"
    )


def columns(page: str) -> list[list[str]]:
    """Return the names on the board by column, those of later days left out."""
    board = re.sub(
        r"<template.*?</template>", "", page[page.index('id="board"') :], flags=re.DOTALL
    )
    lists = re.findall(r'<ol class="cards">(.*?)</ol>', board, re.DOTALL)
    return [re.findall(r"<bdi>([^<]*)</bdi></a>", cards) for cards in lists]


def test_overdue_comes_first_then_today_then_none_then_planned(build: Callable[..., Site]) -> None:
    site = build(
        {
            "a.md": record("Planned later", step="2026-12-09", owner="Li"),
            "b.md": record("None", owner="Li"),
            "c.md": record("Overdue", step="2026-11-22", owner="Li"),
            "d.md": record("Today at nine", step="2026-11-24 09:00", owner="Li"),
            "e.md": record("Planned", step="2026-11-25", owner="Li"),
            "f.md": record("Overdue longest", step="2026-11-21", owner="Li"),
            "g.md": record("Today at eight", step="2026-11-24 08:00", owner="Li"),
        },
        CONFIG,
    )
    assert columns(site["board.html"])[0] == [
        "Overdue longest",
        "Overdue",
        "Today at eight",
        "Today at nine",
        "None",
        "Planned",
        "Planned later",
    ]


def test_what_is_over_stands_with_the_latest_first(build: Callable[..., Site]) -> None:
    moved = "## 2026-{0} 10:00 call Li\n\n- stage: talk -> done\n"
    site = build(
        {
            "a.md": "---\nname: Early\nstage: done\nowner: Li\n---\n\n" + moved.format("10-01"),
            "b.md": "---\nname: Late\nstage: done\nowner: Li\n---\n\n" + moved.format("11-01"),
            "c.md": record("Training is overdue", "done", "2026-11-23", owner="Li"),
            "d.md": record("Gone away", "gone", owner="Li"),
        },
        CONFIG,
    )
    page = site["board.html"]
    assert columns(page)[1:] == [["Training is overdue", "Late", "Early"], ["Gone away"]]
    assert page.count('<details class="column') == 2


def test_currencies_are_summed_apart(build: Callable[..., Site]) -> None:
    site = build(
        {
            "a.md": record("One", owner="Li", level="A", value="1000 CNY"),
            "b.md": record("Two", owner="Li", level="A", value="2000.50 CNY"),
            "c.md": record("Three", owner="Han", level="B", value="700 USD"),
            "d.md": record("Four", owner="Han"),
        },
        CONFIG,
    )
    page = site["board.html"]
    header = page[
        page.index("<header>\n<h2") : page.index("</header>", page.index("<header>\n<h2"))
    ]
    assert re.findall(r'<span class="amount">([^<]*)', header) == ["¥3,000.50", "$700"]
    assert 'data-parts="0 0 2 CNY 3000.5;1 1 1 USD 700;1 2 1"' in page
    assert 'data-prefixes="CNY=¥;USD=$;"' in page


def test_a_long_column_shows_what_presses_and_leads_to_the_rest(build: Callable[..., Site]) -> None:
    records = {
        f"n{number:03}.md": record(f"None {number:03}", owner="Li")
        for number in range(OPEN_CARDS + 5)
    }
    records["z.md"] = record("Overdue", step="2026-11-22", owner="Li")
    records["y.md"] = record("Planned", step="2026-11-25", owner="Li")
    for number in range(CLOSED_CARDS + 3):
        records[f"w{number:03}.md"] = record(f"Won {number:03}", "done", owner="Li")
    page = build(records, CONFIG)["board.html"]
    talk, done, gone = columns(page)
    assert len(talk) == OPEN_CARDS
    assert talk[0] == "Overdue"
    assert "Planned" not in talk
    assert "Planned" in page
    assert len(done) == CLOSED_CARDS
    assert gone == []
    assert f'href="stages/talk.html">Show all {OPEN_CARDS + 7}</a>' in page
    assert f'href="stages/done.html">Show all {CLOSED_CARDS + 3}</a>' in page


def test_customers_without_owner_level_or_known_stage(build: Callable[..., Site]) -> None:
    page = build({"a.md": record("Nobody's"), "b.md": record("Lost", "nowhere")}, CONFIG)[
        "board.html"
    ]
    assert columns(page)[0] == ["Nobody's"] or columns(page)[0] == ["Nobody&#39;s"]
    assert 'data-label="" data-term="-has:level">without (2)</option>' in page
    assert (
        'href="stages/index.html#without">Without a known stage <span class="count">1</span>'
        in page
    )
