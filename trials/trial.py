"""What a reliability trial is, and where the trials are found."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from trials.results import Outcome


@dataclass(frozen=True, slots=True)
class Trial:
    """A kind of trial: something is tried many times, and each time survived or not.

    Attributes:
        title: What it is about, for a heading: `Failing disks`.
        what: What is done and what must hold, in a sentence or two of Markdown.
        full: How often it is tried where nobody says how often: the count of `make reliability`.
        run: Tries it that often and returns what came of it, an outcome for each subject. A
            trial with several subjects tries each of them that often.
    """

    title: str
    what: str
    full: int
    run: Callable[[int], list[Outcome]]


def all_trials() -> dict[str, Trial]:
    """Return every trial by the name of its module: one of this folder that has a `TRIAL`."""
    names = sorted(found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = {
        name: importlib.import_module(f"trials.{name}") for name in names if name != "__main__"
    }
    return {name: module.TRIAL for name, module in modules.items() if hasattr(module, "TRIAL")}
