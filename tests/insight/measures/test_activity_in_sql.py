"""The measures of what is done, each figure beside the same asked in SQL of the tables."""

# ruff: noqa: S608  # the queries are put together of parts that stand here

from __future__ import annotations

from datetime import date, timedelta
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
from tracker.insight.activity import activity_of
from tracker.insight.measure import Kind
from tracker.insight.measure_lines import week_key
from tracker.insight.measure_registry import all_measures
from tracker.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.insight.measure import Scope

Figures = dict[str, dict[str, Any]]

ASKED = (
    (Period(TODAY - timedelta(days=364), TODAY), None),
    (Period(date(2026, 7, 1), date(2026, 9, 30)), None),
    (Period(date(2025, 11, 3), TODAY), "Li"),
    (Period(date(2026, 10, 7), TODAY), "Han"),
)


@pytest.fixture(scope="module", params=range(3))
def workspace(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    return write_workspace(tmp_path_factory.mktemp("busy"), request.param)


@pytest.fixture(params=ASKED, ids=["year", "quarter", "Li", "Han"])
def scope(request: pytest.FixtureRequest, workspace: Workspace) -> Scope:
    return workspace.scope(*request.param)


def ask(workspace: Workspace, scope: Scope, sql: str) -> list[Any]:
    """Return the rows of a query that knows `:first`, `:last`, `:today` and `:owner`."""
    return list(
        rows(
            workspace,
            sql,
            first=scope.period.first,
            last=scope.period.last,
            today=TODAY,
            owner=scope.owner,
        )
    )


def keyed(found: Iterable[Any]) -> Figures:
    """Return rows by their column `key`, or by `total` where that is NULL."""
    lines = {}
    for row in found:
        line = dict(row)
        lines[line.pop("key") or "total"] = line
    return lines


def merged(*parts: Figures) -> Figures:
    """Return lines with the columns of several queries; what a query has not is 0."""
    columns = {column for part in parts for line in part.values() for column in line}
    keys = {key for part in parts for key in part} | {"total"}
    return {
        key: dict.fromkeys(columns, 0)
        | {c: v for part in parts for c, v in part.get(key, {}).items()}
        for key in keys
    }


OWNER_ON = """\
(SELECT o.owner FROM ownership o WHERE o.customer = {customer} AND o.since <= {day}
 ORDER BY o.since DESC LIMIT 1)"""

NEW = f"""\
new AS (
  SELECT id AS customer, day, {OWNER_ON.format(customer="id", day="day")} AS owner
  FROM (
    SELECT id, coalesce(created, (SELECT min(date) FROM followups WHERE customer = customers.id))
             AS day
    FROM customers
  )
  WHERE day BETWEEN :first AND :last
)"""

REACHED = """\
reached AS (
  SELECT s.customer, s.new_kind AS kind,
         CASE WHEN s.source = 'record' THEN s.date
              ELSE coalesce(CASE s.new_kind WHEN 'won' THEN d.date ELSE l.date END, s.date)
         END AS day
  FROM stage_changes s
  LEFT JOIN deals d ON d.customer = s.customer
  LEFT JOIN losses l ON l.customer = s.customer
  WHERE s.new_kind IN ('won', 'lost') AND s.old_kind IS NOT s.new_kind
  UNION ALL
  SELECT c.id, c.stage_kind, CASE c.stage_kind WHEN 'won' THEN d.date ELSE l.date END
  FROM customers c
  LEFT JOIN deals d ON d.customer = c.id
  LEFT JOIN losses l ON l.customer = c.id
  WHERE c.stage_kind IN ('won', 'lost')
    AND NOT EXISTS (SELECT 1 FROM stage_changes WHERE customer = c.id)
)"""
"""Every time that a customer came into a won or a lost stage from one that is not."""

MINE = "(:owner IS NULL OR {who} = :owner)"


# --- Activity -------------------------------------------------------------------------------------


def test_activity_by_person(workspace: Workspace, scope: Scope) -> None:
    followups = """
        SELECT {key} AS key, count(*) AS followups, count(DISTINCT customer) AS touched
        FROM followups WHERE date BETWEEN :first AND :last AND {mine} {group}"""
    new = f"WITH {NEW} SELECT {{key}} AS key, count(*) AS new FROM new WHERE {{mine}} {{group}}"
    expected = merged(
        *(
            keyed(
                ask(workspace, scope, sql.format(key=key, group=group, mine=MINE.format(who=who)))
            )
            for sql, who in ((followups, "who"), (new, "owner"))
            for key, group in ((who, f"GROUP BY {who}"), ("NULL", ""))
        )
    )
    assert figures_of(scope, "activity", "people") == expected


def test_activity_by_method(workspace: Workspace, scope: Scope) -> None:
    sql = """
        SELECT {key} AS key, count(*) AS followups, count(DISTINCT customer) AS touched,
               count(*) * 1.0 / nullif((SELECT count(*) FROM mine), 0) AS share
        FROM mine {group}"""
    mine = f"""
        WITH mine AS (
          SELECT * FROM followups
          WHERE date BETWEEN :first AND :last AND {MINE.format(who="who")}
        )"""
    by_method = sql.format(key="coalesce(method_id, '-')", group="GROUP BY method_id")
    expected = keyed(ask(workspace, scope, mine + by_method))
    expected |= keyed(ask(workspace, scope, mine + sql.format(key="NULL", group="")))
    assert figures_of(scope, "activity", "methods") == expected


def test_activity_by_week(workspace: Workspace, scope: Scope) -> None:
    expected: Figures = {}
    sql = f"""
        WITH {NEW}
        SELECT (SELECT count(*) FROM followups f
                WHERE f.date BETWEEN max(:monday, :first) AND min(:sunday, :last)
                  AND {MINE.format(who="f.who")}) AS followups,
               (SELECT count(DISTINCT customer) FROM followups f
                WHERE f.date BETWEEN max(:monday, :first) AND min(:sunday, :last)
                  AND {MINE.format(who="f.who")}) AS touched,
               (SELECT count(*) FROM new
                WHERE day BETWEEN :monday AND :sunday AND {MINE.format(who="owner")}) AS new"""
    monday = scope.period.first - timedelta(days=scope.period.first.weekday())
    while monday <= scope.period.last:
        values = {
            "monday": monday,
            "sunday": monday + timedelta(days=6),
            "first": scope.period.first,
            "last": scope.period.last,
            "owner": scope.owner,
        }
        expected[week_key(monday)] = dict(rows(workspace, sql, **values)[0])
        monday += timedelta(weeks=1)
    assert figures_of(scope, "activity", "weeks") == expected


# --- Promises and plans ---------------------------------------------------------------------------

QUARTILES = """\
quartiles AS (
  SELECT key, count(*) AS n,
         sum(CASE WHEN place = lo1 THEN days * (1 - part1) ELSE 0 END
             + CASE WHEN place = lo1 + 1 THEN days * part1 ELSE 0 END) AS lower,
         sum(CASE WHEN place = lo2 THEN days * (1 - part2) ELSE 0 END
             + CASE WHEN place = lo2 + 1 THEN days * part2 ELSE 0 END) AS middle,
         sum(CASE WHEN place = lo3 THEN days * (1 - part3) ELSE 0 END
             + CASE WHEN place = lo3 + 1 THEN days * part3 ELSE 0 END) AS upper
  FROM (
    SELECT *, (n - 1) / 4 AS lo1, ((n - 1) % 4) / 4.0 AS part1,
           (n - 1) * 2 / 4 AS lo2, ((n - 1) * 2 % 4) / 4.0 AS part2,
           (n - 1) * 3 / 4 AS lo3, ((n - 1) * 3 % 4) / 4.0 AS part3
    FROM (
      SELECT key, days, row_number() OVER (PARTITION BY key ORDER BY days) - 1 AS place,
             count(*) OVER (PARTITION BY key) AS n
      FROM numbers
    )
  )
  GROUP BY key
)"""
"""Median and quartiles of `numbers` (key, days), interpolated between two neighbours."""


def spreads(workspace: Workspace, scope: Scope, numbers: str) -> dict[str, tuple[float, ...]]:
    """Return median and quartiles by key of a query that yields `key` and `days`."""
    found = ask(workspace, scope, f"{numbers}, {QUARTILES} SELECT * FROM quartiles")
    return {row["key"]: (row["lower"], row["middle"], row["upper"]) for row in found}


DUE = f"""\
WITH due AS (
  SELECT who, due, substr(due, 1, 7) AS month,
         CASE WHEN done AND done_on > due THEN 'late' WHEN done THEN 'kept'
              WHEN due < :today THEN 'missed' ELSE 'open' END AS fate,
         julianday(CASE WHEN done THEN done_on ELSE :today END) - julianday(due) AS late
  FROM commitments
  WHERE due BETWEEN :first AND :last AND {MINE.format(who="who")}
)"""

FATES = """\
SELECT {key} AS key,
       count(*) FILTER (WHERE fate = 'kept') AS kept, count(*) FILTER (WHERE fate = 'late') AS late,
       count(*) FILTER (WHERE fate = 'missed') AS missed,
       count(*) FILTER (WHERE fate = 'open') AS open,
       count(*) FILTER (WHERE fate = 'kept') * 1.0
         / nullif(count(*) FILTER (WHERE fate <> 'open'), 0) AS share
FROM due {group}"""


@pytest.mark.parametrize(("table", "key"), [("people", "who"), ("months", "month")])
def test_promise_keeping(workspace: Workspace, scope: Scope, table: str, key: str) -> None:
    expected = keyed(ask(workspace, scope, DUE + FATES.format(key=key, group=f"GROUP BY {key}")))
    if table == "people":
        expected |= keyed(ask(workspace, scope, DUE + FATES.format(key="NULL", group="")))
    late = spreads(
        workspace,
        scope,
        f"""{DUE}, numbers AS (
          SELECT {key} AS key, late AS days FROM due WHERE fate IN ('late', 'missed')
          UNION ALL SELECT 'total', late FROM due WHERE fate IN ('late', 'missed'))""",
    )
    found = figures_of(scope, "promise-keeping", table)
    for line, figures in expected.items():
        assert found[line] == figures | {"days_late": pytest.approx(late.get(line))}, line
    assert all(set(found[line].values()) <= {0, None} for line in set(found) - set(expected))


@pytest.mark.parametrize(("table", "key"), [("people", "who"), ("months", "month")])
def test_plan_keeping(workspace: Workspace, scope: Scope, table: str, key: str) -> None:
    fates = ("kept", "late", "moved", "ended", "overdue", "to_come")
    counts = ", ".join(f"count(*) FILTER (WHERE fate = '{fate}') AS {fate}" for fate in fates)
    sql = f"""
        WITH planned AS (
          SELECT p.who, substr(p.date, 1, 7) AS month,
                 CASE WHEN p.outcome <> 'standing' THEN p.outcome
                      WHEN c.stage_kind = 'lost' THEN NULL
                      WHEN p.date < :today THEN 'overdue' ELSE 'to_come' END AS fate
          FROM plans p JOIN customers c ON c.id = p.customer
          WHERE p.date BETWEEN :first AND :last AND {MINE.format(who="p.who")}
        )
        SELECT {{key}} AS key, {counts},
               count(*) FILTER (WHERE fate = 'kept') * 1.0
                 / nullif(count(*) FILTER (WHERE fate IN ('kept', 'late', 'overdue')), 0) AS share
        FROM planned WHERE fate IS NOT NULL {{group}}"""
    expected = keyed(ask(workspace, scope, sql.format(key=key, group=f"GROUP BY {key}")))
    if table == "people":
        expected |= keyed(ask(workspace, scope, sql.format(key="NULL", group="")))
    found = figures_of(scope, "plan-keeping", table)
    assert {line: found[line] for line in expected} == expected
    assert all(set(found[line].values()) <= {0, None} for line in set(found) - set(expected))


# --- Going cold -----------------------------------------------------------------------------------


COLD = f"""\
WITH RECURSIVE
calendar(day) AS (
  SELECT '2023-06-01' UNION ALL SELECT date(day, '+1 day') FROM calendar WHERE day < :today
),
contacts AS (
  SELECT customer, date AS day FROM followups WHERE date <= :today
  UNION
  SELECT id, created FROM customers c
  WHERE created <= :today
    AND NOT EXISTS (SELECT 1 FROM followups f
                    WHERE f.customer = c.id AND f.date <= min(:today, c.created))
),
stage_rows AS (SELECT rowid AS place, * FROM stage_changes),
level_rows AS (SELECT id AS place, customer, date, level_id FROM followups WHERE level_id NOT NULL),
days AS (
  SELECT c.id AS customer, day,
         (SELECT max(k.day) FROM contacts k WHERE k.customer = c.id AND k.day <= d.day) AS last,
         CASE WHEN d.day >= coalesce((SELECT max(date) FROM stage_rows WHERE customer = c.id), '')
              THEN c.stage_id
              ELSE coalesce(
                (SELECT new_id FROM stage_rows s WHERE s.customer = c.id AND s.date <= d.day
                 ORDER BY s.place DESC LIMIT 1),
                (SELECT new_id FROM stage_rows s WHERE s.customer = c.id ORDER BY s.place LIMIT 1))
              END AS stage,
         CASE WHEN d.day >= coalesce((SELECT max(date) FROM level_rows WHERE customer = c.id), '')
              THEN c.level_id
              ELSE coalesce(
                (SELECT level_id FROM level_rows s WHERE s.customer = c.id AND s.date <= d.day
                 ORDER BY s.place DESC LIMIT 1),
                (SELECT level_id FROM level_rows s WHERE s.customer = c.id
                 ORDER BY s.place LIMIT 1))
              END AS level
  FROM customers c CROSS JOIN calendar d
),
cold_days AS (
  SELECT d.customer, d.day, d.last FROM days d
  JOIN stages s ON s.id = d.stage
  LEFT JOIN levels l ON l.id = d.level
  WHERE s.kind = 'open' AND d.last NOT NULL
    AND julianday(d.day) - julianday(d.last)
        > min(coalesce(s.max_idle_days, l.max_idle_days),
              coalesce(l.max_idle_days, s.max_idle_days))
),
cold AS (
  SELECT customer, min(day) AS day,
         (SELECT min(k.day) FROM contacts k
          WHERE k.customer = cold_days.customer AND k.day > cold_days.last) AS answered
  FROM cold_days GROUP BY customer, last
),
credited AS (
  SELECT *, {OWNER_ON.format(customer="cold.customer", day="cold.day")} AS key,
         (SELECT stage_kind FROM customers WHERE id = cold.customer) AS kind
  FROM cold WHERE day BETWEEN :first AND :last
),
mine AS (SELECT * FROM credited WHERE {MINE.format(who="key")})"""
"""Day by day, as nobody would count it who had to be quick."""


def test_cold_response(workspace: Workspace, scope: Scope) -> None:
    sql = """
        SELECT {key} AS key, count(*) AS cold, count(answered) AS contacted,
               count(answered) * 1.0 / nullif(count(*), 0) AS share,
               count(*) FILTER (WHERE answered IS NULL AND kind <> 'open') AS closed,
               count(*) FILTER (WHERE answered IS NULL AND kind = 'open') AS still
        FROM mine {group}"""
    expected = keyed(ask(workspace, scope, COLD + sql.format(key="key", group="GROUP BY key")))
    expected |= keyed(ask(workspace, scope, COLD + sql.format(key="NULL", group="")))
    days = spreads(
        workspace,
        scope,
        f"""{COLD}, numbers AS (
          SELECT key, julianday(answered) - julianday(day) AS days
          FROM mine WHERE answered NOT NULL
          UNION ALL
          SELECT 'total', julianday(answered) - julianday(day)
          FROM mine WHERE answered NOT NULL)""",
    )
    for line, figures in expected.items():
        figures["days"] = pytest.approx(days.get(line))
    assert figures_of(scope, "cold-response", "owners") == expected


# --- Results --------------------------------------------------------------------------------------

LAST_REACHED = f"""\
{REACHED}, last_reached AS (
  SELECT customer, kind, max(day) AS day FROM reached
  WHERE day BETWEEN :first AND :last GROUP BY customer, kind
), amounts AS (
  SELECT c.id AS customer, coalesce(d.amount, c.value) AS amount,
         CASE WHEN d.amount IS NULL THEN c.currency ELSE d.currency END AS currency
  FROM customers c LEFT JOIN deals d ON d.customer = c.id
), results AS (
  SELECT 'new' AS kind, owner AS key, NULL AS amount, NULL AS currency FROM new
  UNION ALL
  SELECT r.kind, {OWNER_ON.format(customer="r.customer", day="r.day")}, a.amount, a.currency
  FROM last_reached r JOIN amounts a USING (customer)
  UNION ALL
  SELECT 'offers', {OWNER_ON.format(customer="f.customer", day="f.date")}, NULL, NULL
  FROM offers f WHERE f.date BETWEEN :first AND :last
  UNION ALL
  SELECT 'held', owner, value, currency FROM customers WHERE stage_kind = 'open'
), mine AS (SELECT * FROM results WHERE {MINE.format(who="key")})"""


def test_results_by_owner(workspace: Workspace, scope: Scope) -> None:
    start = f"WITH {NEW}, {LAST_REACHED}"
    kinds = ("new", "offers", "won", "lost", "held")
    counts = ", ".join(f"count(*) FILTER (WHERE kind = '{kind}') AS {kind}" for kind in kinds)
    expected = keyed(ask(workspace, scope, f"{start} SELECT key, {counts} FROM mine GROUP BY key"))
    expected |= keyed(ask(workspace, scope, f"{start} SELECT NULL AS key, {counts} FROM mine"))
    for line in expected.values():
        line |= {"amount": {}, "held_amount": {}}
    for row in ask(
        workspace,
        scope,
        f"""{start} SELECT key, kind, currency, sum(amount) AS amount FROM mine
        WHERE kind IN ('won', 'held') AND amount NOT NULL GROUP BY key, kind, currency
        UNION ALL SELECT 'total', kind, currency, sum(amount) FROM mine
        WHERE kind IN ('won', 'held') AND amount NOT NULL GROUP BY kind, currency""",
    ):
        column = "amount" if row["kind"] == "won" else "held_amount"
        expected[row["key"]][column][row["currency"]] = row["amount"]
    assert figures_of(scope, "results-by-owner", "owners") == expected


@pytest.mark.parametrize("owner", [None, "Li"])
def test_trend_in_months(workspace: Workspace, owner: str | None) -> None:
    scope = workspace.scope(Period(date(2025, 10, 15), TODAY), owner)
    sql = f"""
        WITH {NEW}, {REACHED}, events AS (
          SELECT 'new' AS kind, customer, day, owner AS who FROM new
          UNION ALL SELECT kind, customer, day,
                           {OWNER_ON.format(customer="reached.customer", day="reached.day")}
                    FROM reached
          UNION ALL SELECT 'followups', id, date, who FROM followups
          UNION ALL SELECT 'kept', rowid, due, who FROM commitments
                    WHERE done AND (done_on IS NULL OR done_on <= due)
        )
        SELECT {{key}} AS key, {{counts}} FROM events
        WHERE day BETWEEN :first AND :last AND {MINE.format(who="who")} {{group}}"""
    counts = ", ".join(
        f"count(DISTINCT CASE WHEN kind = '{kind}' THEN customer END) AS {kind}"
        for kind in ("new", "won", "lost", "followups", "kept")
    )
    by_month = sql.format(
        key="substr(day, 1, 7)", counts=counts, group="GROUP BY substr(day, 1, 7)"
    )
    expected = keyed(ask(workspace, scope, by_month))
    expected |= keyed(ask(workspace, scope, sql.format(key="NULL", counts=counts, group="")))
    found = figures_of(scope, "trend", "months")
    assert {line: found[line] for line in expected} == expected
    assert len(found) == 15


# --- The other places that count the same ---------------------------------------------------------


@pytest.mark.parametrize("period", [ASKED[0][0], ASKED[1][0]], ids=["year", "quarter"])
def test_the_counts_are_those_of_the_sites_activity(workspace: Workspace, period: Period) -> None:
    scope = workspace.scope(period)
    part = activity_of(workspace.day).within(period)
    people = figures_of(scope, "activity", "people")["total"]
    assert (people["followups"], people["new"]) == (len(part.followups), len(part.new))
    promises = figures_of(scope, "promise-keeping", "people")["total"]
    assert promises["kept"] == len(part.kept)
    assert promises["late"] + promises["missed"] == len(part.missed)
    results = figures_of(scope, "results-by-owner", "owners")["total"]
    assert [results[kind] for kind in ("new", "won", "lost")] == [
        len(part.new),
        len(part.won),
        len(part.lost),
    ]


def test_the_still_cold_of_all_time_are_the_stale_customers(workspace: Workspace) -> None:
    scope = workspace.scope(Period(date(2020, 1, 1), TODAY))
    owners = table_of(scope, "cold-response", "owners")
    assert owners.total
    column = next(n for n, each in enumerate(owners.columns) if each.key == "still")
    still = {case.standing.customer.id for case in owners.total.figures[column].cases}
    assert still == {each.customer.id for each in workspace.day.standings if each.status.stale}


def test_every_figure_leads_to_as_many_cases_as_it_counts(scope: Scope) -> None:
    for measure in all_measures().values():
        for table in measure.tables(scope):
            for line in (*table.lines, *([table.total] if table.total else [])):
                for column, figure in zip(table.columns, line.figures, strict=True):
                    if column.kind is Kind.COUNT and (measure.code, column.key) not in NOT_CASES:
                        assert figure.value == len(figure.cases), (measure.code, column.key)


NOT_CASES = (("customer-value", "idle_days"), ("customer-value", "followups"))
"""Counts of something about one customer, in the tables of customers."""
