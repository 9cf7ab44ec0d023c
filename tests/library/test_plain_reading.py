"""How texts are read where something is withheld: what stands for other characters is undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.library.forms_of_address import called, spoken_of
from tracker.library.plain_reading import folded, readings
from tracker.library.withheld import Sort, Withheld
from tracker.library.withheld_finder import Finder

PIECES = st.sampled_from(
    [
        *("&nbsp;", "&#49;", "&#x738b;", "&amp;#49;", "&amp;", "&", "\\u738b", "\\ud83d\\ude00"),
        *("\\x31", "\\*", "\\n", "\\", "%31", "%E7%8E%8B", "%", "<b>", "</b>", "<br>"),
        *("<!-- x -->", "<", ">", "**", "_", "`", "[", "](x)", "]"),
        *("王", "1", "é", "e\u0301", "\u1112\u1161", "ﬁ"),
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_reading_says_the_same_with_places(text: str) -> None:
    for reading in readings(text):
        placed = reading.placed()
        assert placed.text == reading.text
        assert len(placed.places) == len(placed.text)
        assert all(0 <= first < end <= len(text) for first, end in placed.places)
        assert folded(placed.folded().text) == folded(reading.text)


PHONE = Withheld("13812345678", "records/a.md", "contacts.phone", Sort.PHONE, telling=True)
NAME = Withheld("王芳菲", "records/a.md", "contacts.name", Sort.NAME, telling=True)
LATIN = Withheld("René Dubois", "records/a.md", "contacts.name", Sort.NAME, telling=True)
AMOUNT = Withheld("480000", "records/a.md", "value", Sort.AMOUNT)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (PHONE, "138&nbsp;1234&nbsp;5678"),
        (PHONE, "138&#32;1234&#x20;5678"),
        (PHONE, "138&amp;nbsp;1234&amp;nbsp;5678"),
        (PHONE, "138**1234**5678"),
        (PHONE, "1\\3\\8 12345678"),
        (PHONE, "138<b>1234</b>5678"),
        (PHONE, "138[1234](x)5678"),
        (PHONE, "%31%33%38%31%32%33%34%35%36%37%38"),
        (NAME, "王**芳**菲"),
        (NAME, "&#x738b;芳菲"),
        (NAME, "\\u738b芳菲"),
        (NAME, "王<!-- x -->芳菲"),
        (LATIN, "Rene\u0301 Dubois"),
        (LATIN, "Ren&eacute; Dubois"),
        (AMOUNT, "48&nbsp;万"),
        (AMOUNT, "4**8**万"),
        (AMOUNT, "480&#44;000"),
    ],
)
def test_a_value_is_placed_however_it_is_hidden(value: Withheld, written: str) -> None:
    text = f"前 {written} 后"
    places = list(Finder([value]).places(text, "records/a.md"))
    assert places
    first, end = min(places)[0], max(each[1] for each in places)
    assert text[:first].strip() == "前"
    assert text[end:].strip() == "后"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(
            ("王芳菲", said)
            for said in ("见王总。", "王经理说", "请小王来", "王工程师", "Ask Mr. Wang.")
        ),
        *(("王芳菲", said) for said in ("director wang said", "王总经理", "老王，好", "王女士")),
        *(("欧阳明", said) for said in ("欧阳总", "Dr Ouyang")),
        *(("Grace Miller", said) for said in ("Mrs Miller called", "Ms. Miller")),
    ],
)
def test_people_are_found_by_their_family_names(name: str, text: str) -> None:
    pattern = spoken_of([name])
    assert pattern is not None
    assert pattern.search(folded(text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("王芳菲", said) for said in ("李总", "国王万岁", "Mr Wangler", "wang")),
        *(("Grace Miller", said) for said in ("the miller came", "Mr Millers", "Grace")),
    ],
)
def test_other_words_are_no_people(name: str, text: str) -> None:
    pattern = spoken_of([name])
    assert pattern is not None
    assert not pattern.search(folded(text))


def test_a_nickname_tells_no_family_name() -> None:
    assert spoken_of(["Bob", "芳"]) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(
            ("Grace Miller", said)
            for said in ("Grace said", "with Miller", "给Grace发样品", "GRACE’S")
        ),
        *(("O'Brien, Sean", said) for said in ("Sean's line", "ask O’Brien")),
        *(("Dr. Jürgen Müller", said) for said in ("Jürgen", "Jurgen", "Muller", "*Müller*")),
        *(("王芳菲", said) for said in ("芳菲说", "Fangfei said", "A芳菲ok", "芳菲3月来")),
        *(("山田 太郎", said) for said in ("山田さん", "太郎")),
        *(("王芳菲 采购经理", said) for said in ("王芳菲", "芳菲")),
        *(("Grace (buyer)", "ask Grace"), ("王芳（采购）", "问王芳")),
        *(("王芳菲（Wendy）", said) for said in ("王芳菲", "芳菲", "Wendy")),
        *(("石头（石磊）", said) for said in ("石头", "石磊")),
    ],
)
def test_people_are_found_by_one_of_their_names(name: str, text: str) -> None:
    pattern = called([name])
    assert pattern is not None
    assert pattern.search(folded(text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("Grace Miller", said) for said in ("Gracious", "Millers")),
        *(("Dr. Jürgen Müller", said) for said in ("Dr. Smith", "Jürgens")),
        *(("王芳菲", said) for said in ("王", "芳", "Wang")),
        *(("王芳菲 采购经理", said) for said in ("采购", "总经理")),
        *(("Grace (buyer)", "Buyer"), ("王芳（采购）", "采购")),
    ],
)
def test_other_words_are_none_of_their_names(name: str, text: str) -> None:
    pattern = called([name])
    assert pattern is not None
    assert not pattern.search(folded(text))


def test_what_somebody_does_has_no_parts() -> None:
    assert called(["Sales", "前台", "the head of the purchasing department"]) is None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "王经理",
            "张女士",
            "李总监",
            "欧阳老师",
            "赵工程师",
            "刘采购",
            "陈销售",
            "财务部",
            "总经理",
            "王 老师",
        ),
        *("Sales Team", "Head of Purchasing", "IT Department", "Mr. Wang", "Export Manager"),
        *("财务主管", "销售工程师", "技术部经理", "purchasing manager of the plant in Wuxi"),
    ],
)
def test_what_somebody_does_is_no_part_of_a_name(name: str) -> None:
    assert called([name]) is None


def test_a_name_is_found_without_its_accents() -> None:
    assert list(Finder([LATIN]).places("Rene Dubois", "records/a.md"))
