"""Sites of random profiles hold nothing that they withhold, by a plain search of our own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.library.censor import Censor
from tracker.site.audience import Audience
from trials.leaks import (
    HIDDEN,
    MASKED,
    QUERIES,
    Readers,
    drawn_readers,
    drawn_workspace,
    leaks_of,
    run,
)

if TYPE_CHECKING:
    import pytest


def test_a_day_that_follows_from_the_last_contact_may_be_shown(tmp_path: Path) -> None:
    # On the day on which a promise is due that is withheld, the customer goes cold.
    readers = Readers(("commitments",), (), "")
    assert leaks_of(drawn_workspace(180), readers, tmp_path) == []


def test_what_is_left_of_a_number_is_no_link(tmp_path: Path) -> None:
    readers = Readers((), ("联系人.电话",), "")
    assert leaks_of(drawn_workspace(196), readers, tmp_path) == []
    pages = [page.read_text("utf-8") for page in tmp_path.rglob("customers/*.html")]
    assert any("****" in page for page in pages)
    assert not any("tel:" in page for page in pages)


@settings(max_examples=4)
@given(
    st.integers(0, 10**9),
    st.builds(
        Readers,
        st.lists(st.sampled_from(sorted(HIDDEN)), max_size=5, unique=True).map(tuple),
        st.lists(st.sampled_from(sorted(MASKED)), max_size=2, unique=True).map(tuple),
        st.sampled_from(QUERIES),
    ),
)
def test_no_profile_leaks(seed: int, readers: Readers) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert not leaks_of(drawn_workspace(seed), readers, Path(folder))


def test_search_finds_what_is_not_blacked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both searches see a leak: the program's own, and the one here where that is switched off."""
    workspace, readers = drawn_workspace(0), drawn_readers(0)
    monkeypatch.setattr(Censor, "customer", lambda _censor, _record, customer: customer)
    (found,) = leaks_of(workspace, readers, tmp_path / "a")
    assert found.startswith("the proof: ")
    monkeypatch.setattr(Audience, "judge", lambda _audience, _proof: None)
    assert any("customers/" in line for line in leaks_of(workspace, readers, tmp_path / "b"))


def test_trial_counts_what_it_tries() -> None:
    (outcome,) = run(1)
    assert (outcome.tried, outcome.failed) == (1, 0)
