"""Another name for a word in `tracker.yaml`.

The word keeps its id, and its old name becomes one of its aliases: records of other branches, the
past in git, saved views and costs go on meaning it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.config import Level, Stage, Term
from tracker.format.scalar import write_list, write_scalar
from tracker.format.splice import Places, Splice
from tracker.lsp.occurrences import OWNERS
from tracker.yamltree import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.lsp.declared_words import DeclaredWord

_QUOTES = ("'", '"')


def renamed_settings(
    text: str, word: DeclaredWord, vocabulary: str, new: str, *, whole: bool = False
) -> list[Splice]:
    r"""Return the splices that give a declared word another name.

    Args:
        text: The text of `tracker.yaml`, with `\n` as the only line break.
        word: The word.
        vocabulary: The name of its list.
        new: Its new name.
        whole: Whether all that holds for the word is written down. A word that is a built-in one
            by its name alone would lose that one's spellings and rules otherwise.
    """
    term = word.term
    old = [term.label]
    if whole:
        old += [text for text in dict.fromkeys(term.spellings) if text not in {term.id, *old}]
    rules = list(_rules_of(term)) if whole else []
    name = "name" if vocabulary == OWNERS else "label"
    ident = [] if vocabulary == OWNERS else [("id", write_scalar(word.term.id, in_flow=True))]
    if word.settings is None:
        label = (name, write_scalar(new, in_flow=True))
        parts = [*ident, label, *rules, ("aliases", write_list(old))]
        inner = ", ".join(f"{key}: {value}" for key, value in parts)
        start, end = Places(text).stretch(word.label.span)
        return [Splice(start, end, f"{{{inner}}}")]
    return _in_mapping(text, word, (name, new), [*ident, *rules], old)


def declared_anew(
    text: str, terms: Iterable[Term], word: Term, vocabulary: str, new: str
) -> Splice:
    r"""Return the splice that declares a list of built-in words, one of them with another name.

    Args:
        text: The text of a `tracker.yaml` that does not declare the list.
        terms: The words of the list.
        word: The one that gets another name.
        vocabulary: The name of the list.
        new: The new name.
    """
    lines = [f"{vocabulary}:"]
    for term in terms:
        label = new if term is word else term.label
        parts = [
            ("id", write_scalar(term.id, in_flow=True)),
            ("label", write_scalar(label, in_flow=True)),
            *_rules_of(term),
        ]
        if term is word:
            parts.append(("aliases", write_list([word.label])))
        lines.append(f"  - {{{', '.join(f'{key}: {value}' for key, value in parts)}}}")
    gap = "" if not text or text.endswith("\n") else "\n"
    return Splice(len(text), len(text), gap + "\n".join(lines) + "\n")


def _rules_of(term: Term) -> Iterator[tuple[str, str]]:
    """Yield what else is declared of a stage or a level."""
    if isinstance(term, Stage):
        yield "kind", term.kind.value
        yield "probability", str(term.probability)
    if isinstance(term, (Stage, Level)) and term.max_idle_days:
        yield "max_idle_days", str(term.max_idle_days)
    if isinstance(term, Stage) and term.optional:
        yield "optional", "true"


def _in_mapping(
    text: str,
    word: DeclaredWord,
    renamed: tuple[str, str],
    further: list[tuple[str, str]],
    old: list[str],
) -> list[Splice]:
    name, new = renamed
    values = {key.text: value for key, value in word.settings.entries} if word.settings else {}
    places = Places(text)
    splices = []
    added = [(key, value) for key, value in further if key not in values]
    if name in values:
        start, end = places.stretch(word.label.span)
        quote = text[start] if text[start] in _QUOTES else ""
        splices.append(Splice(start, end, write_scalar(new, quote=quote, in_flow=True)))
    else:
        added = [*added, (name, write_scalar(new, in_flow=True))]
    aliases = values.get("aliases")
    if isinstance(aliases, Sequence) and aliases.items:
        known = {item.text for item in aliases.items if isinstance(item, Scalar)}
        splices.append(_more(text, aliases, [alias for alias in old if alias not in known]))
    elif aliases is None:
        added = [*added, ("aliases", write_list(old))]
    if added and word.settings:
        splices.append(_behind(text, word.settings, word.label, added))
    return splices


def _more(text: str, aliases: Sequence, further: list[str]) -> Splice:
    """Return the splice that adds aliases behind the last one."""
    places = Places(text)
    end = _end(text, aliases.items[-1])
    start = places.stretch(aliases.span)[0]
    if text[start] == "[":
        added = "".join(f", {write_scalar(alias, in_flow=True)}" for alias in further)
        return Splice(end, end, added)
    last = aliases.items[-1].span
    dash = text.rfind("-", 0, places.offset(last.line, last.column))
    indent = " " * (dash - places.line_start(dash))
    at = places.line_end(end)
    return Splice(at, at, "".join(f"\n{indent}- {write_scalar(alias)}" for alias in further))


def _behind(text: str, settings: Mapping, label: Scalar, added: list[tuple[str, str]]) -> Splice:
    """Return the splice that adds settings of a word behind its label."""
    places = Places(text)
    if text[places.stretch(settings.span)[0]] == "{":
        end = _end(text, label)
        return Splice(end, end, "".join(f", {key}: {value}" for key, value in added))
    indent = " " * (settings.entries[0][0].span.column - 1)
    at = places.line_end(_end(text, label))
    return Splice(at, at, "".join(f"\n{indent}{key}: {value}" for key, value in added))


def _end(text: str, node: Node) -> int:
    start, end = Places(text).stretch(node.span)
    return start + len(text[start:end].rstrip())
