"""How problems are mended: by the word that was meant, by the field that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import TextEdit

from tracker.diagnostics import Problem, meant_word
from tracker.format.assignment import Operation, way_to
from tracker.format.editor import read_record_file, set_value
from tracker.format.scalar import write_scalar
from tracker.lsp.edits import edits_between
from tracker.lsp.matter import Matter
from tracker.schema import Field, by_spelling
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.lsp.page import Page

_QUOTES = ("'", '"')


def fixes_of(page: Page, problem: Problem) -> Iterator[tuple[Message, list[TextEdit]]]:
    """Yield what mends a problem of a file, each way with a title and its edits."""
    if word := meant_word(problem.hint):
        yield from _meant(page, problem, word)
    if fix := _FIXES.get(problem.code):
        yield from fix(page, problem)


def _meant(page: Page, problem: Problem, word: str) -> Iterator[tuple[Message, list[TextEdit]]]:
    """Yield the word that was meant in the place of the one that was written."""
    span = problem.span
    line = page.text.lines[span.line - 1] if span.line <= len(page.text.lines) else ""
    end = span.end_column if span.end_line == span.line else len(line) + 1
    written = line[span.column - 1 : end - 1]
    texts = [text for text in problem.message.values.values() if isinstance(text, str) and text]
    found = next((text for text in texts if text in written), None)
    if found is None:
        return
    if found == written.strip("'\""):
        quote = written[0] if written[0] in _QUOTES else ""
        in_matter = Matter(page.text.lines, page.config).holds(span.line)
        word_ = write_scalar(word, quote=quote) if in_matter else word
        where = page.text.range_within(span.line, span.column, end)
    else:
        start = span.column + written.index(found)
        word_, where = word, page.text.range_within(span.line, start, start + len(found))
    title = Message("Change ‘{text}’ to ‘{word}’", {"text": found, "word": word})
    yield title, [TextEdit(where, word_)]


def _missing(page: Page, problem: Problem) -> Iterator[tuple[Message, list[TextEdit]]]:
    """Yield the line of a field that is missing, with the value that it most likely has."""
    key = str(problem.message.values.get("key", ""))
    field = by_spelling(page.config.front_matter_fields).get(fold(key))
    matter = Matter(page.text.lines, page.config)
    if field is None or problem.span.line < matter.first - 1 or not _is_top_level(page, problem):
        return
    name = field.zh if matter.chinese and field.zh else field.key
    for value in _likely(page, field):
        file = read_record_file(page.path, _bytes(page), page.config)
        way = way_to(field.key, page.config)
        if isinstance(file, Problem) or isinstance(way, Problem):
            return
        after = set_value(file, page.config, way, Operation.SET, value)
        if not isinstance(after, Problem):
            title = Message("Add {key}: {value}", {"key": name, "value": value})
            yield title, edits_between(page.text, after.text)


def _is_top_level(page: Page, problem: Problem) -> bool:
    """Tell whether it is the front matter itself that lacks a field, and not a group in it."""
    customer = page.customer
    if customer is None:
        return False
    spans = (span for path, span in customer.spans.items() if "[" in path or "." in path)
    return not any(span[:2] <= problem.span[:2] < span[2:] for span in spans)


def _likely(page: Page, field: Field) -> Iterator[str]:
    """Yield values that a required field may have, the likeliest first."""
    if field.vocabulary:
        terms = page.config.terms(field.vocabulary)
        said = _said_last(page, field)
        yield from dict.fromkeys((*said, *(term.label for term in terms)))
    elif field.key == "owner":
        yield from (owner.label for owner in page.config.owners)
    elif field.key == "name":
        yield page.path.rpartition("/")[2].removesuffix(".md")
    else:
        yield from field.choices


def _said_last(page: Page, field: Field) -> list[str]:
    """Return the word that the newest follow-up with such a change made it."""
    followups = page.customer.chronological if page.customer else ()
    changes = [change for each in followups if (change := getattr(each, field.key, None))]
    return [page.config.terms(field.vocabulary or "").label(change.new) for change in changes[-1:]]


def _full_width_colon(page: Page, problem: Problem) -> Iterator[tuple[Message, list[TextEdit]]]:
    span = problem.span
    line = page.text.lines[span.line - 1]
    rest = line[span.column :]
    end = span.column + 1 + len(rest) - len(rest.lstrip())
    where = page.text.range_within(span.line, span.column, end)
    yield Message("Write a half-width colon"), [TextEdit(where, ": " if rest.strip() else ":")]


def _two_customers(page: Page, problem: Problem) -> Iterator[tuple[Message, list[TextEdit]]]:
    """Yield the line that says of a likely duplicate that it is another customer."""
    other = str(problem.hint.values.get("one", "")) if problem.hint else ""
    file = read_record_file(page.path, _bytes(page), page.config)
    way = way_to("not_duplicate_of", page.config)
    if not other or isinstance(file, Problem) or isinstance(way, Problem):
        return
    after = set_value(file, page.config, way, Operation.ADD, other)
    if not isinstance(after, Problem):
        title = Message("This is not the same customer as {id}", {"id": other})
        yield title, edits_between(page.text, after.text)


def _bytes(page: Page) -> bytes:
    return page.text.text.encode("utf-8", "surrogatepass")


_FIXES: dict[str, Callable[[Page, Problem], Iterator[tuple[Message, list[TextEdit]]]]] = {
    "missing-required": _missing,
    "full-width-colon": _full_width_colon,
    "duplicate-customer": _two_customers,
}
"""How problems are mended that do not name the word that was meant, by their codes."""
