"""Requests, friendly and hostile ones."""

from __future__ import annotations

import errno
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.server.conftest import RECORD, serving_in
from tracker.server.http import listen, listen_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.server.conftest import Served

pytestmark = pytest.mark.usefixtures("few_numbers")

RECORDS = {"records/a.md": RECORD.format(name="Acme", text="Hello.")}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all requests: none of them may change anything."""
    with serving_in(tmp_path_factory.mktemp("served")) as start:
        yield start(
            {
                **RECORDS,
                "records/b.md": RECORD.format(
                    name="B", text="[page](../attachments/x.html) [text](../attachments/x.txt)"
                ),
                "attachments/x.html": "<head></head><script>alert(1)</script>",
                "attachments/x.txt": "x",
                "attachments/secret.txt": "not named by a record",
            }
        )


def test_a_page_is_served_with_the_script_and_its_file_without(served: Served) -> None:
    answer = served.ask("/customers/a.html")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert '<script src="/_tracker/live.js"' in answer.text
    assert "connect-src 'self'" in answer.text
    assert "_tracker" not in served.page("customers/a.html")
    assert "connect-src" not in served.page("customers/a.html")


@pytest.mark.parametrize("target", ["/", "/index.html", "/?x=1"])
def test_the_first_page(served: Served, target: str) -> None:
    assert "<h1>Today" in served.ask(target).text


def test_other_files_are_served_as_they_are(served: Served) -> None:
    for path in ("assets/site.css", "data/today.js", "followups.ics", "feed.xml"):
        answer = served.ask(f"/{path}")
        assert answer.status == 200
        assert answer.body == (served.output / path).read_bytes()


def test_head_is_get_without_content(served: Served) -> None:
    got, head = served.ask("/index.html"), served.ask("/index.html", "HEAD")
    assert head.body == b""
    assert head.status == 200
    for name in ("Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == got.headers[name]


def test_a_folder_is_its_index_or_nothing(served: Served) -> None:
    answer = served.ask("/customers")
    assert (answer.status, answer.headers["Location"]) == (302, "/customers/")
    assert served.ask("/customers/").status == 200
    for target in ("/data/", "/data", "/assets/"):
        answer = served.ask(target)
        assert answer.status == 404
        assert "today.js" not in answer.text.replace("live.js", "")


def test_a_page_that_is_not_there_says_so_and_waits_for_it(served: Served) -> None:
    answer = served.ask("/customers/<b>.html")
    assert answer.status == 404
    assert "There is no such page" in answer.text
    assert "<b>" not in answer.text
    assert "/_tracker/live.js" in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"])
def test_nothing_but_reading(served: Served, method: str) -> None:
    answer = served.ask("/index.html", method)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "evil.example:{port}", "localhost", "127.0.0.1", "localhost:1", "[::1]"],
)
def test_another_name_is_refused(served: Served, host: str) -> None:
    answer = served.ask("/index.html", Host=host.format(port=served.port))
    assert answer.status == 403
    assert "Today" not in answer.text


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_its_own_names_are_answered(served: Served, name: str) -> None:
    assert served.ask("/index.html", Host=f"{name}:{served.port}").status == 200


def test_two_names_at_once_are_refused(served: Served) -> None:
    request = (
        f"GET /index.html HTTP/1.1\r\nHost: localhost:{served.port}\r\nHost: evil.example\r\n\r\n"
    )
    assert raw(served, request.encode()).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "script"},
        {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_pages_of_other_sites_get_nothing(served: Served, headers: dict[str, str]) -> None:
    answer = served.ask("/data/customers.js", **headers)
    assert answer.status == 403
    assert "Acme" not in answer.text


def test_a_link_from_another_site_leads_here(served: Served) -> None:
    fetch = {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert served.ask("/index.html", Sec_Fetch_Site="cross-site", **fetch).status == 200
    assert served.ask("/data/today.js", Sec_Fetch_Site="same-origin").status == 200


def test_other_sites_cannot_take_data_in_as_scripts(served: Served) -> None:
    answer = served.ask("/data/customers.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "target",
    [
        "/../tracker.yaml",
        "/%2e%2e/tracker.yaml",
        "/..%2f..%2fetc%2fpasswd",
        "/..\\tracker.yaml",
        "/%5c..%5ctracker.yaml",
        "/C:/Windows/win.ini",
        "//etc/passwd",
        "/index.html%00.css",
        "/.tracker-site.json",
        "/attachments/secret.txt",
        "/_tracker/../tracker.yaml",
        "/_tracker/http.py",
        "http://localhost/index.html",
    ],
)
def test_nothing_outside_the_site_is_served(served: Served, target: str) -> None:
    answer = served.ask(target)
    assert answer.status == 404
    assert "language: en" not in answer.text


def test_links_out_of_the_site_are_not_followed(served: Served) -> None:
    link = served.output / "out.yaml"
    link.symlink_to(served.root / "tracker.yaml")
    try:
        assert served.ask("/out.yaml").status == 404
    finally:
        link.unlink()


def test_attachments_do_not_act_in_the_name_of_the_site(served: Served) -> None:
    answer = served.ask("/attachments/x.html")
    assert answer.status == 200
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.body == b"<head></head><script>alert(1)</script>"
    assert served.ask("/attachments/x.txt").headers["Content-Security-Policy"] == "sandbox"


def raw(served: Served, request: bytes) -> bytes:
    """Send bytes, and return all that comes back until the connection is closed."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as sock:
        sock.sendall(request)
        sock.shutdown(socket.SHUT_WR)
        parts = []
        while part := sock.recv(65536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    "request_line",
    [b"\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\xff\xfe\x00\r\n\r\n", b"G" * 70000],
)
def test_what_is_no_request_harms_nobody(
    served: Served, request_line: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = raw(served, request_line)
    assert b"Today" not in answer
    assert served.ask("/index.html").status == 200
    assert "Traceback" not in capfd.readouterr().err


def test_the_body_of_a_request_is_no_request(served: Served) -> None:
    inner = f"GET /index.html HTTP/1.1\r\nHost: localhost:{served.port}\r\n\r\n"
    outer = (
        f"GET /data/today.js HTTP/1.1\r\nHost: localhost:{served.port}\r\n"
        f"Content-Length: {len(inner)}\r\n\r\n{inner}"
    )
    answer = raw(served, outer.encode())
    assert answer.count(b"HTTP/1.1 ") == 1


def test_several_requests_on_one_connection(served: Served) -> None:
    request = f"GET /data/today.js HTTP/1.1\r\nHost: localhost:{served.port}\r\n\r\n".encode()
    assert raw(served, request * 3).count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize(
    "target",
    [
        "/../tracker.yaml",
        "/..%2ftracker.yaml",
        "/%2e%2e%2ftracker.yaml",
        "/%252e%252e/tracker.yaml",
        "/%252e%252e%252ftracker.yaml",
        "/customers/../../tracker.yaml",
        "/customers/..%5c..%5ctracker.yaml",
        "/customers\\..\\..\\tracker.yaml",
        "/..;/tracker.yaml",
        "/.%2e/tracker.yaml",
        "/%c0%ae%c0%ae/tracker.yaml",
        "/%e0%80%ae%e0%80%ae/tracker.yaml",
        "/\uff0e\uff0e/tracker.yaml",
        "/....//tracker.yaml",
        "/./../tracker.yaml",
        "//tracker.yaml",
        "///../tracker.yaml",
        "/{root}/tracker.yaml",
        "//{root}/tracker.yaml",
        "/file://{root}/tracker.yaml",
        "file://{root}/tracker.yaml",
        "{root}/tracker.yaml",
        "/C:{root}/tracker.yaml",
        "/c:%5ctracker.yaml",
        "/\\\\localhost{root}/tracker.yaml",
        "/tracker.yaml%00.html",
        "/..%00/tracker.yaml",
        "/index.html/../../tracker.yaml",
        "/index.html/tracker.yaml",
        "/_tracker/..%2f..%2ftracker.yaml",
        "/_tracker/%2e%2e/%2e%2e/tracker.yaml",
        "/~/tracker.yaml",
        "/?/../tracker.yaml",
        "/#/../tracker.yaml",
        "*",
        "",
    ],
)
def test_no_bytes_lead_out_of_the_site(served: Served, target: str) -> None:
    path = target.replace("{root}", quote(served.root.as_posix()))
    head = f"Host: localhost:{served.port}\r\nConnection: close\r\n\r\n"
    answer = raw(served, f"GET {path} HTTP/1.1\r\n{head}".encode())
    assert b"language: en" not in answer
    if not target.startswith(("/?", "/#")):
        assert not answer.startswith(b"HTTP/1.1 200")
        assert b"Location" not in answer


@pytest.mark.parametrize("link", ["up", "attachments/up"])
def test_linked_folders_are_not_gone_into(served: Served, link: str) -> None:
    folder = served.output / link
    folder.symlink_to(served.root, target_is_directory=True)
    try:
        for target in (f"/{link}", f"/{link}/", f"/{link}/tracker.yaml", f"/{link}/records/a.md"):
            answer = served.ask(target)
            assert answer.status == 404
            assert "language: en" not in answer.text
    finally:
        folder.unlink()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_folder_is_listed(served: Served, method: str) -> None:
    folders = {path.parent for path in served.output.rglob("*")}
    assert len(folders) > 5
    for folder in folders:
        name = folder.relative_to(served.output).as_posix()
        answer = served.ask("/" if name == "." else f"/{quote(name)}/", method)
        assert answer.status == (200 if (folder / "index.html").exists() else 404), folder
        assert "Index of" not in answer.text


def test_events_are_for_pages_of_the_site_only(served: Served) -> None:
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"},
        {"Host": f"evil.example:{served.port}"},
    ):
        answer = served.ask("/_tracker/events?page=index.html", **headers)
        assert answer.status == 403
        assert "event" not in answer.text
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "line",
    [
        "GET http://evil.example/index.html HTTP/1.1",
        "CONNECT evil.example:443 HTTP/1.1",
        "GET /index.html HTTP/1.0",
        "GET /index.html",
    ],
)
def test_who_names_no_host_or_another_one_gets_nothing(served: Served, line: str) -> None:
    assert b"Today" not in raw(served, f"{line}\r\n\r\n".encode())


def test_the_server_listens_at_loopback_addresses_only() -> None:
    with closing_all(listen(0)) as sockets:
        found = {sock.getsockname()[0] for sock in sockets}
        assert "127.0.0.1" in found
        assert found <= {"127.0.0.1", "::1"}


def test_only_this_machine_can_connect(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=60):
        pass
    # The whole of 127.0.0.0/8 is this machine: who listens everywhere would answer there.
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", served.port)) != 0


def test_a_port_that_is_taken_is_passed_over_or_refused() -> None:
    with closing_all(listen(0)) as taken:
        port = taken[0].getsockname()[1]
        with pytest.raises(OSError, match="in use") as caught:
            listen(port)
        assert caught.value.errno == errno.EADDRINUSE
        with closing_all(listen_from(port)) as other:
            (number,) = {sock.getsockname()[1] for sock in other}
            assert number > port


@contextmanager
def closing_all(sockets: list[socket.socket]) -> Iterator[list[socket.socket]]:
    yield sockets
    for sock in sockets:
        sock.close()


def test_events_end_with_the_server(serve: Callable[..., Served]) -> None:
    served = serve(RECORDS)
    page = served.listen("index.html")
    served.serving.stop()
    page.ended()
    served.serving.stop()
