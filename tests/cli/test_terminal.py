"""What a person at a terminal sees, through a pseudo-terminal."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.pseudo_terminal import on_terminal, tracker_on_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

ESCAPE = "\x1b["
TODAY = ("--today", "2026-11-24")


def _tracker(folder: Path, *arguments: str, **environment: str) -> str:
    return tracker_on_terminal(folder, *arguments, **environment)[1]


@pytest.mark.parametrize("arguments", [["list", *TODAY], ["show", "mingtai", *TODAY], ["lst"]])
def test_colour_is_for_terminals(chinese: Path, arguments: list[str]) -> None:
    assert ESCAPE in _tracker(chinese, *arguments)


@pytest.mark.parametrize("arguments", [["list", *TODAY], ["show", "mingtai", *TODAY], ["lst"]])
@pytest.mark.parametrize("variable", ["NO_COLOR=1", "NO_COLOR=0", "TERM=dumb"])
def test_no_colour_where_it_is_not_wanted(
    chinese: Path, arguments: list[str], variable: str
) -> None:
    name, _, value = variable.partition("=")
    assert ESCAPE not in _tracker(chinese, *arguments, **{name: value})


def test_an_empty_no_color_says_nothing(chinese: Path) -> None:
    assert ESCAPE in _tracker(chinese, "list", *TODAY, NO_COLOR="")


def test_a_pipe_is_never_coloured(process: Tracker, chinese: Path) -> None:
    for arguments in (["list"], ["show", "mingtai"], ["lst"]):
        ended = process(chinese, *arguments, FORCE_COLOR="1", CLICOLOR_FORCE="1")
        assert ESCAPE not in ended.out + ended.err


def test_state_is_never_colour_alone(chinese: Path) -> None:
    plain = _tracker(chinese, "list", *TODAY, NO_COLOR="1")
    assert "! " in plain
    assert "* " in plain
    assert "> " in plain


def test_a_table_keeps_to_the_width_of_the_terminal(chinese: Path) -> None:
    from tracker.text import display_width

    shown = _tracker(chinese, "list", *TODAY, NO_COLOR="1", COLUMNS="60")
    assert max(display_width(line) for line in shown.splitlines() if "tracker" not in line) <= 60
    assert "恒达" in shown


@pytest.mark.parametrize("columns", ["200", "80", "60", "30"])
def test_a_narrow_terminal_cuts_no_number(english: Path, tracker: Tracker, columns: str) -> None:
    command = ("stats", "pipeline", "win-rate", "--period", "2026", *TODAY)
    shown = _tracker(english, *command, NO_COLOR="1", COLUMNS=columns)
    whole = tracker(english, *command).out
    amounts = set(re.findall(r"[\d,]+ (?:EUR|USD|CNY)", whole))
    assert amounts
    flat = re.sub(r"\s+", "", shown)
    assert {amount for amount in amounts if amount.replace(" ", "") not in flat} == set()
    assert {name for name in ("Lost", "Total", "Amountwon") if name not in flat} == set()


@pytest.mark.parametrize(("language", "columns"), [("chinese", "30"), ("english", "20")])
def test_a_narrow_terminal_keeps_the_names(
    language: str, columns: str, request: pytest.FixtureRequest, tracker: Tracker
) -> None:
    folder = request.getfixturevalue(language)
    names = tracker(folder, "list", "--columns", "name", *TODAY).out.splitlines()[1:]
    shown = _tracker(folder, "list", *TODAY, NO_COLOR="1", COLUMNS=columns)
    flat = re.sub(r"\s+", "", shown)
    assert [name for name in names if re.sub(r"\s+", "", name) not in flat] == []


SLOW_BUILD = """
import sys, time
from tracker.cli import build, main
from tracker.site import build as site_build

def slow(root, output, today, *, progress, **_options):
    for done in range(4):
        progress("render", done + 1, 4)
        time.sleep(0.05)
    raise KeyboardInterrupt

build.PATIENCE_SECONDS = {patience}
site_build.build_site = slow
sys.exit(main.run(["build"]))
"""


def test_long_work_shows_its_progress(english: Path) -> None:
    _, shown = on_terminal(english, ["-c", SLOW_BUILD.format(patience=0)])
    assert "Rendering pages" in shown
    assert "4/4" in shown


def test_short_work_shows_none(english: Path) -> None:
    _, shown = on_terminal(english, ["-c", SLOW_BUILD.format(patience=60)])
    assert shown == ""


def test_a_pipe_shows_no_progress(english: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SLOW_BUILD.format(patience=0)],
        cwd=english,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
