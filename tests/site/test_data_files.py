"""The files of a site that other programs read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]  # the library has no types
import icalendar
import pytest
import vobject

from tracker.insight.day import day_of
from tracker.library.loader import load_library
from tracker.site.build import build_site
from tracker.site.data_files import data_files
from tracker.site.page import Site

pytestmark = pytest.mark.usefixtures("few_numbers")

WORKSPACES = Path(__file__).parent.parent / "workspaces"
TODAY = date(2026, 11, 24)

# The names of CONTRACT's "Rows".
COLUMNS = {
    "id",
    "name",
    "path",
    "stage",
    "stage_kind",
    "level",
    "owner",
    "source",
    "industry",
    "value",
    "currency",
    "weighted_value",
    "contacts",
    "created",
    "last_contact",
    "followups",
    "next_date",
    "next_time",
    "next_method",
    "next_text",
    "next_state",
    "days_overdue",
    "idle_days",
    "stale",
    "open_commitments",
    "overdue_commitments",
    "problems",
    "tags",
    "url",
}

Files = dict[str, bytes]


def files_of(root: Path, today: date = TODAY) -> Files:
    return dict(data_files(Site.of(day_of(load_library(root), today))))


@pytest.fixture(scope="module")
def files() -> Files:
    return files_of(WORKSPACES / "small-zh")


def events(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_which_files_there_are(files: Files) -> None:
    assert {
        "followups.ics",
        "owners/李雷.ics",
        "owners/韩梅梅.ics",
        "customers/hengda.ics",
        "customers/hengda.vcf",
        "feed.xml",
        "data/customers.json",
    } <= set(files)
    # A lost customer with nothing to do, and no contact, has neither.
    assert not {"customers/beichen.ics", "customers/beichen.vcf"} & set(files)


def test_every_file_is_read_by_another_library(files: Files) -> None:
    for path, data in files.items():
        if path.endswith(".ics"):
            calendar = icalendar.Calendar.from_ical(data)
            assert not any(part.errors for part in calendar.walk()), path
            assert vobject.readOne(data.decode()).name == "VCALENDAR"
        elif path.endswith(".vcf"):
            cards = list(vobject.readComponents(data.decode()))
            assert cards, path
            assert all(card.validate(raiseException=True) for card in cards)
    assert not feedparser.parse(files["feed.xml"]).bozo


def test_calendars_divide_the_events(files: Files) -> None:
    together = {str(event["UID"]) for event in events(files["followups.ics"])}
    assert len(together) == len(events(files["followups.ics"])) > 0
    for folder in ("owners/", "customers/"):
        parts = [
            str(event["UID"])
            for path, data in files.items()
            if path.startswith(folder) and path.endswith(".ics")
            for event in events(data)
        ]
        assert sorted(parts) == sorted(together)
    summaries = [str(event["SUMMARY"]) for event in events(files["customers/hengda.ics"])]
    assert summaries == [
        "恒达：面谈 演示分批交付计划",
        "对恒达的承诺：发送分批交付的正式报价",
        "对恒达的承诺：约总经理",
    ]
    theirs = [str(event["SUMMARY"]) for event in events(files["owners/韩梅梅.ics"])]
    assert "对恒达的承诺：约总经理" in theirs
    assert "对恒达的承诺：发送分批交付的正式报价" not in theirs


def test_rows(files: Files) -> None:
    data = files["data/customers.json"]
    rows = json.loads(data)
    root = WORKSPACES / "small-zh"
    records = {path.relative_to(root).as_posix() for path in (root / "records").rglob("*.md")}
    readable = records - {"records/huai.md"}
    assert sorted(row["path"] for row in rows) == sorted(readable)
    by_id = {row["id"]: row for row in rows}
    assert all(set(row) >= COLUMNS for row in rows)
    hengda = by_id["hengda"]
    assert hengda["url"] == "customers/hengda.html"
    assert hengda["name"] == "恒达精密机械有限公司"
    assert "恒达精密机械有限公司".encode() in data
    assert hengda["value"] == "480000"
    assert hengda["next_date"] == "2026-11-27"
    assert hengda["next_time"] == "10:00"
    assert hengda["next_state"] == "planned"
    assert hengda["overdue_commitments"] == 1
    assert hengda["tags"] == ["机床", "华东"]
    assert by_id["beichen"]["next_state"] is None
    assert b": " not in data.split(b'"name"', maxsplit=1)[0]


def test_an_empty_workspace(tmp_path: Path) -> None:
    (tmp_path / "tracker.yaml").write_text("", "utf-8")
    found = files_of(tmp_path)
    assert set(found) == {"followups.ics", "feed.xml", "data/customers.json"}
    assert json.loads(found["data/customers.json"]) == []
    assert events(found["followups.ics"]) == []
    assert not feedparser.parse(found["feed.xml"]).entries


def test_the_same_records_and_day_give_the_same_bytes() -> None:
    root = WORKSPACES / "small-en"
    assert files_of(root) == files_of(root)
    assert list(files_of(root)) == list(files_of(root))


@pytest.mark.parametrize("name", ["small-zh", "small-en"])
def test_everything_that_is_linked_is_in_the_site(tmp_path: Path, name: str) -> None:
    output = tmp_path / "output"
    build_site(WORKSPACES / name, output, TODAY)
    built = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    assert set(files_of(WORKSPACES / name)) <= built
    for row in json.loads((output / "data/customers.json").read_bytes()):
        assert unquote(row["url"]) in built
    feed = ET.fromstring((output / "feed.xml").read_bytes())  # noqa: S314 - our own
    links = [link.get("href") or "" for link in feed.iter("{http://www.w3.org/2005/Atom}link")]
    assert len(links) > 2
    for link in links:
        address = urlsplit(urljoin("feed.xml", link))
        page = (output / unquote(address.path)).read_text("utf-8")
        assert not address.fragment or f'id="{unquote(address.fragment)}"' in page
