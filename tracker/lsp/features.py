"""What the server answers: each request of the protocol with the function that does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types
from msgspec import Struct

from tracker.lsp import (
    actions,
    folding,
    formatting,
    hints,
    lenses,
    references,
    rename,
    symbols,
)
from tracker.lsp.completion.complete import OPTIONS as COMPLETION
from tracker.lsp.completion.complete import complete
from tracker.lsp.hover import hover
from tracker.lsp.page import page_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.lsp.page import Page
    from tracker.lsp.session import Session


class Feature(Struct, frozen=True):
    """A request that the server answers.

    Attributes:
        method: Its name in the protocol.
        answer: Answers it, from what is open and the request's parameters.
        options: What the editor is told about it.
    """

    method: str
    answer: Callable[[Session, Any], object]
    options: object = None


def _of_page(answer: Callable[[Page, Any], object]) -> Callable[[Session, Any], object]:
    """Return what answers about one document; nothing about files outside of workspaces."""

    def of_session(session: Session, params: Any) -> object:  # noqa: ANN401  # each has its own
        page = page_of(session, params.text_document.uri)
        return answer(page, params) if page else None

    return of_session


FEATURES: tuple[Feature, ...] = (
    Feature(types.TEXT_DOCUMENT_COMPLETION, _of_page(complete), COMPLETION),
    Feature(types.TEXT_DOCUMENT_HOVER, _of_page(hover)),
    Feature(types.TEXT_DOCUMENT_DEFINITION, _of_page(references.definition)),
    Feature(types.TEXT_DOCUMENT_REFERENCES, _of_page(references.references)),
    Feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, _of_page(references.highlights)),
    Feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, _of_page(symbols.outline)),
    Feature(types.WORKSPACE_SYMBOL, symbols.search),
    Feature(types.TEXT_DOCUMENT_FOLDING_RANGE, _of_page(folding.folding)),
    Feature(types.TEXT_DOCUMENT_SELECTION_RANGE, _of_page(folding.selection)),
    Feature(types.TEXT_DOCUMENT_FORMATTING, _of_page(formatting.formatting)),
    Feature(types.TEXT_DOCUMENT_RANGE_FORMATTING, _of_page(formatting.range_formatting)),
    Feature(types.TEXT_DOCUMENT_PREPARE_RENAME, _of_page(rename.prepare)),
    Feature(
        types.TEXT_DOCUMENT_RENAME,
        _of_page(rename.rename),
        types.RenameOptions(prepare_provider=True),
    ),
    Feature(types.TEXT_DOCUMENT_CODE_ACTION, _of_page(actions.actions), actions.OPTIONS),
    Feature(types.TEXT_DOCUMENT_INLAY_HINT, _of_page(hints.hints), hints.OPTIONS),
    Feature(types.TEXT_DOCUMENT_CODE_LENS, _of_page(lenses.lenses), lenses.OPTIONS),
)
"""All requests that are answered."""
