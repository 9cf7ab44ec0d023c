"""The last look at a merged record: is it one, and has it everything that it should have?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from tracker.format.comparison import content_of
from tracker.format.formatter import AMBIGUOUS
from tracker.format.parser import Parsed, parse_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import Config

PATH = "records/record.md"
"""Where a record is said to lie that is read for its content alone."""

Fact: TypeAlias = "tuple[str, str]"
"""One thing that a record says: what it is about, and what it says of it."""


def is_sound(parsed: Parsed) -> bool:
    """Tell whether every part of a record is known for certain."""
    return parsed.customer is not None and not any(
        problem.code in AMBIGUOUS for problem in parsed.problems
    )


def holds_everything(
    base: Parsed | None, ours: Parsed, theirs: Parsed, merged: tuple[str, str], config: Config
) -> bool:
    """Tell whether a merge has lost nothing and doubled nothing.

    Args:
        base: What both sides began with; None where there was no file.
        ours: Ours.
        theirs: Theirs.
        merged: The merged text with every conflict resolved to ours, and to theirs.
        config: The workspace's settings.
    """
    results = [parse_record(text, PATH, config) for text in merged]
    if not all(map(is_sound, results)):
        return False
    old = _facts(base) if base else Counter[Fact]()
    one, other = _facts(ours), _facts(theirs)
    most = one + (other - old) | other
    for result, own, yours in zip(results, (one, other), (other, one), strict=True):
        found = _facts(result)
        least = own - (old - yours)
        lost, doubled = least - found, found - most
        if any(fact[0] not in _MAY_GO for fact in lost):
            return False
        if any(fact[0] not in _MAY_COME for fact in doubled):
            return False
    return True


_MAY_GO = frozenset({"problem"})
_MAY_COME = frozenset({"due", "ticked", "done on"})
"""Parts of a commitment, of which both sides can take the same one away and add others."""


def _facts(parsed: Parsed) -> Counter[Fact]:
    """Return what a record says, fact by fact, and which problems it has."""
    facts: Counter[Fact] = Counter(("problem", problem.code) for problem in parsed.problems)
    customer = parsed.customer
    if customer is not None:
        content = content_of(customer)
        followups, notes = content.pop("followups"), content.pop("notes")
        facts.update(_lines(content.pop("background")))
        facts.update(set(_values("", content)))
        for note in notes:
            facts.update([("note", note["heading"]), *_lines(note["text"])])
        for followup in followups:
            facts.update(_told(followup))
    return facts


def _values(path: str, value: object) -> Iterator[Fact]:
    """Yield each single value of front matter with its path; groups go by what identifies them."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _values(f"{path}/{key}", item)
    elif isinstance(value, list):
        for item in value:
            name = ""
            if isinstance(item, dict):
                name = str(item.get("quote") or item.get("name") or item.get("product"))
            yield from _values(f"{path}/{name}", item)
    elif value not in (None, ""):
        yield path, repr(value)


def _told(followup: dict[str, Any]) -> Iterator[Fact]:
    """Yield what a follow-up tells: its heading, its fields, its commitments, its lines."""
    who = followup["who"] if followup["who_written"] else ""
    yield "heading", f"{followup['date']} {followup['time']} {followup['method']} {who}"
    for commitment in followup["commitments"]:
        yield from _promised(commitment)
    yield from _lines(followup["summary"])
    for key, text in followup["texts"].items():
        yield from ((f"{key}: {line}", text) for line, text in _lines(text))
    for key in ("contacts", "offers", "service"):
        for item in followup[key]:
            yield key, repr(item)
    for key, value in followup["fields"].items():
        texts = value.split("\n") if isinstance(value, str) else [repr(value)]
        yield from ((f"field {key}", text) for text in texts)
    for key in ("attitude", "attitude_note", "stage", "level", "next"):
        if followup[key]:
            yield key, repr(followup[key])


def _promised(commitment: dict[str, Any]) -> Iterator[Fact]:
    yield "task", commitment["text"]
    if commitment["due"]:
        yield "due", repr(commitment["due"])
    if commitment["done"]:
        yield "ticked", ""
    if commitment["done_on"]:
        yield "done on", repr(commitment["done_on"])


def _lines(text: str) -> Iterator[Fact]:
    for line in text.split("\n"):
        if line.strip():
            yield "line", " ".join(line.split())
