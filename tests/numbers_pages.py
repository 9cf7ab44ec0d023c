"""Sites with few of the pages of numbers, which are most of a small site and made all alike.

Whatever builds the whole of the demo workspace's site, or is about numbers, has all of them.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tracker.site import pages
from tracker.site.analysis import analysis_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.site.page import Page, Site

TWO_MEASURES = re.compile(r"analysis(?:/(?:record-lag|win-rate))?\.html")
"""The main page of numbers, and the rows behind two measures."""

ONE_OF_EACH = re.compile(r"analysis(?:/(?:owners/)?(?!this-quarter|last-year)[^/]+)?\.html")
"""The main page of numbers with the rows behind each measure, one of another time, and that of each
owner; left out are the rows behind those, and two times made as the third."""


@contextmanager
def numbers_pages(built: re.Pattern[str]) -> Iterator[None]:
    """Build, of the pages of numbers, those alone whose addresses are so."""

    def few(site: Site) -> Iterator[Page]:
        return (page for page in analysis_pages(site) if built.fullmatch(page.path))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "analysis_pages", few)
        yield
