"""The language in one workspace: its columns, their words, and its settings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker import schema
from tracker.config import Term, Terms, builtin_terms
from tracker.library.query.builtin_words import BUILTIN_WORDS, PERIODS
from tracker.library.query.columns import (
    COLUMNS,
    DECLARED_KINDS,
    NO_WORDS,
    Column,
    ColumnKind,
    declared_fields,
)
from tracker.library.query.faults import Fault, fault, message
from tracker.library.query.near_words import did_you_mean, nearest_or_longer
from tracker.library.query.signs import KEY
from tracker.text import fold

if TYPE_CHECKING:
    from tracker.config import Config


class Language:
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
            *(self._builtin(column) for column in COLUMNS),
            *(self._declared(field) for field in declared_fields(config)),
        )
        self.periods = builtin_terms(PERIODS, config.language)
        self.rates = {**config.rates, config.currency: Decimal(1)}
        self.idle_limits = {
            "stage": {stage.label: stage.max_idle_days for stage in config.stages},
            "level": {level.label: level.max_idle_days for level in config.levels},
        }
        self._by_spelling: dict[str, Column] = {}
        for column in self.columns:
            for spelling in column.spellings:
                self._by_spelling.setdefault(fold(spelling), column)

    def _builtin(self, column: Column) -> Column:
        if column.vocabulary in BUILTIN_WORDS:
            words = BUILTIN_WORDS[column.vocabulary]
            return replace(column, words=builtin_terms(words, self.config.language))
        if column.vocabulary:
            return replace(column, words=self.config.terms(column.vocabulary))
        if column.kind is ColumnKind.OWNER:
            return replace(column, words=self.config.owners)
        return column

    def _declared(self, field: schema.Field) -> Column:
        words = NO_WORDS
        if field.kind is schema.Kind.CHOICE:
            words = Terms(Term(choice, choice) for choice in field.choices)
        elif field.kind is schema.Kind.BOOL:
            words = builtin_terms(BUILTIN_WORDS["bool"], self.config.language)
        return Column(field.key, DECLARED_KINDS[field.kind], field.spellings, words=words)

    def find(self, key: str) -> Column | None:
        """Return the column that a key means."""
        return self._by_spelling.get(fold(key))

    def unknown_key(self, key: str) -> Fault:
        """Return the fault of a key that means no column."""
        spellings = (text for column in self.columns for text in column.spellings)
        # No key holds a blank: hyphens stand in their place.
        keys = [one for text in spellings if KEY.fullmatch(one := "-".join(text.split()))]
        near = nearest_or_longer(key, keys)
        return fault("unknown-key", did_you_mean(near, message("quote-to-search")), key=key)


def column_meant(text: str, config: Config) -> str | None:
    """Return the key of the column that a text means in a workspace, its own fields included."""
    column = Language(config).find(text)
    return column.key if column else None
