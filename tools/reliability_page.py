"""Keep docs/reliability.md in step with trials/result.json.

python tools/reliability_page.py           write the page
python tools/reliability_page.py --check   change nothing; exit with 1 where the page is stale
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tools.generated_page import DOCS, keep_page
from trials.__main__ import RESULT
from trials.results import read_results

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trials.results import Results, TrialResult

PAGE = DOCS / "reliability.md"

_INTRODUCTION = """\
# Reliability

<!-- Written by tools/reliability_page.py from trials/result.json; to try anew: make reliability -->

What was tried to break `tracker`, and how often it held. `make reliability` tries all of it again,
which takes hours; `python -m trials` names the trials, and `python -m trials NAME --count N` runs
one of them N times. The tests run a small sample of the same code each time.

*Failed* counts whatever a trial says must not happen: something lost, a page half written, a
traceback, a script that ran.
"""


def page_of(results: Results) -> str:
    """Return the page about the results of trials."""
    summary = _table(
        ("trial", "tried", "survived", "failed"),
        (
            (f"[{result.title}](#{_anchor(result.title)})", *_counts(result.tried, result.failed))
            for result in results.values()
        ),
    )
    sections = (line for name, result in results.items() for line in _section(name, result))
    return "\n".join([_INTRODUCTION, summary, *sections])


def _section(name: str, result: TrialResult) -> Iterator[str]:
    yield f"## {result.title}\n\n{result.what}\n"
    yield _table(
        ("what", "tried", "survived", "failed"),
        ((outcome.subject, *_counts(outcome.tried, outcome.failed)) for outcome in result.outcomes),
    )
    remarks = [f"- {remark}\n" for outcome in result.outcomes for remark in outcome.remarks]
    if remarks:
        yield "".join(dict.fromkeys(remarks))
    yield (
        f"`python -m trials {name}`: {result.processor_seconds:,.0f} s of processor time on "
        f"{result.day} with tracker {result.program}, on {result.machine}.\n"
    )


def _counts(tried: int, failed: int) -> tuple[str, ...]:
    return f"{tried:,}", f"{tried - failed:,}", f"{failed:,}"


def _anchor(title: str) -> str:
    """Return the anchor of a heading, as GitHub and its like make it."""
    kept = (char for char in title.lower() if char.isalnum() or char in " -_")
    return "".join(kept).replace(" ", "-")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---", *["---:"] * (len(head) - 1)), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(keep_page(PAGE, lambda: page_of(read_results(RESULT)), __doc__))
