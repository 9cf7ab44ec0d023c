"""A sample of the trials of hostile texts in files for other programs (`python -m trials`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trials import entries, spreadsheets
from trials.hostile_day import day_of
from trials.hostile_values import hostile_values

if TYPE_CHECKING:
    from pathlib import Path

    from trials.trial import Trial

SAMPLE = 1000


@pytest.mark.parametrize(
    "trial", [spreadsheets.TRIAL, entries.TRIAL], ids=lambda trial: trial.title
)
def test_every_text_comes_back(trial: Trial) -> None:
    for outcome in trial.run(SAMPLE):
        assert outcome.tried == SAMPLE
        assert outcome.failed == 0, outcome.remarks


def test_half_of_the_texts_begin_as_formulas_do() -> None:
    texts = list(hostile_values(SAMPLE, 0))
    begun = [text for text in texts if spreadsheets.begins_formula(text)]
    assert len(begun) > SAMPLE / 3
    assert len(set(texts)) > SAMPLE / 2


def test_a_formula_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    day = day_of(spreadsheets.customers_of(["=1+1"] * spreadsheets.PER_CUSTOMER))
    monkeypatch.setattr("tracker.exchange.formats.csv.defuse", lambda text: text)
    assert any("a formula" in each for each in spreadsheets.try_csv(day, tmp_path))
