"""The feed, read back by a feed reader and checked against what Atom requires."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]  # it has no types
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.exchange.conftest import NOON, TODAY, ZH
from tracker.exchange.feed import ENTRIES, Places, feed_bytes
from tracker.model import Customer, FollowUp, NextStep
from tracker.site.markdown import MarkdownRenderer

if TYPE_CHECKING:
    from tests.exchange.conftest import DayOf
    from tracker.insight.day import Day

ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def followup(moment: datetime, **changes: object) -> FollowUp:
    plain = FollowUp(moment.date(), moment.time(), moment, "call", "李雷", summary="来电。")
    return replace(plain, **changes)


def customer(*followups: FollowUp, **changes: object) -> Customer:
    plain = Customer("records/hengda.md", "hengda", "恒达精密", followups=followups)
    return replace(plain, **changes)


def written(day: Day) -> bytes:
    places = Places(
        "feed.xml",
        "index.html",
        lambda customer, followup: f"customers/{customer.id}.html#f-{followup.date}",
    )
    return feed_bytes(day, places, MarkdownRenderer().render)


def read(data: bytes) -> feedparser.FeedParserDict:
    feed = feedparser.parse(data)
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10"
    return feed


def check_required(data: bytes) -> None:
    """Assert what RFC 4287 requires of a feed and of its entries."""
    root = ET.fromstring(data)  # noqa: S314 - our own
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text
        (updated,) = element.findall(f"{ATOM}updated")
        assert RFC3339.fullmatch(updated.text or "")
        assert len(element.findall(f"{ATOM}link[@rel='alternate']")) == 1
    assert root.findall(f"{ATOM}author/{ATOM}name")
    assert root.findall(f"{ATOM}link[@rel='self']")
    ids = [element.text for element in root.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)
    assert all((each or "").startswith("urn:uuid:") for each in ids)


def test_a_follow_up(day_of: DayOf) -> None:
    step = NextStep(date(2026, 11, 27), time(10), "visit", "演示")
    day = day_of(
        customer(followup(NOON, summary="要 **两台**。", next=step, texts={"topic": "交期"}))
    )
    data = written(day)
    check_required(data)
    feed = read(data)
    assert feed.feed.title == "小样例"
    assert feed.feed.updated == "2026-11-20T04:00:00Z"
    (entry,) = feed.entries
    assert entry.title == "恒达精密：电话"
    assert entry.author == "李雷"
    assert entry.updated == "2026-11-20T04:00:00Z"
    assert entry.link == "customers/hengda.html#f-2026-11-20"
    assert entry.content[0].type == "text/html"
    assert entry.content[0].value == (
        "<p>要 <strong>两台</strong>。</p>\n"
        "<p><strong>议题</strong> 交期</p>\n"
        "<p>下次跟进：2026-11-27 10:00 面谈 演示</p>"
    )


def test_the_latest_come_first_and_the_future_not_at_all(day_of: DayOf) -> None:
    moments = [NOON + timedelta(hours=6 * number) for number in range(-60, 60)]
    data = written(day_of(customer(*map(followup, moments)), today=TODAY))
    check_required(data)
    found = [entry.updated for entry in read(data).entries]
    assert len(found) == ENTRIES
    assert found == sorted(found, reverse=True)
    assert found[0] == "2026-11-24T10:00:00Z"


def test_identifiers_outlive_changes_and_differ(day_of: DayOf) -> None:
    before = [entry.id for entry in read(written(day_of(customer(followup(NOON))))).entries]
    changed = customer(followup(NOON, summary="改"), name="恒达集团", path="records/a/hengda.md")
    later = day_of(changed, today=TODAY + timedelta(days=9))
    assert [entry.id for entry in read(written(later)).entries] == before
    check_required(
        written(
            day_of(
                customer(followup(NOON), followup(NOON)),
                customer(followup(NOON), path="records/same-id.md"),
            )
        )
    )


def test_without_follow_ups_the_day_is_what_it_is_updated_at(day_of: DayOf) -> None:
    data = written(day_of(customer()))
    check_required(data)
    assert read(data).feed.updated == "2026-11-23T16:00:00Z"


def test_times_of_old_zones(day_of: DayOf) -> None:
    day = day_of(customer(followup(datetime(1, 1, 1))))  # noqa: DTZ001 - as in a record
    check_required(written(day))
    assert read(written(day)).entries[0].updated == "0001-01-01T00:00:00Z"


def test_scripts_do_not_get_through(day_of: DayOf) -> None:
    summary = "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://spy.example/a.png)"
    (entry,) = read(written(day_of(customer(followup(NOON, summary=summary))))).entries
    root = ET.fromstring(written(day_of(customer(followup(NOON, summary=summary)))))  # noqa: S314  # our own file
    html = root.findtext(f"{ATOM}entry/{ATOM}content") or ""
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<img" not in html
    assert "alert(1)" in entry.content[0].value


XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n&<>\"']]>\u202e👩‍👧"),
    min_size=1,
)


@settings(deadline=None)
@given(name=XML_TEXT, who=XML_TEXT, title=st.sampled_from(["a & b", "<x>", "恒"]))
def test_hostile_names_come_back(day_of: DayOf, name: str, who: str, title: str) -> None:
    config = ZH.replace("小样例", f"'{title}'")
    day = day_of(customer(followup(NOON, who=who), name=name), config=config)
    root = ET.fromstring(written(day))  # noqa: S314 - our own
    assert root.findtext(f"{ATOM}title") == title
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == f"{name}：电话"
    assert root.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}name") == who


@settings(deadline=None)
@given(st.text(st.characters()))
def test_any_text_at_all_gives_a_document(day_of: DayOf, text: str) -> None:
    day = day_of(customer(followup(NOON, who=text, summary=text), name=text))
    check_required(written(day))
