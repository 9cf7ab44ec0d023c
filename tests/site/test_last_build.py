"""A build that has nothing to do does nothing; one that has something to do never takes it so."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository
from tracker import file_states, folders
from tracker.library.cache_files import CACHE_DIR
from tracker.site import last_build, writer
from tracker.site.build import build_site
from tracker.site.build_result import BuildResult
from tracker.site.last_build import LastBuild
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("few_numbers")

TODAY = date(2026, 11, 24)
RESULT = BuildResult(pages=3, files=5, records=1, left_out=0, errors=0, warnings=2)
RECORD = "---\nname: Acme\nstage: proposal\nowner: Li\n---\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with one of everything, and a site that somebody built."""
    root = tmp_path / "team"
    files = {
        "tracker.yaml": "language: en\n",
        "records/acme.md": RECORD,
        "records/north/blue.md": RECORD,
        "attachments/acme/quote.pdf": "quote",
        "site_templates/assets/ours.css": "p { }",
        "output/index.html": "<p>1</p>",
        "output/customers/acme.html": "<p>2</p>",
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a test are as new as can be: take clocks to be exact."""
    monkeypatch.setattr(file_states, "_TICK_NANOSECONDS", 0)


def last(root: Path, today: date = TODAY, output: str = "output") -> LastBuild:
    return LastBuild(root, root / output, today)


def rewritten(file: Path, text: str) -> None:
    """Give a file another content of the same length and the same time."""
    status = file.stat()
    assert len(text) == status.st_size
    file.write_text(text, "utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_nothing_is_known_before_the_first_build(root: Path) -> None:
    assert last(root).result() is None


def test_where_nothing_has_changed_the_result_is_that_of_the_last_build(root: Path) -> None:
    last(root).keep(RESULT)
    assert last(root).result() == RESULT
    assert last(root).result() == RESULT


def _write(root: Path, path: str, text: str = "") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a record is edited": lambda root: (root / "records/acme.md").write_text("x", "utf-8"),
    "a record is edited and looks the same": lambda root: rewritten(
        root / "records/acme.md", RECORD.replace("Acme", "Blue")
    ),
    "a record comes": lambda root: (root / "records/new.md").write_text(RECORD, "utf-8"),
    "a record goes": lambda root: (root / "records/north/blue.md").unlink(),
    "a record is renamed": lambda root: (root / "records/acme.md").rename(root / "records/b.md"),
    "a folder is renamed": lambda root: (root / "records/north").rename(root / "records/south"),
    "settings": lambda root: (root / "tracker.yaml").write_text("language: zh\n", "utf-8"),
    "settings go": lambda root: (root / "tracker.yaml").unlink(),
    "an attachment": lambda root: (root / "attachments/acme/quote.pdf").write_text("q", "utf-8"),
    "a link that leads nowhere": lambda root: (root / "attachments/q.pdf").symlink_to("nowhere"),
    "attachments go": lambda root: shutil.rmtree(root / "attachments"),
    "an asset": lambda root: rewritten(root / "site_templates/assets/ours.css", "b { }"),
    "a template comes": lambda root: (root / "site_templates/stage.html").write_text("", "utf-8"),
    "a page was changed": lambda root: rewritten(root / "output/index.html", "<p>9</p>"),
    "a page was lost": lambda root: (root / "output/customers/acme.html").unlink(),
    "the site was lost": lambda root: shutil.rmtree(root / "output"),
    "something lies in the site": lambda root: (root / "output/new").write_text("", "utf-8"),
    "a folder like one of Python's": lambda root: _write(root, "attachments/__pycache__/a.pdf"),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_every_change_is_seen(root: Path, change: str) -> None:
    last(root).keep(RESULT)
    CHANGES[change](root)
    assert last(root).result() is None


def test_another_day_another_folder_and_another_program_are_other_builds(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    last(root).keep(RESULT)
    assert last(root, date(2026, 11, 25)).result() is None
    shutil.copytree(root / "output", root / "other")
    assert last(root, output="other").result() is None
    templates = tmp_path / "templates"
    templates.mkdir()
    monkeypatch.setattr(last_build, "_BUILTIN_TEMPLATES", templates)
    last(root).keep(RESULT)
    assert last(root).result() == RESULT
    (templates / "board.html").write_text("", "utf-8")
    assert last(root).result() is None
    last(root).keep(RESULT)
    monkeypatch.setattr(last_build, "program_stamp", lambda: "another")
    assert last(root).result() is None


GIT_CHANGES: dict[str, Callable[[Repository], object]] = {
    "a commit": lambda repository: repository.commit("2026-11-21"),
    "names of people": lambda repository: repository.write(".mailmap", "A <lilei@example.com>\n"),
    "names of people elsewhere": lambda repository: repository.git(
        "config", "mailmap.file", "tracker.yaml"
    ),
    "a record is no longer in the index": lambda repository: repository.git(
        "rm", "-q", "--cached", "team/records/acme.md"
    ),
    "a replaced commit": lambda repository: repository.git("replace", "--graft", "HEAD"),
}


@pytest.mark.git
@pytest.mark.parametrize("change", list(GIT_CHANGES))
def test_every_change_of_what_git_says_is_seen(root: Path, change: str) -> None:
    repository = Repository(root.parent)
    repository.write(".gitignore", "output/\n.tracker-cache/\n")
    repository.commit("2026-11-19")
    repository.commit("2026-11-20")
    result = replace(RESULT, commit=repository.git("rev-parse", "HEAD").strip())
    last(root).keep(result)
    assert last(root).result() == result
    GIT_CHANGES[change](repository)
    assert last(root).result() is None


def test_that_git_is_there_by_now_is_seen(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without_git:
        without_git.setenv("PATH", "")
        last(root).keep(RESULT)
        assert last(root).result() == RESULT
    assert last(root).result() is None


@pytest.mark.git
def test_a_build_that_git_told_nothing_is_not_the_last_one(root: Path) -> None:
    Repository(root).commit("2026-11-20")
    last(root).keep(RESULT)
    assert last(root).result() is None


def test_what_was_changed_within_a_tick_of_the_clock_is_not_trusted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_states, "_TICK_NANOSECONDS", 3600 * 10**9)
    last(root).keep(RESULT)
    assert last(root).result() is None


def test_a_change_while_the_site_was_built_is_seen(root: Path) -> None:
    building = last(root)
    (root / "records/acme.md").write_text("x", "utf-8")
    building.keep(RESULT)
    assert last(root).result() is None


def test_the_site_of_another_build_is_not_taken_for_its_own(root: Path) -> None:
    number = (root / "output").stat().st_ino
    last(root).keep(replace(RESULT, folder=number + 1))
    assert last(root).result() is None
    last(root).keep(replace(RESULT, folder=number))
    assert last(root).result() == RESULT


MEDDLING: dict[str, Callable[[Path], object]] = {
    "a page": lambda output: (output / "index.html").write_text("<p>9</p>", "utf-8"),
    "a new file": lambda output: (output / "CNAME").write_text("crm.example", "utf-8"),
    "a page that is gone": lambda output: (output / "index.html").unlink(),
    "a page that is gone elsewhere": lambda output: (output / "customers/index.html").unlink(),
}


@pytest.mark.parametrize("meddling", list(MEDDLING))
def test_what_somebody_writes_right_after_the_site_is_in_place_is_seen(
    root: Path, monkeypatch: pytest.MonkeyPatch, meddling: str
) -> None:
    def swap_and_meddle(new: Path, old: Path) -> None:
        folders.swap_folders(new, old)
        MEDDLING[meddling](old)

    shutil.rmtree(root / "output")
    building = last(root)
    with monkeypatch.context() as patch:
        patch.setattr(writer, "swap_folders", swap_and_meddle)
        building.keep(build_site(root, root / "output", TODAY, cached=True))
    assert last(root).result() is None
    building = last(root)
    result = build_site(root, root / "output", TODAY, cached=True)
    building.keep(result)
    assert last(root).result() == result


def test_a_site_that_is_taken_away_at_once_is_not_kept(root: Path) -> None:
    building = last(root)
    shutil.rmtree(root / "output")
    building.keep(RESULT)
    assert last(root).result() is None


def test_what_has_to_be_said_again_makes_a_build(root: Path) -> None:
    told = BuildResult(3, 5, 1, 0, 0, 0, (Message("a template has no effect"),))
    last(root).keep(told)
    assert last(root).result() is None


def test_a_damaged_or_foreign_cache_counts_for_nothing(root: Path) -> None:
    last(root).keep(RESULT)
    (file,) = (root / CACHE_DIR).glob("site-*")
    sound = file.read_bytes()
    for damaged in (b"", sound[:-1], sound[:4] + b"\x00" + sound[5:], b"\x80\x04pickle"):
        file.write_bytes(damaged)
        assert last(root).result() is None


def test_what_is_kept_of_sites_that_are_gone_goes_too(root: Path) -> None:
    shutil.copytree(root / "output", root / "other")
    last(root).keep(RESULT)
    last(root, output="other").keep(RESULT)
    (root / CACHE_DIR / "site-notes.msgpack").write_bytes(b"mine")
    (root / CACHE_DIR / "records-00.msgpack").write_bytes(b"of records")
    last(root).keep(RESULT)
    assert last(root, output="other").result() == RESULT
    shutil.rmtree(root / "other")
    last(root).keep(RESULT)
    assert last(root).result() == RESULT
    left = {file.name for file in (root / CACHE_DIR).iterdir()}
    assert len(left) == len({".gitignore", "records-00.msgpack", "site-notes.msgpack", "ours"})
    assert {"records-00.msgpack", "site-notes.msgpack"} < left
