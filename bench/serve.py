"""Measures `tracker serve`: from the edit of a record to the event that reloads its page.

Example: `python bench/serve.py --customers 1000 10000`.

A workspace is made anew for each size. The server runs as a process of its own; a page listens to
it as a browser does. One line of a record is changed at a time, each time of another one, and the
next one only when the site has come to rest. The day of the site is that of the made-up records.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.generate import STAGES, TODAY, generate
from tracker.server.rebuilding import LONGEST_SECONDS, QUIET_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS = 900


class Latency(NamedTuple):
    """Milliseconds from an edit to what came of it.

    Attributes:
        event: To the event that tells the page to reload.
        loaded: To the whole page that was asked for then.
        rest: To the site at rest.
    """

    event: float
    loaded: float
    rest: float


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int
    messages: IO[str]

    def get(self, path: str) -> str:
        """Return a page as it is served."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE_SECONDS)
        connection.request("GET", path)
        answer = connection.getresponse().read().decode()
        connection.close()
        return answer

    def wait_for_rest(self) -> None:
        """Wait until the server says that the site is up to date."""
        if not self.messages.readline():
            sys.exit("the server has ended")


@contextmanager
def serving(root: Path) -> Iterator[Server]:
    """Run the server on a workspace, from the time that its site is up to date."""
    command = [sys.executable, "-m", "tracker", "-C", str(root), "serve", "--port", "0"]
    process = subprocess.Popen(  # noqa: S603  # a command of our own making
        [*command, "--today", TODAY.isoformat()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
    )
    try:
        port = urlsplit(process.stdout.readline()).port if process.stdout else None
        if port is None or process.stderr is None:
            sys.exit("the server did not begin")
        server = Server(port, process.stderr)
        server.wait_for_rest()
        yield server
    finally:
        process.terminate()
        process.wait()


@contextmanager
def listening(server: Server, page: str) -> Iterator[Iterator[str]]:
    """Open a page and give the names of the events that it is sent."""
    html = server.get(f"/{page}")
    seen = html.partition('data-seen="')[2].partition('"')[0]
    connection = http.client.HTTPConnection("localhost", server.port, timeout=PATIENCE_SECONDS)
    connection.request("GET", f"/_tracker/events?{urlencode({'page': page, 'seen': seen})}")
    stream = connection.getresponse()
    try:
        yield (
            line.decode().removeprefix("event: ").strip()
            for line in stream
            if line.startswith(b"event: ")
        )
    finally:
        connection.close()


def edit(server: Server, record: Path, page: str, number: int) -> Latency:
    """Change a customer's value while a page is open, and return how long things took."""
    text = record.read_text("utf-8")
    changed = re.sub(r"^value: .*", f"value: {number + 1}1111 CNY", text, flags=re.MULTILINE)
    with listening(server, page) as events:
        next(events)  # What is wrong, as every page is told when it is opened.
        begun = time.perf_counter()
        record.write_text(changed, "utf-8")
        while next(events) != "reload":
            pass
        event = time.perf_counter() - begun
        server.get(f"/{page}")
        loaded = time.perf_counter() - begun
        server.wait_for_rest()
        rest = time.perf_counter() - begun
    return Latency(*(1000 * seconds for seconds in (event, loaded, rest)))


def measure(customers: int, edits: int) -> dict[str, object]:
    """Return the figures for one size: with the customer's page open, and with the dashboard."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        generate(root, customers)
        # Those whose value is part of the sums on the dashboard.
        still_open = [
            file
            for file in sorted(root.glob("records/*/*.md"))
            if f"stage: {STAGES[0]}" in file.read_text("utf-8")
        ]
        records = random.Random(customers).sample(still_open, edits)
        figures: dict[str, object] = {}
        with serving(root) as server:
            for name, page in (("customer", ""), ("dashboard", "index.html")):
                found = [
                    edit(server, record, page or f"customers/{record.stem}.html", number)
                    for number, record in enumerate(records, start=len(figures) * edits)
                ]
                figures[name] = {
                    field: {"median": round(statistics.median(values)), "worst": round(max(values))}
                    for field, values in zip(Latency._fields, zip(*found, strict=True), strict=True)
                }
    return {"customers": customers, "edits": edits, **figures}


def main() -> None:
    """Measure the sizes that the command line asks for, and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--edits", type=int, default=20)
    options = parser.parse_args()
    result = {
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "waits for bursts, ms": [1000 * QUIET_SECONDS, 1000 * LONGEST_SECONDS],
        "sizes": [measure(customers, options.edits) for customers in options.customers],
    }
    print(json.dumps(result, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
