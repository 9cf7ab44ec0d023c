"""The page of what the last 30 days have brought."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository, git_calls
from tracker.insight.changes import Direction
from tracker.insight.day import day_of
from tracker.insight.recent_changes import recent_changes
from tracker.library.commit_log import Gap
from tracker.library.git_follower import GitFollower, GitState
from tracker.library.loader import load_library, reload_records
from tracker.site.build import build_site

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.insight.changes import Changes
    from tracker.insight.recent_changes import RecentChanges

pytestmark = pytest.mark.usefixtures("few_numbers")

TODAY = date(2026, 11, 24)
A, B = "records/a.md", "records/b.md"
OLD = "## 2026-09-01 10:00 call Li Lei\n\nFirst talk.\n\n- [ ] send the quote @2026-11-10\n"
NEW = (
    "## 2026-11-20 10:00 call Li Lei\n\nAgreed.\n\n- stage: contact -> won\n"
    "- [x] send the manual @2026-11-21 ✅ 2026-11-21\n- next: 2026-11-23 visit see them\n\n"
)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Two customers of September, of whom one has won since, and one new in November."""
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", "language: en\ntimezone: Asia/Shanghai\n")
    write(repository, A, "contact", OLD)
    write(repository, B, "lost")
    commit(repository, "2026-09-01")
    write(repository, A, "won", NEW + OLD)
    write(repository, "records/c.md", "contact", owner="Han Mei")
    commit(repository, "2026-11-20")
    return repository


def write(
    repository: Repository, path: str, stage: str, body: str = "", owner: str = "Li Lei"
) -> None:
    name = path[8:9].upper()
    repository.write(
        path,
        f"---\nname: {name} Ltd\nstage: {stage}\nowner: {owner}\nvalue: 1000 EUR\n"
        f"created: {'2026-11-20' if name == 'C' else '2026-09-01'}\n---\n\n{body}",
    )


def commit(repository: Repository, day: str) -> None:
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "x", day=day, committed=day)


def recent(root: Path) -> RecentChanges:
    library = load_library(root)
    day = day_of(library, TODAY)
    return recent_changes(day, GitState.of(library, day.history, TODAY).earlier)


def counts(changes: Changes) -> dict[str, int]:
    kinds = ("new", "won", "lost", "stages", "followups", "made", "kept", "missed", "owners")
    return {kind: len(found) for kind in kinds if (found := getattr(changes, kind))}


TOLD = {"new": 1, "won": 1, "stages": 1, "followups": 1, "made": 1, "kept": 1, "missed": 1}


def test_git_compares_with_the_state_of_thirty_days_ago(repository: Repository) -> None:
    write(repository, B, "lost", owner="Han Mei")
    found = recent(repository.folder)
    assert (found.gap, found.begins, found.period.first) == (None, False, date(2026, 10, 25))
    assert counts(found.changes) == {**TOLD, "owners": 1}
    assert found.changes.won[0].what.direction is Direction.WON


def test_records_tell_what_is_dated_in_them_where_git_cannot(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(clone))
    found = recent(clone)
    assert found.gap is Gap.SHALLOW
    assert counts(found.changes) == TOLD
    (clone / ".git").rename(clone / "git-is-gone")
    found = recent(clone)
    assert found.gap is Gap.NO_REPOSITORY
    assert counts(found.changes) == TOLD


def test_without_git_a_customer_came_with_its_first_follow_up(tmp_path: Path) -> None:
    (tmp_path / "tracker.yaml").write_text("language: en\n", "utf-8")
    (tmp_path / "records").mkdir()
    matter = "---\nname: {name}\nstage: contact\nowner: Li Lei\n---\n\n"
    for name, body in (("New", "## 2026-11-20 call\n"), ("Old", NEW + OLD), ("Nobody", "")):
        text = matter.format(name=name) + body
        (tmp_path / "records" / f"{name.lower()}.md").write_text(text, "utf-8")
    found = recent(tmp_path)
    assert [item.customer.name for item in found.changes.new] == ["New"]


def test_a_young_history_counts_from_its_first_commit(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    write(repository, A, "contact", OLD)
    commit(repository, "2026-11-10")
    write(repository, A, "won", NEW + OLD)
    found = recent(tmp_path)
    assert (found.begins, found.period.first) == (True, date(2026, 11, 10))
    assert "new" not in counts(found.changes)
    assert counts(found.changes)["won"] == 1


def test_the_page_tells_it_and_leads_to_each_follow_up(
    repository: Repository, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    build_site(repository.folder, output, TODAY)
    page = (output / "changes.html").read_text("utf-8")
    assert re.findall(r'<h2 id="(\w+)"', page) == [
        *("people", "won", "new", "followups", "made", "kept", "missed")
    ]
    assert page.count('href="customers/a.html#f-2026-11-20-1000"') == 4
    assert 'href="customers/a.html#f-2026-09-01-1000"' in page
    assert "beside those at the beginning of" in page
    for address in re.findall(r'href="(customers/[^"]+)"', page):
        path, _, anchor = address.partition("#")
        customer = (output / path).read_text("utf-8")
        assert not anchor or f'id="{anchor}"' in customer
    customer = (output / "customers/a.html").read_text("utf-8")
    assert 'id="history"' in customer
    assert 'id="history"' not in (output / "customers/b.html").read_text("utf-8")


def test_without_git_the_page_says_so(repository: Repository, tmp_path: Path) -> None:
    (repository.folder / ".git").rename(tmp_path / "git-is-gone")
    build_site(repository.folder, tmp_path / "output", TODAY)
    page = (tmp_path / "output" / "changes.html").read_text("utf-8")
    told = "The workspace is in no git repository, so nothing is known but what the records say."
    assert f"{told}</p>" in page
    assert 'href="customers/a.html#f-2026-11-20-1000"' in page


def test_an_edit_reads_nothing_of_the_past_again(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = load_library(repository.folder)
    follower = GitFollower()
    follower.look(library, TODAY)
    before = follower.state
    write(repository, B, "lost", owner="Han Mei")
    library = reload_records(library, {B})
    calls = git_calls(monkeypatch)
    follower.look(library, TODAY)
    assert set(calls) == {"rev-parse", "for-each-ref", "config", "diff"}
    assert follower.state.history is before.history
    assert follower.state.earlier is before.earlier
    changes = recent_changes(day_of(library, TODAY, checked=False), before.earlier).changes
    assert len(changes.owners) == 1
    follower.look(library, date(2026, 11, 25))
    assert follower.state.earlier is not before.earlier
