"""Runs reliability trials, and keeps what they found in trials/result.json.

    python -m trials                      name the trials
    python -m trials faults --count 100   run one, a hundred times
    python -m trials --all                run all at their full counts, as make reliability does

Ends with 1 where anything was lost. docs/reliability.md is made from the results by
tools/reliability_page.py.
"""

from __future__ import annotations

import argparse
import platform
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.machine import current_load, describe_machine, versions
from trials.results import TrialResult, keep_result
from trials.trial import Trial, all_trials

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "trials" / "result.json"


def main() -> int:
    """Run what the command line asks for; return the exit code."""
    trials = all_trials()
    parser = argparse.ArgumentParser(
        prog="python -m trials",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a trial")
    parser.add_argument("--all", action="store_true", help="all trials")
    parser.add_argument("--count", type=int, metavar="N", help="how often, instead of in full")
    parser.add_argument("--result", type=Path, default=RESULT, help="the JSON file")
    parser.add_argument("--dry-run", action="store_true", help="keep no result")
    options = parser.parse_args()
    names = list(trials) if options.all else options.names
    if unknown := [name for name in names if name not in trials]:
        parser.error(f"no trial is called {', '.join(unknown)}; there are {', '.join(trials)}")
    if not names:
        for name, trial in trials.items():
            print(f"{name:16} {trial.full:>9,}  {trial.title}")
        return 0
    failed = 0
    for name in names:
        result = run(trials[name], options.count or trials[name].full)
        if not options.dry_run:
            keep_result(options.result, name, result)
        _tell(name, result)
        failed += result.failed
    return 1 if failed else 0


def run(trial: Trial, count: int) -> TrialResult:
    """Run a trial and return its result."""
    before = _processor_seconds()
    outcomes = trial.run(count)
    machine = describe_machine(ROOT, current_load())
    return TrialResult(
        title=trial.title,
        what=trial.what,
        outcomes=outcomes,
        processor_seconds=round(_processor_seconds() - before, 1),
        day=datetime.now(UTC).date().isoformat(),
        program=versions(ROOT, {})["tracker"],
        machine=(
            f"{machine.processor}, {machine.cores} cores, {machine.system}, "
            f"Python {platform.python_version()}"
        ),
    )


def _processor_seconds() -> float:
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _tell(name: str, result: TrialResult) -> None:
    for outcome in result.outcomes:
        print(f"{name}: {outcome.subject}: {outcome.tried:,} tried, {outcome.failed:,} failed")
        for remark in outcome.remarks:
            print(f"    {remark}")


if __name__ == "__main__":
    sys.exit(main())
