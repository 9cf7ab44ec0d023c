"""`tracker import` of lists as people keep them: who is meant, and what is planned."""

from __future__ import annotations

import errno
import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from tracker.library.record_files import add_record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ended, Tracker
    from tracker.format.editor import RecordFile

TODAY = ("--today", "2026-11-28")


def imported(tracker: Tracker, workspace: Path, text: str, *options: str) -> Ended:
    path = workspace / "list.csv"
    path.write_text(text, "utf-8")
    owner = "Ann Lee" if workspace.name == "small-en" else "李雷"
    return tracker(workspace, "import", str(path), "--owner", owner, *TODAY, *options)


def body_of(workspace: Path, name: str) -> str:
    """Return what stands in a record below its stage, owner and day."""
    lines = (workspace / "records" / f"{name}.md").read_text("utf-8").split("\n")
    return "\n".join(line for line in lines if not line.startswith(("stage:", "owner:"))).strip()


def test_each_row_of_a_list_of_leads_is_a_contact(tracker: Tracker, english: Path) -> None:
    leads = (
        "Company,Contact,Phone\nAcme Ltd,Ann Roe,+44 20 7946 0958\n"
        "Acme Ltd,Bob Roe,+44 20 7946 0959\n"
    )
    assert imported(tracker, english, leads).code == 0
    assert body_of(english, "acme-ltd") == (
        "---\nname: Acme Ltd\ncreated: 2026-11-28\ncontacts:\n"
        "  - name: Ann Roe\n    phone: +44 20 7946 0958\n"
        "  - name: Bob Roe\n    phone: +44 20 7946 0959\n---"
    )
    told = json.loads(imported(tracker, english, leads, "--format", "json").out)
    assert told["totals"]["skipped"] == 2


def test_whoever_was_spoken_to_has_the_number_of_the_row(tracker: Tracker, chinese: Path) -> None:
    imported(
        tracker,
        chinese,
        "客户名称,联系人,电话,职位,最近跟进日期,最近跟进内容\n"
        "无锡大成,钱文、孙武,13800003333,经理,2026-11-08,初次拜访\n",
    )
    assert body_of(chinese, "wu-xi-da-cheng") == (
        "---\nname: 无锡大成\ncreated: 2026-11-08\ncontacts:\n"
        "  - name: 钱文\n    title: 经理\n    phone: 13800003333\n  - name: 孙武\n---\n\n"
        "## 2026-11-08\n\n初次拜访\n\n- 联系人: 钱文、孙武"
    )


def test_a_customer_without_a_last_contact_is_one_all_the_same(
    tracker: Tracker, chinese: Path
) -> None:
    done = imported(
        tracker,
        chinese,
        "客户名称,联系人,电话,上次联系日期,拜访情况\n"
        "甲公司,钱文,13800003333,2026-11-08,初次拜访\n乙公司,孙武,13800003334,,听说要扩产\n",
    )
    assert done.code == 0
    assert body_of(chinese, "yi") == (
        "---\nname: 乙公司\ncreated: 2026-11-28\ncontacts:\n  - name: 孙武\n"
        "    phone: 13800003334\n---\n\n听说要扩产"
    )


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ("acme,,\n,acme,Bo\n", [("acme", "acme"), ("acme", "Bo")]),
        (",acme,Bo\nacme,,\n", [("acme", "acme"), ("acme", "Bo")]),
        (",x-1,Bo\nacme,x-1,\n", [("x-1", "acme"), ("x-1", "Bo")]),
        ("Zenith,,\nBoreal,zenith,Bo\n", [("zenith-2", "Zenith"), ("zenith", "Boreal")]),
    ],
)
def test_ids_of_one_import_are_known_to_all_its_rows(
    tracker: Tracker, chinese: Path, rows: str, names: list[tuple[str, str]]
) -> None:
    text = f"公司,编号,联系人\n{rows}"
    told = json.loads(imported(tracker, chinese, text, "--format", "json").out)
    assert told["totals"]["rejected"] == 0
    assert told["customers"]["created"] == len({record for record, _ in names})
    for record, name in names:
        assert f"name: {name}\n" in (chinese / "records" / f"{record}.md").read_text("utf-8")
    again = json.loads(imported(tracker, chinese, text, "--format", "json").out)
    assert again["totals"]["skipped"] == len(names)


def test_numbers_that_are_nobodys_are_kept_apart(tracker: Tracker, chinese: Path) -> None:
    text = "客户名称,电话\n无锡大成,13800003333\n无锡大成,13800004444\n"
    imported(tracker, chinese, text)
    expected = (
        "---\nname: 无锡大成\ncreated: 2026-11-28\ncontacts:\n"
        "  - name: 联系人\n    phone: 13800003333\n"
        "  - name: 联系人 2\n    phone: 13800004444\n---"
    )
    assert body_of(chinese, "wu-xi-da-cheng") == expected
    assert (
        json.loads(imported(tracker, chinese, text, "--format", "json").out)["totals"]["skipped"]
        == 2
    )
    assert body_of(chinese, "wu-xi-da-cheng") == expected


def test_cells_that_say_nothing_make_nobody(tracker: Tracker, chinese: Path) -> None:
    imported(
        tracker,
        chinese,
        "客户名称,联系人,电话,报价\n甲公司,无,无,Q-1\n乙公司,-,/,-\n丙公司,,暂无,\n"
        "丁公司,（无）,无。,\n戊公司,暂无联系人,N.A.,\n",
    )
    for name, company in (
        ("yi", "乙公司"),
        ("bing", "丙公司"),
        ("ding", "丁公司"),
        ("wu", "戊公司"),
    ):
        assert body_of(chinese, name) == f"---\nname: {company}\ncreated: 2026-11-28\n---"
    assert body_of(chinese, "jia") == (
        "---\nname: 甲公司\ncreated: 2026-11-28\n---\n\n## 导入的其他信息\n\n- 报价: Q-1"
    )


PLANS = (
    "客户名称,建档日期,下次跟进时间,下次跟进内容\n"
    "甲一公司,2026-09-01,2026-12-05,回访\n乙二公司,2026-09-01,12月5日,回访\n"
)


def test_a_plan_makes_no_follow_up_of_the_day_of_the_import(
    tracker: Tracker, chinese: Path
) -> None:
    ended = imported(tracker, chinese, PLANS)
    assert "没有跟进记录的下次跟进：1" in ended.err
    assert body_of(chinese, "jia-yi") == (
        "---\nname: 甲一公司\ncreated: 2026-09-01\n---\n\n## 2026-09-01\n\n- 下次: 2026-12-05 回访"
    )
    rows = json.loads(tracker(chinese, "list", "甲一公司", "--format", "json", *TODAY).out)
    assert (rows[0]["idle_days"], rows[0]["stale"], rows[0]["next_date"]) == (
        88,
        True,
        "2026-12-05",
    )


def test_a_plan_whose_day_cannot_be_read_is_told_and_kept(tracker: Tracker, chinese: Path) -> None:
    told = json.loads(imported(tracker, chinese, PLANS, "--format", "json").out)
    assert [(one["column"], one["text"]) for one in told["not_understood"]] == [
        ("下次跟进时间", "12月5日")
    ]
    assert body_of(chinese, "yi-er") == (
        "---\nname: 乙二公司\ncreated: 2026-09-01\n---\n\n## 导入的其他信息\n\n"
        "- 下次跟进时间: 12月5日\n- 下次跟进内容: 回访"
    )
    plan = "客户名称,下次跟进\n丁四公司,12月5日 电话 回访\n"
    told = json.loads(imported(tracker, chinese, plan, "--format", "json").out)
    assert told["not_understood"][0]["text"] == "12月5日 电话 回访"
    assert "- 下次跟进: 12月5日 电话 回访" in body_of(chinese, "ding-si")


def test_a_plan_for_a_known_customer_leaves_its_last_contact_alone(
    tracker: Tracker, chinese: Path
) -> None:
    (chinese / "records" / "jia-yi.md").write_text(
        "---\nname: 甲一公司\nstage: 需求分析\nowner: 李雷\ncreated: 2026-09-01\n---\n\n"
        "## 2026-11-02 14:30 电话\n\n谈了交期\n",
        "utf-8",
    )
    plan = "客户名称,下次跟进时间,下次跟进内容\n甲一公司,2026-12-05,回访\n"
    imported(tracker, chinese, plan)
    assert body_of(chinese, "jia-yi").endswith(
        "谈了交期\n\n## 2026-11-02 14:30\n\n- 下次: 2026-12-05 回访"
    )
    before = body_of(chinese, "jia-yi")
    # The record's plan stays; another one is told, and taken only when it is asked for.
    other = plan.replace("12-05", "12-09")
    told = json.loads(imported(tracker, chinese, other, "--format", "json").out)
    assert told["rows"][0]["kept"] == [{"field": "next", "text": "2026-12-09 回访"}]
    assert body_of(chinese, "jia-yi") == before
    imported(tracker, chinese, other, "--overwrite")
    row = json.loads(tracker(chinese, "list", "甲一公司", "--format", "json", *TODAY).out)[0]
    assert (row["next_date"], row["last_contact"]) == ("2026-12-09", "2026-11-02")


@pytest.mark.parametrize("cell", ["2026-09-01 送样", "2026-09-01"])
@pytest.mark.parametrize("column", ["下次跟进时间", "下次跟进"])
def test_a_plan_of_before_the_record_stands_under_its_own_day(
    tracker: Tracker, chinese: Path, cell: str, column: str
) -> None:
    text = f"客户名称,建档日期,{column}\n丁公司,2026-10-01,{cell}\n"
    ended = imported(tracker, chinese, text)
    assert "next-before-followup" not in ended.err
    assert body_of(chinese, "ding").endswith(f"\n\n## 2026-09-01\n\n- 下次: {cell}")
    rows = json.loads(tracker(chinese, "list", "丁公司", "--format", "json", *TODAY).out)
    assert (rows[0]["next_state"], rows[0]["days_overdue"], rows[0]["idle_days"]) == (
        "overdue",
        88,
        88,
    )
    told = json.loads(imported(tracker, chinese, text, "--format", "json").out)
    assert told["totals"]["skipped"] == 1


DEMO = "客户名称,建档日期,下次跟进时间\n甲公司,2026-10-01,2026-12-01 演示\n"


def test_overwriting_a_plan_puts_another_one_in_its_place(tracker: Tracker, chinese: Path) -> None:
    imported(tracker, chinese, DEMO)
    before = body_of(chinese, "jia")
    later = DEMO.replace("12-01", "12-08")
    told = json.loads(imported(tracker, chinese, later, "--format", "json").out)
    assert told["rows"][0]["kept"] == [{"field": "next", "text": "2026-12-08 演示"}]
    assert body_of(chinese, "jia") == before
    ended = imported(tracker, chinese, later, "--overwrite", "--rows")
    assert "新写入：下次跟进" in ended.out
    assert body_of(chinese, "jia") == before.replace("12-01", "12-08")
    for options in ((), ("--overwrite",)):
        told = json.loads(imported(tracker, chinese, later, "--format", "json", *options).out)
        assert told["totals"]["skipped"] == 1
    # A plan that the section could not have made stays.
    back = DEMO.replace("12-01", "09-15")
    told = json.loads(imported(tracker, chinese, back, "--overwrite", "--format", "json").out)
    assert told["rows"][0]["kept"] == [{"field": "next", "text": "2026-09-15 演示"}]
    assert body_of(chinese, "jia") == before.replace("12-01", "12-08")


TALK = (
    "---\nname: 甲公司\nstage: 需求分析\nowner: 李雷\ncreated: 2026-10-01\n---\n\n"
    "## 2026-11-02\n\n谈了交期\n{bullets}\n## 2026-10-10 电话\n\n问了价格\n"
)


@pytest.mark.parametrize(
    ("before", "after", "option"),
    [
        ("", "\n- 下次: 2026-12-01 演示\n", ()),
        (
            "\n- 联系人: 王芳\n  的同事\n\n",
            "\n- 联系人: 王芳\n  的同事\n- 下次: 2026-12-01 演示\n\n",
            (),
        ),
        (
            "\n- 下次: 2026-12-05 面谈 回访\n  谈价格；目标: 签约\n- 态度: 积极\n",
            "\n- 下次: 2026-12-01 演示\n- 态度: 积极\n",
            ("--overwrite",),
        ),
        ("\n- 下次: 无\n", "\n- 下次: 无\n", ()),
        # What goes on below a blank line is not replaced, so all of it stays.
        (
            "\n- 下次: 2026-12-05 回访\n\n  谈价格\n",
            "\n- 下次: 2026-12-05 回访\n\n  谈价格\n",
            ("--overwrite",),
        ),
    ],
)
def test_a_plan_makes_no_second_section_with_one_heading(
    tracker: Tracker, chinese: Path, before: str, after: str, option: tuple[str, ...]
) -> None:
    record = chinese / "records" / "jia.md"
    record.write_text(TALK.format(bullets=before), "utf-8")
    imported(tracker, chinese, DEMO, *option)
    assert record.read_text("utf-8") == TALK.format(bullets=after)
    imported(tracker, chinese, DEMO, *option)
    assert record.read_text("utf-8") == TALK.format(bullets=after)


@pytest.mark.parametrize("empty", ["", "-", "无"])
def test_nothing_planned_is_no_plan(tracker: Tracker, chinese: Path, empty: str) -> None:
    imported(tracker, chinese, f"客户名称,下次跟进\n甲一公司,{empty}\n")
    assert body_of(chinese, "jia-yi") == "---\nname: 甲一公司\ncreated: 2026-11-28\n---"


def test_salespeople_who_are_not_in_the_settings_are_told(tracker: Tracker, chinese: Path) -> None:
    text = "客户名称,业务员\n甲一公司,小王\n乙二公司,小王\n丙三公司,Li Lei\n"
    ended = imported(tracker, chinese, text, "--dry-run")
    assert "tracker.yaml 的 owners 里没有：小王 (2)" in ended.err
    told = json.loads(imported(tracker, chinese, text, "--format", "json").out)
    assert told["unknown_owners"] == {"小王": 2}
    assert told["totals"]["created"] == 3
    again = json.loads(imported(tracker, chinese, text, "--format", "json").out)
    assert again["unknown_owners"] == {}


def test_a_word_may_mean_anybody_where_the_settings_name_no_salespeople(
    tracker: Tracker, tmp_path: Path
) -> None:
    assert tracker(tmp_path, "init", "w", "--lang", "zh").code == 0
    workspace = tmp_path / "w"
    ended = imported(
        tracker, workspace, "客户名称,负责人\n甲公司,小李\n", "--word", "小李=李雷", "--yes"
    )
    assert (ended.code, "--word" in ended.err) == (0, False)
    assert "owner: 李雷\n" in (workspace / "records" / "jia.md").read_text("utf-8")
    empty = imported(tracker, workspace, "客户名称\n乙公司\n", "--word", "小李=", "--yes")
    assert empty.code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "空文件"), ("\ufeff", "空文件"), ("客户名称,业务员\n", "表头下面没有数据行")],
)
def test_a_file_without_rows_is_told(tracker: Tracker, chinese: Path, text: str, said: str) -> None:
    ended = imported(tracker, chinese, text)
    assert (ended.code, "无变化" in ended.out) == (0, False)
    assert said in ended.err
    assert not (chinese / "imports").exists()
    told = json.loads(imported(tracker, chinese, text, "--format", "json").out)
    assert (told["totals"]["created"], told["mapping"]) == (0, None)


def test_a_day_that_cannot_be_read_is_named_with_its_row(tracker: Tracker, chinese: Path) -> None:
    ended = imported(tracker, chinese, "客户,日期,跟进方式,沟通内容\n甲一公司,昨天,电话,问价格\n")
    assert ended.code == 1
    assert "跟进日期无法识别：“昨天”不是日期" in ended.out
    empty = imported(tracker, chinese, "客户,日期,跟进方式,沟通内容\n甲一公司,,电话,问价格\n")
    assert "这一行没有跟进日期" in empty.out


FORMS = {
    "zh": """\
---
name: 云舸科技
stage: 初步接触
owner: 李雷
created: 2026-09-01
contacts:
  - name: 钱文
    wechat: qianwen
    concerns: [价格, 交期]
---

在展会上认识。

## 门卫

- 从北门进

## 2026-11-02 14:30 电话 李雷

谈了交期

- 联系人: 钱文
- [ ] 发送报价 @2026-11-30
- 下次: 2026-12-05 面谈 回访
""",
    "en": """\
---
name: Clipper Ltd
stage: initial contact
owner: Ann Lee
created: 2026-09-01
contacts:
  - name: Bob Roe
    concerns: [price]
---

Met at the fair.

## 2026-11-02 14:30 call Ann Lee

Asked about lead time

- contact: Bob Roe
- [ ] send the quote @2026-11-30
- next: 2026-12-05 visit a visit
""",
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("today", ["2026-11-28", "2026-12-05", "2026-12-10", "none"])
def test_a_form_of_ours_gives_back_what_is_on_it(
    tracker: Tracker, chinese: Path, english: Path, language: str, today: str
) -> None:
    workspace = chinese if language == "zh" else english
    record = workspace / "records" / "clipper.md"
    text = FORMS[language]
    if today == "none":
        text, today = text[: text.rindex("- ")], "2026-11-28"
    record.write_text(text, "utf-8")
    form = workspace / "form.xlsx"
    exported = tracker(workspace, "export", "form", "clipper", "-o", str(form), "--today", today)
    assert exported.code == 0, exported.err
    record.unlink()
    ended = tracker(workspace, "import", str(form), "--today", today)
    assert (ended.code, "--map" in ended.err) == (0, False)
    assert record.read_text("utf-8") == text


def test_what_differs_is_told_in_the_language_of_the_workspace(
    tracker: Tracker, chinese: Path
) -> None:
    text = "客户名称,联系人,电话,预计金额,备注,成交金额\n"
    imported(tracker, chinese, f"{text}无锡大成,钱文,13800003333,3,甲,5\n")
    ended = imported(tracker, chinese, f"{text}无锡大成,钱文,13800004444,4,乙,6\n", "--rows")
    assert "成交金额 (1)、联系人电话 (1)、背景 (1)" in ended.err
    assert "没有采用：预计金额 4 CNY" in ended.out
    assert "联系人电话 13800004444" in ended.out
    log = "客户,联系人,日期,内容\n无锡大成,孙武,2026-11-01,谈了\n"
    assert "新写入：联系人、跟进记录" in imported(tracker, chinese, log, "--rows").out
    wrong = "客户名称,预计金额\n无锡大成,很多\n,3\n"
    told = json.loads(imported(tracker, chinese, wrong, "--format", "json").out)
    assert told["not_understood"][0]["message"].startswith("“很多”不是金额")
    assert told["rows"][1]["reason"] == "这一行没有客户名称"


def test_lists_of_a_record_of_ours_are_not_called_left_out(tracker: Tracker, chinese: Path) -> None:
    (chinese / "records" / "wu-xi.md").write_text(
        "---\nname: 无锡大成\nstage: 成交\nowner: 李雷\ncreated: 2026-09-01\n"
        "deal: {contract: HT-1}\n---\n",
        "utf-8",
    )
    path = chinese / "records.jsonl"
    exported = tracker(chinese, "export", "jsonl", "-o", str(path), *TODAY)
    assert exported.code == 0
    told = json.loads(
        tracker(chinese, "import", str(path), "--dry-run", "--format", "json", *TODAY).out
    )
    columns = {(one["column"], one["field"]) for one in told["columns"]}
    assert "deal.items" not in {column for column, _ in columns}
    assert ("offers", "offers.amount") not in columns
    assert told["totals"]["created"] == told["totals"]["updated"] == 0


def test_a_plan_stands_in_the_follow_up_of_a_row_further_down(
    tracker: Tracker, chinese: Path
) -> None:
    text = (
        "客户名称,下次跟进时间,下一步计划,最近跟进日期,最近跟进内容\n"
        "无锡大成,2026-12-05,报价,,\n无锡大成,,,2026-11-20,谈了价格\n"
    )
    told = json.loads(imported(tracker, chinese, text, "--format", "json").out)
    assert (told["totals"]["created"], told["plans_without_followup"]) == (2, 1)
    assert body_of(chinese, "wu-xi-da-cheng").endswith(
        "---\n\n## 2026-11-20\n\n谈了价格\n\n- 下次: 2026-12-05 报价"
    )
    again = json.loads(imported(tracker, chinese, text, "--format", "json").out)
    assert again["totals"]["skipped"] == 2
    # The same in a record that is there.
    later = text.replace("2026-12-05,报价", "2026-12-15,签约").replace(
        "2026-11-20,谈了价格", "2026-12-06,又谈"
    )
    told = json.loads(
        imported(tracker, chinese, later, "--today", "2026-12-06", "--format", "json").out
    )
    assert told["totals"]["updated"] == 2
    assert "## 2026-12-06\n\n又谈\n\n- 下次: 2026-12-15 签约\n\n## 2026-11-20\n" in body_of(
        chinese, "wu-xi-da-cheng"
    )


def test_numbered_columns_are_several_follow_ups(tracker: Tracker, chinese: Path) -> None:
    text = (
        "客户名称,跟进日期1,跟进内容1,跟进日期2,跟进内容2,反馈2\n"
        "无锡大成,2026-11-08,首访,2026-11-20,报价,急\n无锡小成,2026-11-09,电话,,,\n"
    )
    assert imported(tracker, chinese, text).code == 0
    assert body_of(chinese, "wu-xi-da-cheng").endswith(
        "created: 2026-11-08\n---\n\n## 2026-11-20\n\n报价\n\n反馈2: 急\n\n## 2026-11-08\n\n首访"
    )
    assert body_of(chinese, "wu-xi-xiao-cheng").endswith("---\n\n## 2026-11-09\n\n电话")
    told = json.loads(imported(tracker, chinese, text, "--format", "json").out)
    assert told["totals"]["skipped"] == 2
    assert ("跟进日期2", "followup.2.date") in {
        (one["column"], one["field"]) for one in told["columns"]
    }


@pytest.mark.parametrize(
    "header",
    [
        "客户名称,第一次跟进日期,第一次跟进内容,第二次跟进日期,第二次跟进内容\n",
        "客户名称,第一次跟进,,第二次跟进,\n,日期,内容,日期,内容\n",
        "客户名称,跟进日期,跟进内容,第二跟进日期,第二跟进内容\n",
    ],
)
def test_follow_ups_may_be_numbered_in_words(tracker: Tracker, chinese: Path, header: str) -> None:
    text = f"{header}无锡大成,2026-11-08,首访,2026-11-20,报价\n"
    assert imported(tracker, chinese, text).code == 0
    assert body_of(chinese, "wu-xi-da-cheng").endswith(
        "created: 2026-11-08\n---\n\n## 2026-11-20\n\n报价\n\n## 2026-11-08\n\n首访"
    )


def test_a_column_belongs_to_the_follow_up_whose_day_was_mapped(
    tracker: Tracker, chinese: Path
) -> None:
    text = (
        "客户名称,跟进日期,跟进内容,复访日,跟进内容2{more}\n"
        "无锡大成,2026-11-08,首访,2026-11-20,报价{said}\n"
    )
    mapped = ("--map", "复访日=followup.2.date")
    expected = "\n\n## 2026-11-20\n\n报价{said}\n\n## 2026-11-08\n\n首访"
    assert imported(tracker, chinese, text.format(more="", said=""), *mapped).code == 0
    assert body_of(chinese, "wu-xi-da-cheng").endswith(expected.format(said=""))
    # The mapping is remembered, also where the file has further columns.
    (chinese / "records" / "wu-xi-da-cheng.md").unlink()
    assert imported(tracker, chinese, text.format(more=",反馈2", said=",急")).code == 0
    assert body_of(chinese, "wu-xi-da-cheng").endswith(expected.format(said="\n\n反馈2: 急"))


def test_a_number_of_a_column_without_a_day_makes_no_second_follow_up(
    tracker: Tracker, chinese: Path
) -> None:
    text = "客户名称,跟进日期,跟进内容,跟进内容2\n无锡大成,2026-11-08,首访,报价\n"
    assert imported(tracker, chinese, text).code == 0
    assert body_of(chinese, "wu-xi-da-cheng").endswith("## 2026-11-08\n\n首访\n\n跟进内容2: 报价")


def test_of_several_plans_the_first_stays_when_they_come_again(
    tracker: Tracker, chinese: Path
) -> None:
    text = "客户名称,下次跟进时间,下一步计划\n无锡大成,2026-12-01,\n无锡大成,2026-12-08,报价\n"
    imported(tracker, chinese, text)
    before = body_of(chinese, "wu-xi-da-cheng")
    assert before.endswith("- 下次: 2026-12-08 报价\n\n## 2026-11-28\n\n- 下次: 2026-12-01")
    for _ in range(2):
        imported(tracker, chinese, text, "--overwrite")
        assert body_of(chinese, "wu-xi-da-cheng") == before


def test_a_history_in_one_cell_is_as_many_follow_ups(tracker: Tracker, chinese: Path) -> None:
    heading = "客户名称,跟进人,跟进记录,下次跟进\n"
    history = "2026.3.5 电话：询价\n2026年4月1日 上门拜访\n4月9日 已报价"
    before = imported(tracker, chinese, f'{heading}甲公司,韩梅梅,"老客户\n{history}",2026-12-01\n')
    assert before.code == 0
    assert body_of(chinese, "jia") == (
        "---\nname: 甲公司\ncreated: 2026-03-05\n---\n\n老客户\n\n"
        "## 2026-04-09 韩梅梅\n\n已报价\n\n- 下次: 2026-12-01\n\n"
        "## 2026-04-01 面谈 韩梅梅\n\n上门拜访\n\n"
        "## 2026-03-05 电话 韩梅梅\n\n询价"
    )
    # A week later the cell has grown, and somebody has written on in the record.
    record = chinese / "records" / "jia.md"
    mended = record.read_text("utf-8").replace("上门拜访\n", "上门拜访，看了样机\n")
    record.write_text(mended, "utf-8")
    grown = f'{heading}甲公司,韩梅梅,"老客户\n{history}\n2026.11.20 微信 同意价格",2026-12-01\n'
    assert imported(tracker, chinese, grown).code == 0
    added = "## 2026-11-20 微信 韩梅梅\n\n同意价格\n\n- 下次: 2026-12-01\n\n## 2026-04-09"
    assert record.read_text("utf-8") == mended.replace("## 2026-04-09", added)
    told = json.loads(imported(tracker, chinese, grown, "--format", "json").out)
    assert told["totals"]["skipped"] == 1


def test_a_history_beside_the_day_of_the_last_contact(tracker: Tracker, chinese: Path) -> None:
    imported(
        tracker,
        chinese,
        "客户名称,最近跟进日期,跟进方式,最近跟进内容\n"
        '甲公司,2026-04-01,电话,"2026.3.5 拜访工厂\n2026.4.1 谈价"\n'
        '乙公司,2026-04-01,电话,"2026.3.5 寄的样品已收到"\n',
    )
    assert body_of(chinese, "jia").endswith(
        "## 2026-04-01 电话\n\n谈价\n\n## 2026-03-05\n\n拜访工厂"
    )
    assert body_of(chinese, "yi").endswith("## 2026-04-01 电话\n\n2026.3.5 寄的样品已收到")


def test_a_row_of_an_id_that_nobody_has_says_so(tracker: Tracker, english: Path) -> None:
    ended = imported(tracker, english, "ID,Level\nnobody,A\n")
    assert ended.code == 1
    assert "there is no customer with the id ‘nobody’" in ended.out


def test_of_two_columns_of_numbers_the_other_counts_where_one_is_empty(
    tracker: Tracker, chinese: Path
) -> None:
    imported(
        tracker,
        chinese,
        "客户名称,联系人,电话,手机\n"
        "大成,王芳,,13912345678\n"
        "华瑞,李娜,0512-65001234,\n"
        "鑫达,张伟,0512-65001235,13912345679\n",
    )
    said = [body_of(chinese, name) for name in ("da-cheng", "hua-rui", "xin-da")]
    phones = [re.search(r"    phone: (.+)", each) for each in said]
    assert [found and found[1] for found in phones] == [
        "13912345678",
        "0512-65001234",
        "0512-65001235",
    ]
    assert ["手机" in each for each in said] == [False, False, True]
    assert "手机: 13912345679" in said[2]


def test_a_stage_of_a_log_that_is_none_is_told(tracker: Tracker, chinese: Path) -> None:
    text = "客户名称,客户阶段,跟进日期,跟进内容\n无锡大成,跟单中,2026-11-01,来电\n"
    found = json.loads(imported(tracker, chinese, text, "--format", "json", "--dry-run").out)
    assert [each["text"] for each in found["not_understood"]] == ["跟单中"]
    rejected = imported(tracker, chinese, text, "--unfit", "reject")
    assert rejected.code == 1
    imported(tracker, chinese, text, "--word", "跟单中=商务谈判")
    assert "- 阶段: 商务谈判" in body_of(chinese, "wu-xi-da-cheng")


@pytest.mark.parametrize("name", ["公司", "客户", "测试客户"])
def test_customers_of_a_first_try_are_no_form(tracker: Tracker, chinese: Path, name: str) -> None:
    rows = "".join(f"{name}{number},0512-6500123{number}\n" for number in range(1, 7))
    found = json.loads(imported(tracker, chinese, f"客户名称,电话\n{rows}", "--format", "json").out)
    assert found["customers"] == {"created": 6, "updated": 0}


def test_a_full_disk_is_told_with_what_is_written(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add_while_there_is_room(root: Path, change: RecordFile) -> None:
        if "甲" in change.text:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(root))
        add_record(root, change)

    text = "客户名称,电话\n无锡大成,0512-65001231\n苏州甲山,0512-65001232\n"
    with monkeypatch.context() as patch:
        patch.setattr("tracker.exchange.intake.writing.add_record", add_while_there_is_room)
        patch.setattr("tracker.exchange.intake.writing._AT_ONCE", 1)
        ended = imported(tracker, chinese, text)
    assert ended.code == 3
    assert "已写入 1 条记录，共 2 条" in ended.err
    assert "磁盘空间不足" in ended.err
    again = json.loads(imported(tracker, chinese, text, "--format", "json").out)
    assert again["customers"] == {"created": 1, "updated": 0}


def test_the_days_of_histories_tell_how_they_are_written(tracker: Tracker, chinese: Path) -> None:
    heading = "客户名称,跟进记录\n"
    history = "03/05/2026 询价\n{}/06/2026 报价"
    imported(tracker, chinese, f'{heading}甲公司,"{history.format(13)}"\n')
    assert body_of(chinese, "jia").endswith("## 2026-06-13\n\n报价\n\n## 2026-05-03\n\n询价")
    # Where nothing tells, no entry is put under a part of them.
    done = imported(tracker, chinese, f'{heading}乙公司,"{history.format("04")}\n2026.7.1 签约"\n')
    assert "--day-first" in done.out
    assert body_of(chinese, "yi").endswith("03/05/2026 询价\n04/06/2026 报价\n2026.7.1 签约")
