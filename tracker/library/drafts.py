"""Drafts: texts of follow-ups that are in no record yet, kept in the cache's folder."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from tracker.command_lines import command_line
from tracker.files import create_file
from tracker.library.cache_files import CACHE_DIR, make_cache_folder

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_FOLDER = "drafts"
_MOMENT = "%Y-%m-%d-%H%M"
_NAME = re.compile(r"(?P<customer>.+)-[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{4}(?:-[0-9]+)?\.md")


def keep_draft(root: Path, customer: str, now: datetime, content: bytes) -> Path:
    """Write a text into a file of its own, and return the file.

    Args:
        root: The workspace.
        customer: The id of the customer that it is meant for.
        now: The team's local time.
        content: The text.

    Raises:
        OSError: It cannot be written.
    """
    make_cache_folder(root)
    folder = root / CACHE_DIR / _FOLDER
    folder.mkdir(exist_ok=True)
    stem = f"{customer}-{now:{_MOMENT}}"
    number = 1
    while True:
        draft = folder / f"{stem}{f'-{number}' if number > 1 else ''}.md"
        with suppress(FileExistsError):
            create_file(draft, content)
            return draft
        number += 1


def kept_drafts(root: Path) -> list[tuple[str, Path]]:
    """Return the drafts of a workspace, each with the id of the customer that it is meant for."""
    found = [
        (customer, path)
        for path in (root / CACHE_DIR / _FOLDER).glob("*.md")
        if (customer := customer_of(path))
    ]
    return sorted(found, key=lambda each: each[1].name)


def customer_of(draft: Path) -> str | None:
    """Return the id of the customer that a draft is meant for; None where its name tells none."""
    name = _NAME.fullmatch(draft.name)
    return name["customer"] if name else None


def is_kept_draft(root: Path, path: Path) -> bool:
    """Tell whether a file is a draft that the program keeps, and so may remove once it is saved."""
    return path.resolve().parent == (root / CACHE_DIR / _FOLDER).resolve()


def taking_up(root: Path, customer: str, draft: Path) -> str:
    """Return the command that goes on with a draft, in whatever folder it is typed.

    Args:
        root: The workspace.
        customer: The id of the customer that it is meant for.
        draft: The file.
    """
    file = draft.absolute()
    if file.is_relative_to(root):
        file = file.relative_to(root)
    return command_line("tracker", "-C", str(root), "log", customer, "--draft", str(file))
