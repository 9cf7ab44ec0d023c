"""The process, spoken with as an editor does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.asking import ENCODINGS, MARK, edited, position_after, write
from tests.lsp.conftest import WORKSPACES
from tests.lsp.editor import Editor
from tracker.cli.main import run
from trials.editing import PARAMS

if TYPE_CHECKING:
    from pathlib import Path

ROOT = WORKSPACES / "small-zh"
URI = (ROOT / "records/hengda.md").as_uri()
RECORD = (ROOT / "records/hengda.md").read_text("utf-8")


def test_what_the_server_says_of_itself(editor: Editor) -> None:
    capabilities = editor.result.capabilities
    assert editor.result.server_info.name == "tracker"
    assert capabilities.position_encoding == types.PositionEncodingKind.Utf16
    assert capabilities.text_document_sync.change is types.TextDocumentSyncKind.Incremental
    assert "@" in capabilities.completion_provider.trigger_characters
    assert capabilities.rename_provider.prepare_provider
    assert "tracker.openPage" in capabilities.execute_command_provider.commands
    assert capabilities.inlay_hint_provider
    assert capabilities.code_lens_provider


@pytest.mark.parametrize("method", sorted(PARAMS))
def test_every_request_is_answered_by_the_process(editor: Editor, method: str) -> None:
    editor.open(URI, RECORD)
    line = RECORD.split("\n").index("- 联系人: 王芳")
    where = types.Range(types.Position(line, 8), types.Position(line, 8))
    answer = editor.ask(method, PARAMS[method](types.TextDocumentIdentifier(URI), where))
    nothing = {types.TEXT_DOCUMENT_CODE_LENS, types.TEXT_DOCUMENT_INLAY_HINT}
    if method in nothing | {types.TEXT_DOCUMENT_RANGE_FORMATTING}:
        assert not answer
    else:
        assert answer
    editor.close(URI)


def test_a_name_that_is_refused_comes_with_the_reason(editor: Editor) -> None:
    editor.open(URI, RECORD)
    line = RECORD.split("\n").index("- 联系人: 王芳")
    params = types.RenameParams(
        types.TextDocumentIdentifier(URI), types.Position(line, 8), "顾志恒"
    )
    with pytest.raises(JsonRpcException, match="这份记录里已有另一个“顾志恒”") as refused:
        editor.ask(types.TEXT_DOCUMENT_RENAME, params)
    assert refused.value.code == -32803
    editor.close(URI)


def test_files_outside_of_workspaces_get_nothing(editor: Editor, tmp_path: Path) -> None:
    at = types.Range(types.Position(2, 2), types.Position(2, 2))
    for uri in ((tmp_path / "notes.md").as_uri(), "untitled:Untitled-1", "git:/a.md?HEAD"):
        editor.open(uri, RECORD)
        for method, params in PARAMS.items():
            if method != types.WORKSPACE_SYMBOL:
                assert editor.ask(method, params(types.TextDocumentIdentifier(uri), at)) is None
        editor.close(uri)
    # Nor does a document that was never opened.
    document = types.TextDocumentIdentifier(URI)
    editor.change(URI, "x")
    assert editor.ask(types.TEXT_DOCUMENT_HOVER, types.HoverParams(document, at.start)) is None


def test_typing_character_by_character(editor: Editor) -> None:
    uri = (ROOT / "records/typed.md").as_uri()
    text = "---\nname: 😀甲\nstage: 商务谈判\nowner: 李雷\n---\n\n## 2026-11-20 电话\n\n"
    editor.open(uri, "")
    typed = ""
    for char in text:
        at = position_after(typed, types.PositionEncodingKind.Utf16)
        editor.change(uri, char, types.Range(at, at))
        typed += char
    assert "missing-required" not in {each.code for each in editor.problems(uri)}
    start = types.Position(1, 6)
    editor.change(uri, "", types.Range(start, types.Position(1, 9)))  # `😀甲` is three units.
    assert "missing-required" in {each.code for each in editor.problems(uri)}
    editor.close(uri)


@pytest.mark.parametrize("encoding", [types.PositionEncodingKind.Utf8])
@pytest.mark.parametrize("newline", ["\r\n"])
def test_places_with_emoji_in_other_units(
    tmp_path: Path, encoding: types.PositionEncodingKind, newline: str
) -> None:
    write(tmp_path, {"tracker.yaml": "language: zh\nowners: [李雷]\n"})
    uri = (tmp_path / "records/a.md").as_uri()
    record = newline.join(
        [
            *("\ufeff---", "name: 甲😀", "stage: 商务谈判", "owner: 李雷", "contacts:"),
            *("  - name: 王😀芳", "---", "", "## 2026-11-20 电话", "", "- 联系人: 😀、王😀芳", ""),
        ]
    )
    with Editor([tmp_path], encodings=[encoding]) as editor:
        assert editor.result.capabilities.position_encoding == encoding
        editor.open(uri, record)
        [problem] = [each for each in editor.problems(uri) if each.code == "unknown-contact"]
        line = record.split(newline)[10]
        codec, size = ENCODINGS[encoding]
        start = len(line[: line.index("😀")].encode(codec)) // size
        assert problem.range == types.Range(
            types.Position(10, start), types.Position(10, start + len("😀".encode(codec)) // size)
        )
        at = position_after(record.partition("、王")[0] + "、王", encoding)
        params = types.RenameParams(types.TextDocumentIdentifier(uri), at, "王芳")
        edits = editor.ask(types.TEXT_DOCUMENT_RENAME, params).changes[uri]
        assert edited(record, edits, encoding) == record.replace("王😀芳", "王芳")


def test_settings_hold_for_the_records_before_they_are_saved(editor: Editor) -> None:
    root = WORKSPACES / "small-en"
    settings, record = (root / "tracker.yaml").as_uri(), (root / "records/acme-pumps.md").as_uri()
    text = (root / "tracker.yaml").read_text("utf-8")
    editor.wait_until(lambda: "stale" in editor.codes(record))
    before = editor.codes(record)
    editor.open(settings, text)
    editor.change(settings, f"{text}colour: red\n")
    assert [str(each.code) for each in editor.problems(settings)] == ["config-unknown-key"]
    editor.change(settings, f"{text}levels: [X, Y]\n")
    assert editor.problems(settings) == []
    editor.wait_until(lambda: "unknown-word" in editor.codes(record))
    editor.close(settings)
    editor.wait_until(lambda: editor.codes(record) == before)


def test_nothing_but_pages_of_the_site_is_opened(editor: Editor) -> None:
    page = (ROOT / "output/customers/hengda.html").as_uri()
    up = f"{(ROOT / 'output').as_uri()}/../../x.html"
    others = ["https://tracker.example/", (ROOT / "records/a.html").as_uri(), "javascript:1", up]
    for address in [*others, page]:
        params = types.ExecuteCommandParams("tracker.openPage", [address])
        editor.ask(types.WORKSPACE_EXECUTE_COMMAND, params)
    editor.wait_until(lambda: bool(editor.shown))
    assert editor.shown == [page]


def test_a_workspace_behind_a_link_keeps_the_address_of_the_editor(tmp_path: Path) -> None:
    sound = "---\nname: 恒达\nstage: 未成交\nowner: 李雷\n---\n"
    write(tmp_path / "real", {"tracker.yaml": "language: zh\n", "records/a.md": sound})
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    with Editor([tmp_path / "link"]) as editor:
        uri = (tmp_path / "link/records/a.md").as_uri()
        editor.wait_until(lambda: editor.codes(uri) == ["lost-without-reason"])
        editor.open(uri, sound.replace("stage", "stag"))
        assert {each.code for each in editor.problems(uri)} == {"missing-required", "unknown-key"}


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    assert run(["lsp"]) == 3
    assert "pip install 'tracker-records[lsp]'" in capsys.readouterr().err


def test_the_mark_is_no_text_of_the_fixture() -> None:
    assert MARK not in RECORD
