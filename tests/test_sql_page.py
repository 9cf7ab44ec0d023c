"""`docs/sql.md` says what the tables are, and answers its questions rightly."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tools.sql_page import page_of

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "sql.md").read_text("utf-8")
TOOL = ROOT / "tools" / "sql_page.py"
QUESTION = re.compile(r"^### ([^\n]+\?)\n(.*?)(?=^##)", re.MULTILINE | re.DOTALL)


def test_the_tables_and_the_printed_answers_are_those_of_the_demo() -> None:
    # The tool runs every query of the page on the records of the repository.
    done = subprocess.run(
        [sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_ten_questions_have_answers() -> None:
    questions = {found[1]: found[2] for found in QUESTION.finditer(PAGE)}
    assert len(questions) == 10
    for question, text in questions.items():
        blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert [kind for kind, _ in blocks] == ["sql", ""], question
        assert len(blocks[1][1].splitlines()) > 1, f"{question} has rows"


def test_a_stale_answer_is_found() -> None:
    changed = PAGE.replace("percent_kept\n李雷", "percent_kept\n韩雷")
    assert changed != PAGE
    assert page_of(changed) == PAGE


def test_the_mistake_on_the_page_is_as_printed(tmp_path: Path) -> None:
    (tmp_path / "tracker.yaml").write_text("", "utf-8")
    (tmp_path / "records").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "sql", "SELECT nam FROM customers"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        check=False,
    )
    shown = re.findall(r"^  ```\n(.*?)^  ```$", PAGE, re.MULTILINE | re.DOTALL)[0]
    assert done.stderr.decode() == re.sub(r"^  ", "", shown, flags=re.MULTILINE)
