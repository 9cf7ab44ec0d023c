"""YAML as a tree of text: every scalar as it is written, every node with its place.

The tree is built from the parser's events, so that anchors, aliases and tags are seen where they
stand, an alias can never multiply, and depth is bounded before anything is built. What a scalar
means is the schema's business: `010`, `no`, `12:30` and `2026-02-30` stay text here.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import yaml
from msgspec import Struct, field

from tracker.diagnostics import Problem, Span
from tracker.translation import Message

EVENT_LOADERS: tuple[Any, ...] = tuple(
    loader for loader in (getattr(yaml, "CLoader", None), yaml.Loader) if loader
)
"""Loaders that give events, the fastest first; used for events only, so nothing is constructed."""

MAX_DEPTH = 20

COMMENT_LIKE_A_VALUE = re.compile(r"[ \t]+#(?=[^\s#!])")
"""What YAML takes for a comment behind a value, and whoever wrote it probably did not."""

_FORBIDDEN = re.compile(
    r"[^\x09\x0a\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffd]"
)
"""What YAML does not allow, and its invisible line breaks (U+0085, U+2028, U+2029) and byte order
mark, which an editor shows as nothing and which would shift every place below them."""

_READ_DIFFERENTLY = re.compile(r"[\t{]|[|>][^\n]*#|(?:^|[\s\[,])!", re.MULTILINE)
"""What libyaml takes and PyYAML refuses: such a text is read by PyYAML alone."""

_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_QUESTION = "\U0010fffe"
"""Stands in for `?`, which PyYAML takes for the mark of a key in `[why?, http://x/?a=1]`. Nobody
writes such keys in a record. The character is none of Unicode's, and not allowed in a record."""


TAB = Message("a tab stands where only blanks may")
BLANKS_FOR_TAB = Message("type blanks instead of the tab")
_IN_QUOTES = Message("put the value in quotes")
_REASONS: tuple[tuple[str, bool, Message, Message | None], ...] = (
    ("found character '\\t'", False, TAB, BLANKS_FOR_TAB),
    (
        "that cannot start any token",
        False,
        Message("a value cannot begin with this sign"),
        _IN_QUOTES,
    ),
    (
        "mapping values are not allowed here",
        False,
        Message("a colon stands where no key can be"),
        Message(
            "put a value that holds a colon in quotes, and begin the keys of a group in one column"
        ),
    ),
    (
        "could not find expected ':'",
        True,
        Message("this is not a `key: value` line"),
        Message("write the key, a half-width colon, and a blank before the value"),
    ),
    (
        "found unexpected end of stream",
        True,
        Message("the quotes opened here are not closed"),
        None,
    ),
    (
        "expected ',' or ']'",
        True,
        Message("the list opened here with [ cannot be read"),
        _IN_QUOTES,
    ),
    (
        "expected ',' or '}'",
        True,
        Message("the group opened here with { cannot be read"),
        _IN_QUOTES,
    ),
    (
        "but found '<stream end>'",
        False,
        Message("a list or a group that was opened above is not closed"),
        None,
    ),
    (
        "expected <block end>",
        False,
        Message("this line is not indented like the lines beside it"),
        None,
    ),
    (
        "found unknown escape character",
        False,
        Message("within double quotes, \\ begins an escape"),
        Message("use single quotes"),
    ),
)
"""What PyYAML says, whether the place it began is the one to show, and what a writer is told."""


class Scalar(Struct, frozen=True):
    """A value as written, quotes and escapes undone.

    Attributes:
        text: The value; empty for a key without a value.
        span: Where, quotes included.
        plain: Whether it stands without quotes and is no block.
    """

    text: str
    span: Span
    plain: bool = True


class Sequence(Struct, frozen=True):
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


class Mapping(Struct, frozen=True):
    """Keys with their values, in the order of the file; a key that stands twice is here twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span


Node: TypeAlias = Scalar | Sequence | Mapping


class Tree(Struct):
    """What was read.

    Attributes:
        root: The outermost node; None for an empty text or one that cannot be read.
        problems: What is wrong with the YAML itself.
    """

    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)

    def mapping(self, code: str, complaint: Message) -> Mapping | None:
        """Return the root where it is a mapping; None for an empty text.

        Any other root is reported among the problems, with this code and complaint.
        """
        if isinstance(self.root, Mapping):
            return self.root
        if self.root is not None and not (isinstance(self.root, Scalar) and not self.root.text):
            self.problems.append(Problem(code, self.root.span, complaint))
        return None


class _UnreadableError(Exception):
    """Reading ends here; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read_yaml(text: str, first_line: int = 1, max_depth: int = MAX_DEPTH) -> Tree:
    r"""Read one YAML document.

    Args:
        text: The document, with `\n` as the only line break.
        first_line: The number of its first line within the file, for the spans.
        max_depth: How many collections may lie within one another.

    Returns:
        The tree and the problems of the codes `yaml-syntax`, `yaml-feature`, `yaml-depth` and
        `cut-by-comment`. The result does not depend on whether PyYAML has libyaml.
    """
    tree = Tree()
    if not text.endswith("\n"):
        text += "\n"  # The loaders place the end of a text differently where a line is open.
    loaders = dict.fromkeys((EVENT_LOADERS[0], EVENT_LOADERS[-1]))
    if _READ_DIFFERENTLY.search(text):
        loaders = dict.fromkeys(EVENT_LOADERS[-1:])
    # libyaml's complaints differ from PyYAML's own, so a text that the first loader cannot read
    # is read again by the last, which every installation has.
    for loader in loaders:
        tree = Tree()
        try:
            _refuse_characters(text, first_line)
            tree.root = _Builder(text, first_line, max_depth, tree.problems).build(loader)
            break
        except _UnreadableError as error:
            tree.problems.append(error.problem)
    return tree


def _refuse_characters(text: str, first_line: int) -> None:
    if match := _FORBIDDEN.search(text):
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

    def __init__(self, text: str, first_line: int, max_depth: int, problems: list[Problem]) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._last_line = len(self._lines) - 1
        self._has_comments = "#" in text
        self._first_line = first_line
        self._max_depth = max_depth
        self._problems = problems
        self._root: Node | None = None
        self._open: list[tuple[Any, list[Node]]] = []

    def build(self, loader: Any) -> Node | None:
        """Return the root node; raises `_UnreadableError` where the text is no YAML."""
        handlers = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        try:
            reader = loader(self._text.replace("?", _QUESTION))
            next_event = reader.get_event
            try:
                while (kind := type(event := next_event())) is not yaml.StreamEndEvent:
                    if handle := handlers.get(kind):
                        handle(event)
            finally:
                reader.dispose()
        except yaml.MarkedYAMLError as error:
            raise _UnreadableError(self._syntax_problem(error)) from error
        except yaml.YAMLError as error:
            span = Span.of_line(self._first_line, 1)
            message = Message("this is not YAML: {reason}", {"reason": str(error)})
            raise _UnreadableError(Problem("yaml-syntax", span, message)) from error
        return self._root

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1][1].append(node)
        else:
            self._root = node

    def _scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_features(event)
        plain = not event.style
        if plain and self._has_comments:
            self._warn_of_comment(event)
        text = event.value
        if _QUESTION in text:
            text = text.replace(_QUESTION, "?")
        if event.style == '"' and (found := _NO_TEXT.search(text)):
            self._report_escape(event, found[0])
            text = _NO_TEXT.sub("\ufffd", text)
        self._add(Scalar(text, self._span(event.start_mark, event.end_mark), plain))

    def _report_escape(self, event: Any, char: str) -> None:
        """Report a character that only an escape in double quotes can bring in."""
        self._problems.append(
            Problem(
                "yaml-syntax",
                self._span(event.start_mark, event.end_mark),
                Message(
                    "an escape stands for U+{code}, which is no text", {"code": f"{ord(char):04X}"}
                ),
                Message("write what is meant as it is, or a \\ twice if a \\ is meant"),
            )
        )

    def _begin(self, event: Any) -> None:
        self._refuse_features(event)
        if len(self._open) >= self._max_depth:
            message = Message(
                "collections lie more than {limit} levels within one another",
                {"limit": self._max_depth},
            )
            self._stop("yaml-depth", event, message)
        self._open.append((event, []))

    def _end(self, event: Any) -> None:
        start, children = self._open.pop()
        self._add(self._collection(start, event, children))

    def _alias(self, event: Any) -> None:
        self._feature(event, Message("an alias (*name) is not allowed"))
        self._add(Scalar("", self._span(event.start_mark, event.end_mark)))

    def _document(self, event: Any) -> None:
        if self._root is not None:
            self._stop("yaml-syntax", event, Message("a second document begins here"))

    def _syntax_problem(self, error: Any) -> Problem:
        reason = error.problem or ""
        found = next((entry for entry in _REASONS if entry[0] in reason), None)
        if found is None:
            words = " ".join(filter(None, (error.context, reason))).replace(_QUESTION, "?")
            mark = error.problem_mark or error.context_mark
            message = Message("this is not YAML: {reason}", {"reason": words})
            return Problem("yaml-syntax", self._span(mark, mark), message)
        _, at_start, message, hint = found
        mark = error.context_mark if at_start and error.context_mark else error.problem_mark
        return Problem("yaml-syntax", self._span(mark, mark), message, hint)

    def _span(self, start: Any, end: Any) -> Span:
        if end.line >= self._last_line:
            return Span(*self._place(start), *self._place(end))
        first = self._first_line
        return Span(start.line + first, start.column + 1, end.line + first, end.column + 1)

    def _place(self, mark: Any) -> tuple[int, int]:
        line, column = mark.line, mark.column
        if line >= self._last_line:
            # The end of the text is marked below its last line.
            line, column = self._last_line - 1, len(self._lines[self._last_line - 1])
        return line + self._first_line, column + 1

    def _stop(self, code: str, event: Any, message: Message) -> None:
        raise _UnreadableError(Problem(code, self._span(event.start_mark, event.end_mark), message))

    def _feature(self, event: Any, message: Message) -> None:
        self._problems.append(
            Problem(
                "yaml-feature",
                self._span(event.start_mark, event.end_mark),
                message,
                Message("write the value out; put it in quotes if the sign belongs to it"),
            )
        )

    def _refuse_features(self, event: Any) -> None:
        if event.anchor is not None:
            self._feature(event, Message("an anchor (&name) is not allowed"))
        if event.tag is not None:
            self._feature(event, Message("a tag (!name) is not allowed"))

    def _warn_of_comment(self, event: Any) -> None:
        """Report `phone: 电话 #2`: YAML takes ` #2` for a comment, the writer did not."""
        end = event.end_mark
        line = self._lines[end.line] if end.line < len(self._lines) else ""
        match = COMMENT_LIKE_A_VALUE.match(line, end.column)
        if not match:
            return
        self._problems.append(
            Problem(
                "cut-by-comment",
                Span.of_line(end.line + self._first_line, match.end(), len(line) - match.end() + 1),
                Message(
                    "‘{text}’ is read as a comment, not as part of the value",
                    {"text": line[match.end() - 1 :].strip()},
                ),
                Message("put the whole value in quotes, or a space after # if it is a comment"),
            )
        )

    def _collection(self, start: Any, end: Any, children: list[Node]) -> Node:
        span = self._span(start.start_mark, end.end_mark)
        if not start.flow_style and children:
            # The end of a block is marked where the next thing begins, far below it.
            span = span._replace(
                end_line=children[-1].span.end_line, end_column=children[-1].span.end_column
            )
        if isinstance(start, yaml.SequenceStartEvent):
            return Sequence(tuple(children), span)
        entries: list[tuple[Scalar, Node]] = []
        for key, value in zip(children[::2], children[1::2], strict=True):
            if isinstance(key, Scalar):
                entries.append((key, _placed(value, key)))
            else:
                self._problems.append(
                    Problem("yaml-syntax", key.span, Message("a key must be a word"))
                )
        return Mapping(tuple(entries), span)


def _placed(value: Node, key: Scalar) -> Node:
    """Put a value that is not there right after its key: the loaders disagree where it is not."""
    if isinstance(value, Scalar) and value.span[:2] == value.span[2:]:
        end = key.span[2:]
        return Scalar(value.text, Span(*end, *end), value.plain)
    return value


def duplicate_key(key: Scalar, first_line: int) -> Problem:
    """Return the problem of a key that stands twice, naming both lines."""
    return Problem(
        "duplicate-key",
        key.span,
        Message(
            "‘{key}’ stands twice: here and in line {line}; the first one counts",
            {"key": key.text, "line": first_line},
        ),
        Message("keep one of the two"),
    )
