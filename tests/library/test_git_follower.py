"""What git says of a workspace is followed whatever changes it."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository
from tracker.library.commit_log import Gap
from tracker.library.git_follower import GitFollower, GitState
from tracker.library.loader import load_library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.library.revisions import Earlier

A = "records/a.md"
TODAY = date(2026, 1, 31)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path)
    for day, stage in (("05", "contact"), ("06", "needs"), ("07", "won")):
        repository.record(A, stage, f"2026-01-{day}")
    return repository


def followed(follower: GitFollower, root: Path) -> GitState:
    """Return what a follower says, which is what one that begins anew says."""
    library, anew = load_library(root), GitFollower()
    follower.look(library, TODAY)
    anew.look(library, TODAY)
    assert follower.state.history == anew.state.history
    assert follower.state.edits == anew.state.edits
    assert told(follower.state.earlier) == told(anew.state.earlier)
    return follower.state


def told(earlier: Earlier | Gap) -> object:
    """Return what is known of the earlier records."""
    if isinstance(earlier, Gap):
        return earlier
    records = [(entry.path, entry.text) for entry in earlier.library.entries]
    return earlier.point, records, earlier.renames, earlier.begins


CHANGES: dict[str, Callable[[Repository], object]] = {
    "a commit": lambda repository: repository.record(A, "lost", "2026-01-08"),
    "back": lambda repository: repository.git("reset", "-q", "--soft", "HEAD~1"),
    "names of people": lambda repository: repository.write(".mailmap", "A <lilei@example.com>\n"),
    "out of the index": lambda repository: repository.git("rm", "-q", "--cached", A),
    "replaced": lambda repository: repository.git("replace", "--graft", "HEAD"),
    "renamed": lambda repository: repository.git("mv", A, "records/b.md"),
    "left out": lambda repository: repository.git("sparse-checkout", "set", "--no-cone", "/*.yaml"),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_what_changes_in_git_is_followed(repository: Repository, change: str) -> None:
    follower = GitFollower()
    before = followed(follower, repository.folder)
    CHANGES[change](repository)
    assert followed(follower, repository.folder) != before


def test_looking_writes_nothing_into_the_repository(repository: Repository) -> None:
    follower = GitFollower()
    followed(follower, repository.folder)
    index = repository.folder / ".git/index"
    before = index.read_bytes()
    os.utime(repository.folder / A, (1, 1))  # What is merely touched is no change.
    assert not followed(follower, repository.folder).edits[A].changed_since
    assert index.read_bytes() == before


def test_that_git_is_there_by_now_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = GitFollower()
    with monkeypatch.context() as without_git:
        without_git.setenv("PATH", "")
        assert followed(follower, tmp_path).history.gaps == (Gap.NO_GIT,)
    assert followed(follower, tmp_path).history.gaps == (Gap.NO_REPOSITORY,)


def test_what_a_clone_fetches_is_followed(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(clone))
    follower = GitFollower()
    assert followed(follower, clone).history.gaps == (Gap.SHALLOW,)
    repository.git("-C", str(clone), "fetch", "-q", "--unshallow")
    assert followed(follower, clone).history.gaps == ()
