"""A workspace with hostile texts wherever a team, its mail or its git history could bring them in.

They stand in every field of front matter and of follow-ups, in Markdown of all kinds, in the names
of files, attachments and git authors, in every list of words, name and title of `tracker.yaml`,
and, in files that are broken on purpose, in what is said about mistakes.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from itertools import cycle
from typing import TYPE_CHECKING, Any

from tracker import schema
from tracker.library.git import run_git
from trials.script_payloads import Payload

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TODAY = datetime(2026, 11, 24, 12, tzinfo=timezone(timedelta(hours=8)))
"""The day for which the site of such a workspace is meant to be built."""

_STAGES = ("contact", "negotiation", "won", "lost")
_LONGEST_NAME = 200
_IN_TITLE = 6
"""Of so many texts one stands in the title, which each page has several times."""

_APART = re.compile(r"```|~~~|<!--|[\x00-\x08\x0b-\x1f\x7f\x85]|^\s*(?:#|\|)", re.MULTILINE)
"""What would keep the texts beside it in a record from being read: it gets a record of its own."""

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write_workspace(root: Path, texts: Sequence[Payload], per_record: int) -> None:
    """Write a workspace, and its history into a git repository.

    Args:
        root: An empty folder.
        texts: What stands everywhere. Where a field has one value, that is all texts of the
            record, one behind the other, and another one first in each field; so it is with the
            names and labels of `tracker.yaml`.
        per_record: How many of them share a record.
    """
    groups = list(_groups(texts, per_record))
    names = [Payload(each[0].number, "several", _name(each)) for each in groups]
    _write(root / "tracker.yaml", _settings(texts, names))
    histories = []
    for number, group in enumerate(groups):
        words = [names[(number + further) % len(names)] for further in range(6)]
        record = _Record(number, group, words)
        path = f"records/r{number}.md"
        _write(root / path, record.text())
        _write(root / f"records/w{number}.md", record.text_of_wrong_values())
        _write(root / f"records/u{number}.md", "\n\n".join(each.text for each in group))
        histories.append((path, record, group))
        for each in group:
            _write(root / _attachment(each), each.text)
        bare = {"name": group[0].text, "short": record.owner, "aliases": [group[0].text]}
        matter = _file({**bare, "stage": "won", "owner": record.owner})
        _write(root / "records" / _file_name(group[0]), matter)
    _write_history(root, histories)


def _name(group: Sequence[Payload]) -> str:
    """Return the texts as one name, without the control characters that no name can have."""
    return _CONTROLS.sub("", " ".join(each.text for each in group)) or "x"


def _groups(texts: Sequence[Payload], per_record: int) -> Iterator[list[Payload]]:
    together = [each for each in texts if not _APART.search(each.text)]
    yield from (together[at : at + per_record] for at in range(0, len(together), per_record))
    yield from ([each] for each in texts if _APART.search(each.text))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "replace"))


def _attachment(payload: Payload) -> str:
    """Return the path of an attachment; a slash in the text makes folders."""
    name = "/".join(filter(None, payload.text.replace("\0", "").split("/")))
    return f"attachments/{payload.number}{name[:_LONGEST_NAME]}.txt"


def _file_name(payload: Payload) -> str:
    return f"f{payload.number}" + re.sub("[/\0]", "", payload.text)[:60] + ".md"


def _file(matter: dict[str, Any]) -> str:
    """Return the front matter of a record."""
    lines = [f"{quoted(key)}: {quoted(value)}" for key, value in matter.items()]
    return "\n".join(["---", *lines, "---", "", ""])


def quoted(value: object) -> str:
    """Return a value as YAML that keeps every sign of its texts: JSON with more escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return _UNPRINTED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _line(text: str) -> str:
    """Return a text as part of one line of Markdown."""
    return " ".join(text.split())


class _Record:
    """One customer with several texts.

    Args:
        number: That of the record.
        group: The texts.
        words: Whose entries of `tracker.yaml` it uses.
    """

    def __init__(self, number: int, group: list[Payload], words: list[Payload]) -> None:
        self._number = number
        self._group = group
        self._words = words
        self._turn = cycle(group)
        self.stage = _STAGES[number % len(_STAGES)]
        self.owner = words[0].text

    def text(self) -> str:
        """Return the record."""
        return _file(self._matter()) + self._body()

    def former_text(self, level: str) -> str:
        """Return the record as it was before, of another stage and owner."""
        matter = {"name": "x", "stage": "first", "owner": "Li", "level": level, "value": "1 CNY"}
        return _file(matter)

    def text_of_wrong_values(self) -> str:
        """Return a record whose typed values are texts that they cannot be."""
        matter = {
            field.key: self._wrong(field.kind, field.children)
            for field in schema.FRONT_MATTER
            if field.kind is not schema.Kind.TEXT and field.key not in ("id", "stage", "owner")
        }
        matter |= {"name": "Wrong", "stage": self._next(), "owner": self._next()}
        matter |= {self._next()[:40] or "x": self._next(), "link": self._next()}
        body = [f"## 2026-11-10 25:99 {_line(self._next())}\n"]
        body += [f"- {field.key}: {_line(self._next())}" for field in schema.FOLLOWUP_FIELDS]
        body += [f"- {_line(each.text)}: x" for each in self._group]
        return _file(matter) + "\n".join(body) + "\n"

    def _next(self) -> str:
        return next(self._turn).text

    def _all_from_next(self) -> str:
        """Return all texts one behind the other, each time beginning with the next one."""
        at = self._group.index(next(self._turn))
        return " ".join(each.text for each in (*self._group[at:], *self._group[:at]))

    def _wrong(self, kind: schema.Kind, children: tuple[schema.Field, ...]) -> object:
        if kind is schema.Kind.GROUP:
            return {field.key: self._wrong(field.kind, field.children) for field in children}
        if kind is schema.Kind.GROUPS:
            return [self._wrong(schema.Kind.GROUP, children) for _ in self._group]
        return self._next()

    # --- Front matter ---

    def _matter(self) -> dict[str, Any]:
        texts = [each.text for each in self._group]
        matter = {
            field.key: self._all_from_next()
            for field in schema.FRONT_MATTER
            if field.kind is schema.Kind.TEXT
        }
        source, level = (f"w{each.number}" for each in self._words[1:3])
        return {
            **matter,
            "stage": self.stage,
            "owner": self.owner,
            "source": source,
            "level": level,
            "created": "2026-11-01",
            "value": f"{self._number + 1} CNY",
            "tags": texts,
            "not_duplicate_of": texts,
            "website": f"https://a.example/{self._next()}",
            "contacts": [self._filled(schema.CONTACT_FIELDS, each) for each in texts],
            "needs": {field.key: texts for field in schema.NEEDS_FIELDS},
            "offers": [
                {**self._filled(schema.OFFER_FIELDS, each.text), "file": _attachment(each)}
                for each in self._group
            ],
            "deal": {
                **self._filled(schema.DEAL_FIELDS, self._all_from_next()),
                "items": [self._filled(schema.DEAL_ITEM_FIELDS, each) for each in texts],
            },
            "lost": {
                **self._filled(schema.LOSS_FIELDS, self._all_from_next()),
                "reason": f"w{self._words[3].number}",
            },
            "remark": self._all_from_next(),
            "words": texts,
            "choice": self._words[4].text,
        }

    def _filled(self, fields: tuple[schema.Field, ...], text: str) -> dict[str, object]:
        """Return a group with the text in each of its fields that takes any."""
        taking = (schema.Kind.TEXT, schema.Kind.LIST)
        return {
            field.key: [text] if field.kind is schema.Kind.LIST else text
            for field in fields
            if field.kind in taking
        }

    # --- The body ---

    def _body(self) -> str:
        parts = [self._next()]
        for number, each in enumerate(self._group):
            moment = TODAY.replace(tzinfo=None) - timedelta(hours=7 * number + 1)
            parts += [*self._followup(each, moment), *_note(each)]
        return "\n".join(parts) + "\n"

    def _followup(self, payload: Payload, moment: datetime) -> Iterator[str]:
        text = _line(payload.text)
        kind, attitude = (f"w{each.number}" for each in self._words[4:])
        yield f"\n## {moment:%Y-%m-%d %H:%M} call {text}\n"
        for field in schema.FOLLOWUP_FIELDS:
            if field.kind is schema.Kind.TEXT and field.key != "summary":
                yield f"- {field.key}: {text}"
        yield f"- contact: {text}"
        yield f"- offer: {text}"
        yield f"- attitude: {attitude}, {text}"
        yield f"- service: {kind} {text}"
        yield f"- service: problem #{payload.number} {text}"
        yield f"- said: {text}"
        yield f"- [ ] {text} @2026-11-26 @{self._words[5].text.split()[0] or 'Li'}"
        yield f"- [x] {text} @2026-11-20"
        yield f"- next: 2026-11-{25 + payload.number % 5} 10:00 visit {text}; goal: {text}"
        yield f"\n{payload.text}\n"


def _note(payload: Payload) -> Iterator[str]:
    """Yield Markdown in which the text is what can be hostile: words, titles, places of links."""
    text = _line(payload.text)
    yield f"## {text}\n\n{payload.text}\n"
    yield f"[words]({text}) ![picture]({text}) [{text}](https://a.example) ![{text}](x)"
    yield f"[named][n{payload.number}] [file](<../{_attachment(payload)}>) <{text}>"
    yield f'[title](https://a.example "{text}") https://a.example/{text}\n'
    yield f"[n{payload.number}]: {text}\n"
    yield f"- {text}\n- **{text}**\n\n> {text}\n\n| a | {text} |\n|---|---|\n| {text} | b |\n"
    yield f"```{text.replace('`', '')}\n{payload.text}\n```\n"


# --- Settings -------------------------------------------------------------------------------------


def _settings(texts: Sequence[Payload], names: Sequence[Payload]) -> str:
    """Return `tracker.yaml` with names as the labels of everything, and some texts as the title."""
    words = [{"id": f"w{each.number}", "label": f"{each.text} {each.number}"} for each in names]
    kinds = {"won": "won", "lost": "lost"}
    stages = [
        {"id": id_, "label": f"{each.text} {id_}", "kind": kinds.get(id_, "open")}
        for id_, each in zip(("first", *_STAGES), cycle(names), strict=False)
    ]
    fields: dict[str, dict[str, object]] = {
        "remark": {"label": "Remark", "type": "text"},
        "words": {"label": "Words", "type": "list"},
        "choice": {"label": "Choice", "type": "choice", "choices": [each.text for each in names]},
        "link": {"label": "Link", "type": "url"},
    }
    fields |= {f"f{each.number}": {"label": each.text, "type": "text"} for each in names}
    settings: dict[str, object] = {
        "title": _name(texts[::_IN_TITLE]),
        "language": "en",
        "stages": stages,
        "levels": words,
        "sources": words,
        "attitudes": words,
        "authorities": words,
        "influences": words,
        "loss_reasons": words,
        "service_kinds": [*words, {"id": "problem", "label": "problem"}],
        "owners": [{"name": each.text, "email": "a@a.example"} for each in names],
        "fields": fields,
        "followup_fields": {"said": {"label": names[0].text, "type": "text"}},
        "views": {
            f"v{each.number}": {"label": each.text, "query": each.text[:200]} for each in names
        },
    }
    return "".join(f"{key}: {quoted(value)}\n" for key, value in settings.items())


# --- History --------------------------------------------------------------------------------------


def _write_history(root: Path, histories: list[tuple[str, _Record, list[Payload]]]) -> None:
    """Commit each record several times, each time by an author who is called as a text is."""
    commands = bytearray()
    moment = TODAY - timedelta(days=20)
    for path, record, group in histories:
        levels = [f"w{number % 2}" for number in range(len(group))]
        texts = [*map(record.former_text, levels), record.text()]
        for author, text in zip([*group, group[0]], texts, strict=True):
            moment += timedelta(minutes=1)
            who = re.sub("[<>\\n\\r\\0]", "", author.text).strip() or "x"
            person = f"{who} <a@a.example> {int(moment.timestamp())} +0800"
            head = f"commit refs/heads/main\nauthor {person}\ncommitter {person}\ndata 1\nx\n"
            data = text.encode("utf-8", "replace")
            commands += f"{head}M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
    run_git(root, ["init", "-q", "-b", "main"])
    run_git(root, ["fast-import", "--quiet"], bytes(commands))
    run_git(root, ["reset", "-q"])
