"""Reading texts strictly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracker.diagnostics import Problem, Span
from tracker.text_files import TextFile, decode, read_text_file

CHINESE = "---\nname: 恒达精密机械有限公司\n---\n\n王芳来电询问交付周期,对分批方案感兴趣。\n"
TRADITIONAL = (
    "---\nname: 恆達精密機械有限公司\n---\n\n王芳來電詢問交付週期,對分批方案感興趣。我們的。\n"
)
LIMIT = 1024 * 1024


def problem_of(data: bytes) -> Problem:
    found = decode(data)
    assert isinstance(found, Problem)
    return found


def test_utf8_with_and_without_byte_order_mark() -> None:
    assert decode(CHINESE.encode()) == TextFile(CHINESE)
    assert decode(b"\xef\xbb\xbf" + CHINESE.encode()) == TextFile(CHINESE)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_break_becomes_one(newline: str) -> None:
    data = CHINESE.replace("\n", newline).encode()
    assert decode(data) == TextFile(CHINESE, newline)


def test_an_empty_file_is_text() -> None:
    assert decode(b"") == TextFile("")


@pytest.mark.parametrize(
    ("encoding", "text", "named", "line"),
    [
        ("gb18030", CHINESE, "gb18030", 2),
        ("gbk", "---\nname: 鑫垚\n---\n", "gb18030", 2),
        ("big5", TRADITIONAL, "big5", 2),
        ("utf-16", CHINESE, "utf-16", 1),
        ("utf-16-le", CHINESE, "utf-16-le", None),
        ("utf-16-be", CHINESE, "utf-16-be", None),
        ("utf-32", CHINESE, "utf-32", 1),
        ("cp1252", "---\nname: Müller café\n---\n", "cp1252", 2),
    ],
)
def test_other_encodings_are_named_with_the_command_that_converts(
    encoding: str, text: str, named: str, line: int | None
) -> None:
    problem = problem_of(text.encode(encoding))
    assert problem.code == "encoding"
    assert str(problem.message).endswith(f"looks like {named}")
    assert str(problem.hint) == f"convert it with: tracker fmt --from {named} FILE"
    assert line in (None, problem.span.line)


def test_what_is_no_text_is_not_guessed() -> None:
    problem = problem_of(b"ok\n\x81\x8d\x8f \x81 \xff")
    assert problem.code == "encoding"
    assert str(problem.message) == "the file is not UTF-8"
    assert problem.span == Span(2, 1, 2, 2)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_place_of_the_first_wrong_byte(newline: str) -> None:
    data = b"\xef\xbb\xbf" + f"a{newline}名字".encode() + b"\xff"
    assert problem_of(data).span == Span(2, 3, 2, 4)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_nul_byte_is_located(newline: str) -> None:
    problem = problem_of(f"abc{newline}名\0x".encode())
    assert problem.code == "nul-byte"
    assert problem.span == Span(2, 2, 2, 3)


def test_a_file_at_and_above_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"x" * 10)
    assert read_text_file(file, 10) == TextFile("x" * 10)
    problem = read_text_file(file, 9)
    assert isinstance(problem, Problem)
    assert problem.code == "file-size"


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.md", tmp_path):
        problem = read_text_file(path, LIMIT)
        assert isinstance(problem, Problem)
        assert problem.code == "unreadable-file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_does_not_keep_the_reader_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    problem = read_text_file(tmp_path / "a.md", LIMIT)
    assert isinstance(problem, Problem)
    assert problem.code == "unreadable-file"


def test_a_refused_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.md"
    file.write_text("x", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    problem = read_text_file(file, LIMIT)
    assert isinstance(problem, Problem)
    assert str(problem.message) == "cannot be read: Permission denied"
