"""The search for withheld values: every form of a value, every way in which a file may hide it."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from tracker.library.withheld import Reason, Sort, Withheld
from tracker.library.withheld_finder import Finder
from tracker.site.leak_proof import Shown, prove

if TYPE_CHECKING:
    from pathlib import Path

NAME = Withheld("王芳菲", "records/a.md", "contacts.name", Sort.NAME)
PHONE = Withheld("+86 138-0000-1111", "records/a.md", "contacts.phone", Sort.PHONE)
OFFICE = Withheld("0512-66881234 转 12", "records/a.md", "contacts.phone", Sort.PHONE)
DIRECT = Withheld("(0512)66881234-803", "records/a.md", "contacts.phone", Sort.PHONE)
UNDIVIDED = Withheld("051266881234", "records/a.md", "contacts.phone", Sort.PHONE)
TWO = Withheld("0512-66885678/66881234", "records/a.md", "contacts.phone", Sort.PHONE)
AMERICAN = Withheld("+1 (415) 555-2671", "records/b.md", "contacts.phone", Sort.PHONE)
ABROAD = Withheld("+44 (0)20 7946 0958", "records/b.md", "contacts.phone", Sort.PHONE)
AMOUNT = Withheld("1200000", "records/a.md", "value", Sort.AMOUNT)
WECHAT = Withheld("wangfang_hd", "records/a.md", "contacts.wechat")
COMPANY = Withheld("Acme & Söhne GmbH", "records/b.md", "name", Sort.NAME)
PROSE = Withheld(
    "安装调试影响生产,需要周末安排两名工程师驻场", "records/a.md", "background", Sort.PROSE
)
WAN = Withheld("万家曾", "records/a.md", "contacts.name", Sort.NAME)
JANE = Withheld("Jane Whitlow", "records/a.md", "contacts.name", Sort.NAME)
DAY = Withheld("2026-09-02", "records/a.md", "created", Sort.DATE)


def _packed(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


HIDDEN = [
    pytest.param(NAME, "a.html", "<p>王<mark>芳</mark><wbr>菲", id="tags within a word"),
    pytest.param(NAME, "a.html", "<!-- 王芳菲 -->", id="a comment"),
    pytest.param(NAME, "a.html", "<a title='王芳菲'>x</a>", id="an attribute"),
    pytest.param(NAME, "a.html", "&#29579;&#x82b3;&#x83F2;", id="character references"),
    pytest.param(NAME, "a.js", json.dumps(["王芳菲"]), id="escapes of JSON"),
    pytest.param(NAME, "a.js", json.dumps(json.dumps("王芳菲")), id="escapes within escapes"),
    pytest.param(NAME, "a.js", r"'\x41 \u{738B}\u{82b3}\u{83f2}'", id="escapes of JavaScript"),
    pytest.param(NAME, "a.html", f'<a href="{quote("王芳菲")}.html">', id="percent-encoding"),
    pytest.param(NAME, "a.html", quote(quote("王芳菲")), id="percent-encoding twice"),
    pytest.param(
        NAME, "a.ics", "N:王芳".encode()[:-1] + b"\r\n " + "芳菲".encode()[2:], id="folds"
    ),
    pytest.param(NAME, "a.txt", "WangFangFei", id="pinyin"),
    pytest.param(NAME, "a.txt", "wang-fang-fei.html", id="pinyin in an address"),
    pytest.param(NAME, "王芳菲.txt", "", id="the name of a file"),
    pytest.param(NAME, "a.gz", gzip.compress("王芳菲".encode()), id="a compressed file"),
    pytest.param(NAME, "a.xlsx", _packed(sheet="<t>王芳菲</t>"), id="a part of an archive"),
    pytest.param(NAME, "a.zip", _packed(**{"王芳菲.txt": ""}), id="a name in an archive"),
    pytest.param(NAME, "a.txt", "客户王芳菲".encode("gb18030"), id="a file in GBK"),
    pytest.param(NAME, "a.txt", "王芳菲".encode("utf-16"), id="a file in UTF-16"),
    pytest.param(NAME, "a.jpg", b"\xff\xd8\x00" + "王芳菲".encode(), id="a text in a picture"),
    pytest.param(NAME, "a.txt", "国" * (8 * 1024 * 1024 - 2) + "王芳菲", id="a large file"),
    pytest.param(NAME, "a.md", "……王\r\n  芳菲", id="a name over two lines"),
    pytest.param(NAME, "a.html", "王芳<br>\n菲", id="a name over two lines of a page"),
    pytest.param(NAME, "a.txt", "Fangfei Wang", id="pinyin with the given name first"),
    pytest.param(WAN, "a.txt", "Wan Jiazeng", id="pinyin in another reading than the first"),
    pytest.param(WAN, "a.txt", "Mo Jiaceng", id="pinyin in the reading of surnames"),
    pytest.param(JANE, "a.txt", "Whitlow, Jane", id="a name with the family name first"),
    pytest.param(PHONE, "a.txt", "138 0000 1111", id="a phone with blanks"),
    pytest.param(PHONE, "a.md", "138**0000**1111", id="a phone in Markdown"),
    pytest.param(PHONE, "a.md", "138_0000\\-1111", id="a phone with escapes of Markdown"),
    pytest.param(PHONE, "a.txt", "138\u200b0000\u200b1111", id="a phone with unseen characters"),
    pytest.param(PHONE, "a.txt", "+86 138\n0000\t1111", id="a phone over two lines"),
    pytest.param(PHONE, "a.txt", "8613800001111", id="a phone with the country code"),
    pytest.param(PHONE, "a.txt", "tel:+86-138-0000-1111", id="a phone as a link"),
    pytest.param(PHONE, "a.txt", "<td>5</td><td>13800001111</td>", id="a phone beside a number"),
    pytest.param(PHONE, "a.txt", "１３８００００１１１１", id="a phone in full width"),
    pytest.param(OFFICE, "a.txt", "66881234", id="a phone without the area"),
    pytest.param(OFFICE, "a.txt", "(0512) 6688-1234", id="an area in brackets"),
    pytest.param(replace(OFFICE, value="+86 512 66881234"), "a.txt", "6688 1234", id="nearby"),
    pytest.param(UNDIVIDED, "a.txt", "66881234", id="a phone without the area it begins with"),
    pytest.param(DIRECT, "a.txt", "0512 6688 1234", id="a phone without the extension"),
    pytest.param(DIRECT, "a.txt", "66881234", id="a phone with neither area nor extension"),
    pytest.param(TWO, "a.txt", "66881234", id="the second of two phones"),
    pytest.param(AMERICAN, "a.txt", "415-555-2671", id="a phone as called in America"),
    pytest.param(AMERICAN, "a.txt", "555 2671", id="a phone as called in its town"),
    pytest.param(ABROAD, "a.txt", "020 7946 0958", id="a phone as called at home"),
    pytest.param(ABROAD, "a.txt", "+442079460958", id="a phone as dialled"),
    pytest.param(AMOUNT, "a.txt", "¥1,200,000.00", id="an amount with separators"),
    pytest.param(AMOUNT, "a.txt", "120万元", id="an amount in ten thousands"),
    pytest.param(AMOUNT, "a.txt", "$1.2M", id="an amount in millions"),
    pytest.param(AMOUNT, "a.js", "[5,1200000,3]", id="an amount among numbers"),
    pytest.param(AMOUNT, "a.html", "1,<wbr>200,<wbr>000", id="an amount split by tags"),
    pytest.param(AMOUNT, "a.txt", "RMB1,200,000", id="an amount after a currency"),
    pytest.param(AMOUNT, "a.txt", "1200000CNY", id="an amount before a currency"),
    pytest.param(AMOUNT, "a.txt", "120w元", id="an amount in ten thousands, as in chats"),
    pytest.param(AMOUNT, "a.txt", "120 萬", id="an amount in traditional characters"),
    pytest.param(AMOUNT, "a.txt", "120-150万", id="the lower end of a range"),
    pytest.param(AMOUNT, "a.txt", "100至120万", id="the upper end of a range"),
    pytest.param(AMOUNT, "a.txt", "900,000 - 1,200,000", id="a range of plain numbers"),
    pytest.param(WECHAT, "a.txt", "ＷＡＮＧＦＡＮＧ＿ＨＤ", id="full width and capitals"),
    pytest.param(
        replace(WECHAT, value="HT-77"), "a.txt", "(ht 77)", id="a short number of a quote"
    ),
    pytest.param(COMPANY, "a.html", "Acme &amp; So\u0308hne GmbH", id="another composition"),
    pytest.param(COMPANY, "a.txt", "acme-söhne-gmbh", id="a name as a slug"),
    pytest.param(PROSE, "a.html", "…<em>安装</em>调试影响生产，需要周末安排两名…", id="an excerpt"),
]


@pytest.mark.parametrize(("value", "file", "content"), HIDDEN)
def test_value_is_found(tmp_path: Path, value: Withheld, file: str, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / file).write_bytes(data)
    proof = prove(tmp_path, [value])
    assert {(hit.withheld, hit.file.partition("!")[0]) for hit in proof.hits} == {(value, file)}
    assert proof.unproved == ()


OTHERS = [
    pytest.param(NAME, "国王,芳菲", id="characters on both sides of a comma"),
    pytest.param(NAME, "wangfangfeiyang", id="a longer word"),
    pytest.param(PHONE, "1380000111122", id="a longer number"),
    pytest.param(NAME, "<td>王</td><td>芳菲</td>", id="characters of two cells"),
    pytest.param(NAME, "<p>国王</p>\n<p>芳菲</p>", id="characters of two paragraphs"),
    pytest.param(PHONE, "138,0000,1111", id="numbers in a list"),
    pytest.param(PHONE, "<td>138</td><td>0000</td><td>1111</td>", id="cells of a table"),
    pytest.param(replace(PHONE, value="138 1234 5678"), "234-5678", id="the end of a number"),
    pytest.param(AMOUNT, "12000000 1200 2.1200000 1200000abc a1200000 120web", id="other numbers"),
    pytest.param(COMPANY, "acme", id="a part of a name"),
    pytest.param(PROSE, "安装调试", id="a few of the words"),
]


@pytest.mark.parametrize(("value", "text"), OTHERS)
def test_something_else_is_not_taken_for_the_value(
    tmp_path: Path, value: Withheld, text: str
) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert prove(tmp_path, [value]).hits == ()


@pytest.mark.parametrize(
    "value",
    [
        Withheld("张", "records/a.md", "contacts.name", Sort.NAME),
        Withheld("A", "records/a.md", "level"),
        Withheld("100", "records/a.md", "value", Sort.AMOUNT),
        Withheld("12345", "records/a.md", "contacts.phone", Sort.PHONE),
    ],
)
def test_what_cannot_be_proved_is_named(tmp_path: Path, value: Withheld) -> None:
    proof = prove(tmp_path, [value])
    assert proof.unproved == ((value, Reason.SHORT),)
    assert proof.sought == 0


def test_few_letters_of_a_picture_are_no_name(tmp_path: Path) -> None:
    anna = Withheld("Anna", "records/a.md", "contacts.name", Sort.NAME)
    price = Withheld("50000", "records/a.md", "value", Sort.AMOUNT)
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\x00 anna 50000 \xff")
    assert prove(tmp_path, [anna, price]).hits == ()
    (tmp_path / "a.txt").write_bytes(b"anna 50000")
    assert {hit.withheld for hit in prove(tmp_path, [anna, price]).hits} == {anna, price}


def test_value_that_is_shown_elsewhere_is_named_and_not_sought(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("王芳菲", encoding="utf-8")
    proof = prove(tmp_path, [NAME, PHONE], Shown(texts=["联系人：王芳菲"]))
    assert proof.hits == ()
    assert proof.unproved == ((NAME, Reason.SHOWN),)
    assert proof.sought == 1


DAY_FORMS = (
    *("2026-09-02", "2026年9月2日", "2 September 2026", "20260902"),
    *("2026-09-02T10:30", "DTSTART:20260902T103000"),
)


@pytest.mark.parametrize("text", DAY_FORMS)
def test_day_is_sought_in_the_files_of_its_record_alone(tmp_path: Path, text: str) -> None:
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    own = {"records/a.md": {"a.html"}}
    proof = prove(tmp_path, [DAY], Shown(own_files=own))
    assert [hit.file for hit in proof.hits] == ["a.html"]
    assert proof.unproved == ((DAY, Reason.OWN_FILES),)
    assert prove(tmp_path, [DAY], Shown(own_files=own, days={DAY})).hits == ()


def test_places_are_those_of_the_text_as_written() -> None:
    text = "ＯＫ：电话 138 0000 1111（王芳菲），报价１２０万元"
    finder = Finder([PHONE, NAME, AMOUNT])
    found = {text[start:end] for start, end in finder.places(text, "records/a.md")}
    assert found == {"138 0000 1111", "王芳菲", "１２０万"}
    assert not list(finder.places(text, "records/b.md"))


def test_what_is_one_customers_alone_is_found_in_texts_of_all() -> None:
    finder = Finder([replace(NAME, telling=True), AMOUNT])
    text = "王芳菲，120万"
    assert list(finder.places(text, "records/b.md")) == [(0, 3)]
    assert not list(finder.places(text, "records/b.md", own=True))


def test_what_is_behind_links_is_searched_too(tmp_path: Path) -> None:
    site, media = tmp_path / "site", tmp_path / "media"
    site.mkdir()
    media.mkdir()
    (media / "a.txt").write_text("王芳菲", "utf-8")
    (media / "again").symlink_to(site)
    (media / "gone").symlink_to("nowhere")
    (site / "media").symlink_to(media)
    proof = prove(site, [NAME])
    assert [hit.file for hit in proof.hits] == ["media/a.txt"]
    assert proof.files == 1
