"""Ends, streams and start-up: what holds for every command."""

from __future__ import annotations

import importlib
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import pytest

import tracker
from tracker.cli.context import prepare_streams, printable
from tracker.cli.main import COMMANDS, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Tracker

pytestmark = pytest.mark.usefixtures("few_numbers")

TODAY = ("--today", "2026-11-24")
HEAVY = {"babel", "jinja2", "markdown", "nh3", "pydantic", "rapidfuzz", "rich", "yaml"}


def test_version(process: Tracker, tmp_path: Path) -> None:
    ended = process(tmp_path, "--version")
    assert (ended.code, ended.out, ended.err) == (0, f"tracker {tracker.__version__}\n", "")


def test_help_names_every_command_and_needs_no_workspace(process: Tracker, tmp_path: Path) -> None:
    ended = process(tmp_path, "--help")
    assert (ended.code, ended.err) == (0, "")
    for name, entry in COMMANDS.items():
        assert f"\n  {name}" in ended.out
        assert entry.summary in ended.out


def modules_after(folder: Path, script: str) -> set[str]:
    """Return the names of the modules that a process has loaded at the end of a script."""
    script = f"import sys; {script}; print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    loaded = modules_after(tmp_path, "from tracker.cli.main import run; run(['--help'])")
    assert "click" in loaded
    assert not loaded & HEAVY


def test_rules_are_loaded_only_where_something_has_changed(tmp_path: Path) -> None:
    slow = {"tracker.rules.next_overdue", "tracker.format.parser", "yaml"}
    record = tmp_path / "records" / "acme.md"
    record.parent.mkdir()
    (tmp_path / "tracker.yaml").write_text("language: en\n", encoding="utf-8")
    record.write_text("---\nname: Acme\nstage: won\nowner: Ann\n---\n", encoding="utf-8")
    words = ["show", "acme", "--today", "2026-11-24"]
    show = f"from tracker.cli.main import run; run({words})"
    assert slow <= modules_after(tmp_path, show)
    assert not slow & modules_after(tmp_path, show)
    # Whoever follows edits has them beforehand.
    script = (
        "from datetime import date; from pathlib import Path; "
        "from tracker.site.live_workspace import LiveWorkspace; "
        "LiveWorkspace(Path.cwd(), date(2026, 11, 24), cached=True)"
    )
    assert slow <= modules_after(tmp_path, script)


def test_an_order_by_a_further_column_does_not_load_the_query_language(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "tracker.yaml").write_text("language: en\n", encoding="utf-8")
    script = "from tracker.cli.main import run; run(['list', '--sort', '区域,name'])"
    record = "---\nname: Acme\nstage: won\nowner: Ann\nregion: Kent\n---\n"
    (tmp_path / "records" / "acme.md").write_text(record, encoding="utf-8")
    loaded = modules_after(tmp_path, script)
    assert "tracker.library.query.further_columns" in loaded
    assert not loaded & {"tracker.library.query.language", "tracker.library.query.parser"}


def test_help_takes_less_than_twice_the_time_of_importing_click(tmp_path: Path) -> None:
    def seconds(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], cwd=tmp_path, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    # Of the processor, as waiting for it tells of other work; that only ever adds to the rest, so
    # that the best of each comes near to the truth.
    bare, ours = [], []
    for _ in range(30):
        bare.append(seconds("-c", "import click"))
        ours.append(seconds("-m", "tracker", "--help"))
        if len(bare) >= 5 and min(ours) < 2 * min(bare):
            break
    assert min(ours) < 2 * min(bare)


def test_no_command_shows_the_help_on_stderr(process: Tracker, tmp_path: Path) -> None:
    ended = process(tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage: tracker" in ended.err


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_commands_says_what_the_commands_say(name: str) -> None:
    command = importlib.import_module(COMMANDS[name].module).command
    assert isinstance(command, click.Command)
    assert (command.help or "").partition("\n")[0] == COMMANDS[name].summary


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_ends_with_an_example(tracker: Tracker, tmp_path: Path, name: str) -> None:
    ended = tracker(tmp_path, name, "--help")
    assert ended.code == 0
    last = ended.out.rstrip().splitlines()[-1]
    assert last.startswith("    tracker ")
    assert name in last


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["lst"], "没有 lst 这个命令；是不是 list？"),
        (["biuld"], "没有 biuld 这个命令；是不是 build？"),
        (["qqqqqq"], "没有 qqqqqq 这个命令；详见：tracker --help"),
        (["--debag"], "没有 --debag 这个选项；是不是 --debug？"),
        (
            ["list", "-阶段:成交"],
            "没有 -阶 这个选项；以 - 开头的文字写在 -- 之后：tracker list […] -- QUERY",
        ),
        (["show", "-x"], "没有 -x 这个选项；详见：tracker show --help"),
        (["list", "--ownr", "x"], "没有 --ownr 这个选项；是不是 --owner？"),
        (["list", "--qqqqqq"], "没有 --qqqqqq 这个选项；详见：tracker list --help"),
        (["list", "--format", "xml"], "--format：没有“xml”；可用的有：table、json、jsonl、csv"),
        (["list", "--format", "it's"], "--format：没有“it's”；可用的有：table、json、jsonl、csv"),
        (["list", "--format", "jsno"], "--format：没有“jsno”；是不是“json”？"),
        (["completion", "bsh"], "SHELL：没有“bsh”；是不是“bash”？"),
        (["completion"], "缺少 SHELL（命令行环境）；可用的有：bash、zsh、fish、powershell"),
        (["list", "--today", "tomorrow"], "--today：“tomorrow”不是日期；请写成 2026-11-20"),
        (["list", "--today", "2026-02-30"], "--today：没有 2026-02-30 这一天"),
        (["check", "--codes", "records"], "--codes 后面不能再写路径"),
        (["list", "--sort"], "--sort 后面缺少值；详见：tracker list --help"),
        (["list", "--mine=3"], "--mine 后面不能写值；详见：tracker list --help"),
        (["-C"], "-C 后面缺少值；详见：tracker --help"),
        (["--debug=1", "list"], "--debug 后面不能写值；详见：tracker --help"),
        (["show"], "缺少 CUSTOMER（客户）；详见：tracker show --help"),
        (["merge-records"], "缺少 A（保留的客户）；详见：tracker merge-records --help"),
        (["merge-records", "x"], "缺少 B（并入的客户）；详见：tracker merge-records --help"),
        (["set", "hengda"], "缺少 KEY=VALUE（字段=值）；详见：tracker set --help"),
        (["show", "a", "b", "c"], "多余的参数：b c；详见：tracker show --help"),
        (["agenda", "--days", "x"], "--days：要写 0 到 3650 之间的整数"),
        (["agenda", "--days", "3651"], "--days：要写 0 到 3650 之间的整数"),
        (["sql", "--timeout", "0", "x"], "--timeout：要写大于 0 的数"),
        (["build", "--output", "tracker.yaml"], "--output：tracker.yaml 不是文件夹"),
        (["fmt", "x.md"], "没有文件 x.md"),
        (["-C", "nowhere", "list"], "-C：没有文件夹 nowhere"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    tracker: Tracker, chinese: Path, arguments: list[str], expected: str
) -> None:
    ended = tracker(chinese, *arguments)
    assert (ended.code, ended.out, ended.err) == (2, "", f"tracker: {expected}\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--debag"], "there is no option --debag; did you mean --debug?"),
        (["list", "-format", "json"], "there is no option -format; did you mean --format?"),
        (
            ["list", "-stage:won"],
            (
                "there is no option -s; a text that begins with - goes behind --: "
                "tracker list […] -- QUERY"
            ),
        ),
        (["list", "-C", "x"], "-C goes before the command: tracker -C DIR list …"),
        (["list", "--debug"], "--debug goes before the command: tracker --debug list …"),
        (["list", "--version"], "--version goes before the command: tracker --version"),
        (["list", "--qqqqqq"], "there is no option --qqqqqq; see: tracker list --help"),
        (["init", "--lang", "fr"], "--lang: there is no ‘fr’; known are: zh, en"),
        (["list", "--format", "jsno"], "--format: there is no ‘jsno’; did you mean ‘json’?"),
        (["completion"], "SHELL is missing; there are: bash, zsh, fish, powershell"),
        (["list", "--today", "2026-02-30"], "--today: there is no day 2026-02-30"),
        (["list", "--sort"], "--sort needs a value; see: tracker list --help"),
        (["list", "--mine=3"], "--mine takes no value; see: tracker list --help"),
        (["show"], "CUSTOMER is missing; see: tracker show --help"),
        (["show", "a", "b", "c"], "not expected: b c; see: tracker show --help"),
        (["agenda", "--days", "x"], "--days: a whole number from 0 to 3650 is wanted"),
        (["sql", "--timeout", "x", "y"], "--timeout: a number greater than 0 is wanted"),
        (["-C", "nowhere", "list"], "-C: there is no folder nowhere"),
    ],
)
def test_wrong_use_is_told_in_english_in_an_english_workspace(
    tracker: Tracker, english: Path, arguments: list[str], expected: str
) -> None:
    ended = tracker(english, *arguments)
    assert (ended.code, ended.out, ended.err) == (2, "", f"tracker: {expected}\n")


def test_what_click_alone_can_say_stays_in_one_language(tracker: Tracker, chinese: Path) -> None:
    ended = tracker(chinese, "list", TRACKER_NO_CACHE="perhaps")
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.isascii()
    assert "'perhaps'" in ended.err
    assert ended.err.endswith(" See: tracker --help\n")


@pytest.mark.parametrize(
    ("machine", "expected"),
    [("zh_CN.UTF-8", "没有 lst 这个命令；"), ("en_GB.UTF-8", "there is no command lst; ")],
)
def test_without_a_workspace_the_machine_s_language_is_spoken(
    tracker: Tracker, tmp_path: Path, machine: str, expected: str
) -> None:
    assert tracker(tmp_path, "lst", LANG=machine).err.startswith(f"tracker: {expected}")


def test_the_workspace_s_language_goes_before_the_machine_s(
    tracker: Tracker, english: Path
) -> None:
    ended = tracker(english, "lst", LANG="zh_CN.UTF-8")
    assert ended.err == "tracker: there is no command lst; did you mean list?\n"


def test_settings_with_mistakes_say_the_language_all_the_same(
    tracker: Tracker, chinese: Path
) -> None:
    (chinese / "tracker.yaml").write_text("language: zh\ncurrency: XYZW\n", "utf-8")
    assert tracker(chinese, "lst").err == "tracker: 没有 lst 这个命令；是不是 list？\n"


def _slips(name: str) -> Iterator[tuple[list[str], str]]:
    """Yield slips of the pen in a command's name, options and choices; and what was meant."""
    yield [f"{name}x"], f"；是不是 {name}？"
    parameters = load(name).params
    needed = ["x" for one in parameters if isinstance(one, click.Argument) and one.required]
    for parameter in parameters:
        options = [option for option in parameter.opts if option.startswith("--")]
        for option in options:
            yield [name, f"{option}x"], f"；是不是 {option}？"
        if isinstance(parameter.type, click.Choice) and options:
            for choice in map(str, parameter.type.choices):
                if len(choice) > 2:
                    yield [name, f"{options[0]}={choice}q", *needed], f"；是不是“{choice}”？"


@pytest.mark.parametrize("name", COMMANDS)
def test_slips_of_the_pen_are_answered_with_what_was_meant(
    tracker: Tracker, chinese: Path, name: str
) -> None:
    before = sorted(chinese.rglob("*"))
    for arguments, meant in _slips(name):
        ended = tracker(chinese, *arguments)
        assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1), arguments
        assert meant in ended.err, arguments
    assert sorted(chinese.rglob("*")) == before, "nothing was done"


@pytest.mark.parametrize("written", ["2026-11-24", "2026/11/24", "2026年11月24日"])
def test_a_day_can_be_written_in_three_forms(tracker: Tracker, english: Path, written: str) -> None:
    ended = tracker(english, "list", "--format", "jsonl", "--today", written)
    assert '"days_overdue": 1' in ended.out


def test_the_day_is_that_of_the_workspace_s_time_zone(
    tracker: Tracker, english: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.cli.context.datetime", _Clock)
    english.joinpath("tracker.yaml").write_text("timezone: Pacific/Kiritimati\n")
    east = tracker(english, "show", "pumps", "--format", "json").out
    english.joinpath("tracker.yaml").write_text("timezone: Pacific/Pago_Pago\n")
    west = tracker(english, "show", "pumps", "--format", "json").out
    assert '"today": "2026-11-25"' in east
    assert '"today": "2026-11-24"' in west


class _Clock:
    """The clock of `tracker.cli.context`, stopped at noon of 24 November 2026, UTC."""

    @staticmethod
    def now(zone: tzinfo) -> datetime:
        return datetime(2026, 11, 24, 12, tzinfo=UTC).astimezone(zone)


def test_no_workspace_is_told_in_one_line(tracker: Tracker, tmp_path: Path) -> None:
    ended = tracker(tmp_path, "list")
    assert (ended.code, ended.out) == (2, "")
    assert "no tracker.yaml" in ended.err
    assert str(tmp_path) in ended.err
    assert ended.err.count("\n") == 1


def test_a_workspace_is_found_from_below_and_by_option(
    tracker: Tracker, chinese: Path, tmp_path: Path
) -> None:
    below = tracker(chinese / "records" / "华东", "list", *TODAY)
    named = tracker(tmp_path, "-C", str(chinese), "list", *TODAY)
    relative = tracker(tmp_path, "-C", "客户 资料/small-zh/records", "list", *TODAY)
    assert below.code == 0
    assert below.out == named.out == relative.out
    assert "恒达精密机械有限公司" in below.out


# --- Cache ------------------------------------------------------------------------------------


def test_commands_keep_parsed_records(process: Tracker, chinese: Path) -> None:
    first = process(chinese, "check", *TODAY)
    assert list(chinese.joinpath(".tracker-cache").glob("*.msgpack"))
    assert process(chinese, "check", *TODAY) == first
    assert process(chinese, "--no-cache", "check", *TODAY) == first


@pytest.mark.parametrize(
    ("arguments", "environment"), [(("--no-cache",), {}), ((), {"TRACKER_NO_CACHE": "1"})]
)
@pytest.mark.parametrize("command", ["list", "build"])
def test_no_cache_keeps_nothing(
    tracker: Tracker,
    chinese: Path,
    command: str,
    arguments: tuple[str, ...],
    environment: dict[str, str],
) -> None:
    ended = tracker(chinese, *arguments, command, *TODAY, **environment)
    assert ended.code in {0, 1}
    assert not chinese.joinpath(".tracker-cache").exists()


# --- What goes wrong below --------------------------------------------------------------------


def _raising(error: BaseException) -> Callable[..., NoReturn]:
    def load(*_: object, **__: object) -> NoReturn:
        raise error

    return load


def test_the_system_s_refusal_is_a_line_with_path_and_reason(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = PermissionError(13, "Permission denied", "records/hengda.md")
    monkeypatch.setattr("tracker.library.loader.load_library", _raising(error))
    ended = tracker(chinese, "list")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "tracker: records/hengda.md：权限不足\n"


def test_what_the_system_says_seldom_is_told_in_its_own_words(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = OSError(5, "Input/output error", "records/hengda.md")
    monkeypatch.setattr("tracker.library.loader.load_library", _raising(error))
    ended = tracker(chinese, "list")
    assert (ended.code, ended.err) == (3, "tracker: records/hengda.md：Input/output error\n")


def test_an_unexpected_error_is_called_a_bug(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = ZeroDivisionError("first line\nsecond line")
    monkeypatch.setattr("tracker.library.loader.load_library", _raising(error))
    ended = tracker(chinese, "list")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.count("\n") == 1
    assert "这是 tracker 的程序缺陷（ZeroDivisionError: first line）" in ended.err
    assert "tracker --debug" in ended.err


@pytest.mark.parametrize(
    ("error", "code"), [(ZeroDivisionError("x"), 3), (PermissionError(13, "no", "x"), 3)]
)
def test_debug_shows_the_traceback(
    tracker: Tracker,
    chinese: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
) -> None:
    monkeypatch.setattr("tracker.library.loader.load_library", _raising(error))
    ended = tracker(chinese, "--debug", "list")
    assert ended.code == code
    assert "Traceback" in ended.err
    assert "load_day" in ended.err


def test_an_interrupt_is_silent(
    tracker: Tracker, chinese: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.library.loader.load_library", _raising(KeyboardInterrupt()))
    ended = tracker(chinese, "list")
    assert (ended.code, ended.out, ended.err) == (130, "", "")


def test_a_reader_that_goes_away_is_no_error(chinese: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "tracker", "list", "--format", "json"],
        cwd=chinese,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    messages = running.stderr.read().decode()
    running.stderr.close()
    assert running.wait(timeout=60) == 0
    assert "Broken pipe" not in messages
    assert "Error" not in messages
    assert "Traceback" not in messages


@pytest.mark.skipif(os.name == "nt", reason="needs a shell with pipes")
def test_only_the_first_line_is_wanted(chinese: Path) -> None:
    line = f"'{sys.executable}' -m tracker list --today 2026-11-24 | head -1"
    done = subprocess.run(["sh", "-c", line], cwd=chinese, capture_output=True, check=True)
    assert done.stdout.decode().startswith("客户")
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that closes streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_streams_may_be_closed(chinese: Path, closed: str) -> None:
    line = f"'{sys.executable}' -m tracker build --today 2026-11-24 {closed}"
    done = subprocess.run(["sh", "-c", line], cwd=chinese, capture_output=True, check=False)
    assert done.returncode == 1  # The records have mistakes.
    assert b"tracker:" not in done.stderr
    assert (chinese / "output/index.html").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told(chinese: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tracker", "list", "--format", "json"],
            cwd=chinese,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    messages = done.stderr.decode()
    assert done.returncode == 3
    assert "磁盘空间不足" in messages
    assert "Traceback" not in messages
    assert "Exception ignored" not in messages


# --- Encodings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"LC_ALL": "C"}]
)
def test_a_pipe_gets_utf_8_whatever_the_locale(
    process: Tracker, chinese: Path, locale: dict[str, str]
) -> None:
    ended = process(chinese, "list", *TODAY, **locale)
    assert ended.code == 0
    assert "恒达精密机械有限公司" in ended.out


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
@pytest.mark.parametrize(
    ("encoding", "written"), [("cp1252", rb"\u6052\u8fbe"), ("gbk", "恒达".encode("gbk"))]
)
def test_an_encoding_that_was_asked_for_is_for_people_only(
    chinese: Path, encoding: str, written: bytes, form: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "list", *TODAY, "--format", form],
        cwd=chinese,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert (written if form == "table" else "恒达".encode()) in done.stdout


def test_file_names_that_are_no_text_can_be_printed(process: Tracker, chinese: Path) -> None:
    source = chinese / "records" / "mingtai.md"
    try:
        os.rename(source, os.fsencode(source.parent) + b"/\xce\xd2.md")  # noqa: PTH104  # bytes
    except OSError:
        pytest.skip("the file system takes names in UTF-8 only")
    for arguments in (["list"], ["list", "--format", "json"], ["show", "明泰"]):
        assert "Traceback" not in process(chinese, *arguments).err
    ended = process(chinese, "show", os.fsdecode(b"records/\xce\xd2.md"))
    assert (ended.code, ended.out) == (1, "")
    assert "records/\\xce\\xd2.md 无法读取：文件名不是 UTF-8 编码；" in ended.err
    ended = process(chinese, "check", os.fsdecode(b"records/\xce\xd2.md"))
    assert ended.out.startswith("records/\\xce\\xd2.md:1:1: ")


@pytest.mark.skipif(sys.platform != "linux", reason="names are text here")
def test_a_system_that_cannot_name_the_files_is_no_bug(process: Tracker, chinese: Path) -> None:
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX"}
    ended = process(chinese, "build", **plain)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        "tracker: 这里的文件名使用 ascii 编码，缺少其中的某些字符；详见：tracker doctor\n"
    )
    assert "LC_ALL=C.UTF-8" in process(chinese, "doctor", **plain).out


def test_streams_without_settings_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare:
        def isatty(self) -> bool:
            raise AssertionError

    bare = Bare()
    monkeypatch.setattr(sys, "stdout", bare)
    monkeypatch.setattr(sys, "stderr", bare)
    prepare_streams()
    assert sys.stdout is bare


def test_records_cannot_command_the_terminal(tracker: Tracker, english: Path) -> None:
    record = english / "records" / "quiet-mill.md"
    text = record.read_text().replace("name: Quiet Mill", 'name: "Quiet\\e[31m\\a Mill"')
    record.write_text(text + "\n## 2026-11-20 call\n\nsaid \x1b]0;title\x07 so\n")
    for ended in (tracker(english, "list"), tracker(english, "show", "quiet-mill")):
        assert ended.code == 0
        assert "Quiet\ufffd[31m\ufffd Mill" in ended.out
        assert "\x1b" not in ended.out
        assert "\x07" not in ended.out


def test_printable_keeps_text() -> None:
    assert printable("恒达 \n\t é 👍") == "恒达 \n\t é 👍"
