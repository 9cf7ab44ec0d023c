"""A workspace's own templates, and what happens where they are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2
import pytest
from jinja2 import meta

from tracker.errors import TemplateError
from tracker.site.template_files import asset_files, builtin_templates, referenced

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("few_numbers")

Site = dict[str, str]
RECORD = {"a.md": "---\nname: Acme\nstage: proposal\nowner: Li\n---\n"}


def test_a_template_of_the_workspace_comes_first(build: Callable[..., Site]) -> None:
    own = '{% extends "base.html" %}{% block main %}<h1>{{ row.customer.name }}!</h1>{% endblock %}'
    site = build(RECORD, templates={"customer.html": own})
    assert "<h1>Acme!</h1>" in site["customers/a.html"]
    assert "<h1>Today" in site["index.html"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("one\n{% if %}", 2, "Expected an expression"),
        ("one\ntwo\n{{ row.nothing }}", 3, "nothing"),
        ('{% include "absent.html" %}', 1, "absent.html"),
        ("\n{{ 1 / 0 }}", 2, "ZeroDivisionError"),
        ("{{ ''.__class__.__mro__ }}", 1, "unsafe"),
    ],
)
def test_a_wrong_template_is_named_with_its_line(
    text: str, line: int, reason: str, build: Callable[..., Site]
) -> None:
    with pytest.raises(TemplateError) as caught:
        build(RECORD, templates={"customer.html": text})
    message = str(caught.value)
    assert "customer.html" in message
    assert f"line {line}," in message
    assert reason in message


def test_assets_of_the_workspace_replace_and_add(tmp_path: Path) -> None:
    folder = tmp_path / "site_templates" / "assets"
    folder.mkdir(parents=True)
    (folder / "site.css").write_text("b{}")
    (folder / "logo.svg").write_text("<svg/>")
    files = dict(asset_files(tmp_path))
    assert files["assets/site.css"] == b"b{}"
    assert files["assets/logo.svg"] == b"<svg/>"
    assert set(dict(asset_files())) < set(files)


def test_an_asset_that_leads_out_of_its_folder_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "site_templates" / "assets"
    folder.mkdir(parents=True)
    (folder / "logo.svg").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(TemplateError, match=r"logo\.svg is a link to a file outside"):
        dict(asset_files(tmp_path))


def test_an_asset_may_be_a_link_within_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "site_templates" / "assets"
    folder.mkdir(parents=True)
    (folder / "logo.svg").write_text("<svg/>")
    (folder / "icon.svg").symlink_to("logo.svg")
    assert dict(asset_files(tmp_path))["assets/icon.svg"] == b"<svg/>"


def test_a_template_that_leads_out_of_its_folder_is_not_read(
    build: Callable[..., Site], tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "site_templates"
    folder.mkdir()
    (folder / "secret.html").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(TemplateError, match=r"secret\.html, line 1, .* a link to a file outside"):
        build(RECORD, templates={"customer.html": '{% include "secret.html" %}'})


def test_sites_of_one_process_do_not_share_language_sandbox_or_old_templates(
    build: Callable[..., Site],
) -> None:
    own = '{% extends "builtin/customer.html" %}{% block needs %}'
    assert "<h1>Today" in build(RECORD, "language: en\n")["index.html"]
    assert "<h1>今天" in build(RECORD, "language: zh\n")["index.html"]
    assert (
        "first"
        in build(RECORD, templates={"customer.html": f"{own}first{{% endblock %}}"})[
            "customers/a.html"
        ]
    )
    assert (
        "second"
        in build(RECORD, templates={"customer.html": f"{own}second{{% endblock %}}"})[
            "customers/a.html"
        ]
    )
    with pytest.raises(TemplateError, match="unsafe"):
        build(RECORD, templates={"macros/common.html": "{{ ''.__class__.__mro__ }}"})


REFERENCES = {
    "{% extends \"a.html\" %}{%- include 'b.html' ignore missing with context -%}": [
        "a.html",
        "b.html",
    ],
    '{%+ import "m.html" as m %}{% from "n.html" import one, two with context %}': [
        "m.html",
        "n.html",
    ],
    "{% include name %}": None,
    '{% include "a" ~ ".html" %}': None,
    '{% include ["a.html", "b.html"] %}': None,
    '{% extends "a.html" if small else "b.html" %}': None,
    '{% extends ("a.html") %}': None,
    "including {% if included %}{% endif %}": [],
}


@pytest.mark.parametrize("source", list(REFERENCES))
def test_templates_that_one_refers_to_are_known_or_known_to_be_unknown(source: str) -> None:
    assert referenced(source) == REFERENCES[source]


def test_our_templates_refer_to_what_jinja_finds() -> None:
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    files = list(builtin_templates().rglob("*.html"))
    assert files
    for file in files:
        source = file.read_text("utf-8")
        found = set(meta.find_referenced_templates(environment.parse(source)))
        assert set(referenced(source) or ()) == found, file
