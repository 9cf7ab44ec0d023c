"""Folders that earlier runs wrote, kept until the end so that none of them slows a later run.

A file system such as ext4 passes over the numbers of files that were deleted in the last minutes,
one by one and for each new file: to write the 3,326 files of a site took 0.11 s of processor time,
and 2.3 s right after as many had been deleted. Nobody's first build comes right after that.
"""

from __future__ import annotations

import itertools
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ROOM = 20_000_000_000
"""Bytes that stay free on the disk; where fewer are, folders are deleted all the same."""

_numbers = itertools.count(1)


def put_aside(folder: Path) -> None:
    """Move a folder out of the way, or delete it where there is no room to keep it.

    It goes into a folder `used` beside the one that it is in, and is deleted with that.

    Args:
        folder: The folder; it need not exist.
    """
    if not folder.exists():
        return
    if shutil.disk_usage(folder).free < _ROOM:
        shutil.rmtree(folder)
        return
    used = folder.parent.parent / "used"
    used.mkdir(exist_ok=True)
    folder.rename(used / f"{next(_numbers)}-{folder.name}")
