"""What no editor should send, and what the server makes of it: it goes on."""

from __future__ import annotations

import pytest

from tests.lsp.conftest import WORKSPACES
from tests.lsp.test_vscode_session import Server

ROOT = WORKSPACES / "small-zh"
URI = (ROOT / "records/hengda.md").as_uri()
NOT_JSON = (b"{nonsense", b"[]", b'"x"', b"\xff\xfe", b"null")


def test_the_server_goes_on_after_any_message() -> None:
    document = {"uri": URI, "version": 2}
    far = {"start": {"line": 9, "character": 9}, "end": {"line": 0, "character": 0}}
    backwards = [{"range": far, "text": "---\nstage: x\n"}]
    outside = [{"range": {"start": {"line": -5, "character": -1}}, "text": "x"}]
    with Server() as server:
        server.send({"id": 1, "method": "initialize", "params": {"capabilities": {}}})
        server.answer(1)
        server.send({"method": "initialized", "params": {}})
        for body in NOT_JSON:
            assert server._process.stdin
            server._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            server._process.stdin.flush()
        for method, params in (
            ("textDocument/hover", {"textDocument": {"uri": URI}}),
            ("no/such", {}),
            ("textDocument/didChange", {"textDocument": document, "contentChanges": backwards}),
            ("textDocument/didClose", {"textDocument": {"uri": "file:///nowhere"}}),
            ("workspace/didChangeWatchedFiles", {"changes": [{"uri": "x", "type": 9}]}),
        ):
            server.send({"method": method, "params": params})
        item = {"uri": URI, "languageId": "markdown", "version": 1, "text": "---\nname: x\n"}
        server.send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
        for changes in (outside, backwards):
            params = {"textDocument": document, "contentChanges": changes}
            server.send({"method": "textDocument/didChange", "params": params})
        place = {"textDocument": {"uri": URI}, "position": {"line": 1, "character": 1}}
        server.send({"id": 2, "method": "textDocument/hover", "params": place})
        told = server.answer(2)
        assert isinstance(told, dict)
        assert "客户阶段" in told["contents"]["value"]


@pytest.mark.parametrize(("before", "status"), [(["shutdown"], 0), ([], 1)])
def test_it_tells_an_editor_that_was_closed_from_one_that_crashed(
    before: list[str], status: int
) -> None:
    with Server() as server:
        server.send({"id": 1, "method": "initialize", "params": {"capabilities": {}}})
        server.answer(1)
        for method in before:
            server.send({"id": 2, "method": method})
            server.answer(2)
        server.send({"method": "exit"})
        assert server.ended() == status
