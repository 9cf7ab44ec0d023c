"""The code that templates become: Jinja's, without what the templates of pages do not need.

Of itself, Jinja asks at every call whether the function wants the context, takes every macro's
arguments apart, looks up every imported template again for each page, makes a `Markup` of each
value on its way out, and passes each piece of a page up through all blocks that it stands in.
Without that, the same pages take less than half the time.
"""

from __future__ import annotations

from functools import lru_cache, partial
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.environment import TemplateModule
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup, escape

from tracker.site.fixed_texts import FixedTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from gettext import NullTranslations

    from jinja2.compiler import Frame

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
    """A macro that passes its arguments on as they come, where none is left out or named.

    Attributes:
        written: Returns what the macro writes as a plain text.
    """

    def __init__(self, *args: Any) -> None:  # noqa: ANN401  # those of the library
        super().__init__(*args)
        self.written: Callable[..., str] = self.__call__
        self._passed_on = -1
        if not (self.catch_kwargs or self.catch_varargs or self.caller):
            self._passed_on = self._argument_count
            # As the library does where an argument is left out.
            self._func.__defaults__ = (missing,) * self._argument_count
            self.written = self._func

    def __call__(self, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401  # whatever a template has
        """Return what the macro writes."""
        if kwargs or len(args) != self._passed_on:
            return super().__call__(*args, **kwargs)
        written: str = _markup(self._func(*args))
        return written


class _PageCode(CodeGenerator):
    """Compiles templates with their fixed texts translated."""

    environment: _PageEnvironment

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # those of the library
        super().__init__(*args, **kwargs)
        self._constants: dict[str, str] = {}

    def visit_Template(  # noqa: N802 - the library names visitors after nodes
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Compile a template."""
        FixedTexts(self.environment.catalogue).visit(node)
        super().visit_Template(node, frame)
        for value, name in self._constants.items():
            self.writeline(f"{name} = {value}")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """Write what stands in a template, block or macro; of a block, all of it in one piece."""
        if not frame.block_frame or frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:  # noqa: N802 - as above
        """Write where a block stands."""
        if frame.buffer is None or node.required:
            super().visit_Block(node, frame)
            return
        context = self.derive_context(frame) if node.scoped else self.get_context_ref()
        self.writeline(f"{frame.buffer}.extend(context.blocks[{node.name!r}][0]({context}))", node)

    def visit_MarkSafe(self, node: nodes.MarkSafe, frame: Frame) -> None:  # noqa: N802 - as above
        """Write a text that is not escaped; where it is fixed, it is made once."""
        if isinstance(node.expr, nodes.Const):
            self._write_constant(Markup(node.expr.value))  # noqa: S704 - the template says so
        else:
            super().visit_MarkSafe(node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802 - as above
        """Write a tuple; where it is fixed, it is made once."""
        try:
            constant = node.as_const(frame.eval_ctx) if node.ctx == "load" else ()
        except nodes.Impossible:
            constant = ()
        if constant:
            self._write_constant(constant)
        else:
            super().visit_Tuple(node, frame)

    def _write_constant(self, value: object) -> None:
        """Write the name of a value that is made when the template is loaded."""
        name = self._constants.setdefault(repr(value), f"constant_{len(self._constants)}")
        self.write(name)

    def write_commons(self) -> None:
        """Write what each function begins with: there, two of Jinja's names come to mean ours."""
        super().write_commons()
        self.writeline("escape = environment.shown")
        self.writeline("Macro = environment.macro")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        """Write what an import takes from: a module that is kept, where it knows no context."""
        if node.with_context:
            self.write("environment.module_of_page(")
            self.visit(node.template, frame)
            self.write(f", {self.name!r}, context.get_all(), {self.dump_local_context(frame)})")
        elif isinstance(node.template, nodes.Const):
            self.write(f"environment.kept_module({node.template.value!r})")
        else:
            super()._import_common(node, frame)


class _TrustedPageCode(_PageCode):
    """Compiles our own templates, whose attributes and calls need nobody to look after them.

    They import nothing but macros.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # those of the library
        super().__init__(*args, **kwargs)
        self._macros: set[str] = set()
        self._shown: set[int] = set()

    def visit_Template(  # noqa: N802 - as above
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Compile a template."""
        stored = {each.name for each in node.find_all(nodes.Name) if each.ctx != "load"}
        names = {each.name for each in node.find_all(nodes.Macro)}
        for each in node.find_all(nodes.FromImport):
            names |= {name if isinstance(name, str) else name[1] for name in each.names}
        self._macros = names - stored
        super().visit_Template(node, frame)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 - as above
        """Write what is shown."""
        self._shown = {id(each) for each in node.nodes}
        super().visit_Output(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ANN401  # the library's own type
        if not self._gives_markup(node):
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ANN401  # as above
        if not self._gives_markup(node):
            super()._output_child_post(node, frame, finalize)

    def _gives_markup(self, node: nodes.Expr) -> bool:
        """Tell whether it is certain that an expression need not be escaped."""
        return isinstance(node, nodes.Call) and (
            self._is_macro(node.node)
            or (isinstance(node.node, nodes.Name) and node.node.name in self.environment.safe)
        )

    def _is_macro(self, node: nodes.Expr) -> bool:
        return isinstance(node, nodes.Name) and node.name in self._macros

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
        if self._is_macro(node.node) and id(node) in self._shown and not node.kwargs:
            self.write(".written")
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
        safe: Names of the functions of templates that return `Markup`.
    """

    shown = staticmethod(shown)
    macro = PageMacro
    catalogue: NullTranslations
    safe: frozenset[str] = frozenset()

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

    def module_of_page(
        self, name: str, parent: str, given: dict[str, Any], local: Mapping[str, Any]
    ) -> TemplateModule:
        """Return what a template offers to the page that imports it with its context.

        Args:
            name: The template.
            parent: The template that imports it.
            given: The context.
            local: What is known beside it where the import stands.

        Raises:
            TemplateError: There is no such template, or it cannot be compiled.
        """
        template = self.get_template(name, parent)
        return TemplateModule(template, template.new_context(given, shared=True, locals=local))


class PageEnvironment(_PageEnvironment):
    """Where the built-in templates are compiled and rendered."""

    code_generator_class = _TrustedPageCode


class GuardedPageEnvironment(_PageEnvironment, ImmutableSandboxedEnvironment):
    """The same where templates come from anybody: they get no way to the interpreter."""

    code_generator_class = _PageCode
