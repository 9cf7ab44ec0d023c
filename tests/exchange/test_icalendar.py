"""Calendars, read back by two libraries that did not write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.exchange.conftest import NOON, ZH
from tracker.exchange.icalendar import calendar_bytes, events_of, has_events, read_alarms
from tracker.model import Commitment, Contact, Customer, FollowUp, NextStep

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.exchange.conftest import DayOf
    from tracker.insight.day import Day

HENGDA = Customer(
    path="records/hengda.md",
    id="hengda",
    name="恒达精密机械有限公司",
    short="恒达",
    stage="negotiation",
    owner="李雷",
    address="苏州市示例路 8 号",
    contacts=(
        Contact("陈建国", phone="0512-0668-9999"),
        Contact("王芳", title="采购经理", phone="0512-0668-1234", primary=True),
        Contact("顾志恒"),
    ),
    followups=(
        FollowUp(
            date=NOON.date(),
            time=NOON.time(),
            order=NOON,
            method="call",
            who="李雷",
            next=NextStep(
                date(2026, 11, 27), time(10), "visit", "演示分批交付计划", "确认预算与签约时间"
            ),
            commitments=(
                Commitment("提供案例", date(2026, 11, 21), done=True),
                Commitment("发送报价", date(2026, 11, 22)),
                Commitment("约总经理", date(2026, 11, 28), who="韩梅梅"),
                Commitment("没有日期"),
            ),
        ),
    ),
)


def written(day: Day, name: str = "小样例") -> bytes:
    return calendar_bytes(events_of(day), day.library.config, name)


def parsed(data: bytes) -> Any:  # noqa: ANN401 - the library's properties have no common type
    calendar = icalendar.Calendar.from_ical(data)
    assert isinstance(calendar, icalendar.Calendar)
    assert not any(part.errors for part in calendar.walk())
    return calendar


def events(data: bytes) -> list[Any]:
    return list(parsed(data).walk("VEVENT"))


def with_next(customer: Customer, **changes: object) -> Customer:
    followup = customer.followups[0]
    assert followup.next
    step = replace(followup.next, **changes)
    return replace(customer, followups=(replace(followup, next=step),))


def test_next_step_with_a_time(day_of: DayOf) -> None:
    step = events(written(day_of(HENGDA)))[0]
    assert step["SUMMARY"] == "恒达：面谈 演示分批交付计划"
    assert step["DTSTART"].dt == datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
    assert step["DTEND"].dt == datetime(2026, 11, 27, 2, 30, tzinfo=UTC)
    assert step["DTSTAMP"].dt == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    assert step["LOCATION"] == "苏州市示例路 8 号"
    assert str(step["DESCRIPTION"]).split("\n") == [
        "恒达精密机械有限公司",
        "目标：确认预算与签约时间",
        "王芳 采购经理 0512-0668-1234",
        "陈建国 0512-0668-9999",
        "负责人：李雷",
    ]
    (alarm,) = step.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(minutes=-15)
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm["DESCRIPTION"] == step["SUMMARY"]


def test_next_step_without_a_time_takes_the_day_and_leaves_it_free(day_of: DayOf) -> None:
    step = events(written(day_of(with_next(HENGDA, time=None, method="call"))))[0]
    assert step["DTSTART"].dt == date(2026, 11, 27)
    assert "DTEND" not in step
    assert step["TRANSP"] == "TRANSPARENT"
    assert "LOCATION" not in step
    assert not step.walk("VALARM")


def test_open_promises_with_a_due_day(day_of: DayOf) -> None:
    found = events(written(day_of(HENGDA)))[1:]
    assert [(event["SUMMARY"], event["DTSTART"].dt) for event in found] == [
        ("对恒达的承诺：发送报价", date(2026, 11, 22)),
        ("对恒达的承诺：约总经理", date(2026, 11, 28)),
    ]


def test_in_english_and_without_words(day_of: DayOf) -> None:
    customer = replace(with_next(HENGDA, text="", method=None), short=None)
    found = events(written(day_of(customer, config="language: en\ntimezone: Asia/Shanghai\n")))
    assert [str(event["SUMMARY"]) for event in found] == [
        "Follow up with 恒达精密机械有限公司",
        "Promise to 恒达精密机械有限公司: 发送报价",
        "Promise to 恒达精密机械有限公司: 约总经理",
    ]


def triggers(day: Day, asked: str) -> list[list[timedelta]]:
    alarms = read_alarms(asked)
    assert alarms
    data = calendar_bytes(events_of(day, alarms=alarms), day.library.config)
    return [[alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] for event in events(data)]


@pytest.mark.parametrize(
    ("asked", "timed", "whole_day"),
    [
        ("15m", timedelta(minutes=-15), timedelta(hours=9)),
        ("90m", timedelta(minutes=-90), timedelta(hours=9)),
        ("2h", timedelta(hours=-2), timedelta(hours=9)),
        ("1d", timedelta(days=-1), timedelta(hours=-15)),
        ("7d", timedelta(days=-7), timedelta(days=-6, hours=-15)),
        ("0m", timedelta(), timedelta(hours=9)),
    ],
)
def test_alarms_as_asked_for(
    day_of: DayOf, asked: str, timed: timedelta, whole_day: timedelta
) -> None:
    found = triggers(day_of(HENGDA), asked)
    assert found == [[timed], [whole_day], [whole_day]]
    step, *_ = triggers(day_of(with_next(HENGDA, time=None)), asked)
    assert step == [whole_day]


def test_no_alarms(day_of: DayOf) -> None:
    assert triggers(day_of(HENGDA), "none") == [[], [], []]


@pytest.mark.parametrize("text", ["", "15", "m", "-15m", "1.5h", "15 m", "1w", "9999m", "１５m"])
def test_what_is_no_alarm(text: str) -> None:
    assert read_alarms(text) is None


@given(st.integers(0, 999), st.sampled_from("mhd"))
def test_any_alarm_comes_back(day_of: DayOf, number: int, unit: str) -> None:
    step, *_ = triggers(day_of(HENGDA), f"{number}{unit}")
    length = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[unit]
    assert step == [-number * length]


def test_whose_events_they_are(day_of: DayOf) -> None:
    aliased = with_next(HENGDA)
    config = ZH + "owners:\n  - 李雷\n  - name: 韩梅梅\n    aliases: [Han Meimei]\n"
    commitments = (Commitment("约", date(2026, 11, 28), who="Han Meimei"),)
    aliased = replace(aliased, followups=(replace(aliased.followups[0], commitments=commitments),))
    assert [event.who for event in events_of(day_of(aliased, config=config))] == [
        "李雷",
        "韩梅梅",
    ]


def test_a_lost_customer_has_no_next_step(day_of: DayOf) -> None:
    day = day_of(replace(HENGDA, stage="lost"))
    assert len(events(written(day))) == 2
    silent = replace(HENGDA, stage="lost", followups=())
    assert not has_events(day_of(silent).standings[0].status)


@pytest.mark.parametrize(
    ("clock", "zone", "begin"),
    [
        (time(10), "Asia/Shanghai", datetime(2026, 11, 27, 2, tzinfo=UTC)),
        (time(10), "Europe/Berlin", datetime(2026, 11, 27, 9, tzinfo=UTC)),
        (time(3), "Asia/Shanghai", datetime(2026, 11, 26, 19, tzinfo=UTC)),
        (
            time(10, tzinfo=timezone(-timedelta(hours=5))),
            "Asia/Shanghai",
            datetime(2026, 11, 27, 15, tzinfo=UTC),
        ),
    ],
)
def test_times_become_utc(day_of: DayOf, clock: time, zone: str, begin: datetime) -> None:
    day = day_of(with_next(HENGDA, time=clock), config=f"language: zh\ntimezone: {zone}\n")
    assert events(written(day))[0]["DTSTART"].dt == begin


def test_summer_time(day_of: DayOf) -> None:
    config = "language: en\ntimezone: Europe/Berlin\n"
    day = day_of(with_next(HENGDA, date=date(2027, 7, 1)), config=config)
    assert events(written(day))[0]["DTSTART"].dt == datetime(2027, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock", "zone"),
    [
        (date.max, time(23, 59), "America/New_York"),
        (date.max, time(23, 59), "UTC"),
        (date.min, time(0, 1), "Asia/Shanghai"),
        (date.max, None, "UTC"),
    ],
)
def test_the_ends_of_the_calendar(day_of: DayOf, day: date, clock: time | None, zone: str) -> None:
    first = datetime.combine(date.min, time())
    followup = replace(HENGDA.followups[0], date=first.date(), order=first)
    customer = with_next(replace(HENGDA, followups=(followup,)), date=day, time=clock)
    config = f"language: zh\ntimezone: {zone}\n"
    data = written(day_of(customer, config=config, today=date.min))
    assert f"DTSTART;VALUE=DATE:{day.isoformat().replace('-', '')}" in data.decode()
    assert b"DTSTAMP:00010101T" in data


def uids(data: bytes) -> list[str]:
    return [str(event["UID"]) for event in events(data)]


def test_identifiers_outlive_changes(day_of: DayOf) -> None:
    before = uids(written(day_of(HENGDA)))
    assert len(set(before)) == 3
    moved = with_next(HENGDA, date=date(2026, 12, 1), text="改期")
    assert uids(written(day_of(moved, today=date(2026, 11, 25)))) == before
    followup = HENGDA.followups[0]
    ticked = (followup.commitments[0], replace(followup.commitments[1], done=True))
    kept = replace(followup, commitments=(*ticked, *followup.commitments[2:]))
    assert uids(written(day_of(replace(HENGDA, followups=(kept,))))) == [before[0], before[2]]
    elsewhere = replace(HENGDA, path="records/华东/hengda.md", name="恒达集团")
    assert uids(written(day_of(elsewhere))) == before


def test_identifiers_differ(day_of: DayOf) -> None:
    followup = replace(HENGDA.followups[0], next=None)
    twice = replace(HENGDA, followups=(followup, replace(followup)))
    double = replace(HENGDA, path="records/other.md")
    found = uids(written(day_of(HENGDA, double, replace(twice, id="twice"))))
    assert len(found) == 10
    assert len(set(found)) == 10


def test_a_calendar_without_events_is_valid(day_of: DayOf) -> None:
    data = calendar_bytes([], day_of().library.config, "空")
    calendar = parsed(data)
    assert calendar["X-WR-CALNAME"] == "空"
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]
    assert not calendar.walk("VEVENT")


def test_head_of_a_calendar(day_of: DayOf) -> None:
    data = written(day_of(HENGDA), "跟进; 李雷, 韩梅梅")
    calendar = parsed(data)
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    lines = data.decode().split("\r\n")
    assert {"NAME:跟进\\; 李雷\\, 韩梅梅", "X-WR-CALNAME:跟进\\; 李雷\\, 韩梅梅"} < set(lines)
    assert calendar["X-WR-TIMEZONE"] == "Asia/Shanghai"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    nameless = parsed(written(day_of(HENGDA), ""))
    assert "NAME" not in nameless
    assert "X-WR-CALNAME" not in nameless


def by_icalendar(data: bytes) -> list[dict[str, str]]:
    return [
        {name: str(event.get(name, "")) for name in ("SUMMARY", "DESCRIPTION", "LOCATION")}
        for event in events(data)
    ]


def by_vobject(data: bytes) -> list[dict[str, str]]:
    calendar = vobject.readOne(data.decode())
    return [
        {
            name: getattr(event, name.lower()).value if hasattr(event, name.lower()) else ""
            for name in ("SUMMARY", "DESCRIPTION", "LOCATION")
        }
        for event in calendar.vevent_list
    ]


HOSTILE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029")
    | st.sampled_from('\n,;:\\"\u202e\u200f👩‍👧'),
    min_size=1,
).map(str.strip).filter(bool) | st.sampled_from(
    [
        "\\",
        "\\n",
        "a\\",
        "END:VEVENT",
        "\nEND:VCALENDAR\n\nBEGIN:X",
        "{customer}",
        "%s {0}",
        "恒" * 99,
    ]
)


@pytest.mark.parametrize("read", [by_icalendar, by_vobject])
@settings(deadline=None)
@given(texts=st.tuples(HOSTILE, HOSTILE, HOSTILE, HOSTILE))
def test_hostile_texts_come_back(
    day_of: DayOf,
    read: Callable[[bytes], list[dict[str, str]]],
    texts: tuple[str, str, str, str],
) -> None:
    name, what, goal, address = texts
    customer = replace(HENGDA, name=name, short=None, owner=None, contacts=(), address=address)
    commitments = (Commitment(what, date(2026, 11, 28)),)
    customer = with_next(customer, text=what, goal=goal)
    customer = replace(
        customer, followups=(replace(customer.followups[0], commitments=commitments),)
    )
    step, promise = read(written(day_of(customer)))
    assert step["SUMMARY"] == f"{name}：面谈 {what}"
    assert step["DESCRIPTION"] == f"{name}\n目标：{goal}"
    assert step["LOCATION"] == address
    assert promise["SUMMARY"] == f"对{name}的承诺：{what}"
