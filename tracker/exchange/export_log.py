"""Which files are exports that nobody has touched since, so that a new one may replace them.

The digest of each file that an export wrote is kept in the workspace's cache. Whoever edited the
file since, or wrote another one of that name, does not lose it: its digest is another one. Without
the cache nothing is known, and nothing is replaced.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import msgspec

from tracker.library.cache_files import UNREADABLE, read_cache_file, write_cache_file

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "exports"
_KEPT = 1000
"""Files that are remembered; the oldest are forgotten first."""


def is_untouched(root: Path, path: Path) -> bool:
    """Tell whether a file is there as the last export wrote it.

    Args:
        root: The workspace whose exports are remembered.
        path: The file.

    Raises:
        OSError: It cannot be read.
    """
    return _known(root).get(_key(path)) == _digest(path)


def remember(root: Path, path: Path) -> None:
    """Keep what an export has written, for `is_untouched`.

    Args:
        root: The workspace.
        path: The file.

    Raises:
        OSError: It cannot be read.
    """
    known = _known(root)
    known.pop(_key(path), None)
    known[_key(path)] = _digest(path)
    kept = dict(list(known.items())[-_KEPT:])
    write_cache_file(root, _NAME, msgspec.json.encode(kept))


def _known(root: Path) -> dict[str, str]:
    data = read_cache_file(root, _NAME)
    if data is None:
        return {}
    try:
        return msgspec.json.decode(data, type=dict[str, str])
    except UNREADABLE:
        return {}


def _key(path: Path) -> str:
    return os.path.realpath(path).encode("utf-8", "backslashreplace").decode()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, hashlib.blake2b).hexdigest()
