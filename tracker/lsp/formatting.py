"""The canonical form of a record, as `tracker fmt` writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import Position, Range, TextEdit

from tracker.format.formatter import format_record
from tracker.lsp.edits import edits_between

if TYPE_CHECKING:
    from lsprotocol.types import DocumentFormattingParams, DocumentRangeFormattingParams

    from tracker.lsp.page import Page


def formatting(page: Page, _params: DocumentFormattingParams) -> list[TextEdit] | None:
    """Return the edits that make a record canonical; none where its parts are not certain."""
    return _edits(page)


def range_formatting(page: Page, params: DocumentRangeFormattingParams) -> list[TextEdit] | None:
    """Return those of the edits that lie within some lines."""
    first, last = params.range.start.line, params.range.end.line
    edits = _edits(page)
    return edits and [
        edit for edit in edits if first <= edit.range.start.line and edit.range.end.line <= last + 1
    ]


def _edits(page: Page) -> list[TextEdit] | None:
    if not page.is_record:
        return None
    formatted = format_record(page.text.text, page.config)
    if not isinstance(formatted, str):
        return None
    # The parser's text is without the mark that may begin the file, and so is the canonical form.
    mark = Range(Position(0, 0), page.text.position(1, 1))
    without_mark = [TextEdit(mark, "")] if mark.end != mark.start else []
    return [*without_mark, *edits_between(page.text, formatted)]
