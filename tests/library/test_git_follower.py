"""What git says of a workspace is followed whatever changes it."""

from __future__ import annotations

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
    assert isinstance(follower.state.earlier, Gap) == isinstance(anew.state.earlier, Gap)
    return follower.state


CHANGES: dict[str, Callable[[Repository], object]] = {
    "a commit": lambda repository: repository.record(A, "lost", "2026-01-08"),
    "back": lambda repository: repository.git("reset", "-q", "--soft", "HEAD~1"),
    "names of people": lambda repository: repository.write(".mailmap", "A <lilei@example.com>\n"),
    "out of the index": lambda repository: repository.git("rm", "-q", "--cached", A),
    "replaced": lambda repository: repository.git("replace", "--graft", "HEAD"),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_what_changes_in_git_is_followed(repository: Repository, change: str) -> None:
    follower = GitFollower()
    before = followed(follower, repository.folder)
    CHANGES[change](repository)
    assert followed(follower, repository.folder) != before


def test_what_a_clone_fetches_is_followed(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(clone))
    follower = GitFollower()
    assert followed(follower, clone).history.gaps == (Gap.SHALLOW,)
    repository.git("-C", str(clone), "fetch", "-q", "--unshallow")
    assert followed(follower, clone).history.gaps == ()
