"""How much work a text would be for the Markdown renderer, counted before it renders.

Python-Markdown is not linear in brackets that nobody closes, in headings and rules without an
empty line between them and in rows that are shorter than their table, and its depth is that of the
text. Blocks that would cost far more than others of their size are shown as they are written. What
is counted here decides that for pages and for `tracker check` alike.

Work is counted in steps, of which a machine of today does about a million in a second.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH = 64 * 1024
"""Characters of one text above which it is shown as it is written."""

MAX_NESTING = 20
"""Levels of lists and quotations above which a block is shown as it is written."""

MAX_EXCESS = 20_000
"""Steps that a block may take beyond those which grow with its length alone."""

MAX_REPEATED = 100_000
"""Characters that a text may grow by, since it names long addresses often by reference."""

MAX_STEPS_OF_PAGE = 1_500_000
"""Steps that the texts of one page may take together."""

# Measured, by fitting the times of the families in trials/markdown_families.py.
_STEPS_OF_SIGN = 7
_STEPS_OF_LINK = 11
_STEPS_OF_BAR = 16
_STEPS_OF_LINE = 15
_CHARACTERS_OF_STEP = 4
_WORTH_COUNTING = 2_000
_STEPS_OF_CELL = 8
_CODE_IN_ROW_OF_STEP = 25
"""Pairs of a cell's end and a backtick in one row that are compared in one step."""

_SCANNED_OF_STEP = 3
"""Characters that are passed in search of a closing bracket in one step."""

_SPLIT_OF_STEP = 25
"""Characters that are looked at again, for each line that ends a block within it, in one step."""

_RUNS_OF_STEP = 25
"""The same for each length of a run of backticks."""

_INLINE_OF_STEP = 3_000
"""The same for each sign of emphasis and each backslash."""

_BREAKS_OF_STEP = 12_000
"""The same for each line break, which the library takes out of its paragraph one by one."""

_BRACKETS = re.compile(r"\]\(|[\[\]()]")
_BACKTICKS = re.compile(r"`+")
_ESCAPED = re.compile(r"\\[\[\]()\\]")
_BLANKS = " \t"
_ENDS_BLOCK = re.compile(r"^ {0,3}(?:#|[-*_=](?:[ \t]*[-*_=])*[ \t]*$)", re.MULTILINE)
_TABLE_RULE = re.compile(r"(?=[^|]*\|)(?=[^-]*-)[-:| \t>*+]+$")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_MARK = re.compile(r"[ \t]*(?:>|(?:[-*+]|[0-9]{1,9}\.)(?=[ \t]))")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}\.)[ \t]")
_MAY_BE_DEEP = re.compile(
    rf"^(?:[ \t]{{{MAX_NESTING // 4}}}|(?:{_MARK.pattern}){{{MAX_NESTING // 4}}})", re.MULTILINE
)
_MAY_HOLD_INDENTED = re.compile(rf"\n[ \t]{{{MAX_NESTING // 4}}}")
_MAY_HOLD_MARKS = re.compile(rf"[->*+.](?:[ \t]*[0-9]*[->*+.]){{{MAX_NESTING // 4 - 1}}}")
"""The same of a text that other texts were taken out of, such as what stands behind a key.

Each begins with a character, not with a choice, and is searched for several times as fast so.
"""
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]]*\]:.*(?:\n.*)?", re.MULTILINE)
_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})[ \t]*([^\s`]*)[ \t]*$")
_ITEM_INDENT = 2


class Reason(Enum):
    """Why a block is shown as it is written."""

    LENGTH = "the text is too long"
    NESTING = "lists or quotations lie too deep within one another"
    WORK = "it would take too long"


class PlainBlock(Struct, frozen=True):
    """Lines that are shown as they are written.

    Attributes:
        first: Index of the first line in the text.
        end: Index of the line after the last one.
        reason: Why.
    """

    first: int
    end: int
    reason: Reason


class Fence(Struct, frozen=True):
    """Fenced code.

    Attributes:
        first: Index of the line that opens it.
        end: Index of the line after the one that closes it.
        indent: Blanks before it.
        language: The word after the opening marks; empty where there is none.
    """

    first: int
    end: int
    indent: int
    language: str


class Cost(Struct, frozen=True):
    """What rendering a text would take.

    Attributes:
        steps: The work, about.
        plain_blocks: The blocks that are shown as they are written, in order. A block ends at an
            empty line; fenced code is none. Where the whole text is out of proportion it is one.
    """

    steps: int
    plain_blocks: tuple[PlainBlock, ...] = ()


def cost_of(text: str) -> Cost:
    """Return what rendering a text would take; it takes no time to speak of itself."""
    if len(text) > MAX_LENGTH:
        return Cost(0, (PlainBlock(0, text.count("\n") + 1, Reason.LENGTH),))
    steps, most_excess = _by_its_signs(text, len(text))
    if most_excess <= _WORTH_COUNTING and not _MAY_BE_DEEP.search(text):
        # Most texts are so short that it does not matter what stands in them.
        return Cost(steps + most_excess)
    if _repeated_by_reference(text) > MAX_REPEATED:
        return Cost(0, (PlainBlock(0, text.count("\n") + 1, Reason.WORK),))
    plain = []
    open_items: list[int] = []
    split = text.split("\n")
    for first, end in _blocks(split):
        block = split[first:end]
        excess = _excess(block)
        if _depth(block, open_items) > MAX_NESTING:
            plain.append(PlainBlock(first, end, Reason.NESTING))
        elif excess > MAX_EXCESS:
            plain.append(PlainBlock(first, end, Reason.WORK))
        else:
            steps += excess
            continue
        open_items.clear()
    return Cost(steps, tuple(plain))


def _by_its_signs(text: str, longest: int) -> tuple[int, int]:
    """Return the steps that grow with a text, and the most that it could take beyond them.

    Args:
        text: The text.
        longest: Characters of its longest block: what stands in others costs a sign nothing.
    """
    # One by one, and once for both: this is asked of every text.
    lines = text.count("\n") + 1
    squares, bars, backticks = text.count("["), text.count("|"), text.count("`")
    inline = text.count("*") + text.count("_") + text.count("\\")
    others = backticks + inline + text.count("&") + text.count("<")
    steps = (
        len(text) // _CHARACTERS_OF_STEP
        + _STEPS_OF_LINE * lines
        + _STEPS_OF_LINK * (squares + text.count("]") + text.count("://"))
        + _STEPS_OF_BAR * bars
        + _STEPS_OF_SIGN * others
    )
    most_excess = (
        (squares + text.count("(")) * longest // _SCANNED_OF_STEP
        + lines * longest // _SPLIT_OF_STEP
        + backticks * longest // _RUNS_OF_STEP
        + inline * longest // _INLINE_OF_STEP
        + lines * bars * _STEPS_OF_CELL
        + bars * backticks // _CODE_IN_ROW_OF_STEP
    )
    return steps, most_excess


def may_have_plain_blocks(text: str) -> bool:
    """Tell quickly whether a text, or parts of it together, may be shown as they are written."""
    if (
        len(text) > MAX_LENGTH
        or _MAY_HOLD_INDENTED.search(f"\n{text}")
        or _MAY_HOLD_MARKS.search(text)
        or "]:" in text
    ):
        return True
    steps, most_excess = _by_its_signs(text, max(map(len, text.split("\n\n"))))
    return most_excess > MAX_EXCESS or steps + most_excess > MAX_STEPS_OF_PAGE


def fenced_code(lines: list[str]) -> list[Fence]:
    """Return the fenced code of a text; what is opened and never closed is none."""
    marks = [
        (index, match)
        for index, line in enumerate(lines)
        if line.lstrip(" ")[:3] in {"```", "~~~"} and (match := _FENCE.match(line))
    ]
    longest_below = _longest_below([match for _, match in marks])
    found: list[Fence] = []
    opened: tuple[int, re.Match[str]] | None = None
    for (index, match), below in zip(marks, longest_below, strict=True):
        if opened is None:
            if below[match[2][0]] >= len(match[2]):
                opened = index, match
        elif not match[3] and match[2].startswith(opened[1][2]):
            start, opening = opened
            found.append(Fence(start, index + 1, len(opening[1]), opening[3]))
            opened = None
    return found


def _longest_below(marks: list[re.Match[str]]) -> list[dict[str, int]]:
    """Return for each line of marks the longest one below it that can close, of either sign."""
    longest = {"`": 0, "~": 0}
    found = []
    for match in reversed(marks):
        found.append(dict(longest))
        if not match[3]:
            longest[match[2][0]] = max(longest[match[2][0]], len(match[2]))
    return found[::-1]


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield first line and end of each run of lines without an empty one, outside fenced code."""
    code = {index for fence in fenced_code(lines) for index in range(fence.first, fence.end)}
    first = None
    for index, line in enumerate(lines):
        if index in code or not line.strip(_BLANKS):
            if first is not None:
                yield first, index
            first = None
        elif first is None:
            first = index
    if first is not None:
        yield first, len(lines)


def _depth(block: list[str], open_items: list[int]) -> int:
    """Return how deep lists and quotations of a block lie within one another.

    Args:
        block: Its lines.
        open_items: Indents of the list items that are open above it, the outermost first; brought
            up to the end of the block.
    """
    deepest = 0
    for number, raw in enumerate(block):
        line = raw.expandtabs(4)
        indent = len(line) - len(line.lstrip(" "))
        if _RULE.match(line):
            continue
        if _ITEM.match(line):
            while open_items and indent < open_items[-1]:
                open_items.pop()
            if not open_items or indent > open_items[-1] + 1:
                open_items.append(indent)
        elif not number and indent < _ITEM_INDENT:
            open_items.clear()
        marks, place = 0, 0
        while match := _MARK.match(line, place):
            marks, place = marks + 1, match.end()
        deepest = max(deepest, len(open_items) + marks)
    return deepest


def _excess(block: list[str]) -> int:
    """Return the steps of a block that do not grow with its length alone."""
    text = "\n".join(block)
    return (
        max(_scanned(text), _scanned(_as_links_see_it(text))) // _SCANNED_OF_STEP
        + len(_ENDS_BLOCK.findall(text)) * len(text) // _SPLIT_OF_STEP
        + len(set(_BACKTICKS.findall(text))) * len(text) // _RUNS_OF_STEP
        + sum(map(text.count, "*_\\")) * len(text) // _INLINE_OF_STEP
        + len(block) * len(text) // _BREAKS_OF_STEP
        + _STEPS_OF_CELL * max(0, _cells(block) - len(text))
        + sum(line.count("|") * line.count("`") for line in block) // _CODE_IN_ROW_OF_STEP
    )


def _scanned(text: str) -> int:
    """Return how many characters are passed in search of brackets that close others.

    A bracket that nobody closes is sought to the end; one within others is passed once for each.
    """
    passed = 0
    squares: list[int] = []
    rounds: list[int] = []
    for match in _BRACKETS.finditer(text):
        sign, place = match[0], match.start()
        if sign == "[":
            squares.append(place)
        elif sign == ")":
            passed += place - rounds.pop() if rounds else 0
        elif sign == "(":
            if rounds:
                rounds.append(place)
        else:
            passed += place - squares.pop() if squares else 0
            if sign == "](":
                rounds.append(place)
    return passed + sum(len(text) - place for place in squares + rounds)


def _as_links_see_it(text: str) -> str:
    """Return a text without its code and escaped signs, in which no bracket closes another."""
    runs = [match.span() for match in _BACKTICKS.finditer(text)]
    starts: dict[int, list[int]] = {}
    for start, end in runs:
        starts.setdefault(end - start, []).append(start)
    parts = []
    place = 0
    for start, end in runs:
        if start < place:
            continue
        before = text[place:start]
        is_escaped = (len(before) - len(before.rstrip("\\"))) % 2
        # Where no run of its length closes it, it begins with some of its backticks.
        for length in range(end - start - is_escaped, 0, -1):
            closing = starts.get(length, [])
            number = bisect_left(closing, end)
            if number < len(closing):
                parts.append(text[place : start + is_escaped])
                place = closing[number] + length
                break
    parts.append(text[place:])
    return _ESCAPED.sub("", "".join(parts))


def _cells(block: list[str]) -> int:
    """Return the cells of the table in a block, wherever it begins; 0 where there is none."""
    return max(
        (
            (head.count("|") + 1) * (len(block) - number)
            for number, (head, rule) in enumerate(pairwise(block))
            if _TABLE_RULE.match(rule)
        ),
        default=0,
    )


def _repeated_by_reference(text: str) -> int:
    """Return the characters that a text may grow by, since a long address is named often."""
    if "]:" not in text:
        return 0
    longest = max((len(match[0]) for match in _DEFINITION.finditer(text)), default=0)
    return longest * text.count("[") - len(text)
