"""Finding the customer that a person means."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from tracker.errors import TrackerError, UsageError
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.insight.day import Day, Standing
    from tracker.model import Customer

_MOST_SHOWN = 12


class UnreadableRecordError(TrackerError):
    """The record that was asked for cannot be read; exit code 1, as for any problem in records."""

    exit_code = 1


def find_customer(day: Day, text: str) -> Standing:
    """Return the one customer that a text means.

    It may be the id, the file, the name, the short name, or a part of one of these that only one
    customer has; the first of these ways that finds any counts.

    Raises:
        UsageError: There is none, or more than one.
        UnreadableRecordError: It is a file that cannot be read.
    """
    folded = fold(text)
    if not folded:
        raise UsageError(Message("the customer's name is empty"))
    paths = _record_paths(text, day.library.root)
    ways: tuple[Callable[[Customer], bool], ...] = (
        lambda customer: customer.id == text,
        lambda customer: customer.path in paths,
        lambda customer: fold(customer.id) == folded,
        lambda customer: fold(customer.name) == folded,
        lambda customer: fold(customer.short or "") == folded,
        lambda customer: any(
            folded in fold(name) for name in (customer.name, customer.short, customer.id) if name
        ),
    )
    for matches in ways:
        found = [standing for standing in day.standings if matches(standing.customer)]
        if len(found) == 1:
            return found[0]
        if found:
            raise _ambiguous(text, found)
    for entry in day.library.left_out:
        if entry.path in paths or fold(PurePosixPath(entry.path).stem) == folded:
            raise UnreadableRecordError(
                Message(
                    "{path} cannot be read: {reason}; see: tracker check",
                    {
                        "path": entry.path,
                        "reason": entry.problems[0].message if entry.problems else "",
                    },
                )
            )
    raise _not_found(text, day)


def _record_paths(text: str, root: Path) -> set[str]:
    """Return the paths in the workspace that the text names, seen from its root and from here."""
    paths = {text.replace("\\", "/").removeprefix("./")}
    here = Path(text).resolve()
    if here.is_relative_to(root):
        paths.add(here.relative_to(root).as_posix())
    # The library shows a name that is not UTF-8 so.
    return {os.fsencode(path).decode("utf-8", "replace") for path in paths}


def _ambiguous(text: str, found: list[Standing]) -> UsageError:
    names = [f"{one.customer.name} ({one.customer.path})" for one in found[:_MOST_SHOWN]]
    if len(found) > _MOST_SHOWN:
        names.append("…")
    return UsageError(
        Message(
            "‘{text}’ means more than one customer: {names}",
            {"text": text, "names": ", ".join(names)},
        )
    )


def _not_found(text: str, day: Day) -> UsageError:
    names = [
        name
        for standing in day.standings
        for name in (standing.customer.name, standing.customer.short, standing.customer.id)
        if name
    ]
    # Imported late: only a mistake needs it.
    from rapidfuzz import fuzz, process

    # A part is enough: people type a few characters of a long name.
    near = process.extract(
        text, names, scorer=fuzz.partial_ratio, processor=fold, limit=3, score_cutoff=60
    )
    values = {"text": text, "names": ", ".join(dict.fromkeys(name for name, _, _ in near))}
    return UsageError(
        Message("there is no customer ‘{text}’; did you mean: {names}?", values)
        if near
        else Message("there is no customer ‘{text}’; see: tracker list", values)
    )
