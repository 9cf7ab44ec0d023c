"""`tracker serve`: the site in a browser, kept up to date while records are written."""

from __future__ import annotations

import errno
import signal
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.context import Invocation, example, printable, tell, today_option, workspace
from tracker.config import CONFIG_NAME, OUTPUT_DIR
from tracker.config_file import load_config
from tracker.errors import TrackerError, system_reason
from tracker.server.http import listen, listen_from
from tracker.server.serving import Serving
from tracker.site.build import check_place
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from socket import socket

    from tracker.server.rebuilding import Outcome

DEFAULT_PORT = 8000
_HIGHEST_PORT = 65535
_LOOK_SECONDS = 0.5
"""How often a wait is interrupted, since Windows hands on no Ctrl-C in the midst of one."""


class PortError(TrackerError):
    """The port that was asked for cannot be used; exit code 3."""


@click.command(epilog=example("tracker serve --open", "tracker serve --port 8080"))
@click.option(
    "--port",
    type=click.IntRange(0, _HIGHEST_PORT),
    metavar="N",
    help=f"Listen on port N; 0 for any free one.  Default: the first free one from {DEFAULT_PORT}.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open the site in the browser.")
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the site.  Default: output/ in the workspace.",
)
@today_option
def command(
    port: int | None, output: Path | None, today: date | None, *, open_browser: bool
) -> int:
    """Show the site in the browser, always up to date.

    Builds the site and follows every change of records, attachments, templates and tracker.yaml;
    pages that are open reload where they are. New problems are shown over the page. Only this
    machine can reach the site. The address goes to stdout; Ctrl-C ends it.
    """
    root = workspace()
    output = output or root / OUTPUT_DIR
    check_place(root, output)
    translate = translations(load_config(root)[0].language).gettext
    sockets = _sockets(port)
    for name in ("SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        serving = Serving(
            root, output, sockets, _reporter(translate), today, cached=Invocation.current().cached
        )
    except BaseException:
        for each in sockets:
            each.close()
        raise
    serving.start()
    try:
        click.echo(serving.address)
        if open_browser and not webbrowser.open(serving.address):
            tell(Message("there is no browser to open").render(translate))
        _wait()
    except KeyboardInterrupt:
        pass
    finally:
        serving.stop()
    return 0


def _wait() -> None:
    """Wait until somebody ends the program."""
    never = threading.Event()
    while True:
        never.wait(_LOOK_SECONDS)


def _sockets(port: int | None) -> list[socket]:
    try:
        return listen_from(DEFAULT_PORT) if port is None else listen(port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = Message("port {port} is taken; choose another one", {"port": port})
        else:
            reason = Message(
                "cannot listen on port {port}: {reason}",
                {"port": port or DEFAULT_PORT, "reason": system_reason(error)},
            )
        raise PortError(reason) from error


def _reporter(translate: Callable[[str], str]) -> Callable[[Outcome], None]:
    """Return what tells the person at the keyboard how the site is."""

    def report(outcome: Outcome) -> None:
        for reason in outcome.failures:
            tell(printable(reason.render(translate)))
        for found in outcome.refused:
            place = f"{found.path}:{found.span.line}:{found.span.column}"
            tell(printable(f"{place}: {found.problem.message.render(translate)}"))
        if outcome.refused:
            stays = Message(
                "{path} has errors: the site stays with the settings that it had",
                {"path": CONFIG_NAME},
            )
            tell(stays.render(translate))
        if outcome.failures or outcome.refused:
            return
        tell(
            Message(
                "up to date; files written: {files}; errors: {errors}, warnings: {warnings}",
                {
                    "files": outcome.files,
                    "errors": outcome.errors,
                    "warnings": outcome.warnings,
                },
            ).render(translate)
        )

    return report
