"""Caches that came with a workspace: what is in them may be anything, and nobody is told of it."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository
from tests.hostile.generated_records import record
from trials.fuzz import run_here

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("few_numbers")

DAY = ("--today", "2026-11-24")
COMMANDS = (("check", *DAY), ("agenda", *DAY), ("list", *DAY), ("build", *DAY))
DEEP = b"\x91" * 200_000 + b"\xc0"
"""A list in a list in a list …"""
NAME = b"\xa1x"
FIRST = b"\xc4\x01x"
"""Bytes, as they stand in the place of digests."""
NESTED = {
    "alone": DEEP,
    "second": b"\x92" + NAME + DEEP,
    "settings": b"\x93" + NAME + DEEP + DEEP,
    "record": b"\x92" + NAME + b"\x81" + NAME + b"\x92" + FIRST + DEEP,
    "check": b"\x94" + NAME + FIRST + b"\x80" + DEEP,
    "site": b"\x94" + NAME + FIRST + FIRST + DEEP,
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace with everything in its cache."""
    # So that the state of a file that was just written counts too.
    monkeypatch.setattr("tracker.file_states._TICK_NANOSECONDS", 0)
    repository = Repository(tmp_path / "team")
    repository.write("tracker.yaml", "language: en\nowners: [Li Lei]\n")
    repository.write("records/acme.md", record("en"))
    repository.commit("2026-11-20")
    said(repository.folder)
    return repository.folder


def said(root: Path) -> list[tuple[int, str]]:
    """Return how each command ends, and what it prints."""
    ended = [run_here("-C", str(root), *each) for each in COMMANDS]
    assert not [each.err for each in ended if "bug" in each.err]
    return [(each.code, each.out) for each in ended]


@pytest.mark.parametrize("body", NESTED.values(), ids=NESTED)
def test_values_nested_deeper_than_can_be_read(root: Path, body: bytes) -> None:
    expected = said(root)
    names = [each.name for each in (root / ".tracker-cache").glob("*.msgpack")]
    assert {"agenda", "check", "history", "pages", "records", "settings", "site"} <= {
        each.partition("-")[0].partition(".")[0] for each in names
    }
    head = os.fsencode(root / "output") + b"\0"
    for name in names:
        data = head + body if name.startswith(("pages-", "site-")) else body
        (root / ".tracker-cache" / name).write_bytes(zlib.crc32(data).to_bytes(4) + data)
    assert said(root) == expected


def _to_what_has_no_end(file: Path) -> None:
    file.symlink_to("/dev/zero")


@pytest.mark.skipif(os.name != "posix", reason="such files are POSIX's")
@pytest.mark.parametrize("make", [_to_what_has_no_end, os.mkfifo, os.mkdir])
def test_what_is_no_file_is_not_read(root: Path, make: Callable[[Path], None]) -> None:
    expected = said(root)
    for file in (root / ".tracker-cache").glob("*.msgpack"):
        file.unlink()
        make(file)
    assert said(root) == expected
    assert said(root) == expected
