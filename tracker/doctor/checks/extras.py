"""Libraries that only some commands need are installed."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding
from tracker.exchange.extras import DISTRIBUTION, installing
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_REQUIREMENT = re.compile(r"""(?P<name>[\w.-]+)[^;]*;\s*extra\s*==\s*['"](?P<extra>[\w-]+)['"]""")
_ALL = "all"
"""The extra that holds the others."""


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each extra of which a library is missing."""
    del examined
    missing: dict[str, list[str]] = {}
    for requirement in _requirements():
        found = _REQUIREMENT.match(requirement)
        if found and found["extra"] != _ALL and not _is_installed(found["name"]):
            missing.setdefault(found["extra"], []).append(found["name"])
    for extra, names in missing.items():
        yield Finding(
            Severity.INFO,
            f"{DISTRIBUTION}[{extra}]",
            Message("not installed: {names}", {"names": tuple(names)}),
            Message("the commands that need it say so when they are called"),
            installing(extra),
        )


def _requirements() -> list[str]:
    try:
        return metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []


def _is_installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True
