"""On what was measured, and with which versions."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from bench.results import Machine
from tracker.processes import default_jobs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.peer_builds import Installed

_LIBRARIES = ("click", "jinja2", "markdown", "msgspec", "nh3", "pyyaml")


def current_load() -> float:
    """Return how many processes wanted to run on average in the last minute."""
    return round(os.getloadavg()[0], 1)


def describe_machine(folder: Path, load_before: float) -> Machine:
    """Return the machine as it is.

    Args:
        folder: A folder on the file system that was written to.
        load_before: The load when the run began.
    """
    return Machine(
        processor=_processor(),
        cores=default_jobs(),
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        system=f"{platform.system()} {platform.release().partition('-')[0]}",
        file_system=_file_system(folder),
        load=(load_before, load_before),
    )


def versions(root: Path, peers: Mapping[str, Installed]) -> dict[str, str]:
    """Return the versions of all programs that took part.

    Args:
        root: The repository, whose commit is told with tracker's version where git knows it.
        peers: What is known of the peers.
    """
    commit = _said(["git", "-C", str(root), "describe", "--always", "--dirty"])
    return {
        "tracker": f"{version('tracker-records')}{f' ({commit})' if commit else ''}",
        "Python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
        **{name: peer.version for name, peer in peers.items() if peer.version},
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _file_system(folder: Path) -> str:
    return _said(["stat", "--file-system", "--format=%T", str(folder)])


def _said(command: list[str]) -> str:
    """Return what a command prints; nothing where it fails."""
    try:
        done = subprocess.run(  # noqa: S603  # a command of our own making
            command, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
