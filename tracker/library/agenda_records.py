"""The records of a workspace as far as an agenda shows them, kept between runs.

An agenda shows little of a record. What it may show on any day is kept apart, so that records that
have not changed are neither read nor unpacked. A file whose size, times and number are those that
it had is taken to hold the same text, as `rules/checking.py` does.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from tracker.collector import collector_off
from tracker.config import CONFIG_NAME
from tracker.file_states import FileState
from tracker.library.cache_files import (
    NOT_KEPT,
    from_typed,
    read_kept,
    to_plain,
    write_cache_file,
)
from tracker.library.config_cache import cached_config
from tracker.library.library import Entry, Library
from tracker.library.record_paths import find_records
from tracker.model import Contact, Customer, FollowUp
from tracker.program_stamp import program_stamp

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "agenda.msgpack"


class _KeptRecord(msgspec.Struct, array_like=True):
    """One file as it was.

    Attributes:
        state: By which the file is known again.
        customer: Its record, reduced; None where it has none that can be read.
    """

    state: FileState
    customer: Customer | None


class _Kept(msgspec.Struct, array_like=True):
    """What is kept of a workspace.

    Attributes:
        made_by: The program and the settings that its records were parsed with.
        records: By their paths.
    """

    made_by: str
    records: dict[str, _KeptRecord]


def load_agenda_records(root: Path) -> Library:
    """Read a workspace, its records reduced to what an agenda shows, by way of the cache.

    Neither texts nor problems of the records are in the library, and no other field than those of
    `reduced`.

    Args:
        root: The workspace.

    Raises:
        OSError: The records cannot be listed.
    """
    config, config_problems = cached_config(root)
    looked = time.time_ns()
    made_by = f"{program_stamp()} {config.fingerprint}"
    with collector_off():
        found = find_records(root)
        states = {
            each.path: FileState.now(f"{root}/{each.path}", looked)
            for each in found
            if not each.problem
        }
        before = _read(root, made_by)
        now = {
            path: kept
            for path, state in states.items()
            if state and (kept := before.get(path)) and kept.state == state
        }
        customers = {path: kept.customer for path, kept in now.items()}
        changed = [each for each in found if each.path not in now]
        if changed:
            # Imported late: most agendas are asked for when nothing has changed.
            from tracker.library.loader import read_entries
            from tracker.processes import default_jobs

            for entry in read_entries(root, changed, config, default_jobs()):
                customer = reduced(entry.customer) if entry.customer else None
                customers[entry.path] = customer
                if (state := states.get(entry.path)) and not entry.refused:
                    now[entry.path] = _KeptRecord(state, customer)
        if now != before:
            _write(root, _Kept(made_by, now))
    entries = [Entry(each.path, "", customers.get(each.path)) for each in found]
    if config_problems:
        entries.insert(0, Entry(CONFIG_NAME, "", None, tuple(config_problems)))
    return Library(root, config, tuple(entries))


def reduced(customer: Customer) -> Customer:
    """Return a record with no more than what puts a customer on an agenda, and is shown there.

    On any day it has the same items of an agenda as the whole record.

    Args:
        customer: The record.
    """
    contact = customer.main_contact
    # Of all next steps that were ever planned, none but the last one can still stand.
    last_plan = next((each for each in reversed(customer.chronological) if each.next), None)
    return Customer(
        path=customer.path,
        id=customer.id,
        name=customer.name,
        short=customer.short,
        contacts=(Contact(contact.name, phone=contact.phone),) if contact else (),
        level=customer.level,
        stage=customer.stage,
        owner=customer.owner,
        created=customer.created,
        followups=tuple(
            FollowUp(
                date=followup.date,
                time=None,
                order=followup.order,
                method=None,
                who=followup.who,
                next=followup.next if followup is last_plan else None,
                # What is ticked is on no agenda.
                commitments=tuple(each for each in followup.commitments if not each.done),
            )
            for followup in customer.followups
        ),
    )


def _read(root: Path, made_by: str) -> dict[str, _KeptRecord]:
    kept = read_kept(root, _NAME, _DECODER, made_by)
    return kept.records if kept else {}


def _write(root: Path, kept: _Kept) -> None:
    try:
        body = _ENCODER.encode(kept)
    except NOT_KEPT:
        return
    write_cache_file(root, _NAME, body)


_ENCODER = msgspec.msgpack.Encoder(enc_hook=to_plain)
_DECODER = msgspec.msgpack.Decoder(_Kept, dec_hook=from_typed)
