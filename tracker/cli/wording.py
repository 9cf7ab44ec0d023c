"""How `list` and `show` put things into words, in the workspace's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.cli.context import LIST_SEPARATOR, Cell, tell
from tracker.config import CONFIG_NAME, Config
from tracker.insight.rows import STATE_NAMES
from tracker.library.status import NextState
from tracker.money import Money, MoneyRange, grouped_amount, grouped_number
from tracker.translation import Message, translations
from tracker.vocabulary import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.insight.day import Day
    from tracker.library.status import Status
    from tracker.model import NextStep
    from tracker.schema import Field

_WEEKDAYS = (
    Message("Mon"),
    Message("Tue"),
    Message("Wed"),
    Message("Thu"),
    Message("Fri"),
    Message("Sat"),
    Message("Sun"),
)

_STYLES = {NextState.OVERDUE: "red", NextState.TODAY: "yellow", NextState.PLANNED: "green"}
_SIGNS = {
    NextState.OVERDUE: "!",
    NextState.TODAY: "*",
    NextState.PLANNED: ">",
    NextState.NONE: "-",
}


class Wording:
    """Words and values in the language of a workspace.

    Attributes:
        config: The workspace's settings.
    """

    def __init__(self, config: Config) -> None:
        """Load the catalogue of the workspace's language."""
        self.config = config
        self._catalogue = translations(config.language)

    @property
    def translate(self) -> Callable[[str], str]:
        """Return the gettext function of the language."""
        return self._catalogue.gettext

    def say(self, message: Message) -> str:
        """Return a message in the language."""
        return message.render(self.translate)

    def state(self, status: Status) -> Cell:
        """Return the state of the next step with its sign, so that colour is never all."""
        state = status.next_state
        if state is None:
            return Cell("")
        style = _STYLES.get(state, "")
        if state is NextState.OVERDUE:
            return self.overdue(status.days_overdue)
        if state is NextState.NONE and status.stage_kind is StageKind.OPEN:
            style = "yellow"
        return Cell(f"{_SIGNS[state]} {self.state_name(state)}", style)

    def overdue(self, days: int) -> Cell:
        """Return for how many days something is overdue, with its sign."""
        state = NextState.OVERDUE
        return Cell(f"{_SIGNS[state]} {self.days_overdue(days)}", _STYLES[state])

    def due(self, day: date, today: date) -> Cell:
        """Return in how many days something is due, with its sign."""
        days = (day - today).days
        state = NextState.PLANNED if days else NextState.TODAY
        text = self._catalogue.ngettext("in {days} day", "in {days} days", days).format(days=days)
        return Cell(f"{_SIGNS[state]} {text if days else self.state_name(state)}", _STYLES[state])

    def day(self, day: date) -> str:
        """Return a day with its weekday."""
        return f"{day.isoformat()} {self.say(_WEEKDAYS[day.weekday()])}"

    def days_overdue(self, days: int) -> str:
        """Return for how many days something is overdue."""
        text = self._catalogue.ngettext("{days} day overdue", "{days} days overdue", days)
        return text.format(days=days)

    def state_name(self, state: NextState) -> str:
        """Return the state of a next step without sign and days."""
        return self.say(STATE_NAMES[state])

    def idle(self, status: Status) -> str:
        """Return how long ago the last contact was; empty where nothing is known."""
        days = status.idle_days
        if days is None:
            return ""
        text = self.days_idle(days)
        if not status.stale:
            return text
        return self.say(
            Message("{idle}, limit {limit}", {"idle": text, "limit": status.idle_limit})
        )

    def days_idle(self, days: int) -> str:
        """Return for how many days nobody has spoken to a customer."""
        return self._catalogue.ngettext(
            "{days} day without contact", "{days} days without contact", days
        ).format(days=days)

    def step(self, step: NextStep | None) -> str:
        """Return a next step in one line, without its goal."""
        if step is None or step.date is None:
            return ""
        time = step.time.isoformat("minutes") if step.time else ""
        method = self.config.methods.label(step.method)
        return " ".join(part for part in (step.date.isoformat(), time, method, step.text) if part)

    def label(self, field: Field) -> str:
        """Return what a field is called."""
        return self.config.field_label(field)

    def value(self, value: object, field: Field | None = None) -> str:
        """Return a value in words; a word of a vocabulary by its label."""
        match value:
            case None:
                text = ""
            case bool():
                text = self.say(Message("yes") if value else Message("no"))
            case str():
                known = field is not None and field.vocabulary
                text = self.config.terms(known).label(value) if known else value
            case MoneyRange(low, high):
                text = f"{grouped_amount(low.amount)}-{self.value(high)}"
            case Money(amount, currency):
                text = f"{grouped_amount(amount)} {currency}"
            case Decimal():
                text = grouped_number(value)
            case date():
                text = value.isoformat()
            case tuple():
                text = LIST_SEPARATOR.join(self.value(item, field) for item in value)
            case _:
                text = str(value)
        return text


def tell_of_gaps(day: Day, wording: Wording) -> None:
    """Say on stderr what the results do not hold: records left out, settings with mistakes."""
    if day.library.left_out:
        tell(
            wording.say(
                Message(
                    "records left out because they cannot be read: {count}; see: tracker check",
                    {"count": len(day.library.left_out)},
                )
            )
        )
    if CONFIG_NAME in day.library.by_path:
        tell(
            wording.say(
                Message(
                    "{name} has mistakes, defaults stand in for them; see: tracker check",
                    {"name": CONFIG_NAME},
                )
            )
        )
