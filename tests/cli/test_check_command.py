"""`tracker check`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import WORKSPACES
from tests.git_repository import Repository
from tracker.rules.registry import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ended, Tracker

TODAY = ("--today", "2026-11-24")
SOUND = "---\nname: {name}\nstage: lost\nowner: Li Lei\nlost: {{reason: price}}\n---\n"
WARNED = "---\nname: Quiet Mill\nstage: lost\nowner: Li Lei\n---\n"
FAULTY = "---\nname: Acme Pumps\nstage: propsal\nowner: Li Lei\n---\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace of one sound record."""
    root = tmp_path / "sales"
    (root / "records" / "export").mkdir(parents=True)
    (root / "tracker.yaml").touch()
    add(root, "records/sound.md", SOUND.format(name="Northwind"))
    return root


def add(root: Path, path: str, text: str) -> None:
    (root / path).write_text(text, encoding="utf-8")


def test_a_sound_workspace(tracker: Tracker, workspace: Path) -> None:
    ended = tracker(workspace, "check", *TODAY)
    assert (ended.code, ended.out, ended.err) == (0, "1 record, 0 errors, 0 warnings\n", "")


def test_warnings_fail_only_when_strict(tracker: Tracker, workspace: Path) -> None:
    add(workspace, "records/warned.md", WARNED)
    assert tracker(workspace, "check", *TODAY).code == 0
    ended = tracker(workspace, "check", "--strict", *TODAY)
    assert ended.code == 1
    assert ended.out.startswith("records/warned.md:3:8: warning[lost-without-reason] ")


def test_errors_fail(tracker: Tracker, workspace: Path) -> None:
    add(workspace, "records/faulty.md", FAULTY)
    ended = tracker(workspace, "check", *TODAY)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out == (
        "records/faulty.md:3:8: error[unknown-word] ‘propsal’ is not one of stages\n"
        "    stage: propsal\n"
        "           ^^^^^^^\n"
        "    hint: did you mean ‘proposal’?\n"
        "2 records, 1 error, 0 warnings\n"
    )


def test_hints_name_keys_and_lists_as_the_record_has_them(
    tracker: Tracker, workspace: Path
) -> None:
    add(workspace, "tracker.yaml", "language: zh\n")
    add(workspace, "records/chinese.md", "---\n客户名称: 恒达\n客户来源: 展绘\n阶段: 成交\n---\n")
    add(workspace, "records/english.md", "---\nname: 北辰\nstage: proposal\n---\n")
    told = tracker(workspace, "check", *TODAY).out
    assert "请加一行 负责人: …" in told
    assert "请加一行 owner: …" in told
    assert "“展绘”不在“客户来源”的词表中" in told
    assert "请加上“成交”" in told
    assert "3 条记录、3 个错误、2 个警告" in told


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_a_form_does_not_change_the_exit_code(tracker: Tracker, workspace: Path, form: str) -> None:
    assert tracker(workspace, "check", "--format", form, *TODAY).code == 0
    add(workspace, "records/faulty.md", FAULTY)
    ended = tracker(workspace, "check", "--format", form, *TODAY)
    assert ended.code == 1
    assert "unknown-word" in ended.out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_broken_workspace_as_json(tracker: Tracker, language: str) -> None:
    ended = tracker(WORKSPACES / "broken" / language, "check", "--format", "json", *TODAY)
    data = json.loads(ended.out)
    assert (ended.code, ended.err, data["records"]) == (1, "", 6)
    assert data["errors"] == sum(each["severity"] == "error" for each in data["problems"])


# --- PATH ---------------------------------------------------------------------------------------


def test_a_path_limits_what_is_reported_not_what_is_read(tracker: Tracker, workspace: Path) -> None:
    add(workspace, "records/faulty.md", FAULTY)
    add(workspace, "records/export/same.md", SOUND.format(name="Northwind Inc."))
    add(workspace, "tracker.yaml", "titel: x\n")
    for path in ("records/sound.md", str(workspace / "records" / "sound.md")):
        ended = tracker(workspace, "check", path, *TODAY)
        assert (ended.code, ended.out.splitlines()[-1][:9]) == (0, "1 record,")
        assert "[duplicate-customer]" in ended.out
        assert "records/export/same.md" in ended.out
    ended = tracker(workspace, "check", "records/faulty.md", "records/export", *TODAY)
    assert ended.code == 1
    assert ended.out.splitlines()[-1] == "2 records, 1 error, 0 warnings"
    for path in ("tracker.yaml", "."):
        ended = tracker(workspace, "check", path, *TODAY)
        assert ended.code == 1
        assert ended.out.splitlines()[-1] == "3 records, 1 error, 2 warnings"


def test_paths_are_read_and_shown_from_the_current_folder(
    tracker: Tracker, workspace: Path
) -> None:
    add(workspace, "records/export/faulty.md", FAULTY)
    folder = workspace / "records" / "export"
    ended = tracker(folder, "check", "faulty.md", *TODAY)
    assert ended.out.startswith("../../records/export/faulty.md:3:8: ")
    assert tracker(folder, "check", "records/export/faulty.md", *TODAY).out == ended.out
    assert (
        json.loads(tracker(folder, "check", "--format", "json", *TODAY).out)["problems"][0]["path"]
        == "records/export/faulty.md"
    )


@pytest.mark.parametrize(
    "path", ["records/none.md", "records/_template.md", "records/soun", "../sales2", "attachments"]
)
def test_a_path_that_is_no_record_is_wrong_use(
    tracker: Tracker, workspace: Path, path: str
) -> None:
    add(workspace, "records/_template.md", FAULTY)
    ended = tracker(workspace, "check", path, *TODAY)
    assert (ended.code, ended.out) == (2, "")
    assert path in ended.err
    exists = (workspace / path).exists()
    assert ("is no record, and holds none" if exists else "there is no file") in ended.err


def test_a_word_of_an_empty_list_is_told_where_words_are_declared(
    tracker: Tracker, workspace: Path
) -> None:
    add(workspace, "tracker.yaml", "language: en\nsources: []\n")
    add(workspace, "records/a.md", "---\nname: A\nstage: won\nowner: B\nsource: fair\n---\n")
    ended = tracker(workspace, "check", "records/a.md", *TODAY)
    assert "hint: no word is declared under sources: in tracker.yaml" in ended.out


def test_annotations_name_files_from_the_repository(tracker: Tracker, workspace: Path) -> None:
    add(workspace, "records/faulty.md", FAULTY)
    run = ("check", "--format", "github", *TODAY)
    assert "file=records/faulty.md," in tracker(workspace, *run).out
    inside = tracker(workspace, *run, GITHUB_WORKSPACE=str(workspace.parent))
    assert "file=sales/records/faulty.md," in inside.out
    elsewhere = tracker(workspace, *run, GITHUB_WORKSPACE=str(workspace / "records"))
    assert "file=records/faulty.md," in elsewhere.out


def test_the_line_of_an_unknown_rule_is_shown(tracker: Tracker, workspace: Path) -> None:
    add(workspace, "tracker.yaml", "rules:\n  stael: off\n")
    ended = tracker(workspace, "check", *TODAY)
    assert ended.out == (
        "tracker.yaml:2:3: warning[config-unknown-key] there is no rule ‘stael’\n"
        "      stael: off\n"
        "      ^^^^^\n"
        "    hint: did you mean ‘stale’?\n"
        "1 record, 0 errors, 1 warning\n"
    )


# --- --codes ------------------------------------------------------------------------------------


def test_codes_are_listed(tracker: Tracker, tmp_path: Path) -> None:
    ended = tracker(tmp_path, "check", "--codes")
    lines = [line.split() for line in ended.out.splitlines()[1:]]
    assert ended.code == 0
    assert [line[0] for line in lines] == list(all_rules())
    assert ["stale", "warning", "day", "An", "open"] in [line[:5] for line in lines]


def test_codes_are_listed_in_chinese(tracker: Tracker, workspace: Path) -> None:
    add(workspace, "tracker.yaml", "language: zh\n")
    heading, *lines = tracker(workspace, "check", "--codes").out.splitlines()
    assert heading.split() == ["代码", "级别", "随日期", "说明"]
    assert [line.split()[0] for line in lines] == list(all_rules())
    assert all(re.search("[\u4e00-\u9fff]", line) for line in lines)


def test_codes_as_json_with_the_settings_of_the_workspace(
    tracker: Tracker, workspace: Path
) -> None:
    add(workspace, "tracker.yaml", "rules: {stale: off, time-missing: error}\n")
    ended = tracker(workspace, "check", "--codes", "--format", "json")
    rows = {row["code"]: row for row in json.loads(ended.out)}
    assert set(rows) == set(all_rules())
    assert rows["stale"] == {
        "code": "stale",
        "severity": "off",
        "depends_on_day": True,
        "summary": all_rules()["stale"].summary,
    }
    assert rows["time-missing"]["severity"] == "error"


@pytest.mark.parametrize("arguments", [("records",), ("--format", "sarif")])
def test_codes_alone(tracker: Tracker, workspace: Path, arguments: tuple[str, ...]) -> None:
    ended = tracker(workspace, "check", "--codes", *arguments)
    assert (ended.code, ended.out) == (2, "")


def test_no_workspace(tracker: Tracker, tmp_path: Path) -> None:
    ended = tracker(tmp_path, "check")
    assert (ended.code, ended.out) == (2, "")
    assert "tracker.yaml" in ended.err


def test_output_in_pieces_as_a_process(process: Tracker, workspace: Path) -> None:
    add(workspace, "records/客户.md", FAULTY.replace("propsal", "谈判中"))
    ended = process(workspace, "check", *TODAY, PYTHONIOENCODING="", LC_ALL="C")
    assert (ended.code, ended.err) == (1, "")
    assert "\n    stage: 谈判中\n           ^^^^^^\n" in ended.out


# --- Changes ----------------------------------------------------------------------------------


@pytest.fixture
def changed(workspace: Path) -> Path:
    """Return the workspace in a git repository, with a record changed and one deleted since."""
    repository = Repository(workspace)
    repository.write("tracker.yaml", "")
    add(workspace, "records/acme.md", CHANGED.format(stage="proposal"))
    add(workspace, "records/gone.md", SOUND.format(name="Gone").replace("lost\n", "proposal\n", 1))
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "all", day="2026-11-20", committed="2026-11-20")
    add(workspace, "records/acme.md", CHANGED.format(stage="won"))
    (workspace / "records" / "gone.md").unlink()
    return workspace


CHANGED = """---
name: Acme Pumps
stage: {stage}
owner: Li Lei
deal: {{date: 2026-11-20, amount: 480 EUR}}
---
"""


def codes(ended: Ended) -> list[tuple[str, int, str, str]]:
    return [
        (each["path"], each["line"], each["severity"], each["code"])
        for each in json.loads(ended.out)["problems"]
        if each["code"].startswith("change-")
    ]


FOUND = [
    ("records/acme.md", 3, "info", "change-stage-skipped"),
    ("records/acme.md", 3, "warning", "change-stage-unexplained"),
    ("records/gone.md", 1, "warning", "change-record-deleted"),
]


@pytest.mark.parametrize("since", ["HEAD", "main", "2026-11-21", "3 days ago", "本周"])
def test_changes_are_checked_since_a_revision_or_a_day(
    tracker: Tracker, changed: Path, since: str
) -> None:
    ended = tracker(changed, "check", "--format", "json", "--since", since, *TODAY)
    assert (ended.code, ended.err) == (0, "")
    assert codes(ended) == FOUND
    assert json.loads(ended.out)["records"] == 2


def test_changes_are_checked_only_where_it_is_asked_for(tracker: Tracker, changed: Path) -> None:
    assert codes(tracker(changed, "check", "--format", "json", *TODAY)) == []


def test_rules_about_changes_can_be_made_errors_or_switched_off(
    tracker: Tracker, changed: Path
) -> None:
    rules = "change-record-deleted: error, change-stage-skipped: off"
    (changed / "tracker.yaml").write_text(f"rules: {{{rules}}}\n", encoding="utf-8")
    ended = tracker(changed, "check", "--format", "json", "--since", "HEAD", *TODAY)
    assert ended.code == 1
    assert codes(ended) == [
        FOUND[1],
        ("records/gone.md", 1, "error", "change-record-deleted"),
    ]


def test_changes_as_text_name_records_that_are_gone(tracker: Tracker, changed: Path) -> None:
    ended = tracker(changed, "check", "records/gone.md", "--since", "HEAD", "--strict", *TODAY)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.startswith(
        "records/gone.md:1:1: warning[change-record-deleted] the record of Gone was deleted"
    )


@pytest.mark.parametrize(
    ("since", "code", "complaint"),
    [("nothing", 2, "‘nothing’ is no revision"), ("", 2, "no revision"), ("HEAD~9", 2, "‘HEAD~9’")],
)
def test_since_what_git_does_not_know(
    tracker: Tracker, changed: Path, since: str, code: int, complaint: str
) -> None:
    ended = tracker(changed, "check", "--since", since)
    assert (ended.code, ended.out) == (code, "")
    assert complaint in ended.err
    assert ended.err.count("\n") == 1


def test_since_without_a_repository(tracker: Tracker, workspace: Path) -> None:
    ended = tracker(workspace, "check", "--since", "HEAD")
    assert ended.code == 3
    assert "is not in a git repository" in ended.err
