"""Times each stage of a cold build alone, in one process, and prints JSON.

Example: `python bench/stages.py FOLDER --repetitions 3`.

Seconds are those of the processor. Stages that take turns page by page, as rendering and writing
do, are added up. What a build does beyond them, such as asking git, is not in them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.generate import TODAY
from tracker.collector import collector_off
from tracker.config_file import load_config
from tracker.format.parser import parse_record
from tracker.insight.day import day_of
from tracker.library.library import Entry, Library
from tracker.library.loader import load_library
from tracker.library.record_paths import record_paths
from tracker.library.status import status_of
from tracker.rules.diagnose import Checker
from tracker.site.attachments import Attachments
from tracker.site.markdown import MarkdownRenderer
from tracker.site.page import Site
from tracker.site.pages import site_pages
from tracker.site.render import SiteRenderer
from tracker.site.targets import SiteTargets
from tracker.site.writer import SiteWriter
from tracker.text_files import TextFile, read_text_file

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGES = ("read", "parse", "status", "rules", "views", "render", "data", "write", "read kept")
"""In the order of the work. `data` are the files that are no pages, such as those of the search;
`read kept` is what a later run does in the place of `read` and `parse`."""


class Stopwatch:
    """Adds up the time of stages.

    Attributes:
        seconds: Seconds of the processor, by stage.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def running(self, stage: str) -> Iterator[None]:
        """Count what is done meanwhile to a stage."""
        begun = time.process_time()
        yield
        self.seconds[stage] += time.process_time() - begun


def time_stages(root: Path, output: Path) -> dict[str, float]:
    """Build a site by stages, and return the seconds of each.

    Args:
        root: The workspace.
        output: Where the site is written; should not be there yet.
    """
    watch = Stopwatch()
    config = load_config(root)[0]
    paths = record_paths(root)
    with collector_off():
        with watch.running("read"):
            found = [read_text_file(root / path, config.limits.file_size) for path in paths]
        texts = [each.text for each in found if isinstance(each, TextFile)]
        with watch.running("parse"):
            parsed = [
                parse_record(text, path, config) for text, path in zip(texts, paths, strict=True)
            ]
        entries = [
            Entry(path, text, each.customer, each.problems)
            for path, text, each in zip(paths, texts, parsed, strict=True)
        ]
    library = Library(root, config, tuple(entries))
    with watch.running("status"):
        statuses = {each.path: status_of(each, config, TODAY) for each in library.customers}
    with watch.running("rules"):
        checker = Checker(config)
        for entry in library.entries:
            for _ in checker.entry(entry, statuses.get(entry.path), library, TODAY):
                pass
        for _ in checker.workspace(library):
            pass
    _time_site(watch, library, output)
    load_library(root, cached=True)
    with watch.running("read kept"):
        load_library(root, cached=True)
    return {stage: watch.seconds[stage] for stage in STAGES}


def _time_site(watch: Stopwatch, library: Library, output: Path) -> None:
    site = Site.of(day_of(library, TODAY))
    markdown, attachments = MarkdownRenderer(), Attachments(library.root)
    renderer = SiteRenderer(library.config, library.root, markdown, attachments)
    with watch.running("views"):
        pages = list(site_pages(site))
    data = (each for each in SiteTargets(site, renderer, library.root) if not each.template)
    with SiteWriter(output) as writer:
        for page in pages:
            with watch.running("render"):
                html = renderer.render(page).encode()
            with watch.running("write"):
                writer.write(page.path, html)
        for target in data:
            with watch.running("data"):
                files = list(target.make(None))
            with watch.running("write"):
                for path, content in files:
                    writer.write(path, content)
        with watch.running("write"):
            writer.commit()


def main() -> None:
    """Time what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a workspace; its cache is made anew")
    parser.add_argument("--repetitions", type=int, default=1)
    options = parser.parse_args()
    found: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for _ in range(options.repetitions):
        with tempfile.TemporaryDirectory() as folder:
            for stage, seconds in time_stages(options.folder, Path(folder) / "site").items():
                found[stage].append(seconds)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
