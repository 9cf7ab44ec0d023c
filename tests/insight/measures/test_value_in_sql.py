"""Levels by stages, customer value and outlook, beside the same asked in SQL of the tables."""

# ruff: noqa: S608  # the queries are put together of parts that stand here

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.insight.measures.busy_workspaces import (
    TODAY,
    Workspace,
    figures_of,
    rows,
    table_of,
    write_workspace,
)
from tracker.periods import Period

if TYPE_CHECKING:
    from tracker.insight.measure import Scope

YEAR = Period(TODAY - timedelta(days=364), TODAY)


@pytest.fixture(scope="module", params=range(10, 13))
def workspace(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    return write_workspace(tmp_path_factory.mktemp("valued"), request.param, 60)


@pytest.fixture(params=[None, "Li"], ids=["team", "Li"])
def scope(request: pytest.FixtureRequest, workspace: Workspace) -> Scope:
    return workspace.scope(YEAR, request.param)


AMOUNTS = """\
amounts AS (
  SELECT c.id, c.name, c.owner, c.level_id, c.stage_id, c.stage_kind, c.idle_days,
         coalesce(d.amount, c.value) AS amount,
         CASE WHEN d.amount IS NULL THEN c.currency ELSE d.currency END AS currency
  FROM customers c LEFT JOIN deals d ON d.customer = c.id
)"""


@pytest.mark.parametrize("table", ["customers", "amounts"])
def test_levels_by_stages(workspace: Workspace, scope: Scope, table: str) -> None:
    sql = f"""
        WITH {AMOUNTS}
        SELECT coalesce(level_id, '-') AS level, stage_id AS stage, currency,
               count(*) AS customers, sum(amount) AS amount
        FROM amounts WHERE :owner IS NULL OR owner = :owner GROUP BY 1, 2, 3"""
    counts = table == "customers"
    found = figures_of(scope, "level-by-stage", table)
    expected: dict[str, dict[str, Any]] = {
        line: {column: 0 if counts else {} for column in figures} for line, figures in found.items()
    }
    for row in rows(workspace, sql, owner=scope.owner):
        for line in (row["level"], "total"):
            for column in (row["stage"], "total"):
                if counts:
                    expected[line][column] += row["customers"]
                elif row["amount"] is not None:
                    sums = expected[line][column]
                    sums[row["currency"]] = sums.get(row["currency"], 0) + row["amount"]
    assert found == expected


# --- Customer value -------------------------------------------------------------------------------


def _score(number: str) -> str:
    """Return the SQL of the score of a column: 1, and 1 for each quartile that it is above."""
    return f"""
        CASE WHEN {number} IS NULL THEN NULL ELSE 1 + (
          SELECT count(*) FROM (
            SELECT sum(CASE WHEN place = lo THEN v * (4 - part) WHEN place = lo + 1 THEN v * part
                       ELSE 0 END) AS cut
            FROM (
              SELECT v, place, q, (n - 1) * q / 4 AS lo, (n - 1) * q % 4 AS part
              FROM (SELECT {number} AS v, row_number() OVER (ORDER BY {number}) - 1 AS place,
                           count(*) OVER () AS n
                    FROM valued WHERE {number} IS NOT NULL)
              CROSS JOIN (SELECT 1 AS q UNION SELECT 2 UNION SELECT 3)
            ) GROUP BY q
          ) WHERE 4 * outside.{number} > cut
        ) END"""


VALUED = f"""\
WITH {AMOUNTS}, valued AS (
  SELECT a.id, a.owner, a.level_id, a.stage_kind, a.idle_days AS idle,
         -a.idle_days AS recency,
         (SELECT count(*) FROM followups f
          WHERE f.customer = a.id AND f.date > date(:today, '-365 days') AND f.date <= :today)
           AS frequency,
         a.amount * r.rate AS amount
  FROM amounts a LEFT JOIN rates r USING (currency)
  WHERE a.stage_kind IN ('open', 'won')
), scored AS (
  SELECT id, owner, level_id, stage_kind, idle, frequency AS followups,
         {_score("recency")} AS recency, {_score("frequency")} AS frequency,
         {_score("amount")} AS amount, {_score("idle")} AS quietness
  FROM valued AS outside
), mine AS (SELECT * FROM scored WHERE :owner IS NULL OR owner = :owner)"""


def test_mean_scores_by_level(workspace: Workspace, scope: Scope) -> None:
    sql = """
        SELECT {key} AS key, count(*) AS customers, avg(recency) AS recency,
               avg(frequency) AS frequency, avg(amount) AS amount
        FROM mine {group}"""
    found = figures_of(scope, "customer-value", "levels")
    expected = {}
    for query in (
        sql.format(key="coalesce(level_id, '-')", group="GROUP BY level_id"),
        sql.format(key="'total'", group=""),
    ):
        for row in rows(workspace, VALUED + query, today=TODAY, owner=scope.owner):
            line = dict(row)
            expected[line.pop("key")] = pytest.approx(line)
    assert {line: found[line] for line in expected} == expected
    assert all(found[line]["customers"] == 0 for line in set(found) - set(expected))


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ("neglected", "level_id = 'a' AND (quietness = 4 OR followups = 0)"),
        ("buying", "level_id = 'c' AND stage_kind = 'won' AND amount >= 3"),
    ],
)
def test_where_level_and_value_disagree(
    workspace: Workspace, scope: Scope, table: str, condition: str
) -> None:
    sql = f"SELECT * FROM mine WHERE {condition}"
    expected = {
        row["id"]: {
            "idle_days": row["idle"],
            "followups": row["followups"],
            "recency": row["recency"],
            "frequency": row["frequency"],
            "amount": row["amount"],
        }
        for row in rows(workspace, f"{VALUED} {sql}", today=TODAY, owner=scope.owner)
    }
    found = figures_of(scope, "customer-value", table)
    total = found.pop("total", {"followups": 0})
    for figures in found.values():
        figures.pop("value")
    assert found == expected
    assert total["followups"] == sum(line["followups"] for line in expected.values())


# --- Outlook --------------------------------------------------------------------------------------

QUARTERS = """\
WITH RECURSIVE begun(day) AS (
  SELECT min(day) FROM (
    SELECT min(date) AS day FROM followups
    UNION ALL SELECT min(created) FROM customers
    UNION ALL SELECT min(day) FROM won
  )
), first_quarter(day) AS (
  SELECT CASE WHEN strftime('%m-%d', day) IN ('01-01', '04-01', '07-01', '10-01') THEN day
         ELSE date(day, 'start of month',
                   (3 - (CAST(strftime('%m', day) AS INTEGER) - 1) % 3) || ' months') END
  FROM begun
), quarters(place, first, last) AS (
  SELECT 0, day, date(day, '+3 months', '-1 day') FROM first_quarter
  UNION ALL
  SELECT place + 1, date(first, '+3 months'), date(first, '+6 months', '-1 day') FROM quarters
  WHERE date(first, '+6 months', '-1 day') < :today
), last_won AS (
  SELECT q.place, w.customer, max(w.day) AS day
  FROM quarters q JOIN won w ON w.day BETWEEN q.first AND q.last GROUP BY 1, 2
), series AS (
  SELECT q.place, q.first,
         (SELECT count(*) FROM last_won l WHERE l.place = q.place AND (:owner IS NULL OR :owner = (
            SELECT o.owner FROM ownership o WHERE o.customer = l.customer AND o.since <= l.day
            ORDER BY o.since DESC LIMIT 1))) AS deals,
         (SELECT coalesce(sum(a.amount * r.rate), 0) FROM last_won l
          JOIN amounts a ON a.id = l.customer JOIN rates r ON r.currency = a.currency
          WHERE l.place = q.place AND (:owner IS NULL OR :owner = (
            SELECT o.owner FROM ownership o WHERE o.customer = l.customer AND o.since <= l.day
            ORDER BY o.since DESC LIMIT 1))) AS amount
  FROM quarters q
), targets AS (
  SELECT place, {number} AS actual FROM series
  UNION ALL SELECT max(place) + 2, NULL FROM series
), forecasts AS (
  SELECT t.place, t.actual,
         (SELECT avg({number}) FROM series s
          WHERE s.place BETWEEN t.place - 5 AND t.place - 2) AS mean,
         (SELECT {number} FROM series s WHERE s.place = t.place - 4) AS season,
         (SELECT max(0, avg({number}) + (t.place - avg(place))
                     * (avg({number} * place) - avg({number}) * avg(place))
                     / (avg(place * place) - avg(place) * avg(place)))
          FROM series s WHERE s.place BETWEEN t.place - 9 AND t.place - 2) AS line
  FROM targets t WHERE t.place >= 5
)
SELECT (SELECT count(*) FROM series) AS quarters,
       count(actual) AS tests, avg(actual) AS actual,
       avg(abs(mean - actual)) AS mean_error, avg(abs(season - actual)) AS season_error,
       avg(abs(line - actual)) AS line_error,
       max(CASE WHEN actual IS NULL THEN mean END) AS mean,
       max(CASE WHEN actual IS NULL THEN season END) AS season,
       max(CASE WHEN actual IS NULL THEN line END) AS line
FROM forecasts"""

WON = f"""\
CREATE TEMP VIEW won AS
WITH history AS (
  SELECT s.customer,
         CASE WHEN s.source = 'record' THEN s.date ELSE coalesce(d.date, s.date) END AS day
  FROM stage_changes s LEFT JOIN deals d ON d.customer = s.customer
  WHERE s.new_kind = 'won' AND s.old_kind IS NOT 'won'
  UNION ALL
  SELECT c.id, d.date FROM customers c JOIN deals d ON d.customer = c.id
  WHERE c.stage_kind = 'won' AND d.date NOT NULL
    AND NOT EXISTS (SELECT 1 FROM stage_changes s WHERE s.customer = c.id)
)
SELECT * FROM history WHERE day <= '{TODAY}'"""


@pytest.mark.parametrize("number", ["deals", "amount"])
def test_outlook(workspace: Workspace, scope: Scope, number: str) -> None:
    tables = workspace.tables
    tables.execute("DROP VIEW IF EXISTS won")
    tables.execute("DROP VIEW IF EXISTS amounts")
    tables.execute(WON)
    tables.execute(f"CREATE TEMP VIEW amounts AS WITH {AMOUNTS} SELECT * FROM amounts")
    sql = QUARTERS.format(number=number)
    (row,) = rows(workspace, sql, today=TODAY, owner=scope.owner)
    methods = {name: row[f"{name}_error"] for name in ("mean", "season", "line")}
    best = min(methods, key=lambda name: (round(methods[name], 6), list(methods).index(name)))
    table = table_of(scope, "outlook", "next")
    found = figures_of(scope, "outlook", "next")["2027-Q1"]
    assert row["tests"] >= 4
    assert {figure.n for figure in table.lines[0].figures} == {row["tests"]}
    assert len(table_of(scope, "outlook", "quarters").lines) == row["quarters"]
    errors = figures_of(scope, "outlook", "methods")
    if number == "deals":
        assert found["deals"] == pytest.approx(row[best])
        assert found["deals_error"] == pytest.approx(methods[best])
        assert {name: each["deals_error"] for name, each in errors.items()} == pytest.approx(
            methods
        )
    else:
        assert found["amount"]["CNY"] == pytest.approx(row[best], abs=1)
        assert found["amount_error"]["CNY"] == pytest.approx(methods[best], abs=1)
        assert found["error"] == pytest.approx(methods[best] / row["actual"])
        assert {name: each["amount_error"]["CNY"] for name, each in errors.items()} == {
            name: pytest.approx(error, abs=1) for name, error in methods.items()
        }
