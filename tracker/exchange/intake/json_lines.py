"""JSON lines or an array: an object a customer, flat or whole as `tracker export jsonl` has it.

Lists of objects become sheets of their own, a row an object, as a workbook would have them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from tracker.exchange.intake.delimited import decoded
from tracker.exchange.intake.tables import Cell, Layout, Row, Sheet, SourceError
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LISTS = {
    "contacts": Layout.CONTACTS,
    "offers": Layout.OFFERS,
    "followups": Layout.FOLLOWUPS,
    "deal.items": Layout.ITEMS,
    "items": Layout.ITEMS,
}
_VERSION = "schema_version"
"""The key that every record of `tracker export` has."""

_WORKED_OUT = frozenset(
    ("commitments", "plans", "tickets", "stage_history", "problems", "next", _VERSION)
)
"""Keys of a whole record that say what others say, or what the day makes of it."""

_NOT_IN_SHEET = frozenset(("next_date", "next_time", "next_method", "next_text"))
_NOTES = "notes"
_DEEPEST = 6
_BAD = "JSON"
_Line = dict[str, Cell]


def read_json_lines(path: Path, encoding: str | None = None) -> list[Sheet]:
    """Return the sheets of a file: customers, and one for each list of objects in them.

    Args:
        path: The file.
        encoding: What it is in; None to tell that from its bytes.

    Raises:
        SourceError: It is no text in a known encoding, or the array is broken.
        OSError: It cannot be read.
    """
    text = decoded(path, path.read_bytes(), encoding)
    sheets = _Sheets()
    for number, item in _items(path, text):
        if isinstance(item, dict):
            sheets.add(number, item)
        else:
            reason = item if isinstance(item, Message) else Message("this is no JSON object")
            sheets.refuse(number, reason)
    return sheets.sheets()


def _items(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    """Yield what the lines hold, each with its number; of one array, its items."""
    if text.lstrip().startswith("["):
        try:
            yield from enumerate(json.loads(text, parse_float=str, parse_int=str), start=1)
        except (ValueError, RecursionError) as error:
            reason = Message("this is no JSON: {error}", {"error": error})
            raise SourceError(path, reason) from error
        return
    if isinstance(whole := _read(text), dict):
        yield 1, whole  # One object, on as many lines as it likes.
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _read(line)


def _read(text: str) -> Any:  # noqa: ANN401  # any JSON
    """Return what a text holds; why it is no JSON, where it is none."""
    try:
        # Numbers stay as they are written: no float ever comes between.
        return json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        return Message("this is no JSON: {error}", {"error": error})


class _Sheets:
    """Gathers rows by the sheet that they belong to."""

    def __init__(self) -> None:
        self._rows: dict[Layout, list[tuple[int, _Line, Message | None]]] = defaultdict(list)
        # Customers come first: the rows of other sheets add to them.
        self._rows[Layout.CUSTOMERS] = []
        self._all_whole = True

    def refuse(self, number: int, reason: Message) -> None:
        self._rows[Layout.CUSTOMERS].append((number, {}, reason))

    def add(self, number: int, item: dict[str, Any]) -> None:
        whole = isinstance(item.get("followups"), list)
        self._all_whole &= whole and _VERSION in item
        line = dict(_flat(item, "", self, number, whole=whole))
        self._rows[Layout.CUSTOMERS].append((number, line, None))

    def add_child(self, layout: Layout, number: int, parent: dict[str, Any], child: Any) -> None:  # noqa: ANN401  # any JSON
        if isinstance(child, dict):
            told = {
                f"customer {key}": str(parent[key]) for key in ("id", "name") if parent.get(key)
            }
            self._rows[layout].append((number, {**dict(_child(child)), **told}, None))

    def sheets(self) -> list[Sheet]:
        return [
            _sheet(layout, rows, whole=self._all_whole)
            for layout, rows in self._rows.items()
            if rows
        ]


def _sheet(layout: Layout, rows: list[tuple[int, _Line, Message | None]], *, whole: bool) -> Sheet:
    keys = list(dict.fromkeys(key for _, line, _ in rows for key in line)) or [_BAD]
    header = Row(0, tuple(keys))
    seen: Counter[int] = Counter()
    data = []
    for number, line, problem in rows:
        cells = tuple(line.get(key) for key in keys)
        data.append(Row(number, cells, problem, seen[number]))
        seen[number] += 1
    name = "" if layout is Layout.CUSTOMERS else layout.value
    return Sheet(name, (header, *data), layout=layout, whole=whole)


def _flat(
    item: dict[str, Any], prefix: str, sheets: _Sheets, number: int, *, whole: bool
) -> Iterator[tuple[str, Cell]]:
    for key, value in item.items():
        path = f"{prefix}{key}"
        if value is None or (path in _LISTS and not value):
            continue  # An empty list says that there is none.
        if whole and (path in _WORKED_OUT or path in _NOT_IN_SHEET or path == _NOTES):
            continue
        if whole and path == "background":
            value = _body(value, item.get(_NOTES))  # noqa: PLW2901  # with what stands below it
        if path in _LISTS and isinstance(value, list) and any(map(_is_object, value)):
            for child in value:
                sheets.add_child(_LISTS[path], number, item, child)
        elif _is_object(value) and _as_text(value) is None:
            # Declared fields stand under `fields`, and go by their own names.
            inner = "" if path == "fields" else f"{path}."
            yield from _flat(value, inner, _Named(sheets, item), number, whole=whole)
        else:
            yield path, _cell(value)


class _Named(_Sheets):
    """Gives the lists within a group the customer that the group belongs to."""

    def __init__(self, sheets: _Sheets, customer: dict[str, Any]) -> None:
        super().__init__()
        self._sheets = sheets
        self._customer = customer

    def add_child(self, layout: Layout, number: int, parent: dict[str, Any], child: Any) -> None:  # noqa: ANN401  # any JSON
        del parent
        self._sheets.add_child(layout, number, self._customer, child)


def _body(background: object, notes: object) -> str:
    """Return what stands above all follow-ups: the background, then the undated sections."""
    parts = [background if isinstance(background, str) else ""]
    for note in notes if isinstance(notes, list) else ():
        if isinstance(note, dict):
            level = str(note.get("level", ""))
            signs = "#" * (int(level) if level.isdigit() and int(level) <= _DEEPEST else 2)
            parts += [f"{signs} {note.get('heading') or ''}", str(note.get("text") or "")]
    return "\n\n".join(filter(None, parts))


def _child(child: dict[str, Any]) -> Iterator[tuple[str, Cell]]:
    """Yield the cells of an object within a list; parts of parts as a workbook has them."""
    for key, value in child.items():
        if key == "next" and _is_object(value):
            if value.get("date") is None:
                text = str(value.get("text") or "").strip()
                yield "next", f"none: {text}" if text else "none"
            else:
                yield from ((f"next_{part}", _cell(value.get(part))) for part in value)
        elif key == "fields" and _is_object(value):
            yield from ((name, _cell(part)) for name, part in value.items())
        elif key == "commitments" and isinstance(value, list):
            yield "tasks", tuple(_task(one, child) for one in value if _is_object(one)) or None
        elif key == "service" and isinstance(value, list):
            yield key, tuple(_service(one) for one in value if _is_object(one)) or None
        else:
            yield key, _cell(value)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _cell(value: Any) -> Cell:  # noqa: ANN401  # any JSON
    match value:
        case None | bool():
            return value
        case str():
            return value if value.strip() else None
        case list():
            texts = tuple(text for item in value if (text := _item_text(item)))
            return texts or None
        case dict():
            return _as_text(value) or json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _item_text(item: Any) -> str:  # noqa: ANN401  # any JSON
    if isinstance(item, dict):
        return str(item.get("name") or json.dumps(item, ensure_ascii=False))
    return "" if item is None else str(item)


def _as_text(value: dict[str, Any]) -> str | None:
    """Return an amount, a range or a change as a record writes it; None for any other object."""
    match value:
        case {"amount": amount, "currency": currency, **rest} if not rest:
            return f"{amount} {currency}"
        case {"low": low, "high": high, "currency": currency, **rest} if not rest:
            return f"{low}-{high} {currency}"
        case {"old": old, "new": new, **rest} if not rest:
            return f"{old} -> {new}" if old else str(new)
    return None


def _task(task: dict[str, Any], followup: dict[str, Any]) -> str:
    parts = [str(task.get("text") or "")]
    if task.get("due"):
        parts.append(f"@{task['due']}")
    if task.get("who") and task["who"] != followup.get("who"):
        parts.append(f"@{task['who']}")
    if task.get("done_on"):
        parts.append(f"✅ {task['done_on']}")
    return f"[{'x' if task.get('done') else ' '}] {' '.join(filter(None, parts))}"


def _service(entry: dict[str, Any]) -> str:
    ticket = f"#{entry['ticket']}" if entry.get("ticket") else ""
    return " ".join(filter(None, (str(entry.get("kind") or ""), ticket, entry.get("text") or "")))
