"""The code that templates become gives the pages that Jinja's own would."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from tests.site.conftest import WORKSPACE, render_site
from tracker.site.template_code import GuardedPageEnvironment, PageEnvironment, shown
from tracker.translation import translations

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = ("jinja2.ext.i18n",)

MACROS = """\
{% macro one(a, b, class="c") %}{{ a }}/{{ b }}/{{ class }}{% endmacro %}
{% macro many(a) %}{{ a }}{{ varargs|join("-") }}{{ kwargs|dictsort }}{% endmacro %}
{% macro around() %}<i>{{ caller() }}</i>{% endmacro %}
{% macro seen() %}{{ inside }}{% endmacro %}
{% macro cells(items) %}{% for a, b in items %}{{ a }}{{ b }}{% endfor %}{% endmacro %}
"""

PARENT = """\
{% block whole %}<{% block head %}{{ text }}{% endblock %}|{% block foot scoped %}-{% endblock %}>
{%- endblock %}
"""

TEMPLATES = [
    "{{ text }} {{ safe }} {{ number }} {{ nothing }} {{ day }}",
    "{% from 'm' import one %}{{ one(text, 2) }}{{ one(text, b=safe) }}{{ one(1, 2, class=text) }}",
    "{% import 'm' as m %}{{ m.one(text, safe, number) }}{{ m.many(1, text, safe, x=number) }}",
    "{% from 'm' import around %}{% call around() %}{{ text }}{% endcall %}",
    "{% set inside = text %}{% from 'm' import seen with context %}{{ seen() }}",
    "{% from 'm' import one %}{% set kept = one(text, safe) %}{{ kept }}{{ kept|length }}",
    "{% set kept %}{{ text }}{% endset %}{{ kept }}{{ (text ~ safe)|upper }}",
    "{% for each in [text, safe] %}{{ loop.index }}{{ each }}{{ loop.cycle(text, 2) }}{% endfor %}",
    "{{ [text, safe]|join(',') }}{{ text.upper() }}{{ 'a{}'.format(text) }}{{ day.year }}",
    "{% trans %}Follow-ups{% endtrans %}{{ _('Follow-ups') }}{{ _(text) }}",
    "{% trans who=text, day=safe %}Last edited by {{ who }} on {{ day }}{% endtrans %}",
    (
        "{% for number in [0, 1, 2] %}{% trans count=number %}{{ count }} day{% pluralize %}"
        "{{ count }} days{% endtrans %} {% endfor %}"
    ),
    "{% trans number %}{{ number }} of {{ text }}{% pluralize %}{{ text }}{% endtrans %}",
    "{{ ngettext('%(num)s day', '%(num)s days', number) }}",
    "{% trans %}100% of <b>it</b>{% endtrans %}",
    "{% from 'm' import one as two %}{{ two(text, safe) }}{{ [two(1, 2)]|join }}{{ two(1, 2)|e }}",
    "{% macro own(a, b=text) %}{{ a }}{{ b }}{% endmacro %}{{ own(safe) }}{{ own(1, '&') }}",
    "{% macro own(a) %}{{ a }}{% endmacro %}{% set own = text %}{{ own }}",
    "{% from 'm' import cells %}{{ cells([(_('Follow-ups'), text), (_('Owner'), safe), (1, 2)]) }}",
    "{% for a, b in (('<', 1), ('&', _('Owner'))) %}{{ a }}{{ b }}{% endfor %}{{ ('a', '<') }}",
    "{% extends 'p' %}{% block head %}{{ super() }}{{ safe }}{% endblock %}",
    "{% extends 'p' %}{% block foot %}{% for each in [text] %}{{ each }}{% endfor %}{% endblock %}",
    (
        "{% block a %}{% for each in [1, 2] %}{% block b scoped %}{{ each }}{% endblock %}"
        "{% endfor %}{{ safe }}{% endblock %}"
    ),
]

VALUES = {
    "text": "<a> & 'b' \"c\" 中文",
    "safe": Markup("<b>&amp;</b>"),
    "number": 3,
    "nothing": None,
    "day": date(2026, 11, 24),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_gives_what_it_gives_in_the_library(template: str, language: str) -> None:
    expected = rendered(jinja2.Environment, template, language)
    assert rendered(PageEnvironment, template, language) == expected
    assert rendered(GuardedPageEnvironment, template, language) == expected


def rendered(environment_class: type[jinja2.Environment], template: str, language: str) -> str:
    """Return what a template gives in an environment of a class."""
    environment = environment_class(
        loader=jinja2.DictLoader({"m": MACROS, "p": PARENT, "t": template}),
        autoescape=True,
        extensions=EXTENSIONS,
        undefined=jinja2.StrictUndefined,
    )
    if isinstance(environment, (PageEnvironment, GuardedPageEnvironment)):
        environment.use(translations(language))
    else:
        environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # the extension puts it there
    return environment.get_template("t").render(VALUES)


@given(st.one_of(st.text(), st.builds(Markup, st.text()), st.integers(), st.booleans(), st.dates()))
def test_a_value_is_shown_as_it_is_escaped(value: object) -> None:
    assert shown(value) == str(escape(value))


def test_pages_are_the_same_where_a_workspace_has_templates_of_its_own(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(WORKSPACE, root)
    site = render_site(root)
    (root / "site_templates").mkdir()
    assert render_site(root) == site
