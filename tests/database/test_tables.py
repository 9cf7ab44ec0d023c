"""What the tables hold."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.database.conftest import TODAY
from tracker.config_file import default_config
from tracker.database.columns import Column, Content, Holds, Table
from tracker.database.fill import create_statement, fill
from tracker.database.reader import Reader, Result
from tracker.database.tables import tables_of
from tracker.insight.activity import activity_of
from tracker.insight.day import Day, day_of
from tracker.insight.record_json import record_json
from tracker.insight.rows import ROW_COLUMNS, row_of
from tracker.library.loader import load_library
from tracker.money import plain_number
from tracker.translation import Message

if TYPE_CHECKING:
    from tests.database.conftest import MakeDay

ROOT = Path(__file__).parent.parent.parent
WORKSPACES = {
    "demo": ROOT,
    "chinese": ROOT / "tests" / "workspaces" / "small-zh",
    "english": ROOT / "tests" / "workspaces" / "small-en",
    "broken": ROOT / "tests" / "workspaces" / "broken",
}

CONTRACT = {
    "customers", "contacts", "followups", "commitments", "offers", "deals", "deal_items", "losses",
    "stage_changes", "service", "problems",
}  # fmt: skip

CUSTOMER = "---\nname: Acme\nstage: proposal\nowner: Li\n"


@pytest.fixture(scope="module", params=WORKSPACES)
def day(request: pytest.FixtureRequest) -> Day:
    return day_of(load_library(WORKSPACES[request.param]), TODAY)


def ask(day: Day, sql: str) -> list[tuple[Any, ...]]:
    with Reader(day) as reader:
        answer = reader.ask(sql)
    assert isinstance(answer, Result), answer
    return answer.rows


def ask_one(day: Day, sql: str) -> dict[str, Any]:
    with Reader(day) as reader:
        answer = reader.ask(sql)
    assert isinstance(answer, Result), answer
    (row,) = answer.rows
    return dict(zip(answer.columns, row, strict=True))


# --- The contract -------------------------------------------------------------------------------


def test_the_tables_of_the_contract_are_there() -> None:
    tables = {table.name: table for table in tables_of(default_config())}
    assert set(tables) >= CONTRACT
    columns = [column.name for column in tables["customers"].columns]
    assert set(ROW_COLUMNS) <= set(columns)
    assert columns[:4] == ["id", "name", "path", "stage"]
    assert {"customer", "at", "method", "who", "summary"} <= {
        column.name for column in tables["followups"].columns
    }


def test_every_table_says_what_it_is() -> None:
    for table in tables_of(default_config()):
        names = [column.name.lower() for column in table.columns]
        assert len(set(names)) == len(names), table.name
        assert all(str(column.meaning) for column in table.columns)
        assert str(table.meaning)


def test_customers_are_the_rows_of_the_other_commands(day: Day) -> None:
    config = day.library.config
    names = ", ".join(ROW_COLUMNS)
    rows = {row[2]: row for row in ask(day, f"SELECT {names} FROM customers")}  # noqa: S608  # names and queries are ours
    assert len(rows) == len(day.standings)
    for standing in day.standings:
        expected = row_of(standing, config)
        found = dict(zip(ROW_COLUMNS, rows[expected["path"]], strict=True))
        for name in ("value", "weighted_value"):
            if found[name] is not None:
                found[name] = plain_number(Decimal(repr(found[name])))
        for name in ("contacts", "tags"):
            found[name] = json.loads(found[name] or "[]")
        if len(day.library.by_id[expected["id"]]) > 1:
            found["id"] = expected["id"]  # of records with one id, one is called by its path
        assert found == expected


def test_what_a_record_holds_is_in_the_tables(day: Day) -> None:
    config = day.library.config
    records = {
        standing.customer.path: record_json(standing, config, TODAY) for standing in day.standings
    }

    def count(read: Any) -> int:  # noqa: ANN401  # a function of a record
        return sum(len(read(record)) for record in records.values())

    expected = {
        "contacts": count(lambda record: record["contacts"]),
        "followups": count(lambda record: record["followups"]),
        "commitments": count(lambda record: record["commitments"]),
        "plans": count(lambda record: record["plans"]),
        "offers": count(lambda record: record["offers"]),
        "deals": count(lambda record: [record["deal"]] if record["deal"] else []),
        "deal_items": count(lambda record: record["deal"]["items"] if record["deal"] else []),
        "losses": count(lambda record: [record["lost"]] if record["lost"] else []),
        "stage_changes": count(lambda record: record["stage_history"]),
        "tickets": count(lambda record: record["tickets"]),
        "service": count(
            lambda record: [entry for one in record["followups"] for entry in one["service"]]
        ),
        "problems": len(day.diagnostics),
    }
    with Reader(day) as reader:
        counts = dict(
            zip([table.name for table in reader.tables], reader.row_counts(), strict=True)
        )
    assert {name: counts[name] for name in expected} == expected


def test_the_tables_refer_to_one_another(day: Day) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    fill(connection, day)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_looking_into_a_table_for_each_customer_takes_an_index(make_day: MakeDay) -> None:
    plan = ask(
        make_day(),
        "EXPLAIN QUERY PLAN SELECT (SELECT max(date) FROM followups WHERE customer = customers.id),"
        " (SELECT count(*) FROM commitments WHERE followup = 1) FROM customers",
    )
    steps = [step for *_, step in plan]
    assert "SEARCH followups USING INDEX followups_customer (customer=?)" in steps
    assert any("commitments USING COVERING INDEX commitments_followup" in step for step in steps)


def test_the_numbers_are_those_of_the_site(day: Day) -> None:
    activity = activity_of(day)
    if any(len(customers) > 1 for customers in day.library.by_id.values()):
        pytest.skip("records with one id")
    (followups,) = ask(day, "SELECT count(*) FROM followups WHERE date <= today()")[0]
    assert followups == len(activity.followups)
    ((kept, missed),) = ask(
        day,
        "SELECT total(state IN ('kept', 'done')), total(state IN ('late', 'overdue')) "
        "FROM commitments WHERE due <= today()",
    )
    assert (kept, missed) == (len(activity.kept), len(activity.missed))
    won = ask(
        day,
        """
        SELECT customer, CASE source WHEN 'record' THEN c.date ELSE coalesce(deals.date, c.date) END
        FROM stage_changes AS c LEFT JOIN deals USING (customer)
        WHERE new_kind = 'won' AND (old_kind IS NULL OR old_kind <> 'won')
        UNION ALL
        SELECT customer, deals.date FROM deals JOIN customers ON customers.id = customer
        WHERE stage_kind = 'won' AND deals.date IS NOT NULL
          AND customer NOT IN (SELECT customer FROM stage_changes)
        """,
    )
    assert sorted(won) == sorted(
        (event.standing.customer.id, event.day.isoformat()) for event in activity.won
    )


# --- Values -------------------------------------------------------------------------------------


def test_what_is_absent_is_null(make_day: MakeDay) -> None:
    row = ask_one(make_day(acme=f"{CUSTOMER}---\n"), "SELECT * FROM customers")
    given_or_counted = {
        "id", "name", "path", "stage", "stage_id", "stage_kind", "owner", "followups", "next_state",
        "days_overdue", "stale", "open_commitments", "overdue_commitments", "problems",
        "idle_limit",
    }  # fmt: skip
    assert {name for name, value in row.items() if value is not None} == given_or_counted


def test_a_follow_up_in_full(make_day: MakeDay) -> None:
    day = make_day(
        acme=f"{CUSTOMER}---\n\n"
        "## 2026-11-20 14:30+01:00 call Ann\n\nTalked.\n\n- contact: Wang Fang, Li\n"
        "- topic: price\n- attitude: positive, smiled\n- stage: contact -> proposal\n"
        "- [ ] send it @2026-11-22\n- next: 2026-11-23 10:00 visit show it; goal: sign\n"
        "## 2026-11-24 visit\n"
    )
    first, second = (
        dict(zip(FOLLOWUP_COLUMNS, row, strict=True))
        for row in ask(day, f"SELECT {', '.join(FOLLOWUP_COLUMNS)} FROM followups")  # noqa: S608  # names and queries are ours
    )
    assert first == {
        "id": 1,
        "customer": "acme",
        "at": "2026-11-20 13:30",
        "date": "2026-11-20",
        "time": "14:30+01:00",
        "method": "call",
        "method_id": "call",
        "who": "Ann",
        "summary": "Talked.",
        "contacts": '["Wang Fang", "Li"]',
        "topic": "price",
        "attitude_id": "positive",
        "attitude_note": "smiled",
        "stage_id": "proposal",
        "next_date": "2026-11-23",
        "line": 7,
    }
    assert (second["at"], second["time"], second["who"]) == ("2026-11-24", None, "Li")
    promise = ask_one(day, "SELECT * FROM commitments")
    assert promise == {
        "customer": "acme",
        "followup": 1,
        "made_on": "2026-11-20",
        "text": "send it",
        "who": "Ann",
        "due": "2026-11-22",
        "done": 0,
        "done_on": None,
        "state": "overdue",
        "days_late": 2,
        "line": 15,
    }
    plan = ask_one(day, "SELECT * FROM plans")
    assert (plan["date"], plan["outcome"], plan["settled_on"], plan["days_late"]) == (
        "2026-11-23",
        "late",
        "2026-11-24",
        1,
    )
    assert (plan["followup"], plan["settled_by"], plan["goal"]) == (1, 2, "sign")
    changes = ask(day, "SELECT old_id, new_id, date, source, days FROM stage_changes")
    assert changes == [
        (None, "contact", "2026-11-20", "created", 0),
        ("contact", "proposal", "2026-11-20", "record", 4),
    ]


FOLLOWUP_COLUMNS = (
    "id", "customer", "at", "date", "time", "method", "method_id", "who", "summary", "contacts",
    "topic", "attitude_id", "attitude_note", "stage_id", "next_date", "line",
)  # fmt: skip


@pytest.mark.parametrize(
    ("task", "state", "late"),
    [
        ("[ ] x @2026-11-23", "overdue", 1),
        ("[ ] x @2026-11-24", "open", None),
        ("[ ] x", "open", None),
        ("[x] x @2026-11-20 ✅ 2026-11-20", "kept", 0),
        ("[x] x @2026-11-20 ✅ 2026-11-23", "late", 3),
        ("[x] x @2026-11-20", "done", None),
    ],
)
def test_how_late_a_promise_is(make_day: MakeDay, task: str, state: str, late: int | None) -> None:
    day = make_day(acme=f"{CUSTOMER}---\n\n## 2026-11-19 call Ann\n\n- {task}\n")
    assert ask(day, "SELECT state, days_late FROM commitments") == [(state, late)]


@pytest.mark.parametrize(
    ("stage", "later", "outcome", "late"),
    [
        ("proposal", "", "standing", 3),
        ("lost", "", "standing", None),
        ("proposal", "## 2026-11-21 call", "kept", 0),
        ("proposal", "## 2026-11-24 call", "late", 3),
        ("proposal", "## 2026-11-20 12:00 call\n\n- next: none", "ended", None),
    ],
)
def test_how_late_a_plan_is(
    make_day: MakeDay, stage: str, later: str, outcome: str, late: int | None
) -> None:
    day = make_day(
        acme=f"---\nname: A\nowner: Li\nstage: {stage}\n---\n\n"
        f"## 2026-11-20 10:00 call Ann\n\n- next: 2026-11-21 call back\n\n{later}\n"
    )
    assert ask(day, "SELECT outcome, days_late FROM plans") == [(outcome, late)]


def test_offers_deals_and_losses(make_day: MakeDay) -> None:
    day = make_day(
        a=f"{CUSTOMER}offers:\n  - {{quote: Q1, amount: 45-50k EUR}}\n  - {{amount: 7 USD}}\n"
        "deal:\n  contract: C\n  date: 2026-11-02\n  amount: 12.5 EUR\n  items:\n"
        "    - {name: x, quantity: 2, price: 6.25}\n    - {name: y, quantity: 0.5}\n"
        "lost:\n  reason: price\n  competitor: Them\n---\n"
    )
    assert ask(day, "SELECT position, quote, amount_low, amount_high, currency FROM offers") == [
        (1, "Q1", 45000.0, 50000.0, "EUR"),
        (2, None, 7.0, 7.0, "USD"),
    ]
    assert ask(day, "SELECT contract, date, amount, currency FROM deals") == [
        ("C", "2026-11-02", 12.5, "EUR")
    ]
    assert ask(day, "SELECT name, quantity, typeof(quantity), price, currency FROM deal_items") == [
        ("x", 2, "integer", 6.25, "USD"),
        ("y", 0.5, "real", None, None),
    ]
    assert ask(day, "SELECT customer, date, reason_id, competitor FROM losses") == [
        ("a", None, "price", "Them")
    ]


def test_tickets_and_service(make_day: MakeDay) -> None:
    day = make_day(
        a=f"{CUSTOMER}---\n\n## 2026-11-01 call\n\n- service: problem #1 it leaks\n\n"
        "## 2026-11-03 call\n\n- service: resolved #1 new seal\n\n"
        "## 2026-11-20 call\n\n- service: problem #2 it hums\n"
    )
    assert ask(day, "SELECT followup, date, kind_id, ticket, text FROM service") == [
        (1, "2026-11-01", "problem", 1, "it leaks"),
        (2, "2026-11-03", "resolved", 1, "new seal"),
        (3, "2026-11-20", "problem", 2, "it hums"),
    ]
    found = ask(
        day,
        "SELECT number, opened_by, resolved_on, resolved_by, resolution, days_open FROM tickets",
    )
    assert found == [(1, 1, "2026-11-03", 2, "new seal", 2), (2, 3, None, None, None, 4)]


def test_the_vocabulary_is_there_in_its_order(make_day: MakeDay) -> None:
    day = make_day("language: zh\ncurrency: CNY\nrates: {USD: 7.1}\nowners: [李雷, 韩梅梅]\n")
    stages = ask(day, "SELECT id, label, kind, probability FROM stages ORDER BY position")
    assert stages[0][:3] == ("contact", "初步接触", "open")
    assert {kind for _, _, kind, _ in stages} == {"open", "won", "lost"}
    assert ask(day, "SELECT name FROM owners ORDER BY position") == [("李雷",), ("韩梅梅",)]
    assert sorted(ask(day, "SELECT * FROM rates")) == [("CNY", 1), ("USD", 7.1)]


def test_problems_lead_to_their_customers(make_day: MakeDay) -> None:
    day = make_day("language: en\ncolour: red\n", a=f"{CUSTOMER}valu: 3\n---\n", b="no record\n")
    found = ask(day, "SELECT path, customer, line, column, severity, code FROM problems")
    assert ("records/a.md", "a", 5, 1, "warning", "unknown-key") in found
    others = {(path, customer) for path, customer, *_ in found if path != "records/a.md"}
    assert ("tracker.yaml", None) in others
    assert ("records/b.md", None) in others


def test_records_with_one_id_stay_apart(make_day: MakeDay) -> None:
    section = "---\n\n## 2026-11-20 call Ann\n"
    day = make_day(a=f"{CUSTOMER}id: same\n{section}", b=f"{CUSTOMER}id: same\n{section}")
    assert ask(day, "SELECT id, path FROM customers") == [
        ("same", "records/a.md"),
        ("records/b.md", "records/b.md"),
    ]
    joined = "SELECT path FROM followups JOIN customers ON customers.id = customer ORDER BY 1"
    assert ask(day, joined) == [("records/a.md",), ("records/b.md",)]


# --- Fields of the workspace --------------------------------------------------------------------

DECLARED = """\
language: en
fields:
  lines: {type: number}
  fee: {type: money}
  iso: {type: bool}
  audit-date: {type: date}
  brand: {type: choice, choices: [ours, theirs]}
  sites: {type: list}
  order: {}
  stale: {type: bool}
  STAGE_ID: {}
  field_stale: {}
  fee_currency: {}
followup_fields:
  rival: {}
  travel: {type: money}
  line: {type: number}
"""


def test_declared_fields_are_columns(make_day: MakeDay) -> None:
    day = make_day(
        DECLARED,
        a=f"{CUSTOMER}lines: 3\nfee: 12.50 EUR\niso: yes\naudit-date: 2026-12-01\nbrand: ours\n"
        "sites: [x, 江]\norder: first\nstale: yes\nSTAGE_ID: s\nfield_stale: other\n"
        "fee_currency: words\n---\n\n## 2026-11-20 call Ann\n\n- rival: Them\n- travel: 80\n"
        "- line: 7\n",
    )
    row = ask_one(day, "SELECT * FROM customers")
    assert row["lines"] == 3
    assert (row["fee"], row["fee_currency"], row["field_fee_currency"]) == (12.5, "EUR", "words")
    assert (row["iso"], row["audit-date"], row["brand"]) == (1, "2026-12-01", "ours")
    assert (row["sites"], row["order"]) == ('["x", "江"]', "first")
    assert (row["stale"], row["field_stale"], row["field_field_stale"]) == (0, 1, "other")
    assert (row["stage_id"], row["field_STAGE_ID"]) == ("proposal", "s")
    followup = ask_one(
        day, 'SELECT rival, travel, travel_currency, line, field_line, "customer" FROM followups'
    )
    assert followup == {
        "rival": "Them",
        "travel": 80.0,
        "travel_currency": "USD",
        "line": 18,
        "field_line": 7,
        "customer": "a",
    }


# --- What must always hold ----------------------------------------------------------------------


def _held(value: object, holds: Holds) -> tuple[Any, str]:
    """Return what a table gives back for a value, and the type that SQLite has it as."""
    table = Table(
        "one", Message("one"), (Column("v", holds, Message("v"), lambda row: row),), lambda _: ()
    )
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(create_statement(table))
    from tracker.database.fill import _WRITERS

    connection.execute("INSERT INTO one VALUES (?)", [_WRITERS[type(value)](value)])
    row: tuple[Any, str] = connection.execute("SELECT v, typeof(v) FROM one").fetchone()
    connection.close()
    return row


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text: str) -> None:
    assert _held(text, Holds.TEXT) == (text, "text")


@given(st.text())
def test_a_text_that_is_no_unicode_is_written_escaped(text: str) -> None:
    (found, kind) = _held(text, Holds.TEXT)
    assert kind == "text"
    assert found == text.encode("utf-8", "backslashreplace").decode()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_any_list_comes_back(texts: list[str]) -> None:
    assert json.loads(_held(tuple(texts), Holds.LIST)[0]) == texts


@given(st.decimals(min_value=0, max_value=10**13, places=2))
def test_an_amount_of_fifteen_digits_is_exact(amount: Decimal) -> None:
    found, kind = _held(amount, Holds.AMOUNT)
    assert kind == "real"
    assert Decimal(repr(found)) == amount


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_whole_numbers_stay_whole(number: int) -> None:
    assert _held(Decimal(number), Holds.NUMBER) == (number, "integer")


@given(st.dates())
def test_days_sort_as_texts(day: date) -> None:
    found = _held(day, Holds.DATE)[0]
    assert date.fromisoformat(found) == day
    assert len(found) == 10


@given(st.lists(st.decimals(min_value=0, max_value=10**9, places=2), max_size=300))
def test_sums_are_right_to_the_cent(amounts: list[Decimal]) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE one (v REAL)")
    connection.executemany("INSERT INTO one VALUES (?)", [(float(one),) for one in amounts])
    (found,) = connection.execute("SELECT total(v) FROM one").fetchone()
    connection.close()
    assert Decimal(f"{found:.15g}") == sum(amounts)


def test_content_numbers_every_follow_up_once(day: Day) -> None:
    content = Content(day)
    numbers = [row.number for row in content.followups]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [content.number(row.followup) for row in content.followups] == numbers
