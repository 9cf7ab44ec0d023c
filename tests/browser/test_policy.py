"""Every kind of page keeps to its content security policy, as a file and from the dev server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import BUILT, ROOT
from tests.server.conftest import RECORD, serving_in
from tracker.insight.day import day_of
from tracker.library.loader import load_library
from tracker.site import sections
from tracker.site.attachments import Attachments
from tracker.site.build import build_site
from tracker.site.markdown import MarkdownRenderer
from tracker.site.page import Site
from tracker.site.pages import site_pages
from tracker.site.render import SiteRenderer
from trials.script_browser import watched
from trials.script_payloads import payloads
from trials.script_workspace import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.server.conftest import Served

WORKSPACE = ROOT / "tests" / "site" / "workspace"
OWN = {
    "customer.html": '{% extends "builtin/customer.html" %}{% block head %}'
    '<link rel="stylesheet" href="{{ url("assets/ours.css") }}">'
    '<script src="{{ url("assets/ours.js") }}" defer></script>{% endblock %}',
    "assets/ours.css": "h1 { color: red }",
    "assets/ours.js": "document.title = 'ours';",
}
REFUSED = {
    "an inline script": "<script>document.title = 'ran'</script>",
    "an inline style": '<p style="color: red">x</p>',
    "a style sheet in the page": "<style>h1 { color: red }</style>",
    "a picture of another host": '<img src="https://a.example/x.png" alt="">',
    "a picture in the page": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="">',
    "a script of another host": '<script src="https://a.example/x.js"></script>',
    "a frame": '<iframe src="../index.html"></iframe>',
}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One page of each template, in a site whose long lists are cut."""
    site = tmp_path_factory.mktemp("kinds") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sections, "WHOLE", 4)
        patch.setattr(sections, "LEAST", 1)
        build_site(WORKSPACE, site, BUILT)
        found = {}
        for root in (WORKSPACE, ROOT):
            library = load_library(root)
            renderer = SiteRenderer(library.config, root, MarkdownRenderer(), Attachments(root))
            for page in site_pages(Site.of(day_of(library, BUILT))):
                if page.template not in found:
                    found[page.template] = site / page.path
                    found[page.template].parent.mkdir(parents=True, exist_ok=True)
                    found[page.template].write_text(renderer.render(page), "utf-8")
    return found


def test_pages_opened_as_files_have_nothing_refused(
    chromium: Browser, kinds: dict[str, Path]
) -> None:
    templates = {path.name for path in (ROOT / "site_templates").glob("*.html")}
    assert set(kinds) == templates - {"base.html"}
    with watched(chromium, policy=True) as watching:
        for page in kinds.values():
            watching.page.goto(page.as_uri())
            watching.page.locator("h1").first.wait_for()
        watching.settle()
    assert watching.seen.faults() == []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A workspace with templates of its own, served."""
    with serving_in(tmp_path_factory.mktemp("served")) as start:
        files = {"records/a.md": RECORD.format(name="Acme", text="Hello.")}
        yield start({**files, **{f"site_templates/{name}": text for name, text in OWN.items()}})


def test_served_pages_have_nothing_refused(chromium: Browser, served: Served) -> None:
    with watched(chromium, policy=True) as watching:
        for path in ("", "customers/a.html", "customers/", "board.html", "problems.html"):
            watching.page.goto(f"http://localhost:{served.port}/{path}")
        watching.page.goto(f"http://localhost:{served.port}/customers/a.html")
        assert watching.page.title() == "ours"
        assert watching.page.locator("h1").evaluate("h => getComputedStyle(h).color") == (
            "rgb(255, 0, 0)"
        )
        watching.settle()
        assert watching.seen.faults() == []
        watching.page.goto(f"http://localhost:{served.port}/customers/nobody.html")
        watching.settle()
    # The page is not there, and says nothing else.
    assert [fault for fault in watching.seen.faults() if "404 (Not Found)" not in fault] == []


def test_problems_that_the_server_shows_run_nothing(chromium: Browser, served: Served) -> None:
    texts = [each.text for each in payloads()[::9] if "\0" not in each.text]
    with watched(chromium, policy=False) as watching:
        watching.page.goto(f"http://localhost:{served.port}/customers/a.html")
        for number, text in enumerate(texts):
            matter = {"name": text, "stage": text, "owner": text, text[:30]: text, "value": text}
            lines = "".join(f"{quoted(key)}: {quoted(value)}\n" for key, value in matter.items())
            served.write(f"records/p{number}.md", f"---\n{lines}---\n")
        overlay = watching.page.locator("#tracker-problems li")
        overlay.nth(10).wait_for()
        watching.look()
        assert "xss(" in " ".join(overlay.all_inner_texts())
        inside = "host => [...host.shadowRoot.querySelectorAll('*')].map((each) => each.localName)"
        tags = set(watching.page.locator("#tracker-problems").evaluate(inside))
        watching.settle()
    assert tags <= {"a", "b", "button", "code", "h2", "header", "li", "link", "p", "section", "ul"}
    assert watching.seen.faults() == []


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_policy_forbids_is_refused(
    what: str, chromium: Browser, kinds: dict[str, Path]
) -> None:
    page = kinds["redirect.html"].with_name(f"own-{list(REFUSED).index(what)}.html")
    html = kinds["stages.html"].read_text("utf-8").replace("</main>", f"{REFUSED[what]}</main>")
    page.write_text(html, "utf-8")
    with watched(chromium, policy=True) as watching:
        watching.page.goto(page.as_uri())
        watching.settle()
    page.unlink()
    assert any("Content Security Policy" in each for each in watching.seen.refused), what
