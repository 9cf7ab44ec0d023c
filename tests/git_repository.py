"""A real git repository for tests."""

from __future__ import annotations

import os
import subprocess
from copy import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class Repository:
    """A git repository with commits on days of our choosing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.write("tracker.yaml", "language: zh\n")

    def clone(self, folder: Path) -> Repository:
        """Return a new clone of it."""
        self.git("clone", "-q", str(self.folder), str(folder))
        clone = copy(self)
        clone.folder = folder
        return clone

    def git(
        self,
        *arguments: str,
        day: str = "2026-01-01",
        clock: str = "12:00:00+08:00",
        author: str = "Li Lei",
        committed: str = "2026-12-31",
    ) -> str:
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("GIT_")
        }
        environment |= {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_DATE": f"{day}T{clock}",
            "GIT_COMMITTER_DATE": f"{committed}T12:00:00+08:00",
            **{f"GIT_{role}_NAME": author for role in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{role}_EMAIL": "lilei@example.com" for role in ("AUTHOR", "COMMITTER")},
        }
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, day: str, clock: str = "12:00:00+08:00") -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", day, day=day, clock=clock)

    def record(self, path: str, stage: str, day: str | None = None, text: str = "") -> None:
        self.write(path, f"---\nname: A\nstage: {stage}\nowner: B\n---\n{text}")
        if day:
            self.commit(day)


def git_calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which the name of each git command is added from now on."""
    calls: list[str] = []
    start = subprocess.Popen

    def counted(command: list[str], *arguments: object, **options: object) -> object:
        calls.append(next(word for word in command[1:] if word != "-c" and "=" not in word))
        return start(command, *arguments, **options)  # type: ignore[call-overload]  # handed on as they came

    monkeypatch.setattr(subprocess, "Popen", counted)
    return calls
