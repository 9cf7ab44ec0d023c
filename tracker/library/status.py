"""What a record means on one day: the definitions of "What the numbers mean", in one place.

Every function is pure: of a record, the workspace's settings and the day.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.library.stage_history import stage_history
from tracker.money import Money
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.config import Config, Stage
    from tracker.library.stage_history import StageEntry
    from tracker.model import Commitment, Customer, FollowUp, NextStep


class NextState(StrEnum):
    """State of a customer's next step."""

    OVERDUE = "overdue"
    TODAY = "today"
    PLANNED = "planned"
    NONE = "none"


class PlanOutcome(StrEnum):
    """What became of a planned next step.

    `kept`: contact on its day. `late`: the first contact on or after its day came later than the
    day. `moved`: a newer plan for another day replaced it before its day. `ended`: `next: none`
    ended it. `standing`: it is still to be done, overdue or not.
    """

    KEPT = "kept"
    LATE = "late"
    MOVED = "moved"
    ENDED = "ended"
    STANDING = "standing"


class CommitmentState(StrEnum):
    """State of a promise.

    `kept` and `late` are ticked ones: done by its day, or after it. `done` is ticked without a day
    to compare. `overdue` is unticked and was due before today; `open` is unticked otherwise.
    """

    KEPT = "kept"
    LATE = "late"
    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"


class Reference:
    """A follow-up, as what came of it refers to it.

    Thousands of promises can come of one follow-up. This is no struct, so that what writes one
    of them with all that belongs to it (`site/fingerprint.py`) need not write the others each time.

    Args:
        followup: The follow-up.
    """

    __slots__ = ("followup",)

    def __init__(self, followup: FollowUp) -> None:
        self.followup = followup

    def __eq__(self, other: object) -> bool:
        """Tell whether something refers to a follow-up that says the same."""
        return isinstance(other, Reference) and self.followup == other.followup

    __hash__ = None  # type: ignore[assignment]  # as follow-ups have none


class Plan(Struct, frozen=True):
    """A next step with what became of it.

    Attributes:
        step: The plan; its day is set.
        made: The follow-up that made it.
        outcome: What became of it.
        settled: The follow-up that kept, replaced or ended it; None while it stands.
    """

    step: NextStep
    made: Reference
    outcome: PlanOutcome
    settled: Reference | None = None

    @property
    def made_at(self) -> FollowUp:
        """Return the follow-up that made it."""
        return self.made.followup

    @property
    def settled_by(self) -> FollowUp | None:
        """Return the follow-up that kept, replaced or ended it; None while it stands."""
        return self.settled.followup if self.settled else None


class Promise(Struct, frozen=True):
    """A commitment with the follow-up that made it and its state on the day."""

    commitment: Commitment
    made: Reference
    state: CommitmentState
    days_overdue: int = 0

    @property
    def made_at(self) -> FollowUp:
        """Return the follow-up that made it."""
        return self.made.followup

    @property
    def who(self) -> str:
        """Return who promised: the one named, or else whoever followed up."""
        return self.commitment.who or self.made_at.who


class Ticket(Struct, frozen=True):
    """A problem reported after the sale.

    Attributes:
        number: Its ticket number; None for a problem without one.
        text: What was wrong.
        opening: The follow-up that reported it.
        resolving: The follow-up that resolved it; None while it is open.
        resolution: What resolved it.
    """

    number: int | None
    text: str
    opening: Reference
    resolving: Reference | None = None
    resolution: str = ""

    @property
    def opened(self) -> FollowUp:
        """Return the follow-up that reported it."""
        return self.opening.followup

    @property
    def resolved(self) -> FollowUp | None:
        """Return the follow-up that resolved it; None while it is open."""
        return self.resolving.followup if self.resolving else None


class Status(Struct, frozen=True):
    """A record on one day.

    Attributes:
        last_contact: Day of the newest follow-up not in the future.
        next: The next step that stands; None where there is none.
        next_state: Its state; None for lost customers, which have none.
        days_overdue: Days since the next step's day; 0 where it is not overdue.
        idle_days: Days since the last contact, or since `created`; None where neither is known.
        idle_limit: Days after which the customer is stale; None where there is no limit.
        stale: Whether an open customer has been idle for longer than that.
        promises: Every commitment, oldest first.
        open_promises: The commitments that are not ticked, the longest due first.
        plans: Every planned next step, oldest first.
        tickets: Every problem reported after the sale, oldest first.
        stage_kind: Kind of the stage; None where the record has no known stage.
        stage_history: Days on which stages were entered, oldest first.
        weighted_value: Value times the stage's probability.
    """

    last_contact: date | None
    next: NextStep | None
    next_state: NextState | None
    days_overdue: int
    idle_days: int | None
    idle_limit: int | None
    stale: bool
    promises: tuple[Promise, ...]
    open_promises: tuple[Promise, ...]
    plans: tuple[Plan, ...]
    tickets: tuple[Ticket, ...]
    stage_kind: StageKind | None
    stage_history: tuple[StageEntry, ...]
    weighted_value: Money | None

    @property
    def overdue_promises(self) -> tuple[Promise, ...]:
        """Return the commitments that are not ticked and were due before the day."""
        return tuple(
            promise for promise in self.open_promises if promise.state is CommitmentState.OVERDUE
        )

    @property
    def open_tickets(self) -> tuple[Ticket, ...]:
        """Return the problems that nobody has resolved."""
        return tuple(ticket for ticket in self.tickets if ticket.resolved is None)


def status_of(
    customer: Customer,
    config: Config,
    today: date,
    git_history: Sequence[StageEntry] = (),
) -> Status:
    """Work out what a record means on a day.

    Args:
        customer: The record.
        config: The workspace's settings.
        today: The day.
        git_history: Changes of `stage` in git, used where the record's stage lines do not lead to
            its stage, or there are none.
    """
    followups = customer.chronological
    stage = find_stage(customer, config)
    last = max((f.date for f in followups if f.date <= today), default=None)
    plans = plans_of(followups, today)
    step = _standing_step(plans)
    state = _next_state(step, stage, today)
    since = last or customer.created
    idle = max((today - since).days, 0) if since else None
    limit = idle_limit(customer, config)
    is_open = stage is not None and stage.kind is StageKind.OPEN
    promises = promises_of(followups, today)
    return Status(
        last_contact=last,
        next=step if state is not None else None,
        next_state=state,
        days_overdue=(today - step.date).days
        if state is NextState.OVERDUE and step and step.date
        else 0,
        idle_days=idle,
        idle_limit=limit,
        stale=is_open and idle is not None and limit is not None and idle > limit,
        promises=promises,
        open_promises=_open_promises(promises),
        plans=plans,
        tickets=tickets_of(followups),
        stage_kind=stage.kind if stage else None,
        stage_history=stage_history(customer, config, git_history, today),
        weighted_value=Money(customer.value.amount * stage.probability, customer.value.currency)
        if customer.value and stage
        else None,
    )


def find_stage(customer: Customer, config: Config) -> Stage | None:
    """Return the stage of a record, or None where it has none that is known."""
    return config.stages.get(customer.stage)


def idle_limit(customer: Customer, config: Config) -> int | None:
    """Return the days after which the customer is stale: the smaller of level's and stage's."""
    stage = find_stage(customer, config)
    level = config.levels.get(customer.level)
    limits = [term.max_idle_days for term in (stage, level) if term and term.max_idle_days]
    return min(limits, default=None)


def plans_of(followups: Sequence[FollowUp], today: date) -> tuple[Plan, ...]:
    """Return every plan with what became of it.

    A plan is done by the first newer follow-up dated on or after its day; one dated before that
    leaves it standing, unless it brings a plan of its own or ends the plan. A follow-up that is
    dated in the future has not happened, so it has done no plan yet; the plan that it writes down
    replaces an older one all the same. One that is made again for the same day is one plan, that of
    the newest follow-up that makes it.

    Args:
        followups: Oldest first.
        today: The day.
    """
    plans = (
        _settle(followup.next, followup.next.date, followups, index, today)
        for index, followup in enumerate(followups)
        if followup.next and followup.next.date
    )
    return tuple(plan for plan in plans if plan)


def _settle(
    step: NextStep, day: date, followups: Sequence[FollowUp], made_at: int, today: date
) -> Plan | None:
    """Return a plan with what became of it; None for one that is made again for the same day."""
    made = Reference(followups[made_at])
    for place in range(made_at + 1, len(followups)):
        followup = followups[place]
        if day <= followup.date <= today:
            kept = followup.date == day
            outcome = PlanOutcome.KEPT if kept else PlanOutcome.LATE
            return Plan(step, made, outcome, Reference(followup))
        if followup.next:
            if followup.next.date == day:
                return None
            outcome = PlanOutcome.MOVED if followup.next.date else PlanOutcome.ENDED
            return Plan(step, made, outcome, Reference(followup))
    return Plan(step, made, PlanOutcome.STANDING)


def _standing_step(plans: Sequence[Plan]) -> NextStep | None:
    """Return the step of the newest plan where it stands; at most one plan can."""
    return next((plan.step for plan in plans if plan.outcome is PlanOutcome.STANDING), None)


def _next_state(step: NextStep | None, stage: Stage | None, today: date) -> NextState | None:
    if stage is not None and stage.kind is StageKind.LOST:
        return None
    if step is None or step.date is None:
        return NextState.NONE
    if step.date < today:
        return NextState.OVERDUE
    return NextState.TODAY if step.date == today else NextState.PLANNED


def promises_of(followups: Iterable[FollowUp], today: date) -> tuple[Promise, ...]:
    """Return every commitment with its state on the day, in the order of the follow-ups."""
    return tuple(
        _promise(commitment, made, today)
        for followup in followups
        if followup.commitments
        for made in (Reference(followup),)
        for commitment in followup.commitments
    )


def _open_promises(promises: Iterable[Promise]) -> tuple[Promise, ...]:
    waiting = [each for each in promises if not each.commitment.done]
    return tuple(sorted(waiting, key=lambda promise: promise.commitment.due or date.max))


def promise_of(followup: FollowUp, commitment: Commitment, today: date) -> Promise:
    """Return one commitment of a follow-up with its state on the day."""
    return _promise(commitment, Reference(followup), today)


def _promise(commitment: Commitment, made: Reference, today: date) -> Promise:
    due, done_on = commitment.due, commitment.done_on
    if commitment.done:
        if due is None or done_on is None:
            return Promise(commitment, made, CommitmentState.DONE)
        state = CommitmentState.KEPT if done_on <= due else CommitmentState.LATE
        return Promise(commitment, made, state)
    if due is not None and due < today:
        return Promise(commitment, made, CommitmentState.OVERDUE, (today - due).days)
    return Promise(commitment, made, CommitmentState.OPEN)


def tickets_of(followups: Iterable[FollowUp]) -> tuple[Ticket, ...]:
    """Return every reported problem; `#N` is open until a later `resolved #N`.

    A number that is reported again is the same ticket while that is open, and a new one after it
    was resolved. `resolved` without a number resolves the newest open problem without one.

    Args:
        followups: Oldest first.
    """
    tickets: list[Ticket] = []
    open_at: defaultdict[int | None, list[int]] = defaultdict(list)
    for followup in followups:
        for entry in followup.service:
            places = open_at[entry.ticket]
            if entry.kind == "problem" and (entry.ticket is None or not places):
                places.append(len(tickets))
                tickets.append(Ticket(entry.ticket, entry.text, Reference(followup)))
            elif entry.kind == "resolved" and places:
                place = places.pop()
                resolved = Reference(followup)
                tickets[place] = replace(tickets[place], resolving=resolved, resolution=entry.text)
    return tuple(tickets)
