"""A site that several processes make is the one that one process makes."""

from __future__ import annotations

import gc
import multiprocessing
from datetime import date
from pathlib import Path

import pytest
from jinja2.runtime import Context

from tracker import processes
from tracker.errors import TemplateError
from tracker.library import loader
from tracker.library.loader import load_library
from tracker.site import build, targets
from tracker.site.build import build_site

pytestmark = pytest.mark.usefixtures("few_numbers")

WORKSPACE = Path(__file__).parent / "workspace"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Small parts, so that several processes share them; how many were asked for each work."""
    monkeypatch.setattr("tracker.processes.threading.active_count", lambda: 1)
    monkeypatch.setattr(loader, "_RECORDS_OF_A_PART", 2)
    monkeypatch.setattr(targets, "_RECORDS_OF_A_PART", 2)
    monkeypatch.setattr(build, "_WORTH_SHARING", 0)
    asked: list[int] = []
    made = processes._Workers.__init__

    def noted(workers: object, work: object, units: object, own: object, count: int) -> None:
        asked.append(count)
        made(workers, work, units, own, count)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(processes._Workers, "__init__", noted)
    return asked


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_the_bytes_are_the_same(tmp_path: Path, started: list[int]) -> None:
    one = build_site(WORKSPACE, tmp_path / "one", TODAY, jobs=1)
    assert not started
    three = build_site(WORKSPACE, tmp_path / "three", TODAY, jobs=3)
    assert started == [2, 2]
    assert one == three
    assert files_of(tmp_path / "one") == files_of(tmp_path / "three")


def test_pages_leave_nothing_behind(tmp_path: Path) -> None:
    contexts: list[int] = []

    def count(_step: str, _done: int, _total: int) -> None:
        contexts.append(sum(isinstance(each, Context) for each in gc.get_objects()))

    result = build_site(WORKSPACE, tmp_path / "site", TODAY, progress=count)
    # Each module that pages import has one, and it stays for all of them.
    assert 0 < contexts[-1] < result.pages / 2


def test_records_read_together_are_those_read_one_by_one() -> None:
    assert load_library(WORKSPACE, jobs=3).entries == load_library(WORKSPACE).entries


def test_the_cache_is_the_same_for_all(tmp_path: Path, started: list[int]) -> None:
    (tmp_path / "tracker.yaml").write_text("", "utf-8")
    (tmp_path / "records").mkdir()
    for number in range(6):
        text = f"---\nname: C{number}\nstage: proposal\nowner: Li\n---\n"
        (tmp_path / "records" / f"c{number}.md").write_text(text, "utf-8")
    first = load_library(tmp_path, cached=True, jobs=2)
    again = load_library(tmp_path, cached=True, jobs=2)
    assert started == [1]
    assert first.entries == again.entries == load_library(tmp_path).entries


def test_a_broken_template_stops_all(tmp_path: Path) -> None:
    root = tmp_path / "team"
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text("", "utf-8")
    (root / "site_templates").mkdir()
    (root / "site_templates" / "stage.html").write_text("{{ nothing.here }}", "utf-8")
    with pytest.raises(TemplateError, match=r"stage\.html, line 1"):
        build_site(root, root / "output", TODAY, jobs=2)
    assert not (root / "output").exists()
    assert {file.name for file in root.iterdir()} == {"records", "tracker.yaml", "site_templates"}


@pytest.mark.parametrize("number", [1, 3, 6])
def test_who_is_interrupted_leaves_nothing_behind(tmp_path: Path, number: int) -> None:
    def interrupt(step: str, done: int, _total: int) -> None:
        if (step, done) == ("render", number):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as interrupted:
        build_site(WORKSPACE, tmp_path / "site", TODAY, jobs=3, progress=interrupt)
    assert not multiprocessing.active_children()
    assert list(tmp_path.iterdir()) == []
    del interrupted
