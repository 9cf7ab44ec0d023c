"""What a run of the benchmarks found: plain data, kept as JSON beside the page made from it."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


class Series(msgspec.Struct, frozen=True):
    """One command, run several times.

    Attributes:
        name: What it is called on the page.
        rounds: The rounds it ran in, counted from 0.
        wall: Seconds on the clock, for each of these rounds.
        cpu: Seconds of processor time, its descendants' too, likewise.
        memory: The most bytes that it and its descendants held at one time, from a run of its
            own; None where the system does not tell.
        pages: HTML pages that it wrote; None where it writes none.
        largest_page: Bytes of the one that is largest when it is compressed by gzip, likewise.
    """

    name: str
    rounds: list[int]
    wall: list[float]
    cpu: list[float]
    memory: int | None = None
    pages: int | None = None
    largest_page: int | None = None

    @property
    def median_wall(self) -> float:
        """Return the median of the seconds on the clock."""
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        """Return the median of the seconds of processor time."""
        return statistics.median(self.cpu)

    def ratio_to(self, baseline: Series) -> float | None:
        """Return the median of the ratios to another series, round by round.

        What slows the machine for a while slows both runs of a round, and leaves their ratio.
        None where they have no round in common.
        """
        others = dict(zip(baseline.rounds, baseline.wall, strict=True))
        ratios = [
            wall / others[number]
            for number, wall in zip(self.rounds, self.wall, strict=True)
            if number in others
        ]
        return statistics.median(ratios) if ratios else None


class Group(msgspec.Struct, frozen=True):
    """Commands that were run in turn, over records of one number.

    Attributes:
        subject: What they have in common: one of `COLD`, `COMMANDS`.
        customers: Number of records.
        baseline: Name of the series that the others are compared with.
        series: The commands.
    """

    subject: str
    customers: int
    baseline: str
    series: list[Series]

    def find(self, name: str) -> Series | None:
        """Return the series of a name; None where there is none."""
        return next((each for each in self.series if each.name == name), None)


COLD = "cold builds"
COMMANDS = "commands"


class Stages(msgspec.Struct, frozen=True):
    """The stages of a cold build, each timed alone, in one process.

    Attributes:
        customers: Number of records.
        seconds: Seconds of processor time of each stage, for each repetition.
    """

    customers: int
    seconds: dict[str, list[float]]


class Latency(msgspec.Struct, frozen=True):
    """How long something takes after an edit, in milliseconds.

    Attributes:
        median: The median of several edits.
        worst: The most.
    """

    median: int
    worst: int


class Serving(msgspec.Struct, frozen=True):
    """What `tracker serve` does after an edit, as `bench/serve.py` measures it.

    Attributes:
        customers: Number of records.
        edits: How many edits were made, one after the other.
        waits: Milliseconds that files have to be quiet before an edit is looked at, for editors
            that write a file in several steps: after one step, and within many.
        customer: With the page of the customer open: by what is waited for, see
            `bench.serve.Latency`.
        dashboard: With the dashboard open, likewise.
    """

    customers: int
    edits: int
    waits: tuple[float, float]
    customer: dict[str, Latency]
    dashboard: dict[str, Latency]


class OpenedPage(msgspec.Struct, frozen=True):
    """A page that was opened in a browser.

    Attributes:
        page: Its path in the site.
        compressed: Its bytes, compressed by gzip.
        milliseconds: Until it could be used, each time that it was opened.
    """

    page: str
    compressed: int
    milliseconds: list[int]


class Opening(msgspec.Struct, frozen=True):
    """How soon pages of a site can be used, as `bench/pages.py` measures it.

    Attributes:
        customers: Number of records.
        pages: The pages that were opened, the slowest first.
    """

    customers: int
    pages: list[OpenedPage]


class Records(msgspec.Struct, frozen=True):
    """The records that a size was measured with.

    Attributes:
        customers: How many.
        followups: Average number of follow-ups of one.
        seed: What they were made from by `bench/generate.py`.
        bytes: Their size on average.
    """

    customers: int
    followups: int
    seed: int
    bytes: int


class Machine(msgspec.Struct, frozen=True):
    """Where it was measured.

    Attributes:
        processor: Its name.
        cores: How many of it may be used.
        memory: Bytes.
        system: Its name and release.
        file_system: The type of the one that was written to; empty where it is not known.
        load: Average number of processes that wanted to run in the minute before, and at the end.
    """

    processor: str
    cores: int
    memory: int
    system: str
    file_system: str
    load: tuple[float, float]


class Result(msgspec.Struct, frozen=True):
    """A run.

    Attributes:
        day: When, as `2026-11-28`.
        scope: `tiny`, `quick`, `standard` or `full`.
        minutes: How long it took.
        machine: Where.
        versions: Of the programs, by name.
        records: What with, one entry a size.
        groups: What was found.
        stages: Where the time goes.
        serving: How soon a server shows an edit.
        opening: How soon pages can be used.
        left_out: What was not measured, and why, a sentence each.
    """

    day: str
    scope: str
    minutes: float
    machine: Machine
    versions: dict[str, str]
    records: list[Records]
    groups: list[Group]
    stages: list[Stages]
    serving: list[Serving]
    opening: list[Opening]
    left_out: list[str]


def read_result(path: Path) -> Result:
    """Return a result that was kept.

    Raises:
        OSError: The file cannot be read.
        msgspec.ValidationError: It holds something else.
    """
    return msgspec.json.decode(path.read_bytes(), type=Result)


def write_result(path: Path, result: Result) -> None:
    """Keep a result.

    Raises:
        OSError: The file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
