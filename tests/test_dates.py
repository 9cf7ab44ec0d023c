"""Days and times as people write them."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta, timezone

import pytest

from tracker.dates import format_time, read_date, read_time
from tracker.translation import Message


@pytest.mark.parametrize(
    "text", ["2026-11-20", "2026/11/20", "2026年11月20日"], ids=["dashes", "slashes", "chinese"]
)
def test_the_three_written_forms_of_a_day(text: str) -> None:
    assert read_date(text) == date(2026, 11, 20)


@pytest.mark.parametrize("text", ["2026-1-5", "2026/1/5", "2026年1月5日"])
def test_zeros_may_be_left_out(text: str) -> None:
    assert read_date(text) == date(2026, 1, 5)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13-40", "2026/2/29", "0000-01-01", "2026年2月30日"]
)
def test_days_that_do_not_exist_are_named(text: str) -> None:
    problem = read_date(text)
    assert isinstance(problem, Message)
    assert str(problem) == f"there is no day {text}"


@pytest.mark.parametrize("text", ["0999-12-31", "3000-01-01", "9999年12月31日"])
def test_days_beyond_all_business_are_named(text: str) -> None:
    problem = read_date(text)
    assert isinstance(problem, Message)
    assert str(problem) == f"{text} is outside the years 1000 to 2999"


@pytest.mark.parametrize(
    "text",
    [
        *("", "tomorrow", "明天", "20261120", "26-11-20", "2026.11.20", "2026-11", "11-20"),
        *("２０２６-11-20", "2026-11/20", "2026-11-20 ", "2026年11月20", "2026-11-201"),
    ],
)
def test_other_texts_are_no_dates(text: str) -> None:
    problem = read_date(text)
    assert isinstance(problem, Message)
    assert "not a date" in str(problem)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:30", time(14, 30)),
        ("9:05", time(9, 5)),
        ("00:00", time(0, 0)),
        ("14:30Z", time(14, 30, tzinfo=UTC)),
        ("14:30+08:00", time(14, 30, tzinfo=timezone(timedelta(hours=8)))),
        ("14:30+0800", time(14, 30, tzinfo=timezone(timedelta(hours=8)))),
        ("14:30+08", time(14, 30, tzinfo=timezone(timedelta(hours=8)))),
        ("14:30-05:30", time(14, 30, tzinfo=timezone(-timedelta(hours=5, minutes=30)))),
    ],
)
def test_times(text: str, expected: time) -> None:
    assert read_time(text) == expected


@pytest.mark.parametrize(
    "text", ["24:00", "12:60", "14:30-15:30", "2pm", "14：30", "1430", "", "１４:30"]
)
def test_what_is_no_time(text: str) -> None:
    assert isinstance(read_time(text), Message)


@pytest.mark.parametrize("text", ["14:30", "09:05", "14:30+08:00", "14:30-05:30"])
def test_times_are_written_as_they_are_read(text: str) -> None:
    value = read_time(text)
    assert isinstance(value, time)
    assert format_time(value) == text
