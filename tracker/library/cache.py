"""Parsed records kept between runs, so that only what has changed is parsed again.

The cache lies in `.tracker-cache/` of the workspace. A record is taken from it where its text, its
path, the settings and the program are those with which it was parsed; its problems come with it,
so that a run with the cache says what a run without it says. Texts are always read and compared by
a digest, never by times and sizes, which can lie.

Whatever is wrong with the cache, damaged, of another version, or not to be written, is no problem
of the person's: the records are parsed, and it is written anew where that is possible.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tracker import __version__
from tracker.diagnostics import Problem  # noqa: TC001  # msgspec reads it at run time
from tracker.files import write_atomically
from tracker.format.parser import Parsed
from tracker.model import Customer  # noqa: TC001  # likewise
from tracker.money import Money, MoneyRange
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.config import Config

CACHE_DIR = ".tracker-cache"
"""The folder in the workspace."""

_FILES = 16
"""Files that the records are spread over: who changes one record rewrites a sixteenth."""

_CHECKSUM_BYTES = 4
_DIGEST_BYTES = 16


class _Kept(msgspec.Struct, array_like=True):
    """What parsing a text gave.

    Attributes:
        digest: Of the text.
        parsed: The record and its problems, encoded; most runs need only some of a file's.
    """

    digest: bytes
    parsed: msgspec.Raw


class _File(msgspec.Struct, array_like=True):
    """One file of the cache.

    Attributes:
        made_by: The program and the settings that its records were parsed with.
        records: By the path of the record.
    """

    made_by: str
    records: dict[str, _Kept]


class _Result(msgspec.Struct, array_like=True):
    customer: Customer | None
    problems: tuple[Problem, ...]


class RecordCache:
    """The parsed records of one workspace.

    Several processes may use it at once: files are replaced whole, the last one wins.
    """

    def __init__(self, root: Path, config: Config) -> None:
        """Open the cache of a workspace; nothing is read yet.

        Args:
            root: The workspace's folder.
            config: Its settings.
        """
        self._folder = root / CACHE_DIR
        self._made_by = f"{program_fingerprint()} {config.fingerprint}"
        self._before: dict[int, dict[str, _Kept]] = {}
        self._now: dict[int, dict[str, _Kept]] = {}
        self._changed: set[int] = set()

    def get(self, path: str, text: str) -> Parsed | None:
        """Return what parsing a record gave; None where that is not known.

        Args:
            path: The record, relative to the workspace.
            text: What it holds now.
        """
        number = _file_number(path)
        if number not in self._before:
            self._before[number] = self._read(number)
        kept = self._before[number].get(path)
        if kept is None or kept.digest != _digest(text):
            return None
        try:
            result = _DECODER.decode(kept.parsed)
        except (msgspec.MsgspecError, ValueError, TypeError, KeyError):
            return None
        self._now.setdefault(number, {})[path] = kept
        return Parsed(result.customer, result.problems)

    def put(self, path: str, text: str, parsed: Parsed) -> None:
        """Keep what parsing a record gave, unless it holds something that cannot be kept."""
        number = _file_number(path)
        try:
            data = _ENCODER.encode(_Result(_packed(parsed.customer), _typed_problems(parsed)))
        except (msgspec.MsgspecError, ValueError, TypeError, OverflowError):
            return
        kept = _Kept(_digest(text), msgspec.Raw(data))
        self._now.setdefault(number, {})[path] = kept
        self._changed.add(number)

    def save(self) -> None:
        """Write what has changed: records that were put, and those that nobody asked for."""
        for number in range(_FILES):
            records = self._now.get(number, {})
            if number in self._changed or records.keys() != self._before.get(number, {}).keys():
                with contextlib.suppress(OSError):
                    self._write(number, records)

    def _path(self, number: int) -> Path:
        return self._folder / f"records-{number:02}.msgpack"

    def _read(self, number: int) -> dict[str, _Kept]:
        try:
            data = self._path(number).read_bytes()
        except OSError:
            return {}
        body = memoryview(data)[_CHECKSUM_BYTES:]
        if _checksum(body) != data[:_CHECKSUM_BYTES]:
            return {}
        try:
            found = _FILE_DECODER.decode(body)
        except (msgspec.MsgspecError, ValueError):
            return {}
        return found.records if found.made_by == self._made_by else {}

    def _write(self, number: int, records: dict[str, _Kept]) -> None:
        make_cache_folder(self._folder.parent)
        body = _ENCODER.encode(_File(self._made_by, records))
        write_atomically(self._path(number), _checksum(body) + body)


def make_cache_folder(root: Path) -> None:
    """Make the folder `.tracker-cache/` in a workspace, where it is not there yet.

    Raises:
        OSError: It cannot be made.
    """
    folder = root / CACHE_DIR
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        # Workspaces are git repositories, and not all of them were made by `tracker init`.
        folder.joinpath(".gitignore").write_text("*\n", "utf-8")


@lru_cache(maxsize=1)
def program_fingerprint() -> str:
    """Return what changes whenever records could be parsed differently by the program itself.

    It holds the version, and size and time of the source files, because a checkout changes
    without a new version.
    """
    package = Path(__file__).parent.parent
    sources = []
    for folder in (package, package / "format", package / "library"):
        with contextlib.suppress(OSError), os.scandir(folder) as found:
            sources += [
                (entry.name, status.st_size, status.st_mtime_ns)
                for entry in found
                if entry.name.endswith(".py") and (status := entry.stat())
            ]
    parts = (__version__, sys.version, msgspec.__version__, sorted(sources))
    return hashlib.blake2b(repr(parts).encode(), digest_size=_DIGEST_BYTES).hexdigest()


def _file_number(path: str) -> int:
    return zlib.crc32(path.encode("utf-8", "surrogatepass")) % _FILES


def _digest(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest()


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


def _with_type(value: object) -> object:
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


def _from_typed(kind: type, value: object) -> object:
    """Return the value that was written with its type."""
    del kind
    if not isinstance(value, list):
        return value
    name, content = value
    return msgspec.convert(content, _TYPES[name], dec_hook=_from_typed)


def _typed_message(message: Message) -> Message:
    return replace(message, values=_typed_values(message.values))


def _typed_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _with_type(value) for name, value in values.items()}


def _packed(customer: Customer | None) -> Customer | None:
    """Return a record in which values of several types have their types with them."""
    if customer is None:
        return None
    return replace(
        customer,
        fields=_typed_values(customer.fields),
        offers=tuple(
            replace(offer, **_typed_values({"amount": offer.amount})) for offer in customer.offers
        ),
        followups=tuple(
            replace(followup, fields=_typed_values(followup.fields))
            if followup.fields
            else followup
            for followup in customer.followups
        ),
    )


def _typed_problems(parsed: Parsed) -> tuple[Problem, ...]:
    return tuple(
        replace(
            problem,
            message=_typed_message(problem.message),
            hint=_typed_message(problem.hint) if problem.hint else None,
        )
        for problem in parsed.problems
    )


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Result, dec_hook=_from_typed)
_FILE_DECODER = msgspec.msgpack.Decoder(_File)
