"""A run of the benchmarks: all sizes of a scope, one after the other."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bench.interleaving import Effort, MeasuringError, run_in_turn
from bench.machine import current_load, describe_machine, versions
from bench.pages import open_pages
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
from bench.results import COLD, COMMANDS, Group, Opening, Records, Result, Serving, Stages
from bench.scopes import SCOPES
from tools.chromium import NoChromiumError, chromium
from tracker.config import OUTPUT_DIR

if TYPE_CHECKING:
    from bench.product import Workspaces
    from bench.scopes import Size


def run(scope: str, *, with_peers: bool = True) -> Result:
    """Measure.

    Args:
        scope: One of `SCOPES`.
        with_peers: Whether other programs take part.

    Raises:
        MeasuringError: A command of tracker's does not do its work.
    """
    session = _Session(SCOPES[scope].seconds, with_peers=with_peers)
    load = current_load()
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        machine = describe_machine(Path(folder), load)
        for size in SCOPES[scope].sizes:
            # All are deleted at the end: see bench/aside.py.
            place = Path(folder, str(size.customers))
            session.measure(size, make_records(place, size.customers))
    return Result(
        day=datetime.now(UTC).date().isoformat(),
        scope=scope,
        minutes=round(session.seconds / 60, 1),
        machine=msgspec.structs.replace(machine, load=(load, current_load())),
        versions=versions(ROOT, session.peers),
        records=session.records,
        groups=session.groups,
        stages=session.stages,
        serving=session.serving,
        opening=session.opening,
        left_out=session.left_out,
    )


class _Session:
    """What was found so far; the attributes are those of `Result`.

    Args:
        limit: After how many seconds no further round begins, and nothing that can be left out.
        with_peers: Whether other programs take part.
    """

    def __init__(self, limit: float, *, with_peers: bool) -> None:
        self._begun = time.monotonic()
        self._limit = limit
        self.records: list[Records] = []
        self.groups: list[Group] = []
        self.stages: list[Stages] = []
        self.serving: list[Serving] = []
        self.opening: list[Opening] = []
        peers = installed_peers() if with_peers else {}
        self.peers = {name: peer for name, peer in peers.items() if not peer.problem}
        self.left_out = [f"{name}: {peer.problem}" for name, peer in peers.items() if peer.problem]
        if not with_peers:
            self.left_out.append("Other programs: not asked for")

    @property
    def seconds(self) -> float:
        """Return how long it has taken so far."""
        return time.monotonic() - self._begun

    def measure(self, size: Size, workspaces: Workspaces) -> None:
        """Measure one size.

        Raises:
            MeasuringError: A command of tracker's does not do its work.
        """
        average = average_bytes(workspaces.cold)
        self.records.append(Records(size.customers, FOLLOWUPS, SEED, average))
        self._cold_builds(size, workspaces)
        if size.stages and self._has_time("stages", size):
            words = [str(workspaces.cold), "--repetitions", str(size.stages)]
            self.stages.append(Stages(size.customers, _said_by("stages.py", *words)))
        if size.openings and self._has_time("pages in a browser", size):
            self._open_pages(size, workspaces.cold / OUTPUT_DIR)
        if size.edits and self._has_time("tracker serve", size):
            words = ["--customers", str(size.customers), "--edits", str(size.edits)]
            said = _said_by("serve.py", *words)
            found = {**said["sizes"][0], "waits": said["waits for bursts, ms"]}
            self.serving.append(msgspec.convert(found, Serving))
        if size.commands and self._has_time("commands", size):
            effort = self._within_limit(size.commands)
            cases = command_cases(workspaces)
            group, _ = run_in_turn(COMMANDS, size.customers, cases, PYTHON, effort)
            self.groups.append(group)

    def _cold_builds(self, size: Size, workspaces: Workspaces) -> None:
        cases = cold_cases(workspaces, variants=size.variants)
        for peer in PEERS:
            if peer.name not in self.peers or not (size.peers or peer.name == HUGO):
                continue
            expected = self._expected_seconds(peer.name, size.customers)
            if expected > size.cold.patience:
                self.left_out.append(
                    f"{peer.name}, {size.customers:,} customers: would take about {expected:.0f} "
                    f"seconds, more than the {size.cold.patience:.0f} that one build may"
                )
                continue
            folder = workspaces.cold.parent / peer.name.lower()
            records = workspaces.cold / "records"
            cases.append(peer_case(peer, self.peers[peer.name], records, folder))
        effort = self._within_limit(size.cold)
        group, failed = run_in_turn(COLD, size.customers, cases, HUGO, effort)
        self.groups.append(group)
        self.left_out += failed

    def _open_pages(self, size: Size, site: Path) -> None:
        """Open pages of the site that the last cold build has left."""
        try:
            with chromium(whole=True) as browser:
                opened = open_pages(browser, site, size.openings)
        except NoChromiumError as error:
            self.left_out.append(f"Pages in a browser: {error}")
        else:
            self.opening.append(Opening(size.customers, opened))

    def _expected_seconds(self, name: str, customers: int) -> float:
        """Return how long a build takes if each customer takes as long as at the last size."""
        for group in reversed(self.groups):
            series = group.find(name) if group.subject == COLD else None
            if series:
                return series.median_wall * customers / group.customers
        return 0

    def _within_limit(self, effort: Effort) -> Effort:
        return replace(effort, seconds=min(effort.seconds, self._limit - self.seconds))

    def _has_time(self, what: str, size: Size) -> bool:
        """Tell whether there is time to measure something, and note it where there is none."""
        if self.seconds < self._limit:
            return True
        self.left_out.append(f"{what}, {size.customers:,} customers: the time was over")
        return False


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
