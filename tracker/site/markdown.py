"""Markdown of records to safe HTML.

Python-Markdown renders, nh3 sanitises. Raw HTML in a record is text like any other, so that no
word is dropped and nothing runs. Most texts hold no Markdown at all: they take a short cut that
gives exactly what the library would give (a property test holds it to that).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

import markdown
import nh3
from markdown.extensions.nl2br import Nl2BrExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markupsafe import Markup, escape

from tracker.format.markdown_cost import Cost, Fence, PlainBlock, cost_of, fenced_code
from tracker.site.markdown_whole import References, WholeTables

if TYPE_CHECKING:
    from collections.abc import Callable

_SIGNS = re.compile(
    r"[\\`*_\[\]<>&#|~!\xa0\x02\x03\r\t]|://|^(?:[-+=]|[0-9]+[.)]|[^\S\n])|[^\S\n]$", re.MULTILINE
)
"""What may mean something in Markdown; a text without any of it is plain paragraphs."""

_PARAGRAPHS = re.compile(r"\n\s*\n")
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
_LIST_ITEM = re.compile(r"([ \t]*)([-*+]|[0-9]{1,9}\.)([ \t]+)(?:\[([ xX])\](?=[ \t]))?")
_BARE_URL = r"(https?://[A-Za-z0-9][^\s<>\"'`\u3000-\u303f\uff00-\uff65]*[^\s<>\"'`.,;:!?)\]}\u3000-\u303f\uff00-\uff65])"
_CODE_INDENT = 4
_ITEM_INDENT = 2
_BOXES = {" ": "☐", "x": "☑", "X": "☑"}
_EXTERNAL = ("http://", "https://")
_NO_LINK = "span"
"""What a link without an address becomes; the cleaner takes it out and leaves the words."""
_LINK_SCHEMES = {"http", "https", "mailto", "tel"}

_MARK = "\ufdd0"
"""Stands around the number of a block that was taken out of the text. It is no character."""

_MAY_BE_TAKEN_OUT = re.compile(f"```|~~~|{_MARK}")
_TAKEN_OUT = re.compile(f"{_MARK}([0-9]+){_MARK}")
_PRIVATE_TO_LIBRARY = str.maketrans("", "", "\x02\x03")
"""Controls that Python-Markdown marks its own stashed parts with, and drops elsewhere."""

_CLEANER = nh3.Cleaner(
    tags={
        "a",
        "blockquote",
        "br",
        "code",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    },
    attributes={
        "a": {"href", "title"},
        "img": {"src", "alt", "title"},
        "ol": {"start"},
        "td": {"class"},
        "th": {"class", "scope"},
        "code": {"class"},
    },
    url_schemes=_LINK_SCHEMES,
    link_rel="noopener noreferrer",
)


class MarkdownRenderer:
    """Renders the texts of records; one instance serves a whole build, one text at a time.

    Args:
        resolve: Maps the target of a relative link to an address in the site, or to None where
            there is nothing to link to; the link's words are then plain text.
    """

    def __init__(self, resolve: Callable[[str], str | None] = lambda _: None) -> None:
        self.resolve = resolve
        self.steps_left: int | None = None
        """Work that may still be done until it is set anew; None sets no bound."""
        self.heading_level = 3
        self.taken_out: list[str] = []
        """The HTML of the text's fenced code, and of its blocks that are shown as written."""
        self._markdown = self._make()

    def _make(self) -> markdown.Markdown:
        made = markdown.Markdown(
            extensions=[
                WholeTables(use_align_attribute=True),
                SaneListExtension(),
                Nl2BrExtension(),
            ],
            output_format="html",
        )
        made.references = self._references = References()
        made.preprocessors.deregister("html_block")
        made.preprocessors.register(_PutBack(self, made), "put-back", 25)
        made.inlinePatterns.deregister("html")
        made.inlinePatterns.register(_BareUrl(_BARE_URL, made), "bare-url", 110)
        made.treeprocessors.register(_Finish(self), "finish", 0)
        return made

    def render(self, text: str, heading_level: int = 3) -> Markup:
        """Return the HTML of a text.

        Args:
            text: Markdown as it stands in a record.
            heading_level: Level of the text's outermost heading on the page.
        """
        if not text.strip():
            return Markup("")
        sign = _SIGNS.search(text)
        if not sign:
            return _plain(text)
        # What stands in paragraphs above the first sign means the same whatever follows.
        end = text.rfind("\n\n", 0, sign.start())
        if end < 0 or not text[:end].strip():
            return self.render_fully(text, heading_level)
        above = _plain(text[:end])
        below = _BLANK_LINES.sub("", text[end:])
        rest = self.render_fully(below, heading_level).lstrip("\n")
        return Markup(f"{above}\n{rest}") if rest else above  # noqa: S704 - both are

    def render_fully(self, text: str, heading_level: int = 3) -> Markup:
        """Return what `render` returns, without its short cut."""
        cost = cost_of(text)
        lines = text.expandtabs(4).split("\n")
        whole = any(block.end - block.first == len(lines) for block in cost.plain_blocks)
        if whole or not self._affords(cost):
            return _as_written(text)
        self.heading_level = heading_level
        try:
            if cost.plain_blocks or _MAY_BE_TAKEN_OUT.search(text):
                lines = self._take_out(lines, cost.plain_blocks)
            html = self._markdown.reset().convert(_with_plain_lists(lines))
            html = _CLEANER.clean("\n".join([html, *map(_as_written, self._references.unused())]))
        except RecursionError:
            # What the library remembers of the text that it left half done is wrong for the next.
            self._markdown = self._make()
            return _as_written(text)
        except UnicodeEncodeError:
            # Half a surrogate pair is no character; no file holds one, but a caller's text may.
            return self.render_fully(text.encode("utf-8", "replace").decode(), heading_level)
        return Markup(html)  # noqa: S704 - nh3 has just made it safe

    def _affords(self, cost: Cost) -> bool:
        """Tell whether there is work left for a text, and count it as done then."""
        if self.steps_left is None:
            return True
        if cost.steps > self.steps_left:
            return False
        self.steps_left -= cost.steps
        return True

    def _take_out(self, lines: list[str], plain: tuple[PlainBlock, ...]) -> list[str]:
        """Take out fenced code and blocks to be shown as written; a mark stands in for each."""
        self.taken_out = []
        parts: list[tuple[PlainBlock | Fence, str]] = [
            (block, str(_as_written("\n".join(lines[block.first : block.end])))) for block in plain
        ]
        parts += [(fence, _code(lines, fence)) for fence in fenced_code(lines)]
        rest: list[str] = []
        done = 0
        for part, html in sorted(parts, key=lambda item: item[0].first):
            indent = " " * part.indent if isinstance(part, Fence) else ""
            mark = f"{indent}{_MARK}{len(self.taken_out)}{_MARK}"
            rest += [*_unmarked(lines[done : part.first]), "", mark, ""]
            self.taken_out.append(html.translate(_PRIVATE_TO_LIBRARY))
            done = part.end
        return rest + _unmarked(lines[done:])


def _unmarked(lines: list[str]) -> list[str]:
    return [line.replace(_MARK, "\ufffd") for line in lines]


def _code(lines: list[str], fence: Fence) -> str:
    """Return the HTML of fenced code."""
    language = f' class="language-{escape(fence.language)}"' if fence.language else ""
    margin = " " * fence.indent
    code = "".join(
        f"{line.removeprefix(margin)}\n" for line in lines[fence.first + 1 : fence.end - 1]
    )
    return f"<pre><code{language}>{escape(code)}</code></pre>"


def _as_written(text: str) -> Markup:
    """Return the paragraphs of a text, with all its signs."""
    return _plain(str(escape(text)))


def _plain(text: str) -> Markup:
    """Return paragraphs with their line breaks; the text must be free of HTML's signs."""
    text = text.strip()
    if "\n" not in text:
        return Markup(f"<p>{text}</p>")  # noqa: S704 - as below
    paragraphs = (paragraph.strip("\n") for paragraph in _PARAGRAPHS.split(text))
    return Markup(  # noqa: S704 - the callers pass no sign of HTML
        "\n".join("<p>" + paragraph.replace("\n", "<br>\n") + "</p>" for paragraph in paragraphs)
    )


def _with_plain_lists(text: list[str]) -> str:
    """Write the lists in a text's lines as Python-Markdown wants them.

    People nest by two blanks and begin a list right below a line of text, as GitHub and most
    editors have it; Python-Markdown wants four, and an empty line before. Task boxes become ☐ ☑.
    """
    lines: list[str] = []
    indents: list[int] = []
    for line in text:
        item = _LIST_ITEM.match(line)
        indent = len(line) - len(line.lstrip(" "))
        if item and (indents or indent < _CODE_INDENT):
            while indents and indent < indents[-1]:
                indents.pop()
            if not indents or indent > indents[-1] + 1:
                if not indents and lines and lines[-1].strip():
                    lines.append("")
                indents.append(indent)
            box = _BOXES[item[4]] if item[4] else ""
            prefix = "    " * (len(indents) - 1)
            lines.append(f"{prefix}{item[2]} {box}{line[item.end() :]}")
        elif indents and line.strip() and indent >= _ITEM_INDENT:
            lines.append("    " * len(indents) + line.strip())
        else:
            if line.strip() and lines and not lines[-1].strip():
                indents.clear()
            lines.append(line)
    return "\n".join(lines)


class _PutBack(Preprocessor):
    """Hands what was taken out of a text to the library as HTML that it leaves alone."""

    def __init__(self, renderer: MarkdownRenderer, library: markdown.Markdown) -> None:
        super().__init__(library)
        self._renderer = renderer

    def run(self, lines: list[str]) -> list[str]:
        return [_TAKEN_OUT.sub(self._stashed, line) if _MARK in line else line for line in lines]

    def _stashed(self, match: re.Match[str]) -> str:
        return self.md.htmlStash.store(self._renderer.taken_out[int(match[1])])


class _BareUrl(InlineProcessor):
    """Makes a link of an address that stands in the text."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name
        self, m: re.Match[str], _data: str
    ) -> tuple[Element, int, int]:
        link = Element("a", {"href": m[1]})
        link.text = AtomicString(m[1])
        return link, m.start(0), m.end(0)


class _Finish(Treeprocessor):
    """Fits the rendered tree into a page: heading levels, links, pictures, table alignment."""

    def __init__(self, renderer: MarkdownRenderer) -> None:
        super().__init__()
        self._renderer = renderer

    def run(self, root: Element) -> None:
        open_levels: list[int] = []
        for element in list(root.iter()):
            if element.tag in _HEADINGS:
                self._fit_heading(element, open_levels)
            elif element.tag == "a":
                self._fit_link(element)
            elif element.tag == "img":
                self._fit_picture(element)
            elif element.tag in ("td", "th"):
                if align := element.attrib.pop("align", None):
                    element.set("class", align)
                if element.tag == "th":
                    element.set("scope", "col")

    def _fit_heading(self, element: Element, open_levels: list[int]) -> None:
        level = int(element.tag[1])
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        element.tag = f"h{min(self._renderer.heading_level + len(open_levels) - 1, 6)}"

    def _fit_link(self, element: Element) -> None:
        target = element.attrib.pop("href", "")
        if resolved := self._resolved(target):
            element.set("href", resolved)
            return
        element.tag = _NO_LINK
        title = element.attrib.pop("title", "")
        said = "".join(element.itertext())
        named = [each for each in (target, title) if each and each not in said]
        if named:
            # What leads nowhere is shown all the same: somebody wrote it.
            SubElement(element, _NO_LINK).text = AtomicString(f" ({' '.join(named)})")

    def _fit_picture(self, element: Element) -> None:
        """Make a link of a picture elsewhere: a page of ours asks no other host for anything."""
        source = element.attrib.pop("src", "")
        alt = element.attrib.get("alt", "")
        resolved = self._resolved(source)
        if resolved and not resolved.startswith(_EXTERNAL):
            element.set("src", resolved)
            return
        element.tag = "a"
        title = element.attrib.get("title", "")
        element.attrib.clear()
        if title:
            element.set("title", title)
        element.text = AtomicString(alt or source)
        element.set("href", source)
        self._fit_link(element)

    def _resolved(self, target: str) -> str | None:
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", target)
        if scheme:
            return target if scheme[1].lower() in _LINK_SCHEMES else None
        return self._renderer.resolve(target)


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
