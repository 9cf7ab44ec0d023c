"""The last site that was built, target by target, kept so that the next build makes less anew.

What a target was made from is known by its fingerprints, whatever the clock says. A file of the
last site is taken over where it is as that build left it: by its size, times and number, or else by
its content, such as after `tracker serve` has kept the folder up to date. So it matters neither who
wrote to the folder since, nor whether the build was ended before it could keep anything.
"""

from __future__ import annotations

import filecmp
import os
import time
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

import msgspec

from tracker.digests import digest
from tracker.file_states import FileState
from tracker.library.cache_files import NOT_KEPT, UNREADABLE
from tracker.program_stamp import program_stamp
from tracker.site.made import Made  # noqa: TC001  # msgspec reads it at run time
from tracker.site.output_cache import OutputCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class _Kept(msgspec.Struct, array_like=True):
    """What is kept of a site.

    Attributes:
        made_by: The program and the workspace.
        made: The targets by their paths.
        states: The files that came of them, as the build left them, by their paths.
        attachments: The files of the workspace that were copied, as they were then, by their
            paths; those that were just being changed are not among them.
    """

    made_by: str
    made: dict[str, Made]
    states: dict[str, FileState]
    attachments: dict[str, FileState]


class KeptSite:
    """What is known of the last site in a folder; nothing where it cannot be relied on.

    Args:
        root: The workspace.
        output: The site's folder.

    Attributes:
        made: The targets of the last site by their paths.
    """

    def __init__(self, root: Path, output: Path) -> None:
        self._opened = time.time_ns()
        self._root = root.resolve()
        self._output = Path(os.path.realpath(output))
        self._cache = OutputCache(self._root, self._output, "pages")
        self._made_by = f"{program_stamp()} {self._root}"
        self._kept = self._read()
        self.made: Mapping[str, Made] = self._kept.made

    def find(self, path: str, content: bytes) -> int | None:
        """Return the number, in the file system, of a file of the last site.

        Args:
            path: The file, relative to the site.
            content: The fingerprint of the content that it has to have.

        Returns:
            None where there is no such file, or it is not as it was left.
        """
        if self._digests.get(path) != content:
            return None
        file = f"{self._output}/{path}"
        try:
            status = os.lstat(file)
            is_as_left = FileState.of(status) == self._kept.states.get(path) or _holds(
                file, content
            )
        except OSError:
            return None
        return status.st_ino if is_as_left else None

    def whole(self) -> dict[str, Made]:
        """Return the targets of which all files are there as they were left."""
        return {
            path: made
            for path, made in self.made.items()
            if all(self.find(file, content) is not None for file, content in made.files.items())
        }

    def find_copy(self, path: str) -> int | None:
        """Return the number of an attachment in the site that is a copy of the original.

        Returns:
            None where there is none, or it is not as it was left.
        """
        original, copy = self._kept.attachments.get(path), self._kept.states.get(path)
        if original is None or copy is None:
            return None
        is_as_left = original == _state(self._root, path) and copy == _state(self._output, path)
        return copy.number if is_as_left else None

    def keep(
        self,
        made: Mapping[str, Made],
        attachments: Iterable[str],
        is_in_place: Callable[[], bool],
        finished: int | None = None,
    ) -> None:
        """Keep what is known of a site, unless it was replaced by now.

        Args:
            made: Its targets by their paths.
            attachments: The files of the workspace that were copied.
            is_in_place: Tells whether the folder still is that site.
            finished: When the last of it was written, in nanoseconds since 1970, where that was in
                a folder of which nobody else knew: files changed since then are of somebody else.
                None where anybody could write to the folder meanwhile: what is not as the last
                build left it is looked into.
        """
        filecmp.clear_cache()  # it goes by size and time, which somebody may have put back
        contents = {path: each for found in made.values() for path, each in found.files.items()}
        originals = {
            path: original
            for path in attachments
            if (original := _state(self._root, path)) and original.tells(self._opened)
        }
        states = {
            path: state
            for path in (*contents, *originals)
            if (state := _state(self._output, path))
            and (
                self._is_of_us(path, contents.get(path))
                if finished is None
                else state.changed <= finished
            )
        }
        if not is_in_place():
            return
        kept = _Kept(self._made_by, dict(made), states, originals)
        try:
            self._cache.write(_ENCODER.encode(kept))
        except NOT_KEPT:
            return

    def _is_of_us(self, path: str, content: bytes | None) -> bool:
        """Tell whether a file of the site has the content of a page, or else of an attachment."""
        file = self._output / path
        try:
            if content is not None:
                return self.find(path, content) is not None or _holds(str(file), content)
            return self.find_copy(path) is not None or filecmp.cmp(
                self._root / path, file, shallow=False
            )
        except OSError:
            return False

    def _read(self) -> _Kept:
        body = self._cache.read()
        if body is not None:
            try:
                kept = _DECODER.decode(body)
            except UNREADABLE:
                kept = None
            if kept and kept.made_by == self._made_by:
                return kept
        return _Kept(self._made_by, {}, {}, {})

    @cached_property
    def _digests(self) -> dict[str, bytes]:
        return {path: each for made in self.made.values() for path, each in made.files.items()}


def _holds(file: str, content: bytes) -> bool:
    """Tell whether a file has the content of a fingerprint; a link has none.

    Raises:
        OSError: It cannot be read.
    """
    if not S_ISREG(os.lstat(file).st_mode):
        return False
    return digest(Path(file).read_bytes()) == content


def _state(folder: Path, path: str) -> FileState | None:
    """Return the state of a file in a folder; None where there is none."""
    try:
        return FileState.of(os.stat(f"{folder}/{path}"))  # noqa: PTH116  # a `Path` takes longer
    except OSError:
        return None


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Kept)
