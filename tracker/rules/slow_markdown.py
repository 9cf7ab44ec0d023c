"""A part of the body is shown as it is written, since rendering it as Markdown could take too long.

Why: a few kilobytes of brackets that nobody closes, or of lists within lists within lists, would
keep a build busy for minutes. No word is lost: the page shows the block with all its signs.

Such are brackets that nobody closes, a hundred headings without an empty line between them, lists
and quotations more than 20 levels deep, a text of more than 65536 characters, and thousands of
tables in one record.

Bad:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    > > > > > > > > > > > > > > > > > > > > > said long ago

Good:

    ---
    name: Acme
    stage: proposal
    owner: Li Lei
    ---

    ```
    > > > > > > > > > > > > > > > > > > > > > said long ago
    ```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.diagnostics import Problem, Severity, Span
from tracker.format.frontmatter import body_of
from tracker.format.markdown_cost import (
    MAX_LENGTH,
    MAX_NESTING,
    MAX_STEPS_OF_PAGE,
    Reason,
    cost_of,
    may_have_plain_blocks,
)
from tracker.rules.rule import Origin, RecordCase
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERITY = Severity.WARNING
ORIGIN = Origin.RECORD

_MESSAGES = {
    Reason.LENGTH: Message(
        "this text has more than {limit} characters, so it is shown as it is written",
        {"limit": MAX_LENGTH},
    ),
    Reason.NESTING: Message(
        "lists and quotations lie more than {limit} levels within one another, so this block is "
        "shown as it is written",
        {"limit": MAX_NESTING},
    ),
    Reason.WORK: Message(
        "rendering this block as Markdown could take too long, so it is shown as it is written"
    ),
}
_HINT = Message("put it into fenced code, between two lines of ```, or into a file in attachments/")


def check(case: RecordCase) -> Iterator[Problem]:
    """Yield a problem at each block that is shown as it is written."""
    body, _line = body_of(case.entry.text)
    if not may_have_plain_blocks(body):
        return
    steps = 0
    for text, first_line in _texts(case):
        cost = cost_of(text)
        for block in cost.plain_blocks:
            line = text.split("\n", block.first + 1)[block.first]
            place = _place(case.lines, line.strip(), first_line)
            yield Problem("slow-markdown", place, _MESSAGES[block.reason], _HINT)
        if steps <= MAX_STEPS_OF_PAGE < steps + cost.steps:
            yield Problem(
                "slow-markdown",
                _place(case.lines, text.lstrip().partition("\n")[0], first_line),
                Message(
                    "the record has more Markdown than one page can render, so some of it is shown "
                    "as it is written"
                ),
                Message("move long material to attachments/"),
            )
        steps += cost.steps


def _texts(case: RecordCase) -> Iterator[tuple[str, int]]:
    """Yield the texts of a record that are Markdown, with a line at or above their beginning."""
    customer = case.customer
    yield customer.background, case.sections()[0].line
    for note in customer.notes:
        yield note.text, note.span.line
    for followup in customer.followups:
        yield followup.summary, followup.span.line
        for key, value in (*followup.texts.items(), *followup.fields.items()):
            if isinstance(value, str):
                yield value, followup.spans.get(key, followup.span).line
        for commitment in followup.commitments:
            yield commitment.text, commitment.span.line
        for entry in followup.service:
            yield entry.text, entry.span.line
        if followup.next:
            yield followup.next.text, followup.next.span.line


def _place(lines: list[str], text: str, first_line: int) -> Span:
    """Return where a line of a text stands in the file, from a line on."""
    for number in range(first_line, len(lines) + 1):
        column = lines[number - 1].find(text)
        if column >= 0 and text:
            return Span.of_line(number, column + 1, len(text))
    return Span.of_line(first_line, 1, 1)
