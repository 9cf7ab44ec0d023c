"""Rows that a page shows only on later days, put into a script of their own where they are many.

On the day of the build nobody sees them. A page of ten thousand customers would load three times
what it shows, so `assets/today.js` asks for them on a later day only.
"""

from __future__ import annotations

import re

from tracker.site.script_json import script_json
from tracker.site.urls import relative

LARGEST_INLINE = 32_768
"""Characters of such rows that stay in a page: a request more would cost as much."""

_FOLDER = "data/later/"
_BEGINNING = '<template class="later">'
_TEMPLATE = re.compile(f"{_BEGINNING}(.*?)</template>", re.DOTALL)


def split_later(path: str, html: str, built: str) -> tuple[str, str, bytes]:
    """Take the rows of later days out of a page where they are many.

    Args:
        path: The page, relative to the site's root.
        html: The page as rendered; texts of records have no template of their own in it.
        built: The day of the site in ISO form; page and script are used together only where theirs
            is the same.

    Returns:
        The page, and path and content of its script; empty ones where the rows stay in the page.
    """
    parts = _TEMPLATE.findall(html) if _BEGINNING in html else []
    if sum(map(len, parts)) <= LARGEST_INLINE:
        return html, "", b""
    script = f"{_FOLDER}{path.removesuffix('.html')}.js"
    address = relative(script, path.count("/"))
    page = _TEMPLATE.sub(f'<template class="later" data-script="{address}"></template>', html)
    text = script_json({"built": built, "parts": parts})
    return page, script, f"globalThis.TrackerLater={text};\n".encode()


def page_of_later(script: str) -> str | None:
    """Return the page that such a script belongs to; None for any other file."""
    if not script.startswith(_FOLDER):
        return None
    return f"{script.removeprefix(_FOLDER).removesuffix('.js')}.html"
