"""All measures by code, in the order in which they are shown.

A measure is a module of `tracker.insight.measures` with `TITLE`, `SUMMARY`, `OF_PERIOD`, a
docstring that says what it is for, its formula and its source, and a function `tables`. Its code is
the module's name, with `-` for `_`. The docstring is for `docs/numbers.md`; the summary is
translated and stands beside the figures.
"""

from __future__ import annotations

import importlib
from functools import cache

from tracker.insight.measure import Measure

ORDER = (
    "pipeline",
    "forecast",
    "stage_odds",
    "aging",
    "level_by_stage",
    "outlook",
    "trend",
    "funnel",
    "time_in_stage",
    "cycle",
    "win_rate",
    "loss_reasons",
    "sources",
    "results_by_owner",
    "activity",
    "record_lag",
    "promise_keeping",
    "plan_keeping",
    "cold_response",
    "customer_value",
)
"""Modules of the package, as people read them: what stands, what comes, what went well, who."""


@cache
def all_measures() -> dict[str, Measure]:
    """Return every measure by its code."""
    measures = [_measure(name) for name in ORDER]
    return {measure.code: measure for measure in measures}


def _measure(name: str) -> Measure:
    module = importlib.import_module(f"tracker.insight.measures.{name}")
    return Measure(
        code=name.replace("_", "-"),
        title=module.TITLE,
        summary=module.SUMMARY,
        documentation=(module.__doc__ or "").strip(),
        of_period=module.OF_PERIOD,
        tables=module.tables,
    )
