"""`tracker sql`."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ended, Tracker

TODAY = ("--today", "2026-11-24")
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def piped(folder: Path, data: bytes, *arguments: str) -> Ended:
    """Run the command with a query on stdin."""
    from tests.cli.conftest import Ended

    done = subprocess.run(
        [sys.executable, "-m", "tracker", "sql", *arguments],
        cwd=folder,
        input=data,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def answer(tracker: Tracker, folder: Path, sql: str) -> Any:  # noqa: ANN401  # any JSON
    ended = tracker(folder, "sql", *TODAY, "--format", "json", sql)
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


# --- Forms ------------------------------------------------------------------------------------


def test_a_table_has_numbers_at_the_right(tracker: Tracker, english: Path) -> None:
    ended = tracker(
        english,
        "sql",
        "SELECT 'a' AS word, 5 AS number UNION ALL VALUES ('bcd', 1200.5), ('', NULL)",
    )
    assert ended.code == 0
    assert ended.out == "word  number\na          5\nbcd   1200.5\n\n"


def test_rows_for_programs_keep_their_types(tracker: Tracker, english: Path) -> None:
    sql = (
        "SELECT 1 AS a, 2.0 AS b, 0.1 + 0.2 AS c, 'x\ny' AS d, NULL AS e, x'00ff' AS f, "
        "9e999 AS g, '江' AS a, 9007199254740993 AS h"
    )
    row = {"a": 1, "b": 2, "c": 0.3, "d": "x\ny", "e": None, "f": "x'00ff'", "g": "inf"}
    row |= {"a_2": "江", "h": 9007199254740993}
    assert answer(tracker, english, sql) == [row]
    lines = tracker(english, "sql", "--format", "jsonl", sql).out.splitlines()
    assert [json.loads(line) for line in lines] == [row]
    table = tracker(english, "sql", "--format", "csv", sql).out
    (found,) = csv.DictReader(io.StringIO(table, newline=""))
    assert found == {name: "" if value is None else str(value) for name, value in row.items()}


def test_no_rows(tracker: Tracker, english: Path) -> None:
    sql = "SELECT name FROM customers WHERE 0"
    ended = tracker(english, "sql", sql)
    assert (ended.code, ended.out, ended.err) == (0, "", "no rows\n")
    assert tracker(english, "sql", "--format", "json", sql).out == "[]\n"
    assert tracker(english, "sql", "--format", "csv", sql).out == "name\r\n"


def test_records_cannot_command_the_terminal(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "sql", "SELECT char(27) || '[2J' AS a, 'x' || char(7) AS \"b\x1b[0m\"")
    assert "\x1b" not in ended.out
    assert "\x07" not in ended.out


# --- The query --------------------------------------------------------------------------------


def test_the_query_may_be_several_words(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "sql", "SELECT", "1", "AS", "one")
    assert ended.out == "one\n  1\n"


@pytest.mark.parametrize("arguments", [(), ("-",)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_query_may_come_from_stdin(
    english: Path, arguments: tuple[str, ...], encoding: str
) -> None:
    ended = piped(english, "SELECT '江'\r\nAS a;\r\n".encode(encoding), *arguments)
    assert (ended.code, ended.out) == (0, "a\n江\n"), ended.err


def test_stdin_that_is_no_text(english: Path) -> None:
    ended = piped(english, "SELECT '江'".encode("gbk"))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("tracker: the text on stdin is not UTF-8; it looks like gb18030: ")


def test_an_empty_query(tracker: Tracker, english: Path) -> None:
    for ended in (
        piped(english, b""),
        tracker(english, "sql", ""),
        tracker(english, "sql", "  ", "\n"),
    ):
        assert ended.code == 2
        assert ended.err.startswith("tracker: there is no query; ")


def test_the_day_is_that_of_the_workspace(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "sql", *TODAY, "SELECT today() AS day")
    assert (ended.out, ended.err) == ("day\n2026-11-24\n", "")
    ended = tracker(english, "sql", *TODAY, "SELECT date('now') > '2000' AS late")
    assert ended.out == "late\n   1\n"
    assert ended.err == "the query asks the clock, in UTC; today() is the workspace's day\n"


def test_words_are_those_of_the_workspace(tracker: Tracker, chinese: Path) -> None:
    found = answer(
        tracker, chinese, "SELECT DISTINCT stage, stage_id FROM customers WHERE stage_id = 'won'"
    )
    assert [row["stage_id"] for row in found] == ["won"] * len(found)
    listed = json.loads(tracker(chinese, "list", *TODAY, "--format", "json").out)
    counted = answer(tracker, chinese, "SELECT stage, count(*) AS n FROM customers GROUP BY 1")
    for row in counted:
        assert sum(one["stage"] == row["stage"] for one in listed) == row["n"]


# --- What goes wrong --------------------------------------------------------------------------


def test_a_mistake_is_shown_at_its_place(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "sql", "SELECT name,\n  ownr\nFROM customers")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "tracker: the query is wrong\n"
        "      ownr\n"
        "      ^^^^ there is no column ‘ownr’; did you mean ‘owner’?\n"
    )


def test_the_caret_stands_below_wide_characters(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "sql", "SELECT '恒达' FORM customers")
    assert ended.err.splitlines()[1:] == [
        "    SELECT '恒达' FORM customers",
        "                  ^^^^ the query cannot be understood from here on; did you mean ‘FROM’?",
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM customers",
        "ATTACH 'x' AS x",
        "PRAGMA query_only = 0",
        "SELECT load_extension('x')",
        "SELECT 1; SELECT 2",
        "SELECT",
        "SELECT 'a",
        "nonsense",
        "SELECT * FROM nowhere",
        "SELECT '\ud800'",
    ],
)
def test_a_wrong_query_is_wrong_use(tracker: Tracker, english: Path, sql: str) -> None:
    before = {path: path.read_bytes() for path in english.rglob("*.md")}
    ended = tracker(english, "sql", sql)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("tracker: the query is wrong\n")
    assert "Traceback" not in ended.err
    assert {path: path.read_bytes() for path in english.rglob("*.md")} == before
    assert not (english / "x").exists()


def test_a_query_that_takes_too_long(process: Tracker, english: Path) -> None:
    ended = process(english, "sql", "--timeout", "0.3", ENDLESS)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "tracker: the query was stopped after 0.3 seconds\n"


@pytest.mark.parametrize("timeout", ["0", "-1", "soon"])
def test_a_timeout_is_a_time(tracker: Tracker, english: Path, timeout: str) -> None:
    ended = tracker(english, "sql", f"--timeout={timeout}", "SELECT 1")
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_it(tracker: Tracker, english: Path) -> None:
    # Whenever the signal comes, while loading or while asking, the end is the same.
    kill = f"import os, time; time.sleep(1); os.kill({os.getpid()}, {signal.SIGINT:d})"
    with subprocess.Popen([sys.executable, "-c", kill]):
        ended = tracker(english, "sql", ENDLESS)
    assert (ended.code, ended.out, ended.err) == (130, "", "")


def test_no_workspace(tracker: Tracker, tmp_path: Path) -> None:
    for arguments in (["SELECT 1"], ["--tables"], ["--schema"]):
        assert tracker(tmp_path, "sql", *arguments).code == 2


def test_records_that_cannot_be_read_are_counted(tracker: Tracker, english: Path) -> None:
    (english / "records" / "bad.md").write_bytes(b"\xff\xfe\x00")
    ended = tracker(
        english, "sql", *TODAY, "SELECT count(*) AS n FROM problems WHERE customer IS NULL"
    )
    assert ended.code == 0
    assert ended.err == "records left out because they cannot be read: 1; see: tracker check\n"
    assert int(ended.out.split()[-1]) >= 1


# --- Tables -----------------------------------------------------------------------------------


def test_the_tables_with_their_rows(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "sql", *TODAY, "--tables", "--format", "json")
    found = {row["table"]: row["rows"] for row in json.loads(ended.out)}
    for table, count in found.items():
        sql = f"SELECT count(*) AS n FROM {table}"  # noqa: S608  # a name of ours
        assert answer(tracker, english, sql) == [{"n": count}]
    assert found["customers"] == len(list((english / "records").rglob("[!_]*.md")))
    assert "customers" in tracker(english, "sql", "--tables").out


def test_the_schema_is_sql(tracker: Tracker, english: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.executescript(tracker(english, "sql", "--schema").out)
    made = connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()
    connection.close()
    assert made[0] == len(json.loads(tracker(english, "sql", "--tables", "--format", "json").out))


def test_the_schema_of_some_tables(tracker: Tracker, english: Path) -> None:
    (english / "tracker.yaml").write_text(
        "language: en\nfields:\n  lines: {type: number, help: How many production lines}\n", "utf-8"
    )
    ended = tracker(english, "sql", "--schema", "customers")
    assert "  lines NUMERIC  -- How many production lines\n" in ended.out
    assert "CREATE TABLE followups" not in ended.out
    rows = json.loads(tracker(english, "sql", "--schema", "Losses", "--format", "json").out)
    assert {row["table"] for row in rows} == {"losses"}
    assert rows[0] == {
        "table": "losses",
        "column": "customer",
        "type": "TEXT",
        "holds": "text",
        "references": "customers",
        "meaning": "The customer's id",
    }


def test_a_table_that_is_not_there(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "sql", "--schema", "folowups")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "tracker: there is no table ‘folowups’; did you mean ‘followups’?\n"


def test_the_schema_speaks_the_language_of_the_workspace(tracker: Tracker, chinese: Path) -> None:
    assert "-- 未成交" not in tracker(chinese, "sql", "--schema", "customers").out
    assert "客户 id" in tracker(chinese, "sql", "--schema", "losses").out


def test_a_mistake_is_explained_in_the_language_of_the_workspace(
    tracker: Tracker, chinese: Path
) -> None:
    ended = tracker(chinese, "sql", "SELECT nam FROM customers")
    assert ended.code == 2
    assert ended.err.splitlines()[-1].endswith("^^^ 没有列“nam”；是不是“name”？")
    for heading, column in (("负责人", "owner"), ("预计成交", "expected_close")):
        ended = tracker(chinese, "sql", "SELECT", heading, "FROM customers")
        assert ended.err.splitlines()[-1].endswith(f"没有列“{heading}”；是不是“{column}”？")
