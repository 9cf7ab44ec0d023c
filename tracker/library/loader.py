"""Finding and reading the records of a workspace."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.config import CONFIG_NAME, Config, load_config
from tracker.diagnostics import FILE_START, Problem
from tracker.files import read_text_file
from tracker.format.parser import parse_record
from tracker.library.library import Entry, Library
from tracker.translation import Message

RECORDS_DIR = "records"


def load_library(root: Path) -> Library:
    """Read a workspace whole: its settings and every record, each to its end.

    Args:
        root: The folder that holds `tracker.yaml`.

    Raises:
        OSError: The folder of records cannot be listed.
    """
    config, config_problems = load_config(root)
    with _collector_off():
        entries = [_read(root, path, config) for path in _record_paths(root)]
    if config_problems:
        entries.insert(0, Entry(CONFIG_NAME, "", None, tuple(config_problems)))
    return Library(root, config, tuple(entries))


@contextmanager
def _collector_off() -> Iterator[None]:
    """Hold the cyclic collector: it would search the growing records again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _record_paths(root: Path) -> list[str]:
    """Return the paths of all records in a stable order, symbolic links included."""
    found: list[str] = []
    folders = [root / RECORDS_DIR]
    if not folders[0].is_dir():
        return []
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.startswith(("_", ".")):
                    continue
                if entry.is_symlink():
                    if entry.name.endswith(".md") or entry.is_dir():
                        found.append(Path(entry.path).relative_to(root).as_posix())
                elif entry.is_dir():
                    folders.append(Path(entry.path))
                elif entry.name.endswith(".md"):
                    found.append(Path(entry.path).relative_to(root).as_posix())
    return sorted(found)


def _read(root: Path, path: str, config: Config) -> Entry:
    file = root / path
    if file.is_symlink():
        problem = Problem(
            "symbolic-link",
            FILE_START,
            Message("a symbolic link is not read"),
            Message("put the file itself here"),
        )
        return Entry(path, "", None, (problem,))
    content = read_text_file(file, config.limits.file_size)
    if isinstance(content, Problem):
        return Entry(path, "", None, (content,))
    parsed = parse_record(content.text, path, config)
    return Entry(path, content.text, parsed.customer, parsed.problems)
