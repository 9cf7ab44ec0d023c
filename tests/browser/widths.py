"""Whether a page scrolls sideways on screens of many widths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.conftest import PATIENCE, SETTLE

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

WIDTHS = (320, 600, 768, 834, 900, 1024, 1100, 1280)
"""The least that a screen has, and widths between those at which the style sheets change: narrower
than 416 pixels they do not, so that what has room on 320 has it on every phone."""

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""By how many pixels a page is wider than the screen."""


def wide(visit: Visit) -> list[int]:
    """Return the widths at which a page scrolls sideways; the last of all stays."""
    found = []
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 800})
        # A busy machine draws late what scripts lay out anew for the width.
        waited = 0
        visit.settle()
        while (scrolls := visit.page.evaluate(SIDEWAYS) > 0) and waited < PATIENCE:
            visit.settle()
            waited += SETTLE
        if scrolls:
            found.append(width)
    return found
