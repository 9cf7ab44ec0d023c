"""`tracker serve` as a process: its address, its ports, its end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.conftest import Tracker

PATIENCE_SECONDS = 60
DAY = ("--today", "2026-11-24")


@dataclass
class Server:
    """A server that runs as a process."""

    process: subprocess.Popen[str]
    out: IO[str]
    err: IO[str]
    address: str

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE_SECONDS)
        connection.request("GET", path)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def end(self, number: int) -> tuple[int, str]:
        """Send a signal, and return the exit code and what was said until then."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE_SECONDS)
        assert out == ""
        return self.process.returncode, err


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Run `tracker serve` in a folder, once its site is up to date."""
    begun: list[subprocess.Popen[str]] = []

    def start(folder: Path, *arguments: str, **environment: str) -> Server:
        process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "serve", *DAY, *arguments],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        begun.append(process)
        assert process.stdout
        assert process.stderr
        address = process.stdout.readline().strip()
        assert process.stderr.readline().startswith(("up to date", "已是最新"))
        return Server(process, process.stdout, process.stderr, address)

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def test_it_serves_the_site_and_follows_the_records(
    chinese: Path, serve: Callable[..., Server]
) -> None:
    server = serve(chinese, "--port", "0")
    assert server.address == f"http://localhost:{server.port}/"
    status, text = server.get("/index.html")
    assert (status, 'lang="zh-CN"' in text) == (200, True)
    record = next(iter(sorted((chinese / "records").rglob("*.md"))))
    record.write_text(record.read_text("utf-8").replace("name: ", "name: 新的", 1), "utf-8")
    assert server.err.readline().startswith("已是最新")
    assert "新的" in server.get("/customers/index.html")[1]
    assert "新的" in (chinese / "output" / "customers" / "index.html").read_text("utf-8")


def test_settings_that_are_refused_are_told(english: Path, serve: Callable[..., Server]) -> None:
    server = serve(english, "--port", "0")
    settings = english / "tracker.yaml"
    before = settings.read_text("utf-8")
    settings.write_text(f"{before}\nforecast:\n  commit: much\n", "utf-8")
    line = before.count("\n") + 3
    assert server.err.readline().startswith(f"tracker.yaml:{line}:11: forecast.commit: ‘much’")
    assert server.err.readline() == (
        "tracker.yaml has errors: the site stays with the settings that it had\n"
    )
    settings.write_text(before, "utf-8")
    assert server.err.readline().startswith("up to date")


@pytest.mark.skipif(os.name == "nt", reason="sends signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(english: Path, serve: Callable[..., Server], number: int) -> None:
    server = serve(english, "--port", "0")
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_SECONDS):
        assert server.end(number) == (0, "")
    assert not list((english / "output").rglob(".tracker-new-*"))


@pytest.mark.skipif(os.name == "nt", reason="sends signals")
def test_its_output_is_that_of_a_build(
    english: Path, serve: Callable[..., Server], process: Tracker
) -> None:
    server = serve(english, "--port", "0")
    server.end(signal.SIGINT)
    assert process(english, "build", *DAY, "--output", "built").code in (0, 1)
    for file in (english / "built").rglob("*"):
        if file.is_file():
            path = file.relative_to(english / "built")
            assert (english / "output" / path).read_bytes() == file.read_bytes(), path


def test_a_port_that_is_taken_is_a_clear_error(english: Path, process: Tracker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = process(english, "serve", "--port", str(port))
    assert ended.code == 3
    assert ended.out == ""
    assert ended.err == f"tracker: port {port} is taken; choose another one\n"


def test_the_next_free_port_is_taken_where_none_is_asked_for(
    english: Path, serve: Callable[..., Server]
) -> None:
    one = serve(english, "--output", "one")
    two = serve(english, "--output", "two")
    assert 8000 <= one.port < two.port


def test_the_browser_is_opened(english: Path, tmp_path: Path, serve: Callable[..., Server]) -> None:
    script = tmp_path / "browser.py"
    script.write_text("import sys; open(sys.argv[1], 'w').write(sys.argv[2])")
    seen = tmp_path / "seen.txt"
    server = serve(english, "--port", "0", "--open", BROWSER=f"{sys.executable} {script} {seen} %s")
    server.end(signal.SIGTERM)
    assert seen.read_text() == server.address


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--port", "70000"), 2, "from 0 to 65535"),
        (("--port", "x"), 2, "a whole number"),
        (("--prot", "1"), 2, "did you mean --port?"),
        (("--output", "records"), 3, "cannot be written to"),
        (("--today", "soon"), 2, "soon"),
    ],
)
def test_wrong_use(
    english: Path, tracker: Tracker, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = tracker(english, "serve", *arguments)
    assert ended.code == code
    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_a_folder_of_others_is_refused(english: Path, tracker: Tracker) -> None:
    (english / "mine").mkdir()
    (english / "mine" / "thesis.doc").write_text("x")
    ended = tracker(english, "serve", "--output", "mine")
    assert ended.code == 3
    assert "thesis.doc" in ended.err


OUTSIDE = ("../records/acme.md", "a/../../tracker.yaml", "{root}/tracker.yaml", "a//b", "a\0b", "")


@pytest.mark.parametrize("outside", OUTSIDE)
@pytest.mark.parametrize("command", ["serve", "build"])
def test_a_manifest_that_names_files_elsewhere_is_refused(
    english: Path, tracker: Tracker, command: str, outside: str
) -> None:
    (english / "records" / "acme.md").write_text("mine", "utf-8")
    (english / "output").mkdir()
    manifest = english / "output" / ".tracker-site.json"
    manifest.write_text(json.dumps({"files": [outside.format(root=english)]}), "utf-8")
    ended = tracker(english, command)
    assert ended.code == 3
    assert ".tracker-site.json is damaged" in ended.err
    assert (english / "records" / "acme.md").read_text("utf-8") == "mine"
    assert (english / "tracker.yaml").exists()


@pytest.mark.parametrize("folder", ["customers", "attachments/old"])
def test_nothing_is_written_or_removed_through_a_link(
    english: Path, serve: Callable[..., Server], folder: str
) -> None:
    records = english / "records"
    output = english / "output"
    (output / folder).parent.mkdir(parents=True)
    (output / folder).symlink_to(records)
    named = [f"{folder}/{path.name}" for path in records.iterdir()]
    (output / ".tracker-site.json").write_text(json.dumps({"files": named}), "utf-8")
    before = {path: path.read_bytes() for path in records.rglob("*") if path.is_file()}
    serve(english, "--port", "0").end(signal.SIGTERM)
    assert {path: path.read_bytes() for path in records.rglob("*") if path.is_file()} == before
    assert (output / "customers" / "index.html").exists()
    assert not (output / "customers").is_symlink()
