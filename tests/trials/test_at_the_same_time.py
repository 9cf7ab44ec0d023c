"""Commands that write at the same time: a sample of `writers`, `double_builds` and `server`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from trials.server import fault_of, text_of

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.parametrize(("name", "count"), [("writers", 4), ("double_builds", 3), ("server", 150)])
def test_nothing_is_lost(tmp_path: Path, name: str, count: int) -> None:
    result = tmp_path / "result.json"
    done = subprocess.run(
        [sys.executable, "-m", "trials", name, "--count", str(count), "--result", str(result)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(result.read_text("utf-8"))[name]["outcomes"][0]["tried"] >= count


@pytest.mark.parametrize(
    ("path", "status", "body", "fault"),
    [
        ("index.html", 200, "<html>…</html>\n", ""),
        ("index.html", 404, "<html>…</html>\n", "status 404"),
        ("index.html", 200, "<html>…", "half a page"),
        ("feed.xml", 200, "<feed>…</feed>", ""),
        ("data/customers.json", 200, "[1, 2", "half of the data"),
        ("customers/acme-1.html", 200, text_of(7) + "</html>", ""),
        ("customers/acme-1.html", 200, f"{text_of(7)}{text_of(8)}</html>", "a page of two states"),
    ],
)
def test_half_a_page_is_noticed(path: str, status: int, body: str, fault: str) -> None:
    assert fault_of(path, status, body.encode()) == fault
