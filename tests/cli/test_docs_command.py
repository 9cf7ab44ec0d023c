"""`tracker docs`: every page is found and shown, in the language that is spoken."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from tests.cli.pseudo_terminal import on_terminal
from tracker.cli.docs import pages
from tracker.cli.main import COMMANDS, load

if TYPE_CHECKING:
    from tests.cli.conftest import Tracker

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_without_a_page_all_are_listed(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "docs")
    assert ended.out == (DOCS / "README.md").read_text("utf-8")
    assert all(f"({page}.md)" in ended.out for page in pages())


@pytest.mark.parametrize("page", ["query", "query.md", "docs/query.md", "query.md#dates"])
def test_a_page_is_found_as_it_is_named(tracker: Tracker, english: Path, page: str) -> None:
    assert tracker(english, "docs", page).out == (DOCS / "query.md").read_text("utf-8")


def test_a_page_is_shown_in_the_language_of_the_workspace(
    tracker: Tracker, english: Path, chinese: Path
) -> None:
    ours, theirs = ((DOCS / name).read_text("utf-8") for name in ("guide.zh.md", "guide.md"))
    assert tracker(chinese, "docs", "guide").out == ours
    assert tracker(english, "docs", "guide.zh.md").out == theirs
    assert tracker(chinese, "docs", "rules").out == (DOCS / "rules.md").read_text("utf-8")


def test_a_page_that_there_is_not(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "docs", "querry")
    assert (ended.code, ended.out) == (2, "")
    assert "did you mean ‘query’?" in ended.err
    assert "known are: agenda, " in tracker(english, "docs", "../tracker.yaml").err


def test_on_a_terminal_it_is_laid_out(english: Path) -> None:
    program = ["-m", "tracker", "docs", "guide"]
    code, shown = on_terminal(english, program, PAGER="cat", COLUMNS="70")
    assert code == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(map(len, lines)) <= 70
    assert "tracker.yaml" in shown
    assert not any(line.startswith(("#", "|", "![")) for line in lines)


def test_pages_that_help_refers_to_are_there() -> None:
    named = set()
    for name in set(COMMANDS) - {"docs"}:
        shown = load(name).get_help(click.Context(load(name), info_name=name))
        named |= set(re.findall(r"tracker\s+docs\s+([a-z-]+)", shown))
    assert len(named) > 10
    assert named <= set(pages())
