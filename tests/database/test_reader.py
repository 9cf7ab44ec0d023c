"""Asking: only reading is possible, and every query ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config_file import default_config
from tracker.database.mistakes import Mistake
from tracker.database.reader import Limits, Reader, Result, Stopped
from tracker.insight.day import Day, day_of
from tracker.library.library import Library
from tracker.library.loader import load_library

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
TODAY = date(2026, 11, 24)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture(scope="module")
def day() -> Day:
    return day_of(load_library(ROOT / "tests" / "workspaces" / "small-zh"), TODAY)


@pytest.fixture
def reader(day: Day) -> Iterator[Reader]:
    with Reader(day) as made:
        yield made


def rows(reader: Reader, sql: str) -> list[tuple[Any, ...]]:
    answer = reader.ask(sql)
    assert isinstance(answer, Result), answer
    return answer.rows


# --- Nothing but reading ------------------------------------------------------------------------

REFUSED = [
    "ATTACH ':memory:' AS other",
    "ATTACH '{file}' AS other",
    "DETACH main",
    "VACUUM",
    "VACUUM INTO '{file}'",
    "BEGIN",
    "COMMIT",
    "SAVEPOINT a",
    "INSERT INTO customers (id) VALUES ('x')",
    "INSERT INTO customers (id) VALUES ('x') RETURNING id",
    "UPDATE customers SET name = 'x'",
    "DELETE FROM customers",
    "WITH x AS (SELECT 1) DELETE FROM customers",
    "REPLACE INTO customers (id) VALUES ('x')",
    "DROP TABLE customers",
    "ALTER TABLE customers RENAME TO others",
    "CREATE TABLE other (x)",
    "CREATE TEMP TABLE other (x)",
    "CREATE TABLE other AS SELECT * FROM customers",
    "CREATE VIEW other AS SELECT 1",
    "CREATE TEMP VIEW other AS SELECT 1",
    "CREATE INDEX other ON customers (name)",
    "CREATE TRIGGER other AFTER INSERT ON customers BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE other USING fts5(x)",
    "REINDEX",
    "ANALYZE",
    "PRAGMA query_only = OFF",
    "PRAGMA query_only",
    "PRAGMA writable_schema = ON",
    "PRAGMA hard_heap_limit = 0",
    "PRAGMA temp_store_directory = '/'",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA user_version = 7",
    "SELECT load_extension('x')",
    "SELECT LOAD_EXTENSION('x', 'y')",
    "SELECT writefile('{file}', 'x')",
    "SELECT readfile('{file}')",
    "SELECT edit('x')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT * FROM dbstat",
    "SELECT count(*) FROM dbstat",
    "SELECT * FROM sqlite_dbpage",
    "SELECT * FROM sqlite_temp_master",
    "SELECT * FROM pragma_user_version",
    "SELECT * FROM fsdir('.')",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_everything_but_reading_is_refused(reader: Reader, tmp_path: Path, sql: str) -> None:
    before = rows(reader, "SELECT count(*), max(name) FROM customers")
    schema = rows(reader, "SELECT name, sql FROM sqlite_master")
    answer = reader.ask(sql.format(file=tmp_path / "written"))
    assert isinstance(answer, Mistake), answer
    assert list(tmp_path.iterdir()) == []
    assert rows(reader, "SELECT count(*), max(name) FROM customers") == before
    assert rows(reader, "SELECT name, sql FROM sqlite_master") == schema


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM customers",
        "VALUES (1), (2)",
        "WITH x(i) AS (VALUES (1)) SELECT i FROM x",
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION SELECT i + 1 FROM n LIMIT 3) SELECT i FROM n",
        "SELECT tag.value FROM customers, json_each(customers.tags) AS tag",
        "SELECT count(*) FROM json_tree('[1, [2]]')",
        "SELECT name, row_number() OVER (PARTITION BY owner ORDER BY value) FROM customers",
        "SELECT name FROM customers UNION SELECT who FROM followups ORDER BY 1",
        "SELECT * FROM customers AS a JOIN customers AS b ON a.id < b.id",
        "SELECT name FROM sqlite_master",
        "SELECT name FROM sqlite_schema",
        "PRAGMA table_info(customers)",
        "PRAGMA foreign_key_list(followups)",
        "EXPLAIN SELECT 1",
        "EXPLAIN QUERY PLAN SELECT name FROM customers",
        "SELECT sqrt(2), upper('x'), strftime('%Y', today())",
        " ;\n SELECT 1 ; -- and no more\n ; ",
    ],
)
def test_reading_is_free(reader: Reader, sql: str) -> None:
    assert rows(reader, sql)


def test_names_of_columns_differ(reader: Reader) -> None:
    answer = reader.ask("SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a")
    assert isinstance(answer, Result)
    assert (answer.columns, answer.rows) == (("a", "a_3", "a_2", "a_4"), [(1, 2, 3, 4)])


# --- Everything ends ----------------------------------------------------------------------------


def test_a_query_ends_when_its_time_is_over(day: Day) -> None:
    with Reader(day, Limits(seconds=0.2)) as reader:
        answer = reader.ask(ENDLESS)
        assert isinstance(answer, Stopped)
        assert str(answer.message) == "the query was stopped after 0.2 seconds"
        assert rows(reader, "SELECT 1") == [(1,)], "it can be asked again"


@pytest.mark.parametrize(
    ("limits", "sql"),
    [
        (Limits(rows=10), ENDLESS.replace("count(*)", "i")),
        (Limits(characters=1000), "SELECT hex(zeroblob(300)) FROM stages"),
    ],
)
def test_a_result_has_an_end(day: Day, limits: Limits, sql: str) -> None:
    with Reader(day, limits) as reader:
        answer = reader.ask(sql)
        assert isinstance(answer, Stopped)
        assert "LIMIT" in str(answer.message)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT zeroblob(100000000)",
        "SELECT replace(hex(zeroblob(1000000)), '0', '123456789012345678901234567890123456')",
        "SELECT count(*) FROM customers WHERE name LIKE '{wild}'",
    ],
)
def test_single_values_are_bounded(reader: Reader, sql: str) -> None:
    assert isinstance(reader.ask(sql.format(wild="%a" * 2000)), Mistake)


MEMORY = """
import sys
from pathlib import Path
from datetime import date
from tracker.database.reader import Limits, Reader
from tracker.insight.day import day_of
from tracker.library.loader import load_library

day = day_of(load_library(Path(sys.argv[1])), date(2026, 11, 24))
with Reader(day, Limits(memory=16 * 1024**2)) as reader:
    print(reader.ask(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n) SELECT count(*) FROM n"
    ).message)
    print(reader.ask("SELECT 1").rows)
"""


def test_memory_is_bounded() -> None:
    # In a process of its own: the limit holds for all of it, and can only be lowered.
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(ROOT / "tests" / "workspaces" / "small-zh")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    message = "the query was stopped: it takes more than 16 MB of memory"
    assert done.stdout.splitlines() == [message, "[(1,)]"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS,
        f"{ENDLESS} WHERE fold(i) = 'x'",
        "SELECT 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' REGEXP '(a+)+$'",
    ],
)
def test_ctrl_c_ends_a_query_and_no_more(reader: Reader, sql: str) -> None:
    before = signal.getsignal(signal.SIGINT)
    # From outside: while an expression is looked for, no other thread of this process runs.
    kill = f"import os, time; time.sleep(0.5); os.kill({os.getpid()}, {signal.SIGINT:d})"
    with subprocess.Popen([sys.executable, "-c", kill]), pytest.raises(KeyboardInterrupt):
        reader.ask(sql)
    assert signal.getsignal(signal.SIGINT) is before
    assert rows(reader, "SELECT 1") == [(1,)]


def test_another_thread_can_ask(day: Day) -> None:
    found: list[Any] = []

    def ask() -> None:
        with Reader(day) as reader:
            found.append(reader.ask("SELECT count(*) FROM stages"))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert isinstance(found[0], Result)


# --- Functions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("today()", "2026-11-24"),
        ("date(today(), '-30 days')", "2026-10-25"),
        ("week('2026-11-24')", "2026-W48"),
        ("week('2027-01-01')", "2026-W53"),
        ("week('2026-11-24 10:30')", "2026-W48"),
        ("month('2026-11-24')", "2026-11"),
        ("quarter('2026-01-01')", "2026-Q1"),
        ("quarter('2026-03-31')", "2026-Q1"),
        ("quarter('2026-11-24')", "2026-Q4"),
        ("quarter('soon')", None),
        ("week('2026-02-30')", None),
        ("month(NULL)", None),
        ("fold('Ｑ-2026 ＡＢ')", "q 2026 ab"),
        ("fold(NULL)", None),
        ("contains('恒达精密ABC', 'ａｂｃ')", 1),
        ("contains('恒达', '精密')", 0),
        ("contains(NULL, 'x')", None),
        ("contains(12345, 34)", 1),
        ("pinyin('苏州银行 Bank')", "suzhouyinhangbank"),
        ("pinyin('绿')", "lv"),
        ("pinyin('')", ""),
        ("pinyin(NULL)", None),
        ("'0512-66881234' REGEXP '^0\\d{3}-'", 1),
        ("'王芳' REGEXP '^李'", 0),
        ("NULL REGEXP 'x'", None),
    ],
)
def test_functions(reader: Reader, call: str, value: object) -> None:
    assert rows(reader, f"SELECT {call}") == [(value,)]


def test_a_wrong_expression_is_said_to_be_one(reader: Reader) -> None:
    answer = reader.ask("SELECT name FROM customers WHERE name REGEXP '('")
    assert isinstance(answer, Mistake)
    assert str(answer.message).startswith("‘(’ is not a regular expression: missing )")


def test_every_function_is_described(reader: Reader) -> None:
    from tracker.database.functions import FUNCTIONS

    described = {call.partition("(")[0] for call in FUNCTIONS if "(" in call}
    assert described | {"regexp"} <= set(reader.names.functions)
    assert not {"load_extension", "edit", "writefile"} & set(reader.names.functions)


# --- What must always hold ----------------------------------------------------------------------

EMPTY = Day(Library(ROOT, default_config(), ()), TODAY, (), ())
WORDS = st.sampled_from(
    ["SELECT", "FROM", "WHERE", "customers", "followups", "name", "owner", "(", ")", ",", ".", ";",
     "*", "=", "'x'", "'x", '"y"', "1", "count(", "GROUP", "BY", "ORDER", "LIMIT", "UNION", "WITH",
     "AS", "?", ":a", "--", "/*", "，", "DELETE", "PRAGMA", "EXPLAIN", "nam", "\n", "JOIN", "ON"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join)))
def test_any_text_is_answered(sql: str) -> None:
    with Reader(EMPTY, Limits(seconds=5)) as reader:
        answer = reader.ask(sql)
        if isinstance(answer, Mistake):
            assert str(answer.message)
            if answer.start is not None and answer.end is not None:
                assert 0 <= answer.start <= answer.end <= len(sql)


def test_a_query_takes_no_longer_for_having_been_asked_before(reader: Reader) -> None:
    # The time of one query is not counted for the next.
    for _ in range(3):
        assert rows(reader, "SELECT count(*) FROM customers")
        time.sleep(0.01)
