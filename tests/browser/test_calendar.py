"""The calendar: a table on a desktop, a list of days on a phone, both without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Browsing


def test_a_desktop_shows_weeks(demo_site: Path, page: Browsing) -> None:
    shown = page(demo_site / "calendar" / "index.html", java_script_enabled=False).page
    monday = shown.locator(".month thead th").first.bounding_box()
    friday = shown.locator(".month tr", has_text="砺沅功率").locator("td").nth(4)
    assert friday.get_by_text("27", exact=True).is_visible()
    box = friday.bounding_box()
    assert monday
    assert box
    assert box["x"] > monday["x"] + 3 * box["width"]
    assert shown.locator(".month td.free").first.is_visible()


def test_a_phone_shows_the_days_that_hold_something(demo_site: Path, page: Browsing) -> None:
    shown = page(
        demo_site / "calendar" / "index.html", size="phone", java_script_enabled=False
    ).page
    assert not shown.locator(".month thead").is_visible()
    assert not shown.locator(".month td.free").first.is_visible()
    day = shown.locator(".month td", has_text="砺沅功率")
    assert day.get_by_text("11月27日 周五").is_visible()
    widest = day.bounding_box()
    assert widest
    assert widest["width"] > 300


def test_today_is_one_tap_away(demo_site: Path, page: Browsing) -> None:
    shown = page(demo_site / "calendar" / "index.html", size="phone").page
    shown.get_by_role("link", name="今天").click()
    box = shown.locator("#today").bounding_box()
    assert box
    assert 0 <= box["y"] < 400


def test_a_full_day_leads_to_all_of_it_and_back(demo_site: Path, page: Browsing) -> None:
    shown = page(demo_site / "calendar" / "index.html").page
    shown.locator(".month td", has_text="砺沅功率").get_by_role("link", name="另外").click()
    assert shown.locator("h1").inner_text().startswith("11月27日 周五")
    assert shown.locator(".entries > li").count() > 6
    shown.get_by_role("link", name="日历 2026年11月").click()
    assert shown.locator("table.month").is_visible()
