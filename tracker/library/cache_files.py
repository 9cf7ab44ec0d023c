"""Files of the cache in `.tracker-cache/`, and how they keep values.

A file begins with a sum of its content, by which damage is found. Whatever is wrong with one is no
problem of the person's: it counts as absent, and is written anew where that is possible.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import zlib
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import msgspec
from msgspec.structs import replace

from tracker.files import remove_leftovers, write_atomically
from tracker.money import Money, MoneyRange
from tracker.spans import Spans
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tracker.diagnostics import Problem

CACHE_DIR = ".tracker-cache"
"""The folder in the workspace."""

UNREADABLE = (
    msgspec.MsgspecError,
    ValueError,
    TypeError,
    KeyError,
    ArithmeticError,
    RecursionError,
)
"""What decoding raises for a file of something else."""

NOT_KEPT = (msgspec.MsgspecError, ValueError, TypeError, OverflowError)
"""What encoding raises for a value that cannot be kept."""

_MOST_BYTES = 512 * 1024 * 1024
"""The largest file that is read: with 100,000 customers, the largest of ours has a quarter."""

_CHECKSUM_BYTES = 4


class Kept(Protocol):
    """What a file of the cache holds."""

    @property
    def made_by(self) -> str:
        """Return what it was made by and from, all that the rest depends on."""


AnyKept = TypeVar("AnyKept", bound=Kept)


def read_kept(
    root: Path, name: str, decoder: msgspec.msgpack.Decoder[AnyKept], made_by: str
) -> AnyKept | None:
    """Return what a file of the cache holds; None where it is not to be relied on.

    Args:
        root: The workspace.
        name: The file.
        decoder: Reads it.
        made_by: What it has to be made by and from.
    """
    body = read_cache_file(root, name)
    try:
        kept = decoder.decode(body) if body else None
    except UNREADABLE:
        return None
    return kept if kept and kept.made_by == made_by else None


def read_cache_file(root: Path, name: str) -> memoryview | None:
    """Return the content of a file of the cache; None where there is none, or it is damaged.

    Nothing is read through a link, or from what is no file: there need be no end to that.
    """
    folder = root / CACHE_DIR
    file = folder / name
    try:
        status = file.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES or folder.is_symlink():
            return None
        data = file.read_bytes()
    except OSError:
        return None
    body = memoryview(data)[_CHECKSUM_BYTES:]
    return body if _checksum(body) == data[:_CHECKSUM_BYTES] else None


def write_cache_file(root: Path, name: str, body: bytes) -> None:
    """Replace a file of the cache, where the workspace can be written.

    Nothing is written through a link: a workspace may come from anybody, and its links may lead
    anywhere.
    """
    with contextlib.suppress(OSError):
        make_cache_folder(root)
        file = root / CACHE_DIR / name
        if file.is_symlink():
            file.unlink()
        write_atomically(file, _checksum(body) + body)
        remove_leftovers(root / CACHE_DIR)


def make_cache_folder(root: Path) -> None:
    """Make the folder `.tracker-cache/` in a workspace, where it is not there yet.

    Raises:
        NotADirectoryError: It is a link.
        OSError: It cannot be made.
    """
    folder = root / CACHE_DIR
    if folder.is_symlink():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    ignored = folder / ".gitignore"
    if not os.path.lexists(ignored):
        folder.mkdir(exist_ok=True)
        # Workspaces are git repositories, and not all of them were made by `tracker init`.
        write_atomically(ignored, b"*\n")


def _checksum(data: bytes | memoryview) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM_BYTES)


# --- Values of several types ------------------------------------------------------------------
#
# msgspec goes by the types that the model declares. A date, an amount and a text look the same once
# they are written, so where one of them may stand, its type is written with it. The model and the
# messages declare such a place as an `object`, for which msgspec asks.

_PLAIN = (str, int, bool, type(None))
_TYPES: dict[str, Any] = {
    "date": date,
    "number": Decimal,
    "money": Money,
    "range": MoneyRange,
    "list": tuple[str, ...],
    "message": Message,
}
_NAMES = {
    date: "date",
    Decimal: "number",
    Money: "money",
    MoneyRange: "range",
    tuple: "list",
    Message: "message",
}


def with_type(value: object) -> object:
    """Return a value with its type.

    Raises:
        TypeError: It is of a type that is not kept.
    """
    if type(value) in _PLAIN:
        return value
    name = _NAMES.get(type(value))
    if name is None:
        raise TypeError(type(value).__name__)
    return name, _typed_message(value) if isinstance(value, Message) else value


def to_plain(value: object) -> object:
    """Return what stands for a value that msgspec cannot write as it is.

    Raises:
        TypeError: It is of a type that is not kept.
    """
    if isinstance(value, Spans):
        return "\n".join(value.names), value.numbers
    raise TypeError(type(value).__name__)


@lru_cache(maxsize=4096)
def _names(joined: str) -> tuple[str, ...]:
    return tuple(map(sys.intern, joined.split("\n"))) if joined else ()


def from_typed(kind: type, value: object) -> object:
    """Return the value that was written with its type."""
    if kind is Spans:
        names, numbers = cast("tuple[str, bytes]", value)
        return Spans(_names(names), numbers)
    if not isinstance(value, list):
        return value
    name, content = value
    return msgspec.convert(content, _TYPES[name], dec_hook=from_typed)


def _typed_message(message: Message) -> Message:
    return replace(message, values=typed_values(message.values))


def typed_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by name, each with its type."""
    return {name: with_type(value) for name, value in values.items()}


def typed_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems whose messages have the types of their values with them."""
    return tuple(
        replace(
            problem,
            message=_typed_message(problem.message),
            hint=_typed_message(problem.hint) if problem.hint else None,
        )
        for problem in problems
    )
