"""The measures of sales on small workspaces, figures counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository
from tests.insight.measures.busy_workspaces import figures_of, plain, table_of
from tracker.insight.day import day_of
from tracker.insight.measure import Scope
from tracker.insight.measure_registry import all_measures
from tracker.insight.sums import Sums
from tracker.library.loader import load_library
from tracker.periods import Period

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.insight.measure import Figure

TODAY = date(2026, 11, 24)
YEAR = Period(date(2026, 1, 1), TODAY)
NOVEMBER = Period(date(2026, 11, 1), TODAY)
MEASURES = (
    *("pipeline", "forecast", "stage-odds", "funnel", "time-in-stage", "aging", "cycle"),
    *("win-rate", "loss-reasons", "sources"),
)
SETTINGS = "language: en\ncurrency: CNY\nrates: {USD: 7}\n"

Ask = Callable[..., Scope]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return what is asked of records given by name, without their name and owner."""

    def make(
        period: Period = YEAR, owner: str | None = None, settings: str = "", **records: str
    ) -> Scope:
        (tmp_path / "tracker.yaml").write_text(SETTINGS + settings, "utf-8")
        (tmp_path / "records").mkdir(exist_ok=True)
        for name, text in records.items():
            matter, _, body = text.partition("\n---\n")
            record = f"---\nname: {name}\nowner: Li\n{matter}\n---\n{body}"
            (tmp_path / "records" / f"{name}.md").write_text(record, "utf-8")
        return Scope(day_of(load_library(tmp_path), TODAY, checked=False), period, owner)

    return make


def moves(*lines: str) -> str:
    """Return dated sections with a change of stage each, from `2026-11-02 won`."""
    return "".join(f"## {line[:10]} call\n\n- stage: {line[11:]}\n\n" for line in reversed(lines))


def closed(stage: str, number: int) -> dict[str, str]:
    """Return records that went through the proposal to a stage."""
    lost = "\nlost: {reason: price}" if stage == "lost" else ""
    body = moves("2026-02-01 needs analysis -> proposal", f"2026-03-01 {stage}")
    return {
        f"{stage}{place}": f"stage: {stage}\ncreated: 2026-01-01{lost}\n---\n{body}"
        for place in range(number)
    }


def figure(scope: Scope, measure: str, table: str, line: str, column: str) -> Figure:
    """Return one figure."""
    found = table_of(scope, measure, table)
    lines = {each.key: each for each in (*found.lines, *([found.total] if found.total else []))}
    place = [each.key for each in found.columns].index(column)
    return lines[line].figures[place]


def notes(scope: Scope, measure: str, table: str) -> list[str]:
    return [str(note) for note in table_of(scope, measure, table).notes]


@pytest.mark.parametrize("measure", MEASURES)
def test_a_workspace_without_records_says_nothing_and_fails_nowhere(ask: Ask, measure: str) -> None:
    tables = all_measures()[measure].tables(ask())
    assert tables
    for table in tables:
        for line in (*table.lines, *([table.total] if table.total else [])):
            for column, each in zip(table.columns, line.figures, strict=True):
                assert (each.n, each.cases) == (0, ())
                # What tracker.yaml says stands there with or without customers.
                assert plain(each) in (None, 0, {}) or column.key == "probability"


@pytest.mark.parametrize("measure", MEASURES)
def test_one_customer_is_led_to_from_every_measure(ask: Ask, measure: str) -> None:
    record = (
        "stage: lost\ncreated: 2026-11-01\nsource: website\nvalue: 3 USD\nlost: {reason: price}\n"
        f"---\n{moves('2026-11-03 needs analysis -> won', '2026-11-20 lost')}"
    )
    if measure in {"pipeline", "forecast", "aging", "stage-odds"}:
        record = f"stage: proposal\ncreated: 2026-11-01\n---\n{moves('2026-11-03 proposal')}"
    tables = all_measures()[measure].tables(ask(a=record))
    cases = [
        case for table in tables for line in table.lines for each in line.figures
        for case in each.cases
    ]  # fmt: skip
    assert {case.standing.customer.id for case in cases} == {"a"}


# --- Pipeline, forecast, odds -------------------------------------------------------------------


def test_half_of_a_unit_is_rounded_up_in_totals(ask: Ask) -> None:
    scope = ask(a="stage: proposal\nvalue: 1.5 CNY", b="stage: proposal\nvalue: 1 USD")
    (proposal,) = (
        line for line in table_of(scope, "pipeline", "stages").lines if line.key == "proposal"
    )
    total = proposal.figures[1].value
    assert isinstance(total, Sums)
    assert str(total.total) == "9 CNY"  # 1.5 + 7


def test_currencies_are_never_added_without_a_rate(ask: Ask) -> None:
    scope = ask(
        a="stage: proposal\nvalue: 10 CNY",
        b="stage: proposal\nvalue: 2 USD",
        c="stage: negotiation\nvalue: 5 EUR",
    )
    stages = {
        line.key: line.figures[1].value for line in table_of(scope, "pipeline", "stages").lines
    }
    totals = {key: str(value.total) for key, value in stages.items() if isinstance(value, Sums)}
    assert totals == {
        "contact": "0 CNY", "needs": "0 CNY", "proposal": "24 CNY", "negotiation": "None",
    }  # fmt: skip
    total = figure(scope, "pipeline", "stages", "total", "amount").value
    assert isinstance(total, Sums)
    assert total.total is None


def test_the_forecast_knows_months_and_what_has_slipped(ask: Ask) -> None:
    def expected(day: date, stage: str = "negotiation") -> str:
        return f"stage: {stage}\nvalue: 100 CNY\nexpected_close: {day}"

    scope = ask(
        yesterday=expected(TODAY - timedelta(days=1)),
        today=expected(TODAY),
        month_end=expected(date(2026, 11, 30), "proposal"),
        april=expected(date(2027, 4, 30)),
        may=expected(date(2027, 5, 1)),
        never="stage: negotiation\nvalue: 100 CNY",
        won=expected(TODAY, "won") + "\ndeal: {amount: 70 CNY, date: 2026-11-02}",
        october=expected(TODAY, "won") + "\ndeal: {amount: 30 CNY, date: 2026-10-31}",
        lost=expected(TODAY, "lost"),
    )
    found = figures_of(scope, "forecast", "months")
    assert {key: figures["customers"] for key, figures in found.items()} == {
        "slipped": 1, "2026-11": 2, "2026-12": 0, "2027-01": 0, "2027-02": 0, "2027-03": 0,
        "2027-04": 1, "later": 1, "none": 1, "total": 6,
    }  # fmt: skip
    assert found["2026-11"] == {
        "customers": 2,
        "amount": {"CNY": 200},
        "weighted": {"CNY": 125},
        "outcome": None,
        "commit": {"CNY": 100},
        "won": {"CNY": 70},
    }
    late = figure(scope, "forecast", "months", "slipped", "customers")
    assert [(case.line, str(case.note)) for case in late.cases] == [(6, "days past: 1")]
    assert notes(scope, "forecast", "months")[0] == "Commit counts the stages: negotiation"


def test_the_bar_of_commit_is_a_setting(ask: Ask) -> None:
    record = "stage: proposal\nvalue: 100 CNY\nexpected_close: 2026-12-01"
    for bar, amount in (("0.5", {"CNY": 100}), ("0.51", {})):
        scope = ask(settings=f"forecast: {{commit: {bar}}}\n", a=record)
        assert figures_of(scope, "forecast", "months")["2026-12"]["commit"] == amount
    scope = ask(settings="forecast: {commit: 0.9}\n", a=record)
    assert notes(scope, "forecast", "months")[0].startswith("No open stage")


def test_observed_odds_are_used_from_twenty_closed_on(ask: Ask) -> None:
    held = {"a": "stage: proposal\nvalue: 100 CNY\nexpected_close: 2026-12-01"}
    few = ask(**closed("won", 6), **closed("lost", 13), **held)
    table = table_of(few, "stage-odds", "stages")
    observed = figure(few, "stage-odds", "stages", "proposal", "observed")
    assert (observed.n, len(observed.cases)) == (19, 6)
    assert not table.columns[1].says(observed)
    assert figures_of(few, "stage-odds", "stages")["proposal"]["outcome"] is None
    assert figures_of(few, "forecast", "months")["2026-12"]["outcome"] is None
    enough = ask(**closed("won", 6), **closed("lost", 14), **held)
    assert table.columns[1].says(figure(enough, "stage-odds", "stages", "proposal", "observed"))
    line = figures_of(enough, "stage-odds", "stages")["proposal"]
    assert (line["probability"], line["observed"]) == (0.5, 0.3)
    assert (line["weighted"], line["outcome"]) == ({"CNY": 50}, {"CNY": 30})
    assert figures_of(enough, "forecast", "months")["2026-12"]["outcome"] == {"CNY": 30}


def test_reopened_customers_have_no_outcome_yet(ask: Ask) -> None:
    body = moves("2026-02-01 proposal", "2026-03-01 lost", "2026-04-01 negotiation")
    scope = ask(a=f"stage: negotiation\n---\n{body}", **closed("lost", 1))
    assert figure(scope, "stage-odds", "stages", "proposal", "observed").n == 1
    assert figures_of(scope, "win-rate", "owners")["total"]["lost"] == 2


def test_pushes_come_from_git_and_the_file(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", "language: en\ncurrency: CNY\n")
    record = "---\nname: A\nstage: proposal\nowner: Li\nvalue: 5 CNY\nexpected_close: {}\n---\n"
    days = ("2026-09-30", "2026-10-31", "2026-10-15", "2026-11-20")
    for month, day in enumerate(days, start=1):
        repository.write("records/a.md", record.format(day))
        repository.write("records/b.md", record.format("2026-12-31"))
        repository.commit(f"2026-0{month}-01")

    def pushes() -> dict[str, object]:
        scope = Scope(day_of(load_library(tmp_path), TODAY), YEAR)
        found = figures_of(scope, "forecast", "pushes")
        late = figure(scope, "forecast", "months", "slipped", "customers")
        return {
            **{key: (line["customers"], line["slipped"]) for key, line in found.items()},
            "note": [str(case.note) for case in late.cases],
        }

    assert pushes() == {
        "0": (1, 0), "1": (0, 0), "2": (1, 1), "3": (0, 0), "total": (2, 1),
        "note": ["days past: 4, pushed: 2×"],
    }  # fmt: skip
    repository.write("records/a.md", record.format("2026-11-23"))
    assert pushes()["3"] == (1, 1)


def test_without_git_nothing_is_said_of_pushes(ask: Ask) -> None:
    scope = ask(a="stage: proposal\nexpected_close: 2026-11-01")
    assert [table.key for table in all_measures()["forecast"].tables(scope)] == ["months"]
    assert notes(scope, "forecast", "months")[-1].startswith("Without the history in git")


# --- Funnel and time ----------------------------------------------------------------------------


def test_both_funnels_keep_the_lost_and_those_who_skip(ask: Ask) -> None:
    steps = ("initial contact", "needs analysis", "proposal", "negotiation", "won")

    def record(stage: str, *path: str) -> str:
        body = moves(*(f"2026-0{day}-01 {name}" for day, name in enumerate(path, start=2)))
        return f"stage: {stage}\ncreated: 2026-01-05\n---\n{body}"

    scope = ask(
        whole=record("won", *steps),
        skips=record("won", "initial contact", "proposal", "won"),
        lost=record("lost", "initial contact", "needs analysis", "lost"),
        back=record("needs analysis", "initial contact", "needs analysis", "proposal",
                    "needs analysis"),
        before=record("won", *steps).replace("2026-01-05", "2025-12-31"),
        ahead=record("initial contact", "initial contact", "needs analysis")
        .replace("2026-03-01", "2026-12-01"),
    )  # fmt: skip
    found = figures_of(scope, "funnel", "stages")
    assert [(line["any"], line["through"]) for line in found.values()] == [
        (5, 5), (3, 3), (3, 2), (1, 1), (2, 1),
    ]  # fmt: skip
    assert found["needs"] == {
        "any": 3, "all": 0.6, "further": 2 / 3, "lost": 1 / 3, "through": 3, "next": 2 / 3,
    }  # fmt: skip
    assert found["contact"]["further"] == 0.8
    assert "Customers that came in the period: 5" in notes(scope, "funnel", "stages")


def test_who_came_on_no_known_day_is_in_no_funnel_and_counted_beside_it(ask: Ask) -> None:
    scope = ask(a="stage: proposal", b="stage: proposal\n---\n## 2026-11-02 call\n")
    assert figures_of(scope, "funnel", "stages")["proposal"]["any"] == 1
    assert notes(scope, "funnel", "stages")[-1].endswith("no period: 1")


def test_running_stays_are_kept_apart_from_finished_ones(ask: Ask) -> None:
    scope = ask(
        done="stage: won\ncreated: 2026-11-01\n---\n"
        + moves("2026-11-05 needs analysis -> proposal", "2026-11-15 won"),
        same_day="stage: negotiation\n---\n"
        + moves("2026-11-05 negotiation", "2026-11-05 proposal"),
        running="stage: proposal\n---\n" + moves("2026-11-14 proposal"),
        ahead="stage: proposal\n---\n" + moves("2026-11-04 proposal", "2026-12-01 won"),
        no_begin="stage: negotiation\n---\n" + moves("2026-11-20 proposal -> negotiation"),
        other="stage: proposal\n---\n" + moves("2026-11-01 negotiation"),
        before="stage: won\n---\n" + moves("2026-10-01 proposal", "2026-10-31 won"),
    )
    found = figures_of(Scope(scope.day, NOVEMBER), "time-in-stage", "stages")
    assert found["proposal"] == {"finished": (2.5, 5, 7.5), "running": (12.5, 15, 17.5)}
    assert found["needs"]["finished"] == (4, 4, 4)
    assert figure(scope, "time-in-stage", "stages", "negotiation", "running").n == 2
    unknown = "Open customers of which nobody knows when they entered their stage: 1"
    assert notes(scope, "time-in-stage", "stages") == [unknown]
    (case,) = figure(scope, "time-in-stage", "stages", "needs", "finished").cases
    assert (case.day, case.line, str(case.note)) == (date(2026, 11, 5), 13, "days: 4")


def test_aging_is_held_against_those_that_left(ask: Ask) -> None:
    left = {
        f"left{days}": "stage: won\n---\n"
        + moves("2026-06-01 proposal", f"{date(2026, 6, 1) + timedelta(days=days)} won")
        for days in (10, 20, 30, 40, 50)
    }
    held = {
        f"held{days}": f"stage: proposal\nvalue: {days} CNY\n---\n"
        + moves(f"{TODAY - timedelta(days=days)} proposal")
        for days in (0, 30, 31, 60, 61)
    }
    found = figures_of(ask(**left, **held), "aging", "stages")["proposal"]
    # As long as the median is not longer than it.
    assert found == {"customers": 5, "days": (30, 31, 60), "left": (20, 30, 40), "longer": 0.6}
    ages = figures_of(ask(), "aging", "ages")
    assert [line["customers"] for line in ages.values()] == [2, 2, 1, 0, 0, 5]
    assert ages["31-60"]["amount"] == {"CNY": 91}


def test_too_few_that_left_tell_nothing_of_who_waits_longer(ask: Ask) -> None:
    left = {
        f"left{place}": "stage: won\n---\n" + moves("2026-06-01 proposal", "2026-06-03 won")
        for place in range(4)
    }
    held = {"held": "stage: proposal\n---\n" + moves("2026-06-01 proposal")}
    scope = ask(**left, **held)
    assert figures_of(scope, "aging", "stages")["proposal"]["longer"] is None
    columns = table_of(scope, "aging", "stages").columns
    assert not columns[2].says(figure(scope, "aging", "stages", "proposal", "left"))


def test_a_cycle_ends_with_the_first_deal(ask: Ask) -> None:
    again = moves("2026-01-31 won", "2026-03-01 negotiation", "2026-11-10 won")
    scope = ask(
        again=f"stage: won\nlevel: A\ncreated: 2026-01-01\n---\n{again}",
        heard="stage: won\n---\n" + moves("2026-11-01 proposal", "2026-11-11 won"),
        wrong="stage: won\ncreated: 2026-11-20\n---\n" + moves("2026-11-11 won"),
    )
    assert figures_of(scope, "cycle", "levels") == {
        "a": {"days": (30, 30, 30)}, "-": {"days": (10, 10, 10)}, "total": {"days": (15, 20, 25)},
    }  # fmt: skip
    assert notes(scope, "cycle", "levels") == ["Won before they came, by their dates: 1"]
    (case,) = figure(scope, "cycle", "levels", "a", "days").cases
    assert (case.day, case.line) == (date(2026, 1, 31), 18)
    november = figures_of(Scope(scope.day, NOVEMBER), "cycle", "levels")
    assert november["total"] == {"days": (10, 10, 10)}


# --- Won and lost -------------------------------------------------------------------------------


def test_lost_and_won_again_counts_in_both(ask: Ask) -> None:
    body = moves("2026-11-02 lost", "2026-11-05 negotiation", "2026-11-09 won")
    scope = ask(a=f"stage: won\nvalue: 10 CNY\ndeal: {{amount: 30 CNY}}\n---\n{body}")
    assert figures_of(scope, "win-rate", "owners")["total"] == {
        "rate": 0.5, "won": 1, "lost": 1, "amount_rate": 0.75,
        "won_amount": {"CNY": 30}, "lost_amount": {"CNY": 10},
    }  # fmt: skip
    assert notes(scope, "win-rate", "owners") == ["Both won and lost, and counted in both: 1"]
    (case,) = figure(scope, "win-rate", "owners", "total", "won").cases
    assert (case.day, case.line) == (date(2026, 11, 9), 10)


def test_the_rate_by_amount_needs_one_currency(ask: Ask) -> None:
    scope = ask(
        a="stage: won\nvalue: 1 USD\ndeal: {date: 2026-11-01}",
        b="stage: lost\nvalue: 7 CNY\nlost: {date: 2026-11-01}",
        c="stage: lost\nlost: {date: 2026-11-01}",
    )
    total = figure(scope, "win-rate", "owners", "total", "amount_rate")
    assert (plain(total), total.n) == (0.5, 2)
    scope = ask(d="stage: lost\nvalue: 7 EUR\nlost: {date: 2026-11-01}")
    assert figures_of(scope, "win-rate", "owners")["total"]["amount_rate"] is None


def test_results_go_to_whoever_owned_the_customer_on_the_day(ask: Ask) -> None:
    body = moves("2026-05-01 won", "2026-06-01 negotiation", "2026-11-01 lost")
    day = ask(a=f"stage: lost\nsource: website\ncreated: 2026-01-01\n---\n{body}").day
    before = {"records/a.md": ((date.min, "Han"), (date(2026, 6, 15), "Li"))}
    found = figures_of(Scope(day, YEAR, None, before), "win-rate", "owners")
    assert {owner: (line["won"], line["lost"]) for owner, line in found.items()} == {
        "Han": (1, 0), "Li": (0, 1), "total": (1, 1),
    }  # fmt: skip
    han = Scope(day, YEAR, "Han", before)
    assert figures_of(han, "funnel", "stages")["won"]["any"] == 1
    assert figures_of(han, "sources", "sources")["website"]["won"] == 1
    assert figures_of(han, "cycle", "owners")["Han"]["days"] == (120, 120, 120)
    assert figures_of(han, "loss-reasons", "reasons")["total"]["lost"] == 0
    assert figure(han, "stage-odds", "stages", "negotiation", "observed").n == 0


def test_products_beyond_twenty_are_one_line(ask: Ask) -> None:
    def record(place: int) -> str:
        names = (f"P{place}", f"Ｐ{place}", f"Q{place}", "all")
        offers = ", ".join(f"{{product: {name}}}" for name in names)
        return f"stage: won\noffers: [{offers}]\ndeal: {{date: 2026-11-01}}"

    scope = ask(**{f"c{place:02}": record(place) for place in range(22)})
    found = figures_of(scope, "win-rate", "products")
    assert list(found)[:2] == ["all", "p0"]
    assert list(found)[-2:] == ["*", "total"]
    assert (found["all"]["won"], found["p0"]["won"], found["*"]["won"]) == (22, 1, 22)
    assert len(found) == 22


def test_loss_reasons_by_what_they_were_lost_from_and_to(ask: Ask) -> None:
    def lost(reason: str, rival: str, *path: str) -> str:
        return f"stage: lost\nvalue: 5 CNY\nlost: {{{reason}competitor: {rival}}}\n---\n" + moves(
            *path
        )

    scope = ask(
        a=lost("reason: price, ", "Bolt", "2026-02-01 proposal", "2026-03-31 lost"),
        b=lost("reason: price, ", "BOLT", "2026-02-01 negotiation", "2026-04-01 lost"),
        c=lost("", "Acme", "2026-05-01 lost"),
    )
    reasons = figures_of(scope, "loss-reasons", "reasons")
    assert reasons["price"] == {"lost": 2, "share": 2 / 3, "amount": {"CNY": 10}}
    assert reasons["-"]["lost"] == 1
    assert [column.key for column in table_of(scope, "loss-reasons", "stages").columns] == [
        "lost", "price", "-",
    ]  # fmt: skip
    stages = figures_of(scope, "loss-reasons", "stages")
    assert {key: line["lost"] for key, line in stages.items()} == {
        "proposal": 1, "negotiation": 1, "-": 1, "total": 3,
    }  # fmt: skip
    rivals = figures_of(scope, "loss-reasons", "competitors")
    assert {key: line["price"] for key, line in rivals.items()} == {
        "bolt": 2,
        "acme": 0,
        "total": 2,
    }
    quarters = figures_of(scope, "loss-reasons", "quarters")
    assert {key: line["lost"] for key, line in quarters.items()} == {
        "2026-Q1": 1, "2026-Q2": 2, "2026-Q3": 0, "2026-Q4": 0, "total": 3,
    }  # fmt: skip


# --- Sources ------------------------------------------------------------------------------------

COSTS = "costs: {website: {2026: 365}, trade show: {2026-03: 100, 2025: 9}, partner: {2025: 8}}\n"


def test_a_source_costs_the_part_of_its_days_in_the_period(ask: Ask) -> None:
    def came(source: str, day: str, deal: str = "") -> str:
        stage = "won" if deal else "proposal"
        return f"stage: {stage}\nsource: {source}\ncreated: {day}{deal}"

    deal = "\ndeal: {date: 2026-02-01, amount: 124 CNY}"
    scope = ask(
        Period(date(2026, 1, 1), date(2026, 1, 31)),
        settings=COSTS,
        a=came("website", "2026-01-01", deal),
        b=came("website", "2026-01-31"),
        c=came("website", "2026-02-01", deal),
        d=came("referral", "2026-01-02"),
    )
    assert figures_of(scope, "sources", "sources")["website"] == {
        "customers": 2, "offers": 0, "won": 1, "won_share": 0.5, "amount": {"CNY": 124},
        "cycle": (31, 31, 31),
    }  # fmt: skip
    costs = {
        "cost": {"CNY": 31}, "per_customer": {"CNY": 15.5}, "per_won": {"CNY": 31}, "return": 4,
    }  # fmt: skip
    # The referral cost nothing, so it does not share in the cost.
    assert figures_of(scope, "sources", "costs") == {"website": costs, "total": costs}


def test_a_source_that_brought_nobody_costs_all_the_same(ask: Ask) -> None:
    found = figures_of(ask(settings=COSTS), "sources", "costs")
    assert list(found) == ["trade-show", "website", "total"]
    assert found["trade-show"] == {
        "cost": {"CNY": 100}, "per_customer": None, "per_won": None, "return": 0,
    }  # fmt: skip
    # 328 of the 365 days of 2026 have passed.
    assert found["website"]["cost"] == {"CNY": 328}


def test_costs_are_nobody_s_own(ask: Ask) -> None:
    scope = ask(owner="Li", settings=COSTS, a="stage: proposal\nsource: website")
    assert [table.key for table in all_measures()["sources"].tables(scope)] == ["sources"]
    assert notes(scope, "sources", "sources")[-1].startswith("Costs are the team's")
