"""The comments of a front matter, which its tree of values does not have."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.format.frontmatter import body_of
from tracker.yamltree import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.diagnostics import Span

_COMMENT = re.compile(r"(?:^|\s)(#.*)")


def comments_of(text: str, root: Mapping) -> Iterator[str]:
    r"""Yield the comments of a front matter in their order, each with its `#`.

    Args:
        text: The record's text, with `\n` as the only line break.
        root: What stands in its front matter.
    """
    yield from comments_in(text.split("\n")[: body_of(text)[1] - 1], root)


def comments_in(lines: list[str], node: Node, first: int = 0, start: int = 0) -> Iterator[str]:
    """Yield the comments in some lines of a front matter in their order, each with its `#`.

    Args:
        lines: The lines of the front matter down to the last one that is looked at.
        node: What stands in them.
        first: The index of the first one that is looked at.
        start: The offset in that from which on it is looked at.
    """
    ends: defaultdict[int, int] = defaultdict(int)
    inner: set[int] = set()
    for span in _spans(node):
        ends[span.end_line] = max(ends[span.end_line], span.end_column - 1)
        begins_below = lines[span.line - 1].startswith(("|", ">"), span.column - 1)
        # Lines of a text that goes on.
        inner.update(range(span.line + begins_below, span.end_line))
    ends[first + 1] = max(ends[first + 1], start)
    for number, line in enumerate(lines[first:], first + 1):
        if number not in inner and (found := _COMMENT.search(line, ends[number])):
            yield found[1].rstrip()


def _spans(node: Node) -> Iterator[Span]:
    """Yield the places of all texts in a tree, of keys too."""
    if isinstance(node, Scalar):
        yield node.span
    for key, value in node.entries if isinstance(node, Mapping) else ():
        yield key.span
        yield from _spans(value)
    for item in node.items if isinstance(node, Sequence) else ():
        yield from _spans(item)
