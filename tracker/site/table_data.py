"""What the table of customers works on in the browser, as scripts with classic globals.

A page opened from a file manager may load nothing but classic scripts, so the data is a literal
that `data/customers.js` assigns to the global `trackerCustomers`, and that further parts of
`PART_ROWS` customers add to:

    trackerCustomers = {sum, head: {…}, parts: [part, …]}
    part = {sum, cells: [cells of a column, …]}         in the order of `head.keys`
    cells of a column = 0                               where no customer has any
                      | [cell, …]                       null for what is absent
                      | {words: [cell, …], at: [n, …]}  where that is shorter
    cell = text | number | true | false | null | [text, …]

`sum` is the same in all parts of one build, so that a browser never mixes those of two.
`assets/table.js` reads them; the customers stand in the order of the static table.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker import schema
from tracker.insight.rows import ROW_COLUMNS
from tracker.library.query.columns import declared_fields
from tracker.library.query.language_data import language_data
from tracker.library.query.parser import Query, parse
from tracker.library.query.signs import as_written
from tracker.site.formats import Formats
from tracker.site.script_json import script_json
from tracker.site.urls import encoded, owner_names
from tracker.translation import Message, translations

if TYPE_CHECKING:
    import gettext
    from collections.abc import Iterator, Sequence

    from tracker.config import Config
    from tracker.site.page import Row, Site

PART_ROWS = 1000
"""Customers of one part: some 300 KB."""

_RECOUNTED = frozenset({"next_state", "days_overdue", "idle_days", "stale"})
"""Columns that the browser works out for the reader's day."""

_TITLES = {
    "name": Message("Customer"),
    "stage": Message("Stage"),
    "level": Message("Level"),
    "owner": Message("Owner"),
    "value": Message("Value"),
    "expected_close": Message("Closing"),
    "last_contact": Message("Last contact"),
    "next": Message("Next step"),
    "state": Message("State"),
    "idle_days": Message("Idle days"),
    "weighted_value": Message("Weighted value"),
    "followups": Message("Follow-ups"),
    "open_commitments": Message("Open commitments"),
    "overdue_commitments": Message("Overdue commitments"),
    "problems": Message("Problems"),
}
"""What columns of the table are called, where not as the field of the record."""

_COLUMNS = (
    ("name", "name"),
    ("stage", "word"),
    ("level", "word"),
    ("owner", "text"),
    ("value", "money"),
    ("expected_close", "date"),
    ("last_contact", "date"),
    ("next", "step"),
    ("state", "state"),
    ("source", "word"),
    ("industry", "text"),
    ("region", "text"),
    ("size", "text"),
    ("business", "text"),
    ("contacts", "list"),
    ("tags", "list"),
    ("created", "date"),
    ("followups", "number"),
    ("idle_days", "number"),
    ("weighted_value", "money"),
    ("open_commitments", "number"),
    ("overdue_commitments", "number"),
    ("problems", "number"),
)
"""The columns that the table can show, each with how it is written and ordered; the workspace's
own fields follow them."""

_SHOWN = 9
"""How many of them, from the first, are shown until somebody chooses others."""

_DECLARED_TYPES = {
    schema.Kind.NUMBER: "number",
    schema.Kind.DATE: "date",
    schema.Kind.MONEY: "money",
    schema.Kind.LIST: "list",
    schema.Kind.CHOICE: "word",
    schema.Kind.BOOL: "bool",
}

_KEYS_WRITTEN = {
    "zh": {
        "is": "状态",
        "has": "有",
        "level": "等级",
        "owner": "负责人",
        "stage": "阶段",
        "value": "金额",
        "next": "下次",
        "last": "上次",
    },
    "en": {key: key for key in ("is", "has", "level", "owner", "stage", "value", "next", "last")},
}
"""The keys that buttons and examples write into a query, by the workspace's language."""

_CHIP_STATES = {
    "overdue": Message("Overdue"),
    "today": Message("Today"),
    "none": Message("No plan"),
    "stale": Message("Gone quiet"),
}
_MOST_OWNERS = 24


class Chip(Struct, frozen=True):
    """A button that puts a value into the query, or takes it out.

    Attributes:
        label: What it says.
        value: The value as a query has it.
        kind: For states, the name of their mark in the style sheet.
    """

    label: str
    value: str
    kind: str = ""


class Chips(Struct, frozen=True):
    """Buttons for the values of one key.

    Attributes:
        label: What they are about.
        column: The key's name in the language.
        key: The key as they write it.
        chips: The buttons.
    """

    label: str
    column: str
    key: str
    chips: tuple[Chip, ...]


class Table(Struct, frozen=True):
    """What a page with the live table is given.

    Attributes:
        scripts: Addresses of the data, in the order in which they are loaded.
        query: The query that the table begins with.
        chips: The buttons above it.
        examples: Queries with what they find.
    """

    scripts: tuple[str, ...]
    query: str
    chips: tuple[Chips, ...]
    examples: tuple[tuple[str, str], ...]


def live_table(site: Site, query: str = "") -> Table:
    """Return what the live table of a page needs."""
    config = site.config
    _ = translations(config.language).gettext
    keys = _KEYS_WRITTEN[config.language]
    columns = {column["key"]: column for column in language_data(config)["columns"]}
    states = {word[0]: word[1] for word in columns["is"]["words"]}
    kinds = {"overdue": "late"}
    owners = [owner.label for owner in config.owners] or owner_names(site.day)[:_MOST_OWNERS]
    levels = [level.label for level in config.levels]
    chips = (
        Chips(
            _("State"),
            "is",
            keys["is"],
            tuple(
                Chip(message.render(_), as_written(states[state]), kinds.get(state, state))
                for state, message in _CHIP_STATES.items()
            ),
        ),
        Chips(_("Level"), "level", keys["level"], _plain_chips(config, "level", levels)),
        Chips(_("Owner"), "owner", keys["owner"], _plain_chips(config, "owner", owners)),
    )
    shown = tuple(group for group in chips if group.chips)
    return Table(table_scripts(site), query, shown, tuple(_examples(site)))


def _plain_chips(config: Config, key: str, labels: Sequence[str]) -> tuple[Chip, ...]:
    return tuple(
        Chip(label, as_written(label)) for label in labels if written_term(config, key, label)
    )


def written_term(config: Config, key: str, label: str) -> str:
    """Return the term of a query that asks for a word: `stage:won`; empty where none can.

    Args:
        config: The workspace's settings.
        key: `stage`, `level` or `owner`.
        label: The word; empty for customers without one.
    """
    written = _KEYS_WRITTEN[config.language]
    if not label:
        return f"-{written['has']}:{written[key]}"
    # An owner that is not listed is asked for by the sign that takes any name.
    owners = config.owners
    sign = "=" if key == "owner" and len(owners) and not owners.find(label) else ":"
    term = f"{written[key]}{sign}{as_written(label)}"
    # A comma beside a quote, or a quote at the beginning, has no form.
    return term if isinstance(parse(term, config), Query) else ""


def _examples(site: Site) -> Iterator[tuple[str, str]]:
    """Yield queries in the workspace's own words, each with what it finds."""
    config = site.config
    _ = translations(config.language).gettext
    keys = _KEYS_WRITTEN[config.language]
    levels = [as_written(level.label) for level in config.levels][:2]
    stage = next(iter(config.stages), None)
    if stage and levels:
        both = f"{keys['stage']}:{as_written(stage.label)} {keys['level']}:{','.join(levels)}"
        yield both, _("both hold; of values apart by commas, one")
    if levels:
        yield f"-{keys['level']}:{levels[0]}", _("what is to be left out")
    yield f"{keys['value']}>100000", _("amounts over, at least (>=), under, at most")
    yield f"{keys['next']}<7d", _("less than 7 days ahead, or overdue")
    yield f"{keys['last']}>30d", _("last contact more than 30 days ago")


def table_scripts(site: Site) -> tuple[str, ...]:
    """Return the addresses of the parts, in the order in which they are loaded."""
    count = max(-(-len(site.rows) // PART_ROWS), 1)
    further = (f"data/customers-{number}.js" for number in range(2, count + 1))
    return "data/customers.js", *further


def table_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the parts with their paths in the site, the same for the same day."""
    keys = _keys(site.config)
    rows = site.by_importance
    parts = [
        script_json(
            [
                _packed([_cell(key, row, site.columns[row.customer.path]) for row in part])
                for key in keys
            ]
        )
        for part in (rows[at : at + PART_ROWS] for at in range(0, len(rows) or 1, PART_ROWS))
    ]
    head = script_json(_head(site, keys))
    digest = hashlib.sha256("\n".join([head, *parts]).encode("utf-8", "replace")).hexdigest()[:12]
    for number, (address, cells) in enumerate(zip(table_scripts(site), parts, strict=True)):
        part = f'{{"sum":"{digest}","cells":{cells}}}'
        text = (
            f"trackerCustomers.parts[{number}]={part};\n"
            if number
            else f'var trackerCustomers={{"sum":"{digest}","head":{head},"parts":[\n{part}]}};\n'
        )
        yield address, text.encode("utf-8", "backslashreplace")


# --- Cells ------------------------------------------------------------------------------------


def _keys(config: Config) -> tuple[str, ...]:
    """Return the columns of the data: all that queries know, and two of its own."""
    further = (column["key"] for column in language_data(config)["columns"])
    known = dict.fromkeys((*ROW_COLUMNS, *further))
    wanted = (key for key in known if key not in {*_RECOUNTED, "is", "has"})
    # The signs keep them apart from fields that a workspace declares.
    return (*wanted, "/page", "/broken")


def _cell(key: str, row: Row, columns: dict[str, Any]) -> object:
    if key == "/broken":
        return row.broken or None
    if key == "/page":
        # A page is mostly named after the customer's id.
        usual = f"customers/{columns['id']}.html"
        return None if row.address == usual else encoded(row.address)
    if key == "path":
        # The file too, so its folder alone says it.
        folder, _, name = str(columns["path"]).rpartition("/")
        return f"{folder}/" if name == f"{columns['id']}.md" else columns["path"]
    return columns.get(key)


def _packed(cells: Sequence[object]) -> object:
    """Return the cells of a column in their shortest form."""
    if all(cell is None for cell in cells):
        return 0
    written = [script_json(cell) for cell in cells]
    words = {text: number for number, text in enumerate(dict.fromkeys(written))}
    first = dict(zip(reversed(written), reversed(cells), strict=True))
    packed = {"words": [first[text] for text in words], "at": [words[text] for text in written]}
    return (
        packed if len(script_json(packed)) < sum(map(len, written)) + len(written) else list(cells)
    )


# --- The head ---------------------------------------------------------------------------------


def _head(site: Site, keys: Sequence[str]) -> dict[str, object]:
    """Return what holds for the whole table: columns, words, texts and forms."""
    config = site.config
    catalogue = translations(config.language)
    formats = Formats(config.language, site.today)
    used = {code for columns in site.columns.values() if (code := columns["currency"])}
    declared = {
        str(cell).rpartition(" ")[2]
        for field in declared_fields(config)
        if field.kind is schema.Kind.MONEY
        for columns in site.columns.values()
        if (cell := columns.get(field.key))
    }
    codes = sorted({config.currency, *used, *declared})
    return {
        "rows": len(site.rows),
        "keys": keys,
        "columns": list(live_columns(config)),
        "built": site.today.isoformat(),
        "currencies": {code: formats.currency_prefix(code) for code in codes},
        "texts": _texts(catalogue),
        "query": language_data(config),
    }


def live_columns(config: Config) -> Iterator[dict[str, Any]]:
    """Yield the columns that the table can show: key, title, type and whether it is shown."""
    catalogue = translations(config.language)
    titles = {key: message.render(catalogue.gettext) for key, message in _TITLES.items()}
    fields = {field.key: field for field in schema.FRONT_MATTER}
    for number, (key, kind) in enumerate(_COLUMNS):
        if key in titles:
            title = titles[key]
        elif config.language == "zh":
            title = fields[key].zh
        else:
            title = key.replace("_", " ").capitalize()
        yield {"key": key, "title": title, "type": kind, "shown": number < _SHOWN}
    for field in declared_fields(config):
        kind = _DECLARED_TYPES.get(field.kind, "text")
        yield {"key": field.key, "title": field.zh, "type": kind, "shown": False}


def _texts(catalogue: gettext.NullTranslations) -> dict[str, object]:
    """Return what the script says; pairs are for one and for more."""
    _, ngettext = catalogue.gettext, catalogue.ngettext
    counts = (1, 2)
    return {
        "late": [ngettext("%(count)s day overdue", "%(count)s days overdue", n) for n in counts],
        "today": _("today"),
        "planned": [ngettext("in %(count)s day", "in %(count)s days", n) for n in counts],
        "none": _("no next step"),
        "stale": [
            ngettext("quiet for %(count)s day", "quiet for %(count)s days", n) for n in counts
        ],
        "error": _("has errors"),
        "yes": _("yes"),
        "no": _("no"),
        "shown": _("{shown} of {total}"),
        "selected": _("{count} selected"),
        "select": _("Select {name}"),
        "selectAll": _("Select all that are found"),
        "summary": _("In short"),
        "replace": _("Write {word}"),
        "file": _("customers"),
        "currency": _("Currency"),
        "next_date": _("Next on"),
        "next_time": _("Next at"),
        "next_method": _("Next by"),
        "next_text": _("Next step"),
        "next_state": _("State"),
        "days_overdue": _("Days overdue"),
    }
