"""What changes whenever the program could make something else of the same files.

What is kept between runs counts only for the program that kept it: for its own code, for Python,
and for the libraries that have a say in what is read, checked or written.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.file_states import FileState

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARIES = (
    *("ahocorasick_rs", "babel", "frontmatter", "jinja2", "markdown", "markupsafe", "msgspec"),
    *("nh3", "pydantic", "pydantic_core", "pypinyin", "rapidfuzz", "tzdata", "yaml"),
)
"""Libraries whose version may be seen in what the program keeps, by their modules."""

_PACKAGE = Path(__file__).parent
_COMPILED = "__pycache__"
_DIGEST_BYTES = 16


@cache
def program_stamp() -> str:
    """Return what tells this program from any other one, as long as the process runs.

    Files are told apart by their states, because a checkout changes without a new version. Of a
    library those beside its `__init__.py` count: installing another version replaces them all.
    """
    digest = hashlib.blake2b(sys.version.encode(), digest_size=_DIGEST_BYTES)
    for file in sorted(_own_files(_PACKAGE)):
        digest.update(file)
    for name in LIBRARIES:
        for file in sorted(_library_files(name)):
            digest.update(file)
    return digest.hexdigest()


def _own_files(folder: str | Path) -> Iterator[bytes]:
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != _COMPILED:
                    yield from _own_files(entry.path)
            else:
                yield _described(entry)


def _library_files(name: str) -> Iterator[bytes]:
    spec = find_spec(name)
    if spec and spec.origin:
        with os.scandir(Path(spec.origin).parent) as found:
            for entry in found:
                if entry.is_file():
                    yield _described(entry)


def _described(entry: os.DirEntry[str]) -> bytes:
    state = FileState.of(entry.stat())
    return b"%s\0%d %d %d %d\0\0" % (os.fsencode(entry.path), *state)
