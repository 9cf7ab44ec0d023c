"""What is wrong with a query, where, and what was probably meant.

Python does not pass on the place that SQLite knows, so it is found again from what SQLite says:
parts of the query are asked anew until they give the same answer.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from tracker.database.sql_text import READING_KEYWORDS, statements_of, table_meant, tokens_of
from tracker.diagnostics import did_you_mean
from tracker.text import fold, nearest
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tracker.database.sql_text import Token

_SIMILAR_KEYWORD = 70.0
_FULL_WIDTH = dict(zip("，；（）＝＞＜＊．“”‘’", ",;()=><*.\"\"''", strict=True))
"""Signs that Chinese input methods write where SQL has others."""

_WRITING_KEYWORDS = ("DELETE", "INSERT", "REPLACE", "UPDATE")

_NEAR = re.compile(r'near "(.*)": syntax error', re.DOTALL)
_UNKNOWN_TOKEN = re.compile(r'unrecognized token: "(.*)"', re.DOTALL)
_NO_COLUMN = re.compile(r'no such column: "?(.+?)"?(?: - should this be .*)?', re.DOTALL)
_NO_TABLE = re.compile(r"no such table: (.+)", re.DOTALL)
_NO_FUNCTION = re.compile(r"no such function: (.+)", re.DOTALL)
_AMBIGUOUS = re.compile(r"ambiguous column name: (.+)", re.DOTALL)
_CALL = re.compile(r".* (\w+)\(\)", re.DOTALL)


class Mistake(Struct, frozen=True):
    """What is wrong with a query.

    Attributes:
        message: What is wrong, in one sentence.
        start: Where it begins, as the number of characters before it; None for the whole query.
        end: Where it ends, excluded.
        hint: What was probably meant or how to write it, where that is known.
    """

    message: Message
    start: int | None = None
    end: int | None = None
    hint: Message | None = None


class Names(Struct, frozen=True):
    """The names that a query can use.

    Attributes:
        tables: The columns of each table.
        functions: All functions.
        meant: Returns the column that a heading or a name in another language means, or None.
    """

    tables: Mapping[str, tuple[str, ...]]
    functions: tuple[str, ...]
    meant: Callable[[str], str | None] = lambda _: None


def find_first_fault(sql: str) -> Mistake | None:
    """Return what makes a text something else than one query; None where nothing does."""
    try:
        sql.encode()
    except UnicodeEncodeError as error:
        # An argument of the command line that is not in the system's encoding.
        return Mistake(Message("this is not a character"), error.start, error.end)
    statements = statements_of(sql)
    if not statements:
        return Mistake(Message("the query is empty"))
    if len(statements) > 1:
        start, text = statements[1]
        return Mistake(
            Message("this is a second query, and only one can be asked at a time"),
            start,
            start + len(text),
        )
    for token in tokens_of(sql):
        if token.kind == "parameter":
            return Mistake(
                Message("there is no value for ‘{name}’", {"name": token.text}),
                token.start,
                token.end,
                Message("write the value itself, a text in single quotes"),
            )
    return None


def refusal(sql: str, name: str | None) -> Mistake:
    """Return what is wrong with a query that would do more than read.

    Args:
        sql: The query.
        name: The function or the table that cannot be used; None where it is the statement.
    """
    tokens = tokens_of(sql)
    if name is None:
        return _refused_statement(tokens)
    place = next((token for token in tokens if token.name.casefold() == name.casefold()), None)
    return Mistake(
        Message("‘{name}’ cannot be used here", {"name": name}),
        place.start if place else None,
        place.end if place else None,
    )


def _refused_statement(tokens: Sequence[Token]) -> Mistake:
    place: Token | None = tokens[0]
    if tokens[0].keyword in READING_KEYWORDS:
        # `WITH … DELETE`, or a table of SQLite's own that does not exist until it is read.
        place = next((token for token in tokens if token.keyword in _WRITING_KEYWORDS), None)
    if place is None:
        return Mistake(Message("the query does more than read the tables of the records"))
    return Mistake(
        Message("‘{word}’ is refused: records can only be read", {"word": place.text}),
        place.start,
        place.end,
        Message("a query begins with SELECT, WITH or VALUES"),
    )


def explain(sql: str, reason: str, names: Names, fault_of: Callable[[str], str]) -> Mistake:
    """Return what is wrong with a query that SQLite does not take.

    Args:
        sql: The query.
        reason: What SQLite says.
        names: The names that it could use.
        fault_of: Returns what SQLite says of another query, without running it.
    """
    return _Explanation(sql, reason, names, fault_of).mistake()


class _Explanation:
    def __init__(self, sql: str, reason: str, names: Names, fault_of: Callable[[str], str]) -> None:
        self._sql = sql
        self._reason = reason
        self._names = names
        self._fault_of = fault_of
        self._tokens = tokens_of(sql)

    def mistake(self) -> Mistake:
        if found := next((t for t in self._tokens if t.text in _FULL_WIDTH), None):
            return Mistake(
                Message("‘{sign}’ is no sign of SQL", {"sign": found.text}),
                found.start,
                found.end,
                Message("write it in half width: {sign}", {"sign": _FULL_WIDTH[found.text]}),
            )
        if self._reason == "incomplete input":
            end = self._tokens[-1].end
            return Mistake(Message("the query ends too early"), end, end)
        for pattern, answer in (
            (_NEAR, self._syntax),
            (_UNKNOWN_TOKEN, self._unknown_token),
            (_NO_COLUMN, self._column),
            (_NO_TABLE, self._table),
            (_NO_FUNCTION, self._function),
            (_AMBIGUOUS, self._ambiguous),
            (_CALL, self._call),
        ):
            if match := pattern.fullmatch(self._reason):
                return answer(match[1])
        return Mistake(Message("{reason}", {"reason": self._reason}))

    def _at(
        self, message: Message, places: Sequence[Token], hint: Message | None = None
    ) -> Mistake:
        if not places:
            return Mistake(message, hint=hint)
        return Mistake(message, places[0].start, places[-1].end, hint)

    # --- syntax ---

    def _syntax(self, text: str) -> Mistake:
        """Point at the first token at which the query so far has this very mistake."""
        index = next(
            (
                index
                for index, token in enumerate(self._tokens)
                if token.text == text and self._fault_of(self._sql[: token.end]) == self._reason
            ),
            None,
        )
        message = Message("the query cannot be understood from here on")
        if index is None:
            return Mistake(Message("{reason}", {"reason": self._reason}))
        # `FROM` misspelt is taken for an alias, and the word after it for the mistake.
        for token in self._tokens[index : index - 2 if index > 1 else None : -1]:
            if token.kind == "name" and not token.keyword and not self._is_known(token):
                near = nearest(token.text, READING_KEYWORDS, _SIMILAR_KEYWORD)
                if near:
                    return self._at(message, [token], did_you_mean(near))
        return self._at(message, [self._tokens[index]])

    def _is_known(self, token: Token) -> bool:
        name = token.name.casefold()
        return name in self._names.tables or any(
            name == column.casefold()
            for columns in self._names.tables.values()
            for column in columns
        )

    def _unknown_token(self, text: str) -> Mistake:
        start = self._sql.find(text)
        if start < 0:
            return Mistake(Message("{reason}", {"reason": self._reason}))
        if text[:1] in "'\"`[":
            return Mistake(Message("the quote that begins here does not end"), start, start + 1)
        return Mistake(
            Message("‘{text}’ means nothing in SQL", {"text": text}), start, start + len(text)
        )

    # --- names ---

    def _column(self, name: str) -> Mistake:
        qualifier, _, column = name.rpartition(".")
        message = Message("there is no column ‘{name}’", {"name": name})
        return self._at(message, self._wrong_one(name), self._column_hint(qualifier, column))

    def _column_hint(self, qualifier: str, column: str) -> Message | None:
        tables = self._names.tables
        scope = self._scope(qualifier)
        having = [
            table
            for table, columns in tables.items()
            if column.casefold() in map(str.casefold, columns)
        ]
        if having and not set(having) & set(scope):
            return Message("it is a column of {tables}", {"tables": tuple(having)})
        if near := nearest(column, _columns_of(scope, tables)):
            return did_you_mean(near) if fold(near) != fold(column) else None
        meant = self._names.meant(column)
        if meant in _columns_of(scope, tables):
            return did_you_mean(meant)
        if not column.isascii():
            return Message("a text stands in single quotes: '{text}'", {"text": column})
        return did_you_mean(nearest(column, _columns_of(tables, tables)))

    def _scope(self, qualifier: str) -> list[str]:
        """Return the tables that a column can be of: the one of its alias, or all of the query."""
        if meant := table_meant(self._sql, qualifier, self._names.tables):
            return [meant]
        used = {token.name.casefold() for token in self._tokens}
        return [table for table in self._names.tables if table in used]

    def _table(self, name: str) -> Mistake:
        message = Message("there is no table ‘{name}’", {"name": name})
        hint = did_you_mean(nearest(name, self._names.tables)) or Message(
            "there are: {tables}", {"tables": tuple(self._names.tables)}
        )
        return self._at(message, self._places(name)[:1], hint)

    def _function(self, name: str) -> Mistake:
        message = Message("there is no function ‘{name}’", {"name": name})
        hint = did_you_mean(nearest(name, self._names.functions))
        return self._at(message, self._calls(name), hint)

    def _ambiguous(self, name: str) -> Mistake:
        message = Message("‘{name}’ is a column of several tables of the query", {"name": name})
        tables = [table for table in self._scope("") if name in self._names.tables[table]]
        hint = Message("say of which: {name}", {"name": f"{tables[0]}.{name}"}) if tables else None
        return self._at(message, self._wrong_one(name), hint)

    def _call(self, name: str) -> Mistake:
        return self._at(Message("{reason}", {"reason": self._reason}), self._calls(name))

    # --- places ---

    def _places(self, name: str) -> list[Token]:
        """Return the tokens that are a name."""
        return [token for token in self._tokens if token.name.casefold() == name.casefold()]

    def _calls(self, name: str) -> list[Token]:
        """Return the first call of a function."""
        return [
            token
            for token, after in pairwise(self._tokens)
            if after.text == "(" and token.name.casefold() == name.casefold()
        ][:1]

    def _wrong_one(self, name: str) -> Sequence[Token]:
        """Return the tokens of a column's name where SQLite refuses it.

        The same name may be right elsewhere in the query. The place is wrong whose mistake remains
        where all others are made harmless.
        """
        places = self._occurrences(name.split("."))
        for place in places if len(places) > 1 else ():
            harmless = self._sql
            for other in reversed(places):
                if other is not place:
                    harmless = f"{harmless[: other[0].start]}NULL{harmless[other[-1].end :]}"
            if self._fault_of(harmless) == self._reason:
                return place
        return places[0] if places else ()

    def _occurrences(self, parts: Sequence[str]) -> list[Sequence[Token]]:
        """Return the runs of tokens that are a name of these parts, and no part of a longer one."""
        wanted = [part.casefold() for part in parts]
        length = 2 * len(wanted) - 1
        found: list[Sequence[Token]] = []
        for start in range(len(self._tokens) - length + 1):
            run = self._tokens[start : start + length]
            dots = {token.text for token in run[1::2]} <= {"."}
            after_dot = start > 0 and self._tokens[start - 1].text == "."
            if dots and not after_dot and [t.name.casefold() for t in run[::2]] == wanted:
                found.append(run)
        return found


def _columns_of(chosen: Iterable[str], tables: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [column for table in chosen for column in tables[table]]
