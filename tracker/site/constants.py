"""Translating the fixed texts of templates once, when they are compiled.

A site has one language, and a customer's page some hundred labels: looking each of them up whenever
it is shown took a quarter of the time of a build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.compiler import Frame

_FUNCTIONS = ("_", "gettext")


class _FixedTexts(NodeTransformer):
    """Replaces `_("text")` by its translation; calls with values stay as they are."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self._translate = translate

    def visit_Call(  # noqa: N802 - the library names visitors after nodes
        self, node: nodes.Call, *args: object, **kwargs: object
    ) -> nodes.Node:
        """Return the text in place of the call, or the call where it is not a fixed text."""
        self.generic_visit(node, *args, **kwargs)
        if (
            isinstance(node.node, nodes.Name)
            and node.node.name in _FUNCTIONS
            and len(node.args) == 1
            and isinstance(node.args[0], nodes.Const)
            and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        ):
            # Jinja's own functions fill in values by `%`, so a lone sign is written twice.
            text = self._translate(node.args[0].value).replace("%%", "%")
            return nodes.MarkSafe(nodes.Const(text), lineno=node.lineno)
        return node


class TranslatingCodeGenerator(CodeGenerator):
    """Compiles templates with their fixed texts translated.

    The environment's global `translate_fixed` is the gettext function that translates.
    """

    def visit_Template(  # noqa: N802 - as above
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Compile a template."""
        translate = self.environment.globals["translate_fixed"]
        _FixedTexts(cast("Callable[[str], str]", translate)).visit(node)
        super().visit_Template(node, frame)
