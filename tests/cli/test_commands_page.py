"""`docs/commands.md`."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.conftest import REPOSITORY
from tracker.cli.main import COMMANDS

TOOL = REPOSITORY / "tools" / "commands_page.py"


def test_the_page_is_what_the_commands_say() -> None:
    done = subprocess.run(
        [sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_page_describes_every_command() -> None:
    page = (REPOSITORY / "docs" / "commands.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"\n## tracker {name}\n" in page
    assert "| `--today DATE` |" in page
