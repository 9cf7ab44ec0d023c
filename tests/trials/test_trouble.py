"""Nothing is lost on failing disks and by kills: a sample of the trials `faults` and `kills`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_nothing_is_lost() -> None:
    # A process of its own, since it forks, which one with threads must not.
    done = subprocess.run(
        [sys.executable, "-m", "trials.sample"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("operations disturbed") == 7
