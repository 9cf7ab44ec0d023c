"""`docs/templates.md` holds: every example builds, every block and every name is there."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import jinja2
import jinja2.defaults
import pytest

from tracker.insight.day import day_of
from tracker.library.loader import load_library
from tracker.site import sections
from tracker.site.attachments import Attachments
from tracker.site.build import build_site
from tracker.site.formats import Formats
from tracker.site.markdown import MarkdownRenderer
from tracker.site.page import Site
from tracker.site.pages import site_pages
from tracker.site.render import SiteRenderer

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "templates.md").read_text("utf-8")
TEMPLATES = ROOT / "site_templates"
TODAY = date(2026, 11, 24)
WORKSPACES = (ROOT, ROOT / "tests" / "site" / "workspace")

EXAMPLES = re.findall(r"^```(?:jinja|css) (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([\w./…]+)`")

SHOWN = {
    "site_templates/customer.html": ("customers/acme.html", "Acme is worth $500,000:\ncall Li"),
    "site_templates/dashboard.html": ("index.html", None),
    "site_templates/stage.html": ("stages/proposal.html", "spoken to on <time"),
    "site_templates/base.html": ("problems.html", "Handbook</a>"),
    "site_templates/assets/ours.css": ("assets/ours.css", "--accent: #7a2048"),
}
"""The page on which each example is seen, and what it says there."""


def section(heading: str) -> str:
    """Return the text below a heading, up to the next one."""
    return re.split(r"^#+ ", PAGE.partition(f"\n{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def table(text: str) -> list[list[str]]:
    """Return the rows of a table, without its head."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


@pytest.fixture(scope="module")
def contexts() -> dict[str, set[str]]:
    """What each template is given, on the pages of two workspaces."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    with pytest.MonkeyPatch.context() as patch:
        # With little room on a page, so that lists have pages of their own too.
        patch.setattr(sections, "WHOLE", 4)
        patch.setattr(sections, "LEAST", 1)
        for root in WORKSPACES:
            for page in site_pages(Site.of(day_of(load_library(root), TODAY))):
                found[page.template] |= set(page.context)
    return dict(found)


def build(root: Path, examples: list[tuple[str, str]]) -> Path:
    (root / "records").mkdir(parents=True)
    (root / "tracker.yaml").write_text("", "utf-8")
    (root / "records" / "acme.md").write_text(
        "---\nname: Acme\nstage: proposal\nowner: Li\nvalue: 500000\n---\n"
        "## 2026-11-03 10:00 call\n",
        "utf-8",
    )
    for path, text in examples:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    build_site(root, root / "output", TODAY)
    return root / "output"


def test_every_example_is_seen(tmp_path: Path) -> None:
    assert [path for path, _ in EXAMPLES] == list(SHOWN)
    plain = build(tmp_path / "plain", [])
    output = build(tmp_path / "own", EXAMPLES)
    for path, (page, words) in SHOWN.items():
        html = (output / page).read_text("utf-8")
        if words is None:
            assert "Latest follow-ups" in (plain / page).read_text("utf-8")
            assert "Latest follow-ups" not in html
        else:
            assert words in html, path
            assert not (plain / page).exists() or words not in (plain / page).read_text("utf-8")
    # What the frame changes is on every page; what is not overridden stays.
    for file in output.rglob("*.html"):
        html = file.read_text("utf-8")
        assert html.count("Handbook</a>") == 1, file
        assert "for the use of the team only" in html
    assert 'id="company"' in (output / "customers" / "acme.html").read_text("utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0])
def test_every_example_builds_alone(example: tuple[str, str], tmp_path: Path) -> None:
    assert (build(tmp_path / "own", [example]) / "index.html").is_file()


def test_every_block_is_listed() -> None:
    listed = {
        CODE.findall(template)[0]: CODE.findall(blocks)
        for template, blocks in table(section("## Blocks"))
    }
    shared = set(listed["base.html"])
    blocks: dict[str, list[str]] = {}
    for file in sorted(TEMPLATES.glob("*.html")):
        names = re.findall(r"\{% block (\w+)", file.read_text("utf-8"))
        own = [name for name in names if file.name == "base.html" or name not in shared]
        if own:
            blocks[file.name] = own
    assert {name: sorted(own) for name, own in blocks.items()} == {
        name: sorted(own) for name, own in listed.items()
    }


def test_what_each_page_is_given_is_listed(contexts: dict[str, set[str]]) -> None:
    listed = {
        CODE.findall(template)[0]: set(CODE.findall(re.sub(r"\([^)]*\)", "", names)))
        for template, _, names in table(section("## What single pages are given"))
    }
    assert listed == {template: names - {"site"} for template, names in contexts.items()}


def test_every_page_has_its_template_named(contexts: dict[str, set[str]]) -> None:
    files = {path.name for path in TEMPLATES.glob("*.html")}
    assert set(contexts) == files - {"base.html"}


def test_what_every_template_can_use_is_listed() -> None:
    text = section("## What every template can use")
    listed = {re.match(r"`([\w]+)", cells[0])[1] for cells in table(text)}  # type: ignore[index]  # it is found, or the test fails here
    renderer = SiteRenderer(
        load_library(WORKSPACES[1]).config, WORKSPACES[1], MarkdownRenderer(), Attachments(ROOT)
    )
    environment = renderer._environment
    usual = {*jinja2.defaults.DEFAULT_NAMESPACE, "gettext", "ngettext", "pgettext", "npgettext"}
    assert listed == {*environment.globals, "site", "page", "fmt"} - usual
    filters = set(environment.filters) - set(jinja2.Environment(autoescape=True).filters)
    assert filters == set(re.findall(r"`(\w+)` \(", text))


def test_every_form_is_listed() -> None:
    listed = set(re.findall(r"`fmt\.(\w+)\(", section("### fmt")))
    assert listed == {name for name in vars(Formats) if not name.startswith("_")}


def test_names_of_the_site_exist(contexts: dict[str, set[str]]) -> None:
    del contexts
    site = Site.of(day_of(load_library(WORKSPACES[1]), TODAY))
    owners = {"site": site, "row": site.rows[0]}
    for name, attribute in re.findall(
        r"`(site|row)\.(\w+)", section("### The site and its customers")
    ):
        assert hasattr(owners[name], attribute), f"{name}.{attribute}"
    line = next(
        cells
        for cells in table(section("### The site and its customers"))
        if "row.status" in cells[0]
    )
    for attribute in CODE.findall(line[1]):
        assert hasattr(site.rows[0].status, attribute), attribute
