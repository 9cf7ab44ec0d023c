"""The part of the trials with failing disks and kills that the tests run each time.

    python -m trials.sample

Each operation of an edit is disturbed once, and of the other commands the first and the last of
each kind; every other one is a kill. Prints what went wrong, and ends with 1 then.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from trials.commands import COMMANDS, Rehearsed
from trials.disturbance import ERRORS, Disturbance
from trials.forking import memory_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVERY_OPERATION = "tracker set"


def main() -> int:
    """Run the sample; return the exit code."""
    wrong = 0
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        for command in COMMANDS:
            place = Path(folder) / command.arguments[0]
            place.mkdir()
            rehearsed = Rehearsed(command, place)
            whole = command.name == _EVERY_OPERATION
            positions = range(len(rehearsed.kinds)) if whole else _ends(rehearsed.kinds)
            for number, at in enumerate(positions):
                code = ERRORS[number // 2 % 2] if number % 2 else None
                rehearsed.reset()
                what, ended = rehearsed.run_disturbed(Disturbance(at, code, half=number % 3 == 0))
                for fault in rehearsed.faults(ended):
                    wrong += 1
                    print(f"{command.name}: {what}: {fault}")
            print(f"{command.name}: {len(positions)} operations disturbed")
    return 1 if wrong else 0


def _ends(kinds: Sequence[str]) -> list[int]:
    """Return where each kind of operation comes first and last."""
    last = {kind: at for at, kind in enumerate(kinds)}
    first = {kind: at for at, kind in reversed(list(enumerate(kinds)))}
    return sorted({*first.values(), *last.values()})


if __name__ == "__main__":
    sys.exit(main())
