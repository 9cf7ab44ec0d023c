"""The catalogue of hostile and broken records: what `check` says of each, and what its page shows.

The cases that a text file can hold stand in `records/zh.txt` and `records/en.txt`, each below a
line `=== NAME`; lines `+ TEXT` below it name what its page must show. Those that are large, or are
of bytes that git or an editor would change, are made by `generated_records.py`. What must be said
of a case, with places, stands in `__snapshots__`, and is renewed by

    python -m pytest tests/hostile --snapshot-update
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hostile.generated_records import GENERATED
from trials.fuzz import run_here

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

pytestmark = pytest.mark.usefixtures("few_numbers")

HERE = Path(__file__).parent
TODAY = "2026-11-24"
SETTINGS = """\
language: {language}
timezone: Asia/Shanghai
owners: [李雷, Li Lei]
rules: {{next-missing: off, stale: off, duplicate-customer: off}}
"""
LANGUAGES = ("zh", "en")
CASE = re.compile(r"^=== ([\w-]+)\n((?:\+ .*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """A record, and texts that its page shows as they stand here."""

    name: str
    language: str
    data: bytes
    shown: tuple[str, ...] = ()


def cases() -> list[Case]:
    """Return every case in both languages."""
    found = []
    for language in LANGUAGES:
        parts = CASE.split((HERE / "records" / f"{language}.txt").read_text("utf-8"))
        for name, shown, text in zip(*(iter(parts[1:]),) * 3, strict=True):
            wanted = tuple(line.removeprefix("+ ") for line in shown.splitlines())
            found.append(Case(name, language, text.encode(), wanted))
        found += [
            Case(name, language, make(language), shown) for name, (make, shown) in GENERATED.items()
        ]
    return found


CASES = cases()


@dataclass(frozen=True)
class Result:
    """What came of a workspace: the problems by path, and its site."""

    problems: dict[str, list[str]]
    site: Path


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Check and build all cases of a language as one workspace."""
    return {each: _result(each, tmp_path_factory.mktemp(each)) for each in LANGUAGES}


def _result(language: str, root: Path) -> Result:
    (root / "tracker.yaml").write_text(SETTINGS.format(language=language), "utf-8")
    (root / "records").mkdir()
    (root / "secret.pdf").write_bytes(b"%PDF-")
    (root / "attachments").mkdir()
    for case in CASES:
        if case.language == language:
            (root / "records" / f"{case.name}.md").write_bytes(case.data)
    checked = run_here("-C", str(root), "check", "--format", "json", "--today", TODAY)
    built = run_here("-C", str(root), "build", "--today", TODAY)
    assert (checked.code, built.code) == (1, 1), built.err
    problems: dict[str, list[str]] = {}
    for each in json.loads(checked.out)["problems"]:
        problems.setdefault(each["path"], []).append(
            f"{each['line']}:{each['column']} {each['severity']} {each['code']}: {each['message']}"
        )
    return Result(problems, root / "output")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language}-{case.name}")
def test_what_is_said_of_it(
    case: Case, results: dict[str, Result], snapshot: SnapshotAssertion
) -> None:
    assert results[case.language].problems.get(f"records/{case.name}.md", []) == snapshot


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language}-{case.name}")
def test_it_has_a_page(case: Case, results: dict[str, Result]) -> None:
    page = results[case.language].site / "customers" / f"{case.name}.html"
    html = page.read_text("utf-8")
    assert html.rstrip().endswith("</html>")
    assert "<script>alert" not in html
    for text in case.shown:
        assert text in html
