"""Carrying out a plan: one record after the other, each whole, so that it can be begun again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracker.errors import FileChangedError, os_error_message
from tracker.exchange.intake.plan import Outcome
from tracker.library.record_files import add_record, records_locked, save_record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.exchange.intake.plan import Plan, RecordChange
    from tracker.translation import Message

_AT_ONCE = 8
"""Files that are written at one time."""


def write_plan(root: Path, plan: Plan, progress: Callable[[int, int], None]) -> None:
    """Write the records of a plan.

    A record that somebody changed or began meanwhile stays as it is, and its rows become rejected
    ones in the plan. Whatever stops the work leaves every record whole: those before are written,
    those after are not, and the next run goes on.

    Args:
        root: The workspace.
        plan: What is to be done.
        progress: Called after each record with how many of how many are written.

    Raises:
        RecordsBusyError: Another command is writing records.
        OSError: The system refuses.
    """
    failed: dict[str, Message] = {}
    with records_locked(root), ThreadPoolExecutor(_AT_ONCE) as pool:
        # Most of the time is spent on waiting for the disk, which takes several files at once.
        tasks = {pool.submit(_write, root, change): change for change in plan.records}
        try:
            for number, task in enumerate(as_completed(tasks), start=1):
                if reason := task.result():
                    failed[tasks[task].after.path] = reason
                progress(number, len(tasks))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    if failed:
        plan.records = [change for change in plan.records if change.after.path not in failed]
        plan.rows = [
            replace(row, outcome=Outcome.REJECTED, reason=failed[row.path], changed=())
            if row.path in failed and row.outcome in {Outcome.CREATED, Outcome.UPDATED}
            else row
            for row in plan.rows
        ]


def _write(root: Path, change: RecordChange) -> Message | None:
    """Write one record; return why it stays as it is, where somebody was quicker."""
    try:
        if change.before is None:
            add_record(root, change.after)
        else:
            save_record(root, change.before, change.after)
    except FileExistsError as error:
        return os_error_message(error)
    except FileChangedError as error:
        return error.message
    return None
