"""`tracker lsp`: the language server for editors."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.context import Invocation, example, today_option
from tracker.exchange.extras import require

if TYPE_CHECKING:
    from datetime import date


@click.command(epilog=example("tracker lsp"))
@click.option("--stdio", is_flag=True, hidden=True, help="What some editors say; it is always so.")
@today_option
def command(today: date | None, *, stdio: bool) -> int:
    """Help an editor while records are written.

    It shows problems as one types, completes keys, words, names and days, and finds its way between
    records. An editor starts it, and speaks the Language Server Protocol with it over stdin and
    stdout. It serves every workspace that the editor has files of open, and needs the extra lsp:
    pip install "tracker-records[lsp]".
    """
    del stdio
    require("pygls", "lsp")
    # The library writes tracebacks of whatever it answers with an error.
    logging.getLogger("pygls").setLevel(
        logging.WARNING if Invocation.current().debug else logging.CRITICAL
    )
    # Imported late: it needs the extra.
    from tracker.lsp.server import TrackerServer

    server = TrackerServer(today, cached=Invocation.current().cached)
    # Whatever else is printed must not come between the messages.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as stdout:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        try:
            server.start_io(stdout=stdout)
        finally:
            server.stop()
    # The protocol wants to tell an editor that has crashed from one that was closed.
    return 1 if server.left_early else 0
