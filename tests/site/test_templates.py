"""A workspace's own templates, and what happens where they are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.errors import TemplateError
from tracker.site.render import asset_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
