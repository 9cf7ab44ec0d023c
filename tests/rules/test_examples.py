"""The examples in the documentation of the rules are true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.diagnostics import Severity
from tracker.rules.documentation import Example, examples_of
from tracker.rules.registry import all_rules
from tracker.rules.rule import Origin

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

    from tests.rules.conftest import Check, CheckChange
    from tracker.rules.rule import Rule

SOUND = "---\nname: Acme\nstage: lost\nowner: Li Lei\nlost:\n  reason: price\n---\n"
"""A record for the examples of tracker.yaml to stand beside."""

WITHOUT_FILES = {
    "bidi-control": "is about what cannot be seen",
    "encoding": "is about bytes",
    "file-size": "takes a megabyte",
    "front-matter-size": "takes 64 kilobytes",
    "nul-byte": "is about bytes",
    "symbolic-link": "is about a link",
    "unreadable-file": "is about permissions",
}
"""Rules whose examples are told, not shown, each with the reason."""

RULES = all_rules().values()
OF_ONE_FILE = [rule for rule in RULES if rule.origin not in (Origin.WORKSPACE, Origin.CHANGE)]
OF_CHANGES = [rule for rule in RULES if rule.origin is Origin.CHANGE]


def examples(rules: list[Rule]) -> list[ParameterSet]:
    """Return the examples of rules as parameters of a test."""
    return [
        pytest.param(
            rule, example, id=f"{rule.code}-{'bad' if example.is_bad else 'good'}-{number}"
        )
        for rule in rules
        for number, example in enumerate(examples_of(rule))
    ]


@pytest.mark.parametrize(("rule", "example"), examples(OF_CHANGES))
def test_an_example_of_a_change_shows_its_rule(
    rule: Rule, example: Example, check_change: CheckChange
) -> None:
    before, after = (
        {"records/acme.md": text} if text else {} for text in (example.before, example.text)
    )
    codes = {each.code for each in check_change(before, after)}
    assert codes == ({rule.code} if example.is_bad else set())


@pytest.mark.parametrize(("rule", "example"), examples(OF_ONE_FILE))
def test_an_example_shows_its_rule(rule: Rule, example: Example, check: Check) -> None:
    files = {
        "tracker.yaml": example.text if example.is_config else example.config,
        "records/acme.md": SOUND if example.is_config else example.text,
        "attachments/quote.pdf": "%PDF-",
    }
    found = check(files)
    # What depends on the day is beside the point of an example, unless it is the point.
    codes = {
        each.code
        for each in found
        if each.code == rule.code or not all_rules()[each.code].depends_on_day
    }
    assert codes == ({rule.code} if example.is_bad else set())
    if not example.is_bad:
        assert not [each for each in found if each.severity is Severity.ERROR]


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
def test_every_rule_is_documented(rule: Rule) -> None:
    assert rule.summary.endswith(".")
    assert "\n\nWhy: " in rule.documentation
    assert "\nBad" in rule.documentation
    assert "\nGood" in rule.documentation


@pytest.mark.parametrize("rule", [*OF_ONE_FILE, *OF_CHANGES], ids=lambda rule: rule.code)
def test_every_rule_of_one_file_shows_it_unless_it_cannot(rule: Rule) -> None:
    kinds = {example.is_bad for example in examples_of(rule)}
    assert kinds == (set() if rule.code in WITHOUT_FILES else {True, False})


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
def test_no_rule_makes_an_error_of_the_day(rule: Rule) -> None:
    assert not (rule.depends_on_day and rule.severity is Severity.ERROR)
