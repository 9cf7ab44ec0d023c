"""The data that the browser's table of customers works on."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tracker.insight.day import day_of
from tracker.library.loader import load_library
from tracker.library.query.parser import Query, parse
from tracker.site import table_data
from tracker.site.page import Site
from tracker.site.table_data import live_table, table_files, table_scripts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.insight.day import Day

TODAY = date(2026, 11, 24)


def site_of(root: Path, config: str) -> Site:
    (root / "tracker.yaml").write_text(config, encoding="utf-8")
    return Site.of(day_of(load_library(root), TODAY))


@pytest.fixture(scope="module")
def shared(day: Day) -> Site:
    return Site.of(day)


def read(site: Site) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the head and the rows that the script would make of the files."""
    files = [data.decode() for _, data in table_files(site)]
    first = json.loads(files[0].removeprefix("var trackerCustomers=").removesuffix(";\n"))
    parts = [*first["parts"]]
    for number, text in enumerate(files[1:], 1):
        start = f"trackerCustomers.parts[{number}]="
        assert text.startswith(start)
        parts.append(json.loads(text.removeprefix(start).removesuffix(";\n")))
    assert {part["sum"] for part in parts} == {first["sum"]}
    keys = first["head"]["keys"]
    rows = []
    for part in parts:
        ids = unpacked(part["cells"][keys.index("id")], 0)
        columns = [unpacked(cells, len(ids)) for cells in part["cells"]]
        rows += [dict(zip(keys, cells, strict=True)) for cells in zip(*columns, strict=True)]
    return first["head"], rows


def unpacked(cells: Any, length: int) -> list[Any]:  # noqa: ANN401  (JSON)
    if cells == 0:
        return [None] * length
    return cells if isinstance(cells, list) else [cells["words"][at] for at in cells["at"]]


def test_every_column_is_there_and_true(shared: Site) -> None:
    head, rows = read(shared)
    assert head["rows"] == len(rows) == len(shared.rows) > 3
    assert head["built"] == "2026-11-24"
    for row, found in zip(shared.by_importance, rows, strict=True):
        columns = shared.columns[row.customer.path]
        assert set(columns) - set(found) == {"next_state", "days_overdue", "idle_days", "stale"}
        folder = found.pop("path")
        assert columns["path"] in (folder, f"{folder}{columns['id']}.md")
        page, broken = found.pop("/page"), found.pop("/broken")
        assert (page or f"customers/{columns['id']}.html", bool(broken)) == (
            row.address,
            row.broken,
        )
        assert found == {key: columns[key] for key in found}


def test_a_query_needs_no_column_that_is_not_there(shared: Site) -> None:
    head, rows = read(shared)
    recounted = {"is", "has", "next_state", "days_overdue", "idle_days", "stale"}
    assert {column["key"] for column in head["query"]["columns"]} - recounted <= set(rows[0])


def test_the_parts_are_cut_by_rows(shared: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(shared)[1]
    monkeypatch.setattr(table_data, "PART_ROWS", 2)
    assert len(table_scripts(shared)) == -(-len(whole) // 2) > 1
    assert [path for path, _ in table_files(shared)] == list(table_scripts(shared))
    assert table_scripts(shared)[:2] == ("data/customers.js", "data/customers-2.js")
    assert read(shared)[1] == whole


def test_the_same_day_gives_the_same_bytes(day: Day) -> None:
    assert list(table_files(Site.of(day))) == list(table_files(Site.of(day)))


def test_a_column_takes_its_shortest_form() -> None:
    assert table_data._packed([None, None]) == 0
    assert table_data._packed([1, 2]) == [1, 2]
    cells = [["机床", "华东"], None, True] * 30
    packed = table_data._packed(cells)
    assert isinstance(packed, dict)
    assert packed["words"] == [["机床", "华东"], None, True]
    assert unpacked(packed, 90) == cells


def test_true_and_one_are_told_apart() -> None:
    cells = [1, True, "1", 1.0, None] * 40
    assert [repr(cell) for cell in unpacked(table_data._packed(cells), 200)] == [
        repr(cell) for cell in cells
    ]


def test_an_empty_workspace_has_an_empty_table(tmp_path: Path) -> None:
    head, rows = read(site_of(tmp_path, ""))
    assert (head["rows"], rows) == (0, [])


def test_texts_and_columns_are_in_the_language(shared: Site, tmp_path: Path) -> None:
    chinese = read(shared)[0]
    titles = {column["key"]: column["title"] for column in chinese["columns"]}
    assert (titles["name"], titles["region"], titles["idle_days"]) == ("客户", "地区", "未联系天数")
    assert chinese["texts"]["planned"][1] == "%(count)s 天后"
    english = read(
        site_of(tmp_path, "language: en\nfields:\n  lines: {label: Lines, type: number}")
    )
    titles = {column["key"]: column["title"] for column in english[0]["columns"]}
    assert (titles["name"], titles["region"], titles["lines"]) == ("Customer", "Region", "Lines")
    assert english[0]["texts"]["late"] == ["%(count)s day overdue", "%(count)s days overdue"]


def test_what_buttons_and_examples_write_is_understood(shared: Site) -> None:
    table = live_table(shared)
    assert [group.column for group in table.chips] == ["is", "level", "owner"]
    written = [f"{group.key}:{chip.value}" for group in table.chips for chip in group.chips]
    assert len(written) > 6
    for query in (*written, *(example for example, _ in table.examples)):
        assert isinstance(parse(query, shared.config), Query), query


def test_odd_words_are_written_in_quotes(tmp_path: Path) -> None:
    config = (
        "language: en\n"
        "levels: [key account, 'say \"A\"', '\"B\" or C']\n"
        "owners: [Li Lei, 'A,B', 'Ann \"A, B\" C']\n"
    )
    groups = {group.column: group for group in live_table(site_of(tmp_path, config)).chips}
    assert [chip.value for chip in groups["owner"].chips] == ['"Li Lei"', '"A,B"']
    assert [chip.value for chip in groups["level"].chips] == ['"key account"', 'say-"A"']


# --- Saved views ------------------------------------------------------------------------------

RECORD = "---\nname: {name}\nstage: proposal\nlevel: {level}\nowner: Li\n---\n"


def test_a_view_shows_what_its_query_finds(build: Callable[..., dict[str, str]]) -> None:
    records = {
        "a.md": RECORD.format(name="Acme", level="A"),
        "b.md": RECORD.format(name="Bolt", level="B"),
    }
    site = build(records, "views:\n  keys: {label: Key accounts, query: level:A}\n")
    page = site["views/keys.html"]
    assert "<h1>Key accounts</h1>" in page
    assert "Acme" in page
    assert "Bolt" not in page
    assert 'data-query="level:A"' in page
    assert 'href="../customers/a.html"' in page
    assert 'href="views/keys.html"' in site["index.html"]
    assert 'href="../views/keys.html" aria-current="page"' in page


def test_a_view_with_a_wrong_query_says_so(build: Callable[..., dict[str, str]]) -> None:
    records = {"a.md": RECORD.format(name="Acme", level="A")}
    page = build(records, "views:\n  x: levle:A\n")["views/x.html"]
    assert "‘levle’ is not a key" in page
    assert "did you mean ‘level’?" in page
    assert "Acme" not in page


def test_a_view_of_many_customers_has_pages(build: Callable[..., dict[str, str]]) -> None:
    records = {f"a{n}.md": RECORD.format(name=f"Acme {n}", level="A") for n in range(501)}
    site = build(records, "views:\n  all: is:open\n")
    assert 'href="../views/all/page-2.html"' in site["views/all.html"]
    assert "Acme" in site["views/all/page-2.html"]
    assert "customers.js" not in site["views/all/page-2.html"]
