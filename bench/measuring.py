"""Measures one process with all that it starts: time on the clock, processor time, memory."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PROC = Path("/proc")
_LOOK_EVERY_SECONDS = 0.003
_WORDS_OF_A_FAILURE = 300
"""Characters at the end of what a process said that are kept."""


@dataclass(frozen=True)
class Measurement:
    """One run of a process.

    Attributes:
        wall: Seconds from its start to its end.
        cpu: Seconds of processor time, in the system too, with those of the processes that it
            started and waited for.
        memory: The most bytes that it and its descendants held at one time, pages that several
            of them share counted once; None where that was not asked for or cannot be known.
        code: The exit code; negative where a signal ended it.
        said: The end of what it wrote to stderr, and to stdout where that is nothing.
    """

    wall: float
    cpu: float
    memory: int | None
    code: int
    said: str


def measure(
    command: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    with_memory: bool = False,
    patience: float | None = None,
) -> Measurement:
    """Run a command to its end.

    Args:
        command: Program and arguments.
        folder: Where it runs.
        environment: Variables beyond those of this process.
        with_memory: Whether to watch the memory, which takes some of the machine's time: the
            times of such a run are not for comparing.
        patience: Seconds after which it is ended; the code is that of the signal then.

    Raises:
        OSError: It cannot be started.
    """
    # To files: a pipe that is full would make the process wait.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # a command of our own making
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            with _watched(process.pid, with_memory) as watch, _ended_after(process.pid, patience):
                _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            # It does not get the Ctrl-C of this process, being in a session of its own.
            _end(process.pid)
            raise
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        said = ""
        for stream in (errors, output):
            stream.seek(0)
            said = said or stream.read().decode("utf-8", "replace").strip()
    return Measurement(
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=watch.most or None,
        code=process.returncode,
        said=said[-_WORDS_OF_A_FAILURE:],
    )


@contextlib.contextmanager
def _ended_after(pid: int, patience: float | None) -> Iterator[None]:
    """End a process and its descendants when the patience is over."""
    if patience is None:
        yield
        return

    timer = threading.Timer(patience, _end, [pid])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(pid: int) -> None:
    """End a process and its descendants, if it still runs."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


class _Watch:
    """What was seen of the memory of a process.

    Attributes:
        most: Bytes.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self.most = 0

    def look(self) -> None:
        """Look again and again until the process is over."""
        while not self._over.wait(_LOOK_EVERY_SECONDS):
            self.most = max(self.most, sum(map(_held, _family(self._pid))))

    def stop(self) -> None:
        """Look no more."""
        self._over.set()


@contextlib.contextmanager
def _watched(pid: int, wanted: bool) -> Iterator[_Watch]:  # noqa: FBT001  # passed on as it came
    watch = _Watch(pid)
    # Known on Linux alone: the largest process that was waited for, which other systems tell,
    # says nothing of several at one time.
    if not (wanted and _PROC.is_dir()):
        yield watch
        return
    thread = threading.Thread(target=watch.look)
    thread.start()
    try:
        yield watch
    finally:
        watch.stop()
        thread.join()


def _family(pid: int) -> Iterator[int]:
    """Yield a process and its descendants."""
    yield pid
    try:
        threads = list((_PROC / str(pid) / "task").iterdir())
        for thread in threads:
            for child in (thread / "children").read_text("ascii").split():
                yield from _family(int(child))
    except OSError:
        return  # It is over.


def _held(pid: int) -> int:
    """Return the bytes that a process holds, its share of those that it shares with others."""
    try:
        summary = (_PROC / str(pid) / "smaps_rollup").read_text("ascii")
    except OSError:
        return 0  # It is over.
    for line in summary.splitlines():
        if line.startswith("Pss:"):
            return 1024 * int(line.split()[1])
    return 0
