"""The browser tests' own tools: what they are there to notice, they notice."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import PATHS_AT_ONCE, Browsing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import AxeRun, HtmlValidateRun

    Written = Callable[..., Path]

PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page</title>
{head}
</head>
<body>
<main>
<h1>客户</h1>
{body}
</main>
</body>
</html>
"""


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a small sound page with something put in, and return its path."""

    def write(body: str = "", head: str = "", lang: str = "zh", name: str = "page.html") -> Path:
        path = tmp_path / name
        path.write_text(PAGE.format(body=body, head=head, lang=lang), "utf-8")
        return path

    return write


# Troubles


def test_a_sound_page_causes_no_trouble(written: Written, page: Browsing) -> None:
    image = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
    visit = page(written(f'<img src="{image}" alt=""><script>console.log("hello")</script>'))
    assert visit.page.title() == "A page"
    assert not visit.troubles


def test_files_beside_the_page_are_no_trouble(
    written: Written, tmp_path: Path, page: Browsing
) -> None:
    (tmp_path / "data.js").write_text("document.title = 'from the file'", "utf-8")
    visit = page(written(head='<script src="data.js"></script>'))
    assert visit.page.title() == "from the file"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="stylesheet" href="https://a.example/s.css">', "https://a.example/s.css"),
        # On file:// an address without a scheme is a file of another machine.
        ('<script src="//a.example/s.js"></script>', "file://a.example/s.js"),
        ("<style>body { background: url(http://a.example/i) }</style>", "http://a.example/i"),
        ("<script>fetch('https://a.example/f').catch(() => 0)</script>", "https://a.example/f"),
        ("<script>navigator.sendBeacon('https://a.example/b')</script>", "https://a.example/b"),
        ("<script>new Image().src = 'https://a.example/i'</script>", "https://a.example/i"),
    ],
)
def test_a_request_to_another_host_is_noticed(
    written: Written, page: Browsing, head: str, url: str
) -> None:
    visit = page(written(head=head))
    troubles = visit.take_troubles()
    if all(each.kind == "request" for each in troubles):
        # That the request failed stands on the console too, on a busy machine some time later.
        troubles += visit.take_troubles()
    assert [each.text for each in troubles if each.kind == "request"] == [url]


def test_a_socket_to_another_host_is_noticed(written: Written, page: Browsing) -> None:
    visit = page(written("<script>new WebSocket('wss://a.example/live')</script>"))
    assert ("request", "wss://a.example/live") in visit.take_troubles()


def test_a_missing_file_is_noticed(written: Written, page: Browsing) -> None:
    visit = page(written('<img src="missing.png" alt="">'))
    assert [each.kind for each in visit.take_troubles()] == ["console"]


def test_an_error_on_the_console_is_noticed(written: Written, page: Browsing) -> None:
    visit = page(written('<script>console.error("a", 1)</script>'))
    assert visit.take_troubles() == [("console", "a 1")]
    assert not visit.troubles


def test_an_uncaught_exception_is_noticed(written: Written, page: Browsing) -> None:
    visit = page(written("<script>undefined.length</script>"))
    (trouble,) = visit.take_troubles()
    assert trouble.kind == "exception"
    assert "length" in trouble.text


def test_a_rejected_promise_is_noticed(written: Written, page: Browsing) -> None:
    visit = page(written("<script>Promise.reject(new Error('late'))</script>"))
    (trouble,) = visit.take_troubles()
    assert trouble.kind == "exception"
    assert "late" in trouble.text


def test_trouble_that_nobody_took_out_fails(written: Written, chromium: Browser) -> None:
    browsing = Browsing(chromium, {})
    browsing(written('<script>console.error("forgotten")</script>'))
    with pytest.raises(AssertionError, match=r"page\.html: console: forgotten"):
        browsing.close()


def test_a_tab_that_stays_open_takes_nothing_to_the_next_test(
    written: Written, chromium: Browser
) -> None:
    browsing = Browsing(chromium, {})
    script = """localStorage.x = sessionStorage.x = 1; window.x = 1; console.error("noticed")"""
    first = browsing(written(f"<script>{script}</script>"), same_tab=True)
    first.page.set_viewport_size({"width": 500, "height": 500})
    with pytest.raises(AssertionError, match="console: noticed"):
        browsing.close()
    later = datetime.fromisoformat("2026-12-24T12:00:00Z")
    again = browsing(written(), now=later, same_tab=True)
    assert again is first
    assert again.page.evaluate(
        "[localStorage.length, sessionStorage.length, typeof x, innerWidth, new Date().getMonth()]"
    ) == [0, 0, "undefined", 1280, 11]
    other = browsing(written(), scheme="dark", same_tab=True)
    assert other.page.context is not first.page.context
    browsing.close()
    assert not first.page.is_closed()
    first.page.context.close()
    other.page.context.close()


# Screens


def test_screens_and_colours(written: Written, page: Browsing) -> None:
    path = written()
    seen = {
        (size, scheme): page(path, size=size, scheme=scheme).page.evaluate(
            "[innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches]"
        )
        for size in ("desktop", "phone")
        for scheme in ("light", "dark")
    }
    assert seen == {
        ("desktop", "light"): [1280, 800, False],
        ("desktop", "dark"): [1280, 800, True],
        ("phone", "light"): [390, 844, False],
        ("phone", "dark"): [390, 844, True],
    }


def test_without_javascript(written: Written, page: Browsing) -> None:
    path = written("<noscript><p>none</p></noscript><script>document.title = 'on'</script>")
    visit = page(path, java_script_enabled=False)
    assert visit.page.title() == "A page"
    assert visit.page.locator("noscript p").is_visible()


def test_chinese_is_shown_in_glyphs(written: Written, page: Browsing) -> None:
    """Without a font the two characters would be the same empty box."""
    visit = page(written('<p><span id="a">跟</span> <span id="b">踪</span></p>'))
    first, second = (visit.page.locator(f"#{name}").screenshot() for name in "ab")
    assert first != second


# axe


def test_a_sound_page_passes_axe(written: Written, page: Browsing, axe: AxeRun) -> None:
    result = axe(page(written("<p>一切正常</p>")))
    assert not result.violations
    assert not result.incomplete


def test_axe_finds_a_violation(written: Written, page: Browsing, axe: AxeRun) -> None:
    visit = page(written('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" id="it">'))
    (finding,) = axe(visit).violations
    assert (finding.rule, finding.impact, finding.targets) == ("image-alt", "critical", ("#it",))
    assert not axe(visit, without=["image-alt"]).violations
    assert not axe(visit, within="h1").violations


def test_axe_says_what_it_is_not_sure_of(written: Written, page: Browsing, axe: AxeRun) -> None:
    style = "background: linear-gradient(#777, #fff); color: #777"
    result = axe(page(written(f'<p style="{style}">on a gradient</p>')))
    (finding,) = result.incomplete
    assert finding.rule == "color-contrast"
    assert "background gradient" in finding.reasons[0]


def test_axe_sees_the_colours_of_the_scheme(written: Written, page: Browsing, axe: AxeRun) -> None:
    dark = "@media (prefers-color-scheme: dark) { body { background: #111; color: #333 } }"
    path = written("<p>dim</p>", head=f"<style>{dark}</style>")
    assert not axe(page(path)).violations
    visit = page(path, scheme="dark")
    assert [each.rule for each in axe(visit).violations] == ["color-contrast"]
    assert [each.rule for each in axe(visit, only=["color-contrast"]).violations] == [
        "color-contrast"
    ]
    assert not axe(visit, only=["image-alt"]).violations


def test_axe_runs_under_a_content_security_policy(
    written: Written, tmp_path: Path, page: Browsing, axe: AxeRun
) -> None:
    (tmp_path / "site.css").write_text("h1 { color: #222 }", "utf-8")
    policy = "default-src 'none'; style-src 'self' file:"
    head = f"""<meta http-equiv="Content-Security-Policy" content="{policy}">
<link rel="stylesheet" href="site.css">"""
    visit = page(written("<p><button></button></p><script>alert(1)</script>", head=head))
    assert [each.kind for each in visit.take_troubles()] == ["console"], "the policy holds"
    assert [each.rule for each in axe(visit).violations] == ["button-name"]


# html-validate


def test_a_sound_page_is_valid(written: Written, html_validate: HtmlValidateRun) -> None:
    assert html_validate([written("<p>一切正常</p>")]) == []


def test_invalid_html_is_found(written: Written, html_validate: HtmlValidateRun) -> None:
    sound = written(name="sound.html")
    broken = written('<p id="a"><div id="a">x</div></p>', name="broken.html")
    mistakes = html_validate([sound, broken])
    assert {mistake.path for mistake in mistakes} == {broken}
    assert {mistake.line for mistake in mistakes} == {12}
    assert {"no-dup-id", "close-order"} & {mistake.rule for mistake in mistakes}


def test_no_mistake_is_lost_among_many(written: Written, html_validate: HtmlValidateRun) -> None:
    paths = [
        written('<p id="a" id="b">x</p>', name=f"{number}.html")
        for number in range(PATHS_AT_ONCE + 1)
    ]
    mistakes = html_validate(paths)
    assert {mistake.path for mistake in mistakes} == set(paths)


def test_nothing_to_validate_is_no_success(html_validate: HtmlValidateRun) -> None:
    with pytest.raises(AssertionError, match="no file"):
        html_validate([])
