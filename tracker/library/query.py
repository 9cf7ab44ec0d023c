"""The query language of `list`, `agenda`, `export` and the site's filter box.

A query is a row of terms, all of which must hold:

    query      = { term }                         terms stand apart by blanks
    term       = [ "-" ] ( comparison | values )  "-" takes what the rest does not
    comparison = key operator values              blanks around the operator do not matter
    operator   = ":" | "=" | ">" | ">=" | "<" | "<="
    values     = value { "," value }              one of them must hold; blanks around "," too
    value      = '"' anything but quotes '"' | anything but blanks and commas

`values` alone is free text, looked for in the `SEARCHED` columns. Full-width signs count as their
half-width ones: `：＝＞＜≥≤`, `，` and `、` for the comma, `“”` for quotes, `－` for the minus. A
comma between a digit and exactly three more groups a number or an amount (`value>100,000`).

What a value may be, and what an operator means, is the column's kind (`_Kind`). The same language
in JavaScript is `site_templates/assets/query.js`; it takes every word and message from
`language_data`, and `tests/query/vectors.json` holds both to the same answers.
"""

from __future__ import annotations

import calendar
import operator
import re
import unicodedata
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from tracker import schema
from tracker.config import Term, Terms, builtin_terms
from tracker.dates import DATE_PATTERN
from tracker.diagnostics import Span
from tracker.money import (
    Money,
    currency_codes,
    currency_signs,
    is_currency,
    plain_number,
    read_money,
)
from tracker.text import fold, nearest
from tracker.translation import Message, translations
from tracker.vocabulary import FALSE_WORDS, NEXT_STATES, STALE, TRUE_WORDS, StageKind, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tracker.config import Config
    from tracker.model import Customer

Row: TypeAlias = "Mapping[str, Any]"
"""A customer's columns: ISO dates, decimal strings, labels; None or missing for what is absent."""

_Test: TypeAlias = "Callable[[Row, date], bool]"
_Reader: TypeAlias = "Callable[[_Comparison, str], _Test | _Fault]"

SEARCHED = (
    "name", "short", "contacts", "owner", "source", "tags", "industry", "region", "business",
    "next_text", "quotes", "contract",
)  # fmt: skip
"""The columns in which free text is looked for."""


# --- What a query gives -----------------------------------------------------------------------


class Query(Struct, frozen=True):
    """A query that can be asked of rows.

    Attributes:
        text: As written.
        terms: Its terms; a row that all of them hold for matches, so an empty query takes all.
    """

    text: str
    terms: tuple[_Test, ...]

    def matches(self, row: Row, today: date) -> bool:
        """Tell whether a customer's row is one that the query asks for.

        Args:
            row: The columns of `insight.rows`, with `further_columns` where they are to be found.
            today: The day; states and numbers of days are those of this day, whatever day the row
                was made on.
        """
        return all(term(row, today) for term in self.terms)


class QueryError(Struct, frozen=True):
    """What is wrong at one place of a query.

    Attributes:
        code: Stable name of the mistake, such as `unknown-key`.
        start: Where it begins; characters of the query count from 0.
        end: Where it ends, excluded.
        message: What is wrong, in one sentence.
        hint: What was probably meant or how to write it, where that is known.
    """

    code: str
    start: int
    end: int
    message: Message
    hint: Message | None = None

    @property
    def span(self) -> Span:
        """Return the place as a diagnostic has it: line 1, columns from 1."""
        return Span.of_line(1, self.start + 1, self.end - self.start)


def parse(text: str, config: Config) -> Query | tuple[QueryError, ...]:
    """Read a query, or say everything that is wrong with it, in the order of the text."""
    parser = _Parser(text, _Language(config))
    terms = parser.read()
    if parser.errors:
        return tuple(sorted(parser.errors, key=lambda error: (error.start, error.end)))
    return Query(text, terms)


_MESSAGES = {
    "unknown-key": Message("‘{key}’ is not a key"),
    "quote-to-search": Message("to search for it as text, put it in quotes"),
    "missing-key": Message("a key is missing before ‘{operator}’"),
    "comparison-form": Message("write it as value>100000"),
    "not-equal": Message("‘{operator}’ is not an operator"),
    "exclude-form": Message("write it as -{key}:…"),
    "wrong-operator": Message("‘{key}’ cannot be compared by ‘{operator}’"),
    "colon-form": Message("write it as {key}:…"),
    "one-value": Message("‘{operator}’ compares with one value"),
    "missing-value": Message("a value is missing at ‘{sign}’"),
    "has-form": Message("-has:{key} finds those without one"),
    "comma-between-terms": Message("a comma stands between values of one key"),
    "blank-between-terms": Message("terms stand apart by a blank, and all of them must hold"),
    "comma-for-or": Message("alternatives stand apart by commas: level:A,B"),
    "minus-for-not": Message("what is to be left out has a - before it: -level:C"),
    "logic-word": Message("‘{word}’ is not part of the language"),
    "open-quote": Message("the quote that begins here does not end"),
    "after-quote": Message("a blank or a comma is missing after the quote"),
    "lone-minus": Message("‘-’ stands directly before what is to be left out"),
    "nothing-to-find": Message("‘{text}’ holds nothing to look for"),
    "unknown-word": Message("‘{text}’ is not a word of ‘{key}’"),
    "unknown-owner": Message("‘{text}’ is not one of the owners"),
    "owner-form": Message("for a name that is not listed, write it as {key}={text}"),
    "wrong-currency": Message("‘{text}’ is not a currency"),
    "wrong-number": Message("‘{text}’ is not a number"),
    "wrong-amount": Message("‘{text}’ is not an amount"),
    "amount-form": Message("write it as 100000, 10万, 50k or 5000USD"),
    "wrong-date": Message("‘{text}’ is not a date"),
    "date-form": Message("write it as 2026-12-01, 2026-12, today or 7d"),
    "no-such-day": Message("there is no day {text}"),
    "did-you-mean": Message("did you mean ‘{word}’?"),
    "known-words": Message("known are: {words}"),
    "between-words": Message(", "),
}
"""Every message and hint by its code; the same table serves JavaScript."""


def _message(code: str, **values: str | tuple[str, ...]) -> Message:
    return Message(_MESSAGES[code].template, values)


class _Fault(Struct, frozen=True):
    """Why a text is no value of a column; becomes a `QueryError` at the text's place."""

    code: str
    message: Message
    hint: Message | None = None


# --- Columns ----------------------------------------------------------------------------------


class _Kind(StrEnum):
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


_ORDERED = frozenset({_Kind.NUMBER, _Kind.DAYS, _Kind.MONEY, _Kind.AHEAD, _Kind.BACK})
_GROUPED = frozenset({_Kind.NUMBER, _Kind.DAYS, _Kind.MONEY})


_NO_WORDS: Terms[Any] = Terms(())


class _Column(Struct, frozen=True):
    """A key of the language.

    Attributes:
        key: Name of the column in a row.
        kind: How it is compared.
        spellings: Further keys that mean it, beside `key` and those of the schema's field.
        vocabulary: For words: the list of `tracker.yaml`, or of `_BUILTIN`.
        words: That list.
    """

    key: str
    kind: _Kind
    spellings: tuple[str, ...] = ()
    vocabulary: str = ""
    words: Terms[Any] = _NO_WORDS


_COLUMNS = (
    _Column("is", _Kind.IS, ("是", "状态"), "is"),
    _Column("has", _Kind.HAS, ("有",)),
    _Column("id", _Kind.TEXT),
    _Column("name", _Kind.TEXT, ("名称", "客户", "customer")),
    _Column("short", _Kind.TEXT, ("short-name",)),
    _Column("path", _Kind.TEXT, ("文件", "路径", "file")),
    _Column("stage", _Kind.WORD, (), "stages"),
    _Column(
        "stage_kind",
        _Kind.STATE,
        ("阶段类型", "阶段类别", "kind", "kind-of-stage"),
        "stage_kind",
    ),
    _Column("level", _Kind.WORD, (), "levels"),
    _Column("owner", _Kind.OWNER, ("销售",)),
    _Column("source", _Kind.WORD, (), "sources"),
    _Column("industry", _Kind.TEXT),
    _Column("size", _Kind.TEXT),
    _Column("business", _Kind.TEXT),
    _Column("website", _Kind.TEXT),
    _Column("address", _Kind.TEXT),
    _Column("region", _Kind.TEXT),
    _Column("contacts", _Kind.TEXT, ("contact",)),
    _Column("tags", _Kind.LABELS, ("tag",)),
    _Column("value", _Kind.MONEY, ("金额", "amount")),
    _Column("weighted_value", _Kind.MONEY, ("加权金额", "weighted")),
    _Column("currency", _Kind.CURRENCY, ("币种", "货币")),
    _Column("quotes", _Kind.TEXT, ("报价单号", "报价单", "quote")),
    _Column("contract", _Kind.TEXT, ("合同编号", "合同")),
    _Column("created", _Kind.BACK),
    _Column("expected_close", _Kind.AHEAD, ("预计成交", "close", "closing")),
    _Column("last_contact", _Kind.BACK, ("最近联系", "上次", "上次联系", "last")),
    _Column("followups", _Kind.NUMBER, ("跟进次数", "跟进记录", "跟进", "follow-ups")),
    _Column(
        "next_date",
        _Kind.AHEAD,
        ("下次日期", "下次", "下次跟进", "下一步", "next", "next-on", "next-step"),
    ),
    _Column("next_time", _Kind.TEXT, ("下次时间", "next-at")),
    _Column("next_method", _Kind.WORD, ("下次方式", "方式", "method", "next-by"), "methods"),
    _Column("next_text", _Kind.TEXT, ("下次内容",)),
    _Column("next_state", _Kind.STATE, ("下次状态", "state"), "next_state"),
    _Column("days_overdue", _Kind.DAYS, ("逾期天数", "overdue")),
    _Column("idle_days", _Kind.DAYS, ("未联系天数", "idle")),
    _Column("stale", _Kind.BOOL, ("冷却", "久未联系"), "bool"),
    _Column("open_commitments", _Kind.NUMBER, ("未完成承诺", "未兑现承诺", "承诺", "promises")),
    _Column("overdue_commitments", _Kind.NUMBER, ("逾期承诺", "overdue_promises")),
    _Column("problems", _Kind.NUMBER, ("问题数", "问题")),
)


def _spellings(column: _Column) -> tuple[str, ...]:
    """Return every text that means a built-in column: those of its field are among them."""
    field = next((field for field in schema.FRONT_MATTER if field.key == column.key), None)
    return (*(field.spellings if field else (column.key,)), *column.spellings)


def column_named(text: str) -> str | None:
    """Return the key of the built-in column that a text means in any language; None for none."""
    name = fold(text)
    return next((one.key for one in _COLUMNS if name in map(fold, _spellings(one))), None)


def column_meant(text: str, config: Config) -> str | None:
    """Return the key of the column that a text means in a workspace, its own fields included."""
    column = _Language(config).find(text)
    return column.key if column else None


_FIELDS_OF_GROUPS = {"contract": "deal.contract"}
"""Columns that are a field of a group, each with its dotted key."""


def field_named(text: str) -> str | None:
    """Return the dotted key of the field that a text means as a built-in column; None for none."""
    column = column_named(text)
    known = any(field.key == column for field in schema.FRONT_MATTER)
    return column if known else _FIELDS_OF_GROUPS.get(column or "")


_DECLARED_KINDS = {
    schema.Kind.TEXT: _Kind.TEXT,
    schema.Kind.URL: _Kind.TEXT,
    schema.Kind.NUMBER: _Kind.NUMBER,
    schema.Kind.DATE: _Kind.AHEAD,
    schema.Kind.MONEY: _Kind.MONEY,
    schema.Kind.CHOICE: _Kind.WORD,
    schema.Kind.LIST: _Kind.LABELS,
    schema.Kind.BOOL: _Kind.BOOL,
}
"""Kinds of the fields that a workspace declares."""

_STAGE_KINDS = (
    Word("open", "进行中", "open", ("跟进中", "在谈")),
    Word("won", "成交", "won", ("已成交", "赢单")),
    Word("lost", "未成交", "lost", ("流失", "丢单", "输单")),
)
_BUILTIN = {
    "is": (*NEXT_STATES, STALE, *_STAGE_KINDS),
    "next_state": NEXT_STATES,
    "stage_kind": _STAGE_KINDS,
    "bool": (Word("true", "是", "yes", TRUE_WORDS), Word("false", "否", "no", FALSE_WORDS)),
}

_PERIODS = {
    Word("today", "今天", "today", ("今日",)): ("day", 0),
    Word("tomorrow", "明天", "tomorrow", ("明日",)): ("day", 1),
    Word("yesterday", "昨天", "yesterday", ("昨日",)): ("day", -1),
    Word("day-after-tomorrow", "后天", "day-after-tomorrow"): ("day", 2),
    Word("day-before-yesterday", "前天", "day-before-yesterday"): ("day", -2),
    Word("this-week", "本周", "this-week", ("这周",)): ("week", 0),
    Word("next-week", "下周", "next-week"): ("week", 1),
    Word("last-week", "上周", "last-week"): ("week", -1),
    Word("this-month", "本月", "this-month", ("这个月",)): ("month", 0),
    Word("next-month", "下月", "next-month", ("下个月",)): ("month", 1),
    Word("last-month", "上月", "last-month", ("上个月",)): ("month", -1),
    Word("this-quarter", "本季度", "this-quarter", ("这个季度",)): ("quarter", 0),
    Word("next-quarter", "下季度", "next-quarter", ("下个季度",)): ("quarter", 1),
    Word("last-quarter", "上季度", "last-quarter", ("上个季度",)): ("quarter", -1),
    Word("this-year", "今年", "this-year"): ("year", 0),
    Word("next-year", "明年", "next-year"): ("year", 1),
    Word("last-year", "去年", "last-year"): ("year", -1),
}
"""Words for stretches of days, each with its unit and how many of them from today's."""

_DAY_UNITS = {
    "d": 1, "day": 1, "days": 1, "天": 1, "日": 1,
    "w": 7, "week": 7, "weeks": 7, "周": 7, "星期": 7,
}  # fmt: skip


def further_columns(customer: Customer, config: Config) -> dict[str, Any]:
    """Return the columns that queries know beyond those of `insight.rows`.

    They are the customer's other fields, the numbers of its quotes and of its contract, and the
    fields that the workspace declares (in the form of a row; money as `480000 CNY`).
    """
    return {key: _cell_of(value) for key, value in further_values(customer, config).items()}


def further_values(customer: Customer, config: Config) -> dict[str, Any]:
    """Return what stands in the columns of `further_columns`, as the record has it."""
    return {
        "short": customer.short,
        "size": customer.size,
        "business": customer.business,
        "website": customer.website,
        "address": customer.address,
        "region": customer.region,
        "expected_close": customer.expected_close,
        "quotes": tuple(offer.quote for offer in customer.offers if offer.quote),
        "contract": customer.deal.contract if customer.deal else None,
        **{field.key: customer.fields.get(field.key) for field in declared_fields(config)},
    }


def _cell_of(value: object) -> object:
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Money) else value


def declared_fields(config: Config) -> list[schema.Field]:
    """Return the declared fields; one that is named as a column of ours gives way to it."""
    own = {column.key for column in _COLUMNS}
    return [
        field for field in config.fields if field.key not in own and field.kind in _DECLARED_KINDS
    ]


class _Language:
    """The words of the query language in one workspace.

    Attributes:
        config: The workspace's settings.
        columns: All keys, the workspace's own last.
        periods: The words for stretches of days.
        rates: Value of one unit of a currency in the workspace's own.
        idle_limits: Days after which a customer is stale, by the labels of stages and of levels.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.columns = (
            *(self._builtin(column) for column in _COLUMNS),
            *(self._declared(field) for field in declared_fields(config)),
        )
        self.periods = self._terms(_PERIODS)
        self.rates = {**config.rates, config.currency: Decimal(1)}
        self.idle_limits = {
            "stage": {stage.label: stage.max_idle_days for stage in config.stages},
            "level": {level.label: level.max_idle_days for level in config.levels},
        }
        self._by_spelling: dict[str, _Column] = {}
        for column in self.columns:
            for spelling in column.spellings:
                self._by_spelling.setdefault(fold(spelling), column)

    def _builtin(self, column: _Column) -> _Column:
        words = _NO_WORDS
        if column.vocabulary in _BUILTIN:
            words = self._terms(_BUILTIN[column.vocabulary])
        elif column.vocabulary:
            words = self.config.terms(column.vocabulary)
        elif column.kind is _Kind.OWNER:
            words = self.config.owners
        return _Column(column.key, column.kind, _spellings(column), column.vocabulary, words)

    def _declared(self, field: schema.Field) -> _Column:
        words = _NO_WORDS
        if field.kind is schema.Kind.CHOICE:
            words = Terms(Term(choice, choice) for choice in field.choices)
        elif field.kind is schema.Kind.BOOL:
            words = self._terms(_BUILTIN["bool"])
        return _Column(field.key, _DECLARED_KINDS[field.kind], field.spellings, words=words)

    def _terms(self, words: Iterable[Word]) -> Terms[Term]:
        return builtin_terms(words, self.config.language)

    def find(self, key: str) -> _Column | None:
        """Return the column that a key means."""
        return self._by_spelling.get(fold(key))

    def unknown_key(self, key: str) -> _Fault:
        """Return the fault of a key that means no column."""
        spellings = (text for column in self.columns for text in column.spellings)
        # No key holds a blank: hyphens stand in their place.
        keys = [one for text in spellings if _KEY.fullmatch(one := "-".join(text.split()))]
        near = _nearest(key, keys)
        return _Fault(
            "unknown-key",
            _message("unknown-key", key=key),
            _message("did-you-mean", word=near) if near else _message("quote-to-search"),
        )

    def as_data(self, translate: Callable[[str], str]) -> dict[str, Any]:
        """Return everything that the language in JavaScript has to be told, fit for JSON."""
        return {
            "columns": [
                {
                    "key": column.key,
                    "kind": column.kind.value,
                    "spellings": list(column.spellings),
                    "words": _words_as_data(column.words),
                }
                for column in self.columns
            ],
            "searched": list(SEARCHED),
            "periods": [
                [*term, *_PERIODS[word]]
                for term, word in zip(_words_as_data(self.periods), _PERIODS, strict=True)
            ],
            "dayUnits": _DAY_UNITS,
            "currency": self.config.currency,
            "currencySigns": {sign: list(codes) for sign, codes in currency_signs().items()},
            "currencyCodes": sorted(currency_codes()),
            "rates": {code: plain_number(rate) for code, rate in self.rates.items()},
            "idleLimits": self.idle_limits,
            "messages": {code: translate(message.template) for code, message in _MESSAGES.items()},
        }


def language_data(config: Config, translate: Callable[[str], str] | None = None) -> dict[str, Any]:
    """Return the language of a workspace for `TrackerQuery.compile`, fit for JSON.

    Args:
        config: The workspace's settings.
        translate: A gettext function for the messages; that of the workspace's language if None.
    """
    return _Language(config).as_data(translate or translations(config.language).gettext)


def _words_as_data(words: Terms[Any]) -> list[list[Any]]:
    return [[term.id, term.label, list(term.others)] for term in words]


_LONGEST_WORD = 60
"""Characters beyond which no near word is looked for; nothing of the language is that long."""


_SHORTEST_START = 2


def _nearest(text: str, candidates: list[str]) -> str | None:
    """Return the candidate most like the text, else the first that begins with it, else None."""
    if len(text) > _LONGEST_WORD:
        return None
    if near := nearest(text, candidates):
        return near
    start = fold(text)
    if len(start) < _SHORTEST_START:
        return None
    return next((word for word in candidates if fold(word).startswith(start)), None)


def _nearest_word(text: str, words: Terms[Any]) -> str | None:
    """Return the spelling most like the text, fit to stand in a query; None where none is near."""
    near = _nearest(text, [spelling for term in words for spelling in term.spellings])
    return as_written(near) if near else None


def as_written(word: str) -> str:
    """Return a word as a query has it: in quotes where it would fall apart.

    Within quotes no quote can stand; there, hyphens in place of the blanks mean the same word.
    """
    if _BARE.fullmatch(word):
        return word
    if any(quote in word for quote in _QUOTES):
        return "-".join(word.split())
    return f'"{word}"'


# --- Reading ----------------------------------------------------------------------------------

_MINUS = "-－"
_QUOTES = '"＂“”'
_BLANKS = re.compile(r"\s*")
_COMMA = re.compile(r"\s*([,，、])")
_KEY = re.compile(r"[^\s,，、:：=＝<＜>＞≤≥≠]+")
_OPERATOR = re.compile(r"\s*((?:[:：]\s*)?(?:[<＜][>＞]|[<＜>＞][=＝]?|[≤≥≠]|[=＝]{1,2})|[:：])")
_BARE = re.compile(r"[^\s,，、]+")
_QUOTED = re.compile(r'["＂“”]([^"＂“”]*)["＂“”]')
_LOGIC_WORDS = {
    "OR": "comma-for-or",
    "AND": "blank-between-terms",
    "NOT": "minus-for-not",
    "或": "comma-for-or",
    "或者": "comma-for-or",
    "|": "comma-for-or",
    "||": "comma-for-or",
    "且": "blank-between-terms",
    "并且": "blank-between-terms",
    "&&": "blank-between-terms",
}
"""Words of other query languages; Latin ones in small letters are text, but before a comparison."""

_UNEQUAL = ("≠", "<>")
_EQUALITIES = (":", "=")
_OPERATORS = {"": ":", "==": "=", "≤": "<=", "≥": ">="}
_GROUPS_BEFORE = re.compile(r"(?:^|[^0-9.,])[0-9]{1,3}(?:,[0-9]{3})*$")
_GROUP_AFTER = re.compile(r"[0-9]{3}(?![0-9])")


class _Piece(Struct, frozen=True):
    """A value as written: its text without quotes, its place with them, the comma before it."""

    text: str
    start: int
    end: int
    quoted: bool
    comma: str


class _Parser:
    """Reads one query from left to right; what is wrong is noted and the rest is read on."""

    def __init__(self, text: str, language: _Language) -> None:
        self.errors: list[QueryError] = []
        self._text = text
        self._language = language
        self._at = 0

    def read(self) -> tuple[_Test, ...]:
        """Return the terms; those that are wrong are left out and noted in `errors`."""
        terms: list[_Test] = []
        self._skip_blanks()
        while self._at < len(self._text):
            if term := self._term():
                terms.append(term)
            self._skip_blanks()
        return tuple(terms)

    def _skip_blanks(self) -> None:
        self._at = self._past(_BLANKS)

    def _past(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        return match.end() if match else self._at

    def _error(self, start: int, end: int, code: str, hint: str = "", **values: str) -> None:
        self._report(
            start,
            end,
            _Fault(code, _message(code, **values), _message(hint, **values) if hint else None),
        )

    def _report(self, start: int, end: int, fault: _Fault) -> None:
        self.errors.append(QueryError(fault.code, start, end, fault.message, fault.hint))

    def _term(self) -> _Test | None:
        start = self._at
        negated = self._text[start] in _MINUS
        if negated:
            self._at += 1
            after = self._text[self._at : self._at + 1]
            if not after.strip() or after in _MINUS:
                self._error(start, self._at, "lone-minus")
                return None
        test = self._comparison() if self._text[self._at] not in _QUOTES else self._free_text()
        if test and negated:
            return _not(test)
        return test

    def _comparison(self) -> _Test | None:
        """Read a key with operator and values; free text where no operator follows."""
        start = self._at
        key = _KEY.match(self._text, start)
        sign = _OPERATOR.match(self._text, key.end() if key else start)
        if sign is None:
            return self._free_text()
        self._at = sign.end()
        pieces = self._pieces(*sign.span(1), key[0] if key else "")
        asked = self._asked(key, sign)
        if asked is None:
            return None
        kind, operation = asked.column.kind, asked.operation
        if kind in _GROUPED:
            pieces = _joined_groups(pieces)
        if operation not in _EQUALITIES and len(pieces) > 1:
            self._error(pieces[1].start, pieces[-1].end, "one-value", operator=operation)
            return None
        return self._any_of(pieces, lambda text: _READERS[kind](asked, text))

    def _asked(self, key: re.Match[str] | None, sign: re.Match[str]) -> _Comparison | None:
        """Return what a key and an operator mean; None where they mean nothing."""
        written = sign[1]
        if key is None:
            self._error(*sign.span(1), "missing-key", "comparison-form", operator=written)
            return None
        operation = unicodedata.normalize("NFKC", "".join(written.split())).removeprefix(":")
        crossed = key[0].endswith(("!", "！")) and written in ("=", "＝")
        if crossed or operation in _UNEQUAL:
            start = key.end() - 1 if crossed else sign.start(1)
            name = self._text[key.start() : start].strip()
            unequal = self._text[start : sign.end()]
            values = {"key": name, "operator": unequal}
            self._error(start, sign.end(), "not-equal", "exclude-form", **values)
            return None
        column = self._language.find(key[0])
        if column is None:
            self._report(*key.span(), self._language.unknown_key(key[0]))
            return None
        operation = _OPERATORS.get(operation, operation)
        if operation not in _EQUALITIES and column.kind not in _ORDERED:
            self._error(
                *sign.span(1), "wrong-operator", "colon-form", key=key[0], operator=operation
            )
            return None
        return _Comparison(self._language, column, key[0], operation)

    def _free_text(self) -> _Test | None:
        word = _BARE.match(self._text, self._at)
        if word and (hint := self._logic_hint(word)):
            self._at = word.end()
            self._error(*word.span(), "logic-word", hint, word=word[0])
            return None
        return self._any_of(self._pieces(self._at, self._at, ""), _free_text)

    def _logic_hint(self, word: re.Match[str]) -> str | None:
        """Return the hint for a word of another query language; None for text."""
        if hint := _LOGIC_WORDS.get(word[0]):
            return hint
        hint = _LOGIC_WORDS.get(word[0].upper())
        rest = _BLANKS.match(self._text, word.end())
        return hint if hint and rest and self._begins_comparison(rest.end()) else None

    def _any_of(self, pieces: list[_Piece], read: Callable[[str], _Test | _Fault]) -> _Test | None:
        tests: list[_Test] = []
        for piece in pieces:
            test = read(piece.text.strip())
            if isinstance(test, _Fault):
                self._report(piece.start, piece.end, test)
            else:
                tests.append(test)
        if len(tests) == 1:
            return tests[0]
        return (lambda row, today: any(test(row, today) for test in tests)) if tests else None

    def _pieces(self, start: int, end: int, key: str) -> list[_Piece]:
        """Read values, up to the one that no comma follows.

        Args:
            start: Where the sign before the first value begins; shown where that is missing.
            end: Where that sign ends; the same where there is none.
            key: The key before that sign; empty where there is none.
        """
        pieces: list[_Piece] = []
        comma = ""
        while True:
            first = self._at
            self._skip_blanks()
            # Right after its sign anything is a value; farther on, a term of its own is a term.
            if (comma or self._at > first) and self._begins_comparison(self._at):
                if comma:
                    self._error(start, end, "comma-between-terms", "blank-between-terms")
                else:
                    self._missing_value(start, end, key)
                return pieces
            if _BARE.match(self._text, self._at) is None:
                self._missing_value(start, end, key)
            elif piece := self._piece(comma):
                pieces.append(piece)
            match = _COMMA.match(self._text, self._at)
            if match is None:
                return pieces
            comma = match[1]
            start, end = match.span(1)
            self._at, key = end, ""

    def _begins_comparison(self, at: int) -> bool:
        at += self._text[at : at + 1] in tuple(_MINUS)
        key = _KEY.match(self._text, at)
        return (
            key is not None
            and _OPERATOR.match(self._text, key.end()) is not None
            and self._language.find(key[0]) is not None
        )

    def _missing_value(self, start: int, end: int, key: str) -> None:
        if start == end:  # Free text that begins with a comma.
            end = start + 1
        hint = "has-form" if key and self._language.find(key) else ""
        self._error(start, end, "missing-value", hint, sign=self._text[start:end].strip(), key=key)

    def _piece(self, comma: str) -> _Piece | None:
        """Read one value; None where its quote does not end."""
        start = self._at
        if self._text[start] not in _QUOTES:
            self._at = self._past(_BARE)
            return _Piece(self._text[start : self._at], start, self._at, quoted=False, comma=comma)
        match = _QUOTED.match(self._text, start)
        if match is None:
            self._at = len(self._text)
            self._error(start, self._at, "open-quote")
            return None
        self._at = end = match.end()
        if _BARE.match(self._text, end):
            self._at = self._past(_BARE)
            self._error(end, self._at, "after-quote")
        return _Piece(match[1], start, end, quoted=True, comma=comma)


def _joined_groups(pieces: list[_Piece]) -> list[_Piece]:
    """Put together what a comma for thousands took apart."""
    joined: list[_Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if (
            last
            and piece.comma == ","
            and last.end + 1 == piece.start
            and not (last.quoted or piece.quoted)
            and len(last.text) <= _LONGEST_WORD
            and _GROUPS_BEFORE.search(last.text)
            and _GROUP_AFTER.match(piece.text)
        ):
            text = f"{last.text},{piece.text}"
            joined[-1] = _Piece(text, last.start, piece.end, quoted=False, comma=last.comma)
        else:
            joined.append(piece)
    return joined


# --- Values -----------------------------------------------------------------------------------


class _Comparison(Struct, frozen=True):
    """What stands before a value: the column, its key as written, and the operator."""

    language: _Language
    column: _Column
    key: str
    operation: str

    def order(self, left: Any, right: Any) -> bool:  # noqa: ANN401 - anything with an order
        """Compare two values by the operator; `:` asks whether they are equal."""
        return _ORDERS[self.operation](left, right)

    def cell(self, row: Row, today: date) -> object:
        """Return what the column holds on the day."""
        return _cell(self.language, row, self.column.key, today)

    def texts(self, row: Row) -> list[str]:
        """Return the folded texts that the column holds."""
        return _folded(row.get(self.column.key))


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    ":": operator.eq,
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_LONGEST_NUMBER = 20
_MONTH = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})|/([0-9]{1,2})|年([0-9]{1,2})月)")
_YEAR = re.compile(r"([0-9]{4})年?")
_DISTANCE = re.compile(r"([0-9]{1,5}) ?([^0-9 ]+)")


def _not(test: _Test) -> _Test:
    return lambda row, today: not test(row, today)


def _folded(cell: object) -> list[str]:
    if cell is None:
        return []
    return [fold(str(part)) for part in (cell if isinstance(cell, list) else [cell])]


def _nothing_to_find(text: str) -> _Fault:
    return _Fault("nothing-to-find", _message("nothing-to-find", text=text))


def _free_text(text: str) -> _Test | _Fault:
    needle = fold(text)
    if not needle:
        return _nothing_to_find(text)
    return lambda row, _: any(
        needle in cell for column in SEARCHED for cell in _folded(row.get(column))
    )


def _read_text(asked: _Comparison, text: str) -> _Test | _Fault:
    wanted = fold(text)
    if not wanted:
        return _nothing_to_find(text)
    if asked.operation == "=" or asked.column.kind is _Kind.LABELS:
        return lambda row, _: wanted in asked.texts(row)
    return lambda row, _: any(wanted in cell for cell in asked.texts(row))


def _unknown_word(asked: _Comparison, text: str) -> _Fault:
    words, hint = asked.column.words, None
    if near := _nearest_word(text, words):
        hint = _message("did-you-mean", word=near)
    elif len(words):
        known = tuple(as_written(term.label) for term in words)
        hint = _message("known-words", words=known)
    return _Fault("unknown-word", _message("unknown-word", text=text, key=asked.key), hint)


def _word_reader(test_of: Callable[[_Comparison, Term], _Test]) -> _Reader:
    """Return a reader of words; `test_of` gives the test of a word."""

    def read(asked: _Comparison, text: str) -> _Test | _Fault:
        term = asked.column.words.find(text)
        return test_of(asked, term) if term else _unknown_word(asked, text)

    return read


def _is(asked: _Comparison, term: Term) -> _Test:
    if term.id == "stale":
        return lambda row, today: _is_stale(asked.language, row, today)
    if term.id in {kind.value for kind in StageKind}:
        return lambda row, _: row.get("stage_kind") == term.id
    return lambda row, today: _next_state(row, today) == term.id


def _read_has(asked: _Comparison, text: str) -> _Test | _Fault:
    wanted = asked.language.find(text)
    if wanted is None:
        return asked.language.unknown_key(text)
    if wanted.kind in (_Kind.IS, _Kind.HAS):
        return _unknown_word(asked, text)
    return lambda row, today: bool(_cell(asked.language, row, wanted.key, today))


def _read_owner(asked: _Comparison, text: str) -> _Test | _Fault:
    owners = asked.column.words
    known = owners.find(text)
    wanted = fold(known.label if known else text)
    if not wanted:
        return _nothing_to_find(text)
    if asked.operation == ":" and len(owners) and not known:
        near = _nearest_word(text, owners)
        return _Fault(
            "unknown-owner",
            _message("unknown-owner", text=text),
            _message("did-you-mean", word=near)
            if near
            else _message("owner-form", key=asked.key, text=as_written(text)),
        )
    return lambda row, _: wanted in asked.texts(row)


def _read_currency(asked: _Comparison, text: str) -> _Test | _Fault:
    signs, sign = currency_signs(), unicodedata.normalize("NFKC", text)
    codes = signs.get(sign) or signs.get(sign.upper()) or (sign.upper(),)
    own = asked.language.config.currency
    wanted = own if own in codes else codes[0]
    if not is_currency(wanted):
        return _Fault("wrong-currency", _message("wrong-currency", text=text))
    return lambda row, _: row.get(asked.column.key) == wanted


def _read_number(asked: _Comparison, text: str) -> _Test | _Fault:
    days = _distance(text) if asked.column.kind is _Kind.DAYS else None
    written = unicodedata.normalize("NFKC", text) if days is None else str(days)
    if not _NUMBER.fullmatch(written) or len(written) > _LONGEST_NUMBER:
        return _Fault("wrong-number", _message("wrong-number", text=text))
    wanted = Decimal(written.replace(",", ""))

    def holds(row: Row, today: date) -> bool:
        cell = asked.cell(row, today)
        return cell is not None and asked.order(Decimal(str(cell)), wanted)

    return holds


def _read_money(asked: _Comparison, text: str) -> _Test | _Fault:
    wanted = read_money(unicodedata.normalize("NFKC", text), asked.language.config.currency)
    if isinstance(wanted, Message):
        return _Fault("wrong-amount", _message("wrong-amount", text=text), _message("amount-form"))
    rates = asked.language.rates

    def holds(row: Row, _: date) -> bool:
        cell = row.get(asked.column.key)
        if cell is None:
            return False
        # The currency stands in the cell (`5 CNY`), or is the row's own.
        amount, _blank, written = str(cell).partition(" ")
        currency = written or row.get("currency") or ""
        if currency == wanted.currency:
            return asked.order(Decimal(amount), wanted.amount)
        # Amounts in different currencies are compared only where both have a rate.
        if not {currency, wanted.currency} <= rates.keys():
            return False
        return asked.order(
            Fraction(amount) * Fraction(rates[currency]),
            Fraction(wanted.amount) * Fraction(rates[wanted.currency]),
        )

    return holds


def _read_date(asked: _Comparison, text: str) -> _Test | _Fault:
    days = _distance(text)
    if days is not None:
        return _by_distance(asked, days)
    if period := asked.language.periods.find(text):
        unit, offset = next(rule for word, rule in _PERIODS.items() if word.id == period.id)
        return _by_days(asked, lambda today: _days_around(today, unit, offset))
    written = _written_days(text)
    if isinstance(written, Message):
        return _Fault("no-such-day", written)
    if written is None:
        near = _nearest_word(text, asked.language.periods)
        return _Fault(
            "wrong-date",
            _message("wrong-date", text=text),
            _message("did-you-mean", word=near) if near else _message("date-form"),
        )
    return _by_days(asked, lambda _: written)


def _by_days(asked: _Comparison, days_of: Callable[[date], tuple[date, date]]) -> _Test:
    """Return the test of a stretch of days: before it, in it, after it."""

    def holds(row: Row, today: date) -> bool:
        cell = row.get(asked.column.key)
        if not cell:
            return False
        day = date.fromisoformat(cell)
        first, last = days_of(today)
        if asked.operation in ("<", ">="):
            return asked.order(day, first)
        if asked.operation in (">", "<="):
            return asked.order(day, last)
        return first <= day <= last

    return holds


def _by_distance(asked: _Comparison, days: int) -> _Test:
    """Return the test of a distance from the day, in the direction of the column.

    `:` takes the days from today to that distance, `=` the very day, and an order compares the
    distances: `last>30d` is longer ago than 30 days.
    """
    direction = 1 if asked.column.kind is _Kind.AHEAD else -1

    def holds(row: Row, today: date) -> bool:
        cell = row.get(asked.column.key)
        if not cell:
            return False
        distance = (date.fromisoformat(cell) - today).days * direction
        return 0 <= distance <= days if asked.operation == ":" else asked.order(distance, days)

    return holds


def _distance(text: str) -> int | None:
    """Return the days of `7d`, `7天` or `2w`; None where the text is no such distance."""
    match = _DISTANCE.fullmatch(fold(text))
    unit = _DAY_UNITS.get(match[2]) if match else None
    return int(match[1]) * unit if match and unit else None


def _written_days(text: str) -> tuple[date, date] | Message | None:
    """Return the first and the last day of a written day, month or year; None for other texts."""
    text = unicodedata.normalize("NFKC", text)
    try:
        if re.fullmatch(DATE_PATTERN, text):
            year, month, day = map(int, re.findall("[0-9]+", text))
            return date(year, month, day), date(year, month, day)
        if match := _MONTH.fullmatch(text):
            return _month(int(match[1]), int(match[2] or match[3] or match[4]))
        if match := _YEAR.fullmatch(text):
            return _year(int(match[1]))
    except ValueError:
        return _message("no-such-day", text=text)
    return None


def _month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, first.replace(day=calendar.monthrange(year, month)[1])


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _days_around(today: date, unit: str, offset: int) -> tuple[date, date]:
    """Return the first and the last day of the day, week (from Monday), month, quarter or year."""
    if unit == "day":
        day = _moved(today, offset)
        return day, day
    if unit == "week":
        monday = _moved(today, 7 * offset - today.weekday())
        return monday, _moved(monday, 6)
    if unit == "year":
        return _year(_between(today.year + offset, date.min.year, date.max.year))
    if unit == "quarter":
        quarters = today.year * 4 + (today.month - 1) // 3 + offset
        year, quarter = divmod(_between(quarters, date.min.year * 4, date.max.year * 4 + 3), 4)
        return _month(year, quarter * 3 + 1)[0], _month(year, quarter * 3 + 3)[1]
    months = today.year * 12 + today.month - 1 + offset
    year, month = divmod(_between(months, date.min.year * 12, date.max.year * 12 + 11), 12)
    return _month(year, month + 1)


def _moved(day: date, days: int) -> date:
    ordinal = _between(day.toordinal() + days, date.min.toordinal(), date.max.toordinal())
    return date.fromordinal(ordinal)


def _between(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)


_READERS: dict[_Kind, _Reader] = {
    _Kind.TEXT: _read_text,
    _Kind.LABELS: _read_text,
    _Kind.WORD: _word_reader(
        lambda asked, term: lambda row, _: row.get(asked.column.key) == term.label
    ),
    _Kind.STATE: _word_reader(
        lambda asked, term: lambda row, today: asked.cell(row, today) == term.id
    ),
    _Kind.BOOL: _word_reader(
        lambda asked, term: lambda row, today: asked.cell(row, today) is (term.id == "true")
    ),
    _Kind.OWNER: _read_owner,
    _Kind.CURRENCY: _read_currency,
    _Kind.NUMBER: _read_number,
    _Kind.DAYS: _read_number,
    _Kind.MONEY: _read_money,
    _Kind.AHEAD: _read_date,
    _Kind.BACK: _read_date,
    _Kind.IS: _word_reader(_is),
    _Kind.HAS: _read_has,
}


# --- What depends on the day ------------------------------------------------------------------
# These say of a row what `library.status` says of a record, for whatever day is asked: a row of a
# site that nobody rebuilt is still true.


def _cell(language: _Language, row: Row, key: str, today: date) -> object:
    """Return what a column holds on the day."""
    if key == "next_state":
        return _next_state(row, today)
    if key == "days_overdue":
        return _days_since(row, "next_date", today) if _next_state(row, today) == "overdue" else 0
    if key == "idle_days":
        return _idle_days(row, today)
    if key == "stale":
        return _is_stale(language, row, today)
    return row.get(key)


def _next_state(row: Row, today: date) -> str | None:
    if row.get("stage_kind") == StageKind.LOST:
        return None
    day = row.get("next_date")
    if not day:
        return "none"
    now = today.isoformat()
    return "overdue" if day < now else "today" if day == now else "planned"


def _days_since(row: Row, key: str, today: date) -> int:
    return max((today - date.fromisoformat(row[key])).days, 0)


def _idle_days(row: Row, today: date) -> int | None:
    since = "last_contact" if row.get("last_contact") else "created"
    return _days_since(row, since, today) if row.get(since) else None


def _is_stale(language: _Language, row: Row, today: date) -> bool:
    idle = _idle_days(row, today)
    if row.get("stage_kind") != StageKind.OPEN or idle is None:
        return False
    limits = [known.get(row.get(column) or "") for column, known in language.idle_limits.items()]
    limit = min((days for days in limits if days), default=None)
    return limit is not None and idle > limit
