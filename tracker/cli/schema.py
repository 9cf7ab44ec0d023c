"""`tracker schema`: the JSON Schema of a record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from tracker.cli.context import example, print_bytes
from tracker.cli.language import preferred_language
from tracker.config import find_workspace
from tracker.config_file import default_config, load_config
from tracker.errors import WorkspaceNotFoundError
from tracker.exchange.exported_record import exported_record_schema
from tracker.exchange.json_schema import record_schema

if TYPE_CHECKING:
    from tracker.config import Config


@click.command(
    epilog=example(
        "tracker schema",
        "tracker schema --lang zh > record.schema.json",
        "tracker schema --exported > customer.schema.json",
    )
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(["zh", "en"]),
    help="Language of the descriptions. Default: the workspace's.",
)
@click.option(
    "--exported",
    is_flag=True,
    help="The schema of a whole record as tracker export json and jsonl write it.",
)
def command(language: Literal["zh", "en"] | None, *, exported: bool) -> int:
    """Print the JSON Schema of a record's front matter.

    It knows the words, people and fields of the workspace; outside of one, the built-in ones. Keys
    and words fit in Chinese and in English. Editors complete and check front matter by it, programs
    the records that they write.
    """
    config = _settings(language)
    described = exported_record_schema if exported else record_schema
    schema = described(config, language or config.language)
    print_bytes(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")
    return 0


def _settings(language: Literal["zh", "en"] | None) -> Config:
    try:
        return load_config(find_workspace(Path.cwd()))[0]
    except WorkspaceNotFoundError:
        return default_config(language or preferred_language())
