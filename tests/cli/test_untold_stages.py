"""A stage that the front matter has and no follow-up tells: every figure counts it alike."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

pytestmark = pytest.mark.usefixtures("few_numbers")

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


def with_matter(record: str, *lines: str) -> str:
    """Return a record with other lines of front matter, and what it tells below that."""
    body = record.split("---\n", 2)[2]
    return "\n".join(("---", "name: Acme Pumps", "owner: Ada Wren", *lines, "---", "")) + body


def entered(folder: Path, tracker: Tracker) -> list[str]:
    """Return the stages entered with their days, where these are known from, and how long."""
    query = "select date, new, source, days from stage_changes"
    return tracker(folder, "sql", query, "--format", "csv", *TODAY).out.splitlines()[1:]


def counted(folder: Path, tracker: Tracker, first: str, last: str) -> tuple[int, int]:
    """Return how many the report has as won, and how many as lost, in some days."""
    days = ("--from", first, "--to", last)
    report = json.loads(tracker(folder, "report", *days, "--format", "json", *TODAY).out)
    found = report["accounts"][0]["figures"]
    return found["won"]["now"]["value"], found["lost"]["now"]["value"]


def told(folder: Path, tracker: Tracker, *since: str) -> dict[str, int]:
    """Return how many customers the changes tell as won, lost and recorded now."""
    found = json.loads(tracker(folder, "changes", *since, "--format", "json", *TODAY).out)
    return {kind: len(found[kind]) for kind in ("won", "lost", "recorded") if found[kind]}


def figures(folder: Path, tracker: Tracker, *day: str) -> tuple[int, dict[str, str], int, str]:
    """Return won and amount of the week, won of the year, and the last stage entered."""
    report = json.loads(tracker(folder, "report", "--format", "json", *day).out)
    week = report["accounts"][0]["figures"]
    stats = tracker(folder, "stats", "win-rate", "--format", "csv", *day).out
    won = next(row for row in csv.DictReader(io.StringIO(stats)) if row["column"] == "won")
    query = "select date, new, source from stage_changes order by date desc limit 1"
    newest = tracker(folder, "sql", query, "--format", "csv", *day).out.split()[1:]
    return (
        week["won"]["now"]["value"],
        week["amount_won"]["now"]["value"]["amounts"],
        int(won["value"]),
        " ".join(newest),
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
    assert told(tmp_path, tracker) == {"won": 1}
    repository.commit("2026-11-26")
    assert figures(tmp_path, tracker, *TODAY) == (1, amount, 1, "2026-11-26,won,git")


def test_a_line_that_the_front_matter_forgot_stands(tmp_path: Path, tracker: Tracker) -> None:
    repository = Repository(tmp_path)
    write(tmp_path)
    repository.write("records/acme.md", FILES["records/acme.md"].replace("negotiation", "won", 1))
    repository.commit("2026-11-01")
    last = figures(tmp_path, tracker, *TODAY)[-1]
    assert last == "2026-11-10,negotiation,record"


@pytest.mark.parametrize("kind", ["won", "lost"])
def test_an_old_customer_recorded_now_is_news_where_its_deal_is(
    tmp_path: Path, tracker: Tracker, kind: str
) -> None:
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", FILES["tracker.yaml"])
    repository.write("records/birch.md", "---\nname: Birch\nstage: contact\nowner: Ada\n---\n")
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "begin", day="2026-11-01", committed="2026-11-01")
    outcome = {"won": "deal: {date: 2026-11-20}", "lost": "lost: {date: 2026-11-20}"}[kind]
    matter = (f"stage: {kind}", "created: 2025-01-05", "value: 1000 USD", outcome)
    repository.write("records/acme.md", with_matter("---\n---\n", *matter))
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "acme", day="2026-11-21", committed="2026-11-21")
    assert told(tmp_path, tracker, "--since", "2026-11-15") == {kind: 1, "recorded": 1}
    assert told(tmp_path, tracker, "HEAD~..HEAD") == {kind: 1, "recorded": 1}
    expected = (1, 0) if kind == "won" else (0, 1)
    assert counted(tmp_path, tracker, "2026-11-15", "2026-11-29") == expected
    assert f"2026-11-20,{kind},outcome,9" in entered(tmp_path, tracker)
    repository.write("records/acme.md", with_matter("---\n---\n", *matter[:-1]))
    assert told(tmp_path, tracker, "--since", "2026-11-15") == {"recorded": 1}


@pytest.mark.parametrize("kind", ["won", "lost"])
def test_without_lines_and_git_the_deal_has_its_own_day(
    tmp_path: Path, tracker: Tracker, kind: str
) -> None:
    write(tmp_path)
    outcome = {"won": "deal: {date: 2026-11-20}", "lost": "lost: {date: 2026-11-20}"}[kind]
    matter = with_matter("---\n---\n", f"stage: {kind}", "created: 2026-09-01", outcome)
    (tmp_path / "records" / "acme.md").write_text(matter, "utf-8")
    assert entered(tmp_path, tracker) == [f"2026-11-20,{kind},outcome,9"]
    expected = (1, 0) if kind == "won" else (0, 1)
    assert counted(tmp_path, tracker, "2026-11-15", "2026-11-29") == expected
    assert tracker(tmp_path, "build", *TODAY).code == 0
    page = (tmp_path / "output" / "changes.html").read_text("utf-8")
    assert f'<h2 id="{kind}"' in page


def test_a_deal_did_not_bring_what_came_after_it(tmp_path: Path, tracker: Tracker) -> None:
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", FILES["tracker.yaml"])
    line = "---\n---\n\n## 2026-01-10 call Ada Wren\n\n- stage: negotiation -> won\n"
    deal = "deal: {date: 2026-01-10}"
    repository.write("records/acme.md", with_matter(line, "stage: won", deal))
    repository.commit("2026-01-10")
    repository.write("records/acme.md", with_matter(line, "stage: after-sales", deal))
    repository.commit("2026-06-01")
    assert entered(tmp_path, tracker)[1:] == [
        "2026-01-10,won,record,142",
        "2026-06-01,after-sales,git,181",
    ]


def test_a_deal_before_the_newest_line_is_won_on_its_day(tmp_path: Path, tracker: Tracker) -> None:
    write(tmp_path)
    line = "---\n---\n\n## 2026-11-02 call Ada Wren\n\n- stage: needs analysis -> negotiation\n"
    matter = ("stage: won", "created: 2026-09-01", "deal: {date: 2026-10-15}")
    (tmp_path / "records" / "acme.md").write_text(with_matter(line, *matter), "utf-8")
    assert entered(tmp_path, tracker) == [
        "2026-09-01,needs analysis,created,44",
        "2026-10-15,negotiation,record,0",
        "2026-10-15,won,outcome,45",
    ]
    assert counted(tmp_path, tracker, "2026-10-01", "2026-10-31") == (1, 0)
    assert counted(tmp_path, tracker, "2026-11-01", "2026-11-29") == (0, 0)


def test_a_deal_that_git_saw_later_is_won_on_its_day(tmp_path: Path, tracker: Tracker) -> None:
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", FILES["tracker.yaml"])
    nothing, deal = "---\n---\n", "deal: {date: 2026-10-28}"
    for stage, day in (("proposal", "10-05"), ("won", "11-03"), ("after-sales", "11-20")):
        repository.write("records/acme.md", with_matter(nothing, f"stage: {stage}", deal))
        repository.commit(f"2026-{day}")
    assert entered(tmp_path, tracker) == [
        "2026-10-05,proposal,git,23",
        "2026-10-28,won,outcome,23",
        "2026-11-20,after-sales,git,9",
    ]
    assert counted(tmp_path, tracker, "2026-10-01", "2026-10-31") == (1, 0)


def test_an_old_deal_is_not_that_of_a_customer_won_again(tmp_path: Path, tracker: Tracker) -> None:
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", FILES["tracker.yaml"])
    lines = (
        "---\n---\n\n## 2026-10-10 call Ada Wren\n\n- stage: won -> negotiation\n"
        "\n## 2025-03-03 call Ada Wren\n\n- stage: negotiation -> won\n"
    )
    deal = "deal: {date: 2025-03-01}"
    repository.write("records/acme.md", with_matter(lines, "stage: negotiation", deal))
    repository.commit("2026-10-10")
    repository.write("records/acme.md", with_matter(lines, "stage: won", deal))
    repository.commit("2026-11-20")
    assert entered(tmp_path, tracker)[1:] == [
        "2025-03-03,won,record,586",
        "2026-10-10,negotiation,record,41",
        "2026-11-20,won,git,9",
    ]
    assert counted(tmp_path, tracker, "2026-11-15", "2026-11-29") == (1, 0)


def test_a_customer_recorded_as_won_was_not_won_on_that_day(
    tmp_path: Path, tracker: Tracker
) -> None:
    repository = Repository(tmp_path)
    write(tmp_path)
    matter = ("stage: won", "created: 2024-03-01")
    repository.write("records/acme.md", with_matter("---\n---\n", *matter))
    repository.commit("2026-11-26")
    assert entered(tmp_path, tracker) == ["2024-03-01,won,created,1003"]
    assert counted(tmp_path, tracker, "2026-11-20", "2026-11-29") == (0, 0)
    assert counted(tmp_path, tracker, "2024-03-01", "2024-03-01") == (1, 0)
    # Who comes into another stage later does so on the day of that commit.
    repository.write("records/acme.md", with_matter("---\n---\n", "stage: lost", *matter[1:]))
    repository.commit("2026-11-28")
    assert entered(tmp_path, tracker) == [
        "2024-03-01,won,created,1002",
        "2026-11-28,lost,git,1",
    ]


def test_setting_a_stage_names_the_command_that_tells_its_day(
    tmp_path: Path, tracker: Tracker
) -> None:
    write(tmp_path)
    ended = tracker(tmp_path, "set", "acme", "stage=needs analysis", *TODAY)
    assert "record the day of the change with: tracker log acme --stage 'needs analysis'" in (
        ended.err
    )


def test_two_moves_of_one_moment_leave_it_to_git_as_well(tmp_path: Path, tracker: Tracker) -> None:
    repository = Repository(tmp_path)
    write(tmp_path)
    section = "## 2026-11-10 call Ada Wren\n\n- stage: {move}\n\n"
    moves = ("proposal -> negotiation", "initial contact -> proposal")
    matter = with_matter("---\n---\n", "stage: negotiation", "created: 2026-09-20")
    body = "".join(section.format(move=move) for move in moves)
    repository.write("records/acme.md", matter.replace("negotiation", "proposal"))
    repository.commit("2026-11-01")
    repository.write("records/acme.md", f"{matter}\n{body}")
    repository.commit("2026-11-12")
    # The later in the file is the newer, so no line leads to the stage.
    assert entered(tmp_path, tracker)[-1] == "2026-11-12,negotiation,git,17"
