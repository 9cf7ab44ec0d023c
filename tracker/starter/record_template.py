"""The built-in template of a new record."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from tracker.config import RECORDS_DIR
from tracker.diagnostics import Problem
from tracker.format.comments import comments_of
from tracker.format.frontmatter import split
from tracker.text_files import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.config import Config
    from tracker.schema import Field

FILES = Path(__file__).parent / "files"
"""What a new workspace is made of: a folder a language, and `common`."""

TEMPLATE_NAME = f"{RECORDS_DIR}/_template.md"
"""The team's own template, in its workspace."""

_VOCABULARIES = ("sources", "levels", "stages", "authorities", "influences", "loss_reasons")
_SEPARATOR = " / "


def built_in_template(config: Config) -> str:
    """Return the record that a new one begins as where the team has no template of its own.

    Every field of the front matter stands in it with an empty value and a comment in the
    workspace's language that names its words; the groups whose fields would be incomplete when
    left empty are commented out. Fields that the workspace declares come after the built-in ones.
    The body is empty.

    Args:
        config: The workspace's settings.
    """
    text = (FILES / config.language / TEMPLATE_NAME).read_text(encoding="utf-8")
    words = {
        name: _SEPARATOR.join(_one_line(term.label) for term in config.terms(name))
        for name in _VOCABULARIES
    }
    colon = "：" if config.language == "zh" else ": "
    owners = _SEPARATOR.join(_one_line(owner.label) for owner in config.owners)
    declared = "".join(_declared(field, colon) for field in config.fields)
    return Template(text).substitute(
        words,
        currency=config.currency,
        owners=f"{colon}{owners}" if owners else "",
        fields=f"\n{declared}" if declared else "",
    )


def template_comments(root: Path, config: Config) -> frozenset[str]:
    """Return the comments that new records begin with, which say nothing of any customer.

    Those of the team's own template as it is now, and of the built-in one.

    Args:
        root: The workspace.
        config: Its settings.
    """
    return frozenset(
        comment
        for text in (built_in_template(config), *_own_template(root))
        if (matter := split(text, config.limits).root)
        for comment in comments_of(text, matter)
    )


def _own_template(root: Path) -> Iterator[str]:
    """Yield the text of the team's own template, if there is one that can be read."""
    try:
        content = decode((root / TEMPLATE_NAME).read_bytes())
    except OSError:
        return
    if not isinstance(content, Problem):
        yield content.text


def _declared(field: Field, colon: str) -> str:
    """Return the line of a field that the workspace declares."""
    words = _SEPARATOR.join(_one_line(choice) for choice in field.choices)
    parts = (_one_line(text) for text in (field.zh, field.meaning, words))
    return f"{field.key}: # {colon.join(part for part in parts if part)}\n"


def _one_line(text: str) -> str:
    """Return a text as it can stand in a comment."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
