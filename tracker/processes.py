"""Work shared among processes, where the system can copy the one that runs.

A copy knows everything that its parent knew, so that it needs to be told nothing but the number of
a piece of work, and only what came of it comes back. Where there is no copying (Windows), or it is
not safe (macOS; other threads run), all is done in one process, with the same results.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import struct
import sys
import tempfile
import threading
import traceback
from itertools import chain
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

_NOTHING = object()

Unit = TypeVar("Unit")
Result = TypeVar("Result")


def default_jobs() -> int:
    """Return how many processes can run at once: the processors that this one may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shared(
    work: Callable[[Unit], Result],
    units: Sequence[Unit],
    jobs: int,
    meanwhile: Iterator[object] | None = None,
    own: Sequence[Unit] = (),
) -> Generator[Result, None, None]:
    """Do a piece of work for each unit, and yield the results as they come, in any order.

    Once it is closed, nobody works any more. Where the system lets no more processes run, fewer do
    the work.

    Args:
        work: The work; what it returns is sent between processes.
        units: What it is done for; the longest should come first.
        jobs: How many processes do it, of which the calling one is one: each has memory of its own.
        meanwhile: Does a step of something else whenever it is asked for an item, which the
            calling process does before it takes units itself. The steps should be short; those
            that are left when all units are done are not done.
        own: Further units, which the calling process takes first and others last: who looks at
            the same things all the time has less to look at.

    Raises:
        Exception: Whatever the work raises; other units may have been done by then or not.
    """
    jobs = min(jobs, len(units) + len(own))
    if jobs <= 1 or not _can_copy():
        yield from map(work, chain(units, own))
        return
    with _Workers(work, units, own, jobs - 1) as workers:
        yield from workers.results(meanwhile)


def _can_copy() -> bool:
    return sys.platform not in {"win32", "darwin"} and threading.active_count() == 1


_NUMBER = struct.Struct("=I")


class _Queue:
    """Numbers of units, each of which is taken by one process.

    They stand in a file: copies of a process go on reading where one of them has stopped.
    """

    def __init__(self, numbers: range) -> None:
        self._file = os.memfd_create("units") if hasattr(os, "memfd_create") else _unnamed_file()
        with open(self._file, "wb", closefd=False) as file:
            file.writelines(map(_NUMBER.pack, numbers))
        os.lseek(self._file, 0, os.SEEK_SET)

    def take(self) -> int | None:
        """Return the next number; None where all are taken."""
        number = os.read(self._file, _NUMBER.size)
        return _NUMBER.unpack(number)[0] if number else None

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def _take(queues: Iterable[_Queue]) -> int | None:
    """Return the next number of the first queue that has one; None where none has."""
    return next((number for queue in queues if (number := queue.take()) is not None), None)


def _unnamed_file() -> int:
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


class _Workers(Generic[Unit, Result]):
    """Processes that do units of work beside this one.

    One that dies, such as for want of memory, is not replaced; what it was doing is done here. So
    is what those had to do that the system did not let begin.
    """

    def __init__(
        self,
        work: Callable[[Unit], Result],
        units: Sequence[Unit],
        own: Sequence[Unit],
        count: int,
    ) -> None:
        self._work = work
        self._units = [*units, *own]
        self._count = count
        self._theirs_first = [
            _Queue(range(len(units))),
            _Queue(range(len(units), len(self._units))),
        ]
        self._queues = self._theirs_first[::-1]
        self._connections: list[Connection] = []
        self._processes: list[ForkProcess] = []

    def __enter__(self) -> Self:
        # What is there already need not be searched for cycles in each copy.
        gc.freeze()
        try:
            with _uninterrupted(), contextlib.suppress(OSError):
                for _ in range(self._count):
                    self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _start(self) -> None:
        """Start a process.

        Raises:
            OSError: The system does not let it run.
        """
        # Imported late: most commands have no work to share.
        from multiprocessing import get_context

        context = get_context("fork")
        ours, theirs = context.Pipe()
        inherited = [*self._connections, ours]
        with theirs:
            process = context.Process(
                target=_serve,
                args=(self._work, self._units, self._theirs_first, theirs, inherited),
                daemon=True,
            )
            try:
                process.start()
            except OSError:
                ours.close()
                raise
        self._processes.append(process)
        self._connections.append(ours)

    def _end(self) -> None:
        """Wait until each process has done what it is doing, and let go of all."""
        for connection in self._connections:
            connection.close()
        for process in self._processes:
            process.join()
        for queue in self._queues:
            queue.close()
        gc.unfreeze()

    def results(self, meanwhile: Iterator[object] | None) -> Iterator[Result]:
        """Yield the results as they come, and do units here too, after the steps of `meanwhile`."""
        # Imported late, as above.
        from multiprocessing.connection import wait

        missing = set(range(len(self._units)))
        there_are_more = True
        while self._connections:
            answered = wait(self._connections, timeout=0 if there_are_more else None)
            for connection in cast("list[Connection]", answered):
                try:
                    number, result, error = connection.recv()
                except (EOFError, OSError):
                    self._connections.remove(connection)
                    connection.close()
                    continue
                if error is not None:
                    raise error
                missing.discard(number)
                yield result
            if meanwhile is not None:
                if next(meanwhile, _NOTHING) is _NOTHING:
                    meanwhile = None
            elif there_are_more:
                taken = _take(self._queues)
                if taken is None:
                    there_are_more = False
                    continue
                missing.discard(taken)
                yield self._work(self._units[taken])
        for number in sorted(missing):
            yield self._work(self._units[number])


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put Ctrl-C off until this ends; in a process that begins meanwhile, it never comes.

    It reaches all processes of a terminal; the first of them says what becomes of the work.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(
    work: Callable[[Unit], Result],
    units: Sequence[Unit],
    queues: Sequence[_Queue],
    connection: Connection,
    inherited: Sequence[Connection],
) -> None:
    """Do units of work until there are no more, or until the parent has gone.

    Args:
        work: The work.
        units: What it is done for.
        queues: Where the numbers of units come from, the first of them first.
        connection: Where results go.
        inherited: Copies of the parent's ends of connections, which would keep it from being
            noticed that the parent has gone.
    """
    for other in inherited:
        other.close()
    gc.disable()
    # Where nobody listens any more, nothing is left to be done.
    with contextlib.suppress(OSError):
        while (number := _take(queues)) is not None:
            connection.send((number, *_answer(work, units[number])))


def _answer(work: Callable[[Unit], Result], unit: Unit) -> tuple[Result | None, Exception | None]:
    """Return the result, or the error that the parent has to raise."""
    try:
        return work(unit), None
    except Exception as error:  # noqa: BLE001  # whatever it is, the parent raises it
        error.add_note(traceback.format_exc())
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301  # our own, as the parent will
        except Exception:  # noqa: BLE001  # an error of a library may hold anything
            return None, RuntimeError(traceback.format_exc())
        return None, error
