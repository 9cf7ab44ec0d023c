"""A report's content for a page that has its own frame."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.insight.day import day_of
from tracker.insight.report import report_of
from tracker.insight.report_times import Stretch, times_of
from tracker.library.loader import load_library
from tracker.periods import week_of
from tracker.reports.page import content_of, page_of
from tracker.reports.words import written

if TYPE_CHECKING:
    from tracker.reports.document import Written

TODAY = date(2026, 11, 24)
WORKSPACE = Path(__file__).parent.parent / "workspaces" / "small-zh"


@pytest.fixture(scope="module")
def report() -> Written:
    day = day_of(load_library(WORKSPACE), TODAY, checked=False)
    times = times_of(Stretch.WEEK, week_of(TODAY).until(TODAY), TODAY)
    return written(report_of(day, times))


def test_every_customer_that_is_shown_has_a_link(report: Written) -> None:
    content = content_of(report, lambda path: f"customers/{path}?a&b")
    shown = [
        line
        for account in report.accounts
        for chapter in account.chapters
        for section in chapter.sections
        for group in section.groups
        for line in group.shown
    ]
    assert shown
    for line in shown:
        assert f'<a href="customers/{line.path}?a&amp;b"><b>' in content
    assert content.count("<li>") == len(shown)


def test_the_content_is_that_of_the_page_without_its_frame(report: Written) -> None:
    content = content_of(report)
    assert "<a " not in content
    assert "<h1" not in content
    assert content in page_of(report)
