"""The columns that a query can ask for: those that always are, and a workspace's own fields."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracker import schema
from tracker.config import Terms
from tracker.text import fold

if TYPE_CHECKING:
    from tracker.config import Config

SEARCHED = (
    "name", "short", "contacts", "owner", "source", "tags", "industry", "region", "business",
    "next_text", "quotes", "contract",
)  # fmt: skip
"""The columns in which free text is looked for."""


class ColumnKind(StrEnum):
    """What a column holds, and so how it is compared.

    `text`: `:` finds a part, `=` the whole; so for each of a list. `labels`: the whole of one.
    `word`: a word of a vocabulary, in any spelling; rows carry its label. `state`: likewise, rows
    carry its id. `bool`: yes or no. `owner`: a name. `currency`: a code or sign. `number`, `days`
    (`7d` and `2w` are understood) and `money` (with the row's or the cell's currency) can be
    ordered. `ahead`, `back`: a date that usually lies ahead, or behind: `7d` is a distance in that
    direction. `is`: what a customer is on the day. `has`: whether another column holds anything.
    """

    TEXT = "text"
    LABELS = "labels"
    WORD = "word"
    STATE = "state"
    BOOL = "bool"
    OWNER = "owner"
    CURRENCY = "currency"
    NUMBER = "number"
    DAYS = "days"
    MONEY = "money"
    AHEAD = "ahead"
    BACK = "back"
    IS = "is"
    HAS = "has"


ORDERED = frozenset(
    {ColumnKind.NUMBER, ColumnKind.DAYS, ColumnKind.MONEY, ColumnKind.AHEAD, ColumnKind.BACK}
)
"""Kinds whose values can be smaller and larger."""

GROUPED = frozenset({ColumnKind.NUMBER, ColumnKind.DAYS, ColumnKind.MONEY})
"""Kinds in whose values a comma may part thousands."""

NO_WORDS: Terms[Any] = Terms(())


class Column(Struct, frozen=True):
    """A key of the language.

    Attributes:
        key: Name of the column in a row.
        kind: How it is compared.
        spellings: Every key that means it.
        vocabulary: For words: the list of `tracker.yaml`, or of `BUILTIN_WORDS`.
        words: That list, in a workspace.
    """

    key: str
    kind: ColumnKind
    spellings: tuple[str, ...]
    vocabulary: str = ""
    words: Terms[Any] = NO_WORDS


_FIELDS = {field.key: field for field in schema.FRONT_MATTER}


def _column(
    key: str, kind: ColumnKind, spellings: tuple[str, ...] = (), vocabulary: str = ""
) -> Column:
    """Return a column that its field's keys mean too, where it has a field of that name."""
    field = _FIELDS.get(key)
    return Column(key, kind, (*(field.spellings if field else (key,)), *spellings), vocabulary)


COLUMNS = (
    _column("is", ColumnKind.IS, ("是", "状态"), "is"),
    _column("has", ColumnKind.HAS, ("有",)),
    _column("id", ColumnKind.TEXT),
    _column("name", ColumnKind.TEXT, ("名称", "客户", "customer")),
    _column("short", ColumnKind.TEXT, ("short-name",)),
    _column("path", ColumnKind.TEXT, ("文件", "路径", "file")),
    _column("stage", ColumnKind.WORD, (), "stages"),
    _column(
        "stage_kind",
        ColumnKind.STATE,
        ("阶段类型", "阶段类别", "kind", "kind-of-stage"),
        "stage_kind",
    ),
    _column("level", ColumnKind.WORD, (), "levels"),
    _column("owner", ColumnKind.OWNER, ("销售",)),
    _column("source", ColumnKind.WORD, (), "sources"),
    _column("industry", ColumnKind.TEXT),
    _column("size", ColumnKind.TEXT),
    _column("business", ColumnKind.TEXT),
    _column("website", ColumnKind.TEXT),
    _column("address", ColumnKind.TEXT),
    _column("region", ColumnKind.TEXT),
    _column("contacts", ColumnKind.TEXT, ("contact",)),
    _column("tags", ColumnKind.LABELS, ("tag",)),
    _column("value", ColumnKind.MONEY, ("金额", "amount")),
    _column("weighted_value", ColumnKind.MONEY, ("加权金额", "weighted")),
    _column("currency", ColumnKind.CURRENCY, ("币种", "货币")),
    _column("quotes", ColumnKind.TEXT, ("报价单号", "报价单", "quote")),
    _column("contract", ColumnKind.TEXT, ("合同编号", "合同")),
    _column("created", ColumnKind.BACK),
    _column("expected_close", ColumnKind.AHEAD, ("预计成交", "close", "closing")),
    _column("last_contact", ColumnKind.BACK, ("最近联系", "上次", "上次联系", "last")),
    _column("followups", ColumnKind.NUMBER, ("跟进次数", "跟进记录", "跟进", "follow-ups")),
    _column(
        "next_date",
        ColumnKind.AHEAD,
        ("下次日期", "下次", "下次跟进", "下一步", "next", "next-on", "next-step"),
    ),
    _column("next_time", ColumnKind.TEXT, ("下次时间", "next-at")),
    _column("next_method", ColumnKind.WORD, ("下次方式", "方式", "method", "next-by"), "methods"),
    _column("next_text", ColumnKind.TEXT, ("下次内容",)),
    _column("next_state", ColumnKind.STATE, ("下次状态", "state"), "next_state"),
    _column("days_overdue", ColumnKind.DAYS, ("逾期天数", "overdue")),
    _column("idle_days", ColumnKind.DAYS, ("未联系天数", "idle")),
    _column("stale", ColumnKind.BOOL, ("冷却", "久未联系"), "bool"),
    _column(
        "open_commitments", ColumnKind.NUMBER, ("未完成承诺", "未兑现承诺", "承诺", "promises")
    ),
    _column("overdue_commitments", ColumnKind.NUMBER, ("逾期承诺", "overdue_promises")),
    _column("problems", ColumnKind.NUMBER, ("问题数", "问题")),
)
"""The built-in columns."""

_KEYS = frozenset(column.key for column in COLUMNS)

_FIELDS_OF_GROUPS = {"contract": "deal.contract"}
"""Columns that are a field of a group, each with its dotted key."""

DECLARED_KINDS = {
    schema.Kind.TEXT: ColumnKind.TEXT,
    schema.Kind.URL: ColumnKind.TEXT,
    schema.Kind.NUMBER: ColumnKind.NUMBER,
    schema.Kind.DATE: ColumnKind.AHEAD,
    schema.Kind.MONEY: ColumnKind.MONEY,
    schema.Kind.CHOICE: ColumnKind.WORD,
    schema.Kind.LIST: ColumnKind.LABELS,
    schema.Kind.BOOL: ColumnKind.BOOL,
}
"""Kinds of the columns of fields that a workspace declares."""


def column_named(text: str) -> str | None:
    """Return the key of the built-in column that a text means in any language; None for none."""
    name = fold(text)
    return next((one.key for one in COLUMNS if name in map(fold, one.spellings)), None)


def field_named(text: str) -> str | None:
    """Return the dotted key of the field that a text means as a built-in column; None for none."""
    column = column_named(text)
    return column if column in _FIELDS else _FIELDS_OF_GROUPS.get(column or "")


def declared_fields(config: Config) -> list[schema.Field]:
    """Return the declared fields; one that is named as a column of ours gives way to it."""
    return [
        field for field in config.fields if field.key not in _KEYS and field.kind in DECLARED_KINDS
    ]
