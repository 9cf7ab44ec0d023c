"""Encrypted sites in a real browser: from files, and from a server in a folder of it."""

from __future__ import annotations

import base64
import os
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

import pytest
from filelock import FileLock

from tests.browser.conftest import BUILT, NOON, ROOT, Browsing, Visit
from tests.browser.static_host import StaticHost, static_host
from tests.encrypted_reader import EncryptedReader
from tracker.site.build import build_site
from tracker.site.encrypted.container import SiteKeys
from tracker.site.encrypted.writer import Encryption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.browser.conftest import AxeRun, HtmlValidateRun

PASSPHRASE = "correct horse battery"  # noqa: S105  # it protects nothing
PATIENCE = 20_000
"""Milliseconds: a slow machine takes some for the keys."""

KINDS = [
    "index.html",
    "activity/2026-W47.html",
    "analysis/win-rate.html",
    "analysis/owners/李雷.html",
    "changes.html",
    "report/this-week.html",
    "overdue.html",
    "agenda.html",
    "board.html",
    "calendar/2026-11-27.html",
    "stages/negotiation.html",
    "customers/index.html",
    "customers/hengda-jingmi.html",
    "customers/duinhorst.html",
    "owners/李雷.html",
    "commitments.html",
    "service.html",
    "problems.html",
    "views/week-a.html",
]
"""One page of every kind of the demo site."""

FORMER_ID = ("hengda-jixie", "hengda-jingmi")
"""Of a record of the demo workspace, and the one that it has now."""

PICTURE_SHOWN = "main img[src^='blob:']"

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAEElEQVR4nGNgYGD4D8ZQCgAT7gP95DVO8QAAAABJRU5E"
    "rkJggg=="
)
SMALL = {
    "tracker.yaml": "language: en\ntitle: Quiet Harbour\n",
    "records/acme.md": (
        "---\nname: Acme Pumps\nstage: proposal\nowner: Li\ncontacts:\n- name: Ada\n"
        "  phone: +44 20 7946 0999\noffers:\n- quote: Q-1\n"
        "  file: attachments/acme/offer 报价#1.txt\n---\n"
        "## 2026-11-03 10:00 call\n\nThe [plan](../attachments/acme/plan.png) as a picture: "
        "![plan](../attachments/acme/plan.png), [theirs](../attachments/acme/theirs.html) with "
        "[its script](../attachments/acme/theirs.js)\n\n- next: 2026-12-01 call\n"
    ),
    "attachments/acme/offer 报价#1.txt": "One pump, 400 pounds.\n",
    "attachments/acme/theirs.html": '<title>Theirs</title><script src="theirs.js"></script>',
    "attachments/acme/theirs.js": "document.title = sessionStorage.length;",
    "site_templates/base.html": (
        '{% extends "builtin/base.html" %}{% block head %}'
        '<link rel="stylesheet" href="{{ url("assets/own.css") }}">{% endblock %}'
    ),
    "site_templates/assets/own.css": ".brand { background-image: url(harbour.png); }\n",
}


@dataclass(frozen=True)
class Sealed:
    """An encrypted site.

    Attributes:
        folder: Where it is.
        reader: Tells which of its files is which.
    """

    folder: Path
    reader: EncryptedReader

    @property
    def index(self) -> Path:
        return self.folder / "index.html"

    def at(self, address: str) -> str:
        """Return the address of a page."""
        return f"{self.index.as_uri()}#/{address}"


def sealed(root: Path, folder: Path, language: str = "en") -> Sealed:
    if not folder.exists():
        build_site(root, folder, BUILT, encryption=Encryption(SiteKeys(PASSPHRASE), language))
    return Sealed(folder, EncryptedReader(folder, PASSPHRASE))


@pytest.fixture(scope="session")
def demo(shared_folder: Path) -> Sealed:
    """The site of the demo workspace, encrypted."""
    with FileLock(shared_folder / "sealed-demo.lock"):
        return sealed(ROOT, shared_folder / "sealed-demo", "zh")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace, with files of every kind that a page can show or lead to."""
    root = tmp_path_factory.mktemp("small")
    for path, text in SMALL.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    for path in ("attachments/acme/plan.png", "site_templates/assets/harbour.png"):
        (root / path).write_bytes(PICTURE)
    return root


@pytest.fixture(scope="module")
def small(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """The site of the small workspace, encrypted."""
    return sealed(workspace, tmp_path_factory.mktemp("sealed") / "site")


@pytest.fixture
def damaged(small: Sealed, tmp_path: Path) -> Sealed:
    """A copy of it to do harm to."""
    folder = shutil.copytree(small.folder, tmp_path / "damaged")
    return Sealed(folder, EncryptedReader(folder, PASSPHRASE))


def unlock(visit: Visit, *, kept: bool = False) -> None:
    """Enter the passphrase."""
    visit.page.wait_for_selector("#ask:not([hidden])")
    if kept:
        visit.page.check("#kept")
    visit.page.fill("#passphrase", f" {PASSPHRASE}\u3000")  # As it may come when it is copied.
    visit.page.keyboard.press("Enter")


def wait_for(visit: Visit, path: str) -> None:
    """Wait until a page is shown."""
    visit.page.wait_for_selector(f'html[data-shown="{path}"]', timeout=PATIENCE)


@pytest.fixture
def opened(page: Browsing) -> Callable[..., Visit]:
    """Open a page of a site with the passphrase: `opened(site, "board.html", size="phone")`."""

    def call(site: Sealed, address: str = "index.html", **options: Any) -> Visit:  # noqa: ANN401  # Browsing's own
        visit = page(site.at(address), **options)
        unlock(visit)
        wait_for(visit, unquote(address).partition("?")[0].partition("#")[0])
        return visit

    return call


def links(visit: Visit) -> list[str]:
    """Return the paths of the pages that a page links to."""
    found = visit.page.evaluate(
        "() => [...document.querySelectorAll('a[href^=\"#/\"]')].map((a) => a.getAttribute('href'))"
    )
    return [unquote(each[2:]).partition("#")[0].partition("?")[0] for each in found]


def main_text(visit: Visit) -> str:
    """Return what a page shows, but for the way on in the list that it was opened from."""
    text: str = visit.page.evaluate(
        "() => { document.getElementById('along')?.remove();"
        " return document.getElementById('main').innerText; }"
    )
    return text


# --- Reading ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_kind_of_page_is_reached_by_links_and_shows_what_the_plain_one_does(
    demo: Sealed, demo_site: Path, opened: Callable[..., Visit], page: Browsing
) -> None:
    visit = opened(demo)
    texts = {"index.html": main_text(visit)}
    known = {"index.html": links(visit)}
    here = "index.html"
    while waiting := [kind for kind in KINDS if kind not in texts]:
        # Where no page seen so far leads on to one of them, any further page may.
        ahead = waiting if any(set(waiting) & set(each) for each in known.values()) else [
            each for found in known.values() for each in found
            if each.endswith(".html") and each not in known
        ]  # fmt: skip
        if not set(ahead) & set(known[here]):
            here = next(path for path, found in known.items() if set(ahead) & set(found))
            visit.page.goto(demo.at(here))
            wait_for(visit, here)
        here = next(path for path in ahead if path in known[here])
        visit.page.evaluate(
            "(path) => [...document.querySelectorAll('a[href^=\"#/\"]')].find((a) =>"
            " decodeURIComponent(a.hash.slice(2)).replace(/[?#].*/, '') === path).click()",
            here,
        )
        wait_for(visit, here)
        known[here], texts[here] = links(visit), main_text(visit)
    for kind in KINDS:
        plain = page(demo_site / kind, same_tab=True)
        plain.settle()
        assert texts[kind] == main_text(plain), kind


def test_search_filter_and_the_way_through_a_list(
    demo: Sealed, opened: Callable[..., Visit]
) -> None:
    visit = opened(demo, "customers/index.html")
    visit.page.fill("#live-query", "level:A")
    visit.page.wait_for_url("**/index.html#/customers/index.html?q=level:A")
    shown = visit.page.locator(".live-table tbody tr").count()
    assert 5 < shown < 60
    visit.page.locator(".live-table th a").nth(1).click()
    visit.page.wait_for_selector("html[data-shown^='customers/']:has(.dossier)")
    assert f"2 / {shown}" in visit.page.inner_text("#along")
    visit.page.click("#along a[rel='next']")
    visit.page.wait_for_selector(f"#along:has-text('3 / {shown}')")
    # The filter is in the address, so that it is there again.
    visit.page.evaluate("() => history.go(-2)")
    visit.page.wait_for_selector(f".live-count:has-text('{shown}')")
    assert visit.page.input_value("#live-query") == "level:A"
    visit.page.click("#search-open")
    visit.page.fill("#search-text", "hdjm")
    visit.page.wait_for_selector("#search-hits >> text=恒达精密机械有限公司")
    visit.page.keyboard.press("Enter")
    wait_for(visit, "customers/hengda-jingmi.html")
    assert "恒达精密" in visit.page.title()


def test_later_days_are_counted_as_on_the_plain_site(
    demo: Sealed, demo_site: Path, opened: Callable[..., Visit], page: Browsing
) -> None:
    later = NOON + timedelta(days=9)
    for path in ("index.html", "overdue.html"):
        plain = page(demo_site / path, now=later)
        visit = opened(demo, path, now=later)
        for each in (plain, visit):  # rows of later days may come by a script of their own
            each.page.wait_for_function("() => !document.querySelector('template.later')")
        assert main_text(visit) == main_text(plain)
        # Links in rows that appear on later days lead somewhere, too.
        for address in visit.page.locator("main a").evaluate_all("(all) => all.map((a) => a.href)"):
            assert "/index.html#/" in address or not address.startswith("file:"), address


def test_addresses_lead_to_places_in_pages(demo: Sealed, opened: Callable[..., Visit]) -> None:
    visit = opened(demo, "agenda.html#d2026-11-26")
    assert visit.page.evaluate("() => scrollY") > 0
    assert visit.page.locator("[data-targeted]").get_attribute("id") == "d2026-11-26"
    here = visit.page.url
    visit.page.keyboard.press("Tab")
    skip = visit.page.locator("a.skip")
    skip.focus()
    skip.press("Enter")
    visit.page.wait_for_url("**#/agenda.html#main")
    assert visit.page.evaluate("() => document.activeElement.id") == "main"
    visit.page.evaluate("() => history.back()")
    visit.page.wait_for_url(here)


def test_the_way_back_leads_to_where_it_was_left(
    demo: Sealed, opened: Callable[..., Visit]
) -> None:
    visit = opened(demo, "problems.html")
    visit.page.evaluate("() => scrollTo(0, 900)")
    visit.page.evaluate("() => document.querySelector('a[href=\"#/agenda.html\"]').click()")
    wait_for(visit, "agenda.html")
    assert visit.page.evaluate("() => scrollY") == 0
    visit.page.evaluate("() => history.back()")
    wait_for(visit, "problems.html")
    assert visit.page.evaluate("() => scrollY") == 900


def test_a_former_id_leads_to_the_record(demo: Sealed, page: Browsing) -> None:
    former, record = FORMER_ID
    visit = page(demo.at(f"customers/{former}.html"))
    unlock(visit)
    wait_for(visit, f"customers/{record}.html")


def test_files_are_downloaded_as_they_are(
    small: Sealed, workspace: Path, opened: Callable[..., Visit]
) -> None:
    visit = opened(small, "customers/acme.html")
    attachment = "attachments/acme/offer 报价#1.txt"
    with visit.page.expect_download() as download:
        visit.page.locator("a[href^='#/attachments/acme/offer']").first.click()
    assert download.value.suggested_filename == Path(attachment).name
    assert download.value.path().read_bytes() == (workspace / attachment).read_bytes()
    for ending in ("ics", "vcf"):
        with visit.page.expect_download() as download:
            visit.page.locator(f'a[href="#/customers/acme.{ending}"]').first.click()
        assert download.value.suggested_filename == f"acme.{ending}"
        content = download.value.path().read_bytes()
        assert content == small.reader.read(f"customers/acme.{ending}")
        assert content.startswith(b"BEGIN:V")
    assert visit.page.url.endswith("#/customers/acme.html")
    # In a tab of its own.
    visit.page.goto(small.at("customers/acme.ics"))
    visit.page.wait_for_selector("h1:has-text('acme.ics')")
    with visit.page.expect_download() as download:
        visit.page.click("text=Download")
    assert download.value.suggested_filename == "acme.ics"
    visit.page.click("text=Overview")
    wait_for(visit, "index.html")


def test_a_page_among_the_attachments_is_a_file(
    small: Sealed, opened: Callable[..., Visit]
) -> None:
    visit = opened(small, "customers/acme.html")
    with visit.page.expect_download() as download:
        visit.page.locator("a[href='#/attachments/acme/theirs.html']").click()
    assert download.value.suggested_filename == "theirs.html"
    visit.page.goto(small.at("attachments/acme/theirs.html"))
    visit.page.wait_for_selector("h1:has-text('theirs.html')")
    assert visit.page.title() == "Locked site"


def test_pictures_are_shown(small: Sealed, opened: Callable[..., Visit]) -> None:
    visit = opened(small, "customers/acme.html")
    picture = visit.page.wait_for_selector(PICTURE_SHOWN, timeout=PATIENCE)
    assert picture
    assert picture.evaluate("async (img) => (await img.decode(), img.naturalHeight)") == 3
    style = visit.page.locator(".brand").evaluate("(a) => getComputedStyle(a).backgroundImage")
    assert style.startswith('url("blob:')


def test_it_prints_as_the_plain_site(small: Sealed, opened: Callable[..., Visit]) -> None:
    visit = opened(small, "customers/acme.html")
    assert visit.page.is_visible(".top nav")
    visit.page.emulate_media(media="print")
    assert not visit.page.is_visible(".top nav")
    assert visit.page.is_visible("main h1")


# --- Locking ------------------------------------------------------------------------------------


def test_a_wrong_passphrase_is_refused_and_another_try_is_given(
    demo: Sealed, page: Browsing
) -> None:
    visit = page(demo.at("board.html"))
    visit.page.wait_for_selector("#ask:not([hidden])")
    assert visit.page.title() == "已锁定的网站"
    for wrong, said in (("correct horse batterz", "用这个口令打不开"), ("   ", "请输入口令")):
        visit.page.fill("#passphrase", wrong)
        visit.page.click("button[type='submit']")
        visit.page.wait_for_selector(f"[role='alert']:has-text('{said}')", timeout=PATIENCE)
        assert visit.page.evaluate("() => document.activeElement.id") == "passphrase"
    visit.page.check("#shown")
    assert visit.page.get_attribute("#passphrase", "type") == "text"
    unlock(visit)
    wait_for(visit, "board.html")


def test_the_passphrase_is_asked_for_once_a_tab_and_again_once_it_is_locked(
    small: Sealed, opened: Callable[..., Visit]
) -> None:
    visit = opened(small)
    visit.page.reload()
    wait_for(visit, "index.html")
    other = visit.page.context.new_page()
    other.goto(small.at("index.html"))
    other.wait_for_selector("#ask:not([hidden])")
    visit.page.click("button.lock")
    visit.page.wait_for_selector("#ask:not([hidden])")
    assert visit.page.evaluate("() => sessionStorage.length + localStorage.length") == 0
    assert "Acme" not in visit.page.content()
    assert visit.page.title() == "Locked site"


def test_where_it_is_wanted_the_site_stays_open_for_all_tabs_until_one_locks_it(
    small: Sealed, page: Browsing
) -> None:
    visit = page(small.index)
    unlock(visit, kept=True)
    wait_for(visit, "index.html")
    other = visit.page.context.new_page()
    other.goto(small.at("agenda.html"))
    other.wait_for_selector('html[data-shown="agenda.html"]', timeout=PATIENCE)
    other.click("button.lock")
    for tab in (other, visit.page):
        tab.wait_for_selector("#ask:not([hidden])")


def test_a_page_that_was_left_for_another_site_is_locked_when_it_comes_back(
    small: Sealed, opened: Callable[..., Visit]
) -> None:
    visit = opened(small)
    # As the browser tells it; the one that runs tests keeps no page to come back to.
    back = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    visit.page.evaluate(back)
    visit.page.wait_for_selector("button.lock")
    visit.page.evaluate(f"sessionStorage.clear(); {back}")
    visit.page.wait_for_selector("#ask:not([hidden])")


def test_the_next_build_asks_again(
    small: Sealed, workspace: Path, tmp_path: Path, opened: Callable[..., Visit]
) -> None:
    folder = shutil.copytree(small.folder, tmp_path / "site")
    visit = opened(Sealed(folder, small.reader))
    build_site(workspace, folder, BUILT, encryption=Encryption(SiteKeys(PASSPHRASE), "en"))
    visit.page.reload()
    visit.page.wait_for_selector("[role='alert']:has-text('built anew')")
    unlock(visit)
    wait_for(visit, "index.html")


# --- What was tampered with ---------------------------------------------------------------------


def flip(site: Sealed, path: str) -> None:
    file = site.reader.file(path)
    data = bytearray(file.read_bytes())
    data[200] = ord("A") if data[200] != ord("A") else ord("B")
    file.write_bytes(data)


def cut(site: Sealed, path: str) -> None:
    file = site.reader.file(path)
    os.truncate(file, file.stat().st_size // 2)


def shorten(site: Sealed, path: str) -> None:
    file = site.reader.file(path)
    file.write_bytes(file.read_bytes()[:-24] + b'");\n')


def exchange(site: Sealed, path: str) -> None:
    shutil.copyfile(site.reader.file("agenda.html"), site.reader.file(path))


def strip(site: Sealed, path: str) -> None:
    site.reader.file(path).write_text('"nothing";\n', "utf-8")


def remove(site: Sealed, path: str) -> None:
    site.reader.file(path).unlink()


def of_another_build(site: Sealed, path: str) -> None:
    keys = SiteKeys(PASSPHRASE)
    site.reader.file(path).write_bytes(keys.script(path, b"<p>Old</p>"))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (flip, "was changed, cut off or exchanged"),
        (cut, "was changed, cut off or exchanged"),
        (shorten, "was changed, cut off or exchanged"),
        (exchange, "was changed, cut off or exchanged"),
        (strip, "was changed, cut off or exchanged"),
        (of_another_build, "was changed, cut off or exchanged"),
        (remove, "was not uploaded"),
    ],
)
def test_what_is_not_as_it_was_written_is_not_shown(
    damaged: Sealed, page: Browsing, harm: Callable[[Sealed, str], None], said: str
) -> None:
    # The page itself, then a script that it cannot do without, then one that is loaded later.
    harm(damaged, "board.html")
    harm(damaged, "assets/today.js")
    harm(damaged, "data/search-0.js")
    visit = page(damaged.at("board.html"))
    unlock(visit)
    visit.page.wait_for_selector(f"#refused [role='alert']:has-text('{said}')", timeout=PATIENCE)
    assert visit.page.inner_text("#refused [data-part='path']") == "board.html"
    assert not visit.page.locator(".board").count()
    visit.page.click("text=Overview")
    visit.page.wait_for_selector("#refused:has-text('assets/today.js')", timeout=PATIENCE)
    visit.troubles.clear()


def test_a_part_that_is_loaded_later_is_named_on_the_page(
    damaged: Sealed, opened: Callable[..., Visit]
) -> None:
    flip(damaged, "data/search-0.js")
    flip(damaged, "attachments/acme/plan.png")
    flip(damaged, "customers/acme.ics")
    visit = opened(damaged, "customers/acme.html")
    visit.page.wait_for_selector(".notice:has-text('attachments/acme/plan.png')")
    visit.page.click("#search-open")
    visit.page.wait_for_selector(".notice:has-text('data/search-0.js')", state="attached")
    visit.page.wait_for_selector("text=Part of the records could not be read")
    visit.page.keyboard.press("Escape")
    visit.page.locator('a[href="#/customers/acme.ics"]').first.click()
    visit.page.wait_for_selector(".notice:has-text('customers/acme.ics')")


@pytest.mark.parametrize("fact", ["salt", "iterations", "check"])
def test_a_changed_page_of_its_own_opens_nothing(
    damaged: Sealed, page: Browsing, fact: str
) -> None:
    html = damaged.index.read_text("utf-8")
    damaged.index.write_text(html.replace(f'data-{fact}="', f'data-{fact}="7'), "utf-8")
    visit = page(damaged.index)
    unlock(visit)
    visit.page.wait_for_selector("#wrong:has-text('this page was changed')", timeout=5 * PATIENCE)
    visit.troubles.clear()


def test_a_page_whose_scripts_are_lacking_says_so(damaged: Sealed, page: Browsing) -> None:
    (damaged.folder / "shell" / "vault.js").unlink()
    visit = page(damaged.index)
    visit.page.wait_for_selector("#stuck:visible")
    assert "could not load some files" in visit.page.inner_text("main")
    visit.troubles.clear()


# --- Where nothing can be opened ----------------------------------------------------------------


def test_without_javascript_it_is_said_what_it_takes(small: Sealed, page: Browsing) -> None:
    visit = page(small.index, java_script_enabled=False)
    assert "with JavaScript" in visit.page.inner_text("main")
    assert not visit.page.is_visible("form")
    assert not visit.page.is_visible("#stuck")


def test_over_plain_http_it_is_said_that_there_is_no_cryptography(
    small: Sealed, page: Browsing
) -> None:
    """As on a server in the office that has a name of its own."""
    address = "http://crm.example/"
    visit = page("about:blank", allow=(address,))

    def fulfil(route: Any) -> None:  # noqa: ANN401  # Playwright's own
        path = route.request.url.removeprefix(address) or "index.html"
        route.fulfill(path=small.folder / path)

    visit.page.route(f"{address}**", fulfil)
    visit.page.goto(address)
    visit.page.wait_for_selector("#refused [role='alert']:has-text('plain HTTP')")
    assert not visit.page.is_visible("form")


# --- On a server --------------------------------------------------------------------------------


@pytest.fixture
def server(small: Sealed, tmp_path: Path) -> Iterator[StaticHost]:
    """A server that has the small site in its folder `team/crm`."""
    shutil.copytree(small.folder, tmp_path / "team" / "crm")
    with static_host(tmp_path) as host:
        yield host


def test_in_a_folder_of_a_server_it_works_and_tells_the_server_nothing(
    server: StaticHost, page: Browsing
) -> None:
    address = f"{server.address}team/crm/"
    visit = page(address, allow=(address,))
    unlock(visit)
    wait_for(visit, "index.html")
    visit.page.evaluate("() => document.querySelector('a[href=\"#/customers/acme.html\"]').click()")
    wait_for(visit, "customers/acme.html")
    assert visit.page.url == f"{address}#/customers/acme.html"
    visit.page.wait_for_selector(PICTURE_SHOWN, timeout=PATIENCE)
    visit.page.click("#search-open")
    visit.page.fill("#search-text", "acme")
    visit.page.wait_for_selector("#search-hits >> text=Acme Pumps")
    with visit.page.expect_download():
        visit.page.keyboard.press("Escape")
        visit.page.locator('a[href="#/customers/acme.vcf"]').first.click()
    assert len(server.asked) > 10
    own = ("/team/crm/", "/team/crm/shell/", "/team/crm/sealed/")
    for path in server.asked:
        assert path == own[0] or path.startswith(own[1:]), path


# --- For everybody ------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_axe_finds_nothing(
    demo: Sealed,
    page: Browsing,
    axe: AxeRun,
    size: Literal["desktop", "phone"],
    scheme: Literal["light", "dark"],
) -> None:
    visit = page(demo.at("customers/nobody.html"), size=size, scheme=scheme)
    visit.page.wait_for_selector("#ask:not([hidden])")
    assert not axe(visit).violations
    visit.page.fill("#passphrase", "wrong")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#wrong:not(:empty)", timeout=PATIENCE)
    assert not axe(visit).violations
    unlock(visit)
    visit.page.wait_for_selector("#refused:not([hidden])", timeout=PATIENCE)
    assert not axe(visit).violations
    visit.troubles.clear()
    visit.page.click("text=总览")
    wait_for(visit, "index.html")
    if size == "phone":
        visit.page.click(".menu-open")
    assert visit.page.locator("button.lock").inner_text().strip() == "锁定网站"
    assert not axe(visit, within=".top").violations


def test_the_page_is_valid_html(demo: Sealed, html_validate: HtmlValidateRun) -> None:
    assert html_validate([demo.index]) == []
