"""Front matter: finding it, and reading as much of it as can be read.

The split is python-frontmatter's, with a handler of our own whose values stay text.
"""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from frontmatter.default_handlers import YAMLHandler
from msgspec import Struct, field

from tracker.config import Limits
from tracker.diagnostics import FILE_START, Problem, Span
from tracker.format.conflicts import without_conflicts
from tracker.format.glance import DATED_HEADING
from tracker.schema import FRONT_MATTER, Field, by_spelling
from tracker.text import fold
from tracker.translation import Message
from tracker.yamltree import (
    BLANKS_FOR_TAB,
    TAB,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Tree,
    read_yaml,
)

if TYPE_CHECKING:
    from tracker.config import Config

_FULL_WIDTH_COLON = re.compile(r"([ ]*(?:- +)?)([^\W\d][\w -]{0,30})(：)")
_TAB_AFTER_COLON = re.compile(
    r"^([ ]*(?:- +)?[^\s:#\"'][^:\n]{0,40}:)(\t[ \t]*)(?=\S)", re.MULTILINE
)
_TOP_LEVEL_KEY = re.compile(r"^[^\s#\-][^\n]*", re.MULTILINE)
_MOST_ENTRIES = 500
"""Broken entries that are read one by one; a record has about thirty."""


class RecordHandler(YAMLHandler):
    """Splits at lines of `---` alone, and composes to text instead of constructing objects."""

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)

    def load(self, fm: str, **_: object) -> Any:  # noqa: ANN401  # as its base class has it
        """Compose the front matter with the default limits."""
        return self.compose(fm, 1, Limits())

    def compose(self, fm: str, first_line: int, limits: Limits) -> Tree:
        """Compose the front matter; see `tracker.yamltree.read_yaml`."""
        return read_yaml(fm, first_line, limits.nesting)


HANDLER = RecordHandler()


class FrontMatter(Struct):
    """The two halves of a record.

    Attributes:
        root: What stands in the front matter; None where there is none that can be read.
        body: The text below it.
        body_line: The number of the body's first line in the file.
        problems: What is wrong with the YAML.
    """

    root: Mapping | None
    body: str
    body_line: int
    problems: list[Problem] = field(default_factory=list)


def keys_in_chinese(mapping: Mapping, fields: tuple[Field, ...], config: Config) -> bool:
    """Tell whether most of a mapping's keys are Chinese; of a tie, whether the workspace is.

    Args:
        mapping: The front matter, or a group in it.
        fields: The fields that it may have; other keys do not count.
        config: The workspace's settings.
    """
    known = by_spelling(fields)
    keys = [key.text for key, _ in mapping.entries if fold(key.text) in known]
    foreign = sum(not key.isascii() for key in keys)
    if foreign * 2 == len(keys):
        return config.language == "zh"
    return foreign * 2 > len(keys)


def split(text: str, limits: Limits) -> FrontMatter:
    r"""Split a record's text and compose its front matter.

    A mistake in one entry does not hide the others: where the whole cannot be composed, each
    entry is composed alone, and a full-width colon or a tab after a key is read as what was meant.

    Args:
        text: The text of the file, with `\n` as the only line break.
        limits: The workspace's bounds.
    """
    problems: list[Problem] = []
    start = len(text) - len(text.lstrip())
    first_line = text.count("\n", 0, start) + 1
    is_there = HANDLER.detect(text[start:])
    if start or not is_there:
        problems.append(
            Problem(
                "front-matter-missing",
                FILE_START,
                Message("the file does not begin with front matter"),
                Message("take away what is blank before the first line ---")
                if is_there
                else Message("begin it with a line --- , then `key: value` lines, then ---"),
            )
        )
        if not is_there:
            return FrontMatter(None, text, 1, problems)
    matter, body, closed = _halves(text[start:])
    if not closed:
        problems.append(
            Problem(
                "front-matter-unterminated",
                Span.of_line(first_line, 1, 3),
                Message("the front matter is not closed"),
                Message("put a line --- below the last `key: value` line"),
            )
        )
    body_line = text.count("\n", 0, len(text) - len(body)) + 1
    size = len(matter.encode("utf-8", "surrogatepass"))
    if size > limits.front_matter:
        problems.append(
            Problem(
                "front-matter-size",
                FILE_START,
                Message(
                    "the front matter is larger than {limit} bytes", {"limit": limits.front_matter}
                ),
                Message("move long texts below the front matter, or raise limits.front_matter"),
            )
        )
        return FrontMatter(None, body, body_line, problems)
    matter = without_conflicts(matter)
    tree = _compose(matter, first_line, limits)
    root = tree.mapping("yaml-syntax", Message("the front matter must hold `key: value` lines"))
    problems += tree.problems
    return FrontMatter(root or Mapping((), Span(1, 1, 1, 4)), body, body_line, problems)


def body_of(text: str) -> tuple[str, int]:
    r"""Return the text below the front matter, and the number of its first line in the file.

    Args:
        text: The text of the file, with `\n` as the only line break.
    """
    start = len(text) - len(text.lstrip())
    body = _halves(text[start:])[1] if HANDLER.detect(text[start:]) else text
    return body, text.count("\n", 0, len(text) - len(body)) + 1


def _halves(text: str) -> tuple[str, str, bool]:
    """Return the front matter, the body, and whether a line of `---` parts them.

    Without one, or with a dated heading before it, all up to that heading is front matter.
    """
    with suppress(ValueError):
        matter, body = HANDLER.split(text)
        if not DATED_HEADING.search(matter):
            return matter, body, True
    start = text.index("\n") if "\n" in text else len(text)
    heading = DATED_HEADING.search(text)
    end = heading.start() if heading else len(text)
    return text[start:end], text[end:], False


def _compose(matter: str, first_line: int, limits: Limits) -> Tree:
    tree = HANDLER.compose(matter, first_line, limits)
    misplaced = "：" in matter and _misplaced(tree.root)
    if not matter.strip() or (isinstance(tree.root, Mapping) and not misplaced):
        return tree
    by_entry = _compose_by_entry(matter, first_line, limits)
    if not isinstance(by_entry.root, Mapping) or not by_entry.root.entries:
        return tree
    if not by_entry.problems:
        # What is wrong stands in no entry: above the first one, or between two.
        by_entry.problems.extend(tree.problems)
    return by_entry


def _misplaced(root: Node | None, fields: tuple[Field, ...] = FRONT_MATTER) -> bool:
    """Tell whether `key：value` stands, as a text, where a group of keys belongs."""
    if not isinstance(root, Mapping):
        return False
    known = by_spelling(fields)
    for key, value in root.entries:
        field = known.get(fold(key.text))
        if field is None or not field.children:
            continue
        for item in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(item, Scalar):
                match = _FULL_WIDTH_COLON.match(item.text) if item.plain else None
                if match and fold(match[2]) in _ALL_KEYS:
                    return True
            elif _misplaced(item, field.children):
                return True
    return False


def _mend_colons(entry: str, first_line: int) -> tuple[str, list[Problem]]:
    """Replace full-width colons after keys; return the text and a problem for each.

    In the first line of a top-level entry any word is a key, below it a known one.
    """
    problems: list[Problem] = []
    lines = entry.split("\n")
    for number, line in enumerate(lines):
        match = _FULL_WIDTH_COLON.match(line)
        if not match or (number and fold(match[2]) not in _ALL_KEYS):
            continue
        lines[number] = f"{match[1]}{match[2]}: {line[match.end() :].lstrip()}".rstrip()
        problems.append(
            Problem(
                "full-width-colon",
                Span.of_line(first_line + number, match.end(), 1),
                Message("‘{key}’ is followed by a full-width colon", {"key": match[2]}),
                Message(
                    "write it with a half-width colon and a space: {key}: …", {"key": match[2]}
                ),
            )
        )
    return "\n".join(lines), problems


def _mend_tabs(entry: str, first_line: int) -> tuple[str, list[Problem]]:
    """Replace tabs between a key and its value by blanks; return the text and a problem each."""
    problems = [
        Problem(
            "yaml-syntax",
            Span.of_line(
                first_line + entry.count("\n", 0, match.start(2)),
                match.start(2) - entry.rfind("\n", 0, match.start(2)),
            ),
            TAB,
            BLANKS_FOR_TAB,
        )
        for match in _TAB_AFTER_COLON.finditer(entry)
    ]
    return _TAB_AFTER_COLON.sub(lambda match: match[1] + " " * len(match[2]), entry), problems


def _spellings(fields: tuple[Field, ...]) -> set[str]:
    keys = set(by_spelling(fields))
    return keys.union(*(_spellings(field.children) for field in fields if field.children))


_ALL_KEYS = _spellings(FRONT_MATTER)


def _compose_by_entry(matter: str, first_line: int, limits: Limits) -> Tree:
    """Compose each top-level entry alone, so that a broken one does not hide the rest."""
    whole = Tree()
    entries: list[tuple[Scalar, Node]] = []
    starts = [match.start() for match in islice(_TOP_LEVEL_KEY.finditer(matter), _MOST_ENTRIES)]
    line, counted = first_line, 0
    for start, end in zip(starts, [*starts[1:], len(matter)], strict=False):
        line += matter.count("\n", counted, start)
        counted = start
        part = _compose_entry(matter[start:end].rstrip("\n"), line, limits)
        whole.problems.extend(part.problems)
        if isinstance(part.root, Mapping):
            entries.extend(part.root.entries)
        elif not part.problems:
            whole.problems.append(
                Problem(
                    "yaml-syntax",
                    Span.of_line(line, 1, 1),
                    Message("this is not a `key: value` line"),
                    Message("write the key, a half-width colon, and a blank before the value"),
                )
            )
    whole.root = Mapping(tuple(entries), Span(first_line, 1, first_line + matter.count("\n"), 1))
    return whole


def _compose_entry(entry: str, line: int, limits: Limits) -> Tree:
    tree = HANDLER.compose(entry, line, limits)
    if isinstance(tree.root, Mapping) and not _misplaced(tree.root):
        return tree
    mended, repairs = _mend_colons(entry, line) if "：" in entry else (entry, [])
    if ":\t" in mended:
        mended, tabs = _mend_tabs(mended, line)
        repairs += tabs
    again = HANDLER.compose(mended, line, limits) if repairs else tree
    if isinstance(again.root, Mapping):
        again.problems.extend(repairs)
        return again
    return tree
