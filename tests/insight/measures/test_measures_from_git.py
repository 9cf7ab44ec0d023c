"""What measures take from git: former owners, and when follow-ups were written down."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository
from tests.insight.measures.busy_workspaces import figures_of, table_of
from tracker.insight.day import day_of
from tracker.insight.former_owners import former_owners
from tracker.insight.measure import Scope
from tracker.insight.report import report_of
from tracker.insight.report_entries import Part
from tracker.insight.report_times import Stretch, times_of
from tracker.library.loader import load_library
from tracker.periods import Period

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 24)
YEAR = Period(date(2026, 1, 1), TODAY)
RECORD = """\
---
name: Acme
stage: won
owner: {owner}
value: 9 CNY
created: 2026-02-01
---

## {day} 10:00 call Li

- stage: proposal -> won

"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a customer of Li that Han got in March, and O'Neil since, which is not committed."""
    repository = Repository(tmp_path_factory.mktemp("git"))
    repository.write("tracker.yaml", "language: en\ntimezone: Asia/Shanghai\n")
    acme = "records/acme.md"
    repository.write(acme, RECORD.format(owner="Li", day="2026-02-02"))
    repository.commit("2026-02-02", "13:00:00+08:00")
    repository.write(acme, RECORD.format(owner="Han", day="2026-02-02"))
    repository.commit("2026-03-02")
    repository.write(acme, RECORD.format(owner="O'Neil", day="2026-02-02"))
    repository.write("records/still.md", RECORD.format(owner="Li", day="2026-05-05"))
    return repository


def test_former_owners_are_those_of_the_commits(repository: Repository) -> None:
    day = day_of(load_library(repository.folder), TODAY)
    assert former_owners(day) == {
        "records/acme.md": ((date.min, "Li"), (date(2026, 3, 2), "Han"), (TODAY, "O'Neil"))
    }


def test_results_are_credited_to_the_owner_in_git_on_the_day(repository: Repository) -> None:
    day = day_of(load_library(repository.folder), TODAY)
    found = figures_of(Scope(day, YEAR), "results-by-owner", "owners")
    assert (found["Li"]["new"], found["Li"]["won"]) == (2, 2)
    assert set(found) == {"Li", "total"}
    assert figures_of(Scope(day, YEAR, "Han"), "results-by-owner", "owners")["total"]["won"] == 0


def test_record_lag_by_person_with_what_has_none(repository: Repository) -> None:
    day = day_of(load_library(repository.folder), TODAY)
    found = figures_of(Scope(day, YEAR), "record-lag", "people")
    assert found["total"] == {"followups": 1, "hours": (3, 3, 3), "at_once": 1}
    table = table_of(Scope(day, YEAR), "record-lag", "people")
    assert [str(note) for note in table.notes] == [
        "Follow-ups not committed, which have no lag yet: 1"
    ]
    assert table.total
    assert str(table.total.figures[0].cases[0].note) == "written down on 2026-02-02"
    none = Scope(day, YEAR, "Han")
    assert figures_of(none, "record-lag", "people")["total"]["followups"] == 0


def test_without_git_the_table_is_empty_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "tracker.yaml").write_text("language: en\n", "utf-8")
    (tmp_path / "records").mkdir()
    text = RECORD.format(owner="Li", day="2026-05-05")
    (tmp_path / "records" / "a.md").write_text(text, "utf-8")
    table = table_of(Scope(day_of(load_library(tmp_path), TODAY), YEAR), "record-lag", "people")
    assert not table.lines
    assert "in no git repository" in str(table.notes[0])


def test_a_shallow_clone_knows_what_was_before_its_first_changes(
    tmp_path: Path,
) -> None:
    first = (
        "---\nname: Beta\nstage: proposal\nowner: Li\nvalue: 1 CNY\nexpected_close: 2026-04-01\n"
    )
    origin = Repository(tmp_path / "origin")
    origin.write("records/beta.md", f"{first}---\n")
    origin.commit("2026-02-02")
    origin.write("notes.txt", "nothing of the records")
    origin.commit("2026-02-20")
    then = first.replace("Li", "Han").replace("1 CNY", "2 CNY").replace("04-01", "05-01")
    origin.write("records/beta.md", f"{then}---\n")
    origin.commit("2026-03-02")
    folder = tmp_path / "clone"
    origin.git("clone", "-q", "--depth", "2", f"file://{origin.folder}", str(folder))
    day = day_of(load_library(folder), TODAY)
    assert former_owners(day) == {"records/beta.md": ((date.min, "Li"), (date(2026, 3, 2), "Han"))}
    pushes = figures_of(Scope(day, YEAR), "forecast", "pushes")
    assert (pushes["0"]["customers"], pushes["1"]["customers"]) == (0, 1)
    report = report_of(day, times_of(Stretch.DAYS, YEAR, TODAY))
    moved = [report.facts[0].parts[part][0].what for part in (Part.VALUES, Part.CLOSES)]
    assert [(str(move.old), str(move.new)) for move in moved] == [
        ("1 CNY", "2 CNY"),
        ("2026-04-01", "2026-05-01"),
    ]


def test_one_won_twice_counts_for_its_last_owner_in_every_measure(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    record = RECORD.format(owner="{owner}", day="2026-02-02")
    again = (
        "## 2026-03-20 10:00 call Li\n\n- stage: lost -> won\n\n"
        "## 2026-03-10 10:00 call Li\n\n- stage: won -> lost\n\n"
    )
    repository.write("records/acme.md", record.format(owner="Li"))
    repository.commit("2026-02-02")
    repository.write(
        "records/acme.md", record.replace("## 2026-02", f"{again}## 2026-02").format(owner="Han")
    )
    repository.commit("2026-03-20")
    day = day_of(load_library(tmp_path), TODAY)
    for owner, won in (("Li", 0), ("Han", 1), (None, 1)):
        scope = Scope(day, YEAR, owner)
        assert figures_of(scope, "trend", "months")["total"]["won"] == won
        assert figures_of(scope, "results-by-owner", "owners")["total"]["won"] == won
    months = figures_of(Scope(day, YEAR, "Li"), "trend", "months")
    assert (months["2026-02"]["won"], months["2026-03"]["won"]) == (1, 0)
