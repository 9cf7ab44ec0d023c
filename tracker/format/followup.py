"""A dated section typed: heading, fields, commitments."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from tracker.config import VOCABULARIES
from tracker.dates import DATE_PATTERN, TIME_PATTERN, read_date, read_time
from tracker.diagnostics import Span, did_you_mean
from tracker.format.sections import FOLLOWUP_LEVELS, Content, Piece, Section, read_content
from tracker.format.values import Fault, read_value, unknown_word
from tracker.model import Change, Commitment, FollowUp, NextStep, Service
from tracker.pinyin import sound_alike
from tracker.schema import Field, Kind, by_spelling, known_keys
from tracker.spans import Spans
from tracker.text import fold, nearest, split_list
from tracker.translation import Message
from tracker.vocabulary import NO_NEXT_STEP

if TYPE_CHECKING:
    from tracker.config import Config, Term, Terms
    from tracker.diagnostics import Problems

SIGNS = "·•・‧|｜,，、"
"""Signs that part the pieces of a heading and of a plan, beside blanks."""

SEPARATORS = rf"\s{SIGNS}"
"""The same with blanks, for use within the brackets of a regular expression."""

HEADING = re.compile(
    rf"(?P<date>{DATE_PATTERN})(?:(?:T|[{SEPARATORS}]+|(?<=日))(?P<time>{TIME_PATTERN})(?![0-9:]))?"
    rf"(?:[{SEPARATORS}]+(?P<rest>.*))?$"
)
_LIKE_A_TIME = re.compile(
    r"(?:(?:上午|下午|早上|中午|晚上|凌晨|傍晚)\s?)?[0-9０-９]{1,2}\s?[:：点时][0-9０-９:：点时分半]*"
    r"|[0-9]{1,2}(?:[:.][0-9]{2})?\s?[ap]\.?m\b\.?",
    re.IGNORECASE,
)
NEXT = re.compile(
    rf"(?P<date>{DATE_PATTERN})(?:(?:T|[{SEPARATORS}]+|(?<=日))(?P<time>{TIME_PATTERN}))?"
    rf"(?![0-9:])[{SEPARATORS}]*(?P<rest>.*)",
    re.DOTALL,
)
_GOAL = re.compile(
    r"(?:^|[;；,，。]\s*|\n[ \t]*(?:[-*+][ \t]+)?)(?:goal|目标)[ \t]*[:：]", re.IGNORECASE
)
_ARROW = re.compile(r"(?<![-=—–－])[-=—–－]*[>＞]|[→⇒➔➜⟶]")
_TICKET = re.compile(r"[#＃]\s*([0-9]{1,9})(?![0-9])[\s,，:：]*")
_ANY_DATE = r"[0-9０-９]{4}[-/年.][0-9０-９]{1,2}[-/月.][0-9０-９]{1,2}日?(?![0-9０-９])"
DUE = re.compile(
    rf"(?:[@＠]\s?|📅\ufe0f?\s*)(?P<date>{_ANY_DATE})"
    rf"|[\[(](?:due|截止)::\s*(?P<bracketed>{_ANY_DATE})\s*[\])]",
    re.IGNORECASE,
)
DONE = re.compile(
    rf"✅\ufe0f?\s*(?P<date>{_ANY_DATE})"
    rf"|[\[(](?:completion|done|完成)::\s*(?P<bracketed>{_ANY_DATE})\s*[\])]",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"(?:^|(?<=[\s,，;；、。)）]))[@＠]([^\s@＠,，;；、。()（）0-9０-９][^\s@＠,，;；、。()（）]*)"
)
_WORD_END = re.compile(r"[\s,，;；:：、。|]+|(?=[#＃(（])")
_AROUND_WORDS = " ,，;；:：、。|\n\t\u3000"
_MOST_ARROWS = 8
_NEAR_KEY = 78.0


def read_followup(
    section: Section, config: Config, owner: str, problems: Problems
) -> FollowUp | None:
    """Type one dated section.

    Args:
        section: The section; its heading begins like a date.
        config: The workspace's settings.
        owner: The record's owner, who followed up where the heading names nobody.
        problems: Where what is wrong is reported.

    Returns:
        The follow-up, or None where the heading cannot be read.
    """
    return _Reader(section, config, owner, problems).read()


class _Reader:
    def __init__(self, section: Section, config: Config, owner: str, problems: Problems) -> None:
        self._section = section
        self._config = config
        self._owner = owner
        self._report = problems.report
        self._fields = by_spelling(config.all_followup_fields)
        self._spans: dict[str, Span] = {}
        self._unread: list[str] = []
        self._single: dict[str, Piece] = {}

    def read(self) -> FollowUp | None:
        heading = self._heading()
        if heading is None:
            return None
        content = read_content(self._section, lambda key: fold(key) in self._fields)
        if content.near_misses:
            self._report_near_misses(content)
        if content.unmarked:
            self._report_unmarked(content)
        values, texts, declared = self._typed_fields(content)
        summary = (content.summary, texts.pop("summary", ""), "\n".join(self._unread))
        return FollowUp(
            **heading,
            **values,
            summary="\n\n".join(filter(None, summary)),
            commitments=tuple(map(self._commitment, content.tasks)),
            texts=texts,
            fields=declared,
            spans=Spans.of(self._spans),
        )

    # --- heading ---

    def _heading(self) -> dict[str, Any] | None:
        """Return what the heading gives to the follow-up, or None where it cannot be read."""
        section = self._section
        if section.level not in FOLLOWUP_LEVELS:
            self._report(
                "heading-unreadable",
                section.span,
                Message("a follow-up's heading has two or three #"),
                Message("write ## {heading}", {"heading": section.heading}),
            )
            return None
        match = HEADING.match(section.heading)
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
        if isinstance(day, Message) or isinstance(clock, Message):
            reason = day if isinstance(day, Message) else clock
            if isinstance(reason, Message):
                self._report("heading-unreadable", section.span, reason)
            return None
        rest_column = section.column + (match.start("rest") if match["rest"] else 0)
        if match["time"] is None and (like := _LIKE_A_TIME.match(match["rest"] or "")):
            self._report(
                "heading-unreadable",
                Span.of_line(section.line, rest_column, len(like[0])),
                Message("‘{text}’ is not a time; write it as 14:30", {"text": like[0]}),
            )
            return None
        method, who = self._method_and_who(match["rest"] or "", rest_column)
        written = (number for number, line, _ in reversed(section.lines) if line.strip())
        last_line = next(written, section.line)
        return {
            "date": day,
            "time": clock,
            "order": self._order(day, clock),
            "method": method,
            "who": self._config.owner_name(who) if who else self._owner,
            "who_written": bool(who),
            "span": section.span,
            "end_line": last_line,
        }

    def _order(self, day: date, clock: time | None) -> datetime:
        """Return the moment in the workspace's zone, without zone, for sorting."""
        moment = datetime.combine(day, clock or time())
        if moment.tzinfo is not None:
            with suppress(OverflowError):
                moment = moment.astimezone(self._config.timezone)
        return moment.replace(tzinfo=None)

    def _method_and_who(self, rest: str, column: int) -> tuple[str | None, str]:
        """Return the method's id, and who followed up, from what follows day and time."""
        rest = rest.rstrip(f"{SIGNS} \t\u3000")
        if not rest:
            return None, ""
        methods = self._config.methods
        sign = next((at for at, char in enumerate(rest) if char in SIGNS), len(rest))
        first, others = rest[:sign].rstrip(), rest[sign:].lstrip(f"{SIGNS} \t\u3000")
        if others and (term := methods.find(first)):
            return term.id, others
        if found := methods.find_at_start(rest):
            return found[0].id, found[1].lstrip(f"{SIGNS} \t\u3000")
        if self._config.owners.find(rest) or fold(rest) == fold(self._owner):
            return None, rest
        word, who = (first, others) if others else (*rest.split(None, 1), "")[:2]
        near = methods.nearest(word)
        if not who and not near:
            return None, rest
        self._report(
            "unknown-word",
            Span.of_line(self._section.line, column, len(word)),
            Message(
                "‘{text}’ is not one of {list}", {"text": word, "list": VOCABULARIES["methods"]}
            ),
            did_you_mean(near),
        )
        return None, who

    # --- fields ---

    def _report_near_misses(self, content: Content) -> None:
        for piece in content.near_misses:
            near = _near_key(piece.key, self._config.all_followup_fields)
            if near:
                self._report(
                    "unknown-field",
                    piece.key_span,
                    Message("‘{key}’ is not a field of a follow-up", {"key": piece.key}),
                    did_you_mean(near),
                )

    def _report_unmarked(self, content: Content) -> None:
        """Report promises and next steps that nobody will be reminded of for want of a sign."""
        for piece in content.unmarked:
            if not piece.key:
                self._report(
                    "task-unreadable",
                    piece.span,
                    Message("this box is not read as a promise"),
                    Message("write it as: - [ ] text @2026-11-26, or - [x] text once it is done"),
                )
            elif self._fields[fold(piece.key)].kind is Kind.NEXT and NEXT.match(piece.text):
                self._report(
                    "next-unreadable",
                    piece.key_span,
                    Message("this next step is not read, since its line does not begin with ‘- ’"),
                    Message("write it as: - {key}: {text}", {"key": piece.key, "text": piece.text}),
                )

    def _typed_fields(
        self, content: Content
    ) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
        values: dict[str, Any] = {}
        texts: dict[str, list[str]] = {}
        declared: dict[str, Any] = {}
        for piece in content.fields:
            field = self._fields[fold(piece.key)]
            read = _FIELD_READERS.get(field.kind)
            if field in self._config.followup_fields:
                self._declared(field, piece, declared)
            elif read is None:
                texts.setdefault(field.key, []).append(piece.text)
            elif piece.text:
                self._once(field, piece)
                read(self, field, piece, values)
            self._spans.setdefault(field.key, piece.span)
        for field in self._config.followup_fields:
            if field.kind is Kind.TEXT and field.key in declared:
                declared[field.key] = "\n".join(declared[field.key])
        joined = {key: "\n".join(filter(None, lines)) for key, lines in texts.items()}
        return _frozen(values), joined, _frozen(declared)

    def _once(self, field: Field, piece: Piece) -> None:
        """Report a field that stands twice where one can count; the earlier one is kept as text."""
        if field.kind not in SINGLE:
            return
        earlier = self._single.get(field.key)
        self._single[field.key] = piece
        if earlier:
            self._keep(earlier)
            self._report(
                "duplicate-key",
                piece.key_span,
                Message(
                    "‘{key}’ stands twice in this follow-up, first in line {line}; the last counts",
                    {"key": piece.key, "line": earlier.span.line},
                ),
            )

    def _keep(self, piece: Piece) -> None:
        """Keep what cannot be typed in the summary, so that no page drops what was written."""
        text = piece.text.replace("\n", "\n  ")
        self._unread.append(f"- {piece.key}: {text}")

    def _declared(self, field: Field, piece: Piece, declared: dict[str, Any]) -> None:
        if not piece.text:
            return
        if field.kind is Kind.LIST:
            declared.setdefault(field.key, []).extend(split_list(piece.text))
            return
        if field.kind is Kind.TEXT:
            declared.setdefault(field.key, []).append(piece.text)
            return
        self._once(field, piece)
        value = read_value(field, piece.text, self._config)
        if isinstance(value, Fault):
            self._fault(value, piece)
            self._keep(piece)
        else:
            declared[field.key] = value

    def read_contacts(self, _: Field, piece: Piece, values: dict[str, Any]) -> None:
        values.setdefault("contacts", []).extend(split_list(piece.text))

    def read_offers(self, _: Field, piece: Piece, values: dict[str, Any]) -> None:
        values.setdefault("offers", []).extend(split_list(piece.text))

    def read_attitude(self, field: Field, piece: Piece, values: dict[str, Any]) -> None:
        word, values["attitude_note"] = self._leading_word(self._config.attitudes, piece.text)
        values["attitude"] = word.id if word else None
        if word is None:
            first = _WORD_END.split(piece.text, maxsplit=1)[0]
            self._fault(unknown_word(field, first, self._config), piece)

    def read_change(self, field: Field, piece: Piece, values: dict[str, Any]) -> None:
        """Read `[OLD ->] NEW`; of a row of changes the first and the last count."""
        terms = self._config.terms(field.vocabulary or "")
        old: str | None = None
        rest = piece.text
        arrows = list(islice(_ARROW.finditer(rest), _MOST_ARROWS))
        starts = [0, *(arrow.end() for arrow in arrows)]
        for start, following, arrow in zip(starts, starts[1:], arrows, strict=False):
            word = piece.text[start : arrow.start()].strip()
            before, note = self._leading_word(terms, word)
            if note and self._leading_word(terms, piece.text[following:])[0] is None:
                break  # This arrow stands in the text after the new word.
            if before is None and word:
                self._fault(unknown_word(field, word, self._config), piece)
            old = old or (before.id if before else None)
            rest = piece.text[following:]
        new, note = self._leading_word(terms, rest)
        if new is None:
            self._fault(unknown_word(field, rest.partition("\n")[0].strip(), self._config), piece)
        if new is None or note:
            self._keep(piece)
        if new:
            values[field.key] = Change(new.id, old, piece.span)

    def read_service(self, field: Field, piece: Piece, values: dict[str, Any]) -> None:
        kind, rest = self._leading_word(self._config.service_kinds, piece.text)
        if kind is None:
            word = _WORD_END.split(piece.text, maxsplit=1)[0]
            self._fault(unknown_word(field, word, self._config), piece)
            self._keep(piece)
            return
        ticket = _TICKET.match(rest)
        text = rest[ticket.end() :] if ticket else rest
        entry = Service(kind.id, int(ticket[1]) if ticket else None, text.strip(), piece.span)
        values.setdefault("service", []).append(entry)

    def read_next(self, _: Field, piece: Piece, values: dict[str, Any]) -> None:
        if piece.text == "-" or fold(piece.text.rstrip(".。")) in _NO_NEXT_STEP:
            values["next"] = NextStep(span=piece.span)
            return
        if ended := _ENDED.match(piece.text):
            values["next"] = NextStep(text=ended[1].strip(), span=piece.span)
            return
        match = NEXT.match(piece.text)
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
            self._keep(piece)
            return
        rest, *goal = _GOAL.split(match["rest"], maxsplit=1)
        term, text = self._leading_word(self._config.methods, rest)
        values["next"] = NextStep(
            day if isinstance(day, date) else None,
            clock if isinstance(clock, time) else None,
            term.id if term else None,
            text.strip(f"{_AROUND_WORDS}·・"),
            goal[0].strip() if goal else "",
            piece.span,
        )

    def _leading_word(self, terms: Terms[Any], text: str) -> tuple[Term | None, str]:
        """Return the longest vocabulary word that a text begins with, and the rest after it."""
        text = text.strip()
        if term := terms.find(text):
            return term, ""
        ends = [match.span() for match in islice(_WORD_END.finditer(text), terms.longest)]
        for start, end in reversed(ends):
            if term := terms.find(text[:start]):
                return term, text[end:].strip(_AROUND_WORDS)
        return None, text

    def _fault(self, fault: Fault, piece: Piece) -> None:
        self._report(fault.code, piece.span, fault.message, fault.hint)

    # --- commitments ---

    def _commitment(self, task: Piece) -> Commitment:
        text = task.text
        due, text = self._marked_day(DUE, text, task)
        done_on, text = self._marked_day(DONE, text, task)
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
        day = read_date(match["date"] or match["bracketed"])
        if isinstance(day, Message):
            self._report("invalid-date", task.span, day)
            return None, text
        return day, text[: match.start()] + " " + text[match.end() :]

    def _promiser(self, text: str) -> tuple[str | None, str]:
        """Return who promised (`@who`, a name that may hold a blank) and the text without it."""
        match = _WHO.search(text)
        if not match:
            return None, text
        after = text[match.start(1) :].casefold()
        names = (
            name
            for owner in self._config.owners
            for name in owner.spellings
            if " " in name and re.match(rf"{re.escape(name.casefold())}(?!\w)", after)
        )
        name = max(names, key=len, default=match[1])
        rest = text[: match.start()] + text[match.start(1) + len(name) :]
        return self._config.owner_name(name), rest


def _frozen(values: dict[str, Any]) -> dict[str, Any]:
    """Return values with tuples for lists."""
    return {
        key: tuple(found) if isinstance(found, list) else found for key, found in values.items()
    }


@lru_cache(maxsize=4096)
def _near_key(key: str, fields: tuple[Field, ...]) -> str | None:
    known = known_keys(fields)
    # One wrong character of two leaves too little likeness to tell a slip from another word.
    return nearest(key, known, _NEAR_KEY) or next(
        (one for one in known if sound_alike(key, one)), None
    )


SINGLE = frozenset(
    {
        *(Kind.ATTITUDE, Kind.CHANGE, Kind.NEXT),
        *(Kind.NUMBER, Kind.DATE, Kind.MONEY, Kind.CHOICE, Kind.URL, Kind.BOOL),
    }
)
"""Kinds of which a follow-up has one value."""

_ENDED = re.compile(r"(?:none|无)\s*[,，;；。:：、]\s*(.+)", re.IGNORECASE | re.DOTALL)
"""A plan ended on purpose, with the reason."""

_NO_NEXT_STEP = frozenset(map(fold, NO_NEXT_STEP)) - {""}
_FIELD_READERS = {
    Kind.CONTACTS: _Reader.read_contacts,
    Kind.OFFERS: _Reader.read_offers,
    Kind.ATTITUDE: _Reader.read_attitude,
    Kind.CHANGE: _Reader.read_change,
    Kind.SERVICE: _Reader.read_service,
    Kind.NEXT: _Reader.read_next,
}
