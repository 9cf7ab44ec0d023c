"""Opens encrypted sites by docs/encryption.md alone, sharing no code with what makes them."""

from __future__ import annotations

import re
import zlib
from base64 import b64decode
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

if TYPE_CHECKING:
    from pathlib import Path

_SCRIPT = re.compile(rb'trackerSealed\("([A-Za-z0-9+/]+={0,2})"\);\n')


class EncryptedReader:
    """Reads files of an encrypted site.

    Args:
        site: Its folder.
        passphrase: What opens it.

    Raises:
        InvalidTag: The passphrase is not the site's.
    """

    def __init__(self, site: Path, passphrase: str) -> None:
        page = (site / "index.html").read_text("utf-8")
        facts = dict(re.findall(r'data-(salt|iterations|check)="([^"]*)"', page))
        self._site = site
        self._salt = b64decode(facts["salt"])
        kdf = PBKDF2HMAC(hashes.SHA256(), 32, self._salt, int(facts["iterations"]))
        self._root = kdf.derive(passphrase.encode())
        assert self.opened("", b64decode(facts["check"])) == b""

    def _key(self, info: bytes) -> bytes:
        return HKDF(hashes.SHA256(), 32, self._salt, info).derive(self._root)

    def file(self, path: str) -> Path:
        """Return where the file of a path in the plain site lies."""
        mac = HMAC(self._key(b"tracker site 1 names"), hashes.SHA256())
        mac.update(path.encode())
        name = mac.finalize()[:16].hex()
        return self._site / "sealed" / name[:2] / f"{name[2:]}.js"

    def read(self, path: str) -> bytes:
        """Return the content of a file of the plain site.

        Raises:
            FileNotFoundError: The site has it not.
            InvalidTag: It is not what was written for this path by this build.
        """
        script = _SCRIPT.fullmatch(self.file(path).read_bytes())
        assert script, path
        return self.opened(path, b64decode(script[1]))

    def opened(self, path: str, sealed: bytes) -> bytes:
        """Return what is in the bytes of a file.

        Raises:
            InvalidTag: They are not what was written for this path by this build.
        """
        version, nonce, content = sealed[:1], sealed[1:13], sealed[13:]
        assert version == b"\x01"
        bound_to = version + self._salt + path.encode()
        padded = AESGCM(self._key(b"tracker site 1 content")).decrypt(nonce, content, bound_to)
        length = int.from_bytes(padded[:4], "big")
        assert not padded[4 + length :].strip(b"\0")
        return zlib.decompress(padded[4 : 4 + length])
