"""The canonical form of a record, as `tracker fmt` writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.format.formatter import format_record
from tracker.lsp.edits import edits_between

if TYPE_CHECKING:
    from lsprotocol.types import (
        DocumentFormattingParams,
        DocumentRangeFormattingParams,
        TextEdit,
    )

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
    return edits_between(page.text, formatted) if isinstance(formatted, str) else None
