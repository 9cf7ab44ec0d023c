"""By what a file is known to be the same as when it was last looked at, without being read."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TICK_NANOSECONDS = 2_000_000_000
"""Files changed so shortly before they are looked at could be changed again without showing it:
some file systems count time in steps of two seconds."""

_DIGEST_BYTES = 16


class FileState(NamedTuple):
    """A file as the file system describes it.

    Attributes:
        size: In bytes.
        changed: When its content was changed last, in nanoseconds.
        touched: When anything about it was changed last, likewise; on Windows, when it was made.
        number: Its number in the file system.
    """

    size: int
    changed: int
    touched: int
    number: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileState:
        """Return the state that a status tells."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)

    @classmethod
    def now(cls, path: str, looked: int) -> FileState | None:
        """Return the state of a file; None where it does not tell whether the file is changed.

        Args:
            path: The file.
            looked: When files began to be looked at, in nanoseconds since 1970.
        """
        try:
            state = cls.of(os.stat(path))  # noqa: PTH116  # a `Path` takes ten times as long
        except OSError:
            return None
        return state if state.tells(looked) else None

    def tells(self, looked: int) -> bool:
        """Tell whether a change after this state would show in the next one.

        Args:
            looked: When the file was looked at, in nanoseconds since 1970.
        """
        return max(self.changed, self.touched) <= looked - _TICK_NANOSECONDS


class TreeState(NamedTuple):
    """Files as they are.

    Attributes:
        digest: What no two states have in common.
        newest: When anything was changed last, in nanoseconds.
        written: When anything was written last, likewise; other changes, such as of permissions
            or of second names, do not count.
    """

    digest: bytes
    newest: int
    written: int

    @classmethod
    def of(cls, places: Iterable[Path]) -> TreeState:
        """Return the state of files and of all that folders hold; absent ones count as such.

        Args:
            places: The files and folders.
        """
        newest = written = 0
        digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
        for place in places:
            digest.update(b"%s\0\0" % os.fsencode(place))
            for path, status in _files(place):
                state = FileState.of(status)
                digest.update(b"%s\0%d %d %d %d\0\0" % (os.fsencode(path), *state))
                newest = max(newest, state.changed, state.touched)
                written = max(written, state.changed)
        return cls(digest.digest(), newest, written)

    def tells(self, looked: int) -> bool:
        """Tell whether a change after this state would show in the next one.

        Args:
            looked: When the files were looked at, in nanoseconds since 1970.
        """
        return self.newest <= looked - _TICK_NANOSECONDS


def _files(place: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield a file, or everything within a folder in a fixed order.

    Links lead to their files; one that leads nowhere is itself one.
    """
    try:
        with os.scandir(place) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except NotADirectoryError:
        yield str(place), place.stat()
        return
    except OSError:
        return
    for entry in entries:
        try:
            status = entry.stat()
        except OSError:
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
        yield entry.path, status
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
