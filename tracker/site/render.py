"""Templates to HTML."""

from __future__ import annotations

import contextlib
import posixpath
import traceback
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import jinja2
from markupsafe import Markup, escape
from msgspec.structs import replace

from tracker.errors import TemplateError
from tracker.format.markdown_cost import MAX_STEPS_OF_PAGE
from tracker.format.values import dialled
from tracker.page_policy import SITE_POLICY
from tracker.site.compiled import kept_templates
from tracker.site.excerpt import excerpt
from tracker.site.formats import Formats
from tracker.site.own_templates import OwnTemplates
from tracker.site.reading import Fragments, Reading, WatchedSite
from tracker.site.template_code import GuardedPageEnvironment, PageEnvironment
from tracker.site.template_files import (
    BUILTIN_PREFIX,
    TemplateFiles,
    loader_of,
    template_folders,
)
from tracker.site.urls import edit_address, relative, relative_file
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2.runtime import Macro

    from tracker.config import Config
    from tracker.site.analysis import Numbers
    from tracker.site.attachments import Attachments
    from tracker.site.markdown import MarkdownRenderer
    from tracker.site.page import Page, Row, Site


_EXTENSIONS = ("jinja2.ext.i18n",)

LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
"""The `lang` of pages by the workspace's language."""


class SiteRenderer:
    """Renders the pages of one site, one at a time.

    Attributes:
        templates: What the templates of the site consist of.

    Args:
        config: The workspace's settings.
        root: The workspace; templates in its `site_templates/` come before the built-in ones.
        markdown: Renders the records' texts; its links are resolved here.
        attachments: The files that pages may link to.

    Raises:
        TemplateError: A template of the workspace cannot be read.
    """

    def __init__(
        self, config: Config, root: Path, markdown: MarkdownRenderer, attachments: Attachments
    ) -> None:
        self._config = config
        self._markdown = markdown
        self._attachments = attachments
        self._page: Page | None = None
        self._reading = Reading()
        self._depth = 0
        self._root = root.resolve().as_posix()
        self._folders = template_folders(root)
        self._formats: Formats | None = None
        markdown.resolve = self._resolve_link
        self._environment = self._make_environment()
        self.templates = TemplateFiles(self._environment, self._folders)

    def render(self, page: Page, reading: Reading | None = None) -> str:
        """Return the HTML of a page.

        Args:
            page: The page.
            reading: Where it is noted what is read beyond the page's context.

        Raises:
            TemplateError: The template, or one that it includes, cannot be rendered.
        """
        site: Site = page.context["site"]
        reading = Reading() if reading is None else reading
        self._page, self._depth, self._reading = page, page.depth, reading
        self._markdown.steps_left = MAX_STEPS_OF_PAGE
        self._attachments.take_asked()
        watched = {**page.context, "site": WatchedSite(site, reading)}
        html = self._render(replace(page, context=watched), site)
        reading.attachments = self._attachments.take_asked()
        return html

    def prepare(self) -> Iterator[None]:
        """Compile all templates, one a step, so that no copy of the process has to.

        What is compiled is known to other renderers of the process. Broken templates wait.
        """
        for name in self._environment.list_templates(["html"]):
            if not name.startswith(f"{BUILTIN_PREFIX}/"):
                with contextlib.suppress(jinja2.TemplateError):
                    self._environment.get_template(name)
                yield

    def templates_without_effect(self) -> list[Message]:
        """Return which of the workspace's own templates and blocks no page will show."""
        *own, builtin = self._folders
        if not own:
            return []
        return OwnTemplates(self._environment, own[0], builtin).without_effect()

    def _render(self, page: Page, site: Site) -> str:
        if self._formats is None:
            self._formats = Formats(self._config.language, site.today)
            self._environment.globals["fmt"] = self._formats
        try:
            template = self._environment.get_template(page.template)
            return template.render({**page.context, "page": page})
        except jinja2.TemplateSyntaxError as error:
            name = error.filename or error.name
            raise self._failure(name, error.lineno, error.message) from error
        except jinja2.TemplateNotFound as error:
            place = _template_line(error, self._folders)
            reason = Message("there is no template {name}", {"name": error.message or error.name})
            raise self._failure(*(place or (page.template, 1)), reason) from error
        except RecursionError as error:
            place = _template_line(error, self._folders)
            if place is None:
                raise
            reason = Message(
                "it includes or extends itself without end; the built-in template of that name is "
                "{name}",
                {"name": f"{BUILTIN_PREFIX}/{Path(place[0]).name}"},
            )
            raise self._failure(*place, reason) from error
        except Exception as error:
            place = _template_line(error, self._folders)
            if place is None:
                raise
            raise self._failure(*place, f"{type(error).__name__}: {error}") from error

    # --- what templates can call ---

    def _make_environment(self) -> PageEnvironment | GuardedPageEnvironment:
        # A workspace's own templates may come from anybody who sends a change: they get no way
        # from a value to the interpreter.
        environment_class = GuardedPageEnvironment if len(self._folders) > 1 else PageEnvironment
        environment = environment_class(
            loader=loader_of(self._folders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,
            bytecode_cache=kept_templates(
                environment_class, self._config.language, self._folders[-1]
            ),
            extensions=_EXTENSIONS,
        )
        environment.policies["ext.i18n.trimmed"] = True
        catalogue = translations(self._config.language)
        environment.use(catalogue)
        environment.safe = frozenset({"kept", "once", "md", "inline_md"})
        environment.globals.update(
            config=self._config,
            language=LANGUAGE_TAGS[self._config.language],
            policy=Markup(SITE_POLICY),  # noqa: S704 - ours, and read best without its quotes escaped
            url=self._url,
            attachment=self._attachment,
            edit=self._edit,
            kept=self._kept,
            once=self._once,
            md=self._render_markdown,
            inline_md=self._render_inline,
        )
        environment.filters["message"] = lambda message: message.render(catalogue.gettext)
        environment.filters["excerpt"] = excerpt
        environment.filters["tel"] = dialled
        return environment

    def _url(self, address: str) -> str:
        """Return the link from the page being rendered to an address of the site."""
        return relative(address, self._depth)

    def _kept(self, name: str, key: str | int, write: Callable[[], str]) -> str:
        """Return what a macro writes, which it does once for all pages of a site with one key.

        Args:
            name: What it is.
            key: All that it depends on beyond the site.
            write: The macro.
        """
        assert self._page is not None  # noqa: S101  # only pages call it
        site: Site = self._page.context["site"]
        fragments = site.once("kept fragments", lambda _site: Fragments())
        return fragments.html((name, key), self._reading, write)

    def _once(self, numbers: Numbers, row: Row, macro: Macro) -> str:
        """Return what a macro writes of a customer, who is behind many figures of some numbers.

        Args:
            numbers: The numbers, on whose pages of rows it stands.
            row: The customer: all that it depends on beyond the site.
            macro: The macro, whose name tells it from the page's others.
        """
        key = macro.name, row.customer.path
        return numbers.fragments.html(key, self._reading, macro, row)

    def _edit(self, path: str, line: int = 1) -> str | None:
        """Return the link that opens a file of the workspace; None without `edit_url`."""
        template = self._config.edit_url
        return edit_address(template, self._root, path, line) if template else None

    def _attachment(self, path: str | None) -> str | None:
        """Return the link to a file named in front matter; None where it is not published."""
        self._reading.links += 1
        published = self._attachments.publish(path) if path else None
        return relative_file(published, self._depth) if published else None

    def _resolve_link(self, target: str) -> str | None:
        page = self._page
        self._reading.links += 1
        if page is None or not page.record:
            return None
        if published := self._attachments.publish_link(page.record, target):
            return relative_file(published, self._depth)
        if ".md" not in target:
            return None
        site: Site = page.context["site"]
        path = _linked_record(page, target)
        address = site.urls.records.get(path)
        self._reading.records[path] = address
        return self._url(address) if address else None

    def _render_markdown(self, text: str, heading_level: int = 3) -> Markup:
        return self._markdown.render(text, heading_level)

    def _render_inline(self, text: str) -> Markup:
        """Return one line of Markdown without its paragraph; text of several blocks stays text."""
        html = self._markdown.render(text)
        if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
            return Markup(html[3:-4])  # noqa: S704 - sanitised HTML without its outer tags
        return escape(text)

    def _failure(self, name: str | None, line: int | None, reason: object) -> TemplateError:
        return TemplateError(
            Message(
                "the template {name}, line {line}, cannot be rendered: {reason}",
                {"name": name or "?", "line": line or 1, "reason": reason},
            )
        )


def _linked_record(page: Page, target: str) -> str:
    """Return the path of the file that a record links to by a relative link."""
    path = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(page.record), path))


def _template_line(error: BaseException, folders: list[Path]) -> tuple[str, int] | None:
    """Return file and line of the innermost template that an error came through."""
    prefixes = tuple(str(folder) for folder in folders)
    frames = traceback.extract_tb(error.__traceback__)
    return next(
        (
            (frame.filename, frame.lineno or 1)
            for frame in reversed(frames)
            if frame.filename.startswith(prefixes)
        ),
        None,
    )
