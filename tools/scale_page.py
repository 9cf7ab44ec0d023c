"""Keep the answers of docs/scale.md in step with what the page says to run.

python -m tools.scale_page           run the export and the queries of the page, write the results
python -m tools.scale_page --check   change nothing; exit with 1 where the page is stale

The teams are made up by bench/generate.py, the same ones every time.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from bench.generate import TODAY, generate
from tools.generated_page import DOCS, keep_page
from tracker.cli.main import run
from tracker.cli.sql_results import print_result
from tracker.cli.wording import Wording
from tracker.config_file import default_config
from tracker.database.reader import Result
from tracker.money import plain_number

PAGE = DOCS / "scale.md"

TEAMS = 50
CUSTOMERS = 20
FOLLOWUPS = 5

COMMAND = re.compile(r"^```sh\n(tracker .*)\n```$", re.MULTILINE)
DATASET = "/srv/sales"
"""Where the dataset is on the page."""

QUERY = re.compile(r"(^```sql\n(.*?)^```\n)(?:\n```\n.*?^```\n)?", re.MULTILINE | re.DOTALL)
"""A query, with the result below it."""


def make_teams(folder: Path, count: int = TEAMS) -> list[Path]:
    """Write the workspaces of made-up teams, and return them."""
    teams = [folder / f"team-{number:02d}" for number in range(1, count + 1)]
    for number, team in enumerate(teams):
        generate(team, CUSTOMERS, FOLLOWUPS, number)
    return teams


def export_teams(page: str, teams: list[Path], dataset: Path) -> None:
    """Run the command of the page for each team.

    Raises:
        ValueError: It fails.
    """
    (command,) = COMMAND.findall(page)
    for team in teams:
        words = [
            word.replace("teams/team-01", str(team))
            .replace("team-01", team.name)
            .replace(DATASET, str(dataset))
            for word in shlex.split(command)
        ]
        with contextlib.redirect_stderr(io.StringIO()) as said:
            code = run(["--no-cache", *words[1:], "--today", TODAY.isoformat()])
        if code:
            message = f"{shlex.join(words)}: {said.getvalue()}"
            raise ValueError(message)


def page_of(page: str, dataset: Path) -> str:
    """Return the page with each query and its result over a dataset."""
    with contextlib.closing(duckdb.connect()) as connection:
        return QUERY.sub(lambda match: match[1] + _answer(connection, match[2], dataset), page)


def _answer(connection: duckdb.DuckDBPyConnection, sql: str, dataset: Path) -> str:
    connection.execute(sql.replace(DATASET, str(dataset)))
    if sql.startswith("CREATE"):
        return ""
    columns = tuple(column[0] for column in connection.description or ())
    rows = [tuple(map(_plain, row)) for row in connection.fetchall()]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        print_result("table", sql, Result(columns, rows), Wording(default_config()))
    return f"\n```\n{printed.getvalue()}```\n"


def _plain(value: Any) -> Any:  # noqa: ANN401  # any value of DuckDB
    """Return a value as a result of `tracker sql` has it."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else float(plain_number(value))


def page_now() -> str:
    """Return the page as it is with the results of its queries as they are."""
    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        dataset = Path(folder) / "dataset"
        export_teams(text, make_teams(Path(folder)), dataset)
        return page_of(text, dataset)


if __name__ == "__main__":
    sys.exit(keep_page(PAGE, page_now, __doc__))
