"""Parsed records kept between runs: the same library with the cache, without it, and damaged."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from tests.record_strategies import CONFIGS, configs, near_records, records
from tracker import config_file
from tracker.config import CONFIG_NAME, RECORDS_DIR, Config, Terms
from tracker.format import parser
from tracker.format.parser import parse_record
from tracker.library import cache, cache_files, config_cache
from tracker.library.cache import RecordCache, packed
from tracker.library.cache_files import CACHE_DIR
from tracker.library.config_cache import cached_config
from tracker.library.library import Entry
from tracker.library.loader import load_library
from tracker.library.record_files import records_locked

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.library.library import Library

REPOSITORY = Path(__file__).resolve().parents[2]
WORKSPACES = sorted(
    path.parent
    for folder in (REPOSITORY / "tests" / "workspaces", REPOSITORY / "tests" / "site")
    for path in folder.rglob(CONFIG_NAME)
)
PATH = "records/a.md"


def _same(left: object, right: object, place: str = "library") -> None:
    """Compare two things deeply, the types of all parts included."""
    assert type(left) is type(right), place
    if isinstance(left, Terms) and isinstance(right, Terms):
        left, right = list(left), list(right)
    if isinstance(left, Struct):
        for name in left.__struct_fields__:
            _same(getattr(left, name), getattr(right, name), f"{place}.{name}")
    elif is_dataclass(left):
        for name in (field.name for field in fields(left) if field.compare):
            _same(getattr(left, name), getattr(right, name), f"{place}.{name}")
    elif isinstance(left, dict) and isinstance(right, dict):
        assert list(left) == list(right), place
        for key, value in left.items():
            _same(value, right[key], f"{place}[{key!r}]")
    elif isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)):
        assert len(left) == len(right), place
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            _same(one, other, f"{place}[{number}]")
    else:
        assert left == right, place
        assert repr(left) == repr(right), place


def _same_entries(library: Library, expected: Library) -> None:
    _same(library.entries, expected.entries)
    assert [each.digests for each in library.entries] == [each.digests for each in expected.entries]
    _same(library.config, expected.config)


def _copy(workspace: Path, folder: Path) -> Path:
    target = folder / "workspace"
    target.mkdir()
    shutil.copy(workspace / CONFIG_NAME, target)
    shutil.copytree(workspace / RECORDS_DIR, target / RECORDS_DIR)
    return target


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a copy of a workspace with good and bad records."""
    return _copy(REPOSITORY / "tests" / "workspaces" / "broken" / "zh", tmp_path)


@pytest.fixture
def no_parsing(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function after whose call nothing may be parsed any more."""

    def refuse(*_: object) -> None:
        message = "something was parsed"
        raise AssertionError(message)

    def forbid() -> None:
        monkeypatch.setattr(parser, "parse_record", refuse)
        monkeypatch.setattr(config_file, "parse_config", refuse)

    return forbid


def _cache_files(workspace: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (workspace / CACHE_DIR).glob("*.msgpack")}


# --- The same library -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [*WORKSPACES, REPOSITORY],
    ids=lambda path: path.relative_to(REPOSITORY).as_posix(),
)
def test_cold_warm_and_without_cache_are_the_same(
    source: Path, tmp_path: Path, no_parsing: Callable[[], None]
) -> None:
    root = _copy(source, tmp_path)
    expected = load_library(root)
    assert not (root / CACHE_DIR).exists()
    _same_entries(load_library(root, cached=True), expected)
    no_parsing()
    _same_entries(load_library(root, cached=True), expected)


def test_the_examples_of_all_rules_are_the_same_with_a_cache(tmp_path: Path) -> None:
    texts = [
        part.partition("\n")[2]
        for case in sorted((REPOSITORY / "tests" / "rules" / "cases").glob("*.txt"))
        for part in case.read_text("utf-8").split("=== ")
    ]
    assert len(texts) > 100
    for text in texts:
        _kept_exactly(text, CONFIGS[0], tmp_path)


def _kept_exactly(text: str, config: Config, folder: Path) -> None:
    parsed = parse_record(text, PATH, config)
    before = RecordCache(folder, config)
    before.get(PATH, text)
    kept = packed(text, parsed)
    assert kept is not None
    before.put(PATH, kept)
    before.save()
    found = RecordCache(folder, config).get(PATH, text)
    assert found is not None
    expected = Entry(PATH, text, parsed.customer, parsed.problems)
    _same(found, expected)
    assert found.digests == expected.digests


@given(records() | near_records() | st.text(), configs)
def test_any_text_is_kept_exactly(text: str, config: Config) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _kept_exactly(text, config, Path(folder))


@pytest.mark.parametrize(
    "line",
    [
        "lines: 1E+5",
        "lines: 12_000.50",
        "audit_date: 1000-01-01",
        "certified: 是",
        "machines: [a, b]",
        "value: 99999999999999999999999999999.99 USD",
        "offers: [{amount: 1-2 USD}, {amount: 3 USD}, {amount: x}]",
    ],
)
def test_values_of_several_types_keep_their_type(line: str, tmp_path: Path) -> None:
    text = f"---\nname: A\nstage: won\nowner: B\n{line}\n---\n"
    _kept_exactly(text, CONFIGS[0], tmp_path)


def test_what_cannot_be_written_is_parsed_every_time(workspace: Path) -> None:
    """A ticket number beyond 64 bits does not fit the format of the cache."""
    record = workspace / "records" / "huge.md"
    record.write_text(
        "---\nname: A\nstage: won\nowner: B\n---\n## 2026-11-20 phone B\n- service: problem "
        f"#{10**30} broken\n"
    )
    expected = load_library(workspace)
    assert expected.by_path["records/huge.md"].customer is not None
    _same_entries(load_library(workspace, cached=True), expected)
    written = _cache_files(workspace)
    _same_entries(load_library(workspace, cached=True), expected)
    assert _cache_files(workspace) == written


# --- What has changed -------------------------------------------------------------------------


def test_an_edit_of_the_same_size_and_time_is_seen(workspace: Path) -> None:
    record = workspace / "records" / "hengda.md"
    load_library(workspace, cached=True)
    status, data = record.stat(), record.read_bytes()
    record.write_bytes(data.replace("李雷".encode(), "李蕾".encode()))
    os.utime(record, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert record.stat().st_size == status.st_size
    _same_entries(load_library(workspace, cached=True), load_library(workspace))


def test_an_edit_rewrites_one_file_of_the_cache(tmp_path: Path) -> None:
    root = _copy(REPOSITORY, tmp_path)
    load_library(root, cached=True)
    before = _cache_files(root)
    assert len(before) > 8
    record = root / "records" / "hengda-jingmi.md"
    record.write_text(record.read_text("utf-8") + "\n", "utf-8")
    load_library(root, cached=True)
    after = _cache_files(root)
    assert len([name for name in before if before[name] != after[name]]) == 1
    load_library(root, cached=True)
    assert _cache_files(root) == after


def test_new_settings_are_seen(workspace: Path) -> None:
    load_library(workspace, cached=True)
    with (workspace / CONFIG_NAME).open("a", encoding="utf-8") as stream:
        stream.write("\nlimits: {front_matter: 256}\n")
    _same_entries(load_library(workspace, cached=True), load_library(workspace))


def test_a_changed_program_parses_anew(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_library(workspace, cached=True)
    monkeypatch.setattr(cache, "program_stamp", lambda: "another one")
    monkeypatch.setattr(config_cache, "program_stamp", lambda: "another one")
    parsed = []

    def counted(text: str, path: str, config: Config) -> object:
        parsed.append(path)
        return parse_record(text, path, config)

    monkeypatch.setattr(parser, "parse_record", counted)
    load_library(workspace, cached=True)
    assert len(parsed) == len([e for e in expected.entries if e.text and e.path != CONFIG_NAME]) > 0
    parsed.clear()
    load_library(workspace, cached=True)
    assert parsed == []


def test_a_deleted_record_leaves_the_cache(workspace: Path) -> None:
    other = workspace / "records" / "gone.md"
    # Many, so that one of them shares a file with a record that stays.
    gone = [other.with_stem(f"gone-{number}") for number in range(40)]
    for path in gone:
        path.write_text("---\nname: 快要删除的\nstage: won\nowner: B\n---\n", "utf-8")
    load_library(workspace, cached=True)
    holding = {name for name, data in _cache_files(workspace).items() if "快要".encode() in data}
    kept = load_library(workspace, cached=True)
    for path in gone:
        path.unlink()
    _same_entries(load_library(workspace, cached=True), load_library(workspace))
    assert len(kept.entries) == len(load_library(workspace).entries) + 40
    left = {name for name, data in _cache_files(workspace).items() if "快要".encode() in data}
    assert left < holding


def test_a_renamed_record_has_its_new_id(workspace: Path) -> None:
    load_library(workspace, cached=True)
    (workspace / "records" / "hengda.md").rename(workspace / "records" / "c-17.md")
    _same_entries(load_library(workspace, cached=True), load_library(workspace))


# --- Settings ---------------------------------------------------------------------------------

SETTINGS = (
    "",
    """\
language: zh
timezone: Europe/Berlin
currency: EUR
rates: {USD: 0.90, CNY: 1E-1}
""",
    """\
title: A
stages:
  - 一
  - {id: x, label: 二, kind: won, probability: 0.5, aliases: [z]}
levels: [{label: 大, max_idle_days: 3}]
owners: [{name: A, email: a@x.example}, B]
""",
    """\
fields:
  a: {label: 甲, type: choice, choices: [x, y], required: yes}
  b: {type: money}
followup_fields: {c: {label: 丙}}
profiles: {p: {hide: [a, contacts], mask: [b], only: "is:open"}}
""",
    """\
views: {v: "is:overdue", w: {label: W, query: "level:A"}}
rules: {stale: off, x: error}
edit_url: "vscode://file{root}/{path}:{line}"
limits: {file_size: 2048}
""",
    "titel: x\nstages: 3\nlanguage: fr\ntimezone: Nowhere\n",
    "a: &x [1\n",
    "- no\n",
)


@pytest.mark.parametrize("text", SETTINGS)
def test_settings_are_kept_exactly(
    text: str, tmp_path: Path, no_parsing: Callable[[], None]
) -> None:
    (tmp_path / CONFIG_NAME).write_text(text, "utf-8")
    expected = config_file.load_config(tmp_path)
    _same(cached_config(tmp_path), expected)
    no_parsing()
    _same(cached_config(tmp_path), expected)


def test_settings_that_cannot_be_read_are_not_kept(tmp_path: Path) -> None:
    (tmp_path / CONFIG_NAME).write_bytes(b"title: \xff\n")
    for _ in range(2):
        _same(cached_config(tmp_path), config_file.load_config(tmp_path))
    assert not (tmp_path / CACHE_DIR).exists()


def test_new_settings_and_a_new_name_of_the_folder_are_seen(tmp_path: Path) -> None:
    root = tmp_path / "one"
    root.mkdir()
    (root / CONFIG_NAME).write_text("language: zh\n", "utf-8")
    assert cached_config(root)[0].title == "one"
    root = root.rename(tmp_path / "two")
    assert cached_config(root)[0].title == "two"
    (root / CONFIG_NAME).write_text("language: en\n", "utf-8")
    assert cached_config(root)[0].language == "en"


# --- What is wrong with a cache ---------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_cache_is_ignored_and_made_anew(workspace: Path, data: st.DataObject) -> None:
    expected = load_library(workspace)
    load_library(workspace, cached=True)
    sound = _cache_files(workspace)
    name = data.draw(st.sampled_from(sorted(sound)))
    content = bytearray(sound[name])
    at = data.draw(st.integers(0, len(content) - 1))
    match data.draw(st.sampled_from(["flip", "cut", "zero", "foreign"])):
        case "flip":
            content[at] ^= 1 << data.draw(st.integers(0, 7))
        case "cut":
            del content[at:]
        case "zero":
            content[at:] = bytes(len(content) - at)
        case "foreign":
            content[:] = data.draw(st.binary())
    (workspace / CACHE_DIR / name).write_bytes(content)
    _same_entries(load_library(workspace, cached=True), expected)
    assert _cache_files(workspace) == sound


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        ["", {}],
        ["{made_by}", {}],
        ["{made_by}", {PATH: [b"", None]}],
        ["{made_by}", {"records/hengda.md": ["{digest}", ["no record", []]]}],
        ["{made_by}", {"records/hengda.md": ["{digest}", [None, [["x"]]]]}],
    ],
)
def test_a_well_formed_file_of_something_else_is_ignored(workspace: Path, content: object) -> None:
    import zlib

    import msgspec

    expected = load_library(workspace)
    load_library(workspace, cached=True)
    for name, data in _cache_files(workspace).items():
        made_by, known = msgspec.msgpack.decode(data[4:])
        digest = known["records/hengda.md"][0] if "records/hengda.md" in known else b""

        def filled(part: object, values: dict[str, object]) -> object:
            if isinstance(part, list):
                return [filled(inner, values) for inner in part]
            if isinstance(part, dict):
                return {key: filled(inner, values) for key, inner in part.items()}
            return values.get(part, part) if isinstance(part, str) else part

        body = msgspec.msgpack.encode(filled(content, {"{made_by}": made_by, "{digest}": digest}))
        path = workspace / CACHE_DIR / name
        path.write_bytes(zlib.crc32(body).to_bytes(4) + body)
    _same_entries(load_library(workspace, cached=True), expected)


def test_a_file_in_the_place_of_the_cache_is_left_alone(workspace: Path) -> None:
    (workspace / CACHE_DIR).write_text("mine")
    _same_entries(load_library(workspace, cached=True), load_library(workspace))
    assert (workspace / CACHE_DIR).read_text() == "mine"


def test_a_workspace_that_cannot_be_written_is_read(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    expected = load_library(workspace)
    monkeypatch.setattr(Path, "mkdir", refuse)
    _same_entries(load_library(workspace, cached=True), expected)
    monkeypatch.undo()
    load_library(workspace, cached=True)
    monkeypatch.setattr(cache_files, "write_atomically", refuse)
    (workspace / "records" / "hengda.md").write_text("---\nname: A\n---\n")
    _same_entries(load_library(workspace, cached=True), load_library(workspace))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_read_only_folder_is_read(workspace: Path) -> None:
    workspace.chmod(0o555)
    try:
        _same_entries(load_library(workspace, cached=True), load_library(workspace))
    finally:
        workspace.chmod(0o755)


@pytest.mark.parametrize("name", ["settings.msgpack", "records-00.msgpack", ".gitignore"])
def test_nothing_is_written_through_a_link_in_the_cache(
    workspace: Path, tmp_path: Path, name: str
) -> None:
    precious = tmp_path / "precious.txt"
    (workspace / CACHE_DIR).mkdir()
    (workspace / CACHE_DIR / name).symlink_to(precious)
    load_library(workspace, cached=True)
    assert not precious.exists()
    precious.write_text("mine")
    load_library(workspace, cached=True)
    assert precious.read_text() == "mine"


def test_a_cache_that_is_a_link_is_not_written(workspace: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (workspace / CACHE_DIR).symlink_to(elsewhere)
    _same_entries(load_library(workspace, cached=True), load_library(workspace))
    with pytest.raises(NotADirectoryError), records_locked(workspace):
        pass
    assert list(elsewhere.iterdir()) == []


def test_git_does_not_see_the_cache(workspace: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=workspace, check=True)
    load_library(workspace, cached=True)
    status = subprocess.run(
        ["git", "status", "--porcelain", "-uall"],
        cwd=workspace,
        check=True,
        capture_output=True,
        text=True,
    )
    assert CACHE_DIR not in status.stdout
    assert "records/" in status.stdout


MANY_RUNS = """
import sys
from pathlib import Path
from tracker.library.library import Entry
from tracker.library.loader import load_library
root = Path(sys.argv[1])
for number in range(12):
    if sys.argv[2] == "edits":
        root.joinpath("records/moving.md").write_text(
            f"---\\nname: N{number}\\nstage: won\\nowner: B\\n---\\n"
        )
    plain = load_library(root).by_path
    for path, entry in load_library(root, cached=True).by_path.items():
        if path != "records/moving.md" and entry != plain[path]:
            sys.exit(f"{path} differs")
"""


def test_several_processes_use_one_cache(workspace: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", MANY_RUNS, str(workspace), kind])
        for kind in ("edits", "reads", "reads")
    ]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    assert {path.suffix for path in (workspace / CACHE_DIR).iterdir()} == {".msgpack", ""}
    _same_entries(load_library(workspace, cached=True), load_library(workspace))
