"""What `tracker export csv` defuses, `tracker import` takes back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.library.loader import load_library

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Tracker

PHONES = ("+86 512 6688 1234", "+8613800138000", "0512-66881234", "(0512) 6688 1234")
NAMES = ("=王芳", "+Ann", "-Li", "@home", "'=x", "＝1＋1")
RECORD = """---
name: "{name}"
stage: won
owner: Li
business: "{business}"
contacts:
{contacts}
---
"""


@pytest.mark.parametrize("table", ["customers", "contacts"])
def test_telephone_numbers_and_names_come_back(
    tracker: Tracker, tmp_path: Path, table: str
) -> None:
    contacts = "\n".join(
        f'  - {{name: "{name}", phone: "{phone}"}}'
        for name, phone in zip(NAMES, PHONES * 2, strict=False)
    )
    text = RECORD.format(name="+86 Acme", business="=1+1", contacts=contacts)
    # A table of contacts names its customers by their ids alone: they have to be there.
    known = text.partition("contacts:")[0] + "---\n" if table == "contacts" else ""
    given, taken = tmp_path / "given", tmp_path / "taken"
    for root, record in ((given, text), (taken, known)):
        (root / "records").mkdir(parents=True)
        (root / "tracker.yaml").write_text("language: en\nowners: [Li]\n", "utf-8")
        if record:
            (root / "records" / "acme.md").write_text(record, "utf-8")
    file = str(tmp_path / "a.csv")
    assert tracker(given, "export", "csv", "--table", table, "--output", file).code == 0
    ended = tracker(taken, "import", file, "--owner", "Li", "--yes")
    assert ended.code == 0, ended
    (before,), (after,) = (load_library(root).customers for root in (given, taken))
    if table == "customers":
        assert (after.name, after.business) == (before.name, before.business)
    else:
        people = [(each.name, each.phone) for each in after.contacts]
        assert people == [(each.name, each.phone) for each in before.contacts]
        assert people[0] == ("=王芳", "+86 512 6688 1234")
