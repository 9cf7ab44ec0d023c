"""Replacing a site: whole or not at all, and never what is not ours."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from tracker import folders
from tracker.errors import OutputError
from tracker.site import writer
from tracker.site.build_lock import BuildLock
from tracker.site.folder import SiteFolder
from tracker.site.writer import MANIFEST, SiteWriter, abandoned_sites, remove_abandoned_sites


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


def test_pages_that_a_server_has_added_meanwhile_are_no_foreign_files(tmp_path: Path) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    with SiteWriter(output) as site:
        site.write("index.html", b"mine")
        SiteFolder(output).write("calendar/2026-12.html", b"theirs")
        (output / "CNAME").write_text("crm.example", encoding="utf-8")
        site.commit()
    assert contents(output) == {"index.html": "mine", "CNAME": "crm.example"}


def test_links_and_empty_folders_of_somebody_else_stay(tmp_path: Path) -> None:
    output = tmp_path / "output"
    media = tmp_path / "media"
    media.mkdir()
    (media / "film.mp4").write_text("film", encoding="utf-8")
    build(output, {"index.html": "one", "old/page.html": "gone"})
    (output / "media").symlink_to(media)
    (output / "near").symlink_to("../media")
    (output / "gone").symlink_to("nowhere")
    (output / "film.mp4").symlink_to(media / "film.mp4")
    (output / "uploads" / "2026").mkdir(parents=True)
    for text in ("two", "three"):
        build(output, {"index.html": text})
        assert (output / "media").readlink() == media
        assert (output / "near" / "film.mp4").read_text(encoding="utf-8") == "film"
        assert (output / "gone").is_symlink()
        assert (output / "film.mp4").is_symlink()
        assert (output / "uploads" / "2026").is_dir()
        assert not (output / "old").exists()


def test_a_link_gives_way_to_a_folder_of_the_site(tmp_path: Path) -> None:
    output = tmp_path / "output"
    records = tmp_path / "records"
    records.mkdir()
    (records / "acme.md").write_text("mine", encoding="utf-8")
    build(output, {"index.html": "one"})
    (output / "customers").symlink_to(records)
    build(output, {"customers/acme.html": "two"})
    assert not (output / "customers").is_symlink()
    assert contents(output) == {"customers/acme.html": "two"}
    assert [file.name for file in records.iterdir()] == ["acme.md"]


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
    replace = Path.replace

    def fail_for_new(self: Path, target: Path) -> Path:
        if target == output and not self.name.endswith("-old"):
            raise OSError(errno.EACCES, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_for_new)
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


def test_a_killed_build_leaves_the_old_site_and_the_next_one_sweeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
        monkeypatch.setattr(writer, "PATIENCE_SECONDS", 0)
        with pytest.raises(OutputError, match="another build"):
            build(output, {"index.html": "while it runs"})
        assert abandoned_sites(output) == []
        remove_abandoned_sites(output)
        assert len(strays(output)) == 2, "a running build must not be swept away"
        process.send_signal(signal.SIGKILL)
    assert contents(output) == {"index.html": "one"}
    assert len(abandoned_sites(output)) == 1
    build(output, {"index.html": "three"})
    assert strays(output) == []
    assert contents(output) == {"index.html": "three"}


def test_a_build_waits_for_another_one(tmp_path: Path) -> None:
    output = tmp_path / "output"
    begun, waited, ended = threading.Event(), threading.Event(), threading.Event()

    def build_first() -> None:
        with SiteWriter(output) as site:
            begun.set()
            waited.wait()
            site.write("index.html", b"one")
            site.commit()
        ended.set()

    def waiting(_seconds: float) -> None:
        waited.set()
        ended.wait()

    thread = threading.Thread(target=build_first)
    thread.start()
    begun.wait()
    with SiteWriter(output, waiting=waiting) as site:
        site.write("index.html", b"two")
        site.commit()
    thread.join()
    assert contents(output) == {"index.html": "two"}
    assert strays(output) == []


def test_builds_that_begin_while_others_end_neither_fail_nor_harm_them(tmp_path: Path) -> None:
    output = tmp_path / "output"
    files = {f"{number}.html": "x" for number in range(50)}
    failures: list[Exception] = []

    def build_often() -> None:
        try:
            for _ in range(15):
                build(output, files)
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=build_often) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert contents(output) == files
    assert strays(output) == []


def test_another_build_cannot_begin_before_a_site_is_in_place_and_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    found: list[list[Path]] = []
    lost: list[bool] = []

    def held_up(new: Path, old: Path) -> None:
        found.append(abandoned_sites(output))
        lost.append(BuildLock(output).acquire())
        folders.swap_folders(new, old)

    remove = shutil.rmtree

    def removing(folder: Path, *, ignore_errors: bool = False) -> None:
        found.append(abandoned_sites(output))
        lost.append(BuildLock(output).acquire())
        remove(folder, ignore_errors=ignore_errors)

    monkeypatch.setattr(writer, "swap_folders", held_up)
    monkeypatch.setattr(shutil, "rmtree", removing)
    build(output, {"index.html": "two"})
    assert found == [[], []]
    assert lost == [False, False]
    assert contents(output) == {"index.html": "two"}


def test_what_a_killed_build_left_is_swept_at_once_and_links_are_not_followed(
    tmp_path: Path,
) -> None:
    output = tmp_path / "output"
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work", encoding="utf-8")
    (tmp_path / ".output.tracker-xyz").mkdir()
    (tmp_path / ".output.tracker-abc-old").symlink_to(mine)
    (tmp_path / ".output.tracker-lock").symlink_to(mine / "thesis.txt")
    build(output, {"index.html": "one"})
    assert not (tmp_path / ".output.tracker-xyz").exists()
    assert not output.is_symlink()
    assert (mine / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_the_last_site_comes_back_when_leftovers_are_removed(tmp_path: Path) -> None:
    output = tmp_path / "output"
    build(output, {"index.html": "one"})
    output.rename(tmp_path / ".output.tracker-abc-old")
    remove_abandoned_sites(output)
    assert contents(output) == {"index.html": "one"}
    assert strays(output) == []


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


def test_a_file_that_was_replaced_meanwhile_is_not_reused(tmp_path: Path) -> None:
    output = tmp_path / "site"
    build(output, {"index.html": "old"})
    number = (output / "index.html").stat().st_ino
    with SiteWriter(output) as site:
        SiteFolder(output).write("index.html", b"of a server")
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
