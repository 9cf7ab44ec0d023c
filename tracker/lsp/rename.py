"""Renaming: a contact or a quote within its record, a word of the vocabulary everywhere.

What is renamed is read back before anything is given out: every record must say the same as before
but for the name. Where one would not, nothing is renamed, and it is told why.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lsprotocol.types import PrepareRenamePlaceholder, TextEdit, WorkspaceEdit

from tracker.config import CONFIG_NAME, Owner, Stage
from tracker.config_file import parse_config
from tracker.errors import TrackerError
from tracker.format.comparison import content_of
from tracker.format.parser import parse_record
from tracker.format.scalar import write_scalar
from tracker.format.splice import Places, Splice, splice_text
from tracker.lsp.declared_words import declared_words
from tracker.lsp.occurrences import OWNERS, Named, Occurrence, Sort
from tracker.lsp.references import named_at, places_of
from tracker.lsp.word_settings import declared_anew, renamed_settings
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lsprotocol.types import PrepareRenameParams, RenameParams

    from tracker.config import Config, Term, Terms
    from tracker.library.library import Entry
    from tracker.lsp.declared_words import DeclaredWord
    from tracker.lsp.page import Page

_QUOTES = ("'", '"')


class RenameRefusedError(TrackerError):
    """Something cannot be renamed, or not so; carries why."""


def prepare(page: Page, params: PrepareRenameParams) -> PrepareRenamePlaceholder | None:
    """Return the name at a place that can be renamed; None where there is none."""
    found = named_at(page, params.position)
    if found is None or found[0].sort is Sort.CUSTOMER:
        return None
    what, span = found
    line = page.text.lines[span.line - 1]
    written = line[span.column - 1 : span.end_column - 1]
    return PrepareRenamePlaceholder(page.text.range(span), _present_name(page, what) or written)


def rename(page: Page, params: RenameParams) -> WorkspaceEdit | None:
    """Return the edits that give what stands at a place another name, in all files.

    Raises:
        RenameRefusedError: The name cannot be taken, or something would mean something else.
    """
    found = named_at(page, params.position)
    if found is None or found[0].sort is Sort.CUSTOMER:
        return None
    new = " ".join(params.new_name.split())
    if not new:
        raise RenameRefusedError(Message("the new name is empty"))
    what = found[0]
    if new == _present_name(page, what):
        return None
    if what.sort is Sort.WORD:
        return _rename_word(page, what, new)
    return _rename_within(page, what, new)


def _present_name(page: Page, what: Named) -> str:
    if what.sort is Sort.WORD:
        return page.config.terms(what.within).label(what.name)
    return what.name


# --- Within one record ------------------------------------------------------------------------


def _rename_within(page: Page, what: Named, new: str) -> WorkspaceEdit:
    entry = page.workspace.entry(what.within)
    customer = entry.customer
    contacts = [contact.name for contact in customer.contacts] if customer else []
    quotes = [offer.quote for offer in customer.offers if offer.quote] if customer else []
    names = contacts if what.sort is Sort.CONTACT else quotes
    meant = fold(what.name)
    if what.name not in names or [fold(name) for name in names].count(meant) != 1:
        raise RenameRefusedError(
            Message("‘{name}’ does not stand for one entry of this record", {"name": what.name})
        )
    if fold(new) in map(fold, (name for name in names if name != what.name)):
        raise RenameRefusedError(
            Message("this record has another entry ‘{name}’ already", {"name": new})
        )
    places = [found for _, found in places_of(page, what)]
    text = _renamed_text(entry.text, places, new)
    wanted = content_of(customer)
    group, key, field = (
        ("contacts", "name", "contacts")
        if what.sort is Sort.CONTACT
        else ("offers", "quote", "offers")
    )
    for each in wanted[group]:
        each[key] = new if each[key] == what.name else each[key]
    for followup in wanted["followups"]:
        followup[field] = [new if fold(name) == meant else name for name in followup[field]]
    _must_say(entry, text, page.config, wanted)
    return _edits(page, {entry.path: (places, new)})


# --- A word everywhere ------------------------------------------------------------------------


def _rename_word(page: Page, what: Named, new: str) -> WorkspaceEdit:
    settings = page.workspace.settings
    if settings.config.fingerprint != page.config.fingerprint:
        raise RenameRefusedError(Message("mend tracker.yaml first, or wait until it is read"))
    terms = page.config.terms(what.within)
    term = terms.get(what.name)
    words = list(declared_words(settings.text, page.config, what.within))
    word = next((each for each in words if each.term is term), None)
    if term is None or (word is None and (words or what.within == OWNERS)):
        raise RenameRefusedError(
            Message(
                "‘{word}’ is not declared under {list}: in tracker.yaml",
                {"word": terms.label(what.name), "list": what.within},
            )
        )
    other = terms.find(new)
    if other is not None and other is not term:
        raise RenameRefusedError(
            Message("‘{word}’ already means ‘{other}’", {"word": new, "other": other.label})
        )
    splices, config = _renamed_settings(page, what, term, word, new)
    renamed: dict[str, tuple[list[Occurrence], str]] = {}
    for path, found in places_of(page, what):
        if fold(_text_at(page.workspace.entry(path).text, found)) == fold(term.label):
            renamed.setdefault(path, ([], new))[0].append(found)
    for path, (places, _) in renamed.items():
        entry = page.workspace.entry(path)
        wanted = content_of(entry.customer)
        if what.within == OWNERS:
            wanted = _with_person(wanted, term.label, new)
        _must_say(entry, _renamed_text(entry.text, places, new), config, wanted)
    edit = _edits(page, renamed)
    text = page.session.text(page.workspace, CONFIG_NAME)
    uri = page.session.uri(page.workspace, CONFIG_NAME)
    changes = dict(edit.changes or {})
    changes[uri] = [
        TextEdit(text.range_of_offsets(start, end), new_text.replace("\n", text.newline))
        for start, end, new_text in splices
    ]
    return WorkspaceEdit(changes=changes)


def _renamed_settings(
    page: Page, what: Named, term: Term, word: DeclaredWord | None, new: str
) -> tuple[list[Splice], Config]:
    """Return the splices of `tracker.yaml` for a new name, and the settings then.

    Args:
        page: The file.
        what: The word.
        term: The same as it is now.
        word: The same as it is declared; None where the whole list is the built-in one.
        new: Its new name.

    Raises:
        RenameRefusedError: Some word would mean something else, or bring other rules.
    """
    text = page.workspace.settings.text
    terms = page.config.terms(what.within)
    if word is None:
        tries = [[declared_anew(text, terms, term, what.within, new)]]
    else:
        tries = [
            renamed_settings(text, word, what.within, new, whole=whole) for whole in (False, True)
        ]
    for splices in tries:
        config, problems = parse_config(splice_text(text, splices), page.workspace.root.name)
        sound = len(problems) <= len(page.workspace.settings.problems)
        if sound and _mean_the_same(terms, config.terms(what.within), term, new):
            return splices, config
    raise RenameRefusedError(
        Message("tracker.yaml would not mean the same with ‘{name}’", {"name": new})
    )


def _mean_the_same(before: Terms[Term], after: Terms[Term], renamed: Term, new: str) -> bool:
    """Tell whether two lists differ in the name of one word alone, so that all texts stay words."""
    if len(before) != len(after):
        return False
    for old, term in zip(before, after, strict=True):
        label = new if old is renamed else old.label
        same_id = term.id == (label if old.id == old.label and isinstance(old, Owner) else old.id)
        spelled = all(after.find(text) is term for text in (label, *old.spellings))
        if term.label != label or not same_id or not spelled or _rules(old) != _rules(term):
            return False
    return True


def _rules(term: Term) -> tuple[object, ...]:
    """Return what a word brings beside its names."""
    if isinstance(term, Stage):
        return (term.kind, term.probability, term.max_idle_days, term.optional)
    return (getattr(term, "max_idle_days", None), getattr(term, "email", None))


def _with_person(content: Any, old: str, new: str) -> Any:  # noqa: ANN401  # nested plain values
    """Return a record's content with another name of a salesperson."""
    if isinstance(content, list):
        return [_with_person(item, old, new) for item in content]
    if isinstance(content, dict):
        return {
            key: new if key in {"owner", "who"} and value == old else _with_person(value, old, new)
            for key, value in content.items()
        }
    return content


# --- Both -------------------------------------------------------------------------------------


def _text_at(text: str, found: Occurrence) -> str:
    line = text.split("\n")[found.span.line - 1]
    return line[found.span.column - 1 : found.span.end_column - 1].strip("'\"")


def _written(text: str, found: Occurrence, new: str) -> str:
    """Return the new name as it is to be written at a place."""
    if not found.is_yaml:
        return new
    first = text.split("\n")[found.span.line - 1][found.span.column - 1 :][:1]
    return write_scalar(new, quote=first if first in _QUOTES else "", in_flow=True)


def _renamed_text(text: str, places: Sequence[Occurrence], new: str) -> str:
    at = Places(text)
    return splice_text(
        text, [Splice(*at.stretch(found.span), _written(text, found, new)) for found in places]
    )


def _must_say(entry: Entry, text: str, config: Config, wanted: object) -> None:
    """Make sure that a record says what it is to say, and nothing is wrong that was not before.

    Raises:
        RenameRefusedError: It does not.
    """
    after = parse_record(text, entry.path, config)
    new = Counter(problem.code for problem in after.problems)
    new -= Counter(problem.code for problem in entry.problems)
    if new or content_of(after.customer) != wanted:
        raise RenameRefusedError(
            Message("{path} would not mean the same with this name", {"path": entry.path})
        )


def _edits(page: Page, renamed: dict[str, tuple[list[Occurrence], str]]) -> WorkspaceEdit:
    changes = {}
    for path, (places, new) in renamed.items():
        text = page.session.text(page.workspace, path)
        changes[page.session.uri(page.workspace, path)] = [
            TextEdit(text.range(found.span), _written(text.text, found, new)) for found in places
        ]
    return WorkspaceEdit(changes=changes)
