"""A page of Markdown as a terminal shows it.

Imported late: rich takes longer to load than most commands take to run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.markdown import Markdown, TableElement
from rich.table import Table
from rich.theme import Theme

from tracker.cli.context import stdout_console

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

_WIDEST = 100
"""Columns of a page on a wider terminal; longer lines are hard to read."""

_STYLES = {"markdown.code": "cyan", "markdown.item.bullet": "none"}
"""Styles that are quieter than rich's own, and have no background."""

_PICTURE = re.compile(r"!\[(?P<markdown>[^]]*)\]\([^)]*\)|<img [^>]*alt=\"(?P<html>[^\"]*)\"[^>]*>")
"""A picture, of which a terminal shows what it says."""
_BLANKS_AT_END = re.compile(r" +$", re.MULTILINE)
_LINK_WITHIN = re.compile(r"\[([^][]+)\]\(#[^)\s]*\)")
"""A link to a place on the page, which a terminal cannot go to."""
_CHINESE_PLACE = re.compile(r"(?<=\.md)#[^\x00-\x7f][^)\s]*(?=\))")
"""A place on another page that would be shown in codes such as `%E5%A4%9A`."""


def laid_out(text: str) -> str:
    """Return a page as a terminal shows it."""
    console = stdout_console()
    console.width = min(console.width, _WIDEST)
    described = _PICTURE.sub(lambda found: f"*{found['markdown'] or found['html']}*", text)
    shown = _LINK_WITHIN.sub(r"\1", _CHINESE_PLACE.sub("", described))
    page = _Page(shown, code_theme="ansi_dark", hyperlinks=False)
    with console.use_theme(Theme(_STYLES)), console.capture() as capture:
        console.print(page)
    return _BLANKS_AT_END.sub("", capture.get())


class _WholeTable(TableElement):
    """A table in which what has no blanks, such as Chinese, goes on in the next line."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for part in super().__rich_console__(console, options):
            if isinstance(part, Table):
                for column in part.columns:
                    column.overflow = "fold"
            yield part


class _Page(Markdown):
    elements: ClassVar = {**Markdown.elements, "table_open": _WholeTable}
