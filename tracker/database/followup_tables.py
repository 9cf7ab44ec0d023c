"""The tables of what was done: follow-ups, promises, plans, stages entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.database.columns import (
    LINE,
    WRITTEN_AT,
    Column,
    FollowUpRow,
    Holds,
    Table,
    customer_column,
    declared_columns,
    field_columns,
    followup_column,
    word_columns,
)
from tracker.dates import format_time
from tracker.library.stage_history import days_in_stages
from tracker.library.status import CommitmentState, PlanOutcome
from tracker.schema import FOLLOWUP_FIELDS, Kind
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tracker.config import Config
    from tracker.database.columns import Content
    from tracker.insight.day import Standing
    from tracker.library.status import Plan, Promise
    from tracker.model import FollowUp


def followup_tables(config: Config) -> tuple[Table, ...]:
    """Return the tables of a workspace, with the fields that it declares as columns."""
    return (
        _followups(config),
        _commitments(),
        _plans(config),
        _stage_changes(config),
    )


class PromiseRow(NamedTuple):
    """A commitment; `late` is by how many days, None where there are no days to compare."""

    customer: str
    followup: int | None
    promise: Promise
    late: int | None


class PlanRow(NamedTuple):
    """A planned next step; `late` as for commitments."""

    customer: str
    followup: int | None
    settled_by: int | None
    plan: Plan
    late: int | None


class StageRow(NamedTuple):
    """A stage entered: from which, and for how many days."""

    customer: str
    old: str | None
    new: str
    day: date
    source: str
    days: int


_MADE_AT = followup_column("followup", WRITTEN_AT, lambda row: row.followup)

_TEXTS = tuple(field for field in FOLLOWUP_FIELDS if field.kind is Kind.TEXT)


def _followups(config: Config) -> Table:
    columns = [
        Column("id", Holds.COUNT, Message("Number of the follow-up"), lambda row: row.number),
        customer_column(),
        Column(
            "at",
            Holds.MOMENT,
            Message("Day and time in the workspace's time zone; the day alone without a time"),
            lambda row: _moment(row.followup),
        ),
        Column("date", Holds.DATE, Message("The day as written"), lambda row: row.followup.date),
        Column(
            "time",
            Holds.TEXT,
            Message("The time as written"),
            lambda row: format_time(row.followup.time) if row.followup.time else None,
        ),
        *word_columns("method", Message("Method"), config.methods, lambda row: row.followup.method),
        Column("who", Holds.TEXT, Message("Who of us followed up"), lambda row: row.followup.who),
        Column(
            "summary",
            Holds.TEXT,
            Message("What was said"),
            lambda row: row.followup.summary or None,
        ),
        Column(
            "contacts",
            Holds.LIST,
            Message("Whom we spoke to"),
            lambda row: row.followup.contacts,
        ),
    ]
    for field in _TEXTS[1:]:
        columns += field_columns(field, config, _reader_of_text(field.key))
    columns += [
        *word_columns(
            "attitude",
            Message("How the customer felt"),
            config.attitudes,
            lambda row: row.followup.attitude,
        ),
        Column(
            "attitude_note",
            Holds.TEXT,
            Message("The text after the attitude"),
            lambda row: row.followup.attitude_note or None,
        ),
        *word_columns(
            "stage",
            Message("The stage that the customer came into here"),
            config.stages,
            lambda row: row.followup.stage and row.followup.stage.new,
            references="stages",
        ),
        *word_columns(
            "level",
            Message("The level that the customer got here"),
            config.levels,
            lambda row: row.followup.level and row.followup.level.new,
            references="levels",
        ),
        Column(
            "offers",
            Holds.LIST,
            Message("Quote numbers of the record's offers"),
            lambda row: row.followup.offers,
        ),
        Column(
            "next_date",
            Holds.DATE,
            Message("Day of the next step written here; what became of it is in plans"),
            lambda row: row.followup.next and row.followup.next.date,
        ),
        Column(
            "next_text",
            Holds.TEXT,
            Message("The next step written here"),
            lambda row: (row.followup.next and row.followup.next.text) or None,
        ),
        Column("line", Holds.COUNT, LINE, lambda row: row.followup.span.line),
    ]
    columns += declared_columns(
        config.followup_fields, config, columns, lambda row: row.followup.fields
    )
    return Table(
        "followups",
        Message("A dated section"),
        tuple(columns),
        lambda content: content.followups,
        key="id",
    )


def _moment(followup: FollowUp) -> str:
    if followup.time is None:
        return followup.date.isoformat()
    return followup.order.strftime("%Y-%m-%d %H:%M")


def _reader_of_text(key: str) -> Callable[[FollowUpRow], Any]:
    return lambda row: row.followup.texts.get(key)


def _commitments() -> Table:
    return Table(
        "commitments",
        Message("A promise"),
        (
            customer_column(),
            _MADE_AT,
            Column(
                "made_on",
                Holds.DATE,
                Message("Day of that follow-up"),
                lambda row: row.promise.made_at.date,
            ),
            Column(
                "text",
                Holds.TEXT,
                Message("What was promised"),
                lambda row: row.promise.commitment.text,
            ),
            Column(
                "who",
                Holds.TEXT,
                Message("Who promised; whoever followed up where nobody is named"),
                lambda row: row.promise.commitment.who or row.promise.made_at.who,
            ),
            Column(
                "due", Holds.DATE, Message("Day it is due"), lambda row: row.promise.commitment.due
            ),
            Column(
                "done",
                Holds.BOOL,
                Message("Whether it is ticked"),
                lambda row: row.promise.commitment.done,
            ),
            Column(
                "done_on",
                Holds.DATE,
                Message("Day it was done"),
                lambda row: row.promise.commitment.done_on,
            ),
            Column(
                "state",
                Holds.TEXT,
                Message(
                    "kept: done by its day; late: done after it; done: ticked without both days; "
                    "overdue: not ticked and due before today; open: not ticked otherwise"
                ),
                lambda row: row.promise.state.value,
            ),
            Column(
                "days_late",
                Holds.COUNT,
                Message(
                    "Days from the day it was due to the day it was done, or to today; 0 where "
                    "kept, NULL for open and done"
                ),
                lambda row: row.late,
            ),
            Column("line", Holds.COUNT, LINE, lambda row: row.promise.commitment.span.line),
        ),
        lambda content: (
            PromiseRow(key, content.number(promise.made_at), promise, _promise_late(promise))
            for key, standing in content.customers.items()
            for promise in standing.status.promises
        ),
    )


def _promise_late(promise: Promise) -> int | None:
    due, done_on = promise.commitment.due, promise.commitment.done_on
    if promise.state is CommitmentState.OVERDUE:
        return promise.days_overdue
    if promise.state is CommitmentState.LATE and due and done_on:
        return (done_on - due).days
    return 0 if promise.state is CommitmentState.KEPT else None


def _plans(config: Config) -> Table:
    return Table(
        "plans",
        Message("A planned next step with what became of it"),
        (
            customer_column(),
            _MADE_AT,
            Column(
                "made_on",
                Holds.DATE,
                Message("Day of that follow-up"),
                lambda row: row.plan.made_at.date,
            ),
            Column(
                "who",
                Holds.TEXT,
                Message("Who made the plan"),
                lambda row: row.plan.made_at.who,
            ),
            Column("date", Holds.DATE, Message("Day of the step"), lambda row: row.plan.step.date),
            Column(
                "time",
                Holds.TEXT,
                Message("Time of the step"),
                lambda row: format_time(row.plan.step.time) if row.plan.step.time else None,
            ),
            *word_columns(
                "method",
                Message("Method of the step"),
                config.methods,
                lambda row: row.plan.step.method,
            ),
            Column(
                "text",
                Holds.TEXT,
                Message("What is to be done"),
                lambda row: row.plan.step.text or None,
            ),
            Column(
                "goal",
                Holds.TEXT,
                Message("What it should bring"),
                lambda row: row.plan.step.goal or None,
            ),
            Column(
                "outcome",
                Holds.TEXT,
                Message(
                    "kept: contact on its day; late: contact after it; moved: a newer plan "
                    "replaced it before; ended: ended on purpose; standing: still to be done"
                ),
                lambda row: row.plan.outcome.value,
            ),
            Column(
                "settled_on",
                Holds.DATE,
                Message("Day of the follow-up that kept, replaced or ended it"),
                lambda row: row.plan.settled_by and row.plan.settled_by.date,
            ),
            followup_column(
                "settled_by",
                Message("That follow-up"),
                lambda row: row.settled_by,
            ),
            Column(
                "days_late",
                Holds.COUNT,
                Message(
                    "Days from its day to the contact, or to today where it stands; NULL for "
                    "moved and ended plans and those of lost customers"
                ),
                lambda row: row.late,
            ),
            Column("line", Holds.COUNT, LINE, lambda row: row.plan.step.span.line),
        ),
        lambda content: (
            PlanRow(
                key,
                content.number(plan.made_at),
                content.number(plan.settled_by),
                plan,
                _plan_late(plan, standing),
            )
            for key, standing in content.customers.items()
            for plan in standing.status.plans
        ),
    )


def _plan_late(plan: Plan, standing: Standing) -> int | None:
    if plan.outcome is PlanOutcome.STANDING:
        # A lost customer has no next step, though its last plan was never settled.
        return standing.status.days_overdue if standing.status.next is plan.step else None
    if plan.settled_by and plan.step.date and plan.outcome in (PlanOutcome.KEPT, PlanOutcome.LATE):
        return (plan.settled_by.date - plan.step.date).days
    return None


def _stage_changes(config: Config) -> Table:
    return Table(
        "stage_changes",
        Message("A stage entered"),
        (
            customer_column(),
            Column("date", Holds.DATE, Message("The day"), lambda row: row.day),
            *word_columns(
                "old",
                Message("The stage before; NULL for the first"),
                config.stages,
                lambda row: row.old,
                references="stages",
            ),
            Column(
                "old_kind",
                Holds.TEXT,
                Message("Its kind: open, won or lost"),
                lambda row: _kind(row.old, config),
            ),
            *word_columns(
                "new",
                Message("The stage entered"),
                config.stages,
                lambda row: row.new,
                references="stages",
            ),
            Column(
                "new_kind",
                Holds.TEXT,
                Message("Its kind: open, won or lost"),
                lambda row: _kind(row.new, config),
            ),
            Column(
                "source",
                Holds.TEXT,
                Message(
                    "record: a stage line of the record; created: the stage it began in; "
                    "outcome: the day of the deal or the loss; git: a change in git"
                ),
                lambda row: row.source,
            ),
            Column(
                "days",
                Holds.COUNT,
                Message("Days in the stage, up to today for the last one"),
                lambda row: row.days,
            ),
        ),
        _stage_rows,
    )


def _stage_rows(content: Content) -> Iterator[StageRow]:
    for key, standing in content.customers.items():
        old = None
        for entry, days in days_in_stages(standing.status.stage_history, content.day.today):
            yield StageRow(key, old, entry.stage, entry.date, entry.source, days)
            old = entry.stage


def _kind(stage_id: str | None, config: Config) -> str | None:
    stage = config.stages.get(stage_id)
    return stage.kind.value if stage else None
