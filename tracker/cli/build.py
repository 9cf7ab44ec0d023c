"""`tracker build`: the site."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from tracker.cli.completion import PROFILE, QUERY
from tracker.cli.context import (
    Invocation,
    current_day,
    example,
    is_terminal,
    tell,
    today_option,
    wants_colour,
    workspace,
)
from tracker.cli.passphrase import FILE_OPTION, new_passphrase
from tracker.config import OUTPUT_DIR
from tracker.errors import UsageError
from tracker.processes import default_jobs
from tracker.site.last_build import LastBuild
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from types import TracebackType

    from rich.progress import Progress, TaskID

    from tracker.config import Config
    from tracker.site.audience import Audience
    from tracker.site.build_result import BuildResult
    from tracker.site.encrypted.writer import Encryption

_PROOF = "--proof"

PATIENCE_SECONDS = 1.0
"""Shorter work shows no progress: a bar that flashes by only disturbs."""

_DRAWING_SECONDS = 0.1
"""How often the bar is drawn at most."""

_STEPS = {
    "wait": Message("Waiting for another build"),
    "read": Message("Reading records"),
    "render": Message("Rendering pages"),
    "write": Message("Writing files"),
}


class ProgressBar:
    """A bar on stderr, only on a terminal, and only for work that takes a while.

    Elsewhere a line says that another build is waited for, and nothing else.

    Args:
        translate: The gettext function of the language in which the steps are named.
    """

    def __init__(self, translate: Callable[[str], str]) -> None:
        """Begin to count the time."""
        self._translate = translate
        self._started = time.monotonic()
        self._visible = is_terminal(sys.stderr)
        self._drawn = 0.0
        self._told = False
        self._shown: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        """Return the bar; it appears later."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        if self._shown:
            self._shown[0].stop()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note of how far a step is."""
        if step == "wait" and not self._visible and not self._told:
            self._told = True
            tell(_STEPS[step].render(self._translate))
        if not self._visible or time.monotonic() - self._started < PATIENCE_SECONDS:
            return
        if self._shown is None:
            # Imported late: rich is slow to load, and most builds are over by now.
            from rich import progress
            from rich.console import Console

            bar = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
                progress.MofNCompleteColumn(),
                console=Console(stderr=True, no_color=not wants_colour(sys.stderr)),
                transient=True,
                # A thread of its own would keep the work from being shared among processes.
                auto_refresh=False,
            )
            bar.start()
            self._shown = bar, bar.add_task("")
        bar, task = self._shown
        description = _STEPS[step].render(self._translate) if step in _STEPS else step
        now = time.monotonic()
        is_due = now - self._drawn > _DRAWING_SECONDS or done == total
        bar.update(task, description=description, completed=done, total=total, refresh=is_due)
        if is_due:
            self._drawn = now


@click.command(
    epilog=example(
        "tracker build",
        "tracker build --output /srv/www/crm --today 2026-11-24",
        "tracker build --profile partners --output /srv/www/partners",
    )
)
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the site.  Default: output/ in the workspace.",
)
@today_option
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes that read and render.  Default: one a processor.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--clean", is_flag=True, help="Drop files in the folder that no build wrote.")
@click.option(
    "--profile",
    type=PROFILE,
    metavar="NAME",
    help="Build the site that a profile of tracker.yaml lets its readers see.",
)
@click.option(
    "--only", metavar="QUERY", type=QUERY, help="Build a site of the customers that match."
)
@click.option(
    _PROOF,
    "proof_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write down, as JSON, which withheld values were not found and which were not sought.",
)
@click.option("--encrypt", is_flag=True, help="Let the site open with a passphrase only.")
@click.option(
    FILE_OPTION,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the passphrase.  Default: the variable TRACKER_PASSPHRASE, or it is asked for.",
)
def command(  # noqa: PLR0913  # one for each option
    *,
    output: Path | None,
    today: date | None,
    jobs: int | None,
    strict: bool,
    clean: bool,
    profile: str | None,
    only: str | None,
    proof_file: Path | None,
    encrypt: bool,
    passphrase_file: Path | None,
) -> int:
    """Build the site.

    Every record that can be read is shown, one with errors too, marked as such. The folder is
    replaced whole or not at all. The path of index.html goes to stdout. Exits with 1 where
    records have errors; `tracker check` shows them.

    With --profile or --only, the site holds nothing that is withheld: the files are searched for
    it, and what was found is named and keeps the last site in place. Values that cannot be sought,
    such as a name of one character, are named too. See: tracker docs profiles.

    With --encrypt, whoever opens the site is asked for the passphrase, in any browser and from any
    place; without it nothing of the site can be read, names of files included. Give it in the
    environment variable TRACKER_PASSPHRASE or in a file, or type it twice.
    """
    root = workspace()
    config = _settings(root)
    day = today or current_day(config)
    output = output or root / OUTPUT_DIR
    translate = translations(config.language).gettext
    if passphrase_file and not encrypt:
        raise UsageError(Message("{option} is for --encrypt only", {"option": FILE_OPTION}))
    for option, file in ((_PROOF, proof_file), (FILE_OPTION, passphrase_file)):
        _refuse_published(option, file, output)
    encryption = _encryption(passphrase_file, config) if encrypt else None
    audience = _audience(config, profile, only, proof_file)
    # Nothing of a site that is not for everybody is taken over from the last one, or kept.
    is_kept = Invocation.current().cached and not encryption and not audience
    last = LastBuild(root, output, day) if is_kept else None
    result = last.result() if last and not clean else None
    if result:
        tell(Message("nothing has changed since the last build").render(translate))
    else:
        # Imported late: where nothing has changed, none of it is needed.
        from tracker.site.build import build_site
        from tracker.site.kept_site import KeptSite

        with ProgressBar(translate) as progress:
            result = build_site(
                root,
                output,
                day,
                clean=clean,
                cached=Invocation.current().cached,
                kept=KeptSite(root, output) if last else None,
                jobs=jobs or default_jobs(),
                progress=progress,
                encryption=encryption,
                audience=audience,
            )
        if last and not result.refused:
            last.keep(result)
    strangers = _strangers(output) if encryption else ()
    for line in (*result.templates_without_effect, *strangers, *_summary(result)):
        tell(line.render(translate))
    click.echo(output.resolve() / "index.html")
    warnings = result.warnings or result.templates_without_effect
    return int(bool(result.errors or (strict and warnings)))


def _refuse_published(option: str, file: Path | None, output: Path) -> None:
    """Refuse a file of secrets in the folder of the site, which keeps what others put there."""
    if file and file.resolve().is_relative_to(output.resolve()):
        raise UsageError(
            Message(
                "{option}: {file} would be published with the site",
                {"option": option, "file": file},
            )
        )


def _audience(
    config: Config, profile: str | None, only: str | None, proof_file: Path | None
) -> Audience | None:
    if profile is None and only is None:
        if proof_file:
            raise UsageError(Message("{option} is for --profile and --only", {"option": _PROOF}))
        return None
    # Imported late: most sites are for those who may see everything.
    from tracker.cli.audience import ProofReport, audience_of

    return audience_of(config, profile, only, ProofReport(config, proof_file))


def _encryption(passphrase_file: Path | None, config: Config) -> Encryption:
    # Imported late: few sites are encrypted.
    from tracker.site.encrypted.container import SiteKeys
    from tracker.site.encrypted.writer import Encryption

    say = translations(config.language).gettext
    return Encryption(SiteKeys(new_passphrase(passphrase_file, say)), config.language)


def _strangers(output: Path) -> tuple[Message, ...]:
    """Return what is to be said of files in an encrypted site's folder that are not encrypted."""
    # Imported late, as above.
    from tracker.site.encrypted.writer import not_of_the_site

    files = tuple(not_of_the_site(output))
    if not files:
        return ()
    return (
        Message(
            "not encrypted, as it is not of the site but was in its folder: {files}",
            {"files": files},
        ),
    )


def _settings(root: Path) -> Config:
    if Invocation.current().cached:
        # Imported late: each way to read them loads what the other does without.
        from tracker.library.config_cache import cached_config

        return cached_config(root)[0]
    # Imported late, as above.
    from tracker.config_file import load_config

    return load_config(root)[0]


def _summary(result: BuildResult) -> list[Message]:
    lines = [
        Message(
            "records: {records}, pages: {pages}, files: {files}; errors: {errors}, "
            "warnings: {warnings}",
            {
                "records": result.records,
                "pages": result.pages,
                "files": result.files,
                "errors": result.errors,
                "warnings": result.warnings,
            },
        )
    ]
    if result.left_out:
        lines.append(
            Message(
                "records left out because they cannot be read: {count}", {"count": result.left_out}
            )
        )
    if result.errors or result.left_out:
        lines.append(Message("see what is wrong with: tracker check"))
    return lines
