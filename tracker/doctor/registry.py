"""All checks of the doctor by code: each is a module of `tracker.doctor.checks`.

A check is a module with a docstring and `check(examined)`, which yields findings. The module's name
is the code, with `-` for `_`.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import tracker.doctor.checks
from tracker.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.doctor.finding import Examined, Finding


_ORDER = tuple(Severity)


def all_checks() -> dict[str, Callable[[Examined], Iterator[Finding]]]:
    """Return every check by its code, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(tracker.doctor.checks.__path__))
    return {
        name.replace("_", "-"): importlib.import_module(f"tracker.doctor.checks.{name}").check
        for name in names
    }


def examine(examined: Examined) -> list[tuple[str, Finding]]:
    """Return all that is found, with the code of its check: the worst first."""
    found = [(code, finding) for code, check in all_checks().items() for finding in check(examined)]
    return sorted(found, key=lambda each: _ORDER.index(each[1].severity))
