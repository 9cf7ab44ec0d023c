"""`docs/numbers.md` defines every measure: what it says, its formula, its source."""

from __future__ import annotations

import pytest

from tools.numbers_page import PAGE, page
from tracker.insight.measure_registry import all_measures


def test_the_page_is_that_of_the_docstrings() -> None:
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("code", list(all_measures()))
def test_each_measure_is_defined(code: str) -> None:
    documentation = all_measures()[code].documentation
    for part in ("Says:", "Formula:", "Source:"):
        assert f"\n\n{part} " in documentation, part
