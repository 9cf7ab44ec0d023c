"""The content security policy of every page, and what stands in pages that it would refuse."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.site.conftest import TODAY
from tracker.exchange.export import Export
from tracker.exchange.formats import form
from tracker.insight.report import report_of
from tracker.insight.report_times import Stretch, times_of
from tracker.page_policy import SITE_POLICY
from tracker.periods import week_of
from tracker.reports.page import page_of
from tracker.reports.words import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.insight.day import Day

META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
AWAY = re.compile(r"\s*(?:(?:javascript|data|vbscript):|//)", re.IGNORECASE)


class Refused(HTMLParser):
    """Collects what the policy of a site's pages would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        inline = tag == "style" or (tag == "script" and "src" not in values)
        if inline or tag in {"base", "iframe", "frame", "object", "embed", "form", "font"}:
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in values if name.startswith("on")]
        self.found += [f"{tag} style"] if "style" in values else []
        for name in ("src", "href", "poster", "data", "action", "formaction"):
            if AWAY.match(values.get(name) or ""):
                self.found.append(f"{tag} {name}={values[name]}")


def refused_in(html: str) -> list[str]:
    parser = Refused()
    parser.feed(html)
    return parser.found


def test_every_page_of_a_site_has_the_policy_and_nothing_that_it_refuses(
    built: Path, built_cut: Path
) -> None:
    pages = [*built.rglob("*.html"), *built_cut.rglob("*.html")]
    pages = [page for page in pages if "attachments" not in page.parts]
    assert len(pages) > 100
    for page in pages:
        html = page.read_text("utf-8")
        head = html[: html.index("</head>")]
        assert META.findall(head) == [SITE_POLICY], page
        # What stands before a policy is not under it.
        assert not re.search(r"<(?:script|link|style|img)", head[: head.index("<meta http-equiv")])
        assert refused_in(html) == [], page


def test_what_the_policy_says() -> None:
    rules = dict(rule.split(" ", 1) for rule in SITE_POLICY.split("; "))
    assert rules.pop("default-src") == "'none'"
    assert rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    assert set(rules) == {"script-src", "style-src", "img-src"}
    assert set(rules.values()) == {"'self'"}


@pytest.mark.parametrize(
    "html",
    [
        "<script>x()</script>",
        "<style>b{}</style>",
        '<p style="color: red">',
        "<b onclick=x()>",
        "<a href=' javascript:x()'>",
        "<img src=data:x>",
        "<script src=//a.example></script>",
        "<base href=x>",
        "<iframe></iframe>",
    ],
)
def test_what_would_be_refused_is_seen(html: str) -> None:
    assert refused_in(html)


def test_pages_of_own_templates_have_it_too(build: Callable[..., dict[str, str]]) -> None:
    frame = (
        "<!DOCTYPE html><html><head>"
        '<meta http-equiv="Content-Security-Policy" content="{{ policy }}">'
        "</head><body>{% block main %}{% endblock %}</body></html>"
    )
    site = build(
        {"a.md": "---\nname: Acme\nstage: proposal\nowner: Li\naliases: [old]\n---\n"},
        templates={
            "customer.html": '{% extends "builtin/customer.html" %}{% block now %}x{% endblock %}',
            "stage.html": '{% extends "base.html" %}{% block main %}<h1>Own</h1>{% endblock %}',
        },
    )
    assert "customers/old.html" in site
    assert all(META.findall(html) == [SITE_POLICY] for html in site.values())
    framed = build({}, templates={"base.html": frame})
    assert all(META.findall(html) == [SITE_POLICY] for html in framed.values())


def test_pages_that_stand_alone_allow_their_style_sheet_only(day: Day, tmp_path: Path) -> None:
    times = times_of(Stretch.WEEK, week_of(TODAY).until(TODAY), TODAY)
    forms = tmp_path / "forms.html"
    form.write(Export(day, day.standings), forms)
    for html in (page_of(written(report_of(day, times))), forms.read_text("utf-8")):
        (policy,) = META.findall(html)
        (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
        digest = b64encode(sha256(style.encode()).digest()).decode()
        assert unescape(policy) == (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )
        assert refused_in(html) == ["style"]
