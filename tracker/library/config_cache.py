"""The settings kept between runs: typing them takes longer than most commands take to run.

They are taken from the cache where the text of `tracker.yaml`, the name of the folder, which is the
title of a workspace that has none, and the program are those with which they were typed. Their
problems come with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec

from tracker.config import CONFIG_NAME, MAX_CONFIG_BYTES, Config, Terms
from tracker.diagnostics import Problem
from tracker.digests import digest_of
from tracker.library.cache_files import (
    NOT_KEPT,
    UNREADABLE,
    from_typed,
    read_kept,
    typed_problems,
    write_cache_file,
)
from tracker.program_stamp import program_stamp
from tracker.text_files import read_text_file

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "settings.msgpack"


class _Kept(msgspec.Struct, array_like=True):
    """The settings of a workspace, and what they were typed from."""

    made_by: str
    config: msgspec.Raw


class _Typed(msgspec.Struct, array_like=True):
    config: Config
    problems: tuple[Problem, ...]


def cached_config(root: Path) -> tuple[Config, list[Problem]]:
    """Read the settings of a workspace as `load_config` does, from the cache where that is sound.

    Args:
        root: The workspace's folder.
    """
    content = read_text_file(root / CONFIG_NAME, MAX_CONFIG_BYTES)
    text = "" if isinstance(content, Problem) else content.text
    made_by = f"{program_stamp()} {digest_of(text).hex()} {root.name}"
    if not isinstance(content, Problem) and (kept := _read(root, made_by)):
        return kept.config, list(kept.problems)
    # Imported late: that is what the cache is for.
    from tracker.config_file import load_config, parse_config

    if isinstance(content, Problem):
        return load_config(root)
    config, problems = parse_config(text, root.name)
    _write(root, made_by, config, problems)
    return config, problems


def _read(root: Path, made_by: str) -> _Typed | None:
    kept = read_kept(root, _NAME, _KEPT_DECODER, made_by)
    try:
        return _DECODER.decode(kept.config) if kept else None
    except UNREADABLE:
        return None


def _write(root: Path, made_by: str, config: Config, problems: list[Problem]) -> None:
    try:
        typed = _ENCODER.encode(_Typed(config, typed_problems(problems)))
        body = _ENCODER.encode(_Kept(made_by, msgspec.Raw(typed)))
    except NOT_KEPT:
        return
    write_cache_file(root, _NAME, body)


def _plain(value: object) -> object:
    """Return what msgspec writes for a type that it does not know."""
    match value:
        case Terms():
            return list(value)
        case ZoneInfo():
            return value.key
        case _:
            raise TypeError(type(value).__name__)


def _restored(kind: Any, value: Any) -> object:  # noqa: ANN401  # any type, and what is written
    """Return the value of such a type."""
    if get_origin(kind) is Terms:
        (term,) = get_args(kind)
        return Terms(msgspec.convert(each, term) for each in value)
    if kind is ZoneInfo:
        return ZoneInfo(str(value))
    return from_typed(kind, value)


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)
_DECODER = msgspec.msgpack.Decoder(_Typed, dec_hook=_restored)
_KEPT_DECODER = msgspec.msgpack.Decoder(_Kept)
