"""`tracker merge-records`: what is shown, what is written, and what a kill in between leaves."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.pseudo_terminal import tracker_on_terminal
from tests.git_repository import Repository
from tracker.cli import merge_records
from tracker.cli.merge_undo import Undoing, undoing
from tracker.library import record_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

OTHER = """\
---
name: 恒达精密机械(集团)有限公司
客户阶段: 方案制定
负责人: 韩梅梅
地址: 苏州工业园区示例路 9 号
联系人:
  - 姓名: 王芳
    微信: wf_hd
---

## 2026-11-21 09:00 电话

问能否提前。

- [ ] 寄样品 @2026-11-25
"""
ARGUMENTS = ("merge-records", "hengda", "hd-2", "--today", "2026-11-24")


@pytest.fixture
def workspace(chinese: Path) -> Path:
    (chinese / "records/hd-2.md").write_text(OTHER, "utf-8")
    return chinese


def files(root: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in root.glob("records/*.md")}


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--dry-run", "--yes")])
def test_without_a_person_or_a_yes_it_only_shows(
    tracker: Tracker, workspace: Path, options: tuple[str, ...]
) -> None:
    before = files(workspace)
    ended = tracker(workspace, *ARGUMENTS, *options, "--diff")
    assert ended.code == (0 if "--dry-run" in options else 2)
    assert files(workspace) == before
    assert "并入的跟进：1 条\n  2026-11-21 09:00 电话 韩梅梅\n" in ended.out
    assert "\n  客户名称: 恒达精密机械(集团)有限公司\n" in ended.out
    assert "\n+    wechat: wf_hd\n" in ended.out
    assert ("未写入任何内容" in ended.err) is not ("--dry-run" in options)


def test_one_record_is_left_that_is_found_by_both_ids(tracker: Tracker, workspace: Path) -> None:
    ended = tracker(workspace, *ARGUMENTS, "--yes", "--take", "客户阶段")
    assert (ended.code, ended.out) == (0, "records/hengda.md\n")
    assert "这些文件不在 git 中，无法撤销" in ended.err
    assert "hd-2.md" not in files(workspace)
    text = files(workspace)["hengda.md"].decode()
    assert "\nstage: 方案制定\n" in text
    assert "\naliases: [hd-2]\n" in text
    assert "\n## 2026-11-21 09:00 电话 韩梅梅\n\n问能否提前。\n" in text
    assert "\n在此被取代的原值：\n\n- 客户阶段: 商务谈判\n" in text
    assert tracker(workspace, "show", "hd-2").out.startswith("恒达精密机械有限公司")
    again = tracker(workspace, *ARGUMENTS, "--yes")
    assert again.code == 2
    assert "“hd-2”已并入 records/hengda.md" in again.err
    assert files(workspace)["hengda.md"].decode() == text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("hengda", "恒达精密机械有限公司"), "都是 records/hengda.md"),
        (("hengda", "hd-2", "--take", "lvel"), "level"),
        (("hengda", "hd-2", "--take", "id"), "--take"),
        (("hengda", "nobody at all"), "nobody at all"),
    ],
)
def test_wrong_use(
    tracker: Tracker, workspace: Path, arguments: tuple[str, ...], words: str
) -> None:
    before = files(workspace)
    ended = tracker(workspace, "merge-records", *arguments, "--yes")
    assert ended.code == 2
    assert words in ended.err
    assert files(workspace) == before


def test_what_cannot_be_merged_is_refused_at_its_place(tracker: Tracker, workspace: Path) -> None:
    (workspace / "records/hd-2.md").write_text(OTHER.replace("地址: ", "地址: ["), "utf-8")
    before = files(workspace)
    ended = tracker(workspace, *ARGUMENTS, "--yes")
    assert ended.code == 1
    assert "records/hd-2.md:5:" in ended.err
    assert files(workspace) == before


def test_a_kill_before_the_file_is_removed_is_mended_by_running_it_again(
    tracker: Tracker, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(path: Path, before: bytes) -> None:
        del path, before
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(record_files, "remove_if_unchanged", killed)
        assert tracker(workspace, *ARGUMENTS, "--yes").code == 130
    between = files(workspace)
    assert between["hd-2.md"].decode() == OTHER
    assert "问能否提前。" in between["hengda.md"].decode()
    assert "duplicate-id" in tracker(workspace, "check").out
    ended = tracker(workspace, *ARGUMENTS, "--yes")
    assert ended.code == 0
    assert "其中的内容都已存在，只会删除该文件。" in ended.err
    assert files(workspace) == {name: data for name, data in between.items() if name != "hd-2.md"}


@pytest.mark.parametrize("name", ["hengda.md", "hd-2.md"])
def test_a_file_that_changes_meanwhile_is_left(
    tracker: Tracker, workspace: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = workspace / "records" / name

    def edited(root: Path, path: str, gone: str) -> Undoing:
        changed.write_bytes(changed.read_bytes() + b"\n")
        return undoing(root, path, gone)

    monkeypatch.setattr(merge_records, "undoing", edited)
    before = files(workspace)
    ended = tracker(workspace, *ARGUMENTS, "--yes")
    assert ended.code == 3
    assert name in ended.err
    assert files(workspace) == {**before, name: before[name] + b"\n"}


def test_a_person_is_asked(workspace: Path) -> None:
    before = files(workspace)
    code, shown = tracker_on_terminal(workspace, *ARGUMENTS, typed="n\n", NO_COLOR="1")
    assert (code, files(workspace)) == (0, before)
    assert "确定合并吗？" in shown
    code, _ = tracker_on_terminal(workspace, *ARGUMENTS, typed="y\n", NO_COLOR="1")
    assert code == 0
    assert "hd-2.md" not in files(workspace)


@pytest.mark.parametrize("own", ["", "---\nname: # 按营业执照填写\n---\n"])
def test_comments_of_the_template_are_not_kept_but_those_of_people_are(
    tracker: Tracker, workspace: Path, own: str
) -> None:
    if own:
        (workspace / "records/_template.md").write_text(own, "utf-8")
    new = ("new", "绿源照明", "--owner", "李雷", "--file", "lv", "--today", "2026-11-24")
    assert tracker(workspace, *new).code == 0
    other = workspace / "records/lv.md"
    text = other.read_text("utf-8").replace("name: 绿源照明", "# 周五前不要致电\nname: 绿源照明")
    other.write_text(text, "utf-8")
    assert " # " in text
    assert tracker(workspace, "merge-records", "hengda", "lv", "--yes").code == 0
    note = (workspace / "records/hengda.md").read_text("utf-8").partition("## 合并自")[2]
    assert [line for line in note.split("\n") if "#" in line] == ["- `# 周五前不要致电`"]


def test_what_to_beware_of_is_said(tracker: Tracker, workspace: Path) -> None:
    record = workspace / "records/hengda.md"
    text = record.read_text("utf-8").replace("level: A\n", "level: A\nnot_duplicate_of: [HD-2]\n")
    record.write_text(text, "utf-8")
    with (workspace / "records/mingtai.md").open("a", encoding="utf-8") as stream:
        stream.write("\n## 备注\n\n见[这里](hd-2.md#x)。\n")
    shown = tracker(workspace, *ARGUMENTS).out
    assert "其中一份记录写明两者并非同一客户" in shown
    assert "records/mingtai.md 中有指向被删除文件的链接" in shown
    assert tracker(workspace, *ARGUMENTS, "--yes").code == 0
    assert "not_duplicate_of: []" not in record.read_text("utf-8")
    assert "HD-2" not in record.read_text("utf-8")


@pytest.mark.git
def test_git_brings_back_what_is_committed(tracker: Tracker, workspace: Path) -> None:
    repository = Repository(workspace)
    repository.commit("2026-11-24")
    before = files(workspace)
    ended = tracker(workspace, *ARGUMENTS, "--yes")
    command = "git restore -- records/hengda.md records/hd-2.md"
    assert f"要撤销：{command}\n" in ended.err
    repository.git("restore", "--", "records/hengda.md", "records/hd-2.md")
    assert files(workspace) == before
    (workspace / "records/hd-2.md").write_text(OTHER + "\n尾注。\n", "utf-8")
    ended = tracker(workspace, *ARGUMENTS, "--yes")
    assert "未提交的有：records/hd-2.md\n" in ended.err
    assert f"：{command}；" in ended.err


@pytest.mark.git
@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_what_git_cannot_bring_back_is_said_beforehand(
    tracker: Tracker, workspace: Path, options: tuple[str, ...]
) -> None:
    other = workspace / "records/hd-2.md"
    assert "这些文件不在 git 中，无法撤销" in tracker(workspace, *ARGUMENTS, *options).err
    repository = Repository(workspace)
    repository.commit("2026-11-24")
    quiet = tracker(workspace, *ARGUMENTS, *options).err
    assert "git" not in quiet
    other.write_text(OTHER + "\n尾注。\n", "utf-8")
    ended = tracker(workspace, *ARGUMENTS, *options)
    assert "未提交，git 无法找回：records/hd-2.md\n" in ended.err
    repository.git("rm", "--cached", "records/hd-2.md")
    repository.git("config", "status.showUntrackedFiles", "no")
    ended = tracker(workspace, *ARGUMENTS, *options)
    assert "git 中没有 records/hd-2.md，无法撤销" in ended.err


@pytest.mark.git
def test_a_person_is_warned_before_the_question(workspace: Path) -> None:
    other = workspace / "records/hd-2.md"
    other.unlink()
    Repository(workspace).commit("2026-11-24")
    other.write_text(OTHER, "utf-8")
    _, shown = tracker_on_terminal(workspace, *ARGUMENTS, typed="n\n", NO_COLOR="1")
    assert "git 中没有 records/hd-2.md，无法撤销" in shown.partition("确定合并吗？")[0]


@pytest.mark.git
def test_no_undo_is_offered_that_would_lose_the_file_git_never_had(
    tracker: Tracker, workspace: Path
) -> None:
    other = workspace / "records/hd-2.md"
    other.unlink()
    Repository(workspace).commit("2026-11-24")
    other.write_text(OTHER, "utf-8")
    ended = tracker(workspace, *ARGUMENTS, "--yes")
    assert ended.code == 0
    assert "restore" not in ended.err


@pytest.mark.git
def test_the_line_that_undoes_it_brings_back_what_git_has(
    tracker: Tracker, workspace: Path
) -> None:
    record = workspace / "records/hengda.md"
    text = record.read_bytes()
    record.unlink()
    repository = Repository(workspace)
    repository.commit("2026-11-24")
    record.write_bytes(text)
    ended = tracker(workspace, *ARGUMENTS, "--yes")
    assert "git restore -- records/hd-2.md；未提交的有：records/hengda.md\n" in ended.err
    repository.git("restore", "--", "records/hd-2.md")
    assert files(workspace)["hd-2.md"].decode() == OTHER


@pytest.mark.git
def test_the_line_that_undoes_it_holds_where_the_person_stands(
    tracker: Tracker, workspace: Path
) -> None:
    Repository(workspace).commit("2026-11-24")
    before = files(workspace)
    ended = tracker(workspace.parent, "-C", workspace.name, *ARGUMENTS, "--yes")
    line = next(line for line in ended.err.split("\n") if line.startswith("要撤销："))
    subprocess.run(shlex.split(line.partition("：")[2]), cwd=workspace.parent, check=True)
    assert files(workspace) == before


@pytest.mark.git
def test_the_line_that_undoes_it_holds_in_a_folder_of_the_workspace(
    tracker: Tracker, workspace: Path
) -> None:
    repository = Repository(workspace)
    repository.commit("2026-11-24")
    before = files(workspace)
    ended = tracker(workspace / "records", *ARGUMENTS, "--yes")
    line = next(line for line in ended.err.split("\n") if line.startswith("要撤销："))
    subprocess.run(shlex.split(line.partition("：")[2]), cwd=workspace / "records", check=True)
    assert files(workspace) == before
