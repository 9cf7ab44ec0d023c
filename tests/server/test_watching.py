"""Noticing changes in git, and where the system's own means are at their end."""

from __future__ import annotations

import errno
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from tests.git_repository import Repository
from tests.server.conftest import PATIENCE_SECONDS
from tracker.server.watching import GIT, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable
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


GIT_CHANGES: dict[str, Callable[[Repository], object]] = {
    "back": lambda repository: repository.git("reset", "-q", "--soft", "HEAD~1"),
    "fetched": lambda repository: repository.git("fetch", "-q", "--unshallow"),
    "out of the index": lambda repository: repository.git("rm", "-q", "--cached", "tracker.yaml"),
    "names": lambda repository: repository.write(".mailmap", "A <a@example.com>\n"),
    "other words": lambda repository: repository.git(
        "commit", "-q", "--amend", "--allow-empty", "-m", "other"
    ),
}


@pytest.mark.parametrize("folder", ["", "team"])
@pytest.mark.parametrize("change", list(GIT_CHANGES))
def test_what_changes_in_git_is_noticed(tmp_path: Path, change: str, folder: str) -> None:
    origin = Repository(tmp_path / "origin")
    for day in ("01", "02", "03"):
        origin.commit(f"2026-01-{day}")
    clone = tmp_path / "clone"
    origin.git("clone", "-q", "--depth", "2", f"file://{origin.folder}", str(clone))
    repository = Repository(clone)
    (clone / folder).mkdir(exist_ok=True)
    told: Queue[set[str]] = Queue()
    watcher = Watcher(clone / folder, told.put)
    watcher.start()
    try:
        GIT_CHANGES[change](repository)
        while GIT not in told.get(timeout=PATIENCE_SECONDS):
            pass
    finally:
        watcher.stop()


def test_a_repository_that_comes_later_is_noticed(tmp_path: Path) -> None:
    told: Queue[set[str]] = Queue()
    watcher = Watcher(tmp_path, told.put)
    watcher.start()
    try:
        repository = Repository(tmp_path)
        while GIT not in told.get(timeout=PATIENCE_SECONDS):
            pass
        watcher.follow()
        repository.commit("2026-01-01")
        while GIT not in told.get(timeout=PATIENCE_SECONDS):
            pass
    finally:
        watcher.stop()
