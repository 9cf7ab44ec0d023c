"""Periods of the calendar, and how people say them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.period_words import read_fixed_period, read_period
from tracker.periods import (
    Period,
    back,
    before,
    month_of,
    months_of,
    quarter_of,
    week_of,
    year_of,
)
from tracker.translation import Message

TODAY = date(2026, 11, 28)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2026年", "2026-01-01", "2026-11-28"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("q3", "2026-07-01", "2026-09-30"),
        ("２０２６Ｑ３", "2026-07-01", "2026-09-30"),
        ("2025年第四季度", "2025-10-01", "2025-12-31"),
        ("Q4", "2026-10-01", "2026-11-28"),
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("2026年2月", "2026-02-01", "2026-02-28"),
        ("October", "2026-10-01", "2026-10-31"),
        ("Dec", "2025-12-01", "2025-12-31"),
        ("Feb 2026", "2026-02-01", "2026-02-28"),
        ("Q3 2025", "2025-07-01", "2025-09-30"),
        ("h1 2026", "2026-01-01", "2026-06-30"),
        ("2026-W47", "2026-11-16", "2026-11-22"),
        ("w50", "2025-12-08", "2025-12-14"),
        ("2026年第47周", "2026-11-16", "2026-11-22"),
        ("This Quarter", "2026-10-01", "2026-11-28"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("上季度", "2026-07-01", "2026-09-30"),
        ("上个月", "2026-10-01", "2026-10-31"),
        ("本周", "2026-11-23", "2026-11-28"),
        ("去年", "2025-01-01", "2025-12-31"),
        ("90d", "2026-08-31", "2026-11-28"),
        ("12m", "2025-11-29", "2026-11-28"),
        ("近两周", "2026-11-15", "2026-11-28"),
        ("the last 4 weeks", "2026-11-01", "2026-11-28"),
        ("过去30天", "2026-10-30", "2026-11-28"),
        ("2 quarters", "2026-05-29", "2026-11-28"),
        ("2026-09-01..2026-11-20", "2026-09-01", "2026-11-20"),
        ("2026年9月1日 至 2026/11/20", "2026-09-01", "2026-11-20"),
        ("2026-09-01..", "2026-09-01", "2026-11-28"),
        ("..2026-09-01", "0001-01-01", "2026-09-01"),
        ("10月", "2026-10-01", "2026-10-31"),
        ("12月份", "2025-12-01", "2025-12-31"),
        ("十一月", "2026-11-01", "2026-11-28"),
        ("去年10月", "2025-10-01", "2025-10-31"),
        ("3个月", "2026-08-29", "2026-11-28"),
        ("近3月", "2026-08-29", "2026-11-28"),
        ("三季度", "2026-07-01", "2026-09-30"),
        ("去年四季度", "2025-10-01", "2025-12-31"),
        ("两个季度", "2026-05-29", "2026-11-28"),
        ("上一季度", "2026-07-01", "2026-09-30"),
        ("上半年", "2026-01-01", "2026-06-30"),
        ("2025年下半年", "2025-07-01", "2025-12-31"),
        ("2026-H2", "2026-07-01", "2026-11-28"),
        ("today", "2026-11-28", "2026-11-28"),
        ("昨天", "2026-11-27", "2026-11-27"),
        ("2026-11-20", "2026-11-20", "2026-11-20"),
        ("all", "0001-01-01", "2026-11-28"),
    ],
)
def test_a_period_is_read(text: str, first: str, last: str) -> None:
    assert read_period(text, TODAY) == period(first, last)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("soon", "is no period"),
        ("..", "is no period"),
        ("0d", "is no period"),
        ("", "is no period"),
        ("2026-13", "no such time"),
        ("2026-W60", "no such time"),
        ("99999y", "no such time"),
        ("2027", "has not begun yet on 2026-11-28"),
        ("2026-10-01..2026-09-01", "ends before it begins"),
        ("2026-02-30..2026-03-01", "no day 2026-02-30"),
        ("2026-02-01..soon", "is not a date"),
    ],
)
def test_what_is_no_period_says_why(text: str, reason: str) -> None:
    found = read_period(text, TODAY)
    assert isinstance(found, Message)
    assert reason in str(found)


@given(text=st.text(max_size=20), today=DAYS)
def test_any_text_is_a_period_that_ends_by_the_day_or_a_message(text: str, today: date) -> None:
    found = read_period(text, today)
    assert isinstance(found, Message) or found.first <= found.last <= today


@given(day=DAYS)
def test_units_hold_the_day_and_follow_each_other(day: date) -> None:
    for of in (week_of, month_of, quarter_of, year_of):
        whole = of(day)
        assert day in whole
        assert before(whole) == of(whole.first - timedelta(days=1))
        assert before(whole).last + timedelta(days=1) == whole.first


@given(day=DAYS, length=st.integers(1, 400))
def test_what_is_before_is_as_long_and_ends_where_it_begins(day: date, length: int) -> None:
    whole = Period(day, day + timedelta(days=length - 1))
    earlier = before(whole)
    assert earlier.last + timedelta(days=1) == whole.first
    assert earlier.days == length or whole in {of(day) for of in (month_of, quarter_of, year_of)}


@given(day=DAYS, length=st.integers(1, 800))
def test_months_make_up_the_whole(day: date, length: int) -> None:
    whole = Period(day, day + timedelta(days=length - 1))
    parts = months_of(whole)
    assert [each for part in parts for each in part.dates] == list(whole.dates)


@given(day=DAYS, months=st.integers(0, 240))
def test_so_many_months_back_is_the_same_day_or_the_last_of_the_month(
    day: date, months: int
) -> None:
    earlier = back(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day == day.day or earlier == month_of(earlier).last


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-q4", "2026-10-01", "2026-12-31"),
        ("2026年10月", "2026-10-01", "2026-10-31"),
        ("2026-W47", "2026-11-16", "2026-11-22"),
        ("2026-09-15..2026-09-18", "2026-09-15", "2026-09-18"),
        ("2026-09-15", "2026-09-15", "2026-09-15"),
    ],
)
def test_a_fixed_period_is_not_cut(text: str, first: str, last: str) -> None:
    assert read_fixed_period(text) == period(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "Q4",
        "W47",
        "去年",
        "前年10月",
        "90d",
        "today",
        "this month",
        "all",
        "..2026-01-01",
        "2026-01-01..",
        "x",
    ],
)
def test_what_depends_on_the_day_is_no_fixed_period(text: str) -> None:
    assert isinstance(read_fixed_period(text), Message)
