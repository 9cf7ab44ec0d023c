"""Commands are killed with SIGKILL, in the midst of a write too."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from trials.disturbance import Disturbance
from trials.trial import Trial
from trials.trouble import run_in_trouble

if TYPE_CHECKING:
    from trials.commands import Rehearsed
    from trials.forking import Ended
    from trials.results import Outcome

_BY_THE_CLOCK = 4
"""One of so many runs is killed at a moment, the others at a file operation."""


def kill_one(rehearsed: Rehearsed, number: int) -> tuple[str, Ended]:
    """Run a command and kill it: at each of its operations in turn, then anywhere."""
    chance = random.Random(number)
    operations = len(rehearsed.kinds)
    if number < operations:
        return rehearsed.run_disturbed(Disturbance(number, half=number % 2 == 1))
    if number % _BY_THE_CLOCK:
        at = chance.randrange(operations)
        return rehearsed.run_disturbed(Disturbance(at, half=chance.random() < 0.5))
    seconds = chance.uniform(0, rehearsed.seconds * 1.1)
    copy = rehearsed.start()
    copy.kill_after(seconds)
    return f"after {seconds:.3f} s", copy.wait()


def run(count: int) -> list[Outcome]:
    """Kill each command so many times."""
    return run_in_trouble(count, kill_one)


TRIAL = Trial(
    title="Kills",
    what=(
        "A command is killed with SIGKILL: at each of its file operations, in the midst of a "
        "write too, then at any; and every fourth time at any moment by the clock. A record is "
        "the old or the new one, never between; a site is the old or the new one as a whole; the "
        "cache makes nothing wrong; and the next run, a minute later, does all that was to be "
        "done and leaves no stray file behind."
    ),
    full=1000,
    run=run,
)
