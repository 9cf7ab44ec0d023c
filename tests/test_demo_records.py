"""The demo records are what they promise to be, read by the product's own loader."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tracker.diagnostics import Severity
from tracker.insight.day import day_of
from tracker.library.loader import load_library
from tracker.library.status import CommitmentState, NextState, PlanOutcome
from tracker.rules.references import Place, references_of
from tracker.rules.registry import all_rules
from tracker.rules.rule import RecordCase
from tracker.schema import FRONT_MATTER, Field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.insight.day import Day
    from tracker.library.library import Entry
    from tracker.model import Customer, FollowUp

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 24)

RESERVED_DOMAIN = re.compile(r"(?:[\w-]+\.)*(?:[\w-]+\.example|example\.(?:com|net|org))")
"""Domains of RFC 2606 that nobody can own."""

FICTIONAL_PHONE = re.compile(
    r"0[1-9][0-9]{1,2}-0[0-9]{3}-[0-9]{4}"  # China: no local number begins with 0
    r"|100-[0-9]{4}-[0-9]{4}"  # China: no mobile begins with 100
    r"|\+1 [2-9][0-9]{2} 555 01[0-9]{2}"  # set aside for fiction, as are all below
    r"|\+44 1632 960[0-9]{3}"
    r"|\+44 20 7946 0[0-9]{3}"
    r"|\+49 30 23125 [0-9]{3}"
    r"|\+61 2 5550 [0-9]{4}"
    r"|\+33 1 99 00 [0-9]{2} [0-9]{2}"
)
LIKE_A_PHONE = re.compile(
    r"(?<![\w-])(?:\+[0-9][0-9 ()-]{7,}[0-9]|0[0-9]{2,3}-[0-9][0-9-]{5,8}[0-9]"
    r"|1[0-9]{2}[- ]?[0-9]{4}[- ]?[0-9]{4})(?![\w-])"
)
CHINESE = re.compile(r"[\u3400-\u9fff]")
CHINESE_KEY = re.compile(r"^[\u3400-\u9fff]+:", re.MULTILINE)
ENGLISH_KEY = re.compile(r"^[a-z_]+:", re.MULTILINE)


@pytest.fixture(scope="module")
def day() -> Day:
    return day_of(load_library(ROOT), TODAY)


@pytest.fixture(scope="module")
def customers(day: Day) -> tuple[Customer, ...]:
    return day.library.customers


@pytest.fixture(scope="module")
def followups(customers: tuple[Customer, ...]) -> list[FollowUp]:
    return [followup for customer in customers for followup in customer.followups]


def test_there_are_sixty_customers_of_four_salespeople(day: Day) -> None:
    assert not day.library.left_out
    assert len(day.library.customers) == 60
    team = {owner.label for owner in day.library.config.owners}
    assert len(team) == 4
    assert {customer.owner for customer in day.library.customers} == team


def test_there_are_no_errors_and_only_the_day_brings_warnings(day: Day) -> None:
    rules = all_rules()
    lasting = [
        f"{found.path}:{found.span.line} {found.code}"
        for found in day.diagnostics
        if found.severity is Severity.ERROR or not rules[found.code].depends_on_day
    ]
    assert lasting == []
    assert day.warnings


def test_a_dozen_are_written_in_english_for_the_export_desk(day: Day) -> None:
    english = [entry for entry in day.library.entries if not CHINESE.search(_own_words(entry))]
    assert len(english) == 12
    assert {entry.customer.owner for entry in english if entry.customer} == {"陈静"}
    assert all(entry.path.startswith("records/export/") for entry in english)


def _own_words(entry: Entry) -> str:
    """Return a record without the one field whose words the workspace sets, in Chinese."""
    return re.sub(r"^current_brand: .*$", "", entry.text, flags=re.MULTILINE)


def test_both_languages_of_keys_are_shown_but_never_in_one_file(day: Day) -> None:
    matters = [entry.text.split("\n---\n")[0] for entry in day.library.entries]
    chinese = [bool(CHINESE_KEY.search(matter)) for matter in matters]
    english = [bool(ENGLISH_KEY.search(matter)) for matter in matters]
    assert any(chinese)
    assert any(english)
    assert not any(map(all, zip(chinese, english, strict=True)))


@pytest.mark.parametrize(
    "vocabulary",
    [
        "stages",
        "levels",
        "sources",
        "methods",
        "attitudes",
        "authorities",
        "influences",
        "loss_reasons",
        "service_kinds",
    ],
)
def test_every_word_is_in_use(day: Day, vocabulary: str) -> None:
    used = {word for customer in day.library.customers for word in _words(customer, vocabulary)}
    assert {term.id for term in day.library.config.terms(vocabulary)} <= used


def _words(customer: Customer, vocabulary: str) -> list[str | None]:
    followups, contacts = customer.followups, customer.contacts
    words: dict[str, list[str | None]] = {
        "stages": [customer.stage],
        "levels": [customer.level],
        "sources": [customer.source],
        "methods": [followup.method for followup in followups],
        "attitudes": [followup.attitude for followup in followups],
        "authorities": [contact.authority for contact in contacts],
        "influences": [contact.influence for contact in contacts],
        "loss_reasons": [customer.lost.reason] if customer.lost else [],
        "service_kinds": [entry.kind for followup in followups for entry in followup.service],
    }
    return words[vocabulary]


def test_every_field_of_the_form_is_in_use(day: Day) -> None:
    config = day.library.config
    used: set[str] = set()
    for customer in day.library.customers:
        used |= set(_filled(customer, FRONT_MATTER))
        used |= customer.fields.keys()
        for followup in customer.followups:
            used |= {f"followup.{key}" for key in followup.spans}
    wanted = {*_paths(FRONT_MATTER), *(field.key for field in config.fields)}
    wanted |= {f"followup.{field.key}" for field in config.all_followup_fields}
    assert wanted - used == set()


def _paths(fields: tuple[Field, ...], prefix: str = "") -> Iterator[str]:
    for field in fields:
        yield prefix + field.key
        yield from _paths(field.children, f"{prefix}{field.key}.")


def _filled(group: Any, fields: tuple[Field, ...], prefix: str = "") -> Iterator[str]:  # noqa: ANN401  # any group of the model
    """Yield the paths of the fields that have a value."""
    for field in fields:
        value = getattr(group, field.key)
        if value in (None, (), "", False):
            continue
        yield prefix + field.key
        if field.children:
            for inner in value if isinstance(value, tuple) else (value,):
                yield from _filled(inner, field.children, f"{prefix}{field.key}.")


def test_each_has_two_to_fifteen_followups_of_the_last_year(
    customers: tuple[Customer, ...], followups: list[FollowUp]
) -> None:
    counts = [len(customer.followups) for customer in customers]
    assert (min(counts), max(counts)) == (2, 15)
    days = [followup.date for followup in followups]
    assert TODAY - timedelta(days=365) <= min(days)
    assert max(days) <= TODAY
    assert all(followup.time for followup in followups)


def test_every_part_of_a_followup_is_shown(followups: list[FollowUp]) -> None:
    promises = [promise for followup in followups for promise in followup.commitments]
    assert any(followup.next and followup.next.goal for followup in followups)
    assert any(followup.next and followup.next.date is None for followup in followups)
    assert any(followup.next and followup.next.time for followup in followups)
    assert any(entry.ticket for followup in followups for entry in followup.service)
    assert any(followup.stage and followup.stage.old for followup in followups)
    assert any(promise.who for promise in promises)
    assert any(promise.done_on for promise in promises)
    assert all(promise.due for promise in promises)


def test_promises_are_kept_and_missed_and_some_customers_are_stale(day: Day) -> None:
    statuses = [standing.status for standing in day.standings]
    promises = {promise.state for status in statuses for promise in status.promises}
    assert promises >= {CommitmentState.KEPT, CommitmentState.LATE, CommitmentState.OVERDUE}
    plans = {plan.outcome for status in statuses for plan in status.plans}
    assert plans >= {PlanOutcome.KEPT, PlanOutcome.LATE, PlanOutcome.MOVED, PlanOutcome.STANDING}
    assert {status.next_state for status in statuses} == {None, *NextState}
    assert any(status.stale for status in statuses)
    assert any(status.open_tickets for status in statuses)
    assert any(ticket.resolved for status in statuses for ticket in status.tickets)


def test_some_have_attachments_and_each_attachment_is_somebody_s(day: Day) -> None:
    named = {
        reference.path
        for standing in day.standings
        for reference in references_of(_case(day, standing.customer))
        if reference.place is Place.HERE
    }
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "attachments").rglob("*")
        if path.is_file()
    }
    assert named == there
    assert named


def _case(day: Day, customer: Customer) -> RecordCase:
    entry: Entry = day.library.by_path[customer.path]
    status = next(one.status for one in day.standings if one.customer is customer)
    return RecordCase(entry, customer, status, day.library, TODAY)


def test_domains_are_reserved(day: Day) -> None:
    texts = [entry.text for entry in day.library.entries]
    texts.append((ROOT / "tracker.yaml").read_text(encoding="utf-8"))
    hosts = {
        match[1]
        for text in texts
        for match in re.finditer(r"(?:https?://|(?<=\w)@)([\w-]+(?:\.[\w-]+)+)", text)
    }
    assert hosts
    assert {host for host in hosts if not RESERVED_DOMAIN.fullmatch(host)} == set()


def test_telephone_numbers_cannot_belong_to_anyone(day: Day) -> None:
    contacts = [contact for customer in day.library.customers for contact in customer.contacts]
    numbers = {contact.phone for contact in contacts if contact.phone}
    for entry in day.library.entries:
        numbers |= set(LIKE_A_PHONE.findall(entry.text))
    assert len(numbers) >= 60
    assert {number for number in numbers if not FICTIONAL_PHONE.fullmatch(number)} == set()


@pytest.mark.parametrize(
    ("number", "fictional"),
    [("0512-0880-1234", True), ("0512-6688-1234", False), ("139-1234-5678", False)],
)
def test_numbers_that_could_be_somebody_s_are_told(number: str, *, fictional: bool) -> None:
    assert LIKE_A_PHONE.fullmatch(number)
    assert bool(FICTIONAL_PHONE.fullmatch(number)) is fictional
