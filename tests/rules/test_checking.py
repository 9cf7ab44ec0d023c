"""Checks that build on the last one find what a check of everything finds."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.config import CONFIG_NAME
from tracker.file_states import FileState
from tracker.insight.day import day_of
from tracker.library import loader
from tracker.library.cache_files import CACHE_DIR, read_cache_file, write_cache_file
from tracker.library.loader import load_library, read_entry
from tracker.rules import checking
from tracker.rules.checking import check_workspace
from tracker.rules.diagnose import Checker
from tracker.rules.kept_diagnostics import KeptFile
from tracker.text_files import read_text_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.diagnostics import Diagnostic, Problem
    from tracker.library.library import Entry, Library
    from tracker.library.status import Status
    from tracker.text_files import TextFile

TODAY = date(2026, 11, 24)
REPOSITORY = Path(__file__).resolve().parents[2]
WORKSPACES = sorted(
    path.parent for path in (REPOSITORY / "tests" / "workspaces").rglob(CONFIG_NAME)
)
RECORD = """---
name: {name}
stage: lead
owner: Li Lei
{more}
---

## 2026-11-20 10:00 Phone Li Lei

- Summary: they want a price
- Next: 2026-11-27 call
"""


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at files long after they were changed, so that their states tell."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 60_000_000_000)


def check(root: Path, today: date = TODAY) -> list[Diagnostic]:
    """Check a workspace with what is known from the last time, and see that it is right."""
    checked = check_workspace(root, today, cached=True)
    anew = check_workspace(root, today, cached=False)
    found = checked.diagnostics()
    assert found == anew.diagnostics()
    places = [(each.path, each.span.line) for each in found]
    assert [checked.line_of(*place) for place in places] == [
        anew.line_of(*place) for place in places
    ]
    return found


def day_finds(root: Path, today: date = TODAY) -> list[Diagnostic]:
    """Return what a day finds that takes what it can from the last check, and see that it is right.

    The next check begins with what this day has kept.
    """
    found = list(day_of(load_library(root), today, cached=True).diagnostics)
    assert found == list(day_of(load_library(root), today).diagnostics)
    return found


def write(root: Path, name: str, more: str = "") -> Path:
    """Write a record."""
    file = root / "records" / f"{name}.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(RECORD.format(name=name, more=more), "utf-8")
    return file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a workspace of three records."""
    (tmp_path / CONFIG_NAME).write_text("language: en\ntimezone: UTC\nowners: [Li Lei]\n", "utf-8")
    for name in ("acme", "brass", "cedar"):
        write(tmp_path, name)
    return tmp_path


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of the records that were parsed, and of `all` where all were compared."""
    seen: list[str] = []

    def noted(function: Callable[..., object], note: Callable[..., str]) -> Callable[..., object]:
        def call(*args: object) -> object:
            seen.append(note(*args))
            return function(*args)

        return call

    monkeypatch.setattr(loader, "read_entry", noted(read_entry, lambda _, found, __: found.path))
    monkeypatch.setattr(Checker, "workspace", noted(Checker.workspace, lambda *_: "all"))
    return seen


@pytest.mark.parametrize("workspace", WORKSPACES, ids=lambda path: path.name)
def test_every_way_finds_what_the_day_shows(workspace: Path, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(workspace, root, ignore=shutil.ignore_patterns(CACHE_DIR))
    shown = list(day_of(load_library(root), TODAY).diagnostics)
    assert check(root) == shown
    assert check(root) == shown
    assert check_workspace(root, TODAY, cached=True, jobs=2).diagnostics() == shown
    assert day_finds(root) == shown
    shutil.rmtree(root / CACHE_DIR)
    assert day_finds(root) == shown
    assert day_finds(root) == shown
    assert check(root) == shown


def test_only_what_has_changed_is_looked_at(root: Path, looked_at: list[str]) -> None:
    check_workspace(root, TODAY, cached=True)
    assert looked_at == ["records/acme.md", "records/brass.md", "records/cedar.md", "all"]
    looked_at.clear()
    check_workspace(root, TODAY, cached=True)
    assert looked_at == []
    with (root / "records/brass.md").open("a", encoding="utf-8") as file:
        file.write("- [ ] send the list @2026-11-21\n")
    found = check_workspace(root, TODAY, cached=True).diagnostics()
    assert looked_at == ["records/brass.md"]
    assert [each.code for each in found] == ["commitment-overdue"]
    looked_at.clear()
    write(root, "brass", "contacts: [{name: Bo, email: bo@brass.example}]")
    check_workspace(root, TODAY, cached=True)
    assert looked_at == ["records/brass.md", "all"]


def test_a_day_looks_only_at_what_has_changed(
    root: Path, monkeypatch: pytest.MonkeyPatch, looked_at: list[str]
) -> None:
    find = Checker.entry

    def noted(
        checker: Checker, entry: Entry, status: Status | None, library: Library, today: date
    ) -> Iterator[Diagnostic]:
        looked_at.append(entry.path)
        return find(checker, entry, status, library, today)

    monkeypatch.setattr(Checker, "entry", noted)

    def look() -> list[str]:
        looked_at.clear()
        day_of(load_library(root), TODAY, cached=True)
        return [*looked_at]

    names = ["records/acme.md", "records/brass.md", "records/cedar.md"]
    assert sorted(look()) == ["all", *names]
    assert look() == []
    with (root / "records/brass.md").open("a", encoding="utf-8") as file:
        file.write("- [ ] send the list @2026-11-21\n")
    assert look() == ["records/brass.md"]
    check(root)
    assert look() == []
    write(root, "brass", "contacts: [{name: Bo, email: bo@brass.example}]")
    assert look() == ["records/brass.md", "all"]
    write(root, "dunlin")
    assert look() == ["records/dunlin.md", "all"]


def test_no_file_is_read_to_show_what_was_found_before(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "acme", "level: Q")
    write(root, "brass", f"level: {'Q' * 1000}")
    check(root)

    def read(file: Path, limit: int) -> TextFile | Problem:
        assert file.name == "brass.md", "only for a line that is too long to be kept"
        return read_text_file(file, limit)

    monkeypatch.setattr(checking, "read_text_file", read)
    checked = check_workspace(root, TODAY, cached=True)
    lines = [checked.line_of(each.path, each.span.line) for each in checked.diagnostics()]
    assert lines == ["level: Q", f"level: {'Q' * 1000}"]
    assert checked.line_of("records/brass.md", 99) == ""


def test_records_that_are_touched_are_not_parsed_again(root: Path, looked_at: list[str]) -> None:
    check_workspace(root, TODAY, cached=True)
    looked_at.clear()
    for file in (root / "records").iterdir():
        file.write_bytes(file.read_bytes())
    check_workspace(root, TODAY, cached=True)
    assert looked_at == []


def test_a_change_shows_whatever_the_times_of_the_file_say(root: Path) -> None:
    file = write(root, "acme", "level: A")
    check(root)
    status = file.stat()
    file.write_text(file.read_text("utf-8").replace("level: A", "level: Q"), "utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [each.code for each in check(root)] == ["unknown-word"]


def test_a_change_shows_in_the_tick_of_the_last_check(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    file = write(root, "acme", "level: A")
    check(root)
    state = FileState.of(file.stat())
    monkeypatch.setattr(FileState, "of", lambda _status: state)
    file.write_text(file.read_text("utf-8").replace("level: A", "level: Q"), "utf-8")
    assert [each.code for each in check(root)] == ["unknown-word"]


def test_an_attachment_that_comes_and_goes_is_noticed(root: Path, looked_at: list[str]) -> None:
    write(root, "acme", "offers: [{quote: Q1, file: attachments/q1.pdf}]")
    assert [each.code for each in check(root)] == ["attachment-missing"]
    (root / "attachments").mkdir()
    (root / "attachments/q1.pdf").write_bytes(b"%PDF")
    looked_at.clear()
    assert check_workspace(root, TODAY, cached=True).diagnostics() == []
    assert looked_at == ["records/acme.md"]
    (root / "attachments/q1.pdf").unlink()
    assert [each.code for each in check(root)] == ["attachment-missing"]


def test_a_link_that_leads_nowhere_is_not_proposed_for_itself(root: Path) -> None:
    write(root, "acme", "offers: [{quote: Q1, file: attachments/q1.pdf}]")
    (root / "attachments").mkdir()
    (root / "attachments/q1.pdf").symlink_to("nowhere.pdf")
    (found,) = check(root)
    assert (found.code, found.problem.hint) == ("attachment-missing", None)


def test_the_day_and_the_settings_count(root: Path) -> None:
    assert check(root) == []
    assert {each.code for each in check(root, TODAY + timedelta(days=9))} >= {"next-overdue"}
    config = root / CONFIG_NAME
    config.write_text(config.read_text("utf-8") + "rules: {next-overdue: error, nonsense: off}\n")
    assert [each.path for each in check(root)] == [CONFIG_NAME]
    (root / CONFIG_NAME).write_bytes(b"\xff\xfe")
    assert CONFIG_NAME in {each.path for each in check(root)}


def test_what_cannot_be_kept_is_found_every_time(root: Path) -> None:
    write(root, "acme", 'level: "\\uD800"')
    first = check(root)
    assert first
    assert check(root) == first


def _flip(data: bytes) -> bytes:
    return data[:40] + bytes([data[40] ^ 1]) + data[41:]


def test_a_record_that_becomes_a_link_is_noticed(root: Path, tmp_path: Path) -> None:
    check(root)
    elsewhere = tmp_path / "elsewhere.md"
    (root / "records/acme.md").rename(elsewhere)
    (root / "records/acme.md").symlink_to(elsewhere)
    assert [each.code for each in check(root)] == ["symbolic-link"]
    assert [each.code for each in check(root)] == ["symbolic-link"]
    (root / "records/acme.md").unlink()
    elsewhere.rename(root / "records/acme.md")
    assert check(root) == []


def test_a_cache_of_something_else_that_looks_sound_is_no_matter(root: Path) -> None:
    write(root, "acme", "level: Q")
    expected = check(root)
    body = read_cache_file(root, "check.msgpack")
    assert body is not None
    fields = msgspec.msgpack.decode(body)
    write_cache_file(root, "check.msgpack", msgspec.msgpack.encode([*fields[:3], 1]))
    assert check(root) == expected
    assert not (root / CACHE_DIR / "check.msgpack").exists()
    assert check(root) == expected


@pytest.mark.parametrize("field", ["identity", "diagnostics", "together"])
def test_a_part_of_the_cache_that_is_something_else_is_no_matter(root: Path, field: str) -> None:
    write(root, "acme", "level: Q")
    expected = check(root)
    made_by, attachments, files, together = msgspec.msgpack.decode(
        read_cache_file(root, "check.msgpack") or b""
    )
    if field == "together":
        together = 1
    else:
        files = {path: _with_other(file, field) for path, file in files.items()}
    other = msgspec.msgpack.encode([made_by, attachments, files, together])
    for ways in (day_finds, check):
        write_cache_file(root, "check.msgpack", other)
        write(root, "brass", "phone: 1")
        assert [each for each in ways(root) if each.path == "records/acme.md"] == expected


def _with_other(file: list[object], field: str) -> list[object]:
    place = KeptFile.__struct_fields__.index(field)
    return [*file[:place], 1, *file[place + 1 :]]


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda data: data[:-9], _flip, lambda _: b"\x80\x04K*."],
    ids=["empty", "cut", "flipped", "pickle"],
)
def test_damage_is_no_matter(root: Path, damage: Callable[[bytes], bytes]) -> None:
    write(root, "acme", "level: Q")
    expected = check(root)
    file = root / CACHE_DIR / "check.msgpack"
    file.write_bytes(damage(file.read_bytes()))
    assert check(root) == expected


CHANGES = st.sampled_from(
    [
        "phone: 0512 6660 1288",
        "email: a@b.example",
        "name: Acme Ltd",
        "id: brass",
        "aliases: [acme]",
        "not_duplicate_of: [acme, nobody]",
        "stage: nonsense",
        "website: [a](../attachments/x.pdf)",
        "offers: [{quote: Q, file: attachments/x.pdf}]",
    ]
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(["write", "drop", "attach"]),
            CHANGES,
            st.sampled_from([check, day_finds]),
        ),
        max_size=6,
    )
)
def test_any_changes_are_found(
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[tuple[str, str, str, Callable[[Path], object]]],
) -> None:
    root = tmp_path_factory.mktemp("workspace")
    (root / CONFIG_NAME).write_text("language: en\ntimezone: UTC\n", "utf-8")
    (root / "attachments").mkdir()
    for name, deed, content, look in changes:
        file = root / "records" / f"{name}.md"
        if deed == "write":
            contact = content.startswith(("phone", "email"))
            write(root, name, f"contacts: [{{name: Bo, {content}}}]" if contact else content)
        elif deed == "drop":
            file.unlink(missing_ok=True)
        else:
            (root / "attachments/x.pdf").write_text(name)
        look(root)
