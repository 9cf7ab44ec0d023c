"""One canonical form for every record: `tracker fmt`.

The form is described in docs/format.md. A record whose parts cannot be told apart with certainty
is refused, and whatever is written anew is read again and compared: no record comes out of here
that means something else.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.diagnostics import FILE_START, Problem
from tracker.format.comparison import content_of
from tracker.format.frontmatter import split
from tracker.format.parser import Parsed, parse_record
from tracker.format.sections import split_body
from tracker.format.tidy_body import sort_body, tidy_body
from tracker.format.tidy_matter import KeyLanguage, tidy_matter
from tracker.schema import by_spelling, canonical_order
from tracker.text import fold
from tracker.text_files import decode
from tracker.translation import Message

if TYPE_CHECKING:
    from typing import Any

    from tracker.config import Config

DISAGREEMENT = "fmt-disagreement"
"""Code of the problem that the formatted text would have meant something else."""

_DISAGREES = Problem(
    DISAGREEMENT,
    FILE_START,
    Message("the formatted record would not mean the same"),
    Message("this is a bug in tracker: report it with the record; the file stays as it is"),
)

AMBIGUOUS = frozenset(
    {
        *("yaml-syntax", "yaml-feature", "yaml-depth", "conflict-marker"),
        *("front-matter-missing", "front-matter-unterminated", "front-matter-size"),
    }
)
"""Codes of problems that make it uncertain where something begins or ends."""

_PATH = "records/record.md"
_MENDED = "full-width-colon"
_BLANK_LINES = re.compile(r"\n{3,}")
_KEPT_FIELD = re.compile(r"^- ([^:\n]+): ", re.MULTILINE)


def format_record(
    text: str, config: Config, keys: KeyLanguage | None = None
) -> str | tuple[Problem, ...]:
    r"""Return a record in canonical form.

    Args:
        text: The text of the file, with `\n` as the only line break.
        config: The workspace's settings.
        keys: The language that keys are to be written in; None to leave each in its own.

    Returns:
        The text, which is `text` itself where that is canonical; or the problems that keep it from
        being formatted. The canonical text of a canonical text is the same.
    """
    before = parse_record(text, _PATH, config)
    mended = _mend_colons(text, before.problems)
    parts = split(mended, config.limits)
    read = before if mended is text else parse_record(mended, _PATH, config)
    if any(_is_ambiguous(problem, parts.body_line) for problem in read.problems):
        ambiguous = (one for one in before.problems if _is_ambiguous(one, parts.body_line))
        return tuple(ambiguous)
    if parts.root is None or read.customer is None:
        return before.problems
    lines = mended.split("\n")
    fields = canonical_order(config.front_matter_fields)
    matter = tidy_matter(lines[: parts.body_line - 1], parts.root, fields, keys)
    owner = read.customer.owner or ""
    # A lone mark of code or of a comment can hide other sections in another place: then all stay.
    for sort in (True, False):
        body = tidy_body(parts.body, config, owner, keys, sort=sort)
        result = "\n".join(["---", *matter, "---", *([""] if body else []), *body, ""])
        if result == text:
            return text
        if _means_the_same(before, text, result, config):
            return result
    return (_DISAGREES,)


def sort_record(text: str, config: Config) -> str | tuple[Problem, ...]:
    r"""Return a record with its dated sections in the team's order, and nothing else changed.

    Only blank lines between sections become one.

    Args:
        text: The text of the file, with `\n` as the only line break.
        config: The workspace's settings.

    Returns:
        The text, which is `text` itself where the sections stand in order; or the problems that
        keep it from being sorted.
    """
    before = parse_record(text, _PATH, config)
    parts = split(text, config.limits)
    if any(_is_ambiguous(problem, parts.body_line) for problem in before.problems):
        return tuple(one for one in before.problems if _is_ambiguous(one, parts.body_line))
    if before.customer is None:
        return before.problems
    body = sort_body(parts.body, config, before.customer.owner or "")
    if body == parts.body:
        return text
    result = text[: len(text) - len(parts.body)] + body
    return result if _means_the_same(before, text, result, config) else (_DISAGREES,)


def format_file(
    data: bytes, config: Config, keys: KeyLanguage | None = None
) -> bytes | tuple[Problem, ...]:
    """Return the bytes of a record's file in canonical form: UTF-8 without byte order mark.

    The line breaks are of the kind that the file has.

    Args:
        data: The file.
        config: The workspace's settings.
        keys: The language that keys are to be written in; None to leave each in its own.

    Returns:
        The bytes, or the problems that keep the record from being formatted.
    """
    content = decode(data)
    if isinstance(content, Problem):
        return (content,)
    result = format_record(content.text, config, keys)
    if isinstance(result, tuple):
        return result
    return result.replace("\n", content.newline).encode()


def _is_ambiguous(problem: Problem, body_line: int) -> bool:
    """Tell whether a problem keeps a record from being formatted.

    Which of two equal keys is meant is for a person to say, before they change places.
    """
    twice = problem.code == "duplicate-key" and problem.span.line < body_line
    return twice or problem.code in AMBIGUOUS


def _mend_colons(text: str, problems: tuple[Problem, ...]) -> str:
    """Put half-width colons where full-width ones are read as such, after keys."""
    places = [problem.span for problem in problems if problem.code == _MENDED]
    if not places:
        return text
    lines = text.split("\n")
    for span in places:
        line = lines[span.line - 1]
        key, value = line[: span.column - 1], line[span.column :].lstrip()
        lines[span.line - 1] = f"{key}: {value}".rstrip()
    return "\n".join(lines)


# --- The comparison ---------------------------------------------------------------------------


def _means_the_same(before: Parsed, text: str, result: str, config: Config) -> bool:
    """Tell whether a text is read as the record that was there, and has no other problems.

    What may differ is the order of the follow-ups in the file, blank lines between paragraphs,
    and blanks at the ends of lines that are no hard break.
    """
    after = parse_record(result, _PATH, config)
    return (
        _content(before, config) == _content(after, config)
        and _codes(before) == _codes(after)
        and _verbatim(text, config) == _verbatim(result, config)
    )


def _content(parsed: Parsed, config: Config) -> Any:  # noqa: ANN401  # nested plain values
    customer = parsed.customer
    if customer is None:
        return None
    content = content_of(customer)
    # Of two at one moment, the later in the file is the newer: their order is meant.
    followups = [content_of(followup) for followup in customer.chronological]
    for followup in followups:
        followup["summary"] = _with_one_key(followup["summary"], config)
    content["followups"] = _with_plain_prose(followups)
    content["background"] = _plain_prose(customer.background)
    content["notes"] = _with_plain_prose(content["notes"])
    return content


def _with_one_key(summary: str, config: Config) -> str:
    """Return a summary with the English keys of fields: it holds those that could not be read."""
    fields = by_spelling(config.all_followup_fields)

    def english(match: re.Match[str]) -> str:
        found = fields.get(fold(match[1]))
        return f"- {found.key}: " if found else match[0]

    return _KEPT_FIELD.sub(english, summary)


def _with_plain_prose(value: Any) -> Any:  # noqa: ANN401  # nested plain values
    """Return nested values with their texts without blanks that Markdown does not see."""
    if isinstance(value, str):
        return _plain_prose(value)
    if isinstance(value, list):
        return [_with_plain_prose(item) for item in value]
    if isinstance(value, dict):
        return {key: _with_plain_prose(item) for key, item in value.items()}
    return value


def _plain_prose(text: str) -> str:
    lines = []
    written = [*text.split("\n"), ""]
    for line, following in pairwise(written):
        hard_break = line.endswith("  ") and not following.isspace() and following
        lines.append(line.rstrip(" \t") + ("  " if hard_break and line.strip(" \t") else ""))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _codes(parsed: Parsed) -> list[str]:
    return sorted(problem.code for problem in parsed.problems if problem.code != _MENDED)


def _verbatim(text: str, config: Config) -> list[str]:
    """Return the lines of code and comments of a record, which nothing may change."""
    body = split(text, config.limits).body
    return sorted(
        line
        for section in split_body(body, 1).sections
        for _, line, in_fence in section.lines
        if in_fence
    )
