"""The history of one customer, from git and from the record."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository
from tracker.library.git_follower import last_edits
from tracker.library.history import read_history
from tracker.library.loader import load_library
from tracker.site.customer import anchored_followups
from tracker.site.moves import history_rows

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 2, 1)
A = "records/a.md"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def write(repository: Repository, matter: str, body: str = "", day: str = "") -> None:
    repository.write(A, f"---\nname: A\n{matter}---\n\n{body}")
    if day:
        repository.commit(day)


def rows(root: Path) -> list[str]:
    library = load_library(root)
    (customer,) = library.customers
    history = read_history(library)
    edit = last_edits(history, root).get(A)
    changed = edit is not None and edit.changed_since
    anchored = tuple(anchored_followups(customer))
    return [
        f"{row.day:%m-%d} {row.key}: {row.old} > {row.new} by {row.who}"
        + f" #{row.anchor}" * bool(row.anchor)
        + " in git" * bool(row.commit)
        + " not committed" * (not row.committed)
        for row in history_rows(customer, history.of(A), anchored, TODAY, changed_since=changed)
    ]


def test_what_a_record_began_with_is_no_move(repository: Repository) -> None:
    write(repository, "stage: contact\nowner: 李雷\nvalue: 1000\n", day="2026-01-05")
    assert rows(repository.folder) == []


def test_moves_are_told_newest_first_with_the_followup_that_tells_of_them(
    repository: Repository,
) -> None:
    write(repository, "stage: contact\nowner: 李雷\n", day="2026-01-05")
    told = "## 2026-01-09 10:00 电话 韩梅梅\n\n- 阶段: 需求分析\n"
    write(repository, "stage: needs\nowner: 李雷\n", told, "2026-01-10")
    write(repository, "stage: needs\nowner: 韩梅梅\nvalue: 5000\n", told, "2026-01-12")
    assert rows(repository.folder) == [
        "01-12 value: None > 5000 CNY by Li Lei in git",
        "01-12 owner: 李雷 > 韩梅梅 by Li Lei in git",
        "01-09 stage: contact > needs by 韩梅梅 #f-2026-01-09-1000 in git",
    ]


def test_what_came_before_git_is_told_by_the_record(repository: Repository) -> None:
    body = (
        "## 2025-03-01 10:00 电话 李雷\n\n- 阶段: 需求分析 -> 成交\n- 等级: B\n\n"
        "## 2025-02-01 10:00 电话 李雷\n\n- 阶段: 初步接触 -> 需求分析\n- 等级: C -> B\n"
    )
    write(repository, "stage: won\nlevel: B\nowner: 李雷\n", body, "2026-01-05")
    assert rows(repository.folder) == [
        "03-01 stage: needs > won by 李雷 #f-2025-03-01-1000",
        "02-01 level: c > b by 李雷 #f-2025-02-01-1000",
        "02-01 stage: contact > needs by 李雷 #f-2025-02-01-1000",
    ]


def test_what_is_not_committed_says_so(repository: Repository) -> None:
    write(repository, "stage: contact\nowner: 李雷\nvalue: 1000\n", day="2026-01-05")
    told = "## 2026-01-30 10:00 电话 李雷\n\n- 阶段: 初步接触 -> 需求分析\n"
    write(repository, "stage: needs\nowner: 韩梅梅\nvalue: lots\n", told)
    assert rows(repository.folder) == [
        "02-01 owner: 李雷 > 韩梅梅 by  not committed",
        "01-30 stage: contact > needs by 李雷 #f-2026-01-30-1000",
    ]


def test_a_followup_of_long_ago_does_not_tell_of_a_move_of_today(repository: Repository) -> None:
    body = (
        "## 2025-02-02 10:00 电话 李雷\n\n- 阶段: 需求分析 -> 初步接触\n\n"
        "## 2025-02-01 10:00 电话 李雷\n\n- 阶段: 初步接触 -> 需求分析\n"
    )
    write(repository, "stage: contact\nowner: 李雷\n", body, "2026-01-05")
    write(repository, "stage: needs\nowner: 李雷\n", body, "2026-01-20")
    assert rows(repository.folder)[0] == "01-20 stage: contact > needs by Li Lei in git"
    assert len(rows(repository.folder)) == 3
