"""Every figure of sales equals what a query of its own, over the tables of tracker sql, gives."""

from __future__ import annotations

import random
import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.insight.measures.sales_in_sql import Numbers
from tests.insight.measures.sales_workspaces import TODAY, former_owners, write_workspace
from tracker.insight.activity import activity_of
from tracker.insight.measure import Figure, Scope, Spread
from tracker.insight.measure_registry import all_measures
from tracker.insight.sums import Sums
from tracker.periods import Period, month_of, year_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.insight.day import Day

EVER = Period(date(2024, 1, 1), TODAY)
QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
YEAR = year_of(TODAY).until(TODAY)
ASKED = {
    "ever": (EVER, None),
    "year": (YEAR, None),
    "quarter": (QUARTER, None),
    "day": (Period(TODAY, TODAY), None),
    "one's": (YEAR, "Li"),
    "nobody's": (YEAR, "Nobody"),
}


class Shown:
    """A table of a measure, by line and column."""

    def __init__(self, scope: Scope, code: str, key: str) -> None:
        tables = {table.key: table for table in all_measures()[code].tables(scope)}
        table = tables[key]
        names = [column.key for column in table.columns]
        lines = [*table.lines, *([table.total] if table.total else [])]
        self.lines = {line.key: dict(zip(names, line.figures, strict=True)) for line in lines}
        self.columns = names

    def figures(self, column: str) -> dict[str, Figure]:
        return {key: figures[column] for key, figures in self.lines.items()}

    def counts(self, column: str, expected: dict[str, Any]) -> None:
        """Hold a column of counts to those of SQL; a line that SQL does not have is 0."""
        assert set(expected) <= {*self.lines, "total"}, column
        for key, figure in self.figures(column).items():
            assert figure.value == (expected.get(key) or 0), (column, key)
            assert figure.n == figure.value == len(figure.cases)

    def shares(self, column: str, expected: dict[str, Any]) -> None:
        """Hold a column of shares to part and whole."""
        for key, figure in self.figures(column).items():
            part, whole = expected.get(key) or (0, 0)
            assert figure.n == whole, (column, key)
            assert figure.value == (Fraction(part or 0, whole) if whole else None), (column, key)
            assert len(figure.cases) == (part or 0)

    def money(self, column: str, expected: dict[str, Any]) -> None:
        """Hold a column of amounts to sums by currency and the number of amounts."""
        for key, figure in self.figures(column).items():
            amounts, count = expected.get(key, ({}, 0))
            assert isinstance(figure.value, Sums), (column, key)
            found = {money.currency: float(money.amount) for money in figure.value.amounts}
            assert found == pytest.approx(amounts, abs=0.01), (column, key)
            assert figure.n == count == len(figure.cases), (column, key)
            assert (figure.value.total is None) == ("EUR" in amounts)
            if figure.value.total:
                total = sum({"CNY": 1, "USD": 7}[code] * amounts[code] for code in amounts)
                assert float(figure.value.total.amount) == pytest.approx(total, abs=0.51)

    def spreads(self, column: str, expected: dict[str, Any]) -> None:
        """Hold a column of medians to lower quartile, median, upper quartile and n."""
        for key, figure in self.figures(column).items():
            spread, count = expected.get(key, (None, 0))
            assert figure.n == count == len(figure.cases), (column, key)
            if spread is None:
                assert figure.value is None, (column, key)
            else:
                assert isinstance(figure.value, Spread)
                found = (figure.value.lower, figure.value.median, figure.value.upper)
                assert found == pytest.approx(spread), (column, key)


# --- What each measure is held to ---------------------------------------------------------------


def pipeline(scope: Scope, sql: Numbers) -> None:
    shown = Shown(scope, "pipeline", "stages")
    shown.counts("customers", sql.by_key("stage_id", "count(*)", "expected"))
    shown.money("amount", sql.money("stage_id", "value", "currency", "expected"))
    shown.money("weighted", sql.money("stage_id", "value * probability", "currency", "expected"))
    undated = sql.by_key("stage_id", "sum(expected_close IS NULL), count(*)", "expected")
    shown.shares("undated", undated)


WON = "outcomes WHERE kind = 'won'"


def forecast(scope: Scope, sql: Numbers) -> None:
    shown = Shown(scope, "forecast", "months")
    months = [f"2026-{month}" for month in (11, 12)] + [f"2027-0{month}" for month in (1, 2, 3, 4)]
    assert list(shown.lines) == ["slipped", *months, "later", "none", "total"]
    shown.counts("customers", sql.by_key("bucket", "count(*)", "expected"))
    shown.money("amount", sql.money("bucket", "value", "currency", "expected"))
    shown.money("weighted", sql.money("bucket", "value * probability", "currency", "expected"))
    sure = "expected WHERE probability >= 0.5"
    shown.money("commit", sql.money("bucket", "value", "currency", sure))
    if sql.rows("SELECT 1 FROM odds WHERE closed >= 20"):
        shown.money("outcome", sql.money("bucket", "value * chance", "currency", "expected"))
    else:
        assert {figure.value for figure in shown.figures("outcome").values()} == {None}
    won = shown.figures("won")
    assert [key for key, figure in won.items() if figure.value is not None] == ["2026-11"]
    month = Numbers(replace(scope, period=month_of(TODAY)))
    shown.lines = {"2026-11": shown.lines["2026-11"]}
    shown.money("won", month.money("substr(day, 1, 7)", "amount", "currency", WON))


def stage_odds(scope: Scope, sql: Numbers) -> None:
    shown = Shown(scope, "stage-odds", "stages")
    observed = {stage: (won, closed) for stage, closed, won in sql.rows(
        "SELECT stage, closed, won FROM odds"
    )}  # fmt: skip
    shown.shares("observed", observed)
    for stage, probability in sql.rows("SELECT stage, probability FROM odds"):
        assert float(shown.lines[stage]["probability"].value) == probability  # type: ignore[arg-type]  # the values fit the parameters
    shown.counts("customers", sql.by_key("stage_id", "count(*)", "expected"))
    weighed = sql.money("stage_id", "value * chance", "currency", "expected")
    used = {stage for stage, (_won, closed) in observed.items() if closed >= 20}
    for key, figure in shown.figures("outcome").items():
        assert (figure.value is not None) == (key in used or (key == "total" and bool(used)))
        if isinstance(figure.value, Sums):
            found = {money.currency: float(money.amount) for money in figure.value.amounts}
            assert found == pytest.approx(weighed.get(key, ({}, 0))[0], abs=0.01)


STEPS = """
WITH steps AS (
  SELECT id AS key, row_number() OVER (ORDER BY position) - 1 AS step, id AS stage
  FROM stages WHERE kind = 'open'
  UNION ALL
  SELECT 'won', (SELECT count(*) FROM stages WHERE kind = 'open'), id
  FROM stages WHERE kind = 'won'
),
ways AS (
  SELECT DISTINCT c.id, c.stage_kind, s.key, s.step FROM cohort c
  JOIN reached r ON r.customer = c.id JOIN steps s ON s.stage = r.stage
),
far AS (SELECT *, max(step) OVER (PARTITION BY id) AS furthest FROM ways),
through AS (
  SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY step) - 1 AS gapless
  FROM far) WHERE step = gapless
)
"""


def funnel(scope: Scope, sql: Numbers) -> None:
    shown = Shown(scope, "funnel", "stages")
    ((size,),) = sql.rows("SELECT count(*) FROM cohort")
    any_time = {
        key: (count, further, lost)
        for key, count, further, lost in sql.rows(
            f"{STEPS} SELECT key, count(*), sum(furthest > step), "  # noqa: S608  # names and queries are ours
            "sum(furthest = step AND stage_kind = 'lost') FROM far GROUP BY key"
        )
    }
    shown.counts("any", {key: count for key, (count, _further, _lost) in any_time.items()})
    shown.shares("all", {
        key: (any_time.get(key, (0,))[0], size) for key in shown.lines
    })  # fmt: skip
    shown.shares("lost", {key: (lost, count) for key, (count, _, lost) in any_time.items()})
    further = {key: (more, count) for key, (count, more, _) in any_time.items() if key != "won"}
    shown.shares("further", further)
    through = {
        key: (count, onward)
        for key, count, onward in sql.rows(
            f"{STEPS} SELECT a.key, count(*), count(b.id) FROM through a LEFT JOIN through b "  # noqa: S608  # names and queries are ours
            "ON b.id = a.id AND b.step = a.step + 1 GROUP BY a.key"
        )
    }
    shown.counts("through", {key: count for key, (count, _) in through.items()})
    steps = {key: (onward, count) for key, (count, onward) in through.items() if key != "won"}
    shown.shares("next", steps)


def time_in_stage(scope: Scope, sql: Numbers) -> None:
    shown = Shown(scope, "time-in-stage", "stages")
    source = (
        "finished f JOIN owned o ON o.customer = f.customer "
        "AND f.until BETWEEN o.since AND o.until, asked "
        "WHERE f.until BETWEEN asked.first AND asked.last"
    )
    shown.spreads("finished", sql.quartiles("f.stage", "f.days", source))
    shown.spreads("running", sql.quartiles("stage", "days", "running"))


def aging(scope: Scope, sql: Numbers) -> None:
    shown = Shown(scope, "aging", "stages")
    shown.counts("customers", sql.by_key("stage", "count(*)", "running"))
    shown.spreads("days", sql.quartiles("stage", "days", "running"))
    left = sql.quartiles("stage", "days", "finished")
    shown.spreads("left", left)
    for key, figure in shown.figures("longer").items():
        (spread, count) = left.get(key, (None, 0))
        if count < 5:
            assert figure.value is None
            continue
        ((part, whole),) = sql.rows(
            f"SELECT coalesce(sum(days > {spread[1]}), 0), count(*) FROM running "  # noqa: S608  # names and queries are ours
            f"WHERE stage = '{key}'"
        )
        assert figure.value == (Fraction(int(part), whole) if whole else None)
    shown = Shown(scope, "aging", "ages")
    age = (
        "CASE WHEN days <= 30 THEN '0-30' WHEN days <= 60 THEN '31-60' WHEN days <= 90 THEN "
        "'61-90' WHEN days <= 180 THEN '91-180' ELSE '181-' END"
    )
    shown.counts("customers", sql.by_key(age, "count(*)", "running"))
    shown.money("amount", sql.money(age, "value", "currency", "running"))


FIRST_WON = """(
  SELECT o.owner, c.source_id, c.level_id, c.id, w.day,
         julianday(w.day) - julianday(came.day) AS days
  FROM (SELECT customer, min(day) AS day FROM happened WHERE kind = 'won' GROUP BY customer) w
  JOIN came ON came.customer = w.customer JOIN customers c ON c.id = w.customer
  JOIN owned o ON o.customer = w.customer AND w.day BETWEEN o.since AND o.until
) w, asked WHERE w.day BETWEEN asked.first AND asked.last AND days >= 0"""


def cycle(scope: Scope, sql: Numbers) -> None:
    for table, key in (("levels", "level_id"), ("sources", "source_id"), ("owners", "w.owner")):
        shown = Shown(scope, "cycle", table)
        shown.spreads("days", sql.quartiles(key, "days", FIRST_WON))


def _decided(shown: Shown, sql: Numbers, key: str, source: str = "outcomes") -> None:
    shown.counts("won", sql.by_key(key, "sum(kind = 'won')", source))
    shown.counts("lost", sql.by_key(key, "sum(kind = 'lost')", source))
    shown.shares("rate", sql.by_key(key, "sum(kind = 'won'), count(*)", source))
    won = sql.money(key, "CASE kind WHEN 'won' THEN amount END", "currency", source)
    lost = sql.money(key, "CASE kind WHEN 'lost' THEN amount END", "currency", source)
    shown.money("won_amount", won)
    shown.money("lost_amount", lost)
    for line, figure in shown.figures("amount_rate").items():
        gained, missed = (part.get(line, ({}, 0)) for part in (won, lost))
        assert figure.n == gained[1] + missed[1]
        sums = [sum({"USD": 7}.get(code, 1) * amount for code, amount in part[0].items())
                for part in (gained, missed)]  # fmt: skip
        if "EUR" in {**gained[0], **missed[0]} or not sum(sums):
            assert figure.value is None
        else:
            assert float(figure.value) == pytest.approx(sums[0] / sum(sums))  # type: ignore[arg-type]  # the values fit the parameters


PRODUCTS = """(
  SELECT DISTINCT o.*, lower(p.product) AS product FROM outcomes o
  LEFT JOIN (SELECT DISTINCT customer, product FROM offers WHERE product IS NOT NULL) p
  ON p.customer = o.customer
)"""


def win_rate(scope: Scope, sql: Numbers) -> None:
    _decided(Shown(scope, "win-rate", "owners"), sql, "owner")
    _decided(Shown(scope, "win-rate", "sources"), sql, "source_id")
    _decided(Shown(scope, "win-rate", "levels"), sql, "level_id")
    _decided(Shown(scope, "win-rate", "months"), sql, "substr(day, 1, 7)")
    products = Shown(scope, "win-rate", "products")
    # A customer with several products counts for each, so only the total is that of the others.
    del products.lines["total"]
    _decided(products, sql, "product", PRODUCTS)


def loss_reasons(scope: Scope, sql: Numbers) -> None:
    source = (
        "(SELECT o.*, l.reason_id AS reason, CASE WHEN l.competitor IN "
        "('Acme', 'ACME', 'ａｃｍｅ') THEN 'acme' ELSE lower(l.competitor) END AS rival "
        "FROM outcomes o "
        "LEFT JOIN losses l ON l.customer = o.customer WHERE o.kind = 'lost')"
    )
    shown = Shown(scope, "loss-reasons", "reasons")
    shown.counts("lost", sql.by_key("reason", "count(*)", source))
    ((size,),) = sql.rows(f"SELECT count(*) FROM {source}")  # noqa: S608  # names and queries are ours
    parts = sql.by_key("reason", "count(*)", source)
    shown.shares("share", {key: (count, size) for key, count in parts.items()})
    shown.money("amount", sql.money("reason", "amount", "currency", source))
    quarter = "substr(day, 1, 4) || '-Q' || ((substr(day, 6, 2) + 2) / 3)"
    for table, key in (
        ("stages", "before"), ("sources", "source_id"), ("competitors", "rival"),
        ("owners", "owner"), ("quarters", quarter),
    ):  # fmt: skip
        shown = Shown(scope, "loss-reasons", table)
        shown.counts("lost", sql.by_key(key, "count(*)", source))
        for reason in shown.columns[1:]:
            what = f"sum(coalesce(reason, '-') = '{reason}')"
            shown.counts(reason, sql.by_key(key, what, source))


COSTS = """(
  WITH costs(source, first, last, amount, currency) AS (VALUES
    ('trade-show', '2026-03-01', '2026-03-31', 9000, 'CNY'),
    ('trade-show', '2026-01-01', '2026-12-31', 36500, 'CNY'),
    ('website', '2025-10-01', '2025-12-31', 1000, 'USD'),
    ('website', '2026-09-01', '2026-09-10', 70, 'CNY'),
    ('partner', '2026-01-01', '2026-12-31', 365, 'EUR')
  )
  SELECT source, currency, amount * (julianday(min(last, asked_last)) -
    julianday(max(first, asked_first)) + 1) / (julianday(last) - julianday(first) + 1) AS amount
  FROM costs, (SELECT first AS asked_first, min(last, today) AS asked_last FROM asked)
  WHERE min(last, asked_last) >= max(first, asked_first)
)"""

YIELD = """(
  SELECT c.source_id, c.id, julianday(w.day) - julianday(c.day) AS days, w.day IS NOT NULL AS won,
    CASE WHEN w.day IS NULL THEN NULL WHEN d.amount IS NOT NULL THEN d.amount ELSE c.value END
      AS amount,
    CASE WHEN d.amount IS NOT NULL THEN d.currency ELSE c.currency END AS currency,
    EXISTS (SELECT 1 FROM offers o, asked WHERE o.customer = c.id AND
      (o.date IS NULL OR o.date <= asked.today)) AS offered
  FROM cohort c LEFT JOIN deals d ON d.customer = c.id
  LEFT JOIN (SELECT customer, min(day) AS day FROM happened WHERE kind = 'won' GROUP BY customer) w
    ON w.customer = c.id
)"""


def sources(scope: Scope, sql: Numbers) -> None:
    shown = Shown(scope, "sources", "sources")
    shown.counts("customers", sql.by_key("source_id", "count(*)", YIELD))
    shown.counts("offers", sql.by_key("source_id", "sum(offered)", YIELD))
    shown.counts("won", sql.by_key("source_id", "sum(won)", YIELD))
    shown.shares("won_share", sql.by_key("source_id", "sum(won), count(*)", YIELD))
    gained = sql.money("source_id", "amount", "currency", YIELD)
    shown.money("amount", gained)
    shown.spreads("cycle", sql.quartiles("source_id", "days", f"{YIELD} WHERE days >= 0"))
    spent = sql.money("source", "amount", "currency", COSTS)
    if scope.owner is not None or not spent:
        assert len(all_measures()["sources"].tables(scope)) == 1
        return
    shown = Shown(scope, "sources", "costs")
    assert set(shown.lines) == set(spent)
    numbers = sql.by_key("source_id", "count(*), sum(won)", YIELD)
    # The total is that of the sources that cost something.
    costly = f"{YIELD} WHERE source_id IN (SELECT source FROM {COSTS})"  # noqa: S608  # names and queries are ours
    gained["total"] = sql.money("source_id", "amount", "currency", costly).get("total", ({}, 0))
    numbers["total"] = sql.by_key("source_id", "count(*), sum(won)", costly)["total"]
    for key, figures in shown.lines.items():
        cost = spent.get(key, ({}, 0))[0]
        customers, won = numbers.get(key) or (0, 0)
        for column, count in (("cost", 1), ("per_customer", customers), ("per_won", won or 0)):
            value = figures[column].value
            if not cost or not count:
                assert value is None, (column, key)
                continue
            assert isinstance(value, Sums)
            found = {money.currency: float(money.amount) for money in value.amounts}
            each = {code: amount / count for code, amount in cost.items()}
            assert found == pytest.approx(each, abs=0.01), (column, key)
        income = gained.get(key, ({}, 0))[0]
        value = figures["return"].value
        if not cost or "EUR" in {**cost, **income}:
            assert value is None
        else:
            sums = [sum({"USD": 7}.get(code, 1) * amount for code, amount in part.items())
                    for part in (income, cost)]  # fmt: skip
            assert float(value) == pytest.approx(sums[0] / sums[1])  # type: ignore[arg-type]  # the values fit the parameters


CHECKS: dict[str, Callable[[Scope, Numbers], None]] = {
    check.__name__: check
    for check in (
        pipeline, forecast, stage_odds, funnel, time_in_stage, aging, cycle, win_rate,
        loss_reasons, sources,
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Day:
    folder = tmp_path_factory.mktemp("sales") / "workspace"
    return write_workspace(folder, random.Random(6), 300)  # noqa: S311  # made-up data, not secrets


@pytest.fixture(scope="module", params=ASKED)
def asked(request: pytest.FixtureRequest, large: Day) -> tuple[Scope, Numbers]:
    period, owner = ASKED[request.param]
    scope = Scope(large, period, owner, former_owners(large, random.Random(7)))  # noqa: S311  # made-up data, not secrets
    return scope, Numbers(scope)


@pytest.mark.parametrize("name", CHECKS)
def test_figures_of_a_large_workspace(name: str, asked: tuple[Scope, Numbers]) -> None:
    CHECKS[name](*asked)


@settings(max_examples=25)
@given(st.integers(0, 9), st.integers(), st.sampled_from(list(ASKED)))
def test_figures_of_small_workspaces(customers: int, seed: int, asked: str) -> None:
    period, owner = ASKED[asked]
    with tempfile.TemporaryDirectory() as folder:
        chance = random.Random(seed)  # noqa: S311  # made-up data, not secrets
        day = write_workspace(Path(folder) / "w", chance, customers)
    scope = Scope(day, period, owner, former_owners(day, chance))
    numbers = Numbers(scope)
    for check in CHECKS.values():
        check(scope, numbers)


def test_won_and_lost_are_those_of_the_activity(large: Day) -> None:
    part = activity_of(large).within(YEAR)
    total = Shown(Scope(large, YEAR), "win-rate", "owners").lines["total"]
    assert total["won"].value == len(part.won) > 0
    assert total["lost"].value == len(part.lost) > 0
    assert {case.standing.customer.path for case in total["won"].cases} == {
        event.standing.customer.path for event in part.won
    }
