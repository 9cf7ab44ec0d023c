"""The history is the same read at once, from the cache, and continued; and it is true."""

from __future__ import annotations

import random
import shutil
import subprocess
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository, git_calls
from tracker.library.cache_files import CACHE_DIR
from tracker.library.commit_log import Gap
from tracker.library.history import History, read_history
from tracker.library.loader import load_library
from tracker.library.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.library.history import ValueChange

A = "records/a.md"
CACHE = "history.msgpack"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def both(root: Path) -> History:
    """Return the history as the cache leads to it, which is the one that is read without."""
    library = load_library(root)
    cached = read_history(library, cached=True)
    assert cached == read_history(library)
    return cached


def told(changes: tuple[ValueChange, ...]) -> list[str]:
    return [f"{each.day:%m-%d} {each.key}: {each.old} -> {each.new}" for each in changes]


# --- What the values were -------------------------------------------------------------------


def matter(repository: Repository, day: str, lines: str, path: str = A) -> None:
    repository.write(path, f"---\nname: A\n{lines}---\nBackground.\n")
    repository.commit(day)


def test_every_move_of_a_value_is_told_with_what_it_was(repository: Repository) -> None:
    matter(repository, "2026-01-05", "stage: 初步接触\nowner: 李雷\nvalue: ¥48万\n")
    matter(
        repository,
        "2026-01-06",
        "阶段: contact # the same\nowner: 李雷\nvalue: 480000 CNY\nexpected_close: 2026-03-01\n",
    )
    matter(
        repository,
        "2026-01-07",
        "stage: '需求分析'\n负责人: 韩梅梅\nvalue: 500000\n预计成交日期: 2026/04/01\nlevel: A\n",
    )
    matter(repository, "2026-01-08", "stage: 需求分析\nowner: 韩梅梅\nvalue: 500000\nlevel: a\n")
    assert told(both(repository.folder).of(A).changes) == [
        "01-05 stage: None -> contact",
        "01-05 owner: None -> 李雷",
        "01-05 value: None -> 480000 CNY",
        "01-06 expected_close: None -> 2026-03-01",
        "01-07 stage: contact -> needs",
        "01-07 level: None -> a",
        "01-07 owner: 李雷 -> 韩梅梅",
        "01-07 value: 480000 CNY -> 500000 CNY",
        "01-07 expected_close: 2026-03-01 -> 2026-04-01",
        "01-08 expected_close: 2026-04-01 -> None",
    ]


def test_a_value_that_cannot_be_read_is_passed_over(repository: Repository) -> None:
    for day, close in (("05", "2026-03-01"), ("06", "soon"), ("07", "2026-03-01"), ("08", "x")):
        matter(repository, f"2026-01-{day}", f"stage: won\nexpected_close: {close}\n")
    matter(repository, "2026-01-09", "stage: won\nexpected_close: 2026-05-01\n")
    assert told(both(repository.folder).of(A).of("expected_close")) == [
        "01-05 expected_close: None -> 2026-03-01",
        "01-09 expected_close: 2026-03-01 -> 2026-05-01",
    ]


@pytest.mark.parametrize("setting", ["i18n.logOutputEncoding", "i18n.commitEncoding"])
def test_names_are_read_whatever_the_console_shows(repository: Repository, setting: str) -> None:
    repository.write(A, "---\nname: A\nstage: won\n---\n")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "new", author="李雷")
    repository.git("config", setting, "GBK")
    last = both(repository.folder).of(A).last
    assert last
    assert last.who == "李雷"


def test_what_a_merge_threw_away_is_not_told(repository: Repository) -> None:
    matter(repository, "2026-01-05", "stage: contact\nowner: 李雷\n")
    repository.git("checkout", "-q", "-b", "side")
    matter(repository, "2026-01-06", "stage: lost\nowner: 韩梅梅\n")
    repository.git("checkout", "-q", "main")
    matter(repository, "2026-01-07", "stage: needs\nowner: 李雷\n")
    repository.git("merge", "-q", "-s", "ours", "--no-edit", "side", day="2026-01-08")
    matter(repository, "2026-01-09", "stage: won\nowner: 李雷\n")
    assert told(both(repository.folder).of(A).changes) == [
        "01-05 stage: None -> contact",
        "01-05 owner: None -> 李雷",
        "01-07 stage: contact -> needs",
        "01-09 stage: needs -> won",
    ]


def test_each_value_comes_along_the_side_that_a_merge_took_it_from(
    repository: Repository,
) -> None:
    gap = "tags: [a]\nsize: 1\nregion: b\nindustry: c\n"
    matter(repository, "2026-01-05", f"stage: contact\n{gap}owner: 李雷\n")
    repository.git("checkout", "-q", "-b", "side")
    matter(repository, "2026-01-06", f"stage: contact\n{gap}owner: 韩梅梅\n")
    repository.git("checkout", "-q", "main")
    matter(repository, "2026-01-07", f"stage: needs\n{gap}owner: 李雷\n")
    repository.git("merge", "-q", "--no-edit", "side", day="2026-01-08")
    assert told(both(repository.folder).of(A).changes) == [
        "01-05 stage: None -> contact",
        "01-05 owner: None -> 李雷",
        "01-06 owner: 李雷 -> 韩梅梅",
        "01-07 stage: contact -> needs",
    ]


def test_a_customer_made_from_a_copy_does_not_inherit_another_ones_history(
    repository: Repository,
) -> None:
    form = "\n".join(f"line {number}" for number in range(40))
    repository.write(A, f"---\nname: A\nid: a\nstage: lost\nowner: 李雷\n---\n{form}")
    repository.commit("2026-01-05")
    repository.git("rm", "-q", A)
    repository.write("records/b.md", f"---\nname: B\nid: b\nstage: won\nowner: 李雷\n---\n{form}")
    repository.commit("2026-01-06")
    found = both(repository.folder).of("records/b.md")
    assert told(found.of("stage")) == ["01-06 stage: None -> won"]
    assert found.began is not None
    assert found.began.day == date(2026, 1, 6)


# --- The cache --------------------------------------------------------------------------------


def test_only_new_commits_are_read(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    matter(repository, "2026-01-05", "stage: contact\n")
    both(repository.folder)
    calls = git_calls(monkeypatch)
    library = load_library(repository.folder)
    read_history(library, cached=True)
    assert not {"log", "diff-tree", "cat-file"}.intersection(calls)
    matter(repository, "2026-01-06", "stage: won\n")
    calls.clear()
    assert len(read_history(library, cached=True).of(A).changes) == 2
    assert calls.count("log") == 1


def no_cache(root: Path) -> None:
    shutil.rmtree(root / CACHE_DIR)


def cut(root: Path) -> None:
    file = root / CACHE_DIR / CACHE
    file.write_bytes(file.read_bytes()[:-9])


def emptied(root: Path) -> None:
    (root / CACHE_DIR / CACHE).write_bytes(b"")


def foreign(root: Path) -> None:
    (root / CACHE_DIR / CACHE).write_bytes(b"\0\0\0\0 something else")


@pytest.mark.parametrize("harm", [no_cache, cut, emptied, foreign])
def test_a_cache_that_is_gone_or_damaged_is_made_anew(
    repository: Repository, harm: Callable[[Path], None]
) -> None:
    matter(repository, "2026-01-05", "stage: contact\n")
    before = both(repository.folder)
    harm(repository.folder)
    assert both(repository.folder) == before
    assert (repository.folder / CACHE_DIR / CACHE).stat().st_size > 100


def test_a_cache_of_another_program_is_not_used(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter(repository, "2026-01-05", "stage: contact\n")
    both(repository.folder)
    monkeypatch.setattr("tracker.library.commit_log.program_stamp", lambda: "another")
    calls = git_calls(monkeypatch)
    both(repository.folder)
    assert calls.count("log") == 2


def test_without_the_cache_nothing_is_written(repository: Repository) -> None:
    matter(repository, "2026-01-05", "stage: contact\n")
    read_history(load_library(repository.folder))
    assert not (repository.folder / CACHE_DIR).exists()


def test_other_settings_read_the_same_commits_otherwise(repository: Repository) -> None:
    matter(repository, "2026-01-05", "stage: hot\nowner: 李雷\n")
    assert both(repository.folder).of(A).of("stage") == ()
    repository.write(
        "tracker.yaml", "language: zh\nstages:\n  - {id: hot, label: 热, kind: open}\n"
    )
    assert told(both(repository.folder).of(A).of("stage")) == ["01-05 stage: None -> hot"]


def test_rewritten_history_is_noticed(repository: Repository) -> None:
    for day, stage in (("05", "contact"), ("06", "needs"), ("07", "proposal")):
        matter(repository, f"2026-01-{day}", f"stage: {stage}\n")
    both(repository.folder)
    repository.git("reset", "-q", "--hard", "HEAD~2")
    matter(repository, "2026-01-09", "stage: won\n")
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "-q", "--prune=now")  # The commit that the cache knows is gone now.
    assert told(both(repository.folder).of(A).changes) == [
        "01-05 stage: None -> contact",
        "01-09 stage: contact -> won",
    ]


def test_a_clone_that_is_deepened_grafted_or_has_replaced_commits_is_read_anew(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for day, stage in (("05", "contact"), ("06", "needs"), ("07", "proposal")):
        matter(repository, f"2026-01-{day}", f"stage: {stage}\n")
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(clone))
    history = both(clone)
    assert history.gaps == (Gap.SHALLOW,)
    assert history.of(A).changes == ()
    repository.git("-C", str(clone), "fetch", "-q", "--unshallow")
    history = both(clone)
    assert not history.gaps
    assert len(history.of(A).changes) == 3
    repository.git("-C", str(clone), "replace", "--graft", "HEAD", "HEAD~2")
    assert told(both(clone).of(A).changes) == [
        "01-05 stage: None -> contact",
        "01-07 stage: contact -> proposal",
    ]


def test_what_a_clone_lacks_is_said(
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    assert both(repository.folder).gaps == (Gap.NO_COMMITS,)
    matter(repository, "2026-01-05", "stage: contact\n")
    assert both(repository.folder).gaps == ()
    repository.git("checkout", "-q", "--detach")
    assert both(repository.folder).gaps == ()
    plain = tmp_path_factory.mktemp("plain")
    (plain / "tracker.yaml").write_text("")
    assert both(plain).gaps == (Gap.NO_REPOSITORY,)
    monkeypatch.setenv("PATH", "")
    assert both(repository.folder).gaps == (Gap.NO_GIT,)


def test_versions_that_a_clone_lacks_are_passed_over_and_said(repository: Repository) -> None:
    matter(repository, "2026-01-05", "stage: contact\n")
    lost = repository.git("rev-parse", f"HEAD:{A}").strip()
    matter(repository, "2026-01-06", "stage: needs\n")
    matter(repository, "2026-01-07", "stage: won\n")
    (repository.folder / ".git/objects" / lost[:2] / lost[2:]).unlink()
    history = both(repository.folder)
    assert history.gaps == (Gap.PARTIAL,)
    assert told(history.of(A).changes) == ["01-07 stage: needs -> won"]


def test_a_partial_clone_knows_what_it_has(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    matter(repository, "2026-01-05", "stage: contact\n")
    repository.write("records/b.md", "---\nname: B\nstage: contact\n---\n")
    repository.commit("2026-01-06")
    matter(repository, "2026-01-07", "stage: needs\n")
    repository.git("mv", A, "records/c.md")
    repository.write("records/c.md", "---\nname: A\nstage: won\n---\n")
    repository.commit("2026-01-08")
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--filter=blob:none", f"file://{repository.folder}", str(clone))
    history = both(clone)
    assert history.gaps == (Gap.PARTIAL,)
    assert told(history.of("records/b.md").changes) == ["01-06 stage: None -> contact"]
    assert history.of("records/c.md").last
    # Git fetches what it needs to show all that was changed.
    repository.git("-C", str(clone), "log", "-p")
    history = both(clone)
    assert history.gaps == ()
    assert history == both(repository.folder)


@pytest.mark.parametrize("command", ["log", "diff-tree", "check-mailmap", "cat-file"])
@pytest.mark.parametrize("known", ["nothing", "the first commit"])
def test_nothing_is_kept_of_a_history_that_git_could_not_tell(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, command: str, known: str
) -> None:
    matter(repository, "2026-01-05", "stage: contact\n")
    if known != "nothing":
        both(repository.folder)
    matter(repository, "2026-01-06", "stage: won\n")
    start = subprocess.Popen

    def failing(arguments: list[str], *rest: object, **options: object) -> object:
        if command in arguments:
            arguments = ["git", "no-such-command"]
        return start(arguments, *rest, **options)  # type: ignore[call-overload]  # handed on

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", failing)
        failed = read_history(load_library(repository.folder), cached=True)
        assert failed.gaps == (Gap.PARTIAL if command == "cat-file" else Gap.UNREADABLE,)
    history = both(repository.folder)
    assert history.gaps == ()
    assert len(history.of(A).changes) == 2


# --- Any history ------------------------------------------------------------------------------


class Walk:
    """Commits, branches, merges, renames and removals at random, in a real repository."""

    BRANCHES = ("main", "side", "other")
    ANEW = 0.1

    def __init__(self, repository: Repository, chance: random.Random) -> None:
        self.repository = repository
        self.chance = chance
        self.day = date(2026, 1, 1)
        self.names = 0

    def step(self) -> None:
        """Do one thing; a merge that has conflicts takes one side or both."""
        kind = self.chance.choices(
            [self.log, self.edit, self.add, self.rename, self.remove, self.branch, self.merge],
            [6, 6, 2, 2, 1, 5, 5],
        )[0]
        self.day += timedelta(days=self.chance.choice([0, 1, 1, 3, -1]))
        kind()

    def paths(self) -> list[Path]:
        return sorted((self.repository.folder / "records").glob("*.md"))

    def commit(self) -> None:
        self.repository.git("add", "-A")
        self.repository.git("commit", "-q", "--allow-empty", "-m", "x", day=str(self.day))

    def log(self) -> None:
        for path in self.paths()[:1] and [self.chance.choice(self.paths())]:
            text = path.read_text("utf-8")
            head, _, rest = text.partition("---\n\n")
            heading = f"## {self.day} {self.chance.randrange(8, 18):02}:00 电话 李雷"
            path.write_text(f"{head}---\n\n{heading}\n\n一次\n\n{rest}", "utf-8")
            self.commit()

    def edit(self) -> None:
        for path in self.paths()[:1] and [self.chance.choice(self.paths())]:
            lines = path.read_text("utf-8").split("\n")
            at = self.chance.randrange(3, 6)
            values = ("contact", "needs", "won"), ("李雷", "韩梅梅"), ("10000", "20000")
            key = lines[at].partition(":")[0]
            lines[at] = f"{key}: {self.chance.choice(values[at - 3])}"
            path.write_text("\n".join(lines), "utf-8")
            self.commit()

    def add(self) -> None:
        self.names += 1
        name = f"{self.names}-{self.chance.randrange(99)}"
        (self.repository.folder / "records").mkdir(exist_ok=True)
        self.repository.write(
            f"records/{name}.md",
            f"---\nname: 客户{name}\nsize: 1\nstage: contact\nowner: 李雷\nvalue: 10000\n---\n\n",
        )
        self.commit()

    def rename(self) -> None:
        for path in self.paths()[:1] and [self.chance.choice(self.paths())]:
            self.names += 1
            path.rename(path.with_name(f"r{self.names}-{self.chance.randrange(99)}.md"))
            self.commit()

    def remove(self) -> None:
        for path in self.paths()[1:2]:
            path.unlink()
            self.commit()

    def branch(self) -> None:
        """Go on from here on a branch beside `main`, or from where another branch is."""
        names = self.repository.git("branch", "--format=%(refname:short)").split()
        if len(names) < len(self.BRANCHES) or self.chance.random() < self.ANEW:
            self.repository.git("checkout", "-q", "-B", self.chance.choice(self.BRANCHES))
        else:
            self.repository.git("checkout", "-q", self.chance.choice(names))

    def merge(self) -> None:
        others = self.repository.git(
            "branch", "--no-merged", "HEAD", "--format=%(refname:short)"
        ).split()
        if not others:
            self.branch()
            return
        how = self.chance.choice([["-X", "ours"], ["-X", "theirs"], ["-s", "ours"]])
        try:
            self.repository.git(
                "merge", "-q", "--no-ff", "--no-edit", *how, others[0], day=str(self.day)
            )
        except subprocess.CalledProcessError:
            # A rename or a removal that git leaves to people, who keep all that is there.
            self.commit()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_history_is_the_same_continued_and_at_once_and_ends_with_what_is(
    repository: Repository, seed: int
) -> None:
    walk = Walk(repository, random.Random(seed))  # noqa: S311  # chance, not a secret
    walk.add()
    for number in range(45):
        walk.step()
        if number % 3:
            continue
        history = both(repository.folder)
        library = load_library(repository.folder)
        recording = Recording(history, library.config)
        for customer in library.customers:
            found = history.of(customer.path)
            for key in ("stage", "owner", "value"):
                assert found.of(key)[-1].new == getattr(customer, key), (customer.path, key)
            assert found.began
            assert found.last
            entry = library.by_path[customer.path]
            for each in recording.of(entry):
                assert each.commit, (customer.path, each.followup)
