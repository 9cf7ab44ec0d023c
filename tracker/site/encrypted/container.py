"""The files of an encrypted site: how a path becomes a name, and content a script to be opened.

docs/encryption.md describes the format, and `site_templates/shell/vault.js` opens it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import zlib
from base64 import b64encode

from tracker.exchange.extras import require
from tracker.site.encrypted.passphrase import normalised

FOLDER = "sealed"
"""Where the encrypted files of a site lie."""

VERSION = 1
"""The version of the format; the first byte of every file, and a part of what keys are made for."""

ITERATIONS = 600_000
"""Rounds of PBKDF2-HMAC-SHA256, as OWASP's Password Storage Cheat Sheet has them (August 2026)."""

_SALT_BYTES = 16
_KEY_BYTES = 32
_NONCE_BYTES = 12
_NAME_DIGITS = 32
_LENGTH_BYTES = 4
_LEAST_BYTES = 1024
"""What is shorter is padded to so much: calendars and cards of customers are all alike."""


class SiteKeys:
    """The keys of one build of a site: no other has the same, with the same passphrase neither.

    Args:
        passphrase: What opens the site.

    Attributes:
        salt: What the keys are made from besides the passphrase; no secret.

    Raises:
        MissingExtraError: The library that encrypts is not installed.
    """

    def __init__(self, passphrase: str) -> None:
        require("cryptography", "encrypt")
        # Imported late: it is an extra, and now it is there.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self.salt = os.urandom(_SALT_BYTES)
        secret = normalised(passphrase).encode()
        root = hashlib.pbkdf2_hmac("sha256", secret, self.salt, ITERATIONS, _KEY_BYTES)
        self._cipher = AESGCM(self._derived(root, "content"))
        self._name_key = self._derived(root, "names")

    def _derived(self, root: bytes, purpose: str) -> bytes:
        # Imported late: it is an extra.
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = f"tracker site {VERSION} {purpose}".encode()
        return HKDF(SHA256(), _KEY_BYTES, self.salt, info).derive(root)

    def name(self, path: str) -> str:
        """Return where in the encrypted site a file lies, which tells nothing of its path.

        Args:
            path: The file in the plain site, with `/`.
        """
        digest = hmac.digest(self._name_key, _path_bytes(path), "sha256").hex()[:_NAME_DIGITS]
        return f"{FOLDER}/{digest[:2]}/{digest[2:]}.js"

    def sealed(self, path: str, data: bytes) -> bytes:
        """Return a file's content as it opens under this path, with these keys, unchanged or not.

        Args:
            path: The file in the plain site.
            data: Its content.
        """
        packed = zlib.compress(data)
        content = len(packed).to_bytes(_LENGTH_BYTES, "big") + packed
        content = content.ljust(padded_length(len(content)), b"\0")
        version, nonce = bytes([VERSION]), os.urandom(_NONCE_BYTES)
        bound_to = version + self.salt + _path_bytes(path)
        return version + nonce + self._cipher.encrypt(nonce, content, bound_to)

    def script(self, path: str, data: bytes) -> bytes:
        """Return what `sealed` returns as a classic script: a browser loads one from any place."""
        return b'trackerSealed("%s");\n' % b64encode(self.sealed(path, data))


def padded_length(length: int) -> int:
    """Return the length in bytes that content of a length is padded to.

    Lengths are rounded as by Padmé (Nikitin and others, 2019): at most an eighth is added, and of
    n bits of a length about log n are left to be seen.
    """
    exponent = length.bit_length() - 1
    coarse = exponent - exponent.bit_length()
    mask = (1 << coarse) - 1 if coarse > 0 else 0
    return max((length + mask) & ~mask, _LEAST_BYTES)


def _path_bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
