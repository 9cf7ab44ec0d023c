"""What the server answers: each request of the protocol with the function that does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from tracker.lsp.completion.complete import OPTIONS as COMPLETION
from tracker.lsp.completion.complete import complete
from tracker.lsp.page import page_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.lsp.page import Page
    from tracker.lsp.session import Session


@dataclass(frozen=True)
class Feature:
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
)
"""All requests that are answered."""
