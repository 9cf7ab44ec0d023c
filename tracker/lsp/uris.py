"""Addresses of files as editors write them, and the paths that they stand for.

All functions are pure: whether paths are those of Windows is an argument, so that `file:///c%3A/…`
is understood, and tested, anywhere.
"""

from __future__ import annotations

import re
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from urllib.parse import quote, unquote_to_bytes, urlsplit

_DRIVE = re.compile(r"/([A-Za-z]):(?=/|$)")


def path_of(uri: str, *, windows: bool) -> PurePath | None:
    r"""Return the path that an address stands for; None where it is no file.

    Args:
        uri: Such as `file:///home/zoe/records/a.md`, `file:///c%3A/records/a.md` or
            `file://server/share/a.md`. What is no UTF-8 in it becomes what Python's paths have for
            such bytes.
        windows: Whether the path is one of Windows: `c:\records\a.md`.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme.lower() != "file":
        return None
    # A `?` or `#` that was not encoded can only belong to the name.
    rest = f"?{parts.query}" * bool(parts.query) + f"#{parts.fragment}" * bool(parts.fragment)
    text = _decoded(parts.path + rest)
    if not text or "\0" in text:
        return None
    if not windows:
        return PurePosixPath(text)
    host = _decoded(parts.netloc)
    if host and host.lower() != "localhost":
        return PureWindowsPath(f"//{host}{text}")
    return PureWindowsPath(_DRIVE.sub(r"\1:", text, count=1))


def uri_of(path: PurePath) -> str:
    """Return the address of an absolute path.

    A drive of Windows is written as `c%3A`, with a small letter, as most editors do.
    """
    text = path.as_posix()
    if isinstance(path, PureWindowsPath):
        if text.startswith("//"):
            host, _, rest = text[2:].partition("/")
            return f"file://{quote(host)}/{quote(rest)}"
        drive = path.drive
        text = f"/{drive[:1].lower()}:{text[len(drive) :]}" if drive else text
        return f"file://{quote(text)}"
    return f"file://{quote(text.encode('utf-8', 'surrogateescape'))}"


def relative_path(path: PurePath, root: PurePath) -> str | None:
    """Return a path relative to a folder, with `/`; None where it does not lie in it.

    Windows knows no case in names; the result is written as the path is.
    """
    if not path.is_relative_to(root):
        return None
    return path.relative_to(root).as_posix()


def _decoded(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "surrogateescape")
