"""`tracker build`."""

from __future__ import annotations

import errno
import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tracker.errors import OutputError
from tracker.translation import Message

if TYPE_CHECKING:
    from tests.cli.conftest import Tracker

pytestmark = pytest.mark.usefixtures("few_numbers")

TODAY = ("--today", "2026-11-24")


def _without_errors(english: Path) -> Path:
    (english / "records" / "wrong-day.md").unlink()
    return english


def test_the_path_goes_to_stdout_and_the_rest_to_stderr(process: Tracker, english: Path) -> None:
    ended = process(_without_errors(english), "build", *TODAY)
    index = english / "output" / "index.html"
    assert ended.code == 0
    assert ended.out == f"{index}\n"
    assert "2026" in index.read_text()
    assert "records: 4, pages: " in ended.err
    assert "errors: 0" in ended.err
    assert "\x1b" not in ended.err


def test_errors_exit_with_1_and_everything_is_built_all_the_same(
    tracker: Tracker, english: Path
) -> None:
    ended = tracker(english, "build", *TODAY)
    assert ended.code == 1
    assert "errors: 1" in ended.err
    assert "see what is wrong with: tracker check" in ended.err
    assert (english / "output" / "customers" / "wrong-day.html").is_file()


def test_records_that_cannot_be_read_are_counted(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "build", *TODAY)
    assert ended.code == 1
    assert "有 1 条记录无法读取，未列入\n" in ended.err
    assert Path(ended.out.strip()).is_file()


def test_strict_takes_warnings_for_errors(tracker: Tracker, english: Path) -> None:
    folder = _without_errors(english)
    assert tracker(folder, "build", *TODAY).code == 0
    assert tracker(folder, "build", *TODAY, "--strict").code == 1


def test_strict_is_content_without_warnings(tracker: Tracker, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").touch()
    ended = tracker(tmp_path, "build", "--strict")
    assert ended.code == 0
    assert "errors: 0, warnings: 0" in ended.err


def test_output_is_seen_from_the_folder_of_the_command(
    tracker: Tracker, english: Path, tmp_path: Path
) -> None:
    folder = _without_errors(english)
    ended = tracker(folder / "records", "build", *TODAY, "--output", "../site one")
    assert ended.out == f"{folder / 'site one' / 'index.html'}\n"
    elsewhere = tmp_path / "elsewhere"
    ended = tracker(tmp_path, "-C", str(folder), "build", *TODAY, "--output", str(elsewhere))
    assert ended.out == f"{elsewhere / 'index.html'}\n"
    assert (elsewhere / "index.html").is_file()


def test_a_folder_that_is_not_ours_is_refused(tracker: Tracker, english: Path) -> None:
    theirs = english / "theirs"
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("the only copy")
    ended = tracker(english, "build", *TODAY, "--output", "theirs")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.count("\n") == 1
    assert [file.name for file in theirs.iterdir()] == ["thesis.txt"]


def test_the_records_are_never_the_output(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "build", *TODAY, "--output", "records")
    assert (ended.code, ended.out) == (3, "")
    assert "--output" in ended.err


def test_what_stops_a_build_is_one_line(
    tracker: Tracker, english: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> NoReturn:
        raise OutputError(Message("the disk is full"))

    monkeypatch.setattr("tracker.site.build.build_site", stop)
    ended = tracker(english, "build", *TODAY)
    assert (ended.code, ended.out, ended.err) == (3, "", "tracker: the disk is full\n")


def test_clean_and_the_day_are_handed_on(
    tracker: Tracker, english: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def note(*arguments: object, **options: object) -> NoReturn:
        asked.append((arguments[2], options["clean"]))
        raise OutputError(Message("enough"))

    monkeypatch.setattr("tracker.site.build.build_site", note)
    tracker(english, "build", *TODAY, "--clean")
    tracker(english, "build", "--today", "2026年1月2日")
    assert [(str(day), clean) for day, clean in asked] == [
        ("2026-11-24", True),
        ("2026-01-02", False),
    ]


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="not as root")
def test_a_folder_that_cannot_be_written_is_told(tracker: Tracker, english: Path) -> None:
    english.chmod(0o500)
    try:
        ended = tracker(_without_errors(english), "build", *TODAY)
    finally:
        english.chmod(0o700)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.count("\n") == 1


def test_what_has_not_changed_is_not_built_again(
    tracker: Tracker, english: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.file_states._TICK_NANOSECONDS", 0)
    monkeypatch.setattr("tracker.site.last_build.program_stamp", lambda: "the same")
    output = english / "output"

    def was_built(*options: str) -> bool:
        before = output.stat().st_ino
        ended = tracker(english, "build", *TODAY, *options)
        assert (ended.code, ended.out) == (first.code, first.out)
        assert ended.err.endswith(first.err)
        assert ended.err.startswith("nothing has changed") != (output.stat().st_ino != before)
        return output.stat().st_ino != before

    first = tracker(english, "build", *TODAY)
    assert first.code == 1
    assert not was_built()
    assert was_built("--clean")
    assert not was_built()
    with (english / "records" / "acme-pumps.md").open("a", encoding="utf-8") as record:
        record.write("\n")
    assert was_built()
    assert not was_built()
    monkeypatch.setenv("TRACKER_NO_CACHE", "1")
    assert was_built()


@pytest.mark.skipif(sys.platform != "linux", reason="names of folders are text there")
def test_a_folder_whose_name_is_no_utf_8(process: Tracker, english: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(english.parent) + b"/" + "客户".encode("gbk")))
    _without_errors(english).rename(folder)
    settings = folder / "tracker.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(re.sub("(?m)^title: .*\n", "", text), "utf-8")
    time.sleep(2.1)  # So that the times of files tell whether they are changed.
    for said in ("records: 4", "nothing has changed"):
        ended = process(folder, "build", *TODAY)
        assert ended.code == 0, ended.err
        assert said in ended.err
    assert "客户" in (folder / "output" / "index.html").read_text("utf-8")
    assert process(folder, "--no-cache", "build", *TODAY).code == 0


@pytest.mark.parametrize("reason", [errno.EACCES, errno.EIO, errno.EMFILE])
def test_what_the_system_refused_once_is_read_the_next_time(
    tracker: Tracker, english: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    monkeypatch.setattr("tracker.file_states._TICK_NANOSECONDS", 0)
    monkeypatch.setattr("tracker.site.last_build.program_stamp", lambda: "the same")
    commands = [["check", *TODAY], ["agenda", *TODAY, "--days", "400"], ["build", *TODAY]]

    def all_said(**environment: str) -> list[str]:
        ended = [tracker(english, *arguments, **environment) for arguments in commands]
        return [*(each.out for each in ended), ended[-1].err.splitlines()[-2]]

    def refuse(path: Path, mode: str, buffering: int = -1) -> object:
        if path.name == "acme-pumps.md":
            raise OSError(reason, os.strerror(reason), str(path))
        return opened(path, mode, buffering)

    opened = Path.open
    with monkeypatch.context() as refusing:
        refusing.setattr(Path, "open", refuse)
        assert "acme-pumps.md:1:1: error[unreadable-file]" in all_said()[0]
    page = english / "output" / "customers" / "acme-pumps.html"
    cached = all_said()
    shown = page.read_bytes()
    assert cached == all_said(TRACKER_NO_CACHE="1")
    assert shown == page.read_bytes()
