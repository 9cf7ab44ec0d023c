"""Running git, and reading the contents of many objects with one process."""

from __future__ import annotations

import os
import subprocess
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_SETTINGS = (
    *("-c", "core.quotePath=false", "-c", "log.showSignature=false"),
    *("-c", "i18n.logOutputEncoding=UTF-8"),  # A Chinese console on Windows may have asked for GBK.
    # Otherwise `git diff` writes the index, whatever GIT_OPTIONAL_LOCKS says: a commit made at that
    # moment fails, and a site that is served follows its own looking.
    *("-c", "diff.autoRefreshIndex=false"),
)

_OWN_SETTINGS = (
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    "GIT_CONFIG_PARAMETERS",
)
"""Variables that say where a person's own settings are, and what `git -c` sets for one run."""

_TRUST = "git config --global --add safe.directory"
"""How the line begins in which git says how it is told to trust a repository."""

_LEFT_OUT = b"S "
"""How git marks a file that a sparse checkout leaves out."""

SHORT_NAME = 10
"""Characters of a commit's name that people are shown."""


def run_git(
    root: Path, arguments: list[str], stdin: bytes | None = None, *, own_settings: bool = False
) -> bytes | None:
    """Return what git prints in a folder, as `git_result`; None also where git says no."""
    result = git_result(root, arguments, stdin, own_settings=own_settings)
    return result.stdout if result and result.returncode == 0 else None


def git_result(
    root: Path, arguments: list[str], stdin: bytes | None = None, *, own_settings: bool = False
) -> subprocess.CompletedProcess[bytes] | None:
    """Run git in a folder; None where git is missing.

    The environment is cleaned of variables that point git at another repository (a hook sets
    them) or change what it prints; with `own_settings` those that say where the person's settings
    are stay.
    """
    try:
        return subprocess.run(
            ["git", *_SETTINGS, *arguments],
            cwd=root,
            env=_environment(own_settings=own_settings),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None


def trust_command(root: Path) -> str | None:
    """Return how git is told to trust a repository; empty where it has no doubt.

    It takes none whose folder belongs to another account, as on a shared drive.

    Args:
        root: A folder of the repository.

    Returns:
        None where git cannot be run.
    """
    answer = git_result(root, ["rev-parse", "--git-dir"], own_settings=True)
    if answer is None:
        return None
    lines = answer.stderr.decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in lines if _TRUST in line), "")


def not_trusted(root: Path, command: str) -> Message:
    """Return what is said where git does not trust a repository.

    Args:
        root: A folder of the repository.
        command: What `trust_command` returns.
    """
    return Message(
        "git does not trust {folder}, since it is somebody else's; to trust it: {command}",
        {"folder": root, "command": command},
    )


def _environment(*, own_settings: bool = False) -> dict[str, str]:
    kept = _OWN_SETTINGS if own_settings else ()
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in kept
    }
    return environment | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}


def uncommitted(root: Path, folder: str) -> bytes | None:
    """Return the files in a folder that are not as in the newest commit, each ended by a zero.

    Args:
        root: The workspace.
        folder: The folder in it; files are relative to the workspace.

    Returns:
        None where git cannot say.
    """
    # With the index as it is, `--name-only` has files that were merely touched, too.
    arguments = ("diff", "--numstat", "-z", "--no-renames", "--relative", "HEAD", "--", folder)
    counted = run_git(root, list(arguments))
    if counted is None:
        return None
    return b"".join(line.split(b"\t", 2)[2] + b"\0" for line in counted.split(b"\0") if line)


def not_checked_out(root: Path, folder: str) -> frozenset[str]:
    """Return the files in a folder that a sparse checkout leaves out, relative to the workspace.

    Args:
        root: The workspace.
        folder: The folder in it.
    """
    sparse = run_git(root, ["config", "--type=bool", "--get", "core.sparseCheckout"])
    if sparse != b"true\n":
        return frozenset()
    listing = run_git(root, ["ls-files", "-t", "-z", "--", folder]) or b""
    found = (line for line in listing.split(b"\0") if line.startswith(_LEFT_OUT))
    return frozenset(line.removeprefix(_LEFT_OUT).decode("utf-8", "replace") for line in found)


def read_blobs(root: Path, blobs: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield blobs by their full names with their contents, read by one process one at a time.

    Those that git does not have are left out; so are all where git is missing.

    Args:
        root: A folder of the repository.
        blobs: The names; each is asked for once, in this order.
    """
    left = dict.fromkeys(blobs)
    for name, content in _read_blobs(root, tuple(left)):
        del left[name]
        yield name, content
    # In a partial clone, git gives up at the first object that it would have to fetch.
    if left and (missing := _not_fetched(root)):
        yield from _read_blobs(root, [name for name in left if name not in missing])


def _not_fetched(root: Path) -> frozenset[bytes]:
    """Return the objects that a partial clone lacks, of all branches and what is checked out."""
    if run_git(root, ["config", "--get-regexp", r"\.(promisor|partialclone)$"]) is None:
        return frozenset()
    listing = run_git(root, ["rev-list", "--objects", "--missing=print", "--all", "HEAD"]) or b""
    return frozenset(line[1:] for line in listing.split(b"\n") if line.startswith(b"?"))


def _read_blobs(root: Path, wanted: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    if not wanted:
        return
    # A file, since git may fill the pipe of its answers before it has read all questions.
    with TemporaryFile() as questions:
        questions.write(b"\n".join(wanted) + b"\n")
        questions.seek(0)
        try:
            process = subprocess.Popen(
                ["git", *_SETTINGS, "cat-file", "--batch"],
                cwd=root,
                env=_environment(),
                stdin=questions,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return
        with process:
            if process.stdout:
                yield from _answers(process.stdout)


def _answers(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the blobs in what `git cat-file --batch` answers."""
    while line := stream.readline():
        name, kind, *size = line.split()
        if not size:
            continue  # Git does not have it.
        content = stream.read(int(size[0]))
        stream.read(1)
        if kind == b"blob":
            yield name, content


def git_person(root: Path) -> tuple[str, str]:
    """Return name and e-mail address of whoever works here, as git writes them into commits.

    Each is empty where git is not installed or was never told.
    """
    settings = ("user.name", "user.email")
    found = [run_git(root, ["config", "--get", name], own_settings=True) for name in settings]
    name, email = ((value or b"").decode("utf-8", "replace").strip() for value in found)
    return name, email
