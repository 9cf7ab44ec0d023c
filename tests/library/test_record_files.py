"""Writing records, one command at a time."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from tracker.library.record_files import records_locked

if TYPE_CHECKING:
    from pathlib import Path


def _left_by_a_killed_command(root: Path) -> Path:
    path = root / "records" / "east" / ".acme.md.x1y2z3a4.tracker.tmp"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    return path


def test_what_a_killed_command_left_is_removed_at_once_by_the_next(tmp_path: Path) -> None:
    # An exception stands for the end of the process.
    with suppress(SystemExit), records_locked(tmp_path):
        stray = _left_by_a_killed_command(tmp_path)
        sys.exit()
    assert stray.exists()
    with records_locked(tmp_path):
        assert not stray.exists()


def test_nothing_is_searched_for_after_a_command_that_ended_well(tmp_path: Path) -> None:
    with records_locked(tmp_path):
        pass
    stray = _left_by_a_killed_command(tmp_path)
    with records_locked(tmp_path):
        assert stray.exists()
