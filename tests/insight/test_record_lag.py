"""How long after a talk it was written down, from real git repositories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository
from tests.insight.measures.busy_workspaces import figures_of
from tracker.insight.day import day_of
from tracker.insight.measure import Scope
from tracker.insight.record_lag import record_lags
from tracker.library.loader import load_library
from tracker.periods import Period

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.insight.record_lag import RecordLag

TODAY = date(2026, 2, 1)
A = "records/a.md"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", "language: zh\ntimezone: Asia/Shanghai\n")
    return repository


def write(repository: Repository, *headings: str, path: str = A) -> None:
    sections = "".join(f"## {heading}\n\n一次。\n\n" for heading in headings)
    repository.write(path, f"---\nname: {path}\nstage: contact\nowner: 李雷\n---\n\n{sections}")


def lags(root: Path, period: Period | None = None) -> dict[str, RecordLag]:
    found = record_lags(day_of(load_library(root), TODAY, checked=False), period)
    return {each.who: each for each in found}


@pytest.mark.parametrize(
    ("heading", "clock", "expected"),
    [
        ("2026-01-10 10:00 电话", "12:30:00+08:00", timedelta(hours=2, minutes=30)),
        ("2026-01-10 10:00 电话", "06:30:00+00:00", timedelta(hours=4, minutes=30)),
        ("2026-01-10 10:00+09:00 电话", "12:00:00+08:00", timedelta(hours=3)),
        ("2026-01-10 电话", "23:50:00+08:00", timedelta()),
        ("2026-01-09 电话", "18:00:00+08:00", timedelta(hours=18)),
        ("2026-01-10 18:00 电话", "12:00:00+08:00", timedelta()),
        ("2026-01-04 12:00 电话", "12:00:00+08:00", timedelta(days=6)),
    ],
)
def test_lag_is_the_time_from_the_talk_to_its_first_commit(
    repository: Repository, heading: str, clock: str, expected: timedelta
) -> None:
    write(repository, heading)
    repository.commit("2026-01-10", clock)
    assert [lag.time for lag in lags(repository.folder)["李雷"].lags] == [expected]


def test_each_person_has_median_quartiles_and_the_share_within_a_day(
    repository: Repository,
) -> None:
    first = "2026-01-10 10:00 电话"
    write(repository, first)
    repository.commit("2026-01-10", "10:00:00+08:00")
    write(
        repository,
        "2026-01-12 09:00 电话 韩梅梅",
        "2026-01-11 10:00 电话",
        "2026-01-10 12:00 电话",
        first,
    )
    repository.commit("2026-01-12", "10:00:00+08:00")
    found = lags(repository.folder)
    assert list(found) == ["李雷", "韩梅梅"]
    assert [lag.hours for lag in found["李雷"].lags] == [24, 46, 0]
    assert [lag.hours for lag in found["韩梅梅"].lags] == [1]
    only = lags(repository.folder, Period(date(2026, 1, 11), date(2026, 1, 11)))
    assert [lag.hours for lag in only["李雷"].lags] == [24]
    scope = Scope(day_of(load_library(repository.folder), TODAY), Period(date(2026, 1, 1), TODAY))
    figures = figures_of(scope, "record-lag", "people")
    assert figures["李雷"] == {
        "followups": 3,
        "hours": (12, 24, 35),
        "at_once": 2 / 3,
    }


def test_what_has_no_lag_is_counted_beside(repository: Repository) -> None:
    write(repository, "2026-01-10 10:00 电话", "2026-01-01 10:00 电话", "2025-06-01 10:00 电话")
    repository.commit("2026-01-10")
    old = "2025-12-01 10:00 电话"
    write(
        repository, "2026-01-10 10:00 电话", "2026-01-01 10:00 电话", "2025-06-01 10:00 电话", old
    )
    repository.commit("2026-01-11")
    write(
        repository,
        "2026-03-01 10:00 电话",
        "2026-01-12 10:00 电话",
        "2026-01-10 10:00 电话",
        "2026-01-01 10:00 电话",
        "2025-06-01 10:00 电话",
        old,
    )
    found = lags(repository.folder)["李雷"]
    assert [lag.followup.date for lag in found.lags] == [date(2026, 1, 10), date(2025, 12, 1)]
    assert (found.imported, found.uncommitted, found.older) == (2, 1, 0)


def test_without_git_nobody_has_a_lag(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").write_text("language: zh\n", "utf-8")
    text = "---\nname: A\nstage: won\nowner: 李雷\n---\n## 2026-01-10 10:00 电话\n"
    (tmp_path / A).write_text(text, "utf-8")
    found = lags(tmp_path)["李雷"]
    assert (found.lags, found.uncommitted) == ((), 1)
