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
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.interleaving import MeasuringError
from bench.product import ROOT
from bench.results import read_result, write_result
from bench.results_page import page_of
from bench.session import run

RESULT = ROOT / "bench" / "result.json"
PAGE = ROOT / "docs" / "benchmarks.md"


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
