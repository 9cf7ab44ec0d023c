"""Keep docs/sql.md in step with the tables, the functions and the answers of the demo workspace.

python tools/sql_page.py           write the tables, and the result below each query
python tools/sql_page.py --check   change nothing; exit with 1 where the page is stale
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tools.generated_page import keep_page
from tracker.cli.sql_results import print_result
from tracker.cli.wording import Wording
from tracker.config_file import default_config
from tracker.database.functions import FUNCTIONS
from tracker.database.reader import Reader, Result
from tracker.database.tables import tables_of
from tracker.insight.day import day_of
from tracker.library.loader import load_library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "sql.md"
TODAY = date(2026, 11, 24)

_PART = re.compile(r"(<!-- (tables|functions) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)
QUESTION = re.compile(
    r"(^```sql\n(?P<sql>.*?)^```\n)(?:\n```\n(?P<answer>.*?)```\n)?", re.MULTILINE | re.DOTALL
)
"""A query with the result below it."""


def page_of(text: str) -> str:
    """Return the page with the tables as the code has them, and every query with its result.

    Raises:
        ValueError: A query is wrong.
    """
    parts = {"tables": "".join(_tables()), "functions": _functions()}
    text = _PART.sub(lambda match: f"{match[1]}\n{parts[match[2]]}\n{match[3]}", text)
    with tempfile.TemporaryDirectory() as folder:
        # Away from the repository, whose git history is not that of every clone.
        for name in ("records", "attachments"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        shutil.copy(ROOT / "tracker.yaml", folder)
        with Reader(day_of(load_library(Path(folder)), TODAY)) as reader:
            return QUESTION.sub(
                lambda match: f"{match[1]}\n```\n{_answer(reader, match['sql'])}```\n", text
            )


def _answer(reader: Reader, sql: str) -> str:
    result = reader.ask(sql)
    if not isinstance(result, Result):
        message = f"{result.message}: {sql}"
        raise ValueError(message)  # noqa: TRY004  # the query is wrong, not a type
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        print_result("table", sql, result, Wording(default_config()))
    return printed.getvalue()


def _tables() -> Iterator[str]:
    for table in tables_of(default_config()):
        yield f"### {table.name}\n\n{table.meaning}.\n\n"
        yield _table(
            ("column", "holds", "meaning"),
            (
                (
                    f"`{column.name}`",
                    f"key of `{column.references}`" if column.references else column.holds.words,
                    str(column.meaning),
                )
                for column in table.columns
            ),
        )
        yield "\n"


def _functions() -> str:
    return _table(
        ("function", "returns"), ((f"`{call}`", str(text)) for call, text in FUNCTIONS.items())
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(keep_page(PAGE, lambda: page_of(PAGE.read_text(encoding="utf-8")), __doc__))
