"""A report as HTML: a page of its own, and the content for a page that has its own frame."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from tracker.page_policy import policy_meta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.reports.document import Account, Chapter, Line, Lines, Section, Written

_STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1c1e21; --soft: #565b62; --line: #dedad2; --wash: #f2efe9;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #15171a; --ink: #e7e4de; --soft: #a8acb2; --line: #34383e; --wash: #23272c }
}
body {
  margin: 0 auto; max-width: 52rem; padding: 1.5rem 1.25rem 3rem;
  background: var(--paper); color: var(--ink);
  font: .9375rem/1.55 -apple-system, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif;
  line-break: strict; overflow-wrap: anywhere;
}
h1, h2, h3, h4, h5, p, ul, table { margin: 0 }
h1 { font-size: 1.6rem; line-height: 1.3 }
h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid var(--line) }
h3 { font-size: 1.0625rem; margin-top: 1.2rem }
h4, h5 { font-size: .9375rem; margin-top: .9rem }
h2, h3, h4, h5, .whose { break-after: avoid }
.range, .summary, .more, .note { color: var(--soft) }
table { border-collapse: collapse; margin-top: 1rem }
th, td { padding: .25rem 1.5rem .25rem 0; text-align: left; border-bottom: 1px solid var(--line) }
th { font-weight: 600 }
tbody th { font-weight: 400 }
td, thead th + th { text-align: right; font-variant-numeric: tabular-nums }
.before { color: var(--soft) }
.whose { margin-top: .7rem; font-weight: 600 }
ul { padding-left: 1.2rem }
li { margin: .15rem 0; break-inside: avoid }
a { color: inherit }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb }
  body { max-width: none; padding: 0; font-size: 10pt }
  @page { margin: 16mm 15mm }
}
@media (max-width: 30rem) { th, td { padding-right: .75rem } }
"""


def page_of(report: Written) -> str:
    """Return a report as a page of its own: without scripts, links and other files."""
    head = [
        "<!doctype html>",
        f'<html lang="{_LANGUAGES[report.language]}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        policy_meta(_STYLE),
        f"<title>{_text(report.title)}, {_text(report.range)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{_text(report.title)}</h1>",
    ]
    return "\n".join([*head, content_of(report), "</main>", "</body>", "</html>"]) + "\n"


_LANGUAGES = {"zh": "zh-Hans", "en": "en"}


def content_of(report: Written, address: Callable[[str], str] | None = None) -> str:
    """Return what stands below the title of a report, as HTML with headings from level 2 on.

    Args:
        report: The report in words.
        address: Returns the address of a customer's page by the path of the record; None for no
            links.
    """
    return "\n".join(_Page(address).content(report))


class _Page:
    def __init__(self, address: Callable[[str], str] | None) -> None:
        self._address = address

    def content(self, report: Written) -> Iterator[str]:
        yield f'<p class="range">{_text(report.range)}</p>'
        if report.nothing:
            yield f"<p>{_text(report.nothing)}</p>"
        for account in report.accounts:
            level = 2
            if account.title:
                yield f"<h2>{_text(account.title)}</h2>"
                level = 3
            yield from _figures(account, report.columns)
            for chapter in account.chapters:
                yield from self._chapter(chapter, level)
        for note in report.notes:
            yield f'<p class="note">{_text(note)}</p>'

    def _chapter(self, chapter: Chapter, level: int) -> Iterator[str]:
        yield f"<h{level}>{_text(chapter.title)}</h{level}>"
        for section in chapter.sections:
            yield from self._section(section, level + 1)

    def _section(self, section: Section, level: int) -> Iterator[str]:
        if section.title:
            yield f"<h{level}>{_text(section.title)} ({section.count})</h{level}>"
        if section.summary:
            yield f'<p class="summary">{_text(section.summary)}</p>'
        for group in section.groups:
            yield from self._lines(group)

    def _lines(self, group: Lines) -> Iterator[str]:
        if group.title:
            yield f'<p class="whose">{_text(group.title)}</p>'
        yield "<ul>"
        for line in group.shown:
            yield f"<li>{self._name(line)} {_text(line.text)}</li>"
        if group.more:
            yield f'<li class="more">{_text(group.more)}</li>'
        yield "</ul>"

    def _name(self, line: Line) -> str:
        name = f"<b>{_text(line.name)}</b>"
        if self._address is None:
            return name
        return f'<a href="{html.escape(self._address(line.path))}">{name}</a>'


def _figures(account: Account, columns: tuple[str, str, str]) -> Iterator[str]:
    counted, now, before = map(_text, columns)
    yield "<table>"
    yield (
        f'<thead><tr><th scope="col">{counted}</th><th scope="col">{now}</th>'
        f'<th scope="col" class="before">{before}</th></tr></thead>'
    )
    yield "<tbody>"
    for row in account.rows:
        yield (
            f'<tr><th scope="row">{_text(row.title)}</th><td>{_text(row.now)}</td>'
            f'<td class="before">{_text(row.before)}</td></tr>'
        )
    yield "</tbody>"
    yield "</table>"


def _text(text: str) -> str:
    # What commands a terminal or a reader has no place in a page either.
    return html.escape(
        "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    )
