"""How all tests run.

Property tests have no deadline, since machines are noisy; they have the same cases every time where
a change is judged, and new ones at every run elsewhere.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile(
    "tracker",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tracker")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell ignores Ctrl-C for what it runs in the background, and what tests start would too.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module")
def few_numbers() -> Iterator[None]:
    """Build sites with two pages of rows behind numbers, for tests of something else.

    None of a site that is built once for all tests.
    """
    # Late, since most tests need none of the site.
    from tests.numbers_pages import TWO_MEASURES, numbers_pages

    with numbers_pages(TWO_MEASURES):
        yield


@pytest.fixture(scope="module")
def numbers_of_each_kind() -> Iterator[None]:
    """Build sites with the pages of numbers that are not made just as others are."""
    from tests.numbers_pages import ONE_OF_EACH, numbers_pages

    with numbers_pages(ONE_OF_EACH):
        yield
