"""`tracker import`."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no marker

from tests.cli.conftest import REPOSITORY
from tracker.exchange.intake import writing
from tracker.library.record_files import add_record

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from tests.cli.conftest import Ended, Tracker
    from tracker.format.editor import RecordFile

TODAY = ("--today", "2026-11-28")
TABLE = """\
客户名称,所属行业,联系人,联系电话,客户来源,客户等级,客户阶段,预计金额（万元）,建档日期,门店数,备注
苏州光华精密有限公司,制造业,赵敏,13900001111,展会,A,商务谈判,48,2026.9.2,12,老板是苏州人
上海云帆贸易有限公司,贸易,钱进,021-55667788,朋友,B类,跟进中,约12.5,2026年3月5日,3,
,,,,,,,,2026-01-01,,没有名字
合计,,,,,,,60.5,,,
"""
LOG = """\
日期,时间,客户,跟进方式,跟进人,联系人,沟通内容,客户阶段,下次跟进日期,下一步计划
2026-10-02,14:30,苏州光华精密有限公司,电话,韩梅梅,赵敏,询问交期,需求分析,2026-10-09,发送报价
2026-10-09,09:00,苏州光华精密有限公司,拜访,李雷,赵敏,看了样机,需求分析,,
2026-11-20,10:15,苏州光华精密有限公司,微信,李雷,赵敏,同意价格,商务谈判,2026-12-01,签合同
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "客户.csv"
    path.write_bytes(TABLE.encode("gb18030"))
    return path


def records_of(workspace: Path) -> dict[str, bytes]:
    return {
        path.relative_to(workspace).as_posix(): path.read_bytes()
        for path in sorted((workspace / "records").rglob("*.md"))
    }


def imported(tracker: Tracker, workspace: Path, path: Path, *options: str) -> Ended:
    return tracker(workspace, "import", str(path), "--owner", "李雷", *TODAY, *options)


def shown(ended: Ended, folder: Path) -> str:
    return f"{ended.out}---\n{ended.err}---\n{ended.code}\n".replace(str(folder), "FOLDER")


def test_a_dry_run_says_what_would_be_done(
    tracker: Tracker, chinese: Path, table: Path, snapshot: SnapshotAssertion
) -> None:
    before = records_of(chinese)
    ended = imported(tracker, chinese, table, "--dry-run", "--rows")
    assert shown(ended, table.parent) == snapshot
    assert records_of(chinese) == before
    assert not (chinese / "imports").exists()
    assert not list(table.parent.glob("*.rejected.csv"))


def test_records_are_begun_and_remain_as_they_are_the_second_time(
    tracker: Tracker, chinese: Path, table: Path, snapshot: SnapshotAssertion
) -> None:
    before = records_of(chinese)
    first = imported(tracker, chinese, table)
    assert shown(first, table.parent) == snapshot
    after = records_of(chinese)
    new = {path: data.decode() for path, data in after.items() if path not in before}
    assert new == snapshot
    assert {path: after[path] for path in before} == before
    mapping = (chinese / "imports" / "客户.map.yaml").read_text("utf-8")
    assert mapping == snapshot
    imported(tracker, chinese, table)
    assert records_of(chinese) == after
    assert (chinese / "imports" / "客户.map.yaml").read_text("utf-8") == mapping


def test_new_records_are_in_order(tracker: Tracker, chinese: Path, table: Path) -> None:
    imported(tracker, chinese, table)
    new = sorted(path for path in records_of(chinese) if "-" in path)
    assert new
    assert tracker(chinese, "fmt", "--check", *new).code == 0
    found = json.loads(tracker(chinese, "check", "--format", "json", *TODAY).out)
    errors = [one for one in found["problems"] if one["severity"] == "error" and one["path"] in new]
    assert not errors


def test_rows_that_cannot_be_taken_can_be_mended_and_imported(
    tracker: Tracker, chinese: Path, table: Path
) -> None:
    assert imported(tracker, chinese, table).code == 1
    rejected = table.with_name("客户.rejected.csv")
    data = rejected.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(data.decode("utf-8-sig").splitlines())
    assert header[:-1] == TABLE.splitlines()[0].split(",")
    assert row[-1]
    rejected.write_text(data.decode("utf-8-sig").replace("\n,", "\n新名字有限公司,"), "utf-8-sig")
    assert imported(tracker, chinese, rejected).code == 0
    assert (chinese / "records" / "xin-ming-zi.md").is_file()


def test_rejected_rows_of_a_workbook_are_a_workbook(
    tracker: Tracker, chinese: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("客户")
    for number, line in enumerate([["公司", "电话"], ["光华", 13900001111], ["", 13900001112]]):
        sheet.write_row(number, 0, line)
    book.close()
    assert imported(tracker, chinese, path, "--rejects", str(tmp_path / "b.xlsx")).code == 1
    again = imported(tracker, chinese, tmp_path / "b.xlsx", "--dry-run", "--format", "json")
    told = json.loads(again.out)
    assert told["totals"] == {"created": 0, "updated": 0, "skipped": 0, "rejected": 1}
    assert [column["column"] for column in told["columns"]][:2] == ["公司", "电话"]


def test_a_sheet_without_customers_is_passed_over_the_second_time_too(
    tracker: Tracker, chinese: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    customers, choices = book.add_worksheet("客户"), book.add_worksheet("选项")
    customers.write_row(0, 0, ["公司", "门店数"])
    customers.write_row(1, 0, ["光华", 3])
    choices.write_column(0, 0, ["意向", "已签约", "流失"])
    book.close()
    for options in (("--map", "门店数=size"), ()):
        ended = imported(tracker, chinese, path, *options)
        assert ended.code == 0, ended.err
        assert "已略过：选项" in ended.err
    assert "意向" not in (chinese / "imports" / "a.map.yaml").read_text("utf-8")
    # Where somebody says what a column of it is, it is a table.
    told = json.loads(
        imported(tracker, chinese, path, "--map", "意向=name", "--format", "json").out
    )
    assert told["totals"]["created"] == 2


def test_hidden_sheets_are_told_and_taken_where_they_are_named(
    tracker: Tracker, chinese: Path, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("客户").write_column(0, 0, ("客户名称", "甲公司"))
        former = book.add_worksheet("老客户")
        former.write_column(0, 0, ("客户名称", "丁公司"))
        former.hide()
    told = imported(tracker, chinese, path, "--dry-run")
    assert "隐藏的工作表没有读：老客户；要读其中一张，请用 --sheet" in told.err
    for options, sheets, name in (((), ["老客户"], "jia"), (("--sheet", "老客户"), [], "ding")):
        ended = imported(tracker, chinese, path, "--dry-run", "--format", "json", *options)
        shown = json.loads(ended.out)
        assert shown["sheets_left_out"] == sheets
        assert [row["path"] for row in shown["rows"]] == [f"records/{name}.md"]


def test_a_log_keeps_authors_times_and_stages(
    tracker: Tracker, chinese: Path, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    path = tmp_path / "log.csv"
    path.write_text(LOG, "utf-8")
    assert imported(tracker, chinese, path).code == 0
    record = chinese / "records" / "su-zhou-guang-hua-jing-mi.md"
    assert record.read_text("utf-8") == snapshot
    before = records_of(chinese)
    path.write_text(LOG + "2026-11-25,,苏州光华精密有限公司,电话,李雷,,签了合同,成交,,\n", "utf-8")
    told = json.loads(imported(tracker, chinese, path, "--format", "json").out)
    assert told["totals"] == {"created": 0, "updated": 1, "skipped": 3, "rejected": 0}
    after = record.read_text("utf-8")
    assert "- 阶段: 成交" in after
    assert "stage: 成交" in after
    assert {name for name, data in records_of(chinese).items() if before[name] != data} == {
        "records/su-zhou-guang-hua-jing-mi.md"
    }


def test_updates_touch_no_byte_that_they_do_not_concern(
    tracker: Tracker, chinese: Path, tmp_path: Path
) -> None:
    record = chinese / "records" / "own.md"
    written = (
        "---\nname:   '光华有限公司'  # 自己写的\nstage: 需求分析\nowner: 李雷\r\n"
        "created: 2026-01-02\nvalue: 48万\nindustry:\n---\n\n手写  的背景\n"
    ).replace("\r\n", "\n")
    record.write_bytes(written.encode())
    path = tmp_path / "a.csv"
    path.write_text(
        "公司,行业,阶段,预计金额,联系人,电话\n光华有限公司,制造业,成交,480000,赵敏,13900001111\n",
        "utf-8",
    )
    told = json.loads(imported(tracker, chinese, path, "--format", "json").out)
    assert told["rows"][0]["kept"] == [{"field": "stage", "text": "成交"}]
    assert record.read_text("utf-8") == written.replace(
        "industry:\n", "industry: 制造业\ncontacts:\n  - name: 赵敏\n    phone: 13900001111\n"
    )
    assert imported(tracker, chinese, path, "--overwrite").code == 0
    assert "stage: 成交\n" in record.read_text("utf-8")


@pytest.mark.parametrize("key", ["phone", "电话", "email", "编号", "name"])
def test_customers_are_told_by_the_chosen_key(
    tracker: Tracker, chinese: Path, tmp_path: Path, key: str
) -> None:
    (chinese / "records" / "own.md").write_text(
        "---\nname: 光华有限公司\nstage: 需求分析\nowner: 李雷\ncreated: 2026-01-02\ncontacts:\n"
        "  - {name: 赵敏, phone: 139-0000-1111, email: z@example.com}\n---\n",
        "utf-8",
    )
    path = tmp_path / "a.csv"
    name = "光华股份有限公司" if key == "name" else "另一个名字"
    path.write_text(
        f"编号,公司,行业,联系人,电话,邮箱\nown,{name},制造业,赵敏,13900001111,z@example.com\n",
        "utf-8",
    )
    if key == "电话":
        assert imported(tracker, chinese, path, "--key", key).code == 2
        return
    told = json.loads(imported(tracker, chinese, path, "--key", key, "--format", "json").out)
    assert told["totals"]["updated"] == 1
    assert "industry: 制造业" in (chinese / "records" / "own.md").read_text("utf-8")


def test_a_likely_duplicate_is_not_begun_in_silence(
    tracker: Tracker, chinese: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "公司,联系人,电话\n光华精密有限公司,赵敏,13900001111\n苏州光华精密公司,钱进,\n"
        "别的公司,赵敏,139 0000 1111\n",
        "utf-8",
    )
    ended = imported(tracker, chinese, path, "--format", "json")
    told = json.loads(ended.out)
    assert ended.code == 1
    assert [row["result"] for row in told["rows"]] == ["created", "rejected", "rejected"]
    assert [one["shared"] for one in told["likely_duplicates"]] == ["core", "phone"]
    again = json.loads(imported(tracker, chinese, path, "--similar", "--format", "json").out)
    assert again["customers"] == {"created": 2, "updated": 0}


def test_columns_and_words_are_chosen_and_remembered(
    tracker: Tracker, chinese: Path, table: Path
) -> None:
    options = ("--map", "门店数=-", "--map", "备注=needs.core", "--word", "跟进中=需求分析")
    told = json.loads(
        imported(tracker, chinese, table, *options, "--word", "朋友=转介绍", "--format", "json").out
    )
    assert not told["not_understood"]
    record = (chinese / "records" / "su-zhou-guang-hua-jing-mi.md").read_text("utf-8")
    assert "core: [老板是苏州人]" in record
    other = (chinese / "records" / "shang-hai-yun-fan-mao-yi.md").read_text("utf-8")
    assert "stage: 需求分析" in other
    assert "source: 转介绍" in other
    again = json.loads(imported(tracker, chinese, table, "--format", "json").out)
    assert again["totals"]["skipped"] == 2
    assert again["columns"][-2]["field"] is None


def test_a_column_without_a_heading_is_named_by_what_stands_in_it(
    tracker: Tracker, chinese: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("公司,\n光华有限公司,老客户介绍\n", "utf-8")
    ended = imported(tracker, chinese, path, "--dry-run")
    assert "没有导入的列：一个没有标题的列（老客户介绍）；" in ended.err


def test_columns_without_a_field_are_kept_on_request(
    tracker: Tracker, chinese: Path, table: Path
) -> None:
    imported(tracker, chinese, table, "--keep-columns")
    record = chinese / "records" / "su-zhou-guang-hua-jing-mi.md"
    assert "- 门店数: 12\n" in record.read_text("utf-8")
    before = records_of(chinese)
    imported(tracker, chinese, table, "--keep-columns")
    assert records_of(chinese) == before


@pytest.mark.parametrize(("unfit", "code"), [("note", 0), ("keep", 0), ("reject", 1)])
def test_what_becomes_of_words_that_are_unknown(
    tracker: Tracker, chinese: Path, tmp_path: Path, unfit: str, code: int
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("公司,来源\n光华有限公司,展览\n", "utf-8")
    ended = imported(tracker, chinese, path, "--unfit", unfit, "--format", "json")
    told = json.loads(ended.out)
    assert ended.code == code
    assert told["not_understood"][0]["text"] == "展览"
    assert "展会" in told["not_understood"][0]["hint"]
    assert [one["code"] for one in told["errors"]] == (["unknown-word"] if unfit == "keep" else [])
    record = chinese / "records" / "guang-hua.md"
    assert record.exists() == (unfit != "reject")
    if unfit == "note":
        assert "- 来源: 展览\n" in record.read_text("utf-8")


def test_in_english(
    tracker: Tracker, english: Path, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(
        "Company,Contact Name,E-mail,Phone,Status,Lead Source,Amount (k USD),Notes,Floors\n"
        "Gearhart Tools Ltd,Ann Lee,ann@example.com,+1 202 555 0148,proposal,trade show,12.5,"
        "met at the fair,3\nMillbrook,Bob Ray,bob(at)example.com,,frozen,referral,,,\n",
        "utf-8",
    )
    ended = tracker(english, "import", str(path), "--owner", "Ann Lee", *TODAY)
    assert shown(ended, tmp_path) == snapshot
    names = ("gearhart-tools", "gearharttools", "millbrook")
    found = [english / "records" / f"{name}.md" for name in names]
    assert {path.name: path.read_text("utf-8") for path in found if path.exists()} == snapshot


def test_wrong_use_is_told(tracker: Tracker, chinese: Path, table: Path) -> None:
    before = records_of(chinese)
    for options, said in (
        (("--map", "客户名称"), "甲=乙"),
        (("--map", "客户名称=naem"), "name"),
        (("--map", "没有=name"), "没有“没有”这一列"),
        (("--map", "预计金额=value"), "预计金额（万元）"),
        (("--word", "x"), "甲=乙"),
        (("--word", "跟进中=瞎写"), "“瞎写”不是团队的词"),
        (("--word", "跟进中=商务谈"), "商务谈判"),
        (("--encoding", "klingon"), "没有“klingon”这种编码"),
        (("--key", "naem"), "name"),
        (("--sheet", "没有"), "这个文件没有工作表"),
        (("--owner", "没有这个人"), "没有这个人"),
    ):
        ended = tracker(chinese, "import", str(table), *options)
        assert ended.code == 2, options
        assert said in ended.err, options
        assert "Traceback" not in ended.err
    assert records_of(chinese) == before
    broken = chinese / "imports" / "客户.map.yaml"
    broken.parent.mkdir()
    broken.write_text("columns: [", "utf-8")
    assert tracker(chinese, "import", str(table)).code == 2


def test_a_word_that_the_file_does_not_have_is_told(
    tracker: Tracker, chinese: Path, table: Path
) -> None:
    words = ("--word", "跟进种=商务谈判")
    assert "没有内容是“跟进种”的单元格" in imported(tracker, chinese, table, *words).err
    words = ("--word", "跟进中=商务谈判")
    assert "的单元格" not in imported(tracker, chinese, table, *words).err


def test_a_word_may_be_a_number_or_what_is_ticked(
    tracker: Tracker, chinese: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["客户名称", "客户等级", "客户来源"])
    sheet.write_row(1, 0, ["甲公司", 1, "□网上 ☑朋友"])
    book.close()
    words = ("--word", "1=A", "--word", "朋友=转介绍", "--word", "网上=官网")
    ended = imported(tracker, chinese, path, *words)
    assert "没有内容是“网上”的单元格" in ended.err
    text = (chinese / "records" / "jia.md").read_text("utf-8")
    assert "level: A" in text
    assert "source: 转介绍" in text


def test_a_file_in_another_encoding_is_told_once_and_shortly(
    tracker: Tracker, chinese: Path
) -> None:
    (chinese / "a.csv").write_text("Company,City\n" + "Zen Ltds,Rome\n" * 101 + "\n", "utf-8")
    ended = tracker(chinese, "import", "a.csv", "--encoding", "utf-16")
    assert ended.code == 2
    assert "表头都无法识别" in ended.err
    assert "没有数据行" not in ended.err
    assert len(ended.out + ended.err) < 1000


def test_a_file_of_something_else_is_told_and_left_alone(tracker: Tracker, chinese: Path) -> None:
    (chinese / "notes.txt").write_text("alpha,beta\n1,2\n", "utf-8")
    before = sorted(chinese.rglob("*"))
    for name, reason in [
        ("notes.txt", "notes.txt 的表头都无法识别"),
        ("nowhere.csv", "没有文件 nowhere.csv"),
        ("records", "records 是文件夹"),
    ]:
        ended = tracker(chinese, "import", name, "--yes")
        assert ended.code == 2
        assert reason in ended.err
    after = [file for file in sorted(chinese.rglob("*")) if ".tracker-cache" not in file.parts]
    assert after == before


@pytest.mark.parametrize(
    ("name", "library", "extra"),
    [("a.xlsx", "python_calamine", "xlsx"), ("a.vcf", "vobject", "pim")],
)
def test_without_its_library_the_command_says_what_to_install(  # noqa: PLR0913, PLR0917  # fixtures
    tracker: Tracker,
    chinese: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    library: str,
    extra: str,
) -> None:
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04" if extra == "xlsx" else b"BEGIN:VCARD\nEND:VCARD\n")
    monkeypatch.setitem(sys.modules, library, None)
    ended = imported(tracker, chinese, path)
    assert ended.code == 3
    assert f"pip install 'tracker-records[{extra}]'" in ended.err


def test_what_was_interrupted_is_completed_by_the_next_run(
    tracker: Tracker, chinese: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    lines = "".join(f"公司{letter}有限公司,制造业\n" for letter in "甲乙丙丁戊己庚辛")
    path.write_text(f"公司,行业\n{lines}", "utf-8")
    before = set(records_of(chinese))
    written: list[str] = []

    def breaking(root: Path, record: RecordFile) -> None:
        if len(written) == 3:
            raise KeyboardInterrupt
        written.append(record.path)
        add_record(root, record)

    monkeypatch.setattr(writing, "_AT_ONCE", 1)
    monkeypatch.setattr(writing, "add_record", breaking)
    assert imported(tracker, chinese, path, "--similar").code == 130
    there = set(records_of(chinese)) - before
    assert there == set(written)
    monkeypatch.undo()
    monkeypatch.chdir(chinese)
    told = json.loads(imported(tracker, chinese, path, "--similar", "--format", "json").out)
    assert told["totals"] == {"created": 5, "updated": 0, "skipped": 3, "rejected": 0}


def test_a_record_that_changes_meanwhile_is_left_alone(
    tracker: Tracker, chinese: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("公司,行业\n光华有限公司,制造业\n", "utf-8")

    def overtaken(root: Path, record: RecordFile) -> None:
        (root / record.path).write_text("别人写的", "utf-8")
        add_record(root, record)

    monkeypatch.setattr(writing, "add_record", overtaken)
    ended = imported(tracker, chinese, path, "--format", "json")
    assert ended.code == 1
    assert json.loads(ended.out)["totals"]["rejected"] == 1
    assert (chinese / "records" / "guang-hua.md").read_text("utf-8") == "别人写的"


def test_a_person_is_asked_before_many_records_are_written(chinese: Path, tmp_path: Path) -> None:
    pseudo_terminal = pytest.importorskip("tests.cli.pseudo_terminal")
    path = tmp_path / "a.csv"
    names = [f"{one}{two}公司" for one in "甲乙丙丁戊" for two in "金木水火土"]
    path.write_text("公司\n" + "\n".join(names) + "\n", "utf-8")
    before = set(records_of(chinese))
    program = ["-m", "tracker", "import", str(path), "--owner", "李雷", "--similar"]
    code, text = pseudo_terminal.on_terminal(chinese, program, "n\n", PYTHONPATH=str(REPOSITORY))
    assert code == 0
    assert "25" in text
    assert set(records_of(chinese)) == before
