"""A workspace's site, served and kept up to date: the parts of the server put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.server.http import NotFound, SiteServer
from tracker.server.open_pages import OpenPages
from tracker.server.rebuilding import Rebuilder
from tracker.server.watching import Watcher
from tracker.site.folder import SiteFolder
from tracker.site.kept_site import KeptSite
from tracker.site.live import LiveSite
from tracker.site.live_workspace import LiveWorkspace
from tracker.site.render import LANGUAGE_TAGS
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path
    from socket import socket

    from tracker.server.rebuilding import Outcome


class Serving:
    """The server of one workspace, from `start` to `stop`.

    Args:
        root: The workspace.
        output: The folder of the site.
        sockets: Where requests come from; they are closed at the end.
        report: Called from another thread whenever the site is up to date, or cannot be.
        today: The day that the site shows; None for the one that it is where the team is.
        cached: Whether the cache of parsed records is used and kept.

    Raises:
        OutputError: The folder is not ours, or cannot be written.
        OSError: The workspace cannot be watched, or its records cannot be listed.
    """

    def __init__(  # noqa: PLR0913  # what the command line says
        self,
        root: Path,
        output: Path,
        sockets: list[socket],
        report: Callable[[Outcome], None],
        today: date | None = None,
        *,
        cached: bool = False,
    ) -> None:
        folder = SiteFolder(output)
        early: set[str] = set()
        self._watcher = Watcher(root, early.update)
        # From before the records are read, so that no change falls in between.
        self._watcher.start()
        try:
            self._workspace = LiveWorkspace(root, today, cached=cached)
        except BaseException:
            self._watcher.stop()
            raise
        pages = OpenPages()
        self._live = LiveSite(root, folder, KeptSite(root, output) if cached else None)
        self._rebuilder = Rebuilder(
            self._workspace, self._live, pages, self._watcher.follow, report
        )
        self._watcher.notify = self._rebuilder.changed
        if early:
            self._rebuilder.changed(set(early))
        self._server = SiteServer(
            folder.path, pages, self._rebuilder.ensure, sockets, self._not_found
        )

    @property
    def address(self) -> str:
        """Return the address of the site."""
        return self._server.address

    def start(self) -> None:
        """Begin to answer requests, and to bring the site up to date."""
        self._rebuilder.start()
        self._server.start()

    def stop(self) -> None:
        """End everything that was begun."""
        self._watcher.stop()
        self._server.stop()
        self._rebuilder.stop()
        self._live.keep()

    def _not_found(self) -> NotFound:
        language = self._workspace.site.config.language
        _ = translations(language).gettext
        return NotFound(LANGUAGE_TAGS[language], _("There is no such page"), _("Overview"))
