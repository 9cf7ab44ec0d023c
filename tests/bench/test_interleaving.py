"""Commands that are measured in turn."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bench.interleaving import Case, Effort, MeasuringError, run_in_turn
from bench.results import Series

if TYPE_CHECKING:
    from pathlib import Path

SAYS = "import pathlib, sys; print(sys.argv[1], file=pathlib.Path('said').open('a'))"


def saying(word: str, folder: Path) -> Case:
    return Case(word, [sys.executable, "-c", SAYS, word], folder)


def test_commands_take_turns_after_one_run_each_that_does_not_count(tmp_path: Path) -> None:
    cases = [saying("a", tmp_path), saying("b", tmp_path)]
    group, left_out = run_in_turn("x", 3, cases, "b", Effort(rounds=2))
    assert (tmp_path / "said").read_text("utf-8").split() == ["a", "b"] * 3
    assert [(each.name, each.rounds) for each in group.series] == [("a", [0, 1]), ("b", [0, 1])]
    assert (group.subject, group.customers, group.baseline, left_out) == ("x", 3, "b", [])


def test_each_run_finds_its_folder_prepared(tmp_path: Path) -> None:
    said = tmp_path / "said"

    def prepare() -> None:
        said.write_text("prepared\n", "utf-8")

    case = replace(saying("a", tmp_path), prepare=prepare)
    run_in_turn("x", 1, [case], "a", Effort(rounds=1))
    assert said.read_text("utf-8").split() == ["prepared", "a"]


def test_time_and_memory_of_children_count(tmp_path: Path) -> None:
    busy = "x = bytearray(60_000_000)\nfor i in range(2_000_000): pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    case = Case("parent", [sys.executable, "-c", parent], tmp_path)
    idle = Case("idle", [sys.executable, "-c", "pass"], tmp_path)
    group, _ = run_in_turn("x", 1, [case, idle], "idle", Effort(rounds=1))
    found, alone = group.series
    assert found.cpu[0] > alone.cpu[0]
    if sys.platform == "linux":
        assert found.memory is not None
        assert found.memory > 60_000_000


def test_another_program_that_fails_is_left_out_with_its_words(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import sys; sys.exit('no such theme')"]
    cases = [Case("other", words, tmp_path, may_fail=True), saying("a", tmp_path)]
    group, left_out = run_in_turn("x", 10, cases, "other", Effort(rounds=1))
    assert [each.name for each in group.series] == ["a"]
    assert group.baseline == "a"
    assert left_out == ["other, 10 customers: ended with 1: no such theme"]


def test_another_program_that_takes_too_long_is_ended_and_left_out(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import time; time.sleep(600)"]
    cases = [saying("a", tmp_path), Case("other", words, tmp_path, may_fail=True)]
    _, left_out = run_in_turn("x", 10, cases, "a", Effort(rounds=1, patience=0.5))
    assert len(left_out) == 1
    assert left_out[0].startswith("other, 10 customers: not done after")


def test_another_program_that_leaves_pages_out_is_left_out(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.mkdir()
    (output / "index.html").touch()
    cases = [saying("a", tmp_path), replace(saying("b", tmp_path), output=output, may_fail=True)]
    _, left_out = run_in_turn("x", 2, cases, "a", Effort(rounds=1))
    assert left_out == ["b, 2 customers: wrote 1 pages"]


def test_a_command_of_ours_that_fails_ends_the_run(tmp_path: Path) -> None:
    case = Case("ours", [sys.executable, "-c", "import sys; sys.exit(3)"], tmp_path)
    with pytest.raises(MeasuringError, match="ours: ended with 3"):
        run_in_turn("x", 1, [case], "ours", Effort(rounds=1))


def test_side_cases_rest_when_their_time_is_used_up(tmp_path: Path) -> None:
    cases = [saying("main", tmp_path), replace(saying("side", tmp_path), is_main=False)]
    group, _ = run_in_turn("x", 1, cases, "main", Effort(rounds=3, side_seconds=0))
    assert [each.rounds for each in group.series] == [[0, 1, 2], [0]]


def test_no_round_begins_when_the_time_is_over(tmp_path: Path) -> None:
    group, _ = run_in_turn("x", 1, [saying("a", tmp_path)], "a", Effort(rounds=9, seconds=0))
    assert group.series[0].rounds == [0]


def test_ratios_compare_runs_of_the_same_round() -> None:
    # The machine was ten times slower in the second round.
    baseline = Series("b", [0, 1, 2], [1.0, 10.0, 1.0], [1, 1, 1])
    assert Series("a", [0, 1, 2], [2.0, 20.0, 2.0], [1, 1, 1]).ratio_to(baseline) == 2
    assert Series("a", [1], [5.0], [1]).ratio_to(baseline) == 0.5
    assert Series("a", [3], [5.0], [1]).ratio_to(baseline) is None
