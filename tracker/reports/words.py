"""Putting a report into the words of a workspace."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tracker.insight.agenda import Group
from tracker.insight.report_entries import Part
from tracker.insight.report_outlook import Risk
from tracker.insight.report_times import Stretch
from tracker.insight.sums import Sums
from tracker.library.status import CommitmentState
from tracker.money import Money, grouped_amount, half_up
from tracker.reports.document import (
    Account,
    Chapter,
    FigureRow,
    Line,
    Lines,
    Section,
    Written,
)
from tracker.site.excerpt import excerpt
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from tracker.config import Config
    from tracker.insight.agenda import Item
    from tracker.insight.measure import Column, Figure
    from tracker.insight.report import Compared, Facts, Report
    from tracker.insight.report_entries import Entry
    from tracker.library.status import Promise
    from tracker.model import FollowUp

Told = TypeVar("Told")

MOST_LINES = 15
"""Lines of a section, or of a person or a day in it, beyond which it says how many more there are:
a report is read in two minutes."""

_MOST_KEPT = 5
"""The same of promises that were kept, of which nothing is left to do."""

_LONGEST_TALK = 80
_NOTHING = "—"

_NAMES = {
    Stretch.WEEK: (Message("Weekly report"), Message("Weekly report of {owner}")),
    Stretch.MONTH: (Message("Monthly report"), Message("Monthly report of {owner}")),
    Stretch.DAYS: (Message("Report"), Message("Report of {owner}")),
}
_NOW = {
    Stretch.WEEK: Message("This week"),
    Stretch.MONTH: Message("This month"),
    Stretch.DAYS: Message("These days"),
}
_BEFORE = {
    Stretch.WEEK: (Message("The week before"), Message("Same days of the week before")),
    Stretch.MONTH: (Message("The month before"), Message("Same days of the month before")),
    Stretch.DAYS: (Message("The days before"), Message("The days before")),
}
"""Of a whole stretch, and of one that is not over."""

_CHAPTERS = (
    (Message("What happened"), (Part.WON, Part.LOST, Part.NEW, Part.FOLLOWUPS)),
    (Message("What moved"), (Part.STAGES, Part.VALUES, Part.CLOSES)),
    (Message("Promises"), (Part.MISSED, Part.KEPT)),
    (Message("Plan up to {day}"), (Part.PLAN,)),
    (Message("Risks on {today}"), (Part.RISKS,)),
)
_TITLES = {
    Part.WON: Message("Won"),
    Part.LOST: Message("Lost"),
    Part.NEW: Message("New customers"),
    Part.FOLLOWUPS: Message("Follow-ups"),
    Part.STAGES: Message("Stages"),
    Part.VALUES: Message("Expected values"),
    Part.CLOSES: Message("Expected close"),
    Part.MISSED: Message("Promises missed"),
    Part.KEPT: Message("Promises kept"),
}
_RISKS = {
    Risk.BIG_QUIET: Message("important, and gone quiet"),
    Risk.SLIPPED: Message("close date passed"),
    Risk.OVERDUE: Message("next step overdue"),
    Risk.PROMISE: Message("promise overdue"),
    Risk.QUIET: Message("gone quiet"),
    Risk.NO_STEP: Message("no next step"),
}
_WEEKDAYS = (
    Message("Mon"),
    Message("Tue"),
    Message("Wed"),
    Message("Thu"),
    Message("Fri"),
    Message("Sat"),
    Message("Sun"),
)


def _money(money: Money) -> str:
    return f"{grouped_amount(money.amount)} {money.currency}"


def written(report: Report, money: Callable[[Money], str] = _money) -> Written:
    """Put a report into the words of its workspace.

    Args:
        report: The report.
        money: Returns how an amount is written; with the code of its currency where it is not
            given.
    """
    return _Writer(report, money).written()


class _Writer:
    def __init__(self, report: Report, money: Callable[[Money], str]) -> None:
        self._report = report
        self._amount = money
        self._config: Config = report.day.library.config
        self._catalogue = translations(self._config.language)

    def _say(self, message: Message) -> str:
        return message.render(self._catalogue.gettext)

    def written(self) -> Written:
        """Return the whole report."""
        report, times = self._report, self._report.times
        team, person = _NAMES[times.stretch]
        name = Message(person.template, {"owner": report.owner}) if report.owner else team
        accounts = tuple(map(self._account, report.facts))
        told = any(account.chapters for account in accounts)
        nothing = "" if told else self._say(Message("Nothing was recorded in these days."))
        days = f"{times.period.first} – {times.period.last}"
        beside = {
            "days": f"{days}{self._week()}",
            "before": f"{times.before.first} – {times.before.last}",
        }
        return Written(
            title=self._say(Message("{head}: {text}", {"head": self._config.title, "text": name})),
            range=self._say(Message("{days}, compared with {before}", beside)),
            columns=(
                self._say(Message("In numbers")),
                self._say(_NOW[times.stretch]) if self._is_current() else days,
                self._say(_BEFORE[times.stretch][not times.whole]),
            ),
            accounts=accounts,
            nothing=nothing,
            notes=tuple(self._notes()),
            language=self._config.language,
        )

    def _is_current(self) -> bool:
        return self._report.times.period.last == self._report.day.today

    def _week(self) -> str:
        if self._report.times.stretch is not Stretch.WEEK:
            return ""
        year, week, _ = self._report.times.period.first.isocalendar()
        return f" ({year}-W{week:02})"

    def _notes(self) -> Iterator[str]:
        if not self._report.whole:
            yield self._say(
                Message("These days are long past: what was planned and at risk then is not known.")
            )
        for gap in self._report.day.history.gaps:
            yield self._say(Message("Changes of values: {reason}", {"reason": gap.message}))

    # --- Figures --------------------------------------------------------------------------------

    def _row(self, compared: Compared) -> FigureRow:
        column = compared.column
        return FigureRow(
            column.key,
            self._say(column.title),
            self._figure(column, compared.now),
            self._figure(column, compared.before),
        )

    def _figure(self, column: Column, figure: Figure) -> str:
        if figure.value is None:
            return _NOTHING
        if not column.says(figure):
            return self._say(Message("too few ({n})", {"n": figure.n}))
        match figure.value:
            case Sums():
                return self._sums(figure.value)
            case Fraction():
                share = f"{half_up(figure.value * 100)}%"
                return self._say(Message("{share} of {n}", {"share": share, "n": figure.n}))
            case _:
                return f"{figure.value:,}"

    def _sums(self, sums: Sums) -> str:
        if not sums.amounts:
            return "0"
        apart = " + ".join(map(self._amount, sums.amounts))
        if sums.total is None or [sums.total] == list(sums.amounts):
            return apart
        return f"{apart} = {self._amount(sums.total)}"

    # --- Chapters -------------------------------------------------------------------------------

    def _account(self, facts: Facts) -> Account:
        values = {
            "day": self._report.times.ahead.last.isoformat(),
            "today": self._report.day.today.isoformat(),
        }
        chapters = []
        for title, parts in _CHAPTERS:
            sections = tuple(self._section(part, facts) for part in parts if part in facts.parts)
            if sections:
                heading = self._say(Message(title.template, values))
                chapters.append(Chapter(heading, sections))
        by_person = self._report.owner is None and facts.owner is not None
        return Account(
            facts.owner or "" if by_person else "",
            tuple(map(self._row, facts.figures)),
            tuple(chapters),
        )

    def _section(self, part: Part, facts: Facts) -> Section:
        entries = facts.parts[part]
        most = _MOST_KEPT if part is Part.KEPT else MOST_LINES
        groups = (
            self._by_person(entries)
            if part is Part.FOLLOWUPS
            else self._by_day(entries)
            if part is Part.PLAN
            else [self._lines("", entries, partial(self._line, part), most)]
        )
        title = self._say(_TITLES[part]) if part in _TITLES else ""
        return Section(part.value, title, len(entries), self._summary(part, entries), tuple(groups))

    def _summary(self, part: Part, entries: Sequence[Entry]) -> str:
        if part is not Part.RISKS:
            return ""
        found = Counter(risk for entry in entries for risk in entry.what)
        return _joined(
            *(f"{self._say(_RISKS[risk])} {found[risk]}" for risk in Risk if found[risk])
        )

    def _lines(
        self,
        title: str,
        told: Sequence[Told],
        write: Callable[[Told], Line],
        most: int = MOST_LINES,
    ) -> Lines:
        left = len(told) - most
        more = self._say(Message("… and {count} more", {"count": left})) if left > 0 else ""
        return Lines(title, told, write, most, more)

    def _by_person(self, entries: Iterable[Entry]) -> Iterator[Lines]:
        """Yield the follow-ups of each person, a line a customer with the newest of them."""
        people: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            people[entry.who].append(entry)
        for who, done in sorted(people.items(), key=lambda pair: (-len(pair[1]), pair[0])):
            customers: defaultdict[str, list[Entry]] = defaultdict(list)
            for entry in reversed(done):
                customers[entry.standing.customer.path].append(entry)
            label = self._config.methods.label
            methods = Counter(label(entry.what.method) or _NOTHING for entry in done)
            facts = {
                "who": who or _NOTHING,
                "count": len(done),
                "customers": len(customers),
                "methods": tuple(f"{name} {n}" for name, n in methods.most_common()),
            }
            title = Message("{who}: follow-ups {count}, customers {customers} ({methods})", facts)
            yield self._lines(self._say(title), list(customers.values()), self._talks)

    def _talks(self, entries: Sequence[Entry]) -> Line:
        """Return the line of the follow-ups of one customer, the newest first."""
        newest: FollowUp = entries[0].what
        texts = (newest.summary, *newest.texts.values(), newest.attitude_note)
        said = excerpt(next((text for text in texts if text), ""), _LONGEST_TALK)
        times = f" ×{len(entries)}" if len(entries) > 1 else ""
        day = f"{newest.date:%m-%d}"
        method = self._config.methods.label(newest.method)
        head = " ".join(filter(None, (f"{day}{times}", method)))
        text = Message("{head}: {text}", {"head": head, "text": said})
        return _of(entries[0], self._say(text) if said else head)

    def _by_day(self, entries: Iterable[Entry]) -> Iterator[Lines]:
        days: defaultdict[date, list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.day:
                days[entry.day].append(entry)
        for day, planned in days.items():
            weekday = self._say(_WEEKDAYS[day.weekday()])
            yield self._lines(f"{day} {weekday}", planned, partial(self._line, Part.PLAN))

    # --- Lines ----------------------------------------------------------------------------------

    def _line(self, part: Part, entry: Entry) -> Line:
        text: Callable[[Entry], str] = getattr(self, f"_{part.value}")
        who = "" if self._is_of_one(part) else entry.who
        return _of(entry, _joined(text(entry), who))

    def _is_of_one(self, part: Part) -> bool:
        """Tell whether it goes without saying whose a line is."""
        return (
            self._report.owner is not None or len(self._report.facts) > 1 or part is Part.FOLLOWUPS
        )

    def _money(self, money: Money | None) -> str:
        return self._amount(money) if money else ""

    def _won(self, entry: Entry) -> str:
        return _joined(f"{entry.day:%m-%d}", self._money(entry.what))

    def _lost(self, entry: Entry) -> str:
        lost = entry.standing.customer.lost
        reason = self._config.loss_reasons.label(lost.reason) if lost else ""
        rival = lost.competitor if lost else ""
        return _joined(f"{entry.day:%m-%d}", self._money(entry.what), reason, rival)

    def _new(self, entry: Entry) -> str:
        customer = entry.standing.customer
        return _joined(
            f"{entry.day:%m-%d}",
            self._config.stages.label(customer.stage),
            self._money(customer.value),
            self._config.sources.label(customer.source),
        )

    def _stages(self, entry: Entry) -> str:
        label = self._config.stages.label
        move = _arrow(label(entry.what.old), label(entry.what.new))
        return _joined(move, self._money(entry.standing.customer.value))

    def _values(self, entry: Entry) -> str:
        return _arrow(self._money(entry.what.old), self._money(entry.what.new))

    def _closes(self, entry: Entry) -> str:
        return _arrow(*(str(day) if day else "" for day in (entry.what.old, entry.what.new)))

    def _missed(self, entry: Entry) -> str:
        promise: Promise = entry.what
        due = self._say(Message("due {day}", {"day": f"{entry.day:%m-%d}"}))
        state = (
            Message("done late") if promise.state is CommitmentState.LATE else Message("not done")
        )
        return _joined(_short(promise.commitment.text), due, self._say(state))

    def _kept(self, entry: Entry) -> str:
        return _joined(_short(entry.what.commitment.text), f"{entry.day:%m-%d}")

    def _plan(self, entry: Entry) -> str:
        item: Item = entry.what
        if item.group is Group.PROMISE:
            return self._say(Message("promised: {text}", {"text": _short(item.text)}))
        step = item.step
        time = step.time.isoformat("minutes") if step and step.time else ""
        method = self._config.methods.label(step.method) if step else ""
        return " ".join(filter(None, (time, method, _short(item.text))))

    def _risks(self, entry: Entry) -> str:
        customer = entry.standing.customer
        risks: tuple[Any, ...] = entry.what
        about = (self._config.levels.label(customer.level), self._money(customer.value))
        return _joined(*(self._risk(risk, entry) for risk in risks), *about)

    def _risk(self, risk: Risk, entry: Entry) -> str:
        status = entry.standing.status
        overdue = self._days("{days} day overdue", "{days} days overdue", status.days_overdue)
        idle = self._days(
            "{days} day without contact", "{days} days without contact", status.idle_days or 0
        )
        said = {
            Risk.BIG_QUIET: Message("important, but {days}", {"days": idle}),
            Risk.QUIET: Message(idle),
            Risk.OVERDUE: Message("next step {days}", {"days": overdue}),
            Risk.PROMISE: Message(
                "promises overdue: {count}", {"count": len(status.overdue_promises)}
            ),
            Risk.SLIPPED: Message(
                "should have closed on {day}", {"day": entry.standing.customer.expected_close}
            ),
        }
        return self._say(said.get(risk, _RISKS[risk]))

    def _days(self, one: str, many: str, days: int) -> str:
        return self._catalogue.ngettext(one, many, days).format(days=days)


def _of(entry: Entry, text: str) -> Line:
    customer = entry.standing.customer
    return Line(
        customer.short or customer.name,
        text,
        customer.id,
        customer.path,
        entry.line,
        entry.day,
        entry.who,
    )


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _arrow(old: str, new: str) -> str:
    return f"{old or _NOTHING} → {new or _NOTHING}"


def _short(text: str) -> str:
    return excerpt(text, _LONGEST_TALK)
