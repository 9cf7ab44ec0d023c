"""What a telephone link dials."""

from __future__ import annotations

import pytest

from tracker.format.values import dialled


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0512-6688 1234", "051266881234"),
        ("(021) 5555.8888", "02155558888"),
        ("+86 138 0000 9999", "+8613800009999"),
        ("+44 20 7946 0958 ext. 12", "+442079460958,12"),
        ("+44 20 7946 0958 x12", "+442079460958,12"),
        ("0512-66881234转802", "051266881234,802"),
        ("0512-66881234 分机 802", "051266881234,802"),
        ("+49 (0)30 123456", "+4930123456"),
        ("(0)30 123456", "030123456"),
    ],
)
def test_an_extension_is_not_part_of_the_number(written: str, number: str) -> None:
    assert dialled(written) == number
