"""When follow-ups were written down, from real git repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository
from tracker.library.history import read_history
from tracker.library.loader import load_library
from tracker.library.recording import Recording

if TYPE_CHECKING:
    from pathlib import Path

A, B = "records/a.md", "records/b.md"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def write(repository: Repository, path: str, *sections: str, name: str = "A") -> None:
    body = "\n".join(sections)
    repository.write(path, f"---\nname: {name}\nstage: contact\nowner: 李雷\n---\n\n{body}")


def section(heading: str, text: str = "said something") -> str:
    return f"## {heading}\n\n{text}\n"


def recorded(root: Path, path: str = A) -> list[tuple[str, str]]:
    """Return day and time of each follow-up, and what is known of when it was written down."""
    library = load_library(root)
    found = Recording(read_history(library), library.config).of(library.by_path[path])
    return [
        (
            f"{each.followup.order:%m-%d %H:%M}",
            f"{each.commit.at:%m-%d %H:%M%z} {each.commit.who}" + "*" * each.with_record
            if each.commit
            else "older"
            if each.older_than_clone
            else "not committed",
        )
        for each in found
    ]


def test_the_first_commit_that_has_a_followup_recorded_it(repository: Repository) -> None:
    write(repository, A, section("2026-01-02 10:00 电话 李雷"))
    repository.commit("2026-01-03", "09:00:00-05:00")
    write(
        repository,
        A,
        section("2026-01-05 10:00 电话 李雷"),
        section("2026-01-02 10:00 电话 李雷", "another text"),
    )
    repository.commit("2026-01-05")
    write(
        repository,
        A,
        section("2026-01-07 10:00 电话 李雷"),
        section("2026-01-05 10:00 电话 李雷"),
        section("2026-01-02 10:00 电话 李雷", "and another"),
    )
    assert recorded(repository.folder) == [
        ("01-07 10:00", "not committed"),
        ("01-05 10:00", "01-05 12:00+0800 Li Lei"),
        ("01-02 10:00", "01-03 09:00-0500 Li Lei*"),
    ]


@pytest.mark.parametrize(
    "later",
    [
        "2026/01/02 10:00 | 电话 | 李雷",
        "2026年1月2日 10:00+08:00 phone 李雷",
        "2026-01-02 10:30 电话 李雷",
        "2026-01-02 10:00 面谈 韩梅梅",
        "2026-01-03 10:00 电话 李雷",
    ],
)
def test_a_heading_written_otherwise_or_corrected_is_the_same_followup(
    repository: Repository, later: str
) -> None:
    write(repository, A, section("2026-01-02 10:00 电话 李雷"))
    repository.commit("2026-01-02")
    write(repository, A, section(later))
    repository.commit("2026-01-20")
    assert [when for _, when in recorded(repository.folder)] == ["01-02 12:00+0800 Li Lei*"]


def test_one_of_two_new_headings_is_the_corrected_one(repository: Repository) -> None:
    write(repository, A, section("2026-01-02 10:00 电话 李雷"))
    repository.commit("2026-01-02")
    write(repository, A, section("2026-01-20 9:00 电话 李雷"), section("2026-01-02 11:00 电话"))
    repository.commit("2026-01-20")
    assert [when for _, when in recorded(repository.folder)] == [
        "01-20 12:00+0800 Li Lei",
        "01-02 12:00+0800 Li Lei*",
    ]


def test_two_followups_of_one_heading_are_told_apart_by_their_place(
    repository: Repository,
) -> None:
    write(repository, A, section("2026-01-02 电话"))
    repository.commit("2026-01-02")
    write(repository, A, section("2026-01-02 电话", "second"), section("2026-01-02 电话"))
    repository.commit("2026-01-03")
    expected = ["01-03 12:00+0800 Li Lei", "01-02 12:00+0800 Li Lei*"]
    assert [when for _, when in recorded(repository.folder)] == expected
    repository.write("tracker.yaml", "language: zh\norder: oldest-first\n")
    assert [when for _, when in recorded(repository.folder)] == expected[::-1]


def test_a_followup_is_as_old_as_its_first_commit_whatever_was_renamed_or_merged(
    repository: Repository,
) -> None:
    write(repository, "records/old.md", section("2026-01-02 10:00 电话 李雷", "text\n" * 20))
    repository.commit("2026-01-02")
    repository.git("mv", "records/old.md", A)
    repository.commit("2026-01-05")
    write(repository, B, section("2026-01-06 10:00 电话 李雷"), name="B")
    repository.commit("2026-01-06")
    both = (section("2026-01-06 10:00 电话 李雷"), section("2026-01-02 10:00 电话 李雷"))
    write(repository, A, *both)
    repository.git("rm", "-q", B)
    repository.commit("2026-02-01")
    assert recorded(repository.folder) == [
        ("01-06 10:00", "01-06 12:00+0800 Li Lei"),
        ("01-02 10:00", "01-02 12:00+0800 Li Lei*"),
    ]


def test_followups_of_both_sides_of_a_merge_keep_their_commits(repository: Repository) -> None:
    first = section("2026-01-02 10:00 电话 李雷", "text\n" * 5)
    write(repository, A, first)
    repository.commit("2026-01-02")
    repository.git("checkout", "-q", "-b", "side")
    write(repository, A, first, section("2026-01-04 10:00 电话 李雷"))
    repository.commit("2026-01-04")
    repository.git("checkout", "-q", "main")
    write(repository, A, section("2026-01-03 10:00 电话 李雷"), first)
    repository.commit("2026-01-03")
    repository.git("merge", "-q", "--no-edit", "side", day="2026-01-20")
    assert sorted(recorded(repository.folder)) == [
        ("01-02 10:00", "01-02 12:00+0800 Li Lei*"),
        ("01-03 10:00", "01-03 12:00+0800 Li Lei"),
        ("01-04 10:00", "01-04 12:00+0800 Li Lei"),
    ]


def test_a_shallow_clone_does_not_say_when_its_oldest_followups_were_recorded(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write(repository, A, section("2026-01-02 10:00 电话 李雷"))
    repository.commit("2026-01-02")
    sections = [section("2026-01-04 10:00 电话 李雷"), section("2026-01-02 10:00 电话 李雷")]
    write(repository, A, *sections)
    repository.commit("2026-01-04")
    write(repository, A, section("2026-01-05 10:00 电话 李雷"), *sections)
    repository.commit("2026-01-05")
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--depth", "2", f"file://{repository.folder}", str(clone))
    assert recorded(clone) == [
        ("01-05 10:00", "01-05 12:00+0800 Li Lei"),
        ("01-04 10:00", "older"),
        ("01-02 10:00", "older"),
    ]


def test_without_git_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").write_text("language: zh\n", "utf-8")
    heading = "## 2026-01-02 10:00 电话 李雷\n"
    (tmp_path / A).write_text(f"---\nname: A\nstage: won\nowner: B\n---\n{heading}", "utf-8")
    assert recorded(tmp_path) == [("01-02 10:00", "not committed")]
