"""Compiled templates, kept as Python keeps modules.

Compiling takes most of the time of rendering a small site, and what comes of it is the same for
every site of one language. So the code is kept as long as the process runs, that a site which is
kept up to date compiles again only the templates that were changed; and the code of the built-in
templates is kept for the next process too, in the folder `__pycache__` of this package, as that of
modules is: whoever can write there can change the program itself. Nothing of a workspace's own
templates is kept there, and no code is taken from a workspace.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import sys
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache, Environment

from tracker.files import write_atomically
from tracker.program_stamp import program_stamp

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.bccache import Bucket

_DIGEST_BYTES = 16


class KeptTemplates(BytecodeCache):
    """The newest code of each template file.

    Args:
        environment: The class of the environments that they are compiled for.
        language: The language of the site.
        builtin: The folder of the templates whose code is kept for other processes, too.
    """

    def __init__(self, environment: type[Environment], language: str, builtin: Path) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}
        self._kind = f"{environment.__name__}.{language}"
        self._builtin = builtin

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return what a template is kept under; file names need not be text as with the library."""
        return f"{name}\0{filename}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it was compiled from the same source."""
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code
            return
        file = self._file(bucket.key)
        if file is None:
            return
        try:
            data = file.read_bytes()
        except OSError:
            return
        written = data[_DIGEST_BYTES:]
        if data[:_DIGEST_BYTES] == _digest(bucket, written):
            bucket.code = marshal.loads(written)  # noqa: S302  # ours, like that of a module
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template in place of what it was before."""
        if bucket.code is None:
            return
        self._keep(bucket)
        if not sys.dont_write_bytecode and (file := self._file(bucket.key)):
            written = marshal.dumps(bucket.code)
            with contextlib.suppress(OSError):
                write_atomically(file, _digest(bucket, written) + written)

    def _keep(self, bucket: Bucket) -> None:
        assert bucket.code is not None  # noqa: S101  # both who call it have given it one
        self._kept[bucket.key] = bucket.checksum, bucket.code

    def _file(self, key: str) -> Path | None:
        """Return where the code of a built-in template is kept; None for that of a workspace's."""
        name, _, source = key.partition("\0")
        if not Path(source).is_relative_to(self._builtin):
            return None
        module = Path(cache_from_source(__file__))
        return module.with_name(f"{name.replace('/', '-')}.{self._kind}.{module.stem}.template")


def _digest(bucket: Bucket, written: bytes) -> bytes:
    """Return what code begins with that this program compiled from a template as it is now."""
    digest = hashlib.blake2b(
        f"{program_stamp()} {bucket.checksum}".encode(), digest_size=_DIGEST_BYTES
    )
    digest.update(written)
    return digest.digest()


@cache
def kept_templates(environment: type[Environment], language: str, builtin: Path) -> KeptTemplates:
    """Return the templates compiled for environments of one class and language.

    Both go into the code: a sandbox has checks in it, and fixed texts are translated in it.

    Args:
        environment: The class.
        language: The language.
        builtin: The folder of the built-in templates.
    """
    return KeptTemplates(environment, language, builtin)
