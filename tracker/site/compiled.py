"""Compiled templates, kept as long as the process runs.

Compiling takes most of the time of rendering a small site, and what comes of it is the same for
every site of one language: a site that is kept up to date compiles again only the templates that
were changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import BytecodeCache, Environment

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.bccache import Bucket


class KeptTemplates(BytecodeCache):
    """The newest code of each template file; nothing is written to the disk."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return what a template is kept under; file names need not be text as with the library."""
        return f"{name}\0{filename}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it was compiled from the same source."""
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template in place of what it was before."""
        if bucket.code is not None:
            self._kept[bucket.key] = bucket.checksum, bucket.code


_KEPT: dict[tuple[type[Environment], str], KeptTemplates] = {}


def kept_templates(environment: type[Environment], language: str) -> KeptTemplates:
    """Return the templates compiled for environments of one class and language.

    Both go into the code: a sandbox has checks in it, and fixed texts are translated in it.
    """
    return _KEPT.setdefault((environment, language), KeptTemplates())
