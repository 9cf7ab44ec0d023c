"""Every write, fsync, renaming and so on fails once: on a full disk, and on one that breaks."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from trials.disturbance import ERRORS, Disturbance
from trials.trial import Trial
from trials.trouble import run_in_trouble

if TYPE_CHECKING:
    from trials.commands import Rehearsed
    from trials.forking import Ended
    from trials.results import Outcome


def fail_one(rehearsed: Rehearsed, number: int) -> tuple[str, Ended]:
    """Run a command of which one operation fails: each of them in turn, then any."""
    chance = random.Random(number)
    operations = len(rehearsed.kinds)
    at = number if number < operations else chance.randrange(operations)
    return rehearsed.run_disturbed(
        Disturbance(at, ERRORS[number % 2], half=chance.random() < 0.5, lasting=number % 3 == 0)
    )


def run(count: int) -> list[Outcome]:
    """Let an operation of each command fail, so many times."""
    return run_in_trouble(count, fail_one)


TRIAL = Trial(
    title="Failing disks",
    what=(
        "One of the file operations of a command (opening, writing, also half of it, fsync, "
        "renaming, linking, making and removing) fails with “no space left” or “input/output "
        "error”: each of them first, then any, and in a third of the runs all later ones that "
        "need room. A record is the old or the new one, never between; a site is the old or the "
        "new one as a whole; success is never told of what was not done; no traceback is shown; "
        "and the next run does all that was to be done and leaves no stray file behind."
    ),
    full=1000,
    run=run,
)
