"""The page of a customer, one click from its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import CodeLens, CodeLensOptions, CodeLensParams, Command, Position, Range

from tracker.config import OUTPUT_DIR
from tracker.lsp.uris import uri_of
from tracker.site.urls import SiteUrls
from tracker.translation import Message

if TYPE_CHECKING:
    from tracker.insight.day import Day
    from tracker.lsp.page import Page

OPTIONS = CodeLensOptions()
OPEN_PAGE = "tracker.openPage"
"""The command that opens a page; its argument is the page's address."""


def lenses(page: Page, _params: CodeLensParams) -> list[CodeLens] | None:
    """Return what opens the record's page in a browser; nothing where no site has been built."""
    day = page.workspace.day()
    address = day.once(_addresses).records.get(page.path)
    file = page.workspace.root / OUTPUT_DIR / address if address else None
    if file is None or not file.is_file():
        return None
    command = Command(page.say(Message("Open the page")), OPEN_PAGE, arguments=[uri_of(file)])
    return [CodeLens(Range(Position(0, 0), Position(0, 0)), command)]


def _addresses(day: Day) -> SiteUrls:
    return SiteUrls(day)
