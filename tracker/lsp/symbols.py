"""The outline of a record, and customers, contacts and quotes of the workspace by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import DocumentSymbol, Location, SymbolKind, WorkspaceSymbol

from tracker.diagnostics import FILE_START, Span
from tracker.lsp.matter import Matter
from tracker.sounds import sound_run, sounds_of, typed_letters
from tracker.text import cut_to_width, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lsprotocol.types import DocumentSymbolParams, WorkspaceSymbolParams

    from tracker.format.sections import Section
    from tracker.lsp.page import Page
    from tracker.lsp.session import Session
    from tracker.lsp.workspace import OpenWorkspace
    from tracker.model import Customer

_WIDTH = 60
_MOST = 200
_NAMELESS = "—"
"""What a symbol without a name is called: the protocol wants some."""


def outline(page: Page, _params: DocumentSymbolParams) -> list[DocumentSymbol] | None:
    """Return the front matter with its groups, then the sections with what lies in them."""
    if not page.is_record:
        return None
    return [*_front_matter(page), *_sections(page)]


def _front_matter(page: Page) -> Iterator[DocumentSymbol]:
    matter = Matter(page.text.lines, page.config)
    if matter.last < matter.first:
        return
    customer = page.customer
    name = customer.name if customer else ""
    whole = Span(matter.first - 1, 1, min(matter.last + 1, len(page.text.lines)), 4)
    children: list[DocumentSymbol] = []
    for index, contact in enumerate(customer.contacts if customer else ()):
        children += _group(page, f"contacts[{index}]", contact.name, contact.title, _CONTACT)
    for index, offer in enumerate(customer.offers if customer else ()):
        title = offer.quote or offer.product or ""
        children += _group(page, f"offers[{index}]", title, offer.product, _OFFER)
    yield DocumentSymbol(
        name=name.strip() or _NAMELESS,
        kind=SymbolKind.Class,
        range=page.text.range(whole),
        selection_range=page.text.range(Span.of_line(matter.first - 1, 1, 3)),
        children=children,
    )


_CONTACT = SymbolKind.Property
_OFFER = SymbolKind.Number


def _group(
    page: Page, path: str, name: str, detail: str | None, kind: SymbolKind
) -> Iterator[DocumentSymbol]:
    span = page.customer.spans.get(path) if page.customer else None
    if span:
        where = page.text.range(span)
        yield DocumentSymbol(name.strip() or _NAMELESS, kind, where, where, detail)


def _sections(page: Page) -> list[DocumentSymbol]:
    """Return the sections; those of a deeper heading lie within the one before."""
    found: list[DocumentSymbol] = []
    open_: list[tuple[int, DocumentSymbol]] = []
    followups = page.customer.followups if page.customer else ()
    summaries = {followup.span.line: followup.summary for followup in followups}
    for section in page.sections[1:]:
        while open_ and open_[-1][0] >= section.level:
            open_.pop()
        symbol = _section(page, section, summaries.get(section.line, ""))
        (open_[-1][1].children if open_ else found).append(symbol)  # type: ignore[union-attr]  # ours are lists
        open_.append((section.level, symbol))
    return found


def _section(page: Page, section: Section, summary: str) -> DocumentSymbol:
    last = page.section_ends[section.line]
    end = len(page.text.lines[last - 1]) + 1
    return DocumentSymbol(
        name=section.heading.strip() or _NAMELESS,
        detail=cut_to_width(" ".join(summary.split()), _WIDTH) or None,
        kind=SymbolKind.Event if section.is_followup else SymbolKind.String,
        range=page.text.range(Span(section.line, 1, last, end)),
        selection_range=page.text.range(section.span),
        children=[],
    )


# --- The workspace ----------------------------------------------------------------------------


def search(session: Session, params: WorkspaceSymbolParams) -> list[WorkspaceSymbol]:
    """Return customers, contacts and quotes that a text names, in characters or by sound."""
    found: list[WorkspaceSymbol] = []
    for workspace in session.workspaces.values():
        for customer in workspace.library.customers:
            found += _of_customer(session, workspace, customer, params.query)
            if len(found) >= _MOST:
                return found[:_MOST]
    return found


def _of_customer(
    session: Session, workspace: OpenWorkspace, customer: Customer, query: str
) -> Iterator[WorkspaceSymbol]:
    def symbol(name: str, kind: SymbolKind, path: str, container: str = "") -> WorkspaceSymbol:
        span = customer.spans.get(path, FILE_START)
        where = session.text(workspace, customer.path).range(span)
        location = Location(session.uri(workspace, customer.path), where)
        return WorkspaceSymbol(location, name, kind, container_name=container or None)

    names = (customer.name, customer.short or "", customer.id, *customer.aliases)
    if any(_fits(name, query) for name in names):
        yield symbol(customer.name, SymbolKind.Class, "name", customer.short or customer.id)
    for index, contact in enumerate(customer.contacts):
        if _fits(contact.name, query):
            yield symbol(contact.name, _CONTACT, f"contacts[{index}].name", customer.name)
    for index, offer in enumerate(customer.offers):
        if offer.quote and _fits(offer.quote, query):
            yield symbol(offer.quote, _OFFER, f"offers[{index}].quote", customer.name)


def _fits(name: str, query: str) -> bool:
    if not name.strip():
        return False
    if fold(query) in fold(name):
        return True
    letters = typed_letters(query)
    return bool(letters and sound_run(sounds_of(name), letters))
