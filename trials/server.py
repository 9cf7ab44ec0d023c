"""Pages asked for from `tracker serve` while records change and the site is built anew."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.files import write_atomically
from trials.commands import prepare_workspace
from trials.forking import memory_folder
from trials.results import Outcome
from trials.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable

_CLIENTS = 4
_EDIT_SECONDS = 0.2
_EDITS_A_BUILD = 25
"""After so many edits, another process builds the site into the folder that is served."""

_RECORD = "records/acme-1.md"
_PAGES = ("", "customers/acme-1.html", "customers/index.html", "agenda.html", "feed.xml")
_DATA = "data/customers.json"
_TOLD = 5
_TRACKER = (sys.executable, "-m", "tracker")


def text_of(number: int) -> str:
    """Return the record of a number, which its page shows at the top and at the bottom."""
    return (
        f"---\nname: Acme 1\nstage: proposal\nowner: Li Lei\nindustry: trade {number}\n---\n\n"
        f"## 2026-11-20 10:00 call\n\nState {number}.\n\n- next: 2026-12-01 call\n\n"
        f"## 2026-11-0{1 + number % 9} 10:00 call\n\n{'Talk. ' * 200}State {number}.\n"
    )


_STATES = re.compile(r"(?:State|trade) (\d+)")


def fault_of(path: str, status: int, body: bytes) -> str:
    """Return what is wrong with an answer; nothing where it is a whole page."""
    if status != http.client.OK:
        return f"status {status}"
    text = body.decode("utf-8", "replace")
    if path == _DATA:
        try:
            json.loads(text)
        except ValueError:
            return "half of the data"
        return ""
    end = "</feed>" if path.endswith(".xml") else "</html>"
    if not text.rstrip().endswith(end):
        return "half a page"
    if path == "customers/acme-1.html" and len(set(_STATES.findall(text))) != 1:
        return "a page of two states"
    return ""


class _Clients:
    """Threads that ask for pages until there were enough requests."""

    def __init__(self, address: str, count: int) -> None:
        self._address = urlsplit(address)
        self._numbers = iter(range(count))
        self._lock = threading.Lock()
        self.failures: list[str] = []
        self.states: set[str] = set()
        """The states of the record that its page showed."""
        self.threads = [threading.Thread(target=self._ask) for _ in range(_CLIENTS)]

    def _next(self) -> int | None:
        with self._lock:
            return next(self._numbers, None)

    def _ask(self) -> None:
        paths = (*_PAGES, _DATA)
        connection = http.client.HTTPConnection(self._address.netloc, timeout=60)
        while (number := self._next()) is not None:
            path = paths[number % len(paths)]
            try:
                connection.request("GET", f"/{path}")
                response = connection.getresponse()
                body = response.read()
                fault = fault_of(path, response.status, body)
                self.states.update(_STATES.findall(body.decode("utf-8", "replace")))
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                fault = f"no answer: {error!r}"
            if fault:
                self.failures.append(f"Request {number}, /{path}: {fault}")
        connection.close()


def _edit_while(is_going_on: Callable[[], bool], root: Path) -> tuple[int, int]:
    """Change the record again and again, and build now and then; return how often."""
    builds = 0
    for edits in itertools.count(1):
        if not is_going_on():
            return edits - 1, builds
        write_atomically(root / _RECORD, text_of(edits).encode())
        if edits % _EDITS_A_BUILD == 0:
            subprocess.run(  # noqa: S603  # a command of our own making
                [*_TRACKER, "build", "--today", "2026-11-24"],
                cwd=root,
                capture_output=True,
                check=True,
            )
            builds += 1
        time.sleep(_EDIT_SECONDS)
    raise AssertionError


def run(count: int) -> list[Outcome]:
    """Ask for so many pages."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        root = Path(folder) / "workspace"
        prepare_workspace(root)
        (root / _RECORD).write_text(text_of(0), "utf-8")
        server = subprocess.Popen(  # noqa: S603  # a command of our own making
            [*_TRACKER, "serve", "--port", "0", "--today", "2026-11-24"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            address = server.stdout.readline().strip() if server.stdout else ""
            clients = _Clients(address, count)
            for thread in clients.threads:
                thread.start()
            edits, builds = _edit_while(
                lambda: any(thread.is_alive() for thread in clients.threads), root
            )
        finally:
            # Not SIGINT, which a shell has its background jobs ignore.
            server.terminate()
            server.wait()
    meanwhile = (
        f"Meanwhile the record was changed {edits:,} times, of which {len(clients.states):,} were "
        f"seen on its page, and the site built {builds:,} times by another process."
    )
    failures = clients.failures
    return [Outcome("requests", count, len(failures), [meanwhile, *failures[:_TOLD]])]


TRIAL = Trial(
    title="Serving while all changes",
    what=(
        f"{_CLIENTS} clients ask `tracker serve` for pages and data as fast as it answers, while "
        "a record is changed several times a second, and another process builds the site into "
        "the same folder now and then. Every answer is a whole file, and a page is of one state "
        "of the record."
    ),
    full=10_000,
    run=run,
)
