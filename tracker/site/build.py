"""Building the site: everything is read and checked before anything is rendered.

What is as it was when the last site was built is taken over from it; what came of that is the same
as if all were made anew.
"""

from __future__ import annotations

import gc
from collections import deque
from contextlib import closing
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from tracker import processes
from tracker.collector import collector_off
from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME, RECORDS_DIR, TEMPLATES_DIR
from tracker.digests import digest
from tracker.errors import OutputError
from tracker.insight.day import day_of
from tracker.library.git_follower import GitState
from tracker.library.loader import load_library
from tracker.site.attachments import Attachments
from tracker.site.build_result import BuildResult
from tracker.site.fingerprint import Fingerprints
from tracker.site.made import Made, Sources
from tracker.site.markdown import MarkdownRenderer
from tracker.site.page import Site
from tracker.site.reading import Reading
from tracker.site.render import SiteRenderer
from tracker.site.writer import PATIENCE_SECONDS, SiteWriter
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from tracker.config import Config
    from tracker.site.audience import Audience
    from tracker.site.encrypted.writer import Encryption
    from tracker.site.kept_site import KeptSite
    from tracker.site.leak_proof import Hit, Prover
    from tracker.site.targets import Target


_WORTH_SHARING = 100
"""Records or targets from which it takes less time to make them with several processes."""

_WORTH_PREPARING = 50
"""Parts from which it takes less time to compile all templates before they are shared."""

_NOT_FOR_OUTPUT = (RECORDS_DIR, ATTACHMENTS_DIR, TEMPLATES_DIR)


def build_site(  # noqa: PLR0913  # half of them are settings that most leave as they are
    root: Path,
    output: Path,
    today: date,
    *,
    clean: bool = False,
    cached: bool = False,
    kept: KeptSite | None = None,
    jobs: int = 1,
    progress: Callable[[str, int, int], None] = lambda _step, _done, _total: None,
    encryption: Encryption | None = None,
    audience: Audience | None = None,
) -> BuildResult:
    """Build the site of a workspace for one day.

    Args:
        root: The workspace.
        output: The site's folder; replaced whole, or not at all.
        today: The day that the site shows.
        clean: Whether to drop files in the folder that are not of the last build.
        cached: Whether the cache of parsed records is used and kept.
        kept: The last site in the folder, from which is taken what would be the same; this one
            is kept in its place. None where all is to be made anew, and nothing to be kept.
        jobs: How many processes read and render; the site is the same.
        progress: Called now and then with the step's name, and how much of how much is done.
        encryption: How the site is encrypted; None for one that everybody can read.
        audience: Who the site is for; None for those who may see everything. Another audience is
            another site, so that nothing is to be kept of it.

    Raises:
        SettingsError: It is not certain what an audience may see.
        LeakError: The site would show what an audience may not see; it is not put in place.
        OutputError: The folder is not ours to replace, or cannot be written; it is as before then.
        TemplateError: A template of the workspace cannot be rendered; likewise.
        OSError: The records cannot be listed.
    """
    check_place(root, output)
    waiting = partial(_tell_of_waiting, progress)
    with _writer(output, encryption, clean=clean, waiting=waiting) as site:
        library = load_library(
            root,
            lambda done, total: progress("read", done, total),
            cached=cached,
            jobs=jobs,
            meanwhile=partial(_begin, root),
        )
        whole = day_of(library, today, cached=cached)
        view = audience.sees(whole) if audience else None
        day = view.day if view else whole
        attachments = Attachments(root, publishes=not (view and view.reduced.without_files))
        renderer = SiteRenderer(day.library.config, root, MarkdownRenderer(), attachments)
        git = view.git if view else GitState.of(library, day.history, today, cached=cached)
        shared = Site.of(day, git)
        # Imported late: it takes long, and has been done meanwhile where records were parsed.
        from tracker.site.targets import SiteTargets

        targets = SiteTargets(shared, renderer, root)
        prover = view.prover(shared) if view else None
        # Once it is encrypted, nobody could tell what is in a file.
        watch = prover if encryption else None
        work = _Work(site, Sources(Fingerprints(shared), renderer, attachments), kept, watch)
        parts, of_records = targets.parts(), targets.parts_of_records()
        total = len(parts) + len(of_records)
        if len(day.library.entries) < _WORTH_SHARING:
            jobs = 1
        if jobs > 1 and total > _WORTH_PREPARING:
            deque(renderer.prepare(), 0)
        # Nobody may write to the site's folder any more when it is taken away.
        with (
            collector_off(),
            closing(processes.shared(work.make, parts, jobs, own=of_records)) as done,
        ):
            for number, made in enumerate(done, 1):
                work.note(made)
                progress("render", number, total)
        linked = sorted({path for made in work.made.values() for path in made.published})
        for path in linked:
            known = kept.find_copy(path) if kept else None
            if known is None or not site.reuse(path, known):
                site.copy(path, root / path)
            if watch:
                work.hits += watch.hits(path, (root / path).read_bytes())
        if audience and prover:
            site.complete()
            in_folder = prover.search(site.folder, jobs, site.wrote)
            audience.judge(prover.proof((*work.hits, *in_folder.hits), in_folder.files))
        site.commit()
    if kept:
        kept.keep(work.made, linked, site.is_in_place, site.finished)
    # Only whoever builds is told: an audience's own day has no problems.
    told = view.problems_of(whole) if view else whole
    return BuildResult(
        pages=work.pages,
        files=site.files,
        records=len(day.standings),
        left_out=len(library.left_out),
        errors=told.errors,
        warnings=told.warnings,
        templates_without_effect=tuple(renderer.templates_without_effect()),
        folder=site.number,
        finished=site.finished,
        commit=git.history.head,
        refused=any(entry.refused for entry in library.entries),
    )


def _begin(root: Path, config: Config) -> Iterator[None]:
    """Do what is needed whatever the records say, step by step.

    Args:
        root: The workspace.
        config: Its settings.
    """
    # Loaded here for those that import them where they need them.
    for module in ("tracker.rules.diagnose", "tracker.site.pages", "tracker.site.targets"):
        import_module(module)
        yield
    renderer = SiteRenderer(config, root, MarkdownRenderer(), Attachments(root))
    yield from renderer.prepare()


class _Part(NamedTuple):
    """What came of a part of the site.

    Attributes:
        pages: How many pages.
        made: The targets by their paths.
        hits: What was found in its files that may not be there.
    """

    pages: int
    made: dict[str, Made]
    hits: tuple[Hit, ...] = ()


class _Work:
    """Makes the targets of a site, or takes them over from the last one.

    Args:
        site: Where the site is written.
        sources: What its targets are made from.
        kept: The last site.
        watch: Looks into the files before they are written; None where nobody has to.

    Attributes:
        pages: How many pages there are so far.
        made: The targets so far, by their paths.
        hits: What was found in the files so far that may not be there.
    """

    def __init__(
        self, site: SiteWriter, sources: Sources, kept: KeptSite | None, watch: Prover | None
    ) -> None:
        self._site = site
        self._sources = sources
        self._kept = kept
        self._known: Mapping[str, Made] = kept.made if kept else {}
        self._watch = watch
        self.pages = 0
        self.made: dict[str, Made] = {}
        self.hits: list[Hit] = []

    def make(self, part: Callable[[], Iterable[Target]]) -> _Part:
        """Make the targets of a part; what came of it is to be noted by the calling process."""
        pages, found = 0, {}
        hits: list[Hit] = []
        for target in part():
            pages += bool(target.template)
            if made := self._taken_over(target):
                found[target.path] = made
                continue
            reading = Reading()
            files = {}
            for path, data in target.make(reading):
                files[path] = content = digest(data) if self._kept else b""
                if not self._reuse(path, content):
                    self._site.write(path, data)
                if self._watch:
                    hits += self._watch.hits(path, data)
            found[target.path] = (
                self._sources.made(target, reading, files)
                if self._kept
                else Made.of_unknown_source(reading, files)
            )
            # Templates leave cycles behind; all else is older, and none of what it looks at.
            gc.collect(0)
        return _Part(pages, found, tuple(hits))

    def note(self, part: _Part) -> None:
        """Take note of what came of a part."""
        self.pages += part.pages
        self.made.update(part.made)
        self.hits += part.hits
        for made in part.made.values():
            self._site.take(made.files)

    def _taken_over(self, target: Target) -> Made | None:
        """Take a target over if it would be the same, and return what is to be known of it."""
        made = self._sources.current(target, self._known.get(target.path))
        if made and all(self._reuse(path, content) for path, content in made.files.items()):
            return made
        return None

    def _reuse(self, path: str, content: bytes) -> bool:
        """Take a file over from the last site where it has a content; tell whether it has."""
        number = self._kept.find(path, content) if self._kept else None
        return number is not None and self._site.reuse(path, number)


def _tell_of_waiting(progress: Callable[[str, int, int], None], seconds: float) -> None:
    progress("wait", int(seconds), PATIENCE_SECONDS)


def _writer(
    output: Path,
    encryption: Encryption | None,
    *,
    clean: bool,
    waiting: Callable[[float], object],
) -> SiteWriter:
    if encryption is None:
        return SiteWriter(output, clean=clean, waiting=waiting)
    # Imported late: few sites are encrypted.
    from tracker.site.encrypted.writer import EncryptedSiteWriter

    return EncryptedSiteWriter(output, encryption, clean=clean, waiting=waiting)


def check_place(root: Path, output: Path) -> None:
    """Refuse a folder whose replacement would take records or the workspace with it.

    Raises:
        OutputError: It is such a folder.
    """
    workspace, target = root.resolve(), output.resolve()
    inside = [workspace / name for name in _NOT_FOR_OUTPUT]
    if workspace.is_relative_to(target) or any(target.is_relative_to(folder) for folder in inside):
        raise OutputError(
            Message(
                "the site cannot be written to {folder}: it holds {name} or records of the "
                "workspace; choose a folder of its own with --output",
                {"folder": output, "name": CONFIG_NAME},
            )
        )
