"""The code that templates become: Jinja's, without what the templates of pages do not need.

Of itself, Jinja asks at every call whether the function wants the context, takes every macro's
arguments apart, looks up every imported template again for each page, and makes a `Markup` of each
value on its way out. Without that, the same pages take about half the time.
"""

from __future__ import annotations

from functools import lru_cache, partial
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from tracker.site.fixed_texts import FixedTexts

if TYPE_CHECKING:
    from collections.abc import Callable
    from gettext import NullTranslations

    from jinja2.compiler import Frame
    from jinja2.environment import TemplateModule

_GIVEN_THE_CONTEXT = ("_", "gettext", "ngettext", "pgettext", "npgettext")
"""The functions of templates that are: those of Jinja's translations."""

_markup = partial(str.__new__, Markup)
_escaped = lru_cache(8192)(escape)


def shown(value: object) -> str:
    """Return a value as it stands in a page, as `escape` does, but where it can as a plain text."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]  # the checker does not follow `kind`
    if kind is str:
        return value if value.isalnum() else _escaped(value)  # type: ignore[attr-defined,return-value]  # as above
    return escape(value)


class PageMacro(Macro):
    """A macro that passes its arguments on as they come, where none is left out or named."""

    def __init__(self, *args: Any) -> None:  # noqa: ANN401  # those of the library
        super().__init__(*args)
        is_plain = not (self.catch_kwargs or self.catch_varargs or self.caller)
        self._passed_on = self._argument_count if is_plain else -1

    def __call__(self, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401  # whatever a template has
        """Return what the macro writes."""
        if kwargs or len(args) != self._passed_on:
            return super().__call__(*args, **kwargs)
        written: str = _markup(self._func(*args))
        return written


class _PageCode(CodeGenerator):
    """Compiles templates with their fixed texts translated."""

    environment: _PageEnvironment

    def visit_Template(  # noqa: N802 - the library names visitors after nodes
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Compile a template."""
        FixedTexts(self.environment.catalogue).visit(node)
        super().visit_Template(node, frame)

    def write_commons(self) -> None:
        """Write what each function begins with: there, two of Jinja's names come to mean ours."""
        super().write_commons()
        self.writeline("escape = environment.shown")
        self.writeline("Macro = environment.macro")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        """Write what an import takes from: a module that is kept, where it knows no context."""
        if node.with_context or not isinstance(node.template, nodes.Const):
            super()._import_common(node, frame)
        else:
            self.write(f"environment.kept_module({node.template.value!r})")


class _TrustedPageCode(_PageCode):
    """Compiles our own templates, whose attributes and calls need nobody to look after them."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - as above
        """Write an attribute."""
        if iskeyword(node.attr) or isinstance(node.node, nodes.Const):
            super().visit_Getattr(node, frame)
        else:
            self.visit(node.node, frame)
            self.write(f".{node.attr}")

    def visit_Call(  # noqa: N802 - as above
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002  # the library's signature
    ) -> None:
        """Write a call."""
        wants_context = isinstance(node.node, nodes.Name) and node.node.name in _GIVEN_THE_CONTEXT
        named = [each.key for each in node.kwargs]
        unknown = node.dyn_args or node.dyn_kwargs or any(map(iskeyword, named))
        if forward_caller or wants_context or unknown:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")


class _PageEnvironment(jinja2.Environment):
    """Knows what the code of templates asks for.

    The arguments are those of Jinja's; the extension for translations must be among them.

    Attributes:
        catalogue: The translations of the site's language.
    """

    shown = staticmethod(shown)
    macro = PageMacro
    catalogue: NullTranslations

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # those of the library
        super().__init__(*args, **kwargs)
        self._modules: dict[str, TemplateModule] = {}

    def use(self, catalogue: NullTranslations) -> None:
        """Take a catalogue for the texts of all templates; before the first of them is compiled."""
        self.catalogue = catalogue
        install: Callable[..., None] = self.install_gettext_translations  # type: ignore[attr-defined]  # the extension puts it there
        install(catalogue, newstyle=True)

    def kept_module(self, name: str) -> TemplateModule:
        """Return what a template offers to those that import it without their context.

        Raises:
            TemplateError: There is no such template, or it cannot be compiled.
        """
        if name not in self._modules:
            self._modules[name] = self.get_template(name).module
        return self._modules[name]


class PageEnvironment(_PageEnvironment):
    """Where the built-in templates are compiled and rendered."""

    code_generator_class = _TrustedPageCode


class GuardedPageEnvironment(_PageEnvironment, ImmutableSandboxedEnvironment):
    """The same where templates come from anybody: they get no way to the interpreter."""

    code_generator_class = _PageCode
