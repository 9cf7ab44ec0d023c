"""The numbers of sales worked out a second time: in SQL, over the tables of `tracker sql`.

Nothing here calls what measures call. Every query is written from the definitions in
docs/numbers.md. Who owned a customer from which day on stands in a table of its own.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.insight.measures.busy_workspaces import Tables
from tracker.database.fill import fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.insight.measure import Scope

VIEWS = """
-- Entering a stage, up to the day, with the day on which it was left.
CREATE TEMP VIEW entries AS
SELECT s.rowid AS place, s.customer, s.new_id AS stage, s.date AS since,
       lead(s.date) OVER (PARTITION BY s.customer ORDER BY s.rowid) AS until,
       NOT (s.source = 'created' AND c.created IS NULL) AS known
FROM stage_changes s JOIN customers c ON c.id = s.customer, asked WHERE s.date <= asked.today;

CREATE TEMP VIEW reached AS
SELECT DISTINCT customer, stage FROM entries
UNION SELECT id, stage_id FROM customers WHERE stage_id IS NOT NULL;

CREATE TEMP VIEW mine AS
SELECT c.* FROM customers c, asked WHERE asked.owner IS NULL OR c.owner = asked.owner;

-- From when until when a customer was the asked owner's, or anybody's where none is asked.
CREATE TEMP VIEW owned AS
SELECT * FROM (
  SELECT o.customer, o.owner, o.since, coalesce(date(lead(o.since) OVER
    (PARTITION BY o.customer ORDER BY o.since), '-1 day'), '9999-12-31') AS until
  FROM ownership o
), (SELECT owner AS asked_owner FROM asked)
WHERE asked_owner IS NULL OR owner = asked_owner;

CREATE TEMP VIEW came AS
SELECT id AS customer, day FROM (
  SELECT c.id, coalesce(c.created, (SELECT min(f.date) FROM followups f WHERE f.customer = c.id))
    AS day FROM customers c
), asked WHERE day <= asked.today;

-- Came into a won or a lost stage from another kind.
CREATE TEMP VIEW happened AS
SELECT kind, customer, day, before, place FROM (
  SELECT s.new_kind AS kind, s.customer, s.old_id AS before, s.rowid AS place,
         CASE WHEN s.source <> 'outcome' THEN s.date
              WHEN s.new_kind = 'won' THEN coalesce(d.date, s.date)
              ELSE coalesce(l.date, s.date) END AS day
  FROM stage_changes s
  LEFT JOIN deals d ON d.customer = s.customer LEFT JOIN losses l ON l.customer = s.customer
  WHERE s.new_kind IN ('won', 'lost') AND s.old_kind IS NOT s.new_kind
  UNION ALL
  SELECT c.stage_kind, c.id, NULL, 0, CASE c.stage_kind WHEN 'won' THEN d.date ELSE l.date END
  FROM customers c
  LEFT JOIN deals d ON d.customer = c.id LEFT JOIN losses l ON l.customer = c.id
  WHERE c.stage_kind IN ('won', 'lost') AND c.id NOT IN (SELECT customer FROM stage_changes)
), asked WHERE day <= asked.today;

-- The same in the period, once a customer and kind, with the amount.
CREATE TEMP VIEW outcomes AS
SELECT h.kind, h.customer, h.day, h.before, o.owner, c.source_id, c.level_id,
  CASE WHEN h.kind = 'won' AND d.amount IS NOT NULL THEN d.amount ELSE c.value END AS amount,
  CASE WHEN h.kind = 'won' AND d.amount IS NOT NULL THEN d.currency ELSE c.currency END AS currency
FROM (
  SELECT *, row_number() OVER (PARTITION BY kind, customer ORDER BY day DESC, place DESC) AS late
  FROM happened, asked WHERE day BETWEEN asked.first AND asked.last
) h JOIN customers c ON c.id = h.customer LEFT JOIN deals d ON d.customer = h.customer
JOIN owned o ON o.customer = h.customer AND h.day BETWEEN o.since AND o.until
WHERE h.late = 1;

CREATE TEMP VIEW cohort AS
SELECT c.*, came.day FROM came JOIN customers c ON c.id = came.customer
JOIN owned o ON o.customer = came.customer AND came.day BETWEEN o.since AND o.until, asked
WHERE came.day BETWEEN asked.first AND asked.last;

CREATE TEMP VIEW running AS
SELECT c.id AS customer, e.stage, julianday(asked.today) - julianday(e.since) AS days, c.value,
       c.currency
FROM entries e JOIN mine c ON c.id = e.customer, asked
WHERE e.until IS NULL AND c.stage_kind = 'open' AND c.stage_id = e.stage AND e.known;

CREATE TEMP VIEW finished AS
SELECT e.customer, e.stage, e.until, max(0, julianday(e.until) - julianday(e.since)) AS days
FROM entries e WHERE e.until IS NOT NULL AND e.known;

-- Won and lost customers, of whoever owned them then.
CREATE TEMP VIEW closed AS
SELECT c.id, c.stage_kind FROM customers c, asked
LEFT JOIN (SELECT kind, customer, max(day) AS day FROM happened GROUP BY kind, customer) h
  ON h.customer = c.id AND h.kind = c.stage_kind
JOIN owned o ON o.customer = c.id AND coalesce(h.day, '9999-12-31') BETWEEN o.since AND o.until
WHERE c.stage_kind IN ('won', 'lost');

-- What became of those that were in a stage and are closed.
CREATE TEMP VIEW odds AS
SELECT s.id AS stage, s.probability, count(c.id) AS closed, sum(c.stage_kind = 'won') AS won
FROM stages s LEFT JOIN reached r ON r.stage = s.id
LEFT JOIN closed c ON c.id = r.customer
WHERE s.kind = 'open' GROUP BY s.id;

CREATE TEMP VIEW expected AS
SELECT c.id, c.stage_id, c.value, c.currency, c.expected_close, o.probability,
       CASE WHEN o.closed >= 20 THEN 1.0 * o.won / o.closed ELSE o.probability END AS chance,
  CASE WHEN c.expected_close IS NULL THEN 'none'
       WHEN c.expected_close < asked.today THEN 'slipped'
       WHEN c.expected_close >= date(asked.today, 'start of month', '+6 months') THEN 'later'
       ELSE substr(c.expected_close, 1, 7) END AS bucket
FROM mine c JOIN odds o ON o.stage = c.stage_id, asked;
"""


def _ownership(scope: Scope) -> Iterator[tuple[str, str, str | None]]:
    for standing in scope.day.standings:
        customer = standing.customer
        begin: Sequence[tuple[date, str | None]] = [(date.min, customer.owner)]
        for since, owner in (scope.owners_before or {}).get(customer.path, begin):
            yield customer.id, since.isoformat(), owner


class Numbers:
    """The tables of a scope's day, with the views above."""

    def __init__(self, scope: Scope) -> None:
        self._connection = Tables(":memory:", isolation_level=None)
        fill(self._connection, scope.day)
        self._connection.execute("CREATE TEMP TABLE asked (today, first, last, owner)")
        days = (scope.today, scope.period.first, scope.period.last)
        values = (*(day.isoformat() for day in days), scope.owner)
        self._connection.execute("INSERT INTO asked VALUES (?, ?, ?, ?)", values)
        self._connection.execute("CREATE TEMP TABLE ownership (customer, since, owner)")
        self._connection.executemany("INSERT INTO ownership VALUES (?, ?, ?)", _ownership(scope))
        self._connection.executescript(VIEWS)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self._connection.execute(sql).fetchall()

    def by_key(self, key: str, what: str, source: str) -> dict[str, Any]:
        """Return an aggregate by line: of each key, `-` where it is NULL, and of all as `total`."""
        split = f"SELECT coalesce({key}, '-') AS key, * FROM {source}"  # noqa: S608  # names and queries are ours
        rows = self.rows(f"SELECT key, {what} FROM ({split}) GROUP BY key")  # noqa: S608  # names and queries are ours
        (total,) = self.rows(f"SELECT {what} FROM ({split})")  # noqa: S608  # names and queries are ours
        return {key: row[0] if len(row) == 1 else row for key, *row in [*rows, ("total", *total)]}

    def money(self, key: str, amount: str, currency: str, source: str) -> dict[str, Any]:
        """Return sums by line and currency, with the number of amounts; `source` may have WHERE."""
        found: defaultdict[str, dict[str, float]] = defaultdict(dict)
        counts: defaultdict[str, int] = defaultdict(int)
        for line in (key, "'total'"):
            split = (
                f"SELECT coalesce({line}, '-') AS key, {amount} AS amount, {currency} AS "  # noqa: S608  # names and queries are ours
                f"currency FROM {source}"
            )
            for name, code, total, count in self.rows(
                "SELECT key, currency, sum(amount), count(amount) FROM "  # noqa: S608  # names and queries are ours
                f"({split}) WHERE amount IS NOT NULL GROUP BY key, currency"
            ):
                found[name][code] = total
                counts[name] += count
        return {name: (found[name], counts[name]) for name in found}

    def quartiles(self, key: str, number: str, source: str) -> dict[str, Any]:
        """Return lower quartile, median, upper quartile and n by line (type 7, interpolated)."""
        found = {}
        for line in (key, "'total'"):
            split = f"SELECT coalesce({line}, '-') AS key, {number} AS x FROM {source}"  # noqa: S608  # names and queries are ours
            at = ", ".join(
                f"sum(x * CASE i WHEN CAST((n - 1) * {p} AS INT) THEN 1 - ((n - 1) * {p} - "
                f"CAST((n - 1) * {p} AS INT)) WHEN CAST((n - 1) * {p} AS INT) + 1 THEN (n - 1) * "
                f"{p} - CAST((n - 1) * {p} AS INT) ELSE 0 END)"
                for p in (0.25, 0.5, 0.75)
            )
            for name, *spread, count in self.rows(
                f"SELECT key, {at}, max(n) FROM (SELECT key, x, row_number() OVER (PARTITION BY "  # noqa: S608  # names and queries are ours
                "key ORDER BY x) - 1 AS i, count(*) OVER (PARTITION BY key) AS n FROM "
                f"({split})) GROUP BY key"
            ):
                found[name] = (tuple(spread), count)
        return found
