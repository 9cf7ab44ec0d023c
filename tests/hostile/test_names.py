"""Names of files that some systems cannot have, that look alike, or that lead elsewhere."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self
from unicodedata import normalize

import pytest

from tests.hostile.generated_records import record
from tracker.rules import checking
from trials.fuzz import run_here

if TYPE_CHECKING:
    from datetime import tzinfo
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("few_numbers")

SETTINGS = """\
language: {language}
owners: [李雷, Li Lei]
rules: {{next-missing: off, duplicate-customer: off}}
"""
TODAY = ("--today", "2026-11-24")
LONG = "恒" * 84
"""With `.md` 255 bytes, which is all that most systems allow: two bytes are left over."""


def workspace(root: Path, language: str, files: dict[str, str], settings: str = "") -> None:
    (root / "tracker.yaml").write_text(SETTINGS.format(language=language) + settings, "utf-8")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def problems(root: Path, *day: str) -> list[tuple[str, str, str]]:
    """Return path, place and code of each problem."""
    checked = run_here("-C", str(root), "check", "--format", "json", *(day or TODAY))
    found = json.loads(checked.out)["problems"]
    assert checked.code == (1 if any(each["severity"] == "error" for each in found) else 0)
    return [(each["path"], f"{each['line']}:{each['column']}", each["code"]) for each in found]


def build(root: Path) -> set[str]:
    """Return the pages of the customers and of their files, by name."""
    built = run_here("-C", str(root), "build", *TODAY)
    assert built.code in {0, 1}, built.err
    return {path.name for path in (root / "output" / "customers").glob("*.html")}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_that_some_system_cannot_have(tmp_path: Path, language: str) -> None:
    names = ["CON", "nul", "com1.a", "a:b", "a.", "a|b", "a?b", "50%", "index", " a", "~a"]
    files = {f"records/{name}.md": record(language) for name in names}
    workspace(tmp_path, language, files)
    assert problems(tmp_path) == [(path, "1:1", "unusable-id") for path in sorted(files)]
    assert len(build(tmp_path) - {"index.html"}) == len(names)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_ending_in_capitals_is_passed_over_by_nobody(tmp_path: Path, language: str) -> None:
    files = {f"records/{name}": record(language) for name in ("a.MD", "b.Md", "c.md")}
    workspace(tmp_path, language, files)
    assert problems(tmp_path) == [
        (f"records/{name}", "1:1", "unreadable-file") for name in ("a.MD", "b.Md")
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_name_as_long_as_can_be(tmp_path: Path, language: str) -> None:
    workspace(tmp_path, language, {f"records/{LONG}.md": record(language)})
    assert problems(tmp_path) == []
    pages = build(tmp_path)
    assert any("恒恒恒" in name for name in pages)
    assert all(len(name.encode()) <= 255 for name in pages)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (normalize("NFC", "café"), normalize("NFD", "café")),
        ("ACME", "acme"),
        ("ＡＣＭＥ", "acme"),
        ("恒达 一", "恒达_一"),
    ],
)
def test_twins(tmp_path: Path, language: str, one: str, other: str) -> None:
    other_customer = record(language).replace("恒达", "广厦").replace("Acme", "Northwind")
    files = {f"records/{one}.md": record(language), f"records/{other}.md": other_customer}
    workspace(tmp_path, language, files)
    if len(list((tmp_path / "records").iterdir())) == 1:
        pytest.skip("this system takes the two for one file")
    ((path, place, code),) = problems(tmp_path)
    assert (path in files, place, code) == (True, "1:1", "duplicate-id")
    pages = build(tmp_path) - {"index.html"}
    assert len(pages) == 2
    assert len({normalize("NFC", name).casefold() for name in pages}) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_name_that_turns_the_direction_of_text(tmp_path: Path, language: str) -> None:
    path = "records/acme\u202efdp.md"
    workspace(tmp_path, language, {path: record(language)})
    assert problems(tmp_path) == [(path, "1:1", "bidi-control")]
    build(tmp_path)
    shown = (tmp_path / "output" / "problems.html").read_text("utf-8")
    assert f"<bdi>{path}</bdi>:1:1" in shown
    checked = run_here("-C", str(tmp_path), "check", *TODAY)
    assert (checked.code, "\u202e" in checked.out, "U+202E" in checked.out) == (0, False, True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_links_among_the_records(tmp_path: Path, language: str) -> None:
    workspace(tmp_path, language, {"records/acme.md": record(language)})
    (tmp_path / "secret.md").write_text(record(language), "utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "theirs.md").write_text(record(language), "utf-8")
    records = tmp_path / "records"
    (records / "out.md").symlink_to("../secret.md")
    (records / "self.md").symlink_to("self.md")
    (records / "nothing.md").symlink_to("nothing")
    (records / "around").symlink_to(".")
    (records / "elsewhere").symlink_to("../elsewhere")
    names = ["around", "elsewhere", "nothing.md", "out.md", "self.md"]
    expected = [(f"records/{name}", "1:1", "symbolic-link") for name in names]
    assert problems(tmp_path) == expected
    assert {name for name in build(tmp_path) if "acme" in name} == {"acme.html"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_links_among_the_attachments(tmp_path: Path, language: str) -> None:
    offers = "".join(f"  - {{quote: Q-{name}, file: attachments/{name}.pdf}}\n" for name in "abcd")
    text = record(language).replace("---\n\n", f"offers:\n{offers}---\n\n")
    workspace(tmp_path, language, {"records/acme.md": text, "secret.pdf": "%PDF-"})
    attachments = tmp_path / "attachments"
    attachments.mkdir()
    (attachments / "a.pdf").symlink_to("../secret.pdf")
    (attachments / "b.pdf").symlink_to("c.pdf")
    (attachments / "c.pdf").symlink_to("b.pdf")
    (attachments / "d.pdf").symlink_to("/etc/passwd")
    codes = [code for _, _, code in problems(tmp_path)]
    outside, missing = "attachment-outside", "attachment-missing"
    assert codes == [outside, missing, missing, outside]
    build(tmp_path)
    assert not list((tmp_path / "output").rglob("*.pdf"))


@pytest.mark.skipif(os.name != "posix", reason="such names are POSIX's")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_name_that_is_no_text(tmp_path: Path, language: str) -> None:
    workspace(tmp_path, language, {"records/acme.md": record(language)})
    name = os.fsencode(tmp_path / "records") + b"/\xff\xfe.md"
    with open(name, "wb") as stream:  # noqa: PTH123 - a path of bytes
        stream.write(record(language).encode())
    ((path, _, code),) = problems(tmp_path)
    assert (path, code) == ("records/\\xff\\xfe.md", "unreadable-file")
    assert "acme.html" in build(tmp_path)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_day_that_differs_between_zones(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2026, 11, 24, 11, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(checking, "datetime", Clock)
    said = record(language, "## 2026-11-25 00:30 " + ("电话 李雷" if language == "zh" else "call"))
    for zone, found in (
        ("Pacific/Kiritimati", []),
        ("Asia/Shanghai", ["future-followup"]),
        ("Pacific/Pago_Pago", ["future-followup"]),
    ):
        workspace(tmp_path, language, {"records/a.md": said}, f"timezone: {zone}\n")
        checked = run_here("-C", str(tmp_path), "check", "--format", "json")
        codes = [each["code"] for each in json.loads(checked.out)["problems"]]
        assert (checked.code, codes) == (0, found), zone
