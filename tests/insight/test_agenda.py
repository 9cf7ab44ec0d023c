"""What stands on an agenda, and in which order."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config_file import parse_config
from tracker.insight.agenda import AGENDA_COLUMNS, Group, agenda_of, agenda_row, last_day
from tracker.insight.day import Day, day_of
from tracker.library.library import Entry, Library
from tracker.library.status import CommitmentState, NextState
from tracker.model import Commitment, Customer, FollowUp, NextStep
from tracker.site.page import Site
from tracker.site.today import TodayLists

TODAY = date(2026, 11, 24)
CONFIG = parse_config("language: en\nowners: [Ann, Bo]\n")[0]

near_days = st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    """Return a customer with a few follow-ups around today."""
    number = draw(st.integers(0, 10**6))
    followups = []
    for day in draw(st.lists(near_days, max_size=4)):
        step_day = draw(st.none() | near_days)
        step = NextStep(step_day, draw(st.none() | st.times()), text="x") if step_day else None
        promises = draw(st.lists(st.tuples(st.none() | near_days, st.booleans()), max_size=2))
        followups.append(
            FollowUp(
                date=day,
                time=None,
                order=datetime.combine(day, time()),
                method=None,
                who=draw(st.sampled_from(["Ann", "Bo"])),
                next=step,
                commitments=tuple(Commitment("y", due, done=done) for due, done in promises),
            )
        )
    return Customer(
        path=f"records/{number}.md",
        id=str(number),
        name=draw(st.sampled_from(["恒达", "Acme", "acme", "Zoo"])),
        stage=draw(st.sampled_from([stage.id for stage in CONFIG.stages])),
        level=draw(st.sampled_from([None, *(level.id for level in CONFIG.levels)])),
        owner=draw(st.sampled_from(["Ann", "Bo", None])),
        created=draw(st.none() | near_days),
        followups=tuple(followups),
    )


def _day(found: list[Customer]) -> Day:
    entries = tuple(Entry(customer.path, "", customer) for customer in found)
    return day_of(Library(Path("none"), CONFIG, entries), TODAY, checked=False)


many = st.lists(customers(), max_size=8, unique_by=lambda customer: customer.path).map(_day)


@given(many, st.integers(0, 60))
def test_every_step_promise_and_silence_is_there_once(day: Day, days: int) -> None:
    items = agenda_of(day.standings, TODAY, days)
    last = TODAY + timedelta(days=days)
    found = {group: [item for item in items if item.group is group] for group in Group}
    states = {
        Group.OVERDUE: NextState.OVERDUE,
        Group.TODAY: NextState.TODAY,
        Group.COMING: NextState.PLANNED,
    }
    for group, state in states.items():
        expected = [
            standing.customer.path
            for standing in day.standings
            if standing.status.next_state is state
            and standing.status.next
            and standing.status.next.date
            and standing.status.next.date <= last
        ]
        assert sorted(item.standing.customer.path for item in found[group]) == sorted(expected)
    promises = [
        (standing.customer.path, promise.commitment.due, promise.state)
        for standing in day.standings
        for promise in standing.status.open_promises
        if promise.commitment.due and promise.commitment.due <= last
    ]
    shown = [*found[Group.LATE_PROMISE], *found[Group.PROMISE]]
    assert sorted(promises) == sorted(
        (item.standing.customer.path, item.date, item.promise.state)
        for item in shown
        if item.promise and item.date
    )
    assert all(
        item.promise and item.promise.state is CommitmentState.OVERDUE
        for item in found[Group.LATE_PROMISE]
    )
    stale = [standing.customer.path for standing in day.standings if standing.status.stale]
    assert sorted(item.standing.customer.path for item in found[Group.STALE]) == sorted(stale)


@given(many)
def test_groups_keep_their_order_and_so_do_the_days_in_them(day: Day) -> None:
    items = agenda_of(day.standings, TODAY, 60)
    ranks = [list(Group).index(item.group) for item in items]
    assert ranks == sorted(ranks)
    for group in Group:
        moments = [
            (item.date, item.step.time.isoformat() if item.step and item.step.time else "~")
            for item in items
            if item.group is group and item.date
        ]
        assert moments == sorted(moments)
    overdrawn = [
        (item.standing.status.idle_days or 0) - (item.standing.status.idle_limit or 0)
        for item in items
        if item.group is Group.STALE
    ]
    assert overdrawn == sorted(overdrawn, reverse=True)


@given(many)
def test_the_site_says_the_same_of_today(day: Day) -> None:
    """The definitions stand once: the lists of the site hold what the agenda holds."""
    site = Site.of(day)
    lists = TodayLists.of(site)
    items = agenda_of(day.standings, TODAY, 60)

    def paths(group: Group) -> list[str]:
        return sorted(item.standing.customer.path for item in items if item.group is group)

    for group, listed in (
        (Group.OVERDUE, lists.overdue),
        (Group.TODAY, lists.today),
        (Group.STALE, lists.stale),
    ):
        now = [each.item.customer.path for each in listed if each.now]
        assert paths(group) == sorted(now)
    late = [each.item.row.customer.path for each in lists.late_promises if each.now]
    assert paths(Group.LATE_PROMISE) == sorted(late)


def test_the_last_day_never_lies_behind_the_calendar() -> None:
    assert last_day(TODAY, 7) == date(2026, 12, 1)
    assert last_day(date(9999, 12, 30), 3650) == date.max


@given(many)
def test_a_row_has_all_columns_and_plain_values(day: Day) -> None:
    for item in agenda_of(day.standings, TODAY, 60):
        row = agenda_row(item, CONFIG)
        assert list(row) == list(AGENDA_COLUMNS)
        assert all(value is None or isinstance(value, str | int) for value in row.values())
        assert (row["date"] is None) == (item.group is Group.STALE)


@pytest.mark.parametrize("page", ["agenda.md", "agenda.zh.md"])
def test_the_page_names_every_column_and_group(page: str) -> None:
    text = Path(__file__).parents[2].joinpath("docs", page).read_text("utf-8")
    for name in (*AGENDA_COLUMNS, *Group):
        assert f"`{name}`" in text, name
