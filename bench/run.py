"""Measures tracker against other programs and against itself, and writes docs/benchmarks.md.

    python bench/run.py             100, 1,000 and 10,000 customers, within a quarter of an hour
    python bench/run.py --quick     100 and 1,000 customers, two or three minutes
    python bench/run.py --full      100,000 customers too, without a limit of time
    python bench/run.py --page      write the page anew from the run that was kept

Commands run in turn, as processes of their own, over records that bench/generate.py makes; the
folders that they work in are temporary. What was measured is kept in bench/result.json, unless
--result names another file, and the page is made from it. bench/install_peers.py installs the
programs to compare with.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.interleaving import Effort, MeasuringError, run_in_turn
from bench.machine import current_load, describe_machine, versions
from bench.peer_builds import HUGO, PEERS, installed_peers, peer_case
from bench.product import (
    FOLLOWUPS,
    PYTHON,
    ROOT,
    SEED,
    average_bytes,
    cold_cases,
    command_cases,
    make_records,
)
from bench.results import (
    COLD,
    COMMANDS,
    Group,
    Records,
    Result,
    Serving,
    Stages,
    read_result,
    write_result,
)
from bench.results_page import page_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.peer_builds import Installed
    from bench.product import Workspaces

RESULT = ROOT / "bench" / "result.json"
PAGE = ROOT / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Size:
    """What is done with records of one number.

    Attributes:
        customers: How many.
        cold: The effort for cold builds.
        commands: The effort for the commands; None leaves them out.
        stages: How often the stages are timed.
        edits: How many edits a server has to show.
        peers: Whether all peers build, or Hugo alone.
        variants: Whether to build in one process too, and from records in git.
    """

    customers: int
    cold: Effort
    commands: Effort | None
    stages: int
    edits: int = 0
    peers: bool = True
    variants: bool = True


_HUNDRED = Size(100, Effort(5, 30), None, 0, variants=False)
_THOUSAND = Size(1_000, Effort(7, 110, 60, 20), Effort(7, 45), 3, edits=10)

SCOPES: Mapping[str, tuple[Size, ...]] = {
    "tiny": (Size(10, Effort(1), Effort(1), 1, variants=False),),
    "quick": (
        Size(100, Effort(2, 15), None, 0, variants=False),
        Size(1_000, Effort(3, 60, 60, 5), Effort(3, 15), 1),
    ),
    "standard": (
        _HUNDRED,
        _THOUSAND,
        Size(10_000, Effort(5, patience=60, side_seconds=5), Effort(3), 1, variants=False),
    ),
    "full": (
        _HUNDRED,
        _THOUSAND,
        Size(10_000, Effort(5, patience=900, side_seconds=60), Effort(7), 3, edits=10),
        Size(100_000, Effort(3, patience=3600), Effort(3), 1, peers=False, variants=False),
    ),
}

LIMITS: Mapping[str, float] = {"standard": 11 * 60}
"""Seconds after which no further round begins, in scopes that have a limit. What has to be run once
is run all the same, so that the whole takes some minutes more."""


def run(scope: str, *, with_peers: bool = True) -> Result:
    """Measure.

    Args:
        scope: One of `SCOPES`.
        with_peers: Whether other programs take part.

    Raises:
        MeasuringError: A command of tracker's does not do its work.
    """
    begun, load = time.monotonic(), current_load()

    def within_limit(effort: Effort) -> Effort:
        left = LIMITS.get(scope, math.inf) - (time.monotonic() - begun)
        return replace(effort, seconds=min(effort.seconds, left))

    peers = installed_peers() if with_peers else {}
    left_out = [f"{name}: {peer.problem}" for name, peer in peers.items() if peer.problem]
    if not with_peers:
        left_out.append("Other programs: not asked for")
    ready = {name: peer for name, peer in peers.items() if not peer.problem}
    records: list[Records] = []
    groups: list[Group] = []
    stages: list[Stages] = []
    serving: list[Serving] = []
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        machine = describe_machine(Path(folder), load)
        for size in SCOPES[scope]:
            with tempfile.TemporaryDirectory(dir=folder) as place:
                workspaces = make_records(Path(place), size.customers)
                average = average_bytes(workspaces.cold)
                records.append(Records(size.customers, FOLLOWUPS, SEED, average))
                effort = within_limit(size.cold)
                group, missing = _cold_builds(size, effort, workspaces, ready, groups)
                groups.append(group)
                left_out += missing
                if size.stages:
                    words = [str(workspaces.cold), "--repetitions", str(size.stages)]
                    stages.append(Stages(size.customers, _said_by("stages.py", *words)))
                if size.edits:
                    words = ["--customers", str(size.customers), "--edits", str(size.edits)]
                    said = _said_by("serve.py", *words)
                    found = {**said["sizes"][0], "waits": said["waits for bursts, ms"]}
                    serving.append(msgspec.convert(found, Serving))
                if size.commands:
                    cases = command_cases(workspaces)
                    effort = within_limit(size.commands)
                    group, _ = run_in_turn(COMMANDS, size.customers, cases, PYTHON, effort)
                    groups.append(group)
    return Result(
        day=datetime.now(UTC).date().isoformat(),
        scope=scope,
        minutes=round((time.monotonic() - begun) / 60, 1),
        machine=msgspec.structs.replace(machine, load=(load, current_load())),
        versions=versions(ROOT, ready),
        records=records,
        groups=groups,
        stages=stages,
        serving=serving,
        left_out=left_out,
    )


def _cold_builds(
    size: Size,
    effort: Effort,
    workspaces: Workspaces,
    peers: Mapping[str, Installed],
    before: Sequence[Group],
) -> tuple[Group, list[str]]:
    """Measure the builds from nothing.

    Args:
        size: The size.
        effort: How often, and how long.
        workspaces: Those of the size.
        peers: The peers that are there.
        before: What was found at smaller sizes, by which it is known what would take too long.

    Returns:
        What was found, and a sentence for each program that was left out.
    """
    cases = cold_cases(workspaces, variants=size.variants)
    left_out = []
    for peer in PEERS:
        if peer.name not in peers or not (size.peers or peer.name == HUGO):
            continue
        expected = _expected_seconds(peer.name, size.customers, before)
        if expected > effort.patience:
            left_out.append(
                f"{peer.name}, {size.customers:,} customers: would take about {expected:.0f} "
                f"seconds, more than the {effort.patience:.0f} that one build may"
            )
            continue
        folder = workspaces.cold.parent / peer.name.lower()
        records = workspaces.cold / "records"
        cases.append(peer_case(peer, peers[peer.name], records, folder))
    group, failed = run_in_turn(COLD, size.customers, cases, HUGO, effort)
    return group, left_out + failed


def _expected_seconds(name: str, customers: int, before: Sequence[Group]) -> float:
    """Return how long a build would take if it took as long for each customer as it did before."""
    known = [(group, group.find(name)) for group in before if group.subject == COLD]
    seconds = [
        series.median_wall * customers / group.customers for group, series in known if series
    ]
    return seconds[-1] if seconds else 0


def _said_by(name: str, *words: str) -> Any:  # noqa: ANN401  # as JSON is
    """Return the JSON that another script prints; its process has touched nothing before.

    Raises:
        MeasuringError: It fails.
    """
    done = subprocess.run(  # noqa: S603  # a command of our own making
        [sys.executable, str(ROOT / "bench" / name), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"{name} ended with {done.returncode}: {done.stderr}"
        raise MeasuringError(message)
    return json.loads(done.stdout)


def main() -> int:
    """Measure what the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    scope = parser.add_mutually_exclusive_group()
    for name in ("tiny", "quick", "full"):
        scope.add_argument(
            f"--{name}", dest="scope", action="store_const", const=name, default="standard"
        )
    parser.add_argument("--no-peers", action="store_true", help="leave out other programs")
    parser.add_argument("--page", action="store_true", help="measure nothing, write the page")
    parser.add_argument("--result", type=Path, default=RESULT, help="the JSON file")
    parser.add_argument("--output", type=Path, default=PAGE, help="the page")
    options = parser.parse_args()
    if not options.page:
        try:
            write_result(options.result, run(options.scope, with_peers=not options.no_peers))
        except MeasuringError as error:
            print(error, file=sys.stderr)
            return 3
    options.output.write_text(page_of(read_result(options.result)), "utf-8")
    print(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
