"""Work shared among processes: all of it done once, whatever happens to them."""

from __future__ import annotations

import errno
import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.errors import OutputError
from tracker.processes import shared
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY = Path(__file__).resolve().parent.parent

copies = pytest.mark.skipif(
    sys.platform in {"win32", "darwin"}, reason="processes are not copied here"
)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads of pytest's own workers do not matter to the work of these tests."""
    monkeypatch.setattr("tracker.processes.threading.active_count", lambda: 1)


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_every_unit_is_done_once(jobs: int, count: int) -> None:
    units = [f"unit {number}" for number in range(count)]
    assert sorted(shared(str.upper, units, jobs)) == sorted(map(str.upper, units))


@copies
def test_several_processes_do_it() -> None:
    def who(_: int) -> int:
        time.sleep(0.02)
        return os.getpid()

    found = set(shared(who, range(12), 3))
    assert len(found) == 3
    assert os.getpid() in found


@copies
def test_the_caller_takes_its_own_units_first_and_others_last() -> None:
    caller = os.getpid()
    by_caller: list[str] = []
    by_others: list[str] = []

    def work(unit: str) -> tuple[str, int]:
        time.sleep(0.02)
        return unit, os.getpid()

    for unit, pid in shared(work, ["a", "b", "c"], 2, own=["x", "y", "z"]):
        (by_caller if pid == caller else by_others).append(unit)
    assert by_caller[:2] == ["x", "y"]
    assert by_others[:2] == ["a", "b"]
    assert sorted(by_caller + by_others) == ["a", "b", "c", "x", "y", "z"]


def test_own_units_are_done_by_one_process_too() -> None:
    assert list(shared(str.upper, ["a"], 1, own=["b"])) == ["A", "B"]


@copies
def test_the_caller_does_something_else_meanwhile() -> None:
    done: list[int] = []

    def steps() -> Iterator[None]:
        for number in range(5):
            done.append(number)
            yield

    def work(number: int) -> int:
        time.sleep(0.02)
        return number

    assert sorted(shared(work, range(20), 2, steps())) == list(range(20))
    assert done == list(range(5))


@copies
def test_nobody_waits_for_a_caller_that_is_busy(tmp_path: Path) -> None:
    def busy() -> Iterator[None]:
        until = time.monotonic() + 30
        while len(list(tmp_path.iterdir())) < 9:
            assert time.monotonic() < until
            time.sleep(0.01)
        yield

    def work(number: int) -> None:
        (tmp_path / str(number)).touch()

    assert len(list(shared(work, range(9), 2, busy()))) == 9


@copies
def test_what_is_to_be_done_meanwhile_is_left_where_nobody_waits() -> None:
    steps = iter(range(1000))
    assert sorted(shared(str, range(2), 1, steps)) == ["0", "1"]
    assert next(steps) == 0

    def slow() -> Iterator[int]:
        for step in steps:
            time.sleep(0.001)
            yield step

    assert len(list(shared(str, range(2), 2, slow()))) == 2
    assert 0 < next(steps) < 999


def test_where_processes_cannot_be_copied_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.processes.sys.platform", "win32")
    assert set(shared(lambda _: os.getpid(), range(3), 2)) == {os.getpid()}


def test_other_threads_keep_it_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.processes.threading.active_count", lambda: 2)
    assert set(shared(lambda _: os.getpid(), range(3), 2)) == {os.getpid()}


def _refused(_: int) -> None:
    raise OutputError(Message("cannot write {file}", {"file": "a.html"}))


def _full(_: int) -> None:
    raise OSError(28, "No space left on device", "a.html")


@pytest.mark.parametrize("work", [_refused, _full])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_comes_to_the_caller_as_it_was(work: Callable[[int], None], jobs: int) -> None:
    with pytest.raises((OutputError, OSError)) as caught:
        list(shared(work, range(4), jobs))
    error = caught.value
    if isinstance(error, OutputError):
        assert str(error) == "cannot write a.html"
        assert error.message.values == {"file": "a.html"}
    else:
        assert isinstance(error, OSError)
        assert (error.errno, error.filename) == (28, "a.html")


class _NamedError(Exception):
    """Cannot be made again from what it says, as pickle would."""

    def __init__(self, *, unit: int) -> None:
        super().__init__(f"held up by {unit}")


def _held_up(_: int) -> Exception:
    error = ValueError("held up")
    error.held = lambda: None  # type: ignore[attr-defined]  # what no other process can have
    return error


def _named(unit: int) -> Exception:
    return _NamedError(unit=unit)


@copies
@pytest.mark.parametrize("error", [_held_up, _named])
def test_an_error_that_cannot_be_sent_is_told_all_the_same(
    error: Callable[[int], Exception],
) -> None:
    caller = os.getpid()

    def fails_in_a_copy(unit: int) -> None:
        time.sleep(0.01)
        if os.getpid() != caller:
            raise error(unit)

    with pytest.raises(RuntimeError, match="held up"):
        list(shared(fails_in_a_copy, range(40), 2))


@copies
def test_what_a_killed_process_had_to_do_is_done_all_the_same() -> None:
    caller = os.getpid()

    def dies(number: int) -> int:
        if number % 3 == 0 and os.getpid() != caller:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert sorted(shared(dies, range(10), 2)) == list(range(10))


@copies
def test_results_of_any_length_come_from_those_who_wait_for_a_busy_caller() -> None:
    caller = os.getpid()

    def work(number: int) -> tuple[int, bytes]:
        time.sleep(0.05 if os.getpid() == caller else 0)
        return number, bytes(200_000)

    assert sorted(number for number, _ in shared(work, range(40), 3)) == list(range(40))


@copies
def test_no_process_outlives_a_caller_that_is_killed(tmp_path: Path) -> None:
    script = f"""
import os, sys, time
from pathlib import Path
from tracker.processes import shared

def work(number):
    Path({str(tmp_path)!r}, str(os.getpid())).touch()
    time.sleep(0.2)

list(shared(work, range(1000), 2))
"""
    caller = subprocess.Popen([sys.executable, "-c", script], cwd=REPOSITORY)
    until = time.monotonic() + 30
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    caller.kill()
    caller.wait()
    pids = [int(file.name) for file in tmp_path.iterdir()]
    assert len(pids) == 2
    while any(map(_runs, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_runs, pids))


@copies
@pytest.mark.parametrize("copied", [0, 1])
def test_where_the_system_lets_no_more_processes_run_fewer_do_it(
    monkeypatch: pytest.MonkeyPatch, copied: int
) -> None:
    forks = 0

    def fork() -> int:
        nonlocal forks
        if forks == copied:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        forks += 1
        return copy()

    def who(_: int) -> int:
        time.sleep(0.02)
        return os.getpid()

    copy = os.fork
    monkeypatch.setattr(os, "fork", fork)
    found = list(shared(who, range(10), 4, own=range(2)))
    assert len(found) == 12
    assert len(set(found)) == copied + 1
    assert gc.get_freeze_count() == 0


@copies
@pytest.mark.parametrize("where", ["before", "after_in_parent", "after_in_child"])
def test_an_interrupt_at_the_moment_of_copying_is_neither_lost_nor_shown(where: str) -> None:
    script = f"""
import multiprocessing, os, signal, time
from tracker.processes import shared

def interrupt():
    # As Ctrl-C does it, in all processes of a terminal.
    for pid in {{caller, os.getpid()}}:
        os.kill(pid, signal.SIGINT)

caller = os.getpid()
os.register_at_fork({where}=interrupt)
try:
    list(shared(time.sleep, [0.01] * 200, 2))
except KeyboardInterrupt:
    print("interrupted", multiprocessing.active_children())
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "interrupted []\n", "")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
