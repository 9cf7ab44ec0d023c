"""Who a site is for, by the options of `tracker build`; and what the proof of it is told like."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from tracker.cli.context import tell
from tracker.cli.filters import unknown_word
from tracker.cli.query_argument import read_query
from tracker.config import Profile
from tracker.errors import OutputError, UsageError, system_reason
from tracker.files import write_atomically
from tracker.library.withheld import Reason, Sort
from tracker.site.audience import Audience
from tracker.text import nearest
from tracker.translation import Message, translations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.config import Config
    from tracker.library.withheld import Withheld
    from tracker.site.leak_proof import Proof

_PROFILE = "--profile"

_NAMED = 10
"""Names that are told one by one; the rest is counted."""


def audience_of(
    config: Config, name: str | None, only: str | None, report: ProofReport
) -> Audience:
    """Return who a site is for.

    Args:
        config: The workspace's settings.
        name: The profile; None for none.
        only: A query that customers must match as well; None for none.
        report: Tells what was proved.

    Raises:
        UsageError: There is no such profile, or a query cannot be read.
    """
    profile = Profile("") if name is None else _profile(config, name)
    queries = tuple(read_query(text, config) for text in (profile.only, only) if text)
    if only is not None and not only.strip():
        raise UsageError(Message("{option} is empty", {"option": "--only"}))
    return Audience(profile, queries, report)


def _profile(config: Config, name: str) -> Profile:
    found = config.profiles.get(name)
    if found is None:
        known = config.profiles
        if not known:
            raise UsageError(Message("there are no profiles in tracker.yaml"))
        raise unknown_word(_PROFILE, name, nearest(name, known), known)
    return found


class ProofReport:
    """Tells what a site was searched for, and what could not be sought.

    Values themselves are named in the file alone: what a command prints may end in a log.

    Args:
        config: The workspace's settings.
        file: Where all of it is written down; None for nowhere.
    """

    def __init__(self, config: Config, file: Path | None) -> None:
        self._translate = translations(config.language).gettext
        self._file = file

    def __call__(self, proof: Proof) -> None:
        """Tell it, and write it down.

        Raises:
            OutputError: The file cannot be written.
        """
        if self._file:
            try:
                write_atomically(self._file, _as_json(proof))
            except OSError as error:
                raise OutputError(
                    Message(
                        "cannot write {path}: {reason}",
                        {"path": self._file, "reason": system_reason(error)},
                    )
                ) from error
        if not proof.hits:
            for line in self._lines(proof):
                tell(line.render(self._translate))

    def _lines(self, proof: Proof) -> Iterator[Message]:
        yield Message(
            "withheld values: {sought}; found in none of {files} files",
            {"sought": proof.sought, "files": proof.files},
        )
        for reason, group in groupby(proof.unproved, key=lambda entry: entry[1]):
            values = [value for value, _ in group]
            yield _counted(reason, values)
            # Of all that cannot be proved, people most need to know of people.
            yield from _named([value for value in values if value.sort in (Sort.NAME, Sort.PHONE)])
        if proof.unproved and not self._file:
            yield Message("all of them, with their values: {option}", {"option": "--proof FILE"})


def _counted(reason: Reason, values: list[Withheld]) -> Message:
    fields = tuple(
        Message("{field} ({count})", {"field": field, "count": count})
        for field, count in Counter(value.field for value in values).most_common()
    )
    return Message("not proved ({reason}): {fields}", {"reason": reason.message, "fields": fields})


def _named(values: list[Withheld]) -> Iterator[Message]:
    places = tuple(dict.fromkeys(f"{value.field} {value.record}" for value in values))
    further = len(places) - _NAMED
    if further > 0:
        yield Message(
            "names and numbers among them: {places} and {further} more",
            {"places": places[:_NAMED], "further": further},
        )
    elif places:
        yield Message("names and numbers among them: {places}", {"places": places})


def _as_json(proof: Proof) -> bytes:
    def described(value: Withheld) -> dict[str, str]:
        return {"record": value.record, "field": value.field, "value": value.value}

    data = {
        "sought": proof.sought,
        "files": proof.files,
        "found": [{"file": hit.file, **described(hit.withheld)} for hit in proof.hits],
        "not_proved": [
            {"reason": reason.value, **described(value)} for value, reason in proof.unproved
        ],
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
