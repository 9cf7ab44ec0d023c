"""The files of templates and assets: where they are, and which ones a template consists of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from tracker.config import TEMPLATES_DIR
from tracker.digests import digest
from tracker.errors import TemplateError
from tracker.site.own_templates import ASSETS_DIR
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BUILTIN_PREFIX = "builtin"
"""A template extends the built-in one of its name by `{% extends "builtin/customer.html" %}`."""

_REFERENCE = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b(.*?)[-+]?%\}", re.DOTALL)
_NAMED = re.compile(
    r"""\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*(?:(?:ignore|with|without|as|import)\b.*)?""", re.DOTALL
)


def builtin_templates() -> Path:
    """Return the folder of the built-in templates.

    The wheel carries it inside the package; in a checkout it stands at the repository's root.
    """
    package = Path(__file__).resolve().parent.parent
    inside = package / TEMPLATES_DIR
    return inside if inside.is_dir() else package.parent / TEMPLATES_DIR


def template_folders(root: Path | None) -> list[Path]:
    """Return the folders where templates are looked up, the workspace's own first."""
    folders = [builtin_templates()]
    if root is not None:
        own = (root / TEMPLATES_DIR).resolve()
        if own.is_dir() and own != folders[0].resolve():
            folders.insert(0, own)
    return folders


def asset_files(root: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield the files that pages load, as path in the site and content, ordered by path.

    Args:
        root: The workspace; its own `site_templates/assets/` replaces built-in files and adds to
            them.

    Raises:
        OSError: One of them cannot be read.
        TemplateError: One of the workspace's is a link to a file outside its folder.
    """
    files: dict[str, Path] = {}
    *own, builtin = template_folders(root)
    for folder in (builtin, *own):
        for file in (folder / ASSETS_DIR).rglob("*"):
            if not file.is_file() or file.name.startswith("."):
                continue
            if folder in own and _leads_out(file, folder):
                raise TemplateError(
                    Message(
                        "{path} is a link to a file outside {folder}, so it is not published; "
                        "put the file itself there",
                        {"path": file, "folder": folder},
                    )
                )
            files[file.relative_to(folder).as_posix()] = file
    for path in sorted(files):
        yield path, files[path].read_bytes()


def _leads_out(file: Path, folder: Path) -> bool:
    """Tell whether a file is a link to somewhere else: a change sent by mail can bring one."""
    return not file.resolve().is_relative_to(folder)


class _TemplateLoader(jinja2.FileSystemLoader):
    """Looks templates up in a folder; says of one that is not UTF-8 where it is not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._folder = folder

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return text and file of a template.

        Raises:
            TemplateNotFound: The folder has it not.
            TemplateSyntaxError: Its bytes are not UTF-8.
        """
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            file = str(self._folder / template)
            reason = "the text is not UTF-8"
            raise jinja2.TemplateSyntaxError(reason, line, template, file) from error


class _OwnTemplateLoader(_TemplateLoader):
    """Looks up the workspace's own templates, which may not be links to other files."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return text and file of a template.

        Raises:
            TemplateNotFound: The folder has it not.
            TemplateSyntaxError: It leads out of the folder, or its bytes are not UTF-8.
        """
        text, file, is_current = super().get_source(environment, template)
        if _leads_out(Path(file), self._folder):
            reason = "it is a link to a file outside its folder; put the file itself there"
            raise jinja2.TemplateSyntaxError(reason, 1, template, file)
        return text, file, is_current


def loader_of(folders: list[Path]) -> jinja2.BaseLoader:
    """Return what looks templates up: the workspace's own first, `builtin/…` always ours.

    Args:
        folders: What `template_folders` gives.
    """
    *own, builtin_folder = folders
    builtin = _TemplateLoader(builtin_folder)
    return jinja2.ChoiceLoader(
        [
            jinja2.PrefixLoader({BUILTIN_PREFIX: builtin}),
            *map(_OwnTemplateLoader, own),
            builtin,
        ]
    )


class TemplateFiles:
    """What the templates of a site consist of: each with all that it extends, includes and imports.

    Args:
        environment: What loads them.
        folders: What `template_folders` gives.
    """

    def __init__(self, environment: jinja2.Environment, folders: list[Path]) -> None:
        self._environment = environment
        self._loader = loader_of(folders)
        self._folders = folders
        self._fingerprints: dict[str, tuple[bytes, bool]] = {}
        self._sources: dict[str, tuple[str, bool, list[str] | None]] = {}

    def fingerprint(self, name: str) -> bytes:
        """Return the fingerprint of a template with all that it extends, includes and imports.

        Of one that cannot be read, or that names others by an expression, it is the fingerprint
        of all templates.
        """
        return self._about(name)[0]

    def is_builtin(self, name: str) -> bool:
        """Tell whether a template is ours with all that it extends, includes and imports."""
        return self._about(name)[1]

    def _about(self, name: str) -> tuple[bytes, bool]:
        if name not in self._fingerprints:
            self._fingerprints[name] = self._look_at(name)
        return self._fingerprints[name]

    def _look_at(self, name: str) -> tuple[bytes, bool]:
        sources: dict[str, str] = {}
        names, is_builtin = [name], True
        while names:
            each = names.pop()
            if each in sources:
                continue
            try:
                sources[each], is_ours, further = self._source(each)
            except jinja2.TemplateError:
                return self._all_templates(), False
            if further is None:
                return self._all_templates(), False
            is_builtin = is_builtin and is_ours
            names += further
        return digest(repr(sorted(sources.items())).encode("utf-8", "backslashreplace")), is_builtin

    def _source(self, name: str) -> tuple[str, bool, list[str] | None]:
        """Return the text of a template, whether it is ours, and which others it refers to."""
        if name not in self._sources:
            source, file, _ = self._loader.get_source(self._environment, name)
            is_ours = file is not None and Path(file).is_relative_to(self._folders[-1])
            self._sources[name] = source, is_ours, referenced(source)
        return self._sources[name]

    def _all_templates(self) -> bytes:
        found = [
            (name, Path(folder, name).read_bytes())
            for folder in self._folders
            for name in jinja2.FileSystemLoader(folder).list_templates()
        ]
        return digest(repr(found).encode("utf-8", "backslashreplace"))


def referenced(source: str) -> list[str] | None:
    """Return the names of the templates that one refers to; None where an expression names one.

    Parsing it would take a hundred times as long. What stands in a comment counts too, which does
    no harm.
    """
    found = []
    for match in _REFERENCE.finditer(source):
        named = _NAMED.fullmatch(match[1])
        if named is None:
            return None
        found.append(named[1] or named[2] or "")
    return found
