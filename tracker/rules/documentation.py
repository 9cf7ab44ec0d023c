"""A rule's docstring taken apart: prose and examples.

A line such as `Bad:` or `Good, on 2026-11-24:` with an indented block below it is an example. One
that says "in tracker.yaml" shows that file; one that says "with `…` in tracker.yaml" needs those
settings. The examples of a rule about changes are diffs of a whole file.
"""

from __future__ import annotations

import re
from itertools import pairwise
from textwrap import dedent
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.rules.rule import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.rules.rule import Rule

_EXAMPLE = re.compile(r"(?P<kind>Bad|Good)(?:, (?P<when>[^\n]+))?:")
_SETTINGS = re.compile(r"with `([^`]+)` in tracker\.yaml")
_LABEL = re.compile(r"(Why|Bad|Good)((?:, [^\n:]+)?):")
_FENCE = "```"


class Example(Struct, frozen=True):
    """A file that shows a rule.

    Attributes:
        is_bad: Whether the rule finds its problem in it.
        text: The file.
        is_config: Whether it is a `tracker.yaml` rather than a record.
        config: Settings of the workspace that it stands in.
        before: The file before the change, for rules about changes; empty where it was not there.
    """

    is_bad: bool
    text: str
    is_config: bool = False
    config: str = ""
    before: str = ""


class Block(Struct, frozen=True):
    """A paragraph, or an indented block of code with its indent removed."""

    text: str
    is_code: bool


def blocks_of(documentation: str) -> list[Block]:
    """Return the paragraphs and blocks of code of a docstring."""
    blocks: list[Block] = []
    for paragraph in re.split(r"\n{2,}", documentation.strip("\n")):
        is_code = paragraph.startswith("    ")
        if is_code and blocks and blocks[-1].is_code:
            blocks[-1] = Block(f"{blocks[-1].text}\n\n{paragraph}", is_code=True)
        else:
            blocks.append(Block(paragraph, is_code))
    return [
        Block(dedent(block.text) if block.is_code else block.text, block.is_code)
        for block in blocks
    ]


def examples_of(rule: Rule) -> Iterator[Example]:
    """Yield the examples of a rule that are whole files."""
    blocks = blocks_of(rule.documentation)
    for block, code in pairwise(blocks):
        match = _EXAMPLE.fullmatch(block.text)
        if match and code.is_code:
            when = match["when"] or ""
            settings = _SETTINGS.search(when)
            is_diff = rule.origin is Origin.CHANGE
            yield Example(
                is_bad=match["kind"] == "Bad",
                text=_side(code.text, "+") if is_diff else f"{code.text}\n",
                before=_side(code.text, "-") if is_diff else "",
                is_config="in tracker.yaml" in when and not settings,
                config=f"{settings[1]}\n" if settings else "",
            )


def _side(diff: str, sign: str) -> str:
    """Return one side of a diff: the lines with its sign, and those with none."""
    lines = (line or " " for line in diff.split("\n"))
    return "".join(f"{line[1:]}\n" for line in lines if line[0] in (" ", sign))


def markdown_of(rule: Rule) -> str:
    """Return the documentation as Markdown, without its first sentence."""
    parts = []
    for block in blocks_of(rule.documentation)[1:]:
        if block.is_code:
            language = "markdown" if block.text.startswith("---") else "yaml"
            if rule.origin is Origin.CHANGE:
                language = "diff"
            parts.append(f"{_FENCE}{language}\n{block.text}\n{_FENCE}")
        else:
            parts.append(_LABEL.sub(r"**\1**\2:", block.text, count=1))
    return "\n\n".join(parts)
