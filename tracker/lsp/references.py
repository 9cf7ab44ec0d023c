"""Where something is defined, and everywhere that it is named."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from lsprotocol.types import DocumentHighlight, DocumentHighlightKind, Location

from tracker.config import CONFIG_NAME
from tracker.diagnostics import FILE_START
from tracker.lsp.declared_words import declared_words
from tracker.lsp.occurrences import Named, Occurrence, Sort, occurrences_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lsprotocol.types import (
        DefinitionParams,
        DocumentHighlightParams,
        Position,
        ReferenceParams,
    )

    from tracker.diagnostics import Span
    from tracker.library.library import Entry
    from tracker.lsp.page import Page

_MOST = 5000
"""Places that are given at most: nobody looks at more."""

_OF_ONE_RECORD = frozenset({Sort.CONTACT, Sort.QUOTE})
"""What belongs to one record, and is named nowhere else."""


def named_at(page: Page, position: Position) -> tuple[Named, Span] | None:
    """Return what is named at a place of a record or of `tracker.yaml`, and the whole name."""
    line, column = page.text.place(position)
    if page.path == CONFIG_NAME:
        found = _declared(page)
    else:
        found = ((each.what, each.span) for each in occurrences_in(page.entry, page.library))
    for what, span in found:
        if span.line == line and span.column <= column <= span.end_column:
            return what, span
    return None


def _declared(page: Page) -> Iterator[tuple[Named, Span]]:
    settings = page.workspace.settings
    for vocabulary in VOCABULARIES:
        for word in declared_words(settings.text, settings.config, vocabulary):
            yield Named(Sort.WORD, word.term.id, vocabulary), word.span


VOCABULARIES = (
    *("stages", "levels", "sources", "methods", "attitudes", "authorities", "influences"),
    *("loss_reasons", "service_kinds", "owners"),
)
"""The lists of words that `tracker.yaml` may declare."""


def places_of(page: Page, what: Named) -> Iterator[tuple[str, Occurrence]]:
    """Yield every place in the records at which something is named, with the file."""
    if what.sort in _OF_ONE_RECORD:
        entries = [page.workspace.entry(what.within)]
    else:
        entries = [entry for entry in page.library.entries if _may_name(page, entry, what)]
    for entry in entries:
        for found in occurrences_in(entry, page.library):
            if found.what == what:
                yield entry.path, found


def _may_name(page: Page, entry: Entry, what: Named) -> bool:
    """Tell whether a file can name something: most of a workspace's records need no close look."""
    if entry.customer is None:
        return False
    if what.sort is Sort.CUSTOMER:
        names = bool(entry.customer.not_duplicate_of) or "](" in entry.text
        return names or entry.path == what.name
    term = page.config.terms(what.within).get(what.name)
    spellings = term.spellings if term else (what.name,)
    folded = entry.text.lower()
    return any(spelling.lower() in folded for spelling in spellings)


def definition(page: Page, params: DefinitionParams) -> list[Location] | None:
    """Return where what stands at a place is defined: a record, a contact, a quote, a word."""
    found = named_at(page, params.position)
    return _defined(page, found[0]) if found else None


def _defined(page: Page, what: Named) -> list[Location]:
    if what.sort is Sort.WORD:
        settings = page.workspace.settings
        words = declared_words(settings.text, settings.config, what.within)
        return [
            page.location(CONFIG_NAME, word.span) for word in words if word.term.id == what.name
        ]
    if what.sort is Sort.CUSTOMER:
        customer = page.workspace.entry(what.name).customer
        span = customer.spans.get("name", FILE_START) if customer else FILE_START
        return [page.location(what.name, span)]
    return [
        page.location(path, found.span) for path, found in places_of(page, what) if found.defines
    ]


def references(page: Page, params: ReferenceParams) -> list[Location] | None:
    """Return everywhere that what stands at a place is named, in all records."""
    found = named_at(page, params.position)
    if found is None:
        return None
    what, _ = found
    with_definition = params.context.include_declaration
    defined = _defined(page, what) if with_definition and what.sort is Sort.WORD else []
    named = (
        page.location(path, each.span)
        for path, each in places_of(page, what)
        if with_definition or not each.defines
    )
    return [*defined, *islice(named, _MOST)]


def highlights(page: Page, params: DocumentHighlightParams) -> list[DocumentHighlight] | None:
    """Return the places in this record that name what stands at a place."""
    found = named_at(page, params.position)
    if found is None or page.path == CONFIG_NAME:
        return None
    kinds = {True: DocumentHighlightKind.Write, False: DocumentHighlightKind.Read}
    named = (
        DocumentHighlight(page.text.range(each.span), kinds[each.defines])
        for each in occurrences_in(page.entry, page.library)
        if each.what == found[0]
    )
    return list(islice(named, _MOST))
