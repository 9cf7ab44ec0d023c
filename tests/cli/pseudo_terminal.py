"""Programs run on a pseudo-terminal, with somebody typing."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

pty = pytest.importorskip("pty", reason="needs pseudo-terminals")

if TYPE_CHECKING:
    from pathlib import Path


def on_terminal(
    folder: Path, program: list[str], typed: str = "", **environment: str
) -> tuple[int, str]:
    r"""Run Python with stdin, stdout and stderr on a terminal.

    Args:
        folder: Where it runs.
        program: The arguments of Python.
        typed: What somebody types ahead; `\x04` ends the input.
        environment: Variables set besides those of this process.

    Returns:
        The exit code, and what appeared on the terminal, what was typed included.
    """
    master, slave = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, *program],
        cwd=folder,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", **environment},
    )
    os.close(slave)
    os.write(master, typed.encode())
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # Linux says so, others send nothing, when the last writer has gone
            break
        if not part:
            break
        shown += part
    os.close(master)
    return running.wait(timeout=60), shown.decode()


def tracker_on_terminal(
    folder: Path, *arguments: str, typed: str = "", **environment: str
) -> tuple[int, str]:
    """Run a command line of tracker on a terminal; return its exit code and what appeared."""
    return on_terminal(folder, ["-m", "tracker", *arguments], typed, **environment)
