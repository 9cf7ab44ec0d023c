"""A session of Visual Studio Code with the extension, recorded and played again to the server.

`vscode_session.jsonl` holds what Code 1.100 said while a person looked at, wrote, mended and
renamed things in the record hengda.md of the workspace small-zh: a message a line, in order.
"""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import pytest

from tests.lsp.conftest import WORKSPACES
from tests.lsp.editor import PATIENCE_SECONDS, ROOT, TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syrupy.assertion import SnapshotAssertion

SESSION = Path(__file__).with_name("vscode_session.jsonl")
RECORDED_ROOT = "/workspace"
CLOCK = re.compile(r"\d\d:\d\d")


class Server:
    """The server as a process; messages go in and come out as they are."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "--no-cache", "lsp", "--today", TODAY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self._messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        assert self._process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def answer(self, number: int) -> object:
        """Return what a request was answered; an error is none that was expected."""
        while True:
            message = self._messages.get(timeout=PATIENCE_SECONDS)
            if message.get("method") == "textDocument/publishDiagnostics":
                found = message["params"]
                self.diagnostics[found["uri"].rpartition("/")[2]] = found["diagnostics"]
            elif "method" in message and "id" in message:
                self.send({"id": message["id"], "result": None})
            elif message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    def ended(self) -> int:
        """Return the status that the process ends with."""
        return self._process.wait(PATIENCE_SECONDS)

    def _listen(self) -> None:
        assert self._process.stdout
        for message in _messages(self._process.stdout):
            self._messages.put(message)


def _messages(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    length = 0
    while header := stream.readline():
        name, _, value = header.partition(b":")
        if name == b"Content-Length":
            length = int(value)
        elif not header.strip():
            yield json.loads(stream.read(length))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[str, Any]], Server]:
    """Return all requests of the session with their answers, and the server after it."""
    root = tmp_path_factory.mktemp("code") / "workspace"
    shutil.copytree(WORKSPACES / "small-zh", root, ignore=shutil.ignore_patterns(".tracker-cache"))
    answers = []
    with Server() as server:
        for line in SESSION.read_text("utf-8").splitlines():
            message = json.loads(line.replace(RECORDED_ROOT, root.as_posix()))
            server.send(message)
            if "id" in message:
                answers.append((message["method"], server.answer(message["id"])))
    return answers, server


def _of(answers: list[tuple[str, Any]], method: str) -> list[Any]:
    return [answer for asked, answer in answers if asked == f"textDocument/{method}" and answer]


def test_everything_is_answered(played: tuple[list[tuple[str, Any]], Server]) -> None:
    answers, _server = played
    methods = [method for method, _answer in answers]
    assert methods[0] == "initialize"
    assert methods[-1] == "shutdown"
    assert len(methods) > 150


def test_what_the_writer_saw(
    played: tuple[list[tuple[str, Any]], Server], snapshot: SnapshotAssertion
) -> None:
    answers, server = played
    assert {
        "hover": [found["contents"]["value"] for found in _of(answers, "hover")],
        "completion": [_labels(found) for found in _of(answers, "completion")],
        "codeAction": sorted(
            {action["title"] for found in _of(answers, "codeAction") for action in found}
        ),
        "inlayHint": [hint["label"] for hint in _of(answers, "inlayHint")[-1]],
        "definition": [_places(found) for found in _of(answers, "definition")],
        "references": [_places(found) for found in _of(answers, "references")],
        "rename": [_lines_of_edits(found) for found in _of(answers, "rename")],
        "documentSymbol": [found["name"] for found in _of(answers, "documentSymbol")[-1]],
        "diagnostics": {
            name: [(each["range"]["start"]["line"], each["code"]) for each in found]
            for name, found in sorted(server.diagnostics.items())
        },
    } == snapshot


def _labels(found: Any) -> list[str]:  # noqa: ANN401  # either form of the protocol
    items = found["items"] if isinstance(found, dict) else found
    # The hour of a new follow-up is that of the clock.
    return [CLOCK.sub("HH:MM", item["label"]) for item in items][:6]


def _places(found: Any) -> list[tuple[str, int]]:  # noqa: ANN401  # one or several
    places = found if isinstance(found, list) else [found]
    return [(each["uri"].rpartition("/")[2], each["range"]["start"]["line"]) for each in places]


def _lines_of_edits(found: dict[str, Any]) -> list[int]:
    return sorted(
        edit["range"]["start"]["line"] for edits in found["changes"].values() for edit in edits
    )
