"""`tracker import` of what other programs for customers export: names in two columns, own words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ended, Tracker

TODAY = ("--today", "2026-11-28")


def imported(tracker: Tracker, workspace: Path, text: str, *options: str) -> Ended:
    path = workspace / "export.csv"
    path.write_text(text, "utf-8")
    owner = "Ann Lee" if workspace.name == "small-en" else "李雷"
    return tracker(workspace, "import", str(path), "--owner", owner, *TODAY, *options)


def test_first_and_last_name_are_one_name(tracker: Tracker, english: Path) -> None:
    text = (
        "Record ID,First Name,Last Name,Email,Associated Company,Contact owner\n"
        '7,Jo,Roe,jo@zen.example,"Zen, Inc.",Ann Lee\n8,Al,,al@zen.example,"Zen, Inc.",Ann Lee\n'
    )
    assert imported(tracker, english, text).code == 0
    record = (english / "records" / "zen-inc.md").read_text("utf-8")
    assert record.endswith(
        "contacts:\n  - name: Jo Roe\n    email: jo@zen.example\n"
        "  - name: Al\n    email: al@zen.example\n---\n"
    )
    told = json.loads(imported(tracker, english, text, "--format", "json").out)
    assert told["totals"]["skipped"] == 2


def test_chinese_family_names_come_first(tracker: Tracker, chinese: Path) -> None:
    text = "名,姓,公司,电话\n娜娜,欧阳,光华,13900001111\n"
    assert imported(tracker, chinese, text).code == 0
    assert "  - name: 欧阳娜娜\n" in (chinese / "records" / "guang-hua.md").read_text("utf-8")


def test_a_whole_name_counts_before_its_parts(tracker: Tracker, english: Path) -> None:
    text = "Company,Full Name,First Name,Last Name\nZen Ltd,Dr. Jo Roe,Joanna,Roe\n"
    assert imported(tracker, english, text).code == 0
    record = (english / "records" / "zen-ltd.md").read_text("utf-8")
    assert "  - name: Dr. Jo Roe\n" in record
    assert record.endswith("## Imported\n\n- First Name: Joanna\n")


def test_nobody_becomes_a_customer_called_by_a_title(tracker: Tracker, english: Path) -> None:
    before = sorted((english / "records").iterdir())
    ended = imported(tracker, english, "Job Title,Email\nCFO,a@x.example\n,b@x.example\n")
    assert ended.code == 1
    assert ended.out.count("the row names no customer") == 2
    assert sorted((english / "records").iterdir()) == before


def test_columns_that_were_not_taken_are_open_the_next_time(
    tracker: Tracker, english: Path
) -> None:
    text = "Company,Shoe size\nZen Ltd,44\n"
    assert "not taken: Shoe size" in imported(tracker, english, text).err
    mapping = english / "imports" / "export.map.yaml"
    assert "  Shoe size:\n" in mapping.read_text("utf-8")
    assert "not taken: Shoe size" in imported(tracker, english, text).err
    imported(tracker, english, text, "--keep-columns")
    assert "- Shoe size: 44\n" in (english / "records" / "zen-ltd.md").read_text("utf-8")
    assert "not taken" not in imported(tracker, english, text, "--map", "Shoe size=").err
    assert "  Shoe size: '-'\n" in mapping.read_text("utf-8")


def test_cards_with_an_empty_company_or_without_an_end_are_not_lost(
    tracker: Tracker, chinese: Path
) -> None:
    path = chinese / "phone.vcf"
    path.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nFN:李四\nORG:\nTEL:13900002222\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:王五\nTEL:13900003333\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:赵六\nORG:;采购部\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:钱七",
        "utf-8",
    )
    ended = tracker(
        chinese, "import", str(path), "--owner", "李雷", *TODAY, "--rows", "--format", "json"
    )
    rows = json.loads(ended.out)["rows"]
    assert [(row["row"], row["name"]) for row in rows if row["result"] == "created"] == [
        (1, "李四"),
        (11, "赵六"),
    ]
    cut_off = {row["row"]: row["reason"] for row in rows if row["result"] == "rejected"}
    assert cut_off == dict.fromkeys((7, 16), "这张名片不完整：缺少 END:VCARD")
    rejected = (chinese / "phone.rejected.csv").read_text("utf-8-sig")
    assert "13900003333" in rejected
    assert "钱七" in rejected


def test_each_follow_up_of_a_line_of_json_is_taken_or_rejected_by_itself(
    tracker: Tracker, chinese: Path
) -> None:
    good, bad = ({"date": day, "summary": "谈"} for day in ("2026-11-01", "上周某天"))
    for followups in ([good, bad], [bad, good]):
        path = chinese / "a.jsonl"
        record = {"name": f"大成{len(followups)}", "followups": followups}
        path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
        ended = tracker(chinese, "import", str(path), "--owner", "李雷", *TODAY, "--format", "json")
        assert ended.code == 1
        assert json.loads(ended.out)["totals"]["rejected"] == 1
        record_file = chinese / "records" / "da-cheng-2.md"
        assert record_file.read_text("utf-8").endswith("\n## 2026-11-01\n\n谈\n")
        rejected = (chinese / "a.rejected.csv").read_text("utf-8-sig")
        assert "上周某天" in rejected
        assert ",2026-11-01," not in rejected
        record_file.unlink()


def test_one_object_on_several_lines_is_one_customer(tracker: Tracker, chinese: Path) -> None:
    path = chinese / "a.json"
    record = {"公司": "大成", "电话": "0512-66881234"}
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2), "utf-8")
    assert tracker(chinese, "import", str(path), "--owner", "李雷", *TODAY).code == 0
    assert "0512-66881234" in (chinese / "records" / "da-cheng.md").read_text("utf-8")


def test_marks_that_nobody_sees_are_taken_from_names_numbers_days_and_words(
    tracker: Tracker, chinese: Path
) -> None:
    path = chinese / "a.csv"
    path.write_text(
        "客户名称,联系人,电话,邮箱,客户阶段,预计金额,跟进日期,跟进内容\n"
        "大\u200b成,王\u200b芳,\u202d13900001111\u202c,\u2060w@x.example,商务谈判\u200b,"
        "\u202d48万\u202c,\u200e2026-11-05,谈\u200b了\n",
        "utf-8",
    )
    assert tracker(chinese, "import", str(path), "--owner", "李雷", *TODAY).code == 0
    text = (chinese / "records" / "da-cheng.md").read_text("utf-8")
    assert text == (
        "---\nname: 大成\nstage: 商务谈判\nowner: 李雷\ncreated: 2026-11-05\nvalue: 480000 CNY\n"
        "contacts:\n  - name: 王芳\n    phone: 13900001111\n    email: w@x.example\n---\n\n"
        "## 2026-11-05\n\n谈\u200b了\n\n- 联系人: 王芳\n- 阶段: 商务谈判\n"
    )


def test_deals_of_pipedrive_name_their_customer_and_people(tracker: Tracker, english: Path) -> None:
    text = (
        "Deal - Title,Deal - Value,Deal - Currency,Deal - Stage,Deal - Owner,Deal - Organization,"
        "Deal - Contact person,Deal - Expected close date,Deal - Deal created,"
        "Deal - Next activity date,Person - Phone,Person - Email\n"
        "Rails,12500,GBP,Contact Made,Ann Lee,Ripon Rail Ltd,Zoë O'Hara,2026-12-15,"
        "2026-10-01 10:00:00,2026-12-02,+44 1765 496000,zoe@ripon.example\n"
    )
    ended = imported(tracker, english, text)
    assert ended.code == 0
    assert "not taken: Deal - Title;" in ended.err
    assert (english / "records" / "ripon-rail-ltd.md").read_text("utf-8") == (
        "---\nname: Ripon Rail Ltd\nstage: initial contact\nowner: Ann Lee\ncreated: 2026-10-01\n"
        "value: 12500 GBP\nexpected_close: 2026-12-15\ncontacts:\n  - name: Zoë O'Hara\n"
        "    phone: +44 1765 496000\n    email: zoe@ripon.example\n---\n\n"
        "## 2026-10-01\n\n- next: 2026-12-02\n"
    )


def test_type_and_age_of_an_opportunity_are_no_method_and_no_age_of_a_person(
    tracker: Tracker, english: Path
) -> None:
    text = (
        "Account Name,Stage,Amount,Lead Source,Type,Age\n"
        "Otley Ltd,Proposal/Price Quote,1000,Word of mouth,New Business,35\n"
    )
    ended = imported(tracker, english, text)
    assert ended.code == 0
    assert "not taken: Type, Age;" in ended.err
    record = (english / "records" / "otley-ltd.md").read_text("utf-8")
    assert "stage: proposal\n" in record
    assert "source: referral\n" in record
    assert "contacts" not in record


def test_the_parts_of_an_address_are_put_together(tracker: Tracker, english: Path) -> None:
    text = (
        "Company name,Company Domain Name,Street Address,City,State/Region,Postal Code\n"
        "Aire Pumps,aire.example,12 Wellington St,Leeds,West Yorkshire,LS1 4LT\n"
    )
    assert imported(tracker, english, text).code == 0
    record = (english / "records" / "aire-pumps.md").read_text("utf-8")
    assert "website: https://aire.example\n" in record
    assert "address: 12 Wellington St, LS1 4LT\nregion: Leeds, West Yorkshire\n" in record


def test_a_column_with_the_name_of_the_field_goes_before_one_like_it(
    tracker: Tracker, english: Path
) -> None:
    text = (
        "Company name,Domain,Website,Street,Postcode,Mailing Street\n"
        "Aire Pumps,aire.example,https://www.aire.example/uk,1 High St,LS1 1AA,1 High St\n"
    )
    assert imported(tracker, english, text).code == 0
    record = (english / "records" / "aire-pumps.md").read_text("utf-8")
    assert "website: https://www.aire.example/uk\n" in record
    assert "- Domain: aire.example\n" in record
    # The same street twice is one.
    assert "address: 1 High St, LS1 1AA\n" in record


def test_a_whole_address_goes_before_a_host(tracker: Tracker, english: Path) -> None:
    text = (
        "Company name,Company Domain Name,Website URL\n"
        "Aire Pumps,aire.example,https://www.aire.example/uk\n"
    )
    assert imported(tracker, english, text).code == 0
    record = (english / "records" / "aire-pumps.md").read_text("utf-8")
    assert "website: https://www.aire.example/uk\n" in record
    assert "- Company Domain Name: aire.example\n" in record
