"""Records as large as they may be, of very much of one thing: none is slow or takes much memory.

Each is read, checked and rendered alone, in a process that has so much memory and no more.

Example: `python -m trials large_records`; `python -m trials.large_records promises` tells what one
family takes.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from tracker.collector import collector_off
from tracker.config import DEFAULT_LIMITS
from trials import fuzz
from trials.large_families import FAMILIES, LANGUAGES, large_record
from trials.results import Outcome
from trials.trial import Trial

SECONDS = 5.0
"""Processor time that a record may take."""

RATIO = 2.5
"""How many times as long a record may take as one of half its size."""

NOISE = 0.2
"""Seconds by which two measurements of the same may differ."""

_WHOLE = DEFAULT_LIMITS.file_size
_BESIDE = 16
"""Bytes by which a record is smaller than the limit."""


def seconds_of(name: str, language: str, size: int) -> float:
    """Return the processor time that a record of a family takes to be read, checked and rendered.

    Args:
        name: The family.
        language: Of the record and its workspace.
        size: Bytes of the record.

    Raises:
        MemoryError: It took more memory than the process has.
        ValueError: It was not read, checked and rendered as a record must be.
    """
    data = large_record(name, language, size - _BESIDE).encode()
    begun = time.process_time()
    with collector_off():
        fault = fuzz.fault_of(data, language)
    if fault:
        raise ValueError(fault)
    return time.process_time() - begun


def fault_of(name: str, language: str, whole: int = _WHOLE) -> str | None:
    """Return what is wrong with how long the records of a family take; None where all is well.

    Args:
        name: The family.
        language: Of the records.
        whole: Bytes of the larger of two records; the other has half of them.
    """
    try:
        with fuzz.time_limit(4 * SECONDS):
            half, seconds = (seconds_of(name, language, size) for size in (whole // 2, whole))
            if seconds > RATIO * half + NOISE or seconds > SECONDS:
                # Something else may have kept the machine from it meanwhile.
                again = (seconds_of(name, language, size) for size in (whole // 2, whole))
                half, seconds = map(min, zip((half, seconds), again, strict=True))
    except fuzz.TooSlowError:
        return f"it takes more than {2 * SECONDS:g} s"
    except MemoryError:
        return "it takes more than its memory"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        return f"{type(error).__name__}: {error}"
    if seconds > SECONDS:
        return f"it takes {seconds:.1f} s"
    if seconds > RATIO * half + NOISE:
        return f"it takes {seconds:.2f} s, and half of it {half:.2f} s"
    return None


def _bounded(name: str, language: str) -> str | None:
    """Return the fault of a family, found in a process of its own that memory is bounded for."""
    with ProcessPoolExecutor(1, get_context("fork"), fuzz.limit_memory) as pool:
        try:
            return pool.submit(fault_of, name, language).result()
        except BrokenProcessPool:
            return "the process died"


def run(count: int) -> list[Outcome]:
    """Try families of large records.

    Args:
        count: How many families, at most; each is tried in both languages.
    """
    outcomes = []
    for language in LANGUAGES:
        names = list(FAMILIES)[:count]
        faults = {name: fault for name in names if (fault := _bounded(name, language))}
        remarks = [f"{name}: {fault}." for name, fault in faults.items()]
        subject = f"a record of {_WHOLE // 1024**2} MiB in {_LANGUAGE_NAMES[language]}"
        outcomes.append(Outcome(subject, len(names), len(faults), remarks))
    return outcomes


_LANGUAGE_NAMES = {"zh": "Chinese", "en": "English"}

TRIAL = Trial(
    title="Large records",
    what=(
        "A record as large as a record may be holds very much of one thing: follow-ups of one "
        "line, promises, next steps that cannot be read, headings, links, contacts, keys that "
        "nobody knows. It is read, checked and rendered within "
        f"{SECONDS:g} s of processor time and {fuzz.MEMORY // 1024**2} MB beyond what the program "
        f"takes by itself, and takes at most {RATIO:g} times as long as one of half its size."
    ),
    full=len(FAMILIES),
    run=run,
)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        for each in LANGUAGES:
            taken = [seconds_of(argument, each, size) for size in (_WHOLE // 2, _WHOLE)]
            print(f"{argument}, {each}: {taken[0]:.2f} s, {taken[1]:.2f} s")
