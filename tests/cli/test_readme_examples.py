"""The READMEs and guides: what they show is as `fmt` writes it, and their commands can be given."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

READMES = {"en": REPOSITORY / "README.md", "zh": REPOSITORY / "README.zh.md"}

_RECORD = re.compile(r"^```markdown\n(---\n.*?)^```$", re.MULTILINE | re.DOTALL)
_FOLLOWUP = re.compile(r"^```markdown\n(## .*?)^```$", re.MULTILINE | re.DOTALL)
_DAY = re.compile(r"--today (\d{4}-\d\d-\d\d)")


@pytest.mark.parametrize("language", READMES)
def test_records_are_canonical_and_without_problems(
    tracker: Tracker, tmp_path: Path, language: str
) -> None:
    text = READMES[language].read_text(encoding="utf-8")
    records = _RECORD.findall(text)
    day = _DAY.search(text)
    assert records
    assert day
    assert tracker(tmp_path, "init", "--lang", language).code == 0
    for number, record in enumerate(records):
        (tmp_path / f"records/{number}.md").write_text(record, encoding="utf-8", newline="\n")
    ended = tracker(tmp_path, "fmt", "--check", "--diff")
    assert (ended.code, ended.out) == (0, ""), ended.out
    ended = tracker(tmp_path, "check", "--strict", "--today", day[1])
    assert ended.code == 0, ended.out


@pytest.mark.parametrize("language", READMES)
def test_the_commands_that_write_can_be_given_one_after_the_other(
    tracker: Tracker, tmp_path: Path, language: str
) -> None:
    text = READMES[language].read_text(encoding="utf-8")
    name = re.search(r"`(records/[a-z]+\.md)`", text)
    record = _RECORD.search(text)
    assert name
    assert record
    assert tracker(tmp_path, "init", "--lang", language).code == 0
    (tmp_path / name[1]).write_text(record[1], encoding="utf-8", newline="\n")
    commands = re.findall(
        r"^\| `tracker ((?:new|log|done|set|handover) [^`]+)`", text, re.MULTILINE
    )
    assert len(commands) == 5
    for command in commands:
        ended = tracker(tmp_path, *shlex.split(command.partition(" > ")[0]))
        assert ended.code == 0, (command, ended.err)


@pytest.mark.parametrize(("language", "guide"), [("en", "guide.md"), ("zh", "guide.zh.md")])
def test_the_follow_up_of_the_guide_is_canonical_and_without_problems(
    tracker: Tracker, tmp_path: Path, language: str, guide: str
) -> None:
    record = _RECORD.search(READMES[language].read_text(encoding="utf-8"))
    followup = _FOLLOWUP.search((REPOSITORY / "docs" / guide).read_text(encoding="utf-8"))
    assert record
    assert followup
    *_, stage = re.findall(r"-> (.+)$", followup[1], re.MULTILINE)
    matter = re.sub(r"^(stage|客户阶段): .*", rf"\1: {stage}", record[1], flags=re.MULTILINE)
    text = f"{matter.partition('## ')[0]}{followup[1]}"
    assert tracker(tmp_path, "init", "--lang", language).code == 0
    (tmp_path / "records/a.md").write_text(text, encoding="utf-8", newline="\n")
    for arguments in (("fmt", "--check"), ("check", "--strict", "--today", "2026-11-21")):
        ended = tracker(tmp_path, *arguments)
        assert ended.code == 0, ended.out
