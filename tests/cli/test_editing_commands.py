"""`tracker set`, `done` and `log`: records kept from the terminal."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.pseudo_terminal import tracker_on_terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Tracker

TODAY = ("--today", "2026-11-24")
HENGDA = "records/hengda.md"


@pytest.fixture(autouse=True)
def _nobody_in_particular(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let git know nobody, and no editor be set."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "no-settings"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and the lines that came."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


# --- set --------------------------------------------------------------------------------------


def test_set_changes_its_lines_alone(tracker: Tracker, chinese: Path) -> None:
    record = chinese / HENGDA
    before = record.read_text("utf-8")
    record.chmod(0o640)
    ended = tracker(chinese, "set", "hdjm", "level=B", "expected_close=月底", "tags+=新", *TODAY)
    assert (ended.code, ended.out) == (0, f"{HENGDA}\n")
    assert "月底：2026-11-30，星期一" in ended.err
    gone, come = lines_changed(before, record.read_text("utf-8"))
    assert gone == ["level: A", "expected_close: 2026-12-20", "tags: [机床, 华东]"]
    assert come == ["level: B", "expected_close: 2026-11-30", "tags: [机床, 华东, 新]"]
    assert stat.S_IMODE(record.stat().st_mode) == 0o640


def test_set_without_a_change_writes_nothing(tracker: Tracker, chinese: Path) -> None:
    before = (chinese / HENGDA).stat().st_mtime_ns
    ended = tracker(chinese, "set", "hengda", "level=A")
    assert (ended.code, ended.out) == (0, "")
    assert (chinese / HENGDA).stat().st_mtime_ns == before


def test_a_dry_run_shows_a_diff_and_writes_nothing(tracker: Tracker, chinese: Path) -> None:
    before = (chinese / HENGDA).read_bytes()
    ended = tracker(chinese, "set", "hengda", "level=C", "--dry-run")
    assert "-level: A\n+level: C\n" in ended.out
    assert (chinese / HENGDA).read_bytes() == before


def test_set_tells_what_is_wrong_afterwards(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "set", "hengda", "stage=未成交", *TODAY)
    assert ended.code == 0
    assert "warning[lost-without-reason]" in ended.err
    assert "warning[stage-mismatch]" in ended.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["stge=成交"], "不认识“stge”这个键；是不是“stage”？"),
        (["phone=1"], "不认识“phone”这个键；请写成：contacts.NAME.phone=…"),
        (["电话=1"], "不认识“电话”这个键；请写成：联系人.NAME.电话=…"),
        (["date=1"], "；请写成：offers.QUOTE.date=…、deal.date=…、lost.date=…"),
        (["stage=成效"], "“成效”不在“客户阶段”的词表中；是不是“成交”？"),
        (["owner=李类"], "owner：负责人里没有“李类”；是不是“李雷”？"),
        (["level"], "“level”不是 key=value 的形式"),
        (["value=多"], "“多”不是金额"),
    ],
)
def test_set_with_wrong_input_is_one_line(
    tracker: Tracker, chinese: Path, arguments: list[str], told: str
) -> None:
    before = (chinese / HENGDA).read_bytes()
    ended = tracker(chinese, "set", "hengda", *arguments)
    assert ended.code == 2
    assert told in ended.err
    assert ended.err.count("\n") == 1
    assert (chinese / HENGDA).read_bytes() == before


def test_set_takes_the_names_that_queries_have_for_fields(tracker: Tracker, chinese: Path) -> None:
    names = ("金额=50万", "销售=韩梅梅", "tag+=新", "合同=C-1", "contact.王芳.phone=0512-66881235")
    ended = tracker(chinese, "set", "hengda", *names, *TODAY)
    assert ended.code == 0
    text = (chinese / HENGDA).read_text("utf-8")
    for line in ("value: 50万\n", "owner: 韩梅梅\n", "tags: [机床, 华东, 新]\n", "contract: C-1\n"):
        assert line in text
    assert "phone: 0512-66881235\n" in text
    assert tracker(chinese, "log", "hengda", "x", "--set", "amount=51万", *TODAY).code == 0
    assert "value: 51万\n" in (chinese / HENGDA).read_text("utf-8")
    assert "不认识“状态”这个键" in tracker(chinese, "set", "hengda", "状态=逾期").err
    ended = tracker(chinese, "set", "hengda", "contact.王芳.phon=1")
    assert "不认识“phon”这个键；是不是“phone”？" in ended.err


def test_a_record_that_cannot_be_edited_says_where_and_why(tracker: Tracker, chinese: Path) -> None:
    record = chinese / HENGDA
    record.write_text(
        record.read_text("utf-8") + "\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n", "utf-8"
    )
    before = record.read_bytes()
    ended = tracker(chinese, "set", "hengda", "level=B")
    assert ended.code == 1
    assert "[conflict-marker]；没有写入任何内容" in ended.err
    assert record.read_bytes() == before


def test_line_breaks_of_windows_stay(tracker: Tracker, chinese: Path) -> None:
    record = chinese / HENGDA
    data = b"\xef\xbb\xbf" + record.read_bytes().replace(b"\n", b"\r\n")
    record.write_bytes(data)
    assert tracker(chinese, "set", "hengda", "level=B").code == 0
    assert record.read_bytes() == data.replace(b"level: A", b"level: B")


def test_two_that_write_at_once_lose_nothing(chinese: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tracker", "set", "hengda", f"tags+=t{number}"],
            cwd=chinese,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for number in range(6)
    ]
    for one in running:
        assert one.wait(timeout=120) == 0
        if one.stderr:
            one.stderr.close()
    text = (chinese / HENGDA).read_text("utf-8")
    assert all(f"t{number}" in text for number in range(6))


def test_an_amount_is_shown_in_the_currency_of_the_workspace(
    tracker: Tracker, english: Path
) -> None:
    ended = tracker(english, "set", "acme-pumps", "value=30w")
    assert "write it as 480000 EUR" in ended.err


# --- done -------------------------------------------------------------------------------------


def test_done_ticks_the_promise_that_is_meant(tracker: Tracker, chinese: Path) -> None:
    before = (chinese / HENGDA).read_text("utf-8")
    ended = tracker(chinese, "done", "hengda", "报价", "--on", "昨天", *TODAY)
    assert ended.code == 0
    assert ended.out.endswith(": 发送分批交付的正式报价\n")
    gone, come = lines_changed(before, (chinese / HENGDA).read_text("utf-8"))
    assert gone == ["- [ ] 发送分批交付的正式报价 @2026-11-22"]
    assert come == ["- [x] 发送分批交付的正式报价 @2026-11-22 ✅ 2026-11-23"]


def test_nothing_is_done_on_a_day_to_come(tracker: Tracker, chinese: Path) -> None:
    before = (chinese / HENGDA).read_bytes()
    ended = tracker(chinese, "done", "hengda", "报价", "--on", "2026-11-25", *TODAY)
    assert ended.code == 2
    assert "--on：2026-11-25 还没到" in ended.err
    assert (chinese / HENGDA).read_bytes() == before
    assert tracker(chinese, "done", "hengda", "报价", "--on", "2026-11-24", *TODAY).code == 0


def test_nothing_is_done_before_it_is_promised(tracker: Tracker, chinese: Path) -> None:
    before = (chinese / HENGDA).read_bytes()
    ended = tracker(chinese, "done", "hengda", "报价", "--on", "2026-11-19", *TODAY)
    assert ended.code == 2
    assert (
        "--on：“发送分批交付的正式报价”是 2026-11-20 承诺的，不可能在 2026-11-19 完成" in ended.err
    )
    assert tracker(chinese, "done", "hengda", "--all", "--on", "2026-11-19", *TODAY).code == 2
    assert (chinese / HENGDA).read_bytes() == before
    assert tracker(chinese, "done", "hengda", "--all", "--on", "2026-11-20", *TODAY).code == 0


def test_a_record_begun_on_a_day_to_come_is_told(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "set", "hengda", "建档日期=2027-01-01", *TODAY)
    assert ended.code == 0
    assert f"{HENGDA}:10:10: warning[future-followup]" in ended.err


def test_a_deal_made_on_a_day_to_come_is_told(tracker: Tracker, chinese: Path) -> None:
    deal = ("deal.date=2027-05-01", "deal.amount=47万", "deal.contract=C-1")
    ended = tracker(chinese, "set", "hengda", "stage=成交", *deal, *TODAY)
    assert ended.code == 0
    assert "warning[future-followup] 成交日期晚于今天（2026-11-24）" in ended.err


def test_done_lists_what_may_be_meant(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "done", "hengda")
    assert ended.code == 2
    assert "可能指多个承诺：“发送分批交付的正式报价”、“约总经理”；" in ended.err
    ended = tracker(chinese, "done", "hengda", "zzzz")
    assert ended.err == (
        "tracker: 未兑现的承诺里没有“zzzz”；现有：“发送分批交付的正式报价”、“约总经理”\n"
    )


def test_done_asks_at_a_terminal(chinese: Path) -> None:
    code, shown = tracker_on_terminal(chinese, "done", "hengda", *TODAY, typed="7\n2\n")
    assert code == 0, shown
    assert "- [x] 约总经理 @2026-11-28 @韩梅梅 ✅ 2026-11-24" in (chinese / HENGDA).read_text(
        "utf-8"
    )


def test_done_all_and_then_none_is_left(tracker: Tracker, chinese: Path) -> None:
    assert tracker(chinese, "done", "hengda", "--all").out.count("\n") == 2
    ended = tracker(chinese, "done", "hengda")
    assert (ended.code, ended.out) == (0, "")


# --- log --------------------------------------------------------------------------------------

SECTION = """\
## 2026-11-24 15:00 电话 韩梅梅

王芳确认了周末安装。

- 联系人: 王芳
- 议题: 安装
- [ ] 发合同 @2026-11-25
- 阶段: 商务谈判 -> 成交
- 下次: 2026-12-02 10:00 面谈 签合同; 目标: 回款

"""


def test_log_writes_a_section_and_the_stage(process: Tracker, chinese: Path) -> None:
    before = (chinese / HENGDA).read_text("utf-8")
    ended = process(
        chinese,
        "log",
        "hdjm",
        "王芳确认了周末安装。",
        *("--when", "今天下午三点", "-m", "phone", "--who", "韩梅梅"),
        *("--contact", "王芳", "--topic", "安装", "--todo", "发合同 @明天", "--stage", "won"),
        *("--next", "下周三 10:00 面谈 签合同; 目标: 回款", "--set", "deal.date=今天"),
        *TODAY,
    )
    assert ended.code == 0, ended.err
    after = (chinese / HENGDA).read_text("utf-8")
    expected = before.replace("## 2026-11-20 14:30", f"{SECTION}## 2026-11-20 14:30")
    expected = expected.replace("stage: 商务谈判\n", "stage: 成交\n")
    expected = expected.replace("\n---\n\n", "\ndeal:\n  date: 2026-11-24\n---\n\n", 1)
    assert after == expected
    line = after.split("\n").index("## 2026-11-24 15:00 电话 韩梅梅") + 1
    assert ended.out == f"{HENGDA}:{line}\n"
    for understood in (
        "今天下午三点：2026-11-24 15:00，星期二",
        "明天：2026-11-25，星期三",
        "下周三 10:00：2026-12-02 10:00，星期三",
    ):
        assert understood in ended.err


def test_log_in_english(tracker: Tracker, english: Path) -> None:
    record = next((english / "records").rglob("*.md"))
    ended = tracker(
        english, "log", record.stem, "They agree.", "--next", "next fri 10am visit sign", *TODAY
    )
    assert ended.code == 0, ended.err
    assert "\n- next: 2026-12-04 10:00 visit sign\n" in record.read_text("utf-8")


def test_an_older_follow_up_goes_where_it_belongs_and_leaves_the_stage(
    tracker: Tracker, chinese: Path
) -> None:
    ended = tracker(
        chinese, "log", "hengda", "补记。", "--when", "2026-11-15", "--stage", "需求分析", *TODAY
    )
    assert ended.code == 0, ended.err
    text = (chinese / HENGDA).read_text("utf-8")
    assert text.index("## 2026-11-20") < text.index("## 2026-11-15") < text.index("## 2026-11-12")
    assert "stage: 商务谈判\n" in text


@pytest.mark.parametrize(
    ("plan", "written"),
    [
        ("2026-12-01 10点 面谈 演示", "2026-12-01 10:00 面谈 演示"),
        ("2026年12月1日下午两点半 面谈", "2026-12-01 14:30 面谈"),
        ("2026-12-01 3:00 pm call", "2026-12-01 15:00 call"),
        ("2026/12/1 10:00 面谈", "2026/12/1 10:00 面谈"),
        ("2026/12/1 面谈 10:00", "2026/12/1 面谈 10:00"),
        ("无，等通知", "无，等通知"),
    ],
)
def test_a_time_in_words_may_follow_a_day_that_is_written_out(
    tracker: Tracker, chinese: Path, plan: str, written: str
) -> None:
    ended = tracker(chinese, "log", "hengda", "好。", "--next", plan, "--dry-run", *TODAY)
    assert ended.code == 0, ended.err
    assert f"\n+- 下次: {written}\n" in ended.out


def said(folder: Path, data: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tracker", "log", "hengda", "-", *TODAY],
        cwd=folder,
        input=data,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def test_what_was_said_comes_from_stdin(chinese: Path) -> None:
    # An editor on Windows puts a byte order mark before a text.
    ended = said(chinese, "第一行。\r\n\r\n- 顾虑: 价格\r\n".encode("utf-8-sig"))
    assert ended.returncode == 0, ended.stderr
    assert "\n\n第一行。\n\n- 顾虑: 价格\n\n## 2026-11-20" in (chinese / HENGDA).read_text("utf-8")


def test_what_was_said_in_another_encoding_is_never_guessed(chinese: Path) -> None:
    before = (chinese / HENGDA).read_bytes()
    ended = said(chinese, "客户很满意".encode("gbk"))
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert "从标准输入读到的文字不是 UTF-8，看起来像 gb18030" in ended.stderr.decode()
    assert (chinese / HENGDA).read_bytes() == before
    ended = said(chinese, "客户很满意".encode("gbk"), PYTHONIOENCODING="gbk")
    assert ended.returncode == 0, ended.stderr
    assert "\n\n客户很满意\n" in (chinese / HENGDA).read_text("utf-8")


def _going_on(draft: Path) -> str:
    """Return the end of a message that tells how to go on with a draft."""
    root = draft.parent.parent.parent
    words = ("tracker", "-C", root, "log", Path(HENGDA).stem, "--draft", draft.relative_to(root))
    return shlex.join(map(str, words))


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["x", "--next", "2020-01-01 call"], 1, "error[next-before-followup]"),
        (["## 2026-11-23 电话"], 1, "“## 2026-11-23 电话”：这里又有一个标题"),
        (["x", "--attitude", "极好"], 1, "error[unknown-word]"),
        (["x", "--set", "level=Z"], 2, "“Z”不在“客户等级”的词表中"),
        (["x", "--set", "levl=A"], 2, "是不是“level”？"),
    ],
)
def test_a_text_that_cannot_be_written_is_kept(
    tracker: Tracker, chinese: Path, arguments: list[str], code: int, told: str
) -> None:
    before = (chinese / HENGDA).read_bytes()
    ended = tracker(chinese, "log", "hengda", *arguments, *TODAY)
    assert ended.code == code
    assert told in ended.err
    assert (chinese / HENGDA).read_bytes() == before
    (kept,) = (chinese / ".tracker-cache/drafts").iterdir()
    assert _going_on(kept) in ended.err
    assert arguments[0] in kept.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["x", "-m", "电化"], "--method：没有“电化”；是不是“电话”？"),
        (["x", "--who", "李类"], "--who：负责人里没有“李类”；是不是“李雷”？"),
        (["x", "--stage", "成效"], "--stage：没有“成效”；是不是“成交”？"),
        (["x", "--when", "某天"], "--when：看不懂“某天”是哪一天或什么时间"),
        (["x", "--when", "last week"], "；请写成 2026-11-20 14:30、昨天下午三点、上周五、3天前"),
        (["x", "--when", "yesterdy"], "；是不是“yesterday”？"),
        (["x", "--next", "tomorow call"], "--next：看不懂“tomorow”是哪一天"),
        (["x", "--next", "firday 10:00 call"], "；是不是“friday”？"),
        (["x", "--next", "2/30 call"], "--next：没有 2/30 这一天"),
        (
            ["x", "--next", "尽快 电话"],
            "--next：“尽快 电话”没有以日期开头；可以写 2026-11-20 14:30",
        ),
        (["x", "--todo", "发报价 @李雷 @2/30"], "--todo：没有 2/30 这一天"),
        (
            ["x", "--todo", "发报价 @firday @李雷"],
            "看不懂“firday”是哪一天或什么时间；是不是“friday”？",
        ),
        (["x", "--todo", "发报价 @2026-02-30"], "--todo：没有 2026-02-30 这一天"),
        (["x", "--todo", " "], "--todo：承诺要写明内容"),
        (["x", "--owner", "李雷"], "没有 --owner 这个选项；详见：tracker log --help"),
        (
            ["- 价格太高"],
            "没有 - 这个选项；以 - 开头的文字写在 -- 之后：tracker log […] CUSTOMER -- TEXT",
        ),
        (["x", "--field", "竞品"], "--field：“竞品”不是 KEY=TEXT 的形式"),
        (["x", "--field", "竞拼=海纳"], "--field：没有“竞拼”；是不是“竞品”？"),
        ([], "没有内容，也没有终端"),
    ],
)
def test_log_with_wrong_input_is_one_line(
    tracker: Tracker, chinese: Path, arguments: list[str], told: str
) -> None:
    before = (chinese / HENGDA).read_bytes()
    ended = tracker(chinese, "log", "hengda", *arguments)
    assert ended.code == 2
    assert told in ended.err
    assert ended.err.count("\n") == 1
    assert (chinese / HENGDA).read_bytes() == before
    assert not list((chinese / ".tracker-cache").glob("drafts/*"))


@pytest.mark.parametrize(
    ("days", "options", "code"),
    [
        (("2026-12-20", "2026-12-21"), (), "future-followup"),
        (("2026-11-23", "2026-11-24"), ("--contact", "Zed"), "unknown-contact"),
        (("2026-11-24", "2026-11-22"), ("--contact", "Zed"), "unknown-contact"),
    ],
)
def test_a_problem_like_one_that_is_there_is_told_too(
    tracker: Tracker, chinese: Path, days: tuple[str, str], options: tuple[str, ...], code: str
) -> None:
    for day in days:
        when = f"{day} 00:01"
        ended = tracker(
            chinese, "log", "hengda", "-m", "电话", "x", "--when", when, *options, *TODAY
        )
        assert ended.code == 0
        (line,) = re.findall(rf"{HENGDA}:(\d+):\d+: warning\[{code}\]", ended.err)
        above = (chinese / HENGDA).read_text("utf-8").splitlines()[: int(line)]
        assert [one for one in above if one.startswith("## ")][-1].startswith(f"## {when}")
    assert f"[{code}]" not in tracker(chinese, "set", "hengda", "level=B", *TODAY).err


def test_whoever_git_knows_followed_up(chinese: Path, tracker: Tracker, tmp_path: Path) -> None:
    settings = tmp_path / "settings"
    settings.write_text("[user]\n\tname = 韩梅梅\n\temail = nobody@example.com\n", "utf-8")
    tracker(chinese, "log", "hengda", "x", *TODAY, GIT_CONFIG_GLOBAL=str(settings))
    assert " 韩梅梅\n\nx\n" in (chinese / HENGDA).read_text("utf-8")


def test_a_planned_method_is_not_taken_for_what_happened(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "log", "hengda", "客户来电改期。", "--today", "2026-11-28")
    assert ended.code == 0
    text = (chinese / HENGDA).read_text("utf-8")
    heading = next(line for line in text.split("\n") if line.startswith("## 2026-11-28"))
    assert "面谈" not in heading
    assert "计划的方式是面谈，但未写入任何方式；可用 --method 说明" in ended.err
    ended = tracker(chinese, "log", "hengda", "x", "-m", "电话", "--today", "2026-11-28")
    assert "--method" not in ended.err


def test_an_owner_taken_for_who_followed_up_is_told(
    tracker: Tracker, chinese: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "settings"
    settings.write_text("[user]\n\tname = Dana Fox\n\temail = dana@example.com\n", "utf-8")
    ended = tracker(chinese, "log", "hengda", "x", *TODAY, GIT_CONFIG_GLOBAL=str(settings))
    assert " 李雷\n\nx\n" in (chinese / HENGDA).read_text("utf-8")
    assert "跟进人按客户的负责人记为李雷" in ended.err
    assert "可用 --who NAME 指定" in ended.err
    ended = tracker(chinese, "log", "hengda", "y", "--who", "李雷", *TODAY)
    assert "--who" not in ended.err


def test_without_owners_in_the_settings_git_may_name_one_of_the_records(
    tracker: Tracker, chinese: Path, tmp_path: Path
) -> None:
    (chinese / "tracker.yaml").write_text("language: zh\n", "utf-8")
    settings = tmp_path / "settings"
    settings.write_text("[user]\n\tname = 韩梅梅\n", "utf-8")
    ended = tracker(chinese, "log", "hengda", "x", *TODAY, GIT_CONFIG_GLOBAL=str(settings))
    assert " 韩梅梅\n\nx\n" in (chinese / HENGDA).read_text("utf-8")
    assert "--who" not in ended.err
    assert tracker(chinese, "new", "绿源照明").code == 0
    assert "owner: 韩梅梅 #" in (chinese / "records/lv-yuan-zhao-ming.md").read_text("utf-8")


@pytest.fixture
def editor(tmp_path: Path) -> Callable[..., str]:
    """Return a maker of editors that replace texts in the draft, one list each time they open."""

    def make(*rounds: list[tuple[str, str]]) -> str:
        script, count = tmp_path / "editor.py", tmp_path / "count"
        count.write_text("0", "utf-8")
        script.write_text(
            "import pathlib, sys\n"
            f"rounds, count = {rounds!r}, pathlib.Path({str(count)!r})\n"
            "number = int(count.read_text())\n"
            "count.write_text(str(number + 1))\n"
            "draft = pathlib.Path(sys.argv[-1])\n"
            "text = draft.read_text('utf-8')\n"
            f"pathlib.Path({str(tmp_path)!r}, f'seen-{{number}}').write_text(text, 'utf-8')\n"
            "for old, new in rounds[number]:\n"
            "    assert old in text, (old, text)\n"
            "    text = text.replace(old, new, 1)\n"
            "draft.write_text(text, 'utf-8')\n",
            "utf-8",
        )
        return f"{sys.executable} {script}"

    return make


def test_a_draft_in_the_editor(chinese: Path, editor: Callable[..., str], tmp_path: Path) -> None:
    program = editor(
        [
            (
                "\n\n",
                "\n\n说好了。\n",
            ),
            ("# - 下次: ", "- 下次: 明天 10:00 电话 x\n# "),
        ]
    )
    code, shown = tracker_on_terminal(chinese, "log", "hengda", *TODAY, EDITOR=program)
    assert code == 0, shown
    text = (chinese / HENGDA).read_text("utf-8")
    assert "李雷\n\n说好了。\n\n- 下次: 2026-11-25 10:00 电话 x\n\n## 2026-11-20" in text
    draft = (tmp_path / "seen-0").read_text("utf-8")
    assert "# - 联系人: 王芳" in draft
    assert "# - 阶段: 商务谈判 -> " in draft
    assert "2026-11-20 电话 李雷 王芳来电询问交付周期。" in draft
    assert not list((chinese / ".tracker-cache/drafts").iterdir())


def test_a_faulty_draft_is_edited_again(chinese: Path, editor: Callable[..., str]) -> None:
    program = editor([("\n\n", "\n\n说好了。\n- 态度: 极好\n")], [("极好", "积极")])
    code, shown = tracker_on_terminal(chinese, "log", "hengda", *TODAY, typed="y\n", EDITOR=program)
    assert code == 0, shown
    assert "error[unknown-word]" in shown
    assert "- 态度: 积极\n" in (chinese / HENGDA).read_text("utf-8")


def test_a_faulty_draft_that_is_given_up_is_kept(chinese: Path, editor: Callable[..., str]) -> None:
    before = (chinese / HENGDA).read_bytes()
    program = editor([("\n\n", "\n\n说好了。\n- 态度: 极好\n")])
    code, shown = tracker_on_terminal(chinese, "log", "hengda", *TODAY, typed="n\n", EDITOR=program)
    assert code == 1
    assert (chinese / HENGDA).read_bytes() == before
    (kept,) = (chinese / ".tracker-cache/drafts").iterdir()
    assert "说好了。" in kept.read_text("utf-8")
    assert _going_on(kept) in shown


def test_a_text_that_was_kept_is_gone_on_with(
    tracker: Tracker, chinese: Path, editor: Callable[..., str], tmp_path: Path
) -> None:
    refused = tracker(chinese, "log", "hengda", "说好了。\n\n# 要点\n\n先付款。", *TODAY)
    assert refused.code == 1
    (kept,) = (chinese / ".tracker-cache/drafts").iterdir()
    assert _going_on(kept) in refused.err
    assert tracker(chinese, "doctor").out.count("--draft") == 1

    others = tracker(chinese, "log", "beichen", "--draft", str(kept), *TODAY)
    assert (others.code, others.err) == (2, "tracker: --draft：这段文字是为 hengda 写的\n")
    command = ("log", "hengda", "--draft", str(kept), *TODAY)
    assert tracker(chinese, *command).code == 2, "nobody is there to edit"
    code, shown = tracker_on_terminal(chinese, *command, "-m", "call", EDITOR=editor([]))
    assert code == 2
    assert "--draft 只能和 --set 一起用" in shown
    code, shown = tracker_on_terminal(chinese, *command, EDITOR="false")
    assert code == 3
    assert kept.exists()
    program = editor([("# 要点", "### 要点")])
    code, shown = tracker_on_terminal(chinese, *command, "--set", "level=C", EDITOR=program)
    assert code == 0, shown
    assert "以 # 加空格开头的行不会写入" in (tmp_path / "seen-0").read_text("utf-8")
    text = (chinese / HENGDA).read_text("utf-8")
    assert "说好了。\n\n### 要点\n\n先付款。\n" in text
    assert "level: C" in text
    assert not kept.exists()
    assert "--draft" not in tracker(chinese, "doctor").out


def test_the_name_of_a_person_is_no_mistyped_day(tracker: Tracker, chinese: Path) -> None:
    settings = chinese / "tracker.yaml"
    text = settings.read_text("utf-8").replace("  - 韩梅梅\n", "  - 韩梅梅\n  - Mona Lee\n", 1)
    settings.write_text(text, "utf-8")
    promises = ("--todo", "发报价 @Mona Lee", "--todo", "谈价格 @Frida @friday")
    ended = tracker(chinese, "log", "hengda", "x", *promises, "--dry-run", *TODAY)
    assert ended.code == 0, ended.err
    assert "+- [ ] 谈价格 @Frida @2026-11-27" in ended.out


def test_an_e_mail_address_is_no_day(tracker: Tracker, chinese: Path) -> None:
    promises = ("--todo", "发给 li@monday.com", "--todo", "mail a@eod.cn@friday")
    ended = tracker(chinese, "log", "hengda", "x", *promises, "--dry-run", *TODAY)
    assert "+- [ ] 发给 li@monday.com\n+- [ ] mail a@eod.cn@2026-11-27" in ended.out


def test_a_kept_text_is_for_the_customer_it_was_written_for(
    tracker: Tracker, chinese: Path
) -> None:
    other = chinese / "records/西部" / Path(HENGDA).name
    other.parent.mkdir()
    text = (chinese / HENGDA).read_text("utf-8")
    other.write_text(text.replace("---\n", "---\nid: other-one\n", 1), "utf-8")
    refused = tracker(chinese, "log", "other-one", "说好了。\n\n# 要点", *TODAY)
    assert "log other-one --draft" in refused.err
    assert "log other-one --draft" in tracker(chinese, "doctor").out


def test_a_text_that_no_file_can_keep_is_shown(tracker: Tracker, chinese: Path) -> None:
    (chinese / ".tracker-cache").mkdir(exist_ok=True)
    (chinese / ".tracker-cache/drafts").touch()
    refused = tracker(chinese, "log", "hengda", "说好了。\n\n# 要点", *TODAY)
    assert refused.code == 1
    assert "说好了。\n\n# 要点\n" in refused.err
    assert "这里又有一个标题" in refused.err


def test_a_text_is_shown_where_an_editor_takes_all_drafts_away(chinese: Path) -> None:
    program = 'sh -c \'rm -r "${1%/*}"; touch "${1%/*}"\' -'
    code, shown = tracker_on_terminal(
        chinese, "log", "hengda", "-e", "说好了。", *TODAY, typed="n\n", EDITOR=program
    )
    assert code == 3
    assert "李雷\r\n\r\n说好了。" in shown
    assert "Traceback" not in shown


def test_a_persons_own_file_stays_when_it_is_written(
    chinese: Path, editor: Callable[..., str], tmp_path: Path
) -> None:
    own = tmp_path / "notes.md"
    own.write_text("## 2026-11-23 电话 李雷\n\n说好了。\n", "utf-8")
    code, shown = tracker_on_terminal(
        chinese, "log", "hengda", "--draft", str(own), *TODAY, typed="\n\n", EDITOR=editor([])
    )
    assert code == 0, shown
    assert "## 2026-11-23 电话 李雷\n\n说好了。\n" in (chinese / HENGDA).read_text("utf-8")
    assert own.read_text("utf-8") == "## 2026-11-23 电话 李雷\n\n说好了。\n"
    assert not list((chinese / ".tracker-cache/drafts").iterdir())


def test_a_draft_without_a_text_writes_nothing(chinese: Path, editor: Callable[..., str]) -> None:
    before = (chinese / HENGDA).read_bytes()
    program = editor([])
    code, shown = tracker_on_terminal(chinese, "log", "hengda", *TODAY, typed="\n", EDITOR=program)
    assert code == 0, shown
    assert "编辑器马上就退出了" in shown
    assert "没有内容，所以没有写入" in shown
    assert (chinese / HENGDA).read_bytes() == before
    assert not list((chinese / ".tracker-cache/drafts").iterdir())


@pytest.mark.parametrize("program", ["false", "sh -c 'rm \"$1\"; false' -"])
def test_an_editor_that_fails_loses_nothing(chinese: Path, program: str) -> None:
    code, shown = tracker_on_terminal(
        chinese, "log", "hengda", "-e", "说好了。", *TODAY, EDITOR=program
    )
    assert code == 3
    (kept,) = (chinese / ".tracker-cache/drafts").iterdir()
    assert "说好了。" in kept.read_text("utf-8")
    assert f"编辑器 {program} 运行失败；可用环境变量 VISUAL 或 EDITOR 另选一个" in shown
    assert _going_on(kept) in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("program", ["false", "vim '", "/no such/editor"])
def test_an_editor_that_fails_leaves_no_empty_draft(chinese: Path, program: str) -> None:
    code, shown = tracker_on_terminal(chinese, "log", "hengda", *TODAY, EDITOR=program)
    assert code == 3
    assert f"编辑器 {program} 运行失败；可用环境变量 VISUAL 或 EDITOR 另选一个\r\n" in shown
    assert not list((chinese / ".tracker-cache/drafts").iterdir())


def test_an_editor_in_a_folder_with_blanks(chinese: Path, tmp_path: Path) -> None:
    program = tmp_path / "Program Files" / "editor"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nprintf '\\n说好了。\\n' >> \"$1\"\n", "utf-8")
    program.chmod(0o755)
    code, shown = tracker_on_terminal(chinese, "log", "hengda", *TODAY, EDITOR=str(program))
    assert code == 0, shown
    assert "说好了。" in (chinese / HENGDA).read_text("utf-8")


def _with_editor(monkeypatch: pytest.MonkeyPatch, edit: Callable[[Path], object]) -> None:
    """Let an editor do something with a file, and the person not go on after it."""

    class Keyboard:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Keyboard())
    monkeypatch.setattr("tracker.cli.draft_editor.edit_file", edit)
    monkeypatch.setattr("tracker.cli.draft_editor.click.confirm", lambda *_, **__: False)


@pytest.mark.parametrize(
    ("pattern", "written", "told"),
    [
        (r"(?s).*", "说好了，两台。\n", "跟进记录以标题开头"),
        ("李雷", "李雷 说好了，两台。", "没有内容，所以没有写入"),
    ],
)
def test_a_text_of_one_line_is_not_lost(  # noqa: PLR0913, PLR0917  # fixtures and parameters
    tracker: Tracker,
    chinese: Path,
    monkeypatch: pytest.MonkeyPatch,
    pattern: str,
    written: str,
    told: str,
) -> None:
    def edit(draft: Path) -> None:
        draft.write_text(re.sub(pattern, written, draft.read_text("utf-8"), count=1), "utf-8")

    _with_editor(monkeypatch, edit)
    ended = tracker(chinese, "log", "hengda", "--who", "李雷", *TODAY)
    assert told in ended.err
    (kept,) = (chinese / ".tracker-cache/drafts").iterdir()
    assert "说好了，两台。" in kept.read_text("utf-8")
    assert _going_on(kept) in ended.err


def test_a_draft_that_an_editor_takes_away_comes_back(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_editor(monkeypatch, Path.unlink)
    ended = tracker(chinese, "log", "hengda", "-e", "说好了。", *TODAY)
    assert ended.code == 3
    assert "编辑器把草稿删掉了" in ended.err
    (kept,) = (chinese / ".tracker-cache/drafts").iterdir()
    assert "说好了。" in kept.read_text("utf-8")


def test_a_draft_that_says_nothing_does_not_outlive_an_interruption(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: Path) -> None:
        raise KeyboardInterrupt

    _with_editor(monkeypatch, interrupt)
    ended = tracker(chinese, "log", "hengda", *TODAY)
    assert "--draft" not in ended.err
    assert not list((chinese / ".tracker-cache/drafts").iterdir())


def _at_a_terminal(monkeypatch: pytest.MonkeyPatch, folder: Path, written: list[bytes]) -> None:
    """Let an editor end at once, and the person save each text and press Enter."""

    class Keyboard:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            (draft,) = (folder / ".tracker-cache/drafts").iterdir()
            draft.write_bytes(draft.read_bytes().replace(b"\n\n", written.pop(0), 1))
            return "\n"

    monkeypatch.setattr(sys, "stdin", Keyboard())
    monkeypatch.setattr("tracker.cli.draft_editor.edit_file", lambda _: None)


def test_an_editor_that_hands_the_draft_to_another_window_is_waited_for(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at_a_terminal(monkeypatch, chinese, ["\n\n说好了。\n".encode()])
    ended = tracker(chinese, "log", "hengda", *TODAY)
    assert ended.code == 0, ended.err
    assert "编辑器马上就退出了" in ended.err
    assert "说好了。" in (chinese / HENGDA).read_text("utf-8")


def test_a_draft_that_an_editor_saves_in_another_encoding_is_kept(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at_a_terminal(monkeypatch, chinese, ["\n\n说好了，客户要大的。\n".encode("gbk")])
    monkeypatch.setattr("tracker.cli.draft_editor.click.confirm", lambda *_, **__: False)
    ended = tracker(chinese, "log", "hengda", *TODAY)
    assert ended.code == 3
    assert "不是 UTF-8" in ended.err
    assert len(list((chinese / ".tracker-cache/drafts").iterdir())) == 1


def test_a_record_changed_while_the_editor_is_open_gets_both(
    chinese: Path, editor: Callable[..., str], tmp_path: Path
) -> None:
    record = chinese / HENGDA
    program = editor([("\n\n", "\n\n说好了。\n")])
    meanwhile = tmp_path / "meanwhile.sh"
    meanwhile.write_text(
        f'{sys.executable} -m tracker set hengda level=B\n{program} "$@"\n', "utf-8"
    )
    code, shown = tracker_on_terminal(chinese, "log", "hengda", *TODAY, EDITOR=f"sh '{meanwhile}'")
    assert code == 0, shown
    text = record.read_text("utf-8")
    assert "level: B\n" in text
    assert "说好了。" in text


def test_the_first_customer_of_all_is_of_whoever_git_knows(
    tracker: Tracker, tmp_path: Path
) -> None:
    (tmp_path / "tracker.yaml").touch()
    settings = tmp_path / "settings"
    settings.write_text("[user]\n\tname = Ada Wren\n", "utf-8")
    assert tracker(tmp_path, "new", "Acme", GIT_CONFIG_GLOBAL=str(settings)).code == 0
    assert "owner: Ada Wren #" in (tmp_path / "records/acme.md").read_text("utf-8")
