"""`tracker fmt`, and `tracker fmt --from`."""

from __future__ import annotations

import codecs
import os
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.record_strategies import configs, record_files
from tracker.config_file import load_config
from tracker.files import replace_if_unchanged, write_atomically
from tracker.format.conversion import to_utf8
from tracker.format.formatter import format_file
from tracker.text_files import TextFile, decode
from tracker.translation import Message

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker
    from tracker.config import Config
    from tracker.format.tidy_matter import KeyLanguage

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


def test_a_conversion_is_told_in_the_workspace_s_language(tracker: Tracker, chinese: Path) -> None:
    (chinese / "a.md").write_bytes("名称".encode("gbk"))
    ended = tracker(chinese, "fmt", "--from", "gbk", "a.md")
    assert (ended.code, ended.err) == (
        0,
        "a.md：已从 gbk 转为 UTF-8（原 4 字节，现 6 字节）\n",
    )
    assert tracker(chinese, "fmt", "--from", "ascii", "a.md").err.startswith("a.md：")


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
        (["--from", "gbk"], "--from converts the files that are named: add PATH"),
        (["--from", "gbk", "--check", "a.md"], "--from only converts; it takes no --check"),
        (["--from", "gbk", "--diff", "a.md"], "--from only converts; it takes no --diff"),
        (["--from", "gbk", "--keys", "zh", "a.md"], "--from only converts; it takes no --keys"),
        (["a.md"], "no tracker.yaml in "),
    ],
)
def test_wrong_use_of_a_conversion(
    tracker: Tracker, tmp_path: Path, arguments: list[str], expected: str
) -> None:
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


# --- The canonical form -------------------------------------------------------------------------

UNTIDY = """\
---
stage: 商务谈判
客户名称: '苏州 测试'
owner: 李雷
---
## 2026/11/2 电话
甲
## 2026-11-20 9:05 面谈 李雷
* 联系人：王芳
"""
TIDY = """\
---
客户名称: 苏州 测试
stage: 商务谈判
owner: 李雷
---

## 2026-11-20 09:05 面谈 李雷

- 联系人: 王芳

## 2026-11-02 电话

甲
"""
BROKEN = "---\nname: [x\nstage:  成交\nowner: 李雷\n---\n"


@pytest.fixture
def tidy(chinese: Path) -> Path:
    """Return a workspace with records in canonical form alone."""
    shutil.rmtree(chinese / "records")
    (chinese / "records" / "华东").mkdir(parents=True)
    (chinese / "records" / "华东" / "ceshi.md").write_text(TIDY, encoding="utf-8")
    return chinese


def put(workspace: Path, name: str, text: str | bytes) -> Path:
    file = workspace / "records" / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_all_records_are_written_in_one_form(process: Tracker, tidy: Path) -> None:
    file = put(tidy, "a b.md", UNTIDY)
    file.chmod(0o640)
    template = put(tidy, "_template.md", UNTIDY)
    ended = process(tidy, "fmt")
    assert ended.code == 0
    assert ended.out == f"records{os.sep}a b.md\n"
    assert ended.err == "已整理：1，本已规范：1，保持原样：0\n"
    assert file.read_text(encoding="utf-8") == TIDY
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert template.read_text(encoding="utf-8") == UNTIDY
    written = file.stat().st_mtime_ns
    again = process(tidy, "fmt")
    assert (again.code, again.out, again.err) == (0, "", "已整理：0，本已规范：2，保持原样：0\n")
    assert file.stat().st_mtime_ns == written


def test_an_english_workspace_is_told_in_english(tracker: Tracker, english: Path) -> None:
    put(english, "new.md", "---\nowner: Ann\nname: New\nstage: won\n---")
    ended = tracker(english, "fmt", "records/new.md")
    assert ended.err == "formatted: 1, canonical before: 0, left as they are: 0\n"


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_breaks_stay_and_the_mark_goes(
    tracker: Tracker, tidy: Path, newline: str, mark: bytes
) -> None:
    file = put(tidy, "a.md", mark + UNTIDY.replace("\n", newline).encode())
    assert tracker(tidy, "fmt").code == 0
    assert file.read_bytes() == TIDY.replace("\n", newline).encode()
    marked = put(tidy, "b.md", mark + TIDY.replace("\n", newline).encode())
    assert tracker(tidy, "fmt", "--check").code == int(bool(mark))
    assert tracker(tidy, "fmt").code == 0
    assert marked.read_bytes() == file.read_bytes()


def test_check_writes_nothing(tracker: Tracker, tidy: Path) -> None:
    file = put(tidy, "a.md", UNTIDY)
    ended = tracker(tidy, "fmt", "--check")
    assert (ended.code, ended.out) == (1, f"records{os.sep}a.md\n")
    assert ended.err == "需整理：1，已规范：1，无法整理：0\n"
    assert file.read_text(encoding="utf-8") == UNTIDY
    assert not (tidy / ".tracker-cache").exists()
    file.write_text(TIDY, encoding="utf-8")
    ended = tracker(tidy, "fmt", "--check")
    assert (ended.code, ended.out) == (0, "")


@pytest.mark.git
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_diff_can_be_applied(
    process: Tracker, tracker: Tracker, tidy: Path, newline: str, end: str
) -> None:
    text = (codecs.BOM_UTF8.decode() + UNTIDY.rstrip("\n") + end).replace("\n", newline)
    file = put(tidy, "a.md", text)
    ended = process(tidy, "fmt", "--diff")
    assert ended.code == 0
    assert file.read_bytes() == text.encode()
    assert ended.out.startswith("--- a/records/a.md\n+++ b/records/a.md\n@@ ")
    patch = tidy / "x.patch"
    patch.write_bytes(ended.out.encode())
    subprocess.run(["git", "apply", patch.name], cwd=tidy, check=True)
    assert file.read_bytes() == TIDY.replace("\n", newline).encode()
    ended = tracker(tidy, "fmt", "--diff", "--check")
    assert (ended.code, ended.out) == (0, "")


def test_a_diff_is_coloured_on_a_terminal_alone(tidy: Path) -> None:
    # Imported late: where there are no pseudo-terminals, this test alone is left out.
    from tests.cli.pseudo_terminal import tracker_on_terminal

    put(tidy, "a.md", UNTIDY.replace("甲", "甲\x1b]0;x\x07"))
    code, shown = tracker_on_terminal(tidy, "fmt", "--diff")
    assert code == 0
    assert "\x1b[31m-客户名称: '苏州 测试'\x1b[0m\r\n" in shown
    assert "\x1b[32m+客户名称: 苏州 测试\x1b[0m\r\n" in shown
    assert "\x1b]0" not in shown
    code, shown = tracker_on_terminal(tidy, "fmt", "--diff", NO_COLOR="1")
    assert "\r\n-客户名称: '苏州 测试'\r\n" in shown
    assert "\x1b" not in shown


def test_a_diff_with_check_exits_with_one(tracker: Tracker, tidy: Path) -> None:
    file = put(tidy, "a.md", UNTIDY)
    ended = tracker(tidy, "fmt", "--diff", "--check")
    assert ended.code == 1
    assert "\n-客户名称: '苏州 测试'\n" in ended.out
    assert "\n+客户名称: 苏州 测试\n" in ended.out
    assert file.read_text(encoding="utf-8") == UNTIDY


def test_a_record_with_errors_is_left_alone_and_the_others_are_formatted(
    process: Tracker, tidy: Path
) -> None:
    broken = put(tidy, "a.md", BROKEN)
    chinese = put(tidy, "b.md", UNTIDY.encode("gb18030"))
    good = put(tidy, "c.md", UNTIDY)
    ended = process(tidy, "fmt")
    assert (ended.code, ended.out) == (1, f"records{os.sep}c.md\n")
    assert broken.read_text(encoding="utf-8") == BROKEN
    assert chinese.read_bytes() == UNTIDY.encode("gb18030")
    assert good.read_text(encoding="utf-8") == TIDY
    assert "records/a.md:2:7: error[yaml-syntax]" in ended.err
    assert "records/b.md:2:8: error[encoding]" in ended.err
    assert "tracker fmt --from gb18030 records/b.md\n" in ended.err
    assert ended.err.endswith("已整理：1，本已规范：1，保持原样：2\n")


def test_files_and_folders_are_named(tracker: Tracker, tidy: Path) -> None:
    first, second = put(tidy, "a.md", UNTIDY), put(tidy, "_template.md", UNTIDY)
    inner = put(tidy, "华东/b.md", UNTIDY)
    ended = tracker(tidy, "fmt", "records/华东", "records/华东/b.md")
    assert (ended.code, ended.out) == (0, f"records{os.sep}华东{os.sep}b.md\n")
    assert inner.read_text(encoding="utf-8") == TIDY
    assert first.read_text(encoding="utf-8") == UNTIDY
    # From a folder within, and by the path in the workspace; a template where it is named.
    assert tracker(tidy / "records", "fmt", "_template.md").out == "_template.md\n"
    assert second.read_text(encoding="utf-8") == TIDY
    ended = tracker(tidy / "records", "fmt", "records/a.md")
    assert (ended.code, ended.out) == (0, "a.md\n")
    assert first.read_text(encoding="utf-8") == TIDY


def test_patterns_are_expanded(tracker: Tracker, tidy: Path) -> None:
    put(tidy, "a.md", UNTIDY)
    put(tidy, "b.md", UNTIDY)
    assert tracker(tidy, "fmt", "records/*.md").out.count("\n") == 2


def test_keys_in_one_language(tracker: Tracker, tidy: Path) -> None:
    file = put(tidy, "a.md", UNTIDY)
    assert tracker(tidy, "fmt", "--keys", "en", "records/a.md").code == 0
    text = file.read_text(encoding="utf-8")
    assert "\nname: 苏州 测试\n" in text
    assert "\n- contact: 王芳\n" in text
    assert tracker(tidy, "fmt", "--keys", "zh", "records/a.md").code == 0
    text = file.read_text(encoding="utf-8")
    assert "\n客户阶段: 商务谈判\n" in text
    assert "\n- 联系人: 王芳\n" in text


def test_the_order_is_the_team_s(tracker: Tracker, tidy: Path) -> None:
    file = put(tidy, "a.md", UNTIDY)
    (tidy / "tracker.yaml").write_text("language: zh\norder: oldest-first\n", encoding="utf-8")
    assert tracker(tidy, "fmt", "records/a.md").code == 0
    text = file.read_text(encoding="utf-8")
    assert text.index("2026-11-02") < text.index("2026-11-20")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_other_commands_write_is_canonical(
    tracker: Tracker, tmp_path: Path, language: str
) -> None:
    assert tracker(tmp_path, "init", ".", "--lang", language, "--demo").code == 0
    name = "恒达测试" if language == "zh" else "Acme Pumps"
    method, stage = ("电话", "方案制定") if language == "zh" else ("call", "proposal")
    first = next(iter(load_config(tmp_path)[0].owners)).label
    assert tracker(tmp_path, "new", name, "--owner", first, "--set", "value=5").code == 0
    for day in ("2026-11-03", "2026-11-01", "2026-11-02"):
        options = ("--when", f"{day} 09:05", "--method", method, "--who", first, "--stage", stage)
        more = ("--summary", "x", "--todo", f"y @{day}", "--next", f"{day} {method} z")
        assert tracker(tmp_path, "log", name, *options, *more).code == 0
    for assignment in ("region=x", "lost.note=x", "deal.contract=x", "offers+=Q-1"):
        assert tracker(tmp_path, "set", name, assignment).code == 0
    ended = tracker(tmp_path, "fmt", "--diff", "--check", "records", "records/_template.md")
    assert (ended.code, ended.out) == (0, "")


def test_nothing_is_formatted_by_settings_that_cannot_be_read(tracker: Tracker, tidy: Path) -> None:
    file = put(tidy, "a.md", UNTIDY)
    (tidy / "tracker.yaml").write_text("language: zh\norder: oldest\n", encoding="utf-8")
    ended = tracker(tidy, "fmt")
    assert (ended.code, ended.out) == (1, "")
    assert "tracker.yaml:2:8: error[config-invalid]" in ended.err
    assert ended.err.endswith("没有整理任何档案：请先改正 tracker.yaml\n")
    assert file.read_text(encoding="utf-8") == UNTIDY


def test_a_file_that_somebody_changes_meanwhile_is_not_overwritten(
    tracker: Tracker, tidy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = put(tidy, "a.md", UNTIDY), put(tidy, "b.md", UNTIDY)

    def interrupted(data: bytes, config: Config, keys: KeyLanguage | None) -> object:
        result = format_file(data, config, keys)
        if not file.read_text(encoding="utf-8").endswith("新\n"):
            file.write_text(f"{UNTIDY}新\n", encoding="utf-8")
        return result

    monkeypatch.setattr("tracker.cli.fmt.format_file", interrupted)
    ended = tracker(tidy, "fmt")
    assert ended.code == 3
    assert ended.out == f"records{os.sep}b.md\n"
    assert "a.md" in ended.err
    assert file.read_text(encoding="utf-8") == f"{UNTIDY}新\n"
    assert other.read_text(encoding="utf-8") == TIDY


def test_a_refusal_of_the_system_does_not_stop_the_others(
    tracker: Tracker, tidy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tidy, "a.md", UNTIDY)
    other = put(tidy, "b.md", UNTIDY)

    def refuse(path: Path, before: bytes, after: bytes) -> None:
        if path.name == "a.md":
            raise PermissionError(13, "Permission denied", str(path))
        replace_if_unchanged(path, before, after)

    monkeypatch.setattr("tracker.cli.fmt.replace_if_unchanged", refuse)
    ended = tracker(tidy, "fmt")
    assert (ended.code, ended.out) == (3, f"records{os.sep}b.md\n")
    assert "a.md：权限不足\n" in ended.err
    assert other.read_text(encoding="utf-8") == TIDY


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["records/acme-pump.md"],
            "there is no file records/acme-pump.md; did you mean records/acme-pumps.md?",
        ),
        (["qqq"], "there is no file qqq"),
        (["tracker.yaml"], "tracker.yaml is no record, and holds none"),
        (["attachments"], "attachments is no record, and holds none"),
        ([".."], ".. does not lie in the workspace"),
        (["--keys", "de"], "--keys: there is no ‘de’; known are: zh, en"),
        (["--chek"], "there is no option --chek; did you mean --check?"),
    ],
)
def test_wrong_use(tracker: Tracker, english: Path, arguments: list[str], expected: str) -> None:
    (english / "attachments").mkdir(exist_ok=True)
    file = put(english, "a.md", UNTIDY)
    ended = tracker(english, "fmt", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert expected in ended.err
    assert ended.err.count("\n") == 1
    assert file.read_text(encoding="utf-8") == UNTIDY


@given(record_files(), configs)
def test_the_bytes_of_a_file_keep_their_line_breaks(data: bytes, config: Config) -> None:
    result = format_file(data, config)
    assert isinstance(result, bytes)
    assert format_file(result, config) == result
    content, expected = decode(result), decode(data)
    assert isinstance(content, TextFile)
    assert isinstance(expected, TextFile)
    assert not result.startswith(codecs.BOM_UTF8)
    assert result == content.text.replace("\n", expected.newline).encode()


# --- Conversions --------------------------------------------------------------------------------

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
