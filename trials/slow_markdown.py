"""Markdown made to be slow: no text takes long, and twice as much takes about twice as long."""

from __future__ import annotations

import time
from itertools import pairwise

from tracker.collector import collector_off
from tracker.config import DEFAULT_LIMITS
from tracker.format.markdown_cost import MAX_LENGTH, MAX_STEPS_OF_PAGE, cost_of
from tracker.site.markdown import MarkdownRenderer
from trials.markdown_families import FAMILIES, family
from trials.results import Outcome
from trials.trial import Trial

SECONDS = 5.0
"""Processor time that the texts of the largest record may take."""

RATIO = 2.5
"""How many times as long twice the text may take."""

NOISE = 0.02
"""Seconds by which two measurements of the same may differ."""

_SIZES = tuple(MAX_LENGTH // 2**halved for halved in range(4, -1, -1))


def seconds_of(text: str) -> float:
    """Return the processor time that rendering a text takes, the least of three measurements."""
    return min(_measured(text) for _ in range(3))


def _measured(text: str) -> float:
    renderer = MarkdownRenderer()
    begun = time.process_time()
    renderer.render_fully(text)
    return time.process_time() - begun


def seconds_of_page(text: str) -> float:
    """Return the processor time of the texts of one page, as many as the largest record has."""
    renderer = MarkdownRenderer()
    renderer.steps_left = MAX_STEPS_OF_PAGE
    begun = time.process_time()
    for _ in range(-(-DEFAULT_LIMITS.file_size // max(len(text.encode()), 1))):
        renderer.render(text)
    return time.process_time() - begun


def grows_too_fast(seconds: list[float]) -> bool:
    """Tell whether any text took more than allowed beside the one of half its length.

    Args:
        seconds: What texts of one family took, each twice as long as the one before.
    """
    return any(whole > RATIO * half + NOISE for half, whole in pairwise(seconds))


def run(count: int) -> list[Outcome]:
    """Render families of slow Markdown.

    Args:
        count: How many families, at most.
    """
    names = list(FAMILIES)[:count]
    growing: list[str] = []
    slow: list[str] = []
    slowest = 0.0
    for name in names:
        texts = [family(name, size) for size in _SIZES]
        with collector_off():  # as commands run
            measured = [_measured(text) for text in texts]
            if grows_too_fast(measured):
                # Something else may have kept the machine from it meanwhile.
                measured = [seconds_of(text) for text in texts]
        if grows_too_fast(measured):
            told = ", ".join(f"{1000 * each:.0f}" for each in measured)
            growing.append(f"{name}: {told} ms.")
        # The most expensive text is one that is still rendered as Markdown.
        rendered = [text for text in texts if not cost_of(text).plain_blocks] or texts[-1:]
        page = seconds_of_page(rendered[-1])
        slowest = max(slowest, page)
        if page > SECONDS:
            slow.append(f"{name}: {page:.1f} s.")
    return [
        Outcome("a text of twice the length", len(names), len(growing), growing),
        Outcome(
            "the texts of a record of 1 MiB",
            len(names),
            len(slow),
            [*slow, f"The slowest took {slowest:.1f} s."],
        ),
    ]


TRIAL = Trial(
    title="Slow Markdown",
    what=(
        "Families of Markdown that are known to make renderers slow, each from four kilobytes to "
        f"the longest text that is rendered. Twice the text takes at most {RATIO:g} times as "
        "long, and all texts of a record as large as a record may be take at most "
        f"{SECONDS:g} s of processor time on its page."
    ),
    full=len(FAMILIES),
    run=run,
)
