"""Two builds of one site at the same time, for different days."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from trials.commands import SITE, files_of, leftovers_in, prepare_workspace, run_command_here
from trials.forking import Copy, Ended, memory_folder, run_command
from trials.results import Outcome
from trials.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trials.commands import Files

_DAYS = ("2026-11-24", "2026-12-05")
_TOLD = 5


def _start(day: str, root: Path, delay: float = 0) -> Copy:
    def work() -> int:
        time.sleep(delay)
        return run_command(["build", "--today", day])

    return Copy(work, root)


def _site(root: Path) -> Files:
    return files_of(root / SITE)


class DoubleBuilds:
    """A workspace of which sites are built at the same time.

    Args:
        root: Where the workspace is made.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        prepare_workspace(root)
        run_command_here(("build", "--today", _DAYS[0]), root)
        self._sites: dict[str, Files] = {}
        self.seconds = 0.0
        """How long a build takes on the clock."""
        for day in _DAYS:
            shutil.rmtree(root / SITE)
            started = time.monotonic()
            ended = _start(day, root).wait()
            self.seconds = time.monotonic() - started
            if ended.code:
                raise ValueError(ended.err)
            self._sites[day] = _site(root)

    def faults(self, number: int) -> list[str]:
        """Build both at the same time, and return what is wrong afterwards."""
        chance = random.Random(number)
        days = _DAYS if number % 2 else _DAYS[::-1]
        later = chance.uniform(0, self.seconds / 2)
        copies = [_start(days[0], self._root), _start(days[1], self._root, later)]
        ends = [copy.wait() for copy in copies]
        return [*self._faults_now(ends), *self._faults_later(chance.choice(_DAYS))]

    def _faults_now(self, ends: list[Ended]) -> Iterator[str]:
        for ended in ends:
            if ended.code:
                yield f"a build ended with {ended.code}: {ended.err}"
        if _site(self._root) not in self._sites.values():
            yield "the site is mixed"
        for path in leftovers_in(self._root):
            yield f"{path} is left"

    def _faults_later(self, day: str) -> Iterator[str]:
        """Build once more; what the two have kept must not mislead it."""
        ended = _start(day, self._root).wait()
        if ended.code:
            yield f"the next build ended with {ended.code}: {ended.err}"
        if _site(self._root) != self._sites[day]:
            yield f"the next build for {day} does not give the site of that day"


def run(count: int) -> list[Outcome]:
    """Build two at a time, so many times."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        builds = DoubleBuilds(Path(folder) / "workspace")
        failures = [
            f"Number {number}: {'; '.join(faults)}"
            for number in range(count)
            if (faults := builds.faults(number))
        ]
    return [Outcome("two builds of one site", count, len(failures), failures[:_TOLD])]


TRIAL = Trial(
    title="Double builds",
    what=(
        "Two processes build the same site at the same time, for different days. Both end well; "
        "the site is that of one of the days, never a mix; nothing is left beside it; and the "
        "next build gives the site of its day, whatever the two have kept for it."
    ),
    full=200,
    run=run,
)
