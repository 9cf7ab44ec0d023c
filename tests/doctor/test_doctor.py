"""`tracker doctor`: broken workspaces, what is found in them, and that its commands mend it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
import zoneinfo
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tools import doctor_page
from tracker.cli.main import run
from tracker.doctor.finding import Examined
from tracker.doctor.registry import all_checks
from tracker.library.cache_files import CACHE_DIR

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.doctor.finding import Finding

RECORD = "---\nname: {name}\nstage: proposal\nowner: Li Lei\n---\n"


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace without git, for a person of whom git knows nothing."""
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", str(tmp_path / f"git-{name}"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    root = tmp_path / "team"
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text("language: en\n", "utf-8")
    (root / "records" / "acme.md").write_text(RECORD.format(name="Acme"), "utf-8")
    return root


@pytest.fixture
def cloned(bare: Path) -> Path:
    """A workspace in which nothing is wrong."""
    git(bare, "init", "--quiet")
    git(bare, "config", "user.name", "Li Lei")
    git(bare, "config", "user.email", "lilei@example.com")
    (bare / ".gitignore").write_text("/output/\n/.tracker-cache/\n", "utf-8")
    assert run(["-C", str(bare), "git-setup"]) == 0
    return bare


def found(root: Path, code: str) -> list[Finding]:
    return list(all_checks()[code](Examined(root)))


def one(root: Path, code: str) -> Finding:
    (finding,) = found(root, code)
    return finding


def mended(root: Path, finding: Finding) -> None:
    """Carry the command of a finding out, with this program for `tracker`."""
    words = f"{shlex.quote(sys.executable)} -m tracker"
    line = finding.mend.replace("tracker ", f"{words} ", 1) if "tracker " in finding.mend else ""
    line = line if finding.mend.startswith("tracker ") else finding.mend
    subprocess.run(line, shell=True, cwd=root, check=True, capture_output=True)  # noqa: S602  # what a person would type


def test_a_sound_clone_has_nothing_wrong(cloned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(cloned), "doctor", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["severity"] for row in rows} <= {"info"}


def test_settings_that_cannot_be_read(bare: Path) -> None:
    (bare / "tracker.yaml").write_text("language: en\ncurrency: gold\nx: 1\n", "utf-8")
    finding = one(bare, "settings")
    assert finding.where.startswith("tracker.yaml:")
    assert finding.what.values["count"] == 2
    assert finding.mend == "tracker check tracker.yaml"


def test_a_workspace_without_records(bare: Path) -> None:
    (bare / "records" / "acme.md").unlink()
    (bare / "records").rmdir()
    finding = one(bare, "records-folder")
    mended(bare, finding)
    assert not found(bare, "records-folder")


@pytest.mark.parametrize("name", ["brass.markdown", "brass.txt", "brass"])
def test_a_record_of_another_ending_is_found(bare: Path, name: str) -> None:
    (bare / "records" / "notes.txt").write_text("call them all", "utf-8")
    (bare / "records" / name).write_text("---\nname: Brass\n---\n", "utf-8")
    finding = one(bare, "records-folder")
    assert finding.where == f"records/{name}"
    mended(bare, finding)
    assert not found(bare, "records-folder")


def test_files_that_cannot_be_read_or_written(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may read and write everything, so the system is asked as somebody else.
    monkeypatch.setattr(os, "access", _access_of_another_person)
    file = bare / "records" / "acme.md"
    for mode, text in ((0o000, "cannot be read"), (0o400, "cannot be written")):
        file.chmod(mode)
        finding = one(bare, "records-folder")
        assert text in str(finding.what)
        mended(bare, finding)
        assert text not in "".join(str(each.what) for each in found(bare, "records-folder"))


def _access_of_another_person(path: Path, mode: int) -> bool:
    return path.stat().st_mode >> 6 & mode == mode


def test_a_record_that_is_not_utf_8(bare: Path) -> None:
    file = bare / "records" / "heng da.md"
    file.write_bytes(RECORD.format(name="恒达精密机械有限公司").encode("gb18030"))
    finding = one(bare, "encodings")
    assert (finding.where, finding.severity) == ("records/heng da.md:2", "error")
    mended(bare, finding)
    assert "恒达精密" in file.read_text("utf-8")
    assert not found(bare, "encodings")


@pytest.mark.parametrize(
    "names",
    [
        ("con.md",),
        ("LPT1.md",),
        ("a:b.md",),
        ("acme /x.md",),
        ("dot./x.md",),
        ("Acme.md",),
        ("e\u0301.md", "\u00e9.md"),
    ],
)
def test_names_that_some_system_cannot_have(bare: Path, names: tuple[str, ...]) -> None:
    for name in names:
        file = bare / "records" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(RECORD.format(name="Somebody"), "utf-8")
    finding = one(bare, "portable-names")
    mended(bare, finding)
    assert not found(bare, "portable-names")


def test_a_path_that_is_too_long_for_windows(bare: Path) -> None:
    file = bare / "records" / f"{'长' * 84}.md"
    folder = bare / "records" / ("d" * 100)
    folder.mkdir()
    file.with_name(file.name).write_text("", "utf-8")
    assert not found(bare, "portable-names")
    (folder / file.name).write_text("", "utf-8")
    assert one(bare, "portable-names").severity == "warning"


def test_leftovers_are_removed(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    then = time.time() - 120
    strays = [
        bare / "records" / ".acme.md.x1y2z3a4.tracker.tmp",
        bare / CACHE_DIR / "drafts" / ".d.md.x1y2z3a4.tracker.tmp",
        bare / ".output.tracker-abc" / "index.html",
    ]
    for stray in strays:
        stray.parent.mkdir(parents=True, exist_ok=True)
        stray.write_bytes(b"half")
        os.utime(stray, (then, then))
    os.utime(strays[2].parent, (then, then))
    files, sites = found(bare, "leftovers")
    assert (files.what.values["count"], sites.where) == (2, ".output.tracker-abc")
    own = bare / "records" / ".acme.md.tmp"
    own.write_bytes(b"somebody's")
    run(["-C", str(bare), "doctor", "--fix"])
    assert "[leftovers]" not in capsys.readouterr().out
    assert not any(stray.exists() for stray in strays)
    assert own.exists()


def test_a_build_that_is_running_is_not_taken_for_a_leftover(bare: Path) -> None:
    folder = bare / ".output.tracker-abc"
    folder.mkdir()
    with FileLock(bare / ".output.tracker-lock"):
        assert not found(bare, "leftovers")
    assert one(bare, "leftovers").where == folder.name


@pytest.mark.git
def test_a_workspace_in_no_repository(bare: Path) -> None:
    finding = one(bare, "repository")
    mended(bare, finding)
    assert not found(bare, "repository")
    assert len(found(bare, "git-identity")) == 2


@pytest.mark.git
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="gives a folder away")
def test_a_repository_of_somebody_else(cloned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.chown(cloned, 1234, -1)
    finding = one(cloned, "repository")
    assert finding.mend == f"git config --global --add safe.directory {cloned}"
    for command in (["git-setup"], ["changes"]):
        assert run(["-C", str(cloned), *command]) == 3
        assert finding.mend in capsys.readouterr().err
    assert run(["-C", str(cloned), "report"]) == 0
    assert "git does not trust this repository" in capsys.readouterr().out
    mended(cloned, finding)
    assert not found(cloned, "repository")


@pytest.mark.git
def test_folders_that_git_would_take(cloned: Path) -> None:
    (cloned / ".gitignore").write_text("", "utf-8")
    (cloned / "output").mkdir()
    (cloned / "output" / "index.html").write_text("x", "utf-8")
    git(cloned, "add", "output")
    for finding in found(cloned, "ignored-files"):
        mended(cloned, finding)
    # Taken out of git, it is still to be ignored.
    mended(cloned, one(cloned, "ignored-files"))
    assert not found(cloned, "ignored-files")
    assert (cloned / "output" / "index.html").exists()


@pytest.mark.git
def test_a_last_line_that_is_not_ended_stays_one(cloned: Path) -> None:
    (cloned / ".gitignore").write_text("/output/\nnode_modules/", "utf-8")
    mended(cloned, one(cloned, "ignored-files"))
    lines = (cloned / ".gitignore").read_text("utf-8").splitlines()
    assert lines == ["/output/", "node_modules/", "/.tracker-cache/"]


@pytest.mark.git
def test_line_breaks_that_depend_on_the_clone(cloned: Path) -> None:
    git(cloned, "config", "core.autocrlf", "true")
    mended(cloned, one(cloned, "line-endings"))
    assert not found(cloned, "line-endings")


@pytest.mark.git
def test_names_that_git_shows_as_numbers(cloned: Path) -> None:
    assert not found(cloned, "shown-names")
    (cloned / "records" / "恒达.md").write_text(RECORD.format(name="恒达"), "utf-8")
    mended(cloned, one(cloned, "shown-names"))
    assert not found(cloned, "shown-names")


@pytest.mark.git
def test_a_clone_that_is_not_set_up(cloned: Path) -> None:
    assert run(["-C", str(cloned), "git-setup", "--remove"]) == 0
    assert "merge.tracker.driver" in one(cloned, "merge-driver").where


@pytest.mark.git
def test_a_driver_that_is_gone(cloned: Path) -> None:
    assert not found(cloned, "merge-driver")
    driver = git(cloned, "config", "merge.tracker.driver").strip()
    program = shlex.split(driver)[0]
    git(cloned, "config", "merge.tracker.driver", driver.replace(program, f"{program}-gone"))
    _, finding = found(cloned, "merge-driver")
    assert finding.severity == "error"


@pytest.mark.git
def test_a_clock_that_is_behind(cloned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(cloned, "commit", "--allow-empty", "--quiet", "-m", "x")
    assert not found(cloned, "clock")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 3 * 24 * 3600)
    assert one(cloned, "clock").what.values["days"] == 3


def test_characters_that_cannot_be_shown(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        encoding = "cp437"

    assert not found(bare, "characters")
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert one(bare, "characters").what.values["encoding"] == "cp437"


def test_a_machine_without_time_zones(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not found(bare, "time-zones")
    examined = Examined(bare)

    class Missing:
        @staticmethod
        def no_cache(key: str) -> None:
            raise zoneinfo.ZoneInfoNotFoundError(key)

    monkeypatch.setattr("tracker.doctor.checks.time_zones.ZoneInfo", Missing)
    (finding,) = all_checks()["time-zones"](examined)
    assert finding.mend.endswith("-m pip install tzdata")


def test_an_extra_that_is_missing(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "duckdb":
            raise metadata.PackageNotFoundError
        return "1"

    monkeypatch.setattr(metadata, "version", version)
    finding = one(bare, "extras")
    assert finding.mend.endswith("-m pip install 'tracker-records[parquet]'")
    assert finding.severity == "info"


def test_a_cache_that_cannot_be_written(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", _access_of_another_person)
    (bare / CACHE_DIR).mkdir(mode=0o500)
    mended(bare, one(bare, "cache"))
    assert not found(bare, "cache")


def test_a_cache_that_is_a_link(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (bare / CACHE_DIR).symlink_to(tmp_path_factory.mktemp("elsewhere"))
    mended(bare, one(bare, "cache"))
    assert not found(bare, "cache")


@pytest.mark.parametrize("manifest", ['{"files": ["../records/acme.md"]}', "[" * 100_000])
def test_a_site_of_which_it_is_not_known_what_is_ours(bare: Path, manifest: str) -> None:
    (bare / "output").mkdir()
    (bare / "output" / ".tracker-site.json").write_text(manifest, "utf-8")
    mended(bare, one(bare, "site-folder"))
    assert not found(bare, "site-folder")


def test_a_folder_of_the_site_that_holds_something_else(bare: Path) -> None:
    (bare / "output").mkdir()
    (bare / "output" / "thesis.txt").write_text("mine", "utf-8")
    mended(bare, one(bare, "site-folder"))
    assert not found(bare, "site-folder")
    assert (bare / "output-1" / "thesis.txt").exists()


def test_a_command_that_is_writing(bare: Path) -> None:
    lock = bare / CACHE_DIR / "records.lock"
    lock.parent.mkdir()
    with FileLock(lock):
        assert one(bare, "busy").severity == "info"
    assert not found(bare, "busy")


@pytest.mark.parametrize(("rev", "count"), [("v99.1", 1), ("v0.0.1", 0), ("main", 0)])
def test_hooks_of_a_newer_version(bare: Path, rev: str, count: int) -> None:
    text = f"repos:\n  - repo: https://example.com/tracker\n    rev: {rev}\n    hooks:\n"
    (bare / ".pre-commit-config.yaml").write_text(f"{text}      - id: tracker-fmt\n", "utf-8")
    assert len(found(bare, "versions")) == count


@pytest.fixture
def printed(bare: Path, capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    (bare / "records" / "con.md").write_text(RECORD.format(name="Con"), "utf-8")
    capsys.readouterr()
    return capsys


def test_what_a_person_is_told(bare: Path, printed: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(bare), "doctor"]) == 1
    out, err = printed.readouterr()
    first = out.split("\n")
    assert first[0] == (
        "error: records/con.md: ‘con’ is the name of a device on Windows [portable-names]"
    )
    assert first[2].startswith("    $ mv ")
    assert err.startswith("wrong: ")


def test_what_a_person_is_told_in_chinese(bare: Path, printed: pytest.CaptureFixture[str]) -> None:
    (bare / "tracker.yaml").write_text("language: zh\n", "utf-8")
    assert run(["-C", str(bare), "doctor"]) == 1
    out, err = printed.readouterr()
    assert out.startswith("错误: records/con.md")
    words = [line for line in (out + err).splitlines() if not line.strip().startswith("$")]
    assert all(any("\u4e00" <= char <= "\u9fff" for char in line) for line in words)


def test_every_check_says_what_it_looks_at() -> None:
    for code, check in all_checks().items():
        documentation = sys.modules[check.__module__].__doc__ or ""
        assert documentation.endswith("."), code


@pytest.mark.parametrize("language", doctor_page.PAGES)
def test_the_page_tells_of_every_check(language: str) -> None:
    page = doctor_page.PAGES[language].read_text(encoding="utf-8")
    assert doctor_page.page(language) == page
    assert all(f"| `{code}` | " in page for code in all_checks())
