"""The page of the benchmarks, made from what a run found."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from bench.results import COLD, COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.results import Group, Latency, Opening, Result, Series

_SCOPES = {
    "tiny": "a run over ten customers, which shows that measuring works and no more",
    "quick": "a quick run",
    "standard": "`make bench`",
    "full": "`make bench-full`",
}

_OURS = "tracker build"

_PAIRS = (
    ("tracker --help", "python -c 'import click'"),
    ("build, one record edited", "build, nothing changed"),
    ("check", "check, nothing kept"),
)

_SHOWN_PAGES = 10

_BUSY = """\
The machine had much else to do meanwhile: the times are too long, and the ratios rough.

"""

_INTRODUCTION = """\
# Benchmarks

<!-- Written by bench/run.py from bench/result.json; to write it anew: bench/run.py --page -->

What builds, checks and commands cost, measured on {day} in {minutes:g} minutes by {scope}.
`make bench` measures again in a quarter of an hour, `make bench-full` goes to 100,000 customers,
and `python bench/run.py --quick` takes two or three minutes.

- **Whole processes** are measured, from start to end. They take turns, round by round. Times are
  medians; a ratio is the median of the ratios within each round, so that what slows the machine
  for a while slows both sides of it.
- **Processor time** and **memory** are those of a process with all that it starts; memory that
  several of them share counts once. Memory is from a run of its own before the first round, which
  also brings the files into the system's cache.
- **Records** are made up by `bench/generate.py`: {records}.
- **Other programs** get the same files, and templates in `bench/peers/` that show the same: a page
  for each customer with its front matter in tables and its text rendered, and lists of all, by
  stage and by owner. `tracker build` makes all that it always makes: agenda, board, calendars,
  numbers, search and exports too.

Single functions are measured by `pytest tests/benchmarks --benchmark-enable`.
"""


def page_of(result: Result) -> str:
    """Return the page in Markdown."""
    sizes = {entry.customers: entry for entry in result.records}
    records = ", ".join(
        f"{entry.customers:,} of {entry.bytes / 1000:.1f} KB" for entry in sizes.values()
    )
    some = result.records[0]
    parts = [
        _INTRODUCTION.format(
            scope=_SCOPES[result.scope],
            day=result.day,
            minutes=result.minutes,
            records=f"{records}, with {some.followups} follow-ups each on average, mostly plain "
            f"text; seed {some.seed}",
        ),
        _machine(result),
    ]
    cold = [group for group in result.groups if group.subject == COLD]
    commands = [group for group in result.groups if group.subject == COMMANDS]
    parts += ["## Cold builds\n", "No site, nothing kept from before.\n"]
    parts += [_cold(group) for group in cold]
    parts.append(_growth(cold))
    if commands:
        parts += ["## Commands\n", _COMMANDS_NOTE]
        parts += [_commands(group) for group in commands]
    if result.stages:
        parts.append(_stages(result))
    if result.serving:
        parts.append(_serving(result))
    parts += [_opening(opening) for opening in result.opening]
    if result.left_out:
        parts += ["## Left out\n", "".join(f"- {sentence}\n" for sentence in result.left_out)]
    return "\n".join(parts)


_COMMANDS_NOTE = """\
With a site and a cache from before, unless said otherwise. The day is that of the records.
"""


def _machine(result: Result) -> str:
    machine = result.machine
    rows = [
        ("processor", f"{machine.processor}, {machine.cores} cores"),
        ("memory", f"{machine.memory / 2**30:.0f} GiB"),
        ("system", machine.system),
        ("file system", machine.file_system or "unknown"),
        ("load before and after", f"{machine.load[0]:g}, {machine.load[1]:g}"),
        *result.versions.items(),
    ]
    busy = _BUSY if machine.load[0] > machine.cores / 2 else ""
    return "## Machine and versions\n\n" + busy + _table(("", ""), rows)


def _cold(group: Group) -> str:
    rows = [
        (
            each.name,
            _seconds(each.median_wall),
            _ratio(each, group.find(group.baseline)),
            _seconds(each.median_cpu),
            _megabytes(each.memory),
            "–" if each.pages is None else f"{each.pages:,}",
            "–" if each.largest_page is None else f"{each.largest_page / 1000:.0f} KB",
            str(len(each.rounds)),
        )
        for each in group.series
    ]
    head = (
        "",
        "time",
        f"ratio to {group.baseline}",
        "processor time",
        "memory",
        "HTML pages",
        "largest page, compressed",
        "rounds",
    )
    return f"### {group.customers:,} customers\n\n" + _table(head, rows)


def _growth(groups: Sequence[Group]) -> str:
    """Return how time and memory grow with the number of customers."""
    found = [(group.customers, series) for group in groups if (series := group.find(_OURS))]
    rows = []
    for index, (customers, series) in enumerate(found):
        each = series.median_wall / customers
        before = found[index - 1] if index else None
        ratio = f"{each * before[0] / before[1].median_wall:.2f}" if before else "–"
        beyond = "–"
        if before:
            more = series.median_wall - before[1].median_wall
            beyond = f"{1000 * more / (customers - before[0]):.2f} ms"
        per_customer = (
            "–" if series.memory is None else f"{series.memory / customers / 1000:.0f} KB"
        )
        rows.append(
            (
                f"{customers:,}",
                f"{1000 * each:.2f} ms",
                ratio,
                beyond,
                _megabytes(series.memory),
                per_customer,
            )
        )
    head = (
        "customers",
        "time for each",
        "ratio to the size before",
        "for each beyond the size before",
        "memory",
        "memory for each",
    )
    return (
        f"### Growth of `{_OURS}`\n\nThe start of the program, which is the same for all sizes, is "
        "in the time for each; it is not in the time for each beyond the size before.\n\n"
        + _table(head, rows)
    )


def _commands(group: Group) -> str:
    rows = [
        (
            each.name,
            _seconds(each.median_wall),
            _ratio(each, group.find(group.baseline)),
            _seconds(each.median_cpu),
            _megabytes(each.memory),
        )
        for each in group.series
    ]
    head = ("", "time", f"ratio to {group.baseline}", "processor time", "memory")
    rounds = max(len(each.rounds) for each in group.series)
    title = f"### {group.customers:,} customers, rounds: {rounds}\n\n"
    pairs = "".join(
        f"- {one} / {other}: {_ratio(series, baseline)}\n"
        for one, other in _PAIRS
        if (series := group.find(one)) and (baseline := group.find(other))
    )
    return title + _table(head, rows) + f"\nRatios of two, round by round:\n\n{pairs}"


def _stages(result: Result) -> str:
    names = list(dict.fromkeys(name for each in result.stages for name in each.seconds))
    rows = [
        (
            name,
            *(
                f"{1e6 * statistics.median(each.seconds[name]) / each.customers:,.0f}"
                for each in result.stages
            ),
        )
        for name in names
    ]
    head = ("", *(f"{each.customers:,} customers" for each in result.stages))
    return (
        "## Stages\n\nEach timed alone in one process: microseconds of processor time for each "
        "customer. `data` are the files that are no pages; `read kept` takes the place of `read` "
        "and `parse` where records are in the cache.\n\n" + _table(head, rows)
    )


def _serving(result: Result) -> str:
    rows = [
        (f"{each.customers:,} customers, {page} open", *map(_latency, latencies.values()))
        for each in result.serving
        for page, latencies in (("customer", each.customer), ("dashboard", each.dashboard))
    ]
    some = result.serving[0]
    edits = " or ".join(str(number) for number in sorted({each.edits for each in result.serving}))
    return (
        "## tracker serve\n\nMilliseconds from the edit of a record to the event that reloads the "
        "page, to the page loaded, and to the whole site at rest: the median of "
        f"{edits} edits, and the worst. {some.waits[0]:g} ms of it are waited for editors, "
        f"which often write a file in several steps; {some.waits[1]:g} ms at most.\n\n"
        + _table(("", "event", "loaded", "rest"), rows)
    )


def _opening(opening: Opening) -> str:
    rows = [
        (
            each.page,
            f"{statistics.median(each.milliseconds):,.0f} ({max(each.milliseconds):,})",
            f"{each.compressed / 1000:.0f} KB",
        )
        for each in opening.pages[:_SHOWN_PAGES]
    ]
    times = len(opening.pages[0].milliseconds)
    return (
        f"## Pages in a browser, {opening.customers:,} customers\n\nMilliseconds until a page can "
        "be used in Chromium, opened from its folder: its document is complete, all that it loads "
        "by itself is there, and its last long task has ended. Of "
        f"{len(opening.pages)} pages, all kinds and the largest of each folder, the "
        f"{len(rows)} slowest; the median of {times} and the worst.\n\n"
        + _table(("", "can be used", "compressed"), rows)
    )


def _latency(latency: Latency) -> str:
    return f"{latency.median:,} ({latency.worst:,})"


def _ratio(series: Series, baseline: Series | None) -> str:
    ratio = series.ratio_to(baseline) if baseline else None
    return "–" if ratio is None else f"{ratio:.2f}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f} s" if seconds < 1 else f"{seconds:.2f} s"


def _megabytes(amount: int | None) -> str:
    return "–" if amount is None else f"{amount / 1e6:,.0f} MB"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown; numbers, which are in all columns but the first, to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
