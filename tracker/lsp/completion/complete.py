"""Completion: finding out what is typed at a place, and what may be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import CompletionList, CompletionOptions

from tracker.format.sections import FOLLOWUP_LEVELS
from tracker.lsp.completion.followup import followup_offers, link_offers
from tracker.lsp.completion.matter import key_offers, matter_value_offers
from tracker.lsp.completion.offers import Offered, items_of
from tracker.lsp.completion.snippets import followup_snippet
from tracker.lsp.followup import Where, followup_place
from tracker.lsp.matter import KeyPlace, Matter
from tracker.schema import Kind

if TYPE_CHECKING:
    from lsprotocol.types import CompletionParams

    from tracker.lsp.page import Page

OPTIONS = CompletionOptions(
    trigger_characters=[" ", "@", "＠", ":", "：", "-", "#", "[", ">", "、"]
)


_WHOLE = frozenset({Kind.WORD, Kind.CHOICE, Kind.OWNER, Kind.BOOL, Kind.DATE})
"""Kinds of fields with one value that is a word or a day."""


def complete(page: Page, params: CompletionParams) -> CompletionList | None:
    """Return what is offered at a place of a record."""
    if not page.is_record:
        return None
    line, column = page.text.place(params.position)
    matter = Matter(page.text.lines, page.config)
    found = _in_matter(page, matter, line, column) if matter.holds(line) else None
    if found is None and line >= page.body_line:
        found = _in_body(page, line, column)
    if found is None:
        return None
    offered, end = found
    where = page.text.range_within(line, offered.start, max(column, end))
    return CompletionList(is_incomplete=True, items=items_of(offered.offers, offered.typed, where))


def _in_matter(page: Page, matter: Matter, line: int, column: int) -> tuple[Offered, int] | None:
    """Return what is offered in the front matter, and the column up to which it is replaced."""
    place = matter.place(line, column)
    if place is None:
        return None
    if isinstance(place, KeyPlace):
        return Offered(key_offers(page, matter, place), place.typed, place.start), place.end
    # A value of which every word is known can only be meant to be another one as a whole.
    end = column + len(place.rest) if place.field.kind in _WHOLE else column
    return Offered(matter_value_offers(page, place), place.typed, place.start), end


def _in_body(page: Page, line: int, column: int) -> tuple[Offered, int] | None:
    text = page.text.lines[line - 1]
    section = page.section_at(line)
    heading = section.line == line and section.level in FOLLOWUP_LEVELS
    place = followup_place(section, line, text, column, page.config)
    if place is None:
        return None
    dated = section.is_followup or heading
    found = followup_offers(page, section, place) if dated else link_offers(page, place)
    if found:
        return found, column + found.closing
    if dated and place.where is not Where.PROSE:
        return None
    typed = text[: column - 1]
    if text[column - 1 :].strip() or typed != typed.lstrip() or len(typed) > _LONGEST:
        return None
    return Offered([followup_snippet(page)], typed.rstrip(), 1), column


_LONGEST = 12
"""Characters beyond which a line that is begun is a text, and no word for a new follow-up."""
