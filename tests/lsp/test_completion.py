"""What is offered at a place, in Chinese and in English, and what choosing it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from tests.lsp.asking import MARK, ask, edited, open_marked, write
from trials.editing import SNIPPETS

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.lsp.session import Session

ZH = """---
姓名之外: x
name: 恒达精密机械有限公司
stage: 商务谈判
owner: 李雷
tags: [机床, 华东]
contacts:
  - name: 王芳
    title: 采购经理
  - name: 顾志恒
offers:
  - quote: Q-2026-031
    product: X200
---

背景。

## 2026-11-20 14:30 电话 李雷

王芳来电。

- 售后: 问题 #7 主轴异响
"""
OTHER = (
    "---\nname: 远航电子有限公司\nshort: 远航\nstage: 需求分析\nowner: 韩梅梅\ntags: [华南]\n---\n"
)
EN = """---
name: Acme Pumps
stage: proposal
owner: Ann Lee
contacts:
  - name: Ruth Stone
offers:
  - quote: Q-7
---

## 2026-11-20 14:30 call Ann Lee

Said yes.
"""
SETTINGS_ZH = """language: zh
owners: [{name: 李雷, aliases: [Li Lei]}, 韩梅梅]
fields:
  lines: {label: 产线数量, type: number}
  steel: {label: 材质, choices: [铸铁, 铝]}
followup_fields:
  rival: {label: 竞品}
  mood: {label: 气氛, choices: [热, 冷]}
"""
SETTINGS_EN = "language: en\nowners: [Ann Lee, Bo Chen]\n"


class Offers:
    """What is offered at a mark in a record, by the labels."""

    def __init__(self, session: Session, root: Path, marked: str) -> None:
        self._session = session
        self._opened = open_marked(session, root / "records/a.md", marked)
        params = types.CompletionParams(self._opened.document, self._opened.at)
        found = ask(session, types.TEXT_DOCUMENT_COMPLETION, params)
        self.items: list[types.CompletionItem] = found.items if found else []
        self.labels = [item.label for item in self.items]

    def choose(self, label: str) -> str:
        """Return the text after the choice of an offer."""
        item = self.items[self.labels.index(label)]
        assert isinstance(item.text_edit, types.TextEdit)
        return edited(self._opened.text, [item.text_edit])

    def __getitem__(self, label: str) -> types.CompletionItem:
        return self.items[self.labels.index(label)]


@pytest.fixture
def zh(session: Session, tmp_path: Path) -> tuple[Session, Path]:
    session.client = SNIPPETS
    write(tmp_path, {"tracker.yaml": SETTINGS_ZH, "records/a.md": ZH, "records/b.md": OTHER})
    write(tmp_path, {"attachments/a/报价.pdf": "x"})
    return session, tmp_path


@pytest.fixture
def en(session: Session, tmp_path: Path) -> tuple[Session, Path]:
    session.client = SNIPPETS
    write(tmp_path, {"tracker.yaml": SETTINGS_EN, "records/a.md": EN})
    return session, tmp_path


def offers(workspace: tuple[Session, Path], text: str, old: str, new: str) -> Offers:
    assert old in text
    assert MARK in new
    return Offers(*workspace, text.replace(old, new, 1))


# --- Front matter -------------------------------------------------------------------------------


def test_keys_that_are_not_used_yet_with_their_meaning(zh: tuple[Session, Path]) -> None:
    found = offers(zh, ZH, "owner:", f"{MARK}\nowner:")
    assert {"source", "level", "created", "lines", "steel"} <= set(found.labels)
    assert not {"name", "stage", "owner", "contacts", "tags"} & set(found.labels)
    item = found["expected_close"]
    assert item.detail == "预计成交日期"
    assert isinstance(item.documentation, types.MarkupContent)
    assert "**expected_close" not in item.documentation.value
    assert "2026-11-20" in item.documentation.value
    assert "\nexpected_close: $0\nowner:" in found.choose("expected_close")


@pytest.mark.parametrize("typed", ["lev", "LEV", "等级", "khdj", "kehudengji"])
def test_keys_are_found_by_either_spelling_and_by_sound(
    zh: tuple[Session, Path], typed: str
) -> None:
    found = offers(zh, ZH, "owner:", f"{typed}{MARK}\nowner:")
    assert "level" in found.labels
    assert "\nlevel: $0\n" in found.choose("level")


def test_a_record_with_chinese_keys_is_offered_chinese_ones(zh: tuple[Session, Path]) -> None:
    text = f"---\n客户名称: 恒达\n客户阶段: 商务谈判\n等{MARK}\n---\n"
    found = Offers(*zh, text)
    assert (
        found.choose("客户等级") == "---\n客户名称: 恒达\n客户阶段: 商务谈判\n客户等级: $0\n---\n"
    )


def test_keys_of_the_group_that_one_is_in(zh: tuple[Session, Path]) -> None:
    inside = offers(zh, ZH, "    title: 采购经理\n", f"    title: 采购经理\n    {MARK}\n")
    assert {"phone", "authority"} <= set(inside.labels)
    assert not {"name", "title", "stage", "New contact"} & set(inside.labels)
    assert not {"quote"} & set(inside.labels)
    item = offers(zh, ZH, "  - name: 顾志恒\n", f"  - name: 顾志恒\n  - {MARK}\n")
    assert {"name", "title"} <= set(item.labels)


def test_a_whole_contact(zh: tuple[Session, Path]) -> None:
    line = offers(zh, ZH, "contacts:\n", f"contacts:\n  {MARK}\n")
    assert line.labels[0] == "新的联系人"
    chosen = line.choose("新的联系人")
    assert "contacts:\n  - name: $1\n  title: $2\n" in chosen
    # The editor indents the further lines like the first one.
    assert line["新的联系人"].insert_text_mode is types.InsertTextMode.AdjustIndentation
    dashed = offers(zh, ZH, "  - name: 顾志恒\n", f"  - name: 顾志恒\n  - {MARK}\n")
    assert "  - name: $1\n" in dashed.choose("新的联系人")


def test_words_of_the_vocabulary_also_by_sound_and_id(zh: tuple[Session, Path]) -> None:
    for typed in ("", "需", "xq", "xuqiu", "nee"):
        found = offers(zh, ZH, "stage: 商务谈判", f"stage: {typed}{MARK}")
        assert "\nstage: 需求分析\n" in found.choose("需求分析"), typed
        assert "进行中" in str(found["需求分析"].documentation)


@pytest.mark.parametrize(
    ("line", "label", "written"),
    [
        ("owner: l", "李雷", "owner: 李雷"),
        ("owner: Li L", "李雷", "owner: 李雷"),
        ("steel: ", "铸铁", "steel: 铸铁"),
        ("tags: [机床, 华", "华南", "tags: [机床, 华南"),
        ("tags: hn", "华南", "tags: 华南"),
        ("expected_close: 明天", "明天", "expected_close: 2026-11-25"),
        ("expected_close: yd", "月底", "expected_close: 2026-11-30"),
        ("not_duplicate_of: [yh", "远航电子有限公司", "not_duplicate_of: [b"),
        ("lost: {", "", ""),
    ],
)
def test_values(zh: tuple[Session, Path], line: str, label: str, written: str) -> None:
    text = ZH.replace("owner: 李雷\n", "").replace("tags: [机床, 华东]\n", "")
    found = offers(zh, text, "contacts:", f"{line}{MARK}\ncontacts:")
    if label:
        assert f"\n{written}\n" in found.choose(label)
    else:
        assert found.labels == []


def test_items_of_a_list_in_lines(zh: tuple[Session, Path]) -> None:
    text = ZH.replace("tags: [机床, 华东]\n", f"tags:\n  - 华{MARK}\n")
    assert "tags:\n  - 华南\n" in Offers(*zh, text).choose("华南")


def test_files_below_attachments(zh: tuple[Session, Path]) -> None:
    found = offers(zh, ZH, "    product: X200\n", f"    file: bao{MARK}\n")
    assert "file: attachments/a/报价.pdf\n" in found.choose("attachments/a/报价.pdf")


def test_words_within_groups(zh: tuple[Session, Path]) -> None:
    found = offers(zh, ZH, "    title: 采购经理\n", f"    authority: {MARK}\n")
    assert "决策者" in found.labels


def test_nothing_in_comments(zh: tuple[Session, Path]) -> None:
    assert offers(zh, ZH, "owner:", f"# own{MARK}\nowner:").labels == []
    assert offers(zh, ZH, "stage: 商务谈判", f"stage: 商务谈判 # 需{MARK}").labels == []


def test_a_value_that_needs_quotes_gets_them(session: Session, tmp_path: Path) -> None:
    settings = "language: zh\nfields:\n  kind: {label: 类型, choices: ['a: b', 普通]}\n"
    write(tmp_path, {"tracker.yaml": settings, "records/a.md": ZH})
    found = Offers(session, tmp_path, ZH.replace("owner:", f"kind: {MARK}\nowner:"))
    assert "\nkind: 'a: b'\n" in found.choose("a: b")


@pytest.mark.parametrize(
    ("line", "label", "written"),
    [
        (f'stage: "商{MARK}"', "商务谈判", 'stage: "商务谈判"'),
        (f"stage: '{MARK}'", "商务谈判", "stage: '商务谈判'"),
        (f'tags: [机床, "华{MARK}"]', "华南", 'tags: [机床, "华南"]'),
    ],
)
def test_values_within_quotation_marks(
    zh: tuple[Session, Path], line: str, label: str, written: str
) -> None:
    text = ZH.replace("stage: 商务谈判\n", "").replace("tags: [机床, 华东]\n", "")
    found = offers(zh, text, "contacts:", f"{line}\ncontacts:")
    assert f"\n{written}\n" in found.choose(label)


@pytest.mark.parametrize(
    ("quote", "written"), [("'", "'它''s \\ \"x\"'"), ('"', '"它\'s \\\\ \\"x\\""')]
)
def test_quotation_marks_within_them(
    session: Session, tmp_path: Path, quote: str, written: str
) -> None:
    settings = "language: zh\nfields:\n  kind: {label: 类型, choices: ['它''s \\ \"x\"', 普通]}\n"
    write(tmp_path, {"tracker.yaml": settings, "records/a.md": ZH})
    marked = ZH.replace("owner:", f"kind: {quote}{MARK}{quote}\nowner:")
    chosen = Offers(session, tmp_path, marked).choose('它\'s \\ "x"')
    assert f"\nkind: {written}\n" in chosen


@pytest.mark.parametrize(
    ("line", "label", "written"),
    [
        (f"stage: 商务{MARK}谈判", "商务谈判", "stage: 商务谈判"),
        (f"stage: {MARK}商务谈判 # 见下", "需求分析", "stage: 需求分析 # 见下"),
        (f'stage: "商{MARK}务谈判" # 见下', "商务谈判", 'stage: "商务谈判" # 见下'),
        (f"created: {MARK}2026-11-20", "昨天", "created: 2026-11-23"),
        (f"steel: 铸{MARK}铁", "铸铁", "steel: 铸铁"),
    ],
)
def test_the_rest_of_a_word_is_replaced_with_it(
    zh: tuple[Session, Path], line: str, label: str, written: str
) -> None:
    text = ZH.replace("stage: 商务谈判\n", "").replace("tags: [机床, 华东]\n", "")
    found = offers(zh, text, "contacts:", f"{line}\ncontacts:")
    assert f"\n{written}\n" in found.choose(label)


@pytest.mark.parametrize(
    "lines", [f"tags: [华南, {MARK}]", f"tags: [{MARK}, 华南]", f"tags:\n  - 华南\n  - {MARK}"]
)
def test_items_that_are_in_the_list_already_are_not_offered(
    zh: tuple[Session, Path], lines: str
) -> None:
    found = offers(zh, ZH, "tags: [机床, 华东]", lines)
    assert "华南" not in found.labels
    assert "华南" in offers(zh, ZH, "tags: [机床, 华东]", f"tags: [{MARK}]").labels


@pytest.mark.parametrize("line", ["owner: 韩梅m", "industry: ji", "tags: ji"])
def test_what_is_being_typed_is_not_offered_for_itself(zh: tuple[Session, Path], line: str) -> None:
    key, _, typed = line.partition(": ")
    text = ZH.replace("owner: 李雷\n", "").replace("tags: [机床, 华东]\n", "")
    assert typed not in offers(zh, text, "contacts:", f"{key}: {typed}{MARK}\ncontacts:").labels


def test_a_line_left_of_a_contacts_keys_begins_another_contact(zh: tuple[Session, Path]) -> None:
    found = offers(zh, ZH, "  - name: 顾志恒\n", f"  - name: 顾志恒\n  {MARK}\n")
    assert "\n  - name: $0\n" in found.choose("name")
    assert "\n  - name: $1\n" in found.choose("新的联系人")


# --- Follow-ups ---------------------------------------------------------------------------------


def in_followup(workspace: tuple[Session, Path], line: str) -> Offers:
    return offers(workspace, ZH, "- 售后: 问题 #7", f"{line}\n- 售后: 问题 #7")


def test_fields_of_a_followup(zh: tuple[Session, Path]) -> None:
    found = in_followup(zh, f"- {MARK}")
    assert {"[ ]", "联系人", "顾虑", "下次", "竞品", "气氛"} <= set(found.labels)
    assert "\n- 下次: \n" in found.choose("下次")
    assert "\n- 顾虑: \n" in in_followup(zh, f"- gul{MARK}").choose("顾虑")
    again = in_followup(zh, f"- 下次: 2026-12-01\n- {MARK}")
    assert "下次" not in again.labels
    assert "顾虑" in again.labels


@pytest.mark.parametrize(
    ("line", "label", "written"),
    [
        ("- 联系人: 王", "王芳", "- 联系人: 王芳"),
        ("- 联系人: 王芳、gzh", "顾志恒", "- 联系人: 王芳、顾志恒"),
        ("- 报价: ", "Q-2026-031", "- 报价: Q-2026-031"),
        ("- 态度: jj", "积极", "- 态度: 积极"),
        ("- 阶段: ", "成交", "- 阶段: 商务谈判 -> 成交"),
        ("- 阶段: 方案制定 -> 成", "成交", "- 阶段: 方案制定 -> 成交"),
        ("- 售后: 解决 #", "7", "- 售后: 解决 #7"),
        ("- 下次: 下周三", "下周三", "- 下次: 2026-12-02"),
        ("- 下次: 三天后", "三天后", "- 下次: 2026-11-27"),
        ("- 下次: tom", "tomorrow", "- 下次: 2026-11-25"),
        ("- 下次: 下周三 10:00", "下周三 10:00", "- 下次: 2026-12-02 10:00"),
        ("- 下次: 2026-12-02 10:00 m", "面谈", "- 下次: 2026-12-02 10:00 面谈"),
        ("- 气氛: ", "冷", "- 气氛: 冷"),
        ("- [ ] 发报价 @明", "明天", "- [ ] 发报价 @2026-11-25"),
        ("- [ ] 发报价 @h", "韩梅梅", "- [ ] 发报价 @韩梅梅"),
        ("请 @w", "王芳", "请 @王芳"),
        ("- 议题: 与 @g", "顾志恒", "- 议题: 与 @顾志恒"),
        ("另见 [yuanh", "远航电子有限公司", "另见 [远航](b.md)"),
        ("另见 [[yh", "远航电子有限公司", "另见 [远航](b.md)"),
    ],
)
def test_in_a_followup(zh: tuple[Session, Path], line: str, label: str, written: str) -> None:
    assert f"\n{written}\n" in in_followup(zh, f"{line}{MARK}").choose(label)


def test_a_heading(zh: tuple[Session, Path]) -> None:
    day = offers(zh, ZH, "## 2026-11-20 14:30", f"## 2026-11-2{MARK}")
    assert "## 2026-11-23 电话 李雷\n" in day.choose("昨天")
    begun = offers(zh, ZH, "## 2026-11-20", f"## zuot{MARK}\n\n## 2026-11-20")
    assert "\n## 2026-11-23\n\n##" in begun.choose("昨天")
    method = offers(zh, ZH, " 电话 李雷", f" {MARK}")
    assert "## 2026-11-20 14:30 面谈\n" in method.choose("面谈")
    assert "李雷" in method.labels
    who = offers(zh, ZH, " 电话 李雷", f" 电话 h{MARK}")
    assert "## 2026-11-20 14:30 电话 韩梅梅\n" in who.choose("韩梅梅")


@pytest.mark.parametrize("typed", ["", "##", "跟进", "gj", "follow"])
def test_a_whole_followup(zh: tuple[Session, Path], typed: str) -> None:
    found = offers(zh, ZH, "背景。\n", f"背景。\n\n{typed}{MARK}\n")
    chosen = found.choose("新的跟进")
    assert "\n## 2026-11-24 " in chosen
    assert "${1:电话} ${2:李雷}" in chosen
    assert "\n- 联系人: ${4:王芳}\n" in chosen
    assert f"\n{typed}##" not in chosen or typed in ("", "##")


def test_plain_text_for_an_editor_without_snippets(session: Session, tmp_path: Path) -> None:
    write(tmp_path, {"tracker.yaml": SETTINGS_ZH, "records/a.md": ZH})
    found = Offers(session, tmp_path, ZH.replace("背景。\n", f"背景。\n\ngj{MARK}\n"))
    assert "$" not in found.choose("新的跟进")
    assert "\n- 联系人:\n" in found.choose("新的跟进")


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("😀另见 [yh▮", "😀另见 [远航](b.md)"),
        ("- 另见 [[yh▮]]。", "- 另见 [远航](b.md)。"),
        ("另见 [yh▮] 等", "另见 [远航](b.md) 等"),
    ],
)
@pytest.mark.parametrize("before", ["背景。\n", "王芳来电。\n"])
def test_links_anywhere_in_the_text_with_brackets_that_the_editor_closed(
    zh: tuple[Session, Path], before: str, line: str, written: str
) -> None:
    found = offers(zh, ZH, before, f"{before}\n{line}\n")
    assert f"\n{written}\n" in found.choose("远航电子有限公司")


def test_no_second_link_into_the_text_of_one(zh: tuple[Session, Path]) -> None:
    found = offers(zh, ZH, "背景。\n", f"见 [yh{MARK}](b.md)\n")
    assert "远航电子有限公司" not in found.labels


def test_no_followup_in_code_of_the_background(zh: tuple[Session, Path]) -> None:
    assert offers(zh, ZH, "背景。\n", f"```\n{MARK}\n```\n").labels == []


def test_nothing_in_code_and_in_the_midst_of_prose(zh: tuple[Session, Path]) -> None:
    assert in_followup(zh, f"```\n- 联{MARK}\n```").labels == []
    assert in_followup(zh, f"王芳说价格可以再谈，下周{MARK}给答复").labels == []


def test_in_english(en: tuple[Session, Path]) -> None:
    keys = offers(en, EN, "owner:", f"exp{MARK}\nowner:")
    assert "\nexpected_close: $0\n" in keys.choose("expected_close")
    day = offers(en, EN, "Said yes.\n", f"- next: next wed{MARK}\n")
    assert "- next: 2026-12-02\n" in day.choose("next wednesday")
    due = offers(en, EN, "Said yes.\n", f"- [ ] send it @fri{MARK}\n")
    assert "- [ ] send it @2026-11-27\n" in due.choose("friday")
    stage = offers(en, EN, "Said yes.\n", f"- stage: neg{MARK}\n")
    assert "- stage: proposal -> negotiation\n" in stage.choose("negotiation")
    contact = offers(en, EN, "Said yes.\n", f"- contact: rut{MARK}\n")
    assert "- contact: Ruth Stone\n" in contact.choose("Ruth Stone")


def test_filters_of_editors_know_words_by_how_they_are_read(zh: tuple[Session, Path]) -> None:
    found = offers(zh, ZH, "stage: 商务谈判", f"source: {MARK}")
    assert {"zh", "zhanhui"} <= set((found["展会"].filter_text or "").split())


def test_filters_of_editors_let_pass_what_was_found_by_sound(zh: tuple[Session, Path]) -> None:
    found = offers(zh, ZH, "stage: 商务谈判", f"stage: xqf{MARK}")
    text = found["需求分析"].filter_text or ""
    assert text.startswith("xqf")
    assert {"需求分析", "xqfx", "xuqiufenxi"} <= set(text.split())


def test_other_files_get_nothing(zh: tuple[Session, Path]) -> None:
    session, root = zh
    for path in ("README.md", "tracker.yaml", "output/x.md"):
        opened = open_marked(session, root / path, f"- {MARK}")
        params = types.CompletionParams(opened.document, opened.at)
        assert ask(session, types.TEXT_DOCUMENT_COMPLETION, params) is None
