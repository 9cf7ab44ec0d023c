"""Builds on a machine that says no: a clear error, exit code 3, and the last site whole."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from tracker.cli.main import run
from tracker.library.cache_files import CACHE_DIR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("few_numbers")

RECORD = """---
name: {name}
stage: proposal
owner: Li Lei
---

## 2026-11-20 10:00 call

Asked for the quote.

- next: 2026-12-01 call
"""


class Build(Protocol):
    """Builds the site of a workspace in a folder."""

    def __call__(self, workspace: Path, output: Path) -> Ended:
        """Return how it ended."""


@dataclass(frozen=True)
class Ended:
    """How a build ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Build:
    """Return a function that builds as the command line does."""

    def call(workspace: Path, output: Path) -> Ended:
        monkeypatch.chdir(workspace)
        capsys.readouterr()
        code = run(["build", "--today", "2026-11-24", "--output", str(output)])
        return Ended(code, *capsys.readouterr())

    return call


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and CACHE_DIR not in path.parts
    }


def assert_refused(ended: Ended, reason: str) -> None:
    assert ended.code == 3, ended.err
    assert reason in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text("language: en\n", encoding="utf-8")
    (root / "records" / "acme.md").write_text(RECORD.format(name="Acme"), encoding="utf-8")
    return root


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for a few small sites."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    mounted = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("mounting a small file system needs root and the right to mount")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_that_fills(build: Build, workspace: Path, small_disk: Path) -> None:
    output = small_disk / "site"
    assert build(workspace, output).code == 0
    before = snapshot(output)
    for number in range(120):
        text = RECORD.format(name=f"Customer {number}") + "\nA long talk.\n" * 2700
        (workspace / "records" / f"c{number}.md").write_text(text, encoding="utf-8")
    assert_refused(build(workspace, output), "No space left on device")
    assert snapshot(output) == before
    assert [path.name for path in small_disk.iterdir()] == ["site"], "nothing stray is left"


def test_a_read_only_disk(build: Build, workspace: Path, small_disk: Path) -> None:
    output = small_disk / "site"
    assert build(workspace, output).code == 0
    before = snapshot(output)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert_refused(build(workspace, output), "Read-only file system")
    assert snapshot(output) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(build: Build, workspace: Path, tmp_path: Path) -> None:
    parent = tmp_path / "locked"
    parent.mkdir()
    parent.chmod(0o500)
    assert_refused(build(workspace, parent / "site"), "Permission denied")


def test_an_unreadable_record_is_reported_and_the_others_are_built(
    build: Build, workspace: Path, tmp_path: Path
) -> None:
    # A folder in place of the file is unreadable for root too.
    (workspace / "records" / "broken.md").mkdir()
    (workspace / "records" / "broken.md" / "inner.md").write_text(
        RECORD.format(name="Inner"), encoding="utf-8"
    )
    (workspace / "records" / "gbk.md").write_bytes("---\nname: 恒达\n---\n".encode("gb18030"))
    output = tmp_path / "site"
    ended = build(workspace, output)
    assert ended.code == 1, ended.err
    assert "Traceback" not in ended.err
    pages = {path.name for path in (output / "customers").iterdir()}
    assert {"acme.html", "inner.html", "gbk.html"} <= pages
    assert "gb18030" in (output / "problems.html").read_text(encoding="utf-8")


def test_a_folder_that_is_not_ours(build: Build, workspace: Path, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert_refused(build(workspace, documents), "thesis.txt")
    assert snapshot(documents) == {"thesis.txt": b"years of work"}


@pytest.mark.parametrize("place", ["", "records", "records/site", ".."])
def test_a_place_that_would_take_the_records_with_it(
    build: Build, workspace: Path, place: str
) -> None:
    before = snapshot(workspace)
    assert_refused(build(workspace, workspace / place), "choose a folder of its own")
    assert snapshot(workspace) == before


def test_two_builds_give_the_same_bytes(build: Build, workspace: Path, tmp_path: Path) -> None:
    assert build(workspace, tmp_path / "one").code == 0
    assert build(workspace, tmp_path / "two").code == 0
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")
