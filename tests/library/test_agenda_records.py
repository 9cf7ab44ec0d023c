"""Records reduced to what an agenda shows: the same agenda, whatever was kept or has changed."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record_strategies import PATH, configs, near_records, records
from tracker.config import CONFIG_NAME, Config
from tracker.file_states import FileState
from tracker.format.parser import parse_record
from tracker.insight.agenda import agenda_of, agenda_row
from tracker.insight.day import day_of
from tracker.library import loader
from tracker.library.agenda_records import load_agenda_records, reduced
from tracker.library.cache_files import CACHE_DIR
from tracker.library.library import Entry, Library
from tracker.library.loader import load_library, read_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.library.record_paths import FoundFile
    from tracker.model import Customer

TODAY = date(2026, 11, 24)
DAYS = 400
REPOSITORY = Path(__file__).resolve().parents[2]
WORKSPACES = sorted(
    path.parent for path in (REPOSITORY / "tests" / "workspaces").rglob(CONFIG_NAME)
)
RECORD = """---
name: {name}
stage: lead
owner: Li Lei
contacts: [{{name: Bo}}, {{name: Di, phone: 0512 6660 1288, primary: true}}]
---

## 2026-11-20 10:00 Phone Li Lei

- Summary: they want a price
- Next: {day} call
- [ ] send the list @2026-11-21
"""


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at files long after they were changed, so that their states tell."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 60_000_000_000)


def rows(library: Library, today: date = TODAY) -> list[dict[str, Any]]:
    """Return all that an agenda shows of a library."""
    day = day_of(library, today, checked=False)
    found = agenda_of(day.standings, today, DAYS)
    return [
        {
            **agenda_row(item, library.config),
            "short": item.standing.customer.short,
            "stage_kind": item.standing.status.stage_kind,
        }
        for item in found
    ]


def shown(root: Path) -> list[dict[str, Any]]:
    """Return an agenda from what is kept, and see that it is that of the whole library."""
    library, whole = load_agenda_records(root), load_library(root)
    assert rows(library) == rows(whole)
    assert [each.path for each in library.left_out] == [each.path for each in whole.left_out]
    assert (CONFIG_NAME in library.by_path) == (CONFIG_NAME in whole.by_path)
    assert library.config.fingerprint == whole.config.fingerprint
    return rows(library)


def write(root: Path, name: str, day: str = "2026-11-27") -> Path:
    """Write a record."""
    file = root / "records" / f"{name}.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(RECORD.format(name=name, day=day), "utf-8")
    return file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a workspace of three records."""
    (tmp_path / CONFIG_NAME).write_text("language: en\ntimezone: UTC\nowners: [Li Lei]\n", "utf-8")
    for name in ("acme", "brass", "cedar"):
        write(tmp_path, name)
    return tmp_path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of the records that were parsed."""
    seen: list[str] = []

    def noted(root: Path, found: FoundFile, config: Config) -> Entry:
        seen.append(found.path)
        return read_entry(root, found, config)

    monkeypatch.setattr(loader, "read_entry", noted)
    return seen


@given(records() | near_records(), configs, st.integers(-400, 400))
def test_a_reduced_record_has_the_same_agenda_on_any_day(
    text: str, config: Config, days: int
) -> None:
    customer = parse_record(text, PATH, config).customer
    if customer is None:
        return

    def library(record: Customer) -> Library:
        return Library(Path("none"), config, (Entry(PATH, "", record),))

    newest = max((each.date for each in customer.followups), default=TODAY)
    for today in (TODAY, newest, newest + timedelta(days=days)):
        assert rows(library(reduced(customer)), today) == rows(library(customer), today)


@pytest.mark.parametrize("workspace", WORKSPACES, ids=lambda path: path.name)
def test_every_workspace_has_the_same_agenda(workspace: Path, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(workspace, root, ignore=shutil.ignore_patterns(CACHE_DIR))
    first = shown(root)
    assert shown(root) == first


def test_only_what_has_changed_is_read(root: Path, parsed: list[str]) -> None:
    load_agenda_records(root)
    assert parsed == ["records/acme.md", "records/brass.md", "records/cedar.md"]
    parsed.clear()
    load_agenda_records(root)
    assert parsed == []
    write(root, "brass", "2026-11-28")
    library = load_agenda_records(root)
    assert parsed == ["records/brass.md"]
    assert rows(library) == rows(load_library(root))


def test_a_change_shows_whatever_the_times_of_the_file_say(root: Path) -> None:
    file = write(root, "acme")
    shown(root)
    status = file.stat()
    write(root, "acme", "2026-11-29")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "2026-11-29" in {row["date"] for row in shown(root)}


def test_a_change_shows_in_the_tick_of_the_last_run(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    file = write(root, "acme")
    shown(root)
    state = FileState.of(file.stat())
    monkeypatch.setattr(FileState, "of", lambda _status: state)
    write(root, "acme", "2026-11-29")
    assert "2026-11-29" in {row["date"] for row in shown(root)}


def test_settings_and_broken_files_count(root: Path) -> None:
    shown(root)
    (root / CONFIG_NAME).write_text("language: zh\ntimezone: UTC\nnonsense: 1\n", "utf-8")
    assert {row["stage"] for row in shown(root)} == {"初步接触"}
    (root / "records/acme.md").write_bytes(b"\xff\xfe\x00")
    (root / "records/link.md").symlink_to(root / "records/brass.md")
    assert {row["id"] for row in shown(root)} == {"brass", "cedar"}
    assert {row["id"] for row in shown(root)} == {"brass", "cedar"}
    (root / "records/cedar.md").unlink()
    assert {row["id"] for row in shown(root)} == {"brass"}


def _flip(data: bytes) -> bytes:
    return data[:40] + bytes([data[40] ^ 1]) + data[41:]


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda data: data[:-9], _flip, lambda _: b"\x80\x04K*."],
    ids=["empty", "cut", "flipped", "pickle"],
)
def test_damage_is_no_matter(root: Path, damage: Callable[[bytes], bytes]) -> None:
    expected = shown(root)
    file = root / CACHE_DIR / "agenda.msgpack"
    file.write_bytes(damage(file.read_bytes()))
    assert shown(root) == expected


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), records() | near_records() | st.none()), max_size=4)
)
def test_any_changes_are_found(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, str | None]]
) -> None:
    root = tmp_path_factory.mktemp("workspace")
    (root / CONFIG_NAME).write_text("language: en\ntimezone: UTC\n", "utf-8")
    (root / "records").mkdir()
    for name, text in changes:
        file = root / "records" / f"{name}.md"
        if text is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(text.encode("utf-8", "surrogatepass"))
        shown(root)
