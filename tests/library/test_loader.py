"""Finding and reading the records of a workspace."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

import pytest

from tracker.library.loader import load_library, reload_records

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.library.library import Library

RECORD = "---\nname: A\nstage: won\nowner: B\n---\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "tracker.yaml").write_text("", encoding="utf-8")
    (tmp_path / "records").mkdir()
    return tmp_path


def write(root: Path, path: str, text: str | bytes = RECORD) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def codes(library: Library) -> dict[str, list[str]]:
    return {
        entry.path: [problem.code for problem in entry.problems]
        for entry in library.entries
        if entry.problems
    }


def test_records_are_found_below_records_in_the_order_of_their_paths(workspace: Path) -> None:
    for path in ("records/b.md", "records/华东/恒达.md", "records/a/z/c.md", "records/B.md"):
        write(workspace, path)
    for path in ("records/_template.md", "records/.draft.md", "records/_old/x.md", "notes/y.md"):
        write(workspace, path, "not a record")
    write(workspace, "records/a.txt", "not a record")
    library = load_library(workspace)
    assert [entry.path for entry in library.entries] == [
        "records/B.md", "records/a/z/c.md", "records/b.md", "records/华东/恒达.md",
    ]  # fmt: skip
    assert codes(library) == {}
    assert len(library.customers) == 4
    assert library.left_out == ()
    assert library.by_path["records/b.md"].text == RECORD
    assert [customer.path for customer in library.by_id["恒达"]] == ["records/华东/恒达.md"]


def test_a_workspace_without_records_is_empty(tmp_path: Path) -> None:
    (tmp_path / "tracker.yaml").write_text("", encoding="utf-8")
    assert load_library(tmp_path).entries == ()


def test_wrong_settings_come_first_with_their_text(workspace: Path) -> None:
    write(workspace, "tracker.yaml", "titel: x\n")
    write(workspace, "records/a.md")
    library = load_library(workspace)
    assert [entry.path for entry in library.entries] == ["tracker.yaml", "records/a.md"]
    assert library.entries[0].text == "titel: x\n"
    assert codes(library) == {"tracker.yaml": ["config-unknown-key"]}
    assert library.left_out == ()


def test_what_cannot_be_read_is_left_out_and_named(workspace: Path) -> None:
    write(workspace, "records/gbk.md", RECORD.replace("A", "恒达").encode("gb18030"))
    write(workspace, "records/big.md", RECORD + "x" * 1024 * 1024)
    write(workspace, "records/nul.md", RECORD + "\0")
    write(workspace, "records/none.md", "text")
    write(workspace, "records/good.md")
    (workspace / "records" / "link.md").symlink_to("good.md")
    (workspace / "records" / "loop").symlink_to(".")
    (workspace / "records" / "folder.md").mkdir()
    library = load_library(workspace)
    assert codes(library) == {
        "records/big.md": ["file-size"],
        "records/gbk.md": ["encoding"],
        "records/link.md": ["symbolic-link"],
        "records/loop": ["symbolic-link"],
        "records/none.md": ["front-matter-missing"],
        "records/nul.md": ["nul-byte"],
    }
    assert [customer.path for customer in library.customers] == ["records/good.md"]
    assert len(library.left_out) == 6


def test_the_limits_of_the_workspace_hold(workspace: Path) -> None:
    write(workspace, "tracker.yaml", "limits: {file_size: 1024}")
    write(workspace, "records/a.md", RECORD + "x" * 1024)
    assert codes(load_library(workspace)) == {"records/a.md": ["file-size"]}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(workspace: Path) -> None:
    os.mkfifo(workspace / "records" / "a.md")
    assert codes(load_library(workspace)) == {"records/a.md": ["unreadable-file"]}


def test_a_folder_that_cannot_be_listed_does_not_hide_the_others(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(workspace, "records/a.md")
    write(workspace, "records/closed/b.md")
    scan = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    library = load_library(workspace)
    assert codes(library) == {"records/closed": ["unreadable-file"]}
    assert len(library.customers) == 1


def test_records_that_cannot_be_listed_at_all_stop_the_work(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PermissionError):
        load_library(workspace)


@pytest.mark.skipif(sys.platform != "linux", reason="names are text here")
def test_a_name_that_is_no_text_is_shown_in_text(workspace: Path) -> None:
    name = os.fsencode(workspace / "records") + b"/\xba\xe3.md"
    with os.fdopen(os.open(name, os.O_CREAT | os.O_WRONLY), "w") as stream:
        stream.write(RECORD)
    library = load_library(workspace)
    assert codes(library) == {"records/\\xba\\xe3.md": ["unreadable-file"]}


@pytest.mark.skipif(sys.platform != "linux", reason="names are text here")
@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize("jobs", [1, 2])
def test_names_that_are_no_text_are_told_apart(workspace: Path, jobs: int, *, cached: bool) -> None:
    for name in ("张三", "李四", "王五"):
        write(workspace, f"records/{os.fsdecode(name.encode('gbk'))}.md")
    write(workspace, "records/caf\ufffd.md")
    write(workspace, "records/caf\udc80.md")
    write(workspace, "records/caf\\x80.md")
    for _ in range(2):
        library = load_library(workspace, cached=cached, jobs=jobs)
        assert [each.path for each in library.customers] == [
            "records/caf\\x80.md",
            "records/caf\ufffd.md",
        ]
        assert [each.path for each in library.left_out] == [
            "records/\\xc0\\xee\\xcb\\xc4.md",
            "records/\\xcd\\xf5\\xce\\xe5.md",
            "records/\\xd5\\xc5\\xc8\\xfd.md",
            "records/caf\\\\x80.md",
        ]


def test_the_collector_is_left_as_it_was(workspace: Path) -> None:
    load_library(workspace)
    assert gc.isenabled()
    gc.disable()
    try:
        load_library(workspace)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_progress_is_told_file_by_file(workspace: Path) -> None:
    for name in ("a", "b", "c"):
        write(workspace, f"records/{name}.md")
    told: list[tuple[int, int]] = []
    load_library(workspace, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_reading_again_gives_what_reading_all_anew_gives(workspace: Path) -> None:
    for path in ("records/a.md", "records/east/b.md", "records/east/c.md", "records/d.md"):
        write(workspace, path)
    before = load_library(workspace)
    write(workspace, "records/a.md", RECORD.replace("name: A", "name: B"))
    (workspace / "records" / "east").rename(workspace / "records" / "west")
    (workspace / "records" / "d.md").unlink()
    write(workspace, "records/north/e.md", "no front matter")
    changed = {"records/a.md", "records/east", "records/west", "records/d.md", "records/north"}
    after = reload_records(before, changed)
    assert after.entries == load_library(workspace).entries
    assert [entry.path for entry in after.entries] == [
        "records/a.md",
        "records/north/e.md",
        "records/west/b.md",
        "records/west/c.md",
    ]


def test_reading_again_keeps_entries_of_files_that_say_the_same(workspace: Path) -> None:
    write(workspace, "records/a.md")
    write(workspace, "records/b.md")
    before = load_library(workspace)
    write(workspace, "records/a.md", RECORD.replace("name: A", "name: C"))
    write(workspace, "records/b.md")
    after = reload_records(before, {"records/a.md", "records/b.md"})
    assert after.by_path["records/b.md"] is before.by_path["records/b.md"]
    assert [customer.name for customer in after.customers] == ["C", "A"]


def test_a_folder_that_takes_the_place_of_another_is_read_again(workspace: Path) -> None:
    write(workspace, "records/a/x.md", RECORD.replace("name: A", "name: old"))
    write(workspace, "records/b/x.md", RECORD.replace("name: A", "name: new"))
    before = load_library(workspace)
    (workspace / "records" / "a").rename(workspace / "a")
    (workspace / "records" / "b").rename(workspace / "records" / "a")
    after = reload_records(before, {"records/a", "records/b"})
    assert [customer.name for customer in after.customers] == ["new"]


def test_a_record_that_becomes_a_folder_or_a_link_is_noticed(workspace: Path) -> None:
    write(workspace, "records/a.md")
    write(workspace, "records/b.md")
    before = load_library(workspace)
    (workspace / "records" / "a.md").unlink()
    (workspace / "records" / "a.md").symlink_to("b.md")
    after = reload_records(before, {"records/a.md"})
    assert after.entries == load_library(workspace).entries
    (workspace / "records" / "a.md").unlink()
    write(workspace, "records/a.md/c.md")
    again = reload_records(after, {"records/a.md"})
    assert [entry.path for entry in again.entries] == ["records/a.md/c.md", "records/b.md"]


@pytest.mark.parametrize("path", ["records/x.MD", "records/x.md.txt"])
def test_a_file_that_is_no_record_by_its_name_becomes_none_by_an_edit(
    workspace: Path, path: str
) -> None:
    write(workspace, "records/a.md")
    write(workspace, path)
    library = load_library(workspace)
    write(workspace, path, RECORD.replace("won", "lost"))
    again = reload_records(library, {path})
    assert again.entries == load_library(workspace).entries
    assert codes(again) == {path: ["unreadable-file"]}
