"""Where the header of a table stands, what its rows are, and which rows are none."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.exchange.intake.synonyms import GROUP_HEADINGS, SERVICE_HEADINGS
from tracker.exchange.intake.tables import Layout, Row, Sheet, cell_text
from tracker.exchange.intake.targets import (
    COMPUTED,
    FOLLOWUP,
    Targets,
)
from tracker.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.exchange.intake.tables import Cell

_FARTHEST_HEADER = 30
"""Rows in which the header is looked for."""

_IN_BRACKETS = re.compile(r"[(（\\[【〔]([^)）\]】〕]*)[)）\]】〕]")
_AROUND = " \t\n*＊※:：#.。、-_"
_NUMBERED = re.compile(r"^(?P<start>\D+?)[\s_.-]*(?P<number>[1-9])(?P<end>[^0-9]*)$")
_DIGITS = "一二三四五"
_CHINESE_NUMBERED = re.compile(rf"^第(?P<number>[{_DIGITS}])次?(?P<rest>.+)$")
_TOTALS = frozenset(
    map(fold, ("合计", "总计", "小计", "共计", "total", "totals", "subtotal", "grand total", "sum"))
)
_FEWEST_COLUMNS = 2
"""Columns that have to be understood for a row to be taken for a header."""

_UNITS = {
    name: (multiplier, currency)
    for multiplier, currency, names in (
        ("万", "", "万"),
        ("万", "CNY", "万元, 万元人民币"),
        ("千", "CNY", "千元"),
        ("亿", "CNY", "亿元"),
        ("", "CNY", "元, rmb, 人民币, cny"),
        ("", "USD", "usd, us$, $, 美元"),
        ("", "EUR", "eur, €, 欧元"),
        ("", "GBP", "gbp, £"),
        ("", "JPY", "jpy"),
        ("", "HKD", "hkd"),
        ("k", "", "k"),
        ("万", "USD", "万美元"),
        ("万", "EUR", "万欧元"),
        ("M", "", "m"),
        ("k", "USD", "k usd, usd k"),
        ("k", "EUR", "k eur, eur k"),
    )
    for name in names.split(", ")
}
"""Units that stand in brackets behind a heading: multiplier and currency of plain numbers."""

_SERVICE_TITLES = frozenset(map(fold, SERVICE_HEADINGS))
_GROUP_OF = {fold(title): group for group, titles in GROUP_HEADINGS.items() for title in titles}
_ORDINAL = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2}|[ivxIVX]{1,4}|第[一二三四五六七八九十]部分)"
    r"\s*[、.．)）:：]\s*|^[(（][一二三四五六七八九十0-9]{1,2}[)）]\s*"
)


class Heading(Struct, frozen=True):
    """The heading of a column, or a label of a form, taken apart.

    Attributes:
        title: As written, in one line.
        plain: Without units, numbers and signs.
        number: Which of several it is, from 1: `联系人2` is the second.
        multiplier: What plain numbers are in: `万`, `k`; empty for ones.
        currency: The currency of plain numbers; empty for the workspace's.
        group: The group of targets that a heading above names; None where none does.
    """

    title: str
    plain: str
    number: int = 1
    multiplier: str = ""
    currency: str = ""
    group: str | None = None


class Table(Struct, frozen=True):
    """A table found in a sheet.

    Attributes:
        sheet: The sheet.
        layout: What the rows are.
        headings: One for each column.
        rows: The rows below the header that say something, merged cells filled downwards.
        passed: Rows below the header that are no data, with what they are: `header` or `total`.
        recognised: Whether the header was found; where it was not, the first row stands in.
        header_rows: How many rows its header is.
    """

    sheet: Sheet
    layout: Layout
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    passed: tuple[tuple[int, str], ...] = ()
    recognised: bool = True
    header_rows: int = 1


def heading_of(cell: Cell, group: str | None = None) -> Heading:
    """Take a heading apart."""
    title = " ".join(cell_text(cell).split())
    multiplier = currency = ""
    for inside in _IN_BRACKETS.findall(title):
        unit = _UNITS.get(fold(inside.replace("单位", "").strip(_AROUND)))
        if unit:
            multiplier, currency = unit
    plain = unicodedata.normalize("NFKC", _IN_BRACKETS.sub("", title)).strip(_AROUND)
    if fold(plain) in COMPUTED:
        return Heading(title, plain, group=group)
    if match := _CHINESE_NUMBERED.match(plain):
        plain = f"{match['rest']}{_DIGITS.index(match['number']) + 1}"
    number = 1
    if match := _NUMBERED.match(plain):
        number = int(match["number"])
        end = match["end"].strip(_AROUND)
        blank = " " if end.isascii() and end else ""
        plain = f"{match['start'].strip(_AROUND)}{blank}{end}"
    return Heading(title, plain, number, multiplier, currency, group)


def block_group(text: str) -> tuple[str, bool] | None:
    """Return the group that a block's title announces, and whether it is of after-sales."""
    title = fold(_ORDINAL.sub("", text).strip(_AROUND))
    group = _GROUP_OF.get(title)
    return None if group is None else (group, title in _SERVICE_TITLES)


def find_table(sheet: Sheet, targets: Targets) -> Table:
    """Return the table of a sheet; where no header is found, the first row is taken for one."""
    best: tuple[float, int, Layout] | None = None
    if sheet.layout is not None:
        best = (1.0, 0, sheet.layout)
    else:
        for index, row in enumerate(islice(sheet.rows, _FARTHEST_HEADER)):
            layout, score = _header_score(row, targets)
            # A later row has to be clearly better: the first header is the header.
            if score >= _FEWEST_COLUMNS and (best is None or score > best[0] + 1):
                best = (score, index, layout)
    recognised = best is not None
    first = next((at for at, row in enumerate(sheet.rows) if not row.is_blank), 0)
    _, index, layout = best or (0.0, first, Layout.CUSTOMERS)
    if not sheet.rows:
        return Table(sheet, layout, (), (), recognised=False)
    if recognised and sheet.layout is None and (two := _header_of_two_rows(sheet, index, targets)):
        last, headings = two
        first, layout = last - 1, layout_of(list(headings), targets)
    else:
        first = last = index
        headings = tuple(_headings(sheet, index))
    header = range(first, last + 1)
    rows, passed = _data_rows(sheet, header, headings)
    return Table(sheet, layout, headings, rows, passed, recognised, len(header))


def _header_score(row: Row, targets: Targets) -> tuple[Layout, float]:
    """Return what a row's table would hold were it the header, and how many headings it knows."""
    texts = [cell for cell in row.cells if isinstance(cell, str)]
    headings = [heading_of(text) for text in texts if len(text) <= _LONGEST_HEADING]
    layout = layout_of(headings, targets)
    known = {heading.plain for heading in headings if targets.candidates(heading.plain, layout)}
    # Whatever is no text speaks against a header.
    others = sum(cell is not None for cell in row.cells) - len(texts)
    return layout, len(known) - others


_LONGEST_HEADING = 60


def layout_of(headings: list[Heading], targets: Targets) -> Layout:
    """Tell whether a row of these headings is a customer's or a follow-up's.

    A follow-up's has a day and what was said, or how, in words that are no customer's.
    """
    found = {
        path
        for heading in headings
        for path in targets.headings[FOLLOWUP].get(fold(heading.plain), ())
        if fold(heading.plain) not in CUSTOMERS_TOO
    }
    says = {"followup.summary", "followup.method", "followup.who"} & found
    of_log = "followup.date" in found and says
    of_customers = {
        path
        for heading in headings
        for path in targets.headings[""].get(fold(heading.plain), ())
        if path in _OF_CUSTOMERS
    }
    return Layout.FOLLOWUPS if of_log and len(of_customers) < _MANY else Layout.CUSTOMERS


CUSTOMERS_TOO = frozenset(
    (
        *("备注", "note", "notes", "联系方式", "description", "comment", "comments", "remarks"),
        *("type", "channel", "user"),
    )
)
"""Headings of follow-ups that tables of customers have as well."""

_OF_CUSTOMERS = frozenset(
    (
        *("industry", "size", "business", "website", "address", "region"),
        *("source", "level", "value", "expected_close", "tags"),
    )
)
_MANY = 3
"""Facts about a customer beside which follow-ups are only some of the columns."""


def _headings(sheet: Sheet, index: int) -> Iterator[Heading]:
    groups = _groups_above(sheet, index)
    row = sheet.rows[index]
    width = max(len(other.cells) for other in sheet.rows[index:])
    for column in range(width):
        yield heading_of(row.cell(column), groups.get(column))


def _groups_above(sheet: Sheet, index: int) -> dict[int, str]:
    """Return the groups of columns named by merged headings right above the header."""
    found: dict[int, str] = {}
    for merged in sheet.merged:
        if merged.top <= index - 1 <= merged.bottom < index and merged.right > merged.left:
            text = cell_text(sheet.rows[merged.top].cell(merged.left))
            if group := block_group(text):
                found.update(dict.fromkeys(range(merged.left, merged.right + 1), group[0]))
    return found


def _header_of_two_rows(
    sheet: Sheet, index: int, targets: Targets
) -> tuple[int, tuple[Heading, ...]] | None:
    """Return a header of two rows: the index of the lower one, and its headings.

    The upper row names some columns whole, and groups of others; the lower one names the columns of
    the groups: `客户名称 | 联系人 | | 等级` above `| 姓名 | 电话 |`.

    Args:
        sheet: The sheet.
        index: The row that knows the most headings; the other one stands below or above it.
        targets: The places of the workspace's records.

    Returns:
        None where the header is one row.
    """
    for at in (index, index - 1):
        if at < 0 or at + 1 >= len(sheet.rows):
            continue
        upper, lower = sheet.rows[at], sheet.rows[at + 1]
        filled = {column for column, cell in enumerate(lower.cells) if cell is not None}
        above = _named_above(upper, filled)
        alone = {
            column
            for column, cell in enumerate(upper.cells)
            if cell is not None and column not in filled
        }
        if (
            above is not None
            and sum(_is_known(lower.cell(column), above[column], targets) for column in filled)
            >= _FEWEST_COLUMNS
            and any(_is_known(upper.cell(column), "", targets) for column in alone)
        ):
            width = max(len(row.cells) for row in sheet.rows[at:])
            return at + 1, tuple(
                _lower_heading(lower.cell(column), above[column], targets)
                if column in filled
                else heading_of(upper.cell(column))
                for column in range(width)
            )
    return None


def _named_above(upper: Row, filled: set[int]) -> dict[int, str] | None:
    """Return what stands above each of some columns; None where one of them is named already.

    A name stands above the columns from its own to the next one's, and above several.
    """
    named = [column for column, cell in enumerate(upper.cells) if cell is not None]
    found: dict[int, str] = {}
    for column in filled:
        start = max((one for one in named if one <= column), default=None)
        if start is None:
            found[column] = ""
            continue
        if start + 1 in named or (start == column and start + 1 not in filled):
            return None
        found[column] = " ".join(cell_text(upper.cell(start)).split())
    return found


def _is_known(cell: Cell, above: str, targets: Targets) -> bool:
    """Tell whether a cell, or what stands above it with it, is a heading that means something."""
    if not isinstance(cell, str) or len(cell) > _LONGEST_HEADING:
        return False
    headings = (heading_of(cell), heading_of(_joined(above, cell)))
    return any(targets.knows(heading.plain) for heading in headings)


def _lower_heading(cell: Cell, above: str, targets: Targets) -> Heading:
    """Return the heading of a column whose group is named above: as one, where that is known."""
    whole = heading_of(_joined(above, cell_text(cell)))
    if targets.knows(whole.plain):
        return whole
    group = block_group(above)
    return heading_of(cell, group[0] if group else None)


def _joined(above: str, text: str) -> str:
    return f"{above} {text}" if text.isascii() else f"{above}{text}"


def _data_rows(
    sheet: Sheet, header: range, headings: Sequence[Heading]
) -> tuple[tuple[Row, ...], tuple[tuple[int, str], ...]]:
    counted = {at for at, heading in enumerate(headings) if fold(heading.plain) in COMPUTED}
    repeated = [_texts(sheet.rows[index]) for index in header]
    rows: list[Row] = []
    passed: list[tuple[int, str]] = []
    for row in filled_down(sheet, header.stop)[header.stop :]:
        filled = {at for at, cell in enumerate(row.cells) if cell is not None}
        if not filled - counted and row.problem is None:
            continue  # Nothing, or nothing but its number in the form's empty rows.
        if sheet.layout is None and row.problem is None:
            if _texts(row) in repeated:
                passed.append((row.number, "header"))
                continue
            if _is_total(row):
                passed.append((row.number, "total"))
                continue
        rows.append(row)
    return tuple(rows), tuple(passed)


def _texts(row: Row) -> list[str]:
    return [fold(cell_text(cell)) for cell in row.cells if cell is not None]


def _is_total(row: Row) -> bool:
    """Tell whether a row adds up the others: a word for it, and nothing but numbers else."""
    cells = [cell for cell in row.cells if cell is not None]
    words = [cell for cell in cells if isinstance(cell, str) and not _is_number(cell)]
    return len(words) == 1 and len(cells) > 1 and fold(words[0].strip(_AROUND)) in _TOTALS


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+¥￥$€£]?\s?[0-9][0-9.,%]*\s?[万元]{0,2}", text.strip()))


def filled_down(sheet: Sheet, first: int = 0) -> tuple[Row, ...]:
    """Return the rows with the value of cells merged downwards in each of their rows.

    Args:
        sheet: The sheet.
        first: Index of the row where that begins.
    """
    vertical = [area for area in sheet.merged if area.bottom > area.top and area.top >= first]
    if not vertical:
        return sheet.rows
    rows = [list(row.cells) for row in sheet.rows]
    for area in vertical:
        value = sheet.rows[area.top].cell(area.left) if area.top < len(rows) else None
        for cells in rows[area.top + 1 : area.bottom + 1]:
            cells.extend([None] * (area.left + 1 - len(cells)))
            cells[area.left] = value
    return tuple(
        Row(row.number, tuple(cells), row.problem)
        for row, cells in zip(sheet.rows, rows, strict=True)
    )
