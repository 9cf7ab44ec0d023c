"""The prompt of `tracker sql`, on a pseudo-terminal; and what it completes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from tests.cli.pseudo_terminal import Conversation, pty
from tracker.cli.sql_prompt import SqlCompleter
from tracker.database.mistakes import Names

if TYPE_CHECKING:
    from pathlib import Path

TODAY = ("--today", "2026-11-24")
CTRL_C, CTRL_D, TAB, UP = "\x03", "\x04", "\t", "\x1b[A"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;"


def prompt(folder: Path, *arguments: str) -> Conversation:
    """Open the prompt, with a history of its own."""
    return Conversation(
        folder,
        ["-m", "tracker", "sql", *TODAY, *arguments],
        COLUMNS="100",
        NO_COLOR="1",
        PROMPT_TOOLKIT_NO_CPR="1",  # nobody here says where the cursor is
        HOME=str(folder.parent),
        XDG_CONFIG_HOME=str(folder.parent / "config"),
    )


def test_questions_and_answers(english: Path) -> None:
    with prompt(english) as terminal:
        terminal.wait_for(".help shows help, Ctrl-D ends")
        terminal.wait_for("sql>")
        terminal.type("SELECT 40 + 2\r")
        terminal.wait_for("  ->")
        terminal.type("AS answer;\r")
        terminal.wait_for("answer\n    42\n")
        terminal.wait_for("sql>")
        terminal.type("SELECT nam FROM customers;\r")
        terminal.wait_for("^^^ there is no column ‘nam’; did you mean ‘name’?")
        terminal.wait_for("sql>")
        terminal.type("SELECT 1 AS first; SELECT 2 AS second;\r")
        terminal.wait_for("first\n    1\nsecond\n     2\n")
        terminal.wait_for("sql>")
        terminal.type(CTRL_D)
        assert terminal.end() == 0
        assert "Traceback" not in terminal.shown


def test_its_own_commands(english: Path) -> None:
    with prompt(english) as terminal:
        for typed, shown in (
            (".tables", "customers "),
            (".schema rates", "CREATE TABLE rates ("),
            (".schema rats", "there is no table ‘rats’; did you mean ‘rates’?"),
            (".format csv", ""),
            ("SELECT 1 AS a, 'x' AS b;", "a,b\n1,x\n"),
            (".format xml", "one of these is wanted: table, json, jsonl, csv"),
            (".tabels", "there is no .tabels; did you mean .tables?"),
            (".help", "Functions beside those of SQLite:"),
            ("", ""),
        ):
            terminal.wait_for("sql>")
            terminal.type(f"{typed}\r")
            terminal.wait_for(shown)
        terminal.wait_for("sql>")
        terminal.type(".quit\r")
        assert terminal.end() == 0


def test_records_are_read_again(english: Path) -> None:
    (english / "records" / "new-one.md").unlink(missing_ok=True)
    question = "SELECT count(*) AS n FROM customers WHERE id = 'new-one';\r"
    with prompt(english) as terminal:
        terminal.wait_for("sql>")
        terminal.type(question)
        terminal.wait_for("n\n0\n")
        (english / "records" / "new-one.md").write_text(
            "---\nname: New One\nstage: proposal\nowner: Li\n---\n", "utf-8"
        )
        terminal.wait_for("sql>")
        terminal.type(".reload\r")
        terminal.wait_for("Ctrl-D ends")
        terminal.wait_for("sql>")
        terminal.type(question)
        terminal.wait_for("n\n1\n")
        terminal.wait_for("sql>")
        terminal.type(CTRL_D)
        assert terminal.end() == 0


def test_ctrl_c_drops_a_line_and_ends_a_query(english: Path) -> None:
    with prompt(english) as terminal:
        terminal.wait_for("sql>")
        terminal.type("SELECT 1 FROM")
        terminal.wait_for("FROM")
        terminal.type(CTRL_C)
        terminal.wait_for("sql>")
        terminal.type(f"{ENDLESS}\r")
        terminal.wait_for("FROM n;\n")
        time.sleep(1)
        terminal.interrupt()
        terminal.wait_for("sql>")
        terminal.type("SELECT 'still here' AS a;\r")
        terminal.wait_for("a\nstill here\n")
        terminal.wait_for("sql>")
        terminal.type(CTRL_D)
        assert terminal.end() == 0
        assert "Traceback" not in terminal.shown


def test_a_query_that_takes_too_long(english: Path) -> None:
    with prompt(english, "--timeout", "0.3") as terminal:
        terminal.wait_for("sql>")
        terminal.type(f"{ENDLESS}\r")
        terminal.wait_for("the query was stopped after 0.3 seconds")
        terminal.wait_for("sql>")
        terminal.type(CTRL_D)
        assert terminal.end() == 0


def test_completion_and_history(english: Path) -> None:
    with prompt(english) as terminal:
        terminal.wait_for("sql>")
        terminal.type("SELECT 7 AS seven FROM stag")
        terminal.wait_for("stag")
        terminal.type(TAB)
        terminal.wait_for("e")
        terminal.type("s LIMIT 1;\r")
        terminal.wait_for("seven\n    7\n")
        terminal.wait_for("sql>")
        terminal.type(CTRL_D)
        assert terminal.end() == 0
    kept = english.parent / "config" / "tracker" / "sql_history"
    assert "SELECT 7 AS seven FROM stage" in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o077 == 0, "others must not read it"
    with prompt(english) as terminal:
        terminal.wait_for("sql>")
        time.sleep(0.5)  # the history is read beside
        terminal.type(UP)
        terminal.wait_for("SELECT 7 AS seven FROM stage")
        terminal.type("\r")
        terminal.wait_for("seven\n    7\n")
        terminal.wait_for("sql>")
        terminal.type(CTRL_D)
        assert terminal.end() == 0


def test_a_history_that_cannot_be_kept_is_done_without(english: Path) -> None:
    (english.parent / "config").write_text("a file where a folder should be", "utf-8")
    with prompt(english) as terminal:
        terminal.wait_for("sql>")
        terminal.type("SELECT 5 AS five;\r")
        terminal.wait_for("five\n   5\n")
        terminal.wait_for("sql>")
        terminal.type(CTRL_D)
        assert terminal.end() == 0


def test_a_row_too_wide_for_the_terminal_is_shown_a_line_a_column(english: Path) -> None:
    with prompt(english) as terminal:
        terminal.wait_for("sql>")
        terminal.type("SELECT * FROM customers ORDER BY id LIMIT 2;\r")
        terminal.wait_for("- 1 -\nid  ")
        terminal.wait_for("\nname  ")
        terminal.wait_for("- 2 -\nid  ")
        terminal.wait_for("sql>")
        terminal.type(CTRL_D)
        assert terminal.end() == 0


def test_a_query_on_the_command_line_asks_nothing(english: Path) -> None:
    with prompt(english, "SELECT 3 AS three") as terminal:
        assert terminal.end() == 0
        assert terminal.shown == "three\n    3\n"


def test_results_that_go_elsewhere_need_a_query(english: Path) -> None:
    # With the keyboard as stdin, but stdout in a file, nobody would see a prompt.
    master, slave = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "sql"],
        cwd=english,
        stdin=slave,
        capture_output=True,
        check=False,
        timeout=60,
    )
    os.close(slave)
    os.close(master)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"there is no query" in done.stderr


# --- Completion -------------------------------------------------------------------------------

NAMES = Names(
    {
        "customers": ("id", "name", "owner", "audit-date"),
        "followups": ("id", "customer", "date", "who"),
        "offers": ("customer", "date"),
    },
    ("count", "contains", "today"),
)


def completed(text: str) -> list[str]:
    """Return what a text, with the cursor at `|`, may become, without what follows the cursor."""
    before, _, after = text.partition("|")
    document = Document(before + after, len(before))
    offers = SqlCompleter(lambda: NAMES).get_completions(document, CompleteEvent())
    return [before[: len(before) + offer.start_position] + offer.text for offer in offers]


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("SELECT * FROM |", ["customers", "followups", "offers"]),
        ("SELECT * FROM fo|", ["followups"]),
        ("select * from customers join o|", ["offers"]),
        ("SELECT customers.|", ["id", "name", "owner", '"audit-date"']),
        ("SELECT c.n| FROM customers AS c", ["name"]),
        ("SELECT f.| FROM followups f", ["id", "customer", "date", "who"]),
        ("SELECT x.|", []),
        ("SELECT ow| FROM customers", ["owner"]),
        ("SELECT ow| FROM offers", []),
        ("SEL|", ["SELECT"]),
        ("sel|", ["select"]),
        ("SELECT co|", ["collate", "count(", "contains("]),
        ("SELECT 'na|", []),
        ("SELECT 'a' AS x, na| FROM customers", ["name", "natural"]),
        (".s|", [".schema"]),
        (".schema o|", ["offers"]),
        (".format j|", ["json", "jsonl"]),
    ],
)
def test_what_is_offered(text: str, offers: list[str]) -> None:
    before = text.partition("|")[0]
    begun = re.search(r"[\w.]*\Z", before)
    assert begun
    stem = before[: begun.start()]
    qualifier = begun[0].rpartition(".")[0]
    head = f"{stem}{qualifier}." if qualifier else stem
    assert completed(text) == [
        offer if offer.startswith(".") and stem == "" else f"{head}{offer}" for offer in offers
    ]
