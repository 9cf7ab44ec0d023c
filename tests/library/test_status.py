"""What the numbers mean, sentence by sentence."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tracker.config_file import parse_config
from tracker.format.parser import parse_record
from tracker.library.stage_history import StageEntry, days_in_stages, stage_history
from tracker.library.status import (
    CommitmentState,
    NextState,
    PlanOutcome,
    Status,
    status_of,
)
from tracker.money import Money
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.model import Customer

TODAY = date(2026, 11, 24)
SETTINGS = """
language: zh
stages:
  - {id: open, probability: 0.25, max_idle_days: 20}
  - {id: free, probability: 0.333}
  - {id: won}
  - {id: lost}
levels: [{id: a, max_idle_days: 10}, {id: b, max_idle_days: 30}, {id: x}]
"""


def config() -> Config:
    found, problems = parse_config(SETTINGS)
    assert problems == []
    return found


def record(body: str = "", matter: str = "stage: open") -> Customer:
    text = f"---\nname: A\nowner: B\n{matter}\n---\n{body}"
    parsed = parse_record(text, "records/a.md", config())
    assert parsed.customer
    return parsed.customer


def status(body: str = "", matter: str = "stage: open", today: date = TODAY) -> Status:
    return status_of(record(body, matter), config(), today)


def outcomes(body: str, today: date = TODAY) -> list[tuple[str, PlanOutcome]]:
    plans = status(body, today=today).plans
    return [(plan.step.text, plan.outcome) for plan in plans]


# --- Last contact, idle days, stale -------------------------------------------------------------


def test_last_contact_is_the_newest_section_whatever_the_order_of_the_file() -> None:
    body = "## 2026-11-10 10:00 电话\n## 2026-11-20 10:00 电话\n## 2026-11-15 10:00 电话\n"
    assert status(body).last_contact == date(2026, 11, 20)


def test_a_section_in_the_future_is_no_contact() -> None:
    body = "## 2026-11-25 10:00 电话\n## 2026-11-20 10:00 电话\n"
    assert status(body).last_contact == date(2026, 11, 20)
    assert status(body).idle_days == 4
    assert status(body, today=date(2026, 11, 25)).last_contact == date(2026, 11, 25)


def test_a_section_of_today_is_a_contact_at_any_time_of_day() -> None:
    found = status("## 2026-11-24 23:59 电话\n")
    assert (found.last_contact, found.idle_days) == (TODAY, 0)


@pytest.mark.parametrize(
    ("body", "matter", "idle"),
    [
        ("## 2026-11-20 电话\n", "stage: open\ncreated: 2026-01-01", 4),
        ("", "stage: open\ncreated: 2026-11-01", 23),
        ("## 2026-12-20 电话\n", "stage: open\ncreated: 2026-11-01", 23),
        ("", "stage: open", None),
        ("", "stage: open\ncreated: 2026-12-01", 0),
    ],
)
def test_idle_days(body: str, matter: str, idle: int | None) -> None:
    assert status(body, matter).idle_days == idle


@pytest.mark.parametrize(
    ("matter", "limit"),
    [
        ("stage: open\nlevel: a", 10),
        ("stage: open\nlevel: b", 20),
        ("stage: open\nlevel: x", 20),
        ("stage: open", 20),
        ("stage: free\nlevel: b", 30),
        ("stage: free\nlevel: x", None),
    ],
)
def test_a_customer_is_stale_over_the_smaller_limit(matter: str, limit: int | None) -> None:
    for idle in (9, 10, 11, 20, 21, 30, 31, 400):
        found = status(f"## {TODAY - timedelta(days=idle)} 电话\n", matter)
        assert found.idle_limit == limit
        assert found.stale is (limit is not None and idle > limit)


@pytest.mark.parametrize("stage", ["won", "lost"])
def test_only_open_customers_are_stale(stage: str) -> None:
    assert not status("## 2025-01-01 电话\n", f"stage: {stage}\nlevel: a").stale


def test_a_customer_without_a_known_stage_has_no_kind() -> None:
    found = status("## 2025-01-01 电话\n", "stage: nowhere\nlevel: a\nvalue: 5")
    assert (found.stage_kind, found.stale, found.weighted_value) == (None, False, None)


# --- The next step ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "state", "overdue"),
    [
        ("2026-11-14", NextState.OVERDUE, 10),
        ("2026-11-23", NextState.OVERDUE, 1),
        ("2026-11-24", NextState.TODAY, 0),
        ("2026-11-25", NextState.PLANNED, 0),
    ],
)
def test_the_state_of_the_next_step(day: str, state: NextState, overdue: int) -> None:
    found = status(f"## 2026-11-10 10:00 电话\n- 下次: {day} 面谈 甲\n")
    assert (found.next_state, found.days_overdue) == (state, overdue)
    assert found.next
    assert found.next.text == "甲"


def test_no_next_step() -> None:
    for body in ("", "## 2026-11-10 10:00 电话\n", "## 2026-11-10 10:00 电话\n- 下次: 无\n"):
        found = status(body)
        assert (found.next_state, found.next, found.days_overdue) == (NextState.NONE, None, 0)


def test_lost_customers_have_no_state_and_won_ones_do() -> None:
    body = "## 2026-11-10 10:00 电话\n- 下次: 2026-11-12 面谈 甲\n"
    lost, won = status(body, "stage: lost"), status(body, "stage: won")
    assert (lost.next_state, lost.next, lost.days_overdue) == (None, None, 0)
    assert (won.next_state, won.days_overdue) == (NextState.OVERDUE, 12)
    assert status("", "stage: won").next_state is NextState.NONE


PLAN = "## 2026-11-10 10:00 电话\n- 下次: 2026-11-18 面谈 甲\n"


@pytest.mark.parametrize(
    ("newer", "outcome", "state"),
    [
        ("", PlanOutcome.STANDING, NextState.OVERDUE),
        ("## 2026-11-18 10:00 面谈\n", PlanOutcome.KEPT, NextState.NONE),
        ("## 2026-11-18 00:00 电话\n", PlanOutcome.KEPT, NextState.NONE),
        ("## 2026-11-20 10:00 面谈\n", PlanOutcome.LATE, NextState.NONE),
        ("## 2026-11-12 10:00 来访\n", PlanOutcome.STANDING, NextState.OVERDUE),
        ("## 2026-11-12 10:00 电话\n- 下次: 2026-11-30 乙\n", PlanOutcome.MOVED, NextState.PLANNED),
        ("## 2026-11-12 10:00 电话\n- 下次: 无\n", PlanOutcome.ENDED, NextState.NONE),
        ("## 2026-11-18 10:00 电话\n- 下次: 2026-11-30 乙\n", PlanOutcome.KEPT, NextState.PLANNED),
        ("## 2026-11-19 10:00 电话\n- 下次: 无\n", PlanOutcome.LATE, NextState.NONE),
        ("## 2026-11-12 10:00 电话\n- 下次: 2026-02-30\n", PlanOutcome.STANDING, NextState.OVERDUE),
        ("## 2026-11-12 电话\n\n## 2026-11-18 电话\n", PlanOutcome.KEPT, NextState.NONE),
        ("## 2026-11-12 电话\n\n## 2026-11-19 电话\n", PlanOutcome.LATE, NextState.NONE),
    ],
)
def test_what_becomes_of_a_plan(newer: str, outcome: PlanOutcome, state: NextState) -> None:
    for body in (PLAN + newer, newer + PLAN):
        found = status(body)
        assert found.plans[0].outcome is outcome
        assert (found.plans[0].settled_by is None) is (outcome is PlanOutcome.STANDING)
        assert found.next_state is state


def test_a_plan_that_is_made_again_for_its_day_is_one_plan() -> None:
    again = "## 2026-11-12 10:00 电话\n- 下次: 2026-11-18 15:00 面谈 乙\n"
    assert outcomes(PLAN + again) == [("乙", PlanOutcome.STANDING)]
    assert outcomes(PLAN + again + "## 2026-11-18 电话\n") == [("乙", PlanOutcome.KEPT)]
    moved = "## 2026-11-13 10:00 电话\n- 下次: 2026-11-19 丙\n"
    expected = [("乙", PlanOutcome.MOVED), ("丙", PlanOutcome.STANDING)]
    assert outcomes(PLAN + again + moved) == expected
    # On its day, and after it, the same day is no plan said again, but one that was done.
    late = "## 2026-11-20 10:00 电话\n- 下次: 2026-11-18 丙\n"
    assert outcomes(PLAN + late) == [("甲", PlanOutcome.LATE), ("丙", PlanOutcome.STANDING)]


def test_an_older_section_settles_nothing() -> None:
    assert outcomes("## 2026-11-09 10:00 电话\n" + PLAN) == [("甲", PlanOutcome.STANDING)]
    late = "## 2026-11-20 10:00 电话\n- 下次: 2026-11-18 甲\n"
    assert outcomes("## 2026-11-19 10:00 电话\n" + late) == [("甲", PlanOutcome.STANDING)]


def test_a_section_in_the_future_has_done_nothing_yet() -> None:
    body = PLAN + "## 2026-11-30 10:00 面谈\n"
    assert outcomes(body) == [("甲", PlanOutcome.STANDING)]
    assert status(body).next_state is NextState.OVERDUE
    assert outcomes(body, today=date(2026, 11, 30)) == [("甲", PlanOutcome.LATE)]


def test_the_next_of_the_newest_section_counts_even_from_the_future() -> None:
    body = PLAN + "## 2026-11-30 10:00 面谈\n- 下次: 2026-12-05 乙\n"
    found = status(body)
    assert (found.next_state, found.next and found.next.text) == (NextState.PLANNED, "乙")
    assert outcomes(body) == [("甲", PlanOutcome.MOVED), ("乙", PlanOutcome.STANDING)]


def test_a_plan_for_the_day_it_was_made_is_kept_by_a_later_section_of_that_day() -> None:
    plan = "## 2026-11-20 10:00 电话\n- 下次: 2026-11-20 16:00 甲\n"
    assert outcomes(plan) == [("甲", PlanOutcome.STANDING)]
    assert outcomes(plan + "## 2026-11-20 16:05 电话\n") == [("甲", PlanOutcome.KEPT)]
    assert outcomes(plan + "## 2026-11-20 09:00 电话\n") == [("甲", PlanOutcome.STANDING)]


def test_on_a_tie_the_later_in_the_file_is_newer() -> None:
    first = "## 2026-11-20 10:00 电话\n- 下次: 2026-11-25 甲\n"
    second = "## 2026-11-20 10:00 邮件\n- 下次: 2026-11-26 乙\n"
    step = status(first + second).next
    assert step
    assert step.text == "乙"
    step = status(second + first).next
    assert step
    assert step.text == "甲"


def test_a_section_without_a_time_is_older_than_one_with_a_time() -> None:
    timed = "## 2026-11-20 08:00 电话\n- 下次: 2026-11-25 甲\n"
    untimed = "## 2026-11-20 邮件\n- 下次: 2026-11-26 乙\n"
    step = status(timed + untimed).next
    assert step
    assert step.text == "甲"


def test_times_with_offsets_are_compared_in_the_team_s_zone() -> None:
    abroad = "## 2026-11-20 08:00+01:00 call\n- next: 2026-11-25 甲\n"  # 15:00 in Shanghai
    home = "## 2026-11-20 14:00 电话\n- 下次: 2026-11-26 乙\n"
    step = status(abroad + home).next
    assert step
    assert step.text == "甲"


def test_at_most_one_plan_stands() -> None:
    body = "".join(
        f"## 2026-11-{day:02} 10:00 电话\n- 下次: 2026-12-{day:02} 甲\n" for day in range(1, 20)
    )
    stands = [plan for plan in status(body).plans if plan.outcome is PlanOutcome.STANDING]
    assert len(stands) == 1
    assert stands[0].step is status(body).next or stands[0].step == status(body).next


# --- Commitments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "state", "overdue"),
    [
        ("- [ ] 甲 @2026-11-23", CommitmentState.OVERDUE, 1),
        ("- [ ] 甲 @2026-11-24", CommitmentState.OPEN, 0),
        ("- [ ] 甲 @2026-11-25", CommitmentState.OPEN, 0),
        ("- [ ] 甲", CommitmentState.OPEN, 0),
        ("- [x] 甲 @2026-11-23", CommitmentState.DONE, 0),
        ("- [x] 甲", CommitmentState.DONE, 0),
        ("- [x] 甲 ✅ 2026-11-20", CommitmentState.DONE, 0),
        ("- [x] 甲 @2026-11-20 ✅ 2026-11-20", CommitmentState.KEPT, 0),
        ("- [x] 甲 @2026-11-20 ✅ 2026-11-21", CommitmentState.LATE, 0),
    ],
)
def test_commitments(task: str, state: CommitmentState, overdue: int) -> None:
    (promise,) = status(f"## 2026-11-10 10:00 电话\n{task}\n").promises
    assert (promise.state, promise.days_overdue) == (state, overdue)


def test_open_commitments_come_the_longest_due_first() -> None:
    found = status(
        "## 2026-11-10 10:00 电话\n- [ ] 丙\n- [ ] 乙 @2026-12-01\n- [x] 无 @2026-11-01\n"
        "## 2026-11-11 10:00 电话\n- [ ] 甲 @2026-11-20\n"
    )
    assert [promise.commitment.text for promise in found.open_promises] == ["甲", "乙", "丙"]
    assert [promise.commitment.text for promise in found.overdue_promises] == ["甲"]
    assert [promise.commitment.text for promise in found.promises] == ["丙", "乙", "无", "甲"]


# --- Tickets ------------------------------------------------------------------------------------


def tickets(*entries: str) -> list[tuple[int | None, str, bool]]:
    body = "".join(
        f"## 2026-11-{day:02} 10:00 电话\n- 售后: {entry}\n" for day, entry in enumerate(entries, 1)
    )
    return [(t.number, t.text, t.resolved is None) for t in status(body, "stage: won").tickets]


def test_a_problem_is_open_until_a_later_resolved_with_its_number() -> None:
    assert tickets("问题 #1 甲") == [(1, "甲", True)]
    assert tickets("问题 #1 甲", "已解决 #2") == [(1, "甲", True)]
    assert tickets("问题 #1 甲", "问题 #2 乙", "已解决 #1 好") == [
        (1, "甲", False),
        (2, "乙", True),
    ]
    assert tickets("已解决 #1", "问题 #1 甲") == [(1, "甲", True)]


def test_a_problem_reported_again_is_one_ticket_while_open_and_a_new_one_after() -> None:
    assert tickets("问题 #1 甲", "问题 #1 还在") == [(1, "甲", True)]
    reopened = tickets("问题 #1 甲", "已解决 #1", "问题 #1 又来")
    assert reopened == [(1, "甲", False), (1, "又来", True)]


def test_problems_without_numbers() -> None:
    assert tickets("问题 甲", "问题 乙") == [(None, "甲", True), (None, "乙", True)]
    assert tickets("问题 甲", "已解决 换件") == [(None, "甲", False)]
    assert tickets("问题 甲", "问题 乙", "已解决") == [(None, "甲", True), (None, "乙", False)]
    assert tickets("问题 #1 甲", "已解决") == [(1, "甲", True)]


def test_what_resolved_a_ticket() -> None:
    body = "## 2026-11-10 10:00 电话\n- 售后: 问题 #1 甲\n- 售后: 已解决 #1 换轴承\n"
    (ticket,) = status(body, "stage: won").tickets
    assert ticket.resolution == "换轴承"
    assert ticket.resolved == ticket.opened
    assert status(body).open_tickets == ()


def test_entries_that_are_no_problems_open_nothing() -> None:
    assert tickets("交付 两台", "培训 #3 甲", "回访") == []


# --- Stage history ------------------------------------------------------------------------------

GIT = (StageEntry(date(2026, 1, 5), "open", "git"), StageEntry(date(2026, 3, 5), "free", "git"))


def history(
    body: str, matter: str = "stage: won", git: tuple[StageEntry, ...] = ()
) -> list[tuple[str, str, str]]:
    entries = stage_history(record(body, matter), config(), git, TODAY)
    return [(entry.date.isoformat(), entry.stage, entry.source) for entry in entries]


def test_the_record_s_own_stage_lines_come_first() -> None:
    body = (
        "## 2026-11-10 10:00 电话\n- 阶段: free -> won\n"
        "## 2026-10-10 10:00 电话\n- 阶段: open -> free\n"
    )
    expected = [
        ("2026-09-01", "open", "created"),
        ("2026-10-10", "free", "record"),
        ("2026-11-10", "won", "record"),
    ]
    assert history(body, "stage: won\ncreated: 2026-09-01", GIT) == expected
    assert history(body)[0] == ("2026-10-10", "open", "created")
    assert history(body, "stage: won\ncreated: 2026-10-30")[0] == ("2026-10-10", "open", "created")


def test_a_first_line_without_the_old_stage_begins_the_history() -> None:
    body = "## 2026-10-10 10:00 电话\n- 阶段: free\n## 2026-10-11 10:00 电话\n- 阶段: free\n"
    assert history(body, "stage: free\ncreated: 2026-09-01") == [("2026-10-10", "free", "record")]


def test_git_serves_where_the_record_has_no_stage_lines() -> None:
    matter = "stage: free\ncreated: 2025-01-01"
    assert history("", matter, GIT) == [
        ("2026-01-05", "open", "git"),
        ("2026-03-05", "free", "git"),
    ]


def test_a_change_that_is_not_committed_is_of_today() -> None:
    assert history("", "stage: won", GIT)[-1] == ("2026-11-24", "won", "git")
    assert stage_history(record("", "stage: won"), config(), GIT) == GIT


def test_without_lines_and_git_the_record_s_beginning_is_all_that_is_known() -> None:
    assert history("", "stage: open\ncreated: 2026-09-01") == [("2026-09-01", "open", "created")]
    assert history("", "stage: open") == []
    assert history("", "stage: nowhere\ncreated: 2026-09-01") == []


def test_days_in_stages() -> None:
    entries = (*GIT, StageEntry(date(2026, 3, 1), "won", "git"))
    assert [days for _, days in days_in_stages(GIT, TODAY)] == [59, 264]
    assert [days for _, days in days_in_stages(entries, TODAY)] == [59, 0, 268]
    assert days_in_stages((), TODAY) == ()


def test_a_stage_entered_in_the_future_has_not_ended_the_one_before() -> None:
    ahead = (*GIT, StageEntry(date(2026, 12, 24), "won", "outcome"))
    assert [days for _, days in days_in_stages(ahead, TODAY)] == [59, 264, 0]


# --- Values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matter", "weighted"),
    [
        ("stage: open\nvalue: 480000", Money(Decimal(120000), "CNY")),
        ("stage: free\nvalue: 100 USD", Money(Decimal("33.3"), "USD")),
        ("stage: won\nvalue: 5", Money(Decimal(5), "CNY")),
        ("stage: lost\nvalue: 5", Money(Decimal(0), "CNY")),
        ("stage: open", None),
    ],
)
def test_the_weighted_value_is_value_times_probability(matter: str, weighted: Money | None) -> None:
    assert status("", matter).weighted_value == weighted


def test_the_kind_of_the_stage() -> None:
    assert status("", "stage: won").stage_kind is StageKind.WON
    assert status("", "stage: open").stage_kind is StageKind.OPEN
