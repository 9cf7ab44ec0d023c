"""What can be folded, and what is selected step by step around a place."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from lsprotocol.types import FoldingRange, FoldingRangeKind, SelectionRange

from tracker.diagnostics import Span
from tracker.format.sections import read_content
from tracker.lsp.matter import Matter
from tracker.lsp.references import named_at
from tracker.schema import by_spelling
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lsprotocol.types import FoldingRangeParams, Position, SelectionRangeParams

    from tracker.lsp.matter import Entry
    from tracker.lsp.page import Page


def folding(page: Page, _params: FoldingRangeParams) -> list[FoldingRange] | None:
    """Return what can be folded: front matter, its groups, sections, code."""
    if not page.is_record:
        return None
    regions = {*_of_matter(page), *_of_sections(page)}
    return [
        FoldingRange(first - 1, last - 1, kind=FoldingRangeKind.Region)
        for first, last in sorted(regions)
        if first < last
    ]


def _of_matter(page: Page) -> Iterator[tuple[int, int]]:
    matter = Matter(page.text.lines, page.config)
    if matter.last < matter.first:
        return
    yield matter.first - 1, min(matter.last + 1, len(page.text.lines))
    parents = {entry.parent for entry in matter.entries}
    open_: list[Entry] = []
    for at, entry in enumerate(matter.entries):
        while open_ and _ends(open_[-1], entry):
            yield _region(page, open_.pop(), entry.line - 1)
        if entry.begins_item or at in parents:
            open_.append(entry)
    while open_:
        yield _region(page, open_.pop(), matter.last)


def _ends(entry: Entry, following: Entry) -> bool:
    """Tell whether the group or the item that begins with an entry is over at another one."""
    if following.indent == entry.indent:
        return following.begins_item or not entry.begins_item
    return following.indent < entry.indent


def _region(page: Page, entry: Entry, last: int) -> tuple[int, int]:
    return entry.line, _last_written(page, entry.line, last)


def _last_written(page: Page, first: int, last: int) -> int:
    """Return the last line of some that is not blank."""
    while last > first and not page.text.lines[last - 1].strip():
        last -= 1
    return last


def _of_sections(page: Page) -> Iterator[tuple[int, int]]:
    for first, last in page.section_ends.items():
        yield first, _last_written(page, first, last)
    for section in page.sections:
        for fenced, run in groupby(section.lines, key=lambda line: line[2]):
            numbers = [number for number, _, _ in run]
            if fenced:
                yield numbers[0], numbers[-1]


# --- Selection --------------------------------------------------------------------------------


def selection(page: Page, params: SelectionRangeParams) -> list[SelectionRange] | None:
    """Return, for each place, what lies around it: the name, the value, the bullet, the section."""
    return [_around(page, position) for position in params.positions]


def _around(page: Page, position: Position) -> SelectionRange:
    line, column = page.text.place(position)
    lines = page.text.lines
    last = Span(1, 1, len(lines), len(lines[-1]) + 1)
    found = SelectionRange(page.text.range(last))
    spans = [span for span in _spans(page, position, line) if _holds(span, line, column)]
    for span in sorted(spans, key=_size, reverse=True):
        if span != last and last[:2] <= span[:2] and span[2:] <= last[2:]:
            found, last = SelectionRange(page.text.range(span), found), span
    return found


def _spans(page: Page, position: Position, line: int) -> Iterator[Span]:
    """Yield what could be selected around a place of a line."""
    text = page.text.lines[line - 1]
    content = len(text) - len(text.lstrip()) + 1
    yield Span(line, 1, line, len(text) + 1)
    yield Span(line, content, line, max(content, len(text.rstrip()) + 1))
    if named := named_at(page, position):
        yield named[1]
    if not page.is_record:
        return
    for first, last in (*_of_matter(page), *_of_sections(page)):
        yield Span(first, 1, last, len(page.text.lines[last - 1]) + 1)
    if line >= page.body_line:
        yield from _pieces(page, line)
        return
    entry = Matter(page.text.lines, page.config).entry_at(line)
    if entry and entry.value:
        yield Span.of_line(line, entry.value_start, len(entry.value))
        yield Span(line, entry.start, line, entry.value_start + len(entry.value))


def _pieces(page: Page, line: int) -> Iterator[Span]:
    section = page.section_at(line)
    fields = by_spelling(page.config.all_followup_fields)
    content = read_content(section, lambda key: fold(key) in fields)
    for piece in (*content.fields, *content.tasks):
        if piece.span.line <= line <= piece.last_line:
            end = len(page.text.lines[piece.last_line - 1]) + 1
            yield Span(piece.span.line, piece.span.column, piece.last_line, end)
            yield Span(piece.span.line, 1, piece.last_line, end)


def _holds(span: Span, line: int, column: int) -> bool:
    return span[:2] <= (line, column) <= span[2:]


def _size(span: Span) -> tuple[int, int]:
    columns = span.end_column - span.column
    return span.end_line - span.line, columns
