"""The measures of activity and value on small workspaces, figures counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tests.insight.measures.busy_workspaces import figures_of, table_of
from tracker.insight.day import day_of
from tracker.insight.measure import Scope
from tracker.insight.measure_registry import all_measures
from tracker.insight.sums import Sums
from tracker.library.loader import load_library
from tracker.periods import Period

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 24)
YEAR = Period(date(2025, 11, 25), TODAY)
MEASURES = (
    *("activity", "promise-keeping", "plan-keeping", "cold-response", "results-by-owner"),
    *("customer-value", "level-by-stage", "outlook", "trend"),
)
SETTINGS = """\
language: en
currency: CNY
rates: {USD: 7}
levels: [{id: a, label: A, max_idle_days: 10}, {id: b, label: B}, {id: c, label: C}]
"""

Ask = Callable[..., Scope]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return what is asked of records given by name, without their name and owner."""

    def make(owner: str | None = None, period: Period = YEAR, **records: str) -> Scope:
        (tmp_path / "tracker.yaml").write_text(SETTINGS, "utf-8")
        (tmp_path / "records").mkdir(exist_ok=True)
        for name, text in records.items():
            matter, _, body = text.partition("\n---\n")
            record = f"---\nname: {name}\nowner: Li\n{matter}\n---\n{body}"
            (tmp_path / "records" / f"{name}.md").write_text(record, "utf-8")
        return Scope(day_of(load_library(tmp_path), TODAY), period, owner)

    return make


@pytest.mark.parametrize("measure", MEASURES)
def test_a_workspace_without_records_says_nothing_and_fails_nowhere(ask: Ask, measure: str) -> None:
    for table in all_measures()[measure].tables(ask()):
        for line in (*table.lines, *([table.total] if table.total else [])):
            for column, figure in zip(table.columns, line.figures, strict=True):
                assert figure.n == 0
                assert not figure.cases
                assert figure.value in (0, None) or column.kind == "money"


# --- Promises and plans ---------------------------------------------------------------------------


def test_every_fate_of_a_promise(ask: Ask) -> None:
    scope = ask(
        a="stage: proposal\n---\n## 2026-10-30 call Li\n\n"
        "- [x] in time @2026-11-03 ✅ 2026-11-02\n"
        "- [x] ticked only @2026-11-04\n"
        "- [x] late @2026-11-05 ✅ 2026-11-09\n"
        "- [ ] overdue, and promised by another @2026-11-14 @Han\n"
        "- [ ] due today @2026-11-24\n"
        "- [ ] to come @2026-11-25\n"
        "- [x] done before its day @2026-12-01 ✅ 2026-11-10\n"
        "- [ ] no day\n"
    )
    found = figures_of(scope, "promise-keeping", "people")
    assert found["Li"] == {
        "kept": 2, "late": 1, "missed": 0, "open": 1,
        "share": pytest.approx(2 / 3), "days_late": (4, 4, 4),
    }  # fmt: skip
    assert found["Han"] == {
        "kept": 0, "late": 0, "missed": 1, "open": 0, "share": 0, "days_late": (10, 10, 10),
    }  # fmt: skip
    table = table_of(scope, "promise-keeping", "people")
    assert table.total
    share = next(n for n, column in enumerate(table.columns) if column.key == "share")
    assert not table.columns[share].says(table.total.figures[share])
    assert [str(note) for note in table.notes] == [
        "Open promises without a due day, which are not counted: 1"
    ]


def test_every_fate_of_a_plan(ask: Ask) -> None:
    steps = [
        ("2026-11-02", "2026-11-05"),  # kept
        ("2026-11-05", "2026-11-10"),  # late
        ("2026-11-12", "2026-11-20"),  # moved
        ("2026-11-13", "2026-11-19"),  # ended
    ]
    body = "".join(f"## {day} call Li\n\n- next: {plan} call\n\n" for day, plan in steps)
    scope = ask(
        a=f"stage: proposal\n---\n{body}## 2026-11-14 call Li\n\n- next: none\n",
        b="stage: proposal\n---\n## 2026-11-10 call Han\n\n- next: 2026-11-23 visit\n",
        c="stage: proposal\n---\n## 2026-11-10 call Han\n\n- next: 2026-11-24 visit\n",
        d="stage: lost\n---\n## 2026-11-10 call Han\n\n- next: 2026-11-15 visit\n",
        e="stage: proposal\n---\n## 2026-11-10 call Han\n\n- next: 2026-11-30 visit\n",
    )
    found = figures_of(scope, "plan-keeping", "people")
    li = {"kept": 1, "late": 1, "moved": 1, "ended": 1, "overdue": 0, "to_come": 0, "share": 0.5}
    han = {"kept": 0, "late": 0, "moved": 0, "ended": 0, "overdue": 1, "to_come": 1, "share": 0}
    assert found["Li"] == li
    assert found["Han"] == han
    notes = table_of(scope, "plan-keeping", "people").notes
    assert list(map(str, notes)) == ["Plans of lost customers, which are left out: 1"]


# --- Going cold -----------------------------------------------------------------------------------


def test_a_customer_goes_cold_on_the_day_after_its_limit(ask: Ask) -> None:
    scope = ask(
        a="stage: proposal\nlevel: A\ncreated: 2026-08-01\n---\n"
        "## 2026-10-31 call\n\n"  # 10 days later: not cold
        "## 2026-10-21 call\n\n"  # cold on 10-20, answered after a day
        "## 2026-10-09 call\n",  # created on 08-01, cold on 08-12, answered after 58 days
    )
    found = figures_of(scope, "cold-response", "owners")["Li"]
    assert found == {
        "cold": 3, "contacted": 2, "share": pytest.approx(2 / 3),
        "days": (15.25, 29.5, 43.75), "closed": 0, "still": 1,
    }  # fmt: skip


def test_a_section_in_the_future_is_no_contact(ask: Ask) -> None:
    scope = ask(
        a="stage: proposal\nlevel: A\n---\n## 2026-11-30 call\n\n## 2026-11-01 call\n",
    )
    found = figures_of(scope, "cold-response", "owners")["Li"]
    assert (found["cold"], found["contacted"], found["still"]) == (1, 0, 1)


def test_the_level_of_the_time_counts(ask: Ask) -> None:
    scope = ask(
        a="stage: proposal\nlevel: A\n---\n"
        "## 2026-11-05 call\n\n- level: C -> A\n\n"  # an A since: cold on 11-16
        "## 2026-10-22 call\n\n"  # 14 days later: not cold as a C, whose limit is the stage's
        "## 2026-10-06 call\n",  # cold on 10-21
    )
    assert scope.config.stages["proposal"].max_idle_days == 14
    found = figures_of(scope, "cold-response", "owners")["Li"]
    assert (found["cold"], found["contacted"], found["still"]) == (2, 1, 1)
    assert found["days"] == (1, 1, 1)


def test_customers_that_are_not_open_do_not_go_cold(ask: Ask) -> None:
    scope = ask(
        a="stage: won\nlevel: A\n---\n## 2026-06-01 call\n\n- stage: proposal -> won\n",
        b="stage: proposal\nlevel: A\n---\n## 2026-11-20 call\n\n- stage: lost -> proposal\n\n"
        "## 2026-06-01 call\n\n- stage: proposal -> lost\n",
    )
    assert figures_of(scope, "cold-response", "owners")["total"]["cold"] == 0


# --- Results --------------------------------------------------------------------------------------


def test_a_result_stays_with_whoever_owned_the_customer_then(ask: Ask) -> None:
    scope = ask(
        a="stage: won\nvalue: 9 CNY\ncreated: 2026-01-05\n---\n"
        "## 2026-11-03 visit\n\n- stage: negotiation -> won\n",
    )
    path = scope.day.standings[0].customer.path
    before = {path: ((date.min, "Han"), (date(2026, 11, 10), "Li"))}
    scope = Scope(scope.day, YEAR, None, before)
    found = figures_of(scope, "results-by-owner", "owners")
    assert (found["Han"]["new"], found["Han"]["won"]) == (1, 1)
    assert found["Han"]["amount"] == {"CNY": 9}
    assert "Li" not in found
    notes = table_of(scope, "results-by-owner", "owners").notes
    assert list(map(str, notes)) == [
        "Results credited to somebody who no longer has the customer: 2"
    ]
    asked = Scope(scope.day, YEAR, "Li", before)
    assert figures_of(asked, "results-by-owner", "owners")["total"]["won"] == 0


def test_won_again_counts_once_a_period_and_once_a_month(ask: Ask) -> None:
    moves = ["10-02 won", "10-20 negotiation", "11-02 won", "11-10 lost", "11-20 won"]
    body = "".join(f"## 2026-{move[:5]} call\n\n- stage: {move[6:]}\n\n" for move in moves)
    scope = ask(a=f"stage: won\nvalue: 100 EUR\n---\n{body}")
    results = figures_of(scope, "results-by-owner", "owners")["Li"]
    assert (results["won"], results["lost"], results["amount"]) == (1, 1, {"EUR": 100})
    trend = figures_of(scope, "trend", "months")
    assert [trend[month]["won"] for month in ("2026-10", "2026-11", "total")] == [1, 1, 1]


def test_currencies_without_a_rate_are_never_added(ask: Ask) -> None:
    scope = ask(
        a="stage: proposal\nvalue: 100 CNY\n---\n",
        b="stage: proposal\nvalue: 100 USD\n---\n",
        c="stage: negotiation\nvalue: 100 EUR\n---\n",
    )
    table = table_of(scope, "level-by-stage", "amounts")
    assert table.total
    cells = {
        column.key: figure.value
        for column, figure in zip(table.columns, table.total.figures, strict=True)
        if isinstance(figure.value, Sums)
    }
    assert str(cells["proposal"].total) == "800 CNY"
    assert cells["negotiation"].total is None
    assert cells["total"].total is None
    assert [str(money) for money in cells["total"].amounts] == ["100 CNY", "100 EUR", "100 USD"]


# --- Customer value -------------------------------------------------------------------------------


def test_equal_customers_share_a_score(ask: Ask) -> None:
    def record(level: str, amount: int, contact: str) -> str:
        return f"stage: won\nlevel: {level}\nvalue: {amount} CNY\n---\n## {contact} call\n"

    scope = ask(
        a=record("A", 10, "2026-11-01"),
        b=record("A", 10, "2026-11-01"),
        c=record("A", 10, "2026-11-01"),
        d=record("C", 40, "2026-11-20"),
        e=record("A", 20, "2026-03-01"),
    )
    # Amounts 10 10 10 20 40: quartiles 10, 10, 20. Days -269 -23 -23 -23 -4: -23, -23, -23.
    levels = figures_of(scope, "customer-value", "levels")
    assert levels["c"] == {"customers": 1, "recency": 4, "frequency": 1, "amount": 4}
    assert levels["a"] == {
        "customers": 4, "recency": 1, "frequency": 1, "amount": Fraction(1 + 1 + 1 + 3, 4),
    }  # fmt: skip
    # Only one is longer without contact than three quarters of them.
    assert set(figures_of(scope, "customer-value", "neglected")) == {"e", "total"}
    assert set(figures_of(scope, "customer-value", "buying")) == {"d", "total"}


def test_no_score_without_a_rate_and_no_lost_customers(ask: Ask) -> None:
    scope = ask(
        a="stage: proposal\nvalue: 100 EUR\n---\n",
        b="stage: lost\nvalue: 100 CNY\n---\n",
        c="stage: proposal\ncreated: 2026-11-01\nvalue: 5 USD\n---\n",
    )
    table = table_of(scope, "customer-value", "levels")
    assert table.total
    assert [figure.n for figure in table.total.figures] == [2, 1, 2, 1]
    assert [str(note) for note in table.notes] == [
        "Customers without an amount to compare, and so without a score for it: 1"
    ]
    assert not any(
        column.says(figure)
        for column, figure in zip(table.columns[1:], table.total.figures[1:], strict=True)
    )


def test_only_the_first_customers_are_listed_but_all_are_behind_the_total(ask: Ask) -> None:
    records = {f"k{n:02}": "stage: proposal\nlevel: A\n---\n" for n in range(30)}
    table = table_of(ask(**records), "customer-value", "neglected")
    assert table.total
    assert len(table.lines) == 25
    assert len(table.total.figures[0].cases) == 30
    assert [str(note) for note in table.notes] == ["… and 5 more"]


# --- Outlook --------------------------------------------------------------------------------------


def _won(counts: list[int]) -> dict[str, str]:
    """Return records of deals won, so many in each quarter that ended up to 2026-Q3."""
    records = {}
    for back, count in enumerate(reversed(counts)):
        quarter = 2026 * 4 + 2 - back
        day = f"{quarter // 4}-{quarter % 4 * 3 + 1:02}-01"
        for number in range(count):
            records[f"k{back}-{number}"] = (
                f"stage: won\ncreated: {day}\nvalue: 10 CNY\ndeal:\n  date: {day}\n---\n"
            )
    return records


def test_a_series_with_seasons_goes_on_with_its_seasons(ask: Ask) -> None:
    scope = ask(**_won([1, 2, 3, 6, 1, 2, 3, 6, 1, 2, 3]))
    found = figures_of(scope, "outlook", "next")
    assert found["2027-Q1"] == {
        "deals": 1, "deals_error": 0, "amount": {"CNY": 10}, "amount_error": {"CNY": 0}, "error": 0,
    }  # fmt: skip
    (note,) = table_of(scope, "outlook", "next").notes
    assert "The same quarter of the year before" in str(note)
    assert "tested on 6 past quarters" in str(note)


def test_a_series_that_grows_goes_on_growing(ask: Ask) -> None:
    found = figures_of(ask(**_won([1, 2, 3, 4, 5, 6, 7, 8, 9])), "outlook", "next")
    assert found["2027-Q1"]["deals"] == 11
    assert found["2027-Q1"]["deals_error"] == 0


def test_too_short_a_history_says_nothing(ask: Ask) -> None:
    table = table_of(ask(**_won([1, 2, 3, 4, 5, 6, 7, 8])), "outlook", "next")
    (line,) = table.lines
    assert {figure.n for figure in line.figures} == {3}
    assert not any(
        column.says(figure) for column, figure in zip(table.columns, line.figures, strict=True)
    )
    (note,) = table.notes
    assert str(note) == "too few whole quarters to say: 8 of the 9 that it takes"


def test_a_trend_of_a_few_weeks_is_in_weeks(ask: Ask) -> None:
    scope = ask(
        period=Period(date(2026, 11, 11), TODAY),
        a="stage: proposal\n---\n## 2026-11-16 call\n\n## 2026-11-11 call\n\n## 2026-11-10 call\n",
    )
    table = table_of(scope, "trend", "weeks")
    assert [line.key for line in table.lines] == ["2026-W46", "2026-W47", "2026-W48"]
    assert table.lines[0].period == Period(date(2026, 11, 11), date(2026, 11, 15))
    followups = [line.figures[3].value for line in table.lines]
    assert followups == [1, 1, 0]
