"""What a new workspace is made of, and how it is laid into a folder."""

from __future__ import annotations

import contextlib
import json
import os
import re
from datetime import date
from pathlib import Path, PurePosixPath
from string import Template
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from tracker.config import CONFIG_NAME, RECORDS_DIR, Config, find_workspace
from tracker.config_file import default_config
from tracker.config_shape import FIELD_KINDS
from tracker.errors import UsageError, WorkspaceNotFoundError
from tracker.files import write_atomically
from tracker.starter.record_template import FILES, TEMPLATE_NAME, built_in_template
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tracker.config import Level, Stage

DEMO_DAY = date(2026, 11, 24)
"""The day on which the records of the demo are written; they are moved to the day of use."""

WORKFLOWS = (".github/", ".gitlab-ci.yml")
"""Beginnings of the paths of what servers run: they look for it at the root of a repository."""

_COMMON = "common"
_DEMO = "demo"
_HIDDEN = "dot-"
"""Stands for the dot of a hidden file, which would mean something where it lies here."""

_DATE = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")
_WORD_LISTS = (
    "sources",
    "methods",
    "attitudes",
    "authorities",
    "influences",
    "loss_reasons",
    "service_kinds",
)


class Created(Struct, frozen=True):
    """A workspace that was made.

    Attributes:
        folder: Its folder.
        files: The files that were written, relative to it, with `/`.
        kept: The files that were there and stay.
        outer: The workspace that the folder lies in; None for none.
    """

    folder: Path
    files: tuple[str, ...]
    kept: tuple[str, ...]
    outer: Path | None


# --- What it is made of -----------------------------------------------------------------------


def workspace_files(
    language: Literal["zh", "en"], title: str, demo: date | None = None
) -> dict[str, bytes]:
    """Return the files of a new workspace by their paths in it, with `/`.

    Args:
        language: The workspace's language.
        title: Title of its site.
        demo: The day at which records of a demo are to stand; None for no records.

    Raises:
        UsageError: The days of the demo would leave the calendar.
    """
    config = default_config(language)
    files = {**_folder(FILES / _COMMON), **_folder(FILES / language)}
    records = {path: files.pop(path) for path in list(files) if path.startswith(f"{_DEMO}/")}
    if demo:
        for path, data in sorted(records.items()):
            text = _moved(data.decode(), demo)
            files[f"{RECORDS_DIR}/{PurePosixPath(path).name}"] = text.encode()
    settings = Template(files[CONFIG_NAME].decode())
    files[CONFIG_NAME] = settings.substitute(
        _defaults(config), title=json.dumps(title, ensure_ascii=False), mark="" if demo else "#"
    ).encode()
    files[TEMPLATE_NAME] = built_in_template(config).encode()
    return files


def _folder(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by the paths that they get."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            parts = file.relative_to(folder).parts
            path = "/".join(re.sub(rf"^{_HIDDEN}", ".", part) for part in parts)
            # A checkout on Windows may have given them other line breaks.
            found[path] = file.read_bytes().replace(b"\r\n", b"\n")
    return found


def _moved(text: str, day: date) -> str:
    """Return a record of the demo with its days moved to a day."""
    try:
        return _DATE.sub(
            lambda found: (date.fromisoformat(found[0]) + (day - DEMO_DAY)).isoformat(), text
        )
    except OverflowError:
        raise UsageError(
            Message("the demo cannot be moved to {day}", {"day": day.isoformat()})
        ) from None


def _defaults(config: Config) -> Mapping[str, object]:
    """Return what settings are by default, as `tracker.yaml` has them in comments."""
    words = {
        name: f"[{', '.join(term.label for term in config.terms(name))}]" for name in _WORD_LISTS
    }
    return words | {
        "language": config.language,
        "timezone": config.timezone,
        "currency": config.currency,
        "order": "newest-first" if config.newest_first else "oldest-first",
        "stages": "\n".join(map(_stage, config.stages)),
        "levels": "\n".join(map(_level, config.levels)),
        "commit": config.forecast.commit,
        "field_types": ", ".join(FIELD_KINDS),
        "file_size": config.limits.file_size,
        "front_matter": config.limits.front_matter,
        "nesting": config.limits.nesting,
    }


def _stage(stage: Stage) -> str:
    return _item(
        id=stage.id,
        label=stage.label,
        kind=stage.kind.value,
        probability=stage.probability,
        max_idle_days=stage.max_idle_days,
    )


def _level(level: Level) -> str:
    return _item(id=level.id, label=level.label, max_idle_days=level.max_idle_days)


def _item(**parts: object) -> str:
    """Return one word of a list as a comment."""
    written = ", ".join(f"{key}: {value}" for key, value in parts.items() if value is not None)
    return f"#  - {{{written}}}"


# --- Laying it into a folder ------------------------------------------------------------------


def create_workspace(folder: Path, files: Mapping[str, bytes], *, keep: bool = False) -> Created:
    """Write the files of a new workspace; `tracker.yaml`, which makes it one, comes last.

    Whatever goes wrong, what was written is taken away again. A file that is there already with
    the same content stays, so that a run that was killed can be done once more.

    Args:
        folder: Where; it is made where it does not exist.
        files: The files by their paths.
        keep: Leave files alone that are there with other content, instead of refusing them.

    Raises:
        UsageError: The folder is a workspace, lies among the records of one, or has files that
            would be overwritten. Nothing is written then.
        OSError: The system refuses.
    """
    outer = _outer(folder)
    present = {path for path in files if os.path.lexists(folder / path)}
    differing = {path for path in present if not _holds(folder / path, files[path])}
    blocked = {path for path in set(files) - present if not _can_be_made(folder, path)}
    refused = sorted(blocked if keep else blocked | differing)
    if refused:
        values = {"folder": folder, "names": tuple(refused)}
        raise UsageError(
            Message(
                "nothing was written: {folder} has {names} already; move that away, or keep it and "
                "add the rest with --keep",
                values,
            )
            if not keep and not blocked
            else Message(
                "nothing was written: {folder} has {names} already, or a file in the place of its "
                "folder; move that away",
                values,
            )
        )
    wanted = sorted(set(files) - present, key=lambda path: (path == CONFIG_NAME, path))
    made: list[Path] = []
    try:
        for path in wanted:
            target = folder / path
            made.extend(_make_folders(target.parent))
            made.append(target)
            write_atomically(target, files[path])
    except BaseException:
        _take_away(made)
        raise
    return Created(folder, tuple(sorted(wanted)), tuple(sorted(differing)), outer)


def _outer(folder: Path) -> Path | None:
    """Return the workspace that a folder lies in.

    Raises:
        UsageError: The folder is a workspace itself, or would be among the records of one.
    """
    place = folder.resolve()
    if os.path.lexists(place / CONFIG_NAME):
        raise UsageError(
            Message(
                "{folder} is a workspace already: it has a {name}",
                {"folder": place, "name": CONFIG_NAME},
            )
        )
    try:
        outer = find_workspace(place)
    except WorkspaceNotFoundError:
        return None
    if place.is_relative_to(outer / RECORDS_DIR):
        raise UsageError(
            Message(
                "{folder} lies among the records of the workspace {outer}; choose a folder "
                "outside of it",
                {"folder": place, "outer": outer},
            )
        )
    return outer


def _holds(file: Path, data: bytes) -> bool:
    try:
        return file.is_file() and file.read_bytes() == data
    except OSError:
        return False


def _can_be_made(folder: Path, path: str) -> bool:
    """Tell whether nothing but folders stands on the way to a file."""
    parents = [folder / parent for parent in PurePosixPath(path).parents]
    return all(parent.is_dir() for parent in parents if os.path.lexists(parent))


def _make_folders(folder: Path) -> Iterator[Path]:
    """Make a folder and those above it, and yield each that was not there."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir()
        yield one


def _take_away(made: Iterable[Path]) -> None:
    """Remove the files and the folders that were made, the last first."""
    for path in reversed(list(made)):
        with contextlib.suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
