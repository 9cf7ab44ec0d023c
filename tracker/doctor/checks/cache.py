"""The cache can be written, and is not larger than it is worth."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tracker.diagnostics import Severity
from tracker.doctor.finding import Finding, command
from tracker.library.cache_files import CACHE_DIR
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.doctor.finding import Examined

_LARGE = 500 * 1000 * 1000
"""Bytes; that of 10,000 customers with their history has less than a tenth."""


def check(examined: Examined) -> Iterator[Finding]:
    """Yield a finding where the cache cannot be written, or is very large."""
    folder = examined.root / CACHE_DIR
    if folder.is_symlink():
        yield Finding(
            Severity.WARNING,
            f"{CACHE_DIR}/",
            Message("the cache is a link, and nothing is written through it"),
            Message("commands read all records anew each time, and none can write a record"),
            command("rm", str(folder)),
        )
        return
    if not folder.is_dir():
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(
            Severity.WARNING,
            f"{CACHE_DIR}/",
            Message("the cache cannot be written"),
            Message("commands read all records anew each time, and none can write a record"),
            command("chmod", "-R", "u+rwX", str(folder)),
        )
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if size > _LARGE:
        yield Finding(
            Severity.INFO,
            f"{CACHE_DIR}/",
            Message("the cache is large: {size} MB", {"size": size // 1_000_000}),
            Message("all but the drafts in it is made anew when it is needed"),
            f"rm {command(str(folder))}/*.msgpack",
        )
