"""`tracker init`: a new workspace."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from tracker.cli.context import current_day, example, tell, today_option
from tracker.cli.language import preferred_language
from tracker.config import CONFIG_NAME
from tracker.config_file import default_config
from tracker.library.git_settings import ATTRIBUTES_NAME
from tracker.starter.workspace import WORKFLOWS, create_workspace, workspace_files
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tracker.config import Config
    from tracker.starter.workspace import Created

_FOR_GIT = frozenset({".gitignore", ATTRIBUTES_NAME})
"""Files that are of use to a workspace only with the lines that it needs."""


@click.command(
    epilog=example(
        "tracker init 客户跟踪 --lang zh",
        "tracker init customers --lang en --demo",
        "tracker init .",
    )
)
@click.argument(
    "folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path)
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(["zh", "en"]),
    help="Language of the settings, the words and the site. Default: the machine's.",
)
@click.option("--demo", is_flag=True, help="Put a dozen customers in that stand at this day.")
@click.option("--keep", is_flag=True, help="Leave files alone that are there already.")
@today_option
def command(
    folder: Path,
    language: Literal["zh", "en"] | None,
    today: date | None,
    *,
    demo: bool,
    keep: bool,
) -> int:
    """Make a workspace.

    It builds at once. In DIR, or in the current folder, are then: tracker.yaml with every setting
    explained, a template for new records, and settings for git, for editors, and for checks on
    GitHub and GitLab. Nothing is published by them until somebody switches that on. In a folder
    below the root of a git repository those for GitHub and GitLab are left out: `tracker docs git`
    says how checks are set up there.

    A folder with other files will do, a git repository too. Where a file would be overwritten,
    nothing is written at all.
    """
    language = language or preferred_language()
    config = default_config(language)
    day = (today or current_day(config)) if demo else None
    files = workspace_files(language, _title(folder), day)
    repository = _repository(folder.resolve())
    is_below = repository not in (None, folder.resolve())
    if is_below:
        # Servers look for them at the root of a repository and nowhere else.
        files = {path: data for path, data in files.items() if not path.startswith(WORKFLOWS)}
    created = create_workspace(folder, files, keep=keep)
    translate = translations(language).gettext
    for line in _report(created, config, repository, is_below=is_below):
        tell(line.render(translate))
    click.echo(os.fsencode(created.folder.resolve()).decode("utf-8", "replace"))
    return 0


def _title(folder: Path) -> str:
    """Return the name of the folder as a title."""
    name = os.fsencode(folder.resolve().name).decode("utf-8", "replace")
    return "".join(char for char in name if char.isprintable()) or "tracker"


def _report(
    created: Created, config: Config, repository: Path | None, *, is_below: bool
) -> Iterator[Message]:
    """Yield what was done, and three lines with what comes next."""
    if is_below:
        yield Message(
            "note: no workflows were written, since GitHub and GitLab look for them in "
            "{repository} alone; how to set them up there: tracker docs git",
            {"repository": repository},
        )
    if created.outer:
        yield Message(
            "note: the folder lies in the workspace {outer}; commands that are run in it take "
            "the new one",
            {"outer": created.outer},
        )
    if created.kept:
        yield Message("kept as they are: {names}", {"names": tuple(created.kept)})
    if _FOR_GIT.intersection(created.kept):
        yield Message("before git add, see what git needs in them: tracker doctor")
    if config.language == "en" and CONFIG_NAME in created.files:
        # English is spoken in many places; the defaults are those of few.
        yield Message(
            "note: the time zone is {timezone} and the currency {currency}; set yours in {name}",
            {"timezone": config.timezone, "currency": config.currency, "name": CONFIG_NAME},
        )
    yield Message(
        "{count} files written. What comes next, in {folder}:",
        {"count": len(created.files), "folder": created.folder.resolve()},
    )
    yield Message("  tracker new NAME --owner YOU  a record for a customer; then tracker log NAME")
    yield Message("  tracker build                 the site: open output/index.html")
    if repository:
        yield Message(
            "  git add .                     the history, with git commit; then tracker git-setup"
        )
    else:
        yield Message(
            "  git init                      the history, with git add . and git commit; "
            "then tracker git-setup"
        )


def _repository(folder: Path) -> Path | None:
    """Return the root of the git repository that a folder is in; None where it is in none."""
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)
