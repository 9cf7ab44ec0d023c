"""Work shared among processes, where the system can copy the one that runs.

A copy knows everything that its parent knew, so that only the number of a piece of work goes to it,
and only what came of it comes back. Where there is no copying (Windows), or it is not safe (macOS;
other threads run), all is done in one process, with the same results.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
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
) -> Iterator[Result]:
    """Do a piece of work for each unit, and yield the results as they come, in any order.

    Args:
        work: The work; what it returns is sent between processes.
        units: What it is done for; the longest should come first.
        jobs: How many processes do it; the calling one only waits where there are several.
        meanwhile: Does a step of something else whenever it is asked for an item, which the
            calling process does as long as it would only wait. The steps should be short; those
            that are left in the end are not done.

    Raises:
        Exception: Whatever the work raises; other units may have been done by then or not.
    """
    jobs = min(jobs, len(units))
    if jobs <= 1 or not _can_copy():
        yield from map(work, units)
        return
    with _Workers(work, units, jobs) as workers:
        yield from workers.results(meanwhile)


def _can_copy() -> bool:
    return sys.platform not in {"win32", "darwin"} and threading.active_count() == 1


class _Workers(Generic[Unit, Result]):
    """Processes that do units of work as they are told.

    One that dies, such as for want of memory, is not replaced; its units are done here.
    """

    def __init__(self, work: Callable[[Unit], Result], units: Sequence[Unit], jobs: int) -> None:
        self._work = work
        self._units = units
        self._next = iter(range(len(units)))
        self._doing: dict[Any, list[int]] = {}
        self._processes: list[ForkProcess] = []
        # What is there already need not be searched for cycles in each copy.
        gc.freeze()
        # Imported late: most commands have no work to share.
        from multiprocessing import get_context

        context = get_context("fork")
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=_serve, args=(work, units, theirs, [*self._doing, ours]), daemon=True
            )
            process.start()
            theirs.close()
            self._processes.append(process)
            self._doing[ours] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._doing:
            connection.close()
        for process in self._processes:
            process.join()
        gc.unfreeze()

    def results(self, meanwhile: Iterator[object] | None) -> Iterator[Result]:
        """Yield the results as they come, and do steps of something else while there are none."""
        # Imported late, as above.
        from multiprocessing.connection import wait

        self._give(1)
        while self._doing:
            answered = wait(list(self._doing), timeout=0 if meanwhile else None)
            if meanwhile and not answered:
                # So that none of them waits for this process while it does something else.
                self._give(2)
                if next(meanwhile, _NOTHING) is _NOTHING:
                    meanwhile = None
            for connection in cast("list[Connection]", answered):
                try:
                    result, error = connection.recv()
                except (EOFError, OSError):
                    for number in self._doing.pop(connection):
                        yield self._work(self._units[number])
                    continue
                if error is not None:
                    raise error
                del self._doing[connection][0]
                self._give(1)
                yield result
        # Where all processes died, the rest is done here.
        for number in self._next:
            yield self._work(self._units[number])

    def _give(self, most: int) -> None:
        """Give each process units until it has that many; one for which there are none ends."""
        for connection, numbers in list(self._doing.items()):
            while len(numbers) < most and (number := next(self._next, None)) is not None:
                numbers.append(number)
                _send(connection, number)
            if not numbers:
                _send(connection, None)
                del self._doing[connection]
                connection.close()


def _send(connection: Connection, number: int | None) -> None:
    """Tell a process what to do, or to end; one that has died is noticed by what it answers."""
    with contextlib.suppress(OSError):
        connection.send(number)


def _serve(
    work: Callable[[Unit], Result],
    units: Sequence[Unit],
    connection: Connection,
    inherited: Sequence[Connection],
) -> None:
    """Do units of work until none is given, or until the parent has gone.

    Args:
        work: The work.
        units: What it is done for.
        connection: Where the numbers of units come from, and where results go.
        inherited: Copies of the parent's ends of connections, which would keep it from being
            noticed that the parent has gone.
    """
    # Ctrl-C reaches all processes of a terminal; the parent says what becomes of the work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in inherited:
        other.close()
    gc.disable()
    try:
        while (number := connection.recv()) is not None:
            connection.send(_answer(work, units[number]))
    except (EOFError, OSError):
        return


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
