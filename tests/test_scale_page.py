"""`docs/scale.md`: its export and its queries are run over fifty teams."""

from __future__ import annotations

import os
import re
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from bench.generate import TODAY
from tools.scale_page import CUSTOMERS, DATASET, QUERY, TEAMS, export_teams, make_teams, page_of
from tracker.insight.day import Day, day_of
from tracker.library.loader import load_library
from tracker.library.status import CommitmentState, NextState
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).parent.parent / "docs" / "scale.md").read_text("utf-8")
RECOUNTED = 3
"""Teams whose answers are counted a second time, from their records."""


class Company:
    """Fifty teams, and the dataset that they exported as the page says."""

    def __init__(self, folder: Path) -> None:
        self.teams = make_teams(folder)
        self.dataset = folder / "dataset"
        export_teams(PAGE, self.teams, self.dataset)
        self.days: dict[str, Day] = {
            team.name: day_of(load_library(team), TODAY, checked=False)
            for team in self.teams[:RECOUNTED]
        }

    def answer(self, question: str) -> dict[str, tuple[Any, ...]]:
        """Return the rows of a query of the page, all of them, by their team."""
        text = PAGE.partition(f"### {question}")[2]
        found = QUERY.search(text)
        assert found
        sql = re.sub(r"^(?:LIMIT|HAVING) .*\n", "", found[2], flags=re.MULTILINE)
        macro = QUERY.findall(PAGE)[0][1].replace(DATASET, str(self.dataset))
        with closing(duckdb.connect()) as connection:
            connection.execute(macro)
            return {row[0]: row[1:] for row in connection.execute(sql).fetchall()}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with pytest.MonkeyPatch.context() as patch:
        # Nothing has to survive a power cut here, and a thousand files take their time to be safe.
        patch.setattr(os, "fsync", lambda _: None)
        yield Company(tmp_path_factory.mktemp("company"))


def test_the_answers_on_the_page_are_those_of_the_dataset(company: Company) -> None:
    assert page_of(PAGE, company.dataset) == PAGE


def test_every_team_is_in_it(company: Company) -> None:
    answer = company.answer("Are all parts of today?")
    assert answer == {date(2026, 11, 24): (TEAMS, TEAMS * CUSTOMERS)}


def test_the_pipeline_is_that_of_the_records(company: Company) -> None:
    answer = company.answer("How does the pipeline stand, team by team?")
    assert len(answer) == TEAMS
    for team, day in company.days.items():
        standings = [one for one in day.standings if one.status.stage_kind is StageKind.OPEN]
        value = sum(one.customer.value.amount for one in standings if one.customer.value)
        weighted = sum(
            one.status.weighted_value.amount for one in standings if one.status.weighted_value
        )
        assert answer[team] == ("CNY", len(standings), value, weighted)
        assert isinstance(answer[team][2], Decimal)


def test_overdue_customers_are_those_of_the_records(company: Company) -> None:
    answer = company.answer("Where are next steps overdue?")
    for team, day in company.days.items():
        standings = [one for one in day.standings if one.status.stage_kind is StageKind.OPEN]
        overdue = [one for one in standings if one.status.next_state is NextState.OVERDUE]
        longest = max(one.status.days_overdue for one in standings)
        percent = pytest.approx(100 * len(overdue) / len(standings), abs=0.06)
        assert answer[team] == (len(overdue), len(standings), percent, longest)


def test_promises_are_those_of_the_records(company: Company) -> None:
    answer = company.answer("Who keeps promises?")
    for team, day in company.days.items():
        states = [
            promise.state
            for one in day.standings
            for promise in one.status.promises
            if promise.commitment.due and 0 <= (TODAY - promise.commitment.due).days <= 90
        ]
        kept = sum(state in {CommitmentState.KEPT, CommitmentState.DONE} for state in states)
        missed = sum(state in {CommitmentState.LATE, CommitmentState.OVERDUE} for state in states)
        assert answer[team][:2] == (kept, missed)
        assert kept
        assert missed


def test_wins_are_those_of_the_records(company: Company) -> None:
    answer = company.answer("Which teams win?")
    for team, day in company.days.items():
        kinds = {stage.id: stage.kind for stage in day.library.config.stages}
        reached = {
            (one.customer.id, kinds[entry.stage])
            for one in day.standings
            for entry in one.status.stage_history
            if 0 <= (TODAY - entry.date).days <= 365
        }
        won = sum(kind is StageKind.WON for _, kind in reached)
        lost = sum(kind is StageKind.LOST for _, kind in reached)
        assert answer[team][:2] == (won, lost)
        assert answer[team][2] == pytest.approx(100 * won / (won + lost), abs=0.06)
