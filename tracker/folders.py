"""Putting a whole folder in the place of another one."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from typing import TYPE_CHECKING

from tracker.files import move_into_place

if TYPE_CHECKING:
    from pathlib import Path

ASIDE = "-old"
"""What is added to the name of the old folder while it waits to be replaced."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def swap_folders(new: Path, old: Path) -> None:
    """Let two folders change places, or move the new one where there is no old one.

    In one step on Linux and macOS. Elsewhere the old folder is away for a moment between two
    renames, and comes back if the second one fails.

    Raises:
        OSError: The system refuses; the old folder is where it was.
    """
    if not old.exists():
        move_into_place(new, old)
        return
    if _exchange(new, old):
        return
    aside = new.with_name(new.name + ASIDE)
    move_into_place(old, aside)
    try:
        move_into_place(new, old)
    except OSError:
        move_into_place(aside, old)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(new: Path, old: Path) -> bool:
    """Exchange two paths by one system call; False where the system has none for it."""
    if sys.platform == "win32":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    paths = (os.fsencode(new), os.fsencode(old))
    if hasattr(library, "renameat2"):
        result = library.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
    elif hasattr(library, "renamex_np"):
        result = library.renamex_np(*paths, _RENAME_SWAP)
    else:
        return False
    if result == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(old))
