"""What the last build was made from, by which it is known that there is nothing to build.

A site depends on the day, the program, the templates, the files of the workspace and what git knows
of them. Files are compared by size, times and number, not by content: a build that has nothing to
do should not have to read ten thousand of them. So that a change within the same tick of the clock
is not missed, what was changed just before a build makes the next one build again; and `tracker
--no-cache` looks at nothing here.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME, RECORDS_DIR
from tracker.file_states import TreeState
from tracker.library.cache_files import UNREADABLE, read_cache_file, write_cache_file
from tracker.library.git import run_git
from tracker.site.build_result import BuildResult  # noqa: TC001  # msgspec reads it at run time

if TYPE_CHECKING:
    from datetime import date

_PACKAGE = Path(__file__).resolve().parent.parent
_TEMPLATES_DIR = "site_templates"
_WORKSPACE_PARTS = (RECORDS_DIR, ATTACHMENTS_DIR, _TEMPLATES_DIR, CONFIG_NAME, ".mailmap")
_PROGRAM_PARTS = (_PACKAGE, _PACKAGE.parent / _TEMPLATES_DIR)
_NOT_PROGRAM = frozenset({"__pycache__"})


class _Kept(msgspec.Struct, array_like=True):
    """A build that was done.

    Attributes:
        request: What was asked for: the day, the folder, and what else makes another site.
        sources: The state of all that a site is made from.
        output: The state of the site's folder afterwards.
        result: What the build did.
    """

    request: str
    sources: bytes
    output: bytes
    result: BuildResult


class LastBuild:
    """The last build of a workspace, compared with one that is asked for now.

    Args:
        root: The workspace.
        output: The site's folder.
        today: The day that the site shows.
        options: What else was asked for that makes another site of the same files.
    """

    def __init__(self, root: Path, output: Path, today: date, options: str = "") -> None:
        self._root = root.resolve()
        self._output = Path(os.path.realpath(output))
        self._request = f"{today.isoformat()} {self._output} {self._root} {options}"
        key = hashlib.blake2b(str(self._output).encode("utf-8", "surrogateescape"), digest_size=8)
        self._name = f"site-{key.hexdigest()}.msgpack"
        self._looked = time.time_ns()
        self._sources = self._look_at_sources()

    def result(self) -> BuildResult | None:
        """Return what the last build did, where a build now would do the same; else None."""
        body = read_cache_file(self._root, self._name)
        if body is None:
            return None
        try:
            kept = _DECODER.decode(body)
        except UNREADABLE:
            return None
        is_same = (
            kept.request == self._request
            and kept.sources == self._sources.digest
            and kept.output == _state_of([self._output]).digest
        )
        return kept.result if is_same else None

    def keep(self, result: BuildResult) -> None:
        """Keep a build that was done from what there was when this object was made.

        Nothing is kept where files were changed so recently that a further change might not show,
        where something has to be said about templates, as it has to be said again, and where
        another build has put its site there in the meantime.
        """
        if result.templates_without_effect:
            return
        if not self._sources.tells(self._looked):
            return
        output = _state_of([self._output]).digest
        if result.folder not in (None, self._output.stat().st_ino):
            return
        kept = _Kept(self._request, self._sources.digest, output, result)
        write_cache_file(self._root, self._name, _ENCODER.encode(kept))

    def _look_at_sources(self) -> TreeState:
        git = run_git(self._root, ["rev-parse", "HEAD", "--git-path", "shallow"]) or b""
        shallow = self._root / os.fsdecode(git.split(b"\n")[1]) if git else None
        places = [
            *(self._root / name for name in _WORKSPACE_PARTS),
            *_PROGRAM_PARTS,
            *([shallow] if shallow else []),
        ]
        found = _state_of(places)
        return found._replace(digest=found.digest + git)


def _state_of(places: list[Path]) -> TreeState:
    return TreeState.of(places, _NOT_PROGRAM)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Kept)
