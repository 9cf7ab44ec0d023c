"""Replacing a site: whole or not at all, and never what is not ours."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tracker import folders
from tracker.errors import OutputError
from tracker.site.writer import MANIFEST, SiteWriter


def build(output: Path, files: dict[str, str], *, clean: bool = False) -> None:
    with SiteWriter(output, clean=clean) as site:
        for path, text in files.items():
            site.write(path, text.encode())
        site.commit()


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def strays(output: Path) -> list[str]:
    return [path.name for path in output.parent.iterdir() if path.name.startswith(".")]


def test_new_site_replaces_the_old_one_and_keeps_foreign_files(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    (output / ".gitignore").write_text("*\n", encoding="utf-8")
    build(output, {"index.html": "one", "customers/gone.html": "gone"})
    (output / "CNAME").write_text("crm.example", encoding="utf-8")
    build(output, {"index.html": "two", "customers/new.html": "new"})
    assert contents(output) == {
        ".gitignore": "*\n",
        "CNAME": "crm.example",
        "index.html": "two",
        "customers/new.html": "new",
    }
    assert strays(output) == []


def test_pages_of_a_build_that_ended_meanwhile_are_no_foreign_files(tmp_path: Path) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    with SiteWriter(output) as site:
        site.write("index.html", b"mine")
        build(output, {"index.html": "theirs", "calendar/2026-12.html": "theirs"})
        (output / "CNAME").write_text("crm.example", encoding="utf-8")
        site.commit()
    assert contents(output) == {"index.html": "mine", "CNAME": "crm.example"}


def test_foreign_files_are_looked_at_again_where_the_site_changes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    (output / "CNAME").write_text("crm.example", encoding="utf-8")
    walk = os.walk
    walks: list[Path] = []

    def walk_late(folder: Path) -> object:
        if folder == output and not walks:
            walks.append(folder)
            build(output, {"index.html": "theirs", "calendar/2026-12.html": "theirs"})
        return walk(folder)

    with SiteWriter(output) as site:
        site.write("index.html", b"mine")
        monkeypatch.setattr(os, "walk", walk_late)
        site.commit()
    assert walks
    assert contents(output) == {"index.html": "mine", "CNAME": "crm.example"}


def test_clean_drops_foreign_files(tmp_path: Path) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    (output / "CNAME").write_text("crm.example", encoding="utf-8")
    build(output, {"index.html": "two"}, clean=True)
    assert contents(output) == {"index.html": "two"}


@pytest.mark.parametrize("clean", [False, True])
def test_a_folder_that_is_no_site_is_refused_and_untouched(tmp_path: Path, *, clean: bool) -> None:
    output = tmp_path / "documents"
    output.mkdir()
    (output / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match=r"thesis\.txt"):
        build(output, {"index.html": "one"}, clean=clean)
    assert contents(output) == {"thesis.txt": "years of work"}
    assert strays(output) == []


DAMAGED = (
    "{",
    "[]",
    "{}",
    '{"files": "index.html"}',
    '{"files": [1]}',
    '{"files": ["a\\ud800"]}',
    "[" * 100_000,
)


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: str) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    (output / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match="damaged"):
        build(output, {"index.html": "two"})
    assert contents(output) == {"index.html": "one"}


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError):
        build(output, {"index.html": "one"})
    assert output.read_text(encoding="utf-8") == "a file"


def test_an_exception_before_commit_keeps_the_old_site(tmp_path: Path) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})

    def fail() -> None:
        with SiteWriter(output) as site:
            site.write("index.html", b"two")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert contents(output) == {"index.html": "one"}
    assert strays(output) == []


def test_a_full_disk_keeps_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})

    def full(_self: Path, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left on device"):
        build(output, {"index.html": "two"})
    assert contents(output) == {"index.html": "one"}
    assert strays(output) == []


@pytest.mark.parametrize("exchange", [True, False])
def test_both_ways_of_swapping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(folders, "_exchange", lambda _new, _old: False)
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    build(output, {"index.html": "two"})
    assert contents(output) == {"index.html": "two"}
    assert strays(output) == []


def test_a_failed_second_rename_brings_the_old_site_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    monkeypatch.setattr(folders, "_exchange", lambda _new, _old: False)
    rename = Path.rename

    def fail_for_new(self: Path, target: Path) -> Path:
        if target == output and not self.name.endswith("-old"):
            raise OSError(errno.EACCES, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_new)
    with pytest.raises(OutputError, match=": Permission denied; the last site is untouched"):
        build(output, {"index.html": "two"})
    assert contents(output) == {"index.html": "one"}


def test_a_site_left_aside_by_a_killed_build_comes_back(tmp_path: Path) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    output.rename(tmp_path / ".output.tracker-abc-old")

    def fail() -> None:
        with SiteWriter(output):
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert contents(output) == {"index.html": "one"}


def test_a_killed_build_leaves_the_old_site_and_the_next_one_sweeps(tmp_path: Path) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    script = textwrap.dedent(
        f"""
        import sys, time
        from pathlib import Path
        from tracker.site.writer import SiteWriter
        with SiteWriter(Path({str(output)!r})) as site:
            site.write("index.html", b"two")
            print("ready", flush=True)
            time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        build(output, {"index.html": "while it runs"})
        assert len(strays(output)) == 1, "a running build must not be swept away"
        process.send_signal(signal.SIGKILL)
    assert contents(output) == {"index.html": "while it runs"}
    build(output, {"index.html": "three"})
    assert strays(output) == []
    assert contents(output) == {"index.html": "three"}


def test_a_leftover_without_lock_is_swept_only_when_old(tmp_path: Path) -> None:
    output = tmp_path / "output"
    leftover = tmp_path / ".output.tracker-xyz"
    leftover.mkdir()
    build(output, {"index.html": "one"})
    assert leftover.exists()
    past = time.time() - 3600
    os.utime(leftover, (past, past))
    build(output, {"index.html": "two"})
    assert not leftover.exists()


def test_a_symbolic_link_to_the_output_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "disk" / "site"
    link = tmp_path / "output"
    real.mkdir(parents=True)
    link.symlink_to(real)
    build(link, {"index.html": "one"})
    build(link, {"index.html": "two"})
    assert link.is_symlink()
    assert contents(real) == {"index.html": "two"}


def test_the_manifest_lists_the_files(tmp_path: Path) -> None:
    output = tmp_path / "output"
    build(output, {"b.html": "b", "客户/甲.html": "a"})
    manifest = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
    assert manifest == {"files": ["b.html", "客户/甲.html"]}


def test_a_file_that_another_build_has_replaced_is_not_reused(tmp_path: Path) -> None:
    output = tmp_path / "site"
    build(output, {"index.html": "old"})
    number = (output / "index.html").stat().st_ino
    with SiteWriter(output) as site:
        build(output, {"index.html": "of another build"})
        assert not site.reuse("index.html", number)
        site.write("index.html", b"new")
        site.commit()
    assert (output / "index.html").read_bytes() == b"new"


def test_what_is_reused_can_still_be_written_and_the_old_site_stays(tmp_path: Path) -> None:
    output = tmp_path / "site"
    build(output, {"index.html": "old"})
    number = (output / "index.html").stat().st_ino
    with SiteWriter(output) as site:
        assert site.reuse("index.html", number)
        assert site.reuse("index.html", number)
        site.write("index.html", b"new")
        assert (output / "index.html").read_bytes() == b"old"
        site.commit()
    assert (output / "index.html").read_bytes() == b"new"


def test_a_writer_knows_whether_its_site_is_still_in_place(tmp_path: Path) -> None:
    output = tmp_path / "site"
    with SiteWriter(output) as site:
        site.write("index.html", b"1")
        assert not site.is_in_place()
        site.commit()
    assert site.is_in_place()
    build(output, {"index.html": "2"})
    assert not site.is_in_place()
