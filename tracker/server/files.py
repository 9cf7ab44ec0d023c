"""Which file of a site a request asks for, and what kind of file that is."""

from __future__ import annotations

import mimetypes
import os
import re
import stat
from pathlib import Path
from urllib.parse import unquote

INDEX = "index.html"

_SEPARATOR_ENCODED = re.compile(r"%(?:2f|5c)", re.IGNORECASE)
_NEVER = re.compile(r"[\x00-\x1f\x7f\\]")
_DRIVE = re.compile(r"[A-Za-z]:")

_TYPES = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".htm": "text/html",
    ".html": "text/html",
    ".ics": "text/calendar",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".vcf": "text/vcard",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""What must not depend on the system's own table, in which others may have changed it."""

_FEED = "feed.xml"
_UNKNOWN = "application/octet-stream"


def site_path(target: str) -> str | None:
    """Return the path in the site that a request asks for, its query left out.

    Args:
        target: What the request line has, percent-encoded.

    Returns:
        The path relative to the site; empty, or with a `/` at its end, where a folder is asked
        for. None where no site has such a file: hidden ones, ways out, encoded separators, drives.
    """
    raw = target.partition("?")[0].partition("#")[0]
    if not raw.startswith("/") or _SEPARATOR_ENCODED.search(raw):
        return None
    try:
        path = unquote(raw[1:], errors="strict")
    except UnicodeDecodeError:
        return None
    if _NEVER.search(path):
        return None
    folders = path.removesuffix("/")
    if folders and not all(map(_is_plain, folders.split("/"))):
        return None
    return "" if path == "/" else path


def _is_plain(name: str) -> bool:
    if not name or name.startswith(".") or _DRIVE.match(name):
        return False
    return os.name != "nt" or not (":" in name or name.endswith((".", " ")))


def find_file(folder: Path, path: str) -> Path | None:
    """Return a file of a folder; None where there is none, or where it lies elsewhere by a link.

    Args:
        folder: The folder, with all links resolved.
        path: The path in it, as `site_path` returns it.
    """
    try:
        file = Path(os.path.realpath(folder / path, strict=True))
        if file.is_relative_to(folder) and stat.S_ISREG(file.stat().st_mode):
            return file
    except (OSError, ValueError):
        pass
    return None


def content_type(path: str, data: bytes) -> str:
    """Return the content type of a file, with its encoding where it is text.

    Args:
        path: The file.
        data: Its content. A text that is not UTF-8 is somebody's attachment: no encoding is
            claimed for it.
    """
    if path == _FEED:
        return "application/atom+xml; charset=utf-8"
    ending = os.path.splitext(path)[1].lower()  # noqa: PTH122  # a path in the site, not a file
    kind = _TYPES.get(ending) or mimetypes.guess_type(path)[0] or _UNKNOWN
    if kind.startswith("text/") or kind in ("application/json", "application/xml"):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return kind
        return f"{kind}; charset=utf-8"
    return kind
