"""Records at revisions of real git repositories."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.git_repository import Repository, git_calls
from tracker.errors import TrackerError, UsageError
from tracker.library import revision_records
from tracker.library.loader import load_library
from tracker.library.revisions import Range, read_range, read_since

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 28)
A, B, C = "records/a.md", "records/b.md", "records/c.md"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return three commits, a week apart, and a change that is not committed."""
    made = Repository(tmp_path)
    record(made, A, "Alpha")
    record(made, B, "Beta")
    commit(made, "2026-11-07")
    record(made, A, "Alpha", text="\n## 2026-11-13 call B\n\nHello.\n")
    commit(made, "2026-11-14")
    record(made, C, "Gamma")
    made.git("rm", "-q", B)
    commit(made, "2026-11-21")
    record(made, C, "Gamma", text="more\n")
    return made


def record(made: Repository, path: str, name: str, text: str = "") -> None:
    made.write(path, f"---\nname: {name}\nstage: contact\nowner: B\n---\n{text}")


def commit(made: Repository, day: str) -> None:
    made.git("add", "-A")
    made.git("commit", "-q", "-m", day, day=day, committed=day)


def changed(found: Range) -> dict[str, str]:
    return {
        change.path: "added"
        if not change.before
        else "removed"
        if not change.after
        else f"from {change.renamed_from}"
        if change.renamed_from
        else "changed"
        for change in found.comparison.changes
    }


def in_range(folder: Path, text: str) -> dict[str, str]:
    return changed(read_range(load_library(folder), text, TODAY))


def test_what_a_range_of_commits_changed(repository: Repository) -> None:
    assert in_range(repository.folder, "HEAD~2..HEAD~1") == {A: "changed"}
    assert in_range(repository.folder, "HEAD~1..HEAD") == {B: "removed", C: "added"}
    assert in_range(repository.folder, "HEAD~2..") == {A: "changed", B: "removed", C: "added"}
    assert in_range(repository.folder, "HEAD..HEAD~1") == {B: "added", C: "removed"}


def test_a_revision_alone_is_compared_with_the_working_tree(repository: Repository) -> None:
    assert in_range(repository.folder, "HEAD") == {C: "changed"}
    repository.write("records/new.md", "---\nname: N\nstage: contact\nowner: B\n---\n")
    (repository.folder / A).unlink()
    assert in_range(repository.folder, "HEAD") == {
        A: "removed",
        C: "changed",
        "records/new.md": "added",
    }


def test_three_dots_leave_out_what_the_other_branch_did(repository: Repository) -> None:
    repository.git("checkout", "-q", "-f", "-b", "side", "HEAD~1")
    record(repository, "records/side.md", "Side")
    commit(repository, "2026-11-22")
    assert in_range(repository.folder, "main...side") == {"records/side.md": "added"}
    assert in_range(repository.folder, "main..side") == {
        "records/side.md": "added",
        B: "added",
        C: "removed",
    }


def test_since_a_branch_is_since_it_was_left(repository: Repository) -> None:
    repository.git("checkout", "-q", "-f", "-b", "side", "HEAD~1")
    record(repository, "records/side.md", "Side")
    found = read_since(load_library(repository.folder), "main", TODAY)
    assert changed(found) == {"records/side.md": "added"}
    assert found.first.day == date(2026, 11, 14)


@pytest.mark.parametrize("method", ["git mv", "plain", "plain, with much rewritten"])
def test_a_renamed_record_is_the_same(repository: Repository, method: str) -> None:
    target = "records/east/alpha.md"
    (repository.folder / target).parent.mkdir()
    if method == "git mv":
        repository.git("mv", A, target)
    else:
        (repository.folder / A).rename(repository.folder / target)
    if "rewritten" in method:
        record(repository, target, "Alpha", text="quite different\n" * 50)
    assert in_range(repository.folder, "HEAD") == {target: f"from {A}", C: "changed"}
    commit(repository, "2026-11-27")
    assert in_range(repository.folder, "HEAD~1..HEAD") == {target: f"from {A}", C: "changed"}


@pytest.mark.parametrize(
    ("since", "first", "expected"),
    [
        ("2026-11-21", "2026-11-21", {B: "removed", C: "added"}),
        ("2026-11-22", "2026-11-22", {C: "changed"}),
        ("7天前", "2026-11-21", {B: "removed", C: "added"}),
        ("last week", "2026-11-16", {B: "removed", C: "added"}),
        ("2026-11-10", "2026-11-10", {A: "changed", B: "removed", C: "added"}),
        ("2026-11-01", "2026-11-07", {A: "changed", B: "removed", C: "added"}),
        ("HEAD~1", "2026-11-14", {B: "removed", C: "added"}),
    ],
)
def test_since_a_day_is_the_state_at_its_start(
    repository: Repository, since: str, first: str, expected: dict[str, str]
) -> None:
    found = read_since(load_library(repository.folder), since, TODAY)
    assert changed(found) == expected
    assert found.first.day == date.fromisoformat(first)
    assert found.last.day == TODAY


def test_a_workspace_may_lie_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.write("sales/tracker.yaml", "")
    record(made, "records/other.md", "Other")
    record(made, "sales/records/a.md", "Alpha")
    commit(made, "2026-11-07")
    made.git("mv", "sales/records/a.md", "sales/records/b.md")
    record(made, "records/other.md", "Other", text="more\n")
    commit(made, "2026-11-08")
    assert in_range(tmp_path / "sales", "HEAD~1..HEAD") == {B: f"from {A}"}


def test_what_is_no_record_is_not_read(repository: Repository) -> None:
    for path in ("records/_template.md", "records/.x/a.md", "records/a.txt", "notes/a.md"):
        repository.write(path, "text\n")
    (repository.folder / "records" / "link.md").symlink_to("a.md")
    commit(repository, "2026-11-26")
    assert in_range(repository.folder, "HEAD~1..HEAD") == {C: "changed", "records/link.md": "added"}
    assert in_range(repository.folder, "HEAD") == {}


def test_line_breaks_alone_are_no_change(repository: Repository) -> None:
    file = repository.folder / A
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert in_range(repository.folder, "HEAD") == {C: "changed"}


def test_only_what_differs_is_parsed(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = load_library(repository.folder)
    parsed: list[str] = []
    entry = revision_records._entry  # what is counted is private

    def noted(path: str, *rest: Any) -> object:  # noqa: ANN401  # handed on
        parsed.append(path)
        return entry(path, *rest)

    monkeypatch.setattr(revision_records, "_entry", noted)
    found = read_range(library, "HEAD~1..HEAD", TODAY)
    assert parsed == [C, B]
    assert found.comparison.before.by_path[A] is library.by_path[A]


def test_a_state_takes_as_many_processes_however_many_records(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = git_calls(monkeypatch)
    in_range(repository.folder, "HEAD~1")
    few = list(calls)
    for number in range(30):
        record(repository, f"records/more-{number}.md", f"More {number}")
    commit(repository, "2026-11-26")
    calls.clear()
    in_range(repository.folder, "HEAD~1")
    assert calls == few
    assert calls.count("ls-tree") == calls.count("cat-file") == 1


def test_records_of_one_template_are_not_renames_of_each_other(repository: Repository) -> None:
    text = "Background: met at the fair.\n" * 20
    record(repository, "records/x.md", "X", text)
    commit(repository, "2026-11-22")
    repository.git("rm", "-q", "records/x.md")
    record(repository, "records/y.md", "Y", text)
    commit(repository, "2026-11-23")
    assert in_range(repository.folder, "HEAD~1..") == {
        "records/x.md": "removed",
        "records/y.md": "added",
    }


# --- What is said where it cannot be done -----------------------------------------------------


def refused(folder: Path, text: str, error: type[TrackerError] = TrackerError) -> str:
    with pytest.raises(error) as raised:
        read_since(load_library(folder), text, TODAY)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "tracker.yaml").write_text("")
    assert "is not in a git repository" in refused(tmp_path, "HEAD")


def test_no_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "git cannot be run" in refused(repository.folder, "HEAD")


def test_no_commits(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    assert "has no commits yet" in refused(made.folder, "yesterday")
    assert "has no commits yet" in refused(made.folder, "HEAD")
    with pytest.raises(TrackerError, match="has no commits yet"):
        read_range(load_library(made.folder), "HEAD", TODAY)


@pytest.mark.parametrize("text", ["nothing", "HEAD~99", "--all", "-h", "2026-13-45", "", "a\0b"])
def test_no_such_revision(repository: Repository, text: str) -> None:
    assert "‘" in refused(repository.folder, text, UsageError)
    with pytest.raises(UsageError):
        read_range(load_library(repository.folder), text or "..nothing", TODAY)


def test_a_shallow_clone(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--depth", "2", f"file://{repository.folder}", str(folder))
    assert in_range(folder, "HEAD~1..HEAD") == {B: "removed", C: "added"}
    for text in ("HEAD~2", "2026-11-10"):
        assert "git fetch --unshallow" in refused(folder, text)


def test_a_clone_without_old_files(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("clone")
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.git("clone", "-q", "--filter=blob:none", f"file://{repository.folder}", str(folder))
    assert "this clone is partial" in refused(folder, "HEAD~1")


def test_branches_with_nothing_in_common(repository: Repository) -> None:
    repository.git("checkout", "-q", "-f", "--orphan", "other")
    commit(repository, "2026-11-22")
    with pytest.raises(TrackerError, match="no commit in common"):
        read_range(load_library(repository.folder), "main...other", TODAY)


def test_another_repository_named_by_a_hook_is_not_asked(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert in_range(repository.folder, "HEAD") == {C: "changed"}
