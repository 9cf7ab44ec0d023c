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
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME, RECORDS_DIR
from tracker.library.cache_files import UNREADABLE, read_cache_file, write_cache_file
from tracker.library.git import run_git
from tracker.site.build_result import BuildResult  # noqa: TC001  # msgspec reads it at run time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

_PACKAGE = Path(__file__).resolve().parent.parent
_TEMPLATES_DIR = "site_templates"
_WORKSPACE_PARTS = (RECORDS_DIR, ATTACHMENTS_DIR, _TEMPLATES_DIR, CONFIG_NAME, ".mailmap")
_PROGRAM_PARTS = (_PACKAGE, _PACKAGE.parent / _TEMPLATES_DIR)
_NOT_PROGRAM = ("__pycache__",)

_TICK_NANOSECONDS = 2_000_000_000
"""Files changed so shortly before they are looked at could be changed again without showing it:
some file systems count time in steps of two seconds."""


class _State(NamedTuple):
    """Files as they are.

    Attributes:
        digest: What no two states have in common.
        newest: When anything was changed last, in nanoseconds.
    """

    digest: bytes
    newest: int


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
        if self._sources.newest > self._looked - _TICK_NANOSECONDS:
            return
        output = _state_of([self._output]).digest
        if result.folder not in (None, self._output.stat().st_ino):
            return
        kept = _Kept(self._request, self._sources.digest, output, result)
        write_cache_file(self._root, self._name, _ENCODER.encode(kept))

    def _look_at_sources(self) -> _State:
        git = run_git(self._root, ["rev-parse", "HEAD", "--git-path", "shallow"]) or b""
        shallow = self._root / os.fsdecode(git.split(b"\n")[1]) if git else None
        places = [
            *(self._root / name for name in _WORKSPACE_PARTS),
            *_PROGRAM_PARTS,
            *([shallow] if shallow else []),
        ]
        found = _state_of(places)
        return _State(_digest([found.digest, git]), found.newest)


def _state_of(places: list[Path]) -> _State:
    """Return the state of files and of all that folders hold; absent ones count as such."""
    newest = 0
    parts: list[bytes] = []
    for place in places:
        parts.append(os.fsencode(place))
        for path, status in _files(place):
            parts.append(
                b"%s\0%d %d %d %d"
                % (
                    os.fsencode(path),
                    status.st_size,
                    status.st_mtime_ns,
                    status.st_ctime_ns,
                    status.st_ino,
                )
            )
            newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
    return _State(_digest(parts), newest)


def _files(place: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield a file, or everything within a folder in a fixed order; links lead to their files."""
    try:
        with os.scandir(place) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except NotADirectoryError:
        yield str(place), place.stat()
        return
    except OSError:
        return
    for entry in entries:
        if entry.name in _NOT_PROGRAM:
            continue
        try:
            status = entry.stat()
        except OSError:
            continue
        yield entry.path, status
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))


def _digest(parts: list[bytes]) -> bytes:
    return hashlib.blake2b(b"\0\0".join(parts), digest_size=16).digest()


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Kept)
