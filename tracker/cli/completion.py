"""What is offered while somebody types a command line: types of parameters for the commands.

Each takes any text and leaves it as it is; whether it means something, the command finds out. An
offer is made quickly, from as little of the workspace as it takes, and never fails: where nothing
can be read, nothing is offered.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from click.shell_completion import CompletionItem

    from tracker.config import Config
    from tracker.library.outline import Outline
    from tracker.schema import Field

_LAST_TERM = re.compile(r"(?P<before>(?:.*\s)?[-－]?)(?P<term>\S*)", re.DOTALL)
_COMPARISON = re.compile(
    r"(?P<key>[^:：=＝<＜>＞≤≥]+)(?P<sign>[<＜>＞][=＝]?|[≤≥:：=＝])(?P<done>(?:.*[,，、])?)(?P<typed>.*)"
)
_LAST_OF_LIST = re.compile(r"(?P<before>(?:.*[,，、;；])?)(?P<last>.*)", re.DOTALL)


class Offer(NamedTuple):
    """A text that may be meant.

    Attributes:
        text: What is put in.
        help: What some shells show beside it; empty for nothing.
        others: Further spellings, any of which may have been begun.
    """

    text: str
    help: str = ""
    others: tuple[str, ...] = ()


class SuggestedText(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """Any text, with offers while it is typed.

    Args:
        offers: Returns the offers, for what is typed and the workspace; they may be more than
            what fits, and need no order of their own.
        several: The text is a list with commas: the last of its parts is completed.
        signed: Each text may have a `-` before it.
    """

    name = "text"

    def __init__(
        self,
        offers: Callable[[Surroundings, str], Iterable[Offer]],
        *,
        several: bool = False,
        signed: bool = False,
    ) -> None:
        self._offers = offers
        self._several = several
        self._signed = signed

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the text as it is."""
        del param, ctx
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return what fits to the text that was begun."""
        del param
        # Imported late: only a shell that completes a line needs it.
        from click.shell_completion import CompletionItem

        before, typed = "", incomplete
        if self._several:
            match = _LAST_OF_LIST.fullmatch(incomplete)
            before, typed = (match["before"], match["last"]) if match else ("", incomplete)
        if self._signed and typed.startswith("-"):
            before, typed = f"{before}-", typed[1:]
        offers = [_extended(offer, before, "") for offer in self._offers(Surroundings(ctx), typed)]
        return [CompletionItem(text, help=help_, others=others) for text, help_, others in offers]


class Surroundings:
    """The workspace that a command line is typed for, read as far as it is asked for."""

    def __init__(self, ctx: click.Context) -> None:
        """Take the folder from `-C DIR`."""
        self._folder = Path(ctx.find_root().params.get("folder") or ".")

    def root(self) -> Path | None:
        """Return the workspace; None where there is none."""
        # Imported late: typing the settings takes pydantic, for which `--help` should not wait.
        from tracker.config import find_workspace
        from tracker.errors import WorkspaceNotFoundError

        try:
            return find_workspace(self._folder)
        except WorkspaceNotFoundError:
            return None

    def config(self) -> Config:
        """Return the settings of the workspace; the defaults where there is none."""
        # Imported late, as above.
        from tracker.config_file import default_config, load_config

        root = self.root()
        return load_config(root)[0] if root else default_config()

    def outlines(self) -> Iterator[Outline]:
        """Yield who the records are about."""
        # Imported late: most offers take no records.
        from tracker.library.outline import outlines

        if root := self.root():
            yield from outlines(root)


# --- Offers -----------------------------------------------------------------------------------


def _fitting(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """Return the offers that what was typed may mean, by the first way that finds any.

    It is the beginning of the text, of another spelling or of how one sounds; or a part of one.
    """
    # Imported late: `--help` needs none of it.
    from tracker.sounds import sound_run, sounds_of, typed_letters
    from tracker.text import fold

    known, start, letters = list(offers), fold(typed), typed_letters(typed)

    def sounds(offer: Offer, *, from_first: bool) -> bool:
        if not letters:
            return False
        runs = [sound_run(sounds_of(text), letters) for text in (offer.text, *offer.others)]
        return any(run and (run[0] == 0 or not from_first) for run in runs)

    ways: tuple[Callable[[Offer], bool], ...] = (
        lambda offer: fold(offer.text).startswith(start),
        lambda offer: any(fold(other).startswith(start) for other in offer.others),
        partial(sounds, from_first=True),
        lambda offer: any(start in fold(text) for text in (offer.text, *offer.others)),
        partial(sounds, from_first=False),
    )
    return next((near for way in ways if (near := list(filter(way, known)))), [])


def _customers(surroundings: Surroundings, typed: str) -> list[Offer]:
    """Return customers: the id for what begins as one, and else the name."""
    found = list(surroundings.outlines())
    ids = [Offer(one.id, one.name) for one in found if one.id.startswith(typed)]
    # Ids and names in one list would be too many where nothing is typed yet.
    return ids or _fitting(
        (Offer(one.name or one.id, one.id, (one.short, one.id, *one.aliases)) for one in found),
        typed,
    )


def _owners(surroundings: Surroundings, typed: str) -> list[Offer]:
    """Return the salespeople of the settings, then those whom only records name."""
    config = surroundings.config()
    people = [Offer(owner.label, ", ".join(owner.others), owner.others) for owner in config.owners]
    named = (config.owner_name(one.owner) for one in surroundings.outlines() if one.owner)
    known = {owner.label for owner in config.owners}
    others = [Offer(name) for name in dict.fromkeys(named) if name not in known]
    return _fitting([*people, *others], typed)


def _tables(surroundings: Surroundings, typed: str) -> list[Offer]:
    """Return the tables of an export by their names, with the titles that they have as sheets."""
    # Imported late, as above.
    from tracker.exchange.sheets import sheets_of

    sheets = sheets_of(surroundings.config())
    return _fitting((Offer(sheet.name, sheet.title, (sheet.title,)) for sheet in sheets), typed)


def _words(vocabulary: str) -> Callable[[Surroundings, str], list[Offer]]:
    """Return the offers of a vocabulary by its name in `tracker.yaml`."""

    def offers(surroundings: Surroundings, typed: str) -> list[Offer]:
        return _fitting(_terms(surroundings.config(), vocabulary), typed)

    return offers


def _terms(config: Config, vocabulary: str) -> list[Offer]:
    return [
        Offer(term.label, "" if term.id == term.label else term.id, (term.id, *term.others))
        for term in config.terms(vocabulary)
    ]


def _assignments(surroundings: Surroundings, typed: str) -> list[Offer]:
    """Return `key=` while the key is typed, `key=value` after it where its values are words."""
    config = surroundings.config()
    key, equals, value = typed.partition("=")
    if not equals:
        keys = _fitting(_keys(config.front_matter_fields), key)
        return [_extended(offer, "", "=") for offer in keys]
    # Imported late, as above.
    from tracker.schema import by_spelling
    from tracker.text import fold

    field = by_spelling(config.front_matter_fields).get(fold(key))
    values = _values(field, surroundings, value) if field else []
    return [_extended(offer, f"{key}=", "") for offer in values]


def _extended(offer: Offer, before: str, after: str) -> Offer:
    """Return an offer with all its spellings extended."""
    others = tuple(f"{before}{other}{after}" for other in offer.others)
    return Offer(f"{before}{offer.text}{after}", offer.help, others)


def _keys(fields: Iterable[Field]) -> Iterator[Offer]:
    """Yield the keys that can be set by one text, English ones first."""
    # Imported late, as above.
    from tracker.schema import Kind

    single = [field for field in fields if field.kind not in {Kind.GROUP, Kind.GROUPS}]
    for field in single:
        yield Offer(field.key, field.zh)
    for field in single:
        if field.zh not in {"", field.key}:
            yield Offer(field.zh, field.key, field.others)


def _values(field: Field, surroundings: Surroundings, typed: str) -> list[Offer]:
    # Imported late, as above.
    from tracker.schema import Kind
    from tracker.vocabulary import FALSE_WORDS, TRUE_WORDS

    config = surroundings.config()
    if field.kind is Kind.OWNER:
        return _owners(surroundings, typed)
    if field.vocabulary:
        return _fitting(_terms(config, field.vocabulary), typed)
    if field.kind is Kind.BOOL:
        spellings = (TRUE_WORDS, FALSE_WORDS)
        # The two lists have the words of one language at the same place.
        position = TRUE_WORDS.index("是" if config.language == "zh" else "yes")
        return _fitting([Offer(words[position], "", words) for words in spellings], typed)
    return _fitting(map(Offer, field.choices), typed)


def _profiles(surroundings: Surroundings, typed: str) -> list[Offer]:
    return _fitting(map(Offer, surroundings.config().profiles), typed)


def _fixed(texts: Iterable[str]) -> Callable[[Surroundings, str], list[Offer]]:
    known = tuple(texts)
    return lambda _, typed: _fitting(map(Offer, known), typed)


def _columns(texts: Iterable[str]) -> Callable[[Surroundings, str], list[Offer]]:
    """Return the offers of columns: those given, then the workspace's own fields."""
    known = tuple(texts)

    def offers(surroundings: Surroundings, typed: str) -> list[Offer]:
        own = surroundings.config().fields
        declared = (Offer(field.key, field.zh, field.spellings) for field in own)
        return _fitting((*map(Offer, known), *declared), typed)

    return offers


def _query(surroundings: Surroundings, typed: str) -> list[Offer]:
    """Return `key:` while a key of a query is typed, `key:word` after it where there are words."""
    # Imported late, as above.
    from tracker.library.query.language import column_meant
    from tracker.library.query.language_data import language_data

    match = _LAST_TERM.fullmatch(typed)
    before, term = (match["before"], match["term"]) if match else ("", typed)
    config = surroundings.config()
    language = language_data(config)
    columns = {column["key"]: column for column in language["columns"]}
    comparison = _COMPARISON.fullmatch(term)
    if comparison is None:
        keys = _fitting(_query_keys(columns.values(), config.language), term)
        return [_extended(offer, before, ":") for offer in keys]
    key, sign, done, begun = comparison.groups()
    column = columns.get(column_meant(key, config) or "")
    if column is None:
        return []
    if column["kind"] == "owner":
        words = _owners(surroundings, begun)
    elif column["kind"] == "has":
        words = _fitting(_query_keys(columns.values(), config.language), begun)
    else:
        dated = column["kind"] in {"ahead", "back"}
        known = language["periods"] if dated else column["words"]
        words = _fitting((Offer(label, id_, (id_, *rest)) for id_, label, rest, *_ in known), begun)
    start = f"{before}{key}{sign}{done}"
    return [_extended(_as_value(offer), start, "") for offer in words]


def _query_keys(columns: Iterable[dict[str, Any]], language: str) -> Iterator[Offer]:
    """Yield the keys of queries, those of the workspace's language first."""
    names = []
    for column in columns:
        key, spellings = column["key"], ["-".join(text.split()) for text in column["spellings"]]
        chinese = next((text for text in spellings if not text.isascii()), key)
        names.append((chinese, key) if language == "zh" else (key, chinese))
    for own, other in names:
        yield Offer(own, "" if own == other else other)
    for own, other in names:
        if own != other:
            yield Offer(other, own)


def _as_value(offer: Offer) -> Offer:
    """Return an offer as a value of a query: hyphens for blanks, which need no quotes."""
    # Imported late, as above.
    from tracker.library.query.signs import as_written

    return Offer(as_written("-".join(offer.text.split())), offer.help, offer.others)


# --- Types of parameters ----------------------------------------------------------------------

CUSTOMER = SuggestedText(_customers)
"""A customer, in any way in which `find_customer` finds one."""

OWNER = SuggestedText(_owners)
"""A salesperson."""

OWNERS = SuggestedText(_owners, several=True)
"""Salespeople, with commas."""

PROFILE = SuggestedText(_profiles)
"""A profile of `tracker.yaml`."""

TABLE_NAME = SuggestedText(_tables)
"""A table of `tracker export csv`."""

QUERY = SuggestedText(_query)
"""A query, or one of the words that make one."""

FIELD_ASSIGNMENT = SuggestedText(_assignments)
"""`key=value` of a record's front matter."""


def word_of(vocabulary: str, *, several: bool = False) -> SuggestedText:
    """Return the type of a word of a vocabulary.

    Args:
        vocabulary: Its name in `tracker.yaml`, such as `stages`.
        several: Whether it may be several with commas.
    """
    return SuggestedText(_words(vocabulary), several=several)


def names_of(texts: Iterable[str], *, several: bool = False) -> SuggestedText:
    """Return the type of a name out of some that are known, such as the columns of a table.

    Args:
        texts: The names.
        several: Whether it may be several with commas.
    """
    return SuggestedText(_fixed(texts), several=several)


def columns_of(texts: Iterable[str], *, signed: bool = False) -> SuggestedText:
    """Return the type of columns with commas: some that are known, and the workspace's fields.

    Args:
        texts: The names of those that are known.
        signed: Whether each may have a `-` before it.
    """
    return SuggestedText(_columns(texts), several=True, signed=signed)
