"""Programs run on a pseudo-terminal, with somebody typing."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Self

import pytest

pty = pytest.importorskip("pty", reason="needs pseudo-terminals")

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

PATIENCE_SECONDS = 60
"""Time after which what is waited for will not appear any more."""

_CODES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>])")


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
        if not select.select([master], [], [], PATIENCE_SECONDS)[0]:
            running.kill()
            pytest.fail(f"it waits for somebody to type: {shown.decode(errors='replace')}")
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


class Conversation:
    """Python on a terminal, with somebody who waits for what appears before typing on.

    Args:
        folder: Where it runs.
        program: The arguments of Python.
        environment: Variables set besides those of this process.

    Attributes:
        shown: What has appeared, without what moves the cursor or sets colours.
    """

    def __init__(self, folder: Path, program: list[str], **environment: str) -> None:
        self._master, slave = pty.openpty()
        self._running = subprocess.Popen(
            [sys.executable, *program],
            cwd=folder,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", **environment},
        )
        os.close(slave)
        self.shown = ""
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._running.poll() is None:
            self._running.kill()
            self._running.wait()
        os.close(self._master)

    def _read(self) -> bool:
        """Take in what has appeared; tell whether more may come."""
        ready, _, _ = select.select([self._master], [], [], 0.1)
        if not ready:
            return True
        try:
            part = os.read(self._master, 65536)
        except OSError:  # Linux says so when the last writer has gone
            return False
        self.shown += _CODES.sub("", part.decode("utf-8", "replace")).replace("\r", "")
        return bool(part)

    def wait_for(self, text: str) -> str:
        """Wait until a text appears behind what was waited for last; return what came before."""
        end = time.monotonic() + PATIENCE_SECONDS
        while text not in self.shown[self._seen :]:
            assert time.monotonic() < end, self.shown
            assert self._read() or text in self.shown[self._seen :], self.shown
        start = self._seen
        self._seen = self.shown.index(text, start) + len(text)
        return self.shown[start : self._seen]

    def type(self, text: str) -> None:
        """Type a text."""
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C while no prompt reads keys, as the terminal itself would pass it on."""
        os.killpg(self._running.pid, signal.SIGINT)

    def end(self) -> int:
        """Wait for the end; return the exit code."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self._read():
            assert time.monotonic() < end, self.shown
        return self._running.wait(timeout=PATIENCE_SECONDS)
