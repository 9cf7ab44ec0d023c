"""Finding customers by any words of their records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config_file import parse_config
from tracker.format.parser import parse_record
from tracker.insight.day import Day, day_of
from tracker.insight.search import SEARCH_COLUMNS, Hit, search, search_rows, words_of
from tracker.library.library import Entry, Library
from tracker.text import fold

TODAY = date(2026, 11, 24)
CONFIG = parse_config("language: zh\nfields:\n  plant: {label: 工厂}\n")[0]

HENGDA = """---
name: 恒达精密机械有限公司
short: 恒达
industry: 制造业
stage: 商务谈判
owner: 李雷
source: exhibition
tags: [机床, 华东]
plant: 二厂
contacts:
  - {name: 单雄, title: 采购经理, phone: 0512-6688-1234}
  - name: 王芳
    email: wang@hengda.example
    concerns: [价格, 交期]
needs:
  pains: [返工]
offers:
  - {quote: Q-2026-031, product: X200}
deal: {contract: HT-2026-088, payment: 三七付款}
---

上海认识。

## 2026-11-20 14:30 电话 李雷

谈了**图纸**。

- 顾虑: 安装占线
- [ ] 发报价 @2026-11-25

## 2026-10-20 电话 李雷

问交期。

## 备注

走南门。
"""

OTHER = """---
name: 恒大
stage: 初步接触
owner: 韩梅梅
---

## 2026-11-22 电话

等恒达的报价。
"""


def day_with(*texts: str) -> Day:
    entries = []
    for number, text in enumerate(texts):
        path = f"records/c{number}.md"
        entries.append(Entry(path, text, parse_record(text, path, CONFIG).customer))
    return day_of(Library(Path("none"), CONFIG, tuple(entries)), TODAY, checked=False)


DAY = day_with(HENGDA, OTHER)


def found(text: str, day: Day = DAY) -> list[str]:
    return [hit.standing.customer.id for hit in search(day, text)]


def places(text: str, customer: str = "c0") -> list[tuple[str, int, list[str]]]:
    hits = [hit for hit in search(DAY, text) if hit.standing.customer.id == customer]
    return [
        (place.kind, place.line, [place.text[start:end] for start, end in place.marks])
        for hit in hits
        for place in hit.places
    ]


@pytest.mark.parametrize(
    ("text", "kind", "written", "line"),
    [
        ("精密", "name", "精密", 2),
        ("hdjm", "name", "恒达精密", 2),
        ("hengdajing", "name", "恒达精", 2),
        ("danxiong", "contact", "单雄", 11),
        ("shanx", "contact", "单雄", 11),
        ("采购", "contact", "采购", 11),
        ("1234", "contact", "1234", 11),
        ("0512 6688", "contact", "0512", 11),
        ("66881234", "contact", "6688-1234", 11),
        ("WANG@", "contact", "wang@", 13),
        ("q2026031", "quote", "Q-2026-031", 18),
        ("026-03", "quote", "026-03", 18),
        ("ht-2026", "contract", "HT-2026", 19),
        ("机床", "tag", "机床", 8),
        ("jichuang", "tag", "机床", 8),
        ("制造", "company", "制造", 4),
        ("李雷", "standing", "李雷", 6),
        ("二厂", "standing", "二厂", 9),
        ("展会", "standing", "展会", 7),
        ("价格", "contacts", "价格", 14),
        ("返工", "needs", "返工", 16),
        ("x200", "offers", "X200", 18),
        ("三七", "deal", "三七", 19),
        ("上海", "notes", "上海", 22),
        ("南门", "notes", "南门", 37),
        ("图纸", "followup", "图纸", 26),
        ("占线", "followup", "占线", 28),
        ("报价", "followup", "报价", 29),
    ],
)
def test_everything_is_found_with_its_place(text: str, kind: str, written: str, line: int) -> None:
    assert (kind, line) in [place[:2] for place in places(text)]
    marked = next(marks for place, at, marks in places(text) if (place, at) == (kind, line))
    assert written in marked


def test_words_are_anded_wherever_they_are() -> None:
    assert found("恒达 报价") == ["c0", "c1"]
    assert found("恒达 图纸 机床") == ["c0"]
    assert found("恒达 图纸 没有的") == []
    assert places("hdjm 图纸") == [
        ("name", 2, ["恒达精密"]),
        ("followup", 26, ["图纸"]),
    ]


def test_a_word_in_the_name_is_looked_for_nowhere_else() -> None:
    assert [place[0] for place in places("恒达 王芳")] == ["name", "short", "contact"]


def test_the_text_that_has_most_words_comes_first_then_the_newest() -> None:
    assert [(kind, line) for kind, line, _ in places("问 交期")] == [
        ("followup", 33),
        ("contacts", 14),
    ]


@pytest.mark.parametrize("text", ["", "   ", "—", "没有的", "0512-9999", "xyzzy"])
def test_what_is_nowhere_is_not_found(text: str) -> None:
    assert found(text) == []


def test_the_surest_comes_first() -> None:
    records = [
        "name: 别的\nshort: 达",
        "name: 达",
        "name: 达明",
        "name: 明达",
        "name: 甲\ncontacts: [{name: 达}]",
        "name: 乙\ntags: [达]",
        "name: 丙\ncontacts: [{name: 丁, title: 达}]",
        "name: 戊\nbusiness: 达",
    ]
    day = day_with(
        *(f"---\n{record}\nstage: 成交\nowner: 李雷\n---\n" for record in reversed(records))
    )
    names = [hit.standing.customer.name for hit in search(day, "达")]
    assert names == ["达", "别的", "达明", "明达", "甲", "乙", "丙", "戊"]
    worths = [hit.worth for hit in search(day, "达")]
    assert worths == [100, 100, 90, 70, 64, 44, 32, 10]
    assert [hit.worth for hit in search(day, "da")] == [98, 98, 88, 68, 62, 42]


def test_of_equals_the_last_contacted_comes_first() -> None:
    record = "---\nname: 同名\nstage: 成交\nowner: 李雷\n---\n## {} 电话\n谈。\n"
    days = ["2026-01-05", "2026-11-20", "2026-06-01"]
    assert found("同名", day_with(*map(record.format, days))) == ["c1", "c2", "c0"]


def test_only_whom_is_taken_is_found() -> None:
    hits = search(DAY, "恒", lambda standing: standing.customer.owner == "韩梅梅")
    assert [hit.standing.customer.id for hit in hits] == ["c1"]


def test_rows_have_all_columns() -> None:
    hits = search(DAY, "恒达 图纸")
    rows = list(search_rows(hits, CONFIG))
    assert [list(row) for row in rows] == [list(SEARCH_COLUMNS)] * 3
    assert rows[-1] == {
        "id": "c0",
        "name": "恒达精密机械有限公司",
        "path": "records/c0.md",
        "line": 26,
        "place": "followup",
        "date": "2026-11-20",
        "text": "谈了图纸。 · 安装占线 · 发报价",
        "found": ["图纸"],
        "stage": "商务谈判",
        "owner": "李雷",
        "worth": 110,
    }


@pytest.mark.parametrize("page", ["search.md", "search.zh.md"])
def test_the_page_names_every_column_and_place(page: str) -> None:
    shown = Path(__file__).parents[2].joinpath("docs", page).read_text("utf-8")
    kinds = {
        kind
        for text in (
            *("恒达", "精密", "王芳", "q2026", "ht2026", "机床", "制造"),
            *("二厂", "交期", "返工", "x200", "三七", "上海", "图纸"),
        )
        for kind, _, _ in places(text)
    }
    assert len(kinds) == 14
    for name in (*SEARCH_COLUMNS, *kinds):
        assert f"`{name}`" in shown, name


# --- What always holds ------------------------------------------------------------------------

texts = st.text("恒达精密 -_·ABab１2é单曾\t", min_size=1, max_size=10).filter(str.strip)


def _hit(name: str, summary: str, wanted: str) -> Hit | None:
    quoted = name.replace("\t", " ").strip()
    record = (
        f'---\nname: "{quoted}"\nstage: 成交\nowner: 李雷\n---\n## 2026-11-20 电话\n{summary}\n'
    )
    hits = search(day_with(record), wanted)
    return hits[0] if hits else None


@given(texts, texts, texts)
def test_marks_are_what_was_asked_for_and_lie_apart(name: str, summary: str, wanted: str) -> None:
    hit = _hit(name, summary, wanted)
    if hit is None:
        return
    assert hit.worth > 0
    assert hit.places
    words = words_of(wanted)
    for place in hit.places:
        assert place.line >= 1
        ends = [0, *(end for _, end in place.marks)]
        starts = [start for start, _ in place.marks]
        assert all(end <= start for end, start in zip(ends, starts, strict=False))
        if place.kind == "followup":
            for start, end in place.marks:
                piece = fold(place.text[start:end])
                assert any(word.text in piece or piece in word.text for word in words)


@given(texts, st.data())
def test_any_part_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    folded = fold(name)
    start = data.draw(st.integers(0, max(len(folded) - 1, 0)))
    end = data.draw(st.integers(start + 1, max(len(folded), start + 1)))
    wanted = folded[start:end]
    if wanted.strip():
        assert _hit(name, "x", wanted) is not None
