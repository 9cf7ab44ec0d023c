"""Filters of customers by the words of options, for all commands that have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from tracker.cli.completion import OWNERS
from tracker.errors import UsageError
from tracker.insight.former_owners import former_owners
from tracker.text import fold, nearest, split_list, with_whole_part
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tracker.config import AnyTerm, Terms
    from tracker.insight.day import Day
    from tracker.library.library import Library

_Command = TypeVar("_Command", bound="Callable[..., object]")

_OWNER = "--owner"
_MINE = "--mine"


def owner_options(what: str) -> Callable[[_Command], _Command]:
    """Return the decorator that adds `--owner` and `--mine`, as `owner` and `mine`.

    Args:
        what: What is shown of these owners, such as `customers`.
    """
    owner = click.option(
        _OWNER,
        type=OWNERS,
        multiple=True,
        metavar="NAME,…",
        help=f"Only {what} of these owners.",
    )
    mine = click.option(
        _MINE,
        is_flag=True,
        help=f"Only {what} of your own: of the owner in tracker.yaml who has git's user.email or "
        "user.name.",
    )
    return lambda command: owner(mine(command))


def words_of(option: str, texts: Sequence[str]) -> list[str]:
    """Return the words of an option that may be given more than once, each with several words.

    Raises:
        UsageError: It was given, but holds none.
    """
    words = [word.strip() for text in texts for word in split_list(text) if word.strip()]
    if texts and not words:
        raise UsageError(Message("{option} is empty", {"option": option}))
    return words


def unknown_word(option: str, text: str, near: str | None, known: Iterable[str]) -> UsageError:
    """Return the complaint about a word that an option does not know.

    Args:
        option: The option.
        text: The word.
        near: The known word that is nearest; None where none is near.
        known: All known words, named where none is near.
    """
    values = {"option": option, "text": text, "near": near, "known": tuple(known)}
    return UsageError(
        Message("{option}: there is no ‘{text}’; did you mean ‘{near}’?", values)
        if near
        else Message("{option}: there is no ‘{text}’; known are: {known}", values)
    )


def unknown_person(option: str, text: str, known: Iterable[str]) -> UsageError:
    """Return the complaint about a name that an option does not know.

    Args:
        option: The option.
        text: The name.
        known: All known names.
    """
    names = tuple(known)
    several = with_whole_part(text, names)
    if len(several) > 1:
        values = {"option": option, "text": text, "names": several}
        return UsageError(
            Message("{option}: ‘{text}’ could be {names}; give the whole name", values)
        )
    return unknown_word(option, text, nearest(text, names), names)


def term_of(option: str, text: str, terms: Terms[AnyTerm]) -> AnyTerm:
    """Return the word of a vocabulary that an option means.

    Raises:
        UsageError: There is none.
    """
    term = terms.find(text)
    if term is None:
        raise unknown_word(option, text, terms.nearest(text), (known.label for known in terms))
    return term


class OwnerFilter:
    """The owners that `--owner` and `--mine` ask for; all where neither was given."""

    def __init__(self, texts: Sequence[str], library: Library, *, mine: bool = False) -> None:
        """Find the owners that are meant: those of the settings, or whoever a record names.

        Args:
            texts: What `--owner` was given.
            library: The workspace.
            mine: Whether `--mine` was given.

        Raises:
            UsageError: There is no such owner, or git does not say who one is.
        """
        known = _known_owners(library)
        self._asked = bool(texts) or mine
        self._owners = {fold(_own_name(library, known))} if mine else set()
        self._owners |= {fold(_known(word, library, known)) for word in words_of(_OWNER, texts)}

    def takes(self, owner: str | None) -> bool:
        """Tell whether an owner is among them."""
        return not self._asked or fold(owner or "") in self._owners


def one_owner(text: str | None, day: Day, *, mine: bool = False) -> str | None:
    """Return the one owner that `--owner` or `--mine` asks for; None where neither was given.

    Numbers of the past are also asked of those who had customers once, as git knows.

    Raises:
        UsageError: Both were given, there is no such owner, or git does not say who one is.
    """
    if text is not None and mine:
        raise UsageError(Message("give either {one} or {other}", {"one": _OWNER, "other": _MINE}))
    library = day.library
    known = _known_owners(library)
    if mine:
        return _own_name(library, known)
    return None if text is None else _known(text.strip(), library, known, day)


def _known_owners(library: Library) -> dict[str, str]:
    """Return the owners of the records and of the settings by their folded names."""
    named = [customer.owner for customer in library.customers if customer.owner]
    labels = (owner.label for owner in library.config.owners)
    return {fold(name): name for name in (*named, *labels)}


def _people_at_work(library: Library) -> dict[str, str]:
    """Return who followed up or promised something by their folded names.

    Whoever has handed all customers over may still have promises to keep.
    """
    names = {
        name
        for customer in library.customers
        for followup in customer.followups
        for name in (followup.who, *(promise.who for promise in followup.commitments))
        if name
    }
    return {fold(name): name for name in sorted(map(library.config.owner_name, names))}


def _known(word: str, library: Library, known: dict[str, str], day: Day | None = None) -> str:
    """Return the owner that a word means: one of those known, or whoever has been at work.

    Args:
        word: The word.
        library: The workspace.
        known: The owners of today.
        day: The day whose history is asked for earlier ones, too; None for not.

    Raises:
        UsageError: There is none.
    """
    name = fold(library.config.owner_name(word))
    found = known.get(name) or _people_at_work(library).get(name)
    if found is None and day:
        turns = day.once(former_owners).values()
        found = {fold(who): who for each in turns for _, who in each if who}.get(name)
    if found is None:
        raise unknown_person(_OWNER, word, known.values())
    return found


def _own_name(library: Library, known: dict[str, str]) -> str:
    """Return which owner the person at the keyboard is, by what git calls them.

    Raises:
        UsageError: Git does not say, or names nobody who is known.
    """
    # Imported late: only this option asks git.
    from tracker.library.git import git_person

    name, email = git_person(library.root)
    if not name and not email:
        raise UsageError(
            Message(
                '{option}: git does not say who you are; use {owner}, or: git config user.name "…"',
                {"option": _MINE, "owner": f"{_OWNER} NAME"},
            )
        )
    for owner in library.config.owners:
        if email and owner.email and owner.email.casefold() == email.casefold():
            return owner.label
    me = fold(library.config.owner_name(name))
    found = known.get(me) or (name and _people_at_work(library).get(me))
    if not found:
        raise UsageError(
            Message(
                "{option}: git calls you {name} <{email}>, who is no owner here; known are: "
                "{known}",
                {
                    "option": _MINE,
                    "name": name,
                    "email": email,
                    "known": tuple(known.values()),
                },
            )
        )
    return found
