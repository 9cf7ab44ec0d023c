"""Keeps the folder of a site up to date, page by page, while its workspace changes.

What was made is made again only where something that it was made from is not what it was: what
the page shows, its templates, and whatever was read for it beyond that. Pages can be asked for
before their turn. Once all steps are done, the folder holds what a build would write, byte for
byte.
"""

from __future__ import annotations

import contextlib
import filecmp
import time
from typing import TYPE_CHECKING

from tracker.digests import digest
from tracker.errors import TemplateError, os_error_message
from tracker.file_states import FileState
from tracker.site.attachments import Attachments
from tracker.site.fingerprint import Fingerprints
from tracker.site.made import Made, Sources
from tracker.site.markdown import MarkdownRenderer
from tracker.site.reading import Reading
from tracker.site.render import SiteRenderer
from tracker.site.targets import SiteTargets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.site.folder import SiteFolder
    from tracker.site.kept_site import KeptSite
    from tracker.site.page import Site
    from tracker.site.targets import Target

_ASSETS = "assets/"


class LiveSite:
    """A site in a folder, which is brought up to date step by step.

    Args:
        root: The workspace.
        folder: The folder.
        kept: What is known of the site in the folder from a build, or from the last time that it
            was kept up to date; None where nothing is to be known, or kept.
    """

    def __init__(self, root: Path, folder: SiteFolder, kept: KeptSite | None = None) -> None:
        self._root = root
        self._folder = folder
        self._kept = kept
        self._attachments = Attachments(root)
        self._copied: dict[str, FileState | None] = {}
        self._made: dict[str, Made] = kept.whole() if kept else {}
        self._target_of = self._targets_of_files()
        self._renderer: SiteRenderer | None = None
        self._site: Site | None = None
        self._fresh: set[str] = set()
        self._failures: dict[str, TemplateError] = {}
        self._steps: Iterator[set[str]] = iter(())
        self.complete = False

    @property
    def failures(self) -> list[TemplateError]:
        """Return why pages could not be made from the last site; they stayed as they were."""
        return list({str(error): error for error in self._failures.values()}.values())

    def show(self, site: Site) -> None:
        """Begin to bring the folder up to date with a site.

        Raises:
            OutputError: The folder was replaced by something that is not ours.
            TemplateError: The templates cannot be listed.
        """
        if not self._folder.is_as_left:
            self._folder.open()
            self._made, self._copied = {}, {}
        before = self._site
        if before is None or before.config is not site.config or before.today != site.today:
            self._renderer = None
        if self._renderer is None:
            self._renderer = SiteRenderer(
                site.config, self._root, MarkdownRenderer(), self._attachments
            )
        self._site = site
        self._targets = SiteTargets(site, self._renderer, self._root)
        self._sources = Sources(Fingerprints(site), self._renderer, self._attachments)
        self._fresh, self._failures = set(), {}
        self.complete = False
        self._steps = self._work(site)

    def keep(self) -> None:
        """Keep what is known of the site, if all of it is up to date."""
        if self._kept and self.complete and self._folder.is_as_left:
            copied = {path for made in self._made.values() for path in made.published}
            self._kept.keep(self._made, copied, lambda: self._folder.is_as_left)

    def templates_changed(self) -> None:
        """Forget the templates, since some have changed; to be followed by `show`."""
        self._renderer = None

    def attachments_changed(self) -> None:
        """Forget which attachments there are; to be followed by `show`."""
        self._attachments.forget()

    def is_fresh(self, path: str) -> bool:
        """Tell whether a file is known to be as the last site has it."""
        known = self.complete or self._target_of.get(path, path) in self._fresh
        return known and self._folder.is_as_left

    def refresh(self, path: str) -> set[str]:
        """Bring a file up to date before its turn, and return the files that have changed.

        Args:
            path: The file, relative to the folder; nothing happens for one that is not ours.

        Raises:
            OutputError: It cannot be written, or the folder is no more ours.
        """
        if self._site and not self._folder.is_as_left:
            self.show(self._site)
        try:
            target = self._targets.find(path)
        except (TemplateError, OSError) as error:
            self._failures[_ASSETS] = _template_error(error)
            return set()
        if target is None:
            return set()
        return set().union(*self._bring_up_to_date(target))

    def step(self) -> set[str] | None:
        """Do a small part of the work that is left.

        Returns:
            The files that have changed; None where nothing is left to do.

        Raises:
            OutputError: A file cannot be written.
        """
        return next(self._steps, None)

    def _work(self, site: Site) -> Iterator[set[str]]:
        # What is wrong with an asset is said when the turn of the assets comes.
        with contextlib.suppress(TemplateError, OSError):
            self._folder.expect(self._targets.paths())
        files: set[str] = set()
        attachments: set[str] = set()
        for target in self._all_targets():
            # A build would fail too: what is made with the template stays as it is.
            if target.template not in self._failures:
                yield from self._bring_up_to_date(target)
            made = self._made.get(target.path)
            if made:
                files.update(made.files)
                attachments.update(made.published)
        # While something fails it is not known which files belong to the site: none goes.
        kept = self._folder.files if self._failures else frozenset()
        yield self._folder.settle(files | attachments | kept)
        yield {path for path in sorted(attachments) if self._copy(path)}
        gone = self._made.keys() - files
        for path in gone:
            del self._made[path]
        self._target_of = self._targets_of_files()
        self.complete = not self._failures and site is self._site

    def _targets_of_files(self) -> dict[str, str]:
        """Return the targets of the files that are not named as theirs."""
        return {
            file: path for path, made in self._made.items() for file in made.files if file != path
        }

    def _all_targets(self) -> Iterator[Target]:
        try:
            yield from self._targets
        except (TemplateError, OSError) as error:
            self._failures[_ASSETS] = _template_error(error)

    def _bring_up_to_date(self, target: Target) -> Iterator[set[str]]:
        """Make a target's files where that is due; yield what has changed, file by file."""
        if target.path in self._fresh:
            return
        current = self._sources.current(target, self._made.get(target.path))
        if current:
            self._made[target.path] = current
        else:
            try:
                yield from self._make(target)
            except TemplateError as error:
                self._failures[target.template] = error
                return
        self._fresh.add(target.path)
        yield set()

    def _make(self, target: Target) -> Iterator[set[str]]:
        reading = Reading()
        files: dict[str, bytes] = {}
        for path, data in target.make(reading):
            # Another site may come before the last file: then nothing is known of the target.
            self._made.pop(target.path, None)
            files[path] = digest(data)
            if path != target.path:
                self._target_of[path] = target.path
            yield {path} if self._folder.write(path, data) else set()
        made = self._made[target.path] = self._sources.made(target, reading, files)
        yield {path for path in made.published if self._copy(path)}

    def _copy(self, path: str) -> bool:
        """Copy an attachment into the site, and tell whether it is another one than before."""
        source, target = self._root / path, self._folder.path / path
        looked = time.time_ns()
        try:
            state = FileState.of(source.stat())
            if self._copied.get(path) == state and target.is_file():
                return False
            filecmp.clear_cache()  # it goes by size and time, which somebody may have put back
            same = target.is_file() and filecmp.cmp(source, target, shallow=False)
        except OSError:
            return False  # It has just gone: whoever told of the change tells of that too.
        if not same:
            self._folder.copy(path, source)
        self._copied[path] = state if state.tells(looked) else None
        return not same


def _template_error(error: TemplateError | OSError) -> TemplateError:
    return error if isinstance(error, TemplateError) else TemplateError(os_error_message(error))
