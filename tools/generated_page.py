"""The command line of the scripts that keep a page of docs/ in step with the code."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).resolve().parent.parent / "docs"


def keep_page(page: Path, make: Callable[[], str], description: str | None) -> int:
    """Write a page, or with `--check` say whether it is stale; return the exit code.

    Args:
        page: The file.
        make: Returns its whole text.
        description: The docstring of the script.
    """
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, report what is stale")
    check = parser.parse_args().check
    text = make().encode()
    if page.exists() and page.read_bytes() == text:
        return 0
    if check:
        script = Path(sys.argv[0]).name
        print(f"docs/{page.name} is stale; run: python tools/{script}", file=sys.stderr)
        return 1
    page.write_bytes(text)
    return 0
