"""Finding the customer that a person means."""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from tracker.cli.context import is_terminal, printable, tell, wants_colour
from tracker.errors import TrackerError, UsageError
from tracker.library.record_paths import shown_path
from tracker.sounds import sound_run, sounds_of, typed_letters
from tracker.text import fold, is_ascii_digits
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tracker.library.library import Library
    from tracker.model import Customer

_MOST_SHOWN = 12
_MOST_NEAR = 3
_ASSIGNED = re.compile(r"\A[^\W\d][\w.]*[+-]?[=＝]")
"""What `tracker set` is given behind the customer."""


class UnreadableRecordError(TrackerError):
    """The record that was asked for cannot be read; exit code 1, as for any problem in records."""

    exit_code = 1


def find_customer(library: Library, text: str, *, ask: bool = True) -> Customer:
    """Return the one customer that a text means.

    It may be the id, the file, a former id, the name, the short name, a part of one of these, or
    what is typed for a name in pinyin: in full, or a letter or more of each syllable. The first of
    these ways that finds any counts. Where it finds several, the person at the terminal is asked.

    Args:
        library: The workspace.
        text: What was written.
        ask: Whether a person may be asked; nobody is where stdin or stderr is no terminal.

    Raises:
        UsageError: There is none, or more than one and nobody chose.
        UnreadableRecordError: It is a file that cannot be read.
    """
    if not fold(text):
        raise UsageError(Message("the customer's name is empty"))
    paths = _record_paths(text, library.root)
    for matches in _ways(text, paths):
        found = [customer for customer in library.customers if matches(customer)]
        if len(found) == 1:
            return found[0]
        if found and ask and is_terminal(sys.stdin) and is_terminal(sys.stderr):
            return _chosen(text, found, library.config.language)
        if found:
            raise _ambiguous(text, found)
    for entry in library.left_out:
        if entry.path in paths or fold(PurePosixPath(entry.path).stem) == fold(text):
            raise UnreadableRecordError(
                Message(
                    "{path} cannot be read: {reason}; see: tracker check",
                    {
                        "path": entry.path,
                        "reason": entry.problems[0].message if entry.problems else "",
                    },
                )
            )
    raise _not_found(text, library)


def _ways(text: str, paths: set[str]) -> Iterator[Callable[[Customer], bool]]:
    """Yield the ways in which a text can mean a customer, the surest first."""
    folded = fold(text)
    yield lambda customer: customer.id == text
    yield lambda customer: customer.path in paths
    yield lambda customer: fold(customer.id) == folded
    yield lambda customer: folded in map(fold, customer.aliases)
    yield lambda customer: fold(customer.name) == folded
    yield lambda customer: fold(customer.short or "") == folded
    yield lambda customer: any(
        folded in fold(name) for name in (*_names(customer), *_ids(customer))
    )
    if letters := typed_letters(text):
        for in_full in (True, False):
            for whole in (True, False):
                yield partial(_sounds_like, letters=letters, in_full=in_full, whole=whole)


def _names(customer: Customer) -> tuple[str, ...]:
    return (customer.name, customer.short) if customer.short else (customer.name,)


def _ids(customer: Customer) -> tuple[str, ...]:
    return (customer.id, *customer.aliases)


def _sounds_like(customer: Customer, *, letters: str, in_full: bool, whole: bool) -> bool:
    """Tell whether letters are typed for one of the customer's names, or else for a part of it."""
    for name in _names(customer):
        sounds = sounds_of(name)
        run = sound_run(sounds, letters, in_full=in_full)
        if run and (not whole or run == (0, len(sounds) - 1)):
            return True
    return False


def _record_paths(text: str, root: Path) -> set[str]:
    """Return the paths in the workspace that the text names, seen from its root and from here."""
    paths = {text.replace("\\", "/").removeprefix("./")}
    here = Path(text).resolve()
    if here.is_relative_to(root):
        paths.add(here.relative_to(root).as_posix())
    return {shown_path(root, path) for path in paths}


# --- Several ----------------------------------------------------------------------------------


def _chosen(text: str, found: Sequence[Customer], language: str) -> Customer:
    """Ask the person at the terminal which customer is meant.

    Raises:
        UsageError: None was chosen.
    """
    say = translations(language).gettext
    question = Message("‘{text}’ means more than one customer:", {"text": text})
    tell(printable(question.render(say)))
    shown = found[:_MOST_SHOWN]
    width = len(str(len(shown)))
    for number, customer in enumerate(shown, 1):
        place = click.style(customer.path, dim=True)
        tell(f"  {number:{width}}  {printable(customer.name)}  {place}")
    if len(found) > len(shown):
        more = Message("and {count} more; name it more exactly", {"count": len(found) - len(shown)})
        tell(f"  {' ' * width}  {more.render(say)}")
    prompt = Message("Which one? 1-{last}, or nothing to leave:", {"last": len(shown)}).render(say)
    while True:
        # Not click's prompt: it writes to stdout too, where the result goes.
        click.echo(f"{prompt} ", nl=False, err=True, color=wants_colour(sys.stderr))
        line = sys.stdin.readline()
        if not line:
            tell("")
        answer = fold(line)
        if not answer:
            raise UsageError(Message("no customer was chosen"))
        if is_ascii_digits(answer) and 1 <= int(answer) <= len(shown):
            return shown[int(answer) - 1]


def _ambiguous(text: str, found: Sequence[Customer]) -> UsageError:
    names = [f"{customer.name} ({customer.path})" for customer in found[:_MOST_SHOWN]]
    if len(found) > _MOST_SHOWN:
        names.append("…")
    return UsageError(
        Message(
            "‘{text}’ means more than one customer: {names}",
            {"text": text, "names": tuple(names)},
        )
    )


def _not_found(text: str, library: Library) -> UsageError:
    if _ASSIGNED.search(text):
        return UsageError(
            Message(
                "there is no customer ‘{text}’; the customer goes before KEY=VALUE", {"text": text}
            )
        )
    names = [
        (name, number)
        for number, customer in enumerate(library.customers)
        for name in (*_names(customer), *_ids(customer))
        if name
    ]
    # Imported late: only a mistake needs it.
    from rapidfuzz import fuzz, process

    # A part is enough: people type a few characters of a long name.
    near = process.extract(
        text,
        [name for name, _ in names],
        scorer=fuzz.partial_ratio,
        processor=fold,
        limit=_MOST_SHOWN,
        score_cutoff=60,
    )
    # Each customer by the name that is nearest.
    likely: dict[int, str] = {}
    for name, _, place in near:
        likely.setdefault(names[place][1], name)
    values = {"text": text, "names": tuple(likely.values())[:_MOST_NEAR]}
    return UsageError(
        Message("there is no customer ‘{text}’; did you mean: {names}?", values)
        if near
        else Message("there is no customer ‘{text}’; see: tracker list", values)
    )
