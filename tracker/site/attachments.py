"""Files that the site carries beside its pages."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tracker.config import ATTACHMENTS_DIR


class Attachments:
    """The attachments of a workspace; remembers which ones the pages ask for.

    Only files below `attachments/` are published, and only those that some record names.

    Args:
        root: The workspace.
        publishes: Whether any is published at all.
    """

    def __init__(self, root: Path, *, publishes: bool = True) -> None:
        self._root = root
        self._publishes = publishes
        self._known: dict[str, bool] = {}
        self._asked: dict[str, bool] = {}
        self.forget()

    def publish(self, path: str) -> str | None:
        """Return the path in the site of a file named in front matter, or None.

        Args:
            path: As written, relative to the workspace, such as `attachments/acme/Q-1.pdf`.
        """
        normal = posixpath.normpath(path.replace("\\", "/"))
        self._asked[normal] = published = self.is_published(normal)
        return normal if published else None

    def publish_link(self, record: str, target: str) -> str | None:
        """Return the path in the site of a file that a record's Markdown links to, or None.

        Args:
            record: The record's path in the workspace, which the target is relative to.
            target: The link as written.
        """
        try:
            parts = urlsplit(target)
        except ValueError:  # Such as `//[x`, which begins like a numeric address.
            return None
        if parts.scheme or parts.netloc or not parts.path:
            return None
        return self.publish(posixpath.join(posixpath.dirname(record), unquote(parts.path)))

    def is_published(self, path: str) -> bool:
        """Tell whether a file is published where a page links to it.

        Args:
            path: Relative to the workspace, normalised.
        """
        if path not in self._known:
            self._known[path] = self._is_ours(path)
        return self._known[path]

    def forget(self) -> None:
        """Forget which files there are, since some have come or gone, or another folder has."""
        self._base = Path(os.path.realpath(self._root / ATTACHMENTS_DIR))
        self._known.clear()

    def take_asked(self) -> dict[str, bool]:
        """Return which files were asked for since the last call, and whether each is published."""
        asked, self._asked = self._asked, {}
        return asked

    def _is_ours(self, path: str) -> bool:
        if not (self._publishes and path.startswith(f"{ATTACHMENTS_DIR}/")) or "\0" in path:
            return False
        try:
            file = (self._root / path).resolve()
            return file.is_file() and file.is_relative_to(self._base)
        except (OSError, RuntimeError):  # The latter where links lead in a circle.
            return False
