"""What a report tells, thing by thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository
from tests.insight.measures.busy_workspaces import plain, write_workspace
from tracker.insight.activity import activity_of
from tracker.insight.day import Day, day_of
from tracker.insight.report import Facts, Report, report_of
from tracker.insight.report_entries import Part
from tracker.insight.report_outlook import Risk
from tracker.insight.report_times import Stretch, times_of
from tracker.library.loader import load_library
from tracker.periods import Period

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 25)  # a Wednesday
SETTINGS = """\
language: en
currency: CNY
owners: [Li, Han]
levels: [{id: a, label: A, max_idle_days: 10}, {id: b, label: B, max_idle_days: 10}]
"""
THIS_WEEK = times_of(Stretch.WEEK, Period(date(2026, 11, 23), TODAY), TODAY)

MakeDay = Callable[..., Day]


@pytest.fixture
def make_day(tmp_path: Path) -> MakeDay:
    """Return the day of records given by name, without their name and owner."""

    def make(**records: str) -> Day:
        (tmp_path / "tracker.yaml").write_text(SETTINGS, "utf-8")
        (tmp_path / "records").mkdir(exist_ok=True)
        for name, text in records.items():
            matter, _, body = text.partition("\n---\n")
            record = f"---\nname: {name}\nowner: Li\n{matter}\n---\n{body}"
            (tmp_path / "records" / f"{name}.md").write_text(record, "utf-8")
        return day_of(load_library(tmp_path), TODAY)

    return make


def told(facts: Facts, part: Part) -> list[str]:
    return [entry.standing.customer.name for entry in facts.parts.get(part, ())]


# --- Times --------------------------------------------------------------------------------------


def _days(period: Period) -> tuple[str, str]:
    return f"{period.first:%m-%d}", f"{period.last:%m-%d}"


@pytest.mark.parametrize(
    ("stretch", "asked", "period", "before", "ahead"),
    [
        ("week", "11-23..11-25", ("11-23", "11-25"), ("11-16", "11-18"), ("11-25", "12-02")),
        ("week", "11-16..11-22", ("11-16", "11-22"), ("11-09", "11-15"), ("11-23", "11-29")),
        ("month", "11-01..11-25", ("11-01", "11-25"), ("10-01", "10-25"), ("11-25", "12-25")),
        ("month", "10-01..10-31", ("10-01", "10-31"), ("09-01", "09-30"), ("11-01", "11-30")),
        ("days", "11-10..11-19", ("11-10", "11-19"), ("10-31", "11-09"), ("11-20", "11-29")),
    ],
)
def test_times(
    stretch: str,
    asked: str,
    period: tuple[str, str],
    before: tuple[str, str],
    ahead: tuple[str, str],
) -> None:
    first, last = (date.fromisoformat(f"2026-{day}") for day in asked.split(".."))
    times = times_of(Stretch(stretch), Period(first, last), TODAY)
    assert (_days(times.period), _days(times.before), _days(times.ahead)) == (period, before, ahead)


# --- What happened ------------------------------------------------------------------------------


def test_what_happened_in_the_week(make_day: MakeDay) -> None:
    day = make_day(
        won="stage: won\nvalue: 7 CNY\n---\n## 2026-11-24 visit\n\n- stage: negotiation -> won\n",
        lost="stage: lost\n---\n## 2026-11-23 call Han\n\n- stage: proposal -> lost\n",
        new="stage: proposal\ncreated: 2026-11-25\n---\n",
        moved="stage: negotiation\ncreated: 2026-01-01\n---\n"
        "## 2026-11-24 call\n\n- stage: proposal -> negotiation\n\n## 2026-11-20 call\n",
        before="stage: won\n---\n## 2026-11-17 call\n\n- stage: proposal -> won\n",
    )
    (facts,) = report_of(day, THIS_WEEK).facts
    # A customer without `created` is new on the day of its first follow-up.
    assert told(facts, Part.NEW) == ["lost", "won", "new"]
    assert told(facts, Part.WON) == ["won"]
    assert told(facts, Part.LOST) == ["lost"]
    assert told(facts, Part.STAGES) == ["moved"]
    assert told(facts, Part.FOLLOWUPS) == ["lost", "moved", "won"]
    figures = {each.column.key: (plain(each.now), plain(each.before)) for each in facts.figures}
    assert figures["won"] == (1, 1)
    assert figures["amount_won"] == ({"CNY": 7}, {})
    assert figures["followups"] == (3, 1)


def test_each_person_is_told_their_own(make_day: MakeDay) -> None:
    day = make_day(
        a="stage: proposal\n---\n## 2026-11-24 call Han\n\n- [ ] the quote @2026-11-26\n"
        "- [x] a case @2026-11-24 @Li\n- next: 2026-11-27 visit the line\n",
        b="stage: proposal\n---\n## 2026-11-24 call Someone\n",
    )
    team, *people = report_of(day, THIS_WEEK, by_person=True).facts
    assert not team.parts
    assert [facts.owner for facts in people] == ["Li", "Han", "Someone"]
    li, han, someone = people
    assert told(li, Part.PLAN) == ["a"]  # the step is the owner's
    assert told(han, Part.PLAN) == ["a"]  # the promise is that of whoever made it
    assert (told(li, Part.KEPT), told(han, Part.KEPT)) == (["a"], [])
    assert (told(li, Part.FOLLOWUPS), told(someone, Part.FOLLOWUPS)) == ([], ["b"])
    (alone,) = report_of(day, THIS_WEEK, "Han").facts
    assert alone.parts.keys() == han.parts.keys()


def test_people_are_called_by_the_first_of_several_spellings(make_day: MakeDay) -> None:
    names = [f"someone{letter}" for letter in "abcdefgh"]
    body = "stage: proposal\n---\n## 2026-11-24 call {0}\n\n## 2026-11-23 call {1}\n"
    day = make_day(**{name: body.format(name.title(), name.upper()) for name in names})
    _team, *people = report_of(day, THIS_WEEK, by_person=True).facts
    assert [facts.owner for facts in people][1:] == [name.title() for name in names]


def test_the_plan_is_of_today_and_the_days_ahead_in_their_order(make_day: MakeDay) -> None:
    day = make_day(
        a="stage: proposal\n---\n## 2026-11-20 call\n\n- [ ] later @2026-12-02\n"
        "- [ ] too late @2026-12-03\n- [ ] today @2026-11-25\n- next: 2026-11-30 visit\n",
        b="stage: lost\n---\n## 2026-11-20 call\n\n- next: 2026-11-30 visit\n",
    )
    (facts,) = report_of(day, THIS_WEEK).facts
    plan = [(str(entry.day), entry.what.text) for entry in facts.parts[Part.PLAN]]
    assert plan == [("2026-11-25", "today"), ("2026-11-30", ""), ("2026-12-02", "later")]


# --- Risks --------------------------------------------------------------------------------------


def test_risks_of_customers_the_important_first(make_day: MakeDay) -> None:
    day = make_day(
        quiet="stage: proposal\nlevel: B\n---\n## 2026-11-01 call\n\n- next: 2026-12-01 call\n",
        big="stage: proposal\nlevel: A\n---\n## 2026-11-01 call\n\n- next: 2026-12-01 call\n",
        slipped="stage: proposal\nlevel: B\nexpected_close: 2026-11-24\n---\n"
        "## 2026-11-24 call\n\n- [ ] the quote @2026-11-24\n",
        late="stage: won\nlevel: B\n---\n## 2026-11-20 call\n\n- next: 2026-11-24 call\n",
        fine="stage: proposal\nlevel: B\n---\n## 2026-11-24 call\n\n- next: 2026-12-01 call\n",
        over="stage: lost\nlevel: A\n---\n## 2026-01-01 call\n",
    )
    (facts,) = report_of(day, THIS_WEEK).facts
    risks = {entry.standing.customer.name: entry.what for entry in facts.parts[Part.RISKS]}
    assert risks == {
        "big": (Risk.BIG_QUIET,),
        "slipped": (Risk.SLIPPED, Risk.PROMISE, Risk.NO_STEP),
        "late": (Risk.OVERDUE,),
        "quiet": (Risk.QUIET,),
    }
    assert list(risks) == ["big", "slipped", "late", "quiet"]


def test_the_largest_quarter_is_important_whatever_its_level(make_day: MakeDay) -> None:
    body = "\n---\n## 2026-11-01 call\n\n- next: 2026-12-01 call\n"
    records = {f"k{n}": f"stage: proposal\nlevel: B\nvalue: {n} CNY{body}" for n in range(1, 6)}
    (facts,) = report_of(make_day(**records), THIS_WEEK).facts
    important = [
        entry.standing.customer.name
        for entry in facts.parts[Part.RISKS]
        if entry.what == (Risk.BIG_QUIET,)
    ]
    assert important == ["k5"]


def test_of_what_is_long_past_neither_plans_nor_risks_are_told(make_day: MakeDay) -> None:
    day = make_day(a="stage: proposal\nlevel: A\n---\n## 2026-03-03 call\n")
    times = times_of(Stretch.WEEK, Period(date(2026, 3, 2), date(2026, 3, 8)), TODAY)
    report = report_of(day, times)
    assert not report.whole
    (facts,) = report.facts
    assert set(facts.parts) == {Part.NEW, Part.FOLLOWUPS}


# --- From git -----------------------------------------------------------------------------------


def test_values_and_close_dates_that_moved(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", SETTINGS)
    matter = "---\nname: A\nstage: proposal\nowner: {}\nvalue: {} CNY\nexpected_close: {}\n---\n"

    def write(owner: str, value: int, close: str, day: str | None) -> None:
        repository.write("records/a.md", matter.format(owner, value, close))
        if day:
            repository.commit(day)

    write("Li", 1, "2026-11-30", "2026-11-10")
    write("Li", 2, "2026-11-30", "2026-11-23")
    write("Han", 3, "2026-11-30", "2026-11-24")
    write("Han", 3, "2026-12-24", None)
    day = day_of(load_library(tmp_path), TODAY)
    (facts,) = report_of(day, THIS_WEEK).facts
    (value,) = facts.parts[Part.VALUES]
    assert (str(value.what.old), str(value.what.new), value.who) == ("1 CNY", "3 CNY", "Han")
    (close,) = facts.parts[Part.CLOSES]
    assert (close.what.old, close.what.new) == (date(2026, 11, 30), date(2026, 12, 24))
    (li,) = report_of(day, THIS_WEEK, "Li").facts
    (value,) = li.parts[Part.VALUES]
    assert (str(value.what.old), str(value.what.new)) == ("1 CNY", "2 CNY")


def test_a_value_that_cannot_be_read_has_not_moved(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", SETTINGS)
    matter = "---\nname: A\nstage: proposal\nowner: Li\nvalue: {}\nexpected_close: {}\n---\n"
    repository.write("records/a.md", matter.format("1 CNY", "2026-11-30"))
    repository.commit("2026-11-10")
    repository.write("records/a.md", matter.format("plenty", "2026-02-30"))
    (facts,) = report_of(day_of(load_library(tmp_path), TODAY), THIS_WEEK).facts
    assert facts.parts.keys().isdisjoint({Part.VALUES, Part.CLOSES})
    repository.write("records/a.md", "---\nname: A\nstage: proposal\nowner: Li\n---\n")
    (facts,) = report_of(day_of(load_library(tmp_path), TODAY), THIS_WEEK).facts
    assert facts.parts.keys() >= {Part.VALUES, Part.CLOSES}


# --- The same everywhere ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_figures_are_those_of_the_activity_and_parts_add_up(tmp_path: Path, seed: int) -> None:
    day = write_workspace(tmp_path, seed).day
    times = times_of(Stretch.MONTH, Period(date(2026, 10, 1), date(2026, 10, 31)), day.today)
    report = report_of(day, times)
    (facts,) = report.facts
    happened = activity_of(day)
    for compared in facts.figures:
        if compared.column.key not in ("amount_won", "touched", "share"):
            now, earlier = (
                len(getattr(happened.within(period), compared.column.key))
                for period in (times.period, times.before)
            )
            assert (compared.now.value, compared.before.value) == (now, earlier)
    _check_parts(report, report_of(day, times, by_person=True))


def _check_parts(team: Report, people: Report) -> None:
    (facts,) = team.facts
    for part in (Part.WON, Part.NEW, Part.FOLLOWUPS, Part.KEPT, Part.MISSED, Part.PLAN, Part.RISKS):
        of_people = sum(len(each.parts.get(part, ())) for each in people.facts)
        assert len(facts.parts.get(part, ())) == of_people, part
