"""Whatever is edited, what is followed is what it would be if all were looked at anew."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.config_file import parse_config
from tracker.format.parser import parse_record
from tracker.insight.day import DayKeeper
from tracker.library.history import History
from tracker.library.library import Entry, Library
from tracker.site.attachments import Attachments
from tracker.site.dashboard import dashboard_page
from tracker.site.fingerprint import Fingerprints
from tracker.site.gathered import Counted, Difference, Gathered, counted, gathered
from tracker.site.markdown import MarkdownRenderer
from tracker.site.page import Site
from tracker.site.render import SiteRenderer
from tracker.site.today import TodayLists, tallies

if TYPE_CHECKING:
    from tracker.insight.day import Day
    from tracker.site.page import Row

NOWHERE = Path("nowhere")
TODAY = date(2026, 11, 24)
TOMORROW = TODAY + timedelta(days=1)
CUSTOMERS = 30
CONFIG = parse_config("language: en\ncurrency: CNY\nrates: {USD: 7}\nowners: [Ann, Bo]\n")[0]
RENDERER = SiteRenderer(CONFIG, NOWHERE, MarkdownRenderer(), Attachments(NOWHERE))


# --- The lists and the numbers themselves --------------------------------------------------------

sources = st.frozensets(st.integers(0, 60), min_size=18)


def _contribution(number: int) -> dict[str, list[tuple[tuple[int, int], str]]]:
    """Return an entry of one list, and some of another one that begin alike."""
    more = [((number % 3, number * 10 + place), f"{number}.{place}") for place in range(number % 4)]
    return {"one": [((-number, 0), str(number))], "other": more}


def _share(number: int) -> list[tuple[str, int]]:
    return [("even" if number % 2 == 0 else "odd", number), ("all", 1)]


@given(st.lists(sources, min_size=1, max_size=5))
def test_what_is_followed_is_what_is_gathered_anew(states: list[frozenset[int]]) -> None:
    lists: Gathered[int] | None = None
    numbers: Counted[int] | None = None
    for state in states:
        # Few are others than before, so that they are followed one by one.
        for number in range(60):
            near = frozenset(each if each <= number else each + 100 for each in state)
            lists = gathered(near, _contribution, lists, Difference.between)
            anew = gathered(near, _contribution, None, Difference.between)
            assert {name: each for name, each in lists.items.items() if each} == anew.items
            numbers = counted(near, _share, numbers, Difference.between)
            afresh = counted(near, _share, None, Difference.between)
            assert numbers.numbers == afresh.numbers


# --- A site --------------------------------------------------------------------------------------

days = st.integers(-70, 40).map(lambda number: (TODAY + timedelta(days=number)).isoformat())


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return a record, which may have errors or not be readable at all."""
    stages = ["initial-contact", "proposal", "negotiation", "won", "lost", "nonsense"]
    lines = [
        "---",
        f"name: {draw(st.sampled_from(['Acme', 'acme', '恒达', 'Zoo']))}",
        f"stage: {draw(st.sampled_from(stages))}",
        f"level: {draw(st.sampled_from('ABQ'))}",
        f"owner: {draw(st.sampled_from(['Ann', 'Bo', 'Cy']))}",
        f"value: {draw(st.sampled_from(['12', '99.50 USD', '0.1', '7 JPY', 'much']))}",
        *draw(st.sampled_from([[], [f"created: {TODAY.isoformat()}"], ["phone: ["]])),
        "---",
    ]
    for day in draw(st.lists(days, max_size=3, unique=True)):
        lines += [
            "",
            f"## {day} {draw(st.sampled_from(['', '09:30']))} phone",
            "",
            f"- Stage: {draw(st.sampled_from(stages))}",
            *draw(st.sampled_from([[], [f"- Next: {draw(days)} call"], ["- Next: none"]])),
        ]
        ticks = draw(st.lists(st.tuples(st.sampled_from([" ", "x"]), days), max_size=2))
        lines += [f"- [{tick}] send it @{due}" for tick, due in ticks]
    return "\n".join(lines) + "\n"


@cache
def _entry(path: str, text: str) -> Entry:
    parsed = parse_record(text, path, CONFIG)
    return Entry(path, text, parsed.customer, parsed.problems)


def _library(records: dict[str, str]) -> Library:
    return Library(NOWHERE, CONFIG, tuple(_entry(path, records[path]) for path in sorted(records)))


def _paths(rows: tuple[Row, ...]) -> list[str]:
    return [row.customer.path for row in rows]


def _told(site: Site) -> dict[str, object]:
    """Return what the site tells, so that it can be compared with another one."""
    page, prints = dashboard_page(site), Fingerprints(site)
    lists = TodayLists.of(site)
    return {
        "dashboard": RENDERER.render(page),
        "context": prints.context(page.context, whole=True),
        "data": prints.context(page.context, whole=False),
        "tallies": tallies(site),
        "lists": {name: prints.of(listed) for name, listed in lists.named.items()},
        "importance": _paths(site.by_importance),
        "steps": _paths(site.by_step_day),
        "overdue": _paths(site.overdue),
        "broken": site.broken,
        "activity": prints.of(site.recent_activity),
    }


def _day_told(day: Day) -> tuple[object, ...]:
    return day.standings, day.diagnostics, day.errors, day.warnings


edits = st.tuples(
    st.integers(0, CUSTOMERS + 3),  # Which record; some of them are new.
    st.none() | texts(),  # What it holds now; nothing where it is deleted.
    st.sampled_from([True, True, True, False]),  # Whether the site is asked for in between.
    st.sampled_from([TODAY, TODAY, TODAY, TODAY, TOMORROW]),
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(texts(), min_size=3, max_size=6),
    st.lists(edits, min_size=1, max_size=6),
)
@example(
    ["---\nname: Acme\nstage: proposal\nowner: Ann\nvalue: 12\n---\n"],
    [(3, "---\nname: Zoo\nstage: proposal\nowner: Bo\nvalue: 13\n---\n", True, TODAY)],
)
def test_edits_that_are_followed_give_the_dashboard_of_a_fresh_site(
    begun: list[str], changes: list[tuple[int, str | None, bool, date]]
) -> None:
    records = {f"records/{n:02}.md": begun[n % len(begun)] for n in range(CUSTOMERS)}
    keeper = DayKeeper()
    site = Site.of(keeper.day(_library(records), TODAY, History))
    assert _told(site)["broken"] == sum(row.broken for row in site.rows)
    for number, text, asked, today in changes:
        path = f"records/{number:02}.md"
        if text is None:
            records.pop(path, None)
        else:
            records[path] = text
        library = _library(records)
        site = Site.of(keeper.day(library, today, History), before=site)
        fresh = DayKeeper().day(library, today, History)
        assert _day_told(site.day) == _day_told(fresh)
        if asked:
            assert _told(site) == _told(Site.of(fresh))


def test_only_what_changed_is_looked_at_again() -> None:
    records = {f"records/{n:02}.md": f"---\nname: Customer {n}\n---\n" for n in range(CUSTOMERS)}
    keeper = DayKeeper()
    before = Site.of(keeper.day(_library(records), TODAY, History))
    seen: list[str] = []

    def name_of(row: Row) -> tuple[str, str]:
        seen.append(row.customer.path)
        return Site.name_key(row)

    before.in_order("name", name_of)
    assert len(seen) == CUSTOMERS
    seen.clear()
    records["records/07.md"] = "---\nname: Customer 99\n---\n"
    site = Site.of(keeper.day(_library(records), TODAY, History), before=before)
    assert _paths(site.in_order("name", name_of))[-1] == "records/07.md"
    assert seen == ["records/07.md"] * 2
