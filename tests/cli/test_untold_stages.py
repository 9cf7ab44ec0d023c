"""A stage that the front matter has and no follow-up tells: every figure counts it alike."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from tests.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

TODAY = ("--today", "2026-11-29")
FILES = {
    "tracker.yaml": "language: en\ntimezone: UTC\ncurrency: USD\n",
    "records/acme.md": """---
name: Acme Pumps
stage: negotiation
owner: Ada Wren
created: 2026-09-20
value: 480000 USD
---

## 2026-11-10 09:10 call Ada Wren

- stage: proposal -> negotiation
""",
}


def write(folder: Path) -> None:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def figures(folder: Path, tracker: Tracker, *day: str) -> tuple[int, dict[str, str], int, str]:
    """Return won and amount of the week, won of the year, and the last stage entered."""
    report = json.loads(tracker(folder, "report", "--format", "json", *day).out)
    week = report["accounts"][0]["figures"]
    stats = tracker(folder, "stats", "win-rate", "--format", "csv", *day).out
    won = next(row for row in csv.DictReader(io.StringIO(stats)) if row["column"] == "won")
    query = "select date, new, source from stage_changes order by date desc limit 1"
    entered = tracker(folder, "sql", query, "--format", "csv", *day).out.split()[1:]
    return (
        week["won"]["now"]["value"],
        week["amount_won"]["now"]["value"]["amounts"],
        int(won["value"]),
        " ".join(entered),
    )


def test_a_deal_that_was_set_is_won_on_its_day(tmp_path: Path, tracker: Tracker) -> None:
    write(tmp_path)
    deal = ("deal.date=2026-11-26", "deal.amount=470k")
    tracker(tmp_path, "set", "acme", "stage=won", *deal, *TODAY)
    expected = (1, {"USD": "470000"}, 1, "2026-11-26,won,outcome")
    assert figures(tmp_path, tracker, *TODAY) == expected


def test_without_a_deal_git_knows_the_day(tmp_path: Path, tracker: Tracker) -> None:
    repository = Repository(tmp_path)
    write(tmp_path)
    repository.commit("2026-11-11")
    tracker(tmp_path, "set", "acme", "stage=won", *TODAY)
    amount = {"USD": "480000"}
    assert figures(tmp_path, tracker, *TODAY) == (1, amount, 1, "2026-11-29,won,git")
    repository.commit("2026-11-26")
    assert figures(tmp_path, tracker, *TODAY) == (1, amount, 1, "2026-11-26,won,git")


def test_a_line_that_the_front_matter_forgot_stands(tmp_path: Path, tracker: Tracker) -> None:
    repository = Repository(tmp_path)
    write(tmp_path)
    repository.write("records/acme.md", FILES["records/acme.md"].replace("negotiation", "won", 1))
    repository.commit("2026-11-01")
    last = figures(tmp_path, tracker, *TODAY)[-1]
    assert last == "2026-11-10,negotiation,record"


def test_setting_a_stage_names_the_command_that_tells_its_day(
    tmp_path: Path, tracker: Tracker
) -> None:
    write(tmp_path)
    ended = tracker(tmp_path, "set", "acme", "stage=needs analysis", *TODAY)
    assert "record the day of the change with: tracker log acme --stage 'needs analysis'" in (
        ended.err
    )
