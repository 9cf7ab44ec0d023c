"""Templates of a workspace: each mistake is one line with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

pytestmark = pytest.mark.usefixtures("few_numbers")

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
    mistake: str, tracker: Tracker, workspace: Path
) -> None:
    text, line, reason = MISTAKES[mistake]
    template = workspace / "site_templates" / "customer.html"
    template.write_text(text)
    ended = tracker(workspace, *BUILD)
    assert ended.code == 3
    assert ended.out == ""
    assert ended.err.count("\n") == 1
    assert f"the template {template}, line {line}, cannot be rendered: " in ended.err
    assert reason in ended.err
    assert not (workspace / "output").exists()


def test_the_last_site_stays_as_it_was(tracker: Tracker, workspace: Path) -> None:
    page = workspace / "output" / "customers" / "acme.html"
    template = workspace / "site_templates" / "customer.html"
    template.write_text('{% extends "builtin/customer.html" %}')
    assert tracker(workspace, *BUILD).code == 0
    before = page.read_bytes()
    template.write_text('{% extends "builtin/customer.html" %}{% block needs %}{{ gone }}')
    assert tracker(workspace, *BUILD).code == 3
    assert page.read_bytes() == before


def test_a_mistake_in_an_own_macro_is_found_there(tracker: Tracker, workspace: Path) -> None:
    folder = workspace / "site_templates"
    (folder / "macros").mkdir()
    (folder / "macros" / "ours.html").write_text("{% macro a() %}\n\n{{ gone }}{% endmacro %}\n")
    (folder / "stage.html").write_text('{% import "macros/ours.html" as ours %}{{ ours.a() }}\n')
    ended = tracker(workspace, *BUILD)
    assert ended.code == 3
    assert f"{folder / 'macros' / 'ours.html'}, line 3, " in ended.err


def test_a_syntax_error_in_an_included_template_is_found_there(
    tracker: Tracker, workspace: Path
) -> None:
    folder = workspace / "site_templates"
    (folder / "part.html").write_text("\n\n\n{% endif %}\n")
    (folder / "stage.html").write_text('\n{% include "part.html" %}\n')
    ended = tracker(workspace, *BUILD)
    assert ended.code == 3
    assert f"{folder / 'part.html'}, line 4, " in ended.err


def test_a_template_of_other_bytes_is_named_with_the_line(
    tracker: Tracker, workspace: Path
) -> None:
    template = workspace / "site_templates" / "base.html"
    template.write_bytes("<p>\n客户</p>\n".encode("gb18030"))
    ended = tracker(workspace, *BUILD)
    assert ended.code == 3
    assert f"{template}, line 2, cannot be rendered: the text is not UTF-8" in ended.err


def test_the_message_is_in_the_language_of_the_person(tracker: Tracker, workspace: Path) -> None:
    (workspace / "site_templates" / "customer.html").write_text('{% extends "customer.html" %}')
    ended = tracker(workspace, *BUILD, LC_ALL="zh_CN.UTF-8")
    assert ended.code == 3
    assert "builtin/customer.html" in ended.err
    assert ended.err.count("\n") == 1


def test_debug_shows_the_traceback(process: Tracker, workspace: Path) -> None:
    (workspace / "site_templates" / "customer.html").write_text("{{ gone }}")
    ended = process(workspace, "--debug", *BUILD)
    assert ended.code == 3
    assert "Traceback" in ended.err


EXTENDS = '{% extends "builtin/dashboard.html" %}\n'
WITHOUT_EFFECT = {
    "misspelt name": (
        {"custmer.html": "<p>ours</p>"},
        ("custmer.html, line 1,", "did you mean ‘customer.html’?"),
    ),
    "misspelt macros": (
        {"macros/comon.html": ""},
        ("comon.html, line 1,", "did you mean ‘macros/common.html’?"),
    ),
    "other capitals": (
        {"Macros/Tables.html": ""},
        ("Tables.html, line 1,", "did you mean ‘macros/tables.html’?"),
    ),
    "asset beside the folder of assets": (
        {"site.css": "b{}"},
        ("site.css, line 1,", "did you mean ‘assets/site.css’?"),
    ),
    "nothing like it": (
        {"zzz.html": ""},
        ("zzz.html, line 1, has no effect: no page takes a template of this name\n",),
    ),
    "misspelt block": (
        {"dashboard.html": EXTENDS + "\n{% block recnt %}{% endblock %}"},
        ("dashboard.html, line 3,", "a block named recnt; did you mean ‘recent’?"),
    ),
    "block of another page": (
        {"dashboard.html": EXTENDS + "{% block contacts %}{% endblock %}"},
        ("dashboard.html, line 2,", "a block named contacts"),
    ),
    "block of a page in the frame": (
        {"base.html": '{% extends "builtin/base.html" %}{% block tiles %}{% endblock %}'},
        ("base.html, line 1,", "a block named tiles"),
    ),
    "within a condition": (
        {"dashboard.html": EXTENDS + "{% if true %}\n{% block x %}{% endblock %}{% endif %}"},
        ("dashboard.html, line 3,", "a block named x\n"),
    ),
}


@pytest.mark.parametrize("case", WITHOUT_EFFECT)
def test_what_no_page_shows_is_told(case: str, tracker: Tracker, workspace: Path) -> None:
    files, words = WITHOUT_EFFECT[case]
    (workspace / "records" / "acme.md").unlink()
    for name, text in files.items():
        path = workspace / "site_templates" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    ended = tracker(workspace, *BUILD)
    assert ended.code == 0
    assert ended.err.count("has no effect") == 1
    for each in words:
        assert each in ended.err
    assert (workspace / "output" / "index.html").is_file()
    assert tracker(workspace, *BUILD, "--strict").code == 1


IN_USE = {
    "extended by an own one": {
        "frame.html": '{% extends "builtin/base.html" %}{% block title %}{% endblock %}',
        "stage.html": '{% extends "frame.html" %}',
    },
    "included and imported": {
        "stage.html": '{% include "part.html" %}{% import "macros/ours.html" as ours %}',
        "part.html": '{% from "more/still.html" import a %}',
        "macros/ours.html": "",
        "more/still.html": "{% macro a() %}{% endmacro %}",
    },
    "chosen by an expression": {
        "stage.html": '{% include "stage-" ~ (1 + 1) ~ ".html" %}',
        "stage-2.html": "",
        "stage-3.html": "",
    },
    "new block in a block that is there": {
        "dashboard.html": EXTENDS + "{% block recent %}{% block new %}{% endblock %}{% endblock %}"
    },
    "block shown by its name": {
        "dashboard.html": EXTENDS
        + "{% block new %}x{% endblock %}{% block recent %}{{ self.new() }}{% endblock %}"
    },
    "blocks of one's own page": {"stage.html": "{% block ours %}{% endblock %}"},
    "what extends is chosen by an expression": {
        "dashboard.html": '{% extends "builtin/" ~ "base.html" %}{% block x %}{% endblock %}'
    },
    "assets, notes and backups": {
        "assets/more.css": "b{}",
        "assets/page.html": "",
        "README.md": "",
        "stage.html~": "",
        ".stage.html.swp": "",
        ".hidden/stage.html": "",
    },
}


@pytest.mark.parametrize("case", IN_USE)
def test_what_pages_show_is_not_told(case: str, tracker: Tracker, workspace: Path) -> None:
    (workspace / "records" / "acme.md").unlink()
    for name, text in IN_USE[case].items():
        path = workspace / "site_templates" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    ended = tracker(workspace, *BUILD, "--strict")
    assert (ended.code, ended.err.count("\n")) == (0, 1), ended.err
