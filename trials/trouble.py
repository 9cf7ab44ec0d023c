"""Runs the commands that write in trouble, many times, and counts how often something was lost."""

from __future__ import annotations

import tempfile
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from trials.commands import COMMANDS, Rehearsed
from trials.forking import memory_folder
from trials.results import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from trials.commands import Command
    from trials.forking import Ended

_TOLD = 5
"""Failures of a command that are told in full."""


def run_in_trouble(
    count: int,
    trouble: Callable[[Rehearsed, int], tuple[str, Ended]],
    commands: tuple[Command, ...] = COMMANDS,
) -> list[Outcome]:
    """Run each command in trouble so many times.

    Args:
        count: How often each, with regard to its share.
        trouble: Runs a command in the trouble of a number, and returns what that was, in words,
            and how the run ended.
        commands: Which.
    """
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        return [_outcome(command, count, trouble, Path(folder)) for command in commands]


def _outcome(
    command: Command,
    count: int,
    trouble: Callable[[Rehearsed, int], tuple[str, Ended]],
    folder: Path,
) -> Outcome:
    place = folder / command.arguments[0]
    place.mkdir()
    rehearsed = Rehearsed(command, place)
    count = ceil(count * command.share)
    failures: list[str] = []
    for number in range(count):
        rehearsed.reset()
        what, ended = trouble(rehearsed, number)
        if faults := rehearsed.faults(ended):
            failures.append(f"{command.name}, number {number}, {what}: {'; '.join(faults)}")
    return Outcome(f"`{command.name}`", count, len(failures), failures[:_TOLD])
