"""Commands run in copies of this process, which have all modules loaded and may be killed."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BROKEN = 99
"""Exit code of a copy in which Python itself raised something."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a copy ended.

    Attributes:
        code: Its exit code; negative for the signal that killed it.
        out: What it printed.
        err: What it said.
    """

    code: int
    out: str
    err: str


class Copy:
    """A copy of this process that does one thing.

    Args:
        work: The thing; returns an exit code.
        folder: Where it is done.
    """

    def __init__(self, work: Callable[[], int], folder: Path) -> None:
        self._out = tempfile.TemporaryFile()  # noqa: SIM115  # closed at the end
        self._err = tempfile.TemporaryFile()  # noqa: SIM115  # likewise
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            self._do(work, folder)

    def _do(self, work: Callable[[], int], folder: Path) -> NoReturn:
        # The code of a work that cannot even begin.
        code = BROKEN
        try:
            os.setpgid(0, 0)
            os.dup2(self._out.fileno(), 1)
            os.dup2(self._err.fileno(), 2)
            os.chdir(folder)
            code = work()
        except BaseException:  # noqa: BLE001  # nothing of the parent's may run here
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def kill_after(self, seconds: float) -> None:
        """Kill the copy, with all that it started, unless it has ended by then."""
        time.sleep(seconds)
        try:
            os.killpg(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            # Not yet a group of its own, or gone by itself.
            os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> Ended:
        """Wait for its end."""
        _, status = os.waitpid(self._pid, 0)
        texts = []
        for stream in (self._out, self._err):
            with stream:
                stream.seek(0)
                texts.append(stream.read().decode("utf-8", "replace"))
        return Ended(os.waitstatus_to_exitcode(status), *texts)


def run_command(arguments: Sequence[str]) -> int:
    """Run a command line of tracker, as its own process would; return the exit code."""
    # Imported late: the copies have it from their parent.
    from tracker.cli.main import run

    return run(list(arguments))


def run_in_copy(work: Callable[[], int], folder: Path) -> Ended:
    """Do something in a copy of this process."""
    return Copy(work, folder).wait()


def memory_folder() -> Path | None:
    """Return a folder of a file system in memory, which spares disks; None for the usual one."""
    folder = Path("/dev/shm")  # noqa: S108  # folders of our own are made in it
    return folder if os.access(folder, os.W_OK) else None
