"""The data of the search: what it holds, how it is cut, and that browsers can read it."""

from __future__ import annotations

import json
import re
from datetime import date
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.insight import search_texts
from tracker.insight.day import day_of
from tracker.insight.search_texts import plain_text
from tracker.library.loader import load_library
from tracker.site import search_data
from tracker.site.page import Site
from tracker.site.search_data import PART_BYTES, search_files

if TYPE_CHECKING:
    from pathlib import Path

FULL = """---
name: 恒达精密机械有限公司
short: 恒达
industry: 制造业
address: 江苏省苏州市示例路 8 号
stage: 成交
owner: 李雷
source: 展会
tags: [机床]
contacts:
  - {name: 单雄, title: 采购经理, phone: 0512-66881234, email: shan@hengda.example, \
preferences: 先看数据, concerns: [价格, 交期]}
needs: {core: [缩短交期], pains: [返工]}
offers:
  - {quote: Q-2026-031, product: X200, terms: 三年质保}
  - {quote: Q-2026-031, product: X300}
deal: {contract: HT-2026-088, date: 2026-11-01, payment: 三七付款, items: [{name: 机床 X200}]}
---

背景:**上海**认识。

## 备注

- 走南门

## 2026-11-20 14:30 电话 李雷

谈了[图纸](a.pdf)。

- 顾虑: 安装占线
- [ ] 发报价 @2026-11-25
- 态度: 积极,愿意见面
- 售后: 问题 #3 漏油
- 下次: 2026-11-27 演示;目标: 定预算

## 2026-11-20 14:30 邮件 李雷

再确认。
"""


def site_of(folder: Path, records: dict[str, str]) -> Site:
    (folder / "records").mkdir(parents=True)
    (folder / "tracker.yaml").write_text("language: zh\n", encoding="utf-8")
    for name, text in records.items():
        (folder / "records" / f"{name}.md").write_text(text, encoding="utf-8")
    return Site.of(day_of(load_library(folder), date(2026, 11, 24)))


def parts_of(site: Site) -> dict[int, Any]:
    """Return the parts by number, read as JSON from their scripts."""
    parts = {}
    for path, data in search_files(site):
        script = re.fullmatch(
            r"var trackerSearch=trackerSearch\|\|\[\];trackerSearch\[([0-9]+)\]=(.*);\n",
            data.decode(),
            re.DOTALL,
        )
        assert script, path
        assert path == f"data/search-{script[1]}.js"
        parts[int(script[1])] = json.loads(script[2])
    return parts


def test_a_head_holds_what_a_customer_is_called_by(tmp_path: Path) -> None:
    parts = parts_of(site_of(tmp_path, {"hengda": FULL}))
    assert parts[1]["heads"] == [
        [
            "hengda",
            "恒达精密机械有限公司",
            "恒达",
            "成交",
            "李雷",
            "2026-11-20",
            [["单雄", "采购经理", "0512-66881234", "shan@hengda.example"]],
            ["Q-2026-031"],
            "HT-2026-088",
            ["机床"],
        ]
    ]


def test_texts_hold_the_rest_with_its_place_on_the_page(tmp_path: Path) -> None:
    parts = parts_of(site_of(tmp_path, {"hengda": FULL}))
    assert parts[2]["texts"] == [
        [
            ["f-2026-11-20-1430", "再确认。"],
            [
                "f-2026-11-20-1430-2",
                "谈了图纸。 · 安装占线 · 愿意见面 · #3 漏油 · 发报价 · 演示 · 定预算",
            ],
            ["company", "制造业 · 江苏省苏州市示例路 8 号"],
            ["standing", "李雷 · 展会"],
            ["contacts", "先看数据 · 价格 · 交期"],
            ["needs", "缩短交期 · 返工"],
            ["offers", "X200 · 三年质保"],
            ["offers", "X300"],
            ["deal", "机床 X200 · 三七付款"],
            ["notes", "背景:上海认识。 · 备注 · 走南门"],
        ]
    ]


def test_only_the_characters_of_names_and_tags_have_readings(tmp_path: Path) -> None:
    sounds = parts_of(site_of(tmp_path, {"hengda": FULL}))[0]["sounds"]
    assert sounds["单"].split()[:2] == ["shan", "dan"]
    assert sounds["床"] == "chuang"
    assert "认" not in sounds
    assert list(sounds) == sorted(sounds)


def test_declared_fields_are_found(tmp_path: Path) -> None:
    record = (
        "---\nname: A\nstage: won\nowner: Li\nplant: Plant 7\nlines: [red, blue]\nasked: 4\n---\n"
    )
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "a.md").write_text(record, encoding="utf-8")
    (tmp_path / "tracker.yaml").write_text(
        "language: en\nfields:\n"
        "  plant: {label: Plant}\n"
        "  lines: {label: Lines, type: list}\n"
        "  asked: {label: Asked, type: number}\n",
        encoding="utf-8",
    )
    site = Site.of(day_of(load_library(tmp_path), date(2026, 11, 24)))
    assert parts_of(site)[2]["texts"] == [[["standing", "Li · Plant 7 · red · blue"]]]


def test_records_that_cannot_be_read_have_a_head_but_no_text(tmp_path: Path) -> None:
    parts = parts_of(site_of(tmp_path, {"a": "no front matter", "b": FULL}))
    assert [head[:2] for head in parts[1]["heads"]] == [
        ["b", "恒达精密机械有限公司"],
        ["a", "records/a.md"],
    ]
    assert len(parts[2]["texts"]) == 1


def test_an_empty_workspace_has_one_part(tmp_path: Path) -> None:
    assert parts_of(site_of(tmp_path, {})) == {0: {"heads": [], "texts": [], "sounds": {}}}


def test_the_data_are_cut_into_parts_that_join_without_gaps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = {f"r{number:02}": FULL.replace("恒达", f"恒达{number}", 1) for number in range(20)}
    site = site_of(tmp_path, records)
    whole = parts_of(site)
    monkeypatch.setattr(search_data, "PART_BYTES", 2000)
    cut = parts_of(site)
    count = len(cut[0]["heads"])
    assert count > 1
    assert len(cut[0]["texts"]) > count
    assert sorted(cut) == list(range(1 + count + len(cut[0]["texts"])))
    for kind, numbers, full in (
        ("heads", range(1, 1 + count), whole[1]["heads"]),
        ("texts", range(1 + count, len(cut)), whole[2]["texts"]),
    ):
        joined: list[object] = []
        for number, digest in zip(numbers, cut[0][kind], strict=True):
            assert cut[number]["sum"] == digest
            assert cut[number]["first"] == len(joined)
            joined += cut[number][kind]
        assert joined == full
    sizes = [len(data) for _, data in search_files(site)]
    assert all(size < 2000 + 200 for size in sizes[:-1])


def test_a_record_larger_than_a_part_stays_whole(tmp_path: Path) -> None:
    text = FULL.replace("再确认。", "很长的纪要。" * (PART_BYTES // 10))
    parts = parts_of(site_of(tmp_path, {"a": FULL, "b": text, "c": FULL.replace("雄", "雌")}))
    assert [len(part["texts"]) for number, part in sorted(parts.items()) if number > 1] == [1, 1, 1]


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    first = site_of(tmp_path / "one", {"a": FULL, "b": FULL.replace("恒达", "华瑞")})
    second = site_of(tmp_path / "two", {"b": FULL.replace("恒达", "华瑞"), "a": FULL})
    assert list(search_files(first)) == list(search_files(second))


def test_a_changed_record_changes_its_sum(tmp_path: Path) -> None:
    before = parts_of(site_of(tmp_path / "one", {"a": FULL}))[0]
    after = parts_of(site_of(tmp_path / "two", {"a": FULL.replace("再确认", "又确认")}))[0]
    assert before["heads"] == after["heads"]
    assert before["texts"] != after["texts"]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "</script>", '"', "\\", "\x7f", "😀"])
def test_any_sign_can_be_written(tmp_path: Path, sign: str) -> None:
    site = site_of(tmp_path, {"a": FULL.replace("再确认", f"再{sign}确认")})
    parts = parts_of(site)
    said = "".join(text for _, text in parts[2]["texts"][0])
    shown = " " if sign.isspace() else sign
    assert f"再{shown}确认" in said
    raw = b"".join(data for _, data in search_files(site))
    assert not any(separator.encode() in raw for separator in ("\u2028", "\u2029"))


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**交期**不晚于*月底*", "交期不晚于月底"),
        ("- 一\n- 二\n  - [ ] 三", "一 二 三"),
        ("1. 甲\n2) 乙", "甲 乙"),
        ("## 标题\n\n正文", "标题 正文"),
        ("> 引用", "引用"),
        ("| 项目 | 现状 |\n| --- | :-: |\n| 节拍 | 74 s |", "项目 现状 节拍 74 s"),
        ("见[图纸](a/b.pdf)和![照片](c.png)", "见图纸和照片"),
        ("```sh\nmake all\n```", "make all"),
        ("`X200` ~~旧~~", "X200 旧"),
        ("1200*800 和 2 * 3 = 6", "1200*800 和 2 * 3 = 6"),
        ("wang_fang_hd", "wang_fang_hd"),
        ("a - b -5 +3 #7", "a - b -5 +3 #7"),
        ("[x] (y) [z", "[x] (y) [z"),
        ("  两\n\n行\t ", "两 行"),
        ("", ""),
    ],
)
def test_markdown_is_taken_out_of_texts(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


@settings(max_examples=300)
@given(st.text(st.sampled_from("ab交。 .):-+>#|=*~`[]()1\t\n\u3000\x85"), max_size=12))
def test_texts_without_markdown_are_what_the_long_way_makes_of_them(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_texts, "_ANY_OF_THESE", re.compile(""))
        expected = plain_text(text)
    assert plain_text(text) == expected


@pytest.mark.parametrize("piece", ["[", "[a](", "*", "|", "- ", "`", "> ", "1. ", "*a", " *"])
def test_no_text_takes_long(piece: str) -> None:
    start = process_time()
    plain_text(piece * 100_000)
    assert process_time() - start < 2
