"""A report as Markdown, fit for a mail, a chat or a page of a forge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.text import escape_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.reports.document import Account, Chapter, Line, Section, Written


def markdown_of(report: Written) -> str:
    """Return a report as Markdown.

    No text of a record can be a mark, a link, HTML or a mention in it.
    """
    blocks = [f"# {_text(report.title)}", _text(report.range)]
    if report.nothing:
        blocks.append(_text(report.nothing))
    for account in report.accounts:
        level = 2
        if account.title:
            blocks.append(f"## {_text(account.title)}")
            level = 3
        blocks.append(_figures(account, report.columns))
        for chapter in account.chapters:
            blocks += _chapter(chapter, level)
    blocks += [f"*{_text(note)}*" for note in report.notes]
    return "\n\n".join(blocks) + "\n"


def _figures(account: Account, columns: tuple[str, str, str]) -> str:
    rows = [columns, *((row.title, row.now, row.before) for row in account.rows)]
    lines = [f"| {' | '.join(map(_text, row))} |" for row in rows]
    return "\n".join([lines[0], "| --- | ---: | ---: |", *lines[1:]])


def _chapter(chapter: Chapter, level: int) -> Iterator[str]:
    yield f"{'#' * level} {_text(chapter.title)}"
    for section in chapter.sections:
        yield from _section(section, level + 1)


def _section(section: Section, level: int) -> Iterator[str]:
    if section.title:
        yield f"{'#' * level} {_text(section.title)} ({section.count})"
    if section.summary:
        yield _text(section.summary)
    for group in section.groups:
        if group.title:
            yield f"**{_text(group.title)}**"
        lines = [_line(line) for line in group.shown]
        if group.more:
            lines.append(f"- {_text(group.more)}")
        yield "\n".join(lines)


def _line(line: Line) -> str:
    return f"- **{_text(line.name)}** {_text(line.text)}".rstrip()


def _text(text: str) -> str:
    return escape_markdown(text)
