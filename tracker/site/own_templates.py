"""Files and blocks of a workspace's own templates that no page shows, as after a typing error.

A template is taken by its name, and so is a block: one that is misspelt is no error to Jinja, it is
just never asked for. What is said here is said of names only; a template that is chosen by an
expression could be any, so then nothing is said.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import jinja2
from jinja2 import meta, nodes

from tracker.text import nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASSETS_DIR = "assets"

_SUFFIXES = frozenset({".html", ".htm", ".jinja", ".j2", ".css", ".js"})
"""Endings of files that somebody meant for the pages; a note or a backup beside them is nobody's
mistake."""


class OwnTemplates:
    """The templates of a workspace beside the built-in ones.

    Args:
        environment: Looks templates up, the workspace's own first.
        own: The workspace's folder of templates.
        builtin: The folder of the built-in ones.
    """

    def __init__(self, environment: jinja2.Environment, own: Path, builtin: Path) -> None:
        self._environment = environment
        self._own = own
        self._builtin = builtin
        self._trees: dict[str, nodes.Template | None] = {}

    def without_effect(self) -> list[Message]:
        """Return what no page will show: one message for each file and each block.

        A template that cannot be read or parsed is left to whoever renders it.
        """
        used = self._used()
        if used is None:
            return []
        found = []
        for name in sorted(self._files()):
            if name not in used:
                found.append(self._unused(name))
            elif (tree := self._tree(name)) is not None:
                found += self._unused_blocks(name, tree)
        return found

    def _files(self) -> Iterator[str]:
        """Yield the names of the workspace's templates."""
        for file in self._own.rglob("*"):
            name = file.relative_to(self._own)
            hidden = any(part.startswith(".") for part in name.parts)
            if file.suffix in _SUFFIXES and name.parts[0] != ASSETS_DIR and not hidden:
                yield name.as_posix()

    def _tree(self, name: str) -> nodes.Template | None:
        """Return the syntax tree of a template; None where it has none."""
        if name not in self._trees:
            try:
                source = self._environment.loader.get_source(self._environment, name)[0]  # type: ignore[union-attr]  # there is a loader
                self._trees[name] = self._environment.parse(source, name)
            except jinja2.TemplateError:
                self._trees[name] = None
        return self._trees[name]

    def _used(self) -> set[str] | None:
        """Return the names of all templates that pages ask for; None where that is not known."""
        used: set[str] = set()
        names = [file.name for file in self._builtin.glob("*.html")]
        while names:
            name = names.pop()
            if name in used:
                continue
            used.add(name)
            tree = self._tree(name)
            for other in meta.find_referenced_templates(tree) if tree else ():
                if other is None:
                    return None
                names.append(other)
        return used

    def _unused(self, name: str) -> Message:
        files = (file for file in self._builtin.rglob("*") if file.is_file())
        known = sorted({file.relative_to(self._builtin).as_posix() for file in files} - {name})
        same = [path for path in known if PurePosixPath(path).name == PurePosixPath(name).name]
        near = same[0] if same else nearest(name, known)
        return self._message(name, 1, Message("no page takes a template of this name"), near)

    def _unused_blocks(self, name: str, tree: nodes.Template) -> Iterator[Message]:
        known = self._blocks_above(tree)
        if known is None:
            return
        called = {
            node.attr
            for node in tree.find_all(nodes.Getattr)
            if isinstance(node.node, nodes.Name) and node.node.name == "self"
        }
        for block in _outer_blocks(tree):
            if block.name not in known | called:
                reason = Message(
                    "no template that it extends has a block named {name}", {"name": block.name}
                )
                yield self._message(name, block.lineno, reason, nearest(block.name, known))

    def _blocks_above(self, tree: nodes.Template) -> set[str] | None:
        """Return the blocks of what a template extends; None where that is nothing, or unknown."""
        known: set[str] = set()
        above: set[str] = set()
        while (extends := tree.find(nodes.Extends)) is not None:
            parent = extends.template
            if not isinstance(parent, nodes.Const) or parent.value in above:
                return None
            above.add(parent.value)
            found = self._tree(parent.value)
            if found is None:
                return None
            tree = found
            known.update(block.name for block in tree.find_all(nodes.Block))
        return known if above else None

    def _message(self, name: str, line: int, reason: Message, near: str | None) -> Message:
        values: dict[str, object] = {"name": self._own / name, "line": line, "reason": reason}
        if near is None:
            return Message("the template {name}, line {line}, has no effect: {reason}", values)
        return Message(
            "the template {name}, line {line}, has no effect: {reason}; did you mean ‘{word}’?",
            {**values, "word": near},
        )


def _outer_blocks(node: nodes.Node) -> Iterator[nodes.Block]:
    """Yield the blocks that stand in no other block: one within another is shown with it."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Block):
            yield child
        else:
            yield from _outer_blocks(child)
