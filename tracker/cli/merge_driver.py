"""`tracker merge-driver`: what git runs where both sides of a merge have changed a record."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.context import ExitCode, Invocation, example, printable, tell
from tracker.cli.language import translator
from tracker.errors import TrackerError, WorkspaceNotFoundError, os_error_message
from tracker.text import cut_to_width
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.config import Config
    from tracker.format.three_way import Conflict, Labels, Style
    from tracker.library.record_merge import MergedFile

FAILED = 129
"""Exit code of a driver that could not do its work: git takes those above 128 for a failure."""

_USUAL_MARKER_SIZE = 7
_VALUE_WIDTH = 60

_FILE_OF_GIT = ".merge_file_"
"""How the names of the files begin that git gives to a driver."""


@click.command(
    epilog=example(
        "git config merge.tracker.driver 'tracker merge-driver %O %A %B %P %L %S %X %Y'",
        "tracker merge-driver base.md ours.md theirs.md records/a.md",
    )
)
@click.argument("files", nargs=3, type=click.Path(path_type=Path), metavar="BASE OURS THEIRS")
@click.argument("path")
@click.argument(
    "marker_size", type=click.IntRange(1, 1000), default=_USUAL_MARKER_SIZE, required=False
)
@click.argument("labels", nargs=-1, metavar="[BASE_LABEL OURS_LABEL THEIRS_LABEL]")
def command(
    files: tuple[Path, Path, Path], path: str, marker_size: int, labels: tuple[str, ...]
) -> int:
    """Merge two versions of a record, for git.

    BASE, OURS and THEIRS are files with the three versions; the result takes the place of OURS.
    PATH is where the record lies in the repository. `tracker git-setup` tells git to run this.

    Exits with 0 where all could be merged, with 1 where conflicts are marked in the result, and
    above 128 where it failed: then OURS is untouched.
    """
    try:
        return _merge(files, path, marker_size, labels)
    except Exception as error:  # noqa: BLE001  # git takes any other exit code for a conflict
        if Invocation.current().debug:
            traceback.print_exception(error)
        message = Message("{path}: not merged: {reason}", _values(path, reason=_reason(error)))
        tell(printable(message.render(translator())))
        return FAILED


def _reason(error: Exception) -> Message | str:
    if isinstance(error, TrackerError):
        return error.message
    return os_error_message(error) if isinstance(error, OSError) else str(error)


def _values(path: str, **others: object) -> dict[str, object]:
    return {"path": path, **others}


def _merge(
    files: tuple[Path, Path, Path], path: str, marker_size: int, labels: Sequence[str]
) -> int:
    # Imported late: `--help` and the overview should not wait for what merges.
    from tracker.files import remove_leftovers, write_atomically
    from tracker.format.three_way import Labels
    from tracker.library.merge_labels import found_labels, given_labels, with_authors
    from tracker.library.record_merge import merge_files

    before = (files[0].read_bytes(), files[1].read_bytes(), files[2].read_bytes())
    config = _config(path)
    merged = merge_files(before, config, Labels(), marker_size)
    called = Labels()
    if not merged.clean:
        # Only now: asking git takes longer than most merges.
        folder = Path.cwd()
        called = with_authors(given_labels(labels) or found_labels(folder), folder, path)
        merged = merge_files(before, config, called, marker_size, _style())
    if merged.data != before[1]:
        write_atomically(files[1], merged.data)
    # Git gives its files another name each time.
    remove_leftovers(files[1].absolute().parent, _FILE_OF_GIT)
    _report(merged, path, called, config)
    return ExitCode.OK if merged.clean else ExitCode.PROBLEMS


def _config(path: str) -> Config:
    """Return the settings of the workspace that a record of the work tree belongs to."""
    # Imported late, like what merges.
    from tracker.config import find_workspace
    from tracker.library.config_cache import cached_config

    try:
        return cached_config(find_workspace((Path.cwd() / path).parent))[0]
    except WorkspaceNotFoundError:
        # Later still: typing settings takes longer than reading them from the cache.
        from tracker.config_file import default_config

        return default_config()


def _style() -> Style:
    # Imported late, like what merges.
    from tracker.library.git import run_git

    arguments = ["config", "--get", "merge.conflictStyle"]
    style = (run_git(Path.cwd(), arguments, own_settings=True) or b"").decode().strip()
    return "diff3" if style == "diff3" else "zdiff3" if style == "zdiff3" else "merge"


# --- What a person is told --------------------------------------------------------------------


def _report(merged: MergedFile, path: str, labels: Labels, config: Config) -> None:
    say = translations(config.language).gettext
    messages = [_sentence(line, conflict, path, labels) for line, conflict in merged.conflicts]
    if merged.by_lines:
        messages.append(
            Message(
                "{path}: merged line by line, because its parts cannot be told apart with "
                "certainty; look it through, and run: tracker check",
                _values(path),
            )
        )
    for message in messages:
        tell(printable(message.render(say)))


def _sentence(line: int, conflict: Conflict, path: str, labels: Labels) -> Message:
    values = _values(
        path,
        line=line,
        ours=_shown(conflict.ours),
        theirs=_shown(conflict.theirs),
        one=labels.ours,
        other=labels.theirs,
    )
    return Message("{path}:{line}: {one} has ‘{ours}’, {other} has ‘{theirs}’", values)


def _shown(lines: Sequence[str]) -> object:
    """Return the first line of a side of a conflict, as far as it says something."""
    texts = (line.strip() for line in lines)
    first = next(filter(None, texts), "")
    return cut_to_width(first, _VALUE_WIDTH) if first else Message("(nothing)")
