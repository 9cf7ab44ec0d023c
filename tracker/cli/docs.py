"""`tracker docs`: the documentation, where the program is."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click

from tracker.cli.completion import names_of
from tracker.cli.context import (
    ExitCode,
    example,
    is_terminal,
    print_bytes,
    wants_colour,
)
from tracker.cli.filters import unknown_word
from tracker.cli.language import spoken_language
from tracker.text import fold, nearest

_FOLDER = "docs"
_INDEX = "README"
_ARGUMENT = "PAGE"
_TRANSLATED = re.compile(r"(?P<page>.+)\.zh")


def documentation() -> Path:
    """Return the folder of the documentation.

    The wheel carries it inside the package; in a checkout it stands at the repository's root.
    """
    package = Path(__file__).resolve().parent.parent
    inside = package / _FOLDER
    return inside if inside.is_dir() else package.parent / _FOLDER


def pages() -> list[str]:
    """Return the names of the pages, in alphabetical order."""
    names = (path.stem for path in documentation().glob("*.md"))
    return sorted(name for name in names if name != _INDEX and not _TRANSLATED.fullmatch(name))


@click.command(
    epilog=example("tracker docs", "tracker docs guide", "tracker docs query | grep next")
)
@click.argument("page", required=False, type=names_of(pages()))
def command(page: str | None) -> int:
    """Read the documentation.

    Without PAGE, the list of all pages. Pages that are in Chinese too are shown in the workspace's
    language. On a terminal a page is laid out, elsewhere it is printed as it is, in Markdown.
    """
    text = _text_of(page)
    if not is_terminal(sys.stdout):
        print_bytes(text)
        return ExitCode.OK
    # Imported late: rich takes longer to load than most commands take to run.
    from tracker.cli.markdown_page import laid_out

    shown = laid_out(text)
    if is_terminal(sys.stdin) and os.name != "nt":
        # With None, less is told to show colours, and a pager that may know none gets none.
        click.echo_via_pager(shown, color=None if wants_colour(sys.stdout) else False)
    else:
        # What pages on Windows takes neither colours nor Chinese.
        click.echo(shown, nl=False)
    return ExitCode.OK


def _text_of(page: str | None) -> str:
    """Return a page in the language that is spoken, where there is one in it.

    Raises:
        UsageError: There is no such page.
    """
    name = _INDEX
    if page is not None:
        # As help and other pages name it, too: docs/query.md, query.md#dates.
        last = page.partition("#")[0].replace("\\", "/").rpartition("/")[2]
        written = fold(last).removesuffix(".md").removesuffix(".zh")
        name = {fold(known): known for known in (*pages(), _INDEX)}.get(written, "")
        if not name:
            raise unknown_word(_ARGUMENT, page, nearest(written, pages()), pages())
    translated = documentation() / f"{name}.{spoken_language()}.md"
    path = translated if translated.is_file() else documentation() / f"{name}.md"
    return path.read_text("utf-8")
