"""How a record tells what a further row of a file says, where another row has said otherwise."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from tracker.text import fold

if TYPE_CHECKING:
    from tracker.config import Config
    from tracker.format.assignment import Way


def title_of(way: Way, config: Config) -> str:
    """Return what a value is called in a note: `张三 电话`, `Ann Lee phone`, `deal amount`.

    Args:
        way: Where the value stands; a group is called by what tells it from others.
        config: The workspace's settings.
    """
    chinese = config.language == "zh"
    *groups, last = (step.field.zh if chinese else step.field.key for step in way)
    names = [
        step.identity or label
        for step, label in zip(way, groups, strict=False)
        if step.identity or label not in last
    ]
    return " ".join((*names, last))


def stands_in(known: str, text: str) -> bool:
    """Tell whether whole lines of a text are another text, but for case and blanks.

    A part of a line does not count: a remark such as `不急` says something else than the line
    `客户说不急`.

    Args:
        known: What is there.
        text: What is looked for.
    """
    lines = list(map(squeezed, known.split("\n")))
    whole, wanted = "".join(lines), squeezed(text)
    ends = set(accumulate(map(len, lines), initial=0))
    at = whole.find(wanted)
    while at >= 0:
        if at in ends and at + len(wanted) in ends:
            return True
        at = whole.find(wanted, at + 1)
    return False


def squeezed(text: str) -> str:
    """Return a text as it is compared: without case, width and blanks."""
    return "".join(fold(text).split())
