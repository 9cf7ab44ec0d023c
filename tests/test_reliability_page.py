"""docs/reliability.md, the results that it is made from, and the command that runs trials."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tools.reliability_page import page_of
from trials import __main__ as command
from trials.results import Outcome, read_results
from trials.trial import Trial

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def _toy(failed: int) -> Trial:
    remarks = ["The second one broke."] if failed else []
    return Trial(
        "Toys, thrown",
        "Each is thrown once.",
        7,
        lambda count: [Outcome("a ball", count, failed, remarks), Outcome("a doll", 2 * count, 0)],
    )


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["trials", *arguments])
    return command.main()


def test_a_run_replaces_its_own_result_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = tmp_path / "result.json"
    toys = {"balls": _toy(0), "dolls": _toy(0)}
    monkeypatch.setattr(command, "all_trials", lambda: toys)
    assert _run(monkeypatch, "--all", "--result", str(result)) == 0
    toys["balls"] = _toy(1)
    assert _run(monkeypatch, "balls", "--count", "3", "--result", str(result)) == 1
    assert _run(monkeypatch, "dolls", "--count", "1", "--dry-run", "--result", str(result)) == 0
    kept = read_results(result)
    assert [kept[name].tried for name in ("balls", "dolls")] == [9, 21]
    page = page_of(kept)
    assert "| [Toys, thrown](#toys-thrown) | 9 | 8 | 1 |\n" in page
    assert "| a ball | 3 | 2 | 1 |\n" in page
    assert "- The second one broke.\n" in page
    assert "`python -m trials dolls`: " in page


def test_trials_are_listed_where_none_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "all_trials", lambda: {"balls": _toy(0)})
    assert _run(monkeypatch) == 0
    assert capsys.readouterr().out.split() == ["balls", "7", "Toys,", "thrown"]
