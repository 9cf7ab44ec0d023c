"""What a check of the doctor is given, and what it says."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.command_lines import command_line
from tracker.config_file import load_config
from tracker.library.git import run_git
from tracker.library.record_paths import find_records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tracker.diagnostics import Severity
    from tracker.library.record_paths import FoundFile
    from tracker.translation import Message

_MOST = 3


class Finding(Struct, frozen=True):
    """Something that is wrong, or good to know.

    Attributes:
        severity: An error keeps people from working or loses something, a warning will; what is
            good to know is an info.
        where: The file or the setting; relative to the workspace where it is in there.
        what: What is the matter.
        why: Why it matters.
        mend: The command that mends it, as it is typed into a shell; empty where there is none.
    """

    severity: Severity
    where: str
    what: Message
    why: Message
    mend: str = ""


class Examined:
    """A workspace that is looked at; what several checks ask for is found out once.

    Args:
        root: The workspace.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config, self.config_problems = load_config(root)

    @cached_property
    def files(self) -> list[FoundFile]:
        """Return the records, and what cannot be one; nothing where the folder cannot be listed."""
        try:
            return find_records(self.root)
        except OSError:
            return []

    @cached_property
    def in_repository(self) -> bool:
        """Tell whether the workspace is in a git repository, and there is git."""
        return self.git("rev-parse", "--git-dir") is not None

    def git(self, *arguments: str) -> str | None:
        """Return what git prints with the person's own settings; None where it says no.

        Args:
            arguments: What it is asked.
        """
        found = run_git(self.root, list(arguments), own_settings=True)
        return None if found is None else found.decode("utf-8", "replace").rstrip("\n")

    def setting(self, key: str) -> str:
        """Return a setting of git; empty where it is not set."""
        return self.git("config", "--get", key) or ""


def command(*words: str) -> str:
    """Return a command line, quoted for a shell."""
    return command_line(*words)


def some(names: Sequence[str]) -> str:
    """Return the first of some names, with dots where there are more."""
    return ", ".join([*names[:_MOST], *(["…"] if len(names) > _MOST else [])])
