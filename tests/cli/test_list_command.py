"""`tracker list`."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from tracker.cli.list_customers import COLUMN_TITLES
from tracker.insight.rows import ROW_COLUMNS
from tracker.translation import translations

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from tests.cli.conftest import Ended, Tracker

TODAY = ("--today", "2026-11-24")

_TEXT = {"type": "string", "minLength": 1}
_TEXT_OR_NULL = {"type": ["string", "null"], "minLength": 1}
_DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_DATE_OR_NULL = {"oneOf": [_DATE, {"type": "null"}]}
_DECIMAL_OR_NULL = {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"}
_COUNT = {"type": "integer", "minimum": 0}
_TEXTS = {"type": "array", "items": _TEXT}

PROPERTIES = {
    "id": _TEXT,
    "name": _TEXT,
    "path": {"type": "string", "pattern": r"^records/.*\.md$"},
    "stage": _TEXT_OR_NULL,
    "stage_kind": {"enum": ["open", "won", "lost", None]},
    "level": _TEXT_OR_NULL,
    "owner": _TEXT_OR_NULL,
    "source": _TEXT_OR_NULL,
    "industry": _TEXT_OR_NULL,
    "value": _DECIMAL_OR_NULL,
    "currency": {"type": ["string", "null"], "pattern": "^[A-Z]{3}$"},
    "weighted_value": _DECIMAL_OR_NULL,
    "contacts": _TEXTS,
    "created": _DATE_OR_NULL,
    "last_contact": _DATE_OR_NULL,
    "followups": _COUNT,
    "next_date": _DATE_OR_NULL,
    "next_time": {"type": ["string", "null"], "pattern": r"^\d\d:\d\d"},
    "next_method": _TEXT_OR_NULL,
    "next_text": _TEXT_OR_NULL,
    "next_state": {"enum": ["overdue", "today", "planned", "none", None]},
    "days_overdue": _COUNT,
    "idle_days": {"type": ["integer", "null"], "minimum": 0},
    "stale": {"type": "boolean"},
    "open_commitments": _COUNT,
    "overdue_commitments": _COUNT,
    "problems": _COUNT,
    "tags": _TEXTS,
}
"""The row as CONTRACT has it; more keys may come."""

ROWS = {
    "type": "array",
    "items": {"type": "object", "required": [*PROPERTIES], "properties": PROPERTIES},
}


def _names(ended: Ended) -> list[str]:
    assert ended.code == 0, ended.err
    return [row["id"] for row in json.loads(ended.out)]


def _ids(tracker: Tracker, folder: Path, *arguments: str) -> list[str]:
    return _names(tracker(folder, "list", *TODAY, "--format", "json", *arguments))


# --- Forms ------------------------------------------------------------------------------------


def test_table_in_chinese(tracker: Tracker, chinese: Path, snapshot: SnapshotAssertion) -> None:
    ended = tracker(chinese, "list", *TODAY)
    assert ended.code == 0
    assert ended.out == snapshot
    assert "有 1 条记录无法读取" in ended.err


def test_table_in_english(tracker: Tracker, english: Path, snapshot: SnapshotAssertion) -> None:
    ended = tracker(english, "list", *TODAY)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == snapshot


def test_table_of_every_column(
    tracker: Tracker, english: Path, snapshot: SnapshotAssertion
) -> None:
    # How many problems there are depends on the rules, which have tests of their own.
    columns = ",".join(name for name in COLUMN_TITLES if name != "problems")
    ended = tracker(english, "list", *TODAY, "--columns", columns)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == snapshot


def test_a_piped_table_is_never_cut_off(tracker: Tracker, english: Path) -> None:
    record = english / "records" / "quiet-mill.md"
    name = "Mill " * 60
    record.write_text(record.read_text().replace("Quiet Mill", name.strip()))
    ended = tracker(english, "list", *TODAY, COLUMNS="40")
    assert name.strip() in ended.out
    assert "…" not in ended.out


def test_every_column_has_a_title() -> None:
    assert set(COLUMN_TITLES) - set(ROW_COLUMNS) == {"next", "state"}
    assert set(ROW_COLUMNS) <= set(COLUMN_TITLES)


@pytest.mark.parametrize("name", ["small-zh", "small-en"])
def test_json_is_as_the_contract_says(
    tracker: Tracker, chinese: Path, english: Path, name: str
) -> None:
    folder = {chinese.name: chinese, english.name: english}[name]
    ended = tracker(folder, "list", *TODAY, "--format", "json")
    rows = json.loads(ended.out)
    jsonschema.validate(rows, ROWS)
    assert len(rows) == (6 if folder == chinese else 5)
    assert list(rows[0]) == list(ROW_COLUMNS)
    assert "\\u" not in ended.out


def test_a_row_has_the_record_s_values(tracker: Tracker, chinese: Path) -> None:
    rows = json.loads(tracker(chinese, "list", *TODAY, "--format", "json").out)
    row = next(row for row in rows if row["id"] == "hengda")
    del row["problems"]
    assert row == {
        "id": "hengda",
        "name": "恒达精密机械有限公司",
        "path": "records/hengda.md",
        "stage": "商务谈判",
        "stage_kind": "open",
        "level": "A",
        "owner": "李雷",
        "source": "展会",
        "industry": "制造业",
        "value": "480000",
        "currency": "CNY",
        "weighted_value": "360000",
        "contacts": ["王芳", "顾志恒"],
        "created": "2026-09-02",
        "last_contact": "2026-11-20",
        "followups": 6,
        "next_date": "2026-11-27",
        "next_time": "10:00",
        "next_method": "面谈",
        "next_text": "演示分批交付计划",
        "next_state": "planned",
        "days_overdue": 0,
        "idle_days": 4,
        "stale": False,
        "open_commitments": 2,
        "overdue_commitments": 1,
        "tags": ["机床", "华东"],
    }


def test_jsonl_is_json_line_by_line(tracker: Tracker, chinese: Path) -> None:
    rows = json.loads(tracker(chinese, "list", *TODAY, "--format", "json").out)
    lines = tracker(chinese, "list", *TODAY, "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == rows


def test_csv_is_rfc_4180(process: Tracker, chinese: Path) -> None:
    record = chinese / "records" / "mingtai.md"
    tricky = 'name: "明泰, \\"塑胶\\""\ntags: [a, b]\n'
    record.write_text(record.read_text().replace("name: 明泰塑胶有限公司\n", tricky))
    out = process(chinese, "list", *TODAY, "--format", "csv").out
    assert out.count("\r\n") == out.count("\n") == 7
    header, *rows = csv.reader(io.StringIO(out, newline=""))
    assert header == list(ROW_COLUMNS)
    by_id = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert by_id["mingtai"]["name"] == '明泰, "塑胶"'
    assert by_id["mingtai"]["tags"] == "a; b"
    assert by_id["mingtai"]["next_time"] == ""
    assert by_id["jingwu"]["stale"] == "true"
    assert by_id["hengda"]["value"] == "480000"


def test_nothing_found(tracker: Tracker, english: Path) -> None:
    for form, out in (("table", ""), ("json", "[]\n"), ("jsonl", ""), ("csv", "id\r\n")):
        ended = tracker(
            english, "list", *TODAY, "--stage", "lost", "--format", form, "--columns", "id"
        )
        assert (ended.code, ended.out) == (0, out)


def test_columns_are_chosen_and_ordered(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "list", "--format", "jsonl", "--columns", "Owner, id", *TODAY)
    assert ended.out.splitlines()[0] == '{"owner": "Ann Lee", "id": "acme-pumps"}'


@pytest.mark.parametrize(
    ("form", "names", "keys"),
    [
        ("jsonl", "客户名称,金额,上次联系", "name value last_contact"),
        ("jsonl", "客户，未联系天数、下次跟进，状态", "name idle_days next_text next_state"),
        ("jsonl", "ID,Days overdue,state,amount", "id days_overdue next_state value"),
        ("table", "客户,下次跟进,状态", "Customer Next step State"),
        ("table", "客户阶段,Next step", "Stage Next step"),
    ],
)
def test_columns_are_named_by_headings_and_fields(
    tracker: Tracker, english: Path, form: str, names: str, keys: str
) -> None:
    ended = tracker(english, "list", "--format", form, "--columns", names, *TODAY)
    assert (ended.code, ended.err) == (0, "")
    line = ended.out.splitlines()[0]
    assert " ".join(json.loads(line) if form == "jsonl" else line.split()) == keys


def test_amounts_have_their_currency_unless_a_column_has_it(
    tracker: Tracker, english: Path
) -> None:
    for columns, text in (("id,value", "USD"), ("id,value,currency", "")):
        ended = tracker(english, "list", "--columns", columns, *TODAY, "value>0")
        header, *lines = ended.out.splitlines()
        cells = [line.split() for line in lines]
        assert cells
        assert all(len(line) == 3 for line in cells), header
        assert all(not text or line[2].isalpha() for line in cells)


def test_every_heading_names_its_column(tracker: Tracker, chinese: Path, english: Path) -> None:
    columns = ",".join(COLUMN_TITLES)
    for folder, other in ((chinese, english), (english, chinese)):
        say = translations("zh" if folder == chinese else "en").gettext
        headings = ",".join(title.render(say) for title in COLUMN_TITLES.values())
        for place in (folder, other):
            named = tracker(place, "list", "--columns", headings, "--sort", headings, *TODAY)
            assert named.code == 0, named.err
        table = tracker(folder, "list", "--columns", columns, *TODAY).out.splitlines()[0]
        assert headings.replace(",", "").replace(" ", "") == table.replace(" ", "")


def test_columns_beyond_those_of_rows_are_shown_and_ordered_by(
    tracker: Tracker, tmp_path: Path
) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").write_text(
        "language: zh\nrates: {USD: 7}\nfields:\n"
        "  lines: {label: 产线数量, type: number}\n"
        "  budget: {label: 预算, type: money}\n"
        "  brand: {label: 品牌, type: choice, choices: [日系, 国产]}\n",
        encoding="utf-8",
    )
    for name, rest in {
        "a": "lines: 10\nbudget: 50k CNY\nbrand: 国产\nexpected_close: 2026-12-20\n",
        "b": "lines: 9\nbudget: 10k USD\nbrand: 日系\noffers: [{quote: Q-1}, {quote: Q-2}]\n",
        "c": "budget: 9k GBP\n",
    }.items():
        (tmp_path / "records" / f"{name}.md").write_text(
            f"---\nname: {name}\nstage: 成交\nowner: 李雷\n{rest}---\n", encoding="utf-8"
        )

    def order(sort: str) -> str:
        ended = tracker(tmp_path, "list", "--columns", "id", "--format", "jsonl", f"--sort={sort}")
        return "".join(json.loads(line)["id"] for line in ended.out.splitlines())

    assert [order(sort) for sort in ("lines", "-预算", "品牌", "预计成交")] == [
        "bac", "bac", "bac", "abc",
    ]  # fmt: skip
    columns = "id,预计成交日期,quotes,产线数量,budget"
    ended = tracker(tmp_path, "list", "--columns", columns, "--format", "jsonl", "--sort=-id")
    assert json.loads(ended.out.splitlines()[1]) == {
        "id": "b", "expected_close": None, "quotes": ["Q-1", "Q-2"], "lines": "9",
        "budget": "10000 USD",
    }  # fmt: skip
    head, first, second, _ = tracker(tmp_path, "list", "--columns", columns).out.splitlines()
    assert head.split() == ["编号", "预计成交", "报价单号", "产线数量", "预算"]
    assert first.split() == ["a", "2026-12-20", "10", "50,000", "CNY"]
    assert second.split() == ["b", "Q-1;", "Q-2", "9", "10,000", "USD"]
    ended = tracker(tmp_path, "list", "--columns", "产线数")
    assert "‘产线数量’" in ended.err or "“产线数量”" in ended.err


def test_the_columns_there_are_are_told_in_chinese(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "list", "--columns", "甲乙丙丁戊")
    assert "；可用的有：编号、客户、" in ended.err
    ended = tracker(chinese, "list", "--sort", "加权合额")
    assert "是不是“加权金额”？" in ended.err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--columns", "nam"], "--columns: there is no ‘nam’; did you mean ‘name’?"),
        (["--columns", "zzzzzzz"], "known are: id, name"),
        (["--columns", ","], "--columns is empty"),
        (["--columns", "next", "--format", "csv"], "did you mean ‘next_date’?"),
        (["--sort", "vaule"], "--sort: there is no ‘vaule’; did you mean ‘value’?"),
        (["--sort", "-vaule"], "did you mean ‘value’?"),
    ],
)
def test_a_wrong_column_names_the_nearest(
    tracker: Tracker, english: Path, arguments: list[str], expected: str
) -> None:
    ended = tracker(english, "list", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert expected in ended.err


# --- Order ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", "beichen guangsha hengda mingtai jingwu yuanhang"),
        ("-id", "yuanhang mingtai jingwu hengda guangsha beichen"),
        # Amounts are worth more than their digits: 100,000 USD are 700,000 CNY.
        ("-金额", "guangsha yuanhang hengda mingtai beichen jingwu"),
        ("-value", "guangsha yuanhang hengda mingtai beichen jingwu"),
        ("value", "beichen mingtai hengda yuanhang guangsha jingwu"),
        # Stages and levels go the way of the pipeline, not of their characters.
        ("stage", "yuanhang jingwu mingtai hengda guangsha beichen"),
        ("level,-id", "hengda guangsha mingtai jingwu yuanhang beichen"),
        ("idle_days", "guangsha hengda yuanhang mingtai jingwu beichen"),
        ("next", "mingtai yuanhang hengda beichen guangsha jingwu"),
        ("state", "mingtai yuanhang hengda guangsha jingwu beichen"),
        ("-tags,id", "hengda beichen guangsha jingwu mingtai yuanhang"),
        ("-stale,id", "jingwu mingtai beichen guangsha hengda yuanhang"),
        ("last_contact", "beichen jingwu mingtai yuanhang hengda guangsha"),
    ],
)
def test_sort(tracker: Tracker, chinese: Path, sort: str, expected: str) -> None:
    record = chinese / "records" / "mingtai.md"
    # A day more makes it stale, so that the column `stale` has two of each.
    record.write_text(record.read_text().replace("2026-11-10", "2026-11-09"))
    assert _ids(tracker, chinese, "--sort", sort) == expected.split()


def test_amounts_without_a_rate_stay_among_themselves(tracker: Tracker, english: Path) -> None:
    settings = english / "tracker.yaml"
    for record, value in (("quiet-mill", "9 JPY"), ("acme-valves", "100 JPY")):
        path = english / "records" / f"{record}.md"
        path.write_text(path.read_text().replace("stage:", f"value: {value}\nstage:"))
    order = ["acme-pumps", "quiet-mill", "acme-valves", "northwind", "wrong-day"]
    assert _ids(tracker, english, "--sort", "value") == order
    order = ["acme-pumps", "acme-valves", "quiet-mill", "northwind", "wrong-day"]
    assert _ids(tracker, english, "--sort", "-value") == order
    settings.write_text(settings.read_text() + "rates: {USD: 0.9, JPY: 0.006}\n")
    order = ["quiet-mill", "acme-valves", "northwind", "acme-pumps", "wrong-day"]
    assert _ids(tracker, english, "--sort", "value") == order


# --- Filters ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "beichen guangsha hengda jingwu mingtai yuanhang"),
        (["--owner", "李雷"], "beichen hengda jingwu mingtai"),
        (["--owner", "li lei"], "beichen hengda jingwu mingtai"),
        (["--owner", "李雷、韩梅梅"], "beichen guangsha hengda jingwu mingtai yuanhang"),
        (["--stage", "方案制定"], "mingtai"),
        (["--stage", "proposal,NEGOTIATION"], "hengda mingtai"),
        (["--stage", "谈判", "--stage", "initial-contact"], "hengda yuanhang"),
        (["--stage", "报价"], "mingtai"),
        (["--level", "A"], "guangsha hengda"),
        (["--level", "a，B级"], "guangsha hengda jingwu mingtai"),
        (["--state", "overdue"], "mingtai"),
        (["--state", "逾期"], "mingtai"),
        (["--state", "过期"], "mingtai"),
        (["--state", "今天到期、已计划"], "hengda yuanhang"),
        (["--state", "无下次跟进"], "guangsha jingwu"),
        (["--state", "冷却"], "jingwu"),
        (["--state", "今天,planned"], "hengda yuanhang"),
        (["--state", "none"], "guangsha jingwu"),
        (["--state", "stale"], "jingwu"),
        (["--state", "stale,overdue"], "jingwu mingtai"),
        (["--state", "无", "--level", "A", "--owner", "韩梅梅"], "guangsha"),
        (["--state", "overdue", "--level", "A"], ""),
    ],
)
def test_filter(tracker: Tracker, chinese: Path, arguments: list[str], expected: str) -> None:
    assert _ids(tracker, chinese, *arguments) == expected.split()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--stage", "商务谈盘"], "--stage：没有“商务谈盘”；是不是“商务谈判”？"),
        (["--stage", "negotation"], "；是不是“商务谈判”？"),
        (["--stage", "zzzzz"], "；可用的有：初步接触、需求分析"),
        (["--level", "D"], "--level：没有“D”；可用的有：A、B、C"),
        (["--owner", "韩梅"], "；是不是“韩梅梅”？"),
        (["--owner", "zzzzz"], "；可用的有：李雷、韩梅梅\n"),
        (["--state", "ovredue"], "；是不是“逾期”？"),
        (["--state", "zzzzz"], "；可用的有：逾期、今天、计划、无计划、冷却"),
        (["--owner", ""], "--owner 为空"),
        (["--stage", " , "], "--stage 为空"),
    ],
)
def test_a_wrong_word_names_the_nearest(
    tracker: Tracker, chinese: Path, arguments: list[str], expected: str
) -> None:
    ended = tracker(chinese, "list", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert expected in ended.err
    assert ended.err.count("\n") == 1


def test_an_owner_whom_the_settings_do_not_know_can_be_asked_for(
    tracker: Tracker, english: Path
) -> None:
    record = english / "records" / "quiet-mill.md"
    record.write_text(record.read_text().replace("owner: Ann Lee", "owner: Cy Young"))
    assert _ids(tracker, english, "--owner", "cy young") == ["quiet-mill"]


def test_broken_settings_are_told_and_defaults_used(tracker: Tracker, english: Path) -> None:
    settings = english / "tracker.yaml"
    settings.write_text(settings.read_text().replace("currency: EUR", "currency: XYZW"))
    ended = tracker(english, "list", *TODAY)
    assert ended.code == 0
    assert "Acme Pumps Ltd" in ended.out
    assert (
        ended.err == "tracker.yaml has mistakes, defaults stand in for them; see: tracker check\n"
    )


# --- Queries ----------------------------------------------------------------------------------


def test_a_query_chooses_customers(tracker: Tracker, chinese: Path) -> None:
    everyone = _ids(tracker, chinese)
    assert _ids(tracker, chinese, "is:won") == _ids(tracker, chinese, "--stage", "成交,售后服务")
    for word in ("逾期", "过期", "late", "停滞", "无下次跟进", "due-today"):
        assert _ids(tracker, chinese, f"状态:{word}") == _ids(tracker, chinese, "--state", word)
    late = set(_ids(tracker, chinese, "is:overdue"))
    assert late
    assert late < set(everyone)
    assert set(_ids(tracker, chinese, "--", "-is:overdue")) == set(everyone) - late


def test_the_words_of_a_query_need_no_quotes(tracker: Tracker, chinese: Path) -> None:
    one = _ids(tracker, chinese, "level:A is:open")
    assert one
    assert _ids(tracker, chinese, "level:A", "is:open") == one


def test_a_query_knows_more_columns_than_rows_have(tracker: Tracker, chinese: Path) -> None:
    assert _ids(tracker, chinese, "quote:Q-2026-031") == ["hengda"]


def test_a_query_and_the_options_hold_together(tracker: Tracker, chinese: Path) -> None:
    both = _ids(tracker, chinese, "is:open", "--level", "A")
    assert both == _ids(tracker, chinese, "is:open level:A")


def test_a_query_is_asked_on_the_day(tracker: Tracker, chinese: Path) -> None:
    arguments = ("list", "next:today", "--format", "json", "--today")
    found = {day: _names(tracker(chinese, *arguments, day)) for day in ("2026-11-26", "2026-11-27")}
    assert found["2026-11-26"] != found["2026-11-27"]


def test_a_wrong_query_is_shown_with_its_places(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "list", *TODAY, "等级:A stge:成交", "level:D")
    assert ended.code == 2
    assert not ended.out
    lines = ended.err.splitlines()
    assert lines[0] == "tracker: 查询无法识别"
    assert lines[1] == lines[3] == "    等级:A stge:成交 level:D"
    # Chinese characters take two cells.
    assert lines[2] == f"    {' ' * 7}^^^^ 没有“stge”这个键；是不是“stage”？"
    assert lines[4] == f"    {' ' * 23}^ “D”不是“level”的词；可用的有：A、B、C"
