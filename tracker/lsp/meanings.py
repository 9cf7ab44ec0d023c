"""What keys, words and days mean, told as Markdown in the workspace's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.cli.wording import Wording
from tracker.config import Level, Owner, Stage, Term
from tracker.schema import Field, Kind
from tracker.text import escape_marks
from tracker.translation import Message, translations
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from datetime import date

    from tracker.lsp.page import Page

_STAGE_KINDS = {
    StageKind.OPEN: Message("Open"),
    StageKind.WON: Message("Won"),
    StageKind.LOST: Message("Lost"),
}


def meaning_of_field(page: Page, field: Field) -> str:
    """Return what a field means, what it takes, and the words to choose from."""
    names = " · ".join(dict.fromkeys(filter(None, (field.zh, field.key))))
    if not page.chinese:
        names = " · ".join(dict.fromkeys(filter(None, (field.key, field.zh))))
    parts = [f"**{escape_marks(names)}**"]
    if field.required:
        required = page.say(Message("required"))
        parts[0] += f" — {required}"
    if field.meaning:
        translate = translations(page.config.language).gettext
        parts.append(escape_marks(translate(field.meaning)))
    words = field.choices
    if field.vocabulary:
        words = tuple(term.label for term in page.config.terms(field.vocabulary))
    if words:
        parts.append(" / ".join(map(escape_marks, words)))
    if example := _EXAMPLES.get(field.kind):
        parts.append(f"`{example}`")
    return "\n\n".join(parts)


_EXAMPLES = {
    Kind.DATE: "2026-11-20",
    Kind.MONEY: "480000 CNY",
    Kind.MONEY_RANGE: "450000-500000 CNY",
    Kind.LIST: "[a, b]",
    Kind.PATH: "attachments/acme/quote.pdf",
    Kind.URL: "https://www.example.com",
}
"""How values of a kind are written, where that is not said by the words to choose from."""


def meaning_of_term(page: Page, term: Term) -> str:
    """Return the rule that comes with a word: a stage's kind and chances, a level's limit."""
    facts = []
    if isinstance(term, Stage):
        percent = Message("probability {percent}", {"percent": f"{term.probability * 100:.0f}%"})
        facts += [page.say(_STAGE_KINDS[term.kind]), page.say(percent)]
    if isinstance(term, (Stage, Level)) and term.max_idle_days:
        days = {"days": term.max_idle_days}
        facts.append(page.say(Message("stale after {days} days without contact", days)))
    if isinstance(term, Owner) and term.email:
        facts.append(term.email)
    lines = [f"**{escape_marks(term.label)}**", escape_marks(" · ".join(facts))]
    others = [text for text in dict.fromkeys(term.spellings) if text != term.label]
    if others:
        also = Message("also written: {words}", {"words": tuple(others)})
        lines.append(escape_marks(page.say(also)))
    return "\n\n".join(filter(None, lines))


def distance(page: Page, day: date) -> str:
    """Return how far a day is away: `in 3 days`, `today`, `3 days ago`."""
    days = (day - page.today).days
    catalogue = translations(page.config.language)
    if not days:
        return catalogue.gettext("today")
    if days > 0:
        return catalogue.ngettext("in {days} day", "in {days} days", days).format(days=days)
    return catalogue.ngettext("{days} day ago", "{days} days ago", -days).format(days=-days)


def meaning_of_day(page: Page, day: date) -> str:
    """Return a day with its weekday, and how far it is away."""
    return f"**{Wording(page.config).day(day)}** — {distance(page, day)}"
