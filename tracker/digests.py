"""Digests, by which what was seen before is known again."""

from __future__ import annotations

import hashlib

_BYTES = 16


def digest(data: bytes) -> bytes:
    """Return what no two byte strings have in common."""
    return hashlib.blake2b(data, digest_size=_BYTES).digest()


def digest_of(text: str) -> bytes:
    """Return what no two texts have in common, which may hold half a surrogate pair."""
    return digest(text.encode("utf-8", "surrogatepass"))
