"""Whole records as exports write them: described by a schema, and complete."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from tests.exchange.conftest import TODAY
from tests.record_strategies import CONFIGS, PATH, configs, records
from tracker.diagnostics import FILE_START
from tracker.exchange.exported_record import exported_record_schema
from tracker.format.parser import parse_record
from tracker.insight.day import Day, Standing, day_of
from tracker.insight.record_json import record_json
from tracker.library.loader import load_library
from tracker.library.status import status_of
from tracker.model import (
    Change,
    Commitment,
    Contact,
    Customer,
    Deal,
    DealItem,
    FollowUp,
    Loss,
    Needs,
    NextStep,
    Note,
    Offer,
    Service,
)
from tracker.money import Money, MoneyRange
from tracker.schema import (
    CONTACT_FIELDS,
    DEAL_FIELDS,
    DEAL_ITEM_FIELDS,
    FRONT_MATTER,
    LOSS_FIELDS,
    NEEDS_FIELDS,
    OFFER_FIELDS,
    TEXT_FIELDS,
    Field,
    Kind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.config import Config

ROOT = Path(__file__).parent.parent.parent
WORKSPACES = {
    "demo": ROOT,
    "chinese": ROOT / "tests" / "workspaces" / "small-zh",
    "english": ROOT / "tests" / "workspaces" / "small-en",
    "broken": ROOT / "tests" / "workspaces" / "broken",
}
VALIDATORS = {
    id(config): Draft202012Validator(exported_record_schema(config, config.language))
    for config in CONFIGS
}


@pytest.fixture(scope="module", params=WORKSPACES)
def day(request: pytest.FixtureRequest) -> Day:
    return day_of(load_library(WORKSPACES[request.param]), TODAY)


def standing_of(text: str, config: Config) -> Standing:
    customer = parse_record(text, PATH, config).customer
    assert customer
    return Standing(customer, status_of(customer, config, TODAY))


# --- The schema ---------------------------------------------------------------------------------


def test_it_describes_every_record(day: Day) -> None:
    config = day.library.config
    schema = exported_record_schema(config, config.language)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for standing in day.standings:
        errors = list(validator.iter_errors(record_json(standing, config, TODAY)))
        assert not errors, standing.customer.path


@settings(deadline=None, max_examples=60)
@given(text=records(), config=configs)
def test_it_describes_any_record(text: str, config: Config) -> None:
    record = record_json(standing_of(text, config), config, TODAY)
    assert not list(VALIDATORS[id(config)].iter_errors(record))


def everywhere(schema: Any) -> Iterable[dict[str, Any]]:  # noqa: ANN401  # any JSON
    """Yield every schema in a schema."""
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from everywhere(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from everywhere(value)


def test_it_leaves_nothing_open() -> None:
    config = CONFIGS[0]
    schema = exported_record_schema(config, "en")
    objects = [part for part in everywhere(schema) if part.get("type") == "object"]
    assert len(objects) > 15
    assert all(part["additionalProperties"] is False for part in objects)
    record = record_json(
        standing_of("---\nname: A\nstage: 成交\nowner: 李雷\n---\n", config), config, TODAY
    )
    validator = VALIDATORS[id(config)]
    assert validator.is_valid(record)
    for wrong in (
        {**record, "colour": "red"},
        {**record, "schema_version": 2},
        {**record, "created": "2026-2-3"},
        {**record, "value": 480000},
        {**record, "fields": {"undeclared": "x"}},
        {key: value for key, value in record.items() if key != "contacts"},
    ):
        assert not validator.is_valid(wrong)


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "What is to be done next"), ("zh", "下一步做什么")]
)
def test_it_says_what_things_are(language: str, expected: str) -> None:
    schema = exported_record_schema(CONFIGS[0], language)
    properties = schema["properties"]
    assert properties["next_text"]["description"] == expected
    described = [name for name, part in properties.items() if "description" in part]
    assert len(described) > len(properties) / 2


# --- Completeness -------------------------------------------------------------------------------


@settings(deadline=None, max_examples=100)
@given(text=records(), config=configs)
def test_a_record_can_be_made_anew_from_it(text: str, config: Config) -> None:
    standing = standing_of(text, config)
    record = record_json(standing, config, TODAY)
    assert _customer(record, config) == _bare(standing.customer)


def test_the_records_of_the_demo_can_be_made_anew() -> None:
    day = day_of(load_library(ROOT), TODAY, checked=False)
    config = day.library.config
    for standing in day.standings:
        record = record_json(standing, config, TODAY)
        assert _customer(record, config) == _bare(standing.customer)


_NO_MOMENT = datetime(1, 1, 1)  # noqa: DTZ001  # only has to be the same on both sides


def _bare(customer: Customer) -> Customer:
    """Return a record without places in the file, and with what follows from the rest filled in."""
    return replace(
        customer,
        spans={},
        notes=tuple(Note(note.heading, note.level, note.text) for note in customer.notes),
        followups=tuple(map(_bare_followup, customer.chronological)),
    )


def _bare_followup(followup: FollowUp) -> FollowUp:
    def bare(part: Any) -> Any:  # noqa: ANN401  # any part of a follow-up, or None
        return part and replace(part, span=FILE_START)

    return replace(
        followup,
        order=_NO_MOMENT,
        who_written=True,
        spans={},
        span=FILE_START,
        end_line=1,
        stage=bare(followup.stage),
        level=bare(followup.level),
        next=bare(followup.next),
        service=tuple(map(bare, followup.service)),
        commitments=tuple(
            replace(bare(one), who=one.who or followup.who) for one in followup.commitments
        ),
    )


def _customer(record: dict[str, Any], config: Config) -> Customer:
    value = record["value"]
    given = {
        name: record[name]
        for name in (
            "path", "id", "name", "short", "industry", "size", "business", "website", "address",
            "region", "owner", "background",
        )
    }  # fmt: skip
    known = {*Customer.__struct_fields__} - {"spans"}
    others = {
        "contacts": _groups(record["contacts"], Contact, CONTACT_FIELDS, config),
        "source": _word(record["source"], "sources", config),
        "level": _word(record["level"], "levels", config),
        "stage": _word(record["stage"], "stages", config),
        "created": _day(record["created"]),
        "expected_close": _day(record["expected_close"]),
        "value": value and Money(Decimal(value), record["currency"]),
        **{
            field.key: tuple(record[field.key]) for field in FRONT_MATTER if field.kind is Kind.LIST
        },
        "needs": _group(record["needs"], Needs, NEEDS_FIELDS, config),
        "offers": _groups(record["offers"], Offer, OFFER_FIELDS, config),
        "deal": record["deal"] and _group(record["deal"], Deal, DEAL_FIELDS, config),
        "lost": record["lost"] and _group(record["lost"], Loss, LOSS_FIELDS, config),
        "followups": tuple(_followup(one, config) for one in record["followups"]),
        "notes": tuple(Note(**note) for note in record["notes"]),
        "fields": _declared(record["fields"], config.fields),
    }
    assert given.keys() | others.keys() == known, "a field of the model is not in the JSON"
    return Customer(**given, **others)


def _followup(one: dict[str, Any], config: Config) -> FollowUp:
    return FollowUp(
        date=date.fromisoformat(one["date"]),
        time=_time(one["time"]),
        order=_NO_MOMENT,
        method=_word(one["method"], "methods", config),
        who=one["who"],
        summary=one["summary"],
        contacts=tuple(one["contacts"]),
        attitude=_word(one["attitude"], "attitudes", config),
        attitude_note=one["attitude_note"],
        stage=_change(one["stage"], "stages", config),
        level=_change(one["level"], "levels", config),
        offers=tuple(one["offers"]),
        service=tuple(
            Service(
                str(_word(entry["kind"], "service_kinds", config)), entry["ticket"], entry["text"]
            )
            for entry in one["service"]
        ),
        next=_next(one["next"], config),
        commitments=tuple(
            Commitment(
                promise["text"],
                _day(promise["due"]),
                promise["who"],
                promise["done"],
                _day(promise["done_on"]),
            )
            for promise in one["commitments"]
        ),
        texts={key: one[key] for key in TEXT_FIELDS if key != "summary" and one[key] is not None},
        fields=_declared(one["fields"], config.followup_fields),
    )


def _next(step: dict[str, Any] | None, config: Config) -> NextStep | None:
    return step and NextStep(  # type: ignore[return-value]  # an empty step does not occur
        _day(step["date"]),
        _time(step["time"]),
        _word(step["method"], "methods", config),
        step["text"],
        step["goal"],
    )


def _change(change: dict[str, Any] | None, vocabulary: str, config: Config) -> Change | None:
    if change is None:
        return None
    return Change(
        str(_word(change["new"], vocabulary, config)), _word(change["old"], vocabulary, config)
    )


def _groups(
    groups: list[dict[str, Any]], of: type, table: tuple[Field, ...], config: Config
) -> tuple[Any, ...]:
    return tuple(_group(group, of, table, config) for group in groups)


def _group(group: dict[str, Any], of: type, table: tuple[Field, ...], config: Config) -> Any:  # noqa: ANN401  # an object of the given class
    values: dict[str, Any] = {}
    for field in table:
        value = group[field.key]
        if field.children:
            values[field.key] = _groups(value, DealItem, DEAL_ITEM_FIELDS, config)
        elif field.vocabulary:
            values[field.key] = _word(value, field.vocabulary, config)
        else:
            values[field.key] = _value(value, field.kind)
    return of(**values)


def _declared(values: dict[str, Any], declared: tuple[Field, ...]) -> dict[str, Any]:
    kinds = {field.key: field.kind for field in declared}
    return {key: _value(value, kinds[key]) for key, value in values.items()}


def _value(value: Any, kind: Kind) -> Any:  # noqa: ANN401  # any value of a field
    if value is None or kind not in {
        Kind.DATE,
        Kind.NUMBER,
        Kind.LIST,
        Kind.MONEY,
        Kind.MONEY_RANGE,
    }:
        return value
    if kind is Kind.DATE:
        return _day(value)
    if kind is Kind.NUMBER:
        return Decimal(value)
    if kind is Kind.LIST:
        return tuple(value)
    if "low" in value:
        return MoneyRange(
            Money(Decimal(value["low"]), value["currency"]),
            Money(Decimal(value["high"]), value["currency"]),
        )
    return Money(Decimal(value["amount"]), value["currency"])


def _word(label: str | None, vocabulary: str, config: Config) -> str | None:
    if label is None:
        return None
    term = config.terms(vocabulary).find(label)
    assert term, label
    return str(term.id)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
