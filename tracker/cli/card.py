"""The card of a customer that `tracker show` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.context import LIST_SEPARATOR, printable
from tracker.dates import format_time
from tracker.diagnostics import Severity
from tracker.library.status import CommitmentState
from tracker.schema import (
    CONTACT_FIELDS,
    DEAL_FIELDS,
    DEAL_ITEM_FIELDS,
    FRONT_MATTER,
    LOSS_FIELDS,
    NEEDS_FIELDS,
    OFFER_FIELDS,
    Kind,
)
from tracker.text import display_width
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.cli.context import Cell
    from tracker.cli.wording import Wording
    from tracker.diagnostics import Diagnostic
    from tracker.insight.day import Standing
    from tracker.library.status import Promise, Ticket
    from tracker.model import Change, Commitment, Customer, FollowUp
    from tracker.schema import Field

_INDENT = "  "
_SEPARATOR = " · "
_IN_HEAD = frozenset({"id", "name", "short", "stage", "level", "owner", "value"})
_SEVERITY_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: None}


def card_lines(standing: Standing, wording: Wording, limit: int | None) -> Iterator[str]:
    """Yield the lines of a customer's card, coloured as for a terminal.

    Args:
        standing: The record on the day.
        wording: The words of the workspace.
        limit: How many of the newest follow-ups are shown; None for all, and the notes too.
    """
    card = _Card(wording)
    customer, status = standing.customer, standing.status
    yield from card.head(standing)
    yield from card.next_step(standing)
    yield from card.block(Message("Open commitments"), map(card.promise, status.open_promises))
    yield from card.block(Message("Open tickets"), map(card.ticket, status.open_tickets))
    yield from card.block(Message("Contacts"), card.contacts(customer))
    yield from card.block(Message("Facts"), card.facts(customer))
    yield from card.block(Message("Needs"), card.group(customer.needs, NEEDS_FIELDS))
    yield from card.block(
        Message("Offers"),
        (card.one_line(offer, OFFER_FIELDS) for offer in reversed(customer.offers)),
    )
    yield from card.block(Message("Deal"), card.deal(customer))
    yield from card.block(Message("Loss"), card.group(customer.lost, LOSS_FIELDS))
    yield from card.block(Message("Background"), _text_lines(customer.background))
    yield from card.followups(customer, limit)
    if limit is None:
        for note in customer.notes:
            yield from card.titled(_clean(note.heading), _text_lines(note.text))
    yield from card.block(Message("Problems"), map(card.problem, standing.diagnostics))


class _Card:
    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self.config = wording.config

    # --- shape ---

    def block(self, title: Message, lines: Iterable[str]) -> Iterator[str]:
        """Yield a titled block; nothing where it has no lines."""
        yield from self.titled(self.wording.say(title), lines)

    def titled(self, title: str, lines: Iterable[str]) -> Iterator[str]:
        """Yield a block below a title that is already in words."""
        indented = [f"{_INDENT}{line}".rstrip() for line in lines]
        if indented:
            yield ""
            yield click.style(title, bold=True)
            yield from indented

    def pairs(self, pairs: list[tuple[str, str]]) -> Iterator[str]:
        """Yield labels and values in two aligned columns."""
        width = max((display_width(label) for label, _ in pairs), default=0)
        for label, value in pairs:
            yield f"{label}{' ' * (width - display_width(label))}  {value}"

    def values(self, group: object, table: Iterable[Field]) -> list[tuple[Field, str]]:
        """Return the fields of a group that have a value, with the value in words."""
        found = ((field, getattr(group, field.key)) for field in table if not field.children)
        return [
            (field, _clean(self.wording.value(value, field)))
            for field, value in found
            if value not in (None, (), False, "")
        ]

    def group(self, group: object, table: Iterable[Field]) -> Iterator[str]:
        """Yield a group's fields a line each; nothing for None."""
        if group is not None:
            pairs = [(self.wording.label(field), text) for field, text in self.values(group, table)]
            yield from self.pairs(pairs)

    def one_line(self, group: object, table: Iterable[Field]) -> str:
        """Return a group's values in one line."""
        return _SEPARATOR.join(text for _, text in self.values(group, table))

    # --- head ---

    def head(self, standing: Standing) -> Iterator[str]:
        customer, status = standing.customer, standing.status
        names = [name for name in (customer.name, customer.short) if name]
        yield click.style(_clean(_SEPARATOR.join(names)), bold=True)
        words = [
            self.config.stages.label(customer.stage),
            self.config.levels.label(customer.level),
            customer.owner or "",
            self.wording.value(customer.value),
            self.wording.idle(status),
        ]
        rest = _SEPARATOR.join(_clean(word) for word in words if word)
        state = _coloured(self.wording.state(status))
        yield _SEPARATOR.join(part for part in (state, rest) if part)
        yield click.style(_clean(f"{customer.id}  {customer.path}"), dim=True)

    def next_step(self, standing: Standing) -> Iterator[str]:
        step = standing.status.next
        if step is None:
            return
        pairs = [(self.wording.say(Message("Next")), _clean(self.wording.step(step)))]
        if step.goal:
            pairs.append((self.wording.say(Message("Goal")), _clean(step.goal)))
        yield ""
        yield from self.pairs(pairs)

    # --- blocks ---

    def promise(self, promise: Promise) -> str:
        """Return an open commitment in one line."""
        commitment = promise.commitment
        parts = [_clean(commitment.text), _clean(promise.who)]
        due = commitment.due.isoformat() if commitment.due else ""
        if promise.state is not CommitmentState.OVERDUE:
            return f"- {_SEPARATOR.join(part for part in (due, *parts) if part)}"
        days = self.wording.days_overdue(promise.days_overdue)
        return click.style(f"! {_SEPARATOR.join((due, days, *parts))}", fg="red")

    def ticket(self, ticket: Ticket) -> str:
        """Return an open problem in one line."""
        number = f"#{ticket.number}" if ticket.number is not None else "#?"
        return f"{number} {ticket.opened.date.isoformat()} {_clean(ticket.text)}"

    def contacts(self, customer: Customer) -> Iterator[str]:
        """Yield each contact: who it is, and below it how to reach and to treat them."""
        first = ("name", "title", "authority")
        for contact in customer.contacts:
            found = self.values(contact, CONTACT_FIELDS)
            values = {field.key: (field, text) for field, text in found}
            yield _SEPARATOR.join(values[key][1] for key in first if key in values)
            details = [
                self.wording.label(field)
                if field.kind is Kind.BOOL
                else f"{self.wording.label(field)} {text}"
                for key, (field, text) in values.items()
                if key not in first
            ]
            if details:
                yield f"{_INDENT}{_SEPARATOR.join(details)}"

    def facts(self, customer: Customer) -> Iterator[str]:
        """Yield the plain fields of the front matter, the declared ones last."""
        table = [field for field in FRONT_MATTER if field.kind not in (Kind.GROUP, Kind.GROUPS)]
        pairs = [
            (self.wording.label(field), text)
            for field, text in self.values(customer, table)
            if field.key not in _IN_HEAD
        ]
        pairs += [
            (self.wording.label(field), _clean(self.wording.value(value, field)))
            for field in self.config.fields
            if (value := customer.fields.get(field.key)) is not None
        ]
        yield from self.pairs(pairs)

    def deal(self, customer: Customer) -> Iterator[str]:
        """Yield the deal with its lines."""
        if customer.deal is None:
            return
        yield from self.group(customer.deal, DEAL_FIELDS)
        for item in customer.deal.items:
            yield f"- {self.one_line(item, DEAL_ITEM_FIELDS)}"

    def problem(self, found: Diagnostic) -> str:
        """Return a diagnostic in one line."""
        span, style = found.span, _SEVERITY_STYLES[found.severity]
        severity = click.style(f"{found.severity.value}[{found.code}]", fg=style)
        message = _clean(self.wording.say(found.problem.message))
        return f"{found.path}:{span.line}:{span.column}: {severity} {message}"

    # --- follow-ups ---

    def followups(self, customer: Customer, limit: int | None) -> Iterator[str]:
        """Yield the newest follow-ups, and how many older ones there are."""
        newest = customer.chronological[::-1]
        for followup in newest[:limit]:
            heading = " ".join(
                part
                for part in (
                    followup.date.isoformat(),
                    format_time(followup.time) if followup.time else "",
                    self.config.methods.label(followup.method),
                    followup.who,
                )
                if part
            )
            yield from self.titled(_clean(heading), self.followup(followup) or ("…",))
        older = len(newest) - len(newest[:limit])
        if older:
            yield ""
            yield self.wording.say(Message("{count} older; all with: --all", {"count": older}))

    def followup(self, followup: FollowUp) -> list[str]:
        """Return what a dated section says, in the canonical order of its fields."""
        lines = list(_text_lines(followup.summary))
        values = ((one, self.field(one, followup)) for one in self.config.all_followup_fields)
        lines += [f"- {self.wording.label(one)}: {_clean(text)}" for one, text in values if text]
        lines += [self.commitment(one) for one in followup.commitments]
        return lines

    def commitment(self, commitment: Commitment) -> str:
        """Return a commitment as it is written in records."""
        parts = [f"- [{'x' if commitment.done else ' '}] {_clean(commitment.text)}"]
        if commitment.due:
            parts.append(f"@{commitment.due.isoformat()}")
        if commitment.who:
            parts.append(f"@{_clean(commitment.who)}")
        if commitment.done_on:
            parts.append(f"✅ {commitment.done_on.isoformat()}")
        return " ".join(parts)

    def field(self, field: Field, followup: FollowUp) -> str:
        """Return a field of a dated section in words; empty where it is absent."""
        match field.key:
            case "contact":
                text = LIST_SEPARATOR.join(followup.contacts)
            case "attitude":
                label = self.config.attitudes.label(followup.attitude)
                text = LIST_SEPARATOR.join(part for part in (label, followup.attitude_note) if part)
            case "stage":
                text = self.change(followup.stage, "stages")
            case "level":
                text = self.change(followup.level, "levels")
            case "offer":
                text = LIST_SEPARATOR.join(followup.offers)
            case "service":
                text = LIST_SEPARATOR.join(self.service(followup))
            case "next":
                text = self.followup_next(followup)
            case key if key in followup.texts:
                text = followup.texts[key]
            case key:
                text = self.wording.value(followup.fields.get(key), field)
        return text

    def change(self, change: Change | None, vocabulary: str) -> str:
        """Return a change of stage or level as `old -> new`."""
        if change is None:
            return ""
        terms = self.config.terms(vocabulary)
        return " -> ".join(terms.label(word) for word in (change.old, change.new) if word)

    def service(self, followup: FollowUp) -> Iterator[str]:
        """Yield the after-sales entries of a section."""
        for entry in followup.service:
            number = f"#{entry.ticket}" if entry.ticket is not None else ""
            kind = self.config.service_kinds.label(entry.kind)
            yield " ".join(part for part in (kind, number, entry.text) if part)

    def followup_next(self, followup: FollowUp) -> str:
        """Return the plan that a section makes, with its goal."""
        step = followup.next
        if step is None:
            return ""
        if step.date is None:
            ended = self.wording.say(Message("no next step"))
            return f"{ended} · {step.text}" if step.text else ended
        text = self.wording.step(step)
        if not step.goal:
            return text
        return self.wording.say(Message("{step}; goal: {goal}", {"step": text, "goal": step.goal}))


def _clean(text: str) -> str:
    """Return a text as one line that cannot command the terminal."""
    return printable(" ".join(text.split()))


def _text_lines(text: str) -> Iterator[str]:
    for line in text.strip().split("\n") if text.strip() else ():
        yield printable(line.rstrip().replace("\t", "    "))


def _coloured(cell: Cell) -> str:
    return click.style(cell.text, fg=cell.style, bold=True) if cell.style else cell.text
