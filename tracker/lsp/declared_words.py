"""Where `tracker.yaml` declares the words of its vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.lsp.occurrences import OWNERS
from tracker.yamltree import Mapping, Node, Scalar, Sequence, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import Config, Term
    from tracker.diagnostics import Span


class DeclaredWord(Struct, frozen=True):
    """A word as `tracker.yaml` has it.

    Attributes:
        term: The word.
        label: Its label, or the name of a person; its id where it has no label.
        settings: What else is said of it, by key.
    """

    term: Term
    label: Scalar
    settings: Mapping | None

    @property
    def span(self) -> Span:
        """Return the place of the label."""
        return self.label.span


def declared_words(text: str, config: Config, vocabulary: str) -> Iterator[DeclaredWord]:
    r"""Yield the words of a vocabulary that a `tracker.yaml` declares, in their order.

    Args:
        text: The text of the file, with `\n` as the only line break.
        config: The settings that were read from it.
        vocabulary: The name of the list.
    """
    root = read_yaml(text).root
    entries = root.entries if isinstance(root, Mapping) else ()
    declared = next((value for key, value in entries if key.text == vocabulary), None)
    for item in declared.items if isinstance(declared, Sequence) else ():
        settings = item if isinstance(item, Mapping) else None
        label = _label(settings, vocabulary) if settings else item
        if isinstance(label, Scalar) and (term := config.terms(vocabulary).find(label.text)):
            yield DeclaredWord(term, label, settings)


def _label(settings: Mapping, vocabulary: str) -> Node | None:
    values = {key.text: value for key, value in settings.entries}
    if vocabulary == OWNERS:
        return values.get("name")
    return values.get("label") or values.get("id")
