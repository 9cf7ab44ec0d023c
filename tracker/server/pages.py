"""What the server adds to pages on their way: the script that reloads them.

Files of the site stay as they are built. A page is given the script's address and a permission to
listen to the server, which the site's own policy has no reason to give.
"""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

CLIENT = "_tracker/"
"""Beginning of the addresses that are the server's own; no path of a site begins so."""

EVENTS = f"{CLIENT}events"

_CLIENT_FILES = {"live.js", "live.css"}
_META = re.compile(r"<meta\s[^>]*\bcontent-security-policy\b[^>]*>", re.IGNORECASE)
_POLICY = re.compile(r"""(?<=\scontent=)(["'])(.*?)\1""", re.IGNORECASE)
_CONNECT = re.compile(r"\bconnect-src\b([^;]*)", re.IGNORECASE)
_SOURCE = re.compile(
    r"""<(?:script|img|source|iframe|video|audio)\s(?:[^>]*?\s)?src=(["'])(.*?)\1""", re.IGNORECASE
)
_LINK = re.compile(
    r"""<link\s(?:[^>]*?\s)?rel=(["'])stylesheet\1[^>]*?\shref=(["'])(.*?)\2""", re.IGNORECASE
)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)


def client_file(path: str) -> bytes | None:
    """Return one of the server's own files by its path; None where there is none of that path."""
    name = path.removeprefix(CLIENT)
    if name not in _CLIENT_FILES:
        return None
    return (Path(__file__).parent / "client" / name).read_bytes()


def with_client(html: str, page: str, seen: str) -> str:
    """Return a page with the script that reloads it.

    Args:
        html: The page as built.
        page: Its path in the site.
        seen: The state of the site that it was taken from, which the script gives back.
    """
    script = (
        f'<script src="/{CLIENT}live.js" data-page="{escape(page)}" '
        f'data-seen="{escape(seen)}" defer></script>\n'
    )
    html = _META.sub(lambda meta: _POLICY.sub(_listening, meta[0]), html)
    end = _HEAD_END.search(html)
    return html[: end.start()] + script + html[end.start() :] if end else html + script


def _listening(written: re.Match[str]) -> str:
    """Return a page's policy, in its quotes, with the permission to listen to the server."""
    quote, policy = written.groups()
    found = _CONNECT.search(policy)
    if found is None:
        policy = f"{policy.rstrip('; ')}; connect-src 'self'"
    else:
        sources = found[1].replace("'none'", "").strip()
        policy = f"{policy[: found.start()]}connect-src {sources} 'self'{policy[found.end() :]}"
    return f"{quote}{policy}{quote}"


def resources_of(html: str, page: str) -> frozenset[str]:
    """Return the paths in the site of what a page loads: scripts, style sheets, pictures.

    Args:
        html: The page.
        page: Its path in the site.
    """
    found = [match[2] for match in _SOURCE.finditer(html)]
    found += [match[3] for match in _LINK.finditer(html)]
    return frozenset(filter(None, (_path_in_site(unescape(each), page) for each in found)))


def _path_in_site(address: str, page: str) -> str | None:
    """Return the path in the site of what a page loads; None where it is elsewhere."""
    try:
        parts = urlsplit(urljoin(f"http://site/{page}", address))
    except ValueError:  # Such as `//[x`, which begins like a numeric address.
        return None
    return unquote(parts.path).lstrip("/") if parts.netloc == "site" else None
