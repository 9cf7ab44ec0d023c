"""Writing files so that none is ever half there."""

from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path

import pytest

from tracker import files
from tracker.errors import FileChangedError, os_error_message
from tracker.files import (
    create_file,
    leftovers,
    replace_if_unchanged,
    replacing,
    write_atomically,
)


def test_a_write_keeps_the_mode_and_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"old")
    file.chmod(0o640)
    write_atomically(file, "新".encode())
    assert file.read_text(encoding="utf-8") == "新"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_new_file_has_the_mode_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "a.md", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o640


def test_a_name_as_long_as_the_system_allows(tmp_path: Path) -> None:
    file = tmp_path / ("名" * 84 + ".md")
    write_atomically(file, b"x")
    assert file.read_bytes() == b"x"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_bytes(b"old")
    link = tmp_path / "link.md"
    link.symlink_to("real.md")
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"new"


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_failed_write_leaves_the_old_file_and_no_stray_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_what_a_library_writes_takes_the_place_of_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"old")
    file.chmod(0o640)
    with replacing(file) as new:
        assert new.parent == tmp_path
        new.write_bytes(b"new")
        assert file.read_bytes() == b"old"
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_library_that_fails_leaves_the_old_file_and_no_stray_one(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"old")

    def write(new: Path) -> None:
        new.write_bytes(b"half")
        raise RuntimeError

    with pytest.raises(RuntimeError), replacing(file) as new:
        write(new)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_changed_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    record = tmp_path / "a.md"
    record.write_bytes(b"theirs")
    with pytest.raises(FileChangedError, match=r"a\.md was changed"):
        replace_if_unchanged(record, b"before", b"ours")
    assert record.read_bytes() == b"theirs"
    record.unlink()
    with pytest.raises(FileChangedError):
        replace_if_unchanged(record, b"before", b"ours")
    assert list(tmp_path.iterdir()) == []


def test_an_unchanged_file_is_replaced(tmp_path: Path) -> None:
    record = tmp_path / "a.md"
    record.write_bytes(b"before")
    record.chmod(0o640)
    replace_if_unchanged(record, b"before", b"after")
    assert record.read_bytes() == b"after"
    assert stat.S_IMODE(record.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [record]


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_new_file_takes_no_name_that_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    if not links:
        monkeypatch.delattr(os, "link")
    record = tmp_path / "a.md"
    create_file(record, b"first")
    with pytest.raises(FileExistsError):
        create_file(record, b"second")
    assert record.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [record]


def test_a_file_system_that_knows_no_second_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    record = tmp_path / "a.md"
    create_file(record, b"first")
    assert record.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [record]


class _HeldOpen:
    """Lets renamings fail as Windows does while another program has the file open."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int, number: int) -> None:
        self.times, self.number = times, number
        self._replace = Path.replace
        # A method bound already would not get the path that is renamed.
        monkeypatch.setattr(Path, "replace", lambda path, target: self.replace(path, target))  # noqa: PLW0108
        monkeypatch.setattr(files, "_LOOK_SECONDS", 0)

    def replace(self, source: Path, target: Path) -> None:
        self.times -= 1
        if self.times < 0:
            self._replace(source, target)
            return
        error = PermissionError(13, "Access is denied", str(source), None, str(target))
        error.winerror = self.number  # type: ignore[attr-defined,unused-ignore]
        raise error


@pytest.mark.parametrize("number", [5, 32, 33])
def test_a_file_that_windows_holds_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    record = tmp_path / "a.md"
    record.write_bytes(b"before")
    _HeldOpen(monkeypatch, 3, number)
    replace_if_unchanged(record, b"before", b"after")
    assert record.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [record]


def test_what_is_written_while_a_file_is_waited_for_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "a.md"
    record.write_bytes(b"before")
    held = _HeldOpen(monkeypatch, 9, 32)
    monkeypatch.setattr("tracker.files.time.sleep", lambda _: record.write_bytes(b"theirs"))
    with pytest.raises(FileChangedError):
        replace_if_unchanged(record, b"before", b"after")
    assert (record.read_bytes(), held.times) == (b"theirs", 8)
    assert list(tmp_path.iterdir()) == [record]


def test_a_file_that_stays_open_elsewhere_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "customers.xlsx"
    book.write_bytes(b"old")
    _HeldOpen(monkeypatch, 9, 32)
    monkeypatch.setattr(files, "_HELD_SECONDS", 0)
    with pytest.raises(PermissionError) as raised:
        write_atomically(book, b"new")
    told = os_error_message(raised.value)
    assert str(told) == f"{book}: another program has it open; close it there"
    assert book.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [book]


def _left_behind(folder: Path, name: str, minutes: float) -> Path:
    path = folder / name
    path.write_bytes(b"half")
    then = time.time() - 60 * minutes
    os.utime(path, (then, then))
    return path


def test_what_a_killed_run_left_beside_a_file_goes_with_the_next_write(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    old = _left_behind(tmp_path, ".a.md.x1y2z3a4.tracker.tmp", minutes=2)
    new = _left_behind(tmp_path, ".a.md.b1y2z3a4.tracker.tmp", minutes=0)
    others = [
        _left_behind(tmp_path, name, minutes=2)
        for name in (".b.md.x1y2z3a4.tracker.tmp", ".a.md.x1y2z3a4.tmp", "a.md.tracker.tmp")
    ]
    write_atomically(file, b"x")
    assert not old.exists()
    assert all(path.exists() for path in (file, new, *others))


def test_what_a_library_may_still_be_writing_stays(tmp_path: Path) -> None:
    still = _left_behind(tmp_path, ".a.db.x1y2z3a4.tracker.tmp", minutes=30)
    old = _left_behind(tmp_path, ".a.db.b1y2z3a4.tracker.tmp", minutes=90)
    with replacing(tmp_path / "a.db") as new:
        new.write_bytes(b"x")
    assert (still.exists(), old.exists()) == (True, False)


def test_a_temporary_file_is_told_by_its_name(tmp_path: Path) -> None:
    with replacing(tmp_path / "a.db") as new:
        assert leftovers(tmp_path, idle_seconds=-1) == [new]
