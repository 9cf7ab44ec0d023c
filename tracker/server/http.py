"""Answers requests of browsers on this machine: files of the site, and events for open pages.

Records are nobody else's business. The server listens on the loopback addresses only, answers only
requests that name it by one of its own names (another site could let its name point here), and
gives nothing to pages of other sites, for which data in scripts would be there to be read.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
import threading
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from msgspec import Struct

from tracker import __version__
from tracker.page_policy import SITE_POLICY
from tracker.server.files import INDEX, content_type, find_file, site_path
from tracker.server.pages import CLIENT, EVENTS, client_file, resources_of, with_client
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.server.open_pages import OpenPages

LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
"""Where the server listens: this machine alone can get there."""

NAMES = ("localhost", "127.0.0.1", "[::1]")
"""What a request may call the server."""

MOST_PORTS = 100
"""How many ports are tried until a free one is found."""

IDLE_SECONDS = 60.0
"""How long a connection is kept on which nothing is asked."""

BEAT_SECONDS = 10.0
"""How often a page that waits for events is sent a sign of life, to notice that it has gone."""

_PORT_OF_HTTP = 80
_HTML = "text/html"
_ATTACHMENTS = "attachments/"
_PDF = "application/pdf"
_METHODS = ("GET", "HEAD")


class NotFound(Struct, frozen=True):
    """What is said where there is no such page.

    Attributes:
        language: Language of the texts, as a `lang` attribute has it.
        title: That there is none.
        home: What the first page is called.
    """

    language: str
    title: str
    home: str


class SiteServer:
    """Serves a site on one port of the loopback addresses.

    Args:
        folder: The site, with all links resolved.
        pages: Takes note of pages that are open.
        ensure: Called with the path of a file before it is read.
        sockets: Listening sockets of one port, as `listen` returns them.
        not_found: Returns what is said where there is no such page.
    """

    def __init__(
        self,
        folder: Path,
        pages: OpenPages,
        ensure: Callable[[str], None],
        sockets: list[socket.socket],
        not_found: Callable[[], NotFound],
    ) -> None:
        self.folder = folder
        self.pages = pages
        self.ensure = ensure
        self.not_found = not_found
        self.port: int = sockets[0].getsockname()[1]
        self.names = {f"{name}:{self.port}" for name in NAMES}
        if self.port == _PORT_OF_HTTP:
            self.names.update(NAMES)
        self._listeners = [_Listener(self, each) for each in sockets]
        self._threads: list[threading.Thread] = []

    @property
    def address(self) -> str:
        """Return the address of the site."""
        return f"http://localhost:{self.port}/"

    def resources(self, path: str) -> frozenset[str]:
        """Return what a page of the site loads; nothing for any other file."""
        if not path.endswith(".html"):
            return frozenset()
        file = find_file(self.folder, path)
        return resources_of(file.read_text("utf-8", "replace"), path) if file else frozenset()

    def start(self) -> None:
        """Begin to answer, in other threads."""
        for listener in self._listeners:
            thread = threading.Thread(target=listener.serve_forever, args=(0.1,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Answer nothing any more."""
        self.pages.end()
        for listener in self._listeners:
            listener.shutdown()
            listener.server_close()
        for thread in self._threads:
            thread.join()


def listen(port: int) -> list[socket.socket]:
    """Return sockets that listen on one port of all loopback addresses that this machine has.

    Args:
        port: The port; 0 for any that is free.

    Raises:
        OSError: The port is taken, or must not be used.
    """
    sockets: list[socket.socket] = []
    try:
        for family, address in LOOPBACK:
            try:
                sockets.append(_listening(family, address, port))
            except OSError as error:
                # The one address is always there; a machine without IPv6 has not the other.
                if family == socket.AF_INET or error.errno not in _NO_ADDRESS:
                    raise
            port = sockets[0].getsockname()[1]
    except OSError:
        for each in sockets:
            each.close()
        raise
    return sockets


def listen_from(port: int) -> list[socket.socket]:
    """Return sockets as `listen` does, on the first port from a number on that is free.

    Raises:
        OSError: None of `MOST_PORTS` is.
    """
    for number in range(port, port + MOST_PORTS - 1):
        try:
            return listen(number)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    return listen(port + MOST_PORTS - 1)


_NO_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)


def _listening(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # There the other option would let a second program take the port over.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((address, port))
        sock.listen(64)
    except OSError:
        sock.close()
        raise
    return sock


class _Listener(ThreadingHTTPServer):
    """Accepts connections on one socket, each answered in a thread of its own."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, site: SiteServer, sock: socket.socket) -> None:
        super().__init__(sock.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = sock
        self.site = site

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that went away, and no more than a line of anything else."""
        del request, client_address
        error = sys.exception()
        if not isinstance(error, (ConnectionError, TimeoutError)):
            reason = f"{type(error).__name__}: {error}".partition("\n")[0]
            message = Message("this is a bug in tracker ({reason})", {"reason": reason})
            print(message, file=sys.stderr)  # noqa: T201  # no person waits for this answer


class _Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: _Listener
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server_version = f"tracker/{__version__}"
    sys_version = ""

    def parse_request(self) -> bool:
        """Read a request, and answer at once those that are none of ours."""
        if not super().parse_request():
            return False
        if self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            # Nothing that we answer has a body; what is in it must not pass for a request.
            self.close_connection = True
        if self.command not in _METHODS:
            self.close_connection = True
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, Allow=", ".join(_METHODS))
            return False
        if not self._is_asked_by_name() or self._is_asked_from_elsewhere():
            self.close_connection = True
            self._refuse(HTTPStatus.FORBIDDEN)
            return False
        return True

    def do_GET(self) -> None:
        """Answer with a file, or with events."""
        path = site_path(self.path)
        if path is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif path == EVENTS:
            self._send_events()
        elif path.startswith(CLIENT):
            self._send_client_file(path)
        else:
            self._send_file(path)

    def do_HEAD(self) -> None:
        """Answer as for GET, without the content."""
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Say nothing: a person works in that terminal."""

    # --- Who asks ---

    def _is_asked_by_name(self) -> bool:
        hosts = self.headers.get_all("Host", [])
        return len(hosts) == 1 and hosts[0].lower() in self.server.site.names

    def _is_asked_from_elsewhere(self) -> bool:
        """Tell whether a page of another site asks, unless it only leads the person here."""
        site = self.headers.get("Sec-Fetch-Site", "none")
        origin = self.headers.get("Origin")
        own = {f"http://{name}" for name in self.server.site.names}
        if origin is not None and origin.lower() not in own:
            return True
        if site in ("same-origin", "none"):
            return False
        return (
            self.headers.get("Sec-Fetch-Mode") != "navigate"
            or self.headers.get("Sec-Fetch-Dest") != "document"
        )

    # --- Answers ---

    def _send_file(self, path: str) -> None:
        site = self.server.site
        if path.endswith("/") or not path:
            path += INDEX
        site.ensure(path)
        for resource in site.resources(path):
            # It is asked for next; were it made only then, the page would reload for that.
            site.ensure(resource)
        state = site.pages.state  # Before the file is read, so that no change falls in between.
        file = find_file(site.folder, path)
        if file is None:
            if find_file(site.folder, f"{path}/{INDEX}"):
                self._send(HTTPStatus.FOUND, b"", Location=f"/{quote(path)}/")
            else:
                self._send_missing(path, state)
            return
        data = file.read_bytes()
        kind = content_type(path, data)
        headers = {"Content-Type": kind}
        base = kind.partition(";")[0]
        if path.startswith(_ATTACHMENTS):
            if base != _PDF:
                # Somebody's file: it is shown, but must not act in the name of the site. Browsers
                # decide which kinds could; they show a PDF apart, and none within a sandbox.
                headers["Content-Security-Policy"] = "sandbox"
        elif base == _HTML:
            data = with_client(data.decode("utf-8", "replace"), path, state).encode()
        self._send(HTTPStatus.OK, data, **headers)

    def _send_missing(self, path: str, state: str) -> None:
        """Answer that there is no such page; the answer reloads once there is."""
        said = self.server.site.not_found()
        page = (
            f'<!DOCTYPE html>\n<html lang="{escape(said.language)}">\n<head>\n'
            '<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{SITE_POLICY}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<link rel="icon" href="/assets/icon.svg">\n'
            '<link rel="stylesheet" href="/assets/site.css">\n'
            f"<title>{escape(said.title)}</title>\n</head>\n<body>\n<main>\n"
            f"<h1>{escape(said.title)}</h1>\n<p><code>{escape(path)}</code></p>\n"
            f'<p><a href="/">{escape(said.home)}</a></p>\n</main>\n</body>\n</html>\n'
        )
        data = with_client(page, path, state).encode()
        self._send(HTTPStatus.NOT_FOUND, data, **{"Content-Type": f"{_HTML}; charset=utf-8"})

    def _send_client_file(self, path: str) -> None:
        data = client_file(path)
        if data is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            self._send(HTTPStatus.OK, data, **{"Content-Type": content_type(path, data)})

    def _send_events(self) -> None:
        """Send a page what happens, as server-sent events, for as long as it is open."""
        asked = parse_qs(urlsplit(self.path).query)
        path, seen = (asked.get(name, [""])[0] for name in ("page", "seen"))
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self._end_headers()
        if self.command == "HEAD":
            return
        site = self.server.site
        page = site.pages.opened(path, site.resources(path), seen)
        try:
            self._write("retry: 500\n\n")
            while True:
                try:
                    event = page.wait(BEAT_SECONDS)
                except TimeoutError:
                    self._write(": \n\n")
                    continue
                if event is None:
                    return
                name, data = event
                self._write(f"event: {name}\ndata: {data}\n\n")
        finally:
            site.pages.closed(page)

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def _refuse(self, status: HTTPStatus, **headers: str) -> None:
        data = f"{status.value} {status.phrase}\n".encode()
        self._send(status, data, **{"Content-Type": "text/plain; charset=utf-8", **headers})

    def _send(self, status: HTTPStatus, data: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self._end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(ConnectionError):
                self.wfile.write(data)

    def _end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Frame-Options", "SAMEORIGIN")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
