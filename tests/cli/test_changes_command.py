"""`tracker changes`, over real git repositories."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from tests.cli.conftest import Ended, Tracker

pytestmark = pytest.mark.usefixtures("few_numbers")

TODAY = ("--today", "2026-11-28")

ENGLISH = {
    "tracker.yaml": "language: en\ntimezone: Asia/Shanghai\ncurrency: EUR\n",
    "records/acme.md": """---
name: Acme Pumps
stage: needs analysis
level: B
owner: Li Lei
value: 30000 EUR
---

## 2026-11-10 09:10 call Li Lei

Asked about lead time.

- [ ] send the quote @2026-11-24
- [ ] send a case study @2026-11-23
- next: 2026-11-20 visit show the plan
""",
    "records/north.md": """---
name: Northwind
stage: negotiation
owner: Li Lei
value: 12000 EUR
---

## 2026-11-11 10:00 call Li Lei

- next: 2026-11-30 call ask again
""",
    "records/mill.md": """---
name: Quiet Mill
stage: proposal
owner: Han Meimei
value: 8000 USD
---

## 2026-11-12 visit Han Meimei

- next: 2026-12-01 call
""",
    "records/gone.md": "---\nname: Gone Ltd\nstage: proposal\nowner: Han Meimei\n---\n",
    "records/twin.md": """---
name: Acme Pumps Trading
stage: contact
owner: Li Lei
---

## 2026-11-09 email Li Lei

Sent the catalogue.
""",
}

CHINESE = {
    "tracker.yaml": "language: zh\ntimezone: Asia/Shanghai\ncurrency: CNY\n",
    "records/acme.md": """---
name: 恒达精密机械有限公司
简称: 恒达精密
阶段: 需求分析
等级: B
负责人: 李雷
预计金额: 30万
---

## 2026-11-10 09:10 电话 李雷

询问交付周期。

- [ ] 发送报价 @2026-11-24
- [ ] 发送案例 @2026-11-23
- 下次: 2026-11-20 面谈 演示方案
""",
    "records/north.md": """---
name: 北辰电气
阶段: 商务谈判
负责人: 李雷
预计金额: 12万
---

## 2026-11-11 10:00 电话 李雷

- 下次: 2026-11-30 电话 再问
""",
    "records/mill.md": """---
name: 静安纺织
阶段: 方案制定
负责人: 韩梅梅
预计金额: 8000 USD
---

## 2026-11-12 面谈 韩梅梅

- 下次: 2026-12-01 电话
""",
    "records/gone.md": "---\nname: 去远贸易\nstage: 方案制定\nowner: 韩梅梅\n---\n",
    "records/twin.md": """---
name: 恒达精密销售
阶段: 初步接触
负责人: 李雷
---

## 2026-11-09 邮件 李雷

寄了样本。
""",
}

Edit = tuple[str, str, str]
"""Path, what is replaced, and by what."""

ENGLISH_EDITS: list[Edit] = [
    ("records/acme.md", "needs analysis", "negotiation"),
    ("records/acme.md", "level: B", "level: A"),
    ("records/acme.md", "30000", "48000"),
    ("records/acme.md", "- [ ] send the quote @2026-11-24", "- [x] send the quote @2026-11-24"),
    (
        "records/acme.md",
        "## 2026-11-10",
        """## 2026-11-20 14:30 visit Li Lei

Showed the plan.

- [ ] name a date for the signing @2026-12-02
- stage: needs analysis -> negotiation
- next: 2026-12-04 call the contract

## 2026-11-09 email Li Lei

Sent the catalogue.

## 2026-11-10""",
    ),
    ("records/north.md", "stage: negotiation", "stage: won\ndeal: {amount: 11500 EUR}"),
    (
        "records/north.md",
        "## 2026-11-11",
        "## 2026-11-22 call Han Meimei\n\n- stage: won\n- next: none\n\n## 2026-11-11",
    ),
    ("records/mill.md", "stage: proposal", "stage: lost\nlost: {reason: price}"),
    ("records/mill.md", "owner: Han Meimei", "owner: Li Lei"),
    ("records/mill.md", "next: 2026-12-01", "next: 2026-12-15"),
]

CHINESE_EDITS: list[Edit] = [
    ("records/acme.md", "阶段: 需求分析", "阶段: 商务谈判"),
    ("records/acme.md", "等级: B", "等级: A"),
    ("records/acme.md", "30万", "48万"),
    ("records/acme.md", "- [ ] 发送报价", "- [x] 发送报价"),
    (
        "records/acme.md",
        "## 2026-11-10",
        """## 2026-11-20 14:30 面谈 李雷

演示了方案。

- [ ] 约定签约日期 @2026-12-02
- 阶段: 需求分析 -> 商务谈判
- 下次: 2026-12-04 电话 谈合同

## 2026-11-09 邮件 李雷

寄了样本。

## 2026-11-10""",
    ),
    ("records/north.md", "阶段: 商务谈判", "阶段: 成交\n成交: {成交金额: 11.5万}"),
    (
        "records/north.md",
        "## 2026-11-11",
        "## 2026-11-22 电话 韩梅梅\n\n- 阶段: 成交\n- 下次: 无\n\n## 2026-11-11",
    ),
    ("records/mill.md", "阶段: 方案制定", "阶段: 未成交\n未成交: {原因: 价格}"),
    ("records/mill.md", "负责人: 韩梅梅", "负责人: 李雷"),
    ("records/mill.md", "下次: 2026-12-01", "下次: 2026-12-15"),
]

NEW = {
    "en": "---\nname: New & *Shiny* <b>Co</b>\nstage: contact\nowner: Han Meimei\n"
    "value: 5000\n---\n"
    "\n## 2026-11-23 call Han Meimei\n\n- next: 2026-12-01 call\n",
    "zh": "---\nname: 新光*科技*<b>\nstage: 初步接触\nowner: 韩梅梅\nvalue: 5万\n---\n"
    "\n## 2026-11-23 电话 韩梅梅\n\n- 下次: 2026-12-01 电话\n",
}


def build(folder: Path, language: str) -> Path:
    """Make a repository of four commits by two people."""
    files, edits = (ENGLISH, ENGLISH_EDITS) if language == "en" else (CHINESE, CHINESE_EDITS)
    made = Repository(folder)

    def commit(day: str, author: str) -> None:
        made.git("add", "-A")
        made.git("commit", "-q", "-m", day, day=day, committed=day, author=author)

    for path, text in files.items():
        made.write(path, text)
    commit("2026-11-14", "Li Lei")
    made.git("tag", "start")
    for path, old, new in edits[:5]:
        replace(folder, path, old, new)
    made.git("rm", "-q", "records/twin.md")
    commit("2026-11-20", "Li Lei")
    for path, old, new in edits[5:]:
        replace(folder, path, old, new)
    commit("2026-11-22", "Han Meimei")
    made.git("rm", "-q", "records/gone.md")
    (folder / "records" / "east").mkdir()
    made.git("mv", "records/north.md", "records/east/north.md")
    made.write("records/new.md", NEW[language])
    commit("2026-11-24", "Han Meimei")
    made.git("tag", "end")
    return folder


def replace(folder: Path, path: str, old: str, new: str) -> None:
    file = folder / path
    text = file.read_text("utf-8")
    assert text.count(old) == 1, (path, old)
    file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        language: build(tmp_path_factory.mktemp(f"team-{language}"), language)
        for language in ("zh", "en")
    }


@pytest.mark.parametrize("form", ["md", "table", "json", "html"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_range_is_told(
    tracker: Tracker,
    repositories: dict[str, Path],
    language: str,
    form: str,
    snapshot: SnapshotAssertion,
) -> None:
    folder = repositories[language]
    ended = tracker(folder, "changes", "start..end", "--format", form)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == snapshot


def told(ended: Ended) -> dict[str, list[dict[str, object]]]:
    assert (ended.code, ended.err) == (0, "")
    found = json.loads(ended.out)
    return {kind: items for kind, items in found.items() if items and kind not in ("from", "to")}


def test_since_a_day_is_told_up_to_today(tracker: Tracker, repositories: dict[str, Path]) -> None:
    found = told(
        tracker(repositories["en"], "changes", "--since", "本周", "--format", "json", *TODAY)
    )
    assert set(found) == {"new", "followups", "missed", "renamed", "removed", "problems"}
    assert [each["text"] for each in found["missed"]] == ["send a case study"]
    assert found["missed"][0]["days_overdue"] == 5


@pytest.mark.parametrize("form", ["table", "md", "html", "json"])
def test_where_the_history_begins_is_no_news(tracker: Tracker, tmp_path: Path, form: str) -> None:
    made = Repository(tmp_path)
    made.git("commit", "-q", "--allow-empty", "-m", "empty", committed="2026-10-01")
    made.write("tracker.yaml", ENGLISH["tracker.yaml"])
    made.write("records/_template.md", "---\nname:\n---\n")
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "set up", committed="2026-11-02")
    for path in ("records/acme.md", "records/north.md"):
        made.write(path, ENGLISH[path])
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "our customers", committed="2026-11-20")
    made.write("records/mill.md", ENGLISH["records/mill.md"])
    ended = tracker(
        tmp_path, "changes", "--since", "2026-11-10", "--owner", "Li Lei", "--format", form, *TODAY
    )
    assert ended.code == 0
    if form == "json":
        assert json.loads(ended.out)["begins"] is True
        assert not json.loads(ended.out)["new"]
    else:
        assert "The history in git begins on 2026-11-20" in ended.out
        assert "brought is not counted as new" in ended.out
        assert "New customers" not in ended.out
    everyone = tracker(tmp_path, "changes", "--since", "2026-11-10", "--format", "json", *TODAY)
    assert not json.loads(everyone.out)["new"]
    assert [each["customer"] for each in json.loads(everyone.out)["recorded"]] == ["mill"]
    # Of a day before all commits, too.
    early = ("--since", "2026-10-10", "--today", "2026-11-16", "--format", "json")
    told = json.loads(tracker(tmp_path, "changes", *early).out)
    assert (told["new"], [each["customer"] for each in told["recorded"]]) == ([], ["mill"])


def test_a_time_without_records_is_no_beginning(tracker: Tracker, tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.write("tracker.yaml", ENGLISH["tracker.yaml"])
    made.write("records/demo.md", ENGLISH["records/acme.md"].replace("Acme Pumps", "Demo Co"))
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "try it out", committed="2026-01-05")
    made.git("rm", "-q", "records/demo.md")
    made.git("commit", "-q", "-m", "take the demo away", committed="2026-02-05")
    made.write("records/real.md", ENGLISH["records/mill.md"].replace("Quiet Mill", "Real Co"))
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "our first customer", committed="2026-11-10")
    empty = made.git("rev-parse", "HEAD~").strip()
    since = ("changes", "--since", "2026-11-01", *TODAY)
    ended = tracker(tmp_path, *since)
    assert (ended.code, ended.err) == (0, "")
    assert "Demo Co" not in ended.out
    assert "The history in git begins" not in ended.out
    found = json.loads(tracker(tmp_path, *since, "--format", "json").out)
    assert (found["begins"], found["from"]["commit"]) == (False, empty)
    assert [each["customer"] for each in found["new"]] == ["real"]
    assert not found["removed"]
    assert {each["customer"] for each in found["problems"]} <= {"real"}
    assert tracker(tmp_path, "build", *TODAY).code == 0
    page = (tmp_path / "output" / "changes.html").read_text("utf-8")
    assert "Real Co" in page
    assert "Demo Co" not in page


def test_new_customers_are_worth_together_what_their_lines_say(
    tracker: Tracker, tmp_path: Path
) -> None:
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", "language: en\ncurrency: EUR\n")
    repository.commit("2026-11-01")
    matter = "name: {name}\nstage: {stage}\nowner: Li\ncreated: {day}\nvalue: 100 EUR\n{deal}"
    for name, stage, day, deal in (
        ("Acme", "won", "2026-11-28", "deal: {date: 2026-11-28, amount: 90 EUR}\n"),
        ("Earlier", "won", "2026-01-01", "deal: {date: 2026-02-01, amount: 80 EUR}\n"),
        ("Nowhere", "no such stage", "2026-11-28", ""),
    ):
        text = matter.format(name=name, stage=stage, day=day, deal=deal)
        repository.write(f"records/{name.lower()}.md", f"---\n{text}---\n")
    said = tracker(tmp_path, "changes", *TODAY, "--format", "md").out
    assert "### Won (1) · 90 EUR\n\n- **Acme** won · 90 EUR · Li\n" in said
    assert "### New customers (2) · 200 EUR\n\n- **Acme** won · 100 EUR · Li\n" in said
    assert "### Earlier customers, recorded now (1) · 100 EUR\n" in said


def test_what_is_not_committed_is_told_without_a_range(tracker: Tracker, tmp_path: Path) -> None:
    folder = build(tmp_path, "en")
    nothing = tracker(folder, "changes", *TODAY)
    assert (nothing.code, nothing.err) == (0, "")
    assert nothing.out.endswith("\nNothing has changed for any customer.\n")
    replace(folder, "records/acme.md", "- [ ] send a case study", "- [x] send a case study")
    found = told(tracker(folder, "changes", "--format", "json", *TODAY))
    assert set(found) == {"kept"}
    (kept,) = found["kept"]
    assert (kept["state"], kept["customer"], kept["line"]) == ("late", "acme", 26)


@pytest.mark.git
def test_what_a_sparse_checkout_leaves_out_is_not_deleted(tracker: Tracker, tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.record("records/here.md", "won")
    made.record("records/old.md", "won", "2026-01-01")
    made.git("mv", "records/old.md", "records/new.md")
    made.commit("2026-01-02")
    made.git("sparse-checkout", "set", "--no-cone", "/tracker.yaml", "/records/here.md")
    assert not (tmp_path / "records/new.md").exists()
    for since in ("HEAD", "HEAD~1", "2026-01-02"):
        ended = tracker(tmp_path, "changes", "--since", since)
        assert "客户情况没有变化。" in ended.out, since
    ended = tracker(tmp_path, "doctor", "--format", "json")
    assert "sparse-checkout disable" in ended.out
    (tmp_path / "records/here.md").unlink()
    assert "删除的档案 (1)" in tracker(tmp_path, "changes").out


def test_an_owner_sees_what_is_theirs(tracker: Tracker, repositories: dict[str, Path]) -> None:
    ended = tracker(
        repositories["zh"], "changes", "start..end", "--owner", "韩梅梅", "--format", "json"
    )
    found = told(ended)
    assert {kind: [each["customer"] for each in items] for kind, items in found.items()} == {
        "new": ["new"],
        "owners": ["mill"],
        "followups": ["north", "new"],
        "plans_moved": ["mill"],
        "removed": ["gone"],
        "problems": ["gone"],
    }


def test_the_way_back_is_told_the_other_way_round(
    tracker: Tracker, repositories: dict[str, Path]
) -> None:
    found = told(tracker(repositories["en"], "changes", "end..start", "--format", "json"))
    directions = {each["customer"]: each["direction"] for each in found["stages"]}
    assert directions == {"acme": "backward", "north": "reopened", "mill": "reopened"}
    assert [each["customer"] for each in found["new"]] == ["gone", "twin"]
    assert [each["customer"] for each in found["removed"]] == ["new"]


def test_markdown_is_the_default_where_nobody_looks(
    process: Tracker, repositories: dict[str, Path]
) -> None:
    ended = process(repositories["en"], "changes", "start..end")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("## What has changed\n")


def test_long_sections_say_how_many_lines_are_left_out(tracker: Tracker, tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.write("tracker.yaml", "language: en\n")
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "begin")
    for number in range(40):
        made.record(f"records/{number}.md", "contact")
        replace(tmp_path, f"records/{number}.md", "name: A", f"name: Customer {number}")
    ended = tracker(tmp_path, "changes", "--format", "md", *TODAY)
    assert "### New customers (40)\n" in ended.out
    assert ended.out.count("- **Customer") == 25 + 25
    assert "- … and 15 more\n" in ended.out


def test_a_page_has_neither_scripts_nor_links(
    tracker: Tracker, repositories: dict[str, Path]
) -> None:
    page = tracker(repositories["en"], "changes", "start..end", "--format", "html").out
    assert "New &amp; *Shiny* &lt;b&gt;Co&lt;/b&gt;" in page
    for tag in ("<script", "<a ", "<link", "<img", "http:", "https:", "<b>Co"):
        assert tag not in page


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("nothing..HEAD",), 2, "‘nothing’"),
        (("HEAD", "--since", "HEAD"), 2, "not both"),
        (("--since", "whenever"), 2, "no day either"),
        (("--since", "明年"), 2, "begins on 2027-01-01, which is after today, 2026-11-28"),
        (("--since", "2026-11-29"), 2, "which is after today"),
        (("HEAD", "HEAD"), 2, "not expected: HEAD"),
    ],
)
def test_wrong_use(
    tracker: Tracker,
    repositories: dict[str, Path],
    arguments: tuple[str, ...],
    code: int,
    complaint: str,
) -> None:
    ended = tracker(repositories["en"], "changes", *arguments, *TODAY)
    assert (ended.code, ended.out) == (code, "")
    assert complaint in ended.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_a_repository(
    tracker: Tracker, chinese: Path, english: Path, language: str
) -> None:
    ended = tracker(chinese if language == "zh" else english, "changes")
    assert (ended.code, ended.out) == (3, "")
    assert ("不在 git 仓库里" if language == "zh" else "is not in a git repository") in ended.err
