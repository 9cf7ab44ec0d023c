"""What a clone has to be told for git to merge and compare records by what they say.

Git takes no programs from a repository, so each clone is told once, in its own settings; which
files they are for is said by `.gitattributes`, which every clone has.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.errors import TrackerError
from tracker.files import write_atomically
from tracker.library.git import git_result, not_trusted, run_git, trust_command
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTRIBUTES_NAME = ".gitattributes"
ATTRIBUTES_LINE = "records/**/*.md diff=tracker merge=tracker"
"""Says which files are records, relative to the workspace."""

_SAMPLE = "records/record.md"
_ADDED = "tracker.addedattributes"
"""Setting that remembers that the line was added here, and is to be taken away again."""

_NO_GIT = Message("git is not installed")
_HEADINGS = r"^(###?[[:space:]]+[^[:space:]].*)$"
"""An extended regular expression for the line that `git diff` shows above a change."""


class GitSetupError(TrackerError):
    """There is no git, no repository, or git refuses; exit code 3."""


class Step(Struct, frozen=True):
    """One thing that was done, or is to be done.

    Attributes:
        what: The setting or the file.
        message: What about it.
    """

    what: str
    message: Message


def driver_command() -> str:
    """Return what git is to run for a record that both sides have changed, for a POSIX shell.

    It does not trust in this program being there: where it is gone or fails, git would keep our
    side alone and say nothing of the other, so that the two are merged by lines instead.
    """
    arguments = "merge-driver %O %A %B %P %L %S %X %Y"
    by_lines = "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
    return (
        f"{_program()} {arguments} || "
        f"{{ test $? = 1 && grep -q '^<<<<<<<' %A && exit 1; {by_lines}; }}"
    )


def _program() -> str:
    """Return how a shell calls this program, whatever folder it is in."""
    folder = Path(sys.executable).parent
    scripts = [folder / "tracker", folder / "tracker.exe"]
    script = next((path for path in scripts if path.is_file()), None)
    # Without -P a folder `tracker` in the work tree would be taken for this program.
    words = (
        [script.as_posix()] if script else [Path(sys.executable).as_posix(), "-P", "-m", "tracker"]
    )
    return shlex.join(words).replace("%", "%%")


def _wanted() -> Mapping[str, str]:
    return {
        "merge.tracker.name": "tracker: records by what they say",
        "merge.tracker.driver": driver_command(),
        "diff.tracker.xfuncname": _HEADINGS,
    }


def set_up(root: Path) -> list[Step]:
    """Tell this clone; return what was done, which is nothing where all was done before.

    Args:
        root: The workspace.

    Raises:
        GitSetupError: See there.
        OSError: `.gitattributes` cannot be written.
    """
    _require_repository(root)
    steps = []
    for key, value in _wanted().items():
        if _setting(root, key) != value:
            _git(root, "config", "--local", "--replace-all", key, value)
            steps.append(Step(key, Message("set for this clone")))
    if not _has_attributes(root):
        _add_attributes(root / ATTRIBUTES_NAME)
        _git(root, "config", "--local", "--replace-all", _ADDED, "true")
        steps.append(
            Step(ATTRIBUTES_NAME, Message("added ‘{line}’; commit it", {"line": ATTRIBUTES_LINE}))
        )
    return steps


def missing(root: Path) -> list[Step]:
    """Return what `set_up` would do.

    Args:
        root: The workspace.

    Raises:
        GitSetupError: See there.
    """
    _require_repository(root)
    steps = []
    for key, value in _wanted().items():
        found = _setting(root, key)
        if found is None:
            steps.append(Step(key, Message("is not set")))
        elif found != value:
            steps.append(Step(key, Message("is set to something else: {value}", {"value": found})))
    if not _has_attributes(root):
        steps.append(Step(ATTRIBUTES_NAME, Message("lacks ‘{line}’", {"line": ATTRIBUTES_LINE})))
    return steps


def take_away(root: Path) -> list[Step]:
    """Undo what `set_up` did; return what was undone.

    Args:
        root: The workspace.

    Raises:
        GitSetupError: See there.
        OSError: `.gitattributes` cannot be written.
    """
    _require_repository(root)
    steps = []
    added = _setting(root, _ADDED) is not None
    for key in (*_wanted(), _ADDED):
        if _setting(root, key) is not None:
            _git(root, "config", "--local", "--unset-all", key)
            if key != _ADDED:
                steps.append(Step(key, Message("removed from this clone")))
    if added and _drop_attributes(root / ATTRIBUTES_NAME):
        steps.append(
            Step(ATTRIBUTES_NAME, Message("took ‘{line}’ away", {"line": ATTRIBUTES_LINE}))
        )
    return steps


# --- .gitattributes -----------------------------------------------------------------------------


def _has_attributes(root: Path) -> bool:
    answer = run_git(root, ["check-attr", "-z", "merge", "diff", "--", _SAMPLE]) or b""
    return answer.split(b"\0")[2::3] == [b"tracker", b"tracker"]


def _add_attributes(file: Path) -> None:
    before = file.read_bytes() if file.exists() else b""
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    gap = newline if before and not before.endswith(b"\n") else b""
    write_atomically(file, before + gap + ATTRIBUTES_LINE.encode() + newline)


def _drop_attributes(file: Path) -> bool:
    """Take the last such line away, or a file with nothing else; tell whether it was there."""
    lines = file.read_bytes().splitlines(keepends=True) if file.exists() else []
    own = [at for at, line in enumerate(lines) if line.strip() == ATTRIBUTES_LINE.encode()]
    if not own:
        return False
    del lines[own[-1]]
    if lines:
        write_atomically(file, b"".join(lines))
    else:
        file.unlink()
    return True


# --- git ----------------------------------------------------------------------------------------


def _require_repository(root: Path) -> None:
    result = git_result(root, ["rev-parse", "--git-dir"])
    if result is None:
        raise GitSetupError(_NO_GIT)
    if result.returncode and (trust := trust_command(root)):
        raise GitSetupError(not_trusted(root, trust))
    if result.returncode:
        raise GitSetupError(
            Message("{folder} is in no git repository; make one with: git init", {"folder": root})
        )


def _setting(root: Path, key: str) -> str | None:
    answer = run_git(root, ["config", "--local", "--get", key])
    return None if answer is None else answer.decode("utf-8", "replace").removesuffix("\n")


def _git(root: Path, *arguments: str) -> None:
    result = git_result(root, list(arguments))
    if result is None:
        raise GitSetupError(_NO_GIT)
    if result.returncode:
        reason = result.stderr.decode("utf-8", "replace").strip()
        raise GitSetupError(Message("git refuses: {reason}", {"reason": reason}))
