"""One build of a site at a time, whichever process of whichever machine begins it."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout, UnixFileLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_POLL_SECONDS = 0.05
_FOR_EVERYBODY = 0o666
"""Whoever may write in the folder may build there, also after somebody else's build was killed."""

_ATTEMPTS = 3
_LONGEST_TICK_MILLISECONDS = 20


def beginning(output: Path) -> str:
    """Return how the names begin of what builds put beside a site's folder for themselves."""
    return f".{output.name}.tracker-"


class BuildLock:
    """A lock on a site's folder. The system opens it when the process ends, however that ends.

    Its file lies beside the folder, and is gone once the lock is released.

    Args:
        output: The site's folder, without links.
    """

    def __init__(self, output: Path) -> None:
        self.file = output.parent / f"{beginning(output)}lock"
        self._lock = FileLock(self.file, mode=_FOR_EVERYBODY)

    def acquire(
        self, patience: float = 0, waiting: Callable[[float], object] = lambda _seconds: None
    ) -> bool:
        """Take the lock, and tell whether that was possible.

        Args:
            patience: For how many seconds another build is waited for.
            waiting: Called again and again meanwhile with the seconds so far.

        Raises:
            OSError: The system refuses.
        """
        began = time.monotonic()
        while not self._is_taken():
            waited = time.monotonic() - began
            if waited >= patience:
                return False
            waiting(waited)
            time.sleep(_POLL_SECONDS)
        return True

    def release(self) -> None:
        """Let others build."""
        if isinstance(self._lock, UnixFileLock):
            with contextlib.suppress(OSError):
                self.file.unlink()
        self._lock.release()

    def let_a_tick_pass(self, since: int) -> None:
        """Wait until what is written beside the folder is later than something was.

        By the clock of the file system, which may be another machine's, and counts in steps of a
        few milliseconds; those of some are too long to be waited for.

        Args:
            since: The time of a file, in nanoseconds since 1970.
        """
        with contextlib.suppress(OSError):
            for _ in range(_LONGEST_TICK_MILLISECONDS):
                os.utime(self.file)
                if self.file.stat().st_mtime_ns > since:
                    return
                time.sleep(0.001)

    def _is_taken(self) -> bool:
        for _ in range(_ATTEMPTS):
            number = self._number()
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                return False
            # Whoever had the lock has removed its file, maybe after we have opened it: a file
            # that is gone locks nobody out. Elsewhere than on Unix none is removed before.
            is_of_unix = isinstance(self._lock, UnixFileLock)
            if not is_of_unix or (number is not None and number == self._number()):
                return True
            self._lock.release()
        return False

    def _number(self) -> int | None:
        """Return the number of the lock's file in the file system; None where it is not there.

        A link in its place is removed: a workspace may come from anybody, and its links may lead
        anywhere.
        """
        try:
            status = os.lstat(self.file)
        except FileNotFoundError:
            return None
        if stat.S_ISLNK(status.st_mode):
            self.file.unlink(missing_ok=True)
            return None
        return status.st_ino
