"""When a customer entered its stages: by the lines of its record, its deal or loss, and git.

Every function is pure.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.config import Config
    from tracker.model import Customer


class StageEntry(Struct, frozen=True):
    """Entering a stage.

    Attributes:
        date: The day.
        stage: Id of the stage entered.
        source: `record` (a `stage` line), `created` (the stage a record began in), `outcome` (the
            day of the deal or the loss, where no line has it) or `git`.
        came_with_record: Whether git knows the stage since it knows the record, which may have
            been in it before.
    """

    date: date
    stage: str
    source: str
    came_with_record: bool = False


class Arrival(NamedTuple):
    """Coming into stages of a kind: the day, and the id of the stage before where it is known."""

    day: date
    before: str | None = None


def tells_stages(customer: Customer) -> bool:
    """Tell whether a record says itself when its stages were entered, so that git is not asked.

    One whose newest stage line says another stage than the front matter does not.
    """
    told = [followup for followup in customer.followups if followup.stage]
    if not told:
        return False
    # At the same moment the later in the file is the newer.
    newest = max(told[::-1], key=lambda followup: followup.order).stage
    return customer.stage is None or (newest is not None and newest.new == customer.stage)


def stage_history(
    customer: Customer,
    config: Config,
    git_history: Sequence[StageEntry] = (),
    today: date | None = None,
) -> tuple[StageEntry, ...]:
    """Return the days on which stages were entered, oldest first.

    The record's own `stage` lines count; where there are none, the changes in git. The stage that
    the first line names as the old one was entered when the record was begun.

    The front matter says what is true now: where no line leads to its stage, that was entered all
    the same. Where nobody knows when, the history ends with the newest line.

    Args:
        customer: The record.
        config: The workspace's settings.
        git_history: Changes of `stage` in git, oldest first.
        today: The day on which a stage that is not committed yet was entered.
    """
    told = _told(customer)
    if told and customer.stage in (None, told[-1].stage):
        return _with_outcomes(told, customer, config)
    known, seen = told, git_history
    if not told:
        seen = git_history = _since_begun(git_history, customer)
        is_there = bool(git_history) and git_history[-1].stage == customer.stage
        known = list(git_history[:-1] if is_there else git_history)
    elif git_history and git_history[-1].stage == customer.stage:
        # What git saw before the newest line is not how the customer came there after it.
        seen = git_history if git_history[-1].date >= told[-1].date else ()
    now = _entered(customer, known, config, seen, today)
    return _with_outcomes([*known, now] if now else known, customer, config)


def _since_begun(git_history: Sequence[StageEntry], customer: Customer) -> Sequence[StageEntry]:
    """Return changes in git with the first stage on the day on which the record was begun."""
    first, created = next(iter(git_history), None), customer.created
    if first is None or created is None or not first.came_with_record or first.date <= created:
        return git_history
    return (StageEntry(created, first.stage, "created"), *git_history[1:])


def _told(customer: Customer) -> list[StageEntry]:
    """Return what the `stage` lines of a record tell, oldest first."""
    changes = [(f.date, f.stage) for f in customer.chronological if f.stage]
    if not changes:
        return []
    history: list[StageEntry] = []
    first_day, first = changes[0]
    if first.old and first.old != first.new:
        begun = min(customer.created or first_day, first_day)
        history.append(StageEntry(begun, first.old, "created"))
    for day, change in changes:
        if not history or history[-1].stage != change.new:
            history.append(StageEntry(day, change.new, "record"))
    return history


def _entered(
    customer: Customer,
    known: Sequence[StageEntry],
    config: Config,
    git_history: Sequence[StageEntry],
    today: date | None,
) -> StageEntry | None:
    """Return when the front matter's stage was entered, where no line tells it.

    The first of these that is known: the day of the deal or the loss, where that brought the
    stage; the day of the change in git; today, where git knows another stage; and where nothing is
    known before, the day on which the record was begun.

    Args:
        customer: The record.
        known: The stages before it, oldest first.
        config: The workspace's settings.
        git_history: Changes of `stage` in git that count, oldest first.
        today: The day; None where what is not committed has none.
    """
    stage = customer.stage
    if stage is None:
        return None
    sought = StageEntry(date.max, stage, "")
    closed = _closings([*known, sought], customer, config).get(len(known))
    if closed:
        return StageEntry(closed, stage, "outcome")
    if git_history and git_history[-1].stage == stage:
        return git_history[-1]
    if git_history:
        days = [entry.date for entry in (git_history[-1], *known[-1:])]
        return StageEntry(max(today, *days), stage, "git") if today else None
    if customer.created and not known:
        return StageEntry(customer.created, stage, "created")
    return None


def _with_outcomes(
    entries: Sequence[StageEntry], customer: Customer, config: Config
) -> tuple[StageEntry, ...]:
    """Return stages with the deal and the loss on their own days, where no line tells others.

    These are nearer to the truth than the days on which a record was begun or committed. What came
    before is no later.
    """
    found = list(entries)
    for place, day in _closings(found, customer, config).items():
        if found[place].source == "record" or any(each.date < day for each in found[place + 1 :]):
            continue
        found[:place] = [replace(each, date=min(each.date, day)) for each in found[:place]]
        found[place] = StageEntry(day, found[place].stage, "outcome")
    return tuple(found)


def _closings(entries: Sequence[StageEntry], customer: Customer, config: Config) -> dict[int, date]:
    """Return the days of the deal and the loss by the place of the stage that they brought.

    Each has brought a stage of its kind after one of another kind, and the last time that it can:
    a deal from before such stages were left is not that of coming into them again.
    """
    days = _outcome_days(customer)
    if not days:
        return {}
    brought: dict[StageKind, int] = {}
    left: dict[StageKind, date] = {}
    before: StageKind | None = None
    for place, entry in enumerate(entries):
        kind = _kind(entry.stage, config)
        if kind is not before and before:
            left[before] = entry.date
        if kind is not before and kind in days and days[kind] >= left.get(kind, date.min):
            brought[kind] = place
        before = kind
    return {place: days[kind] for kind, place in brought.items()}


def _outcome_days(customer: Customer) -> dict[StageKind, date]:
    """Return the days of the deal and the loss that are written, by the kind of their stages."""
    outcomes = ((StageKind.WON, customer.deal), (StageKind.LOST, customer.lost))
    return {kind: each.date for kind, each in outcomes if each and each.date}


def _kind(stage_id: str, config: Config) -> StageKind | None:
    stage = config.stages.get(stage_id)
    return stage.kind if stage else None


def arrivals(history: Sequence[StageEntry], config: Config, kind: StageKind) -> Iterator[Arrival]:
    """Yield when a customer came into stages of a kind from one that is not.

    Args:
        history: The days on which stages were entered, as `stage_history` returns them.
        config: The workspace's settings.
        kind: The kind.
    """
    before: StageEntry | None = None
    for entry in history:
        came = _kind(entry.stage, config) is kind
        if came and (before is None or _kind(before.stage, config) is not kind):
            yield Arrival(entry.date, before.stage if before else None)
        before = entry


def days_in_stages(
    history: Sequence[StageEntry], today: date
) -> tuple[tuple[StageEntry, int], ...]:
    """Return each entry with the days until the next one, and until the day at most."""
    if not history:
        return ()
    ends = [*(min(entry.date, today) for entry in history[1:]), today]
    return tuple(
        (entry, max((end - entry.date).days, 0)) for entry, end in zip(history, ends, strict=True)
    )
