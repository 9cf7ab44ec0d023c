"""Damaged records through check and build: none may stop the program, slow it down or vanish.

Each record is read, checked and rendered alone, in a process that has so much memory and no more,
and so much processor time for each. Some of them also go through `tracker check` and `tracker
build` together, as the files of a workspace.

Example: `python -m trials fuzz --count 10000`; `python -m trials.fuzz 4711` shows one of them.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import signal
import sys
import tempfile
import traceback
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.cli.main import run as run_tracker
from tracker.config_file import parse_config
from tracker.diagnostics import Problem, Severity
from tracker.format.parser import parse_record
from tracker.insight.day import DayKeeper
from tracker.library.history import History
from tracker.library.library import Entry, Library
from tracker.site.attachments import Attachments
from tracker.site.markdown import MarkdownRenderer
from tracker.site.page import Site
from tracker.site.pages import SharedViews, record_page
from tracker.site.render import SiteRenderer
from tracker.text_files import decode
from tracker.translation import translations
from trials.forking import Ended
from trials.mutated_records import mutated_record
from trials.results import Outcome
from trials.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from tracker.config import Config
    from tracker.diagnostics import Diagnostic
    from tracker.insight.day import Day

TODAY = date(2026, 11, 24)
SECONDS = 1.0
"""Processor time that one record may take."""

MEMORY = 256 * 1024 * 1024
"""Bytes that the process may take beyond what it has before the first record."""

_BATCH = 5_000
_TOGETHER = 20
"""How many records of a batch are also checked and built as one workspace."""

_PATH = "records/a.md"
_SETTINGS = "language: {language}\nowners: [李雷, Li Lei]\n"
_MOST_REMARKS = 10


class TooSlowError(BaseException):
    """A record took more than its processor time; no `except Exception` may swallow that."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop what runs within after some seconds of processor time.

    Raises:
        TooSlowError: It took longer.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def fault_of(data: bytes, language: str) -> str | None:
    """Read, check and render a record alone; return what went wrong with the program.

    Args:
        data: The bytes of the file, of any kind.
        language: Of the workspace, `zh` or `en`.

    Returns:
        A sentence, or None where all is as it must be: the record has a page, what is wrong with
        it is said at places that exist, and a file that is no record is named as an error.
    """
    config = config_of(language)
    content = decode(data)
    if isinstance(content, Problem):
        entry = Entry(_PATH, "", None, (content,))
    else:
        parsed = parse_record(content.text, _PATH, config)
        entry = Entry(_PATH, content.text, parsed.customer, parsed.problems)
    day = DayKeeper().day(Library(_NOWHERE, config, (entry,)), TODAY, History)
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    return _fault_of_diagnostics(entry, day.diagnostics, lines) or _fault_of_page(day, language)


def _fault_of_diagnostics(
    entry: Entry, diagnostics: tuple[Diagnostic, ...], lines: int
) -> str | None:
    if entry.customer is None and not any(
        found.severity is Severity.ERROR for found in diagnostics
    ):
        return "the file is no record, and no error says so"
    for found in diagnostics:
        for language in ("zh", "en"):
            found.problem.message.render(translations(language).gettext)
        span = found.span
        if not (1 <= span.line <= span.end_line <= lines + 1 and span[:2] <= span[2:]):
            return f"{found.code} is said to stand at {span}, of {lines} lines"
    return None


def _fault_of_page(day: Day, language: str) -> str | None:
    page = record_page(SharedViews(Site.of(day)), _PATH)
    html = _renderer(language).render(page)
    return None if "</html>" in html else "the page is not whole"


_NOWHERE = Path("/nonexistent")


@cache
def config_of(language: str) -> Config:
    """Return the settings of the workspace that a record is read in."""
    return parse_config(_SETTINGS.format(language=language))[0]


@cache
def _renderer(language: str) -> SiteRenderer:
    attachments = Attachments(_NOWHERE)
    return SiteRenderer(config_of(language), _NOWHERE, MarkdownRenderer(), attachments)


def fault_of_seed(seed: int) -> str | None:
    """Return what goes wrong with a damaged record in its time; None where all is well."""
    try:
        with time_limit(SECONDS):
            return fault_of(mutated_record(seed), _language(seed))
    except TooSlowError:
        return f"it took more than {SECONDS:g} s of processor time"
    except MemoryError:
        return "it took more than its memory"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"


def _language(seed: int) -> str:
    return "zh" if seed % 2 else "en"


def fault_of_workspace(seeds: range, language: str) -> str | None:
    """Check and build records as the files of a workspace; return what went wrong.

    Every file has a page, or an error names it.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "records").mkdir()
        (root / "tracker.yaml").write_text(_SETTINGS.format(language=language), "utf-8")
        for seed in seeds:
            (root / "records" / f"r{seed}.md").write_bytes(mutated_record(seed))
        day = ["--today", TODAY.isoformat()]
        checked = run_here("-C", folder, "check", "--format", "json", *day)
        built = run_here("-C", folder, "build", *day)
        for ended in (checked, built):
            if ended.code != 1:
                return f"a command ended with {ended.code}: {ended.err.strip()}"
        problems = json.loads(checked.out)["problems"]
        wrong = {each["path"] for each in problems if each["severity"] == "error"}
        listed = (root / "output" / "data" / "customers.json").read_text("utf-8")
        shown = {row["path"] for row in json.loads(listed)}
        ignored = {f"records/r{seed}.md" for seed in seeds} - wrong - shown
        return f"{', '.join(sorted(ignored))}: neither shown nor an error" if ignored else None


def run_here(*arguments: str) -> Ended:
    """Run a command line in this process, which stays in its folder."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with (
        contextlib.chdir(Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run_tracker(arguments)
    out.seek(0)
    err.seek(0)
    return Ended(code, out.read(), err.read())


def faults_of_batch(seeds: range) -> list[tuple[int, str]]:
    """Return what goes wrong with the records of a batch alone, by seed."""
    return [(seed, fault) for seed in seeds if (fault := fault_of_seed(seed))]


def limit_memory() -> None:
    """Let the process take `MEMORY` more than it needs for a record that is nothing special."""
    fault_of_seed(0)
    fault_of_seed(1)
    size = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, resource.RLIM_INFINITY))


def run(count: int, first: int = 0) -> list[Outcome]:
    """Try damaged records.

    Args:
        count: How many.
        first: Seed of the first one.
    """
    alone: list[str] = []
    together: list[str] = []
    workspaces = 0
    for start in range(first, first + count, _BATCH):
        seeds = range(start, min(start + _BATCH, first + count))
        alone += [f"`python -m trials.fuzz {seed}`: {fault}" for seed, fault in _bounded(seeds)]
        some, workspaces = seeds[:_TOGETHER], workspaces + 1
        if fault := fault_of_workspace(some, _language(workspaces)):
            together.append(f"Records {some.start} to {some.stop - 1}: {fault}.")
    return [
        Outcome("a damaged record alone", count, len(alone), alone[:_MOST_REMARKS]),
        Outcome(
            f"{_TOGETHER} of them through `tracker check` and `tracker build`",
            workspaces,
            len(together),
            together[:_MOST_REMARKS],
        ),
    ]


def _bounded(seeds: range) -> list[tuple[int, str]]:
    """Return the faults of a batch, found in a process of its own that memory is bounded for."""
    with ProcessPoolExecutor(1, get_context("fork"), limit_memory) as pool:
        try:
            return pool.submit(faults_of_batch, seeds).result()
        except BrokenProcessPool:
            return [(seeds.start, f"the process died within {len(seeds)} records from here")]


TRIAL = Trial(
    title="Damaged records",
    what=(
        "Whole records in Chinese and English are damaged at up to six places as people, editors "
        "and programs damage them, and as somebody would on purpose; then they are read, checked "
        f"and rendered. No exception comes out, each takes less than {SECONDS:g} s of processor "
        f"time and less than {MEMORY // 1024**2} MB beyond what the program takes by itself, every "
        "file has a page or an error that names it, and every problem stands at a place that "
        "exists."
    ),
    full=1_000_000,
    run=run,
)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        sys.stdout.buffer.write(mutated_record(int(argument)))
        print(f"\n{argument}: {fault_of_seed(int(argument)) or 'nothing went wrong'}")
