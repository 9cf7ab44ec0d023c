"""What the last build was made from, by which it is known that there is nothing to build.

A site depends on the day, the program, the templates, the files of the workspace and what git knows
of them. Files are compared by size, times and number, not by content: a build that has nothing to
do should not have to read ten thousand of them. So that a change within the same tick of the clock
is not missed, what was changed just before a build makes the next one build again; and `tracker
--no-cache` looks at nothing here.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME, RECORDS_DIR, TEMPLATES_DIR
from tracker.file_states import TreeState
from tracker.library.cache_files import UNREADABLE
from tracker.library.git import trust_command, uncommitted
from tracker.library.git_place import place_of
from tracker.program_stamp import program_stamp
from tracker.site.build_result import BuildResult  # noqa: TC001  # msgspec reads it at run time
from tracker.site.output_cache import OutputCache

if TYPE_CHECKING:
    from datetime import date

_WORKSPACE_PARTS = (RECORDS_DIR, ATTACHMENTS_DIR, TEMPLATES_DIR, CONFIG_NAME)
_BUILTIN_TEMPLATES = Path(__file__).resolve().parent.parent.parent / TEMPLATES_DIR
"""Those of a checkout; in a wheel they are files of the program."""


class _Kept(msgspec.Struct, array_like=True):
    """A build that was done.

    Attributes:
        request: The program, and what was asked for: the day and the workspace.
        sources: The state of all that a site is made from.
        output: The state of the site's folder afterwards.
        result: What the build did.
    """

    request: bytes
    sources: bytes
    output: bytes
    result: BuildResult


class LastBuild:
    """The last build of a workspace, compared with one that is asked for now.

    Args:
        root: The workspace.
        output: The site's folder.
        today: The day that the site shows.
    """

    def __init__(self, root: Path, output: Path, today: date) -> None:
        self._root = root.resolve()
        self._output = Path(os.path.realpath(output))
        # Bytes, as names of folders are not text everywhere.
        self._request = f"{program_stamp()} {today.isoformat()} ".encode() + bytes(self._root)
        self._cache = OutputCache(self._root, self._output, "site")
        self._place = place_of(self._root)
        self._looked = time.time_ns()
        self._sources = self._look_at_sources()

    def result(self) -> BuildResult | None:
        """Return what the last build did, where a build now would do the same; else None."""
        body = self._cache.read()
        if body is None:
            return None
        try:
            kept = _DECODER.decode(body)
        except UNREADABLE:
            return None
        is_same = (
            kept.request == self._request
            and kept.sources == self._sources.digest
            and kept.output == TreeState.of([self._output]).digest
        )
        return kept.result if is_same else None

    def keep(self, result: BuildResult) -> None:
        """Keep a build that was done from what there was when this object was made.

        Nothing is kept where files were changed so recently that a further change might not show,
        where something has to be said about templates, as it has to be said again, where git told
        the build something else or failed, and where somebody else has written to the site's folder
        or taken it away, or another build has put its site there, in the meantime.
        """
        if result.templates_without_effect:
            return
        if result.commit != (self._place.head if self._place else ""):
            return
        if not self._sources.tells(self._looked):
            return
        output = TreeState.of([self._output])
        try:
            folder = self._output.stat()
        except OSError:
            return
        if result.folder not in (None, folder.st_ino):
            return
        written = max(output.written, folder.st_mtime_ns)
        if result.finished is not None and written > result.finished:
            return
        kept = _Kept(self._request, self._sources.digest, output.digest, result)
        self._cache.write(_ENCODER.encode(kept))

    def _look_at_sources(self) -> TreeState:
        places = [*(self._root / name for name in _WORKSPACE_PARTS), _BUILTIN_TEMPLATES]
        found = TreeState.of(places)
        if self._place is None:
            # The site says why git tells nothing.
            return found._replace(digest=found.digest + repr(trust_command(self._root)).encode())
        place = f"{self._place.head} {self._place.telling} ".encode()
        git = place + (uncommitted(self._root, RECORDS_DIR) or b"")
        return found._replace(digest=found.digest + git)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Kept)
