"""The hooks that other repositories take from here, run in a clone as pre-commit runs them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.git_repository import Repository

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parent.parent
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}
SOUND = "---\nname: Acme\nstage: proposal\nowner: Li Lei\n---\n"
FAULTY = SOUND.replace("proposal", "propsal")
UNTIDY = SOUND.replace("stage:", "stage:   ")

pytestmark = pytest.mark.git


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    """Return a fresh clone of a repository with two workspaces, one at its root."""
    origin = Repository(tmp_path / "origin")
    origin.write("tracker.yaml", "language: en\n")
    origin.write("records/acme.md", SOUND)
    origin.write("records/_template.md", "---\nname:\n---\n")
    origin.write("east/tracker.yaml", "language: en\n")
    origin.write("east/records/duinhorst.md", SOUND.replace("Acme", "Duinhorst"))
    origin.commit("2026-11-20")
    return origin.clone(tmp_path / "clone")


def hook(
    name: str, clone: Repository, names: Sequence[str] | None = None, **settings: str | bool
) -> subprocess.CompletedProcess[str]:
    """Run a hook for the files of the next commit, or those named, which are to be some of its.

    Settings stand for those that a repository changes in its own configuration.
    """
    configured = {"pass_filenames": True, **HOOKS[name], **settings}
    if names is None:
        staged = clone.git("diff", "--staged", "--name-only", "--diff-filter=ACMRTUXB", "-z")
        names = staged.split("\0")[:-1]
    meant = [each for each in names if re.search(configured["files"], each)]
    assert meant, "nothing to do"
    program, *arguments = shlex.split(configured["entry"])
    assert program == "tracker"
    if configured["pass_filenames"]:
        arguments += meant
    return subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        cwd=clone.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_both_hooks_are_for_the_commit_and_run_once() -> None:
    assert set(HOOKS) == {"tracker-check", "tracker-fmt"}
    for each in HOOKS.values():
        assert each["language"] == "python"
        assert each["require_serial"]
        assert each["stages"] == ["pre-commit", "manual"]


@pytest.mark.parametrize(
    ("path", "hooks"),
    [
        ("records/acme.md", {"tracker-check", "tracker-fmt"}),
        ("records/华东/恒达.md", {"tracker-check", "tracker-fmt"}),
        ("east/records/a b.md", {"tracker-check", "tracker-fmt"}),
        ("tracker.yaml", {"tracker-check"}),
        ("east/tracker.yaml", {"tracker-check"}),
        ("records/_template.md", set()),
        ("records/_old/acme.md", set()),
        ("records/.draft.md", set()),
        ("records/acme.pdf", set()),
        ("old-records/acme.md", set()),
        ("my-tracker.yaml", set()),
        ("README.md", set()),
    ],
)
def test_hooks_are_for_records_and_settings(path: str, hooks: set[str]) -> None:
    assert {name for name, each in HOOKS.items() if re.search(each["files"], path)} == hooks


def test_errors_of_the_commit_stop_it_and_those_of_others_do_not(clone: Repository) -> None:
    clone.write("records/faulty.md", FAULTY)
    clone.git("add", "records/faulty.md")
    ended = hook("tracker-check", clone)
    assert ended.returncode == 1
    assert "records/faulty.md:3:8: error[unknown-word]" in ended.stdout
    clone.commit("2026-11-21")
    clone.write("records/new.md", SOUND.replace("Acme", "Northwind"))
    clone.git("add", ".")
    assert hook("tracker-check", clone).returncode == 0


def test_a_new_customer_that_is_there_already_is_told(clone: Repository) -> None:
    clone.write("records/again.md", SOUND)
    clone.git("add", ".")
    ended = hook("tracker-check", clone)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "records/again.md:2:7: warning[duplicate-customer]" in ended.stdout


def test_settings_are_checked_with_all_that_they_decide(clone: Repository) -> None:
    clone.write("tracker.yaml", "language: en\nstages: [won, lost]\n")
    clone.git("add", ".")
    ended = hook("tracker-check", clone)
    assert ended.returncode == 1
    assert "records/acme.md:3:8: error[unknown-word]" in ended.stdout


def test_records_are_formatted_in_place_and_no_others(clone: Repository) -> None:
    clone.write("records/untidy.md", UNTIDY.replace("Acme", "Northwind"))
    clone.write("records/other.md", UNTIDY.replace("Acme", "Corran"))
    clone.git("add", "records/untidy.md")
    assert hook("tracker-fmt", clone).returncode == 0
    # What is not staged is a change that the hook made: so the commit is stopped.
    assert clone.git("diff", "--name-only") == "records/untidy.md\n"
    assert (clone.folder / "records" / "other.md").read_text("utf-8").startswith(UNTIDY[:10])
    clone.git("add", "records/untidy.md")
    assert hook("tracker-fmt", clone).returncode == 0
    assert clone.git("diff", "--name-only") == ""


@pytest.mark.parametrize("name", HOOKS)
def test_all_files_of_a_sound_workspace_pass(clone: Repository, name: str) -> None:
    names = [path for path in clone.git("ls-files", "-z").split("\0") if path[:5] != "east/"]
    ended = hook(name, clone, names=names)
    assert ended.returncode == 0, ended.stderr
    assert clone.git("status", "--porcelain", "--untracked-files=no") == ""


def test_a_workspace_below_the_repository_is_checked_as_a_whole(clone: Repository) -> None:
    clone.write("east/records/faulty.md", FAULTY)
    clone.git("add", ".")
    ended = hook("tracker-check", clone, entry="tracker -C east check", pass_filenames=False)
    assert ended.returncode == 1
    assert "records/faulty.md:3:8: error[unknown-word]" in ended.stdout
