"""Stage changes from real git repositories."""

from __future__ import annotations

import subprocess
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository, git_calls
from tracker.insight.day import day_of
from tracker.library.git_follower import Edit, last_edits
from tracker.library.history import read_history
from tracker.library.loader import load_library
from tracker.library.stage_history import StageEntry

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def read(root: Path) -> dict[str, list[tuple[str, str]]]:
    found = read_history(load_library(root)).stages
    assert all(entry.source == "git" for entries in found.values() for entry in entries)
    return {
        path: [(entry.date.isoformat(), entry.stage) for entry in entries]
        for path, entries in found.items()
    }


A = "records/a.md"


def test_each_change_of_stage_is_one_entry(repository: Repository) -> None:
    repository.record(A, "初步接触", "2026-01-05")
    repository.record(A, "初步接触", "2026-01-06", text="more")
    repository.record(A, "needs analysis", "2026-02-05")
    repository.record(A, "需求分析", "2026-02-06")
    repository.record(A, "won", "2026-03-05")
    assert read(repository.folder) == {
        A: [("2026-01-05", "contact"), ("2026-02-05", "needs"), ("2026-03-05", "won")]
    }


@pytest.mark.parametrize(
    "line",
    [
        "stage: won",
        "客户阶段: 成交",
        "阶段: 成交 # 终于",
        "Stage: 'won'",
        'stage:   "成交"  ',
        "stage:\twon",
    ],
)
def test_the_stage_is_found_however_it_is_written(repository: Repository, line: str) -> None:
    repository.write(A, f"---\nname: A\n{line}\nowner: B\n---\nstage: lost\n")
    repository.commit("2026-01-05")
    assert read(repository.folder) == {A: [("2026-01-05", "won")]}


def test_a_stage_in_the_body_is_none(repository: Repository) -> None:
    repository.write(A, "---\nname: A\nowner: B\n---\nstage: won\n")
    repository.commit("2026-01-05")
    assert read(repository.folder) == {}


def test_line_breaks_and_a_byte_order_mark_do_not_matter(repository: Repository) -> None:
    text = "\ufeff---\r\nname: A\r\nstage: won\r\nowner: B\r\n---\r\n"
    (repository.folder / "records").mkdir()
    (repository.folder / A).write_bytes(text.encode())
    repository.commit("2026-01-05")
    assert read(repository.folder) == {A: [("2026-01-05", "won")]}


def test_records_with_stage_lines_are_not_asked_about(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = "## 2026-01-04 10:00 电话\n- 阶段: won\n"
    repository.record(A, "won", "2026-01-05", text=section)
    library = load_library(repository.folder)
    calls = git_calls(monkeypatch)
    day_of(library, date(2026, 1, 6))
    assert calls == []
    repository.record("records/b.md", "won", "2026-01-05")
    day_of(load_library(repository.folder), date(2026, 1, 6))
    assert "log" in calls


def test_a_renamed_record_keeps_its_history(repository: Repository) -> None:
    repository.record("records/旧名.md", "初步接触", "2026-01-05", text="long text\n" * 9)
    repository.git("mv", "records/旧名.md", "records/新名.md")
    repository.commit("2026-02-05")
    repository.record("records/新名.md", "won", "2026-03-05", text="long text\n" * 9)
    assert read(repository.folder) == {
        "records/新名.md": [("2026-01-05", "contact"), ("2026-03-05", "won")]
    }


def test_a_path_that_had_another_record_does_not_inherit_its_history(
    repository: Repository,
) -> None:
    repository.record(A, "lost", "2026-01-05", text="another company\n" * 9)
    repository.git("rm", "-q", A)
    repository.commit("2026-01-06")
    repository.record(A, "won", "2026-02-05")
    assert read(repository.folder) == {A: [("2026-02-05", "won")]}


def test_days_are_those_of_the_authors_in_the_team_s_zone(repository: Repository) -> None:
    repository.record(A, "初步接触")
    repository.commit("2026-01-05", "20:00:00-05:00")
    assert read(repository.folder) == {A: [("2026-01-06", "contact")]}


def test_a_rebased_change_is_no_earlier_than_the_one_before(repository: Repository) -> None:
    repository.record(A, "contact", "2026-01-05")
    repository.record(A, "negotiation", "2026-03-10")
    repository.record(A, "won", "2026-03-05")
    assert read(repository.folder) == {
        A: [("2026-01-05", "contact"), ("2026-03-10", "negotiation"), ("2026-03-10", "won")]
    }


def test_changes_on_branches_count_once_on_their_own_days(repository: Repository) -> None:
    repository.record(A, "初步接触", "2026-01-05", text="top\n" + "line\n" * 20 + "bottom\n")
    repository.git("checkout", "-q", "-b", "side")
    repository.record(A, "needs", "2026-01-10", text="top\n" + "line\n" * 20 + "bottom\n")
    repository.git("checkout", "-q", "main")
    repository.record(A, "初步接触", "2026-01-12", text="top\n" + "line\n" * 20 + "changed\n")
    repository.git("merge", "-q", "--no-edit", "side", day="2026-01-20")
    repository.record(A, "won", "2026-02-01", text="end\n")
    assert read(repository.folder) == {
        A: [("2026-01-05", "contact"), ("2026-01-10", "needs"), ("2026-02-01", "won")]
    }


def test_a_stage_decided_in_a_merge_is_of_the_merge_s_day(repository: Repository) -> None:
    repository.record(A, "初步接触", "2026-01-05")
    repository.git("checkout", "-q", "-b", "side")
    repository.record(A, "needs", "2026-01-10")
    repository.git("checkout", "-q", "main")
    repository.record(A, "proposal", "2026-01-12")
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "-q", "side")
    repository.record(A, "won", "2026-01-20")
    assert read(repository.folder)[A] == [
        ("2026-01-05", "contact"), ("2026-01-10", "needs"), ("2026-01-12", "proposal"),
        ("2026-01-20", "won"),
    ]  # fmt: skip


def test_what_is_not_committed_is_not_in_the_history(repository: Repository) -> None:
    repository.record(A, "初步接触", "2026-01-05")
    repository.record(A, "won")
    repository.record("records/b.md", "won")
    assert read(repository.folder) == {A: [("2026-01-05", "contact")]}


def test_a_workspace_in_a_folder_of_a_repository(repository: Repository) -> None:
    repository.record("sales/records/华东/恒达.md", "初步接触", "2026-01-05")
    repository.record("records/恒达.md", "lost", "2026-01-06")
    repository.write("sales/tracker.yaml", "language: zh\n")
    repository.record("sales/records/华东/恒达.md", "won", "2026-02-05")
    assert read(repository.folder / "sales") == {
        "records/华东/恒达.md": [("2026-01-05", "contact"), ("2026-02-05", "won")]
    }


def test_a_shallow_clone_does_not_date_what_it_cannot_know(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    repository.record(A, "初步接触", "2026-01-05")
    repository.record("records/b.md", "初步接触", "2026-01-06")
    repository.record("records/b.md", "won", "2026-01-07")
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--depth", "2", f"file://{repository.folder}", str(clone))
    assert read(clone) == {"records/b.md": [("2026-01-07", "won")]}
    lone = tmp_path_factory.mktemp("lone")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(lone))
    assert read(lone) == {}


def test_no_repository_and_no_commits(tmp_path: Path) -> None:
    (tmp_path / "plain" / "records").mkdir(parents=True)
    (tmp_path / "plain" / "tracker.yaml").write_text("", encoding="utf-8")
    (tmp_path / "plain" / A).write_text(
        "---\nname: A\nstage: won\nowner: B\n---\n", encoding="utf-8"
    )
    assert read(tmp_path / "plain") == {}
    (tmp_path / "empty").mkdir()
    repository = Repository(tmp_path / "empty")
    repository.record(A, "won")
    assert read(repository.folder) == {}


def test_no_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.record(A, "won", "2026-01-05")
    monkeypatch.setenv("PATH", "")
    assert read(repository.folder) == {}


def test_the_variables_of_a_hook_and_settings_of_a_person_change_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository.record(A, "won", "2026-01-05")
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("GIT_DIR", str(other))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    for setting, value in (
        ("log.showSignature", "true"), ("color.ui", "always"), ("core.quotePath", "true"),
        ("diff.renames", "false"), ("log.date", "relative"), ("format.pretty", "oneline"),
        ("diff.noprefix", "true"), ("log.decorate", "full"), ("diff.external", "false"),
    ):  # fmt: skip
        repository.git("config", setting, value)
    assert read(repository.folder) == {A: [("2026-01-05", "won")]}


def test_commits_out_of_any_calendar_are_passed_over(repository: Repository) -> None:
    repository.record(A, "初步接触", "2026-01-05")
    commit = repository.git("cat-file", "commit", "HEAD").replace(" +0800", " +9999")
    broken = commit.replace(
        "author Li Lei <lilei@example.com> 1767585600", "author X <x> 99999999999999"
    )
    name = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--literally", "--stdin"],
        cwd=repository.folder, input=broken, capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    repository.git("update-ref", "refs/heads/main", name)
    assert set(read(repository.folder)) <= {A}


def test_two_hundred_records_take_as_many_processes_as_one(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(200):
        repository.record(f"records/{number}.md", "初步接触")
    repository.commit("2026-01-05")
    library = load_library(repository.folder)
    calls = git_calls(monkeypatch)
    found = read_history(library)
    passes = [call for call in calls if call in ("log", "diff-tree", "cat-file")]
    assert passes == ["log", "diff-tree", "cat-file"]
    assert len(calls) < 9
    assert len(found.stages) == 200
    begun = StageEntry(date(2026, 1, 5), "contact", "git", came_with_record=True)
    assert found.stages["records/7.md"] == (begun,)
    calls.clear()
    assert last_edits(found, repository.folder)["records/7.md"] == Edit("Li Lei", date(2026, 1, 5))
    assert calls == ["diff"]


# --- Who edited a record last -------------------------------------------------------------------

B = "records/b.md"


def edits(root: Path) -> dict[str, tuple[str, str, bool]]:
    found = last_edits(read_history(load_library(root)), root)
    return {
        path: (edit.who, edit.day.isoformat(), edit.changed_since) for path, edit in found.items()
    }


def test_the_newest_commit_of_each_record_names_its_editor(repository: Repository) -> None:
    repository.record(A, "初步接触")
    repository.record(B, "初步接触", "2026-01-05")
    repository.git("config", "user.name", "unused")
    repository.write(A, "---\nname: A\nstage: won\nowner: B\n---\n")
    repository.git("add", "-A")
    repository.git(
        "commit", "-q", "-m", "x", "--author", "Han Mei <h@example.com>", day="2026-02-01"
    )
    repository.write("notes.md", "no record")
    repository.commit("2026-03-01")
    assert edits(repository.folder) == {
        A: ("Han Mei", "2026-02-01", False),
        B: ("Li Lei", "2026-01-05", False),
    }


def test_a_record_that_is_not_committed_has_no_editor_and_a_changed_one_says_so(
    repository: Repository,
) -> None:
    repository.record(A, "初步接触", "2026-01-05")
    repository.write(A, "---\nname: A2\nstage: won\nowner: B\n---\n")
    repository.record(B, "初步接触")
    assert edits(repository.folder) == {A: ("Li Lei", "2026-01-05", True)}


def test_the_day_of_an_edit_is_the_teams(repository: Repository) -> None:
    repository.write("tracker.yaml", "timezone: Asia/Shanghai\n")
    repository.write(A, "---\nname: A\nstage: won\nowner: B\n---\n")
    repository.commit("2026-01-05", clock="20:00:00-05:00")
    assert edits(repository.folder)[A][1] == "2026-01-06"


def test_editors_go_by_the_mailmap_and_any_name_is_kept(repository: Repository) -> None:
    repository.write(".mailmap", "李雷 <lilei@example.com>\n")
    repository.record("records/客户 A.md", "初步接触", "2026-01-05")
    assert edits(repository.folder) == {"records/客户 A.md": ("李雷", "2026-01-05", False)}


def test_a_workspace_below_its_repository_has_editors(repository: Repository) -> None:
    repository.write("crm/tracker.yaml", "")
    repository.record("crm/records/a.md", "won", "2026-01-05")
    assert edits(repository.folder / "crm") == {A: ("Li Lei", "2026-01-05", False)}


def test_a_merge_edits_what_it_makes_of_its_own(repository: Repository) -> None:
    repository.record(A, "初步接触")
    repository.record(B, "初步接触", "2026-01-05")
    repository.git("checkout", "-q", "-b", "side")
    repository.record(A, "需求分析", "2026-01-06")
    repository.git("checkout", "-q", "main")
    repository.record(B, "需求分析", "2026-01-07")
    repository.git("merge", "-q", "--no-ff", "--no-edit", "side", day="2026-01-08")
    assert {path: day for path, (_, day, _) in edits(repository.folder).items()} == {
        A: "2026-01-06",
        B: "2026-01-07",
    }


def test_the_end_of_a_shallow_clone_edits_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.record(A, "初步接触")
    repository.record(B, "初步接触", "2026-01-05")
    repository.record(B, "需求分析", "2026-01-06")
    repository.record(A, "需求分析", "2026-01-07")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth", "2", f"file://{repository.folder}", str(clone))
    assert edits(clone) == {A: ("Li Lei", "2026-01-07", False)}


def test_without_git_nobody_is_named(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").write_text("")
    (tmp_path / "records" / "a.md").write_text("---\nname: A\nstage: won\nowner: B\n---\n")
    assert edits(tmp_path) == {}
