"""What git can bring back of two records once they are one."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from tracker.command_lines import command_line
from tracker.library.git import run_git
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_RESTORED = frozenset({"??", "!!", "AU", "UD", "UA", "AA", "UU"})
"""How git marks a file that it does not know or ignores, or that is in an unfinished merge."""


class Kept(Enum):
    """What git has of a file."""

    WHOLE = auto()
    """All that it holds."""

    OLDER = auto()
    """What the file was before its last changes."""

    NOTHING = auto()
    """Nothing, or not without settling a conflict first."""


class Undoing(Struct, frozen=True):
    """How a merge of two records can be undone with git.

    Attributes:
        gone: The record whose file is removed.
        kept: What git has of each of the two.
        command: What brings back all that git has.
    """

    gone: str
    kept: dict[str, Kept]
    command: str

    def warnings(self) -> Iterator[Message]:
        """Yield what is to be known before the merge, since it cannot be mended afterwards."""
        if Kept.NOTHING in self.kept.values() and len(set(self.kept.values())) == 1:
            yield Message("git does not keep these files, so this cannot be undone")
        elif self.kept[self.gone] is Kept.NOTHING:
            yield Message(
                "git does not keep {gone}, so this cannot be undone; commit the file first to be "
                "able to",
                {"gone": self.gone},
            )
        elif changed := self._not_whole():
            yield Message(
                "not committed, so git cannot bring it back: {changed}", {"changed": changed}
            )

    def afterwards(self) -> Message | None:
        """Return how the merge is undone, now that it is done; None where it cannot be."""
        changed = self._not_whole()
        values = {"command": self.command, "changed": changed}
        # Without the other file, bringing back this one would lose what has come from there.
        if self.kept[self.gone] is Kept.NOTHING:
            return None
        if not changed:
            return Message("to undo it: {command}", values)
        return Message(
            "git brings back what is committed: {command}; not committed was: {changed}", values
        )

    def _not_whole(self) -> tuple[str, ...]:
        return tuple(path for path, kept in self.kept.items() if kept is not Kept.WHOLE)


def undoing(root: Path, path: str, gone: str) -> Undoing:
    """Find out how a merge that is to be made could be undone.

    Args:
        root: The workspace.
        path: The record that stays, relative to it.
        gone: The one whose file will be removed.
    """
    kept = {each: _kept(root, each) for each in (path, gone)}
    known = [each for each, state in kept.items() if state is not Kept.NOTHING]
    started_here = Path.cwd() == root and not _is_elsewhere()
    elsewhere = () if started_here else ("-C", str(root))
    command = command_line("git", *elsewhere, "restore", "--", *known)
    return Undoing(gone, kept, command)


def _is_elsewhere() -> bool:
    """Tell whether `-C DIR` was given, so that the person's shell stands in another folder."""
    context = click.get_current_context(silent=True)
    return bool(context and context.find_root().params.get("folder"))


def _kept(root: Path, path: str) -> Kept:
    """Return what git would restore a file to: what it holds, or was, or nothing."""
    # What was never added is asked for too, whatever the person's settings hide.
    options = ("--porcelain", "--ignored", "--untracked-files=all")
    found = run_git(root, ["status", *options, "--", f":(literal){path}"])
    if found is None:
        return Kept.NOTHING
    state = found[:2].decode()
    if not state:
        return Kept.WHOLE
    if state in _NOT_RESTORED or state[0] == "D":
        return Kept.NOTHING
    return Kept.WHOLE if state[1] == " " else Kept.OLDER
