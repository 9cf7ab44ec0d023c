"""All rules by code.

A rule is a module of this package with `SEVERITY`, a documented docstring and, unless its problems
are found in reading, a `check` function. The module's name is the code, with `_` for `-`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

import tracker.rules
from tracker.rules.rule import Origin, Rule

if TYPE_CHECKING:
    from types import ModuleType

_FRAMEWORK = frozenset(
    {
        "changes",
        "checking",
        "diagnose",
        "documentation",
        "kept_diagnostics",
        "last_check",
        "references",
        "registry",
        "rule",
    }
)


@cache
def all_rules() -> dict[str, Rule]:
    """Return every rule by its code, in alphabetical order."""
    names = sorted(
        module.name
        for module in pkgutil.iter_modules(tracker.rules.__path__)
        if module.name not in _FRAMEWORK
    )
    rules = [_rule(importlib.import_module(f"tracker.rules.{name}")) for name in names]
    return {rule.code: rule for rule in rules}


def _rule(module: ModuleType) -> Rule:
    documentation = (module.__doc__ or "").strip()
    origin: Origin = module.ORIGIN
    check = getattr(module, "check", None)
    return Rule(
        code=module.__name__.rpartition(".")[2].replace("_", "-"),
        severity=module.SEVERITY,
        origin=origin,
        depends_on_day=getattr(module, "DEPENDS_ON_DAY", False),
        summary=documentation.partition("\n")[0],
        documentation=documentation,
        check_record=check if origin is Origin.RECORD else None,
        check_workspace=check if origin is Origin.WORKSPACE else None,
        check_change=check if origin is Origin.CHANGE else None,
    )
