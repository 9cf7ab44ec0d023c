"""A whole record as `tracker export json` and `jsonl` write it, as a JSON Schema.

The shape itself is made by `tracker.insight.record_json`; the tests hold it to this description.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.database.tables import tables_of
from tracker.dates import TIME_PATTERN
from tracker.exchange.json_schema import DIALECT
from tracker.insight.record_json import SCHEMA_VERSION
from tracker.insight.rows import ROW_COLUMNS
from tracker.library.status import CommitmentState, NextState, PlanOutcome
from tracker.schema import (
    CONTACT_FIELDS,
    DEAL_FIELDS,
    FRONT_MATTER,
    LOSS_FIELDS,
    NEEDS_FIELDS,
    OFFER_FIELDS,
    TEXT_FIELDS,
    Field,
    Kind,
)
from tracker.translation import Message, translations
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.config import Config

_Schema = dict[str, Any]

_TEXT: _Schema = {"type": "string"}
_ABSENT: _Schema = {"type": "null"}
_COUNT: _Schema = {"type": "integer", "minimum": 0}
_PLACE: _Schema = {"type": "integer", "minimum": 1}
_TRUTH: _Schema = {"type": "boolean"}
_DAY: _Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_TIME: _Schema = {"type": "string", "pattern": f"^{TIME_PATTERN}$"}
_NUMBER: _Schema = {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"}
_CURRENCY: _Schema = {"type": "string", "pattern": "^[A-Z]{3}$"}


def exported_record_schema(config: Config, language: str) -> dict[str, Any]:
    """Return the JSON Schema of an exported record of a workspace.

    Args:
        config: Its settings: the fields that they declare are named, words are any text.
        language: Language of the title and the descriptions, `zh` or `en`.
    """
    return _Builder(config, language).schema()


class _Builder:
    def __init__(self, config: Config, language: str) -> None:
        self._config = config
        self._translate = translations(language).gettext
        # What columns of `tracker sql` say of the same things.
        self._meanings = {
            table.name: {column.name: column.meaning for column in table.columns}
            for table in tables_of(config)
        }

    def schema(self) -> _Schema:
        return {
            "$schema": DIALECT,
            "title": self._say(Message("A customer on one day, as tracker export json writes it")),
            **_object(self._record()),
            "$defs": {
                "money": _object({"amount": _NUMBER, "currency": _CURRENCY}),
                "range": _object({"low": _NUMBER, "high": _NUMBER, "currency": _CURRENCY}),
                "step": _object(self._step()),
                "commitment": self._described("commitments", _COMMITMENT),
                "service": self._described("service", _SERVICE),
                "change": _object({"old": _or_absent(_TEXT), "new": _TEXT}),
                "followup": _object(self._followup()),
            },
        }

    def _record(self) -> dict[str, _Schema]:
        row = {name: _ROW.get(name, _or_absent(_TEXT)) for name in ROW_COLUMNS}
        fields = {field.key: field for field in FRONT_MATTER}
        further = {
            key: self._about(Message(field.meaning), self._value(field))
            for key, field in fields.items()
            if key not in row and not field.children
        }
        # Of a row that is a whole record, these columns hold lists of objects.
        lists = {
            "contacts": _list(self._group(CONTACT_FIELDS)),
            "followups": _list({"$ref": "#/$defs/followup"}),
            "problems": _list(self._described("problems", _PROBLEM)),
        }
        described = {
            name: self._about(self._meanings["customers"].get(name), value)
            for name, value in {**row, **_MORE}.items()
            if name not in lists
        }
        return {
            "schema_version": {"const": SCHEMA_VERSION},
            **described,
            **further,
            **{
                name: self._about(Message(fields[name].meaning), value) if name in fields else value
                for name, value in lists.items()
            },
            "fields": self._declared(self._config.fields),
            "needs": self._group(NEEDS_FIELDS),
            "offers": _list(self._group(OFFER_FIELDS)),
            "deal": _or_absent(self._group(DEAL_FIELDS)),
            "lost": _or_absent(self._group(LOSS_FIELDS)),
            "notes": _list(_object({"heading": _TEXT, "level": _PLACE, "text": _TEXT})),
            "next": _or_absent({"$ref": "#/$defs/step"}),
            "commitments": _list({"$ref": "#/$defs/commitment"}),
            "plans": _list(_object({**self._step(), **self._columns("plans", _PLAN)})),
            "tickets": _list(_object(self._columns("tickets", _TICKET))),
            "stage_history": _list(self._described("stage_changes", _STAGE_ENTRY)),
        }

    def _followup(self) -> dict[str, _Schema]:
        texts = dict.fromkeys((key for key in TEXT_FIELDS if key != "summary"), _or_absent(_TEXT))
        return {
            **self._columns(
                "followups",
                {
                    "date": _DAY,
                    "time": _or_absent(_TIME),
                    "method": _or_absent(_TEXT),
                    "who": _TEXT,
                    "summary": _TEXT,
                    "contacts": _list(_TEXT),
                    **texts,
                    "attitude": _or_absent(_TEXT),
                    "attitude_note": _TEXT,
                    "offers": _list(_TEXT),
                },
            ),
            "stage": _or_absent({"$ref": "#/$defs/change"}),
            "level": _or_absent({"$ref": "#/$defs/change"}),
            "service": _list({"$ref": "#/$defs/service"}),
            "next": _or_absent({"$ref": "#/$defs/step"}),
            "commitments": _list({"$ref": "#/$defs/commitment"}),
            "fields": self._declared(self._config.followup_fields),
        }

    def _step(self) -> dict[str, _Schema]:
        ended = Message("The day; null where the plan was ended on purpose")
        day = {"description": self._say(ended), **_or_absent(_DAY)}
        return {"date": day, **self._columns("plans", _STEP)}

    def _group(self, fields: Iterable[Field]) -> _Schema:
        """Return the schema of a group of the front matter."""
        return _object(
            {field.key: self._about(Message(field.meaning), self._value(field)) for field in fields}
        )

    def _declared(self, fields: Iterable[Field]) -> _Schema:
        """Return the schema of the fields that a workspace declares: those that are filled in."""
        properties = {
            field.key: self._about(Message(field.meaning) if field.meaning else None, value)
            for field in fields
            for value in [_BARE.get(field.kind, _TEXT)]
        }
        return {"type": "object", "properties": properties, "additionalProperties": False}

    def _value(self, field: Field) -> _Schema:
        if field.children:
            return _list(self._group(field.children))
        value = _BARE.get(field.kind, _TEXT)
        if field.required or field.kind in {Kind.LIST, Kind.BOOL}:
            return value
        return _or_absent(value)

    def _described(self, table: str, properties: dict[str, _Schema]) -> _Schema:
        return _object(self._columns(table, properties))

    def _columns(self, table: str, properties: dict[str, _Schema]) -> dict[str, _Schema]:
        """Return properties with what the columns of the same names mean."""
        meanings = self._meanings[table]
        return {name: self._about(meanings.get(name), value) for name, value in properties.items()}

    def _about(self, meaning: Message | None, value: _Schema) -> _Schema:
        return {"description": self._say(meaning), **value} if meaning else value

    def _say(self, message: Message) -> str:
        return message.render(self._translate)


def _object(properties: dict[str, _Schema]) -> _Schema:
    """Return the schema of an object that has just these properties, all of them."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: _Schema) -> _Schema:
    return {"type": "array", "items": items}


def _or_absent(value: _Schema) -> _Schema:
    return {"anyOf": [value, _ABSENT]}


def _one_of(words: Iterable[str]) -> _Schema:
    return {"enum": [str(word) for word in words]}


_BARE = {
    Kind.DATE: _DAY,
    Kind.NUMBER: _NUMBER,
    Kind.BOOL: _TRUTH,
    Kind.LIST: _list(_TEXT),
    Kind.MONEY: {"$ref": "#/$defs/money"},
    Kind.MONEY_RANGE: {"anyOf": [{"$ref": "#/$defs/money"}, {"$ref": "#/$defs/range"}]},
}
"""What a value of a kind is where it is there; others are texts."""

_ROW: dict[str, _Schema] = {
    "id": _TEXT,
    "name": _TEXT,
    "path": _TEXT,
    "stage_kind": _or_absent(_one_of(StageKind)),
    "value": _or_absent(_NUMBER),
    "currency": _or_absent(_CURRENCY),
    "weighted_value": _or_absent(_NUMBER),
    "created": _or_absent(_DAY),
    "last_contact": _or_absent(_DAY),
    "next_date": _or_absent(_DAY),
    "next_time": _or_absent(_TIME),
    "next_state": _or_absent(_one_of(NextState)),
    "days_overdue": _COUNT,
    "idle_days": _or_absent({"type": "integer"}),
    "stale": _TRUTH,
    "open_commitments": _COUNT,
    "overdue_commitments": _COUNT,
    "tags": _list(_TEXT),
}
"""Columns of a customer's row that are no text or are never absent."""

_MORE: dict[str, _Schema] = {
    "today": _DAY,
    "background": _TEXT,
    "idle_limit": _or_absent(_COUNT),
}
_STEP: dict[str, _Schema] = {
    "time": _or_absent(_TIME),
    "method": _or_absent(_TEXT),
    "text": _TEXT,
    "goal": _TEXT,
}
_PLAN: dict[str, _Schema] = {
    "made_on": _DAY,
    "outcome": _one_of(PlanOutcome),
    "settled_on": _or_absent(_DAY),
}
_COMMITMENT: dict[str, _Schema] = {
    "text": _TEXT,
    "due": _or_absent(_DAY),
    "who": _TEXT,
    "done": _TRUTH,
    "done_on": _or_absent(_DAY),
    "state": _one_of(CommitmentState),
    "days_overdue": _COUNT,
    "made_on": _DAY,
}
_SERVICE: dict[str, _Schema] = {"kind": _TEXT, "ticket": _or_absent(_COUNT), "text": _TEXT}
_TICKET: dict[str, _Schema] = {
    "number": _or_absent(_COUNT),
    "text": _TEXT,
    "opened": _DAY,
    "resolved": _or_absent(_DAY),
    "resolution": _TEXT,
}
_STAGE_ENTRY: dict[str, _Schema] = {
    "date": _DAY,
    "stage": _TEXT,
    "source": _one_of(("record", "created", "outcome", "git")),
    "days": {"type": "integer"},
}
_PROBLEM: dict[str, _Schema] = {
    "path": _TEXT,
    **dict.fromkeys(("line", "column", "end_line", "end_column"), _PLACE),
    "severity": _one_of(("error", "warning", "info")),
    "code": _TEXT,
    "message": _TEXT,
    "hint": _or_absent(_TEXT),
}
