"""The functions that a build or a question calls thousands of times.

They run once as tests; `pytest tests/benchmarks --benchmark-enable` measures them, and
`--benchmark-compare` sets them beside an earlier run that `--benchmark-autosave` kept.
"""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bench.generate import MARKED, OWNERS, TODAY, generate, record, worded
from tracker.config_file import load_config
from tracker.diagnostics import Problems
from tracker.format.followup import read_followup
from tracker.format.frontmatter import body_of
from tracker.format.parser import parse_record
from tracker.format.sections import split_body
from tracker.insight.day import Day, day_of
from tracker.insight.measure import Scope
from tracker.insight.measure_registry import all_measures
from tracker.insight.rows import query_row
from tracker.insight.search import search
from tracker.library.loader import load_library
from tracker.library.query.parser import Query, parse
from tracker.library.status import status_of
from tracker.periods import year_of
from tracker.rules.diagnose import Checker
from tracker.site.markdown import MarkdownRenderer
from tracker.yamltree import Mapping, read_yaml

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from tracker.config import Config

CUSTOMERS = 100
CHANCE = partial(random.Random, 1)
"""Gives the same made-up texts each time."""
PATH = "records/k000003.md"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    root = tmp_path_factory.mktemp("workspace")
    generate(root, CUSTOMERS)
    return day_of(load_library(root), TODAY, checked=False)


@pytest.fixture(scope="module")
def config(day: Day) -> Config:
    return load_config(day.library.root)[0]


@pytest.fixture(scope="module")
def text() -> str:
    return record(3, 10, CHANCE())


def test_parse_record(benchmark: BenchmarkFixture, text: str, config: Config) -> None:
    parsed = benchmark(parse_record, text, PATH, config)
    assert parsed.customer
    assert len(parsed.customer.followups) > 5


def test_read_yaml(benchmark: BenchmarkFixture, text: str) -> None:
    matter = text.split("---\n")[1]
    tree = benchmark(read_yaml, matter)
    assert isinstance(tree.root, Mapping)


def test_split_body(benchmark: BenchmarkFixture, text: str) -> None:
    body, line = body_of(text)
    found = benchmark(split_body, body, line)
    assert len(found.sections) > 5


def test_read_followup(benchmark: BenchmarkFixture, text: str, config: Config) -> None:
    section = split_body(*body_of(text)).sections[1]
    problems = Problems()
    assert benchmark(read_followup, section, config, "李雷", problems)
    assert not problems


def test_status_of(benchmark: BenchmarkFixture, day: Day, config: Config) -> None:
    customer = day.library.customers[3]
    assert benchmark(status_of, customer, config, TODAY) == day.standings[3].status


def test_rules_of_a_record(benchmark: BenchmarkFixture, day: Day, config: Config) -> None:
    checker, entry = Checker(config), day.library.entries[3]
    status = day.standings[3].status
    found = benchmark(lambda: list(checker.entry(entry, status, day.library, TODAY)))
    assert {each.path for each in found} == {entry.path}


def test_render_plain_text(benchmark: BenchmarkFixture, day: Day) -> None:
    said = day.library.customers[3].background
    assert benchmark(MarkdownRenderer().render, said) == f"<p>{said}</p>"


@pytest.mark.parametrize("number", range(len(MARKED)), ids=["bold", "list", "table", "link"])
def test_render_markdown(benchmark: BenchmarkFixture, number: int) -> None:
    said = worded(MARKED[number], CHANCE())
    tag = ("strong", "li", "table", "a")[number]
    assert f"</{tag}>" in benchmark(MarkdownRenderer().render, said)


def test_parse_query(benchmark: BenchmarkFixture, config: Config) -> None:
    assert isinstance(benchmark(parse, "level:A,B value>1000000 -owner:李雷", config), Query)


def test_match_query(benchmark: BenchmarkFixture, day: Day, config: Config) -> None:
    query = parse("level:A,B value>1000000 -owner:李雷", config)
    assert isinstance(query, Query)
    rows = [query_row(standing, config) for standing in day.standings]
    found = benchmark(lambda: [row["id"] for row in rows if query.matches(row, TODAY)])
    assert 0 < len(found) < CUSTOMERS


def test_query_rows(benchmark: BenchmarkFixture, day: Day, config: Config) -> None:
    rows = benchmark(lambda: [query_row(standing, config) for standing in day.standings])
    assert len(rows) == CUSTOMERS


@pytest.mark.parametrize("words", ["有限公司", "yxgs", "检测 报告"], ids=["name", "pinyin", "said"])
def test_search(benchmark: BenchmarkFixture, day: Day, words: str) -> None:
    assert benchmark(search, day, words)


@pytest.mark.parametrize("owner", [None, OWNERS[0]], ids=["team", "person"])
def test_numbers(benchmark: BenchmarkFixture, day: Day, owner: str | None) -> None:
    def count() -> None:
        scope = Scope(day, year_of(TODAY), owner)
        for measure in all_measures().values():
            measure.tables(scope)

    count()  # what is found out once a day
    benchmark(count)
