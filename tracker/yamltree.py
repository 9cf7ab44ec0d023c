"""YAML as a tree of text: every scalar as it is written, every node with its place.

The tree is built from the parser's events, so that anchors, aliases and tags are seen where they
stand, an alias can never multiply, and depth is bounded before anything is built. What a scalar
means is the schema's business: `010`, `no`, `12:30` and `2026-02-30` stay text here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from tracker.diagnostics import Problem, Span
from tracker.translation import Message

EVENT_LOADERS: tuple[Any, ...] = tuple(
    loader for loader in (getattr(yaml, "CLoader", None), yaml.Loader) if loader
)
"""Loaders that give events, the fastest first; used for events only, so nothing is constructed."""

MAX_DEPTH = 20

_COMMENT_IN_VALUE = re.compile(r"[ \t]+#(?=[^\s#!])")
_REPLACED = re.compile(r"[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as written, quotes and escapes undone.

    Attributes:
        text: The value; empty for a key without a value.
        span: Where, quotes included.
        plain: Whether it stands without quotes and is no block.
    """

    text: str
    span: Span
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order of the file; a key that stands twice is here twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(slots=True)
class Tree:
    """What was read.

    Attributes:
        root: The outermost node; None for an empty text or one that cannot be read.
        problems: What is wrong with the YAML itself.
    """

    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)


class _UnreadableError(Exception):
    """Reading ends here; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read_yaml(text: str, first_line: int = 1, max_depth: int = MAX_DEPTH) -> Tree:
    """Read one YAML document.

    Args:
        text: The document, with `\\n` as the only line break.
        first_line: The number of its first line within the file, for the spans.
        max_depth: How many collections may lie within one another.

    Returns:
        The tree and the problems of the codes `yaml-syntax`, `yaml-feature`, `yaml-depth` and
        `cut-by-comment`. The result does not depend on whether PyYAML has libyaml.
    """
    tree = Tree()
    # libyaml's complaints differ from PyYAML's own, so a text that the first loader cannot read
    # is read again by the last, which every installation has.
    for loader in dict.fromkeys((EVENT_LOADERS[0], EVENT_LOADERS[-1])):
        tree = Tree()
        try:
            _check_characters(text, first_line)
            tree.root = _Builder(text, first_line, max_depth, tree.problems).build(loader)
            break
        except _UnreadableError as error:
            tree.problems.append(error.problem)
    return tree


def _check_characters(text: str, first_line: int) -> None:
    if match := _REPLACED.search(text):
        line = text.count("\n", 0, match.start())
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1)
        raise _UnreadableError(
            Problem(
                "yaml-syntax",
                Span.of_line(first_line + line, column + 1),
                Message(
                    "the character U+{code} is not allowed here",
                    {"code": f"{ord(match[0]):04X}"},
                ),
            )
        )


class _Builder:
    """Builds nodes from the events of one document."""

    def __init__(
        self, text: str, first_line: int, max_depth: int, problems: list[Problem]
    ) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._first_line = first_line
        self._max_depth = max_depth
        self._problems = problems

    def build(self, loader: Any) -> Node | None:
        """Return the root node; raises `_UnreadableError` where the text is no YAML."""
        root: Node | None = None
        open_collections: list[tuple[yaml.Event, list[Node]]] = []
        try:
            for event in yaml.parse(self._text, loader):
                node: Node
                if isinstance(event, yaml.ScalarEvent):
                    self._refuse_features(event, event.implicit[0] or event.implicit[1])
                    node = self._scalar(event)
                elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                    self._refuse_features(event, event.implicit)
                    if len(open_collections) >= self._max_depth:
                        self._stop("yaml-depth", event, Message(
                            "collections lie more than {limit} levels within one another",
                            {"limit": self._max_depth},
                        ))
                    open_collections.append((event, []))
                    continue
                elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                    start, children = open_collections.pop()
                    node = self._collection(start, event, children)
                elif isinstance(event, yaml.AliasEvent):
                    self._feature(event, Message("an alias (*name) is not allowed"))
                    node = Scalar("", self._span(event.start_mark, event.end_mark))
                elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
                    self._stop("yaml-syntax", event, Message("a second document begins here"))
                else:
                    continue
                if open_collections:
                    open_collections[-1][1].append(node)
                else:
                    root = node
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            span = self._span(mark, mark)
            words = " ".join(filter(None, (error.context, error.problem)))
            raise _UnreadableError(
                Problem("yaml-syntax", span, Message("this is not YAML: {reason}", {"reason": words}))
            ) from error
        return root

    def _span(self, start: Any, end: Any) -> Span:
        return Span(
            start.line + self._first_line,
            start.column + 1,
            end.line + self._first_line,
            end.column + 1,
        )

    def _stop(self, code: str, event: Any, message: Message) -> None:
        raise _UnreadableError(
            Problem(code, self._span(event.start_mark, event.end_mark), message)
        )

    def _feature(self, event: Any, message: Message) -> None:
        self._problems.append(
            Problem(
                "yaml-feature",
                self._span(event.start_mark, event.end_mark),
                message,
                Message("write the value out; put it in quotes if the sign belongs to it"),
            )
        )

    def _refuse_features(self, event: Any, untagged: bool) -> None:
        if event.anchor is not None:
            self._feature(event, Message("an anchor (&name) is not allowed"))
        if event.tag is not None and not (event.tag == "!" and untagged):
            self._feature(event, Message("a tag (!name) is not allowed"))

    def _scalar(self, event: Any) -> Scalar:
        plain = event.style is None or event.style == ""
        start, end = event.start_mark, event.end_mark
        if plain and start.line == end.line:
            self._warn_of_comment(event)
        return Scalar(event.value, self._span(start, end), plain)

    def _warn_of_comment(self, event: Any) -> None:
        """Report `phone: 电话 #2`: YAML takes ` #2` for a comment, the writer did not."""
        end = event.end_mark
        line = self._lines[end.line] if end.line < len(self._lines) else ""
        match = _COMMENT_IN_VALUE.match(line, end.column)
        if not match:
            return
        self._problems.append(
            Problem(
                "cut-by-comment",
                Span.of_line(end.line + self._first_line, match.end(), len(line) - match.end() + 1),
                Message("‘{text}’ is read as a comment, not as part of the value",
                        {"text": line[match.end() - 1 :].strip()}),
                Message("put the whole value in quotes, or a space after # if it is a comment"),
            )
        )

    def _collection(self, start: Any, end: Any, children: list[Node]) -> Node:
        span = self._span(start.start_mark, end.end_mark)
        if isinstance(start, yaml.SequenceStartEvent):
            return Sequence(tuple(children), span)
        entries: list[tuple[Scalar, Node]] = []
        for key, value in zip(children[::2], children[1::2], strict=True):
            if isinstance(key, Scalar):
                entries.append((key, value))
            else:
                self._problems.append(
                    Problem("yaml-syntax", key.span, Message("a key must be a word"))
                )
        return Mapping(tuple(entries), span)
