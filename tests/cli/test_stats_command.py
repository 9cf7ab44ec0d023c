"""`tracker stats`: the numbers, in every form, and what they were counted from."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.git_repository import Repository
from tracker.insight.measure_registry import all_measures

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from tests.cli.conftest import Tracker

TODAY = ("--today", "2026-11-24")


def test_a_measure_reads_well_in_both_languages(
    chinese: Path, english: Path, tracker: Tracker, snapshot: SnapshotAssertion
) -> None:
    for folder in (chinese, english):
        ended = tracker(folder, "stats", "pipeline", "--period", "2026", *TODAY)
        assert ended.code == 0
        assert ended.out == snapshot(name=folder.name)


def test_all_measures_are_printed_in_their_order(english: Path, tracker: Tracker) -> None:
    ended = tracker(english, "stats", *TODAY)
    places = [ended.out.index(f"({code})") for code in all_measures()]
    assert places == sorted(places)


def test_the_list_says_what_each_counts(english: Path, tracker: Tracker) -> None:
    ended = tracker(english, "stats", "--list", "--format", "json")
    listed = json.loads(ended.out)
    assert [each["code"] for each in listed] == list(all_measures())
    assert all(each["title"] and each["summary"] for each in listed)
    table = tracker(english, "stats", "pipeline", "--list").out
    assert "pipeline" in table
    assert "funnel" not in table


def test_every_form_says_the_same(english: Path, tracker: Tracker) -> None:
    command = ("stats", "--period", "all", *TODAY)
    nested = json.loads(tracker(english, *command, "--format", "json").out)
    text = tracker(english, *command, "--format", "csv").out
    flat = list(csv.DictReader(io.StringIO(text)))
    lines = tracker(english, *command, "--format", "jsonl").out.splitlines()
    assert len(lines) == len(flat)
    figures = {
        (measure["code"], table["key"], line["key"], column, str(figure["n"]))
        for measure in nested["measures"]
        for table in measure["tables"]
        for line in [*table["lines"], *([table["total"]] if table["total"] else [])]
        for column, figure in line["figures"].items()
    }
    assert figures == {
        (row["measure"], row["table"], row["line"], row["column"], row["n"]) for row in flat
    }
    assert nested["period"]["last"] == "2026-11-24"


def test_a_figure_of_too_few_says_so(english: Path, tracker: Tracker) -> None:
    ended = tracker(english, "stats", "win-rate", *TODAY)
    assert "too few (" in ended.out or "–" in ended.out
    data = json.loads(tracker(english, "stats", "win-rate", "--format", "json", *TODAY).out)
    (measure,) = data["measures"]
    for table in measure["tables"]:
        least = {column["key"]: column["least"] for column in table["columns"]}
        for line in table["lines"]:
            for column, figure in line["figures"].items():
                has_value = figure["value"] is not None
                assert figure["enough"] == (has_value and figure["n"] >= least[column])


def test_rows_are_what_a_figure_was_counted_from(
    english: Path, tracker: Tracker, snapshot: SnapshotAssertion
) -> None:
    data = json.loads(tracker(english, "stats", "pipeline", "--format", "json", *TODAY).out)
    (table,) = data["measures"][0]["tables"]
    for line in table["lines"]:
        address = f"stages/{line['key']}/customers"
        rows = json.loads(
            tracker(english, "stats", "pipeline", "--rows", address, "--format", "json", *TODAY).out
        )
        assert len(rows) == line["figures"]["customers"]["value"]
    ended = tracker(english, "stats", "pipeline", "--rows", "stages/total/customers", *TODAY)
    assert ended.out == snapshot(name="table")


def test_an_owner_has_the_numbers_of_their_customers(english: Path, tracker: Tracker) -> None:
    def customers(*options: str) -> int:
        ended = tracker(english, "stats", "pipeline", "--format", "json", *options, *TODAY)
        total = json.loads(ended.out)["measures"][0]["tables"][0]["total"]
        count: int = total["figures"]["customers"]["value"]
        return count

    owned = json.loads(tracker(english, "list", "is:open", "--format", "json", *TODAY).out)
    owners = {row["owner"] for row in owned if row["owner"]}
    counted = {name: customers("--owner", name) for name in owners}
    assert counted == {name: sum(row["owner"] == name for row in owned) for name in owners}
    assert sum(counted.values()) == customers()


def test_whoever_had_customers_once_has_numbers_of_then(tmp_path: Path, tracker: Tracker) -> None:
    repository = Repository(tmp_path)
    repository.write("tracker.yaml", "language: en\n")
    matter = "---\nname: Acme\nstage: proposal\nowner: {}\ncreated: 2026-10-05\n---\n"
    repository.write("records/acme.md", matter.format("Ada"))
    repository.commit("2026-10-05")
    repository.write("records/acme.md", matter.format("Tom"))
    repository.commit("2026-11-05")
    form = ("--format", "json", *TODAY)
    asked = ("results-by-owner", "--owner", "ada")
    (measure,) = json.loads(tracker(tmp_path, "stats", *asked, *form).out)["measures"]
    figures = measure["tables"][0]["total"]["figures"]
    assert (figures["new"]["value"], figures["held"]["value"]) == (1, 0)
    by_person = ("--month", "2026-10", "--by", "person")
    report = json.loads(tracker(tmp_path, "report", *by_person, *form).out)
    people = {each["who"]: each["figures"]["new"]["now"]["value"] for each in report["accounts"]}
    assert (people[None], people["Ada"]) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("pipelin",), "did you mean ‘pipeline’?"),
        (("xyz",), "there are: pipeline"),
        (("--period", "soon"), "is no period"),
        (("--period", "2027"), "has not begun yet"),
        (("--owner", "Nobody Known"), "there is no ‘Nobody Known’"),
        (("--owner", "Li Lei", "--mine"), "either --owner or --mine"),
        (("pipeline", "--rows", "stages/propsal"), "one is ‘stages/proposal’"),
    ],
)
def test_wrong_use_says_what_is_right(
    english: Path, tracker: Tracker, arguments: tuple[str, ...], reason: str
) -> None:
    ended = tracker(english, "stats", *arguments, *TODAY)
    assert ended.code == 2
    assert ended.out == ""
    assert reason in ended.err


def test_an_empty_workspace_has_numbers_too(tmp_path: Path, tracker: Tracker) -> None:
    (tmp_path / "tracker.yaml").write_text("language: en\n", "utf-8")
    (tmp_path / "records").mkdir()
    for form in ("table", "json", "csv", "jsonl"):
        ended = tracker(tmp_path, "stats", "--period", "all", "--format", form)
        assert (ended.code, ended.err) == (0, "")


def test_an_amount_that_is_too_large_is_a_problem_and_left_out(
    english: Path, tracker: Tracker
) -> None:
    record = "---\nname: Long\nstage: proposal\nowner: Li Lei\nvalue: 99999999999999999999亿\n---\n"
    (english / "records/long.md").write_text(record, "utf-8")
    assert tracker(english, "stats", *TODAY).code == 0
    checked = tracker(english, "check", "records/long.md")
    assert checked.code == 1
    assert "‘99999999999999999999亿’ is too large for an amount" in checked.out
