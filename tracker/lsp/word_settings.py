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


def renamed_settings(text: str, word: DeclaredWord, vocabulary: str, new: str) -> list[Splice]:
    r"""Return the splices that give a declared word another name.

    Args:
        text: The text of `tracker.yaml`, with `\n` as the only line break.
        word: The word.
        vocabulary: The name of its list.
        new: Its new name.
    """
    old = word.term.label
    name = "name" if vocabulary == OWNERS else "label"
    ident = [] if vocabulary == OWNERS else [("id", write_scalar(word.term.id, in_flow=True))]
    if word.settings is None:
        parts = [*ident, (name, write_scalar(new, in_flow=True)), ("aliases", write_list([old]))]
        inner = ", ".join(f"{key}: {value}" for key, value in parts)
        start, end = Places(text).stretch(word.label.span)
        return [Splice(start, end, f"{{{inner}}}")]
    return _in_mapping(text, word, word.settings, (name, new), ident)


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
    settings: Mapping,
    renamed: tuple[str, str],
    ident: list[tuple[str, str]],
) -> list[Splice]:
    name, new = renamed
    values = {key.text: value for key, value in settings.entries}
    places = Places(text)
    splices = []
    added = [] if "id" in values else ident
    if name in values:
        start, end = places.stretch(word.label.span)
        quote = text[start] if text[start] in _QUOTES else ""
        splices.append(Splice(start, end, write_scalar(new, quote=quote, in_flow=True)))
    else:
        added = [*added, (name, write_scalar(new, in_flow=True))]
    aliases = values.get("aliases")
    if isinstance(aliases, Sequence) and aliases.items:
        splices.append(_one_more(text, aliases, word.term.label))
    elif aliases is None:
        added = [*added, ("aliases", write_list([word.term.label]))]
    if added:
        splices.append(_behind(text, settings, word.label, added))
    return splices


def _one_more(text: str, aliases: Sequence, old: str) -> Splice:
    """Return the splice that adds an alias behind the last one."""
    places = Places(text)
    end = _end(text, aliases.items[-1])
    start = places.stretch(aliases.span)[0]
    if text[start] == "[":
        return Splice(end, end, f", {write_scalar(old, in_flow=True)}")
    last = aliases.items[-1].span
    dash = text.rfind("-", 0, places.offset(last.line, last.column))
    indent = " " * (dash - places.line_start(dash))
    at = places.line_end(end)
    return Splice(at, at, f"\n{indent}- {write_scalar(old)}")


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
