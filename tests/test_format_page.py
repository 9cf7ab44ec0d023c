"""The pages of the format: their examples are read as they say, their tables are the code's."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tools import format_page
from tools.generated_page import keep_page
from tracker import schema
from tracker.config import Config
from tracker.config_file import default_config, parse_config
from tracker.format.formatter import format_record
from tracker.format.parser import parse_record
from tracker.rules.registry import all_rules

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {name: page.read_text(encoding="utf-8") for name, page in format_page.PAGES.items()}
_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<info>[^\n]*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)
_REQUIRED = "name: A\nstage: won\nowner: B\n"


class Example(NamedTuple):
    page: str
    line: int
    kind: str
    language: str
    problem: str | None
    text: str


def examples() -> list[Example]:
    found = []
    for page, whole in PAGES.items():
        for match in _FENCE.finditer(whole):
            words = match["info"].split()
            problem = next((word.removeprefix("problem=") for word in words if "=" in word), None)
            line = whole.count("\n", 0, match.start()) + 1
            language = "zh" if "zh" in words else "en"
            found.append(Example(page, line, words[1], language, problem, match["text"]))
    return found


def problems_of(example: Example) -> list[str]:
    if example.kind == "tracker.yaml":
        return [problem.code for problem in parse_config(example.text)[1]]
    text = {
        "record": example.text,
        "front-matter": f"---\n{_REQUIRED}{example.text}---\n",
        "body": f"---\n{_REQUIRED}---\n{example.text}",
    }[example.kind]
    config = default_config("zh" if example.language == "zh" else "en")
    parsed = parse_record(text, "records/a.md", config)
    assert parsed.customer
    return [problem.code for problem in parsed.problems]


@pytest.mark.parametrize("example", examples(), ids=lambda each: f"{each.page} line {each.line}")
def test_every_example_is_read_as_the_page_says(example: Example) -> None:
    assert problems_of(example) == ([example.problem] if example.problem else [])
    assert example.problem is None or example.problem in all_rules()


def test_the_records_are_in_the_form_that_the_page_describes() -> None:
    for example in examples():
        if example.kind == "record":
            config = default_config("zh" if example.language == "zh" else "en")
            assert format_record(example.text, config) == example.text


@pytest.mark.parametrize("page", PAGES)
def test_every_element_has_an_example(page: str) -> None:
    shown = "\n".join(each.text for each in examples() if each.page == page and not each.problem)
    for field in (*schema.FRONT_MATTER, *schema.FOLLOWUP_FIELDS):
        for one in (field, *field.children):
            keys = "|".join(map(re.escape, (one.key, one.zh)))
            assert re.search(rf"^\W*({keys})\**[:：]", shown, re.MULTILINE), one.key


@pytest.mark.parametrize("page", PAGES)
def test_the_tables_are_those_of_the_code(page: str) -> None:
    assert format_page.page_of(PAGES[page], page) == PAGES[page]


def test_a_stale_table_is_found_and_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "format.md"
    copy.write_text(PAGES["en"].replace("| `id` | `编号`", "| `id` | `號`"), encoding="utf-8")

    def keep(*options: str) -> int:
        monkeypatch.setattr(sys, "argv", ["format_page.py", *options])
        return keep_page(copy, lambda: format_page.page_of(copy.read_text("utf-8"), "en"), "")

    assert keep("--check") == 1
    assert "format.md is stale" in capsys.readouterr().err
    assert keep() == 0
    assert copy.read_text(encoding="utf-8") == PAGES["en"]


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_setting_is_described(page: str) -> None:
    for name in Config.__struct_fields__:
        shown = {"newest_first": "order"}.get(name, name)
        assert f"`{shown}`" in page or name in {"fingerprint", "rule_spans", "withholds"}
