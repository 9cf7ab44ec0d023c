"""Measures `tracker lsp`: from a keystroke in a record to what is wrong, and to what is offered.

Example: `python bench/lsp.py --customers 100 1000 10000`.

A workspace is made anew for each size. The server runs as a process of its own, and is spoken with
over its pipes as an editor does: one character at a time is typed into one record, and the next one
only when the server has said what is wrong. Processor time is that of the server.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.generate import TODAY, generate

if TYPE_CHECKING:
    from collections.abc import Callable

TYPED = "王芳来电询问交付周期，对分批方案感兴趣；下次面谈。 "
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Server:
    """A server that runs, and the messages that go to and fro."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "tracker", "lsp", "--today", TODAY.isoformat()]
        self._process = subprocess.Popen(  # noqa: S603  # a command of our own making
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
        )
        self._ids = count(1)
        folder = {"uri": root.as_uri(), "name": "bench"}
        self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root.as_uri(),
                "workspaceFolders": [folder],
                "capabilities": {},
            },
        )
        self.tell("initialized", {})

    def tell(self, method: str, params: object) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: object) -> Any:  # noqa: ANN401  # as JSON is
        """Return the answer to a request."""
        number = next(self._ids)
        self._send({"id": number, "method": method, "params": params})
        return self._read_until(lambda message: message.get("id") == number)["result"]

    def wait_for_problems(self, uri: str, version: int) -> None:
        """Wait until it is said what is wrong in a state of a document."""
        self._read_until(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == uri
                and message["params"].get("version") == version
            )
        )

    def cpu_seconds(self) -> float | None:
        """Return the processor time that the server has taken; None where that is not known."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text("utf-8").split()
        except OSError:
            return None
        return (int(fields[13]) + int(fields[14])) / _TICKS

    def stop(self) -> None:
        """End the server."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        self._process.wait()

    def _send(self, message: dict[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self._stream(self._process.stdin)
        stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        stream.flush()

    def _read_until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        stream = self._stream(self._process.stdout)
        while True:
            length = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                sys.exit("the server has ended")
            message: dict[str, Any] = json.loads(stream.read(length))
            if wanted(message):
                return message

    @staticmethod
    def _stream(stream: IO[bytes] | None) -> IO[bytes]:
        if stream is None:
            sys.exit("the server did not begin")
        return stream


def measure(customers: int, keys: int) -> dict[str, object]:
    """Return the figures for one size, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        generate(root, customers)
        file = sorted(root.glob("records/*/*.md"))[customers // 2]
        text = file.read_text("utf-8")
        uri = file.as_uri()
        begun = time.perf_counter()
        server = Server(root)
        item = {"uri": uri, "languageId": "markdown", "version": 1, "text": text}
        server.tell("textDocument/didOpen", {"textDocument": item})
        server.wait_for_problems(uri, 1)
        ready = time.perf_counter() - begun
        before = server.cpu_seconds()
        waits = [_type(server, uri, text, number) for number in range(keys)]
        after = server.cpu_seconds()
        offers = [_complete(server, uri, text) for _ in range(keys // 2)]
        server.stop()
    figures: dict[str, object] = {
        "customers": customers,
        "keystrokes": keys,
        "ready": round(1000 * ready),
        "problems": _summed(waits),
        "completion": _summed(offers),
    }
    if before is not None and after is not None:
        figures["processor time a keystroke"] = round(1000 * (after - before) / keys, 1)
    return figures


def _place(text: str) -> dict[str, int]:
    """Return the position below the heading of the newest follow-up."""
    lines = text.split("\n")
    heading = next(number for number, line in enumerate(lines) if line.startswith("## "))
    return {"line": heading + 1, "character": 0}


def _type(server: Server, uri: str, text: str, number: int) -> float:
    """Type one character, and return the seconds until it is said what is wrong."""
    place = _place(text)
    place["character"] = number
    change = {"range": {"start": place, "end": place}, "text": TYPED[number % len(TYPED)]}
    version = number + 2
    document = {"uri": uri, "version": version}
    begun = time.perf_counter()
    server.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
    server.wait_for_problems(uri, version)
    return time.perf_counter() - begun


def _complete(server: Server, uri: str, text: str) -> float:
    """Ask what is offered for an owner, and return the seconds until the answer."""
    lines = text.split("\n")
    line = next(number for number, line in enumerate(lines) if line.startswith("owner:"))
    place = {"line": line, "character": len("owner: ")}
    begun = time.perf_counter()
    server.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": place})
    return time.perf_counter() - begun


def _summed(seconds: list[float]) -> dict[str, float]:
    return {
        "median": round(1000 * statistics.median(seconds), 1),
        "worst": round(1000 * max(seconds), 1),
    }


def main() -> None:
    """Measure the sizes that the command line asks for, and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--keys", type=int, default=60)
    options = parser.parse_args()
    result = {
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "sizes": [measure(customers, options.keys) for customers in options.customers],
    }
    print(json.dumps(result, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
