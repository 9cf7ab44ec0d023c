"""Files of the cache that belong to one output folder, as a workspace may have several sites."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from typing import TYPE_CHECKING

from tracker.library.cache_files import CACHE_DIR, read_cache_file, write_cache_file

if TYPE_CHECKING:
    from pathlib import Path

_KEY_BYTES = 8
_NAME = re.compile(rf"(pages|site)-[0-9a-f]{{{2 * _KEY_BYTES}}}\.msgpack")


class OutputCache:
    """What is kept of one kind about the site in a folder.

    Args:
        root: The workspace.
        output: The site's folder, without links.
        kind: What is kept: `pages` or `site`.
    """

    def __init__(self, root: Path, output: Path, kind: str) -> None:
        self._root = root
        self._head = os.fsencode(output) + b"\0"
        key = hashlib.blake2b(self._head, digest_size=_KEY_BYTES)
        self._name = f"{kind}-{key.hexdigest()}.msgpack"

    def read(self) -> memoryview | None:
        """Return what is kept; None where there is nothing, or it is damaged."""
        data = read_cache_file(self._root, self._name)
        if data is None or data[: len(self._head)] != self._head:
            return None
        return data[len(self._head) :]

    def write(self, body: bytes) -> None:
        """Keep something, and no longer what is kept about folders that are gone."""
        write_cache_file(self._root, self._name, self._head + body)
        with contextlib.suppress(OSError):
            for file in (self._root / CACHE_DIR).iterdir():
                if (
                    file.name != self._name
                    and _NAME.fullmatch(file.name)
                    and not os.path.isdir(self._folder_of(file.name))  # noqa: PTH112  # bytes
                ):
                    file.unlink()

    def _folder_of(self, name: str) -> bytes:
        """Return the folder that a file of the cache is about; empty for a damaged one."""
        data = read_cache_file(self._root, name) or b""
        return bytes(data).partition(b"\0")[0]
