"""Files of every format: encodings, signs between columns, headers, forms, cards, lists."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no marker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.config_file import default_config
from tracker.exchange.intake.contributions import Contribution, Policy, Unfit
from tracker.exchange.intake.mapping import Choices
from tracker.exchange.intake.plan import Outcome
from tracker.exchange.intake.planner import Choice, plan_import
from tracker.exchange.intake.source import Source, read_sheets, understand
from tracker.exchange.intake.tables import SourceError
from tracker.library.library import Entry, Library
from tracker.library.record_files import add_record

CONFIG = default_config("zh")
TODAY = date(2026, 11, 28)


def source_of(path: Path, **columns: str) -> Source:
    return understand(read_sheets(path), CONFIG, Choices(columns))


def rows_of(path: Path, **columns: str) -> list[Contribution]:
    policy = Policy(Unfit.NOTE, keep_columns=True, today=TODAY)
    return source_of(path, **columns).contributions(CONFIG, Choices(), policy)


def workbook(path: Path, sheets: dict[str, list[Any]], **options: Any) -> Path:  # noqa: ANN401  # cells
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", **options})
    for name, lines in sheets.items():
        sheet = book.add_worksheet(name)
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return path


TEXT = "客户名称,联系人,备注\r\n苏州光华精密有限公司,赵敏,老板说时间要快\r\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    text = TEXT.replace("苏州光华精密", "台北光華") if encoding == "big5" else TEXT
    text = text.replace("户名称", "戶名稱").replace("联系", "聯系") if encoding == "big5" else text
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding, "ignore"))
    (row,) = rows_of(path, 客戶名稱="name")
    assert str(row.values["name"]).endswith("有限公司") or encoding == "big5"
    assert "光" in str(row.values["name"])


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_any_usual_sign_between_columns(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "a.csv"
    lines = [["公司", "电话", "备注"], ["光华", "0512-66881234", f"a{sign}b"]]
    path.write_text("\n".join(sign.join(f'"{cell}"' for cell in line) for line in lines), "utf-8")
    (row,) = rows_of(path)
    assert row.values["name"] == "光华"
    assert row.background == f"a{sign}b"


def test_defused_cells_are_armed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("公司,备注\n'=光华,'+1\n", "utf-8")
    (row,) = rows_of(path)
    assert (row.values["name"], row.background) == ("=光华", "+1")


def test_what_is_not_in_the_named_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("公司\n光华\n".encode())
    with pytest.raises(SourceError, match="ascii"):
        read_sheets(path, "ascii")
    with pytest.raises(SourceError, match="nonsense"):
        read_sheets(path, "nonsense")


def test_titles_blank_rows_repeated_headers_and_totals_are_no_customers(tmp_path: Path) -> None:
    header = ["序号", "客户名称", "金额（万元）"]
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "客户": [
                ["2026年客户一览表"],
                [],
                header,
                [1, "光华", 12.5],
                [],
                header,
                [2, "云帆", 3],
                [3, None, None],
                ["合计", None, 15.5],
            ]
        },
    )
    source = source_of(path)
    assert [row.values for row in rows_of(path)] == [
        {"name": "光华", "value": "125000 CNY"},
        {"name": "云帆", "value": "30000 CNY"},
    ]
    assert sorted(what for _, _, what in source.passed) == ["header", "total"]


def test_a_company_called_total_is_no_sum(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", {"A": [["company", "city", "value"], ["Total", "Paris", 5]]}
    )
    assert [row.values["name"] for row in rows_of(path)] == ["Total"]


def test_cells_merged_downwards_stand_in_each_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("跟进")
    sheet.write_row(0, 0, ["客户", "日期", "跟进方式", "跟进内容"])
    sheet.merge_range("A2:A3", "光华")
    sheet.write_row(1, 1, ["2026-10-01", "电话", "一"])
    sheet.write_row(2, 1, ["2026-10-02", "微信", "二"])
    book.close()
    rows = rows_of(path)
    assert [row.values["name"] for row in rows] == ["光华", "光华"]
    assert [row.followups[0].followup.summary for row in rows] == ["一", "二"]


def test_days_of_a_workbook_from_1904(tmp_path: Path) -> None:
    lines = [["公司", "建档日期"], ["光华", date(2026, 3, 5)], ["云帆", 43538]]
    path = workbook(tmp_path / "a.xlsx", {"A": lines}, date_1904=True)
    assert [row.values["created"] for row in rows_of(path)] == ["2026-03-05", "2023-03-15"]


def test_a_log_is_told_from_a_table_of_customers(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "日期,时间,客户,方式,跟进人,联系人,内容,下次跟进日期,下一步计划\n"
        "2026-11-20,14:30,光华,电话,李雷,王芳,询问交期,2026-11-27,演示方案\n",
        "utf-8",
    )
    (row,) = rows_of(path)
    (entry,) = row.followups
    assert entry.draft.heading == "2026-11-20 14:30 电话 李雷"
    assert entry.followup.summary == "询问交期"
    assert entry.followup.contacts == ("王芳",)
    assert entry.followup.next
    assert (entry.followup.next.date, entry.followup.next.text) == (date(2026, 11, 27), "演示方案")


def test_a_follow_up_without_a_day_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("日期,客户,方式,内容\n,光华,电话,询问交期\n", "utf-8")
    (row,) = rows_of(path)
    assert "day" in str(row.refusal)


def test_what_would_be_markdown_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        '日期,客户,方式,内容\n2026-11-20,光华,电话,"# 一\n- 阶段: 成交\n- [ ] 二\n## 2026-01-01"\n',
        "utf-8",
    )
    (row,) = rows_of(path)
    (entry,) = row.followups
    assert entry.followup.stage is None
    assert not entry.followup.commitments
    assert entry.followup.summary.splitlines()[1] == "\\- 阶段: 成交"


def test_several_people_in_one_cell_and_in_several_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "公司,联系人,电话,联系人2,联系人2电话,手机\n光华,王芳、钱进,0512-66881234,陈建国,13900001111,"
        "13700002222\n",
        "utf-8",
    )
    (row,) = rows_of(path)
    assert row.groups["contacts"] == [
        {"name": "王芳", "phone": "0512-66881234"},
        {"name": "钱进"},
        {"name": "陈建国", "phone": "13900001111"},
    ]
    assert row.notes == [("手机", "13700002222")]


FORM = [
    ["客户跟踪记录表"],
    ["一、客户基本信息"],
    ["客户名称", "光华设备有限公司", "客户来源", "官网"],
    ["客户等级", "□A ☑B □C", "预计金额", "48万"],
    ["二、联系人信息"],
    ["姓名", "职位", "电话"],
    ["王芳", "采购经理", 13900001111],
    ["陈建国", "科长", None],
    ["三、需求分析"],
    ["核心需求", "1. 缩短交期，减少返工\n2. 设备联网"],
    ["四、报价信息"],
    ["日期", "产品", "报价单号", "金额"],
    ["2026-10-18", "X200", "Q-001", "45-50万"],
    ["五、跟进记录"],
    ["日期", "方式", "跟进人", "沟通内容"],
    ["2026-11-20 14:30", "电话", "李雷", "询问交期"],
    ["2026.11.12", "邮件", "李雷", "发了资料"],
    [],
    ["六、成交信息"],
    ["合同编号", "HT-1", "成交金额", 450000],
    ["七、售后服务"],
    ["日期", "类型", "内容", "处理人"],
    ["2026-11-26", "交付", "首批到货", "李雷"],
]


def test_the_classic_form(tmp_path: Path) -> None:
    path = workbook(tmp_path / "form.xlsx", {"光华": FORM, "空白": []})
    source = source_of(path)
    assert not source.left_out
    rows = rows_of(path)
    assert {str(row.values["name"]) for row in rows} == {"光华设备有限公司"}
    main, *others = rows
    assert main.values == {
        "name": "光华设备有限公司",
        "source": "官网",
        "level": "B",
        "value": "480000 CNY",
        "needs.core": ("缩短交期，减少返工", "设备联网"),
        "deal.contract": "HT-1",
        "deal.amount": "450000 CNY",
    }
    people = [row.groups["contacts"][0] for row in others if "contacts" in row.groups]
    assert people == [
        {"name": "王芳", "title": "采购经理", "phone": "13900001111"},
        {"name": "陈建国", "title": "科长"},
    ]
    (offer,) = [row.groups["offers"][0] for row in others if "offers" in row.groups]
    assert (offer["quote"], offer["amount"]) == ("Q-001", "450000-500000 CNY")
    followups = [entry.followup for row in others for entry in row.followups]
    assert [followup.date.day for followup in followups] == [20, 12, 26]
    assert followups[-1].service[0].kind == "delivery"
    assert followups[-1].service[0].text == "首批到货"


def test_json_lines_flat_and_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"name": "光华", "tags": ["a, b", "c"], "contacts": [{"name": "王芳"}]})
        + "\nnot json\n[1]\n",
        "utf-8",
    )
    rows = rows_of(path)
    assert [str(row.refusal)[:10] for row in rows if row.refusal] == ["this is no", "this is no"]
    assert rows[0].values["tags"] == ("a, b", "c")
    assert rows[-1].groups["contacts"] == [{"name": "王芳"}]


CARDS = """\
BEGIN:VCARD
VERSION:3.0
FN:王芳
ORG:光华有限公司;采购部
TITLE:采购经理
TEL;TYPE=WORK:0512-66881234
TEL;TYPE=CELL:13900001111
EMAIL:w@example.com
NOTE:微信：wf_1
END:VCARD
BEGIN:VCARD
VERSION:4.0
KIND:org
FN:云帆有限公司
ORG:云帆有限公司
END:VCARD
"""


def test_cards(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_text(CARDS, "utf-8")
    person, company = rows_of(path)
    assert person.values["name"] == "光华有限公司"
    (contact,) = person.groups["contacts"]
    assert contact == {
        "name": "王芳",
        "title": "采购经理",
        "phone": "13900001111",
        "email": "w@example.com",
        "wechat": "wf_1",
    }
    assert ("phone", "0512-66881234") in person.notes
    assert ("department", "采购部") in person.notes
    assert company.values["name"] == "云帆有限公司"
    assert not company.groups


def test_a_file_without_cards_and_a_broken_workbook_are_refused(tmp_path: Path) -> None:
    for name, data in (("a.vcf", b"nothing"), ("a.xlsx", b"PK\x03\x04broken"), ("b.xls", b"x")):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(SourceError):
            read_sheets(path)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_a_text_with_the_ending_of_a_workbook_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "导出.xls"
    path.write_text("客户名称\t电话\n光华\t13900001111\n", encoding)
    (sheet,) = read_sheets(path)
    assert [row.cells for row in sheet.rows] == [("客户名称", "电话"), ("光华", "13900001111")]


@pytest.mark.parametrize("text", ["<html><table>", "\ufeff\n<?xml version='1.0'?>"])
def test_a_page_with_the_ending_of_a_workbook_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "导出.xls"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=r"save it as \.xlsx"):
        read_sheets(path)


def test_sheets_without_customers_are_left_out(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {"说明": [["请按模板填写"]], "客户": [["公司", "电话"], ["光华", "0512-66881234"]]},
    )
    source = source_of(path)
    assert source.left_out == ("说明",)
    assert [row.values["name"] for row in rows_of(path)] == ["光华"]


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        [
            "光华",
            "云帆有限公司",
            "2026-11-20",
            "电话",
            "李雷",
            "成交",
            "48万",
            "13900001111",
            "合计",
        ]
    ),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.booleans(),
)
_KNOWN = (
    "公司 客户名称 联系人 电话 日期 内容 方式 跟进人 阶段 金额 备注 编号 标签 报价单号 下次跟进 "
    "待办 单价 产品 原因 负责人"
)
HEADINGS = st.one_of(st.sampled_from(_KNOWN.split()), st.text(max_size=8))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HEADINGS, min_size=1, max_size=8), st.data())
def test_no_row_of_any_table_is_lost(tmp_path: Path, headings: list[str], data: Any) -> None:  # noqa: ANN401  # Hypothesis
    width = len(headings)
    lines = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6))
    path = workbook(tmp_path / "a.xlsx", {"A": [headings, *lines]}, strings_to_formulas=False)
    source = source_of(path)
    policy = Policy(data.draw(st.sampled_from(Unfit)), data.draw(st.booleans()), TODAY)
    rows = source.contributions(CONFIG, Choices(), policy)
    library = Library(tmp_path, CONFIG, ())
    plan = plan_import(rows, library, Choice(TODAY, owner="李雷"))
    assert [result.origin for result in plan.rows] == [row.origins[0] for row in rows]
    assert sum(plan.counts[outcome] for outcome in Outcome) == len(rows)
    assert set(source.rows()) == {row.origins[0] for row in rows}
    for result in plan.rows:
        assert (result.reason is None) == (result.outcome is not Outcome.REJECTED)
    names = {change.after.path for change in plan.records}
    assert len(names) == len(plan.records)
    if policy.unfit is not Unfit.KEEP:
        assert not plan.problems
    # The second time there is nothing new.
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for change in plan.records:
            add_record(root, change.after)
        entries = [
            Entry(one.after.path, one.after.text, one.after.customer) for one in plan.records
        ]
        known = Library(root, CONFIG, tuple(entries))
        again = plan_import(rows, known, Choice(TODAY, owner="李雷"))
    assert not again.records
    assert again.counts[Outcome.CREATED] + again.counts[Outcome.UPDATED] == 0
