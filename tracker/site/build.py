"""Building the site: everything is read and checked before anything is rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker import processes
from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME, RECORDS_DIR
from tracker.errors import OutputError
from tracker.insight.day import day_of
from tracker.library.git_follower import GitState
from tracker.library.loader import load_library
from tracker.site.attachments import Attachments
from tracker.site.build_result import BuildResult
from tracker.site.markdown import MarkdownRenderer
from tracker.site.page import Site
from tracker.site.render import SiteRenderer
from tracker.site.targets import SiteTargets
from tracker.site.writer import SiteWriter
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from tracker.site.targets import Target


_WORTH_SHARING = 100
"""Records from which it takes less time to make a site with several processes than with one."""


class _Made(NamedTuple):
    """What came of a part of the site.

    Attributes:
        pages: How many pages.
        files: The files, pages included.
        attachments: Attachments that are linked to.
    """

    pages: int
    files: list[str]
    attachments: list[str]


_NOT_FOR_OUTPUT = (RECORDS_DIR, ATTACHMENTS_DIR, "site_templates")


def build_site(  # noqa: PLR0913  # half of them are settings that most leave as they are
    root: Path,
    output: Path,
    today: date,
    *,
    clean: bool = False,
    cached: bool = False,
    jobs: int = 1,
    progress: Callable[[str, int, int], None] = lambda _step, _done, _total: None,
) -> BuildResult:
    """Build the site of a workspace for one day.

    Args:
        root: The workspace.
        output: The site's folder; replaced whole, or not at all.
        today: The day that the site shows.
        clean: Whether to drop files in the folder that are not of the last build.
        cached: Whether the cache of parsed records is used and kept.
        jobs: How many processes read and render; the site is the same.
        progress: Called now and then with the step's name, and how much of how much is done.

    Raises:
        OutputError: The folder is not ours to replace, or cannot be written; it is as before then.
        TemplateError: A template of the workspace cannot be rendered; likewise.
        OSError: The records cannot be listed.
    """
    check_place(root, output)
    with SiteWriter(output, clean=clean) as site:
        library = load_library(
            root, lambda done, total: progress("read", done, total), cached=cached, jobs=jobs
        )
        day = day_of(library, today, cached=cached)
        attachments = Attachments(root)
        renderer = SiteRenderer(day.library.config, root, MarkdownRenderer(), attachments)
        shared = Site.of(day, GitState.of(library, day.history, today, cached=cached))
        parts = SiteTargets(shared, renderer, root).parts()
        if len(library.entries) < _WORTH_SHARING:
            jobs = 1
        if jobs > 1:
            renderer.prepare()

        def make(part: Callable[[], Iterable[Target]]) -> _Made:
            pages, files = 0, []
            for target in part():
                pages += bool(target.template)
                for path, data in target.make(None):
                    site.write(path, data)
                    files.append(path)
            return _Made(pages, files, attachments.linked)

        pages, linked = 0, set()
        for number, made in enumerate(processes.shared(make, parts, jobs)):
            site.take(made.files)
            pages += made.pages
            linked.update(made.attachments)
            progress("render", number + 1, len(parts))
        for path in sorted(linked):
            site.copy(path, root / path)
        site.commit()
        return BuildResult(
            pages=pages,
            files=site.files,
            records=len(day.standings),
            left_out=len(day.library.left_out),
            errors=day.errors,
            warnings=day.warnings,
            templates_without_effect=tuple(renderer.templates_without_effect()),
        )


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
