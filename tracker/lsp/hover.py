"""What is told about what stands under the pointer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol.types import Hover, MarkupContent, MarkupKind

from tracker.config import CONFIG_NAME
from tracker.dates import DATE_PATTERN, read_date
from tracker.diagnostics import Span
from tracker.format.sections import read_content
from tracker.lsp.cards import contact_card, customer_card, offer_card
from tracker.lsp.matter import Matter
from tracker.lsp.meanings import meaning_of_day, meaning_of_field, meaning_of_term
from tracker.lsp.occurrences import Sort
from tracker.lsp.references import named_at
from tracker.rules.registry import all_rules
from tracker.schema import Field, by_spelling
from tracker.text import fold
from tracker.translation import Message
from tracker.yamltree import Mapping, read_yaml

if TYPE_CHECKING:
    from lsprotocol.types import HoverParams

    from tracker.lsp.occurrences import Named
    from tracker.lsp.page import Page

_DAY = re.compile(DATE_PATTERN)


def hover(page: Page, params: HoverParams) -> Hover | None:
    """Return what a key means, what rule a word brings, how far a day is, who a customer is."""
    found = _told(page, params)
    if found is None:
        return None
    text, span = found
    return Hover(MarkupContent(MarkupKind.Markdown, text), page.text.range(span))


def _told(page: Page, params: HoverParams) -> tuple[str, Span] | None:
    line, column = page.text.place(params.position)
    if page.path == CONFIG_NAME:
        return _rule(page, line, column) or _named(page, params)
    if not page.is_record:
        return None
    return (
        _named(page, params)
        or _day(page, line, column)
        or _key_of_matter(page, line, column)
        or _key_of_followup(page, line, column)
    )


def _named(page: Page, params: HoverParams) -> tuple[str, Span] | None:
    found = named_at(page, params.position)
    text = about(page, found[0]) if found else ""
    return (text, found[1]) if found and text else None


def about(page: Page, what: Named) -> str:
    """Return what is told of something that is named; empty for what is not known."""
    if what.sort is Sort.WORD:
        term = page.config.terms(what.within).get(what.name)
        return meaning_of_term(page, term) if term else ""
    customer = page.workspace.entry(what.within or what.name).customer
    if customer is None:
        return ""
    if what.sort is Sort.CUSTOMER:
        day = page.workspace.day()
        known = day.library.by_path.get(customer.path)
        return customer_card(page, day.standing_of(customer)) if known else ""
    if what.sort is Sort.CONTACT:
        contacts = (each for each in customer.contacts if fold(each.name) == fold(what.name))
        return "\n\n".join(contact_card(page, contact) for contact in contacts)
    offers = (each for each in customer.offers if fold(each.quote or "") == fold(what.name))
    return "\n\n".join(offer_card(page, offer) for offer in offers)


def _day(page: Page, line: int, column: int) -> tuple[str, Span] | None:
    for match in _DAY.finditer(page.text.lines[line - 1]):
        if match.start() < column <= match.end() + 1:
            day = read_date(match[0])
            if isinstance(day, Message):
                return None
            return meaning_of_day(page, day), Span.of_line(line, match.start() + 1, len(match[0]))
    return None


def _key_of_matter(page: Page, line: int, column: int) -> tuple[str, Span] | None:
    entry = Matter(page.text.lines, page.config).entry_at(line)
    if entry is None or entry.field is None:
        return None
    return _of_key(page, entry.field, Span.of_line(line, entry.start, len(entry.key)), column)


def _key_of_followup(page: Page, line: int, column: int) -> tuple[str, Span] | None:
    if line < page.body_line or not page.section_at(line).is_followup:
        return None
    fields = by_spelling(page.config.all_followup_fields)
    content = read_content(page.section_at(line), lambda key: fold(key) in fields)
    for piece in content.fields:
        if piece.span.line == line:
            return _of_key(page, fields[fold(piece.key)], piece.key_span, column)
    return None


def _of_key(page: Page, field: Field, span: Span, column: int) -> tuple[str, Span] | None:
    within = span.column <= column <= span.end_column
    return (meaning_of_field(page, field), span) if within else None


def _rule(page: Page, line: int, column: int) -> tuple[str, Span] | None:
    """Return the page of a rule whose code is a key of the settings."""
    root = read_yaml(page.workspace.settings.text).root
    entries = root.entries if isinstance(root, Mapping) else ()
    rules = next((value for key, value in entries if key.text == "rules"), None)
    for key, _ in rules.entries if isinstance(rules, Mapping) else ():
        rule = all_rules().get(key.text)
        if rule and key.span.line == line and key.span.column <= column <= key.span.end_column:
            return rule.documentation, key.span
    return None
