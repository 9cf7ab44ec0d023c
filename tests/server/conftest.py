"""A server on a workspace, in this process."""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from queue import Empty, Queue
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tracker.server.http import listen
from tracker.server.serving import Serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tracker.server.rebuilding import Outcome

TODAY = date(2026, 11, 24)
PATIENCE_SECONDS = 60
"""How long something may take that has to happen; nothing depends on how long it takes."""

RECORD = """---
name: {name}
stage: proposal
owner: Li Lei
---

## 2026-11-20 10:00 call

{text}

- next: 2026-12-01 call
"""


@dataclass
class Answer:
    """What a request was answered with."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Listening:
    """A page that is open: the events that it is sent."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._events: Queue[tuple[str, str]] = Queue()
        self._thread = threading.Thread(target=self._read, args=(response,), daemon=True)
        self._thread.start()

    def next(self, name: str) -> str:
        """Return the data of the next event of a name; others before it are passed over."""
        while True:
            try:
                event, data = self._events.get(timeout=PATIENCE_SECONDS)
            except Empty:
                pytest.fail(f"no event {name} came")
            if event == name:
                return data

    def all(self) -> list[str]:
        """Return the names of the events that came and were not taken yet."""
        return [self._events.get()[0] for _ in range(self._events.qsize())]

    def ended(self) -> None:
        """Wait for the end of the events."""
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()

    def _read(self, response: http.client.HTTPResponse) -> None:
        event = ""
        try:
            for line in response:
                key, _, value = line.decode().strip().partition(": ")
                if key == "event":
                    event = value
                elif key == "data" or (key == "data:" and event):
                    self._events.put((event, value))
        except (OSError, http.client.HTTPException, ValueError):
            return


@dataclass
class Served:
    """A workspace that is served."""

    root: Path
    output: Path
    port: int
    outcomes: Queue[Outcome]
    serving: Serving
    _open: list[http.client.HTTPConnection] = field(default_factory=list)

    def write(self, path: str, content: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def ask(self, target: str, method: str = "GET", **headers: str) -> Answer:
        """Make a request with just these headers; `_` in their names is a hyphen."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        sent = {"Host": f"localhost:{self.port}", **headers}
        for name, value in sent.items():
            if value:
                connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return answer

    def listen(self, page: str, seen: str = "") -> Listening:
        """Open a page and listen as its script does."""
        if not seen:
            seen = self.ask(f"/{page}").text.partition('data-seen="')[2].partition('"')[0]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        self._open.append(connection)
        query = urlencode({"page": page, "seen": seen})
        connection.request(
            "GET", f"/_tracker/events?{query}", headers={"Host": f"localhost:{self.port}"}
        )
        listening = Listening(connection.getresponse())
        listening.next("problems")
        return listening

    def rest(self, *, until: Callable[[], bool] = lambda: True) -> Outcome:
        """Wait until nothing is left to do, and a condition holds."""
        while True:
            try:
                outcome = self.outcomes.get(timeout=PATIENCE_SECONDS)
            except Empty:
                pytest.fail("the site did not come to rest")
            if until():
                return outcome

    def page(self, path: str) -> str:
        return (self.output / path).read_text("utf-8")


@contextmanager
def serving_in(folder: Path) -> Iterator[Callable[..., Served]]:
    """Serve a workspace of these files below a folder, once its site is up to date."""
    begun: list[Served] = []

    def start(files: dict[str, str]) -> Served:
        root, output = folder / "工作 区", folder / "site"
        for path, text in {"tracker.yaml": "language: en\n", **files}.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        outcomes: Queue[Outcome] = Queue()
        sockets = listen(0)
        port = sockets[0].getsockname()[1]
        serving = Serving(root, output, sockets, outcomes.put, TODAY)
        served = Served(root, output, port, outcomes, serving)
        begun.append(served)
        serving.start()
        served.rest()
        return served

    yield start
    for served in begun:
        served.serving.stop()
        for connection in served._open:
            connection.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serve a workspace that the test may change: `serve({path: text})`."""
    with serving_in(tmp_path) as start:
        yield start
