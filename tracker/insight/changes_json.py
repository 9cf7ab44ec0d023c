"""What a change of the records means, as plain data for programs.

Dates are ISO, amounts are decimal strings with their currency, words are the workspace's labels,
and what is absent is None, as in rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.dates import format_time
from tracker.money import Money, plain_number
from tracker.translation import translations

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.config import Config
    from tracker.insight.changes import Changes, Item, Move, NewProblem, StageMove
    from tracker.library.revisions import Point, Range
    from tracker.library.status import Plan, Promise
    from tracker.model import Customer, FollowUp, NextStep


def changes_json(found: Range, changes: Changes, config: Config) -> dict[str, Any]:
    """Return a range with what it means.

    Args:
        found: The range.
        changes: What it means, or a part of it.
        config: The workspace's settings, whose labels are taken.

    Returns:
        `from` and `to` with `name`, `commit` and `day`; `begins`, whether the history in git begins
        with `from` and not before; and a list for each kind of
        `tracker.insight.changes.Changes`, whose objects have `customer` (an id), `name`, `path`,
        `line` and what the kind has to say.
    """
    writer = _Writer(config)
    kinds: dict[str, Callable[[Any], dict[str, Any]]] = {
        "new": writer.new,
        "recorded": writer.new,
        "won": writer.stage,
        "lost": writer.stage,
        "stages": writer.stage,
        "levels": writer.level,
        "values": writer.value,
        "owners": writer.owner,
        "followups": writer.followup,
        "made": writer.promise,
        "kept": writer.promise,
        "missed": writer.promise,
        "plans_kept": writer.plan,
        "plans_moved": writer.plan_move,
        "plans_ended": writer.plan,
        "renamed": lambda item: {"renamed_from": item.what},
        "merged": lambda item: {"merged_into": item.what.id, "merged_into_path": item.what.path},
        "removed": writer.removed,
    }
    return {
        "from": _point(found.first),
        "to": _point(found.last),
        "begins": found.begins,
        **{
            kind: [{**_place(item), **write(item)} for item in getattr(changes, kind)]
            for kind, write in kinds.items()
        },
        "problems": [writer.problem(each) for each in changes.problems],
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "name": point.name or None,
        "commit": point.commit or None,
        "day": point.day.isoformat(),
    }


def _place(item: Item[Any]) -> dict[str, Any]:
    customer = item.customer
    return {
        "customer": customer.id,
        "name": customer.name,
        "path": customer.path,
        "line": item.span.line,
    }


def _money(amount: Money | None) -> dict[str, Any]:
    return {
        "value": plain_number(amount.amount) if amount else None,
        "currency": amount.currency if amount else None,
    }


def _step(step: NextStep | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {
        "date": step.date.isoformat() if step.date else None,
        "time": format_time(step.time) if step.time else None,
        "text": step.text,
        "goal": step.goal or None,
    }


class _Writer:
    """Writes what the kinds have to say, with the labels of a workspace."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._translate = translations(config.language).gettext

    def new(self, item: Item[StageMove | None]) -> dict[str, Any]:
        """Return how a customer begins."""
        return self._standing(item.customer)

    def removed(self, item: Item[None]) -> dict[str, Any]:
        """Return how a customer was when the record went."""
        return self._standing(item.customer)

    def _standing(self, customer: Customer) -> dict[str, Any]:
        return {
            "stage": self._config.stages.label(customer.stage) or None,
            "owner": customer.owner,
            **_money(customer.value),
        }

    def stage(self, item: Item[StageMove]) -> dict[str, Any]:
        """Return a move of the stage, and why a customer was lost."""
        label, move, lost = self._config.stages.label, item.what, item.customer.lost
        reason = self._config.loss_reasons.label(lost.reason) if lost else ""
        return {
            "old": label(move.old) or None,
            "new": label(move.new),
            "direction": move.direction.value,
            "skipped": [label(stage) for stage in move.skipped],
            "owner": item.customer.owner,
            "reason": reason if reason and move.direction.value == "lost" else None,
            **_money(move.value),
        }

    def level(self, item: Item[Move[str]]) -> dict[str, Any]:
        """Return a move of the level."""
        label = self._config.levels.label
        return {"old": label(item.what.old) or None, "new": label(item.what.new) or None}

    def value(self, item: Item[Move[Money]]) -> dict[str, Any]:
        """Return another value."""
        old, new = item.what.old, item.what.new
        return {"old": str(old) if old else None, "new": str(new) if new else None}

    def owner(self, item: Item[Move[str]]) -> dict[str, Any]:
        """Return another owner."""
        return {"old": item.what.old, "new": item.what.new}

    def followup(self, item: Item[FollowUp]) -> dict[str, Any]:
        """Return a follow-up, without what it says at length."""
        followup = item.what
        return {
            "date": followup.date.isoformat(),
            "time": format_time(followup.time) if followup.time else None,
            "method": self._config.methods.label(followup.method) or None,
            "who": followup.who or None,
            "summary": followup.summary,
        }

    def promise(self, item: Item[Promise]) -> dict[str, Any]:
        """Return a promise."""
        commitment = item.what.commitment
        return {
            "text": commitment.text,
            "who": item.what.who or None,
            "due": commitment.due.isoformat() if commitment.due else None,
            "done_on": commitment.done_on.isoformat() if commitment.done_on else None,
            "state": item.what.state.value,
            "days_overdue": item.what.days_overdue,
        }

    def plan(self, item: Item[Plan]) -> dict[str, Any]:
        """Return a plan that was kept or ended."""
        settled = item.what.settled_by
        return {
            "plan": _step(item.what.step),
            "outcome": item.what.outcome.value,
            "on": settled.date.isoformat() if settled else None,
        }

    def plan_move(self, item: Item[Move[NextStep]]) -> dict[str, Any]:
        """Return a plan in the place of another one."""
        return {"old": _step(item.what.old), "new": _step(item.what.new)}

    def problem(self, found: NewProblem) -> dict[str, Any]:
        """Return a problem, with its message in the workspace's language."""
        diagnostic, customer = found.diagnostic, found.customer
        return {
            "customer": customer.id if customer else None,
            "name": customer.name if customer else None,
            "path": diagnostic.path,
            "line": diagnostic.span.line,
            "column": diagnostic.span.column,
            "severity": diagnostic.severity.value,
            "code": diagnostic.code,
            "message": diagnostic.problem.message.render(self._translate),
        }
