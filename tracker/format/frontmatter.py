"""Front matter: finding it, and reading as much of it as can be read.

The split is python-frontmatter's, with a handler of our own whose values stay text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from frontmatter.default_handlers import YAMLHandler

from tracker.config import Limits
from tracker.diagnostics import FILE_START, Problem, Span
from tracker.schema import FRONT_MATTER, Field, by_spelling
from tracker.text import fold
from tracker.translation import Message
from tracker.yamltree import Mapping, Node, Scalar, Tree, read_yaml

_FULL_WIDTH_COLON = re.compile(r"^([ ]*(?:- +)?)([A-Za-z_]+|[\u4e00-\u9fff]{1,12})(：)", re.MULTILINE)
_TOP_LEVEL_KEY = re.compile(r"^[^\s#\-][^\n]*", re.MULTILINE)
_DATED_HEADING = re.compile(r"^#{2,3}[ \t]+[0-9]", re.MULTILINE)


class RecordHandler(YAMLHandler):  # type: ignore[misc]  # python-frontmatter has no types
    """Splits at lines of `---` alone, and composes to text instead of constructing objects."""

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)

    def load(self, fm: str, first_line: int = 1, limits: Limits | None = None) -> Tree:
        """Compose the front matter; see `tracker.yamltree.read_yaml`."""
        return read_yaml(fm, first_line, (limits or Limits()).nesting)


HANDLER = RecordHandler()


@dataclass(slots=True)
class FrontMatter:
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


def split(text: str, limits: Limits) -> FrontMatter:
    """Split a record's text and compose its front matter.

    A mistake in one entry does not hide the others: where the whole cannot be composed, a
    full-width colon after a key is read as the colon that was meant, and what still fails is
    composed entry by entry.

    Args:
        text: The text of the file, with `\\n` as the only line break.
        limits: The workspace's bounds.
    """
    if not HANDLER.detect(text):
        return FrontMatter(
            None,
            text,
            1,
            [
                Problem(
                    "front-matter-missing",
                    FILE_START,
                    Message("the file does not begin with front matter"),
                    Message("begin it with a line --- , then `key: value` lines, then ---"),
                )
            ],
        )
    try:
        matter, body = HANDLER.split(text)
        problems = []
    except ValueError:
        matter, body = _split_unterminated(text)
        problems = [
            Problem(
                "front-matter-unterminated",
                Span.of_line(1, 1, 3),
                Message("the front matter is not closed"),
                Message("put a line --- below the last `key: value` line"),
            )
        ]
    offset = len(text) - len(body)
    body_line = text.count("\n", 0, offset) + 1
    size = len(matter.encode())
    if size > limits.front_matter:
        problems.append(
            Problem(
                "front-matter-size",
                FILE_START,
                Message("the front matter is larger than {limit} bytes", {"limit": limits.front_matter}),
                Message("move long texts below the front matter, or raise limits.front_matter"),
            )
        )
        return FrontMatter(None, body, body_line, problems)
    tree = _compose(matter, limits)
    problems += tree.problems
    root = tree.root
    if isinstance(root, Scalar) and not root.text:
        root = None
    if root is not None and not isinstance(root, Mapping):
        problems.append(
            Problem("yaml-syntax", root.span, Message("the front matter must hold `key: value` lines"))
        )
        root = None
    return FrontMatter(root or Mapping((), Span(1, 1, 1, 4)), body, body_line, problems)


def _split_unterminated(text: str) -> tuple[str, str]:
    """Take everything up to the first dated heading for the front matter."""
    start = text.index("\n") if "\n" in text else len(text)
    heading = _DATED_HEADING.search(text)
    end = heading.start() if heading else len(text)
    return text[start:end], text[end:]


def _compose(matter: str, limits: Limits) -> Tree:
    tree = HANDLER.load(matter, limits=limits)
    if isinstance(tree.root, Mapping) or not matter.strip():
        return tree
    repaired, repairs = _mend_colons(matter)
    if repairs:
        tree = HANDLER.load(repaired, limits=limits)
        if isinstance(tree.root, Mapping):
            tree.problems.extend(repairs)
            return tree
    by_entry = _compose_by_entry(repaired, limits)
    by_entry.problems.extend(repairs)
    return by_entry if isinstance(by_entry.root, Mapping) and by_entry.root.entries else tree


def _mend_colons(matter: str) -> tuple[str, list[Problem]]:
    """Replace full-width colons after known keys; return the text and a problem for each."""
    problems: list[Problem] = []
    lines = matter.split("\n")
    for number, line in enumerate(lines):
        match = _FULL_WIDTH_COLON.match(line)
        if not match or fold(match[2]) not in _ALL_KEYS:
            continue
        lines[number] = f"{match[1]}{match[2]}: {line[match.end() :].lstrip()}".rstrip()
        problems.append(
            Problem(
                "full-width-colon",
                Span.of_line(number + 1, match.end(), 1),
                Message("‘{key}’ is followed by a full-width colon", {"key": match[2]}),
                Message("write it with a half-width colon and a space: {key}: …", {"key": match[2]}),
            )
        )
    return "\n".join(lines), problems


def _spellings(fields: tuple[Field, ...]) -> set[str]:
    keys = set(by_spelling(fields))
    return keys.union(*(_spellings(field.children) for field in fields if field.children))


_ALL_KEYS = _spellings(FRONT_MATTER)


def _compose_by_entry(matter: str, limits: Limits) -> Tree:
    """Compose each top-level entry alone, so that a broken one does not hide the rest."""
    whole = Tree()
    entries: list[tuple[Scalar, Node]] = []
    starts = [match.start() for match in _TOP_LEVEL_KEY.finditer(matter)]
    for start, end in zip(starts, [*starts[1:], len(matter)], strict=True):
        first_line = matter.count("\n", 0, start) + 1
        part = HANDLER.load(matter[start:end], first_line, limits)
        whole.problems.extend(part.problems)
        if isinstance(part.root, Mapping):
            entries.extend(part.root.entries)
        elif not part.problems:
            whole.problems.append(
                Problem(
                    "yaml-syntax",
                    Span.of_line(first_line, 1, 1),
                    Message("this is not a `key: value` line"),
                )
            )
    whole.root = Mapping(tuple(entries), Span(1, 1, matter.count("\n") + 1, 1))
    return whole


