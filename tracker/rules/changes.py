"""Changes of stage and level in the follow-ups, for the rules that look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.command_lines import command_line
from tracker.diagnostics import Problem
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.rules.rule import RecordCase

VOCABULARIES = {"stage": "stages", "level": "levels"}
"""The fields that follow-ups change, each with the list of its words."""


def mismatch(code: str, case: RecordCase, field: str) -> Iterator[Problem]:
    """Yield a problem where a field of the front matter is not what its newest change made it.

    Args:
        code: Code of the problem.
        case: The record.
        field: `stage` or `level`.
    """
    written = getattr(case.customer, field)
    changes = case.changes[field]
    if not changes or written == changes[-1].new:
        return
    terms = case.config.terms(VOCABULARIES[field])
    newest = changes[-1]
    if written is None:
        # Without a stage the record is wrong already, and so is one with a word that is none.
        if field != "stage" and not case.is_faulty(field):
            label = terms.label(newest.new)
            yield Problem(
                code,
                newest.span,
                Message("this says {newest}, but the front matter has none", {"newest": label}),
                Message(
                    "add to the front matter: {key}: {newest}", {"key": field, "newest": label}
                ),
            )
        return
    yield Problem(
        code,
        case.customer.span(field),
        Message(
            "the front matter says {word}, the newest change in line {line} says {newest}",
            {
                "word": terms.label(written),
                "line": newest.span.line,
                "newest": terms.label(newest.new),
            },
        ),
        Message(
            "record the day of the change with: {command}; or, where it is a mistake, write "
            "{key}: {newest} here",
            {
                "command": command_line(
                    "tracker", "log", case.customer.id, f"--{field}", terms.label(written)
                ),
                "key": field,
                "newest": terms.label(newest.new),
            },
        ),
    )
