"""Writing files so that none is ever half there."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import FileChangedError, may_be_in_use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEMPORARY_ENDING = ".tracker.tmp"
"""How the names of files end that are written beside others, and are no one's but ours."""

ABANDONED_SECONDS = 60
"""Time after which nobody is writing such a file any more, since that takes far less."""

_ABANDONED_BY_LIBRARIES = 3600
"""The same for files that libraries write, which may compute for long in between."""

_HELD_SECONDS = 2
"""For how long a file is waited for that another program has open. Scanners for viruses and
programs that copy files to other machines let go of one after a moment."""

_LOOK_SECONDS = 0.05

_NAME_KEPT = 40
"""Characters of a file's name that the temporary file beside it has in its own."""


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file by new content; after a crash it is the old one or the new one, whole.

    The file keeps its permissions, and its owner where the system allows it. A symbolic link is
    followed, so that the file behind it is replaced and the link stays. What a killed run left
    beside the file is removed.

    Raises:
        OSError: The system refuses; the old file is untouched then, and no stray file is left.
    """
    target = Path(os.path.realpath(path))
    with _temporary(target, data) as temporary:
        move_into_place(temporary, target)
    remove_leftovers(target.parent, target.name[:_NAME_KEPT])


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give an empty file beside another one, which takes its place when all is written.

    For what a library writes by itself. As with `write_atomically`, the file is the old one or the
    new one, whole, at any time; where the block raises, the old one stays.

    Args:
        path: The file to be replaced; it need not exist.

    Raises:
        OSError: The system refuses; the old file is untouched then, and no stray file is left.
    """
    target = Path(os.path.realpath(path))
    with _beside(target) as temporary:
        yield temporary
        with temporary.open("r+b") as stream:
            os.fsync(stream.fileno())
        _copy_access(target, temporary)
        move_into_place(temporary, target)
    remove_leftovers(target.parent, target.name[:_NAME_KEPT], _ABANDONED_BY_LIBRARIES)


def replace_if_unchanged(path: Path, before: bytes, after: bytes) -> None:
    """Replace a file by new content as `write_atomically` does, unless somebody changed it.

    Args:
        path: The file.
        before: What it held when it was read.
        after: What it is to hold.

    Raises:
        FileChangedError: It holds something else by now, or is gone; it stays as it is.
        OSError: The system refuses; the old file is untouched then.
    """
    target = Path(os.path.realpath(path))
    with _temporary(target, after) as temporary:
        # As late as can be: what is left between this look and the replacement is one system call.
        move_into_place(temporary, target, lambda: require_unchanged(target, before))


def move_into_place(source: Path, target: Path, look: Callable[[], object] = lambda: None) -> None:
    """Give a file or a folder the name of another one, in the place of a file that has it.

    Where Windows refuses that since another program has something of it open, it is tried again
    for a while.

    Args:
        source: What is renamed.
        target: Its new name.
        look: Called right before each attempt; what it raises ends them.

    Raises:
        OSError: The system refuses; it names the target, since nobody knows the source.
    """
    end = time.monotonic() + _HELD_SECONDS
    while True:
        try:
            look()
            source.replace(target)
        except OSError as error:
            if not may_be_in_use(error) or time.monotonic() >= end:
                error.filename, error.filename2 = str(target), None
                raise
            time.sleep(_LOOK_SECONDS)
        else:
            return


def require_unchanged(path: Path, before: bytes) -> None:
    """See to it that a file still holds what it held when it was read.

    Raises:
        FileChangedError: It holds something else by now, or is gone.
        OSError: It cannot be read.
    """
    try:
        unchanged = path.read_bytes() == before
    except FileNotFoundError:
        unchanged = False
    if not unchanged:
        raise FileChangedError(path)


def remove_if_unchanged(path: Path, before: bytes) -> None:
    """Remove a file for good, unless somebody changed it.

    Args:
        path: The file.
        before: What it held when it was read.

    Raises:
        FileChangedError: It holds something else by now, or is gone.
        OSError: The system refuses.
    """
    require_unchanged(path, before)
    path.unlink()
    sync_folder(path.parent)


def create_file(path: Path, data: bytes) -> None:
    """Write a file that is not there yet; after a crash it is there whole, or not at all.

    Raises:
        FileExistsError: There is a file of that name; it stays as it is.
        OSError: The system refuses; nothing is left then.
    """
    target = path.parent.resolve() / path.name
    with _temporary(target, data) as temporary:
        if _has_linked(temporary, target):
            return
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        move_into_place(temporary, target)


def _has_linked(file: Path, name: Path) -> bool:
    """Give a file a second name, and tell whether it has it; not every file system can do that.

    Raises:
        FileExistsError: The name is taken, which a link refuses, unlike a renaming.
    """
    if not hasattr(os, "link"):
        return False
    try:
        os.link(file, name)
    except FileExistsError as error:
        error.filename, error.filename2 = str(name), None
        raise
    except (OSError, NotImplementedError):
        return False
    return True


@contextlib.contextmanager
def _temporary(target: Path, data: bytes) -> Iterator[Path]:
    """Give a durable file beside the target, with its access and the new content.

    It is gone afterwards, unless it took the target's place.
    """
    with _beside(target) as temporary:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _copy_access(target, temporary)
        yield temporary


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give an empty file beside the target, gone afterwards unless it took the target's place."""
    # Imported late: whoever only reads needs none of it.
    import tempfile

    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{target.name[:_NAME_KEPT]}.", suffix=TEMPORARY_ENDING, dir=target.parent
        )
    except OSError as error:
        # Nobody knows the temporary file, which is not even there.
        error.filename = str(target)
        raise
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
    finally:
        # On Windows one that another program holds goes with the next write.
        with contextlib.suppress(PermissionError):
            temporary.unlink(missing_ok=True)
    sync_folder(target.parent)


def leftovers(
    folder: Path, beside: str = "", idle_seconds: float = ABANDONED_SECONDS
) -> list[Path]:
    """Return the temporary files of ours in a folder that a killed run has left.

    Args:
        folder: The folder; what is in folders below it is not looked at.
        beside: How the names of the files begin that they were made beside.
        idle_seconds: For how long nobody has written them.
    """
    then = time.time() - idle_seconds
    found = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(f".{beside}") and entry.name.endswith(TEMPORARY_ENDING):
                # Another run may be removing it at this moment.
                with contextlib.suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_mtime <= then:
                        found.append(Path(entry.path))
    return found


def remove_leftovers(
    folder: Path, beside: str = "", idle_seconds: float = ABANDONED_SECONDS
) -> None:
    """Remove what `leftovers` returns, as far as the system lets us."""
    for path in leftovers(folder, beside, idle_seconds):
        with contextlib.suppress(OSError):
            path.unlink()


def sync_folder(folder: Path) -> None:
    """Make the entries of a folder durable, where the system can (Windows cannot)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _copy_access(source: Path, target: Path) -> None:
    try:
        status = source.stat()
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        target.chmod(0o666 & ~mask)
        return
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(target, status.st_uid, status.st_gid)
    target.chmod(stat.S_IMODE(status.st_mode))
