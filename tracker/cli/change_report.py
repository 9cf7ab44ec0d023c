"""What a change of the records means, in the words of a workspace: sections, and their forms."""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from tracker.cli.context import LIST_SEPARATOR, printable
from tracker.insight.changes import OF_MONEY, Direction, worth_of
from tracker.insight.sums import sums
from tracker.library.status import CommitmentState, PlanOutcome
from tracker.page_policy import policy_meta
from tracker.text import cut_to_width, display_width, escape_markdown
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tracker.cli.wording import Wording
    from tracker.insight.changes import Changes, Item, Move, NewProblem, StageMove
    from tracker.library.revisions import Point, Range
    from tracker.library.status import Plan, Promise
    from tracker.model import Customer, FollowUp, NextStep
    from tracker.money import Money

MOST_LINES = 25
"""Lines of a section in Markdown beyond which it says how many more there are: a comment on a pull
request holds 65,536 characters, and nobody reads more."""

_LONGEST_TEXT = 100
_NAME_WIDTH = 28
_NOTHING = "—"

_TITLES = {
    "won": Message("Won"),
    "lost": Message("Lost"),
    "new": Message("New customers"),
    "recorded": Message("Earlier customers, recorded now"),
    "stages": Message("Stages"),
    "owners": Message("Owners"),
    "levels": Message("Levels"),
    "values": Message("Expected values"),
    "followups": Message("Follow-ups"),
    "made": Message("Promises made"),
    "kept": Message("Promises fulfilled"),
    "missed": Message("Promises missed"),
    "plans_kept": Message("Plans carried out"),
    "plans_moved": Message("Plans moved"),
    "plans_ended": Message("Plans ended"),
    "removed": Message("Records removed"),
    "merged": Message("Records merged"),
    "renamed": Message("Records renamed"),
    "problems": Message("New problems"),
}
"""The sections of a report in their order, by the kinds of `tracker.insight.changes.Changes`."""


class Line(Struct, frozen=True):
    """A line of a section.

    Attributes:
        name: The customer; of follow-ups, whoever made them.
        text: What it says.
        place: Where the file says so, as `path:line`; empty for several places.
    """

    name: str
    text: str
    place: str = ""


class Section(Struct, frozen=True):
    """A part of a report.

    Attributes:
        title: What it is about.
        count: How many things it is about, which may share lines.
        total: The money in it; empty for none.
        lines: Its lines.
    """

    title: str
    count: int
    total: str
    lines: tuple[Line, ...]

    @property
    def heading(self) -> str:
        """Return the title with count and money."""
        return f"{self.title} ({self.count})" + (f" · {self.total}" if self.total else "")


class Report(Struct, frozen=True):
    """What a range means, for people.

    Attributes:
        title: What it is.
        range: Between which states.
        beginning: What is said where the history in git begins within the days asked for; else
            empty.
        sections: What is different; those with nothing to say are left out.
        nothing: What is said where there are none.
        more: Returns what is said of so many more lines.
        language: The language that it is in.
    """

    title: str
    range: str
    beginning: str
    sections: tuple[Section, ...]
    nothing: str
    more: Callable[[int], str]
    language: str


def report_of(found: Range, changes: Changes, wording: Wording) -> Report:
    """Put a range into words.

    Args:
        found: The range.
        changes: What it means, or a part of it.
        wording: The words of the workspace.
    """
    writer = _Writer(wording)
    sections = (writer.section(kind, changes) for kind in _TITLES)
    ends = {"first": _point(found.first, wording), "last": _point(found.last, wording)}
    return Report(
        title=wording.say(Message("What has changed")),
        range=wording.say(Message("{first} to {last}", ends)),
        beginning=wording.say(
            Message(
                "The history in git begins on {day} (commit {commit}); what its first records "
                "brought is not counted as new.",
                {"day": found.first.day, "commit": found.first.short},
            )
        )
        if found.begins
        else "",
        sections=tuple(section for section in sections if section.lines),
        nothing=wording.say(Message("Nothing has changed for any customer.")),
        more=lambda count: wording.say(Message("… and {count} more", {"count": count})),
        language=wording.config.language,
    )


def _point(point: Point, wording: Wording) -> str:
    if not point.name:
        present = wording.say(Message("working tree"))
        return f"{present} ({point.day})"
    commit = "" if point.commit.startswith(point.name) else point.short
    day = point.day.isoformat()
    known = [part for part in (commit, day) if part and part != point.name]
    return f"{point.name} ({', '.join(known)})" if known else point.name


class _Writer:
    """Writes the lines of sections."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._config = wording.config
        self._say = wording.say

    def section(self, kind: str, changes: Changes) -> Section:
        """Return the section of one kind; without lines where it has nothing to say."""
        items: Sequence[Any] = getattr(changes, kind)
        if kind == "stages":
            # What was won and lost has sections of its own.
            ends = (Direction.WON, Direction.LOST)
            items = [item for item in items if item.what.direction not in ends]
        if kind == "followups":
            lines = tuple(self._followups(items))
        elif kind == "problems":
            lines = tuple(map(self._problem, items))
        else:
            write: Callable[[Item[Any]], str] = getattr(self, f"_{kind}")
            lines = tuple(
                Line(_name(item.customer), write(item), f"{item.customer.path}:{item.span.line}")
                for item in items
            )
        return Section(self._say(_TITLES[kind]), len(items), self._total(kind, items), lines)

    def _total(self, kind: str, items: Sequence[Item[StageMove | None]]) -> str:
        if kind not in OF_MONEY:
            return ""
        amounts = sums(worth_of(kind, items), self._config).amounts
        return LIST_SEPARATOR.join(map(self._wording.value, amounts))

    # What the lines of each kind say.

    def _new(self, item: Item[StageMove | None]) -> str:
        return self._standing(item.customer)

    def _recorded(self, item: Item[StageMove | None]) -> str:
        return self._standing(item.customer)

    def _removed(self, item: Item[None]) -> str:
        return self._standing(item.customer)

    def _standing(self, customer: Customer) -> str:
        return _joined(
            self._config.stages.label(customer.stage),
            self._wording.value(customer.value),
            customer.owner,
        )

    def _won(self, item: Item[StageMove]) -> str:
        return _joined(self._way(item.what), item.customer.owner)

    def _lost(self, item: Item[StageMove]) -> str:
        lost = item.customer.lost
        reason = self._config.loss_reasons.label(lost.reason) if lost else ""
        return _joined(self._way(item.what), reason, item.customer.owner)

    def _stages(self, item: Item[StageMove]) -> str:
        remarks = {
            Direction.BACKWARD: Message("back"),
            Direction.REOPENED: Message("reopened"),
        }
        remark = remarks.get(item.what.direction)
        return _joined(
            self._way(item.what), self._say(remark) if remark else "", item.customer.owner
        )

    def _way(self, move: StageMove) -> str:
        label = self._config.stages.label
        skipped = tuple(map(label, move.skipped))
        return _joined(
            _arrow(label(move.old), label(move.new)) if move.old else label(move.new),
            self._say(Message("past {skipped}", {"skipped": skipped})) if skipped else "",
            self._wording.value(move.value),
        )

    def _levels(self, item: Item[Move[str]]) -> str:
        label = self._config.levels.label
        return _arrow(label(item.what.old), label(item.what.new))

    def _values(self, item: Item[Move[Money]]) -> str:
        return _arrow(*map(self._wording.value, (item.what.old, item.what.new)))

    def _owners(self, item: Item[Move[str]]) -> str:
        return _arrow(item.what.old, item.what.new)

    def _followups(self, items: Iterable[Item[FollowUp]]) -> Iterator[Line]:
        """Yield a line for each person: how many by which method, and with whom."""
        people: defaultdict[str, list[Item[FollowUp]]] = defaultdict(list)
        for item in items:
            people[item.what.who or _NOTHING].append(item)
        for who, done in sorted(people.items(), key=lambda pair: (-len(pair[1]), pair[0])):
            methods = Counter(self._config.methods.label(item.what.method) for item in done)
            ways = LIST_SEPARATOR.join(
                f"{method or _NOTHING} {n}" for method, n in methods.most_common()
            )
            names = LIST_SEPARATOR.join(dict.fromkeys(_name(item.customer) for item in done))
            yield Line(who, f"{len(done)} ({ways}): {names}")

    def _made(self, item: Item[Promise]) -> str:
        due = item.what.commitment.due
        until = self._say(Message("due {day}", {"day": due})) if due else ""
        return _joined(_short(item.what.commitment.text), until, item.what.who)

    def _kept(self, item: Item[Promise]) -> str:
        words = {
            CommitmentState.KEPT: Message("on time"),
            CommitmentState.LATE: Message("late"),
        }
        word = words.get(item.what.state)
        return _joined(
            _short(item.what.commitment.text), self._say(word) if word else "", item.what.who
        )

    def _missed(self, item: Item[Promise]) -> str:
        due = item.what.commitment.due
        return _joined(
            _short(item.what.commitment.text),
            self._say(Message("due {day}", {"day": due})),
            self._wording.days_overdue(item.what.days_overdue),
            item.what.who,
        )

    def _plans_kept(self, item: Item[Plan]) -> str:
        kept = item.what.outcome is PlanOutcome.KEPT
        settled = item.what.settled_by
        late = Message("late, on {day}", {"day": settled.date if settled else ""})
        return _joined(
            self._step(item.what.step), self._say(Message("on its day") if kept else late)
        )

    def _plans_moved(self, item: Item[Move[NextStep]]) -> str:
        return _arrow(self._step(item.what.old), self._step(item.what.new))

    def _plans_ended(self, item: Item[Plan]) -> str:
        return self._step(item.what.step)

    def _step(self, step: NextStep | None) -> str:
        return _short(self._wording.step(step))

    def _renamed(self, item: Item[str]) -> str:
        return _arrow(item.what, item.customer.path)

    def _merged(self, item: Item[Customer]) -> str:
        return self._say(Message("into {name}", {"name": _name(item.what)}))

    def _problem(self, found: NewProblem) -> Line:
        diagnostic = found.diagnostic
        place = f"{diagnostic.path}:{diagnostic.span.line}"
        name = _name(found.customer) if found.customer else diagnostic.path
        return Line(name, self._say(diagnostic.problem.message), place)


def _name(customer: Customer) -> str:
    return customer.short or customer.name


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _arrow(old: str | None, new: str | None) -> str:
    return f"{old or _NOTHING} → {new or _NOTHING}"


def _short(text: str) -> str:
    return cut_to_width(" ".join(text.split()), _LONGEST_TEXT)


# --- Forms ------------------------------------------------------------------------------------


def markdown_of(report: Report) -> str:
    """Return a report as Markdown, fit for a comment on a pull request.

    No text of a record can be a mark, a link, HTML or a mention in it.
    """
    parts = [f"## {escape_markdown(report.title)}", escape_markdown(report.range)]
    if report.beginning:
        parts.append(escape_markdown(report.beginning))
    if not report.sections:
        parts.append(escape_markdown(report.nothing))
    for section in report.sections:
        parts.append(f"### {escape_markdown(section.heading)}")
        lines = [
            f"- **{escape_markdown(line.name)}** {escape_markdown(line.text)}"
            for line in section.lines[:MOST_LINES]
        ]
        left = len(section.lines) - MOST_LINES
        if left > 0:
            lines.append(f"- {escape_markdown(report.more(left))}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


_STYLE = """\
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem; margin: 0 }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .25rem }
ul { margin: 0; padding-left: 1.25rem }
li { margin: .25rem 0; overflow-wrap: anywhere }
small { opacity: .75 }
"""


def html_of(report: Report) -> str:
    """Return a report as a page of its own, without scripts and links."""
    parts = [
        "<!doctype html>",
        f'<html lang="{report.language}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        policy_meta(_STYLE),
        f"<title>{_text(report.title)}: {_text(report.range)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{_text(report.title)}</h1>",
        f"<p>{_text(report.range)}</p>",
    ]
    if report.beginning:
        parts.append(f"<p>{_text(report.beginning)}</p>")
    if not report.sections:
        parts.append(f"<p>{_text(report.nothing)}</p>")
    for section in report.sections:
        parts += [f"<h2>{_text(section.heading)}</h2>", "<ul>"]
        for line in section.lines:
            place = f" <small>{_text(line.place)}</small>" if line.place else ""
            parts.append(f"<li><b>{_text(line.name)}</b> {_text(line.text)}{place}</li>")
        parts.append("</ul>")
    parts += ["</main>", "</body>", "</html>"]
    return "\n".join(parts) + "\n"


def _text(text: str) -> str:
    return html.escape(printable(text))


def lines_of(report: Report) -> str:
    """Return a report for a terminal: customers, what happened, and where it is written."""
    parts = [click.style(printable(report.title), bold=True), printable(report.range)]
    if report.beginning:
        parts.append(printable(report.beginning))
    if not report.sections:
        parts += ["", printable(report.nothing)]
    for section in report.sections:
        parts += ["", click.style(printable(section.heading), bold=True)]
        names = [cut_to_width(printable(line.name), _NAME_WIDTH) for line in section.lines]
        width = max(map(display_width, names))
        for name, line in zip(names, section.lines, strict=True):
            padding = " " * (width - display_width(name))
            place = click.style(f"  {printable(line.place)}", dim=True) if line.place else ""
            parts.append(f"  {name}{padding}  {printable(' '.join(line.text.split()))}{place}")
    return "\n".join(parts) + "\n"
