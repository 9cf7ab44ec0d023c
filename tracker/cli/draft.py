"""The draft of a follow-up in a person's editor: what it shows, and what of it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.cli.wording import Wording
from tracker.format.sections import split_body
from tracker.library.status import status_of
from tracker.text import display_width
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tracker.config import Config
    from tracker.model import Customer, FollowUp
    from tracker.schema import Field

COMMENT = "#"
"""A line of the draft that is this sign alone, or begins with it and a blank, does not count. In a
follow-up such a line could only be a heading of the first level, which it cannot have."""

_LONGEST_EXCERPT = 60
_MOST_PROMISES = 5


def draft_text(section: str, customer: Customer, config: Config, today: date) -> str:
    """Return what an editor is opened on.

    Args:
        section: The section as far as it is known; its heading at least.
        customer: The record.
        config: The workspace's settings.
        today: The day.
    """
    wording = Wording(config)
    heading, _, rest = section.partition("\n")
    comments = [
        *_fields_to_use(section, customer, config, wording),
        "",
        *_reminder(customer, config, today, wording),
        "",
        wording.say(
            Message("Lines that begin with # and a blank are left out; take the # away to use one.")
        ),
        wording.say(Message("Days may be in words: tomorrow, next friday 10:00, in 2 weeks, eom.")),
        wording.say(Message("Without a text nothing is written.")),
    ]
    commented = "\n".join(f"{COMMENT} {line}".rstrip() for line in comments)
    body = f"{rest.strip()}\n" if rest.strip() else ""
    return f"{heading}\n\n{body}\n{commented}\n"


def read_draft(text: str) -> str:
    """Return what counts of a draft: all but comments, which within code are none."""
    code = {
        number
        for section in split_body(text, 1).sections
        for number, _, fenced in section.lines
        if fenced
    }
    return "\n".join(
        line
        for number, line in enumerate(text.split("\n"), start=1)
        if number in code or not _is_comment(line)
    ).strip()


def _is_comment(line: str) -> bool:
    return line.rstrip() == COMMENT or line.startswith((f"{COMMENT} ", f"{COMMENT}\t"))


def _fields_to_use(
    section: str, customer: Customer, config: Config, wording: Wording
) -> Iterator[str]:
    """Yield the bullets that the section could have, each with what belongs in it."""
    for field in config.all_followup_fields:
        key = field.zh if config.language == "zh" and field.zh else field.key
        if field.key == "summary" or f"\n- {key}:" in section:
            continue
        if field.key == "attitude":
            yield wording.say(Message("- [ ] what we promise @tomorrow"))
        yield f"- {key}: {_suggestion(field, customer, config, wording)}".rstrip()


def _suggestion(field: Field, customer: Customer, config: Config, wording: Wording) -> str:
    """Return what may stand in a field: the names or words to choose from, or an example."""
    terms = config.terms(field.vocabulary) if field.vocabulary else ()
    words = " / ".join(term.label for term in terms)
    match field.key:
        case "contact":
            return ", ".join(contact.name for contact in customer.contacts)
        case "offer":
            return ", ".join(offer.quote for offer in customer.offers if offer.quote)
        case "stage" | "level":
            present = config.terms(field.vocabulary or "").label(getattr(customer, field.key))
            return f"{present} -> {words}" if present else words
        case "next":
            return wording.say(Message("friday 10:00 visit what for; goal: what it should bring"))
        case _:
            return words or " / ".join(field.choices)


def _reminder(customer: Customer, config: Config, today: date, wording: Wording) -> Iterator[str]:
    """Yield what a person wants to have before the eyes: the state, the last talk, the promises."""
    status = status_of(customer, config, today)
    facts = (
        customer.name,
        config.stages.label(customer.stage),
        config.levels.label(customer.level),
        customer.owner or "",
    )
    yield " · ".join(filter(None, facts))
    last = max(customer.followups, key=lambda followup: followup.order, default=None)
    if last:
        yield wording.say(Message("last: {talk}", {"talk": _talk(last, config)}))
    if status.next:
        yield wording.say(Message("planned: {step}", {"step": wording.step(status.next)}))
    for promise in status.open_promises[:_MOST_PROMISES]:
        due = f" @{promise.commitment.due.isoformat()}" if promise.commitment.due else ""
        yield wording.say(Message("promised: {text}", {"text": f"{promise.commitment.text}{due}"}))


def _talk(followup: FollowUp, config: Config) -> str:
    parts = (
        followup.date.isoformat(),
        config.methods.label(followup.method),
        followup.who,
        _excerpt(followup.summary),
    )
    return " ".join(filter(None, parts))


def _excerpt(text: str) -> str:
    """Return the beginning of a text in one line."""
    line = " ".join(text.split())
    while display_width(line) > _LONGEST_EXCERPT:
        line = f"{line[: len(line) * 9 // 10].rstrip('… ')}…"
    return line
