"""Dated sections out of the parts that tables keep apart, so that they read back as what they say.

What a field does not take stands in the summary, behind its name: nothing is dropped.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.dates import read_date, read_time
from tracker.diagnostics import Problem
from tracker.format.comparison import content_of
from tracker.format.editor import read_section
from tracker.format.section_editor import SectionDraft, section_text
from tracker.format.values import Fault
from tracker.model import NextStep
from tracker.schema import Kind
from tracker.text import fold
from tracker.translation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, time

    from tracker.config import Config
    from tracker.exchange.intake.cells import Value
    from tracker.model import FollowUp
    from tracker.schema import Field

_HAS_OWN_FORM = frozenset({Kind.ATTITUDE, Kind.CHANGE, Kind.SERVICE, Kind.NEXT})
_BEGINS_MARKDOWN = re.compile(r"^(\s*)([-*+#>|=~`]|[0-9]{1,9}[.)](?=\s)|\[|<!--|＃)")
_TASK = re.compile(
    r"\s*(?:[-*•]\s+)?(?:\[(?P<box>[ xX√✓]?)\]\s*|(?P<sign>[☐□☑☒✓✔√■])\s*)?(?P<text>\S.*)"
)
_DUE_AT_END = re.compile(r"(?<=[^✅\s])\s+([0-9]{4}-[0-9]{2}-[0-9]{2})$")
"""The day at the end of a promise, as forms have it: without the sign before it."""

_NONE = re.compile(r"\Anone(?=\s*(?:[:：]|$))", re.IGNORECASE)
"""The word for no plan at the beginning of a text."""

_PLAN_PARTS = ("next_time", "next_method", "next_text", "next_goal")
_EMPTY_BOXES = frozenset(" ☐□")


class FollowUpEntry(Struct, frozen=True):
    """A follow-up to be added.

    Attributes:
        draft: What its section says.
        followup: The section as it reads back.
        number: Its place among those of its customer, where the file says it.
        is_plan: Whether it is no follow-up, but holds a plan that no follow-up made.
    """

    draft: SectionDraft
    followup: FollowUp
    number: int | None = None
    is_plan: bool = False

    def moved_to(self, day: date, clock: time | None, order: datetime) -> FollowUpEntry:
        """Return the entry at another day and time; for the order see `FollowUp`."""
        return replace(
            self,
            draft=replace(self.draft, date=day, time=clock),
            followup=replace(self.followup, date=day, time=clock, order=order),
        )


def followup_entry(  # noqa: PLR0913  # what a follow-up is made of
    parts: Mapping[str, Value],
    lines: Sequence[str],
    config: Config,
    *,
    owner: str = "",
    number: int | None = None,
    ticked: frozenset[int] = frozenset(),
) -> FollowUpEntry | Message:
    """Return a follow-up, or why it cannot be written.

    Args:
        parts: Its parts by the keys of `FOLLOWUP_PARTS` and of the fields of follow-ups; under
            `tasks` the texts of task bullets.
        lines: Further lines of the summary.
        config: The workspace's settings.
        owner: The customer's owner, whose name a heading may hold without a method.
        number: Its place among those of its customer.
        ticked: Which of the tasks are done, by their place from 0.
    """
    draft = _draft(parts, lines, config)
    if isinstance(draft, Message):
        return draft
    if ticked:
        draft = replace(draft, ticked=ticked)
    reasons = []
    for attempt in _attempts(draft, config):
        found = _read(attempt, config, owner)
        if not isinstance(found, Message):
            return FollowUpEntry(attempt, found, number)
        reasons.append(found)
    return reasons[-1]


def _attempts(draft: SectionDraft, config: Config) -> Iterator[SectionDraft]:
    """Yield ways to write a follow-up, the plainest first."""
    yield draft
    if said := _changes_in_summary(draft, config):
        yield replace(draft, fields=[pair for pair in draft.fields if pair[0].key not in said])
    # The summary holds something that would be read as more than text.
    yield replace(draft, summary=_escaped(draft.summary))
    if draft.who:
        # Without a method a name of two words would be taken for a method and a name.
        line = f"{'跟进人' if config.language == 'zh' else 'who'}: {draft.who}"
        summary = "\n\n".join(filter(None, (_escaped(draft.summary), line)))
        yield replace(draft, who="", summary=summary)


def _changes_in_summary(draft: SectionDraft, config: Config) -> frozenset[str]:
    """Return the keys of the changes that the summary says as well, in a bullet that says more.

    `- stage: proposal -> negotiation, they are in a hurry` is read as a change and kept as text.
    """
    chinese = config.language == "zh"
    told, meant = (
        read_section(section_text(one, chinese=chinese), config, "")
        for one in (replace(draft, fields=[]), replace(draft, summary=""))
    )
    if isinstance(told, Problem) or isinstance(meant, Problem):
        return frozenset()
    return frozenset(
        key
        for key in ("stage", "level")
        if (change := getattr(told[0], key))
        and content_of(change) == content_of(getattr(meant[0], key))
    )


def _draft(
    parts: Mapping[str, Value], lines: Sequence[str], config: Config
) -> SectionDraft | Message:
    day = read_date(_text(parts, "date"))
    if isinstance(day, Message):
        return day
    clock = read_time(_text(parts, "time")) if parts.get("time") else None
    if isinstance(clock, Message):
        return clock
    further = list(lines)
    fields: list[tuple[Field, str]] = []
    whole = {**parts, **_composed(parts, config)}
    for field in config.all_followup_fields:
        value = whole.get(field.key)
        if value is None or field.key == "summary":
            continue
        for text in _texts(field, value, config):
            if _fits(field, text, config):
                fields.append((field, text))
            else:
                further.append(f"{field.zh if config.language == 'zh' else field.key}: {text}")
    summary = "\n\n".join(filter(None, (_text(whole, "summary"), "\n".join(further))))
    tasks, ticked = _tasks(parts)
    method, who = _text(parts, "method"), _text(parts, "who")
    both = _text(parts, "method_who")
    if both or (who and not method and not config.owners.find(who)):
        # `who` may hold both as well, as in forms, where the method stands above the name.
        found = config.methods.find_at_start(both or who)
        if found and (both or found[1]):
            method, who = found[0].label, found[1]
        elif both:
            who = both
    return SectionDraft(day, clock, method, who, summary, fields, tasks, ticked)


def _text(parts: Mapping[str, Value], key: str) -> str:
    value = parts.get(key, "")
    return value if isinstance(value, str) else "、".join(value)


def _texts(field: Field, value: Value, config: Config) -> tuple[str, ...]:
    """Return the texts of a field's bullets: one each where it may stand several times."""
    if field.kind is Kind.SERVICE:
        return tuple(value.split("\n")) if isinstance(value, str) else value
    text = value if isinstance(value, str) else "、".join(value)
    if field.kind is Kind.NEXT and config.language == "zh":
        text = _NONE.sub("无", text)  # As exports have it, in either language.
    return (text,)


def _composed(parts: Mapping[str, Value], config: Config) -> dict[str, Value]:
    """Return the fields that tables keep in several columns: next step, attitude, service."""
    whole: dict[str, Value] = {}
    if day := _text(parts, "next_date"):
        said = [
            _text(parts, key) for key in ("next_time", "next_method", "next_text") if parts.get(key)
        ]
        if "next" in parts:
            said.append(_text(parts, "next"))
        step = " ".join([day, *said])
        if goal := _text(parts, "next_goal"):
            step += f"；目标: {goal}" if config.language == "zh" else f"; goal: {goal}"
        whole["next"] = step
    elif parts.keys() & set(_PLAN_PARTS):
        texts = (_text(parts, key) for key in ("next", *_PLAN_PARTS))
        whole["next"] = "; ".join(filter(None, texts))
    if note := _text(parts, "attitude_note"):
        whole["attitude"] = ", ".join(filter(None, (_text(parts, "attitude"), note)))
    kind = _text(parts, "service_kind")
    if kind and not parts.keys() & {"service_text", "service"}:
        # A list of after-sales work has one column for what was done.
        parts = {**parts, "service_text": _text(parts, "summary")}
        whole["summary"] = ""
    if kind:
        ticket = _text(parts, "service_ticket")
        said = [kind, f"#{ticket}" if ticket else "", _text(parts, "service_text")]
        if "service_text" not in parts and "service" in parts:
            said.append(_text(parts, "service"))
        whole["service"] = " ".join(filter(None, said))
    return whole


def planned_day(parts: Mapping[str, Value], config: Config) -> date | None:
    """Return the day of the next step that the parts of a follow-up make; None without one."""
    found = _next_step(parts, config)
    return found.date if isinstance(found, NextStep) else None


def plan_fault(parts: Mapping[str, Value], config: Config) -> Fault | None:
    """Return why the parts of a follow-up make no next step; None where they make one."""
    found = _next_step(parts, config)
    return found if isinstance(found, Fault) else None


def change_fault(field: Field, text: str, config: Config) -> Fault | None:
    """Return why a text is no change of a stage or a level; None where it is one."""
    read = _read_alone(field, text, config)
    return read if isinstance(read, Fault) else None


def _next_step(parts: Mapping[str, Value], config: Config) -> NextStep | Fault | None:
    text = _text({**parts, **_composed(parts, config)}, "next")
    field = next(field for field in config.all_followup_fields if field.kind is Kind.NEXT)
    read = _read_alone(field, text, config) if text else None
    return read if read is None or isinstance(read, Fault) else read.next


def _tasks(parts: Mapping[str, Value]) -> tuple[tuple[str, ...], frozenset[int]]:
    """Return the texts of task bullets, and which of them are ticked."""
    whole = parts.get("tasks")
    if isinstance(whole, tuple):
        return whole, frozenset()
    due = _text(parts, "todo_due")
    texts: list[str] = []
    ticked = set()
    for line in _text(parts, "todo").splitlines():
        if match := _TASK.fullmatch(line):
            if (box := match["box"] or match["sign"]) and box not in _EMPTY_BOXES:
                ticked.add(len(texts))
            text = " ".join(match["text"].split())
            if match["sign"] and "@" not in text:
                text = _DUE_AT_END.sub(r" @\1", text)
            texts.append(f"{text} @{due}" if due and "@" not in text else text)
    return tuple(texts), frozenset(ticked)


def _fits(field: Field, text: str, config: Config) -> bool:
    """Tell whether a field takes a text as it stands."""
    if field.kind not in _HAS_OWN_FORM and field not in config.followup_fields:
        return True
    read = _read_alone(field, text, config)
    return not isinstance(read, Fault) and not read.summary


def _read_alone(field: Field, text: str, config: Config) -> FollowUp | Fault:
    """Return a follow-up that says nothing but one field as it reads back, or what is wrong."""
    draft = SectionDraft(_SOME_DAY, fields=[(field, text)])
    read = read_section(section_text(draft, chinese=config.language == "zh"), config, "")
    if not isinstance(read, Problem):
        followup, problems = read
        if not problems:
            return followup
        read = problems[0]
    return Fault(read.code, read.message, read.hint)


_SOME_DAY = date(2000, 1, 1)


def _read(draft: SectionDraft, config: Config, owner: str) -> FollowUp | Message:
    """Return a section as it reads back; why it cannot be written, where that is otherwise."""
    read = read_section(section_text(draft, chinese=config.language == "zh"), config, owner)
    if isinstance(read, Problem):
        return read.message
    followup, problems = read
    if problems:
        return problems[0].message
    if not _says(followup, draft, config, owner):
        return Message("this follow-up cannot be written so that it reads back the same")
    return followup


def _says(followup: FollowUp, draft: SectionDraft, config: Config, owner: str) -> bool:
    """Tell whether a section reads back as what it was made from."""
    method = config.methods.find(draft.method)
    return (
        followup.date == draft.date
        and followup.time == draft.time
        and followup.method == (method.id if method else None)
        and fold(followup.who) == fold(config.owner_name(draft.who) if draft.who else owner)
        and followup.summary.strip() == draft.summary.strip()
        and len(followup.commitments) == len(draft.tasks)
    )


def _escaped(text: str) -> str:
    """Return a text whose lines begin nothing in Markdown."""
    return "\n".join(
        _BEGINS_MARKDOWN.sub(r"\1\\\2", line) for line in text.replace("\t", " ").split("\n")
    )
