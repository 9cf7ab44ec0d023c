"""Merges by git itself, with the driver that `tracker git-setup` installs."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tracker.cli.main import run
from tracker.library.git_settings import ATTRIBUTES_LINE, driver_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

pytestmark = pytest.mark.git

PATH = "records/恒达 精密.md"
BASE = """\
---
name: 恒达精密机械有限公司
stage: 方案制定
owner: 李雷
value: 480000 CNY  # 含安装
tags: [机床, 华东]
contacts:
  - name: 王芳
    title: 采购经理
---

背景:2025 年在工博会认识。

## 2026-11-12 09:10 邮件 李雷

首次邮件。

- [ ] 发送报价 @2026-11-22
- 下次: 2026-11-20 电话 跟进
"""
TOP = "背景:2025 年在工博会认识。\n"
CALL = "\n## 2026-11-20 14:30 电话 李雷\n\n王芳来电。\n"
VISIT = "\n## 2026-11-24 10:00 面谈 韩梅梅\n\n去了二厂。\n"


class Repository:
    """A repository with one record, and one branch `zhang` beside its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.write(BASE)
        (folder / "tracker.yaml").write_text("language: zh\n", "utf-8")

    def git(self, *arguments: str, code: int = 0) -> str:
        """Run git; return what it prints, on either stream."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output = done.stdout.decode("utf-8", "replace")
        assert done.returncode == code, output
        return output

    def write(self, text: str, path: str = PATH) -> None:
        """Write the record."""
        file = self.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode())

    def read(self) -> str:
        """Return the record as it lies in the work tree."""
        return (self.folder / PATH).read_bytes().decode()

    def commit(self, text: str, who: str = "李雷") -> None:
        """Write the record and commit it."""
        self.write(text)
        self.git("add", "-A")
        self.git("commit", "-qm", f"改动 {who}", f"--author={who} <a@example.com>")

    def branches(self, ours: str, theirs: str) -> None:
        """Commit one text on main and another one on `zhang`; main is checked out."""
        self.git("checkout", "-qb", "zhang")
        self.commit(theirs, "张三")
        self.git("checkout", "-q", "main")
        self.commit(ours, "李雷")


@pytest.fixture(autouse=True)
def _git_of_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "gitconfig"
    config.write_text(
        "[user]\n\tname = 李雷\n\temail = a@example.com\n[core]\n\tquotePath = false\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_EDITOR", "true")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository, in a folder with blanks and Chinese, that is set up and committed."""
    folder = tmp_path / "客户 资料'库"
    folder.mkdir()
    found = Repository(folder)
    monkeypatch.chdir(folder)
    assert run(["git-setup"]) == 0
    found.commit(BASE)
    return found


def added(section: str, text: str = BASE) -> str:
    return text.replace(TOP, TOP + section)


BOTH = added(VISIT + CALL)


def test_a_merge_keeps_what_both_sides_added(repository: Repository) -> None:
    repository.branches(added(CALL), added(VISIT))
    repository.git("merge", "-q", "zhang")
    assert repository.read() == BOTH


def test_a_merge_of_each_in_its_place_is_clean(repository: Repository) -> None:
    ours = BASE.replace("[ ] 发送报价", "[x] 发送报价").replace("480000", "500000")
    theirs = BASE.replace("发送报价", "发送正式报价").replace("采购经理", "采购总监")
    repository.branches(ours, theirs)
    repository.git("merge", "-q", "zhang")
    assert repository.read() == (
        BASE.replace("[ ] 发送报价", "[x] 发送正式报价")
        .replace("480000", "500000")
        .replace("采购经理", "采购总监")
    )


def test_a_rebase(repository: Repository) -> None:
    repository.branches(added(CALL), added(VISIT))
    repository.git("rebase", "-q", "zhang")
    assert repository.read() == BOTH


def test_a_rebase_from_a_folder_below(repository: Repository) -> None:
    repository.branches(added(CALL), added(VISIT))
    repository.git("-C", "records", "rebase", "-q", "zhang")
    assert repository.read() == BOTH


def test_a_cherry_pick(repository: Repository) -> None:
    repository.branches(added(CALL), added(VISIT))
    repository.git("cherry-pick", "zhang")
    assert repository.read() == BOTH


def test_a_revert_beside_a_later_change(repository: Repository) -> None:
    repository.commit(added(CALL))
    repository.commit(added(VISIT + CALL))
    repository.git("revert", "--no-edit", "HEAD~1")
    assert repository.read() == added(VISIT)


def test_a_stash_that_comes_back(repository: Repository) -> None:
    repository.write(added(VISIT))
    repository.git("stash")
    repository.commit(added(CALL))
    repository.git("stash", "pop")
    assert repository.read() == BOTH


def test_a_conflict_names_both_values_and_both_authors(repository: Repository) -> None:
    ours = added(CALL).replace("stage: 方案制定", "stage: 商务谈判")
    theirs = added(VISIT).replace("stage: 方案制定", "stage: 成交")
    repository.branches(ours, theirs)
    said = repository.git("merge", "zhang", code=1)
    assert repository.read() == BOTH.replace(
        "stage: 方案制定\n",
        "<<<<<<< HEAD (李雷)\nstage: 商务谈判\n=======\nstage: 成交\n>>>>>>> zhang (张三)\n",
    )
    line = next(line for line in said.splitlines() if line.startswith(PATH))
    assert all(word in line for word in ("商务谈判", "成交", "李雷", "张三", f"{PATH}:3"))
    assert repository.git("status", "--short").startswith("UU ")


def test_a_conflict_is_reported_by_check(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.branches(BASE.replace("方案制定", "商务谈判"), BASE.replace("方案制定", "未成交"))
    repository.git("merge", "zhang", code=1)
    capsys.readouterr()
    assert run(["check", "--format", "json"]) == 1
    assert capsys.readouterr().out.count('"conflict-marker"') == 3  # its markers


def test_a_conflict_in_a_rebase_names_the_commit(repository: Repository) -> None:
    repository.branches(BASE.replace("方案制定", "商务谈判"), BASE.replace("方案制定", "成交"))
    commit = repository.git("rev-parse", "--short=7", "main").strip()
    repository.git("rebase", "zhang", code=1)
    assert f">>>>>>> {commit} (改动 李雷) (李雷)\n" in repository.read()
    assert "<<<<<<< HEAD (张三)\n" in repository.read()


@pytest.mark.parametrize("style", ["diff3", "zdiff3"])
def test_the_style_of_conflicts_is_that_of_git(repository: Repository, style: str) -> None:
    repository.branches(BASE.replace("方案制定", "商务谈判"), BASE.replace("方案制定", "成交"))
    repository.git("-c", f"merge.conflictStyle={style}", "merge", "zhang", code=1)
    assert "\nstage: 商务谈判\n||||||| base\nstage: 方案制定\n=======\nstage: 成交\n" in (
        repository.read()
    )


def test_the_size_of_markers_is_that_of_the_attributes(repository: Repository) -> None:
    with (repository.folder / ".gitattributes").open("a", encoding="utf-8") as file:
        file.write("*.md conflict-marker-size=12\n")
    repository.git("commit", "-qam", "markers")
    repository.branches(BASE.replace("方案制定", "商务谈判"), BASE.replace("方案制定", "成交"))
    repository.git("merge", "zhang", code=1)
    markers = [line.split(" ")[0] for line in repository.read().splitlines() if line[:1] in "<=>"]
    assert [marker for marker in markers if marker] == ["<" * 12, "=" * 12, ">" * 12]


def test_line_breaks_of_the_work_tree_do_not_matter(repository: Repository) -> None:
    (repository.folder / ".gitattributes").write_text(f"*.md -text\n{ATTRIBUTES_LINE}\n", "utf-8")
    repository.commit(BASE.replace("\n", "\r\n"))
    repository.branches(added(CALL).replace("\n", "\r\n"), added(VISIT).replace("\n", "\r\n"))
    repository.git("merge", "-q", "zhang")
    assert repository.read() == BOTH.replace("\n", "\r\n")


def test_a_record_that_both_sides_added(repository: Repository) -> None:
    repository.git("rm", "-q", PATH)
    repository.git("commit", "-qm", "weg")
    repository.branches(added(CALL), added(VISIT))
    repository.git("merge", "-q", "zhang")
    assert repository.read() == BOTH


def test_three_branches_one_after_the_other(repository: Repository) -> None:
    repository.git("checkout", "-qb", "wang")
    repository.commit(BASE.replace("[机床, 华东]", "[机床, 华东, 老客户]"), "王小明")
    repository.git("checkout", "-q", "main")
    repository.branches(added(CALL), added(VISIT))
    repository.git("merge", "-q", "zhang")
    repository.git("merge", "-q", "wang")
    assert repository.read() == BOTH.replace("[机床, 华东]", "[机床, 华东, 老客户]")


def test_a_side_that_is_no_record_is_merged_by_lines(repository: Repository) -> None:
    broken = BASE.replace("owner: 李雷", 'owner: "李雷')
    repository.branches(broken, BASE.replace("首次邮件。", "第一封邮件。"))
    said = repository.git("merge", "zhang")
    assert repository.read() == broken.replace("首次邮件。", "第一封邮件。")
    assert "逐行" in said


def test_without_tracker_git_merges_by_lines(repository: Repository) -> None:
    gone = driver_command().replace("merge-driver", "no-such-command", 1)
    repository.git("config", "merge.tracker.driver", gone)
    repository.branches(BASE.replace("方案制定", "商务谈判"), BASE.replace("首次", "第一次"))
    repository.git("merge", "-q", "zhang")
    assert repository.read() == BASE.replace("方案制定", "商务谈判").replace("首次", "第一次")


def test_without_tracker_a_conflict_is_still_marked(repository: Repository) -> None:
    repository.git("config", "merge.tracker.driver", driver_command().replace("/tracker", "/gone"))
    repository.branches(BASE.replace("方案制定", "商务谈判"), BASE.replace("方案制定", "成交"))
    repository.git("merge", "zhang", code=1)
    assert (
        "<<<<<<< ours\nstage: 商务谈判\n=======\nstage: 成交\n>>>>>>> theirs\n" in repository.read()
    )


def test_a_work_tree_of_its_own(repository: Repository, tmp_path: Path) -> None:
    repository.branches(added(CALL), added(VISIT))
    repository.git("worktree", "add", "-q", str(tmp_path / "另 一个"), "-b", "other", "main")
    other = tmp_path / "另 一个"
    repository.git("-C", str(other), "merge", "-q", "zhang")
    assert (other / PATH).read_text("utf-8") == BOTH


def test_a_workspace_below_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tmp_path / "top"
    (top / "销售").mkdir(parents=True)
    repository = Repository(top / "销售")
    repository.git("-C", str(top), "init", "-q", "-b", "main")
    (top / "销售" / ".git").rename(top / "unused")
    monkeypatch.chdir(top / "销售")
    assert run(["git-setup"]) == 0
    repository.commit(BASE)
    repository.branches(added(CALL), added(VISIT))
    repository.git("-C", str(top), "merge", "-q", "zhang")
    assert repository.read() == BOTH


def test_diff_shows_the_follow_up_above_a_change(repository: Repository) -> None:
    repository.write(BASE.replace("跟进", "再次跟进"))
    assert "@@ ## 2026-11-12 09:10 邮件 李雷" in repository.git("diff", "-U1")


# --- git-setup ------------------------------------------------------------------------------------


def settings(folder: Path) -> str:
    return (folder / ".git" / "config").read_text("utf-8")


def test_setting_up_twice_changes_nothing(repository: Repository, tracker: Tracker) -> None:
    before = settings(repository.folder), (repository.folder / ".gitattributes").read_bytes()
    ended = tracker(repository.folder, "git-setup")
    assert (ended.code, ended.out) == (0, "")
    assert before == (
        settings(repository.folder), (repository.folder / ".gitattributes").read_bytes()
    )  # fmt: skip


def test_check_says_what_is_missing(repository: Repository, tracker: Tracker) -> None:
    assert tracker(repository.folder, "git-setup", "--check").code == 0
    repository.git("config", "--unset", "diff.tracker.xfuncname")
    repository.git("config", "merge.tracker.driver", "true")
    (repository.folder / ".gitattributes").write_bytes(b"*.md diff=tracker\n")
    ended = tracker(repository.folder, "git-setup", "--check")
    assert ended.code == 1
    assert [line.partition(":")[0] for line in ended.out.splitlines()] == [
        "merge.tracker.driver",
        "diff.tracker.xfuncname",
        ".gitattributes",
    ]


def test_remove_undoes_what_was_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tracker: Tracker
) -> None:
    repository = Repository(tmp_path)
    repository.git("config", "merge.other.driver", "true")
    (tmp_path / ".gitattributes").write_bytes(b"*.pdf binary")
    before = settings(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert tracker(tmp_path, "git-setup").code == 0
    expected = f"*.pdf binary\n{ATTRIBUTES_LINE}\n".encode()
    assert (tmp_path / ".gitattributes").read_bytes() == expected
    assert tracker(tmp_path, "git-setup", "--remove").code == 0
    assert settings(tmp_path) == before
    assert (tmp_path / ".gitattributes").read_bytes() == b"*.pdf binary\n"
    again = tracker(tmp_path, "git-setup", "--remove")
    assert (again.code, again.out) == (0, "")


def test_remove_keeps_attributes_that_were_there(tmp_path: Path, tracker: Tracker) -> None:
    Repository(tmp_path)
    content = f"# ours\n{ATTRIBUTES_LINE}\n".encode()
    (tmp_path / ".gitattributes").write_bytes(content)
    assert tracker(tmp_path, "git-setup").code == 0
    assert tracker(tmp_path, "git-setup", "--remove").code == 0
    assert (tmp_path / ".gitattributes").read_bytes() == content


def test_a_new_workspace_has_the_attributes(tmp_path: Path, tracker: Tracker) -> None:
    assert tracker(tmp_path, "init", ".", "--lang", "zh").code == 0
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    ended = tracker(tmp_path, "git-setup")
    assert ended.code == 0
    assert ".gitattributes" not in ended.out


def test_outside_of_git_there_is_one_clear_line(english: Path, tracker: Tracker) -> None:
    ended = tracker(english, "git-setup")
    assert ended.code == 3  # could not do its work
    assert "git init" in ended.err
    assert len(ended.err.splitlines()) == 1


# --- the driver alone -----------------------------------------------------------------------------


def drive(tracker: Tracker, folder: Path, sides: list[bytes], *more: str) -> tuple[int, bytes]:
    for name, data in zip(("base", "ours", "theirs"), sides, strict=True):
        (folder / name).write_bytes(data)
    ended = tracker(folder, "merge-driver", "base", "ours", "theirs", PATH, *more)
    assert "Traceback" not in ended.err
    return ended.code, (folder / "ours").read_bytes()


def test_the_byte_order_mark_and_line_breaks_of_ours_stay(tracker: Tracker, tmp_path: Path) -> None:
    mark = b"\xef\xbb\xbf"
    ours = mark + added(CALL).replace("\n", "\r\n").encode()
    code, data = drive(tracker, tmp_path, [BASE.encode(), ours, added(VISIT).encode()])
    assert code == 0
    assert data == mark + BOTH.replace("\n", "\r\n").encode()


def test_line_breaks_of_several_kinds_stay_where_they_are(tracker: Tracker, tmp_path: Path) -> None:
    ours = added(CALL).encode().replace("首次邮件。\n".encode(), "首次邮件。\r\n".encode())
    code, data = drive(tracker, tmp_path, [BASE.encode(), ours, added(VISIT).encode()])
    assert code == 0
    assert data == BOTH.encode().replace("首次邮件。\n".encode(), "首次邮件。\r\n".encode())


def test_bytes_that_are_no_utf8_are_merged_by_lines(tracker: Tracker, tmp_path: Path) -> None:
    ours, theirs = BASE.replace("首次", "第一次"), BASE.replace("李雷\nvalue", "韩梅梅\nvalue")
    both = ours.replace("李雷\nvalue", "韩梅梅\nvalue")
    sides = [text.encode("gb18030") for text in (BASE, ours, theirs)]
    assert drive(tracker, tmp_path, sides) == (0, both.encode("gb18030"))


def test_what_is_no_text_stays_untouched_and_is_a_failure(tracker: Tracker, tmp_path: Path) -> None:
    ours = b"\0\1ours"
    code, data = drive(tracker, tmp_path, [b"\0\1", ours, b"\0\1theirs"])
    assert code > 128  # git's own bound
    assert data == ours


def test_a_file_that_is_not_there_is_a_failure(tracker: Tracker, tmp_path: Path) -> None:
    ended = tracker(tmp_path, "merge-driver", "base", "ours", "theirs", PATH)
    assert ended.code > 128  # git's own bound
    assert len(ended.err.splitlines()) == 1


def test_labels_that_an_older_git_leaves_as_they_are(tracker: Tracker, tmp_path: Path) -> None:
    sides = [BASE.replace("方案制定", stage).encode() for stage in ("方案制定", "商务谈判", "成交")]
    code, data = drive(tracker, tmp_path, sides, "7", "%S", "%X", "%Y")
    assert code == 1
    assert "<<<<<<< ours\nstage: 商务谈判\n=======\nstage: 成交\n>>>>>>> theirs\n".encode() in data


def test_labels_that_git_gives(tracker: Tracker, tmp_path: Path) -> None:
    sides = [BASE.replace("方案制定", stage).encode() for stage in ("方案制定", "商务谈判", "成交")]
    code, data = drive(tracker, tmp_path, sides, "9", "old", "HEAD", "3f2a1b0 (价格 更新)")
    assert code == 1
    assert (
        f"{'<' * 9} HEAD\nstage: 商务谈判\n{'=' * 9}\nstage: 成交\n{'>' * 9} 3f2a1b0 (价格 更新)\n"
    ).encode() in data
