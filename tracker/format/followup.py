"""A dated section typed: heading, fields, commitments."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from tracker.dates import DATE_PATTERN, TIME_PATTERN, read_date, read_time
from tracker.diagnostics import Problem, Span
from tracker.format.sections import FOLLOWUP_LEVELS, Content, Piece, Section, read_content
from tracker.format.values import Fault, read_value, unknown_word
from tracker.model import Change, Commitment, FollowUp, NextStep, Service
from tracker.schema import Field, Kind, by_spelling, known_keys
from tracker.text import fold, nearest, split_list
from tracker.translation import Message
from tracker.vocabulary import NO_NEXT_STEP

if TYPE_CHECKING:
    from tracker.config import Config, Term, Terms

_SEPARATORS = r"\s·•|｜,，、"
_HEADING = re.compile(
    rf"(?P<date>{DATE_PATTERN})(?:T|[{_SEPARATORS}]*)(?P<time>{TIME_PATTERN})?(?![0-9:])"
    rf"(?:[{_SEPARATORS}]+(?P<rest>.*))?$",
    re.ASCII,
)
_PARTS = re.compile(r"\s*[·•|｜,，、]\s*")
_NEXT = re.compile(
    rf"(?P<date>{DATE_PATTERN})(?:[T ,，·]\s*(?P<time>{TIME_PATTERN}))?(?![0-9:])[\s,，·]*(?P<rest>.*)",
    re.ASCII | re.DOTALL,
)
_GOAL = re.compile(r"[;；]\s*(?:goal|目标)\s*[:：]\s*", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:-+>|=+>|→|⇒)\s*")
_TICKET = re.compile(r"[#＃]\s*([0-9]{1,9})(?![0-9])[\s,，:：]*")
_ANY_DATE = r"[0-9０-９]{4}[-/年.][0-9０-９]{1,2}[-/月.][0-9０-９]{1,2}日?"
_DUE = re.compile(
    rf"(?:[@＠]|📅️?\s*|[\[(](?:due|截止)::\s*)(?P<date>{_ANY_DATE})[\])]?", re.IGNORECASE
)
_DONE = re.compile(
    rf"(?:✅️?\s*|[\[(](?:completion|done|完成)::\s*)(?P<date>{_ANY_DATE})[\])]?", re.IGNORECASE
)
_WHO = re.compile(r"(?:^|(?<=[\s,，;；、。)）]))[@＠]([^\s@＠,，;；、。()（）]+)")
_WORD_END = re.compile(r"[\s,，;；:：、。|]+")
_NEAR_KEY = 78.0


def read_followup(
    section: Section, config: Config, owner: str
) -> tuple[FollowUp | None, list[Problem]]:
    """Type one dated section.

    Args:
        section: The section; its heading begins like a date.
        config: The workspace's settings.
        owner: The record's owner, who followed up where the heading names nobody.

    Returns:
        The follow-up, or None where the heading cannot be read; and what is wrong.
    """
    return _Reader(section, config, owner).read()


class _Reader:
    def __init__(self, section: Section, config: Config, owner: str) -> None:
        self._section = section
        self._config = config
        self._owner = owner
        self._problems: list[Problem] = []
        self._fields = by_spelling(config.all_followup_fields)
        self._spans: dict[str, Span] = {}

    def read(self) -> tuple[FollowUp | None, list[Problem]]:
        followup = self._heading()
        if followup is None:
            return None, self._problems
        content = read_content(self._section, lambda key: fold(key) in self._fields)
        self._report_near_misses(content)
        values, texts, declared = self._typed_fields(content)
        if summary := texts.pop("summary", ""):
            content.summary = f"{content.summary}\n\n{summary}".strip()
        return (
            replace(
                followup,
                summary=content.summary,
                commitments=tuple(self._commitment(task) for task in content.tasks),
                texts=texts,
                fields=declared,
                spans=self._spans,
                **values,
            ),
            self._problems,
        )

    def _report(self, code: str, span: Span, message: Message, hint: Message | None = None) -> None:
        self._problems.append(Problem(code, span, message, hint))

    # --- heading ---

    def _heading(self) -> FollowUp | None:
        section = self._section
        if section.level not in FOLLOWUP_LEVELS:
            self._report(
                "heading-unreadable",
                section.span,
                Message("a follow-up's heading has two or three #"),
                Message("write ## {heading}", {"heading": section.heading}),
            )
            return None
        match = _HEADING.match(section.heading)
        if not match:
            self._report(
                "heading-unreadable",
                section.span,
                Message("this heading begins like a day but cannot be read"),
                Message("write it as: ## 2026-11-20 14:30 METHOD WHO"),
            )
            return None
        day = read_date(match["date"])
        clock = read_time(match["time"]) if match["time"] else None
        for value in (day, clock):
            if isinstance(value, Message):
                self._report("heading-unreadable", section.span, value)
                return None
        assert isinstance(day, date)
        assert clock is None or isinstance(clock, time)
        rest_column = section.column + (match.start("rest") if match["rest"] else 0)
        method, who = self._method_and_who(match["rest"] or "", rest_column)
        last_line = section.lines[-1][0] if section.lines else section.line
        return FollowUp(
            date=day,
            time=clock,
            order=self._order(day, clock),
            method=method,
            who=self._config.owner_name(who) if who else self._owner,
            who_written=bool(who),
            span=section.span,
            end_line=last_line,
        )

    def _order(self, day: date, clock: time | None) -> datetime:
        """Return the moment in the workspace's zone, without zone, for sorting."""
        moment = datetime.combine(day, clock or time())
        if moment.tzinfo is not None:
            try:
                moment = moment.astimezone(self._config.timezone)
            except OverflowError:
                pass
        return moment.replace(tzinfo=None)

    def _method_and_who(self, rest: str, column: int) -> tuple[str | None, str]:
        rest = rest.strip().rstrip("·•|｜,，、").strip()
        if not rest:
            return None, ""
        methods = self._config.methods
        first, *others = _PARTS.split(rest, maxsplit=1)
        if others and (term := methods.find(first)):
            return term.id, others[0]
        if found := methods.find_at_start(rest):
            return found[0].id, found[1].lstrip("·•|｜,，、 ")
        if self._config.owners.find(rest):
            return None, rest
        word, who = (first, others[0]) if others else (*rest.split(None, 1), "")[:2]
        if not who and not methods.nearest(word):
            return None, rest
        near = methods.nearest(word)
        self._report(
            "unknown-word",
            Span.of_line(self._section.line, column, len(word)),
            Message("‘{text}’ is not one of {list}", {"text": word, "list": "methods"}),
            Message("did you mean ‘{word}’?", {"word": near}) if near else None,
        )
        return None, who

    # --- fields ---

    def _report_near_misses(self, content: Content) -> None:
        for piece in content.near_misses:
            near = nearest(piece.key, known_keys(self._config.all_followup_fields), _NEAR_KEY)
            if near:
                self._report(
                    "unknown-field",
                    piece.key_span,
                    Message("‘{key}’ is not a field of a follow-up", {"key": piece.key}),
                    Message("did you mean ‘{word}’?", {"word": near}),
                )

    def _typed_fields(
        self, content: Content
    ) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
        values: dict[str, Any] = {}
        texts: dict[str, str] = {}
        declared: dict[str, Any] = {}
        for piece in content.fields:
            field = self._fields[fold(piece.key)]
            read = _FIELD_READERS.get(field.kind)
            if field in self._config.followup_fields:
                self._declared(field, piece, declared)
            elif read is None:
                texts[field.key] = "\n".join(filter(None, (texts.get(field.key), piece.text)))
            elif piece.text:
                self._once(field, piece)
                values.update(read(self, field, piece, values))
            self._spans.setdefault(field.key, piece.span)
        return values, texts, declared

    def _once(self, field: Field, piece: Piece) -> None:
        if field.key in self._spans and field.kind in _SINGLE:
            self._report(
                "duplicate-key",
                piece.key_span,
                Message(
                    "‘{key}’ stands twice in this follow-up, first in line {line}; the last counts",
                    {"key": piece.key, "line": self._spans[field.key].line},
                ),
            )

    def _declared(self, field: Field, piece: Piece, declared: dict[str, Any]) -> None:
        if not piece.text:
            return
        self._once(field, piece)
        if field.kind is Kind.LIST:
            declared[field.key] = (*declared.get(field.key, ()), *split_list(piece.text))
            return
        value = read_value(field, piece.text, self._config)
        if isinstance(value, Fault):
            self._report(value.code, piece.span, value.message, value.hint)
        else:
            declared[field.key] = value

    def _contacts(self, _: Field, piece: Piece, values: dict[str, Any]) -> dict[str, Any]:
        return {"contacts": (*values.get("contacts", ()), *split_list(piece.text))}

    def _offers(self, _: Field, piece: Piece, values: dict[str, Any]) -> dict[str, Any]:
        return {"offers": (*values.get("offers", ()), *split_list(piece.text))}

    def _attitude(self, field: Field, piece: Piece, _: dict[str, Any]) -> dict[str, Any]:
        word, rest = self._leading_word(self._config.attitudes, piece.text)
        if word is None:
            self._fault(unknown_word(field, _WORD_END.split(piece.text)[0], self._config), piece)
            return {"attitude_note": piece.text}
        return {"attitude": word.id, "attitude_note": rest}

    def _change(self, field: Field, piece: Piece, _: dict[str, Any]) -> dict[str, Any]:
        words: list[str | None] = []
        for text in _ARROW.split(piece.text.split("\n")[0], maxsplit=1):
            term, _rest = self._leading_word(self._config.terms(field.vocabulary or ""), text)
            if term is None and text:
                self._fault(unknown_word(field, text, self._config), piece)
            words.append(term.id if term else None)
        new = words[-1]
        if new is None:
            return {}
        return {field.key: Change(new, words[0] if len(words) > 1 else None, piece.span)}

    def _service(self, field: Field, piece: Piece, values: dict[str, Any]) -> dict[str, Any]:
        kind, rest = self._leading_word(self._config.service_kinds, piece.text)
        if kind is None:
            self._fault(unknown_word(field, re.split(r"[\s#＃,，:：]", piece.text)[0], self._config), piece)
            return {}
        ticket = _TICKET.match(rest)
        text = rest[ticket.end() :] if ticket else rest
        entry = Service(kind.id, int(ticket[1]) if ticket else None, text.strip(), piece.span)
        return {"service": (*values.get("service", ()), entry)}

    def _next(self, _: Field, piece: Piece, __: dict[str, Any]) -> dict[str, Any]:
        if fold(piece.text) in _NO_NEXT_STEP or piece.text.strip() == "-":
            return {"next": NextStep(span=piece.span)}
        match = _NEXT.match(piece.text)
        day = read_date(match["date"]) if match else None
        clock = read_time(match["time"]) if match and match["time"] else None
        reason = next((value for value in (day, clock) if isinstance(value, Message)), None)
        if match is None or reason:
            self._report(
                "next-unreadable",
                piece.span,
                reason or Message("the next step does not begin with a day"),
                Message("write it as: 2026-11-27 10:00 METHOD text; goal: text, or none"),
            )
            return {}
        rest, *goal = _GOAL.split(match["rest"], maxsplit=1)
        found = self._config.methods.find_at_start(rest)
        if found is None:
            term, text = None, rest
        else:
            term, text = found
        return {
            "next": NextStep(
                day if isinstance(day, date) else None,
                clock if isinstance(clock, time) else None,
                term.id if term else None,
                text.strip(" ·,，:：\n"),
                goal[0].strip() if goal else "",
                piece.span,
            )
        }

    def _leading_word(self, terms: Terms[Any], text: str) -> tuple[Term | None, str]:
        """Return the vocabulary word that a text begins with, and the rest after it."""
        text = text.strip()
        if term := terms.find(text):
            return term, ""
        if match := _WORD_END.search(text):
            if term := terms.find(text[: match.start()]):
                return term, text[match.end() :]
        if found := terms.find_at_start(_WORD_END.sub(" ", text)):
            position = 0
            consumed = len(_WORD_END.sub(" ", text)) - len(found[1])
            for _ in range(consumed):
                gap = _WORD_END.match(text, position)
                position = gap.end() if gap else position + 1
            return found[0], text[position:].lstrip(" ,，;；:：、。|")
        if ticket := re.match(r"([^\s#＃]+?)\s*(?=[#＃])", text):
            if term := terms.find(ticket[1]):
                return term, text[ticket.end() :]
        return None, text

    def _fault(self, fault: Fault, piece: Piece) -> None:
        self._report(fault.code, piece.span, fault.message, fault.hint)

    # --- commitments ---

    def _commitment(self, task: Piece) -> Commitment:
        text = task.text
        due, text = self._marked_day(_DUE, text, task)
        done_on, text = self._marked_day(_DONE, text, task)
        who, text = self._promiser(text)
        return Commitment(
            " ".join(text.split()), due, who, task.done or done_on is not None, done_on, task.span
        )

    def _marked_day(
        self, pattern: re.Pattern[str], text: str, task: Piece
    ) -> tuple[date | None, str]:
        match = pattern.search(text)
        if not match:
            return None, text
        day = read_date(match["date"])
        if isinstance(day, Message):
            self._report("invalid-date", task.span, day)
            return None, text
        return day, text[: match.start()] + " " + text[match.end() :]

    def _promiser(self, text: str) -> tuple[str | None, str]:
        """Return who promised (`@who`, a name that may hold a blank) and the text without it."""
        match = _WHO.search(text)
        if not match:
            return None, text
        after = text[match.start(1) :]
        names = sorted(
            (name for owner in self._config.owners for name in owner.spellings if " " in name),
            key=len,
            reverse=True,
        )
        name = next((name for name in names if after.casefold().startswith(name.casefold())), match[1])
        rest = text[: match.start()] + text[match.start(1) + len(name) :]
        return self._config.owner_name(name), rest


_SINGLE = frozenset({Kind.ATTITUDE, Kind.CHANGE, Kind.NEXT})
_NO_NEXT_STEP = frozenset(map(fold, NO_NEXT_STEP))
_FIELD_READERS = {
    Kind.CONTACTS: _Reader._contacts,  # noqa: SLF001
    Kind.OFFERS: _Reader._offers,
    Kind.ATTITUDE: _Reader._attitude,
    Kind.CHANGE: _Reader._change,
    Kind.SERVICE: _Reader._service,
    Kind.NEXT: _Reader._next,
}
