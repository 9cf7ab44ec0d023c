"""A whole record on one day as plain data, as `show --format json` and exports give it.

Dates are ISO, amounts are decimal strings with their currency, words are the workspace's labels,
and what is absent is None or an empty list, as in rows.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tracker.dates import format_time
from tracker.insight.rows import ROW_COLUMNS, row_of
from tracker.library.stage_history import days_in_stages
from tracker.money import Money, MoneyRange, plain_number
from tracker.schema import (
    CONTACT_FIELDS,
    DEAL_FIELDS,
    DEAL_ITEM_FIELDS,
    FRONT_MATTER,
    LOSS_FIELDS,
    NEEDS_FIELDS,
    OFFER_FIELDS,
    TEXT_FIELDS,
)

if TYPE_CHECKING:
    from msgspec import Struct

    from tracker.config import Config
    from tracker.diagnostics import Diagnostic
    from tracker.insight.day import Standing
    from tracker.library.status import Plan, Promise, Ticket
    from tracker.model import Change, FollowUp, NextStep
    from tracker.schema import Field

SCHEMA_VERSION = 1
"""Version of the shape: grows by one where a key goes or means something else, not where one is
added. The shape is described by `tracker.exchange.exported_record`."""

_FURTHER_KEYS = tuple(
    field.key for field in FRONT_MATTER if not field.children and field.key not in ROW_COLUMNS
)
"""Keys of the front matter that have no column in rows and are no groups."""


def record_json(standing: Standing, config: Config, today: date) -> dict[str, Any]:
    """Return everything that a record says and what it means on the day.

    Args:
        standing: The record.
        config: The workspace's settings.
        today: The day that `standing` is of.

    Returns:
        The version of the shape; the columns of `tracker.insight.rows`, where `contacts`,
        `followups` and `problems` are lists of objects instead of names and counts; and all that
        has no column. It is all that a record says, so that the record can be written anew from it.
    """
    customer, status = standing.customer, standing.status
    promises = {id(promise.commitment): promise for promise in status.promises}
    return {
        "schema_version": SCHEMA_VERSION,
        **row_of(standing, config),
        "today": today.isoformat(),
        **{key: _plain(getattr(customer, key)) for key in _FURTHER_KEYS},
        "fields": {key: _plain(value) for key, value in customer.fields.items()},
        "contacts": [_group(contact, CONTACT_FIELDS, config) for contact in customer.contacts],
        "needs": _group(customer.needs, NEEDS_FIELDS, config),
        "offers": [_group(offer, OFFER_FIELDS, config) for offer in customer.offers],
        "deal": _group(customer.deal, DEAL_FIELDS, config),
        "lost": _group(customer.lost, LOSS_FIELDS, config),
        "background": customer.background,
        "notes": [
            {"heading": note.heading, "level": note.level, "text": note.text}
            for note in customer.notes
        ],
        "next": _step(status.next, config),
        "idle_limit": status.idle_limit,
        "followups": [_followup(followup, promises, config) for followup in customer.chronological],
        "commitments": [_promise(promise) for promise in status.promises],
        "plans": [_plan(plan, config) for plan in status.plans],
        "tickets": [_ticket(ticket) for ticket in status.tickets],
        "stage_history": [
            {
                "date": entry.date.isoformat(),
                "stage": config.stages.label(entry.stage),
                "source": entry.source,
                "days": days,
            }
            for entry, days in days_in_stages(status.stage_history, today)
        ],
        "problems": [_problem(found) for found in standing.diagnostics],
    }


def _plain(value: object) -> object:
    """Return a value as JSON has it."""
    if isinstance(value, Money):
        return {"amount": plain_number(value.amount), "currency": value.currency}
    if isinstance(value, MoneyRange):
        return {
            "low": plain_number(value.low.amount),
            "high": plain_number(value.high.amount),
            "currency": value.high.currency,
        }
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _group(group: Struct | None, table: tuple[Field, ...], config: Config) -> dict[str, Any] | None:
    """Return a group of the front matter by the keys of its table of fields."""
    if group is None:
        return None
    known = {field.key: field for field in table}
    result: dict[str, Any] = {}
    for name in group.__struct_fields__:
        value, field = getattr(group, name), known[name]
        if field.children:
            result[field.key] = [_group(item, DEAL_ITEM_FIELDS, config) for item in value]
        elif field.vocabulary:
            result[field.key] = config.terms(field.vocabulary).label(value) or None
        else:
            result[field.key] = _plain(value)
    return result


def _followup(followup: FollowUp, promises: dict[int, Promise], config: Config) -> dict[str, Any]:
    return {
        "date": followup.date.isoformat(),
        "time": format_time(followup.time) if followup.time else None,
        "method": config.methods.label(followup.method) or None,
        "who": followup.who,
        "summary": followup.summary,
        "contacts": list(followup.contacts),
        **{key: followup.texts.get(key) for key in TEXT_FIELDS if key != "summary"},
        "attitude": config.attitudes.label(followup.attitude) or None,
        "attitude_note": followup.attitude_note,
        "stage": _change(followup.stage, config, "stages"),
        "level": _change(followup.level, config, "levels"),
        "offers": list(followup.offers),
        "service": [
            {
                "kind": config.service_kinds.label(entry.kind),
                "ticket": entry.ticket,
                "text": entry.text,
            }
            for entry in followup.service
        ],
        "next": _step(followup.next, config),
        "commitments": [_promise(promises[id(one)]) for one in followup.commitments],
        "fields": {key: _plain(value) for key, value in followup.fields.items()},
    }


def _change(change: Change | None, config: Config, vocabulary: str) -> dict[str, Any] | None:
    if change is None:
        return None
    terms = config.terms(vocabulary)
    return {"old": terms.label(change.old) or None, "new": terms.label(change.new)}


def _step(step: NextStep | None, config: Config) -> dict[str, Any] | None:
    """Return a next step; its `date` is None where the plan was ended on purpose."""
    if step is None:
        return None
    return {
        "date": _plain(step.date),
        "time": format_time(step.time) if step.time else None,
        "method": config.methods.label(step.method) or None,
        "text": step.text,
        "goal": step.goal,
    }


def _promise(promise: Promise) -> dict[str, Any]:
    commitment = promise.commitment
    return {
        "text": commitment.text,
        "due": _plain(commitment.due),
        "who": promise.who,
        "done": commitment.done,
        "done_on": _plain(commitment.done_on),
        "state": promise.state.value,
        "days_overdue": promise.days_overdue,
        "made_on": promise.made_at.date.isoformat(),
    }


def _plan(plan: Plan, config: Config) -> dict[str, Any]:
    return {
        **(_step(plan.step, config) or {}),
        "made_on": plan.made_at.date.isoformat(),
        "outcome": plan.outcome.value,
        "settled_on": plan.settled_by.date.isoformat() if plan.settled_by else None,
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "text": ticket.text,
        "opened": ticket.opened.date.isoformat(),
        "resolved": ticket.resolved.date.isoformat() if ticket.resolved else None,
        "resolution": ticket.resolution,
    }


def _problem(found: Diagnostic) -> dict[str, Any]:
    span, problem = found.span, found.problem
    return {
        "path": found.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "severity": found.severity.value,
        "code": found.code,
        "message": str(problem.message),
        "hint": str(problem.hint) if problem.hint else None,
    }
