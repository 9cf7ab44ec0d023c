"""Where in which history a workspace is, as git says it in a few short answers.

Whoever keeps what git told compares this first: what is told of the same commits can be another
thing when the clone is deepened, gets versions that it lacked, or replaces commits.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from msgspec import Struct

from tracker.library.git import git_result, run_git

_DIGEST_BYTES = 16
_PROMISED = ".promisor"
"""Ending of the file beside each pack of a partial clone."""


class GitPlace(Struct, frozen=True):
    """Where in which history a workspace is.

    Attributes:
        top: The folder of the working tree that the workspace lies in.
        head: Full name of the commit that is checked out; empty where nothing is committed.
        ends: The commits at which a shallow clone ends.
        lineage: What the same commits could be told otherwise by: the workspace's folder in the
            repository, the end of a shallow clone, what a partial clone has, grafts and replaced
            objects.
        names: The state of the mail map, by which authors are called otherwise.
    """

    top: Path
    head: str
    ends: frozenset[str]
    lineage: str
    names: str

    @property
    def telling(self) -> str:
        """Return what changes wherever the same commits are told otherwise."""
        return f"{self.lineage} {self.names}"


def place_of(root: Path) -> GitPlace | None:
    """Return where a workspace is; None where git is missing, or it is in no repository."""
    answer = git_result(
        root,
        [
            *("rev-parse", "--is-inside-work-tree", "--show-prefix", "--show-toplevel"),
            *("--git-path", "shallow", "--git-path", "info/grafts", "--git-path", "objects/pack"),
        ],
    )
    if answer is None or answer.returncode:
        return None
    _, prefix, top, *paths = answer.stdout.split(b"\n")
    shallow, grafts, packs = (root / os.fsdecode(path) for path in paths[:3])
    replaced = run_git(root, ["for-each-ref", "--format=%(objectname) %(refname)", "refs/replace"])
    ends = _content(shallow)
    working_tree = Path(os.fsdecode(top))
    return GitPlace(
        working_tree,
        head_of(root),
        frozenset(ends.decode("ascii", "replace").split()),
        _digest(prefix, ends, _content(grafts), replaced or b"", _fetched(packs)),
        _names(working_tree),
    )


def head_of(root: Path) -> str:
    """Return the full name of the commit that is checked out; empty where there is none."""
    found = run_git(root, ["rev-parse", "--verify", "--quiet", "HEAD"])
    return (found or b"").decode().strip()


def _fetched(packs: Path) -> bytes:
    """Return what changes when a partial clone fetches more; empty for a whole one."""
    names = sorted(file.name for file in packs.glob(f"*{_PROMISED}"))
    return os.fsencode("\n".join(names))


def _names(top: Path) -> str:
    settings = run_git(top, ["config", "--path", "--null", "--get-regexp", r"^mailmap\."]) or b""
    files = [top / os.fsdecode(each.partition(b"\n")[2]) for each in settings.split(b"\0")[:-1]]
    return _digest(settings, *map(_content, (top / ".mailmap", *files)))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _digest(*parts: bytes) -> str:
    return hashlib.blake2b(b"\0".join(parts), digest_size=_DIGEST_BYTES).hexdigest()
