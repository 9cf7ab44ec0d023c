"""Noticing changes where the system's own means are at their end."""

from __future__ import annotations

import errno
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from tests.server.conftest import PATIENCE_SECONDS
from tracker.server.watching import Watcher

if TYPE_CHECKING:
    from pathlib import Path


def refuse(*_arguments: Any, **_options: Any) -> None:  # noqa: ANN401  # takes what is given
    raise OSError(errno.ENOSPC, "the limit of watches is reached")


@pytest.mark.parametrize("when", ["at once", "later"])
def test_files_are_looked_at_where_they_cannot_be_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    (tmp_path / "tracker.yaml").write_text("", "utf-8")
    told: Queue[set[str]] = Queue()
    watcher = Watcher(tmp_path, told.put)
    if when == "at once":
        monkeypatch.setattr(Observer, "start", refuse)
    watcher.start()
    try:
        if when == "later":
            monkeypatch.setattr(Observer, "schedule", refuse)
        (tmp_path / "records").mkdir()
        watcher.follow()
        assert isinstance(watcher._observer, PollingObserver)
        (tmp_path / "records" / "a.md").write_text("x", "utf-8")
        while "records/a.md" not in told.get(timeout=PATIENCE_SECONDS):
            pass
    finally:
        watcher.stop()
