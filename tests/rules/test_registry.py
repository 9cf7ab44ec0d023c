"""The registry and the page of rules are complete."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tracker
from tracker.rules.registry import all_rules
from tracker.rules.rule import Origin

if TYPE_CHECKING:
    from tracker.rules.rule import Rule

PACKAGE = Path(tracker.__file__).parent
PAGE_TOOL = PACKAGE.parent / "tools" / "rules_page.py"
MAKERS = {"Problem", "Fault", "_report", "_typed", "_stop"}
"""Calls that make a problem; the code is their first argument."""


def codes_in(folder: Path) -> set[str]:
    """Return the codes written as literals in the calls that make a problem."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MAKERS and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.add(code.value)
    return found


def test_every_code_that_is_emitted_has_a_rule() -> None:
    codes = codes_in(PACKAGE)
    assert codes <= set(all_rules())
    # The other way round: these are handed on to what makes the problem.
    assert set(all_rules()) - codes == {"level-mismatch", "stage-mismatch", "symbolic-link"}


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
def test_a_rule_has_the_check_of_its_origin(rule: Rule) -> None:
    assert (rule.check_record is not None) == (rule.origin is Origin.RECORD)
    assert (rule.check_workspace is not None) == (rule.origin is Origin.WORKSPACE)
    assert (rule.check_change is not None) == (rule.origin is Origin.CHANGE)


def test_the_page_is_in_step() -> None:
    spec = importlib.util.spec_from_file_location("rules_page", PAGE_TOOL)
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page()
