"""The figures of a time, definition by definition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tracker.insight.activity import Activity, Event, activity_of, months, weeks
from tracker.insight.day import day_of
from tracker.library.loader import load_library
from tracker.money import Money
from tracker.periods import Period, month_of

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 24)
NOVEMBER = month_of(TODAY)

Count = Callable[..., Activity]


@pytest.fixture
def count(tmp_path: Path) -> Count:
    """Count what records given by name have done up to a day."""

    def make(today: date = TODAY, **records: str) -> Activity:
        (tmp_path / "tracker.yaml").write_text("language: en\ncurrency: CNY\n", "utf-8")
        (tmp_path / "records").mkdir(exist_ok=True)
        for name, text in records.items():
            matter, _, body = text.partition("\n---\n")
            record = f"---\nname: {name}\nowner: Li\n{matter}\n---\n{body}"
            (tmp_path / "records" / f"{name}.md").write_text(record, "utf-8")
        return activity_of(day_of(load_library(tmp_path), today))

    return make


def days(events: tuple[Event[Any], ...]) -> list[str]:
    return [f"{event.day:%m-%d}" for event in events]


# --- Times --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "same", "last"),
    [
        (date(2026, 11, 24), date(2026, 10, 24), date(2026, 10, 31)),
        (date(2026, 11, 30), date(2026, 10, 30), date(2026, 10, 31)),
        (date(2026, 3, 30), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_the_last_month_is_counted_to_the_same_day_and_whole(
    today: date, same: date, last: date
) -> None:
    found = months(today)
    assert found.this == Period(today.replace(day=1), today)
    assert found.same == Period(last.replace(day=1), same)
    assert found.last == Period(last.replace(day=1), last)


def test_weeks_begin_on_monday_and_the_last_ends_today() -> None:
    found = weeks(TODAY)
    assert len(found) == 13
    assert {week.first.weekday() for week in found} == {0}
    assert found[-1] == Period(date(2026, 11, 23), TODAY)
    assert found[-2] == Period(date(2026, 11, 16), date(2026, 11, 22))


# --- Follow-ups and new customers ---------------------------------------------------------------


def test_follow_ups_count_by_their_day_and_none_after_today(count: Count) -> None:
    found = count(
        a="stage: proposal\n---\n## 2026-11-25 call\n\n## 2026-11-24 23:00 call\n\n"
        "## 2026-11-24 09:00 call\n\n## 2026-10-31 call\n"
    )
    assert days(found.followups) == ["10-31", "11-24", "11-24"]
    part = found.within(NOVEMBER)
    assert [event.what.time.hour for event in part.followups if event.what.time] == [9, 23]


def test_a_customer_is_new_when_begun_or_else_first_spoken_to(count: Count) -> None:
    found = count(
        a="stage: proposal\ncreated: 2026-11-02\n---\n## 2026-10-01 call\n",
        b="stage: proposal\n---\n## 2026-11-09 call\n\n## 2026-11-05 call\n",
        c="stage: proposal\n---\n",
        d="stage: proposal\ncreated: 2026-11-30\n---\n",
    )
    assert [(event.standing.customer.id, event.day.day) for event in found.new] == [
        ("a", 2),
        ("b", 5),
    ]


# --- Won and lost -------------------------------------------------------------------------------


def test_won_is_reaching_a_won_stage_once(count: Count) -> None:
    found = count(
        a="stage: after-sales\nvalue: 9 CNY\ndeal: {amount: 7 CNY, date: 2026-11-01}\n---\n"
        "## 2026-11-20 visit\n\n- stage: won -> after-sales\n\n"
        "## 2026-11-03 visit\n\n- stage: negotiation -> won\n",
        b="stage: won\nvalue: 5 EUR\ncreated: 2026-01-01\n---\n"
        "## 2026-11-04 visit\n\n- stage: negotiation -> won\n",
    )
    assert [(event.day.day, event.what) for event in found.won] == [
        (3, Money(Decimal(7), "CNY")),
        (4, Money(Decimal(5), "EUR")),
    ]


def test_where_no_line_tells_the_day_the_deal_or_the_loss_does(count: Count) -> None:
    found = count(
        a="stage: won\ncreated: 2026-01-05\ndeal: {amount: 7 CNY, date: 2026-11-11}\n---\n",
        b="stage: won\ndeal: {amount: 7 CNY, date: 2026-11-12}\n---\n",
        c="stage: won\ncreated: 2026-11-13\n---\n",
        d="stage: lost\ncreated: 2026-01-05\nlost: {date: 2026-11-14, reason: price}\n---\n",
    )
    assert days(found.won) == ["11-11", "11-12", "11-13"]
    assert days(found.lost) == ["11-14"]


def test_won_again_counts_in_its_own_month_but_once_a_month(count: Count) -> None:
    moves = ["10-02 won", "10-20 negotiation", "11-02 won", "11-10 lost", "11-20 won"]
    lines = [f"## 2026-{move[:5]} call\n\n- stage: {move[6:]}\n\n" for move in reversed(moves)]
    found = count(a="stage: won\n---\n" + "".join(lines))
    assert days(found.won) == ["10-02", "11-02", "11-20"]
    assert days(found.within(NOVEMBER).won) == ["11-20"]
    assert days(found.within(NOVEMBER).lost) == ["11-10"]


# --- Promises -----------------------------------------------------------------------------------


def test_a_promise_counts_on_its_due_day_as_kept_or_missed(count: Count) -> None:
    found = count(
        a="stage: proposal\n---\n## 2026-10-30 call\n\n"
        "- [x] in time @2026-11-03 ✅ 2026-11-02\n"
        "- [x] ticked only @2026-11-04\n"
        "- [x] late @2026-11-05 ✅ 2026-11-09\n"
        "- [ ] overdue @2026-11-23\n"
        "- [ ] due today @2026-11-24\n"
        "- [ ] to come @2026-11-25\n"
        "- [x] done before its day comes @2026-12-01 ✅ 2026-11-10\n"
        "- [ ] no day\n"
    )
    assert days(found.kept) == ["11-03", "11-04"]
    assert days(found.missed) == ["11-05", "11-23"]


def test_parts_of_a_time_add_up(count: Count) -> None:
    body = "".join(f"## 2026-11-{day:02} call\n\n" for day in range(24, 0, -1))
    found = count(a="stage: proposal\n---\n" + body)
    halves = [Period(date(2026, 11, 1), date(2026, 11, 12)), Period(date(2026, 11, 13), TODAY)]
    assert [len(found.within(half).followups) for half in halves] == [12, 12]
    assert len(found.within(month_of(date(2026, 10, 1))).followups) == 0
