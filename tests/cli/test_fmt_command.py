"""`tracker fmt --from`."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.files import write_atomically
from tracker.format.conversion import to_utf8
from tracker.translation import Message

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

TEXT = "---\r\nname: 恒达精密\r\nstage: 成交\r\n---\r\n"


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("gb18030", TEXT.encode("gb18030")),
        ("GBK", TEXT.encode("gbk")),
        ("big5", TEXT.replace("恒达精密", "恆達精密").encode("big5")),
        ("utf-16", codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")),
        ("utf-16", codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")),
        ("utf-16-be", codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")),
        ("utf-32", codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le")),
    ],
)
def test_a_file_is_converted_with_its_line_breaks(
    tracker: Tracker, tmp_path: Path, encoding: str, data: bytes
) -> None:
    file = tmp_path / "客户 一.md"
    file.write_bytes(data)
    ended = tracker(tmp_path, "fmt", "--from", encoding, file.name)
    assert (ended.code, ended.out) == (0, "")
    expected = TEXT.replace("恒达精密", "恆達精密") if encoding == "big5" else TEXT
    assert file.read_bytes() == expected.encode()
    assert ended.err.startswith("客户 一.md: converted from ")
    assert f"({len(data)} bytes before, {len(expected.encode())} now)" in ended.err
    again = tracker(tmp_path, "fmt", "--from", encoding, file.name)
    assert again.code in {0, 1}
    assert file.read_bytes() == expected.encode()


def test_the_command_that_check_recommends_mends_the_record(
    tracker: Tracker, chinese: Path
) -> None:
    record = chinese / "records" / "mingtai.md"
    text = record.read_text()
    record.write_bytes(text.encode("gb18030"))
    assert tracker(chinese, "show", "mingtai").code == 1
    assert tracker(chinese, "fmt", "--from", "gb18030", "records/mingtai.md").code == 0
    assert record.read_text() == text
    assert tracker(chinese, "show", "mingtai").code == 0


@pytest.mark.parametrize(
    ("encoding", "data", "expected"),
    [
        ("gb18030", TEXT.encode(), "is UTF-8 already; reading it as gb18030 would garble it"),
        ("utf-8", TEXT.encode("gbk"), "is not utf-8: byte 12, in line 2"),
        ("big5", b"a\n\xff\xfe\n", "is not big5: byte 3, in line 2"),
        # Western encodings take any bytes: only what comes out shows that they are wrong.
        ("latin-1", "恒达丂".encode("gbk"), "would hold the control character"),
        ("cp437", b"\x01\xb2\xc9", "would hold the control character U+0001"),
        ("utf-7", b"+-\xff", "is not utf-7"),
        ("utf-16-le", "名称\0".encode("utf-16-le"), "would hold the control character U+0000"),
        ("gb18030", b"\xa4\xa4\x00\xc9\xfa", "would hold the control character U+0000"),
    ],
)
def test_what_is_not_certain_is_refused(
    tracker: Tracker, tmp_path: Path, encoding: str, data: bytes, expected: str
) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(data)
    ended = tracker(tmp_path, "fmt", "--from", encoding, "a.md")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("a.md: ")
    assert expected in ended.err
    assert ended.err.count("\n") == 1
    assert file.read_bytes() == data


def test_bytes_that_would_not_come_back_are_refused() -> None:
    # ISO-2022-JP may switch to a character set that it does not need: read, but never written so.
    data = "名".encode("iso-2022-jp") + b"\x1b$B\x1b(B" + b"\x00"
    assert "does not give the same bytes back" in str(to_utf8(data, "iso2022_jp"))


def test_a_file_that_is_the_same_in_both_is_left_alone(tracker: Tracker, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"name: Acme\n")
    before = file.stat().st_mtime_ns
    ended = tracker(tmp_path, "fmt", "--from", "gb18030", "a.md")
    assert (ended.code, ended.err) == (0, "a.md: is UTF-8 already\n")
    assert file.stat().st_mtime_ns == before


def test_one_refusal_does_not_stop_the_others(tracker: Tracker, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("名称")
    (tmp_path / "b.md").write_bytes("名称".encode("gbk"))
    ended = tracker(tmp_path, "fmt", "--from", "gbk", "*.md")
    assert ended.code == 1
    assert (tmp_path / "b.md").read_text() == "名称"
    assert ended.err.count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--from", "gb-18031", "a.md"], "there is no encoding ‘gb-18031’"),
        (["--from", "rot13", "a.md"], "there is no encoding ‘rot13’"),
        (["--from", "undefined", "a.md"], "there is no encoding ‘undefined’"),
        (["--from", "gbk", "missing.md"], "there is no file missing.md"),
        (["--from", "gbk", "*.txt"], "there is no file *.txt"),
        (["--from", "gbk", "."], "there is no file ."),
        (["a.md"], "--from"),
        (["--from", "gbk"], "FILE"),
    ],
)
def test_wrong_use(tracker: Tracker, tmp_path: Path, arguments: list[str], expected: str) -> None:
    (tmp_path / "a.md").write_bytes("名称".encode("gbk"))
    ended = tracker(tmp_path, "fmt", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert expected in ended.err
    assert (tmp_path / "a.md").read_bytes() == "名称".encode("gbk")


def test_a_refusal_of_the_system_is_told_and_the_others_go_on(
    tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_bytes("名称".encode("gbk"))

    def refuse(path: Path, data: bytes) -> None:
        if path.name == "a.md":
            raise PermissionError(13, "Permission denied", str(path))
        write_atomically(path, data)

    monkeypatch.setattr("tracker.cli.fmt.write_atomically", refuse)
    ended = tracker(tmp_path, "fmt", "--from", "gbk", "a.md", "b.md")
    assert ended.code == 3
    assert "a.md: Permission denied\n" in ended.err
    assert (tmp_path / "a.md").read_bytes() == "名称".encode("gbk")
    assert (tmp_path / "b.md").read_text() == "名称"


ENCODINGS = st.sampled_from(
    ["gb18030", "gbk", "big5", "cp1252", "latin-1", "utf-16", "utf-16-le", "shift_jis", "utf-7"]
)


@given(data=st.binary(max_size=64), encoding=ENCODINGS)
def test_no_bytes_are_garbled(data: bytes, encoding: str) -> None:
    result = to_utf8(data, encoding)
    if isinstance(result, Message) or result == data:
        return
    assert result.decode() == data.decode(encoding).removeprefix("\ufeff")
    mark = "\ufeff" if data.decode(encoding).startswith("\ufeff") else ""
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        assert (mark + result.decode()).encode(encoding).removeprefix(codecs.BOM_UTF16_LE) == data


@given(text=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=64))
def test_every_text_comes_through_gb18030(text: str) -> None:
    data = text.encode("gb18030")
    result = to_utf8(data, "gb18030")
    if isinstance(result, Message):
        # Now and then a text in GB18030 happens to be UTF-8 as well: that is never touched.
        assert data.decode() != text
    else:
        assert result in {text.encode(), text.removeprefix("\ufeff").encode()}
