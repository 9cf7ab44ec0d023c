"""The page that is made from what a run found."""

from __future__ import annotations

import pytest
from msgspec import structs

from bench.results import (
    COLD,
    COMMANDS,
    Group,
    Latency,
    Machine,
    OpenedPage,
    Opening,
    Records,
    Result,
    Series,
    Serving,
    Stages,
    read_result,
)
from bench.results_page import page_of
from bench.run import PAGE, RESULT

MEGABYTES = 1_000_000


@pytest.fixture
def result() -> Result:
    hundred = Group(
        COLD,
        100,
        "Hugo",
        [
            Series("tracker build", [0, 1, 2], [1.0, 3.0, 2.0], [1.5, 1.6, 1.7], 50 * MEGABYTES),
            Series("Hugo", [0, 1, 2], [2.0, 4.0, 8.0], [3.0, 3.0, 3.0], None, 120, 2400),
        ],
    )
    thousand = Group(
        COLD,
        1000,
        "Hugo",
        [Series("tracker build", [0], [11.0], [1.5], 500 * MEGABYTES, 1040, 31_400)],
    )
    commands = Group(
        COMMANDS,
        1000,
        "python -c pass",
        [
            Series("python -c pass", [0], [0.0125], [0.01]),
            Series("python -c 'import click'", [0], [0.05], [0.01]),
            Series("tracker --help", [0], [0.06], [0.01]),
        ],
    )
    latencies = {"event": Latency(40, 80), "loaded": Latency(60, 90), "rest": Latency(1400, 1500)}
    return Result(
        day="2026-11-28",
        scope="standard",
        minutes=12.5,
        machine=Machine("A processor", 2, 24 * 2**30, "Linux 6", "", (0.1, 2.0)),
        versions={"tracker": "0.1.0", "Hugo": "0.168.0"},
        records=[Records(100, 10, 1, 4660), Records(1000, 10, 1, 4660)],
        groups=[hundred, thousand, commands],
        stages=[Stages(1000, {"read": [0.04, 0.03, 0.08], "parse": [1.5, 1.5, 1.5]})],
        serving=[Serving(1000, 10, (30, 250), latencies, latencies)],
        opening=[
            Opening(
                1000,
                [
                    OpenedPage("customers.html", 31_400, [700, 900, 650]),
                    OpenedPage("index.html", 12_600, [90, 80, 100]),
                ],
            )
        ],
        left_out=["Pelican: not installed; make bench-peers does it"],
    )


@pytest.mark.parametrize(
    "line",
    [
        "| Hugo | 0.168.0 |",
        "| load before and after | 0.1, 2 |",
        "| tracker build | 2.00 s | 0.50 | 1.60 s | 50 MB | – | – | 3 |",
        "| Hugo | 4.00 s | 1.00 | 3.00 s | – | 120 | 2 KB | 3 |",
        "| tracker build | 11.00 s | – | 1.50 s | 500 MB | 1,040 | 31 KB | 1 |",
        "| 100 | 20.00 ms | – | – | 50 MB | 500 KB |",
        "| 1,000 | 11.00 ms | 0.55 | 10.00 ms | 500 MB | 500 KB |",
        "| tracker --help | 0.060 s | 4.80 | 0.010 s | – |",
        "- tracker --help / python -c 'import click': 1.20",
        "| read | 40 |",
        "| parse | 1,500 |",
        "| 1,000 customers, dashboard open | 40 (80) | 60 (90) | 1,400 (1,500) |",
        "| customers.html | 700 (900) | 31 KB |",
        "- Pelican: not installed; make bench-peers does it",
    ],
)
def test_the_page_tells_medians_ratios_and_growth(result: Result, line: str) -> None:
    assert line in page_of(result).splitlines()


@pytest.mark.parametrize(("load", "is_said"), [(0.9, False), (1.1, True)])
def test_the_page_says_when_the_machine_was_busy(
    *, result: Result, load: float, is_said: bool
) -> None:
    machine = structs.replace(result.machine, load=(load, 0.0))
    assert ("much else to do" in page_of(structs.replace(result, machine=machine))) is is_said


def test_the_page_in_docs_is_that_of_the_run_that_is_kept() -> None:
    assert PAGE.read_text("utf-8") == page_of(read_result(RESULT))
