"""Runs commands in turn: A B C, A B C, … so that what slows the machine for a while slows all."""

from __future__ import annotations

import gzip
import math
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import structs

from bench.measuring import measure
from bench.results import Group, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


_LARGE_PAGES = 20


@dataclass(frozen=True)
class Case:
    """A command to measure.

    Attributes:
        name: What it is called.
        command: Program and arguments.
        folder: Where it runs.
        prepare: Brings the folder into the state that the command is to find; not measured.
        environment: Variables beyond those of this process.
        codes: Exit codes of a run that did its work.
        output: The folder of the pages that it writes; None where it writes none.
        is_main: Whether it runs in every round, however long it takes.
        may_fail: Whether the rest is measured without it where it fails.
    """

    name: str
    command: Sequence[str]
    folder: Path
    prepare: Callable[[], None] = lambda: None
    environment: Mapping[str, str] = field(default_factory=dict)
    codes: frozenset[int] = frozenset({0})
    output: Path | None = None
    is_main: bool = True
    may_fail: bool = False


@dataclass(frozen=True)
class Effort:
    """How much time commands get.

    Attributes:
        rounds: How often each is run at most.
        seconds: After how many seconds no new round begins; there is always one.
        patience: How many seconds one run of a case that may fail can take.
        side_seconds: How many seconds a case gets that is not a main one, over all rounds but the
            first.
    """

    rounds: int
    seconds: float = math.inf
    patience: float = math.inf
    side_seconds: float = math.inf


class MeasuringError(Exception):
    """A command that has to be measured did not do its work."""


def run_in_turn(
    subject: str, customers: int, cases: Sequence[Case], baseline: str, effort: Effort
) -> tuple[Group, list[str]]:
    """Run each command once for its memory and to fill the caches, then in turn for its time.

    Args:
        subject: What the commands have in common.
        customers: Number of records.
        cases: The commands.
        baseline: Name of the one that others are compared with; the first where it fails.
        effort: How often, and how long.

    Returns:
        What was found, and a sentence for each command that was left out.

    Raises:
        MeasuringError: A command that may not fail does.
        OSError: A command cannot be started.
    """
    begun = time.monotonic()
    found: dict[str, Series] = {}
    left_out: list[str] = []
    for case in cases:
        problem, series = _first_run(case, customers, effort)
        if problem:
            left_out.append(f"{case.name}, {customers:,} customers: {problem}")
        else:
            found[case.name] = series
    cases = [case for case in cases if case.name in found]
    for number in range(effort.rounds):
        if number and time.monotonic() - begun > effort.seconds:
            break
        for case in cases:
            series = found[case.name]
            if number and not case.is_main and sum(series.wall) > effort.side_seconds:
                continue
            _progress(f"{subject}, {customers:,} customers, round {number + 1}: {case.name}")
            case.prepare()
            run = measure(case.command, case.folder, environment=case.environment)
            if run.code not in case.codes:
                message = f"{case.name} ended with {run.code}: {run.said}"
                raise MeasuringError(message)
            series.rounds.append(number)
            series.wall.append(run.wall)
            series.cpu.append(run.cpu)
    _progress("")
    chosen = baseline if baseline in found else next(iter(found))
    return Group(subject, customers, chosen, list(found.values())), left_out


def _first_run(case: Case, customers: int, effort: Effort) -> tuple[str, Series]:
    """Return what is against measuring a command, and a series with all but its times."""
    _progress(f"{customers:,} customers, memory: {case.name}")
    case.prepare()
    patience = effort.patience if case.may_fail and effort.patience < math.inf else None
    run = measure(
        case.command,
        case.folder,
        environment=case.environment,
        with_memory=True,
        patience=patience,
    )
    pages = [*case.output.rglob("*.html")] if case.output else []
    problem = ""
    if patience and run.wall >= patience:
        problem = f"not done after {patience:.0f} seconds"
    elif run.code not in case.codes:
        said = run.said.replace(str(case.folder), ".")
        problem = f"ended with {run.code}: {' '.join(said.split())}"
    elif case.output and len(pages) < customers:
        problem = f"wrote {len(pages)} pages"
    if problem and not case.may_fail:
        message = f"{case.name}: {problem}"
        raise MeasuringError(message)
    series = Series(case.name, [], [], [], run.memory)
    if pages and not problem:
        series = structs.replace(series, pages=len(pages), largest_page=_largest_compressed(pages))
    return problem, series


def _largest_compressed(pages: Sequence[Path]) -> int:
    """Return the compressed bytes of the page that has most; only large ones are looked at."""
    large = sorted(pages, key=lambda page: page.stat().st_size)[-_LARGE_PAGES:]
    return max(len(gzip.compress(page.read_bytes(), 6)) for page in large)


def _progress(words: str) -> None:
    """Say on a terminal what is being done, in the place of what was said before."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)
    elif words:
        print(words, file=sys.stderr, flush=True)
