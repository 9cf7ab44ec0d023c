"""What a check found, kept in the cache so that the next one looks only at what has changed.

A file whose size, times and number are those of the last check is taken to hold the same text, as
git does. One that was changed just before it was looked at is read again and its text compared,
since it could be changed once more within the same tick of the clock.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from tracker.diagnostics import Diagnostic
from tracker.file_states import FileState  # noqa: TC001  # msgspec reads it at run time
from tracker.library.cache_files import (
    CACHE_DIR,
    NOT_KEPT,
    from_typed,
    read_kept,
    to_plain,
    typed_problems,
    write_cache_file,
)
from tracker.model import Customer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_NAME = "check.msgpack"


class KeptFile(msgspec.Struct, array_like=True):
    """What is known of a file as long as it stays as it is.

    Attributes:
        state: By which the file is known again; None where only its text can tell.
        text: Digest of its text.
        names_files: Whether what is wrong in it depends on the files below `attachments/`.
        identity: What tells its customer from others, as `packed_identity` wrote it.
        diagnostics: What is wrong in it, as `packed_diagnostics` wrote it.
        lines: The lines that these begin in, by their numbers from 1, but very long ones.
    """

    state: FileState | None
    text: bytes
    names_files: bool
    identity: msgspec.Raw
    diagnostics: msgspec.Raw
    lines: dict[int, str]


class KeptCheck(msgspec.Struct, array_like=True):
    """What a check found.

    Attributes:
        made_by: The program, the settings and the day.
        attachments: The state of the files below `attachments/`.
        files: What was found in each file, by its path.
        together: What is wrong in the settings and among all records, as `packed_diagnostics`
            wrote it.
    """

    made_by: str
    attachments: bytes
    files: dict[str, KeptFile]
    together: msgspec.Raw


def read_kept_check(root: Path, made_by: str) -> KeptCheck | None:
    """Return the last check of a workspace; None where none was kept, or it does not hold.

    Args:
        root: The workspace.
        made_by: The program, the settings and the day that it has to be of.
    """
    return read_kept(root, _NAME, _CHECK_DECODER, made_by)


def write_kept_check(root: Path, kept: KeptCheck) -> None:
    """Keep a check of a workspace, where the workspace can be written."""
    write_cache_file(root, _NAME, _ENCODER.encode(kept))


def forget_kept_check(root: Path) -> None:
    """Remove the last check of a workspace, as far as the workspace can be written."""
    with contextlib.suppress(OSError):
        (root / CACHE_DIR / _NAME).unlink(missing_ok=True)


def packed_diagnostics(found: Iterable[Diagnostic]) -> msgspec.Raw | None:
    """Return diagnostics as bytes; None where one holds what cannot be kept."""
    try:
        typed = [
            replace(each, problem=problem)
            for each in found
            for problem in typed_problems([each.problem])
        ]
        return msgspec.Raw(_ENCODER.encode(typed))
    except NOT_KEPT:
        return None


def unpacked_diagnostics(data: msgspec.Raw) -> list[Diagnostic]:
    """Return what `packed_diagnostics` wrote.

    Raises:
        UNREADABLE: The bytes are something else.
    """
    return _DIAGNOSTICS_DECODER.decode(data)


def packed_identity(identity: Customer | None) -> msgspec.Raw | None:
    """Return what tells a customer from others as bytes, the same for the same.

    Args:
        identity: As `tracker.library.identity` has it; None for a file without a record.

    Returns:
        The bytes; None where it holds what cannot be kept.
    """
    try:
        return msgspec.Raw(_ENCODER.encode(identity))
    except NOT_KEPT:
        return None


def unpacked_identity(data: msgspec.Raw) -> Customer | None:
    """Return what `packed_identity` wrote.

    Raises:
        UNREADABLE: The bytes are something else.
    """
    return _IDENTITY_DECODER.decode(data)


_ENCODER = msgspec.msgpack.Encoder(enc_hook=to_plain)
_CHECK_DECODER = msgspec.msgpack.Decoder(KeptCheck)
_DIAGNOSTICS_DECODER = msgspec.msgpack.Decoder(list[Diagnostic], dec_hook=from_typed)
_IDENTITY_DECODER: msgspec.msgpack.Decoder[Customer | None] = msgspec.msgpack.Decoder(
    Customer | None, dec_hook=from_typed
)
