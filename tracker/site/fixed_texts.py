"""Translating the fixed texts of templates once, when they are compiled.

A site has one language, and a customer's page some hundred labels: looking each of them up whenever
it is shown took a quarter of the time of a build.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import NullTranslations

_VALUE = re.compile(r"%\((\w+)\)s")
"""Where a sentence takes a value, as Jinja's `trans` writes it."""


class FixedTexts(NodeTransformer):
    """Puts the translation in the place of `_("text")` and of `{% trans %}`.

    Args:
        catalogue: The translations, in a language that has one form for 1 and one for all other
            numbers, or the same for all, as those that the program speaks.
    """

    def __init__(self, catalogue: NullTranslations) -> None:
        self._catalogue = catalogue

    def visit_Call(  # noqa: N802 - the library names visitors after nodes
        self, node: nodes.Call, *args: object, **kwargs: object
    ) -> nodes.Node:
        """Return the text in place of the call, or the call where it is not a fixed text."""
        self.generic_visit(node, *args, **kwargs)
        fixed = _fixed_arguments(node, ("_", "gettext"), 1)
        if fixed is None or node.kwargs:
            return node
        text = _without_values(self._catalogue.gettext(*fixed))
        return nodes.MarkSafe(nodes.Const(text), lineno=node.lineno)

    def visit_Output(  # noqa: N802 - as above
        self, node: nodes.Output, *args: object, **kwargs: object
    ) -> nodes.Node:
        """Return the pieces of a sentence in place of the call that puts it together."""
        self.generic_visit(node, *args, **kwargs)
        if len(node.nodes) != 1 or not isinstance(call := node.nodes[0], nodes.Call):
            return node
        values = {each.key: each.value for each in call.kwargs}
        if fixed := _fixed_arguments(call, ("gettext",), 1):
            return _pieces(self._catalogue.gettext(*fixed), values, call.lineno) or node
        if fixed := _fixed_arguments(call, ("ngettext",), 2):
            return self._counted(call, fixed[0], fixed[1], values) or node
        return node

    def _counted(
        self, call: nodes.Call, singular: str, plural: str, values: dict[str, nodes.Expr]
    ) -> nodes.Node | None:
        number = call.args[2]
        # Jinja gives the number this name too.
        values.setdefault("num", number)
        one, many = (self._catalogue.ngettext(singular, plural, sample) for sample in (1, 2))
        of_one, of_many = (_pieces(text, values, call.lineno) for text in (one, many))
        if one == many or of_one is None or of_many is None:
            return of_many if of_one else None
        is_one = nodes.Compare(number, [nodes.Operand("eq", nodes.Const(1))])
        return nodes.If(is_one, [of_one], [], [of_many], lineno=call.lineno)


def _fixed_arguments(call: nodes.Call, functions: tuple[str, ...], count: int) -> list[str] | None:
    """Return the texts that a call translates; None where they are not fixed, or it does not."""
    if not isinstance(call.node, nodes.Name) or call.node.name not in functions:
        return None
    texts = [arg.value for arg in call.args[:count] if isinstance(arg, nodes.Const)]
    return texts if len(texts) == count and not (call.dyn_args or call.dyn_kwargs) else None


def _pieces(sentence: str, values: Mapping[str, nodes.Expr], line: int) -> nodes.Output | None:
    """Return a sentence as texts and the values between them; None where one is not there."""
    *pieces, last = _VALUE.split(sentence)
    texts, names = [*pieces[::2], last], pieces[1::2]
    if not values.keys() >= set(names):
        return None
    shown: list[nodes.Expr] = []
    for text, name in zip_longest(texts, names):
        if text:
            shown.append(nodes.TemplateData(_without_values(text), lineno=line))
        if name:
            shown.append(values[name])
    return nodes.Output(shown, lineno=line)


def _without_values(text: str) -> str:
    """Return a text that takes no value; Jinja fills them in by `%`, so a lone sign is doubled."""
    return text.replace("%%", "%")
