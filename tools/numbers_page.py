"""Keep docs/numbers.md in step with the docstrings of the measures.

python tools/numbers_page.py           write the page
python tools/numbers_page.py --check   change nothing; exit with 1 where the page is stale
"""

from __future__ import annotations

import inspect
import re
import sys
from typing import TYPE_CHECKING

from tools.generated_page import DOCS, keep_page
from tracker.insight.measure import spread_of
from tracker.insight.measure_registry import all_measures

if TYPE_CHECKING:
    from tracker.insight.measure import Measure

PAGE = DOCS / "numbers.md"

_INTRODUCTION = """\
# Numbers

<!-- Written by tools/numbers_page.py from the docstrings in tracker/insight/measures; change those
instead. -->

What each figure of `tracker stats`, of `analysis.html` and of the owners' pages says, how it is
counted, and where the definition comes from. The same figures for all: nothing is counted twice in
two ways.

- **Day and period.** What stands, such as the pipeline, is counted as of the day (`--today`, else
  the day that it is). What happened is counted within the period (`--period`, by default the twelve
  months that end on the day), both its ends included. Nothing after the day counts.
- **Whose.** With `--owner` what stands is that of the customers that are theirs on the day; what
  happened is credited to whoever owned the customer when it happened, as far as git knows.
- **n.** Each figure says of how many cases it was made. A share or a median of fewer than stated
  says “too few”, since a handful of deals tells nothing.
- **Money.** Different currencies are added only where `rates` in `tracker.yaml` has each of them;
  otherwise they stand side by side.
- **Middle and spread.** {spread}
- **Rows.** Every figure leads to what it was counted from: `tracker stats pipeline --rows
  stages/negotiation` on the command line, a click on the site.
"""

_LABEL = re.compile(r"^(Says|Formula|Source|Left out|Example):", re.MULTILINE)


def page() -> str:
    """Return the page."""
    quartiles = " ".join((inspect.getdoc(spread_of) or "").partition("\n\n")[2].split())
    lines = [
        _INTRODUCTION.format(spread=quartiles),
        "| measure | what | counts |",
        "| --- | --- | --- |",
    ]
    measures = list(all_measures().values())
    for measure in measures:
        counts = "the period" if measure.of_period else "the day"
        lines.append(f"| [`{measure.code}`](#{measure.code}) | {_summary(measure)} | {counts} |")
    for measure in measures:
        text = measure.documentation.partition("\n\n")[2]
        lines += [
            "",
            f"## {measure.code}",
            "",
            _summary(measure),
            "",
            _LABEL.sub(r"**\1:**", text),
        ]
    return "\n".join(lines) + "\n"


def _summary(measure: Measure) -> str:
    return " ".join(measure.documentation.partition("\n\n")[0].split())


if __name__ == "__main__":
    sys.exit(keep_page(PAGE, page, __doc__))
