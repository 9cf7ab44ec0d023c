"""Templates of a workspace, built by a process: each mistake is one line with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

BUILD = ("build", "--today", "2026-11-24")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace of one customer with an empty folder of templates."""
    for name in ("records", "site_templates"):
        (tmp_path / name).mkdir()
    (tmp_path / "tracker.yaml").write_text("")
    (tmp_path / "records" / "acme.md").write_text(
        "---\nname: Acme\nstage: proposal\nowner: Li\ncontacts: [{name: Ann}]\n---\n"
    )
    return tmp_path


MISTAKES = {
    "syntax": ("one\n{% if %}\n", 2, "Expected an expression"),
    "unknown tag": ("one\n\n{% iff x %}\n", 3, "unknown tag 'iff'"),
    "block that is not closed": ("{% block main %}\n", 1, "Unexpected end of template"),
    "unknown filter": ("\n{{ row|nofilter }}\n", 2, "nofilter"),
    "undefined name": ("one\ntwo\n{{ custommer.name }}\n", 3, "'custommer' is undefined"),
    "undefined attribute": ("{{ row.customer.nam }}\n", 1, "no attribute 'nam'"),
    "undefined in a block": (
        '{% extends "builtin/customer.html" %}\n{% block needs %}\n{{ nothing }}\n{% endblock %}\n',
        3,
        "'nothing' is undefined",
    ),
    "missing parent": ('\n{% extends "bulitin/customer.html" %}\n', 2, "bulitin/customer.html"),
    "missing import": ('{% from "macros/none.html" import x %}\n', 1, "macros/none.html"),
    "missing macro": (
        '{% from "macros/common.html" import none_such %}\n{{ none_such() }}\n',
        2,
        "none_such",
    ),
    "division": ("\n\n{{ 1 // 0 }}\n", 3, "ZeroDivisionError"),
    "wrong call": ("{{ url() }}\n", 1, "TypeError"),
    "extends itself": ('{% extends "customer.html" %}\n', 1, "builtin/customer.html"),
    "includes itself": ('one\n{% include "customer.html" %}\n', 2, "without end"),
    "way out of the sandbox": ("{{ fmt.__class__.__mro__ }}\n", 1, "unsafe"),
    "change of a record": ("\n{{ site.rows.append(1) }}\n", 2, "append"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_in_one_line_with_file_and_line(
    mistake: str, process: Tracker, workspace: Path
) -> None:
    text, line, reason = MISTAKES[mistake]
    template = workspace / "site_templates" / "customer.html"
    template.write_text(text)
    ended = process(workspace, *BUILD)
    assert ended.code == 3
    assert ended.out == ""
    assert ended.err.count("\n") == 1
    assert f"the template {template}, line {line}, cannot be rendered: " in ended.err
    assert reason in ended.err
    assert not (workspace / "output").exists()


def test_the_last_site_stays_as_it_was(process: Tracker, workspace: Path) -> None:
    page = workspace / "output" / "customers" / "acme.html"
    template = workspace / "site_templates" / "customer.html"
    template.write_text('{% extends "builtin/customer.html" %}')
    assert process(workspace, *BUILD).code == 0
    before = page.read_bytes()
    template.write_text('{% extends "builtin/customer.html" %}{% block needs %}{{ gone }}')
    assert process(workspace, *BUILD).code == 3
    assert page.read_bytes() == before


def test_a_mistake_in_an_own_macro_is_found_there(process: Tracker, workspace: Path) -> None:
    folder = workspace / "site_templates"
    (folder / "macros").mkdir()
    (folder / "macros" / "ours.html").write_text("{% macro a() %}\n\n{{ gone }}{% endmacro %}\n")
    (folder / "stage.html").write_text('{% import "macros/ours.html" as ours %}{{ ours.a() }}\n')
    ended = process(workspace, *BUILD)
    assert ended.code == 3
    assert f"{folder / 'macros' / 'ours.html'}, line 3, " in ended.err


def test_a_syntax_error_in_an_included_template_is_found_there(
    process: Tracker, workspace: Path
) -> None:
    folder = workspace / "site_templates"
    (folder / "part.html").write_text("\n\n\n{% endif %}\n")
    (folder / "stage.html").write_text('\n{% include "part.html" %}\n')
    ended = process(workspace, *BUILD)
    assert ended.code == 3
    assert f"{folder / 'part.html'}, line 4, " in ended.err


def test_a_template_of_other_bytes_is_named_with_the_line(
    process: Tracker, workspace: Path
) -> None:
    template = workspace / "site_templates" / "base.html"
    template.write_bytes("<p>\n客户</p>\n".encode("gb18030"))
    ended = process(workspace, *BUILD)
    assert ended.code == 3
    assert f"{template}, line 2, cannot be rendered: the text is not UTF-8" in ended.err


def test_the_message_is_in_the_language_of_the_person(process: Tracker, workspace: Path) -> None:
    (workspace / "site_templates" / "customer.html").write_text('{% extends "customer.html" %}')
    ended = process(workspace, *BUILD, LC_ALL="zh_CN.UTF-8")
    assert ended.code == 3
    assert "builtin/customer.html" in ended.err
    assert ended.err.count("\n") == 1


def test_debug_shows_the_traceback(process: Tracker, workspace: Path) -> None:
    (workspace / "site_templates" / "customer.html").write_text("{{ gone }}")
    ended = process(workspace, "--debug", *BUILD)
    assert ended.code == 3
    assert "Traceback" in ended.err
