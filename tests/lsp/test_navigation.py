"""What is told about a place, where it leads, and how a record is divided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from tests.lsp.asking import MARK, ask, open_marked, write
from tracker.rules.registry import all_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.lsp.session import Session

RECORD = """---
name: 恒达精密机械有限公司
short: 恒达
stage: 商务谈判
level: A
owner: 李雷
expected_close: 2026-11-20
not_duplicate_of: [hengda-2]
contacts:
  - name: 王芳
    title: 采购经理
    authority: 影响者
  - name: 顾志恒
offers:
  - quote: Q-2026-031
    product: X200
---

背景，另见 [远航](b.md)。

## 2026-11-20 14:30 电话 李雷

来电。

- 联系人: 王芳、顾志恒
- 阶段: 方案制定 -> 商务谈判
- 报价: Q-2026-031
- [ ] 发报价 @2026-11-22 @韩梅梅
- 下次: 2026-11-27 10:00 面谈 演示

```
code
```

## 2026-11-10 邮件 韩梅梅

发样本。

### 备注

细节。
"""
OTHER = """---
name: 远航电子有限公司
stage: 方案制定
owner: 李雷
contacts:
  - name: 王芳
---

## 2026-11-01 微信

- 阶段: 商务谈判 -> 方案制定
- [ ] 寄样 @2026-12-01
"""
THIRD = "---\nid: hengda-2\nname: 恒达\nstage: 成交\nowner: 韩梅梅\n---\n"
SETTINGS = """language: zh
owners: [{name: 李雷, aliases: [Li Lei]}, 韩梅梅]
stages:
  - {id: proposal, label: 方案制定}
  - id: negotiation
    label: 商务谈判
    max_idle_days: 10
  - 成交
rules:
  stale: off
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {"a.md": RECORD, "b.md": OTHER, "c.md": THIRD}
    write(tmp_path, {"tracker.yaml": SETTINGS})
    write(tmp_path, {f"records/{name}": text for name, text in files.items()})
    return tmp_path


def at(
    workspace: tuple[Session, Path], method: str, old: str, new: str, path: str = "records/a.md"
) -> Any:  # noqa: ANN401  # as the method has it
    """Return the answer at a mark."""
    session, root = workspace
    text = {"records/a.md": RECORD, "tracker.yaml": SETTINGS}[path]
    assert old in text
    opened = open_marked(session, root / path, text.replace(old, new, 1))
    place = types.TextDocumentPositionParams(opened.document, opened.at)
    if method == types.TEXT_DOCUMENT_REFERENCES:
        context = types.ReferenceContext(include_declaration=True)
        return ask(session, method, types.ReferenceParams(context, opened.document, opened.at))
    return ask(session, method, place)


def told(session: Session, root: Path, old: str, new: str, path: str = "records/a.md") -> str:
    found = at((session, root), types.TEXT_DOCUMENT_HOVER, old, new, path)
    return found.contents.value if found else ""


def places(root: Path, found: list[types.Location] | None) -> list[tuple[str, int, str]]:
    """Return locations as path, line from 1, and the text that is there."""
    result = []
    for location in found or []:
        path = next(each for each in root.rglob("*.*") if each.as_uri() == location.uri)
        line = path.read_text("utf-8").split("\n")[location.range.start.line]
        text = line[location.range.start.character : location.range.end.character]
        result.append((path.relative_to(root).as_posix(), location.range.start.line + 1, text))
    return result


# --- Hover --------------------------------------------------------------------------------------


def test_the_meaning_of_a_key(session: Session, root: Path) -> None:
    text = told(session, root, "stage:", f"st{MARK}age:")
    assert "**客户阶段 · stage**" in text
    assert "必填" in text
    assert "方案制定 / 商务谈判 / 成交" in text
    assert "联系人 · contact" in told(session, root, "- 联系人", f"- 联{MARK}系人")
    assert "姓名 · name" in told(session, root, "- name: 王", f"- na{MARK}me: 王")


def test_the_rule_of_a_stage(session: Session, root: Path) -> None:
    text = told(session, root, "stage: 商务", f"stage: 商{MARK}务")
    assert "进行中" in text
    assert "75%" in text
    assert "10 天未联系即为停滞" in text
    assert "negotiation" in text


def test_how_far_a_day_is(session: Session, root: Path) -> None:
    assert "2026-11-27 周五** — 3 天后" in told(session, root, "2026-11-27", f"2026-1{MARK}1-27")
    assert "4 天前" in told(session, root, "## 2026-11-20", f"## 2026-11-2{MARK}0")
    record = RECORD.replace("2026-11-27", "2026-11-24")
    opened = open_marked(session, root / "records/a.md", record.replace("-24 10", f"-24{MARK} 10"))
    params = types.HoverParams(opened.document, opened.at)
    assert "今天" in ask(session, types.TEXT_DOCUMENT_HOVER, params).contents.value


def test_the_card_of_a_customer(session: Session, root: Path) -> None:
    for old, new in [("(b.md)", f"(b{MARK}.md)")]:
        text = told(session, root, old, new)
        assert "远航电子有限公司" in text
        assert "方案制定" in text
        assert "寄样 (7 天后)" in text
    own = told(session, root, "name: 恒达精密", f"name: 恒{MARK}达精密")
    assert "下次: 2026-11-27 10:00 面谈 演示 (3 天后)" in own
    assert "成交" in told(session, root, "[hengda-2]", f"[heng{MARK}da-2]")


def test_a_contact_and_a_quote(session: Session, root: Path) -> None:
    contact = told(session, root, "- 联系人: 王芳", f"- 联系人: 王{MARK}芳")
    assert "采购经理" in contact
    assert "影响者" in contact
    assert "X200" in told(session, root, "- 报价: Q-", f"- 报价: Q{MARK}-")


def test_names_are_shown_as_they_are(session: Session, root: Path) -> None:
    record = RECORD.replace("title: 采购经理", "title: '<img src=x> **x** [a](b)'")
    marked = record.replace("- 联系人: 王芳", f"- 联系人: 王{MARK}芳")
    opened = open_marked(session, root / "records/a.md", marked)
    found = ask(
        session, types.TEXT_DOCUMENT_HOVER, types.HoverParams(opened.document, opened.at)
    ).contents.value
    assert "\\<img src=x\\>" in found
    assert "\\*\\*x\\*\\*" in found


def test_the_page_of_a_rule(session: Session, root: Path) -> None:
    text = told(session, root, "  stale: off", f"  st{MARK}ale: off", "tracker.yaml")
    assert text == all_rules()["stale"].documentation


def test_an_address_in_a_card_can_be_copied(session: Session, tmp_path: Path) -> None:
    settings = "language: zh\nowners: [{name: 李雷, email: lilei@example.com}]\n"
    write(tmp_path, {"tracker.yaml": settings})
    opened = open_marked(session, tmp_path / "records/a.md", f"---\nowner: 李{MARK}雷\n---\n")
    params = types.HoverParams(opened.document, opened.at)
    assert "lilei@example.com" in ask(session, types.TEXT_DOCUMENT_HOVER, params).contents.value


# --- Definition and references ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("(b.md)", f"(b{MARK}.md)", [("records/b.md", 2, "远航电子有限公司")]),
        ("[hengda-2]", f"[{MARK}hengda-2]", [("records/c.md", 3, "恒达")]),
        ("- 联系人: 王芳、顾", f"- 联系人: 王芳、{MARK}顾", [("records/a.md", 13, "顾志恒")]),
        ("- 报价: Q-", f"- 报价: Q-{MARK}", [("records/a.md", 15, "Q-2026-031")]),
        ("stage: 商务", f"stage: 商{MARK}务", [("tracker.yaml", 6, "商务谈判")]),
        ("阶段: 方案", f"阶段: {MARK}方案", [("tracker.yaml", 4, "方案制定")]),
        ("owner: 李雷", f"owner: 李雷{MARK}", [("tracker.yaml", 2, "李雷")]),
        ("@韩梅梅", f"@韩{MARK}梅梅", [("tracker.yaml", 2, "韩梅梅")]),
        ("来电", f"来{MARK}电", []),
    ],
)
def test_definitions(
    session: Session, root: Path, old: str, new: str, expected: list[tuple[str, int, str]]
) -> None:
    found = at((session, root), types.TEXT_DOCUMENT_DEFINITION, old, new)
    assert places(root, found) == expected


def test_references_of_a_contact_stay_in_its_record(session: Session, root: Path) -> None:
    found = at((session, root), types.TEXT_DOCUMENT_REFERENCES, "- name: 王", f"- name: {MARK}王")
    assert places(root, found) == [("records/a.md", 10, "王芳"), ("records/a.md", 25, "王芳")]


def test_references_of_a_word_are_everywhere(session: Session, root: Path) -> None:
    found = at((session, root), types.TEXT_DOCUMENT_REFERENCES, "stage: 商务", f"stage: 商{MARK}务")
    assert places(root, found) == [
        ("tracker.yaml", 6, "商务谈判"),
        ("records/a.md", 4, "商务谈判"),
        ("records/a.md", 26, "商务谈判"),
        ("records/b.md", 11, "商务谈判"),
    ]
    settings = at(
        (session, root),
        types.TEXT_DOCUMENT_REFERENCES,
        "label: 商务",
        f"label: 商{MARK}务",
        "tracker.yaml",
    )
    assert settings == found


def test_references_of_a_customer_and_of_a_person(session: Session, root: Path) -> None:
    found = at((session, root), types.TEXT_DOCUMENT_REFERENCES, "(b.md)", f"({MARK}b.md)")
    assert places(root, found) == [
        ("records/a.md", 19, "b.md"),
        ("records/b.md", 2, "远航电子有限公司"),
    ]
    person = at((session, root), types.TEXT_DOCUMENT_REFERENCES, "@韩", f"@{MARK}韩")
    assert places(root, person) == [
        ("tracker.yaml", 2, "韩梅梅"),
        ("records/a.md", 28, "韩梅梅"),
        ("records/a.md", 35, "韩梅梅"),
        ("records/c.md", 5, "韩梅梅"),
    ]


def test_highlights(session: Session, root: Path) -> None:
    found = at((session, root), types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, "报价: Q", f"报价: {MARK}Q")
    assert [each.range.start.line + 1 for each in found] == [15, 27]


# --- Symbols, folding, selection ----------------------------------------------------------------


def open_record(session: Session, root: Path) -> types.TextDocumentIdentifier:
    return open_marked(session, root / "records/a.md", RECORD).document


def test_the_outline(session: Session, root: Path) -> None:
    document = open_record(session, root)
    found = ask(session, types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, types.DocumentSymbolParams(document))

    def names(symbols: list[types.DocumentSymbol]) -> list[Any]:
        return [(each.name, names(list(each.children or []))) for each in symbols]

    assert names(found) == [
        ("恒达精密机械有限公司", [("王芳", []), ("顾志恒", []), ("Q-2026-031", [])]),
        ("2026-11-20 14:30 电话 李雷", []),
        ("2026-11-10 邮件 韩梅梅", []),
    ]
    assert found[1].detail == "来电。 ``` code ```"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("远航", ["远航电子有限公司"]),
        ("yhdz", ["远航电子有限公司"]),
        ("hengda", ["恒达精密机械有限公司", "恒达"]),
        ("wangf", ["王芳", "王芳"]),
        ("q-2026", ["Q-2026-031"]),
        ("不存在", []),
    ],
)
def test_symbols_of_the_workspace(
    session: Session, root: Path, query: str, names: list[str]
) -> None:
    open_record(session, root)
    found = ask(session, types.WORKSPACE_SYMBOL, types.WorkspaceSymbolParams(query))
    assert [each.name for each in found] == names


def test_folding(session: Session, root: Path) -> None:
    document = open_record(session, root)
    found = ask(session, types.TEXT_DOCUMENT_FOLDING_RANGE, types.FoldingRangeParams(document))
    lines = RECORD.split("\n")
    folds = {lines[each.start_line]: lines[each.end_line] for each in found}
    assert folds["---"] == "---"
    assert folds["contacts:"] == "  - name: 顾志恒"
    assert folds["  - name: 王芳"] == "    authority: 影响者"
    assert folds["## 2026-11-20 14:30 电话 李雷"] == "```"
    assert folds["```"] == "```"
    assert folds["## 2026-11-10 邮件 韩梅梅"] == "细节。"


def test_selection_grows_from_the_name_to_the_file(session: Session, root: Path) -> None:
    marked = RECORD.replace("- 联系人: 王芳", f"- 联系人: 王{MARK}芳")
    opened = open_marked(session, root / "records/a.md", marked)
    params = types.SelectionRangeParams(opened.document, [opened.at])
    [found] = ask(session, types.TEXT_DOCUMENT_SELECTION_RANGE, params)
    lines = RECORD.split("\n")
    texts = []
    while found:
        start, end = found.range.start, found.range.end
        if start.line == end.line:
            texts.append(lines[start.line][start.character : end.character])
        else:
            texts.append(lines[start.line])
        found = found.parent
    assert texts == [
        "王芳",
        "王芳、顾志恒",
        "- 联系人: 王芳、顾志恒",
        "## 2026-11-20 14:30 电话 李雷",
        "---",
    ]


def test_a_workspace_that_is_made_while_a_record_is_open(session: Session, tmp_path: Path) -> None:
    opened = open_marked(
        session, tmp_path / "records/a.md", RECORD.replace("stage", f"st{MARK}age")
    )
    params = types.HoverParams(opened.document, opened.at)
    assert ask(session, types.TEXT_DOCUMENT_HOVER, params) is None
    write(tmp_path, {"tracker.yaml": "language: en\n"})
    session.change(opened.uri, 2, [types.TextDocumentContentChangeWholeDocument(opened.text)])
    assert "stage" in ask(session, types.TEXT_DOCUMENT_HOVER, params).contents.value
