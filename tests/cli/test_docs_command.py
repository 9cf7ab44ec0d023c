"""`tracker docs`: every page is found and shown, in the language that is spoken."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from tests.cli.pseudo_terminal import on_terminal
from tracker.cli.docs import pages
from tracker.cli.main import COMMANDS, load
from tracker.cli.markdown_page import laid_out

if TYPE_CHECKING:
    from tests.cli.conftest import Tracker

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_without_a_page_all_are_listed(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "docs")
    assert ended.out == (DOCS / "README.md").read_text("utf-8")
    assert all(f"({page}.md)" in ended.out for page in pages())


@pytest.mark.parametrize("page", ["query", "Query.md", "docs\\query.md", "docs/query.md#dates"])
def test_a_page_is_found_as_it_is_named(tracker: Tracker, english: Path, page: str) -> None:
    assert tracker(english, "docs", page).out == (DOCS / "query.md").read_text("utf-8")


@pytest.mark.parametrize("page", ["guide", "query"])
def test_a_page_is_shown_in_the_language_of_the_workspace(
    tracker: Tracker, english: Path, chinese: Path, page: str
) -> None:
    ours, theirs = ((DOCS / f"{page}{end}").read_text("utf-8") for end in (".zh.md", ".md"))
    assert tracker(chinese, "docs", page).out == ours
    assert tracker(english, "docs", f"{page}.zh.md").out == theirs


def test_a_page_in_english_alone_is_shown_in_every_workspace(
    tracker: Tracker, chinese: Path
) -> None:
    assert tracker(chinese, "docs", "rules").out == (DOCS / "rules.md").read_text("utf-8")


def test_a_page_that_there_is_not(tracker: Tracker, english: Path) -> None:
    ended = tracker(english, "docs", "querry")
    assert (ended.code, ended.out) == (2, "")
    assert "did you mean ‘query’?" in ended.err
    assert "known are: agenda, " in tracker(english, "docs", "../tracker.yaml").err


def test_on_a_terminal_it_is_laid_out(english: Path, tmp_path: Path) -> None:
    less = tmp_path / "bin/less"
    less.parent.mkdir()
    less.write_text('#!/bin/sh\necho "LESS=$LESS"\ncat\n', "utf-8")
    less.chmod(0o755)
    path = f"{less.parent}{os.pathsep}{os.environ['PATH']}"
    program = ["-m", "tracker", "docs", "guide"]
    code, shown = on_terminal(english, program, PAGER="", LESS="", PATH=path, COLUMNS="70")
    assert code == 0
    assert shown.startswith("LESS=-R")
    assert "\x1b[" in shown
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(map(len, lines)) <= 70
    assert "tracker.yaml" in shown
    # Pictures are shown by what they say.
    assert any(line.startswith("The agenda on a phone: ") for line in lines)
    assert any(line.startswith("The page of a customer: ") for line in lines)
    assert not any(line.startswith(("#", "|", "![")) for line in lines)


def test_nothing_is_cut_off_where_there_are_no_blanks() -> None:
    shown = laid_out(
        f"[甲](#甲)[乙](guide.zh.md#乙)\n\n| 乙 | 丙 |\n| --- | --- |\n| 丁 | {'长' * 99} |\n"
    )
    assert shown.count("长") == 99
    assert "#" not in shown, "nobody can follow a link to a place on a page"


def test_pages_that_help_refers_to_are_there() -> None:
    named = set()
    for name in set(COMMANDS) - {"docs"}:
        shown = load(name).get_help(click.Context(load(name), info_name=name))
        named |= set(re.findall(r"tracker\s+docs\s+([a-z-]+)", shown))
    assert len(named) > 10
    assert named <= set(pages())
