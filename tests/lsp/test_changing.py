"""What the editor changes for a person: the form, names, and what is wrong."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from tests.lsp.asking import MARK, ask, edited, open_marked, write
from tests.lsp.editor import TODAY
from tests.rules.test_cases import read_case
from tracker.config_file import parse_config
from tracker.format.comparison import content_of
from tracker.format.formatter import format_record, sort_record
from tracker.format.parser import parse_record
from tracker.lsp.edits import edits_between
from tracker.lsp.rename import RenameRefusedError
from tracker.lsp.text import EditorText
from tracker.lsp.workspace import OpenWorkspace

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.config import Config
    from tracker.lsp.session import Session

RECORD = """---
name: 恒达
stage: 商务谈判
owner: 李雷
contacts:
  - name: 王芳
  - name: 顾志恒
offers:
  - quote: Q-1
---

## 2026-11-20 14:30 电话 李雷

来电。

- 联系人: 王芳、顾志恒
- 报价: Q-1
- 阶段: 方案制定 -> 商务谈判
- [ ] 发报价 @2026-11-22 @李雷
"""
OTHER = "---\nname: 远航\nstage: 谈判\nowner: Li Lei\ncontacts: [{name: 王芳}]\n---\n"
SETTINGS = "language: zh\nowners:\n  - name: 李雷\n    aliases: [Li Lei]\n  - 韩梅梅\n"
OPTIONS = types.FormattingOptions(2, insert_spaces=True)
UTF16 = types.PositionEncodingKind.Utf16


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {"tracker.yaml": SETTINGS, "records/a.md": RECORD, "records/b.md": OTHER}
    write(tmp_path, files)
    return tmp_path


def config_of(root: Path) -> Config:
    return parse_config((root / "tracker.yaml").read_text("utf-8"), root.name)[0]


# --- Edits and formatting -----------------------------------------------------------------------

LINES = st.lists(st.sampled_from(["a", "b", "王😀", "", " "]), max_size=8)


@given(LINES, LINES, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_edits_make_the_wanted_text(
    old: list[str], new: list[str], newline: str, mark: str
) -> None:
    exact = mark + newline.join(old)
    wanted = "\n".join(new)
    edits = edits_between(EditorText(exact, UTF16), wanted)
    result = edited(exact, edits)
    assert result.removeprefix("\ufeff").replace("\r\n", "\n") == wanted
    if "\n" in exact and "\r" in exact:
        assert result.count("\n") == result.count("\r\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_formatting_is_that_of_fmt(session: Session, root: Path, newline: str) -> None:
    untidy = (
        RECORD.replace("stage: ", "stage:   ")
        .replace("- 联系人: ", "* 联系人：")
        .replace("\n", newline)
    )
    opened = open_marked(session, root / "records/a.md", untidy)
    params = types.DocumentFormattingParams(opened.document, OPTIONS)
    edits = ask(session, types.TEXT_DOCUMENT_FORMATTING, params)
    wanted = format_record(untidy.replace("\r\n", "\n"), config_of(root))
    assert edited(untidy, edits) == str(wanted).replace("\n", newline)
    assert len(edits) == 2
    tidy = open_marked(session, root / "records/a.md", RECORD)
    params = types.DocumentFormattingParams(tidy.document, OPTIONS)
    assert ask(session, types.TEXT_DOCUMENT_FORMATTING, params) == []


@pytest.mark.parametrize("encoding", [UTF16, types.PositionEncodingKind.Utf8])
def test_formatting_takes_the_byte_order_mark_away_as_fmt_does(
    session: Session, root: Path, encoding: types.PositionEncodingKind
) -> None:
    session.encoding = encoding
    untidy = "\ufeff" + RECORD.replace("stage: ", "stage:   ")
    opened = open_marked(session, root / "records/a.md", untidy)
    params = types.DocumentFormattingParams(opened.document, OPTIONS)
    edits = ask(session, types.TEXT_DOCUMENT_FORMATTING, params)
    assert edited(untidy, edits, encoding) == RECORD


def test_formatting_some_lines_leaves_the_others(session: Session, root: Path) -> None:
    untidy = RECORD.replace("stage: ", "stage:   ").replace("- 联系人: ", "* 联系人：")
    opened = open_marked(session, root / "records/a.md", untidy)
    lines = types.Range(types.Position(0, 0), types.Position(5, 0))
    params = types.DocumentRangeFormattingParams(opened.document, lines, OPTIONS)
    edits = ask(session, types.TEXT_DOCUMENT_RANGE_FORMATTING, params)
    assert edited(untidy, edits) == RECORD.replace("- 联系人: ", "* 联系人：")


def test_what_cannot_be_formatted_stays(session: Session, root: Path) -> None:
    opened = open_marked(session, root / "records/a.md", RECORD.replace("李雷\n", "[李雷\n", 1))
    params = types.DocumentFormattingParams(opened.document, OPTIONS)
    assert ask(session, types.TEXT_DOCUMENT_FORMATTING, params) is None


# --- Renaming -----------------------------------------------------------------------------------


def renamed(
    session: Session, root: Path, where: tuple[str, str], name: str, path: str = "records/a.md"
) -> dict[str, str]:
    """Return the files of a workspace after a renaming at a mark."""
    texts = {
        file.as_uri(): (file.relative_to(root).as_posix(), file.read_text("utf-8"))
        for file in root.rglob("*.*")
        if file.is_file()
    }
    marked = (root / path).read_text("utf-8").replace(*where, 1)
    assert MARK in marked
    opened = open_marked(session, root / path, marked)
    params = types.RenameParams(opened.document, opened.at, name)
    found = ask(session, types.TEXT_DOCUMENT_RENAME, params)
    changed = dict(texts)
    for uri, edits in found.changes.items():
        changed[uri] = (changed[uri][0], edited(changed[uri][1], edits))
    return dict(changed.values())


def test_a_contact_gets_another_name_in_its_record(session: Session, root: Path) -> None:
    files = renamed(session, root, ("联系人: 王", f"联系人: {MARK}王"), "王 小芳")
    assert files["records/a.md"] == RECORD.replace("王芳", "王 小芳")
    assert files["records/b.md"] == OTHER


def test_a_quote_gets_another_number(session: Session, root: Path) -> None:
    files = renamed(session, root, ("quote: Q", f"quote: {MARK}Q"), "2026:7 #x")
    assert "  - quote: '2026:7 #x'\n" in files["records/a.md"]
    assert "- 报价: 2026:7 #x\n" in files["records/a.md"]


def test_a_name_is_given_up_however_it_is_written(session: Session, root: Path) -> None:
    record = RECORD.replace("name: 王芳", "name: Wang Fang").replace(
        "联系人: 王芳", "联系人: wang　fang"
    )
    write(root, {"records/a.md": record.replace("报价: Q-", "报价: q-")})
    files = renamed(session, root, ("联系人: w", f"联系人: {MARK}w"), "Wang Fei")
    assert "联系人: Wang Fei" in files["records/a.md"]
    assert not re.search("wang.fang", files["records/a.md"], re.IGNORECASE)
    files = renamed(session, root, ("quote: Q", f"quote: {MARK}Q"), "A-1")
    assert "- 报价: A-1\n" in files["records/a.md"]


@pytest.mark.parametrize("name", ["", "  ", "顾志恒", "王、芳", "王,芳"])
def test_a_name_that_a_contact_cannot_have(session: Session, root: Path, name: str) -> None:
    with pytest.raises(RenameRefusedError):
        renamed(session, root, ("联系人: 王", f"联系人: {MARK}王"), name)


def test_which_of_two_contacts_of_one_name_is_meant_is_not_known(
    session: Session, root: Path
) -> None:
    write(root, {"records/a.md": RECORD.replace("顾志恒", "王芳")})
    with pytest.raises(RenameRefusedError):
        renamed(session, root, ("联系人: 王", f"联系人: {MARK}王"), "王小芳")


def same_meaning(root: Path, files: dict[str, str]) -> bool:
    """Tell whether all records mean the same as before, with settings and texts as they are now."""
    before, after = config_of(root), parse_config(files["tracker.yaml"], root.name)[0]
    return all(
        content_of(parse_record((root / path).read_text("utf-8"), path, before).customer)
        == content_of(parse_record(text, path, after).customer)
        for path, text in files.items()
        if path.startswith("records/")
    )


DECLARATIONS = {
    "nowhere": "",
    "plain": "stages: [线索, 方案制定, 商务谈判, {id: lost, label: 未成交, kind: lost}]\n",
    "lines": "stages:\n  - 方案制定\n  - 商务谈判 # wichtig\n  - 成交\n",
    "groups": "stages:\n  - label: 方案制定\n  - label: 商务谈判\n    max_idle_days: 9\n  - 成交\n",
    "flow": "stages: [{label: 方案制定}, {id: n1, label: '商务谈判', aliases: [谈判]}]\n",
    "aliases": "stages:\n  - 方案制定\n  - id: n1\n    label: 商务谈判\n    aliases:\n"
    "      - 谈判\n      - 议价\n  - 成交\n",
    "id": "stages:\n  - 方案制定\n  - {id: negotiation, max_idle_days: 8}\n",
}


@pytest.mark.parametrize("declaration", DECLARATIONS.values(), ids=DECLARATIONS)
def test_a_word_gets_another_name_everywhere(
    session: Session, root: Path, declaration: str
) -> None:
    write(root, {"tracker.yaml": SETTINGS + declaration})
    files = renamed(session, root, ("stage: 商", f"stage: {MARK}商"), "谈判: 价格")
    config, problems = parse_config(files["tracker.yaml"], root.name)
    before = config_of(root)
    assert problems == []
    assert [term.id for term in config.stages] == [term.id for term in before.stages]
    term = config.stages.find("谈判: 价格")
    assert term is not None
    assert term.label == "谈判: 价格"
    assert config.stages.find("商务谈判") is term
    assert term.max_idle_days == before.stages[term.id].max_idle_days
    assert "商务谈判" not in files["records/a.md"]
    assert "stage: '谈判: 价格'\n" in files["records/a.md"]
    assert "- 阶段: 方案制定 -> 谈判: 价格\n" in files["records/a.md"]
    assert files["records/b.md"] == OTHER  # Another spelling of the same word.
    assert same_meaning(root, files)


def test_a_person_gets_another_name_everywhere(session: Session, root: Path) -> None:
    files = renamed(session, root, ("owner: 李", f"owner: {MARK}李"), "李小雷")
    assert files["records/a.md"] == RECORD.replace("李雷", "李小雷")
    assert files["tracker.yaml"] == SETTINGS.replace("李雷", "李小雷").replace(
        "[Li Lei]", "[Li Lei, 李雷]"
    )
    other = renamed(session, root, ("- 韩", f"- {MARK}韩"), "韩小梅", "tracker.yaml")
    assert "  - {name: 韩小梅, aliases: [韩梅梅]}\n" in other["tracker.yaml"]


@pytest.mark.parametrize(
    ("where", "name", "why"),
    [
        (("stage: 商", f"stage: {MARK}商"), "成交", "already means"),
        (("电话", f"{MARK}电话"), "微信", "already means"),
        (("owner: 李", f"owner: {MARK}李"), "韩梅梅", "already means"),
        (("14:30 电话", f"14:30 {MARK}电话"), "2026", ""),
        (("stage: 商", f"stage: {MARK}商"), "", "empty"),
    ],
)
def test_a_name_that_a_word_cannot_have(
    session: Session, root: Path, where: tuple[str, str], name: str, why: str
) -> None:
    if name == "2026":  # Odd, and yet it can be told from all else.
        assert (
            "## 2026-11-20 14:30 2026 李雷" in renamed(session, root, where, name)["records/a.md"]
        )
        return
    with pytest.raises(RenameRefusedError, match=why):
        renamed(session, root, where, name)


def test_a_name_that_would_be_read_as_something_else_is_refused(
    session: Session, root: Path
) -> None:
    with pytest.raises(RenameRefusedError, match="would not mean the same"):
        renamed(session, root, ("阶段: 方", f"阶段: {MARK}方"), "a -> b")


def test_what_can_be_renamed_is_marked(session: Session, root: Path) -> None:
    opened = open_marked(
        session, root / "records/a.md", RECORD.replace("stage: 商", f"stage: 商{MARK}")
    )
    params = types.PrepareRenameParams(opened.document, opened.at)
    found = ask(session, types.TEXT_DOCUMENT_PREPARE_RENAME, params)
    assert found.placeholder == "商务谈判"
    assert (found.range.start.character, found.range.end.character) == (7, 11)
    nothing = open_marked(
        session, root / "records/a.md", RECORD.replace("name: 恒", f"name: 恒{MARK}")
    )
    params = types.PrepareRenameParams(nothing.document, nothing.at)
    assert ask(session, types.TEXT_DOCUMENT_PREPARE_RENAME, params) is None


# --- Code actions -------------------------------------------------------------------------------


def actions(session: Session, root: Path, marked: str) -> dict[str, Any]:
    """Return the text after each action that is offered at a mark, by its title."""
    opened = open_marked(session, root / "records/a.md", marked)
    where = types.Range(opened.at, opened.at)
    params = types.CodeActionParams(opened.document, where, types.CodeActionContext([]))
    found = ask(session, types.TEXT_DOCUMENT_CODE_ACTION, params)
    return {action.title: edited(opened.text, action.edit.changes[opened.uri]) for action in found}


def test_the_word_that_was_meant(session: Session, root: Path) -> None:
    wrong = RECORD.replace("stage:", "stgae:").replace("联系人: 王芳", "联系人: 王方")
    after = actions(session, root, wrong.replace("stgae", f"st{MARK}gae"))["把“stgae”改成“stage”"]
    after = actions(session, root, after.replace("王方", f"王{MARK}方"))["把“王方”改成“王芳”"]
    assert after == RECORD


def test_a_field_that_is_missing_gets_what_it_most_likely_is(session: Session, root: Path) -> None:
    without = RECORD.replace("stage: 商务谈判\n", "")
    found = actions(session, root, without.replace("owner", f"{MARK}owner"))
    first = next(title for title in found if title.startswith("补上"))
    assert first == "补上 stage: 商务谈判"  # What the newest follow-up says.
    assert found[first] == RECORD
    ownerless = actions(session, root, RECORD.replace("owner: 李雷\n", MARK))
    assert ownerless["补上 owner: 李雷"] == RECORD


def test_a_promise_is_ticked(session: Session, root: Path) -> None:
    found = actions(session, root, RECORD.replace("发报价", f"发{MARK}报价"))
    assert found["打勾：今天已完成"] == RECORD.replace("- [ ] 发报价", "- [x] 发报价").replace(
        "@李雷\n", "@李雷 ✅ 2026-11-24\n"
    )
    assert "打勾：今天已完成" not in actions(session, root, RECORD.replace("来电", f"{MARK}来电"))


def test_a_followup_is_begun_where_it_belongs(session: Session, root: Path) -> None:
    after = actions(session, root, f"{RECORD}{MARK}")["现在记一次跟进"]
    before, _, rest = after.partition("\n## 2026-11-24 ")
    assert before == RECORD.partition("\n## ")[0]
    assert rest[5:].startswith(" 李雷\n\n- 下次:")
    oldest_first = RECORD + "\n## 2026-11-22 电话 李雷\n\n再谈。\n"
    after = actions(session, root, f"{oldest_first}{MARK}")["现在记一次跟进"]
    assert after.startswith(oldest_first)


def test_days_in_words_are_written_out(session: Session, root: Path) -> None:
    text = RECORD.replace("@2026-11-22", "@明天") + "- 下次: 下周三 10:00 面谈\n"
    after = actions(session, root, text.replace("@明天", f"@明{MARK}天"))
    assert after["写成日期：明天、下周三 10:00"] == text.replace("明天", "2026-11-25").replace(
        "下周三", "2026-12-02"
    )


def test_followups_are_sorted_and_nothing_else(session: Session, root: Path) -> None:
    first, second = "## 2026-11-22 电话 李雷\n\n再谈  。\n", "## 2026-11-01 微信 李雷\n\n*  寒暄\n"
    mixed = f"{RECORD}\n{second}\n{first}"
    after = actions(session, root, mixed.replace("来电", f"{MARK}来电"))["按时间排列跟进"]
    head, _, rest = RECORD.partition("## ")
    assert after == f"{head}{first}\n## {rest}\n{second}"
    assert "按时间排列跟进" not in actions(session, root, after.replace("来电", f"{MARK}来电"))


def test_two_customers_that_are_like_each_other(session: Session, root: Path) -> None:
    write(root, {"records/0.md": RECORD})
    found = actions(session, root, RECORD.replace("name: 恒", f"name: {MARK}恒"))
    after = found["这与 0 不是同一家客户"]
    assert "not_duplicate_of: ['0']" in after or "not_duplicate_of: [0]" in after


@pytest.mark.parametrize(
    "code",
    [
        *("unknown-key", "unknown-word", "unknown-field", "unknown-contact", "unknown-offer"),
        *("unknown-owner", "full-width-colon", "missing-required"),
        *("duplicate-customer", "section-order"),
    ],
)
def test_an_action_mends_the_problem_that_a_rule_shows(
    session: Session, tmp_path: Path, code: str
) -> None:
    case = read_case(code, "bad")
    write(tmp_path, {"tracker.yaml": "", **case.files})
    day = date.fromisoformat(TODAY)
    mended = 0
    for path, line, column in case.places:
        if path == "tracker.yaml":
            continue
        text = case.files[path]
        lines = text.split("\n")
        lines[line - 1] = f"{lines[line - 1][: column - 1]}{MARK}{lines[line - 1][column - 1 :]}"
        opened = open_marked(session, tmp_path / path, "\n".join(lines))
        params = types.CodeActionParams(
            opened.document, types.Range(opened.at, opened.at), types.CodeActionContext([])
        )
        for action in ask(session, types.TEXT_DOCUMENT_CODE_ACTION, params):
            about = [each.code for each in action.diagnostics or []]
            sorts = code == "section-order" and str(action.kind).endswith("sortSections")
            if code not in about and not sorts:
                continue
            workspace = OpenWorkspace(tmp_path, day)

            def count(text: str, workspace: OpenWorkspace = workspace, path: str = path) -> int:
                workspace.type(path, text)
                found = workspace.diagnostics().get(path, ())
                return sum(each.code == code for each in found)

            before = count(text)
            after = count(edited(text, action.edit.changes[opened.uri]))
            assert after < before, action.title
            mended += 1
    assert mended


def test_sorting_changes_nothing_but_the_order() -> None:
    config = parse_config("language: zh\n")[0]
    text = RECORD + "\n## 2026-11-22 电话 李雷\n\n再谈。\n\n\n## 备注\n\n无\n"
    result = sort_record(text, config)
    assert isinstance(result, str)
    assert sorted(filter(None, result.split("\n"))) == sorted(filter(None, text.split("\n")))
    assert sort_record(result, config) == result
