"""Every rule finds its problem, just where it is, in a failing file; and nothing in a passing one.

A file `cases/CODE.txt` holds both, each file below a line

    === bad|good [PATH] [LINE:COLUMN, …]

with the places at which the rule must find something; without a path it is `records/acme.md`.
`=== tracker.yaml` begins the settings of both. For rules about changes `=== before [PATH]` begins
the older state of a file, for both, and a file without any text is gone.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pytest

from tests.rules.conftest import diagnose_workspace
from tracker.diagnostics import MOST_OF_A_KIND, Severity
from tracker.rules.registry import all_rules
from tracker.rules.rule import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.rules.conftest import Check, CheckChange
    from tracker.diagnostics import Diagnostic

CASES = Path(__file__).parent / "cases"
HEADER = re.compile(
    r"^=== (tracker\.yaml|before|bad|good)(?: (\S+\.\w+))?((?:,? \d+:\d+)*)\n", re.MULTILINE
)
DEFAULT_PATH = "records/acme.md"
PATIENCE_SECONDS = 10

OF_BYTES = {
    "encoding",
    "file-size",
    "front-matter-size",
    "nul-byte",
    "symbolic-link",
    "unreadable-file",
}
"""Rules with tests of their own below, since no text file can show them."""

Place = tuple[str, int, int]
CheckCase: TypeAlias = "Callable[[str, Case], tuple[Diagnostic, ...]]"


class Case(NamedTuple):
    """A workspace, and where the rule must find something in it."""

    files: dict[str, str]
    places: set[Place]
    before: dict[str, str]


def read_case(code: str, kind: str) -> Case:
    """Return the failing (`bad`) or passing (`good`) workspace of a rule."""
    parts = HEADER.split((CASES / f"{code}.txt").read_text(encoding="utf-8"))
    files: dict[str, str] = {}
    before: dict[str, str] = {}
    places: set[Place] = set()
    for what, written, numbers, text in zip(*(iter(parts[1:]),) * 4, strict=True):
        path = "tracker.yaml" if what == "tracker.yaml" else written or DEFAULT_PATH
        if what in ("before", "tracker.yaml"):
            before[path] = text
        if what in (kind, "tracker.yaml"):
            if text or what == "tracker.yaml":
                files[path] = text
            found = re.findall(r"(\d+):(\d+)", numbers)
            places |= {(path, int(line), int(column)) for line, column in found}
    return Case(files, places, before)


def test_every_rule_has_a_case() -> None:
    assert {path.stem for path in CASES.glob("*.txt")} | OF_BYTES == set(all_rules())


@pytest.fixture
def check_case(check: Check, check_change: CheckChange) -> CheckCase:
    """Return a function that checks the files of a case, or their change."""

    def checked(code: str, case: Case) -> tuple[Diagnostic, ...]:
        if all_rules()[code].origin is Origin.CHANGE:
            return check_change(case.before, case.files)
        return check(case.files)

    return checked


@pytest.mark.parametrize("code", sorted(set(all_rules()) - OF_BYTES))
def test_a_failing_file(code: str, check_case: CheckCase) -> None:
    case = read_case(code, "bad")
    assert case.places
    found = [each for each in check_case(code, case) if each.code == code]
    assert {(each.path, *each.span[:2]) for each in found} == case.places
    assert len(found) == len(case.places)
    assert {each.severity for each in found} == {all_rules()[code].severity}


@pytest.mark.parametrize("code", sorted(set(all_rules()) - OF_BYTES))
def test_a_passing_file(code: str, check_case: CheckCase) -> None:
    case = read_case(code, "good")
    assert case.files
    assert not case.places
    found = check_case(code, case)
    assert code not in {each.code for each in found}
    assert not [each for each in found if each.severity is Severity.ERROR]


# --- What no text file can show -----------------------------------------------------------------

SOUND = "---\nname: 恒达\nstage: 未成交\nowner: 李雷\nlost: {reason: 价格}\n---\n"


def places(check: Check, files: Mapping[str, str | bytes]) -> list[tuple[str, str, int, int]]:
    return [(each.code, each.path, *each.span[:2]) for each in check(files)]


def test_a_file_in_another_encoding(check: Check) -> None:
    gbk = {DEFAULT_PATH: SOUND.encode("gb18030")}
    assert places(check, gbk) == [("encoding", DEFAULT_PATH, 2, 7)]
    assert places(check, {DEFAULT_PATH: b"\xef\xbb\xbf" + SOUND.encode()}) == []


def test_a_file_with_a_nul_byte(check: Check) -> None:
    damaged = {DEFAULT_PATH: SOUND.replace("雷", "雷\0")}
    assert places(check, damaged) == [("nul-byte", DEFAULT_PATH, 4, 10)]
    assert places(check, {DEFAULT_PATH: SOUND}) == []


def test_a_large_file(check: Check) -> None:
    limits = {"tracker.yaml": "limits: {file_size: 1024}"}
    large = SOUND + "\n" + "长" * 300 + "\n"
    assert places(check, {**limits, DEFAULT_PATH: large * 2}) == [("file-size", DEFAULT_PATH, 1, 1)]
    assert places(check, {**limits, DEFAULT_PATH: large}) == []


def test_large_front_matter(check: Check) -> None:
    limits = {"tracker.yaml": "limits: {front_matter: 256}"}
    large = SOUND.replace("---\nname", "---\naddress: " + "长" * 90 + "\nname")
    assert places(check, {**limits, DEFAULT_PATH: large}) == [
        ("front-matter-size", DEFAULT_PATH, 1, 1)
    ]
    assert places(check, {**limits, DEFAULT_PATH: SOUND}) == []


def test_a_symbolic_link(check: Check, tmp_path: Path) -> None:
    check({DEFAULT_PATH: SOUND})
    (tmp_path / "records" / "link.md").symlink_to("acme.md")
    assert [(each.code, each.path) for each in diagnose_workspace(tmp_path)] == [
        ("symbolic-link", "records/link.md")
    ]


@pytest.mark.skipif(os.name != "posix", reason="pipes with a name are POSIX's")
def test_what_is_no_file(check: Check, tmp_path: Path) -> None:
    check({DEFAULT_PATH: SOUND})
    os.mkfifo(tmp_path / "records" / "pipe.md")
    assert [(each.code, each.path, *each.span[:2]) for each in diagnose_workspace(tmp_path)] == [
        ("unreadable-file", "records/pipe.md", 1, 1)
    ]


# --- Attachments on disk ------------------------------------------------------------------------


def test_a_link_out_of_attachments(check: Check, tmp_path: Path) -> None:
    record = SOUND.replace("---\n", "---\noffers:\n  - file: attachments/a.pdf\n", 1)
    check({DEFAULT_PATH: record, "secret.pdf": "%PDF-", "attachments/b.pdf": "%PDF-"})
    link = tmp_path / "attachments" / "a.pdf"
    for target, code in (
        ("../secret.pdf", "attachment-outside"),
        ("b.pdf", None),
        ("nothing.pdf", "attachment-missing"),
        ("a.pdf", "attachment-missing"),
    ):
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        assert [each.code for each in diagnose_workspace(tmp_path)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("offers: [{file: attachments/Q-13.pdf}]", "attachments/Q-31.pdf"),
        ("offers: [{file: attachments/Acme/q-7.PDF}]", "attachments/acme/Q-7.pdf"),
        ("offers: [{file: attachments/nothing/like/it.pdf}]", None),
    ],
)
def test_a_missing_file_has_a_hint(check: Check, written: str, hint: str | None) -> None:
    record = SOUND.replace("---\n", f"---\n{written}\n", 1)
    files = {"attachments/Q-31.pdf": "%PDF-", "attachments/acme/Q-7.pdf": "%PDF-"}
    (found,) = check({DEFAULT_PATH: record, **files})
    assert found.code == "attachment-missing"
    assert (hint or "None") in str(found.problem.hint)


def test_a_link_written_from_the_workspace_has_a_hint(check: Check) -> None:
    record = f"{SOUND}\n[quote](attachments/Q-31.pdf)\n"
    (found,) = check({"records/export/a.md": record, "attachments/Q-31.pdf": "%PDF-"})
    assert (found.code, *found.span) == ("attachment-missing", 8, 9, 8, 29)
    assert "../../attachments/Q-31.pdf" in str(found.problem.hint)


# --- Settings, and files made to be slow --------------------------------------------------------


def test_a_rule_can_be_made_an_error_or_switched_off(check: Check) -> None:
    record = "---\nname: Acme\nstage: proposal\nowner: Li Lei\n---\n"
    for setting, severities in (
        ("", [Severity.WARNING]),
        ("rules: {next-missing: error}", [Severity.ERROR]),
        ("rules: {next-missing: off}", []),
    ):
        found = check({"tracker.yaml": setting, DEFAULT_PATH: record})
        assert [each.severity for each in found] == severities


def test_the_order_can_be_oldest_first(check: Check) -> None:
    body = "\n## 2026-11-20 14:30 电话\n\n## 2026-11-12 09:00 邮件\n"
    files = {"tracker.yaml": "order: oldest-first", DEFAULT_PATH: SOUND + body}
    assert places(check, files) == [("section-order", DEFAULT_PATH, 8, 4)]
    assert "other way round" in str(check(files)[0].problem.message)
    assert check({DEFAULT_PATH: SOUND + body, "tracker.yaml": ""}) == ()


@pytest.mark.parametrize(
    "body",
    [
        "- contact: " + "王芳、" * 20_000,
        "- offer: " + "Q-1, " * 20_000,
        "- [ ] a @2026-11-31\n" * 10_000,
        "- [ ] a @2026-11-26 @nobody\n" * 10_000,
        "`" * 100_000,
        "](" * 50_000,
        "](<" * 30_000,
        "[" * 100_000,
        "[a](../attachments/a.pdf) " * 5_000,
    ],
    ids=lambda body: body[:20],
)
def test_no_record_takes_long(check: Check, body: str) -> None:
    record = f"{SOUND}\n## 2026-11-20 14:30 call Li Lei\n\n{body}\n"
    started = time.process_time()
    found = check({"tracker.yaml": "owners: [李雷]", DEFAULT_PATH: record})
    assert time.process_time() - started < PATIENCE_SECONDS
    by_code: dict[str, int] = {}
    for each in found:
        by_code[each.code] = by_code.get(each.code, 0) + 1
    del by_code["unknown-owner"]
    assert all(count <= MOST_OF_A_KIND + 1 for count in by_code.values())


def test_what_reading_finds_again_and_again_is_counted_beyond_a_bound(check: Check) -> None:
    steps = "- next: soon\n" * (MOST_OF_A_KIND + 5)
    record = f"{SOUND}\n## 2026-11-20 14:30 call Li Lei\n\n{steps}- [ ] a @2026-11-31\n"
    found = check({"tracker.yaml": "", DEFAULT_PATH: record})
    unreadable = [each for each in found if each.code == "next-unreadable"]
    assert len(unreadable) == MOST_OF_A_KIND + 1
    assert str(unreadable[-1].problem.message).endswith("from here on: 5")
    assert unreadable[-1].span.line == unreadable[-2].span.line + 1
    assert [each.code for each in found].count("invalid-date") == 1
