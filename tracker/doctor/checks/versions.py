"""The program is as new as what the workspace asks for."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from tracker import __version__
from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.exchange.extras import DISTRIBUTION
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_HOOKS = ".pre-commit-config.yaml"
_OWN_HOOKS = re.compile(
    r"^\s*rev:\s*['\"]?v?(?P<version>\d+(?:\.\d+)*)(?:(?!^\s*- repo:).)*?id:\s*tracker-",
    re.MULTILINE | re.DOTALL,
)


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where the hooks of the workspace are those of a newer version."""
    try:
        text = (examined.root / _HOOKS).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return
    found = _OWN_HOOKS.search(text)
    if found and _numbers(found["version"]) > _numbers(__version__):
        values = {"version": found["version"], "own": __version__}
        yield Finding(
            Severity.WARNING,
            _HOOKS,
            Message("the team's hooks are of version {version}, this program of {own}", values),
            Message("they may find what this program does not know, and write another form"),
            command(sys.executable, "-m", "pip", "install", "--upgrade", DISTRIBUTION),
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
