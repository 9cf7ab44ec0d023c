"""A workspace in memory that follows what happens to its files, and its site on the day."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from tracker.config import ATTACHMENTS_DIR, CONFIG_NAME, RECORDS_DIR
from tracker.config_file import load_config
from tracker.diagnostics import Diagnostic, Severity
from tracker.insight.day import DayKeeper
from tracker.library.git_follower import GitFollower
from tracker.library.loader import load_library, reload_records
from tracker.library.record_paths import lies_in
from tracker.rules.diagnose import severities_of
from tracker.rules.registry import all_rules
from tracker.site.page import Site

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import date
    from pathlib import Path

    from tracker.library.library import Library


class LiveWorkspace:
    """A workspace as it is now, with its site.

    Settings that have errors are not taken: those of before stay until the file is mended. Only
    where there are none of before the defaults stand in, as in a build.

    Attributes:
        root: The workspace.
        site: Its site.
        refused: What is wrong with the settings in the file; empty where they are those in use.
    """

    def __init__(self, root: Path, today: date | None = None, *, cached: bool = False) -> None:
        """Read a workspace.

        Args:
            root: The workspace.
            today: The day that the site shows; None for the one that it is where the team is.
            cached: Whether the cache of parsed records is used and kept.

        Raises:
            OSError: The records cannot be listed.
        """
        self.root = root
        self.refused: tuple[Diagnostic, ...] = ()
        self._today = today
        self._cached = cached
        self._keeper = DayKeeper(cached=cached)
        self._library = load_library(root, cached=cached)
        self._git = GitFollower(cached=cached)
        self._git.look(self._library, self.today())
        self.site = self._site(None)
        # Both load slowly, and may not have been needed so far: the first edit need not wait.
        import_module("tracker.format.parser")
        all_rules()

    def today(self) -> date:
        """Return the day that the site has to show now."""
        return self._today or datetime.now(self._library.config.timezone).date()

    def update(self, changed: AbstractSet[str]) -> None:
        """Follow changes of files.

        Args:
            changed: Files and folders that may have changed, been added or be gone, relative to
                the workspace, with `/`; others than records, attachments and settings count for
                nothing.

        Raises:
            OSError: The records cannot be listed.
        """
        if CONFIG_NAME in changed:
            self._update_settings()
        records = {path for path in changed if lies_in(path, RECORDS_DIR)}
        if records:
            self._library = reload_records(self._library, records)
        if any(lies_in(path, ATTACHMENTS_DIR) for path in changed):
            self._keeper.forget_attachments()
        self.site = self._site(self.site)

    def look_at_git(self) -> bool:
        """Look anew at what git knows of the records, and tell whether the site is another one."""
        before = self._git.state
        self._git.look(self._library, self.today())
        now = self._git.state
        if (
            before.history is now.history
            and before.edits == now.edits
            and before.earlier is now.earlier
        ):
            return False
        self.site = self._site(self.site)
        return True

    def _update_settings(self) -> None:
        config, problems = load_config(self.root)
        severities = severities_of(config)
        found = [
            Diagnostic(CONFIG_NAME, severity, problem)
            for problem in problems
            if (severity := severities[problem.code])
        ]
        if any(each.severity is Severity.ERROR for each in found):
            self.refused = tuple(found)
            return
        self.refused = ()
        if config.fingerprint != self._library.config.fingerprint or _has_settings(self._library):
            self._library = load_library(self.root, cached=self._cached)

    def _site(self, before: Site | None) -> Site:
        git = self._git.state
        day = self._keeper.day(self._library, self.today(), lambda: git.history)
        return Site.of(day, git, before)


def _has_settings(library: Library) -> bool:
    """Tell whether there are problems of the settings among the entries."""
    return CONFIG_NAME in library.by_path
