"""Parsed records kept between runs, so that only what has changed is parsed again.

A record is taken from the cache where its text, its path, the settings and the program are those
with which it was parsed; its problems come with it, so that a run with the cache says what a run
without it says. Texts are always read and compared by a digest, never by times and sizes, which
can lie.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from tracker.diagnostics import Problem  # noqa: TC001  # msgspec reads it at run time
from tracker.digests import digest_of
from tracker.library.cache_files import (
    NOT_KEPT,
    UNREADABLE,
    from_typed,
    read_kept,
    to_plain,
    typed_problems,
    typed_values,
    write_cache_file,
)
from tracker.library.library import Entry
from tracker.library.record_digests import RecordDigests
from tracker.model import Customer  # noqa: TC001  # msgspec reads it at run time
from tracker.program_stamp import program_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tracker.config import Config
    from tracker.format.parser import Parsed

_FILES = 16
"""Files that the records are spread over: who changes one record rewrites a sixteenth."""


class Packed(msgspec.Struct, array_like=True):
    """What parsing a text gave, as bytes.

    Attributes:
        digests: Of the text and of its record.
        parsed: The record and its problems, encoded; most runs need only some of a file's.
    """

    digests: RecordDigests
    parsed: msgspec.Raw


class _File(msgspec.Struct, array_like=True):
    """One file of the cache.

    Attributes:
        made_by: The program and the settings that its records were parsed with.
        records: By the path of the record.
    """

    made_by: str
    records: dict[str, Packed]


class _Parsed(msgspec.Struct, array_like=True, frozen=True):
    """What parsing a text gave, as `tracker.format.parser` returns it."""

    customer: Customer | None
    problems: tuple[Problem, ...]


class RecordCache:
    """The parsed records of one workspace.

    Several processes may use it at once: files are replaced whole, the last one wins.
    """

    def __init__(self, root: Path, config: Config, name: str = "records") -> None:
        """Open the cache of a workspace; nothing is read yet.

        Args:
            root: The workspace's folder.
            config: Its settings.
            name: What its files are called; records of another time have files of their own.
        """
        self._root = root
        self._name = name
        self._made_by = f"{program_stamp()} {config.fingerprint}"
        self._before: dict[int, dict[str, Packed]] = {}
        self._now: dict[int, dict[str, Packed]] = {}
        self._changed: set[int] = set()
        self._awaited: dict[int, set[str]] = {}
        self._written: set[int] = set()

    def in_order(self, paths: Iterable[str]) -> list[str]:
        """Return the paths of all records of the workspace, those of each file together.

        Whoever asks for them in this order, or says what they are, has each file written and let
        go of when it is complete, so that little of the cache is in memory at once.

        Args:
            paths: The records, relative to the workspace.
        """
        self._awaited = {number: set() for number in range(_FILES)}
        for path in paths:
            self._awaited[_file_number(path)].add(path)
        return [path for number in range(_FILES) for path in sorted(self._awaited[number])]

    def get(self, path: str, text: str) -> Entry | None:
        """Return the entry of a record; None where it is not known what parsing it gives.

        Args:
            path: The record, relative to the workspace.
            text: What it holds now.
        """
        number = _file_number(path)
        if number not in self._before:
            self._before[number] = self._read(number)
        kept = self._before[number].get(path)
        if kept is None or kept.digests.text != digest_of(text):
            return None
        entry = unpacked(path, text, kept)
        if entry:
            self._know(number, path, kept)
        return entry

    def put(self, path: str, kept: Packed) -> None:
        """Keep what parsing a record gave."""
        number = _file_number(path)
        self._changed.add(number)
        self._know(number, path, kept)

    def save(self) -> None:
        """Write what has changed: records that were put, and those that nobody asked for."""
        for number in set(range(_FILES)) - self._written:
            self._write(number)

    def _know(self, number: int, path: str, kept: Packed) -> None:
        self._now.setdefault(number, {})[path] = kept
        awaited = self._awaited.get(number, set())
        awaited.discard(path)
        if self._awaited and not awaited:
            self._write(number)

    def _write(self, number: int) -> None:
        """Write a file if it is not as it was, and let go of what is in it."""
        self._written.add(number)
        records, before = self._now.pop(number, {}), self._before.pop(number, {})
        if number in self._changed or records.keys() != before.keys():
            body = _ENCODER.encode(_File(self._made_by, records))
            write_cache_file(self._root, self._file_name(number), body)

    def _read(self, number: int) -> dict[str, Packed]:
        found = read_kept(self._root, self._file_name(number), _FILE_DECODER, self._made_by)
        return found.records if found else {}

    def _file_name(self, number: int) -> str:
        return f"{self._name}-{number:02}.msgpack"


def packed(text: str, parsed: Parsed) -> Packed | None:
    """Return what parsing a text gave as bytes; None where it holds what cannot be kept."""
    try:
        body = _ENCODER.encode(_Parsed(_typed(parsed.customer), typed_problems(parsed.problems)))
    except NOT_KEPT:
        return None
    return Packed(RecordDigests.of(text, parsed.customer), msgspec.Raw(body))


def unpacked(path: str, text: str, kept: Packed) -> Entry | None:
    """Return the entry of a record that was packed; None where the bytes are something else.

    Args:
        path: The record, relative to the workspace.
        text: What it holds.
        kept: What `packed` returned.
    """
    try:
        parsed = _DECODER.decode(kept.parsed)
    except UNREADABLE:
        return None
    return Entry(path, text, parsed.customer, parsed.problems, kept.digests)


def _file_number(path: str) -> int:
    return zlib.crc32(path.encode("utf-8", "surrogatepass")) % _FILES


def _typed(customer: Customer | None) -> Customer | None:
    """Return a record in which values of several types have their types with them."""
    if customer is None:
        return None
    return replace(
        customer,
        fields=typed_values(customer.fields),
        offers=tuple(
            replace(offer, **typed_values({"amount": offer.amount})) for offer in customer.offers
        ),
        followups=tuple(
            replace(followup, fields=typed_values(followup.fields)) if followup.fields else followup
            for followup in customer.followups
        ),
    )


_ENCODER = msgspec.msgpack.Encoder(enc_hook=to_plain)
_DECODER = msgspec.msgpack.Decoder(_Parsed, dec_hook=from_typed)
_FILE_DECODER = msgspec.msgpack.Decoder(_File)
