"""A static host as the tests need it: the files of a folder over HTTP, and what was asked for."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class StaticHost:
    """A host that is running: its address, with a slash at its end, and the paths asked for."""

    address: str
    asked: list[str]


class _Listener(ThreadingHTTPServer):
    # The usual five are fewer than the connections that a browser opens for one page: while the
    # machine is busy elsewhere, the others may be reset.
    request_queue_size = 128


@contextmanager
def static_host(folder: Path) -> Iterator[StaticHost]:
    """Serve a folder's files on a free port of this machine."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept, as hosts do

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            del code, size
            asked.append(self.path)

        def log_error(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            """Say nothing of files that are not there."""

    with _Listener(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as listener:
        thread = threading.Thread(target=listener.serve_forever)
        thread.start()
        try:
            yield StaticHost(f"http://127.0.0.1:{listener.server_port}/", asked)
        finally:
            listener.shutdown()
            thread.join()
