"""Uses a site as a reader does, with hostile texts as what is typed, kept and linked to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from trials.script_browser import watched
from trials.script_workspace import TODAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from trials.script_browser import Seen, Watched
    from trials.script_payloads import Payload

_SETTLED = 50
"""Milliseconds after which a page has shown what was typed."""


def use_site(browser: Browser, site: Path, texts: Sequence[Payload], *, policy: bool) -> Seen:
    """Search, filter, sort, choose and follow links with the texts, and return what was seen.

    Args:
        browser: Chromium.
        site: A site with the texts in its records.
        texts: What is typed, what stands in addresses, and what is found in the storage.
        policy: Whether the content security policy holds.
    """
    with watched(browser, policy=policy) as watching:
        watching.page.clock.set_fixed_time(TODAY)
        for way in (_search, _filter, _addresses, _board, _stored):
            way(watching, site, texts)
        watching.settle()
    return watching.seen


def _search(watching: Watched, site: Path, texts: Sequence[Payload]) -> None:
    """Type each text into the search, and see the hits."""
    page = watching.page
    page.goto((site / "index.html").as_uri())
    page.locator("#search-open").click()
    hits = 0
    for each in texts:
        page.locator("#search-text").fill(each.text)
        page.wait_for_timeout(_SETTLED)
        hits += page.locator("#search-hits > *").count()
        watching.look()
    if not hits:
        watching.seen.errors.append("the search found none of the texts")


def _filter(watching: Watched, site: Path, texts: Sequence[Payload]) -> None:
    """Type each text into the filter of the table, plain and in quotes, and sort by each column."""
    page = watching.page
    page.goto((site / "customers" / "index.html").as_uri())
    for each in texts:
        for typed in (each.text, f"stage:{each.text}", f"x:{each.text}"):
            page.locator("#live-query").fill(typed)
            page.locator("#live-query").press("Enter")
            watching.look()
    page.locator("#live-query").fill("")
    page.locator("[data-part=choices] input:enabled").evaluate_all(
        "boxes => boxes.filter((box) => !box.checked).forEach((box) => box.click())"
    )
    for number in range(page.locator("#live th[data-key]").count()):
        page.locator("#live th[data-key] button").nth(number).evaluate("button => button.click()")
    watching.look()


def _addresses(watching: Watched, site: Path, texts: Sequence[Payload]) -> None:
    """Follow links that have the texts behind the question mark and the number sign."""
    customer = min((site / "customers").glob("r*.html"))
    for each in texts:
        asked = urlencode({"q": each.text, "sort": each.text})
        watching.open(f"{(site / 'customers' / 'index.html').as_uri()}?{asked}")
        watching.open(f"{customer.as_uri()}?{asked}#{quote(each.text)}")
        _set_hash(watching.page, each.text)
        watching.look()


def _set_hash(page: Page, text: str) -> None:
    page.evaluate("(text) => { location.hash = text }", text)


def _board(watching: Watched, site: Path, texts: Sequence[Payload]) -> None:
    """Choose each owner and level on the board, and follow links that do."""
    board = (site / "board.html").as_uri()
    for each in texts[:10]:
        watching.open(f"{board}?{urlencode({'owner': each.text, 'level': each.text})}")
    watching.page.goto(board)
    for name in ("owner", "level"):
        values = watching.page.locator(f"#board-{name} option").evaluate_all(
            "all => all.map((option) => option.value)"
        )
        for value in values:
            watching.page.locator(f"#board-{name}").select_option(value)
    watching.look()


def _stored(watching: Watched, site: Path, texts: Sequence[Payload]) -> None:
    """Open pages with the texts in the storage, which other pages of the same origin can write."""
    page = watching.page
    customer = min((site / "customers").glob("r*.html"))
    for each in texts[:20]:
        here = f"customers/{customer.name}"
        items = [[each.text, each.text], [here, each.text], [f"javascript:{each.text}", each.text]]
        lists = {"title": each.text, "first": 0, "total": 3, "items": items}
        for href in (each.text, f"javascript:{each.text}", site.as_uri() + "/" + each.text):
            kept = {
                "tracker-list": json.dumps({**lists, "href": href}),
                "tracker.columns": json.dumps([each.text, "name"]),
                "tracker-live-place": each.text,
            }
            page.evaluate(
                "(kept) => Object.entries(kept).forEach(([key, value]) => {"
                " localStorage.setItem(key, value); sessionStorage.setItem(key, value); })",
                kept,
            )
            watching.open(customer.as_uri())
        watching.open((site / "customers" / "index.html").as_uri())
    for broken in (texts[0].text, "null", "[]", "{}", "0", '{"items": 1}', '{"items": [1, null]}'):
        page.evaluate(
            "(text) => { sessionStorage.setItem('tracker-list', text);"
            " localStorage.setItem('tracker.columns', text); }",
            broken,
        )
        watching.open(customer.as_uri())
        watching.open((site / "customers" / "index.html").as_uri())
