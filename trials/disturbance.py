"""File operations that are counted, and of which one fails or is the last that a process does.

Python's own functions are put in place of the system's: all that is opened for writing goes through
`_pyio`, which is written in Python, so that each write, renaming and so on passes here, those of
the libraries in Python too. What a library in C writes does not.
"""

from __future__ import annotations

import _pyio  # type: ignore[import-not-found]  # of the standard library, without types
import builtins
import errno
import io
import mmap
import os
import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from tracker import folders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PATHS = ("link", "mkdir", "remove", "rename", "replace", "rmdir", "symlink", "unlink", "chmod")
"""Functions of `os` that are given a path first."""

_KINDS = (*_PATHS, "open", "write", "fsync", "exchange")
_MOST_OPERATIONS = 1 << 16

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

_CALLS = {name: getattr(os, name) for name in (*_PATHS, "open", "close", "write", "fsync")}
_SENDFILE = getattr(os, "sendfile", None)


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What is done to one operation, counted from 0.

    Attributes:
        at: Which operation.
        code: The error that it fails with, of `errno`; None to kill the process there.
        half: Whether a write puts half of its bytes before.
        lasting: Whether all later ones that need room fail too, as on a full disk.
    """

    at: int
    code: int | None = None
    half: bool = False
    lasting: bool = False


_NEED_ROOM = {"open", "write", "fsync", "mkdir", "link", "symlink"}


class FileOperations:
    """Counts the operations below a folder that change something, and disturbs one.

    Meant for a copy of the process: `watch` puts nothing back. What was counted there is known
    to the parent too.

    Args:
        root: The folder; what happens elsewhere is not looked at.
        disturbance: What to do; None only to count.
    """

    def __init__(self, root: Path, disturbance: Disturbance | None = None) -> None:
        self._root = os.fsencode(os.path.realpath(root))
        self._disturbance = disturbance
        self._files: set[int] = set()
        self._lock = threading.Lock()
        # Shared with the copies of the process, so that it outlives them.
        self._log = mmap.mmap(-1, _MOST_OPERATIONS)
        self._number = 0

    @property
    def kinds(self) -> list[str]:
        """Return what the operations were so far, in their order, such as `fsync`."""
        return [_KINDS[each - 1] for each in self._log[:].rstrip(b"\0")]

    def watch(self) -> None:
        """Put the counting functions in place."""
        for name in _PATHS:
            setattr(os, name, self._of_path(name))
        for name, function in {
            "open": self._open,
            "close": self._close,
            "write": self._write,
            "fsync": self._fsync,
        }.items():
            setattr(os, name, function)
        if _SENDFILE:
            os.sendfile = self._sendfile  # type: ignore[assignment]  # as it is called here
        opened = io.open

        def open_file(file: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:  # noqa: ANN401  # whatever `open` takes
            own = isinstance(file, int) or not set(mode) & set("wax+")
            return (opened if own else _pyio.open)(file, mode, *rest, **options)

        io.open = builtins.open = open_file
        exchange = folders._exchange  # noqa: SLF001  # the one system call that is not Python's

        def exchange_paths(new: Path, old: Path) -> bool:
            self._step("exchange")
            return exchange(new, old)

        folders._exchange = exchange_paths  # noqa: SLF001  # as above

    def _step(self, kind: str, halve: Callable[[], object] = lambda: None) -> None:
        """Count an operation, and do what is to be done to it."""
        with self._lock:
            number = self._number
            self._number += 1
            self._log[number] = _KINDS.index(kind) + 1
        one = self._disturbance
        if one is None or number < one.at:
            return
        if number == one.at:
            if one.half:
                halve()
            if one.code is None:
                os.kill(os.getpid(), signal.SIGKILL)
        if one.code is not None and (number == one.at or (one.lasting and kind in _NEED_ROOM)):
            _fail(one.code)

    def _is_below(self, path: Any, options: dict[str, Any]) -> bool:  # noqa: ANN401  # as given
        if options.get("dir_fd") is not None or not isinstance(path, (str, bytes, os.PathLike)):
            return True
        return os.fsencode(os.path.abspath(path)).startswith(self._root)  # noqa: PTH100  # bytes too

    def _of_path(self, name: str) -> Callable[..., Any]:
        original = _CALLS[name]

        def call(path: Any, *rest: Any, **options: Any) -> Any:  # noqa: ANN401  # as the original
            if self._is_below(path, options):
                self._step(name)
            return original(path, *rest, **options)

        return call

    def _open(self, path: Any, flags: int, mode: int = 0o777, **options: Any) -> int:  # noqa: ANN401  # as the original
        counted = bool(flags & _WRITING) and self._is_below(path, options)
        if counted:
            self._step("open")
        handle: int = _CALLS["open"](path, flags, mode, **options)
        if counted:
            self._files.add(handle)
        return handle

    def _close(self, handle: int) -> None:
        self._files.discard(handle)
        _CALLS["close"](handle)

    def _write(self, handle: int, data: Any) -> int:  # noqa: ANN401  # any buffer
        if handle in self._files:
            self._step("write", lambda: _CALLS["write"](handle, bytes(data)[: len(data) // 2]))
        written: int = _CALLS["write"](handle, data)
        return written

    def _sendfile(self, target: int, source: int, offset: int, count: int) -> int:
        if target in self._files and _SENDFILE:
            self._step("write")
            return int(_SENDFILE(target, source, offset, count))
        return int(_SENDFILE(target, source, offset, count)) if _SENDFILE else 0

    def _fsync(self, handle: int) -> None:
        self._step("fsync")
        _CALLS["fsync"](handle)


def _fail(code: int) -> NoReturn:
    raise OSError(code, os.strerror(code))


ERRORS = (errno.ENOSPC, errno.EIO)
"""A full disk, and one that breaks."""
